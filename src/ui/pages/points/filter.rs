//! The filter of recovery points by time, day, tier, consistency and threats.

use azure_backup::backup::recovery_point::RecoveryPoint;
use time::{Date, OffsetDateTime, PrimitiveDateTime, Time};
use yew::prelude::*;

use super::points_summary::PointsSummary;
use super::{threats, words};
use crate::app::local_time::Clocks;
use crate::app::msg::{Filter, Msg};
use crate::app::state::ListOptions;
use crate::ui::kit::button;
use crate::ui::kit::dom::focus;
use crate::ui::kit::field::{Field, Kind, field};
use crate::ui::kit::select::{Choice, Select, select};
use crate::ui::pages;
use crate::ui::pages::settings::time_zone;

/// The value of the choice that leaves out points with a reported threat.
const CLEAN: &str = "none-reported";

/// The fieldset "Filter".
pub fn fieldset(
    glance: &PointsSummary,
    look: &ListOptions,
    (clocks, now): (&Clocks, OffsetDateTime),
    dispatch: &Callback<Msg>,
) -> Html {
    let says = |make: fn(String) -> Filter| dispatch.reform(move |said: String| Msg::Filter(make(said)));
    let said = |day: Date| AttrValue::from(day.to_string());
    let (oldest, newest) = glance.days.map(|(oldest, newest)| (said(oldest), said(newest))).unzip();
    let date_field = |id: &'static str, label: &'static str, value: &str, on: Callback<String>| {
        let (min, max) = (oldest.clone(), newest.clone());
        let value = AttrValue::from(value.to_owned());
        field(Field { id: id.into(), label: label.into(), kind: Kind::Date, value, on, min, max, ..Field::default() })
    };
    let tiers = (words::TIERS.iter())
        .filter(|(tier, _)| glance.tiers.contains(tier))
        .map(|(_, name)| Choice::new(*name, *name))
        .collect();
    let kinds = glance.kinds.iter().map(words::consistency).map(|name| Choice::new(name.clone(), name)).collect();
    let pick = |id: &'static str, label: &'static str, choices, value: &str, none: &'static str, on| {
        let (id, label, value) = (id.into(), label.into(), value.to_owned().into());
        select(Select { id, label, choices, value, on, none: Some(none.into()), ..Select::default() })
    };
    let at_or_before = field(Field {
        id: "filter-before".into(),
        label: "Latest at or before".into(),
        kind: Kind::Moment,
        value: look.at_or_before.clone().into(),
        on: says(Filter::AtOrBefore),
        ..Field::default()
    });
    let narrowed = [&look.from, &look.to, &look.at_or_before, &look.tier, &look.consistency, &look.threats]
        .into_iter()
        .any(|chosen| !chosen.is_empty());
    html! {
        <fieldset>
            <legend class="vmr-hidden">{ "Filter" }</legend>
            <div class="vmr-fields vmr-narrow">
                { at_or_before }
                { time_zone(clocks, now, dispatch) }
                { date_field("filter-from", "From", &look.from, says(Filter::From)) }
                { date_field("filter-to", "To", &look.to, says(Filter::To)) }
                { pick("filter-tier", "Tier", tiers, &look.tier, "All tiers", says(Filter::Tier)) }
                { pick("filter-consistency", "Consistency", kinds, &look.consistency, "All types", says(Filter::Consistency)) }
                if glance.tells_of_threats {
                    { pick("filter-threats", "Threats", vec![Choice::new(CLEAN, "None reported")], &look.threats, "With and without", says(Filter::Threats)) }
                }
                if narrowed { <div class="vmr-field vmr-end">{ show_all(dispatch) }</div> }
            </div>
        </fieldset>
    }
}

/// The button that clears the filter. It disappears with the filter, so it moves the focus to the first field.
pub fn show_all(dispatch: &Callback<Msg>) -> Html {
    let clear = pages::on_click(dispatch, Msg::Filter(Filter::Clear));
    let all = Callback::from(move |e: MouseEvent| {
        focus(&e, "filter-before");
        clear.emit(e);
    });
    button("Show all", "", all)
}

/// Whether a point passes the filter.
pub fn passes(point: &RecoveryPoint, look: &ListOptions, clocks: &Clocks) -> bool {
    // Dates as `YYYY-MM-DD` sort like text, and an empty text sorts before them.
    let within = |day: String| day >= look.from && (look.to.is_empty() || day <= look.to);
    (look.from.is_empty() && look.to.is_empty() || within(clocks.shown(point.time).date().to_string()))
        && (look.tier.is_empty() || words::tier(point.tier()) == look.tier)
        && (look.threats.is_empty() || threats::none_reported(point))
        && (look.consistency.is_empty() || words::consistency(&point.consistency) == look.consistency)
}

/// The time that points are looked for at or before, if there is one.
pub fn before(look: &ListOptions, clocks: &Clocks) -> Option<OffsetDateTime> {
    moment_of(&look.at_or_before, clocks)
}

/// The moment of a text such as `2026-11-29T02:10`, as a field for it writes it, in the zone that is shown.
pub fn moment_of(text: &str, clocks: &Clocks) -> Option<OffsetDateTime> {
    let (day, clock) = text.split_once('T')?;
    let mut parts = clock.splitn(3, ':').map(str::parse::<u8>);
    let time = Time::from_hms(parts.next()?.ok()?, parts.next()?.ok()?, 0).ok()?;
    Some(clocks.moment(PrimitiveDateTime::new(date(day)?, time)))
}

/// The days of the filter, if it has both.
pub fn days(look: &ListOptions) -> Option<(Date, Date)> {
    Some((date(&look.from)?, date(&look.to)?))
}

fn date(text: &str) -> Option<Date> {
    let mut parts = text.splitn(3, '-').map(str::parse::<u16>);
    let (year, month, day) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    Date::from_calendar_date(i32::from(year), u8::try_from(month).ok()?.try_into().ok()?, u8::try_from(day).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::restore::sample;

    #[test]
    fn a_point_passes_by_day_tier_and_consistency() {
        let point = sample::facts().point; // 2026-05-14 08:49, app-consistent, snapshot and vault
        let utc = Clocks::default();
        let look = |from: &str, to: &str, tier: &str, consistency: &str| ListOptions {
            from: from.to_owned(),
            to: to.to_owned(),
            tier: tier.to_owned(),
            consistency: consistency.to_owned(),
            ..ListOptions::default()
        };
        assert!(passes(&point, &look("", "", "", ""), &utc));
        assert!(passes(&point, &look("2026-05-14", "2026-05-14", "Snapshot and vault", "App-consistent"), &utc));
        assert!(!passes(&point, &look("2026-05-15", "", "", ""), &utc));
        assert!(!passes(&point, &look("", "2026-05-13", "", ""), &utc));
        assert!(!passes(&point, &look("", "", "Archive", ""), &utc));
        assert!(!passes(&point, &look("", "", "", "Crash-consistent"), &utc));
    }

    #[test]
    fn a_day_and_a_time_of_day_are_those_of_the_zone_that_is_shown() {
        use crate::app::local_time::{LocalTime, TimeZone};
        use time::macros::datetime;
        let utc = Clocks::default();
        let tokyo = Clocks { zone: TimeZone::Local, local: LocalTime::new(vec![(0, 9 * 3_600)]).into() };
        let of = |text: &str, clocks: &Clocks| {
            before(&ListOptions { at_or_before: text.to_owned(), ..ListOptions::default() }, clocks)
        };
        assert_eq!(of("2026-11-29T02:10", &utc), Some(datetime!(2026-11-29 02:10 UTC)));
        assert_eq!(of("2026-11-29T02:10:30", &tokyo), Some(datetime!(2026-11-28 17:10 UTC)));
        for nothing in ["", "2026-11-29", "2026-11-29T25:00", "2026-11-31T02:10", "T02:10"] {
            assert_eq!(of(nothing, &utc), None, "{nothing}");
        }
        let mut point = (*sample::facts().point).clone();
        point.time = datetime!(2026-05-14 20:00 UTC);
        let of_day = |day: &str| ListOptions { from: day.to_owned(), to: day.to_owned(), ..ListOptions::default() };
        assert!(passes(&point, &of_day("2026-05-14"), &utc) && !passes(&point, &of_day("2026-05-14"), &tokyo));
        assert!(passes(&point, &of_day("2026-05-15"), &tokyo));
    }

    #[test]
    fn only_real_days_make_a_range() {
        let look =
            |from: &str| ListOptions { from: from.to_owned(), to: "2026-05-14".to_owned(), ..ListOptions::default() };
        assert!(days(&look("2026-05-01")).is_some());
        for bad in ["", "2026-13-01", "2026-02-30", "soon"] {
            assert_eq!(days(&look(bad)), None, "{bad}");
        }
    }
}
