//! The machines of a plan in its settings: those that need a decision first, each with what can be done about it.

use std::rc::Rc;

use azure_backup::backup::recovery_point::RecoveryPoint;
use yew::prelude::*;

use super::tall_list::TallList;
use super::{change_machine, readiness};
use crate::app::plans::readiness::PlanReadiness;
use crate::app::plans::{PlanRecord, is_exception};
use crate::app::route::Route;
use crate::recovery::across::Finding;
use crate::recovery::expansion::{Blocked, Expanded, Prospect, Ready};
use crate::recovery::plan::Machine;
use crate::recovery::points::{ChosenPoint, NoPoint, ThreatReport, WhyNone};
use crate::recovery::summary::{said_of, standing, urgency};
use crate::restore::draft::Draft;
use crate::restore::scenario::Scenario;
use crate::restore::visible::visible_name;
use crate::ui::kit::badge::badge;
use crate::ui::kit::name::{name, with_names};
use crate::ui::kit::table::small;
use crate::ui::kit::virtual_rows::long_row;
use crate::ui::kit::when::clock;
use crate::ui::kit::{Tone, each, small_button};
use crate::ui::pages::PageContext;
use crate::ui::pages::points::words;
use crate::ui::text;

/// The table.
pub(super) fn machines_table(
    view: &PageContext,
    record: &Rc<PlanRecord>,
    machines: &Rc<Vec<Expanded>>,
    (findings, checks): (&Rc<[Finding]>, &Rc<PlanReadiness>),
) -> Html {
    // What stops a machine comes first, then what it should be looked at for, then what readiness has found.
    let mut all: Vec<usize> = (0..machines.len()).collect();
    all.sort_by_cached_key(|at| (urgency(&machines[*at], findings), !readiness::has_problem(checks, *at)));
    let list = TallList { caption: "VMs", all: all.len(), heads: &HEADS, search: "Search the plan's VMs" };
    // A row is made when it comes into sight, so it is known by its place in the plan.
    let at = list.found(view, all.into_iter(), |at| said_of(&machines[*at], findings));
    let id = {
        let (machines, at) = (machines.clone(), at.clone());
        Callback::from(move |row: usize| Some(machines.get(*at.get(row)?)?.id.as_str().to_owned()))
    };
    let count = at.len();
    let row = {
        let (view, record, machines) = (view.clone(), record.clone(), machines.clone());
        let (findings, checks) = (findings.clone(), checks.clone());
        Callback::from(move |row: usize| {
            let at = *at.get(row)?;
            Some(machine_row(&view, &record, (row, at, machines.get(at)?), (&findings, &checks)))
        })
    };
    html! { <section class="vmr-panel">{ list.table(view, count, id, row) }</section> }
}

/// The heads of the columns.
const HEADS: [&str; 4] = ["Virtual machine", "Recovery point", "Result", "Actions"];

fn machine_row(
    view: &PageContext,
    record: &Rc<PlanRecord>,
    (row, at, machine): (usize, usize, &Expanded),
    (findings, checks): (&[Finding], &PlanReadiness),
) -> Html {
    let stands = standing(machine, findings);
    let stopped = findings.iter().find(|finding| finding.blocks(&machine.id));
    let (point, result) = match &machine.state {
        Prospect::Skipped(_) => (Html::default(), badge(Tone::Neutral, stands)),
        Prospect::Reading => (Html::default(), badge(Tone::Busy, stands)),
        Prospect::Unread => {
            let why = view.state.why_unread(record, &machine.id).unwrap_or_else(|| "Azure didn't answer".to_owned());
            let told = format!("Reason: {why}. Select Refresh when that's solved, or skip this VM.");
            (Html::default(), html! { <>{ badge(Tone::Bad, stands) }<p>{ with_names(&told) }</p></> })
        }
        Prospect::NoPoint(none) => (Html::default(), problem(stands, html! { none.sentence() })),
        Prospect::Blocked(Blocked { point, .. }) if machine.awaits_scenario() => {
            (point_cell(point), badge(Tone::Neutral, stands))
        }
        Prospect::Blocked(Blocked { point, reasons, .. }) => {
            let sentences = reasons.iter().map(|reason| html! { <p>{ with_names(&reason.sentence) }</p> });
            (point_cell(point), problem(stands, html! { <>{ each(sentences) }</> }))
        }
        Prospect::Ready(ready) => {
            let result = html! { <>{ ready_cell(ready, stands, stopped) }{ readiness::cell(checks, at) }</> };
            (point_cell(&ready.point), result)
        }
    };
    let exception = record.plan.machines().nth(at).is_some_and(|(_, machine)| is_exception(machine));
    let actions = html! { <div class="vmr-row-actions">{ each(remedies(view, record, machine, exception)) }</div> };
    let head = html! { <>{ name(&machine.name) }if exception { { " " }{ badge(Tone::Info, "Exception") } }</> };
    long_row(
        &HEADS,
        machine.id.as_str(),
        row,
        head,
        vec![html! { <div>{ point }</div> }, html! { <div>{ result }</div> }, actions],
    )
}

fn problem(stands: &'static str, what: Html) -> Html {
    html! { <>{ badge(Tone::Bad, stands) }<div>{ what }</div></> }
}

/// Time, age before the plan's limit, tier, consistency and threats of a point.
pub(super) fn point_cell(chosen: &ChosenPoint) -> Html {
    let point = &chosen.point;
    let age = chosen.age.map(|age| match age {
        at if at.is_zero() => "At the cut-off".to_owned(),
        after if after.is_negative() => format!("{} after the cut-off", text::duration(after.abs())),
        before => format!("{} before the cut-off", text::duration(before)),
    });
    let about = format!("{} · {}", words::tier(point.tier()), words::consistency(&point.consistency));
    html! {
        <>
            { clock(point.time) }
            { each(age.map(small)) }
            { small(about) }
            if chosen.threat() == ThreatReport::Reported { { badge(Tone::Bad, "Threat reported") } }
            if chosen.by_hand { { small("Selected by hand") } }
        </>
    }
}

fn ready_cell(ready: &Ready, stands: &'static str, stopped: Option<&Finding>) -> Html {
    let warnings = ready.plan.warnings.iter().map(|warning| html! { <p>{ with_names(&warning.sentence) }</p> });
    let left_out = ready.left_out.iter().map(|out| html! { <p>{ format!("{}: not used. {}", out.what, out.why) }</p> });
    let tone = match (stopped, ready.has_warnings()) {
        (Some(_), _) => Tone::Bad,
        (None, true) => Tone::Warning,
        (None, false) => Tone::Good,
    };
    html! {
        <>
            { badge(tone, stands) }
            if let Some(finding) = stopped { <p>{ with_names(&finding.sentence) }</p> }
            <p>{ with_names(&ready.plan.effect) }</p>
            { each(warnings) }
            { each(left_out) }
        </>
    }
}

fn remedies(view: &PageContext, record: &Rc<PlanRecord>, machine: &Expanded, exception: bool) -> Vec<Html> {
    let of = visible_name(&machine.name).into_owned();
    let act = |label: &'static str, what: String, change: Box<dyn Fn(&mut Machine)>| {
        small_button(label, what, change_machine(view, record, &machine.id, change))
    };
    let clocks = view.state.clocks();
    let use_point = |which: &'static str, point: &Rc<RecoveryPoint>| {
        let chosen = point.name.clone();
        let at = clocks.shown(point.time);
        let label = format!("Use {:02}:{:02}", at.hour(), at.minute());
        let what = format!("{label} for {of}: {which} the cut-off, {}", text::utc(point.time));
        let change = Box::new(move |machine: &mut Machine| machine.point = Some(chosen.clone()));
        html! { <>{ small_button(label, what, change_machine(view, record, &machine.id, change)) }{ small(text::utc(point.time)) }</> }
    };
    let form = |label: &'static str| {
        let href = Route::PlanMachine(record.plan.id.clone(), machine.id.clone()).hash();
        html! { <a class="vmr-button vmr-small" {href} aria-label={format!("{label} for {of}")}>{ label }</a> }
    };
    let mut all = Vec::new();
    match &machine.state {
        Prospect::NoPoint(NoPoint { why, first_after, latest_within }) => {
            all.extend(latest_within.as_ref().map(|point| use_point("the latest point before", point)));
            all.extend(first_after.as_ref().map(|point| use_point("the first point after", point)));
            if *why != WhyNone::Empty {
                all.push(form("Use another point"));
            }
        }
        Prospect::Blocked(Blocked { other_scenario: Some(other), .. }) => {
            let other = *other;
            let label = match other {
                Scenario::RestoreDisks => "Restore disks instead",
                Scenario::SelectedDisks => "Restore the OS disk instead",
                Scenario::AnotherVm | Scenario::ReplaceDisks => "Create a new VM instead",
            };
            let change = Box::new(move |machine: &mut Machine| machine.exceptions.scenario = Some(other));
            all.push(act(label, format!("{label}: {of}"), change));
        }
        _ => {}
    }
    if matches!(machine.state, Prospect::Blocked(_) | Prospect::Ready(_)) {
        all.push(form("Change"));
    }
    if exception {
        let undo = Box::new(|machine: &mut Machine| (machine.point, machine.exceptions) = (None, Draft::default()));
        all.push(act("Undo exception", format!("Undo the exception for {of}"), undo));
    }
    if matches!(machine.state, Prospect::Skipped(_)) {
        all.push(act("Include", format!("Include {of}"), Box::new(|machine| machine.skipped = None)));
    } else {
        let skip = |machine: &mut Machine| machine.skipped = Some("Skipped in the settings".to_owned());
        all.push(act("Skip", format!("Skip {of}"), Box::new(skip)));
    }
    all
}
