//! The head of a page: its only `h1`, which takes the focus after navigation, a sentence, and buttons.

use yew::prelude::*;

use super::name::with_plain_names;

/// The id of every page's `h1`.
pub const PAGE_TITLE: &str = "page-title";

/// The head of a page. Names in the title are [quoted](crate::restore::effect_sentence::quoted).
pub fn heading(title: impl Into<AttrValue>, lead: Html, actions: Html) -> Html {
    let title: AttrValue = title.into();
    html! {
        <div class="vmr-head">
            <div><h1 id={PAGE_TITLE} tabindex="-1">{ with_plain_names(&title) }</h1><div class="vmr-lead">{ lead }</div></div>
            <div class="vmr-actions">{ actions }</div>
        </div>
    }
}
