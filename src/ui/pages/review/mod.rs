//! Review and start: what the restore does, the settings, warnings and Azure's check; the exact request folded; and the bar with the button.

pub mod activation;
pub mod check;
pub mod export;
pub mod readiness;
pub mod request;
pub mod settings;

use yew::prelude::*;

use super::{PageContext, linked};
use crate::app::key::Key;
use crate::app::msg::{Edit, Msg};
use crate::app::route::Route;
use crate::restore::effect_sentence::quoted;
use crate::restore::field::Field as Named;
use crate::restore::plan::{Plan, confirmed};
use crate::restore::regional_id::RegionalId;
use crate::restore::rules::Reason;
use crate::ui::kit::action_bar::action_bar;
use crate::ui::kit::each;
use crate::ui::kit::field::{Field, field};
use crate::ui::kit::field_hints::FieldHints;
use crate::ui::kit::heading::heading;
use crate::ui::kit::notice::{Notice, Title, notice};
use crate::ui::kit::{Tone, button, id_text};
use crate::ui::pages::points::threats;
use crate::ui::pages::restore_form::edit::edit_of;
use crate::ui::pages::restore_form::{fields, left, summary};
use crate::ui::shared::Shared;
use crate::ui::text;
use crate::ui::translatable::translatable;

/// The properties of [`ReviewPage`].
#[derive(PartialEq, Properties)]
pub struct ReviewPageProps {
    /// The state, and where messages go.
    pub view: PageContext,
    /// The recovery point that is restored.
    pub point: RegionalId,
}

/// The page.
#[component]
pub fn ReviewPage(ReviewPageProps { view, point }: &ReviewPageProps) -> Html {
    let draft = view.state.draft(point);
    let Some(known) = view.state.facts(point, &draft) else {
        return translatable(html! {
            <>{ heading("Review and start", Html::default(), Html::default()) }{ view.faults() }{ view.not_yet("Loading the recovery point…") }</>
        });
    };
    let planned = view.state.plan(point);
    let plan = planned.as_deref().ok();
    let shared = planned.as_ref().ok().cloned().map(Shared::from);
    let unconfirmed = plan.and_then(|plan| confirmed(plan, &draft).err());
    let missing: Vec<&Reason> = planned.as_ref().err().into_iter().flatten().chain(&unconfirmed).collect();
    let content = match plan {
        Some(plan) => html! {
            <>
                { effect(plan) }
                { settings::section(view, &known, &draft, plan) }
                { warnings(plan) }
                { each(threats::section(view, &known.point)) }
                { check::section(view, plan) }
                { readiness::section(view, point, plan) }
                { before_start(view, point, plan) }
                { request::section(view, plan) }
                { each(shared.map(|plan| html! { <export::Export view={view.clone()} {plan} /> })) }
            </>
        },
        None => html! {
            <section class="vmr-panel">
                <h2>{ "Before you can start" }</h2>
                { fields(view, point, &missing) }
            </section>
        },
    };
    // A portal has an address of its own, which this page does not know.
    let can_link = plan.is_some() && !view.state.hosted;
    let actions = html! { if can_link { { button("Copy link for a colleague", "", view.on_click(Msg::CopyLink)) } } };
    translatable(html! {
        <>
            { heading("Review and start", summary(&known, view), actions) }
            { view.faults() }
            { linked::compared(view, point, plan) }
            { content }
            { bar(view, point, plan, &missing) }
        </>
    })
}

fn effect(plan: &Plan) -> Html {
    let tone = plan.scenario.is_in_place().then_some("bad");
    html! { <p id="effect" class="vmr-effect" role="note" data-tone={tone}>{ text::with_names(&plan.effect) }</p> }
}

fn warnings(plan: &Plan) -> Html {
    let warning = |reason: &Reason| {
        notice(Notice {
            tone: Tone::Warning,
            title: Title::with_names(&reason.sentence),
            body: html! { <p><a href={reason.link.clone()} target="_blank" rel="noreferrer">{ "Learn more" }</a></p> },
            ..Notice::default()
        })
    };
    html! { <>{ each(plan.warnings.iter().map(warning)) }</> }
}

/// What is asked before the start: a reason for the record, and for a restore in place the name of the machine.
fn before_start(view: &PageContext, point: &RegionalId, plan: &Plan) -> Html {
    let confirm = plan.confirmation().map(|name| confirmation(view, point, name));
    let unsaved = view.state.cannot_save.as_ref();
    html! {
        <section class="vmr-panel">
            <h2>{ "Start" }</h2>
            { reason(view, point) }
            { each(confirm) }
            <p class="vmr-muted">{ "The request is sent once. After that, you can close this page: the restore keeps running in Azure, and this browser picks up its progress when you return." }</p>
            if let Some(why) = unsaved {
                <p>{ format!("{why} You can still start the restore, but it's tracked only until you close this page. After that, find it under Jobs.") }</p>
            }
        </section>
    }
}

/// The bar: what stands in the way of the start, else the hash of what is sent; and the button.
fn bar(view: &PageContext, point: &RegionalId, plan: Option<&Plan>, missing: &[&Reason]) -> Html {
    let unread = view.state.facts_missing(point);
    let twin = plan.and_then(|plan| view.state.already_running(plan));
    let ready = missing.is_empty() && unread.is_empty() && plan.is_some() && twin.is_none();
    let sha256 = plan.map(|plan| plan.sha256.clone()).unwrap_or_default();
    let start = |unsaved: bool| Msg::Start { place: point.clone(), sha256: sha256.clone(), unsaved };
    let in_place = plan.is_some_and(|plan| plan.scenario.is_in_place());
    let about = html! {
        <>
            if let Some(twin) = twin.filter(|twin| view.state.is_being_saved(&twin.id)) {
                <p>{ view.state.state_text(twin) }{ "." }</p>
            } else if let Some(twin) = twin {
                <p>{ "This restore is already running: " }<a href={Route::Restore(twin.id.clone()).hash()}>{ twin.state_text() }</a>{ "." }</p>
            }
            { left(view, &Route::Form(point.clone()), missing) }
            if !unread.is_empty() {
                <p>{ format!("Still loading: {}", unread.iter().map(Key::things).collect::<Vec<_>>().join(", ")) }</p>
            }
            if let Some(plan) = plan { { check::in_short(view, plan) }{ readiness::in_short(view, point) }<p>{ "SHA-256 " }{ id_text(plan.sha256.chars().take(8).collect::<String>()) }{ "…" }</p> }
        </>
    };
    let actions = html! {
        <>
            if view.state.cannot_save.is_some() && ready {
                { button("Start without saving", "", view.on_click(start(true))) }
            }
            <button type="button" class={if in_place { "vmr-danger" } else { "vmr-primary" }} disabled={!ready}
                aria-describedby={(!ready).then_some("missing")} onclick={view.on_click(start(false))}>{ "Start restore" }</button>
        </>
    };
    action_bar(Route::Form(point.clone()).hash(), html! { <div id="missing">{ about }</div> }, actions)
}

fn reason(view: &PageContext, point: &RegionalId) -> Html {
    let value = view.state.draft(point).reason.into();
    let on = view.on_input(|said| Some(Msg::Edit(Edit::Reason(said.to_owned()))));
    let notes =
        FieldHints::hint("Optional, for example an incident number. Stored in this browser only, not sent to Azure.");
    html! { <div class="vmr-one">{ field(Field { id: "reason".into(), label: "Reason".into(), value, on, notes, ..Field::default() }) }</div> }
}

fn confirmation(view: &PageContext, point: &RegionalId, name: &str) -> Html {
    let typed = view.state.draft(point).confirm;
    let on = view.on_input(|said| edit_of(Named::Confirm, said).map(Msg::Edit));
    let notes =
        FieldHints::hint(format!("This stops the VM and replaces its disks. Type {} to confirm.", quoted(name)));
    let (id, label) = (Named::Confirm.id().into(), Named::Confirm.label().into());
    html! { <div class="vmr-one">{ field(Field { id, label, value: typed.into(), on, notes, required: true, ..Field::default() }) }</div> }
}

#[cfg(test)]
mod tests;
