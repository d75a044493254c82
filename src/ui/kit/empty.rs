//! Places where nothing is to be seen: not yet, or not at all.

use crate::ui::markup::html;
use yew::prelude::*;

use super::icon::{Icon, icon};

/// There is nothing; `title` says what, `body` what to do about it.
pub fn empty(title: impl Into<AttrValue>, body: Html) -> Html {
    let title: AttrValue = title.into();
    html! { <div class="vmr-empty">{ icon(Icon::Empty) }<p><strong>{ title }</strong></p>{ body }</div> }
}

/// Something is being read from Azure; `what` says what.
pub fn loading(what: impl Into<AttrValue>) -> Html {
    let what: AttrValue = what.into();
    html! { <p class="vmr-loading">{ icon(Icon::Busy) }{ what }</p> }
}
