//! The parts that pages are made of. Each takes plain data and callbacks and knows nothing of Azure.
//!
//! Most are functions that return [`Html`]; what is dear to render goes through [`memo`](memo::memo), and what has memory
//! of its own is a component.

pub mod badge;
pub mod by_hand;
pub mod cards;
pub mod checks;
pub mod code;
pub mod confirm;
pub mod dom;
pub mod empty;
pub mod facts;
pub mod field;
pub mod heading;
pub mod icon;
pub mod json;
pub mod memo;
pub mod name;
pub mod notes;
pub mod notice;
pub mod order;
pub mod progress;
pub mod select;
pub mod steps;
pub mod table;
pub mod timeline;
pub mod wait;
pub mod when;

use crate::ui::markup::html;
use yew::prelude::*;

/// How something is to be taken: colour, icon and, to a screen reader, urgency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Something to know.
    #[default]
    Info,
    /// All is well.
    Good,
    /// It needs a look.
    Warning,
    /// It went wrong.
    Bad,
    /// It goes on.
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

/// A button that says what it does; while it cannot, it stays in the page and says why.
pub fn button(label: &'static str, class: &'static str, on: Callback<MouseEvent>) -> Html {
    html! { <button type="button" {class} onclick={on}>{ label }</button> }
}

/// A small button in a row; `what` names it for those who do not see the row.
pub fn small_button(label: &'static str, what: String, on: Callback<MouseEvent>) -> Html {
    html! { <button type="button" class="vmr-small vmr-nowrap" aria-label={what} onclick={on}>{ label }</button> }
}

/// An id or another text that is compared letter by letter.
pub fn id_text(text: impl Into<AttrValue>) -> Html {
    let text: AttrValue = text.into();
    html! { <bdi class="vmr-id" translate="no">{ text }</bdi> }
}

/// Something of lesser weight.
pub fn muted(text: impl Into<AttrValue>) -> Html {
    let text: AttrValue = text.into();
    html! { <span class="vmr-muted">{ text }</span> }
}

#[cfg(test)]
pub(crate) mod test {
    use std::future::Future;

    use yew::LocalServerRenderer;
    use yew::prelude::*;

    /// The HTML of a fragment, but for what is there for translators of the page alone.
    pub(crate) fn html_of(html: Html) -> String {
        let own = ["<vmr-text>", "</vmr-text>", " translate=\"no\""];
        own.iter().fold(whole_html_of(html), |html, part| html.replace(part, ""))
    }

    /// The HTML of a fragment, as a browser would receive it.
    pub(crate) fn whole_html_of(html: Html) -> String {
        #[derive(Properties, PartialEq)]
        struct Props {
            html: Html,
        }
        #[component]
        fn Fragment(props: &Props) -> Html {
            props.html.clone()
        }
        block_on(LocalServerRenderer::<Fragment>::with_props(Props { html }).hydratable(false).render())
    }

    fn block_on<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("a runtime")
            .block_on(tokio::task::LocalSet::new().run_until(future))
    }
}
