//! The page as a browser would receive it.

use azure_backup::arm::fault::Fault;
use std::rc::Rc;
use time::Duration;

use crate::app::file_recovery::{FileAction, FileRequest, FileSession, FileStage, SessionStage};
use crate::app::follower::Follower;
use crate::app::key::{Answer, Key};
use crate::app::route::Route;
use crate::app::state::State;
use crate::restore::file_recovery::HiddenText;
use crate::restore::file_recovery::script::{NoScript, RecoveryScript, ScriptSource};
use crate::restore::regional_id::RegionalId;
use crate::restore::sample;
use crate::ui::pages::tests::{assert_sound, at, state};

const PASSWORD: &str = "e3632984e51f496";

/// The page of the sample's point, attached or not.
fn page(attached: bool) -> (State, RegionalId) {
    let (mut state, place) = state(None);
    let mut facts = sample::facts();
    Rc::make_mut(&mut facts.point).files_session = Some(attached);
    let machine = facts.item.source_resource_id.clone();
    Rc::make_mut(&mut facts.item).virtual_machine_id = machine;
    let (item, vault) = (place.item().unwrap().id, place.vault().unwrap());
    state.catalog.entry_mut(&Key::Items(vault)).value = Some(Answer::Items([facts.item].into()));
    state.catalog.entry_mut(&Key::Point(place.id.clone())).value = Some(Answer::Point(facts.point.clone()));
    state.catalog.entry_mut(&Key::Points(item)).value = Some(Answer::Points([facts.point].into()));
    (state, place)
}

fn with(state: &mut State, place: &RegionalId, action: FileAction, stage: FileStage) {
    let identity = state.identity();
    let version = state.settings.versions.primary.clone();
    state.file_requests = vec![FileRequest { point: place.id.clone(), action, identity, version, call: None, stage }];
}

fn script(windows: bool, source: ScriptSource) -> FileStage {
    let password = Some(HiddenText::new(PASSWORD.to_owned()));
    FileStage::Ready(Ok(Rc::new(RecoveryScript { windows, file_name: "web_1_2_ab.exe".to_owned(), password, source })))
}

#[test]
fn the_request_is_shown_before_it_is_sent() {
    let (state, place) = page(false);
    let html = at(&state, Route::Files(place));
    assert_sound(&html, "file recovery");
    for word in [
        "Request the script",
        "provisionInstantItemRecovery",
        "IaasVMILRRegistrationRequest",
        "SHA-256",
        "12 hours",
        "3260",
        "No file recoveries",
    ] {
        assert!(html.contains(word), "{word}: {html}");
    }
    assert!(!html.contains("Get a new script") && !html.contains("renewExistingRegistration"), "{html}");
}

#[test]
fn a_running_recovery_is_renewed_only_by_a_question_and_can_be_stopped() {
    let (mut state, place) = page(true);
    let html = at(&state, Route::Files(place.clone()));
    assert_sound(&html, "a stranger's recovery");
    for word in [
        "A file recovery is running",
        "Its end isn't known here",
        "Request a new script?",
        "renewExistingRegistration",
        "revokeInstantItemRecovery",
        "It has no body.",
    ] {
        assert!(html.contains(word), "{word}: {html}");
    }
    assert!(!html.contains("Request the script"), "{html}");
    let (identity, now) = (state.identity(), state.now);
    state.file_sessions.put(FileSession {
        point: place.id.clone(),
        machine: "web-01".to_owned(),
        cloud: identity.cloud,
        owner: identity.owner,
        requested: now - Duration::hours(2),
        stage: SessionStage::Running,
        told: false,
    });
    let html = at(&state, Route::Files(place.clone()));
    assert!(html.contains("Its script works until") && html.contains("2026-05-14 22:00 UTC"), "{html}");
    state.now += Duration::hours(11);
    let html = at(&state, Route::Files(place));
    assert!(html.contains("Its script stopped working at") && html.contains("Attached, script expired"), "{html}");
}

#[test]
fn the_password_is_no_part_of_the_page_until_it_is_asked_for() {
    let (mut state, place) = page(true);
    let url = "https://download.microsoft.com/x/IaaSVMILRExeForWindows.exe";
    with(&mut state, &place, FileAction::Provision, script(true, ScriptSource::Link(url.to_owned())));
    let html = at(&state, Route::Files(place.clone()));
    assert_sound(&html, "a program");
    for word in [
        "web_1_2_ab.exe",
        "Show the password",
        "Copy the password",
        "Invoke-WebRequest",
        url,
        "can't rename a download",
    ] {
        assert!(html.contains(word), "{word}: {html}");
    }
    assert!(!html.contains(PASSWORD) && !html.contains("Save the script"), "{html}");
    let text = ScriptSource::Text(HiddenText::new("print(1)".to_owned()));
    with(&mut state, &place, FileAction::Provision, script(false, text));
    let html = at(&state, Route::Files(place));
    assert_sound(&html, "a script");
    assert!(html.contains("Save the script") && html.contains("chmod +x") && !html.contains("print(1)"), "{html}");
}

#[test]
fn how_far_it_is_stands_on_the_page() {
    let fault = |unknown| FileStage::Failed { fault: Rc::new(Fault::reported("", "Denied", "No.")), unknown };
    let sent = || FileStage::Following(Follower::sample());
    let scripts = |fault: Option<Rc<Fault>>| FileStage::Scripts { operation: "o".to_owned(), fault };
    let no = Rc::new(Fault::reported("", "Denied", "No."));
    for (action, stage, says, offered) in [
        (FileAction::Provision, sent(), "Preparing the script", false),
        (FileAction::Provision, scripts(None), "The script is being read", false),
        (FileAction::Provision, scripts(Some(no)), "the script couldn't be read", true),
        (FileAction::Provision, FileStage::Ready(Err(NoScript::UnknownName)), "The script can't be shown", true),
        (FileAction::Provision, fault(false), "The script wasn't provided", true),
        (FileAction::Provision, fault(true), "know whether Azure attached the disks", true),
        (FileAction::Revoke, sent(), "Stopping the file recovery", false),
        (FileAction::Revoke, FileStage::Stopped, "Azure has detached the disks", true),
        (FileAction::Revoke, fault(true), "know whether Azure stopped", true),
    ] {
        let (mut state, place) = page(false);
        with(&mut state, &place, action, stage);
        let html = at(&state, Route::Files(place));
        assert_sound(&html, says);
        assert!(html.contains(says), "{says}: {html}");
        assert_eq!(html.contains("<dialog id=\"request-script\""), offered, "{says}");
    }
}

#[test]
fn where_azure_has_none_it_is_not_offered() {
    let (mut state, place) = page(false);
    let mut facts = sample::facts();
    Rc::make_mut(&mut facts.point).encrypted = true;
    state.catalog.entry_mut(&Key::Point(place.id.clone())).value = Some(Answer::Point(facts.point));
    let html = at(&state, Route::Files(place.clone()));
    assert_sound(&html, "an encrypted machine");
    assert!(html.contains("can't be recovered from an encrypted VM") && html.contains("Restore instead"), "{html}");
    assert!(!html.contains("request-script"), "{html}");
    let there = RegionalId { secondary: Some(azure_backup::arm::id::Region::new("northeurope")), ..place };
    let html = at(&state, Route::Files(there));
    assert_sound(&html, "the secondary region");
    assert!(html.contains("can't be recovered in the secondary region"), "{html}");
}

#[test]
fn points_and_their_form_lead_there() {
    let (state, place) = page(true);
    let link = Route::Files(place.clone()).hash();
    for route in [Route::Points(place.item().unwrap()), Route::Form(place)] {
        let html = at(&state, route);
        assert!(html.contains(&format!("href=\"{link}\"")), "{html}");
    }
}
