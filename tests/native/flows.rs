//! Whole restores over the simulator, in virtual time: every scenario, every outcome, and a reload at every step.

use time::Duration;
use vm_restore::app::check::{Check, CheckStage};
use vm_restore::app::msg::{Edit, Msg};
use vm_restore::app::route::Route;
use vm_restore::app::session::Secret;
use vm_restore::app::state::State;
use vm_restore::restore::draft::DiskTarget;
use vm_restore::restore::rules;
use vm_restore::restore::run::Stage;
use vm_restore::restore::scenario::Scenario;

use crate::operator::{choose, open, page, start};
use crate::page::Page;

fn finish(page: &mut Page) -> String {
    page.wait_until(Duration::hours(12), |s| s.restores.first().is_some_and(|r| !r.is_running()));
    page.restore().state_text()
}

#[test]
fn every_scenario_comes_to_its_end() {
    for scenario in Scenario::ALL {
        let mut page = page();
        start(&mut page, "web-01", scenario);
        assert!(matches!(page.state.route, Route::Restore(_)), "{scenario:?}");
        assert_eq!(page.restore().state_text(), "Accepted. Waiting for Azure to create the job", "{scenario:?}");
        assert_eq!(finish(&mut page), "Completed", "{scenario:?}");
        assert_eq!(page.triggers(), 1, "{scenario:?}");
        assert!(page.restore().wrong_disks().is_none(), "{scenario:?}: {:?}", page.restore().wrong_disks());
        assert!(!page.restore().job().unwrap().tasks.is_empty(), "{scenario:?}: the end has its tasks");
        assert!(scenario.is_in_place() || !page.restore().created().is_empty(), "{scenario:?}");
    }
}

#[test]
fn what_was_created_is_named_by_its_id() {
    let mut page = page();
    start(&mut page, "web-01", Scenario::AnotherVm);
    finish(&mut page);
    let created = page.restore().created();
    let ids: Vec<_> = created.iter().filter_map(|(name, value)| page.restore().resource(name, value)).collect();
    let body: serde_json::Value = serde_json::from_str(&page.asked().text).unwrap();
    for property in ["targetResourceGroupId", "targetVirtualMachineId", "storageAccountId"] {
        let asked = body["properties"][property].as_str().unwrap();
        assert!(
            ids.iter().any(|id| id.as_str().eq_ignore_ascii_case(asked)),
            "{property}: {asked} is not among {ids:?}"
        );
    }
}

#[test]
fn a_second_click_and_a_running_twin_send_nothing() {
    let mut page = page();
    let point = start(&mut page, "web-01", Scenario::RestoreDisks);
    page.start_restore();
    page.say(Msg::Go(Route::Review(point.clone())));
    page.start_restore();
    assert_eq!(page.triggers(), 1);
    assert!(page.state.already_running(&page.state.plan(&point).unwrap()).is_some());
}

#[test]
fn what_cannot_be_saved_is_not_sent() {
    let mut page = page();
    let point = open(&mut page, "web-01");
    choose(&mut page, &point, Scenario::RestoreDisks);
    page.can_save = false;
    page.start_restore();
    assert_eq!(page.triggers(), 0);
    assert!(page.state.restores.is_empty());
    assert!(page.state.notice.as_ref().unwrap().title.contains("wasn't started"));
    page.can_save = true;
    page.start_restore();
    assert_eq!(page.triggers(), 1, "and it can be started once there is room");
}

#[test]
fn a_refusal_keeps_the_form_and_names_the_reason() {
    let mut page = page();
    let point = start(&mut page, "fault-refused", Scenario::RestoreDisks);
    let Stage::Refused { fault } = &page.restore().stage else { panic!("{:?}", page.restore().stage) };
    assert_eq!(fault.code, "AuthorizationFailed");
    assert!(fault.request_id.is_some() && fault.correlation_id.is_some());
    assert!(page.state.plan(&point).is_ok(), "every choice is still there");
}

#[test]
fn an_expired_token_loses_nothing() {
    let mut page = page();
    start(&mut page, "fault-token-expires-midway", Scenario::RestoreDisks);
    page.wait_until(Duration::hours(1), |s| s.sign_in_fault.is_some());
    assert!(page.state.sign_in_fault.is_some() && page.restore().is_running());
    let before = (page.restore_id(), page.asked().clone());
    page.reload();
    page.say(Msg::Connect(Secret::new("e30.eyJleHAiOjM5OTk5OTk5OTl9.c2ln".to_owned())));
    assert_eq!((page.restore_id(), page.asked().clone()), before, "what was asked for is still known");
    assert_eq!((finish(&mut page).as_str(), page.triggers()), ("Completed", 1));
}

#[test]
fn a_job_can_be_cancelled() {
    let mut page = page();
    start(&mut page, "web-01", Scenario::ReplaceDisks);
    page.wait_until(Duration::hours(1), |s| s.restores[0].can_cancel());
    let id = page.restore_id();
    page.say(Msg::CancelRestore(id));
    assert_eq!(finish(&mut page), "Canceled");
}

#[test]
fn many_restores_of_one_vault_are_followed_by_its_list() {
    let mut page = page();
    let machines = ["web-01", "web-02", "web-03", "sql-01", "sql-02", "sql-03", "files-01", "files-02"];
    for vm in machines {
        start(&mut page, vm, Scenario::RestoreDisks);
    }
    page.say(Msg::Go(Route::restores()));
    let begun = page.now;
    let before = page.sent.len();
    page.wait_until(Duration::hours(12), |s| s.restores.iter().all(|r| !r.is_running()));
    let reads = |path: &str| page.sent[before..].iter().filter(|(_, p)| p.to_lowercase().ends_with(path)).count();
    let details = page.sent[before..].iter().filter(|(_, p)| p.to_lowercase().contains("/backupjobs/")).count();
    let hours = ((page.now - begun).as_seconds_f64() / 3600.0).max(1.0);
    let hourly = (reads("/backupjobs") + details) as f64 / hours;
    println!(
        "eight restores of one vault: {} list reads, {details} job reads in {}",
        reads("/backupjobs"),
        page.now - begun
    );
    assert!(page.state.restores.iter().all(|r| r.state_text() == "Completed"));
    assert!(hourly <= 150.0, "{hourly} reads an hour exceed the lowest limit of ARM");
}

#[test]
fn disks_become_blobs_without_a_group() {
    let mut page = page();
    let point = open(&mut page, "web-01");
    choose(&mut page, &point, Scenario::RestoreDisks);
    page.say(Msg::Edit(Edit::DiskTarget(DiskTarget::UnmanagedVhds)));
    assert!(page.state.plan(&point).unwrap().request.target_resource_group_id.is_none());
    page.start_restore();
    assert_eq!(finish(&mut page), "Completed");
}

#[test]
fn azure_is_asked_about_exactly_this_body() {
    let mut page = page();
    let point = open(&mut page, "web-01");
    choose(&mut page, &point, Scenario::AnotherVm);
    page.say(Msg::Check);
    page.wait_until(Duration::minutes(30), |s| {
        s.check.as_ref().is_some_and(|c| !matches!(c.stage, CheckStage::Asking { .. } | CheckStage::Waiting(_)))
    });
    let check = page.state.check.clone().unwrap();
    assert_eq!(check.sha256, page.state.plan(&point).unwrap().sha256);
    assert_eq!(check.stage, CheckStage::Done(Vec::new()));
    assert_eq!(page.triggers(), 0);
}

/// How often Azure was asked to validate a restore.
fn validations(page: &Page) -> usize {
    page.sent.iter().filter(|(method, path)| method == "POST" && path.contains("alidateOperation")).count()
}

#[test]
fn azure_is_asked_once_for_each_body_when_the_review_is_opened() {
    let mut page = page();
    let point = open(&mut page, "web-01");
    choose(&mut page, &point, Scenario::RestoreDisks);
    let ended = |s: &State| s.check.as_ref().is_some_and(Check::ended);
    page.wait_until(Duration::minutes(5), ended);
    assert_eq!(page.state.check.as_ref().unwrap().stage, CheckStage::Done(Vec::new()));
    assert_eq!((validations(&page), page.triggers()), (1, 0));
    // What was typed on the review changes no byte of the request, and neither does coming back.
    page.say(Msg::Edit(Edit::Reason("INC-1".to_owned())));
    page.say(Msg::Go(Route::Form(point.clone())));
    page.say(Msg::Go(Route::Review(point.clone())));
    assert_eq!(validations(&page), 1);
    page.say(Msg::Go(Route::Form(point.clone())));
    page.say(Msg::Edit(Edit::DiskTarget(DiskTarget::UnmanagedVhds)));
    assert_eq!(validations(&page), 1, "the form asks for nothing");
    page.say(Msg::Go(Route::Review(point.clone())));
    page.wait_until(Duration::minutes(5), ended);
    assert_eq!(validations(&page), 2, "another body");
    page.say(Msg::Go(Route::Activity));
    page.now += Duration::minutes(6);
    page.say(Msg::Go(Route::Review(point)));
    assert_eq!(validations(&page), 3, "the outcome was old");
}

#[test]
fn a_check_that_fails_is_not_repeated_until_the_review_is_opened_again() {
    let mut page = page();
    let point = open(&mut page, "web-01");
    page.spoil = Box::new(|request, answer| match request.uri().path().contains("alidateOperation") {
        true => Ok(http::Response::builder().status(403).body(bytes::Bytes::from_static(b"{}")).unwrap()),
        false => answer,
    });
    choose(&mut page, &point, Scenario::RestoreDisks);
    page.now += Duration::minutes(10);
    page.say(Msg::Tick);
    assert!(matches!(page.state.check.as_ref().unwrap().stage, CheckStage::Failed(_)));
    let asked = validations(&page);
    page.say(Msg::Edit(Edit::Reason("INC-1".to_owned())));
    assert_eq!(validations(&page), asked);
    page.say(Msg::Go(Route::Activity));
    page.say(Msg::Go(Route::Review(point)));
    assert!(validations(&page) > asked);
}

#[test]
fn a_draft_survives_a_reload() {
    let mut page = page();
    let point = open(&mut page, "web-01");
    choose(&mut page, &point, Scenario::AnotherVm);
    let before = page.state.draft(&point);
    page.reload();
    page.say(Msg::Go(Route::Review(point.clone())));
    let mut after = page.state.draft(&point);
    assert!(after.confirm.is_empty(), "a confirmation is given for one look");
    after.confirm.clone_from(&before.confirm);
    assert_eq!(after, before);
    assert!(page.state.plan(&point).is_ok());
}

/// Machines of every kind that the simulator holds.
const KINDS: [&str; 14] = [
    "web-01",
    "sql-01",
    "app-linux-01",
    "trusted-01",
    "private-01",
    "unmanaged-01",
    "classic-01",
    "hr-encrypted-01",
    "ledger-01",
    "edge-01",
    "zonal-01",
    "gone-01",
    "files-01",
    "confidential-01",
];

#[test]
fn what_the_rules_allow_azure_accepts() {
    let (mut asked, mut forbidden) = (0, 0);
    for vm in KINDS {
        for scenario in Scenario::ALL {
            let mut page = page();
            let point = open(&mut page, vm);
            let facts = page.state.facts(&point, &page.state.draft(&point)).unwrap();
            if rules::scenario_reasons(&facts, scenario).iter().any(rules::Reason::blocks) {
                forbidden += 1;
                continue;
            }
            choose(&mut page, &point, scenario);
            if facts.point.private_access == Some(true) {
                page.say(Msg::Edit(Edit::DiskNetworkAccess(Some(
                    vm_restore::restore::draft::DiskNetworkAccess::SameAsSource,
                ))));
            }
            if let Err(why) = page.state.plan(&point) {
                panic!("{vm} {scenario:?}: {why:?}");
            }
            page.say(Msg::Check);
            let ended = |s: &State| {
                matches!(s.check.as_ref().map(|c| &c.stage), Some(CheckStage::Done(_) | CheckStage::Failed(_)))
            };
            page.wait_until(Duration::minutes(30), ended);
            asked += 1;
            assert_eq!(page.state.check.clone().unwrap().stage, CheckStage::Done(Vec::new()), "{vm} {scenario:?}");
        }
    }
    println!("rules against the simulator: {asked} plans accepted, {forbidden} scenarios forbidden by our rules");
    assert!(asked > 20 && forbidden > 5);
}
