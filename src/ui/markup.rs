//! What the table of an [`html!`] becomes: one function makes the elements of all of them.

use std::borrow::Cow;
use std::rc::Rc;
use std::slice::{Iter, IterMut};

pub use markup::html;
use yew::NodeRef;
use yew::html::Html;
use yew::virtual_dom::{AttrValue, AttributeOrProperty, Attributes, Key, Listener, VList, VNode, VTag};

use crate::restore::visible::visible;

/// A line of the table.
pub enum Step {
    /// An element begins.
    Open(&'static Tag),
    /// Text that never changes.
    Text(&'static str),
    /// The next slot's nodes.
    Gap,
    /// The element ends.
    Close,
}

/// What never changes of an element.
pub struct Tag {
    /// `div`.
    pub name: &'static str,
    /// Its attributes.
    pub attributes: Given,
    /// So many of the next slots are listeners, keys and the like.
    pub extras: usize,
}

/// The attributes of an element.
pub enum Given {
    /// All never change.
    Fixed(&'static [(&'static str, AttributeOrProperty)]),
    /// Those without a text are in the next slots.
    Mixed {
        /// The attributes' names.
        names: &'static [&'static str],
        /// Their texts.
        texts: &'static [Option<&'static str>],
    },
}

/// What fills a gap.
#[derive(Default)]
pub enum Slot {
    /// It was taken.
    #[default]
    Taken,
    /// Nodes.
    Node(VNode),
    /// The text of an attribute, or that the attribute is not there.
    Attribute(Option<AttrValue>),
    /// `checked` of an input.
    Checked(bool),
    /// A listener.
    Listener(Option<Rc<dyn Listener>>),
    /// The key of the element among its siblings.
    Key(Key),
    /// The element itself, once it is in the document.
    Ref(NodeRef),
}

impl Slot {
    /// Nodes.
    pub fn node(content: impl Content) -> Self {
        Self::Node(content.node())
    }

    /// Nodes, one after another.
    pub fn each(contents: impl IntoIterator<Item = impl Content>) -> Self {
        let mut nodes = Vec::new();
        for content in contents {
            nodes.push(content.node());
        }
        Self::Node(list(nodes))
    }

    /// An attribute's text.
    pub fn attribute(text: impl Text) -> Self {
        Self::Attribute(text.text())
    }

    /// An attribute that is there or is not.
    pub fn flag(name: &'static str, there: bool) -> Self {
        Self::Attribute(there.then_some(AttrValue::Static(name)))
    }
}

/// What can stand between two tags.
pub trait Content {
    /// It as a node.
    fn node(self) -> VNode;
}

impl Content for Html {
    fn node(self) -> VNode {
        self
    }
}

impl<T: Text> Content for T {
    /// Characters that are not seen are made visible: whatever is shown, wherever it comes from.
    fn node(self) -> VNode {
        let seen = |text: AttrValue| match &text {
            // Part of the program.
            AttrValue::Static(_) => text,
            AttrValue::Rc(given) => match visible(given) {
                Cow::Borrowed(_) => text,
                Cow::Owned(marked) => marked.into(),
            },
        };
        self.text().map_or_else(VNode::default, |text| Visible(seen(text)).node())
    }
}

/// Text in which what is not seen was made visible before, and which may hold marks of direction of our own.
pub struct Visible(pub AttrValue);

impl Content for Visible {
    fn node(self) -> VNode {
        VNode::VText(self.0.into())
    }
}

impl Content for Option<Html> {
    fn node(self) -> VNode {
        self.unwrap_or_default()
    }
}

/// What can be an attribute's text.
pub trait Text {
    /// It as text; none = there is no attribute.
    fn text(self) -> Option<AttrValue>;
}

impl Text for AttrValue {
    fn text(self) -> Option<AttrValue> {
        Some(self)
    }
}

impl Text for &AttrValue {
    fn text(self) -> Option<AttrValue> {
        Some(self.clone())
    }
}

impl Text for &'static str {
    fn text(self) -> Option<AttrValue> {
        Some(AttrValue::Static(self))
    }
}

impl Text for String {
    fn text(self) -> Option<AttrValue> {
        Some(AttrValue::from(self))
    }
}

impl Text for &String {
    fn text(self) -> Option<AttrValue> {
        self.clone().text()
    }
}

impl Text for usize {
    fn text(self) -> Option<AttrValue> {
        self.to_string().text()
    }
}

impl<T: Text> Text for Option<T> {
    fn text(self) -> Option<AttrValue> {
        self.and_then(Text::text)
    }
}

/// The nodes of a table, with its gaps filled.
pub fn build<const N: usize>(steps: &'static [Step], mut slots: [Slot; N]) -> Html {
    list(children(&mut steps.iter(), &mut slots.iter_mut()))
}

fn children(steps: &mut Iter<'static, Step>, slots: &mut IterMut<'_, Slot>) -> Vec<VNode> {
    let mut nodes = Vec::new();
    while let Some(step) = steps.next() {
        nodes.push(match step {
            Step::Open(tag) => element(tag, steps, slots),
            Step::Text(text) => VNode::VText((*text).into()),
            Step::Gap => match take(slots) {
                Slot::Node(node) => node,
                _ => VNode::default(),
            },
            Step::Close => break,
        });
    }
    nodes
}

fn element(tag: &'static Tag, steps: &mut Iter<'static, Step>, slots: &mut IterMut<'_, Slot>) -> VNode {
    let mut made = VTag::new(tag.name);
    made.attributes = match &tag.attributes {
        Given::Fixed(all) => Attributes::Static(all),
        Given::Mixed { names, texts } => {
            let value = |text: &Option<&'static str>| match text {
                Some(text) => Some(AttributeOrProperty::Attribute(AttrValue::Static(text))),
                None => match take(slots) {
                    Slot::Attribute(text) => text.map(AttributeOrProperty::Attribute),
                    _ => None,
                },
            };
            Attributes::Dynamic { keys: names, values: texts.iter().map(value).collect() }
        }
    };
    for _ in 0..tag.extras {
        match take(slots) {
            Slot::Listener(Some(listener)) => {
                made.add_listener(listener);
            }
            Slot::Key(key) => made.key = Some(key),
            Slot::Ref(node) => made.node_ref = node,
            Slot::Attribute(value) => made.set_value(value),
            Slot::Checked(checked) => made.set_checked(checked),
            Slot::Listener(None) | Slot::Node(_) | Slot::Taken => {}
        }
    }
    let nodes = children(steps, slots);
    if let Some(children) = made.children_mut() {
        *children = list(nodes);
    }
    made.into()
}

fn take(slots: &mut IterMut<'_, Slot>) -> Slot {
    slots.next().map(std::mem::take).unwrap_or_default()
}

fn list(mut nodes: Vec<VNode>) -> VNode {
    match nodes.len() {
        0 => VNode::default(),
        1 => nodes.remove(0),
        _ => VNode::from(VList::with_children(nodes, None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::kit::test::html_of;

    #[test]
    fn elements_nest_and_gaps_are_filled_in_their_order() {
        let (class, none) = ("wide", None::<&'static str>);
        let made = html! {
            <p id="a" {class} data-b={2_usize} title={none} hidden={true}>{ "one " }<b>{ "two" }</b>{ String::from(" three") }</p>
        };
        let html = html_of(made);
        assert_eq!(html, "<p id=\"a\" class=\"wide\" data-b=\"2\" hidden=\"hidden\">one <b>two</b> three</p>");
    }

    #[test]
    fn conditions_and_lists() {
        let list = |name: Option<&'static str>, items: &[&'static str]| {
            let items = items.iter().map(|item| html! { <li key={*item}>{ *item }</li> });
            html_of(html! {
                <>
                    if let Some(name) = name { <h2>{ name }</h2> } else if items.len() == 0 { { "nothing" } } else { <hr /> }
                    <ul>{ for items }</ul>
                </>
            })
        };
        assert_eq!(list(Some("n"), &["x", "y"]), "<h2>n</h2><ul><li>x</li><li>y</li></ul>");
        assert_eq!(list(None, &[]), "nothing<ul></ul>");
        assert_eq!(list(None, &["x"]), "<hr><ul><li>x</li></ul>");
    }

    #[test]
    fn what_is_not_seen_is_made_visible_in_every_text() {
        let name = "web-\u{202e}10".to_owned();
        let html = html_of(
            html! { <p title={name.clone()}>{ &name }{ Some(AttrValue::from(name.clone())) }{ Visible("\u{2068}a\u{2069}".into()) }</p> },
        );
        assert_eq!(html, format!("<p title=\"{name}\">web-⟨U+202E⟩10web-⟨U+202E⟩10\u{2068}a\u{2069}</p>"));
    }

    #[test]
    fn inputs_have_values() {
        let html = html_of(html! { <input type="checkbox" checked={true} value="v" disabled={false} /> });
        assert!(html.contains("checked") && html.contains("value=\"v\"") && !html.contains("disabled"), "{html}");
    }
}
