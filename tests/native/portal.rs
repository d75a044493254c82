//! The events that the surrounding page receives about restores.

use serde_json::{Value, json};
use time::Duration;
use vm_restore::app::msg::{Msg, Transport};
use vm_restore::app::plans::PlanMsg;
use vm_restore::app::portal::Portal;
use vm_restore::app::route::Route;
use vm_restore::app::sign_in::Interaction;
use vm_restore::restore::scenario::Scenario;

use crate::operator::{page, start};
use crate::page::Page;
use crate::plans::{finish, reviewed, start as start_plan};
use crate::sign_in::{live, signed};

/// Every event about a restore from its click to its end, collected after each wait.
fn told(page: &mut Page, vm: &str) -> Vec<(&'static str, Value)> {
    let mut portal = Portal::default();
    let mut all = Vec::new();
    let mut listen = |page: &Page| {
        for (event, detail) in portal.new_events(&page.state) {
            all.push((event, serde_json::from_str(&detail).unwrap()));
        }
    };
    listen(page);
    start(page, vm, Scenario::RestoreDisks);
    listen(page);
    let end = page.now + Duration::hours(12);
    while page.state.restores.iter().any(|r| r.is_running()) && page.now < end && page.wait() {
        listen(page);
        // A poll that finds nothing new changes the record nevertheless.
        page.say(Msg::PollNow(page.restore_id()));
        listen(page);
    }
    // The restore is over: later changes are not another end.
    for msg in [Msg::Tick, Msg::Go(Route::restores()), Msg::Refresh] {
        page.say(msg);
        listen(page);
    }
    all
}

fn ends<'a>(all: &'a [(&'static str, Value)]) -> Vec<&'a Value> {
    all.iter().filter(|(event, _)| *event == "restoreEnded").map(|(_, detail)| detail).collect()
}

#[test]
fn every_end_is_told_once_and_in_codes() {
    for (vm, outcome, job, code) in [
        ("web-01", "completed", true, None),
        ("fault-completes-with-warnings", "completedWithWarnings", true, None),
        ("fault-fails-late", "failed", true, Some("400048")),
        ("fault-cancelled", "canceled", true, None),
        ("fault-refused", "refused", false, Some("AuthorizationFailed")),
        ("fault-operation-fails", "failed", false, Some("UserErrorInstantRpNotFound")),
    ] {
        let mut page = page();
        let all = told(&mut page, vm);
        let ends = ends(&all);
        assert_eq!(ends.len(), 1, "{vm}: {ends:?}");
        let (end, restore) = (ends[0], page.restore());
        assert_eq!((&end["outcome"], &end["machine"]), (&json!(outcome), &json!(vm)));
        assert_eq!((&end["id"], &end["vault"]), (&json!(restore.id.as_str()), &json!(restore.vault.as_str())));
        assert_eq!(end["jobId"].as_str(), restore.job_id().map(|id| id.as_str()), "{vm}");
        assert_eq!(end["jobId"].is_string(), job, "{vm}");
        if let Some(code) = code {
            assert_eq!(end["error"]["code"], code, "{vm}: {end}");
            assert!(end["error"]["message"].as_str().is_some_and(|text| !text.is_empty()), "{vm}: {end}");
        }
        assert!(code.is_some() || outcome != "completed" || end["error"].is_null(), "{vm}: {end}");
    }
}

#[test]
fn a_request_that_never_left_ends_as_not_sent() {
    let mut page = page();
    page.spoil = Box::new(
        |request, answer| {
            if request.uri().path().ends_with("/restore") { Err(Transport::NoToken) } else { answer }
        },
    );
    let all = told(&mut page, "web-01");
    let ends = ends(&all);
    assert_eq!(ends.len(), 1);
    assert_eq!((&ends[0]["outcome"], &ends[0]["jobId"]), (&json!("notSent"), &Value::Null));
    assert_eq!(ends[0]["error"]["code"], "noToken");
}

#[test]
fn the_list_is_told_when_it_has_changed_and_not_otherwise() {
    let mut page = page();
    let all = told(&mut page, "web-01");
    let lists: Vec<&Value> = all.iter().filter(|(event, _)| *event == "restores").map(|(_, list)| list).collect();
    assert!(lists.windows(2).all(|two| two[0] != two[1]), "told twice: {lists:?}");
    let codes: Vec<&str> = lists.iter().filter_map(|list| list[0]["code"].as_str()).collect();
    assert_eq!((lists[0], codes.last()), (&json!([]), Some(&"completed")));
    assert!(codes.contains(&"inProgress"), "{codes:?}");
}

#[test]
fn what_ended_on_an_earlier_visit_is_no_news() {
    let mut page = page();
    told(&mut page, "web-01");
    page.reload();
    let events: Vec<_> = Portal::default().new_events(&page.state).into_iter().map(|(event, _)| event).collect();
    assert_eq!(events, ["restores"]);
}

#[test]
fn a_refusal_that_a_sign_in_heals_is_no_end() {
    for healed in [true, false] {
        let mut page = live();
        let mut portal = Portal::default();
        let mut ends = Vec::new();
        let mut listen = |page: &Page| {
            let news = portal.new_events(&page.state).into_iter().filter(|(event, _)| *event == "restoreEnded");
            ends.extend(news.map(|(_, detail)| serde_json::from_str::<Value>(&detail).unwrap()["outcome"].clone()));
        };
        // Azure demands another token, and the sign-in is asked for one.
        page.sign_in = Box::new(|_| None);
        start(&mut page, "fault-claims-challenge", Scenario::RestoreDisks);
        listen(&page);
        assert_eq!(page.restore().state_text(), "Rejected by Azure");
        page.sign_in = Box::new(|_| signed("ada"));
        // After each message: between the sign-in and the request the browser is asked whether another tab sends it.
        page.hear(if healed { Msg::SignIn(Interaction::Popup) } else { Msg::CancelSignIn });
        while page.step() {
            listen(&page);
        }
        while page.restore().is_running() && page.wait() {
            listen(&page);
        }
        assert_eq!(ends, [if healed { "completed" } else { "refused" }]);
    }
}

#[test]
fn a_portal_is_told_of_the_restores_of_its_own_account_alone() {
    let mut page = live();
    let mut portal = Portal::default();
    let mut listen = |page: &Page| -> Vec<(&'static str, Value)> {
        let read = |(event, detail): (&'static str, String)| (event, serde_json::from_str(&detail).unwrap());
        portal.new_events(&page.state).into_iter().map(read).collect()
    };
    start(&mut page, "web-01", Scenario::RestoreDisks);
    assert_eq!(listen(&page)[0].1[0]["vm"], "web-01");
    page.sign_in = Box::new(|_| signed("bob"));
    page.say(Msg::UseAccount(Some("bob".to_owned())));
    assert_eq!(listen(&page), [("restores", json!([]))]);
}

#[test]
fn a_plan_is_told_from_its_start_to_its_end_and_not_before() {
    let (mut page, id) = reviewed(&[&["web-01", "web-02"]]);
    let mut portal = Portal::default();
    let mut listen = |page: &Page| -> Vec<Value> {
        let of_plans = portal.new_events(&page.state).into_iter().filter(|(event, _)| *event == "plans");
        of_plans.map(|(_, detail)| serde_json::from_str(&detail).unwrap()).collect()
    };
    assert_eq!(listen(&page), Vec::<Value>::new(), "it has not been started");
    start_plan(&mut page, &id);
    let plan = |state: &str, halted: Value, [restored, running, waiting]: [usize; 3]| {
        json!([{
            "id": id.as_str(), "name": "web-01 and 1 more", "state": state, "halted": halted, "restored": restored,
            "running": running, "waiting": waiting, "notRestored": 0, "skipped": 0,
        }])
    };
    let begun = listen(&page);
    assert_eq!(begun.last().map(|list| &list[0]["state"]), Some(&json!("running")), "{begun:?}");
    page.say(Msg::Plan(PlanMsg::Halt(id.clone())));
    // Whatever has not started is halted; where all have, there is nothing to halt.
    let halted = listen(&page);
    assert!(halted.len() <= 1, "{halted:?}");
    page.say(Msg::Tick);
    assert_eq!(listen(&page), Vec::<Value>::new(), "nothing has changed");
    page.say(Msg::Plan(PlanMsg::Do(id.clone(), vm_restore::app::plans::RunCommand::Continue)));
    finish(&mut page, &id);
    assert_eq!(listen(&page), [plan("ended", Value::Null, [2, 0, 0])]);
    // Another account is told of none of them.
    page.say(Msg::Disconnect);
    assert_eq!(listen(&page), [json!([])]);
}
