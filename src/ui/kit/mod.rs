//! The parts that pages are made of. They take plain data and callbacks.
//!
//! Most are functions that return [`Html`]. What has state, or is worth comparing before rendering, is a component.

pub mod action_bar;
pub mod announced;
pub mod badge;
pub mod cards;
pub mod checks;
pub mod code;
pub mod combobox;
pub mod confirm;
pub mod dom;
pub mod empty;
pub mod facts;
pub mod field;
pub mod field_hints;
pub mod filter;
pub mod heading;
pub mod icon;
pub mod json;
pub mod manual_entry;
pub mod name;
pub mod notice;
pub mod progress;
pub mod select;
pub mod sort;
pub mod steps;
pub mod table;
pub mod timeline;
pub mod updated;
pub mod virtual_rows;
pub mod wait;
pub mod when;

use yew::prelude::*;

/// The items as one node, for `{ each(items) }` in `html!` instead of `{ for items }`.
///
/// `for` puts the items among the siblings of the element that it stands in. Yew matches siblings without keys from the last one, so that one item
/// more makes it replace the elements before it: a button loses its focus, a field its text. One node in their place keeps its siblings.
pub fn each<T: Into<Html>>(items: impl IntoIterator<Item = T>) -> Html {
    items.into_iter().map(Into::into).collect()
}

/// How good or bad something is. It determines color and icon.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Information.
    #[default]
    Info,
    /// All is well.
    Good,
    /// It needs attention.
    Warning,
    /// It went wrong.
    Bad,
    /// It is under way.
    Busy,
    /// Neither good nor bad.
    Neutral,
}

impl Tone {
    /// The `data-tone` attribute that the style sheet reads.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Good => "good",
            Self::Warning => "warning",
            Self::Bad => "bad",
            Self::Busy => "busy",
            Self::Neutral => "neutral",
        }
    }
}

/// A button.
pub fn button(label: &'static str, class: &'static str, on: Callback<MouseEvent>) -> Html {
    html! { <button type="button" {class} onclick={on}>{ label }</button> }
}

/// A small button in a row of a table; `what` is its accessible name, which must name the row.
pub fn small_button(label: impl Into<AttrValue>, what: String, on: Callback<MouseEvent>) -> Html {
    let label: AttrValue = label.into();
    html! { <button type="button" class="vmr-small vmr-nowrap" aria-label={what} onclick={on}>{ label }</button> }
}

/// An id, or another text that is compared character by character.
pub fn id_text(text: impl Into<AttrValue>) -> Html {
    let text: AttrValue = text.into();
    html! { <bdi class="vmr-id" translate="no">{ text }</bdi> }
}

/// A less important text.
pub fn muted(text: impl Into<AttrValue>) -> Html {
    let text: AttrValue = text.into();
    html! { <span class="vmr-muted">{ text }</span> }
}

#[cfg(test)]
pub(crate) mod test {
    use std::future::Future;

    use yew::LocalServerRenderer;
    use yew::html::BaseComponent;
    use yew::prelude::*;

    use crate::ui::translatable::{TEXT_ONLY, translatable};

    /// The HTML of a fragment, without what only translators of the page need.
    pub(crate) fn html_of(html: Html) -> String {
        without_marks_for_translators(&whole_html_of(html))
    }

    /// The HTML of a fragment, as a browser would receive it.
    pub(crate) fn whole_html_of(html: Html) -> String {
        #[derive(Properties, PartialEq)]
        struct Props {
            html: Html,
        }
        #[component]
        fn Fragment(props: &Props) -> Html {
            translatable(props.html.clone())
        }
        rendered::<Fragment>(Props { html })
    }

    /// The HTML of a component, without what only translators of the page need. Fails on a text that is not in an element of
    /// its own.
    pub(crate) fn html_of_component<C: BaseComponent>(props: C::Properties) -> String {
        without_marks_for_translators(&rendered::<C>(props))
    }

    fn without_marks_for_translators(html: &str) -> String {
        ["<vmr-text>", "</vmr-text>", " translate=\"no\""]
            .iter()
            .fold(html.to_owned(), |html, mark| html.replace(mark, ""))
    }

    fn rendered<C: BaseComponent>(props: C::Properties) -> String {
        let html = block_on(LocalServerRenderer::<C>::with_props(props).hydratable(false).render());
        assert_eq!(text_not_enclosed(&html), None, "{html}");
        html
    }

    /// The first text that is not the only child of an element that may contain text, see [`translatable`].
    fn text_not_enclosed(html: &str) -> Option<&str> {
        let (mut before, mut rest) = ("", html);
        while let Some((text, tag)) = rest.split_once('<') {
            let (tag, after) = tag.split_at(end_of_tag(tag));
            let name = before.split_whitespace().next().unwrap_or_default();
            // Of a text area, it is the value.
            let may_hold_text = name == "vmr-text" || name == "textarea" || TEXT_ONLY.contains(&name);
            let alone = tag.strip_prefix('/') == Some(name);
            if !(text.is_empty() || may_hold_text && alone) {
                return Some(text);
            }
            (before, rest) = (tag, &after[1..]);
        }
        (!rest.is_empty()).then_some(rest)
    }

    /// Where the first `>` is that is not in a quoted attribute.
    fn end_of_tag(tag: &str) -> usize {
        let mut quoted = false;
        let ends = |c: char| {
            quoted ^= c == '"';
            c == '>' && !quoted
        };
        tag.find(ends).expect("a tag ends")
    }

    fn block_on<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("a runtime")
            .block_on(tokio::task::LocalSet::new().run_until(future))
    }

    #[test]
    fn a_text_outside_of_an_element_of_its_own_is_noticed() {
        for html in
            ["x", "<p>x</p>", "<p><vmr-text>a</vmr-text>x</p>", "<p title=\">\"></p>x", "<vmr-text>x<b></b></vmr-text>"]
        {
            assert_eq!(text_not_enclosed(html), Some("x"), "{html}");
        }
        assert_eq!(text_not_enclosed("<p title=\">\"><b></b><vmr-text>x</vmr-text></p>"), None);
    }
}
