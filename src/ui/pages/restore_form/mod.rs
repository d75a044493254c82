//! The restore form, and beside it the request that it makes.

pub mod advanced;
pub mod choices;
pub mod edit;
pub mod form;
pub mod hints;
pub mod kept;
pub mod preview;

use yew::prelude::*;

use super::{PageContext, linked, on_link_click};
use crate::app::check::{CheckStage, field_of};
use crate::app::msg::Msg;
use crate::app::route::Route;
use crate::app::state::State;
use crate::restore::draft::Draft;
use crate::restore::effect_sentence::plain;
use crate::restore::facts::Facts;
use crate::restore::field::Field;
use crate::restore::preview::Preview;
use crate::restore::regional_id::RegionalId;
use crate::restore::rules::{Reason, draft_reasons, is_missing, other_label};
use crate::ui::kit::action_bar::{FieldLeft, action_bar, fields_left};
use crate::ui::kit::announced::Announced;
use crate::ui::kit::badge::badge;
use crate::ui::kit::button;
use crate::ui::kit::each;
use crate::ui::kit::facts::facts;
use crate::ui::kit::heading::heading;
use crate::ui::kit::name::{name, with_names};
use crate::ui::pages::points::{in_words, threats};
use crate::ui::pages::review::readiness;
use crate::ui::translatable::translatable;
use form::{Form, form};

/// The properties of [`FormPage`].
#[derive(PartialEq, Properties)]
pub struct FormPageProps {
    /// The state, and where messages go.
    pub view: PageContext,
    /// The recovery point that is restored.
    pub point: RegionalId,
}

/// The page.
#[component]
pub fn FormPage(FormPageProps { view, point }: &FormPageProps) -> Html {
    let draft = view.state.draft(point);
    let known = view.state.facts(point, &draft);
    let lead = known.as_ref().map(|f| summary(f, view));
    let files = point.secondary.is_none().then(
        || html! { <a class="vmr-button" href={Route::Files(point.clone()).hash()}>{ "Recover files instead" }</a> },
    );
    let actions = html! { <>{ each(files) }{ button("Reload lists", "", view.on_click(Msg::Refresh)) }</> };
    translatable(html! {
        <>
            { heading("Restore settings", html! { <>{ each(lead) }</> }, actions) }
            { view.faults() }
            { linked::compared(view, point, view.state.plan(point).ok().as_deref()) }
            if let Some(known) = known { { content(view, point, &known, &draft) } } else { { view.not_yet("Loading the recovery point…") } }
        </>
    })
}

/// Machine, point and vault in a line of facts.
pub fn summary(known: &Facts, view: &PageContext) -> Html {
    facts([
        ("Virtual machine".into(), machine(known)),
        ("Recovery point".into(), in_words(&known.point, view.state.now)),
        ("Threats".into(), threats_of(known)),
        ("Vault".into(), html! { <>{ name(&known.vault.name) }{ " · " }{ name(known.vault.location.as_str()) }</> }),
    ])
}

/// What Azure says about threats in the point. The point's own answer may contain what the list does not.
fn threats_of(known: &Facts) -> Html {
    match known.detailed || threats::has_threat_state(&known.point) {
        true => {
            let (tone, word) = threats::state(&known.point);
            badge(tone, word)
        }
        false => html! { "…" },
    }
}

/// The virtual machine that the request names, with the label in the lists if that differs.
fn machine(known: &Facts) -> Html {
    let label = &known.item.friendly_name;
    match (&known.item.source_resource_id, other_label(known)) {
        (Some(source), None) => name(source.name()),
        (Some(source), Some(_)) => html! { <>{ name(source.name()) }{ " (labeled " }{ name(label) }{ ")" }</> },
        (None, _) => name(label),
    }
}

fn content(view: &PageContext, point: &RegionalId, known: &Facts, draft: &Draft) -> Html {
    let preview = match &view.state.preview_before {
        Some(before) => Preview::of(known, draft).compared_with(before),
        None => Preview::of(known, draft),
    };
    let reasons = draft_reasons(known, draft);
    let findings = findings(&view.state);
    let checked = view.state.readiness(point).unwrap_or_default();
    let by_field = view.state.readiness_by_field(point, &checked);
    let choices = |field: Field| view.state.choices_status(known, draft, field);
    let form = form(&Form {
        facts: known,
        draft,
        reasons: &reasons,
        findings: &findings,
        problems: &by_field,
        readiness: readiness::on_form(view, point, &preview.effect, &checked),
        known: &choices,
        rehydration_price: view.state.rehydration_price(point),
        source_network_unreadable: view.state.source_network_unreadable(known),
        touch: view.state.touch,
        dispatch: &view.dispatch,
    });
    let blocking: Vec<&Reason> = reasons.iter().filter(|r| r.blocks()).collect();
    html! {
        <>
            { each(kept::kept(view, point, draft)) }
            <div class={classes!("vmr-columns", view.state.shows_json.then_some("vmr-aside"))}>
                { form }
                if view.state.shows_json { <div id="request-preview">{ preview::region(&preview) }</div> }
            </div>
            { bar(view, point, &preview, &blocking) }
            // Errors that come without a key press, such as a name that Azure reports as taken.
            <Announced text={errors(&blocking)} />
        </>
    }
}

/// What is wrong with fields that are filled.
pub fn errors(blocking: &[&Reason]) -> String {
    let wrong = blocking.iter().filter(|reason| !is_missing(reason));
    wrong.map(|reason| format!("{}: {} ", reason.field.label(), plain(&reason.sentence))).collect()
}

/// The bar of the form: what is left to fill, what the request would do, and the review.
fn bar(view: &PageContext, point: &RegionalId, preview: &Preview, blocking: &[&Reason]) -> Html {
    let back = point.item().map(|item| Route::Points(item).hash()).unwrap_or_default();
    let shown = view.state.shows_json;
    let about = if blocking.is_empty() {
        html! { <p>{ with_names(&preview.effect) }</p> }
    } else {
        left(view, &Route::Form(point.clone()), blocking)
    };
    let actions = html! {
        <>
            <button type="button" aria-expanded={if shown { "true" } else { "false" }} aria-controls="request-preview"
                onclick={view.on_click(Msg::ShowJson(!shown))}>{ "JSON" }</button>
            <a class="vmr-button vmr-primary" href={Route::Review(point.clone()).hash()}>{ "Review" }</a>
        </>
    };
    action_bar(back, about, actions)
}

/// The fields that the reasons are about, as links to the form.
pub fn left(view: &PageContext, form: &Route, reasons: &[&Reason]) -> Html {
    let mut fields: Vec<Field> = Vec::new();
    for reason in reasons {
        if !fields.contains(&reason.field) {
            fields.push(reason.field);
        }
    }
    let one = |field: Field| FieldLeft {
        name: field.label(),
        href: form.hash(),
        on: on_link_click(&view.dispatch, Msg::ShowField(field)),
    };
    fields_left(fields.into_iter().map(one).collect())
}

/// A list of reasons, each leading to its field.
pub fn fields(view: &PageContext, point: &RegionalId, reasons: &[&Reason]) -> Html {
    let href = Route::Form(point.clone()).hash();
    let entry = |reason: &&Reason| {
        let field = reason.field;
        let onclick = on_link_click(&view.dispatch, Msg::ShowField(field));
        html! { <li><a href={href.clone()} {onclick}>{ field.label() }</a>{ ": " }{ with_names(&reason.sentence) }</li> }
    };
    html! { <ul class="vmr-list" aria-label="What is missing">{ each(reasons.iter().map(entry)) }</ul> }
}

/// Azure's findings by field. Those without a field are shown on the review page only.
fn findings(state: &State) -> Vec<(Field, String)> {
    match state.check.as_ref().map(|c| &c.stage) {
        Some(CheckStage::Done(found)) => {
            found.iter().filter_map(|f| Some((field_of(f)?, format!("Azure: {}", f.message)))).collect()
        }
        _ => Vec::new(),
    }
}
