//! The table of recovery points, newest first, in windows of rows.

use std::rc::Rc;

use azure_backup::arm::id::Region;
use azure_backup::backup::recovery_point::RecoveryPoint;
use time::OffsetDateTime;
use yew::prelude::*;

use super::allows::{Allowed, Common};
use super::points_summary::PointsSummary;
use super::{PointsPanelsProps, allows, filter, threats, words};
use crate::app::list_status::ListStatus;
use crate::app::local_time::Clocks;
use crate::app::msg::Msg;
use crate::app::route::Route;
use crate::restore::facts::Facts;
use crate::restore::file_recovery::conditions::{Subject, refusal};
use crate::restore::regional_id::RegionalId;
use crate::ui::kit::announced::Announced;
use crate::ui::kit::badge::tag;
use crate::ui::kit::each;
use crate::ui::kit::empty::empty;
use crate::ui::kit::table::{group, list_row, list_table, more, plain_heads, small};
use crate::ui::kit::when::clock;
use crate::ui::kit::{id_text, muted};
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
pub fn table_of(of: &PointsPanelsProps, glance: &PointsSummary, clocks: &Clocks) -> Html {
    let PointsPanelsProps { points, facts, filter, dispatch, .. } = of;
    let before = filter::before(filter, clocks);
    let mut shown = Vec::with_capacity(points.len());
    for &index in &glance.newest_first {
        let point = &points[index];
        if before.is_none_or(|before| point.time <= before) && filter::passes(point, filter, clocks) {
            shown.push(index);
        }
    }
    let Some(&first) = shown.first() else {
        let earliest = glance
            .newest_first
            .last()
            .map(|&index| html! { <>{ " The earliest is from " }{ clock(points[index].time) }{ "." }</> });
        let advice = if before.is_some() { "Choose a later time, or change the filter." } else { "Change the filter." };
        let advice = html! { <p>{ advice }{ each(earliest.filter(|_| before.is_some())) }</p> };
        let none = empty("No recovery points match", html! { <>{ advice }{ filter::show_all(dispatch) }</> });
        return announced("No recovery points match".to_owned(), none);
    };
    let rows = &shown[..filter.rows.min(shown.len())];
    let allowed: Option<Vec<Allowed>> = facts.clone().map(|ListFacts(mut facts)| {
        let of = |&index: &usize| {
            facts.point = points[index].clone();
            allows::allowed(&facts)
        };
        rows.iter().map(of).collect()
    });
    let common = allowed.as_deref().map(Common::of).unwrap_or_default();
    let mut names =
        vec!["Time", "Consistency", "Tier", "Threats", "Disks", "Restore options", "Recovery point ID", "Files"];
    let refusals: Vec<Option<&str>> = rows.iter().map(|&index| no_files(of, &points[index])).collect();
    // What all points refuse is said once above.
    let no_files = refusals.first().copied().flatten().filter(|why| refusals.iter().all(|other| *other == Some(*why)));
    let has_files = of.secondary.is_none() && no_files.is_none();
    if !has_files {
        names.pop();
    }
    // What is so of all points is said once above.
    let differs = allowed.is_some() && common.differs();
    if !differs {
        names.remove(5);
    }
    if !glance.tells_of_threats {
        names.remove(3);
    }
    let day = |at: &usize| clocks.shown(points[rows[*at]].time).date();
    let indexes: Vec<usize> = (0..rows.len()).collect();
    let days = indexes.chunk_by(|one, other| day(one) == day(other)).map(|of_day| {
        let row = |&at: &usize| {
            let allows = allowed.as_ref().filter(|_| differs).map(|all| common.cell(&all[at]));
            let before = before.filter(|_| rows[at] == first);
            let point = &points[rows[at]];
            let files = has_files.then(|| refusals[at].map_or_else(|| files(point), |_| muted("Not available")));
            row(point, of, (allows, files), glance.tells_of_threats, before, clocks)
        };
        let (date, rows) = (day(&of_day[0]), html! { <>{ each(of_day.iter().map(row)) }</> });
        // A day of one point needs no heading: its row says the date.
        if of_day.len() > 1 {
            group(text::day(date), names.len(), rows)
        } else {
            html! { <tbody key={date.to_string()}>{ rows }</tbody> }
        }
    });
    let (n, all) = (shown.len(), points.len());
    let remark = if n == all { all.to_string() } else { format!("{n} of {all}") };
    let table = html! {
        <>
            { each(before.map(|before| latest(&points[first], of, before))) }
            if !glance.tells_of_threats {
                <p class="vmr-hint">{ "This list doesn't include threat status. Open a recovery point to see its threat status." }</p>
            }
            { common.notes() }
            { each(no_files.map(|why| html! { <p class="vmr-hint">{ format!("Recover files isn't available: {why}") }</p> })) }
            { list_table("Recovery points", html! { remark }, plain_heads(&names), html! { <>{ each(days) }</> }) }
            { more(rows.len(), n, on_click(dispatch, Msg::ShowMore)) }
        </>
    };
    let count = text::count(all, "recovery point");
    announced(if n == all { count } else { format!("{n} of {count}") }, table)
}

/// What the table shows, with how much it is: told once a filter has rested.
fn announced(text: String, table: Html) -> Html {
    html! { <><Announced {text} />{ table }</> }
}

/// Which point is the latest at or before a time, and how much older it is.
fn latest(point: &RecoveryPoint, of: &PointsPanelsProps, before: OffsetDateTime) -> Html {
    let unfinished = match of.known {
        ListStatus::Complete => None,
        ListStatus::Loading => Some(" The list is still loading."),
        ListStatus::Partial | ListStatus::Failed => Some(" The list is incomplete: there may be a later one."),
    };
    html! {
        <p role="status">
            { "Latest at or before " }{ clock(before) }{ ": " }
            <a href={href(point, &of.secondary)}>{ clock(point.time) }</a>
            { format!(", {}.", older(point, before)) }{ each(unfinished) }
        </p>
    }
}

/// Why a point's files can't be recovered, as far as the list tells.
fn no_files(of: &PointsPanelsProps, point: &RecoveryPoint) -> Option<&'static str> {
    let ListFacts(facts) = of.facts.as_ref().filter(|_| of.secondary.is_none())?;
    refusal(&Subject { point, item: &facts.item, secondary: false })
}

/// The link to the page that recovers files.
fn files(point: &RecoveryPoint) -> Html {
    let what = format!("Recover files from the recovery point of {}", text::utc(point.time));
    html! { <a class="vmr-nowrap" href={Route::Files(point.id.clone().into()).hash()} aria-label={what}>{ "Recover files" }</a> }
}

fn older(point: &RecoveryPoint, before: OffsetDateTime) -> String {
    match before - point.time {
        gap if gap.whole_minutes() == 0 => "taken at that time".to_owned(),
        gap => format!("{} older", text::duration(gap)),
    }
}

fn href(point: &RecoveryPoint, secondary: &Option<Region>) -> String {
    Route::Form(RegionalId { id: point.id.clone(), secondary: secondary.clone() }).hash()
}

/// A row; `before` is the time that its point is the latest at or before, if it is marked.
fn row(
    point: &RecoveryPoint,
    of: &PointsPanelsProps,
    (allows, files): (Option<Html>, Option<Html>),
    told: bool,
    before: Option<OffsetDateTime>,
    clocks: &Clocks,
) -> Html {
    let immutable = point.immutability.as_ref().is_some_and(|i| i.immutable == Some(true));
    let marks = [
        point.encrypted.then_some("Encrypted"),
        (point.managed == Some(false)).then_some("Unmanaged disks"),
        (point.private_access == Some(true)).then_some("Private access"),
        (point.files_session == Some(true)).then_some("Disks attached"),
        immutable.then_some("Immutable"),
        point.soft_deleted.then_some("Soft-deleted"),
        point.security_type.as_deref().filter(|s| !s.is_empty() && !s.eq_ignore_ascii_case("none")),
    ];
    let link = html! { <a href={href(point, &of.secondary)}>{ clock(point.time) }</a> };
    let marks = marks.into_iter().flatten().map(|m| tag(m.to_owned()));
    let expires = point
        .expires
        .map(|at| html! { <small class="vmr-nowrap">{ format!("until {}", clocks.shown(at).date()) }</small> });
    let mut cells = vec![
        ("Consistency", html! { words::consistency(&point.consistency) }),
        ("Tier", html! { <>{ words::tier(point.tier()) }{ each(expires) }</> }),
        ("Disks", html! { <>{ words::disks(point) }<span class="vmr-tags">{ each(marks) }</span></> }),
        ("Recovery point ID", html! { <span class="vmr-nowrap">{ id_text(point.name.clone()) }</span> }),
    ];
    if let Some(files) = files {
        cells.push(("Files", files));
    }
    if let Some(allows) = allows {
        cells.insert(3, ("Restore options", allows));
    }
    if told {
        cells.insert(2, ("Threats", threats::cell(point)));
    }
    let marked = before.map(|before| html! { <><span class="vmr-tags">{ tag("Latest at or before") }</span>{ small(older(point, before)) }</> });
    let head = html! { <>{ link }{ small(text::relative(point.time, of.now)) }{ each(marked) }</> };
    list_row(&point.name, before.is_some(), head, cells)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::state::ListOptions;
    use crate::restore::sample;
    use crate::ui::kit::test::{html_of, html_of_component};
    use crate::ui::pages::points::PointsPanels;
    use azure_backup::backup::threat::ThreatStatus;

    /// A whole list of points, not narrowed, at the time of the sample's point.
    fn list_of(points: impl Into<Rc<[Rc<RecoveryPoint>]>>, facts: Option<Facts>) -> PointsPanelsProps {
        PointsPanelsProps {
            points: points.into().into(),
            secondary: None,
            facts: facts.map(ListFacts),
            known: ListStatus::Complete,
            filter: ListOptions::default(),
            now: sample::facts().point.time,
            dispatch: Callback::noop(),
        }
    }

    fn html_of_table(of: &PointsPanelsProps) -> String {
        let utc = Clocks::default();
        html_of(table_of(of, &PointsSummary::of(&of.points, &utc), &utc))
    }

    #[test]
    fn threats_have_a_column_where_azure_tells_of_them() {
        let facts = sample::facts();
        let point = |status: Option<ThreatStatus>| {
            let mut point = (*facts.point).clone();
            point.threat_status = status;
            Rc::new(point)
        };
        let points = [point(None), point(Some(ThreatStatus::UnHealthy)), point(Some(ThreatStatus::Healthy))];
        let of = list_of(points, None);
        let html = html_of_table(&of);
        for word in ["Threats</th>", "Not reported", "Threats reported", "Healthy"] {
            assert!(html.contains(word), "{word}: {html}");
        }
        let narrowed = PointsPanelsProps {
            filter: ListOptions { threats: "none-reported".to_owned(), ..ListOptions::default() },
            ..of
        };
        let html = html_of_table(&narrowed);
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
            let points = [newest(1, Some(ThreatStatus::UnHealthy)), newest(0, older)];
            html_of_component::<PointsPanels>(list_of(points, None))
        };
        assert!(shown(Some(ThreatStatus::Healthy)).contains("Azure reports “Healthy”"));
        let html = shown(None);
        assert!(html.contains("Azure reports no threat status for it") && !html.contains("Azure reports “"), "{html}");
    }

    #[test]
    fn a_row_shows_the_id_and_links_by_its_time() {
        let facts = Facts { detailed: false, ..sample::facts() };
        let html = html_of_table(&list_of([facts.point.clone()], Some(facts)));
        assert!(
            html.contains(">2026-05-14 08:49 UTC</time></a>")
                && !html.contains("Thursday") // the only point of its day
                && html.contains(">520981742781621<"),
            "{html}"
        );
        assert!(
            html.contains("Restore options of these points: Restore disks · Create a new virtual machine · Replace"),
            "{html}"
        );
        assert!(
            !html.contains("Restore options</th>") && html.contains("if the recovery point has a disk list"),
            "{html}"
        );
        assert!(!html.contains("Healthy") && html.contains("doesn't include threat status"), "{html}");
    }

    #[test]
    fn files_are_offered_where_azure_has_file_recovery() {
        let facts = sample::facts();
        let shown = |encrypted: [bool; 2], soft_deleted: bool| {
            let mut facts = facts.clone();
            Rc::make_mut(&mut facts.item).soft_deleted = soft_deleted;
            let points = encrypted.map(|encrypted| {
                let mut point = (*facts.point).clone();
                point.encrypted = encrypted;
                Rc::new(point)
            });
            let html = html_of_table(&list_of(points, Some(facts)));
            let count = |text: &str| html.matches(text).count();
            (count(">Recover files</a>"), count("Not available"), count("Recover files isn't available: "))
        };
        assert_eq!(shown([false, false], false), (2, 0, 0));
        assert_eq!(shown([false, true], false), (1, 1, 0));
        assert_eq!(shown([true, true], false), (0, 0, 1));
        assert_eq!(shown([false, false], true), (0, 0, 1));
    }

    #[test]
    fn the_latest_point_at_or_before_a_time_is_marked_and_says_how_much_older_it_is() {
        let facts = sample::facts(); // 2026-05-14 08:49:45 UTC
        let newer = |hours: i64| {
            let mut point = (*facts.point).clone();
            point.time += time::Duration::hours(hours);
            point.name = format!("{hours}");
            Rc::new(point)
        };
        let shown = |at_or_before: &str, known: ListStatus| {
            let filter = ListOptions { at_or_before: at_or_before.to_owned(), ..ListOptions::default() };
            html_of_table(&PointsPanelsProps { known, filter, ..list_of([newer(24), newer(0), newer(-24)], None) })
        };
        let html = shown("2026-05-14T11:34", ListStatus::Complete);
        let (sentence, table) = html.split_once("<table").unwrap();
        assert!(
            sentence.contains(">2026-05-14 11:34 UTC</time>: <a ") && sentence.contains(", 2 h 44 min older."),
            "{html}"
        );
        assert!(!sentence.contains("list is"), "{html}");
        assert_eq!((table.matches("Latest at or before").count(), table.matches("2 of 3").count()), (1, 1), "{html}");
        assert!(table.find("vmr-marked") < table.find("2026-05-13 08:49 UTC"), "the newest of those left: {html}");
        assert!(shown("2026-05-14T08:50", ListStatus::Complete).contains("taken at that time"));
        assert!(shown("2026-05-14T11:34", ListStatus::Loading).contains("The list is still loading."));
        let none = shown("2026-05-01T00:00", ListStatus::Complete);
        assert!(none.contains("The earliest is from ") && none.contains("2026-05-13 08:49 UTC"), "{none}");
    }
}
