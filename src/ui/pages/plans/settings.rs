//! The settings of a recovery plan: which point, what, where to, in which order; below them the machines, those that need a decision first.

use std::rc::Rc;

use time::OffsetDateTime;
use yew::prelude::*;

use super::groups::groups;
use super::machines::machines_table;
use super::target::target;
use super::{edit, findings_notice, missing};
use super::{readiness, rehearsal};
use crate::app::local_time::Clocks;
use crate::app::msg::Msg;
use crate::app::plans::PlanRecord;
use crate::app::route::Route;
use crate::recovery::across::Finding;
use crate::recovery::expansion::Expanded;
use crate::recovery::file::{Change, compare};
use crate::recovery::plan::{MachineId, PlanId, RecoveryPlan};
use crate::recovery::summary::{Counts, counts};
use crate::restore::effect_sentence::quoted;
use crate::restore::scenario::Scenario;
use crate::ui::kit::action_bar::action_bar;
use crate::ui::kit::cards::{Card, Cards, cards};
use crate::ui::kit::checks::{Check, check};
use crate::ui::kit::field::{Field, Kind, field};
use crate::ui::kit::field_hints::FieldHints;
use crate::ui::kit::heading::heading;
use crate::ui::kit::name::with_names;
use crate::ui::kit::notice::{Notice, notice};
use crate::ui::kit::when::clock;
use crate::ui::kit::{Tone, button, each};
use crate::ui::pages::PageContext;
use crate::ui::pages::points::filter::moment_of;
use crate::ui::pages::settings::time_zone;
use crate::ui::text;
use crate::ui::translatable::translatable;

/// The properties of [`PlanPage`].
#[derive(PartialEq, Properties)]
pub struct PlanPageProps {
    /// The state, and where messages go.
    pub view: PageContext,
    /// The plan.
    pub id: PlanId,
}

/// The page.
#[component]
pub fn PlanPage(PlanPageProps { view, id }: &PlanPageProps) -> Html {
    let Some(record) = view.state.plans.get(id).filter(|record| view.state.owns_plan(&record.plan)) else {
        return translatable(missing());
    };
    if record.run.is_some() {
        let board = Route::board(id.clone()).hash();
        return translatable(html! {
            <>
                { heading(quoted(&record.plan.name), Html::default(), Html::default()) }
                <section class="vmr-panel"><p>{ "This plan was started, so its settings no longer change. " }<a href={board}>{ "Show its progress" }</a></p></section>
            </>
        });
    }
    let machines = view.state.expanded(record);
    let findings: Rc<[Finding]> = view.state.plan_findings(&record.plan, &machines).into();
    let counts = counts(&machines, &findings);
    let checks = Rc::new(view.state.plan_readiness(record));
    translatable(html! {
        <>
            { heading(quoted(&record.plan.name), lead(counts), button("Refresh", "", view.on_click(Msg::Refresh))) }
            { view.faults() }
            { each(scenario_missing(record)) }
            <section class="vmr-panel">
                <h2>{ "Restore to" }</h2>
                { point_rule(view, record) }
            </section>
            <section class="vmr-panel">
                <h2>{ "What and where" }</h2>
                { rehearsal::mode(view, record) }
                { what(view, record) }
                { target(view, record, &machines) }
            </section>
            { rehearsal::isolation(view, record, &machines) }
            { groups(view, record) }
            { each(imported(view, id, &machines, &findings)) }
            { findings_notice(&findings) }
            { readiness::section(view, record, &checks) }
            { machines_table(view, record, &machines, (&findings, &checks)) }
            { bar(id, counts) }
        </>
    })
}

/// `36 ready · 2 with warnings · 2 need you`.
pub fn lead(counts: Counts) -> Html {
    let Counts { all, ready, with_warnings, blocked, waiting, reading, skipped, .. } = counts;
    let parts = [
        (ready, "ready"),
        (with_warnings, "of them with warnings"),
        (blocked, if blocked == 1 { "needs your decision" } else { "need your decision" }),
        (waiting, "waiting"),
        (reading, "loading"),
        (skipped, "skipped"),
    ];
    let told = parts.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}"));
    html! { <>{ format!("{}: ", text::count(all, "VM")) }{ told.collect::<Vec<_>>().join(" · ") }</> }
}

/// What every machine waits for, told once.
pub(super) fn scenario_missing(record: &PlanRecord) -> Option<Html> {
    record.plan.mapping.scenario.is_none().then(|| {
        notice(Notice {
            tone: Tone::Info,
            title: "Choose what to restore".into(),
            body: html! { <p>{ "Select it in the plan's settings, under What and where. The VMs wait for it." }</p> },
            ..Notice::default()
        })
    })
}

/// What is different from the file that the plan was imported from.
fn imported(view: &PageContext, id: &PlanId, machines: &[Expanded], findings: &[Finding]) -> Option<Html> {
    let (_, file) = view.state.plan_file.as_ref().filter(|(of, _)| of == id)?;
    let changes = compare(file, machines, findings);
    if changes.is_empty() {
        return None;
    }
    let same = changes.iter().filter(|(_, change)| *change == Change::Same).count();
    let name_of = |id: &MachineId| machines.iter().find(|m| m.id == *id).map(|m| quoted(&m.name)).unwrap_or_default();
    let line = |(id, change): &(MachineId, Change)| {
        let what = match change {
            Change::Same => return None,
            Change::Different(what) => format!("differs in: {}", what.join(", ")),
            Change::NoLonger => "can't start now".to_owned(),
            Change::New => "couldn't start then".to_owned(),
            Change::Reading => "loading".to_owned(),
        };
        Some(html! { <li key={id.as_str().to_owned()}>{ with_names(&format!("{}: {what}", name_of(id))) }</li> })
    };
    let by = file.exported_by.to_string();
    Some(html! {
        <section class="vmr-panel">
            <h2>{ "Compared with the imported file" }</h2>
            <p>{ format!("{same} of {} have the request that {by} saved on ", text::count(changes.len(), "VM")) }{ clock(file.exported_at) }{ "." }</p>
            <ul class="vmr-list" aria-label="Differences">{ each(changes.iter().filter_map(line)) }</ul>
        </section>
    })
}

fn point_rule(view: &PageContext, record: &Rc<PlanRecord>) -> Html {
    let rule = &record.plan.point_rule;
    let clocks = view.state.clocks();
    let limit = rule.at_or_before.map(|at| written(at, &clocks)).unwrap_or_default();
    let on_limit = {
        let clocks = clocks.clone();
        edit(view, record, move |plan, said| plan.point_rule.at_or_before = moment_of(said, &clocks))
    };
    let flag = |id: &'static str, label: &'static str, checked: bool, set: fn(&mut RecoveryPlan, bool)| {
        let on = edit(view, record, move |plan, said| set(plan, said == "on"));
        let on = on.reform(|checked: bool| if checked { "on".to_owned() } else { String::new() });
        check(Check { id: id.into(), label: label.into(), checked, ..Check::default() }, &on)
    };
    html! {
        <>
            <div class="vmr-fields vmr-narrow">
                { field(Field {
                    id: "plan-limit".into(),
                    label: "Latest recovery point at or before".into(),
                    kind: Kind::Moment,
                    value: limit.into(),
                    on: on_limit,
                    notes: FieldHints::hint("The cut-off. Leave empty for the latest recovery point of each VM."),
                    ..Field::default()
                }) }
                { time_zone(&clocks, view.state.now, &view.dispatch) }
            </div>
            <div class="vmr-choices">
                { flag("plan-threats", "Skip points with a reported threat", rule.skip_threatened, |plan, on| plan.point_rule.skip_threatened = on) }
                { flag("plan-app", "Application-consistent only", rule.app_consistent, |plan, on| plan.point_rule.app_consistent = on) }
                { flag("plan-vault", "In the vault tier only", rule.vault_tier, |plan, on| plan.point_rule.vault_tier = on) }
            </div>
        </>
    }
}

/// A time as the field for it holds it, in the zone that is shown.
fn written(at: OffsetDateTime, clocks: &Clocks) -> String {
    let at = clocks.shown(at);
    format!("{}T{:02}:{:02}", at.date(), at.hour(), at.minute())
}

/// The values of the scenarios in the form.
const SCENARIOS: [(&str, Scenario); 4] = [
    ("disks", Scenario::RestoreDisks),
    ("selected", Scenario::SelectedDisks),
    ("new", Scenario::AnotherVm),
    ("replace", Scenario::ReplaceDisks),
];

fn what(view: &PageContext, record: &Rc<PlanRecord>) -> Html {
    let chosen = record.plan.mapping.scenario;
    let value = SCENARIOS.iter().find(|(_, scenario)| Some(*scenario) == chosen).map(|(value, _)| (*value).into());
    let card = |(value, scenario): (&'static str, Scenario)| {
        let (title, text) = match scenario {
            Scenario::SelectedDisks => ("Restore OS disks only", "Restores the OS disk of each VM. No VM is changed."),
            other => (other.title(), other.explain()),
        };
        Card { value, title, text: text.into(), reason: None }
    };
    cards(Cards {
        id: "plan-scenario".into(),
        legend: "What to restore".into(),
        cards: SCENARIOS.into_iter().map(card).collect(),
        value,
        on: edit(view, record, |plan, said| {
            plan.mapping.scenario = SCENARIOS.iter().find(|(value, _)| *value == said).map(|(_, scenario)| *scenario);
        }),
        ..Cards::default()
    })
}

fn bar(id: &PlanId, counts: Counts) -> Html {
    let about = html! { <p>{ format!("{} of {} VMs can start", counts.ready, counts.all) }</p> };
    let review = Route::PlanReview(id.clone()).hash();
    let actions = html! { <a class="vmr-button vmr-primary" href={review}>{ format!("Review {}", counts.ready) }</a> };
    action_bar(Route::Vms(Default::default()).hash(), about, actions)
}
