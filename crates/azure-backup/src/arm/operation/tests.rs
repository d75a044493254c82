use super::*;
use crate::fixture::{VAULT, answer, at, id};
use proptest::prelude::*;

const HOST: &str = "https://management.azure.com";
const RUNNING: &str = r#"{"id":"op-1","name":"op-1","status":"InProgress","endTime":"0001-01-01T00:00:00"}"#;
const DONE: &str =
    r#"{"status":"Succeeded","properties":{"objectType":"OperationStatusJobExtendedInfo","jobId":"job-9"}}"#;
const NOT_FOUND: &str = r#"{"error":{"code":"ResourceNotFound","message":"No."}}"#;

fn url(kind: &str) -> String {
    format!("{HOST}{VAULT}/{kind}/op-1?api-version=2019-05-13&t=1&s=%2Bx%2f")
}

fn accepted(headers: &[(&str, &str)]) -> Operation {
    let version = ApiVersion::BACKUP_DEFAULT;
    Operation::start(&answer(202, headers, ""), at(0), &Cloud::public(), &id(VAULT), &version).unwrap()
}

fn both() -> Operation {
    let (status, result) = (url("operationsStatus"), url("operationResults"));
    accepted(&[("Azure-AsyncOperation", &status), ("Location", &result), ("Retry-After", "60")])
}

fn asks(operation: &Operation) -> String {
    operation.call(&Cloud::public()).unwrap().url(&Cloud::public()).unwrap().to_string()
}

fn hear(operation: &mut Operation, status: u16, body: &str, seconds: i64) {
    operation.on_response(Ok(&answer(status, &[], body)), at(seconds));
}

#[test]
fn retry_after_then_the_signed_url_verbatim_then_the_job() {
    let mut operation = both();
    assert_eq!(operation.next(at(59)), NextStep::Wait(at(60)));
    assert_eq!(operation.next(at(60)), NextStep::Poll);
    assert_eq!((asks(&operation), operation.id()), (url("operationsStatus"), Some("op-1")));
    operation.on_response(Ok(&answer(200, &[("Retry-After", "7")], RUNNING)), at(61));
    assert_eq!((operation.status(), operation.next(at(67))), ("InProgress", NextStep::Wait(at(68))));
    let stored = serde_json::to_string(&operation).unwrap();
    let mut operation: Operation = serde_json::from_str(&stored).unwrap();
    hear(&mut operation, 200, DONE, 70);
    let NextStep::Done(OperationOutcome::Succeeded { job_ids, properties }) = operation.next(at(70)) else {
        panic!("{operation:?}")
    };
    assert_eq!(job_ids, [JobId::parse("job-9").unwrap()]);
    assert_eq!(properties.unwrap()["jobId"], "job-9");
    assert_eq!((operation.last_poll(), operation.since()), (Some(at(70)), at(0)));
    assert!(!format!("{operation:?}").contains("%2Bx"), "a signature is never shown");
}

/// Azure tells some operations to the account alone that began them, with a 401 or a 403, and whoever may read the vault follows by its own lists.
#[test]
fn a_lasting_refusal_that_no_sign_in_cures_leads_to_the_vaults_own_operations_and_then_to_its_jobs() {
    let not_the_caller = r#"{"error":{"code":"AuthorizationFailed","message":"Unable to verify that the user is the original caller."}}"#;
    let expired = r#"{"error":{"code":"ExpiredAuthenticationToken","message":"Late."}}"#;
    for (status, body) in [(401, not_the_caller), (403, not_the_caller), (403, "{}"), (401, expired)] {
        let mut operation = both();
        let mut now = 60;
        let mut status_sources = Vec::new();
        while operation.ending().is_none() {
            assert!(now < 60 * 20, "{status} {body}: {:?}", operation.status_source());
            hear(&mut operation, status, body, now);
            // The sign-in gives another token each time, which Azure refuses alike.
            operation.on_token_renewed(at(now));
            if status_sources.last() != Some(&operation.status_source()) {
                status_sources.push(operation.status_source());
            }
            now += 1;
        }
        assert_eq!(
            status_sources,
            [StatusSource::AsyncOperation, StatusSource::BackupOperations, StatusSource::JobList],
            "{status} {body}"
        );
        assert_eq!(operation.ending(), Some(&OperationOutcome::UseJobList));
    }
}

#[test]
fn a_token_that_has_expired_is_no_reason_to_leave_the_operation() {
    let expired = r#"{"error":{"code":"ExpiredAuthenticationToken","message":"Late."}}"#;
    let mut operation = both();
    for minute in 1..600 {
        hear(&mut operation, 401, expired, minute * 60);
    }
    assert_eq!(
        (operation.status_source(), operation.ending()),
        (StatusSource::AsyncOperation, None),
        "nobody was there to sign in"
    );
    operation.on_token_renewed(at(36_000));
    hear(&mut operation, 200, RUNNING, 36_001);
    for minute in 0..10 {
        hear(&mut operation, 401, expired, 40_000 + minute * 60);
    }
    assert_eq!(
        operation.status_source(),
        StatusSource::AsyncOperation,
        "the fresh one was accepted, and has expired as well"
    );
}

#[test]
fn without_retry_after_a_minute_and_look_now_brings_it_forward() {
    let status = url("operationsStatus");
    let mut operation = accepted(&[("Azure-AsyncOperation", &status)]);
    assert_eq!(operation.next(at(0)), NextStep::Wait(at(60)));
    operation.poll_now(at(5));
    assert_eq!(operation.next(at(5)), NextStep::Poll);
    hear(&mut operation, 200, RUNNING, 6);
    assert_eq!(operation.next_poll(), at(66));
    operation.on_response(Ok(&answer(200, &[("Retry-After", "0")], RUNNING)), at(7));
    assert_eq!(operation.next(at(7)), NextStep::Wait(at(8)), "zero seconds is no reason to hammer");
    operation.on_response(Ok(&answer(200, &[("Retry-After", "86400")], RUNNING)), at(8));
    assert_eq!(operation.next(at(8)), NextStep::Wait(at(608)));
    // A clock that was set back must not stop us for longer than any wait of ours.
    assert_eq!(operation.next(at(-10_000)), NextStep::Poll);
}

#[test]
fn location_ends_with_204_or_with_either_body() {
    let result = url("operationResults");
    let fresh = || accepted(&[("Location", &result)]);
    assert_eq!(fresh().status_source(), StatusSource::Location);
    let ended = |status, body| {
        let mut operation = fresh();
        operation.on_response(Ok(&answer(202, &[("Retry-After", "10")], "")), at(60));
        assert_eq!(operation.next(at(60)), NextStep::Wait(at(70)));
        operation.on_response(Ok(&answer(status, &[("Retry-After", "60")], body)), at(70));
        operation.ending().cloned()
    };
    let nothing = Some(OperationOutcome::Succeeded { job_ids: vec![], properties: None });
    assert_eq!(ended(204, ""), nothing);
    assert_eq!(ended(200, ""), nothing);
    let resource = ended(200, r#"{"id":"/a/b","properties":{"protectionState":"Protected"}}"#);
    assert!(
        matches!(resource, Some(OperationOutcome::Succeeded { job_ids, properties: Some(_) }) if job_ids.is_empty())
    );
    assert!(matches!(ended(200, DONE), Some(OperationOutcome::Succeeded { job_ids, .. }) if job_ids.len() == 1));
    assert_eq!(ended(200, RUNNING), None);
    assert_eq!(ended(200, "[]"), None);
    let several = r#"{"status":"Succeeded","properties":{"jobIds":["a","b"]}}"#;
    assert!(matches!(ended(200, several), Some(OperationOutcome::Succeeded { job_ids, .. }) if job_ids.len() == 2));
}

#[test]
fn no_readable_headers_leave_the_job_list() {
    assert_eq!(accepted(&[]).next(at(0)), NextStep::Done(OperationOutcome::UseJobList));
    assert_eq!(accepted(&[("Location", "")]).status_source(), StatusSource::JobList);
    let refused =
        Operation::start(&answer(400, &[], NOT_FOUND), at(0), &Cloud::public(), &id(VAULT), &ApiVersion::TUTORIAL);
    assert_eq!(refused.unwrap_err().code, "ResourceNotFound");
}

#[test]
fn a_doubled_url_is_asked_as_it_is_then_once_without_the_doubling() {
    let doubled =
        format!("{HOST}/subscriptions//subscriptions/s-1/x/operationResults/op-1?s=//subscriptions//subscriptions/");
    let mut operation = accepted(&[("Location", &doubled)]);
    assert_eq!(asks(&operation), doubled);
    hear(&mut operation, 404, NOT_FOUND, 60);
    assert_eq!(operation.next(at(60)), NextStep::Poll);
    let once = format!("{HOST}/subscriptions/s-1/x/operationResults/op-1?s=//subscriptions//subscriptions/");
    assert_eq!(asks(&operation), once);
    hear(&mut operation, 404, NOT_FOUND, 61);
    assert!(matches!(operation.next(at(61)), NextStep::Wait(_)));
    assert_eq!(asks(&operation), once);
}

#[test]
fn other_hosts_are_never_asked() {
    let (evil, result) = ("https://evil.test/operationsStatus/op-1", url("operationResults"));
    let operation = accepted(&[("Azure-AsyncOperation", evil), ("Location", &result)]);
    assert_eq!((operation.status_source(), asks(&operation)), (StatusSource::Location, result));
    assert!(operation.last_error().unwrap().message.contains("evil.test"));
    let alone = accepted(&[("Location", evil)]);
    assert_eq!(alone.next(at(0)), NextStep::Done(OperationOutcome::UseJobList));
    assert_eq!(alone.last_error().unwrap().kind, FaultKind::Refused);

    // The cloud may be configured otherwise by the time a stored operation goes on.
    let moved = Cloud { arm: "https://management.example.test".parse().unwrap(), admitted: vec![], ..Cloud::public() };
    let mut stored = both();
    for status_source in [StatusSource::Location, StatusSource::BackupOperations] {
        let refused = stored.call(&moved).unwrap_err();
        stored.on_response(Err(&Fault::refused("GET", &refused)), at(60));
        assert_eq!((stored.status_source(), stored.next(at(60))), (status_source, NextStep::Poll));
    }
    let path = format!("https://management.example.test{VAULT}/backupOperations/op-1?api-version=2024-04-01");
    assert_eq!(stored.call(&moved).unwrap().url(&moved).unwrap().to_string(), path);
}

#[test]
fn a_lasting_404_falls_from_way_to_way() {
    let mut operation = both();
    for status_source in [StatusSource::AsyncOperation, StatusSource::Location, StatusSource::BackupOperations] {
        for look in 0..3 {
            assert_eq!(operation.status_source(), status_source, "{look}");
            hear(&mut operation, 404, NOT_FOUND, 60);
        }
    }
    assert_eq!(operation.next(at(60)), NextStep::Done(OperationOutcome::UseJobList));
    assert_eq!(operation.last_error().unwrap().code, "ResourceNotFound");

    let mut other = both();
    for _ in 0..2 {
        hear(&mut other, 404, NOT_FOUND, 60);
        hear(&mut other, 200, RUNNING, 61);
    }
    hear(&mut other, 404, NOT_FOUND, 62);
    assert_eq!(other.status_source(), StatusSource::AsyncOperation, "only refusals in a row count");
}

#[test]
fn transient_faults_are_waited_out_visibly() {
    let mut operation = both();
    let mut now = 60;
    for (status, seconds) in [(500, 5), (502, 10), (503, 20), (504, 40)] {
        hear(&mut operation, status, r#"{"ErrorCode":"CloudInternalError","Message":{"Value":"m"}}"#, now);
        assert_eq!(operation.next(at(now)), NextStep::Wait(at(now + seconds)));
        assert_eq!(operation.last_error().unwrap().code, "CloudInternalError");
        now += seconds;
    }
    operation.on_response(Ok(&answer(503, &[("Retry-After", "33")], "")), at(now));
    assert_eq!(operation.next_poll(), at(now + 33));
    operation.on_response(Err(&Fault::network("GET /x", "Failed to fetch")), at(now + 33));
    assert_eq!(operation.status_source(), StatusSource::AsyncOperation);
    hear(&mut operation, 200, RUNNING, now + 200);
    assert_eq!((operation.last_error(), operation.next_poll()), (None, at(now + 260)));
}

#[test]
fn a_url_that_never_answers_is_left_for_another_way() {
    let mut operation = both();
    for look in 1..=timing::FAILURES_BEFORE_FALLBACK {
        assert_eq!(operation.status_source(), StatusSource::AsyncOperation);
        operation.on_response(Err(&Fault::network("GET /x", "Failed to fetch")), at(600 * i64::from(look)));
    }
    assert_eq!(operation.status_source(), StatusSource::Location);
}

#[test]
fn a_throttle_is_respected_even_by_look_now() {
    let mut operation = both();
    hear(&mut operation, 429, r#"{"error":{"code":"T","message":"Please try again after '324' seconds."}}"#, 60);
    operation.poll_now(at(100));
    assert_eq!(operation.next(at(383)), NextStep::Wait(at(384)));
    assert_eq!(operation.next(at(384)), NextStep::Poll);
    operation.on_response(Ok(&answer(429, &[("Retry-After", "1000")], "")), at(384));
    assert_eq!(operation.next_poll(), at(1384));
    operation.on_response(Ok(&answer(429, &[], "")), at(1384));
    assert_eq!(operation.next_poll(), at(1384 + 240), "the third in a row, without a wait: a minute doubled twice");
    operation.on_response(Err(&Fault::network("GET /x", "m")), at(1384 + 240));
    operation.poll_now(at(1625));
    assert_eq!(operation.next(at(1625)), NextStep::Poll, "the throttle is over");
}

#[test]
fn an_expired_token_stops_nothing() {
    let mut operation = both();
    for look in 0..20 {
        hear(&mut operation, 401, r#"{"error":{"code":"ExpiredAuthenticationToken","message":"m"}}"#, 60 * look);
        operation.on_response(Err(&Fault::no_token("GET /x", "expired")), at(60 * look + 1));
    }
    assert!(operation.needs_sign_in() && operation.status_source() == StatusSource::AsyncOperation);
    operation.poll_now(at(1300));
    assert_eq!(operation.next(at(1300)), NextStep::Poll);
    hear(&mut operation, 200, DONE, 1301);
    assert!(matches!(operation.ending(), Some(OperationOutcome::Succeeded { .. })) && !operation.needs_sign_in());
}

#[test]
fn every_way_to_end() {
    let end = |body: &str| {
        let mut operation = both();
        operation.on_response(Ok(&answer(200, &[("x-ms-request-id", "r")], body)), at(60));
        (operation.status().to_owned(), operation.ending().cloned())
    };
    let (status, failed) = end(r#"{"status":"Failed","error":{"code":"UserErrorX","message":"Why."}}"#);
    let Some(OperationOutcome::Failed(fault)) = failed else { panic!("{failed:?}") };
    assert_eq!((status.as_str(), fault.code.as_str(), fault.message.as_str()), ("Failed", "UserErrorX", "Why."));
    assert_eq!((fault.request_id.as_deref(), fault.call.ends_with("/operationsStatus/op-1")), (Some("r"), true));
    assert!(matches!(end(r#"{"status":"Failed"}"#).1, Some(OperationOutcome::Failed(_))));
    assert_eq!(end(r#"{"status":"Canceled"}"#).1, Some(OperationOutcome::Cancelled));
    assert_eq!(end(r#"{"status":"cancelled"}"#).1, Some(OperationOutcome::Cancelled));
    assert_eq!(end(r#"{"status":"Invalid"}"#).1, Some(OperationOutcome::Unknown("Invalid".into())));
    assert_eq!(end(r#"{"status":2}"#).1, Some(OperationOutcome::Succeeded { job_ids: vec![], properties: None }));
    assert_eq!(end(r#"{"status":"Pondering"}"#), ("Pondering".into(), None), "an unknown status still runs");
}

fn any_answer() -> impl Strategy<Value = (u16, &'static str, &'static str)> {
    let statuses =
        prop::sample::select(vec![200, 201, 202, 204, 301, 400, 401, 403, 404, 408, 410, 429, 500, 502, 503, 504]);
    let bodies =
        vec![RUNNING, DONE, NOT_FOUND, "", "<html>", "{", "[]", "null", "7", r#"{"status":{}}"#, r#"{"status":"?"}"#];
    let waits = vec!["", "0", "5", "99999999999", "Tue, 14 Nov 2023 22:14:20 GMT", "x"];
    (statuses, prop::sample::select(bodies), prop::sample::select(waits))
}

fn any_fault() -> impl Strategy<Value = Option<Fault>> {
    prop::sample::select(vec![
        None,
        None,
        None,
        Some(Fault::network("GET /x", "m")),
        Some(Fault::timed_out("GET /x", 30)),
        Some(Fault::aborted("GET /x")),
        Some(Fault::no_token("GET /x", "m")),
        Some(Fault::too_large("GET /x", 1)),
        Some(Fault::refused("GET /x", &RefusedUrl::NotAUrl("x".into()))),
    ])
}

proptest! {
    /// Whatever is heard, an operation is over, or is due, or waits for no longer than the longest wait; and it can be stored at any time.
    #[test]
    fn never_stuck(heard in prop::collection::vec((any_answer(), any_fault()), 0..60)) {
        let mut operation = both();
        let mut now = at(0);
        for ((status, body, wait), fault) in heard {
            match operation.next(now) {
                NextStep::Done(_) => break,
                NextStep::Wait(until) => {
                    prop_assert!(until > now && until - now <= timing::MAX_THROTTLE);
                    now = until;
                }
                NextStep::Poll => {}
            }
            prop_assert_eq!(operation.next(now), NextStep::Poll);
            prop_assert!(operation.call(&Cloud::public()).is_ok());
            let reply = answer(status, &[("Retry-After", wait)], body);
            operation.on_response(fault.as_ref().map_or(Ok(&reply), Err), now);
            let stored = serde_json::to_string(&operation).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Operation>(&stored).unwrap(), &operation);
        }
    }

    /// A service that never answers with anything of use does not keep us for ever: some way ends it.
    #[test]
    fn useless_answers_end_in_the_job_list(status in prop::sample::select(vec![301, 400, 403, 404, 410, 500, 502, 504]), body in "\\PC{0,20}") {
        let mut operation = both();
        let mut now = at(0);
        for _ in 0..40 {
            if let NextStep::Wait(until) = operation.next(now) {
                now = until;
            }
            operation.on_response(Ok(&answer(status, &[], &body)), now);
        }
        prop_assert_eq!(operation.ending(), Some(&OperationOutcome::UseJobList));
        prop_assert!(now < at(2 * 3600));
    }
}

#[test]
fn an_operation_of_the_secondary_region_is_followed_there_whatever_its_id() {
    let cloud = Cloud::public();
    let west = id("/subscriptions/s/providers/Microsoft.RecoveryServices/locations/westus");
    for (spelled, escaped) in [("MTs0Mg==", "MTs0Mg%3D%3D"), ("MTs0Mg%3D%3D", "MTs0Mg%3D%3D"), ("plain", "plain")] {
        let url =
            format!("https://management.azure.com{west}/backupCrrOperationsStatus/{spelled}?api-version=2021-11-15");
        let begun = answer(202, &[("azure-asyncoperation", &url)], "");
        let version = ApiVersion::CROSS_REGION_DEFAULT;
        let mut operation = Operation::start(&begun, at(0), &cloud, &west, &version).unwrap();
        assert_eq!(operation.call(&cloud).unwrap().url(&cloud).unwrap().to_string(), url, "verbatim");
        for look in 1..=3 {
            operation.on_response(Ok(&answer(404, &[], NOT_FOUND)), at(look));
        }
        let rebuilt = operation.call(&cloud).unwrap().url(&cloud).unwrap().to_string();
        assert!(
            rebuilt.ends_with(&format!("{west}/backupCrrOperationsStatus/{escaped}?api-version=2021-11-15")),
            "{rebuilt}"
        );
    }
}

/// A clock that is fast reads a date as over, too.
#[test]
fn a_fault_that_asks_for_no_wait_is_not_answered_by_a_look_each_second() {
    for wait in ["0", "Thu, 01 Jan 1970 00:00:00 GMT"] {
        for (status, least) in [(503, [5, 5, 10, 20]), (429, [60, 120, 240, 480])] {
            let mut operation = both();
            let mut now = 100;
            for least in least {
                operation.on_response(Ok(&answer(status, &[("Retry-After", wait)], "{}")), at(now));
                let NextStep::Wait(until) = operation.next(at(now)) else { panic!("{status} {wait}: {operation:?}") };
                assert!(until >= at(now + least), "{status} {wait}: {until}");
                now += least;
            }
        }
    }
}

/// An operation of Microsoft.Compute: no other list has it.
#[test]
fn an_operation_that_is_none_of_azure_backup_is_not_looked_for_in_a_vault() {
    let machine = "/subscriptions/s-1/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm";
    let url = format!("{HOST}/subscriptions/s-1/providers/Microsoft.Compute/locations/westeurope/operations/op-1?p=1");
    let accepted = answer(202, &[("Azure-AsyncOperation", &url)], "");
    let mut operation =
        Operation::start(&accepted, at(0), &Cloud::public(), &id(machine), &ApiVersion::MACHINES).unwrap();
    for seconds in 0..1_000 {
        assert_ne!(operation.status_source(), StatusSource::BackupOperations);
        hear(&mut operation, 404, NOT_FOUND, seconds * 60);
    }
    assert_eq!(operation.ending(), Some(&OperationOutcome::UseJobList));
}
