//! The pages of a recovery plan.

pub mod board;
mod clean_up;
pub mod exception;
mod fields;
mod groups;
pub mod list;
mod machines;
mod networks;
pub mod new;
mod readiness;
mod rehearsal;
pub mod review;
pub mod settings;
mod tall_list;
mod target;
mod validation;
pub mod wall;

use std::rc::Rc;

use yew::prelude::*;

use super::PageContext;
use crate::app::msg::Msg;
use crate::app::plans::{PlanMsg, PlanRecord};
use crate::recovery::across::Finding;
use crate::recovery::plan::{Machine, MachineId, RecoveryPlan};
use crate::restore::rules::Weight;
use crate::ui::kit::empty::empty;
use crate::ui::kit::heading::heading;
use crate::ui::kit::name::with_names;
use crate::ui::kit::notice::{Notice, Title, notice};
use crate::ui::kit::{Tone, each};

/// Sends the plan as `change` edits it with what a control says.
fn edit(
    view: &PageContext,
    record: &Rc<PlanRecord>,
    change: impl Fn(&mut RecoveryPlan, &str) + 'static,
) -> Callback<String> {
    let (dispatch, record) = (view.dispatch.clone(), record.clone());
    Callback::from(move |said: String| {
        let mut plan = record.plan.clone();
        change(&mut plan, &said);
        dispatch.emit(Msg::Plan(PlanMsg::Put(Box::new(plan))));
    })
}

/// A click that changes a machine of the plan.
fn change_machine(
    view: &PageContext,
    record: &Rc<PlanRecord>,
    id: &MachineId,
    change: impl Fn(&mut Machine) + 'static,
) -> Callback<MouseEvent> {
    let id = id.clone();
    let edit = edit(view, record, move |plan, _| {
        if let Some(machine) = plan.machine_mut(&id) {
            change(machine);
        }
    });
    edit.reform(|_: MouseEvent| String::new())
}

/// What machines of the plan take from each other.
fn findings_notice(findings: &[Finding]) -> Html {
    let of_a_kind = |findings: &[Finding]| {
        let (first, others) = findings.split_first()?;
        let others = others.iter().map(|finding| html! { <p><strong>{ with_names(&finding.sentence) }</strong></p> });
        let more = html! { <p><a href={first.link} target="_blank" rel="noreferrer">{ "Learn more" }</a></p> };
        Some(notice(Notice {
            tone: if first.weight == Weight::Blocks { Tone::Bad } else { Tone::Warning },
            title: Title::with_names(&first.sentence),
            body: html! { <>{ each(others) }{ more }</> },
            ..Notice::default()
        }))
    };
    // One message a cause: three accounts that are shared make one.
    let kinds = findings.chunk_by(|one, other| one.rule == other.rule && one.weight == other.weight);
    html! { <>{ each(kinds.filter_map(of_a_kind)) }</> }
}

/// The page of a plan that is not in this browser.
fn missing() -> Html {
    let why = html! { <p>{ "It was deleted, or belongs to another account or browser." }</p> };
    html! {
        <>
            { heading("Recovery plan", Html::default(), Html::default()) }
            <section class="vmr-panel">{ empty("This plan isn't here", why) }</section>
        </>
    }
}

#[cfg(test)]
mod settings_tests;
#[cfg(test)]
mod tests;
