//! Jobs: lists, filters, cancellation, and the jobs of a new world.

use arm_sim::Progress;
use serde_json::json;

use crate::support::{Client, FAULTS, VERSION, Vault, WEU};

fn jobs(c: &mut Client, vault: &Vault, filter: &str) -> Vec<serde_json::Value> {
    let filter = if filter.is_empty() {
        String::new()
    } else {
        format!("&%24filter={}", filter.replace(' ', "+").replace('\'', "%27"))
    };
    c.list(&format!("{}/backupJobs?api-version={VERSION}{filter}", vault.id()))
}

#[test]
fn filters() {
    let mut c = Client::new(Progress::Timetable);
    let all = jobs(&mut c, &WEU, "");
    assert!(all.len() > 25, "more than one page");
    assert!(
        all.windows(2).all(|w| w[0]["properties"]["startTime"].as_str() >= w[1]["properties"]["startTime"].as_str()),
        "the newest first"
    );
    assert!(all.iter().all(|j| j["properties"]["extendedInfo"].is_null()));
    let restores = jobs(&mut c, &WEU, "operation eq 'Restore'");
    for status in ["InProgress", "Cancelling", "Completed", "Failed", "Cancelled", "CompletedWithWarnings"] {
        let found = jobs(&mut c, &WEU, &format!("operation eq 'Restore' and status eq '{status}'"));
        assert!(!found.is_empty() && found.len() < restores.len(), "{status}");
        assert!(found.iter().all(|j| j["properties"]["status"] == status));
    }
    let id = restores[0]["name"].as_str().unwrap().to_owned();
    assert_eq!(jobs(&mut c, &WEU, &format!("jobId eq '{id}'")).len(), 1);
    let recent = jobs(&mut c, &WEU, "startTime eq '2026-02-28 10:00:00 AM' and endTime eq '2026-03-02 12:00:00 AM'");
    assert!(!recent.is_empty() && recent.len() < all.len());
    assert!(jobs(&mut c, &WEU, "backupManagementType eq 'AzureStorage'").is_empty());
    let bad = c.get(&format!("{}/backupJobs?api-version={VERSION}&$filter=startTime%20eq%20'soon'", WEU.id()));
    assert_eq!((bad.status, bad.target()), (400, "$filter"));
}

#[test]
fn cancelling() {
    for (progress, reads) in [(Progress::Timetable, 0), (Progress::PerRead(4), 4)] {
        let mut c = Client::new(progress);
        let source = c.source(WEU, "web-01", 0);
        let accepted = c.restore(&source, &source.blobs()).unwrap();
        let job = c.job_of(&accepted);
        let url = format!("{}/backupJobs/{job}/cancel?api-version={VERSION}", WEU.id());
        let heard = c.send("POST", &url, None).unwrap();
        assert_eq!((heard.status, heard.header("retry-after")), (202, "60"));
        assert!(
            heard.header("azure-asyncoperation").contains("api-version=2019-05-13-preview"),
            "not the caller's version"
        );
        assert_eq!(c.job(&WEU, &job).body["properties"]["status"], "Cancelling");
        c.wait(if reads == 0 { 60 } else { 0 });
        assert!((0..3).any(|_| c.get(heard.header("location")).status == 204));
        assert_eq!(c.send("POST", &url, None).unwrap().status, 400, "cannot be cancelled twice");
        let ended = c.end_of(&WEU, &job);
        assert_eq!((&ended["status"], &ended["errorDetails"][0]["errorCode"]), (&json!("Cancelled"), &json!(400_158)));
        assert!(c.sim.created().is_empty());
    }
}

#[test]
fn the_three_ways_of_following() {
    let mut c = Client::new(Progress::Timetable);
    let source = c.source(WEU, "web-01", 0);
    let accepted = c.restore(&source, &source.disks()).unwrap();
    let (status, location) =
        (accepted.header("azure-asyncoperation").to_owned(), accepted.header("location").to_owned());
    let pending = c.get(&location);
    assert_eq!((pending.status, pending.raw.len(), pending.header("retry-after")), (202, 0, "60"));
    assert_eq!(pending.header("location"), location);
    c.wait(5);
    let done = c.get(&location);
    assert_eq!((done.status, done.raw.len(), done.header("retry-after")), (204, 0, "60"));
    let operation = c.get(&status).body["id"].as_str().unwrap().to_owned();
    let vault = c.get(&format!("{}/backupOperations/{operation}?api-version={VERSION}", WEU.id()));
    assert_eq!(vault.body["properties"]["objectType"], "OperationStatusJobExtendedInfo");
    assert_eq!(c.get(&format!("{}/backupOperationResults/{operation}?api-version={VERSION}", WEU.id())).status, 204);
    for changed in
        [status.replace("&h=", "&h=x"), status.replace("&t=", "&T="), status.split("&t=").next().unwrap().to_owned()]
    {
        assert_eq!(c.get(&changed).code(), "InvalidAsyncOperationSignature");
    }
    assert_eq!(c.get(&format!("{}/backupOperations/{operation}?api-version={VERSION}", FAULTS.id())).status, 404);
}

#[test]
fn paces() {
    let mut c = Client::new(Progress::PerRead(5));
    let source = c.source(WEU, "web-01", 0);
    let accepted = c.restore(&source, &source.blobs()).unwrap();
    let job = c.job_of(&accepted);
    let seen: Vec<_> =
        (0..6).map(|_| c.job(&WEU, &job).body["properties"]["status"].as_str().unwrap().to_owned()).collect();
    assert_eq!(seen, ["InProgress", "InProgress", "InProgress", "InProgress", "Completed", "Completed"]);
    let mut c = Client::new(Progress::AtOnce);
    let accepted = c.restore(&source, &source.blobs()).unwrap();
    let job = c.job_of(&accepted);
    assert_eq!(c.job(&WEU, &job).body["properties"]["status"], "Completed");
    let running = jobs(&mut c, &WEU, "operation eq 'Restore' and status eq 'InProgress'");
    assert_eq!(running.len(), 1, "what ran before keeps to the timetable");
}

#[test]
fn hourly_limits() {
    let mut c = Client::new(Progress::Timetable);
    c.sim.set_hourly_limit(Some(3));
    let url = format!("{}/backupJobs?api-version={VERSION}", WEU.id());
    let left: Vec<_> = (0..3)
        .map(|_| c.get(&url).header("x-ms-ratelimit-remaining-subscription-resource-requests").to_owned())
        .collect();
    assert_eq!(left, ["2", "1", "0"]);
    let heard = c.get(&url);
    assert_eq!((heard.status, heard.header("x-ms-failure-cause")), (429, "gateway"));
    let wait: i64 = heard.header("retry-after").parse().unwrap();
    assert_eq!(c.get(&format!("{}?api-version={VERSION}", WEU.id())).status, 200, "another action");
    c.wait(wait);
    assert_eq!(c.get(&url).status, 200);
}
