//! Places where nothing is to be seen: not yet, or not at all.

use yew::prelude::*;

use super::icon::{Icon, icon};
use crate::app::known::Known;

/// There is nothing; `title` says what, `body` what to do about it.
pub fn empty(title: impl Into<AttrValue>, body: Html) -> Html {
    let title: AttrValue = title.into();
    html! { <div class="vmr-empty">{ icon(Icon::Empty) }<p><strong>{ title }</strong></p>{ body }</div> }
}

/// What stands in the place of a list that shows no entry: only of one that was read as a whole it is said that there is none, by `none`.
pub fn nothing(known: Known, reading: impl Into<AttrValue>, none: impl FnOnce() -> Html) -> Html {
    match known {
        Known::Loading => loading(reading),
        Known::Failed => empty(
            "Couldn't load this list",
            html! { <p>{ "We don't know what's in this list, because Azure didn't respond. See the message on this page, then try again." }</p> },
        ),
        Known::Partly => empty(
            "Nothing in the part that loaded",
            html! { <p>{ "Part of this list couldn't be loaded, so there may be more. See the message on this page, then try again." }</p> },
        ),
        Known::Whole => none(),
    }
}

/// Something is being read from Azure; `what` says what.
pub fn loading(what: impl Into<AttrValue>) -> Html {
    let what: AttrValue = what.into();
    html! { <p class="vmr-loading">{ icon(Icon::Busy) }{ what }</p> }
}
