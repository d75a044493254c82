//! Review and start: the request as it will be sent, Azure's check of it, and the button.

pub mod check;
pub mod request;

use yew::prelude::*;

use super::PageContext;
use crate::app::msg::{Edit, Msg};
use crate::app::route::Route;
use crate::restore::effect_sentence::quoted;
use crate::restore::field::Field as Named;
use crate::restore::plan::{Plan, confirmed};
use crate::restore::regional_id::RegionalId;
use crate::restore::rules::Reason;
use crate::ui::kit::each;
use crate::ui::kit::field::{Field, field};
use crate::ui::kit::field_hints::FieldHints;
use crate::ui::kit::heading::heading;
use crate::ui::kit::notice::{Notice, Title, notice};
use crate::ui::kit::{Tone, button};
use crate::ui::pages::points::threats;
use crate::ui::pages::restore_form::edit::edit_of;
use crate::ui::pages::restore_form::{fields, summary};
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
    let back = html! { <a class="vmr-button" href={Route::Form(point.clone()).hash()}>{ "Edit settings" }</a> };
    let planned = view.state.plan(point);
    let content = match &planned {
        Ok(plan) => {
            html! { <>{ effect(plan) }{ warnings(plan) }{ each(threats::section(view, &known.point)) }{ request::section(view, plan) }{ check::section(view, plan) }</> }
        }
        Err(_) => Html::default(),
    };
    let unconfirmed = planned.as_ref().ok().and_then(|plan| confirmed(plan, &draft).err());
    let missing: Vec<&Reason> = planned.as_ref().err().into_iter().flatten().chain(&unconfirmed).collect();
    translatable(html! {
        <>
            { heading("Review and start", summary(&known, view), back) }
            { view.faults() }
            { content }
            { start(view, point, planned.as_deref().ok(), &missing) }
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

fn start(view: &PageContext, point: &RegionalId, plan: Option<&Plan>, missing: &[&Reason]) -> Html {
    let unread = view.state.facts_missing(point);
    let twin = plan.and_then(|p| view.state.already_running(p));
    let ready = missing.is_empty() && unread.is_empty() && plan.is_some() && twin.is_none();
    let sha256 = plan.map(|p| p.sha256.clone()).unwrap_or_default();
    let start = |unsaved: bool| Msg::Start { place: point.clone(), sha256: sha256.clone(), unsaved };
    let confirm = plan.and_then(Plan::confirmation).map(|name| confirmation(view, point, name));
    let in_place = plan.is_some_and(|p| p.scenario.is_in_place());
    let why = (!ready).then_some("missing");
    html! {
        <section class="vmr-panel">
            <h2>{ "Start" }</h2>
            { each(plan.map(|_| reason(view, point))) }
            { each(confirm) }
            if !ready {
                <div id="missing" class="vmr-stack">
                    if let Some(twin) = twin {
                        <p>{ "This restore is already running: " }<a href={Route::Restore(twin.id.clone()).hash()}>{ twin.state_text() }</a>{ "." }</p>
                    }
                    if !missing.is_empty() {
                        <p>{ "Before you can start:" }</p>
                        { fields(view, point, missing) }
                    }
                    if !unread.is_empty() {
                        <p>{ "Still loading:" }</p>
                        <ul class="vmr-list">{ each(unread.iter().map(|key| html! { <li>{ key.things() }</li> })) }</ul>
                    }
                </div>
            } else {
                <p>{ "The request is sent once. After that, you can close this page: the restore keeps running in Azure, and this browser picks up its progress when you return." }</p>
            }
            <div class="vmr-actions">
                <button type="button" class={if in_place { "vmr-danger" } else { "vmr-primary" }} disabled={!ready} aria-describedby={why} onclick={view.on_click(start(false))}>{ "Start restore" }</button>
                if let Some(why) = view.state.cannot_save.as_ref().filter(|_| ready) {
                    { button("Start without saving", "", view.on_click(start(true))) }
                    <p>{ format!("{why} You can still start the restore, but it's tracked only until you close this page. After that, find it under Jobs.") }</p>
                }
            </div>
        </section>
    }
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

/// The buttons that export the request.
fn copy_json(view: &PageContext, plan: &Plan) -> Html {
    let text = plan.text().to_owned();
    html! { <>{ button("Copy JSON", "", view.on_click(Msg::Copy(text))) }{ button("Download JSON", "", view.on_click(Msg::Download)) }</> }
}
