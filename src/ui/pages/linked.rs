//! A restore from a link: what the link holds, before anything is taken over; and on form and review, whether the same request comes of it.

use yew::prelude::*;

use super::PageContext;
use crate::app::msg::Msg;
use crate::app::route::Route;
use crate::export::link::{Comparison, RestoreLink};
use crate::restore::effect_sentence::quoted;
use crate::restore::plan::Plan;
use crate::restore::regional_id::RegionalId;
use crate::ui::kit::empty::empty;
use crate::ui::kit::facts::facts_wide;
use crate::ui::kit::heading::heading;
use crate::ui::kit::name::name;
use crate::ui::kit::notice::{Notice, Title, notice};
use crate::ui::kit::{Tone, button, id_text, muted};
use crate::ui::translatable::translatable;

/// The properties of [`LinkedPage`].
#[derive(PartialEq, Properties)]
pub struct LinkedPageProps {
    /// The state, and where messages go.
    pub view: PageContext,
    /// The text of the link.
    pub text: AttrValue,
}

/// The page.
#[component]
pub fn LinkedPage(LinkedPageProps { view, text }: &LinkedPageProps) -> Html {
    let lead = html! { "Opening a link starts nothing and changes nothing." };
    let content = match RestoreLink::read(text) {
        Ok(link) => shown(view, text, &link),
        Err(fault) => {
            html! { <section class="vmr-panel">{ empty("The link can't be opened", html! { <p>{ fault.to_string() }</p> }) }</section> }
        }
    };
    translatable(html! { <>{ heading("Restore from a link", lead, Html::default()) }{ content }</> })
}

fn shown(view: &PageContext, text: &AttrValue, link: &RestoreLink) -> Html {
    let place = link.place();
    let vm = machine(view, &place);
    let vault = place.vault().map(|vault| vault.name().to_owned()).unwrap_or_default();
    let region = place.secondary.as_ref().map(|region| ("Secondary region".into(), name(region.as_str())));
    let rows = [
        ("Virtual machine".into(), name(&vm)),
        ("Vault".into(), name(&vault)),
        ("Recovery point".into(), id_text(place.id.name().to_owned())),
        ("Request".into(), html! { <>{ "SHA-256 " }{ id_text(link.sha256.clone()) }</> }),
    ];
    let review = |label| button(label, "vmr-primary", view.on_click(Msg::ReviewLinked(text.to_string())));
    let next = if !view.state.is_of_cloud(link) {
        notice(Notice {
            tone: Tone::Warning,
            title: Title::with_names(&format!("This restore belongs to the cloud {}", quoted(&link.cloud))),
            body: html! { <p>{ format!("You're connected to {}. Disconnect, connect to the other cloud, and open the link again.", view.state.cloud_name()) }</p> },
            ..Notice::default()
        })
    } else if view.state.has_other_settings(link) {
        notice(Notice {
            tone: Tone::Warning,
            title: Title::with_names(&format!("You have settings for {} in this browser", quoted(&vm))),
            body: html! { <p>{ "The settings of the link replace them." }</p> },
            actions: Some(html! {
                <>
                    <a class="vmr-button" href={Route::Form(place.clone()).hash()}>{ "Keep my settings" }</a>
                    { review("Replace my settings and review") }
                </>
            }),
            ..Notice::default()
        })
    } else {
        html! { <div class="vmr-actions">{ review("Review this restore") }</div> }
    };
    html! {
        <>
            <section class="vmr-panel">
                { facts_wide(rows.into_iter().chain(region)) }
                <p>{ "The review reads everything again under your account, and tells you whether the request is the same." }</p>
            </section>
            { next }
        </>
    }
}

/// The name of the machine: nothing is read for it.
fn machine(view: &PageContext, place: &RegionalId) -> String {
    let item = place.item();
    let known = item.as_ref().and_then(|item| view.state.machine_name(item));
    let of_id = || item.as_ref().and_then(|item| item.id.name().rsplit(';').next().map(str::to_owned));
    known.or_else(of_id).unwrap_or_default()
}

/// Whether the request is that of the link that the restore was opened by; nothing if it was opened otherwise.
pub fn compared(view: &PageContext, point: &RegionalId, plan: Option<&Plan>) -> Html {
    let Some(link) = view.state.linked(point) else { return Html::default() };
    if !view.state.facts_missing(point).is_empty() {
        return muted("Comparing with the linked request…");
    }
    let hash = |sha256: &str| id_text(format!("{}…", sha256.get(..8).unwrap_or_default()));
    let (tone, title, body) = match plan.map(|plan| (plan, link.compare(plan))) {
        None => {
            let body = html! { <>{ "The linked request has SHA-256 " }{ hash(&link.sha256) }{ ". Here, something is still missing or not allowed." }</> };
            (Tone::Warning, "The linked request can't be created here", body)
        }
        Some((_, Comparison::Same)) => {
            (Tone::Good, "This is the linked request", html! { <>{ "Same SHA-256: " }{ hash(&link.sha256) }</> })
        }
        Some((plan, Comparison::Different(what))) => {
            let differs = match what.as_slice() {
                [] => "The values are the same, but the text differs: another version of VM Restore created the link."
                    .to_owned(),
                what => format!("It differs in: {}.", what.join(", ")),
            };
            let body = html! { <>{ differs }{ " Link: SHA-256 " }{ hash(&link.sha256) }{ ", here: " }{ hash(&plan.sha256) }</> };
            (Tone::Warning, "This isn't the linked request", body)
        }
    };
    notice(Notice { tone, title: title.into(), body: html! { <p>{ body }</p> }, ..Notice::default() })
}
