//! Problems that a restore survives.

use azure_backup::arm::fault::Sent;
use azure_backup::arm::id::ArmId;
use azure_backup::arm::operation::StatusSource;
use bytes::Bytes;
use http::Response;
use time::Duration;
use vm_restore::app::check::CheckStage;
use vm_restore::app::config::{Allow, ConfigError};
use vm_restore::app::key::Key;
use vm_restore::app::msg::{Edit, Msg, Transport};
use vm_restore::app::route::Route;
use vm_restore::app::session::{Secret, Session};
use vm_restore::app::state::State;
use vm_restore::app::unsent::NotSendable;
use vm_restore::restore::field::Field;
use vm_restore::restore::run::Stage;
use vm_restore::restore::scenario::Scenario;

use crate::operator::{begin, choose, find, open, page, start};
use crate::page::Page;

/// A token that expires in the year 2096.
const TOKEN: &str = "e30.eyJleHAiOiAzOTk5OTk5OTk5LCAidXBuIjogIm9wc0Bjb250b3NvLmNvbSJ9.c2ln";
const NEWER: &str = "e30.eyJleHAiOiAzOTk5OTk5OTk5LCAidXBuIjogIm9wc0Bjb250b3NvLmNvbSIsICJpYXQiOiAxNzkwMDAwMDAwfQ.c2ln";

fn live() -> Page {
    let mut page = page();
    page.say(Msg::Connect(Secret::new(TOKEN.to_owned())));
    assert!(matches!(page.state.session, Session::Token(_)));
    page
}

fn connect_again(page: &mut Page) {
    page.say(Msg::Go(Route::Connect));
    page.say(Msg::Connect(Secret::new(NEWER.to_owned())));
}

fn ended(state: &State) -> bool {
    state.restores.first().is_some_and(|r| !r.is_running())
}

fn checked(page: &mut Page) -> CheckStage {
    page.wait_until(Duration::minutes(30), |s| {
        matches!(s.check.as_ref().map(|c| &c.stage), Some(CheckStage::Done(_) | CheckStage::Failed(_)))
    });
    page.state.check.clone().unwrap().stage
}

#[test]
fn a_token_that_expires_midway_is_asked_for_and_the_restore_goes_on() {
    let mut page = live();
    start(&mut page, "fault-token-expires-midway", Scenario::RestoreDisks);
    let id = page.restore_id();
    page.wait_until(Duration::hours(1), |s| s.sign_in_fault.is_some());
    let fault = page.state.sign_in_fault.clone().unwrap();
    assert!(fault.needs_sign_in() && page.restore().is_running());
    connect_again(&mut page);
    assert_eq!(page.state.route, Route::Restore(id), "back where the token was missed");
    assert!(page.state.sign_in_fault.is_none());
    page.wait_until(Duration::hours(12), ended);
    assert_eq!((page.restore().state_text().as_str(), page.clicks_sent()), ("Completed", 1));
}

#[test]
fn a_token_that_expires_at_the_click_keeps_the_form() {
    let mut page = live();
    let point = start(&mut page, "fault-token-expires", Scenario::RestoreDisks);
    assert_eq!(page.restore().state_text(), "Rejected by Azure");
    assert!(page.state.sign_in_fault.is_some());
    connect_again(&mut page);
    page.say(Msg::Go(Route::Review(point)));
    page.start_restore();
    page.wait_until(Duration::hours(12), ended);
    assert_eq!(page.restore().state_text(), "Completed");
    assert_eq!(page.simulator.triggers().iter().filter(|t| t.accepted).count(), 1);
}

#[test]
fn a_challenge_at_the_click_names_what_the_next_token_must_hold() {
    for vm in ["fault-claims-challenge", "fault-mfa-policy"] {
        for readable in [true, false] {
            let mut page = live();
            page.spoil = Box::new(move |_, answer| match readable {
                true => answer,
                false => answer.map(|mut a| {
                    a.headers_mut().remove("www-authenticate");
                    a
                }),
            });
            let point = start(&mut page, vm, Scenario::RestoreDisks);
            let Stage::Refused { fault } = page.restore().stage.clone() else { panic!("{:?}", page.restore().stage) };
            let claims = fault.step_up().unwrap();
            // The simulator writes a space that the fallback has not.
            let own = r#"{"access_token": {"acrs":{"essential":true,"values":["p1"]}}}"#;
            let heard = readable && vm == "fault-claims-challenge";
            assert_eq!(claims.as_str(), if heard { own.to_owned() } else { own.replace(' ', "") }, "{vm}");
            assert!(fault.needs_sign_in() && page.state.sign_in_fault.is_some(), "{vm}");
            connect_again(&mut page);
            page.say(Msg::Go(Route::Review(point)));
            page.start_restore();
            page.wait_until(Duration::hours(12), ended);
            assert_eq!(page.restore().state_text(), "Completed", "{vm}");
            assert_eq!(page.simulator.triggers().iter().filter(|t| t.accepted).count(), 1, "{vm}");
        }
    }
}

#[test]
fn a_challenge_midway_is_waited_out_and_the_restore_goes_on() {
    let mut page = live();
    start(&mut page, "fault-claims-midway", Scenario::RestoreDisks);
    page.wait_until(Duration::hours(1), |s| s.sign_in_fault.is_some());
    assert!(page.state.sign_in_fault.clone().unwrap().step_up().is_some() && page.restore().is_running());
    connect_again(&mut page);
    page.wait_until(Duration::hours(12), ended);
    assert_eq!((page.restore().state_text().as_str(), page.clicks_sent()), ("Completed", 1));
}

#[test]
fn an_expired_token_asks_for_nothing_further() {
    let mut page = live();
    let point = start(&mut page, "fault-token-expires", Scenario::RestoreDisks);
    let fault = page.state.sign_in_fault.clone().unwrap();
    assert_eq!((fault.status, fault.step_up()), (Some(401), None), "any fresh token will do");
    let before = page.sent.len();
    while page.wait() {}
    assert_eq!(page.sent.len(), before, "nothing is asked with a token that Azure does not take");
    connect_again(&mut page);
    page.say(Msg::Go(Route::Review(point)));
    page.start_restore();
    page.wait_until(Duration::hours(12), ended);
    assert_eq!(page.restore().state_text(), "Completed");
}

#[test]
fn leaving_on_purpose_begins_at_the_beginning() {
    let mut page = live();
    start(&mut page, "web-01", Scenario::RestoreDisks);
    page.say(Msg::Disconnect);
    assert_eq!(page.state.route, Route::Connect);
    let before = page.sent.len();
    while page.wait() {}
    assert_eq!(page.sent.len(), before, "nothing is asked without a token");
    connect_again(&mut page);
    assert!(matches!(page.state.route, Route::Vms { .. }));
    page.wait_until(Duration::hours(12), ended);
    assert_eq!(page.restore().state_text(), "Completed");
}

#[test]
fn jobs_that_the_list_lacks_are_asked_for_themselves() {
    let mut page = page();
    for vm in ["web-01", "web-02", "web-03"] {
        start(&mut page, vm, Scenario::RestoreDisks);
    }
    page.spoil = Box::new(|request, answer| match request.uri().path().to_lowercase().ends_with("/backupjobs") {
        true => Ok(Response::new(r#"{"value": []}"#.into())),
        false => answer,
    });
    page.say(Msg::Go(Route::restores()));
    let before = page.sent.len();
    page.wait_until(Duration::hours(12), |s| s.restores.iter().all(|r| !r.is_running()));
    assert!(page.state.restores.iter().all(|r| r.state_text() == "Completed"));
    let hours = ((page.now - begin()).as_seconds_f64() / 3600.0).max(1.0);
    assert!(((page.sent.len() - before) as f64) / hours < 150.0, "{} calls", page.sent.len() - before);
}

#[test]
fn a_clock_that_is_wrong_does_not_hide_the_job() {
    for ahead in [Duration::hours(9), Duration::minutes(20), Duration::minutes(-20), Duration::hours(-9)] {
        let mut page = page();
        page.ahead = ahead;
        // Azure's clock goes on; this computer's clock jumps.
        page.now += ahead;
        start(&mut page, "fault-lost-answer", Scenario::RestoreDisks);
        assert!(matches!(page.restore().stage, Stage::Unknown { .. }));
        page.wait_until(Duration::hours(24), ended);
        assert_eq!(page.restore().state_text(), "Completed", "{ahead}");
        assert_eq!(page.triggers(), 1);
    }
}

#[test]
fn without_room_a_restore_starts_only_when_that_is_wanted() {
    let mut page = page();
    let point = open(&mut page, "web-01");
    choose(&mut page, &point, Scenario::RestoreDisks);
    page.say(page.click(true));
    assert_eq!(page.clicks_sent(), 0, "it is not offered while saving works");
    page.can_save = false;
    page.start_restore();
    assert_eq!(page.clicks_sent(), 0);
    assert!(page.state.cannot_save.is_some() && page.state.restores.is_empty());
    page.say(page.click(true));
    page.say(page.click(true));
    page.start_restore();
    assert_eq!((page.clicks_sent(), page.triggers()), (1, 1));
    page.say(Msg::Dismiss);
    page.wait_until(Duration::hours(12), ended);
    assert_eq!(page.restore().state_text(), "Completed");
    assert!(page.state.notice.is_none(), "it is told once");
}

#[test]
fn a_check_that_cannot_be_followed_is_made_the_older_way() {
    for kind in ["headers unreadable", "404", "405"] {
        let mut page = page();
        let point = open(&mut page, "web-01");
        choose(&mut page, &point, Scenario::AnotherVm);
        page.spoil = Box::new(move |request, answer| {
            let newer = request.uri().path().ends_with("/backupTriggerValidateOperation");
            match kind {
                "headers unreadable" => answer.map(|mut a| {
                    a.headers_mut().clear();
                    a
                }),
                status if newer => Ok(Response::builder().status(status).body(Bytes::new()).unwrap()),
                _ => answer,
            }
        });
        page.say(Msg::Check);
        assert_eq!(checked(&mut page), CheckStage::Done(Vec::new()), "{kind}");
        let older = page.sent.iter().filter(|(_, path)| path.ends_with("/backupValidateOperation")).count();
        assert_eq!(older, 1, "{kind}");
        assert_eq!(page.triggers(), 0);
    }
}

#[test]
fn a_check_goes_on_while_the_operator_looks_elsewhere_and_is_of_one_body_only() {
    let mut page = page();
    let point = open(&mut page, "web-01");
    choose(&mut page, &point, Scenario::AnotherVm);
    page.say(Msg::Check);
    page.say(Msg::Go(Route::Activity));
    assert_eq!(checked(&mut page), CheckStage::Done(Vec::new()));
    page.say(Msg::Go(Route::Review(point.clone())));
    let sha256 = page.state.check.as_ref().unwrap().sha256.clone();
    assert_eq!(sha256, page.state.plan(&point).unwrap().sha256);
    page.say(Msg::Edit(Edit::VmName("another-name".to_owned())));
    assert_ne!(sha256, page.state.plan(&point).unwrap().sha256, "the opinion is not of the changed body");
}

#[test]
fn findings_that_cannot_be_read_are_not_silence() {
    let mut page = page();
    let point = open(&mut page, "web-01");
    choose(&mut page, &point, Scenario::AnotherVm);
    page.spoil = Box::new(|request, answer| {
        if request.uri().path().contains("/backupValidateOperationsStatuses/") {
            let body = r#"{"status": "Succeeded", "properties": {"validateOperationResponse": {"validationResults": [{"code": "UserError"}, "quota"]}}}"#;
            return Ok(Response::new(body.into()));
        }
        answer
    });
    page.say(Msg::Check);
    assert!(matches!(checked(&mut page), CheckStage::Failed(_)), "{:?}", page.state.check);
}

#[test]
fn a_name_that_was_just_typed_is_looked_up_before_the_start() {
    let mut page = page();
    let point = open(&mut page, "web-01");
    choose(&mut page, &point, Scenario::AnotherVm);
    assert!(page.state.facts_missing(&point).is_empty());
    page.say(Msg::Edit(Edit::VmName("web-02".to_owned())));
    assert_eq!(page.state.facts_missing(&point).len(), 1);
    page.start_restore();
    assert_eq!(page.clicks_sent(), 0);
    page.wait_until(Duration::seconds(2), |s| s.name_lookup_due_at.is_none());
    assert!(page.state.facts_missing(&point).is_empty());
}

#[test]
fn a_name_is_looked_up_anew_after_a_restore() {
    let mut page = page();
    let point = start(&mut page, "web-01", Scenario::AnotherVm);
    page.wait_until(Duration::hours(12), ended);
    assert_eq!(page.restore().state_text(), "Completed");
    page.say(Msg::Go(Route::Form(point.clone())));
    let facts = page.state.facts(&point, &page.state.draft(&point)).unwrap();
    assert_eq!(facts.name_taken, Some(true), "the restore has made it");
    assert!(page.state.plan(&point).is_err());
}

#[test]
fn a_configuration_that_is_wrong_gets_no_token() {
    let mut page = page();
    page.state.config_error = Some(ConfigError::Wrong("x".to_owned()));
    page.say(Msg::Disconnect);
    let before = page.sent.len();
    page.say(Msg::Connect(Secret::new(TOKEN.to_owned())));
    assert_eq!((page.state.session.clone(), page.sent.len()), (Session::Disconnected, before));
    assert!(page.state.notice.is_some());
    page.say(Msg::StartDemo);
    assert_eq!(page.state.session, Session::Demo, "the demo needs no configuration");
}

#[test]
fn a_cancellation_that_azure_refuses_is_told_and_the_job_goes_on() {
    let mut page = page();
    start(&mut page, "web-01", Scenario::RestoreDisks);
    page.wait_until(Duration::hours(1), |s| s.restores[0].can_cancel());
    page.spoil = Box::new(|request, answer| match request.uri().path().ends_with("/cancel") {
        true => {
            let body =
                r#"{"error": {"code": "UserErrorNotCancellable", "message": "The job is not in a cancelable state."}}"#;
            Ok(Response::builder().status(400).header("x-ms-request-id", "r-1").body(body.into()).unwrap())
        }
        false => answer,
    });
    let id = page.restore_id();
    page.say(Msg::CancelRestore(id));
    let told = page.state.notice.clone().unwrap();
    let fault = told.fault.unwrap();
    assert_eq!((fault.code.as_str(), fault.request_id.as_deref()), ("UserErrorNotCancellable", Some("r-1")));
    assert!(page.restore().is_running());
}

#[test]
fn signed_urls_are_followed_and_shown_nowhere() {
    let mut page = live();
    start(&mut page, "web-01", Scenario::RestoreDisks);
    let Stage::Operation { operation } = &page.restore().stage else { panic!("{:?}", page.restore().stage) };
    assert_eq!(operation.status_source(), StatusSource::AsyncOperation);
    let saved = page.list();
    let secret = saved.split("&s=").nth(1).unwrap().split(['&', '"', '\\']).next().unwrap().to_owned();
    assert!(secret.len() > 20, "{secret}");
    page.wait_until(Duration::hours(12), ended);
    let told: String = page.state.activity.iter().map(|e| format!("{e:?}{}", e.curl())).collect();
    assert!(page.state.activity.len() > 10 && told.contains("operationsStatus"));
    assert!(!told.contains(&secret) && !told.contains(TOKEN), "neither signature nor token is shown");
    assert!(!page.storage.values().any(|text| text.contains(TOKEN)), "no token is saved");
}

#[test]
fn a_lost_answer_of_anything_but_the_trigger_changes_nothing() {
    let mut page = page();
    start(&mut page, "web-01", Scenario::RestoreDisks);
    let mut lost = 0;
    page.spoil = Box::new(move |_, answer| {
        lost += 1;
        if lost % 2 == 1 { Err(Transport::Network("Failed to fetch".to_owned())) } else { answer }
    });
    page.wait_until(Duration::hours(12), ended);
    assert_eq!((page.restore().state_text().as_str(), page.clicks_sent()), ("Completed", 1));
}

#[test]
fn a_vault_that_may_not_be_read_is_told_of_and_the_others_are_there() {
    let mut page = page();
    page.simulator.set_graph_denied(true);
    page.state.catalog.clear();
    page.say(Msg::Go(Route::Vms(Default::default())));
    page.wait_until(Duration::minutes(10), |s| s.catalog.next_retry().is_none());
    find(&mut page, "fleet-0001");
    let denied = page.state.activity.iter().find(|e| e.outcome == Some(Ok(403))).unwrap();
    let vault = ArmId::parse(denied.path().split("/backupProtectedItems").next().unwrap()).unwrap();
    assert_eq!(vault.name(), "fault-vault-denied");
    let fault = page.state.catalog.fault(&Key::Items(vault)).unwrap();
    assert_eq!(fault.code, "AuthorizationFailed");
    assert!(fault.request_id.is_some() && fault.correlation_id.is_some());
}

#[test]
fn a_list_that_is_not_found_does_not_make_jobs_disappear() {
    let mut page = page();
    for vm in ["web-01", "web-02", "web-03"] {
        start(&mut page, vm, Scenario::RestoreDisks);
    }
    page.say(Msg::Go(Route::restores()));
    page.wait_until(Duration::minutes(3), |s| s.restores.iter().all(|r| r.job_id().is_some()));
    let until = page.now + Duration::hours(2);
    page.spoil = Box::new(|request, answer| match request.uri().path().to_lowercase().ends_with("/backupjobs") {
        true => {
            let gone = r#"{"error": {"code": "ResourceNotFound", "message": "Not found."}}"#;
            Ok(Response::builder().status(404).body(gone.into()).unwrap())
        }
        false => answer,
    });
    page.wait_until(Duration::hours(12), |s| s.restores.iter().all(|r| !r.is_running()) || s.now > until);
    page.spoil = Box::new(|_, answer| answer);
    page.wait_until(Duration::hours(12), |s| s.restores.iter().all(|r| !r.is_running()));
    assert!(page.state.restores.iter().all(|r| r.state_text() == "Completed" && r.missing_job_fault().is_none()));
}

/// ARM's answer when the hour's reads are used up.
pub(crate) fn throttled() -> Response<Bytes> {
    let message = "Number of requests for action 'x' exceeded the limit of '150' for time interval '01:00:00'. Please try again after '900' seconds.";
    let text = format!(r#"{{"error": {{"code": "ResourceRequestsThrottled", "message": "{message}"}}}}"#);
    Response::builder().status(429).body(text.into()).unwrap()
}

/// How often jobs were read.
pub(crate) fn reads(page: &Page) -> usize {
    page.sent.iter().filter(|(_, path)| path.to_lowercase().contains("/backupjobs")).count()
}

#[test]
fn a_throttle_of_one_restore_holds_back_its_neighbours() {
    let mut page = page();
    for vm in ["web-01", "web-02"] {
        start(&mut page, vm, Scenario::RestoreDisks);
    }
    page.say(Msg::Go(Route::restores()));
    page.wait_until(Duration::minutes(3), |s| s.restores.iter().all(|r| r.job_id().is_some()));
    page.spoil = Box::new(|request, answer| match request.uri().path().to_lowercase().contains("/backupjobs") {
        true => Ok(throttled()),
        false => answer,
    });
    let before = reads(&page);
    while reads(&page) == before {
        assert!(page.wait());
    }
    let (throttled, asked) = (page.now, reads(&page));
    for id in page.state.restores.iter().map(|r| r.id.clone()).collect::<Vec<_>>() {
        page.say(Msg::PollNow(id));
    }
    while page.wait() && reads(&page) == asked {}
    assert!(page.now - throttled >= Duration::seconds(900), "{}", page.now - throttled);
}

#[test]
fn a_throttle_holds_back_the_rest_of_a_list() {
    let mut page = page();
    for vm in ["web-01", "web-02", "erp-01"] {
        start(&mut page, vm, Scenario::RestoreDisks);
    }
    page.say(Msg::Go(Route::restores()));
    page.wait_until(Duration::minutes(3), |s| s.restores.iter().all(|r| r.job_id().is_some()));
    page.spoil = Box::new(|request, answer| {
        let path = request.uri().path().to_lowercase();
        if path.ends_with("/backupjobs") {
            let next = format!("{}&$skipToken=2", request.uri());
            return Ok(Response::new(serde_json::json!({ "value": [], "nextLink": next }).to_string().into()));
        }
        if path.contains("/backupjobs/") { Ok(throttled()) } else { answer }
    });
    let before = reads(&page);
    let id = |vm: &str| page.state.restores.iter().find(|r| r.vm == vm).unwrap().id.clone();
    let (alone, listed) = (id("erp-01"), id("web-01"));
    page.now += Duration::minutes(2);
    page.hear(Msg::PollNow(alone));
    page.hear(Msg::PollNow(listed));
    page.step();
    page.step();
    let (asked, start) = (reads(&page), page.now);
    assert!(asked > before + 1, "a list and a job");
    while page.step() {}
    assert_eq!(reads(&page), asked, "the second page is not asked for");
    page.spoil = Box::new(|_, answer| answer);
    page.wait_until(Duration::hours(12), |s| s.restores.iter().all(|r| !r.is_running()));
    assert!(page.now - start >= Duration::seconds(900));
    assert!(page.state.restores.iter().all(|r| r.state_text() == "Completed"));
}

/// A page whose operator has started a restore and disconnected before anything left.
fn disconnected_before_it_left() -> Page {
    let mut page = live();
    let point = open(&mut page, "web-01");
    choose(&mut page, &point, Scenario::RestoreDisks);
    page.hear(page.click(false));
    page.hear(Msg::Disconnect);
    while page.step() {}
    page
}

#[test]
fn who_disconnects_before_the_browser_has_said_that_it_is_saved_sends_nothing() {
    let mut page = disconnected_before_it_left();
    assert_eq!((page.clicks_sent(), page.triggers()), (0, 0));
    assert!(matches!(page.restore().stage, Stage::NotSent { .. }), "{:?}", page.restore().stage);
    let id = page.restore_id();
    assert!(matches!(page.state.unsent_review(&id), Some(Err(NotSendable::Disconnected(_)))));
    page.say(Msg::Connect(Secret::new(NEWER.to_owned())));
    page.wait_until(Duration::hours(1), |_| false);
    assert_eq!(page.clicks_sent(), 0, "it waits for a click");
    assert!(page.state.restored_since(page.restore()).is_none());
    page.send_unsent(&id);
    page.wait_until(Duration::hours(12), ended);
    assert_eq!((page.restore().state_text().as_str(), page.clicks_sent()), ("Completed", 1));
}

#[test]
fn who_looks_at_an_old_request_is_told_that_the_machine_was_restored_since() {
    let mut page = disconnected_before_it_left();
    let unsent = page.restore_id();
    page.say(Msg::Connect(Secret::new(NEWER.to_owned())));
    page.wait_until(Duration::minutes(5), |_| false);
    let point = open(&mut page, "web-01");
    choose(&mut page, &point, Scenario::RestoreDisks);
    page.say(page.click(false));
    page.wait_until(Duration::hours(12), |s| s.restores.iter().any(|r| r.state_text() == "Completed"));
    let old = page.state.restore(&unsent).unwrap();
    let newer = page.state.restored_since(old).expect("a newer restore");
    assert_eq!((newer.id != unsent, newer.state_text().as_str()), (true, "Completed"));
    assert!(page.state.restored_since(newer).is_none());
}

#[test]
fn a_failed_job_leads_to_the_field_that_it_is_likely_about() {
    let mut page = page();
    let point = open(&mut page, "fault-fails-late");
    choose(&mut page, &point, Scenario::RestoreDisks);
    page.start_restore();
    page.wait_until(Duration::hours(12), |s| s.restores.first().is_some_and(|r| !r.is_running()));
    let job = page.restore().job().unwrap();
    let field = page.restore().likely_field(&job.errors[0]);
    assert_eq!(field, Some(Field::StagingAccount));
    page.say(Msg::Go(Route::Restore(page.restore_id())));
    page.say(Msg::ShowField(Field::StagingAccount));
    assert_eq!(page.state.route, Route::Form(point));
    assert!(page.state.focus_request.as_ref().is_some_and(|shown| shown.field == Field::StagingAccount));
}

/// Whoever gives the tokens hangs at the click.
#[test]
fn without_a_token_in_time_nothing_is_sent_and_nothing_is_searched_for() {
    let mut page = live();
    page.token_comes = || Err(Transport::TokenLate);
    start(&mut page, "app-linux-01", Scenario::RestoreDisks);
    let Stage::NotSent { fault: Some(fault), search: None } = page.restore().stage.clone() else {
        panic!("{:?}", page.restore().stage)
    };
    assert_eq!((fault.was_sent(), fault.outcome_unknown()), (Sent::No, false));
    assert!(fault.message.contains("No access token within 60 seconds"), "{}", fault.message);
    assert!(page.state.sign_in_fault.is_none(), "Azure has refused no token");
    let before = page.sent.len();
    page.wait_until(Duration::hours(12), |_| false);
    let looks = page.sent[before..].iter().filter(|(_, path)| path.contains("backupJobs")).count();
    assert_eq!((looks, page.clicks_sent()), (0, 0));
    page.reload();
    assert_eq!(page.restore().state_text(), "Not started");
}

#[test]
fn a_restore_is_followed_however_long_no_token_comes() {
    let mut page = live();
    start(&mut page, "app-linux-01", Scenario::RestoreDisks);
    page.spoil = Box::new(|_, _| Err(Transport::TokenLate));
    page.wait_until(Duration::hours(2), |_| false);
    let trouble = page.restore().last_error().unwrap().message.clone();
    assert!(trouble.contains("Nothing was sent to Azure"), "{trouble}");
    let Stage::Operation { operation } = page.restore().stage.clone() else { panic!("{:?}", page.restore().stage) };
    assert_eq!(operation.status_source(), StatusSource::AsyncOperation, "another way needs a token as well");
    page.spoil = Box::new(|_, answer| answer);
    page.wait_until(Duration::hours(12), ended);
    assert_eq!((page.restore().state_text().as_str(), page.clicks_sent()), ("Completed", 1));
}

#[test]
fn until_its_token_is_there_a_request_is_not_said_to_be_sent() {
    let mut page = live();
    let point = open(&mut page, "app-linux-01");
    choose(&mut page, &point, Scenario::RestoreDisks);
    page.hear(page.click(false));
    let waits = |page: &Page| page.state.restores.first().is_some_and(|r| page.state.awaits_token(&r.id));
    while !waits(&page) {
        assert!(page.step());
    }
    assert_eq!((page.restore().state_text().as_str(), page.clicks_sent()), ("Waiting for a token", 0));
    while page.clicks_sent() == 0 {
        assert!(page.step());
    }
    assert_eq!(page.restore().state_text(), "Sending the request", "the token is there, the answer is not");
}

#[test]
fn what_the_configuration_forbids_is_refused_whoever_asks_for_it() {
    let mut page = Page::blank(page().simulator, begin());
    page.config.allow = Allow { demo: false, pasted_tokens: false, other_clouds: true, role_activation: false };
    page.start(Route::Connect);
    for (msg, title) in [
        (Msg::StartDemo, "The demo is turned off on this site"),
        (Msg::Practise, "The demo is turned off on this site"),
        (Msg::Connect(Secret::new(TOKEN.to_owned())), "Pasted tokens aren't allowed on this site"),
    ] {
        page.say(msg);
        assert_eq!(page.state.notice.take().map(|notice| notice.title).as_deref(), Some(title));
        assert_eq!((&page.state.session, page.sent.len()), (&Session::Disconnected, 0));
    }
}

#[test]
fn where_the_browser_keeps_nothing_it_is_said_at_the_start_and_a_restore_is_followed() {
    let mut page = page();
    page.state = State::new(page.now);
    page.can_save = false;
    page.forbidden = Some("This browser blocks this site's data.".to_owned());
    page.start(Route::Connect);
    let notice = page.state.notice.clone().unwrap();
    assert!(notice.title == "This browser can't save data" && notice.text.starts_with("This browser blocks"));
    page.say(Msg::StartDemo);
    let point = open(&mut page, "app-linux-01");
    choose(&mut page, &point, Scenario::RestoreDisks);
    page.say(page.click(true));
    page.wait_until(Duration::hours(12), ended);
    assert_eq!((page.restore().state_text().as_str(), page.clicks_sent()), ("Completed", 1));
}
