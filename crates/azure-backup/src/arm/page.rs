//! Lists in pages.

use std::rc::Rc;

use crate::arm::json::Node;

/// One page of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<T> {
    /// What the page holds, each member shared from the start: large ones are moved once.
    pub value: Vec<Rc<T>>,
    /// `nextLink`, verbatim; none on the last page.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// Reads `{value: [...], nextLink?}`.
    pub(crate) fn read(node: &Node<'_>, read: impl Fn(&Node<'_>) -> T) -> Self {
        node.present();
        Page { value: node.list("value", |member| Rc::new(read(member))), next: node.text("nextLink") }
    }
}
