use super::*;
use crate::fixture::{VAULT, answer, at, id};
use proptest::prelude::*;
use serde_json::{Value, json};

fn job(status: &str) -> Value {
    json!({
        "id": format!("{VAULT}/backupJobs/job-1"), "name": "job-1",
        "properties": {
            "operation": "Restore", "status": status, "actionsInfo": ["Cancellable"],
            "extendedInfo": {
                "progressPercentage": 50.0, "propertyBag": { "Job Type": "Recover disks" },
                "tasksList": [{ "taskId": "Transfer data from vault", "status": "Completed" }]
            }
        }
    })
}

fn in_list(status: &str) -> Job {
    let mut value = job(status);
    value["properties"].as_object_mut().unwrap().remove("extendedInfo");
    tracker().call().read(&answer(200, &[], &value.to_string())).unwrap()
}

fn tracker() -> JobTracker {
    let (vault, version) = (id(VAULT), ApiVersion::BACKUP_DEFAULT);
    JobTracker::start(&JobEndpoint { vault, location: None, version }, JobId::parse("job-1").unwrap(), at(0))
}

fn hear(tracker: &mut JobTracker, status: u16, body: &Value, seconds: i64) {
    tracker.on_response(&tracker.call(), Ok(&answer(status, &[], &body.to_string())), at(seconds));
}

#[test]
fn a_job_is_followed_to_its_end_and_tasks_never_end_it() {
    let mut tracker = tracker();
    assert_eq!(tracker.next(at(0)), NextStep::Poll);
    assert!(tracker.call().line().ends_with("/backupJobs/job-1"));
    hear(&mut tracker, 200, &job("InProgress"), 0);
    assert_eq!(tracker.next(at(0)), NextStep::Wait(at(30)));
    assert!(tracker.job().unwrap().cancellable);
    tracker.on_response(
        &tracker.call(),
        Ok(&answer(200, &[("Retry-After", "45")], &job("Cancelling").to_string())),
        at(30),
    );
    assert_eq!(tracker.next(at(30)), NextStep::Wait(at(75)));
    let mut tracker: JobTracker = serde_json::from_str(&serde_json::to_string(&tracker).unwrap()).unwrap();
    hear(&mut tracker, 200, &job("Wondering"), 75);
    assert_eq!(tracker.next(at(75)), NextStep::Wait(at(105)), "an unknown status still runs");
    hear(&mut tracker, 200, &job("CompletedWithWarnings"), 105);
    assert_eq!(tracker.next(at(105)), NextStep::Done(JobOutcome::Job(JobStatus::CompletedWithWarnings)));
    assert!(!tracker.job().unwrap().cancellable);
}

#[test]
fn the_vaults_list_saves_looks_and_asks_for_the_details_at_the_end() {
    let mut tracker = tracker();
    hear(&mut tracker, 200, &job("InProgress"), 0);
    tracker.on_listed(&in_list("InProgress"), at(20));
    assert_eq!(tracker.next(at(20)), NextStep::Wait(at(50)));
    assert_eq!(tracker.job().unwrap().tasks.len(), 1, "what the list leaves out stays known");
    tracker.on_listed(&Job { name: JobId::parse("job-2").unwrap(), ..in_list("Failed") }, at(30));
    assert_eq!(tracker.job().unwrap().status, JobStatus::InProgress, "another job says nothing about this one");
    tracker.on_listed(&in_list("Completed"), at(40));
    assert_eq!(tracker.next(at(40)), NextStep::Poll);
    let mut hindered = tracker.clone();
    hear(&mut tracker, 200, &job("Completed"), 41);
    assert_eq!(tracker.ending(), Some(&JobOutcome::Job(JobStatus::Completed)));
    hear(&mut hindered, 403, &json!({ "error": { "code": "AuthorizationFailed", "message": "m" } }), 41);
    assert_eq!(hindered.ending(), Some(&JobOutcome::Job(JobStatus::Completed)), "how it ended is known all the same");
}

#[test]
fn faults_are_waited_out() {
    let mut tracker = tracker();
    let throttled = json!({ "error": { "code": "T", "message": "Please try again after '324' seconds." } });
    hear(&mut tracker, 429, &throttled, 0);
    tracker.poll_now(at(10));
    assert_eq!(tracker.next(at(10)), NextStep::Wait(at(324)));
    hear(&mut tracker, 500, &json!({}), 324);
    assert!(tracker.next_poll() < at(340) && tracker.last_error().is_some());
    for look in 0..50 {
        tracker.on_response(&tracker.call(), Err(&Fault::network("GET /x", "m")), at(400 + look));
        hear(&mut tracker, 401, &json!({}), 400 + look);
        hear(&mut tracker, 403, &json!({}), 400 + look);
        hear(&mut tracker, 200, &json!({ "properties": [] }), 400 + look);
    }
    assert_eq!(tracker.ending(), None);
    tracker.on_listed(&in_list("InProgress"), at(500));
    assert_eq!((tracker.last_error(), tracker.next_poll()), (None, at(530)));
}

#[test]
fn a_job_that_stays_away_is_gone() {
    let mut tracker = tracker();
    let absent = json!({ "error": { "code": "ResourceNotFound", "message": "m" } });
    let mut now = 0;
    for _ in 0..7 {
        hear(&mut tracker, 404, &absent, now);
        assert_eq!(tracker.ending(), None);
        now = (tracker.next_poll() - at(0)).whole_seconds();
    }
    assert!(now > 600, "a job may take a while to be found");
    hear(&mut tracker, 404, &absent, now);
    assert!(matches!(tracker.ending(), Some(JobOutcome::Gone(fault)) if fault.code == "ResourceNotFound"));
}

proptest! {
    #[test]
    fn never_stuck(heard in prop::collection::vec((prop::sample::select(vec![200_u16, 204, 400, 401, 403, 404, 429, 500, 504]),
        prop::sample::select(vec!["InProgress", "Cancelling", "Queer", "Completed", "", "7"]), prop::bool::weighted(0.2), "[0-9]{0,9}"), 0..40)) {
        let mut tracker = tracker();
        let mut now = at(0);
        for (status, word, list, wait) in heard {
            match tracker.next(now) {
                NextStep::Done(_) => break,
                NextStep::Wait(until) => {
                    prop_assert!(until > now && until - now <= timing::MAX_THROTTLE);
                    now = until;
                }
                NextStep::Poll => {}
            }
            if list {
                tracker.on_listed(&in_list("InProgress"), now);
            } else {
                tracker.on_response(&tracker.call(), Ok(&answer(status, &[("Retry-After", &wait)], &job(word).to_string())), now);
            }
            prop_assert_eq!(&serde_json::from_str::<JobTracker>(&serde_json::to_string(&tracker).unwrap()).unwrap(), &tracker);
        }
    }
}
