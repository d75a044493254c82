//! A record that claims that a restore was not sent, although it ran: an attacker who can write the storage can write that.

use bytes::Bytes;
use http::Response;
use serde_json::{Value, json};
use time::Duration;
use vm_restore::app::msg::{Msg, Transport};
use vm_restore::app::route::Route;
use vm_restore::app::saved::RESTORES;
use vm_restore::app::state::State;
use vm_restore::restore::run::Stage;
use vm_restore::restore::scenario::Scenario;

use crate::operator::{page, start};
use crate::page::Page;

/// A restore that has run, and a browser whose record says that it was not sent.
fn denied() -> (Page, Page) {
    let mut first = page();
    start(&mut first, "web-01", Scenario::RestoreDisks);
    first.wait_until(Duration::hours(12), |s| !s.restores[0].is_running());
    assert_eq!((first.restore().state_text().as_str(), first.triggers()), ("Completed", 1));
    let mut saved: Value = serde_json::from_str(&first.list()).unwrap();
    saved["restores"][0]["stage"] = json!({ "notSent": { "fault": null, "search": null } });
    // The list must not be limited to jobs since then.
    saved["restores"][0]["begun"] = saved["restores"][0]["timeline"].as_array().unwrap().last().unwrap()["at"].clone();
    let mut other = Page::blank(first.simulator.clone(), first.now + Duration::days(3));
    other.plant(&saved.to_string());
    other.start(Route::Connect);
    other.say(Msg::StartDemo);
    let id = other.restore_id();
    other.say(Msg::Go(Route::Restore(id)));
    assert_eq!(other.restore().state_text(), "Not started");
    (first, other)
}

#[test]
fn what_ran_is_followed_and_not_sent_again() {
    let (first, mut other) = denied();
    other.send_unsent(&other.restore_id());
    assert_eq!((other.clicks_sent(), other.triggers()), (0, 1));
    assert_eq!(other.restore().job_id(), first.restore().job_id());
    assert!(
        other.state.notice.as_ref().is_some_and(|n| n.title == "This restore was already sent"),
        "{:?}",
        other.state.notice
    );
    other.wait_until(Duration::hours(1), |s| !s.restores[0].is_running());
    assert_eq!(other.restore().state_text(), "Completed");
}

/// A version before the database wrote it when the request had not left yet; since then it was sent, and its record is lost.
#[test]
fn what_an_older_version_calls_not_sent_may_have_been_sent_where_its_record_is_lost() {
    let (first, denied) = denied();
    let mut other = Page::blank(first.simulator.clone(), denied.now);
    other.storage.insert(RESTORES.to_owned(), denied.list());
    other.start(Route::Connect);
    assert_eq!(other.restore().stage, Stage::Sending, "whoever sends it is not known yet");
    other.say(Msg::StartDemo);
    other.wait_until(Duration::hours(1), |s| !s.restores[0].is_running());
    assert_eq!((other.restore().state_text().as_str(), other.clicks_sent()), ("Completed", 0));
    assert_eq!(other.restore().job_id(), first.restore().job_id());
}

/// The clock was ahead when a version before the database wrote it, and was set right since.
#[test]
fn what_azure_has_accepted_is_not_being_sent_by_an_older_text_from_a_later_hour() {
    let mut page = page();
    start(&mut page, "web-01", Scenario::RestoreDisks);
    let state = page.restore().state_text();
    let mut older: Value = serde_json::from_str(&page.list()).unwrap();
    let record = &mut older["restores"][0];
    record["stage"] = json!("sending");
    let reached = record["timeline"].as_array_mut().unwrap().last_mut().unwrap();
    reached["at"][0] = json!(2099);
    page.storage.insert(RESTORES.to_owned(), older.to_string());
    page.state = State::new(page.now);
    page.start(Route::Connect);
    assert_eq!(page.restore().state_text(), state);
    assert_eq!((&page.state.quarantine, page.storage.get(RESTORES)), (&Vec::new(), None));
}

#[test]
fn what_cannot_be_looked_up_is_said_to_be_unknown_and_not_sent() {
    for broken in ["first page", "second page", "no network"] {
        let (_, mut other) = denied();
        other.spoil = Box::new(move |request, answer| {
            if !request.uri().path().ends_with("/backupJobs") {
                return answer;
            }
            let second = request.uri().query().is_some_and(|query| query.contains("skipToken"));
            let url = request.uri().to_string();
            match broken {
                "no network" => Err(Transport::Network("Failed to fetch".to_owned())),
                "second page" if !second => Ok(Response::new(Bytes::from(
                    json!({ "value": [], "nextLink": format!("{url}&$skipToken=2") }).to_string(),
                ))),
                _ => Ok(Response::builder()
                    .status(403)
                    .body(Bytes::from_static(b"{\"error\":{\"code\":\"AuthorizationFailed\",\"message\":\"No.\"}}"))
                    .unwrap()),
            }
        });
        let id = other.restore_id();
        other.send_unsent(&id);
        assert_eq!((other.clicks_sent(), other.triggers()), (0, 1), "{broken}");
        let notice = other.state.notice.clone().unwrap();
        assert!(notice.title.contains("may have been sent") && notice.fault.is_some(), "{broken}: {notice:?}");
        assert!(other.state.unsent_review(&id).is_some(), "{broken}: it may be tried again");
        other.spoil = Box::new(|_, answer| answer);
        other.send_unsent(&id);
        assert_eq!((other.clicks_sent(), other.restore().job_id().is_some()), (0, true), "{broken}");
    }
}

/// An answer without a list does not mean that there are no jobs; neither does a page whose members cannot be distinguished.
#[test]
fn an_answer_that_holds_no_list_is_no_proof_that_there_is_no_job() {
    for body in ["{}", "{\"value\":null}", "null", "[]", "{\"value\":{}}", "{\"value\":[{}]}", ""] {
        let (_, mut other) = denied();
        other.spoil = Box::new(move |request, answer| {
            if request.uri().path().ends_with("/backupJobs") {
                return Ok(Response::new(Bytes::from_static(body.as_bytes())));
            }
            answer
        });
        let id = other.restore_id();
        other.send_unsent(&id);
        assert_eq!((other.clicks_sent(), other.triggers()), (0, 1), "{body}");
        assert!(other.state.notice.as_ref().is_some_and(|n| n.title.contains("may have been sent")), "{body}");
    }
}

/// Some answers leave members out.
#[test]
fn a_restore_of_the_machine_that_does_not_say_of_which_request_it_came_may_be_this_one() {
    for (container, told) in [(None, "may have been sent"), (Some("iaasvmcontainerv2;rg-of-others;web-01"), "")] {
        let (_, mut other) = denied();
        other.spoil = Box::new(move |request, answer| {
            let mut answer = answer?;
            if request.uri().path().ends_with("/backupJobs") {
                let mut list: Value = serde_json::from_slice(answer.body()).unwrap();
                for job in list["value"].as_array_mut().unwrap() {
                    let properties = job["properties"].as_object_mut().unwrap();
                    properties.remove("activityId");
                    properties.remove("containerName");
                    properties.extend(container.map(|name| ("containerName".to_owned(), json!(name))));
                }
                *answer.body_mut() = list.to_string().into();
            }
            Ok(answer)
        });
        let id = other.restore_id();
        other.send_unsent(&id);
        let sent = usize::from(told.is_empty());
        assert_eq!((other.clicks_sent(), other.triggers()), (sent, 1 + sent), "{container:?}");
        let title = other.state.notice.as_ref().map(|notice| notice.title.clone()).unwrap_or_default();
        assert!(title.contains(told), "{container:?}: {title}");
    }
}

/// It stays, so that the operator can see what somebody has written.
#[test]
fn another_request_under_a_known_id_stays_set_aside_over_the_next_start() {
    use sha2::{Digest as _, Sha256};
    let mut page = page();
    start(&mut page, "web-01", Scenario::RestoreDisks);
    let mut saved: Value = serde_json::from_str(&page.list()).unwrap();
    let asked = &mut saved["restores"][0]["asked"];
    let text = asked["text"].as_str().unwrap().replacen("resourceGroups/rg-", "resourceGroups/rg-other-", 1);
    asked["sha256"] =
        Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect::<String>().into();
    asked["text"] = text.into();
    page.say(Msg::SavedElsewhere { key: RESTORES.to_owned(), value: Some(saved.to_string()) });
    let aside = page.state.quarantine.clone();
    assert_eq!(aside.len(), 1);
    page.reload();
    assert_eq!((&page.state.quarantine, page.state.restores.len()), (&aside, 1));
}
