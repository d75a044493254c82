//! An exception: the ordinary form for one machine of a plan, filled with what the plan gives it. What is changed here counts for this machine alone.

use std::rc::Rc;

use yew::prelude::*;

use super::{change_machine, edit, missing};
use crate::app::check::{CheckStage, field_of};
use crate::app::msg::Msg;
use crate::app::plans::{PlanMsg, PlanRecord, is_exception};
use crate::app::route::Route;
use crate::recovery::expansion::Prospect;
use crate::recovery::plan::{Machine, MachineId, PlanId};
use crate::restore::draft::Draft;
use crate::restore::effect_sentence::quoted;
use crate::restore::facts::Facts;
use crate::restore::field::Field;
use crate::restore::preview::Preview;
use crate::restore::rules::{Reason, draft_reasons};
use crate::ui::kit::action_bar::action_bar;
use crate::ui::kit::announced::Announced;
use crate::ui::kit::empty::empty;
use crate::ui::kit::field_hints::FieldHints;
use crate::ui::kit::heading::heading;
use crate::ui::kit::name::with_names;
use crate::ui::kit::select::{Choice, Select, select};
use crate::ui::kit::{button, each};
use crate::ui::pages::PageContext;
use crate::ui::pages::points::words;
use crate::ui::pages::restore_form::form::{Form, form};
use crate::ui::pages::restore_form::{errors, left, summary};
use crate::ui::text;
use crate::ui::translatable::translatable;

/// The properties of [`ExceptionPage`].
#[derive(PartialEq, Properties)]
pub struct ExceptionPageProps {
    /// The state, and where messages go.
    pub view: PageContext,
    /// The plan.
    pub id: PlanId,
    /// The machine.
    pub machine: MachineId,
}

/// The page.
#[component]
pub fn ExceptionPage(ExceptionPageProps { view, id, machine }: &ExceptionPageProps) -> Html {
    // A plan that was started no longer changes.
    let record = view.state.plans.get(id).filter(|record| view.state.owns_plan(&record.plan) && record.run.is_none());
    let Some((record, of)) = record.and_then(|record| Some((record, record.plan.machine(machine)?))) else {
        return translatable(missing());
    };
    let known = view.state.exception(record, machine);
    let lead = known.as_ref().map(|(facts, _)| summary(facts, view));
    let undo = is_exception(of).then(|| {
        let undo = |machine: &mut Machine| (machine.point, machine.exceptions) = (None, Draft::default());
        button("Remove exception", "", change_machine(view, record, machine, undo))
    });
    translatable(html! {
        <>
            { heading(format!("Exception for {}", quoted(&of.name)), html! { <>{ each(lead) }</> }, html! { <>{ each(undo) }</> }) }
            { view.faults() }
            <p class="vmr-muted">{ "What you change here counts for this VM only. Everything else stays as the plan says." }</p>
            <section class="vmr-panel">{ point(view, record, of) }</section>
            if let Some((facts, draft)) = &known { { settings(view, record, machine, (facts, draft)) } } else { { nothing_yet(view, record, machine) } }
        </>
    })
}

/// The recovery point: as the plan decides, or one of the machine's.
fn point(view: &PageContext, record: &Rc<PlanRecord>, machine: &Machine) -> Html {
    let (place, id) = (machine.place(), machine.id());
    let all = view.state.points_of(&place);
    let choice = |point: &Rc<_>| {
        let point: &azure_backup::backup::recovery_point::RecoveryPoint = point;
        let about = [
            text::utc(point.time),
            words::tier(point.tier()).to_owned(),
            words::consistency(&point.consistency).to_string(),
        ];
        Choice::new(point.name.clone(), about.join(" · "))
    };
    select(Select {
        id: "exception-point".into(),
        label: "Recovery point".into(),
        choices: all.iter().flat_map(|all| all.iter()).map(choice).collect(),
        value: machine.point.clone().unwrap_or_default().into(),
        none: Some("As the plan decides".into()),
        on: edit(view, record, move |plan, said| {
            if let Some(machine) = plan.machine_mut(&id) {
                machine.point = Some(said.to_owned()).filter(|name| !name.is_empty());
            }
        }),
        notes: FieldHints::default(),
        ..Select::default()
    })
}

fn nothing_yet(view: &PageContext, record: &Rc<PlanRecord>, machine: &MachineId) -> Html {
    let machines = view.state.expanded(record);
    let body = match machines.iter().find(|known| known.id == *machine).map(|known| &known.state) {
        Some(Prospect::NoPoint(none)) => {
            html! { <section class="vmr-panel">{ empty("No recovery point", html! { <p>{ with_names(&none.sentence()) }{ " Select another one." }</p> }) }</section> }
        }
        _ => view.not_yet("Loading the recovery point…"),
    };
    html! { <>{ body }{ action_bar(Route::Plan(record.plan.id.clone()).hash(), Html::default(), Html::default()) }</> }
}

fn settings(
    view: &PageContext,
    record: &Rc<PlanRecord>,
    machine: &MachineId,
    (facts, draft): (&Facts, &Draft),
) -> Html {
    let id = &record.plan.id;
    let dispatch = {
        let (dispatch, id, machine) = (view.dispatch.clone(), id.clone(), machine.clone());
        Callback::from(move |msg: Msg| {
            dispatch.emit(match msg {
                Msg::Edit(edit) => Msg::Plan(PlanMsg::Except(id.clone(), machine.clone(), edit)),
                other => other,
            });
        })
    };
    let reasons = draft_reasons(facts, draft);
    let findings = findings(view, record, machine);
    let choices = |field: Field| view.state.choices_status(facts, draft, field);
    let form = form(&Form {
        facts,
        draft,
        reasons: &reasons,
        findings: &findings,
        problems: &[],
        readiness: Html::default(),
        known: &choices,
        rehydration_price: None,
        source_network_unreadable: view.state.source_network_unreadable(facts),
        touch: view.state.touch,
        dispatch: &dispatch,
    });
    let blocking: Vec<&Reason> = reasons.iter().filter(|reason| reason.blocks()).collect();
    let about = match blocking.is_empty() {
        true => html! { <p>{ with_names(&Preview::of(facts, draft).effect) }</p> },
        false => left(view, &Route::PlanMachine(id.clone(), machine.clone()), &blocking),
    };
    let back = Route::Plan(id.clone()).hash();
    let done = html! { <a class="vmr-button vmr-primary" href={back.clone()}>{ "Done" }</a> };
    html! {
        <>
            { form }
            { action_bar(back, about, done) }
            <Announced text={errors(&blocking)} />
        </>
    }
}

/// What Azure has found in the present request of the machine, by field.
fn findings(view: &PageContext, record: &Rc<PlanRecord>, machine: &MachineId) -> Vec<(Field, String)> {
    let machines = view.state.expanded(record);
    let ready = machines.iter().find(|known| known.id == *machine).and_then(|known| known.ready());
    let check = ready.and_then(|ready| view.state.validation(&record.plan.id, machine, ready));
    match check.map(|check| &check.stage) {
        Some(CheckStage::Done(found)) => {
            found.iter().filter_map(|f| Some((field_of(f)?, format!("Azure: {}", f.message)))).collect()
        }
        _ => Vec::new(),
    }
}
