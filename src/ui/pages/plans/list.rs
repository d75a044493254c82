//! The recovery plans of this browser, on the page of its restores.

use yew::prelude::*;

use crate::app::plans::PlanRecord;
use crate::app::plans::board::Totals;
use crate::app::route::Route;
use crate::ui::kit::badge::badge;
use crate::ui::kit::name::name;
use crate::ui::kit::table::{columns, row, table};
use crate::ui::kit::when::when;
use crate::ui::kit::{Tone, each};
use crate::ui::pages::PageContext;
use crate::ui::pages::plans::board::words;
use crate::ui::text;

/// The plans of the account that is connected; nothing where there are none.
pub fn plans(view: &PageContext) -> Html {
    let rows: Vec<Html> = view.state.own_plans().map(|record| plan_row(view, record)).collect();
    if rows.is_empty() {
        return Html::default();
    }
    let names = columns(["Recovery plan", "State", "VMs", "Created"]);
    html! {
        <section class="vmr-panel" aria-label="Recovery plans">
            { table("Recovery plans", html! { rows.len().to_string() }, &names, false, html! { <>{ each(rows) }</> }) }
        </section>
    }
}

fn plan_row(view: &PageContext, record: &PlanRecord) -> Html {
    let plan = &record.plan;
    let (route, state, machines) = match &record.run {
        None => {
            let machines = plan.machines().filter(|(_, machine)| machine.skipped.is_none()).count();
            (Route::Plan(plan.id.clone()), badge(Tone::Neutral, "Not started"), text::count(machines, "VM"))
        }
        Some(run) => {
            let totals = Totals::of(run.execution.machines().iter());
            let state = match () {
                () if run.execution.halted().is_some() => badge(Tone::Warning, "Halted"),
                () if totals.running + totals.waiting > 0 => badge(Tone::Busy, "Running"),
                () if totals.failed > 0 => badge(Tone::Warning, "Ended"),
                () => badge(Tone::Good, "Ended"),
            };
            (Route::board(plan.id.clone()), state, words(totals))
        }
    };
    let head = html! { <a href={route.hash()}>{ name(&plan.name) }</a> };
    row(plan.id.as_str(), head, vec![state, html! { machines }, when(plan.created, view.state.now)])
}
