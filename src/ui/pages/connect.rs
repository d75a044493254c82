//! Sign-in, the demo, or an access token.

use yew::prelude::*;

use super::{PageContext, PageProps};
use crate::app::msg::Msg;
use crate::app::route::Route;
use crate::app::session::{Secret, Session};
use crate::app::sign_in::Interaction;
use crate::ui::kit::code::code;
use crate::ui::kit::dom::written;
use crate::ui::kit::each;
use crate::ui::kit::facts::facts_wide;
use crate::ui::kit::field::{Field, Kind, field};
use crate::ui::kit::field_hints::FieldHints;
use crate::ui::kit::heading::heading;
use crate::ui::kit::notice::{Notice, notice};
use crate::ui::kit::{button, id_text};
use crate::ui::translatable::translatable;

/// The page.
#[component]
pub fn ConnectPage(PageProps { view }: &PageProps) -> Html {
    let state = &*view.state;
    let lead =
        "Pick a VM and a recovery point, review exactly what will be sent, and track the restore until it's done.";
    let connected = (state.session != Session::Disconnected).then(|| {
        notice(Notice {
            title: "You're connected".into(),
            actions: Some(html! { <a class="vmr-button" href={Route::Vms(Default::default()).hash()}>{ "Choose a virtual machine" }</a> }),
            ..Notice::default()
        })
    });
    let allow = state.config.allow;
    let none = !state.can_sign_in() && !allow.demo && !allow.pasted_tokens;
    let forbidden = match (allow.demo, allow.pasted_tokens) {
        _ if state.hosted => None,
        _ if none => Some(
            "You can't connect: this site's config.json sets up no sign-in, and allows neither the demo nor pasted access tokens.",
        ),
        (true, true) => None,
        (false, true) => Some("This site's config.json doesn't allow the demo."),
        (true, false) => Some("This site's config.json doesn't allow pasted access tokens."),
        (false, false) => Some("This site's config.json allows neither the demo nor pasted access tokens."),
    };
    let demo = if state.can_sign_in() { "" } else { "vmr-primary" };
    translatable(html! {
        <>
            { heading("Restore an Azure virtual machine", html! { lead }, Html::default()) }
            { each(connected) }
            <div class="vmr-columns vmr-even">
                if state.can_sign_in() { { sign_in(view) } }
                if !state.hosted && allow.demo {
                <section class="vmr-panel">
                    <h2>{ "Try the demo" }</h2>
                    <p>{ "Explore with simulated vaults, VMs and failures. Nothing leaves your browser and you don't need an account." }</p>
                    <div class="vmr-actions">
                        { button("Start the demo", demo, view.on_click(Msg::StartDemo)) }
                        { button("Try the region-outage scenario", "", view.on_click(Msg::Practise)) }
                        { button("Practice: ransomware at 02:10", "", view.on_click(Msg::PractisePlan)) }
                    </div>
                </section>
                }
                if !state.hosted && allow.pasted_tokens {
                <section class="vmr-panel">
                    <h2>{ "Use an access token" }</h2>
                    <p>{ "This page calls Azure Resource Manager directly with your permissions. Your token stays in this tab's memory and is sent only to Azure." }</p>
                    { token_form(view) }
                </section>
                }
            </div>
            if let Some(forbidden) = forbidden { <p class="vmr-hint">{ forbidden }</p> }
        </>
    })
}

fn sign_in(view: &PageContext) -> Html {
    let cloud = view.state.cloud();
    let how = if view.state.hosted {
        "The embedding page signs you in and provides tokens. They're used for Azure Resource Manager with your permissions, stay in memory and are sent only to Azure."
    } else {
        "Use your work or school account. This page calls Azure Resource Manager directly with your permissions; tokens stay in this tab and are sent only to Azure."
    };
    html! {
        <section class="vmr-panel">
            <h2>{ "Sign in" }</h2>
            <p>{ how }</p>
            { facts_wide([("Cloud".into(), html! { cloud.name }), ("Azure Resource Manager".into(), id_text(cloud.arm.to_string()))]) }
            <div class="vmr-actions">
                { button("Sign in", "vmr-primary", view.on_click(Msg::SignIn(Interaction::Popup))) }
                if !view.state.hosted { { button("Sign in without a pop-up", "", view.on_click(Msg::SignIn(Interaction::Redirect))) } }
            </div>
        </section>
    }
}

const TOKEN: &str = "access-token";

/// The form. The pasted token stays in its field until it is submitted, and never becomes part of the state.
fn token_form(view: &PageContext) -> Html {
    let cloud = view.state.cloud();
    let command = format!("az account get-access-token --resource {} --query accessToken --output tsv", cloud.arm);
    let dispatch = view.dispatch.clone();
    let onsubmit = Callback::from(move |e: SubmitEvent| {
        e.prevent_default();
        dispatch.emit(Msg::Connect(Secret::new(written(&e, TOKEN).trim().to_owned())));
    });
    let copy = view.on_click(Msg::Copy(command.clone()));
    let notes = FieldHints {
        error: view.state.token_error.as_ref().map(|e| e.to_string().into()),
        ..FieldHints::hint(
            "Paste only the token, without quotes. Tokens last about an hour; running restores continue in Azure after that.",
        )
    };
    html! {
        <form class="vmr-stack" {onsubmit}>
            <div class="vmr-field">
                <p class="vmr-hint">{ "Get one with the Azure CLI (signed in to the right tenant):" }</p>
                { code("the command", command, copy) }
            </div>
            { field(Field { id: TOKEN.into(), label: "Access token".into(), kind: Kind::Area, notes, required: true, ..Field::default() }) }
            { facts_wide([("Azure Resource Manager".into(), id_text(cloud.arm.to_string()))]) }
            <div class="vmr-actions"><button type="submit" class="vmr-primary">{ "Connect" }</button></div>
        </form>
    }
}
