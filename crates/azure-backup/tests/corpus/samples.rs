//! Every distinct shape that was ever recorded.

use crate::shared::{self, at, ok};
use azure_backup::{
    arm::{
        call::ApiVersion,
        cloud::Cloud,
        fault::{Fault, FaultKind},
        id::ArmId,
        operation::{Operation, OperationOutcome},
    },
    backup::{
        item,
        job::{self, Job, JobEndpoint, JobTracker},
        recovery_point::{self, RecoveryPoint, Tier},
        restore_request::IaasVmRestoreRequest,
    },
};
use serde_json::Value;
use std::{collections::BTreeMap, fs};
use time::OffsetDateTime;

const VERSION: ApiVersion = ApiVersion::BACKUP_DEFAULT;

fn vault() -> ArmId {
    ArmId::parse("/subscriptions/s/resourceGroups/g/providers/Microsoft.RecoveryServices/vaults/v").unwrap()
}

#[test]
fn jobs() {
    let Some(dir) = recorded::traffic("samples of jobs") else { return };
    let (items, mut states, mut tasks, mut bags) =
        (shared::items(&dir, "jobs.json"), BTreeMap::<String, usize>::new(), 0, 0);
    for item in &items {
        let (raw, properties) = (&item["job"], &item["job"]["properties"]);
        let id = azure_backup::arm::id::JobId::parse(raw["name"].as_str().unwrap()).unwrap();
        let job: Job =
            job::get(&vault(), &id, &VERSION).read(&ok(raw)).unwrap_or_else(|fault| panic!("{}: {raw}", fault.message));
        assert_eq!(job.status.as_str(), properties["status"].as_str().unwrap());
        assert_eq!(job.status.is_running(), matches!(job.status.as_str(), "InProgress" | "Cancelling"), "{raw}");
        assert_eq!(job.errors.len(), properties["errorDetails"].as_array().map_or(0, Vec::len));
        assert_eq!(job.tasks.len(), properties["extendedInfo"]["tasksList"].as_array().map_or(0, Vec::len));
        let bag = properties["extendedInfo"]["propertyBag"].as_object();
        assert_eq!(job.properties.len(), bag.map_or(0, |bag| bag.values().filter(|value| !value.is_null()).count()));
        assert!(job.start.is_some() && job.duration.is_some(), "{raw}");
        assert!(!job.cancellable || job.status.as_str() == "InProgress");
        let source = JobEndpoint { vault: vault(), location: None, version: VERSION };
        let mut tracker = JobTracker::start(&source, id, OffsetDateTime::UNIX_EPOCH);
        tracker.on_response(&tracker.call(), Ok(&ok(raw)), OffsetDateTime::UNIX_EPOCH);
        let kept: JobTracker = serde_json::from_value(serde_json::to_value(&tracker).unwrap()).unwrap();
        assert_eq!(kept.job(), Some(&job));
        (tasks, bags) = (tasks + job.tasks.len(), bags + job.properties.len());
        *states.entry(job.status.to_string()).or_default() += 1;
    }
    println!("corpus samples: {} jobs, {tasks} tasks, {bags} properties, 0 mismatches; {states:?}", items.len());
    assert!(items.len() > 70 && tasks > 50 && bags > 100);
}

#[test]
fn operation_statuses() {
    let Some(dir) = recorded::traffic("samples of operation statuses") else { return };
    let items = shared::items(&dir, "operation-status.json");
    let url = "https://management.azure.com/subscriptions/s/operationsStatus/o";
    let start = shared::answer(202, &serde_json::json!({ "azure-asyncoperation": url }), &Value::Null);
    let mut ended = 0;
    for item in &items {
        let mut operation = Operation::start(&start, at(0), &Cloud::public(), &vault(), &VERSION).unwrap();
        let (status, body) = (u16::try_from(item["status"].as_u64().unwrap()).unwrap(), &item["response_body"]);
        operation.on_response(Ok(&shared::answer(status, &item["response_headers"], body)), at(60));
        match (status, body["status"].as_str()) {
            (200, Some("Succeeded")) => {
                let Some(OperationOutcome::Succeeded { job_ids, properties }) = operation.ending() else {
                    panic!("{operation:?}")
                };
                assert_eq!(job_ids.first().map(|id| id.as_str()), body["properties"]["jobId"].as_str());
                assert_eq!(properties.as_ref(), Some(&body["properties"]));
                ended += 1;
            }
            (200, _) => assert_eq!((operation.status(), operation.ending()), (body["status"].as_str().unwrap(), None)),
            _ => assert!(
                operation.ending().is_none()
                    && operation.last_error().is_some_and(|fault| fault.status == Some(status))
            ),
        }
    }
    println!("corpus samples: {} operation answers, {ended} of them ends, 0 mismatches", items.len());
    assert!(items.len() >= 6 && ended >= 2);
}

#[test]
fn errors() {
    let Some(dir) = recorded::traffic("samples of errors") else { return };
    let (items, mut retryable) = (shared::items(&dir, "errors.json"), 0);
    for item in &items {
        let (status, body) = (u16::try_from(item["status"].as_u64().unwrap()).unwrap(), &item["response_body"]);
        let fault = Fault::from_answer("GET /x", &shared::answer(status, &item["response_headers"], body));
        let error = if body["error"].is_object() { &body["error"] } else { body };
        let code = error["code"].as_str().or(error["ErrorCode"].as_str()).unwrap();
        let message = error["message"].as_str().or(error["Message"]["Value"].as_str()).unwrap();
        assert_eq!((fault.kind.clone(), fault.status, fault.code.as_str()), (FaultKind::Status, Some(status), code));
        assert_eq!(fault.message, message.replace("\r\n", "\n"));
        assert_eq!(fault.details.len(), error["details"].as_array().map_or(0, Vec::len));
        assert_eq!(fault.failure_cause.as_deref(), item["response_headers"]["x-ms-failure-cause"].as_str());
        assert_eq!(fault.is_retryable(), matches!(status, 429 | 500 | 502 | 504), "{fault:?}");
        assert!(!fault.is_throttled() || fault.retry_after.is_some());
        retryable += usize::from(fault.is_retryable());
    }
    println!("corpus samples: {} errors, {retryable} worth a retry, 0 mismatches", items.len());
    assert!(items.len() >= 29 && retryable > 5);
}

#[test]
fn recovery_points_and_items() {
    let Some(dir) = recorded::traffic("samples of recovery points and items") else { return };
    let (points, mut tiers) = (shared::items(&dir, "recovery-points.json"), BTreeMap::<String, usize>::new());
    for item in &points {
        let raw = &item["recovery_point"];
        let point: RecoveryPoint = recovery_point::get(&vault(), "1", &VERSION)
            .read(&ok(raw))
            .unwrap_or_else(|fault| panic!("{}: {raw}", fault.message));
        assert_eq!(point.name, raw["name"].as_str().unwrap());
        let details = raw["properties"]["recoveryPointTierDetails"].as_array();
        assert_eq!(point.tiers.len(), details.map_or(0, Vec::len));
        assert_eq!(point.tier() == Tier::Unknown, details.is_none_or(Vec::is_empty), "{raw}");
        *tiers.entry(format!("{:?}", point.tier())).or_default() += 1;
    }
    let (items, mut states) = (shared::items(&dir, "protected-items.json"), BTreeMap::<String, usize>::new());
    for sample in &items {
        let raw = &sample["item"];
        let item =
            item::get(&vault(), &VERSION).read(&ok(raw)).unwrap_or_else(|fault| panic!("{}: {raw}", fault.message));
        assert!(
            item.vault_id().is_some() && item.container_segment().is_some() && item.item_segment().is_some(),
            "{raw}"
        );
        assert_eq!(
            item.friendly_name.to_lowercase(),
            raw["properties"]["friendlyName"].as_str().unwrap().to_lowercase()
        );
        *states.entry(item.protection_state.to_string()).or_default() += 1;
    }
    println!(
        "corpus samples: {} recovery points {tiers:?}, {} protected items {states:?}, 0 mismatches",
        points.len(),
        items.len()
    );
    assert!(points.len() >= 22 && items.len() >= 74 && tiers.len() >= 3);
}

/// The restore request in a trigger's body: bare in a cross-region restore, else under `properties`.
pub(crate) fn restore_request(body: &Value) -> &Value {
    [&body["restoreRequest"], &body["properties"]["restoreRequest"], &body["properties"]]
        .into_iter()
        .find(|value| value.is_object())
        .unwrap_or(body)
}

/// Null, "" and absent mean the same for a field that is not used.
pub(crate) fn without_blanks(value: &Value) -> Value {
    let blank = |value: &Value| value.is_null() || *value == "";
    match value {
        Value::Object(members) => members
            .iter()
            .filter(|(_, value)| !blank(value))
            .map(|(key, value)| (key.clone(), without_blanks(value)))
            .collect(),
        other => other.clone(),
    }
}

#[test]
fn restore_bodies_round_trip() {
    let Some(dir) = recorded::traffic("restore bodies") else { return };
    let lines = fs::read_to_string(dir.join("corpus/corpora/restore-requests-all.jsonl")).unwrap();
    let mut samples = shared::items(&dir, "restore-requests.json");
    samples.extend(lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()));
    let (mut equal, mut blanks, mut workload, mut mismatches) = (0, 0, 0, Vec::new());
    for sample in &samples {
        let raw = restore_request(&sample["request_body"]);
        if !raw["objectType"].as_str().is_some_and(|kind| kind.starts_with("IaasVM")) {
            workload += 1;
            continue;
        }
        let request = match serde_json::from_value::<IaasVmRestoreRequest>(raw.clone()) {
            Ok(request) => request,
            Err(error) => {
                mismatches.push(format!("{error}: {raw}"));
                continue;
            }
        };
        let url = sample["url"].as_str().unwrap();
        let version: ApiVersion = url.split_once("api-version=").unwrap().1.split('&').next().unwrap().parse().unwrap();
        let unknown = request.unknown_to(&version);
        if !unknown.is_empty() {
            mismatches.push(format!("{version} took what we would not send: {unknown:?}"));
        }
        let again = serde_json::to_value(&request).unwrap();
        if again == *raw {
            equal += 1;
        } else if without_blanks(&again) == without_blanks(raw) {
            blanks += 1;
        } else {
            mismatches.push(format!("{raw} became {again}"));
        }
    }
    println!(
        "corpus restore bodies: {} read: {equal} equal, {blanks} equal but for null or \"\" in unused fields, {workload} of other workloads, {} mismatches",
        samples.len(),
        mismatches.len()
    );
    assert_eq!(mismatches, Vec::<String>::new());
    assert!(equal > 300);
}
