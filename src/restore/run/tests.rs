//! Whole lives of a restore in virtual time, with answers made by hand.

use std::rc::Rc;

use azure_backup::arm::id::ClientRequestId;
use azure_backup::arm::identity::JobId as Id;
use serde_json::{Value, json};

use super::*;
use crate::restore::plan::plan;
use crate::restore::sample::{draft, facts};

const REQUEST: &str = "0f8fad5b-d9cb-469f-a165-70867728950e";
const OTHER: &str = "7c9e6679-7425-40de-944b-e07fc1f90ae7";

fn cloud() -> Cloud {
    Cloud { name: "test".to_owned(), admitted: Vec::new(), ..Cloud::public() }
}

fn start() -> OffsetDateTime {
    OffsetDateTime::UNIX_EPOCH + Duration::days(20_000)
}

fn run() -> RestoreRun {
    let (facts, draft) = (facts(), draft(Scenario::SelectedDisks));
    let mut run = RestoreRun::intent(
        &plan(&facts, &draft).unwrap(),
        &facts,
        &cloud(),
        ClientRequestId::parse(REQUEST).unwrap(),
        start(),
    );
    run.on_sending(start());
    run
}

fn answer(status: u16, headers: &[(&str, String)], body: &Value) -> Response<Bytes> {
    let mut answer = Response::builder().status(status);
    for (name, value) in headers {
        answer = answer.header(*name, value);
    }
    let body = if body.is_null() { Bytes::new() } else { Bytes::from(body.to_string()) };
    answer.body(body).unwrap()
}

fn job(id: &str, activity: &str, vm: &str, status: &str, began: OffsetDateTime) -> Value {
    let start = began.format(&time::format_description::well_known::Rfc3339).unwrap();
    json!({"id": format!("/subscriptions/s/resourceGroups/rg/providers/Microsoft.RecoveryServices/vaults/vault/backupJobs/{id}"), "name": id,
           "type": "Microsoft.RecoveryServices/vaults/backupJobs",
           "properties": {"jobType": "AzureIaaSVMJob", "operation": "Restore", "status": status, "entityFriendlyName": vm, "containerName": format!("iaasvmcontainerv2;RG;{vm}"), "startTime": start, "activityId": activity}})
}

fn jobs(rows: &[Value]) -> Vec<Rc<Job>> {
    let call = azure_backup::backup::job::list(&facts().vault.id, &facts().version, &Default::default());
    call.read(&answer(200, &[], &json!({"value": rows}))).unwrap().value.into_iter().map(Rc::new).collect()
}

fn saved(run: &RestoreRun) -> RestoreRun {
    serde_json::from_str(&serde_json::to_string(run).unwrap()).unwrap()
}

#[test]
fn accepted_is_not_restored() {
    let mut t = run();
    let url = format!("https://management.azure.com{}/backupOperations/op?api-version=2024-04-01&t=1&s=x", t.vault);
    let accepted = answer(202, &[("azure-asyncoperation", url), ("retry-after", "60".to_owned())], &Value::Null);
    t.on_trigger_response(Ok(&accepted), &cloud(), start());
    assert_eq!(t.state_text(), "Accepted. Waiting for Azure to create the job");
    assert_eq!(t.next_action(start()), NextAction::Wait(start() + Duration::seconds(60)));
    let mut t = saved(&t);
    let later = start() + Duration::seconds(60);
    assert_eq!(t.next_action(later), NextAction::Operation);
    let done = json!({"id": "op", "name": "op", "status": "Succeeded", "properties": {"objectType": "OperationStatusJobExtendedInfo", "jobId": OTHER}});
    t.on_operation_response(Ok(&answer(200, &[], &done)), later);
    assert_eq!(t.next_action(later), NextAction::Job(Id::parse(OTHER).unwrap()));
    assert_eq!(t.state_text(), "Accepted. Loading job details");
    assert!(t.is_running());
    let mut end = job(OTHER, REQUEST, "web-01", "Completed", start());
    end["properties"]["extendedInfo"] =
        json!({"tasksList": [], "propertyBag": {"Restored disk(s)": "web-01-os; web-01-logs; web-01-data"}});
    let call = t.job_endpoint().get(t.job_id().unwrap());
    t.on_job_response(&call, Ok(&answer(200, &[], &end)), later);
    assert!(!t.is_running());
    assert_eq!(t.state_text(), "Completed");
    // LUN 1 alone was asked for; the job says that LUN 0 came back too.
    assert_eq!(t.wrong_disks().unwrap().0, ["web-01-os", "web-01-logs"]);
    assert_eq!(t.tone(), crate::restore::outcome::OutcomeTone::Attention);
}

#[test]
fn a_refusal_ends_it_and_a_gateway_error_does_not() {
    let mut refused = run();
    let error = json!({"error": {"code": "BMSUserErrorObjectLocked", "message": "Another operation is in progress."}});
    refused.on_trigger_response(Ok(&answer(409, &[], &error)), &cloud(), start());
    assert_eq!(refused.state_text(), "Rejected by Azure");
    assert_eq!(refused.next_action(start()), NextAction::Nothing);
    let mut unknown = run();
    unknown.on_trigger_response(
        Ok(&answer(504, &[], &json!({"error": {"code": "GatewayTimeout", "message": ""}}))),
        &cloud(),
        start(),
    );
    assert!(matches!(unknown.stage, Stage::Unknown { .. }));
}

#[test]
fn a_lost_answer_is_found_by_its_request_id() {
    let mut t = run();
    t.on_trigger_response(Err(&Fault::network("POST restore", "Failed to fetch")), &cloud(), start());
    assert!(t.state_text().starts_with("Checking whether"));
    let first = start() + Duration::seconds(5);
    assert!(matches!(t.next_action(first), NextAction::Jobs(_)));
    t.on_job_list(Ok(&jobs(&[job("a", OTHER, "web-09", "InProgress", start())])), &[], first);
    assert!(matches!(t.stage, Stage::Unknown { .. }));
    let mut t = saved(&t);
    let rows =
        jobs(&[job("a", OTHER, "web-01", "InProgress", start()), job("b", REQUEST, "web-01", "InProgress", start())]);
    t.on_job_list(Ok(&rows), &[], first);
    assert!(matches!(&t.stage, Stage::Job { found: JobMatch::Activity, .. }));
    assert_eq!(t.job_id().unwrap().as_str(), "b");
}

/// Looks into a list that always holds `rows`, as long as it is wanted.
fn searched(t: &mut RestoreRun, rows: &[Rc<Job>], already_claimed: &[Id]) -> OffsetDateTime {
    let mut now = start();
    for look in 0.. {
        assert!(look < 50, "the search never ends");
        match t.next_action(now) {
            NextAction::Wait(until) => now = until,
            NextAction::Jobs(_) => t.on_job_list(Ok(rows), already_claimed, now),
            _ => break,
        }
    }
    now
}

#[test]
fn a_job_that_only_looks_like_it_is_adopted_after_patience_and_another_records_never() {
    for (already_claimed, state, looks) in
        [(vec![], "In progress", None), (vec![Id::parse("a").unwrap()], "Not started", Some(1))]
    {
        let mut t = run();
        t.on_trigger_response(Err(&Fault::network("POST restore", "Failed to fetch")), &cloud(), start());
        let rows = jobs(&[job("a", OTHER, "web-01", "InProgress", start())]);
        let end = searched(&mut t, &rows, &already_claimed);
        assert_eq!(t.state_text(), state);
        assert!(end - start() >= SEARCH_PATIENCE, "its own job may still have come after {}", end - start());
        match (looks, &t.stage) {
            (None, Stage::Job { found, .. }) => assert_eq!(*found, JobMatch::VmAndTime),
            (Some(listed), Stage::NotSent { search: Some(search), .. }) => assert_eq!(search.listed, Some(listed)),
            other => unreachable!("{other:?}"),
        }
    }
}

/// A row of the list whose machine has the name of ours and lies in another resource group, or does not say where.
fn namesake(container: Option<&str>) -> Value {
    let mut row = job("a", OTHER, "web-01", "InProgress", start());
    match container {
        Some(container) => row["properties"]["containerName"] = container.into(),
        None => drop(row["properties"].as_object_mut().unwrap().remove("containerName")),
    }
    row
}

#[test]
fn a_job_of_another_container_is_never_adopted_though_name_and_time_fit() {
    for container in ["iaasvmcontainerv2;rg-of-somebody-else;web-01", "VMAppContainer;Compute;rg;web-01"] {
        let mut t = run();
        t.on_trigger_response(Err(&Fault::network("POST restore", "Failed to fetch")), &cloud(), start());
        searched(&mut t, &jobs(&[namesake(Some(container))]), &[]);
        assert_eq!((t.state_text().as_str(), t.job_id()), ("Not started", None), "{container}");
    }
    // Of two, ours is taken, however much later the other one began.
    let mut t = run();
    t.on_trigger_response(Err(&Fault::network("POST restore", "Failed to fetch")), &cloud(), start());
    let mut other = namesake(Some("iaasvmcontainerv2;rg-of-somebody-else;web-01"));
    other["name"] = "z".into();
    other["properties"]["startTime"] =
        job("", "", "", "", start() + Duration::minutes(2))["properties"]["startTime"].clone();
    searched(&mut t, &jobs(&[other, job("a", OTHER, "web-01", "InProgress", start())]), &[]);
    assert_eq!(t.job_id().unwrap().as_str(), "a");
}

#[test]
fn a_job_that_does_not_say_whose_it_is_leaves_the_outcome_unknown() {
    let without = |mut row: Value, members: &[&str]| {
        members.iter().for_each(|member| drop(row["properties"].as_object_mut().unwrap().remove(*member)));
        row
    };
    let rows = [
        namesake(None),
        // A name alone is that of the machine, whose container it may be.
        namesake(Some("web-01")),
        without(namesake(None), &["entityFriendlyName"]),
        without(namesake(None), &["startTime"]),
        without(job("a", OTHER, "web-01", "InProgress", start()), &["startTime"]),
    ];
    for row in rows {
        let mut t = run();
        t.on_trigger_response(Err(&Fault::network("POST restore", "Failed to fetch")), &cloud(), start());
        let unclear = jobs(std::slice::from_ref(&row));
        let mut now = start();
        while now < start() + Duration::hours(1) {
            match t.next_action(now) {
                NextAction::Wait(until) => now = until,
                NextAction::Jobs(_) => t.on_job_list(Ok(&unclear), &[], now),
                _ => break,
            }
        }
        assert!(
            matches!(t.stage, Stage::Unknown { .. }) && t.next_steps()[0].contains("doesn't say which VM it restores"),
            "{row}: {t:?}"
        );
        assert_eq!(saved(&t), t);
        searched(&mut t, &[], &[]);
        assert_eq!(t.state_text(), "Not started", "it is gone");
    }
    // The container names the machine, with or without its name beside it.
    let mut t = run();
    t.on_trigger_response(Err(&Fault::network("POST restore", "Failed to fetch")), &cloud(), start());
    let ours = without(job("a", OTHER, "web-01", "InProgress", start()), &["entityFriendlyName"]);
    searched(&mut t, &jobs(&[ours]), &[]);
    assert_eq!(t.job_id().unwrap().as_str(), "a");
}

#[test]
fn a_guessed_job_is_given_back_once_it_says_that_it_is_of_another_container() {
    let mut t = run();
    t.on_trigger_response(Err(&Fault::network("POST restore", "Failed to fetch")), &cloud(), start());
    let end = searched(&mut t, &jobs(&[job("a", OTHER, "web-01", "InProgress", start())]), &[]);
    assert!(t.is_guessed());
    let other = namesake(Some("iaasvmcontainerv2;rg-of-somebody-else;web-01"));
    let call = t.job_endpoint().get(t.job_id().unwrap());
    t.on_job_response(&call, Ok(&answer(200, &[], &other)), end);
    assert!(matches!(t.stage, Stage::Unknown { .. }) && t.job_id().is_none());
}

#[test]
fn what_the_first_page_proves_holds_though_the_next_one_cannot_be_read() {
    let fault = Fault::network("GET jobs", "Failed to fetch");
    let ours = jobs(&[job("b", REQUEST, "web-01", "InProgress", start())]);
    let mut t = run();
    t.on_trigger_response(Err(&Fault::network("POST restore", "Failed to fetch")), &cloud(), start());
    let mut absent = t.clone();
    t.on_partial_job_list(&ours, Some(&fault), start());
    assert_eq!(t.job_id().unwrap().as_str(), "b");
    // It runs on, by the same half of a list.
    t.on_partial_job_list(&jobs(&[job("b", REQUEST, "web-01", "Cancelling", start())]), Some(&fault), start());
    assert_eq!((t.state_text().as_str(), t.last_error()), ("Canceling", None));
    for minute in 1..60 {
        absent.on_partial_job_list(&jobs(&[namesake(None)]), Some(&fault), start() + Duration::minutes(minute));
    }
    assert!(matches!(absent.stage, Stage::Unknown { .. }), "what half of a list lacks is not absent");
}

#[test]
fn a_job_of_the_same_machine_that_began_at_another_time_is_never_adopted() {
    let window = SEARCH_PATIENCE + CLOCK_SKEW;
    for (began, state) in [
        (start() - Duration::days(1), "Not started"),
        (start() - CLOCK_SKEW - Duration::seconds(1), "Not started"),
        (start() - CLOCK_SKEW, "In progress"),
        (start() + window, "In progress"),
        (start() + window + Duration::seconds(1), "Not started"),
    ] {
        let mut t = run();
        t.on_trigger_response(Err(&Fault::network("POST restore", "Failed to fetch")), &cloud(), start());
        searched(&mut t, &jobs(&[job("a", OTHER, "web-01", "InProgress", began)]), &[]);
        assert_eq!(t.state_text(), state, "{began}");
    }
}

#[test]
fn one_list_tells_what_many_operations_have_made() {
    let mut t = run();
    let url = format!("https://management.azure.com{}/backupOperations/op?api-version=2024-04-01&t=1&s=x", t.vault);
    let accepted = answer(202, &[("azure-asyncoperation", url)], &Value::Null);
    t.on_trigger_response(Ok(&accepted), &cloud(), start());
    t.on_job_list(Ok(&jobs(&[job("a", OTHER, "web-01", "InProgress", start())])), &[], start());
    assert!(matches!(t.stage, Stage::Operation { .. }), "a job of the same machine proves nothing here");
    t.on_job_list(Ok(&jobs(&[job("b", REQUEST, "web-01", "InProgress", start())])), &[], start());
    assert_eq!(t.job_id().unwrap().as_str(), "b");
}

#[test]
fn a_lost_request_is_shown_to_be_absent_only_after_patience() {
    let mut t = run();
    t.on_trigger_response(Err(&Fault::network("POST restore", "Failed to fetch")), &cloud(), start());
    let now = searched(&mut t, &[], &[]);
    assert_eq!(t.state_text(), "Not started");
    assert!(now - start() >= Duration::minutes(3), "given up after {}", now - start());
}

#[test]
fn failed_looks_prove_nothing() {
    let mut t = run();
    t.on_trigger_response(Err(&Fault::network("POST restore", "Failed to fetch")), &cloud(), start());
    for minute in 1..60 {
        t.on_job_list(Err(&Fault::network("GET jobs", "Failed to fetch")), &[], start() + Duration::minutes(minute));
    }
    assert!(
        matches!(t.stage, Stage::Unknown { .. }),
        "a job list that was never read cannot show that the job is absent"
    );
}

#[test]
fn headers_that_cannot_be_read_lead_to_the_job_list_for_as_long_as_it_takes() {
    let mut t = run();
    t.on_trigger_response(Ok(&answer(202, &[], &Value::Null)), &cloud(), start());
    assert_eq!(t.state_text(), "Accepted. Waiting for Azure to create the job");
    for minute in 1..30 {
        t.on_job_list(Ok(&[]), &[], start() + Duration::minutes(minute));
        assert!(matches!(t.stage, Stage::Searching { .. }));
    }
    t.on_job_list(
        Ok(&jobs(&[job("b", REQUEST, "web-01", "InProgress", start())])),
        &[],
        start() + Duration::minutes(31),
    );
    assert_eq!(t.state_text(), "In progress");
}

#[test]
fn a_reload_while_sending_leaves_the_outcome_unknown() {
    let mut t = saved(&run());
    t.on_sender_gone(start());
    assert!(matches!(t.stage, Stage::Unknown { fault: None, .. }));
}

#[test]
fn looking_now_does_not_break_a_throttles_wait() {
    let mut t = run();
    t.on_trigger_response(Ok(&answer(202, &[], &Value::Null)), &cloud(), start());
    let throttle =
        json!({"error": {"code": "ResourceRequestsThrottled", "message": "Please try again after '324' seconds."}});
    let call = azure_backup::backup::job::list(&t.vault, &t.version, &Default::default());
    let fault = call.read(&answer(429, &[], &throttle)).unwrap_err();
    t.on_job_list(Err(&fault), &[], start());
    t.poll_now(start());
    assert_eq!(t.next_action(start()), NextAction::Wait(start() + Duration::seconds(324)));
}

#[test]
fn a_prepared_restore_begins_when_its_request_leaves() {
    let (mut facts, draft) = (facts(), draft(Scenario::RestoreDisks));
    facts.secondary = Some(Region::new("westeurope"));
    facts.version = ApiVersion::CROSS_REGION_DEFAULT;
    let plan = plan(&facts, &draft).unwrap();
    let id = ClientRequestId::parse(REQUEST).unwrap();
    let mut restore = RestoreRun::intent(&plan, &facts, &cloud(), id, start());
    assert_eq!(restore.next_action(start()), NextAction::Prepare);
    restore.on_preparation_response(start());
    let later = start() + Duration::minutes(9);
    restore.on_sending(later);
    assert_eq!((restore.started, &restore.stage), (later, &Stage::Sending), "its job is looked for from then on");
    assert_eq!(saved(&restore), restore);
    restore.on_sender_gone(later);
    assert_eq!(restore.next_action(later + Duration::minutes(1)), NextAction::Jobs(later - CLOCK_SKEW));
}

/// Seed 78513 of the simulation: another tab follows the job under the record of who started it.
#[test]
fn a_job_that_was_guessed_and_is_anothers_is_given_back() {
    let mut t = run();
    t.on_trigger_response(Err(&Fault::network("POST restore", "Failed to fetch")), &cloud(), start());
    let end = searched(&mut t, &jobs(&[job("a", OTHER, "web-01", "InProgress", start())]), &[]);
    assert!(t.is_guessed());
    t.release_job(end);
    assert!(matches!(t.stage, Stage::Unknown { .. }) && t.job_id().is_none());
    let mut sure = run();
    sure.on_trigger_response(Err(&Fault::network("POST restore", "Failed to fetch")), &cloud(), start());
    sure.on_job_list(Ok(&jobs(&[job("b", REQUEST, "web-01", "InProgress", start())])), &[], start());
    sure.release_job(start());
    assert!(sure.job_id().is_some(), "what names the request is its own");
}
