//! *Validate all*: Azure's validation of every request of a plan, and its result at each machine.

use azure_backup::backup::validate::Finding;
use yew::prelude::*;

use crate::app::check::{Check, CheckStage, field_of};
use crate::app::dry_run::Validated;
use crate::app::msg::Msg;
use crate::app::plans::{PlanMsg, PlanRecord};
use crate::app::route::Route;
use crate::recovery::expansion::Ready;
use crate::recovery::plan::{MachineId, PlanId};
use crate::ui::kit::badge::badge;
use crate::ui::kit::progress::progress;
use crate::ui::kit::table::small;
use crate::ui::kit::{Tone, button, each};
use crate::ui::pages::{PageContext, on_link_click};
use crate::ui::text;

/// The section "Check with Azure".
pub(super) fn section(view: &PageContext, record: &PlanRecord, requests: &[(MachineId, Ready)]) -> Html {
    let told = view.state.validated(record, requests);
    let runs = told.under_way > 0;
    let act = if runs {
        button("Stop", "", view.on_click(Msg::Plan(PlanMsg::StopValidating)))
    } else if told.all > 0 {
        let left = told.all - told.passed - told.with_findings;
        let label = match left {
            0 => "Validate again".to_owned(),
            left if left == told.all => "Validate all".to_owned(),
            left => format!("Validate {left} more"),
        };
        let on = view.on_click(Msg::Plan(PlanMsg::Validate(record.plan.id.clone())));
        html! { <button type="button" onclick={on}>{ label }</button> }
    } else {
        Html::default()
    };
    let secondary = requests.len() - told.all;
    html! {
        <section class="vmr-panel" aria-labelledby="validation">
            <div class="vmr-panel-head"><h2 id="validation">{ "Check with Azure" }</h2>{ act }</div>
            <p class="vmr-muted">{ "Azure validates each exact request: quota, permissions, locks. Nothing is changed. You can start before it ends." }</p>
            if runs { { progress("Requests validated", percent(told), html! { words(told) }, html! { format!("{} to go", told.under_way) }) } }
            if !runs && told.ended() > 0 { <p>{ words(told) }</p> }
            if secondary > 0 { <p>{ format!("Validation isn't available in the secondary region: {} not validated.", text::count(secondary, "request")) }</p> }
        </section>
    }
}

fn percent(told: Validated) -> Option<u8> {
    u8::try_from(told.ended() * 100 / (told.ended() + told.under_way).max(1)).ok()
}

/// `38 passed · 1 with issues · 1 couldn't be validated`.
fn words(told: Validated) -> String {
    let counts = [(told.passed, "passed"), (told.with_findings, "with issues"), (told.failed, "couldn't be validated")];
    let counts = counts.into_iter().filter(|(count, what)| *count > 0 || *what == "passed");
    counts.map(|(count, what)| format!("{count} {what}")).collect::<Vec<_>>().join(" · ")
}

/// Azure's opinion of one request; nothing where it was not asked about exactly this one.
pub(super) fn cell(view: &PageContext, plan: &PlanId, machine: &MachineId, check: Option<&Check>) -> Html {
    let Some(check) = check else { return Html::default() };
    let ago = || small(text::relative(check.since, view.state.now));
    match &check.stage {
        CheckStage::Asking(_) | CheckStage::Waiting(_) => badge(Tone::Busy, "Azure is validating"),
        CheckStage::Failed(fault) => {
            html! { <>{ badge(Tone::Neutral, "Couldn't be validated") }{ small(fault.message.clone()) }</> }
        }
        CheckStage::Done(found) if found.is_empty() => {
            html! { <>{ badge(Tone::Good, "Validation passed") }{ ago() }</> }
        }
        CheckStage::Done(found) => html! {
            <>
                { badge(Tone::Warning, format!("Azure found {}", text::count(found.len(), "issue"))) }{ ago() }
                <ul class="vmr-list">{ each(found.iter().map(|found| finding(view, found, (plan, machine)))) }</ul>
            </>
        },
    }
}

fn finding(view: &PageContext, found: &Finding, (plan, machine): (&PlanId, &MachineId)) -> Html {
    let href = Route::PlanMachine(plan.clone(), machine.clone()).hash();
    let field = field_of(found).map(|field| {
        let show = PlanMsg::ShowField(plan.clone(), machine.clone(), field);
        let onclick = on_link_click(&view.dispatch, Msg::Plan(show));
        html! { <><a {href} {onclick}>{ field.label() }</a>{ ": " }</> }
    });
    html! {
        <li>
            { each(field) }{ &found.message }{ " " }{ found.recommendations.join(" ") }
            { small(found.code.clone()) }
        </li>
    }
}
