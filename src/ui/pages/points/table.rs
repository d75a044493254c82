//! The table of recovery points, newest first, in windows of rows.

use std::rc::Rc;

use azure_backup::arm::id::Region;
use azure_backup::backup::recovery_point::RecoveryPoint;
use time::OffsetDateTime;
use yew::prelude::*;

use super::points_summary::PointsSummary;
use super::{PointsPanelsProps, allows, filter, threats, words};
use crate::app::msg::Msg;
use crate::app::route::Route;
use crate::restore::facts::Facts;
use crate::restore::regional_id::RegionalId;
use crate::ui::kit::badge::tag;
use crate::ui::kit::each;
use crate::ui::kit::empty::empty;
use crate::ui::kit::id_text;
use crate::ui::kit::table::{columns, more, row as table_row, small, table};
use crate::ui::pages::on_click;
use crate::ui::text;

/// What is known about the vault and the item of a list of points. Two are equal if the rules say the same about each point.
#[derive(Clone)]
pub struct ListFacts(pub Facts);

impl PartialEq for ListFacts {
    /// The lists of resources do not matter here, nor does the point: each row replaces it.
    fn eq(&self, other: &Self) -> bool {
        let (one, other) = (&self.0, &other.0);
        Rc::ptr_eq(&one.vault, &other.vault)
            && Rc::ptr_eq(&one.item, &other.item)
            && one.version == other.version
            && one.detailed == other.detailed
            && one.source_exists == other.source_exists
            && one.encryption_at_rest == other.encryption_at_rest
            && one.guard_requests == other.guard_requests
    }
}

/// The table.
pub fn table_of(of: &PointsPanelsProps, glance: &PointsSummary) -> Html {
    let PointsPanelsProps { points, secondary, facts, filter, now, dispatch } = of;
    let mut shown = Vec::with_capacity(points.len());
    for &index in &glance.newest_first {
        if filter::passes(&points[index], filter) {
            shown.push(index);
        }
    }
    if shown.is_empty() {
        let all = filter::show_all(dispatch);
        return empty("No recovery points match", html! { <><p>{ "Change the filter." }</p>{ all }</> });
    }
    let mut facts = facts.clone().map(|ListFacts(facts)| facts);
    let rows = shown.iter().take(filter.rows).map(|&i| {
        let point = &points[i];
        let allows = facts.as_mut().map(|facts| {
            facts.point = point.clone();
            allows::cell(facts)
        });
        row(point, secondary, allows, *now, glance.tells_of_threats)
    });
    let mut names =
        columns(["Time", "Consistency", "Tier", "Threats", "Disks", "Restore options", "Recovery point ID"]).to_vec();
    if !glance.tells_of_threats {
        names.remove(3);
    }
    let (n, all) = (shown.len(), points.len());
    let remark = if n == all { all.to_string() } else { format!("{n} of {all}") };
    html! {
        <>
            if !glance.tells_of_threats {
                <p class="vmr-hint">{ "This list doesn't include threat status. Open a recovery point to see its threat status." }</p>
            }
            { table("Recovery points", html! { remark }, &names, false, html! { <>{ each(rows) }</> }) }
            { more(filter.rows.min(n), n, on_click(dispatch, Msg::ShowMore)) }
        </>
    }
}

fn row(
    point: &RecoveryPoint,
    secondary: &Option<Region>,
    allows: Option<Html>,
    now: OffsetDateTime,
    told: bool,
) -> Html {
    let immutable = point.immutability.as_ref().is_some_and(|i| i.immutable == Some(true));
    let marks = [
        point.encrypted.then_some("Encrypted"),
        (point.managed == Some(false)).then_some("Unmanaged disks"),
        (point.private_access == Some(true)).then_some("Private access"),
        immutable.then_some("Immutable"),
        point.soft_deleted.then_some("Soft-deleted"),
        point.security_type.as_deref().filter(|s| !s.is_empty() && !s.eq_ignore_ascii_case("none")),
    ];
    let place = RegionalId { id: point.id.clone(), secondary: secondary.clone() };
    let link = html! { <a href={Route::Form(place).hash()}>{ text::utc(point.time) }</a> };
    let marks = marks.into_iter().flatten().map(|m| tag(m.to_owned()));
    let mut cells = vec![
        html! { words::consistency(&point.consistency) },
        html! { <>{ words::tier(point.tier()) }{ each(point.expires.map(|at| html! { <small class="vmr-nowrap">{ format!("until {}", at.date()) }</small> })) }</> },
        html! { <>{ words::disks(point) }<span class="vmr-tags">{ each(marks) }</span></> },
        allows.unwrap_or_else(|| html! { "…" }),
        html! { <span class="vmr-nowrap">{ id_text(point.name.clone()) }</span> },
    ];
    if told {
        cells.insert(2, threats::cell(point));
    }
    table_row(&point.name, html! { <>{ link }{ small(text::relative(point.time, now)) }</> }, cells)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::state::ListOptions;
    use crate::restore::sample;
    use crate::ui::kit::test::{html_of, html_of_component};
    use crate::ui::pages::points::PointsPanels;
    use azure_backup::backup::threat::ThreatStatus;

    #[test]
    fn threats_have_a_column_where_azure_tells_of_them() {
        let facts = sample::facts();
        let point = |status: Option<ThreatStatus>| {
            let mut point = (*facts.point).clone();
            point.threat_status = status;
            Rc::new(point)
        };
        let of = PointsPanelsProps {
            points: Rc::<[_]>::from([
                point(None),
                point(Some(ThreatStatus::UnHealthy)),
                point(Some(ThreatStatus::Healthy)),
            ])
            .into(),
            secondary: None,
            facts: None,
            filter: ListOptions::default(),
            now: facts.point.time,
            dispatch: Callback::noop(),
        };
        let html = html_of(table_of(&of, &PointsSummary::of(&of.points)));
        for word in ["Threats</th>", "Not reported", "Threats reported", "Healthy"] {
            assert!(html.contains(word), "{word}: {html}");
        }
        let narrowed = PointsPanelsProps {
            filter: ListOptions { threats: "none-reported".to_owned(), ..ListOptions::default() },
            ..of
        };
        let html = html_of(table_of(&narrowed, &PointsSummary::of(&narrowed.points)));
        assert!(!html.contains("Threats reported") && html.contains("2 of 3"), "{html}");
    }

    #[test]
    fn azure_is_quoted_with_what_it_said_alone() {
        let facts = sample::facts();
        let newest = |hours: i64, status: Option<ThreatStatus>| {
            let mut point = (*facts.point).clone();
            point.time += time::Duration::hours(hours);
            point.threat_status = status;
            Rc::new(point)
        };
        let shown = |older: Option<ThreatStatus>| {
            let of = PointsPanelsProps {
                points: Rc::<[_]>::from([newest(1, Some(ThreatStatus::UnHealthy)), newest(0, older)]).into(),
                secondary: None,
                facts: None,
                filter: ListOptions::default(),
                now: facts.point.time,
                dispatch: Callback::noop(),
            };
            html_of_component::<PointsPanels>(of)
        };
        assert!(shown(Some(ThreatStatus::Healthy)).contains("Azure reports “Healthy”"));
        let html = shown(None);
        assert!(html.contains("Azure reports no threat status for it") && !html.contains("Azure reports “"), "{html}");
    }

    #[test]
    fn a_row_shows_the_id_and_links_by_its_time() {
        let facts = Facts { detailed: false, ..sample::facts() };
        let point = facts.point.clone();
        let of = PointsPanelsProps {
            points: Rc::<[_]>::from([point.clone()]).into(),
            secondary: None,
            facts: Some(ListFacts(facts)),
            filter: ListOptions::default(),
            now: point.time,
            dispatch: Callback::noop(),
        };
        let html = html_of(table_of(&of, &PointsSummary::of(&of.points)));
        assert!(html.contains(">2026-05-14 08:49 UTC</a>") && html.contains(">520981742781621<"), "{html}");
        assert!(!html.contains("All restore options"), "the list does not tell of the disks: {html}");
        assert!(!html.contains("Healthy") && html.contains("doesn't include threat status"), "{html}");
    }
}
