//! Recovering files: by the request that was on the screen, to the script with its password, which nothing keeps, and to its end.

use std::cell::RefCell;
use std::fs;
use std::rc::Rc;

use arm_sim::Role;
use azure_backup::arm::call::ApiVersion;
use azure_backup::arm::id::ArmId;
use azure_backup::backup::file_recovery::scripts_of;
use azure_backup::backup::recovery_point::RecoveryPoint;
use bytes::Bytes;
use http::Response;
use serde_json::{Value, json};
use time::Duration;
use vm_restore::app::file_recovery::{FileAction, FileStage, FilesMsg, SessionStage};
use vm_restore::app::key::Key;
use vm_restore::app::msg::{ExportFormat, Msg, Transport};
use vm_restore::app::route::Route;
use vm_restore::app::saved::FILE_RECOVERY;
use vm_restore::restore::file_recovery::script::{NoScript, RecoveryScript, ScriptSource};
use vm_restore::restore::regional_id::RegionalId;

use crate::operator::{self, find};
use crate::page::Page;

const PROVISION: &str = "/provisionInstantItemRecovery";
const REVOKE: &str = "/revokeInstantItemRecovery";

/// The page of the `nth` recovery point of a machine.
fn open_point(page: &mut Page, vm: &str, nth: usize) -> RegionalId {
    let item = find(page, vm);
    let points = page.state.catalog.get::<[Rc<RecoveryPoint>]>(&Key::Points(item.id.clone())).unwrap();
    let place = RegionalId::from(points[nth].id.clone());
    page.say(Msg::Go(Route::Files(place.clone())));
    place
}

fn open(vm: &str) -> (Page, RegionalId) {
    let mut page = operator::page();
    let place = open_point(&mut page, vm, 0);
    (page, place)
}

fn sent(page: &Page, verb: &str) -> usize {
    page.sent.iter().filter(|(_, path)| path.ends_with(verb)).count()
}

fn say(place: &RegionalId, action: FileAction, sha256: String) -> Msg {
    Msg::Files(FilesMsg::Send { point: place.id.clone(), action, sha256 })
}

/// Confirms what the page shows, and waits for what comes of it.
fn confirm(page: &mut Page, place: &RegionalId, action: FileAction) {
    let shown = match action {
        FileAction::Provision => page.state.provision_request(place).unwrap(),
        FileAction::Revoke => page.state.revoke_request(&place.id),
    };
    page.say(say(place, action, shown.sha256));
    page.wait_until(Duration::minutes(30), |state| !state.is_recovering_files(&place.id));
}

fn stage<'a>(page: &'a Page, place: &RegionalId, action: FileAction) -> &'a FileStage {
    &page.state.file_request(&place.id, action).unwrap().stage
}

fn script(page: &Page, place: &RegionalId) -> Rc<RecoveryScript> {
    page.state.file_script(&place.id).unwrap_or_else(|| panic!("{:?}", page.state.file_requests)).clone()
}

fn session(page: &Page, point: &ArmId) -> SessionStage {
    page.state.file_session(point).unwrap().stage
}

/// Nothing that stays, or that is handed on, holds the secret.
fn is_kept_nowhere(page: &mut Page, secret: &str) {
    assert!(secret.len() == 15 && !format!("{:?}", page.state).contains(secret), "the state prints it");
    assert!(!page.storage.values().any(|text| text.contains(secret)), "{:?}", page.storage);
    assert!(!format!("{:?}", page.records).contains(secret));
    for exchange in page.state.activity.iter() {
        assert!(!format!("{exchange:?}{}{}", exchange.curl(), exchange.powershell()).contains(secret), "{exchange:?}");
    }
    page.say(Msg::Record(None, ExportFormat::Json));
    page.say(Msg::Record(None, ExportFormat::Markdown));
    page.say(Msg::ExportRestores);
    assert!(!page.files.iter().any(|file| file.contains(secret)));
}

#[test]
fn a_windows_program_is_named_and_its_password_is_kept_nowhere() {
    let (mut page, place) = open("web-01");
    let shown = page.state.provision_request(&place).unwrap();
    let body: Value = serde_json::from_str(&shown.body).unwrap();
    assert!(body["properties"]["renewExistingRegistration"].is_null(), "{body}");
    page.say(say(&place, FileAction::Provision, shown.sha256.clone()));
    // Pressed once more while it runs.
    page.say(say(&place, FileAction::Provision, shown.sha256));
    page.wait_until(Duration::minutes(30), |state| !state.is_recovering_files(&place.id));
    assert_eq!(sent(&page, PROVISION), 1, "that request, once");
    let script = script(&page, &place);
    let password = script.password.as_ref().unwrap().expose().to_owned();
    assert!(script.windows && script.file_name.starts_with("web-01_") && script.file_name.ends_with(".exe"));
    assert!(!script.file_name.contains(&password) && matches!(script.source, ScriptSource::Link(_)));
    page.say(Msg::Files(FilesMsg::CopyPassword(place.id.clone())));
    assert_eq!(page.copied, std::slice::from_ref(&password));
    page.copied.clear();
    is_kept_nowhere(&mut page, &password);
    // Azure lists it, and the page offers no second request but one that renews it.
    assert_eq!(page.state.listed_point(&place.id).unwrap().files_session, Some(true));
    assert!(page.state.has_file_session(&place.id) && session(&page, &place.id) == SessionStage::Running);
    let again: Value = serde_json::from_str(&page.state.provision_request(&place).unwrap().body).unwrap();
    assert_eq!(again["properties"]["renewExistingRegistration"], json!(true));
}

#[test]
fn a_linux_script_is_saved_with_a_question_in_the_place_of_its_password() {
    for version in [ApiVersion::BACKUP_DEFAULT, ApiVersion::NEWEST] {
        let mut page = operator::page();
        page.say(Msg::SetVersion(version.clone()));
        let place = open_point(&mut page, "app-linux-01", 0);
        confirm(&mut page, &place, FileAction::Provision);
        let own_call = sent(&page, "/listInstantItemRecoveryOperationResult");
        assert_eq!(own_call, usize::from(version == ApiVersion::NEWEST), "{version}");
        let script = script(&page, &place);
        let password = script.password.as_ref().unwrap().expose().to_owned();
        page.say(Msg::Files(FilesMsg::SaveScript(place.id.clone())));
        let file = page.files.pop().unwrap();
        assert!(file.contains("TargetPassword=\"UserInput012345\"") && !file.contains(&password), "{file}");
        assert!(!script.windows && script.file_name.ends_with(".py"));
        is_kept_nowhere(&mut page, &password);
    }
}

#[test]
fn another_request_than_the_one_shown_does_not_leave() {
    let (mut page, place) = open("web-01");
    page.say(say(&place, FileAction::Provision, "0".repeat(64)));
    page.say(say(&place, FileAction::Revoke, "0".repeat(64)));
    assert_eq!((sent(&page, PROVISION) + sent(&page, REVOKE), page.state.file_requests.len()), (0, 0));
    assert!(page.state.notice.as_ref().is_some_and(|notice| notice.title == "Nothing was sent"));
    // What was shown before the disks were attached does not ask for a new script.
    let shown = page.state.provision_request(&place).unwrap();
    confirm(&mut page, &place, FileAction::Provision);
    page.say(say(&place, FileAction::Provision, shown.sha256));
    assert_eq!(sent(&page, PROVISION), 1);
    for (vm, nth) in [("hr-encrypted-01", 0), ("files-01", 20)] {
        let place = open_point(&mut page, vm, nth);
        assert!(page.state.listed_point(&place.id).is_some() && page.state.provision_request(&place).is_none(), "{vm}");
    }
}

#[test]
fn stopping_detaches_the_disks_and_leaves_no_script() {
    let (mut page, place) = open("web-01");
    confirm(&mut page, &place, FileAction::Provision);
    confirm(&mut page, &place, FileAction::Revoke);
    assert_eq!(*stage(&page, &place, FileAction::Revoke), FileStage::Stopped);
    assert_eq!((sent(&page, REVOKE), page.state.file_script(&place.id)), (1, None));
    assert_eq!(page.state.listed_point(&place.id).unwrap().files_session, Some(false), "it was read again");
    assert_eq!((session(&page, &place.id), page.state.has_file_session(&place.id)), (SessionStage::Stopped, false));
}

#[test]
fn after_a_reload_the_recovery_is_known_and_a_new_script_can_be_asked_for() {
    let (mut page, place) = open("web-01");
    confirm(&mut page, &place, FileAction::Provision);
    let first = page.state.file_session(&place.id).unwrap().requested;
    page.now += Duration::hours(2);
    page.reload_at(Route::Files(place.clone()));
    assert_eq!((page.state.file_requests.len(), session(&page, &place.id)), (0, SessionStage::Running));
    assert!(page.state.has_file_session(&place.id) && page.state.file_script(&place.id).is_none());
    confirm(&mut page, &place, FileAction::Provision);
    assert_eq!(sent(&page, PROVISION), 2);
    let renewed = page.state.file_session(&place.id).unwrap();
    assert!(page.state.file_script(&place.id).is_some() && renewed.requested >= first + Duration::hours(2));
    // What is stored names no secret, and a damaged text is set aside instead of lost.
    page.storage.insert(FILE_RECOVERY.to_owned(), "{\"version\":9}".to_owned());
    page.reload_at(Route::Files(place.clone()));
    assert!(page.state.quarantine.iter().any(|entry| entry.key == FILE_RECOVERY));
    assert!(page.state.has_file_session(&place.id), "Azure's list tells it all the same");
}

#[test]
fn after_twelve_hours_it_says_so_and_the_script_is_gone() {
    let (mut page, place) = open("web-01");
    confirm(&mut page, &place, FileAction::Provision);
    page.wait_until(Duration::hours(13), |state| state.file_sessions.of(&state.identity()).all(|one| one.told));
    let own = page.state.file_session(&place.id).unwrap();
    assert!(own.told && own.ends() <= page.now && page.now < own.ends() + Duration::minutes(1), "{own:?} {}", page.now);
    assert_eq!(page.state.announcement, "The time of a file recovery is over");
    assert_eq!((page.state.file_script(&place.id), page.state.has_file_session(&place.id)), (None, false));
    page.now += Duration::days(2);
    page.reload_at(Route::Files(place.clone()));
    assert!(page.state.file_session(&place.id).is_none(), "a day later it is history");
}

/// Changes the answer of the request that ends so.
fn spoiled(page: &mut Page, verb: &'static str, answer: Result<Response<Bytes>, Transport>) {
    let answer = RefCell::new(Some(answer));
    page.spoil = Box::new(move |request, usual| match request.uri().path().ends_with(verb) {
        true => answer.borrow_mut().take().unwrap_or(usual),
        false => usual,
    });
}

#[test]
fn a_refusal_is_told_and_a_lost_answer_is_not_called_one() {
    let (mut page, place) = open("web-01");
    page.simulator.set_role(Role::Reader);
    confirm(&mut page, &place, FileAction::Provision);
    let FileStage::Failed { fault, unknown } = stage(&page, &place, FileAction::Provision) else {
        panic!("{:?}", page.state.file_requests)
    };
    assert!(!unknown && fault.message.contains("provisionInstantItemRecovery/action"), "{fault:?}");
    assert!(page.state.file_session(&place.id).is_none(), "nothing runs");

    let (mut page, place) = open("web-01");
    spoiled(&mut page, PROVISION, Err(Transport::Network("gone".to_owned())));
    confirm(&mut page, &place, FileAction::Provision);
    assert!(matches!(stage(&page, &place, FileAction::Provision), FileStage::Failed { unknown: true, .. }));
    assert_eq!((sent(&page, PROVISION), session(&page, &place.id)), (1, SessionStage::Requested));
    // Azure had heard of it, and lists it.
    assert!(
        page.state.has_file_session(&place.id)
            && page.state.listed_point(&place.id).unwrap().files_session == Some(true)
    );
}

#[test]
fn whoever_may_not_read_the_script_is_told_and_can_try_again() {
    let mut page = operator::page();
    page.say(Msg::SetVersion(ApiVersion::NEWEST));
    page.simulator.set_role(Role::BackupOperator);
    let place = open_point(&mut page, "web-01", 0);
    confirm(&mut page, &place, FileAction::Provision);
    let FileStage::Scripts { fault: Some(fault), .. } = stage(&page, &place, FileAction::Provision) else {
        panic!("{:?}", page.state.file_requests)
    };
    assert!(fault.message.contains("listInstantItemRecoveryOperationResult/action"), "{fault:?}");
    page.simulator.set_role(Role::Owner);
    page.say(Msg::Files(FilesMsg::ReadScripts(place.id.clone())));
    assert!(
        page.state.file_script(&place.id).is_some() && sent(&page, PROVISION) == 1,
        "only the script is read again"
    );
}

#[test]
fn a_name_of_another_shape_gives_no_password() {
    let (mut page, place) = open("web-01");
    page.spoil = Box::new(|request, answer| {
        answer.map(|mut answer| {
            if request.uri().path().contains("/operationsStatus/") {
                let text = String::from_utf8(answer.body().to_vec()).unwrap();
                *answer.body_mut() = text.replace("web-01_weu_", "web-01-weu-").into();
            }
            answer
        })
    });
    confirm(&mut page, &place, FileAction::Provision);
    assert_eq!(*stage(&page, &place, FileAction::Provision), FileStage::Ready(Err(NoScript::UnknownName)));
    assert!(page.state.has_file_session(&place.id), "it can be stopped all the same");
}

#[test]
fn another_account_neither_sees_nor_follows_it() {
    let mut page = operator::page();
    page.say(Msg::Connect(crate::forged::token("first@contoso.com")));
    let place = open_point(&mut page, "web-01", 0);
    confirm(&mut page, &place, FileAction::Provision);
    assert!(page.state.file_script(&place.id).is_some());
    page.say(Msg::Connect(crate::forged::token("second@contoso.com")));
    assert!(page.state.file_script(&place.id).is_none() && page.state.file_session(&place.id).is_none());
    page.say(Msg::Connect(crate::forged::token("first@contoso.com")));
    assert_eq!(session(&page, &place.id), SessionStage::Running);
    page.say(Msg::ForgetAll);
    assert!(page.state.file_sessions.is_empty() && !page.storage.contains_key(FILE_RECOVERY));
}

#[test]
fn what_another_tab_has_started_is_known_here() {
    let (mut page, place) = open("web-01");
    confirm(&mut page, &place, FileAction::Provision);
    let text = page.storage[FILE_RECOVERY].clone();
    let mut other = operator::page();
    other.say(Msg::SavedElsewhere { key: FILE_RECOVERY.to_owned(), value: Some(text) });
    assert_eq!(session(&other, &place.id), SessionStage::Running);
    other.say(Msg::SavedElsewhere { key: FILE_RECOVERY.to_owned(), value: None });
    assert!(other.state.file_sessions.is_empty());
}

#[test]
fn the_recorded_answer_is_read_like_microsofts_example() {
    let Some(shared) = recorded::traffic("a recorded script of file recovery") else { return };
    let text = fs::read_to_string(shared.join("corpus/ilr-mount__azcli-ilr-2017.json")).unwrap();
    let recording: Value = serde_json::from_str(&text).unwrap();
    fn properties(value: &Value) -> Option<Value> {
        match value {
            Value::Object(members) if members.contains_key("recoveryTarget") => Some(value.clone()),
            Value::Object(members) => members.values().find_map(properties),
            Value::Array(items) => items.iter().find_map(properties),
            Value::String(text) => properties(&serde_json::from_str::<Value>(text).ok().filter(Value::is_object)?),
            _ => None,
        }
    }
    let script = RecoveryScript::of(&scripts_of(&properties(&recording).unwrap())).unwrap();
    let expected =
        "clitest-vm000003_wus_1268160246034670292_403082701016_aa1688a86d5b4e91af22d4deffe18f264d209edbfecb4b.exe";
    assert_eq!(script.file_name, expected);
    assert_eq!(script.password.unwrap().expose(), "6ef51748f99b4ac");
    let ScriptSource::Link(url) = script.source else { panic!("{:?}", script.source) };
    assert!(url.starts_with("https://download.microsoft.com/"));
}
