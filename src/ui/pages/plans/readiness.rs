//! Readiness in a plan: what stands in the way of each machine, in its row, and of all of them together, above the rows.

use std::rc::Rc;

use yew::prelude::*;

use crate::app::plans::PlanRecord;
use crate::app::plans::readiness::{Found, PlanReadiness};
use crate::readiness::{Check, Findings};
use crate::restore::effect_sentence::quoted;
use crate::ui::kit::badge::badge;
use crate::ui::kit::empty::loading;
use crate::ui::kit::name::with_names;
use crate::ui::kit::table::small;
use crate::ui::kit::{Tone, each};
use crate::ui::pages::PageContext;
use crate::ui::pages::review::readiness::{Subject, fine, problem, unknown};
use crate::ui::text;

/// The checks that are about one machine alone: their problems stand in its row. The others are about something that machines share.
const OF_ONE: [&str; 2] = ["vm-size", "not-restored"];

fn is_problem((_, found): &&(&'static Check, Findings)) -> bool {
    found.problems().next().is_some()
}

/// The section "Readiness" of a plan; nothing where no machine can start.
pub(super) fn section(view: &PageContext, record: &Rc<PlanRecord>, told: &PlanReadiness) -> Html {
    if told.all == 0 {
        return Html::default();
    }
    let body = match &told.together {
        None => loading(format!("Checked {} of {}", told.known().count(), text::count(told.all, "VM"))),
        Some(found) => together(view, record, found, told),
    };
    html! {
        <section class="vmr-panel" aria-labelledby="readiness">
            <h2 id="readiness">{ "Readiness" }</h2>
            <p class="vmr-muted">{ "What could stop these restores, or be missing afterward. Nothing found doesn't guarantee that they succeed." }</p>
            <div class="vmr-stack">{ body }</div>
        </section>
    }
}

fn together(view: &PageContext, record: &Rc<PlanRecord>, found: &Rc<Found>, told: &PlanReadiness) -> Html {
    let applies: Vec<&(&'static Check, Findings)> = found.iter().filter(|(_, found)| found.applies()).collect();
    let effect = format!("the recovery plan {} ({})", quoted(&record.plan.name), text::count(told.all, "VM"));
    let missing = || view.state.missing_actions_of_plan(record);
    let subject = Subject { effect: &effect, missing: &missing };
    let shared = applies.iter().filter(|one| is_problem(one) && !OF_ONE.contains(&one.0.id));
    let of_one = applies.iter().filter(|one| is_problem(one) && OF_ONE.contains(&one.0.id)).map(|(check, _)| {
        let has = |found: &&Rc<Found>| found.iter().any(|one| one.0.id == check.id && is_problem(&one));
        let count = told.known().filter(has).count();
        html! { <li>{ badge(Tone::Warning, format!("{}: {}", check.title, text::count(count, "VM"))) }</li> }
    });
    let of_one: Vec<Html> = of_one.collect();
    html! {
        <>
            { each(shared.map(|one| problem(view, &subject, one))) }
            if !of_one.is_empty() {
                <div>
                    <p id="in-rows" class="vmr-muted">{ "Details are in the rows below" }</p>
                    <ul class="vmr-badges" aria-labelledby="in-rows">{ each(of_one) }</ul>
                </div>
            }
            { each(unknown(&applies)) }
            { each(fine(&applies)) }
        </>
    }
}

/// Whether something was found of the machine at this place of the plan.
pub(super) fn has_problem(told: &PlanReadiness, at: usize) -> bool {
    told.machines.get(at).and_then(Option::as_ref).is_some_and(|found| found.iter().any(|one| is_problem(&one)))
}

/// What was found of the machine at this place of the plan: its own problems in full, those that it shares by their names.
pub(super) fn cell(told: &PlanReadiness, at: usize) -> Html {
    let Some(found) = told.machines.get(at).and_then(Option::as_ref) else { return small("Readiness: checking") };
    let problems: Vec<_> = found.iter().filter(is_problem).collect();
    let own = problems.iter().filter(|(check, _)| OF_ONE.contains(&check.id)).flat_map(|(_, found)| found.problems());
    let own = own.map(|(sentence, remedy)| html! { <p>{ with_names(sentence) }{ " " }{ with_names(remedy) }</p> });
    let shared = problems.iter().filter(|(check, _)| !OF_ONE.contains(&check.id)).map(|(check, _)| check.title);
    let shared: Vec<&str> = shared.collect();
    let unknown = found.iter().filter(|(_, found)| found.unknowns().next().is_some()).map(|(check, _)| check.title);
    let unknown: Vec<&str> = unknown.collect();
    html! {
        <>
            { each(own) }
            if !shared.is_empty() { <p>{ badge(Tone::Warning, format!("Readiness: {}", shared.join(", "))) }</p> }
            if !unknown.is_empty() { { small(format!("Couldn't check: {}", unknown.join(", "))) } }
            if problems.is_empty() && unknown.is_empty() { { small("Readiness: nothing found") } }
        </>
    }
}
