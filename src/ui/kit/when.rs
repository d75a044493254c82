//! A time, absolute and relative.

use time::OffsetDateTime;
use yew::prelude::*;

use crate::ui::text;

/// `2026-11-23 03:41 UTC`, and below it how long ago that is.
pub fn when(at: OffsetDateTime, now: OffsetDateTime) -> Html {
    html! { <>{ clock(at) }<small>{ text::relative(at, now) }</small></> }
}

/// `2026-11-23 03:41 UTC`.
pub fn clock(at: OffsetDateTime) -> Html {
    html! { <time class="vmr-nowrap" translate="no" datetime={text::machine_time(at)}>{ text::utc(at) }</time> }
}

/// `2026-11-23 03:41 UTC (2 h ago)`, for use in a sentence.
pub fn when_inline(at: OffsetDateTime, now: OffsetDateTime) -> Html {
    html! { <>{ clock(at) }{ format!(" ({})", text::relative(at, now)) }</> }
}

/// A time, or `otherwise` if Azure did not tell it.
pub fn maybe_when(at: Option<OffsetDateTime>, now: OffsetDateTime, otherwise: &'static str) -> Html {
    at.map_or_else(|| html! { <span class="vmr-muted">{ otherwise }</span> }, |at| when(at, now))
}
