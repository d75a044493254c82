//! Makes what a component renders safe for page translators, and for characters that cannot be seen.
//!
//! A translator (Chrome's, Edge's, Google's widget) takes each text node out of the page and puts elements of its own in
//! its place. Yew does not know: it would write the next text into the node that is gone, so that the old one stays on the
//! screen, or insert new nodes before it, which panics. Elements are left in place. So no text node may have siblings, and
//! none may be changed: each stands alone in a `<vmr-text>` element whose key is the text, and Yew replaces an element when its
//! key changes.

use std::borrow::Cow;
use std::rc::Rc;

use yew::html::Html;
use yew::virtual_dom::{AttrValue, VList, VNode, VTag};

use crate::restore::visible::visible;

/// The element around each text. It has neither meaning nor styles.
const TEXT: &str = "vmr-text";

/// Elements that may hold nothing but text: they are keyed and replaced themselves.
pub(crate) const TEXT_ONLY: [&str; 3] = ["option", "text", "title"];

/// What a component returns from its view: `html` with each text in an element of its own, and with invisible characters of
/// texts made visible. Attributes and nested components are left as they are.
///
/// Every component must return this, exactly once; a test renders all pages to check it.
pub fn translatable(mut html: Html) -> Html {
    prepare(&mut html);
    html
}

fn prepare(node: &mut VNode) {
    match node {
        VNode::VText(text) => *node = enclosed(shown(&text.text)),
        VNode::VTag(tag) => {
            let tag = Rc::make_mut(tag);
            if TEXT_ONLY.contains(&tag.tag()) {
                *node = replaced_with_its_text(tag.clone());
            } else if let Some(children) = tag.children_mut() {
                prepare(children);
            }
        }
        VNode::VList(list) => {
            let list = Rc::make_mut(list);
            if list.windows(2).any(|pair| matches!(pair, [VNode::VText(_), VNode::VText(_)])) {
                join_texts(list);
            }
            list.iter_mut().for_each(prepare);
        }
        _ => {}
    }
}

/// Joins neighboring texts, so that a translator gets whole sentences.
fn join_texts(list: &mut VList) {
    let mut joined: Vec<VNode> = Vec::with_capacity(list.len());
    for node in list.drain(..) {
        match (joined.last_mut(), node) {
            (Some(VNode::VText(before)), VNode::VText(after)) => {
                before.text = format!("{}{}", before.text, after.text).into();
            }
            (_, node) => joined.push(node),
        }
    }
    **list = joined;
}

/// The text with invisible characters made visible. A literal of the program has none that are not meant.
fn shown(text: &AttrValue) -> AttrValue {
    match text {
        AttrValue::Static(_) => text.clone(),
        AttrValue::Rc(given) => match visible(given) {
            Cow::Borrowed(_) => text.clone(),
            Cow::Owned(marked) => marked.into(),
        },
    }
}

fn enclosed(text: AttrValue) -> VNode {
    if text.is_empty() {
        return VNode::default();
    }
    let mut element = VTag::new(TEXT);
    if let Some(children) = element.children_mut() {
        *children = VNode::VText(text.clone().into());
    }
    keyed(element, text)
}

/// An element of [`TEXT_ONLY`]: another text makes another element.
fn replaced_with_its_text(mut element: VTag) -> VNode {
    let mut text = String::new();
    collect_text(element.children(), &mut text);
    // A select makes the names in its options visible itself, because they contain marks that isolate their direction.
    let text = if element.tag() == "option" { text.into() } else { shown(&text.into()) };
    if let Some(children) = element.children_mut() {
        *children = VNode::VText(text.clone().into());
    }
    match element.key.take() {
        Some(key) => {
            element.key = Some(format!("{key}\n{text}").into());
            element.into()
        }
        None => keyed(element, text),
    }
}

fn collect_text(node: Option<&VNode>, text: &mut String) {
    match node {
        Some(VNode::VText(one)) => text.push_str(&one.text),
        Some(VNode::VList(list)) => list.iter().for_each(|node| collect_text(Some(node), text)),
        _ => {}
    }
}

/// The element with its text as key, in a list of its own: keys must differ among siblings, and a text may stand twice there.
fn keyed(mut element: VTag, text: AttrValue) -> VNode {
    element.key = Some(match text {
        AttrValue::Static(text) => text.into(),
        AttrValue::Rc(text) => text.into(),
    });
    VList::with_children(vec![element.into()], None).into()
}

#[cfg(test)]
mod tests {
    use yew::prelude::*;

    use super::*;
    use crate::ui::kit::each;
    use crate::ui::kit::test::{html_of, whole_html_of};

    #[test]
    fn invisible_characters_are_made_visible_in_every_text() {
        let name = "web-\u{202e}10".to_owned();
        let html = html_of(
            html! { <p title={name.clone()}>{ &name }{ AttrValue::from(name.clone()) }<b>{ name.clone() }</b></p> },
        );
        assert_eq!(html, format!("<p title=\"{name}\">web-⟨U+202E⟩10web-⟨U+202E⟩10<b>web-⟨U+202E⟩10</b></p>"));
    }

    #[test]
    fn every_text_is_alone_in_an_element_that_another_text_replaces() {
        let page = |name: &'static str| {
            let given = Some(name.to_owned());
            let rows = [name, name].map(|name| html! { <li>{ name }</li> });
            html! {
                <div>
                    { "one " }{ given }<b>{ name }</b>{ name }{ each(rows) }{ each([name, name]) }
                    <select><option key="k">{ name }</option><option>{ name }{ "!" }</option></select>
                </div>
            }
        };
        assert_eq!(
            whole_html_of(page("x")),
            "<div><vmr-text>one x</vmr-text><b><vmr-text>x</vmr-text></b><vmr-text>x</vmr-text><li><vmr-text>x</vmr-text></li>\
             <li><vmr-text>x</vmr-text></li><vmr-text>xx</vmr-text><select><option>x</option><option>x!</option></select></div>"
        );
        // Yew reuses an element only for one with the same key.
        let keys = |name| {
            let mut keys = Vec::new();
            keys_of(&translatable(page(name)), &mut keys);
            keys
        };
        assert_eq!(keys("x"), ["one x", "x", "x", "x", "x", "xx", "k\nx", "x!"]);
        assert_eq!(keys("y"), ["one y", "y", "y", "y", "y", "yy", "k\ny", "y!"]);
    }

    /// The keys of the elements that contain text; each text must be the only node in its element.
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
}
