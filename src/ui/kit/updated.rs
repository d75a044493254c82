//! How old a list is, and a button that reads it again.

use time::OffsetDateTime;
use yew::prelude::*;

use super::button;
use crate::ui::text;

/// `Updated 12 s ago`, and *Refresh*. `at` is none for a list that has not been read; while it is read, `reading` is set.
pub fn updated(at: Option<OffsetDateTime>, reading: bool, now: OffsetDateTime, refresh: Callback<MouseEvent>) -> Html {
    let said = match at {
        _ if reading => "Updating…".to_owned(),
        Some(at) if now - at < time::Duration::seconds(1) => "Updated now".to_owned(),
        Some(at) => format!("Updated {} ago", text::duration(now - at)),
        None => String::new(),
    };
    html! { <div class="vmr-updated"><span class="vmr-muted">{ said }</span>{ button("Refresh", "", refresh) }</div> }
}
