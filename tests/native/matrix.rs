//! Every scenario with every outcome, each also with the page closed and opened again after every single message.

use http::Response;
use time::Duration;
use vm_restore::app::msg::{Msg, Transport};
use vm_restore::app::saved::RESTORES;
use vm_restore::restore::run::Stage;
use vm_restore::restore::scenario::Scenario;

use crate::operator::{choose, open, page};
use crate::page::{Page, Spoil};

/// The fault, its virtual machine, and how the restore ends if Azure has started it.
pub(crate) const OUTCOMES: [(&str, &str, &str); 10] = [
    ("Completed", "web-01", "Completed"),
    ("CompletedWithWarnings", "fault-completes-with-warnings", "Completed with warnings"),
    ("Failed", "fault-fails-late", "Failed"),
    ("Cancelled", "fault-cancelled", "Canceled"),
    ("refused", "fault-refused", "Rejected by Azure"),
    ("throttled", "fault-throttled", "Rejected by Azure"),
    ("following throttled", "web-01", "Completed"),
    ("answer lost", "fault-lost-answer", "Completed"),
    ("request lost", "fault-lost-request", "Not started"),
    ("headers unreadable", "web-01", "Completed"),
];

/// Other faults of Azure, which are the same for every scenario.
pub(crate) const OTHERS: [(&str, &str); 7] = [
    ("fault-operation-fails", "Failed"),
    ("fault-poll-errors", "Completed"),
    ("fault-no-headers", "Completed"),
    ("fault-retry-after-date", "Completed"),
    ("fault-doubled-url", "Completed"),
    ("fault-foreign-host", "Completed"),
    ("fault-unknown-status", "Completed"),
];

/// What the way to the page does to an answer.
fn spoil(outcome: &str) -> Spoil {
    match outcome {
        "headers unreadable" => Box::new(|_, answer: Result<Response<_>, Transport>| {
            answer.map(|mut a| {
                a.headers_mut().clear();
                a
            })
        }),
        "following throttled" => {
            let mut throttles = 2;
            Box::new(move |request, answer| {
                let follows = request.uri().path().to_lowercase().contains("/operationsstatus/");
                if !follows || throttles == 0 {
                    return answer;
                }
                throttles -= 1;
                let body = r#"{"error":{"code":"ResourceRequestsThrottled","message":"Please try again after '324' seconds."}}"#;
                Ok(Response::builder().status(429).body(body.into()).unwrap())
            })
        }
        _ => Box::new(|_, answer| answer),
    }
}

fn finish(page: &mut Page) -> String {
    page.say(Msg::Tick);
    page.wait_until(Duration::hours(12), |s| s.restores.first().is_some_and(|r| !r.is_running()));
    page.restore().state_text()
}

/// Closes the page, opens it again and follows the restore to its end.
fn reopened(page: &Page, outcome: &str, end: &str, told: &str) {
    let mut page = page.fork();
    page.spoil = spoil(outcome);
    let heard = page.state.restores.first().map(|r| r.stage.clone());
    page.reload();
    if page.records.all(RESTORES).is_empty() {
        assert_eq!(page.triggers(), 0, "{told}: nothing is sent before it is saved");
        return;
    }
    let begun = page.simulator.triggers().iter().any(|t| t.accepted);
    let text = finish(&mut page);
    let unheard = heard.as_ref().is_none_or(Stage::is_being_sent);
    match heard {
        // It was started and failed before anything was read of it: Azure only shows that there is no job.
        _ if unheard && outcome == "fault-operation-fails" => assert_eq!(text, "Not started", "{told}"),
        _ if begun => assert_eq!(text, end, "{told}"),
        Some(Stage::Refused { .. }) => assert_eq!(text, "Rejected by Azure", "{told}"),
        _ => assert_eq!(text, "Not started", "{told}"),
    }
    assert!(page.clicks_sent() <= 1, "{told}: sent once");
}

/// Follows the restore message by message, and closes a copy of the page after each message that left a trace. Returns how often.
fn run(page: &mut Page, outcome: &str, end: &str, told: &str) -> usize {
    page.hear(page.click(false));
    let (mut messages, mut reloads, mut trace) = (0, 0, None);
    while page.step() || page.state.restores.first().is_some_and(|r| r.is_running()) && page.rest() {
        messages += 1;
        let left = Some((page.records.clone(), page.sent.len(), page.state.route.clone()));
        if left != trace {
            trace = left;
            reloads += 1;
            reopened(page, outcome, end, &format!("{told} after message {messages}"));
        }
    }
    assert_eq!(page.restore().state_text(), end, "{told}");
    assert_eq!(page.clicks_sent(), 1, "{told}");
    assert!(reloads > 3, "{told}: {reloads} of {messages}");
    reloads
}

/// Every scenario with these outcomes. Returns how often a page was closed and opened again.
fn all(outcomes: &[(&str, &str, &str)]) -> usize {
    let mut reloads = 0;
    for &(outcome, vm, end) in outcomes {
        let mut form = page();
        let point = open(&mut form, vm);
        for scenario in Scenario::ALL {
            let mut page = form.fork();
            choose(&mut page, &point, scenario);
            page.spoil = spoil(outcome);
            assert!(page.state.plan(&point).is_ok(), "{outcome} {scenario:?}: {:?}", page.state.plan(&point));
            reloads += run(&mut page, outcome, end, &format!("{outcome} {scenario:?}"));
        }
    }
    reloads
}

#[test]
fn every_scenario_whose_answer_is_heard_survives_a_reload_after_every_message() {
    println!("outcomes heard: {} reloads, never sent twice", all(&OUTCOMES[..5]));
}

#[test]
fn every_scenario_with_trouble_on_the_way_survives_a_reload_after_every_message() {
    println!("outcomes with trouble: {} reloads, never sent twice", all(&OUTCOMES[5..]));
}

#[test]
fn whatever_else_azure_does_survives_a_reload_after_every_message() {
    for (vm, end) in OTHERS {
        let mut page = page();
        let point = open(&mut page, vm);
        choose(&mut page, &point, Scenario::RestoreDisks);
        run(&mut page, vm, end, vm);
    }
}
