//! Activating an eligible role beside the permission that is missing: the button, the form, the request before it leaves, what Azure says of it.

use azure_backup::arm::role_activation::ActivationStatus;
use yew::prelude::*;

use crate::app::activation::{ActivatableRole, Activation, ActivationForm, ActivationMsg, ActivationStage};
use crate::app::msg::Msg;
use crate::readiness::MissingActions;
use crate::restore::effect_sentence::quoted;
use crate::ui::fault::fault_notice;
use crate::ui::kit::confirm::{Confirm, confirm};
use crate::ui::kit::empty::loading;
use crate::ui::kit::field::{Field, Kind, field};
use crate::ui::kit::field_hints::FieldHints;
use crate::ui::kit::{button, each, small_button};
use crate::ui::pages::PageContext;
use crate::ui::pages::shown_request::shown_request;
use crate::ui::text::with_names;

/// The roles that can be activated here for what is missing; nothing where there are none.
pub fn roles(view: &PageContext, missing: &[MissingActions]) -> Html {
    html! { <>{ each(view.state.activatable(missing).iter().map(|of| role(view, of))) }</> }
}

/// The roles that were activated here and that nothing is missing of any more.
pub fn activated(view: &PageContext, missing: &[MissingActions]) -> Html {
    html! { <>{ each(view.state.activated(missing).into_iter().map(|one| said(view, one))) }</> }
}

fn role(view: &PageContext, of: &ActivatableRole) -> Html {
    let sent = view.state.activation_of(&of.role);
    let open = view.state.activation_form.as_ref().filter(|form| form.of.is(&of.role));
    let said = sent.map(|one| said(view, one));
    let waits = sent.is_some_and(|one| match &one.stage {
        ActivationStage::Sending(_) => true,
        ActivationStage::Answered(Some(ActivationStatus::Done)) => !one.ends,
        ActivationStage::Answered(status) => one.ends || !matches!(status, Some(ActivationStatus::Refused(_))),
        ActivationStage::Failed { .. } => one.ends,
    });
    let rest = match open {
        _ if waits => Html::default(),
        Some(form) => panel(view, form),
        None => {
            let open = view.on_click(Msg::Activation(ActivationMsg::Open(of.clone())));
            let what = format!("Activate the role {}", of.role.role);
            html! { <p>{ with_names(&format!("You can activate the role {} here. ", quoted(&of.role.role))) }{ small_button("Activate…", what, open) }</p> }
        }
    };
    html! { <div class="vmr-stack" key={format!("{} {}", of.role.scope, of.role.definition)}>{ each(said) }{ rest }</div> }
}

/// What has become of the request that left last, and the way to deactivate a role that is active.
fn said(view: &PageContext, sent: &Activation) -> Html {
    let end = view.state.deactivation_request(sent).map(|shown| {
        let place = sent.role.scope_name.as_deref().unwrap_or(&sent.role.scope);
        let role = quoted(&sent.role.role);
        confirm(Confirm {
            // There may be several.
            id: format!("deactivate-{}", shown.sha256).into(),
            label: "Deactivate role",
            in_row: Some(("Deactivate…", format!("Deactivate the role {}", sent.role.role))),
            title: "Deactivate the role?",
            text: format!(
                "This takes the role {role} on {} from your account. You can activate it again.",
                quoted(place)
            )
            .into(),
            more: shown_request(&shown),
            keep: "Keep active",
            on: view.on_confirmed_click(Msg::Activation(ActivationMsg::Deactivate(
                sent.role.clone(),
                shown.sha256.clone(),
            ))),
            ..Confirm::default()
        })
    });
    html! { <div class="vmr-stack">{ outcome(view, sent) }{ each(end.map(|end| html! { <div class="vmr-actions">{ end }</div> })) }</div> }
}

fn outcome(view: &PageContext, sent: &Activation) -> Html {
    let role = quoted(&sent.role.role);
    let text = match &sent.stage {
        ActivationStage::Sending(_) if sent.ends => return loading("Asking Azure to deactivate the role…"),
        ActivationStage::Answered(Some(ActivationStatus::Done)) if sent.ends => {
            format!("Azure has deactivated the role {role}. It can take minutes until its permissions are gone.")
        }
        ActivationStage::Answered(Some(ActivationStatus::Refused(word))) if sent.ends => {
            format!("Azure didn't deactivate the role {role}. The status of the request is {}.", quoted(word))
        }
        ActivationStage::Answered(status) if sent.ends => {
            let word = match status {
                Some(ActivationStatus::Pending(word)) => format!(" Its status is {}.", quoted(word)),
                _ => String::new(),
            };
            format!("Azure accepted the request to deactivate the role {role}.{word} Refresh to check the permissions.")
        }
        ActivationStage::Failed { fault, unknown } if sent.ends => {
            let what = match unknown {
                true => "We don't know whether Azure received the request. You can safely deactivate the role again",
                false => "The role wasn't deactivated",
            };
            return fault_notice(what, fault, &view.dispatch, &[]);
        }
        ActivationStage::Sending(_) => return loading("Asking Azure to activate the role…"),
        ActivationStage::Answered(Some(ActivationStatus::Done)) => {
            format!(
                "Azure has activated the role {role}. It can take minutes until its permissions apply: refresh to check again."
            )
        }
        ActivationStage::Answered(Some(ActivationStatus::NeedsApproval)) => {
            format!("Someone must approve the activation of the role {role}. Refresh after that.")
        }
        ActivationStage::Answered(Some(ActivationStatus::Pending(word))) => {
            format!("Azure is activating the role {role}. Its status is {}. Refresh to check again.", quoted(word))
        }
        ActivationStage::Answered(Some(ActivationStatus::Refused(word))) => {
            format!("Azure didn't activate the role {role}. The status of the request is {}.", quoted(word))
        }
        ActivationStage::Answered(None) => {
            format!(
                "Azure accepted the request for the role {role}, but didn't say how it stands. Refresh to check the permissions."
            )
        }
        ActivationStage::Failed { fault, unknown } => {
            let what = if *unknown {
                "We don't know whether Azure received the request. Refresh, and send it again if the permissions are still missing"
            } else {
                "The role wasn't activated"
            };
            return fault_notice(what, fault, &view.dispatch, &[]);
        }
    };
    html! { <p>{ with_names(&text) }</p> }
}

fn panel(view: &PageContext, form: &ActivationForm) -> Html {
    let rules = form.of.rules.as_deref().cloned().unwrap_or_default();
    let place = form.of.role.scope_name.as_deref().unwrap_or(&form.of.role.scope);
    let send = match (form.problem(), view.state.activation_request(form)) {
        (Some(problem), _) => html! { <p class="vmr-hint">{ problem }</p> },
        (None, None) => {
            html! { <p class="vmr-hint">{ "Azure doesn't say where the role applies. Activate it in the Azure portal." }</p> }
        }
        (None, Some(shown)) => {
            let text = format!(
                "This gives your account the role {} on {} for {} minutes. Azure logs it with the justification.",
                quoted(&form.of.role.role),
                quoted(place),
                form.minutes.trim()
            );
            confirm(Confirm {
                id: "activate-role".into(),
                label: "Activate role",
                // It takes nothing away, and ends by itself.
                harmless: true,
                title: "Activate the role?",
                text: text.into(),
                more: shown_request(&shown),
                keep: "Don't activate",
                on: view.on_confirmed_click(Msg::Activation(ActivationMsg::Send(shown.sha256.clone()))),
                ..Confirm::default()
            })
        }
    };
    let typed =
        |make: fn(String) -> ActivationMsg| view.on_input(move |said| Some(Msg::Activation(make(said.to_owned()))));
    let longest = form.of.longest();
    let at_most =
        longest.map_or("Your organization's limit isn't known here".to_owned(), |longest| format!("At most {longest}"));
    html! {
        <section class="vmr-panel" aria-labelledby="activation-title">
            <h3 id="activation-title">{ with_names(&format!("Activate the role {} on {}", quoted(&form.of.role.role), quoted(place))) }</h3>
            <div class="vmr-fields">
                { field(Field {
                    id: "activation-justification".into(),
                    label: "Justification".into(),
                    value: form.justification.clone().into(),
                    on: typed(ActivationMsg::Justification),
                    required: rules.justification,
                    ..Field::default()
                }) }
                if rules.ticket {
                    { field(Field {
                        id: "activation-ticket".into(),
                        label: "Ticket number".into(),
                        value: form.ticket.clone().into(),
                        on: typed(ActivationMsg::Ticket),
                        required: true,
                        ..Field::default()
                    }) }
                }
                { field(Field {
                    id: "activation-minutes".into(),
                    label: "Duration in minutes".into(),
                    value: form.minutes.clone().into(),
                    on: typed(ActivationMsg::Minutes),
                    kind: Kind::Number,
                    notes: FieldHints::hint(at_most),
                    required: true,
                    min: Some("1".into()),
                    max: longest.map(|longest| longest.to_string().into()),
                }) }
            </div>
            if rules.approval { <p>{ "Someone must approve this activation." }</p> }
            if rules.strong_sign_in { <p>{ "Azure may ask you to sign in again with a stronger method." }</p> }
            <div class="vmr-actions">
                { send }
                { button("Cancel", "", view.on_click(Msg::Activation(ActivationMsg::Close))) }
            </div>
        </section>
    }
}
