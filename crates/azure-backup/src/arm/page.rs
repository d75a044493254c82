//! Lists in pages.

use crate::arm::{
    call::{Call, Target},
    cloud::{Cloud, RefusedUrl},
    json::Node,
};

/// One page of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<T> {
    /// What the page holds.
    pub value: Vec<T>,
    /// `nextLink`, verbatim; none on the last page.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// Reads `{value: [...], nextLink?}`.
    pub(crate) fn read(node: &Node<'_>, read: impl Fn(&Node<'_>) -> T) -> Self {
        node.present();
        Page { value: node.list("value", read), next: node.text("nextLink") }
    }
}

impl<T> Call<Page<T>> {
    /// The call for the page that `next` names, verbatim: it may carry another api-version than ours.
    ///
    /// # Errors
    /// [`RefusedUrl`] when the link leaves the cloud.
    pub fn follow(&self, cloud: &Cloud, next: &str) -> Result<Call<Page<T>>, RefusedUrl> {
        let mut call = self.clone();
        call.target = Target::Absolute(cloud.verbatim(next)?);
        Ok(call)
    }
}
