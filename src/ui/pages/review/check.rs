//! Azure's check of exactly this body, before anything is started.

use azure_backup::backup::validate::Finding;
use yew::prelude::*;

use crate::app::check::{Check, CheckStage, field_of};
use crate::app::msg::Msg;
use crate::app::route::Route;
use crate::restore::plan::Plan;
use crate::ui::fault::fault_card;
use crate::ui::kit::badge::badge;
use crate::ui::kit::each;
use crate::ui::kit::notice::{Notice, Voice, notice};
use crate::ui::kit::{Tone, button, empty::loading};
use crate::ui::pages::{PageContext, on_link_click};
use crate::ui::text;

/// The section "Check with Azure".
pub fn section(view: &PageContext, plan: &Plan) -> Html {
    if plan.secondary.is_some() {
        let text = "Validation isn't available in the secondary region.";
        return html! { <section class="vmr-panel"><h2>{ "Check" }</h2><p class="vmr-muted">{ text }</p></section> };
    }
    let check = view.state.check.as_ref().filter(|c| c.sha256 == plan.sha256);
    let asking = check.is_some_and(|c| !c.ended());
    // `aria-disabled`, because a button with `disabled` would lose the focus.
    let ask = if asking { Callback::noop() } else { view.on_click(Msg::Check) };
    let label = if check.is_some() { "Check again" } else { "Check now" };
    let ask = html! { <button type="button" aria-disabled={asking.then_some("true")} onclick={ask}>{ label }</button> };
    html! {
        <section class="vmr-panel">
            <div class="vmr-panel-head"><h2>{ "Check with Azure" }</h2>{ ask }</div>
            <p class="vmr-muted">{ "Azure validates this exact request: quota, permissions, locks. Nothing is changed." }</p>
            { check.map_or_else(|| html! { not_checked(view) }, |c| outcome(view, c, plan)) }
        </section>
    }
}

/// Why the check did not run automatically.
fn not_checked(view: &PageContext) -> &'static str {
    match view.state.catalog.is_throttled() {
        true => "Not checked yet: Azure is limiting requests.",
        false => "Not checked yet.",
    }
}

/// The outcome in a few words, for the bar.
pub fn in_short(view: &PageContext, plan: &Plan) -> Html {
    let Some(check) = view.state.check.as_ref().filter(|c| c.sha256 == plan.sha256) else { return Html::default() };
    let (tone, words) = match &check.stage {
        CheckStage::Asking(_) | CheckStage::Waiting(_) => (Tone::Busy, "Checking with Azure".to_owned()),
        CheckStage::Failed(_) => (Tone::Neutral, "Not checked".to_owned()),
        CheckStage::Done(found) if found.is_empty() => (Tone::Good, "Validation passed".to_owned()),
        CheckStage::Done(found) => (Tone::Warning, text::count(found.len(), "issue")),
    };
    badge(tone, words)
}

fn outcome(view: &PageContext, check: &Check, plan: &Plan) -> Html {
    let ago = text::relative(check.since, view.state.now);
    match &check.stage {
        CheckStage::Asking(_) | CheckStage::Waiting(_) => {
            loading(format!("Azure is validating (started {})", text::clock_time(check.since)))
        }
        CheckStage::Failed(fault) => {
            fault_card(Voice::Quiet, "Couldn't run the check", fault, &view.dispatch, &[("Try again", Msg::Check)])
        }
        CheckStage::Done(found) if found.is_empty() => {
            let body = html! { <p>{ format!("{ago}, for this exact request.") }</p> };
            notice(Notice { tone: Tone::Good, title: "Validation passed".into(), body, ..Notice::default() })
        }
        CheckStage::Done(found) => html! {
            <>
                <h3 id="findings">{ format!("Issues found by Azure ({ago})") }</h3>
                <ul class="vmr-stack" aria-labelledby="findings">{ each(found.iter().map(|f| html! { <li>{ finding(view, f, plan) }</li> })) }</ul>
            </>
        },
    }
}

fn finding(view: &PageContext, found: &Finding, plan: &Plan) -> Html {
    let to_field = field_of(found).map(|field| {
        let onclick = on_link_click(&view.dispatch, Msg::ShowField(field));
        html! { <a class="vmr-button" href={Route::Form(plan.place()).hash()} {onclick}>{ format!("Fix {}", field.label()) }</a> }
    });
    let copied = format!("{}: {}\n{}", found.code, found.message, found.recommendations.join("\n"));
    notice(Notice {
        tone: Tone::Warning,
        voice: Voice::Quiet,
        title: found.code.clone().into(),
        body: html! {
            <>
                <p>{ &found.message }</p>
                if !found.recommendations.is_empty() { <ul>{ each(found.recommendations.iter().map(|r| html! { <li>{ r }</li> })) }</ul> }
            </>
        },
        actions: Some(
            html! { <>{ each(to_field) }{ button("Copy details", "", view.on_click(Msg::Copy(copied))) }</> },
        ),
        ..Notice::default()
    })
}
