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
            "Not known",
            html! { <p>{ "Azure has not answered what this list is made of, so what it holds is not known. See the message on this page, then try again." }</p> },
        ),
        Known::Partly => empty(
            "Nothing in what could be read",
            html! { <p>{ "Some of what this list is made of could not be read, so there may be more. See the message on this page, then try again." }</p> },
        ),
        Known::Whole => none(),
    }
}

/// Something is being read from Azure; `what` says what.
pub fn loading(what: impl Into<AttrValue>) -> Html {
    let what: AttrValue = what.into();
    html! { <p class="vmr-loading">{ icon(Icon::Busy) }{ what }</p> }
}
