//! Recover files: the conditions, the request before it is sent, its progress, the script, and which recoveries run.

mod script;
mod sessions;
#[cfg(test)]
mod tests;

use azure_backup::backup::item::ProtectedItem;
use azure_backup::backup::recovery_point::RecoveryPoint;
use yew::prelude::*;

use super::PageContext;
use super::points::in_words;
use super::shown_request::{how_far, shown_request};
use crate::app::file_recovery::{FileAction, FileStage, FilesMsg, SessionStage};
use crate::app::msg::Msg;
use crate::app::route::Route;
use crate::app::shown_request::ShownRequest;
use crate::restore::effect_sentence::quoted;
use crate::restore::file_recovery::conditions::{Condition, Subject, Weight, conditions};
use crate::restore::regional_id::RegionalId;
use crate::ui::fault::fault_notice;
use crate::ui::kit::Tone;
use crate::ui::kit::button;
use crate::ui::kit::confirm::{Confirm, confirm};
use crate::ui::kit::each;
use crate::ui::kit::facts::facts;
use crate::ui::kit::heading::heading;
use crate::ui::kit::name::name;
use crate::ui::kit::notice::{Notice, Voice, notice};
use crate::ui::kit::when::{clock, when_inline};
use crate::ui::translatable::translatable;
use script::script_panel;
use sessions::sessions;

/// The properties of [`FilesPage`].
#[derive(PartialEq, Properties)]
pub struct FilesPageProps {
    /// The state, and where messages go.
    pub view: PageContext,
    /// The recovery point.
    pub point: RegionalId,
}

/// The page.
#[component]
pub fn FilesPage(FilesPageProps { view, point }: &FilesPageProps) -> Html {
    let item = point.item();
    let machine = item.as_ref().and_then(|item| view.state.machine_name(item));
    let machine = machine.map_or_else(|| "this virtual machine".to_owned(), |name| quoted(&name));
    let found = view.state.listed_point(&point.id).zip(item.as_ref().and_then(|item| view.state.item(item)));
    let vault = point.vault();
    let lead = facts([
        (
            "Recovery point".into(),
            found.as_ref().map_or_else(|| html! { "…" }, |(point, _)| in_words(point, view.state.now)),
        ),
        ("Vault".into(), each(vault.as_ref().map(|vault| name(vault.name())))),
    ]);
    let refresh = button("Refresh", "", view.on_click(Msg::Refresh));
    let content = match &found {
        _ if point.secondary.is_some() => refused(
            point,
            html! { <p>{ "Files can't be recovered in the secondary region. Use the recovery points of the primary region, or restore disks." }</p> },
        ),
        Some((known, item)) => content(view, point, known, item),
        None => view.not_yet("Loading the recovery point…"),
    };
    translatable(html! {
        <>
            { heading(format!("Recover files from {machine}"), lead, refresh) }
            { view.faults() }
            { content }
        </>
    })
}

fn content(view: &PageContext, place: &RegionalId, point: &RecoveryPoint, item: &ProtectedItem) -> Html {
    let subject = Subject { point, item, secondary: place.secondary.is_some() };
    let all: Vec<&Condition> = conditions(&subject).collect();
    let of = |weight: Weight| all.iter().filter(move |one| one.weight == weight);
    let refusals: Vec<Html> = of(Weight::Refuses).map(|one| sentence(one)).collect();
    let offer = if refusals.is_empty() {
        offer(view, place, &item.friendly_name, point)
    } else {
        refused(place, html! { <ul class="vmr-list">{ each(refusals) }</ul> })
    };
    let warnings = of(Weight::Warns).map(|one| {
        notice(Notice { tone: Tone::Warning, title: one.text.into(), body: learn_more(one), ..Notice::default() })
    });
    html! {
        <>
            { each(progress(view, place, FileAction::Revoke)) }
            { each(progress(view, place, FileAction::Provision)) }
            { each(view.state.file_script(&place.id).map(|script| script_panel(view, &place.id, script))) }
            { each(warnings) }
            { offer }
            <section class="vmr-panel">
                <h2>{ "Before you run the script" }</h2>
                <ul class="vmr-list">{ each(of(Weight::Tells).map(|one| sentence(one))) }</ul>
            </section>
            { sessions(view, place) }
        </>
    }
}

fn sentence(condition: &Condition) -> Html {
    html! { <li>{ condition.text }{ " " }{ learn_more(condition) }</li> }
}

fn learn_more(condition: &Condition) -> Html {
    html! { <a href={condition.source} target="_blank" rel="noreferrer" aria-label={format!("Learn more: {}", condition.text)}>{ "Learn more" }</a> }
}

/// That Azure has no file recovery there, and the way to restore instead.
fn refused(place: &RegionalId, why: Html) -> Html {
    notice(Notice {
        tone: Tone::Warning,
        title: "Files can't be recovered from this recovery point".into(),
        body: why,
        actions: Some(
            html! { <a class="vmr-button" href={Route::Form(place.clone()).hash()}>{ "Restore instead" }</a> },
        ),
        ..Notice::default()
    })
}

/// The question for the script, or that a recovery runs, with what can be done about it.
fn offer(view: &PageContext, place: &RegionalId, machine: &str, point: &RecoveryPoint) -> Html {
    if view.state.is_recovering_files(&place.id) {
        return Html::default();
    }
    let Some(shown) = view.state.provision_request(place) else {
        let body = html! { <p>{ "Azure's data doesn't identify the VM, so a script can't be requested." }</p> };
        return notice(Notice {
            tone: Tone::Warning,
            title: "A script can't be requested".into(),
            body,
            ..Notice::default()
        });
    };
    if view.state.has_file_session(&place.id) {
        return running(view, place, point, &shown);
    }
    let question = format!(
        "Azure attaches the disks of {}, as they were at this recovery point, to the machine that runs its script. The VM and the backup aren't changed.",
        quoted(machine)
    );
    let ask = confirm(Confirm {
        id: "request-script".into(),
        label: "Request the script",
        class: "vmr-primary",
        harmless: true,
        title: "Request a script for file recovery?",
        text: question.into(),
        more: shown_request(&shown),
        keep: "Don't request",
        on: send(view, place, FileAction::Provision, &shown),
        ..Confirm::default()
    });
    html! {
        <section class="vmr-panel">
            <h2>{ "Request the script" }</h2>
            <p>{ "Azure prepares a script with a password. You run it on a machine that can read the disks, then copy your files. This page can't run it." }</p>
            <div class="vmr-actions">{ ask }</div>
        </section>
    }
}

fn send(view: &PageContext, place: &RegionalId, action: FileAction, shown: &ShownRequest) -> Callback<MouseEvent> {
    let (point, sha256) = (place.id.clone(), shown.sha256.clone());
    view.on_confirmed_click(Msg::Files(FilesMsg::Send { point, action, sha256 }))
}

/// That the disks are attached: until when, what of it this tab has, and what can be done.
fn running(view: &PageContext, place: &RegionalId, point: &RecoveryPoint, shown: &ShownRequest) -> Html {
    let now = view.state.now;
    let session = view.state.file_session(&place.id).filter(|session| session.stage <= SessionStage::Running);
    let has_script = view.state.file_script(&place.id).is_some();
    let time = session.map(|session| match session.ends() {
        ends if ends <= now => html! { <p>{ "Its script stopped working at " }{ clock(ends) }{ "." }</p> },
        ends => html! { <p>{ "Its script works until " }{ when_inline(ends, now) }{ "." }</p> },
    });
    let other = || html! { <p>{ "It wasn't started in this browser by your account, or a day has passed. Its end isn't known here." }</p> };
    let lost = "This page has no script or password for it: they're kept only in the tab that requested them, until it's reloaded or closed.";
    let attached = match point.files_session {
        Some(true) => "Azure lists the disks of this recovery point as attached.",
        _ => "Azure's list doesn't say whether the disks are attached. The request was made in this browser.",
    };
    let again = confirm(Confirm {
        id: "renew-script".into(),
        label: "Get a new script",
        harmless: true,
        title: "Request a new script?",
        text: "A file recovery is already running for this recovery point. Request a new script only if you no longer have the script or its password: don't request one again and again."
            .into(),
        more: shown_request(shown),
        keep: "Don't request",
        on: send(view, place, FileAction::Provision, shown),
        ..Confirm::default()
    });
    notice(Notice {
        tone: Tone::Info,
        title: "A file recovery is running".into(),
        body: html! {
            <>
                <p>{ attached }</p>
                { time.unwrap_or_else(other) }
                if !has_script { <p>{ lost }</p> }
            </>
        },
        actions: Some(html! { <>{ stop(view, place, "stop", None) }{ again }</> }),
        ..Notice::default()
    })
}

/// The button that detaches the disks, with its question.
fn stop(view: &PageContext, place: &RegionalId, id: &str, in_row: Option<String>) -> Html {
    let shown = view.state.revoke_request(&place.id);
    confirm(Confirm {
        id: id.to_owned().into(),
        label: "Stop (unmount)",
        in_row: in_row.map(|what| ("Stop…", what)),
        title: "Stop the file recovery?",
        text: "Azure detaches the disks from each machine that runs the script, and the script stops working. Copies that are in progress fail.".into(),
        more: shown_request(&shown),
        keep: "Keep it running",
        on: send(view, place, FileAction::Revoke, &shown),
        ..Confirm::default()
    })
}

/// How far a request of this tab is.
fn progress(view: &PageContext, place: &RegionalId, action: FileAction) -> Option<Html> {
    let (doing, failed, unknown) = match action {
        FileAction::Provision => (
            "Preparing the script",
            "The script wasn't provided",
            "We don't know whether Azure attached the disks. Refresh: the list below shows whether a recovery is running",
        ),
        FileAction::Revoke => (
            "Stopping the file recovery",
            "The file recovery wasn't stopped",
            "We don't know whether Azure stopped the file recovery. Refresh: the list below shows whether it's running",
        ),
    };
    let note = |tone, title: &'static str, body: Html| {
        Some(notice(Notice { tone, voice: Voice::Note, title: title.into(), body, ..Notice::default() }))
    };
    match &view.state.file_request(&place.id, action)?.stage {
        FileStage::Following(follower) => note(Tone::Busy, doing, how_far(follower)),
        FileStage::Scripts { fault: None, .. } => {
            note(Tone::Busy, doing, html! { <p>{ "The disks are attached. The script is being read." }</p> })
        }
        FileStage::Scripts { fault: Some(fault), .. } => {
            let again = [("Try again", Msg::Files(FilesMsg::ReadScripts(place.id.clone())))];
            let what = "The disks are attached, but the script couldn't be read";
            Some(fault_notice(what, fault, &view.dispatch, &again))
        }
        FileStage::Ready(Ok(_)) => None,
        FileStage::Ready(Err(why)) => note(
            Tone::Bad,
            "The script can't be shown",
            html! { <p>{ format!("{} The disks are attached: stop the recovery here, or get the script with Azure's portal or CLI.", why.sentence()) }</p> },
        ),
        FileStage::Stopped => note(
            Tone::Good,
            "File recovery stopped",
            html! { <p>{ "Azure has detached the disks. The script and its password no longer work." }</p> },
        ),
        FileStage::Failed { fault, unknown: lost } => {
            Some(fault_notice(if *lost { unknown } else { failed }, fault, &view.dispatch, &[]))
        }
    }
}
