//! Every sentinel does what its name says, and only that.

use arm_sim::{Progress, SENTINELS};
use serde_json::{Value, json};

use crate::support::{Client, FAULTS, Source, TEST, VERSION, group};

fn start(progress: Progress, name: &str) -> (Client, Source) {
    let mut c = Client::new(progress);
    let source = c.source(FAULTS, name, 0);
    (c, source)
}

fn end(name: &str) -> Value {
    let (mut c, source) = start(Progress::Timetable, name);
    let job = c.complete(&source, &source.disks());
    let made = !c.sim.created().is_empty();
    assert_eq!(
        made,
        job["status"].as_str().unwrap().starts_with("Completed"),
        "only a restore that completes leaves something"
    );
    job
}

#[test]
fn every_sentinel_is_in_the_world() {
    let mut c = Client::new(Progress::AtOnce);
    for sentinel in SENTINELS.iter().filter(|s| !s.name.starts_with("fault-vault-")) {
        assert_eq!(c.item(&FAULTS, sentinel.name)["properties"]["friendlyName"], sentinel.name);
        assert!(sentinel.what.ends_with('.'));
    }
    let denied =
        format!("{}/providers/Microsoft.RecoveryServices/vaults/fault-vault-denied", group(TEST, "rg-backup-swc"));
    assert_eq!(c.get(&format!("{denied}?api-version={VERSION}")).status, 200);
    let heard = c.get(&format!("{denied}/backupProtectedItems?api-version={VERSION}"));
    assert_eq!((heard.status, heard.code()), (403, "AuthorizationFailed"));
}

#[test]
fn throttled() {
    let (mut c, source) = start(Progress::AtOnce, "fault-throttled");
    let heard = c.restore(&source, &source.disks()).unwrap();
    assert_eq!((heard.status, heard.code(), heard.header("retry-after")), (429, "ResourceRequestsThrottled", "17"));
    assert!(heard.body["error"]["message"].as_str().unwrap().ends_with("Please try again after '17' seconds."));
    c.wait(10);
    assert_eq!(c.restore(&source, &source.disks()).unwrap().header("retry-after"), "7");
    c.wait(7);
    assert_eq!(c.restore(&source, &source.disks()).unwrap().status, 202);
}

#[test]
fn lost() {
    let (mut c, source) = start(Progress::Timetable, "fault-lost-answer");
    assert!(c.restore(&source, &source.disks()).is_none());
    assert!(c.sim.triggers()[0].accepted);
    let jobs = format!("{}/backupJobs?api-version={VERSION}&$filter=operation%20eq%20'Restore'", FAULTS.id());
    assert_eq!(c.list(&jobs)[0]["properties"]["activityId"], "11111111-2222-4333-8444-555555555555");
    let (mut c, source) = start(Progress::Timetable, "fault-lost-request");
    assert!(c.restore(&source, &source.disks()).is_none());
    assert!(!c.sim.triggers()[0].accepted && c.list(&jobs).is_empty());
    assert_eq!(c.restore(&source, &source.disks()).unwrap().status, 202);
}

#[test]
fn refused_and_failing() {
    let (mut c, source) = start(Progress::AtOnce, "fault-refused");
    assert_eq!(c.restore(&source, &source.disks()).unwrap().code(), "AuthorizationFailed");
    let job = end("fault-fails-late");
    assert_eq!((&job["status"], &job["errorDetails"][0]["errorCode"]), (&json!("Failed"), &json!(400_048)));
    assert!(job["extendedInfo"]["progressPercentage"].is_null());
    assert_eq!(end("fault-completes-with-warnings")["status"], "CompletedWithWarnings");
    assert_eq!(end("fault-cancelled")["status"], "Cancelled");
    let (mut c, source) = start(Progress::Timetable, "fault-operation-fails");
    let accepted = c.restore(&source, &source.disks()).unwrap();
    c.wait(60);
    let status = c.get(accepted.header("azure-asyncoperation"));
    assert_eq!((status.status, &status.body["status"]), (200, &json!("Failed")));
    assert!(status.body["error"]["code"].is_string());
    assert_eq!(c.get(accepted.header("location")).status, 400);
}

#[test]
fn tokens_expire() {
    let (mut c, source) = start(Progress::Timetable, "fault-token-expires");
    c.token = Some("Bearer old");
    for _ in 0..2 {
        let heard = c.restore(&source, &source.disks()).unwrap();
        assert_eq!((heard.status, heard.code()), (401, "ExpiredAuthenticationToken"));
        assert!(heard.header("www-authenticate").contains("invalid_token"));
    }
    c.token = Some("Bearer new");
    assert_eq!(c.restore(&source, &source.disks()).unwrap().status, 202);

    let (mut c, source) = start(Progress::Timetable, "fault-token-expires-midway");
    c.token = Some("Bearer old");
    let accepted = c.restore(&source, &source.disks()).unwrap();
    let job = c.job_of(&accepted);
    assert_eq!(c.job(&FAULTS, &job).status, 200);
    assert_eq!(c.job(&FAULTS, &job).status, 401);
    assert_eq!(c.job(&FAULTS, &job).status, 401);
    c.token = Some("Bearer new");
    assert_eq!(c.end_of(&FAULTS, &job)["status"], "Completed");

    let (mut c, source) = start(Progress::Timetable, "fault-token-expires");
    assert_eq!(c.restore(&source, &source.disks()).unwrap().status, 401, "without tokens, once");
    assert_eq!(c.restore(&source, &source.disks()).unwrap().status, 202);
}

#[test]
fn tokens_lack_claims() {
    let (mut c, source) = start(Progress::Timetable, "fault-claims-challenge");
    c.token = Some("Bearer old");
    for _ in 0..2 {
        let heard = c.restore(&source, &source.disks()).unwrap();
        assert_eq!((heard.status, heard.code()), (401, "Unauthorized"));
        // As in Entra ID's documentation: one scheme, no quotes inside texts.
        let challenge = heard.header("www-authenticate");
        assert!(challenge.starts_with("Bearer realm=\"\", authorization_uri=\"https://login.microsoftonline.com/"));
        assert!(challenge.contains("error=\"insufficient_claims\", claims=\"") && challenge.ends_with("==\""));
        assert!(!challenge.contains('\\') && challenge.matches("Bearer").count() == 1, "{challenge}");
    }
    c.token = Some("Bearer new");
    assert_eq!(c.restore(&source, &source.disks()).unwrap().status, 202);

    let (mut c, source) = start(Progress::Timetable, "fault-claims-tangled");
    c.token = Some("Bearer old");
    for _ in 0..2 {
        let heard = c.restore(&source, &source.disks()).unwrap();
        let challenge = heard.header("www-authenticate");
        assert_eq!((heard.status, heard.code()), (401, "Unauthorized"));
        assert!(challenge.starts_with("PoP ") && challenge.contains(", Bearer ") && challenge.ends_with("==\""));
        assert!(challenge.contains("error=\"insufficient_claims\""), "{challenge}");
    }
    c.token = Some("Bearer new");
    assert_eq!(c.restore(&source, &source.disks()).unwrap().status, 202);

    let (mut c, source) = start(Progress::Timetable, "fault-mfa-policy");
    c.token = Some("Bearer old");
    for _ in 0..2 {
        let heard = c.restore(&source, &source.disks()).unwrap();
        assert_eq!((heard.status, heard.code()), (403, "RequestDisallowedByPolicy"));
        assert!(heard.body["error"]["message"].as_str().unwrap().contains("Reasons: MFA is required."));
        assert_eq!(heard.header("www-authenticate"), "");
    }
    c.token = Some("Bearer new");
    assert_eq!(c.restore(&source, &source.disks()).unwrap().status, 202);
}

#[test]
fn tokens_lack_claims_midway() {
    for reads in [1, 2] {
        let (mut c, source) = start(Progress::Timetable, "fault-claims-midway");
        c.token = Some("Bearer old");
        let accepted = c.restore(&source, &source.disks()).unwrap();
        let url = accepted.header("azure-asyncoperation").to_owned();
        // The operation ends at the first read or continues to the second: in both cases a read is refused once the id is known.
        c.wait(if reads == 1 { 60 } else { 0 });
        assert_eq!(c.get(&url).status, 200);
        let id = url.split('?').next().unwrap().rsplit('/').next().unwrap().to_owned();
        let refused = if reads == 1 { c.job(&FAULTS, &id) } else { c.get(&url) };
        assert_eq!((refused.status, c.job(&FAULTS, &id).status, c.get(&url).status), (401, 401, 401));
        assert!(refused.header("www-authenticate").contains("insufficient_claims"));
        c.token = Some("Bearer new");
        assert_eq!(c.end_of(&FAULTS, &id)["status"], "Completed");
        assert_eq!(c.get(&url).status, 200);
    }
}

#[test]
fn polls_meet_errors() {
    let (mut c, source) = start(Progress::Timetable, "fault-poll-errors");
    let accepted = c.restore(&source, &source.disks()).unwrap();
    let first = c.get(accepted.header("azure-asyncoperation"));
    assert_eq!((first.status, &first.body["ErrorCode"]), (500, &json!("CloudInternalError")));
    let job = c.job_of(&accepted);
    let list = format!("{}/backupJobs?api-version={VERSION}", FAULTS.id());
    let polls = [c.job(&FAULTS, &job), c.get(&list), c.job(&FAULTS, &job), c.job(&FAULTS, &job)];
    assert_eq!(polls.each_ref().map(|h| h.status), [504, 500, 502, 429]);
    assert_eq!((polls[1].body["error"]["message"].as_str(), polls[3].header("retry-after")), (Some(""), "5"));
    assert_eq!(c.end_of(&FAULTS, &job)["status"], "Completed");
}

#[test]
fn urls_and_headers() {
    let (mut c, source) = start(Progress::AtOnce, "fault-no-headers");
    let heard = c.restore(&source, &source.disks()).unwrap();
    assert_eq!(
        (heard.status, heard.header("location"), heard.header("azure-asyncoperation"), heard.header("retry-after")),
        (202, "", "", "")
    );
    let (mut c, source) = start(Progress::AtOnce, "fault-retry-after-date");
    assert!(c.restore(&source, &source.disks()).unwrap().header("retry-after").ends_with(" GMT"));
    let (mut c, source) = start(Progress::AtOnce, "fault-doubled-url");
    let url = c.restore(&source, &source.disks()).unwrap().header("azure-asyncoperation").to_owned();
    assert_eq!(c.get(&url).status, 404);
    let url = url.replace("/subscriptions//subscriptions/", "/subscriptions/");
    assert_eq!(c.get(&url).body["status"], "Succeeded");
    let (mut c, source) = start(Progress::AtOnce, "fault-foreign-host");
    assert!(
        c.restore(&source, &source.disks())
            .unwrap()
            .header("location")
            .starts_with("https://management.azure.example/")
    );
}

#[test]
fn odd_statuses() {
    let (mut c, source) = start(Progress::Timetable, "fault-unknown-status");
    let accepted = c.restore(&source, &source.disks()).unwrap();
    assert_eq!(c.get(accepted.header("azure-asyncoperation")).body["status"], "Verifying");
    let job = c.job_of(&accepted);
    assert_eq!(c.end_of(&FAULTS, &job)["status"], "Completed");
    let (mut c, source) = start(Progress::Timetable, "fault-stuck");
    let accepted = c.restore(&source, &source.blobs()).unwrap();
    let job = c.job_of(&accepted);
    c.wait(30 * 24 * 3_600);
    let stuck = c.job(&FAULTS, &job).body["properties"].clone();
    assert_eq!((&stuck["status"], &stuck["extendedInfo"]["progressPercentage"]), (&json!("InProgress"), &json!(42.0)));
}

#[test]
fn spoilt_answers() {
    let mut c = Client::new(Progress::AtOnce);
    let mut points = |name: &str| {
        let id = c.item(&FAULTS, name)["id"].as_str().unwrap().to_owned();
        c.get(&format!("{id}/recoveryPoints?api-version={VERSION}"))
    };
    let html = points("fault-html-error");
    assert_eq!((html.status, html.header("content-type")), (503, "text/html"));
    let cut = points("fault-truncated-json");
    assert!(cut.status == 200 && cut.body.is_null() && cut.raw.len() > 1_000);
    assert!(points("fault-huge-answer").raw.len() > 10 << 20);
    let wrong = points("fault-wrong-types");
    assert_eq!((wrong.status, &wrong.body["nextLink"]), (200, &json!(42)));
    assert!(points("fault-stuck").body["value"].as_array().unwrap().len() == 10);
}
