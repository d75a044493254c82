//! Placeholders for lists without entries: empty, being read, or not known.

use yew::prelude::*;

use super::icon::{Icon, icon};
use crate::app::list_status::ListStatus;

/// An empty list: `title` says what is missing, `body` what to do about it.
pub fn empty(title: impl Into<AttrValue>, body: Html) -> Html {
    let title: AttrValue = title.into();
    html! { <div class="vmr-empty">{ icon(Icon::Empty) }<p><strong>{ title }</strong></p>{ body }</div> }
}

/// The placeholder for a list without entries. Only if the whole list was read, `none` says that there are none.
pub fn nothing(known: ListStatus, reading: impl Into<AttrValue>, none: impl FnOnce() -> Html) -> Html {
    match known {
        ListStatus::Loading => html! { <>{ loading(reading) }{ skeleton() }</> },
        ListStatus::Failed => empty(
            "Couldn't load this list",
            html! { <p>{ "We don't know what's in this list. The message on this page says why it couldn't be loaded." }</p> },
        ),
        ListStatus::Partial => empty(
            "Nothing in the part that loaded",
            html! { <p>{ "Part of this list couldn't be loaded, so there may be more. See the message on this page, then try again." }</p> },
        ),
        ListStatus::Complete => none(),
    }
}

/// Where the rows of a list will be.
fn skeleton() -> Html {
    html! { <div class="vmr-skeleton" aria-hidden="true"><i /><i /><i /><i /></div> }
}

/// Says that something is being read from Azure; `what` is the whole sentence.
pub fn loading(what: impl Into<AttrValue>) -> Html {
    let what: AttrValue = what.into();
    html! { <p class="vmr-loading">{ icon(Icon::Busy) }{ what }</p> }
}
