//! What the table of an [`html!`] becomes: one function makes the elements of all of them.
//!
//! A browser that translates the page takes each text node out of it and puts elements of its own in the place. Yew would go
//! on to change the node that is gone, so that an old state stays on the screen, or put new nodes before it, which ends the
//! program. So each text stands alone in an element, [`TEXT`], and nothing else refers to its node: another text is another
//! element. Elements a translator leaves where they are.

use std::borrow::Cow;
use std::rc::Rc;
use std::slice::{Iter, IterMut};

pub use markup::html;
use yew::NodeRef;
use yew::html::Html;
use yew::virtual_dom::{AttrValue, AttributeOrProperty, Attributes, Key, Listener, VList, VNode, VTag};

use crate::restore::visible::visible;

/// The element around each text. It has no meaning and no looks of its own.
pub const TEXT: &str = "vmr-text";

/// Elements that take text alone: another text makes another one of them.
const OF_TEXT_ALONE: [&str; 2] = ["option", "text"];

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
    let mut nodes = children(steps, slots);
    let alone = OF_TEXT_ALONE.contains(&tag.name).then(|| joined(&mut nodes));
    if let Some(children) = made.children_mut() {
        *children = match &alone {
            Some(text) => VNode::VText(text.clone().into()),
            None => list(nodes),
        };
    }
    match alone {
        Some(text) => match made.key.take() {
            Some(key) => {
                made.key = Some(format!("{key}\n{text}").into());
                made.into()
            }
            None => replaced(made, text),
        },
        None => made.into(),
    }
}

/// The text of nodes that are nothing but text.
fn joined(nodes: &mut Vec<VNode>) -> AttrValue {
    let mut all = AttrValue::default();
    for node in nodes.drain(..) {
        if let VNode::VText(one) = node {
            all = and(&all, one.text);
        }
    }
    all
}

/// One text after another.
fn and(before: &AttrValue, after: AttrValue) -> AttrValue {
    if before.is_empty() { after } else { format!("{before}{after}").into() }
}

/// An element that is replaced when its text becomes another one.
fn replaced(mut made: VTag, text: AttrValue) -> VNode {
    made.key = Some(match text {
        AttrValue::Static(text) => text.into(),
        AttrValue::Rc(text) => text.into(),
    });
    // In a list of its own: a text may stand twice among its siblings, and keys of siblings must not.
    VList::with_children(vec![made.into()], None).into()
}

/// The text in its element.
fn enclosed(text: AttrValue) -> VNode {
    let mut made = VTag::new(TEXT);
    if let Some(children) = made.children_mut() {
        *children = VNode::VText(text.clone().into());
    }
    replaced(made, text)
}

fn take(slots: &mut IterMut<'_, Slot>) -> Slot {
    slots.next().map(std::mem::take).unwrap_or_default()
}

/// The nodes, with every text in an element of its own: texts that follow one another are one.
fn list(given: Vec<VNode>) -> VNode {
    let mut nodes = Vec::with_capacity(given.len());
    let mut text = AttrValue::default();
    for node in given {
        match node {
            VNode::VText(one) => text = and(&text, one.text),
            node => {
                if !text.is_empty() {
                    nodes.push(enclosed(std::mem::take(&mut text)));
                }
                nodes.push(node);
            }
        }
    }
    if !text.is_empty() {
        nodes.push(enclosed(text));
    }
    match nodes.len() {
        0 => VNode::default(),
        1 => nodes.remove(0),
        _ => VNode::from(VList::with_children(nodes, None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::kit::test::{html_of, whole_html_of};

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
    fn every_text_is_alone_in_an_element_that_another_text_replaces() {
        let whole = |name: &'static str| {
            let given = Some(name.to_owned());
            let rows = [name, name].map(|name| html! { <li>{ name }</li> });
            html! { <div>{ "one " }{ given }<b>{ name }</b>{ name }{ for rows }{ for [name, name] }<select><option key="k">{ name }</option></select></div> }
        };
        let html = whole_html_of(whole("x"));
        assert_eq!(
            html,
            "<div><vmr-text>one x</vmr-text><b><vmr-text>x</vmr-text></b><vmr-text>x</vmr-text><li><vmr-text>x</vmr-text></li>\
             <li><vmr-text>x</vmr-text></li><vmr-text>xx</vmr-text><select><option>x</option></select></div>"
        );
        // Yew keeps an element only for one of the same key.
        let keys = |name| {
            let mut keys = Vec::new();
            keys_of(&whole(name), &mut keys);
            keys
        };
        assert_eq!(keys("x"), ["one x", "x", "x", "x", "x", "xx", "k\nx"]);
        assert_eq!(keys("y"), ["one y", "y", "y", "y", "y", "yy", "k\ny"]);
    }

    /// The keys of the elements in which text stands; each text must be the only node of such an element.
    fn keys_of(node: &VNode, keys: &mut Vec<String>) {
        match node {
            VNode::VTag(tag) => match tag.children() {
                Some(VNode::VText(_)) => keys.push(tag.key.as_ref().map(ToString::to_string).expect("a key")),
                Some(inner) => keys_of(inner, keys),
                None => {}
            },
            VNode::VList(list) => list.iter().for_each(|node| keys_of(node, keys)),
            VNode::VText(text) => panic!("a text beside other nodes: {text:?}"),
            _ => {}
        }
    }

    #[test]
    fn inputs_have_values() {
        let html = html_of(html! { <input type="checkbox" checked={true} value="v" disabled={false} /> });
        assert!(html.contains("checked") && html.contains("value=\"v\"") && !html.contains("disabled"), "{html}");
    }
}
