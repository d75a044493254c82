//! A time, absolute and relative. It is shown in the time zone that the operator has chosen; the tooltip has both.

use time::OffsetDateTime;
use yew::prelude::*;

use crate::app::local_time::Clocks;
use crate::ui::text;
use crate::ui::translatable::translatable;

/// `2026-11-23 03:41 UTC`, and below it how long ago that is.
pub fn when(at: OffsetDateTime, now: OffsetDateTime) -> Html {
    html! { <>{ clock(at) }<small>{ text::relative(at, now) }</small></> }
}

/// `2026-11-23 03:41 UTC`.
pub fn clock(at: OffsetDateTime) -> Html {
    html! { <Clock {at} /> }
}

/// `2026-11-23 03:41 UTC (2 h ago)`, for use in a sentence.
pub fn when_inline(at: OffsetDateTime, now: OffsetDateTime) -> Html {
    html! { <>{ clock(at) }{ format!(" ({})", text::relative(at, now)) }</> }
}

/// A time, or `otherwise` if Azure did not tell it.
pub fn maybe_when(at: Option<OffsetDateTime>, now: OffsetDateTime, otherwise: &'static str) -> Html {
    at.map_or_else(|| html! { <span class="vmr-muted">{ otherwise }</span> }, |at| when(at, now))
}

/// The properties of [`Clock`].
#[derive(PartialEq, Properties)]
pub struct ClockProps {
    /// The time.
    pub at: OffsetDateTime,
}

/// A time in the chosen zone. It is a component so that it alone is rendered anew when another zone is chosen.
#[component]
pub fn Clock(ClockProps { at }: &ClockProps) -> Html {
    let clocks = use_context::<Clocks>().unwrap_or_default();
    translatable(html! {
        <time class="vmr-nowrap" translate="no" datetime={text::machine_time(*at)} title={text::both(*at, &clocks)}>{ text::shown(*at, &clocks) }</time>
    })
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;
    use crate::app::local_time::{LocalTime, TimeZone};
    use crate::ui::kit::test::html_of;

    #[test]
    fn a_time_is_shown_in_one_zone_and_told_in_both() {
        let at = datetime!(2026-11-23 23:41 UTC);
        let of = |zone, seconds: i32| {
            let context = Clocks { zone, local: LocalTime::new(vec![(0, seconds)]).into() };
            html_of(html! { <ContextProvider<Clocks> {context}>{ clock(at) }</ContextProvider<Clocks>> })
        };
        let both = "title=\"2026-11-23 23:41 UTC · 2026-11-24 01:41 UTC+02:00\"";
        let utc = of(TimeZone::Utc, 7_200);
        assert!(utc.contains(both) && utc.contains(">2026-11-23 23:41 UTC</time>"), "{utc}");
        let local = of(TimeZone::Local, 7_200);
        assert!(local.contains(both) && local.contains(">2026-11-24 01:41 UTC+02:00</time>"), "{local}");
        assert!(local.contains("datetime=\"2026-11-23T23:41:00Z\""), "{local}");
        let same = of(TimeZone::Local, 0);
        assert!(same.contains("title=\"2026-11-23 23:41 UTC\""), "{same}");
    }
}
