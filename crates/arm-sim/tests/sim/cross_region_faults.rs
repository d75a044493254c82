//! What sentinels do in the secondary region.

use arm_sim::Progress;
use serde_json::{Value, json};

use crate::secondary::Crossing;
use crate::support::{Client, FAULTS, VERSION};

fn start(progress: Progress, name: &str) -> (Client, Crossing) {
    let mut c = Client::new(progress);
    let x = Crossing::new(&mut c, FAULTS, "2021-11-15", name, 0);
    (c, x)
}

fn end(name: &str) -> Value {
    let (mut c, x) = start(Progress::Timetable, name);
    let job = x.complete(&mut c, &x.disks());
    assert_eq!(!c.sim.created().is_empty(), job["status"].as_str().unwrap().starts_with("Completed"));
    job
}

#[test]
fn tokens_come_late_or_stale() {
    let (mut c, x) = start(Progress::Timetable, "fault-token-timeout");
    let audience = x.audience(&mut c);
    let statuses = [(); 4].map(|()| c.send("POST", &x.token_url(), Some(&audience)).unwrap().status);
    assert_eq!(statuses, [504, 504, 504, 200]);
    assert_eq!(x.restore(&mut c, &x.disks()).unwrap().status, 202);
    let (mut c, x) = start(Progress::Timetable, "fault-token-stale");
    let first = x.token(&mut c);
    for _ in 0..2 {
        let heard = x.send(&mut c, &first, &x.disks()).unwrap();
        assert_eq!((heard.status, heard.code()), (400, "UserErrorCrrAccessTokenExpired"));
    }
    assert_eq!(x.restore(&mut c, &x.disks()).unwrap().status, 202);
    let primary = c.source(FAULTS, "fault-token-stale", 0);
    assert_eq!(c.restore(&primary, &primary.disks()).unwrap().status, 202, "the primary region knows no such tokens");
}

#[test]
fn triggers() {
    let (mut c, x) = start(Progress::Timetable, "fault-throttled");
    let details = x.token(&mut c);
    let heard = x.send(&mut c, &details, &x.disks()).unwrap();
    assert_eq!((heard.status, heard.header("retry-after")), (429, "17"));
    assert!(heard.body["error"]["message"].as_str().unwrap().contains("locations/backupCrossRegionRestore/action"));
    c.wait(17);
    assert_eq!(x.send(&mut c, &details, &x.disks()).unwrap().status, 202);

    let (mut c, x) = start(Progress::Timetable, "fault-lost-answer");
    assert!(x.restore(&mut c, &x.disks()).is_none());
    assert!(c.sim.triggers()[0].accepted);
    assert_eq!(x.jobs(&mut c, "").body["value"][0]["properties"]["activityId"], "11111111-2222-4333-8444-555555555555");
    let (mut c, x) = start(Progress::Timetable, "fault-lost-request");
    assert!(x.restore(&mut c, &x.disks()).is_none());
    assert!(!c.sim.triggers()[0].accepted && x.jobs(&mut c, "").body["value"].as_array().unwrap().is_empty());
    assert_eq!(x.restore(&mut c, &x.disks()).unwrap().status, 202);

    for (name, status, code) in [
        ("fault-refused", 403, "AuthorizationFailed"),
        ("fault-token-expires", 401, "ExpiredAuthenticationToken"),
        ("fault-claims-challenge", 401, "Unauthorized"),
        ("fault-mfa-policy", 403, "RequestDisallowedByPolicy"),
    ] {
        let (mut c, x) = start(Progress::Timetable, name);
        c.token = Some("Bearer old");
        let details = x.token(&mut c);
        for _ in 0..2 {
            let heard = x.send(&mut c, &details, &x.disks()).unwrap();
            assert_eq!((heard.status, heard.code()), (status, code), "{name}");
        }
        c.token = Some("Bearer new");
        let after = if name == "fault-refused" { 403 } else { 202 };
        assert_eq!(x.send(&mut c, &details, &x.disks()).unwrap().status, after, "{name}");
    }
}

#[test]
fn operations_and_jobs() {
    assert_eq!(end("fault-fails-late")["status"], "Failed");
    assert_eq!(end("fault-completes-with-warnings")["status"], "CompletedWithWarnings");
    assert_eq!(end("fault-cancelled")["status"], "Cancelled");
    assert_eq!(end("fault-unknown-status")["status"], "Completed");
    let (mut c, x) = start(Progress::Timetable, "fault-operation-fails");
    let accepted = x.restore(&mut c, &x.disks()).unwrap();
    c.wait(60);
    assert_eq!(c.get(accepted.header("azure-asyncoperation")).body["status"], "Failed");
    assert_eq!(c.get(accepted.header("location")).status, 400);
    let (mut c, x) = start(Progress::Timetable, "fault-stuck");
    let accepted = x.restore(&mut c, &x.disks()).unwrap();
    let job = c.job_of(&accepted);
    c.wait(30 * 24 * 3_600);
    assert_eq!(x.job(&mut c, &job).body["properties"]["status"], "InProgress");
}

#[test]
fn polls() {
    let (mut c, x) = start(Progress::Timetable, "fault-poll-errors");
    let accepted = x.restore(&mut c, &x.disks()).unwrap();
    let first = c.get(accepted.header("azure-asyncoperation"));
    assert_eq!((first.status, &first.body["ErrorCode"]), (500, &json!("CloudInternalError")));
    let job = c.job_of(&accepted);
    let polls = [x.job(&mut c, &job), x.jobs(&mut c, ""), x.job(&mut c, &job), x.job(&mut c, &job)];
    assert_eq!(polls.each_ref().map(|h| h.status), [504, 500, 502, 429]);
    assert_eq!(x.end_of(&mut c, &job)["status"], "Completed");

    for (name, code) in
        [("fault-token-expires-midway", "ExpiredAuthenticationToken"), ("fault-claims-midway", "Unauthorized")]
    {
        let (mut c, x) = start(Progress::Timetable, name);
        c.token = Some("Bearer old");
        let accepted = x.restore(&mut c, &x.disks()).unwrap();
        c.wait(60);
        let job = c.job_of(&accepted);
        let heard = [x.job(&mut c, &job), x.job(&mut c, &job)];
        assert_eq!(heard[1].code(), code, "{name}");
        c.token = Some("Bearer new");
        assert_eq!(x.end_of(&mut c, &job)["status"], "Completed", "{name}");
    }
}

#[test]
fn urls_and_answers() {
    let (mut c, x) = start(Progress::AtOnce, "fault-no-headers");
    let heard = x.restore(&mut c, &x.disks()).unwrap();
    assert_eq!((heard.status, heard.header("location"), heard.header("azure-asyncoperation")), (202, "", ""));
    let (mut c, x) = start(Progress::AtOnce, "fault-retry-after-date");
    assert!(x.restore(&mut c, &x.disks()).unwrap().header("retry-after").ends_with(" GMT"));
    let (mut c, x) = start(Progress::AtOnce, "fault-doubled-url");
    let url = x.restore(&mut c, &x.disks()).unwrap().header("azure-asyncoperation").to_owned();
    assert_eq!(c.get(&url).status, 404);
    assert_eq!(c.get(&url.replace("/subscriptions//subscriptions/", "/subscriptions/")).body["status"], "Succeeded");
    let (mut c, x) = start(Progress::AtOnce, "fault-foreign-host");
    assert!(x.restore(&mut c, &x.disks()).unwrap().header("location").starts_with("https://management.azure.example/"));
    let mut points = |name: &str| {
        let id = c.item(&FAULTS, name)["id"].as_str().unwrap().to_owned();
        [VERSION, "2021-11-15"].map(|v| c.get(&format!("{id}/recoveryPoints?api-version={v}")))
    };
    for name in ["fault-html-error", "fault-truncated-json", "fault-wrong-types"] {
        let [primary, secondary] = points(name);
        assert_eq!((primary.status, primary.body.is_null()), (secondary.status, secondary.body.is_null()), "{name}");
    }
}
