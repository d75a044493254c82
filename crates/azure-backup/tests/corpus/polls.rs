//! Every recorded poll sequence drives the state machines to the recorded end, errors included.

use crate::shared::{self, Exchange, at};
use azure_backup::{
    arm::{
        call::ApiVersion,
        cloud::Cloud,
        id::{ArmId, JobId},
        operation::{NextStep, Operation, OperationOutcome},
    },
    backup::job::{JobEndpoint, JobOutcome, JobTracker},
};
use http::HeaderMap;
use serde_json::Value;
use std::collections::BTreeMap;

const VERSION: ApiVersion = ApiVersion::BACKUP_DEFAULT;

fn vault() -> ArmId {
    ArmId::parse("/subscriptions/s/resourceGroups/g/providers/Microsoft.RecoveryServices/vaults/v").unwrap()
}

/// The clouds that were recorded: the public one, and the one that Microsoft tests with.
fn clouds() -> [Cloud; 2] {
    let dogfood = Cloud {
        name: "Dogfood".to_owned(),
        arm: "https://api-dogfood.resources.windows-int.net".parse().unwrap(),
        admitted: Vec::new(),
        portal: None,
    };
    [Cloud::public(), dogfood]
}

fn last_segment(url: &str) -> String {
    let path = url.split('?').next().unwrap().replace("%3D", "=");
    path.trim_end_matches('/').rsplit('/').next().unwrap().to_owned()
}

/// The polls of one operation that come after its trigger: of its status, or of its result.
fn polls<'a>(after: &'a [Exchange], id: &str, results: bool) -> Vec<&'a Exchange> {
    let ours = |exchange: &&Exchange| {
        let path = exchange.path();
        exchange.method == "GET"
            && last_segment(&path).eq_ignore_ascii_case(id)
            && path.to_ascii_lowercase().contains("operationresults") == results
            && path.to_ascii_lowercase().contains("operation")
    };
    after.iter().filter(ours).collect()
}

/// What the recording says the operation came to: its job ids, if it came to an end.
fn recorded_end(polls: &[&Exchange]) -> Option<Result<Vec<String>, String>> {
    let last = polls.iter().rev().find(|poll| poll.status < 400)?;
    let status = last.body["status"].as_str();
    match (last.status, status) {
        (204, _) => Some(Ok(vec![])),
        (200, None | Some("Succeeded")) => {
            Some(Ok(last.body["properties"]["jobId"].as_str().map(str::to_owned).into_iter().collect()))
        }
        (200, Some("InProgress")) | (202, _) => None,
        (_, other) => Some(Err(other.unwrap_or_default().to_owned())),
    }
}

#[derive(Default, Debug)]
struct Count {
    sequences: usize,
    polls: usize,
    faults: usize,
    ended: usize,
    open: usize,
}

#[test]
fn every_recorded_operation_comes_to_its_recorded_end() {
    let Some(dir) = recorded::traffic("recorded operations") else { return };
    let (mut count, mut signed, mut mismatches) = (Count::default(), 0, Vec::new());
    for (file, exchanges) in shared::scenarios(&dir) {
        for (index, trigger) in exchanges.iter().enumerate() {
            let headers = trigger.answer.headers();
            let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
            let Some(url) = header("azure-asyncoperation")
                .or(header("location"))
                .filter(|_| trigger.status == 202 && trigger.method != "GET")
            else {
                continue;
            };
            if !url.to_ascii_lowercase().contains("microsoft.recoveryservices") {
                continue;
            }
            signed += usize::from(url.contains("&s="));
            for results in [false, true] {
                let found = polls(&exchanges[index + 1..], &last_segment(url), results);
                if found.is_empty() {
                    continue;
                }
                let mut answer = trigger.answer.clone();
                if results {
                    answer.headers_mut().remove("azure-asyncoperation");
                }
                match follow_operation(&answer, &found, &mut count) {
                    Ok(()) => {}
                    Err(why) => mismatches.push(format!("{file} #{index} {}: {why}", trigger.path())),
                }
            }
        }
    }
    println!(
        "corpus operations: {} sequences, {} polls, {} faults among them, {} ended as recorded, {} still open as recorded, {signed} with signed URLs, {} mismatches",
        count.sequences,
        count.polls,
        count.faults,
        count.ended,
        count.open,
        mismatches.len()
    );
    assert_eq!(mismatches, Vec::<String>::new());
    assert!(count.sequences > 50 && count.ended > 50 && signed > 10 && count.faults > 0);
}

fn follow_operation(
    answer: &http::Response<bytes::Bytes>,
    polls: &[&Exchange],
    count: &mut Count,
) -> Result<(), String> {
    let cloud =
        clouds().into_iter().find(|cloud| verbatim(answer.headers(), cloud)).ok_or("no cloud admits the URLs")?;
    let mut operation =
        Operation::start(answer, at(0), &cloud, &vault(), &VERSION).map_err(|fault| fault.sentence())?;
    let asked =
        operation.call(&cloud).and_then(|call| call.url(&cloud)).map_err(|refused| refused.to_string())?.to_string();
    let header = |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok());
    if header("azure-asyncoperation").or(header("location")) != Some(asked.as_str()) {
        return Err(format!("asks {asked}"));
    }
    count.sequences += 1;
    let mut now = at(0);
    for (index, poll) in polls.iter().enumerate() {
        for _ in 0..=poll.repeated.min(200) {
            match operation.next(now) {
                NextStep::Wait(until) => now = until,
                NextStep::Poll => {}
                // Some clients ask once more after the end.
                NextStep::Done(_) if recorded_end(&[*poll]).is_some() => break,
                NextStep::Done(ending) => return Err(format!("ended before poll {index}: {ending:?}")),
            }
            operation.on_response(Ok(&poll.answer), now);
            operation = serde_json::from_str(&serde_json::to_string(&operation).unwrap()).unwrap();
            count.polls += 1;
            count.faults += usize::from(poll.status >= 400);
        }
    }
    match (recorded_end(polls), operation.next(now)) {
        (None, NextStep::Done(ending)) => Err(format!("ended though it was not: {ending:?}")),
        (None, _) => {
            count.open += 1;
            Ok(())
        }
        (Some(Ok(jobs)), NextStep::Done(OperationOutcome::Succeeded { job_ids, .. }))
            if job_ids.iter().map(JobId::as_str).eq(jobs.iter().map(String::as_str)) =>
        {
            count.ended += 1;
            Ok(())
        }
        (expected, found) => Err(format!("expected {expected:?}, found {found:?}")),
    }
}

fn verbatim(headers: &HeaderMap, cloud: &Cloud) -> bool {
    ["azure-asyncoperation", "location"]
        .iter()
        .filter_map(|name| headers.get(*name)?.to_str().ok())
        .all(|url| cloud.verbatim(url).map(|uri| uri.to_string()).as_deref() == Ok(url))
}

/// The polls of one job, in order: `GET backupJobs/{id}`, or for another region `POST backupCrrJob`.
fn job_of(exchange: &Exchange) -> Option<String> {
    let path = exchange.path();
    let (head, name) = path.rsplit_once('/')?;
    match exchange.method.as_str() {
        "GET" if head.ends_with("/backupJobs") => Some(name.to_owned()),
        "POST" if name == "backupCrrJob" => exchange.request["jobName"].as_str().map(str::to_owned),
        _ => None,
    }
}

#[test]
fn every_recorded_job_comes_to_its_recorded_end() {
    let Some(dir) = recorded::traffic("recorded jobs") else { return };
    let (mut count, mut ends, mut mismatches) = (Count::default(), BTreeMap::<String, usize>::new(), Vec::new());
    for (file, exchanges) in shared::scenarios(&dir) {
        let mut jobs = BTreeMap::<String, Vec<&Exchange>>::new();
        for exchange in &exchanges {
            if let Some(id) = job_of(exchange) {
                jobs.entry(id).or_default().push(exchange);
            }
        }
        for (id, polls) in jobs {
            match follow_job(&id, &polls, &mut count) {
                Ok(status) => *ends.entry(status).or_default() += 1,
                Err(why) => mismatches.push(format!("{file} {id}: {why}")),
            }
        }
    }
    println!(
        "corpus jobs: {} followed over {} polls, {} faults among them, {} ended as recorded, {} still open as recorded, {} mismatches; recorded ends: {ends:?}",
        count.sequences,
        count.polls,
        count.faults,
        count.ended,
        count.open,
        mismatches.len()
    );
    assert_eq!(mismatches, Vec::<String>::new());
    assert!(count.sequences > 20 && count.faults >= 4);
    assert!(ends["Completed"] > 10 && ends["Failed"] > 0 && ends["Cancelling"] > 0);
}

fn follow_job(id: &str, polls: &[&Exchange], count: &mut Count) -> Result<String, String> {
    let mut tracker = {
        let source = JobEndpoint { vault: vault(), location: None, version: VERSION };
        JobTracker::start(&source, JobId::parse(id).map_err(|error| error.to_string())?, at(0))
    };
    let recorded = polls.iter().rev().find(|poll| poll.status == 200).map(|poll| &poll.body["properties"]["status"]);
    let recorded = recorded.and_then(Value::as_str).ok_or("no status was recorded")?.to_owned();
    let mut now = at(0);
    count.sequences += 1;
    for poll in polls {
        for _ in 0..=poll.repeated.min(200) {
            match tracker.next(now) {
                NextStep::Done(_) => break,
                NextStep::Wait(until) => now = until,
                NextStep::Poll => {}
            }
            tracker.on_response(&tracker.call(), Ok(&poll.answer), now);
            tracker = serde_json::from_str(&serde_json::to_string(&tracker).unwrap()).unwrap();
            count.polls += 1;
            if poll.status >= 400 {
                count.faults += 1;
                let wait = (tracker.next_poll() - now).whole_seconds();
                let fault = tracker.last_error().ok_or("a fault that is not shown")?;
                if fault.is_throttled() && wait < 324 {
                    return Err(format!("a throttle of 324 s was followed by {wait} s"));
                }
            } else if poll.body["properties"]["status"]
                != tracker.job().map(|job| job.status.as_str()).unwrap_or_default()
            {
                return Err(format!("{:?} is not what was recorded", tracker.job()));
            }
        }
    }
    let running = matches!(recorded.as_str(), "InProgress" | "Cancelling");
    match (running, tracker.ending()) {
        (true, None) => count.open += 1,
        (false, Some(JobOutcome::Job(status))) if status.as_str() == recorded => count.ended += 1,
        (_, ending) => return Err(format!("recorded {recorded}, found {ending:?}")),
    }
    Ok(recorded)
}
