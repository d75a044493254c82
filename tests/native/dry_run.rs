//! *Validate all* on the review of a plan.

use std::rc::Rc;

use azure_backup::backup::recovery_point::RecoveryPoint;
use bytes::Bytes;
use http::Response;
use time::Duration;
use vm_restore::app::check::{Check, CheckStage};
use vm_restore::app::key::Key;
use vm_restore::app::msg::Msg;
use vm_restore::app::plans::PlanMsg;
use vm_restore::app::route::Route;
use vm_restore::app::state::State;
use vm_restore::recovery::plan::PlanId;

use crate::page::Page;
use crate::plans::{finish, record, reviewed, start};

const MACHINES: [&[&str]; 1] = [&["web-01", "web-02", "sql-02", "web-03"]];

fn validate(page: &mut Page, id: &PlanId) {
    page.say(Msg::Plan(PlanMsg::Validate(id.clone())));
}

/// How often Azure was asked the newer way. The review of a single restore, with which the plan began, has asked once.
fn begun(page: &Page) -> usize {
    asked(page, "/backupTriggerValidateOperation").len() - 1
}

fn ended(state: &State) -> bool {
    state.dry_run.as_ref().is_some_and(|run| !run.runs())
}

/// The paths of what Azure was asked to validate.
fn asked<'a>(page: &'a Page, call: &str) -> Vec<&'a str> {
    let sent = page.sent.iter().filter(|(method, path)| method == "POST" && path.ends_with(call));
    sent.map(|(_, path)| path.as_str()).collect()
}

/// What is shown of each request of the plan, in its order.
fn told(page: &Page, id: &PlanId) -> Vec<Option<CheckStage>> {
    let requests = page.state.to_confirm(&record(page, id));
    let of = |check: &Check| check.stage.clone();
    requests.iter().map(|(machine, ready)| page.state.validation(id, machine, ready).map(of)).collect()
}

fn answer(status: u16, body: &'static str) -> Response<Bytes> {
    Response::builder().status(status).body(Bytes::from_static(body.as_bytes())).unwrap()
}

#[test]
fn every_request_is_validated_once_and_its_result_is_of_exactly_this_one() {
    let (mut page, id) = reviewed(&MACHINES);
    assert_eq!(told(&page, &id), vec![None; 4], "nothing is claimed before it was asked");
    validate(&mut page, &id);
    page.wait_until(Duration::minutes(10), ended);
    assert_eq!(told(&page, &id), vec![Some(CheckStage::Done(Vec::new())); 4]);
    assert_eq!((begun(&page), page.triggers()), (4, 0));
    let mut plan = record(&page, &id).plan.clone();
    let item = plan.groups[0].machines[1].item.clone();
    let points = page.state.catalog.get::<[Rc<RecoveryPoint>]>(&Key::Points(item)).unwrap();
    plan.groups[0].machines[1].point = Some(points[1].name.clone());
    page.say(Msg::Plan(PlanMsg::Put(Box::new(plan))));
    page.wait_until(Duration::minutes(1), |_| false);
    let passed: Vec<bool> = told(&page, &id).iter().map(Option::is_some).collect();
    assert_eq!(passed, [true, false, true, true], "the result was not of the changed request");
    validate(&mut page, &id);
    page.wait_until(Duration::minutes(10), ended);
    assert_eq!(begun(&page), 5, "only what has no result is asked again");
    assert_eq!(told(&page, &id), vec![Some(CheckStage::Done(Vec::new())); 4]);
}

#[test]
fn the_first_validation_is_waited_for_and_then_more_are_under_way() {
    let (mut page, id) = reviewed(&MACHINES);
    page.hear(Msg::Plan(PlanMsg::Validate(id.clone())));
    let under_way = |page: &Page| told(page, &id).iter().flatten().filter(|stage| !stage.is_end()).count();
    let mut most = 0;
    loop {
        most = most.max(under_way(&page));
        assert!(begun(&page) != 1 || under_way(&page) == 1, "one is sent, and waited for");
        if !page.step() && !page.wait() || ended(&page.state) {
            break;
        }
    }
    assert!(most > 1, "they are not made one after the other");
}

#[test]
fn a_role_that_may_not_validate_the_newer_way_validates_the_older_way() {
    let (mut page, id) = reviewed(&MACHINES);
    page.spoil = Box::new(|request, given| match request.uri().path().ends_with("/backupTriggerValidateOperation") {
        true => Ok(answer(403, r#"{"error": {"code": "AuthorizationFailed", "message": "no"}}"#)),
        false => given,
    });
    validate(&mut page, &id);
    page.wait_until(Duration::minutes(10), ended);
    assert_eq!(told(&page, &id), vec![Some(CheckStage::Done(Vec::new())); 4]);
    assert_eq!(asked(&page, "/backupValidateOperation").len(), 4);
}

#[test]
fn what_azure_refuses_for_the_pace_is_asked_again_later_and_once() {
    let (mut page, id) = reviewed(&MACHINES);
    let refusals = std::cell::Cell::new(2);
    page.spoil = Box::new(move |request, given| {
        let begins = request.uri().path().ends_with("/backupTriggerValidateOperation");
        if !begins || refusals.get() == 0 {
            return given;
        }
        refusals.set(refusals.get() - 1);
        let mut refused = answer(429, r#"{"error": {"code": "TooManyRequests", "message": "slow down"}}"#);
        refused.headers_mut().insert("retry-after", 30.into());
        Ok(refused)
    });
    let first = page.now;
    validate(&mut page, &id);
    page.wait_until(Duration::minutes(10), ended);
    assert_eq!(told(&page, &id), vec![Some(CheckStage::Done(Vec::new())); 4]);
    assert_eq!(begun(&page), 6);
    assert!(page.now - first >= Duration::seconds(60), "{}", page.now - first);
}

#[test]
fn findings_stand_at_their_machine() {
    let (mut page, id) = reviewed(&MACHINES);
    page.spoil = Box::new(|request, given| {
        let path = request.uri().path();
        match path.ends_with("/backupTriggerValidateOperation") {
            true if String::from_utf8_lossy(request.body()).contains("web-02") => {
                Ok(answer(404, r#"{"error": {"code": "NotFound", "message": "no"}}"#))
            }
            _ if path.ends_with("/backupValidateOperation") => Ok(answer(
                200,
                r#"{"validateOperationResponse": {"validationResults": [{"code": "UserErrorQuota", "message": "The quota is used up."}]}}"#,
            )),
            _ => given,
        }
    });
    validate(&mut page, &id);
    page.wait_until(Duration::minutes(10), ended);
    let count = |stage: Option<CheckStage>| match stage {
        Some(CheckStage::Done(findings)) => findings.len(),
        other => panic!("{other:?}"),
    };
    let found: Vec<usize> = told(&page, &id).into_iter().map(count).collect();
    assert_eq!(found, [0, 1, 0, 0]);
    assert_eq!(page.state.announcement, "Validated 4: 3 passed");
}

#[test]
fn a_start_waits_for_no_validation_and_ends_them() {
    let (mut page, id) = reviewed(&MACHINES);
    page.hear(Msg::Plan(PlanMsg::Validate(id.clone())));
    while begun(&page) < 2 {
        assert!(page.step() || page.wait());
    }
    start(&mut page, &id);
    assert_eq!(page.state.route, Route::board(id.clone()));
    let asked_then = begun(&page);
    finish(&mut page, &id);
    assert_eq!(page.clicks_sent(), 4);
    assert_eq!(begun(&page), asked_then);
    assert!(ended(&page.state));
}

#[test]
fn nothing_is_validated_after_stop_and_what_was_told_stays() {
    let (mut page, id) = reviewed(&MACHINES);
    page.hear(Msg::Plan(PlanMsg::Validate(id.clone())));
    while !told(&page, &id).iter().flatten().any(CheckStage::is_end) {
        assert!(page.step() || page.wait());
    }
    page.say(Msg::Plan(PlanMsg::StopValidating));
    let sent = page.sent.len();
    page.wait_until(Duration::minutes(10), |_| false);
    assert!(ended(&page.state));
    let validated = |(_, path): &&(String, String)| path.contains("alidateOperation");
    assert_eq!(page.sent[sent..].iter().filter(validated).count(), 0);
    assert!(told(&page, &id).iter().flatten().any(|stage| *stage == CheckStage::Done(Vec::new())));
    page.say(Msg::Disconnect);
    assert!(page.state.dry_run.is_none(), "it was the opinion for another account");
}
