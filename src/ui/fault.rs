//! The notice of a failed call: what happened, what to do, and everything that support will ask for.

mod advice;
mod permission;
mod support;

pub use advice::advice;
pub use permission::MissingPermission;
pub use support::SupportLine;

use azure_backup::arm::fault::{Fault, FaultKind};
use yew::prelude::*;

use super::kit::notice::{Notice, Voice, notice};
use super::kit::{Tone, button};
use super::pages::on_click;
use crate::app::msg::Msg;
use crate::ui::kit::each;

/// The notice of a fault. `what` failed, in a few words: `The vaults could not be read`. `again` are the buttons that help.
pub fn fault_notice(what: &str, fault: &Fault, dispatch: &Callback<Msg>, again: &[(&'static str, Msg)]) -> Html {
    fault_card(Voice::Alert, what, fault, dispatch, again)
}

/// The same; `voice` says whether a screen reader announces it.
pub fn fault_card(
    voice: Voice,
    what: &str,
    fault: &Fault,
    dispatch: &Callback<Msg>,
    again: &[(&'static str, Msg)],
) -> Html {
    let details = details_of(fault);
    let text = details_text(what, fault);
    let copy = on_click(dispatch, Msg::Copy(text));
    let asked = MissingPermission::of(fault)
        .map(|missing| button("Copy access request", "", on_click(dispatch, Msg::Copy(missing.request(what, fault)))));
    let again = again.iter().map(|(label, msg)| button(label, "", on_click(dispatch, msg.clone())));
    notice(Notice {
        tone: if fault.is_retryable() { Tone::Warning } else { Tone::Bad },
        voice,
        title: what.to_owned().into(),
        body: html! {
            <>
                <p>{ fault.message.clone() }</p>
                if let Some(advice) = advice(fault) { <p>{ advice }</p> }
                if !fault.details.is_empty() {
                    <ul>{ each(fault.details.iter().map(|d| html! { <li><code translate="no">{ d.code.clone() }</code>{ " " }{ d.message.clone() }</li> })) }</ul>
                }
                <SupportLine />
            </>
        },
        details,
        actions: Some(html! { <>{ button("Copy details", "", copy) }{ each(asked) }{ each(again) }</> }),
    })
}

/// Names and values of all details of a fault.
pub fn details_of(fault: &Fault) -> Vec<(AttrValue, AttrValue)> {
    let path = match &fault.kind {
        FaultKind::Body { path } => Some(path.clone()),
        _ => None,
    };
    [
        ("Code", Some(fault.code.clone())),
        ("Target", fault.target.clone()),
        ("Status", fault.status.map(|s| s.to_string())),
        ("Call", Some(fault.call.clone())),
        ("In the response at", path),
        ("Request ID", fault.request_id.clone()),
        ("Correlation ID", fault.correlation_id.clone()),
        ("Failure cause", fault.failure_cause.clone()),
        ("Additional information", fault.additional.as_ref().map(ToString::to_string)),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name.into(), value.filter(|v| !v.is_empty())?.into())))
    .collect()
}

/// The same as text for the clipboard.
pub fn details_text(what: &str, fault: &Fault) -> String {
    let mut lines = vec![what.to_owned(), format!("Message: {}", fault.message)];
    lines.extend(details_of(fault).into_iter().map(|(name, value)| format!("{name}: {value}")));
    lines.extend(fault.details.iter().map(|d| format!("Detail: {} {}", d.code, d.message)));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::super::kit::test::html_of;
    use super::*;

    #[test]
    fn a_fault_keeps_azures_words_and_ids_and_can_be_copied() {
        let mut fault = Fault::reported("POST /restore", "CloudInvalidInputError", "Input is invalid.");
        fault.request_id = Some("7f1b".to_owned());
        fault.status = Some(400);
        let html = html_of(fault_notice(
            "Azure rejected the request",
            &fault,
            &Callback::noop(),
            &[("Try again", Msg::Refresh)],
        ));
        for text in
            ["role=\"alert\"", "CloudInvalidInputError", "Input is invalid.", "7f1b", "Copy details", "Try again"]
        {
            assert!(html.contains(text), "{text}: {html}");
        }
        assert!(details_text("x", &fault).contains("Request ID: 7f1b"));
    }

    #[test]
    fn a_missing_token_says_what_to_do() {
        let fault = Fault::no_token("GET /subscriptions", "There is no token.");
        assert!(advice(&fault).is_some_and(|a| a.contains("connect with a new token")));
    }
}
