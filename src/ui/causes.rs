//! Messages about what could not be read: one for each cause, with everything that support will ask for.

use azure_backup::arm::fault::FaultKind;
use yew::prelude::*;

use super::fault::{MissingPermission, SupportLine, advice, details_of, details_text, fault_card};
use super::kit::facts::facts_wide;
use super::kit::id_text;
use super::kit::notice::{Notice, Voice, notice};
use super::kit::{Tone, button};
use super::pages::on_click;
use crate::app::causes::{Cause, CauseKind};
use crate::app::key::Key;
use crate::app::msg::Msg;
use crate::ui::kit::each;

/// The notice of a cause. `vaults` is the number of vaults whose items were read; `again` are the buttons. It is not announced: a live region of the page
/// announces the [`title`] of each cause once.
pub fn cause_notice(
    cause: &Cause,
    vaults: usize,
    rest_is_shown: bool,
    dispatch: &Callback<Msg>,
    again: &[(&'static str, Msg)],
) -> Html {
    let [(key, fault), more @ ..] = cause.failed.as_slice() else { return Html::default() };
    if more.is_empty() {
        return fault_card(Voice::Quiet, &what(key), fault, dispatch, again);
    }
    let text: Vec<String> = cause.failed.iter().map(|(key, fault)| details_text(&what(key), fault)).collect();
    let copy = on_click(dispatch, Msg::Copy(text.join("\n\n")));
    let missing = cause.failed.iter().filter_map(|(key, fault)| Some((key, fault, MissingPermission::of(fault)?)));
    let asked: Vec<String> = missing.map(|(key, fault, missing)| missing.request(&what(key), fault)).collect();
    let asked = (!asked.is_empty())
        .then(|| button("Copy access request", "", on_click(dispatch, Msg::Copy(asked.join("\n\n")))));
    let again = again.iter().map(|(label, msg)| button(label, "", on_click(dispatch, msg.clone())));
    let one = |(key, fault): &(Key, _)| {
        let fault: &std::rc::Rc<azure_backup::arm::fault::Fault> = fault;
        let facts = details_of(fault).into_iter().map(|(name, value)| (name, id_text(value)));
        html! { <li><strong>{ what(key) }</strong><p>{ fault.message.clone() }</p>{ facts_wide(facts) }</li> }
    };
    // Calls that failed for one cause may need different remedies: each names its own lock or policy.
    let mut ways: Vec<AttrValue> = Vec::new();
    for way in cause.failed.iter().filter_map(|(_, fault)| advice(fault)) {
        if !ways.contains(&way) {
            ways.push(way);
        }
    }
    let tone = match cause.why {
        // Missing permission for some of them is normal.
        CauseKind::Denied if rest_is_shown => Tone::Info,
        _ if fault.is_retryable() => Tone::Warning,
        _ => Tone::Bad,
    };
    notice(Notice {
        tone,
        voice: Voice::Quiet,
        title: title(cause, vaults).into(),
        body: html! {
            <>
                { each(ways.into_iter().map(|way| html! { <p>{ way }</p> })) }
                <details><summary>{ format!("Show all {}", cause.failed.len()) }</summary><ul class="vmr-failed">{ each(cause.failed.iter().map(one)) }</ul></details>
                <SupportLine />
            </>
        },
        actions: Some(html! { <>{ button("Copy details", "", copy) }{ each(asked) }{ each(again) }</> }),
        ..Notice::default()
    })
}

/// What happened, in a line, with the number of calls.
pub fn title(cause: &Cause, vaults: usize) -> String {
    let n = cause.failed.len();
    if let [(key, _)] = cause.failed.as_slice() {
        return what(key);
    }
    let of_vaults = cause.failed.iter().all(|(key, _)| matches!(key, Key::Items(_)));
    let failed =
        if of_vaults { format!("{n} of {vaults} vaults couldn't be loaded") } else { format!("{n} requests failed") };
    match &cause.why {
        CauseKind::Unreachable => format!("No response from Azure to {n} requests"),
        CauseKind::SignIn => format!("{n} requests weren't accepted: sign in again"),
        CauseKind::TokenLate => format!("{n} requests weren't sent: no access token in time"),
        CauseKind::Throttled => format!("{failed}: Azure is limiting requests"),
        CauseKind::Denied => format!("{failed}: no permission"),
        CauseKind::Other(FaultKind::TimedOut, ..) => format!("{failed}: no response in time"),
        CauseKind::Other(_, Some(status), code) => format!("{failed}: {code} (HTTP {status})").replace(":  (", ": ("),
        CauseKind::Other(_, None, code) if code.is_empty() => failed,
        CauseKind::Other(_, None, code) => format!("{failed}: {code}"),
    }
}

/// What failed, and for which resource if there are several.
fn what(key: &Key) -> String {
    let of = match key {
        Key::Items(id)
        | Key::DeletedVaults(id)
        | Key::SecondaryItems(id)
        | Key::Vault(id)
        | Key::Jobs(id)
        | Key::SecondaryJobs(_, id)
        | Key::Encryption(id)
        | Key::Guards(id) => {
            format!(" for {}", id.name())
        }
        _ => String::new(),
    };
    match key {
        Key::Exists(_) => format!("Couldn't check {}{of}", key.things()),
        _ => format!("Couldn't load {}{of}", key.things()),
    }
}
