//! Reads from Azure: pages, retries, and invalid answers.

use std::rc::Rc;

use azure_backup::arm::fault::FaultKind;
use azure_backup::backup::recovery_point::RecoveryPoint;
use bytes::Bytes;
use http::Response;
use serde_json::{Value, json};
use time::Duration;
use vm_restore::app::catalog::{MAX_PAGES, MAX_TRIES};
use vm_restore::app::key::Key;
use vm_restore::app::msg::{Edit, Msg, Transport};
use vm_restore::app::needs;
use vm_restore::app::route::Route;
use vm_restore::readiness::Outcome;
use vm_restore::restore::draft::Draft;
use vm_restore::restore::regional_id::RegionalId;
use vm_restore::restore::scenario::Scenario;

use crate::operator;
use crate::operator::{choose, find, open, page};
use crate::page::Page;

type Answer = Result<Response<Bytes>, Transport>;

fn answer(status: u16, body: impl Into<Bytes>) -> Answer {
    Ok(Response::builder().status(status).body(body.into()).unwrap())
}

/// A page before the recovery points of `web-01`, with their key.
fn before_points() -> (Page, Key) {
    let mut page = page();
    let key = Key::Points(find(&mut page, "web-01").id.clone());
    page.say(Msg::Go(Route::Vms(Default::default())));
    page.state.catalog.forget(|known| *known == key);
    (page, key)
}

fn go(page: &mut Page, key: &Key) {
    let Key::Points(item) = key else { panic!("{key:?}") };
    page.hear(Msg::Go(Route::Points(item.clone().into())));
}

fn count(page: &Page, key: &Key) -> usize {
    page.state.catalog.get::<[Rc<RecoveryPoint>]>(key).map_or(0, |points| points.len())
}

/// Makes every list of recovery points one point and a link to the next page, endlessly.
fn link_to(page: &mut Page, link: &'static str) {
    page.spoil = Box::new(move |request, answer| {
        if !request.uri().path().ends_with("/recoveryPoints") {
            return answer;
        }
        answer.map(|answer| {
            let mut body: Value = serde_json::from_slice(answer.body()).unwrap();
            let first = body["value"][0].take();
            body["value"] = json!([first]);
            body["nextLink"] = if link.is_empty() { json!(request.uri().to_string()) } else { json!(link) };
            Response::new(body.to_string().into())
        })
    });
}

#[test]
fn pages_are_shown_as_they_come() {
    let (mut page, key) = before_points();
    link_to(&mut page, "");
    go(&mut page, &key);
    let mut seen = Vec::new();
    while page.step() && seen.len() < 5 {
        let points = count(&page, &key);
        if points > 0 && seen.last() != Some(&points) {
            assert!(page.state.catalog.is_loading(&key), "more is on its way");
            seen.push(points);
        }
        // Each page takes two steps: its answer, and decoding it. After the third time they are shown less often.
        page.now += Duration::milliseconds(if seen.len() < 3 { 15 } else { 150 });
    }
    assert_eq!(seen, [1, 5, 9, 10, 11]);
}

#[test]
fn a_list_that_links_in_a_circle_is_left_and_told() {
    let (mut page, key) = before_points();
    link_to(&mut page, "");
    go(&mut page, &key);
    page.say(Msg::Tick);
    assert_eq!(count(&page, &key), MAX_PAGES as usize);
    assert!(!page.state.catalog.is_loading(&key));
    assert!(page.state.catalog.fault(&key).unwrap().sentence().contains("too long to load completely"));
}

#[test]
fn a_link_to_another_host_is_not_followed_and_what_came_before_it_stays() {
    for link in
        ["https://evil.example/x", "https://management.azure.com.evil.example/x", "http://management.azure.com/x"]
    {
        let (mut page, key) = before_points();
        link_to(&mut page, link);
        go(&mut page, &key);
        page.say(Msg::Tick);
        let fault = page.state.catalog.fault(&key).unwrap();
        assert_eq!(fault.kind, FaultKind::Refused, "{link}");
        assert_eq!(count(&page, &key), 1, "{link}");
        assert!(!page.state.catalog.is_loading(&key));
    }
}

#[test]
fn a_page_that_cannot_be_read_ends_the_list_though_the_next_one_has_been_asked_for() {
    let (mut page, key) = before_points();
    link_to(&mut page, "");
    let mut linked = std::mem::replace(&mut page.spoil, Box::new(|_, answer| answer));
    let asked = Rc::new(std::cell::Cell::new(0));
    let nth = asked.clone();
    page.spoil = Box::new(move |request, answer| {
        let answer = linked(request, answer);
        if !request.uri().path().ends_with("/recoveryPoints") {
            return answer;
        }
        nth.set(nth.get() + 1);
        if nth.get() != 3 {
            return answer;
        }
        let mut body: Value = serde_json::from_slice(answer.unwrap().body()).unwrap();
        body["value"][0]["properties"]["recoveryPointTime"] = json!([]);
        self::answer(200, body.to_string())
    });
    go(&mut page, &key);
    page.say(Msg::Tick);
    let fault = page.state.catalog.fault(&key).unwrap();
    assert!(matches!(&fault.kind, FaultKind::Body { path } if path.ends_with("recoveryPointTime")), "{fault:?}");
    assert_eq!(count(&page, &key), 2, "the pages before it are shown");
    assert!(!page.state.catalog.is_loading(&key));
    assert_eq!(asked.get(), 4, "the one after it was on its way, and none after that");
}

#[test]
fn what_may_pass_is_tried_again_visibly_and_then_told() {
    for (bad, wait) in [
        (answer(503, ""), 5),
        (answer(429, r#"{"error":{"code":"TooManyRequests","message":"Please try again after '47' seconds."}}"#), 47),
        (Err(Transport::Network("Failed to fetch".to_owned())), 5),
        (Err(Transport::TimedOut), 5),
    ] {
        let (mut page, key) = before_points();
        let (told, ours) = (bad.clone(), Rc::new(std::cell::Cell::new(0)));
        let tries = ours.clone();
        page.spoil = Box::new(move |request, answer| {
            if !request.uri().path().ends_with("/recoveryPoints") {
                return answer;
            }
            tries.set(tries.get() + 1);
            told.clone()
        });
        go(&mut page, &key);
        page.say(Msg::Tick);
        let entry = page.state.catalog.entry(&key).unwrap();
        assert_eq!(entry.retry_at.map(|at| at - page.now), Some(Duration::seconds(wait)), "{bad:?}");
        assert!(entry.fault.is_some(), "the wait has its reason");
        page.wait_until(Duration::hours(1), |s| !s.catalog.is_loading(&key));
        assert_eq!(ours.get(), MAX_TRIES, "{bad:?}");
        assert!(page.state.catalog.fault(&key).is_some());
        page.spoil = Box::new(|_, answer| answer);
        page.say(Msg::Refresh);
        assert!(page.state.catalog.fault(&key).is_none() && count(&page, &key) > 1, "“Try again” does");
    }
}

#[test]
fn a_refresh_that_fails_keeps_what_is_known() {
    let (mut page, key) = before_points();
    go(&mut page, &key);
    page.say(Msg::Tick);
    let known = count(&page, &key);
    page.spoil = Box::new(|_, _| answer(403, r#"{"error":{"code":"AuthorizationFailed","message":"No."}}"#));
    page.say(Msg::Refresh);
    assert_eq!(count(&page, &key), known);
    assert_eq!(page.state.catalog.fault(&key).unwrap().code, "AuthorizationFailed");
}

#[test]
fn answers_to_a_connection_that_was_left_are_dropped() {
    let (mut page, key) = before_points();
    go(&mut page, &key);
    while !page.state.catalog.is_loading(&key) {
        assert!(page.step());
    }
    // The answer is on its way when another token comes.
    page.hear(Msg::StartDemo);
    page.hear(Msg::Disconnect);
    page.say(Msg::Tick);
    assert_eq!(count(&page, &key), 0);
    assert!(page.state.catalog.entry(&key).is_none() && page.state.calls.is_empty());
}

/// Turns texts into numbers, numbers into texts, lists into objects, so that nothing has the right type.
fn twisted(value: &Value) -> Value {
    match value {
        Value::String(_) => json!(5),
        Value::Number(n) => json!(n.to_string() + "?"),
        Value::Bool(_) => json!("perhaps"),
        Value::Array(all) if all.is_empty() => json!("none"),
        Value::Array(all) => all.iter().map(twisted).collect(),
        Value::Object(all) => all.iter().map(|(key, value)| (key.clone(), twisted(value))).collect(),
        Value::Null => json!([]),
    }
}

/// What may come instead of an answer.
const BAD: [&str; 9] =
    ["web page", "error page", "cut off", "empty", "too large", "no answer", "refused", "twisted", "another shape"];

fn spoilt(bad: &str, good: &Answer) -> Answer {
    let body = good.as_ref().map(|a| a.body().clone()).unwrap_or_default();
    let html = "<!DOCTYPE html><html><body>Sign in to the proxy</body></html>";
    match bad {
        "web page" => answer(200, html),
        "error page" => answer(502, html),
        "cut off" => answer(200, body.slice(..body.len() / 2)),
        "empty" => answer(200, ""),
        "too large" => Err(Transport::TooLarge),
        "no answer" => Err(Transport::Network("Failed to fetch".to_owned())),
        "refused" => answer(403, r#"{"error":{"code":"AuthorizationFailed","message":"You may not."}}"#),
        "twisted" => answer(200, serde_json::from_slice(&body).map(|v| twisted(&v)).unwrap_or_default().to_string()),
        _ => answer(200, r#"[1, "two", {"three": 3}]"#),
    }
}

/// Opens the review of `point` in a new tab, with the answers of one path altered.
fn follow_link(page: &Page, point: &RegionalId, path: &str, bad: &'static str) -> Page {
    let mut page = page.fork();
    let path = path.to_owned();
    page.spoil =
        Box::new(move |request, answer| if request.uri().path() == path { spoilt(bad, &answer) } else { answer });
    page.reload_at(Route::Review(point.clone()));
    page.wait_until(Duration::hours(1), |s| s.catalog.next_retry().is_none());
    page
}

#[test]
fn whatever_comes_instead_of_any_answer_is_told_and_the_form_is_kept() {
    let mut page = page();
    let point = open(&mut page, "web-01");
    let (calls, told) = told(page, &point);
    println!("bad answers: {calls} calls, {} kinds each, {told} told, the form kept", BAD.len());
}

#[test]
fn the_same_in_the_secondary_region() {
    let mut page = page();
    let point = operator::open_secondary(&mut page, "contoso-vault-neu", "erp-01");
    told(page, &point);
}

/// Whether only the checks of a restore ask for it.
fn is_of_check(path: &str) -> bool {
    let provider = path.rsplit_once("/providers/").is_some_and(|(_, namespace)| !namespace.contains('/'));
    provider
        || ["/Microsoft.Authorization/", "/usages", "/skus", "/checkPolicyRestrictions"]
            .iter()
            .any(|part| path.contains(part))
}

#[test]
fn whatever_comes_instead_of_an_answer_to_a_check_is_a_line_of_the_review_and_stops_nothing() {
    let mut form = page();
    let point = open(&mut form, "web-01");
    choose(&mut form, &point, Scenario::AnotherVm);
    for bad in BAD {
        let mut page = form.fork();
        page.spoil = Box::new(move |request, answer| match is_of_check(request.uri().path()) {
            true => spoilt(bad, &answer),
            false => answer,
        });
        page.reload_at(Route::Review(point.clone()));
        page.wait_until(Duration::hours(1), |s| s.catalog.next_retry().is_none());
        for (check, found) in page.state.readiness(&point).unwrap() {
            assert!(!found.waits, "{bad} {}", check.id);
            let asks = !["staging-network", "not-restored"].contains(&check.id);
            // Some decoders read an answer of wrong types all the same.
            if asks && bad != "twisted" {
                let fine = found.outcomes.contains(&Outcome::NothingFound);
                assert!(!fine && found.unknowns().count() > 0, "{bad} {}: {found:?}", check.id);
            }
        }
        assert!(page.state.plan(&point).is_ok() && page.state.facts_missing(&point).is_empty(), "{bad}");
        assert!(needs::of_screen(&page.state).iter().all(|key| page.state.catalog.fault(key).is_none()), "{bad}");
    }
}

/// Alters each answer that the review of `point` depends on, in each way. Returns the number of calls and of reported faults.
fn told(mut page: Page, point: &RegionalId) -> (usize, usize) {
    choose(&mut page, point, Scenario::AnotherVm);
    page.sent.clear();
    let good = follow_link(&page, point, "", "");
    assert!(good.state.plan(point).is_ok(), "the link alone brings everything");
    let draft = Draft { confirm: String::new(), ..page.state.draft(point) };
    let mut paths: Vec<String> = good.sent.iter().map(|(_, path)| path.clone()).collect();
    paths.retain(|path| !is_of_check(path));
    paths.sort();
    paths.dedup();
    assert!(paths.len() >= 10, "{paths:?}");
    let mut told = 0;
    for path in &paths {
        for bad in BAD {
            let mut page = follow_link(&page, point, path, bad);
            let faults: Vec<_> =
                needs::of_screen(&page.state).iter().filter_map(|key| page.state.catalog.fault(key)).collect();
            assert!(faults.len() <= 1, "{path} {bad}: {faults:?}");
            if let Some(fault) = faults.first() {
                assert!(fault.sentence().len() > 10, "{path} {bad}: {fault:?}");
                told += 1;
            } else {
                // For an existence check only the status matters, and a rule reports the result; elsewhere the decoders used a default.
                let silent = page.state.plan(point).is_err_and(|reasons| reasons.is_empty());
                assert!(!silent, "{path} {bad}: nothing is told and nothing works");
            }
            assert_eq!(page.state.draft(point), draft, "{path} {bad}");
            page.say(Msg::Edit(Edit::VmName("typed-meanwhile".to_owned())));
            assert_eq!(page.state.draft(point).vm_name, "typed-meanwhile", "{path} {bad}");
            page.spoil = Box::new(|_, answer| answer);
            page.say(Msg::Refresh);
            page.wait_until(Duration::seconds(2), |s| s.name_lookup_due_at.is_none());
            assert!(page.state.plan(point).is_ok(), "{path} {bad}: “Try again” does");
            assert_eq!(page.clicks_sent(), 0);
        }
    }
    assert!(told > paths.len() * (BAD.len() - 3));
    (paths.len(), told)
}

fn ended(page: &mut Page) -> String {
    page.wait_until(Duration::hours(12), |s| s.restores.first().is_some_and(|r| !r.is_running()));
    page.restore().state_text()
}

#[test]
fn whatever_comes_instead_of_the_triggers_answer_is_not_taken_for_a_yes_or_no() {
    // The first restores, and its request arrives; the second one's does not.
    for (vm, end) in [("web-01", "Completed"), ("fault-lost-request", "Not started")] {
        let mut form = page();
        let point = open(&mut form, vm);
        choose(&mut form, &point, Scenario::RestoreDisks);
        for bad in BAD {
            let mut page = form.fork();
            page.spoil = Box::new(move |request, answer| match request.uri().path().ends_with("/restore") {
                true => spoilt(bad, &answer),
                false => answer,
            });
            page.start_restore();
            // A 403 in Azure's own words is an answer.
            let end = if bad == "refused" { "Rejected by Azure" } else { end };
            assert_eq!(ended(&mut page), end, "{vm} {bad}");
            assert_eq!(page.clicks_sent(), 1, "{vm} {bad}");
        }
    }
}

#[test]
fn whatever_comes_instead_of_a_look_the_restore_is_followed_to_its_end() {
    let mut form = page();
    let point = open(&mut form, "web-01");
    choose(&mut form, &point, Scenario::RestoreDisks);
    for bad in BAD {
        for (looks, times) in [("/operationsstatus/", u32::MAX), ("/operation", u32::MAX), ("/backupjobs", 3)] {
            let mut page = form.fork();
            // An unknown status counts as running: polling continues.
            let mut left = if bad == "twisted" { 3 } else { times };
            page.spoil = Box::new(move |request, answer| {
                if left == 0 || !request.uri().path().to_lowercase().contains(looks) {
                    return answer;
                }
                left -= 1;
                spoilt(bad, &answer)
            });
            page.start_restore();
            assert_eq!(ended(&mut page), "Completed", "{bad} {looks}");
            assert_eq!(page.triggers(), 1);
        }
    }
}

#[test]
fn whatever_comes_in_the_chain_of_the_secondary_region_nothing_is_sent_twice_or_taken_for_a_yes() {
    let mut form = page();
    let point = operator::open_secondary(&mut form, "contoso-vault-neu", "erp-01");
    choose(&mut form, &point, Scenario::RestoreDisks);
    for bad in BAD {
        for (call, times) in [
            ("/backupaadproperties", u32::MAX),
            ("/backupaadproperties", 1),
            ("/accesstoken", u32::MAX),
            ("/accesstoken", 1),
            ("/backupcrossregionrestore", 1),
            ("/backupcrroperation", u32::MAX),
            ("/backupcrrjob", 3),
        ] {
            let told = format!("{bad} {call} {times}");
            let mut page = form.fork();
            let mut left = if bad == "twisted" { times.min(3) } else { times };
            page.spoil = Box::new(move |request, answer| {
                if left == 0 || !request.uri().path().to_lowercase().contains(call) {
                    return answer;
                }
                left -= 1;
                spoilt(bad, &answer)
            });
            page.start_restore();
            let end = ended(&mut page);
            let prepares = ["/backupaadproperties", "/accesstoken"].contains(&call);
            // A transient fault is retried; an answer that is not the service's, or a refusal by the service, ends the preparation before anything is sent.
            let passes = times == 1 && ["error page", "no answer"].contains(&bad);
            // Azure itself refuses a token that it did not issue, and properties that are not its own.
            let refused = bad == "refused" && call == "/backupcrossregionrestore" || prepares && !passes;
            assert_eq!(end, if refused { "Rejected by Azure" } else { "Completed" }, "{told}");
            let sent = page.clicks_sent();
            assert!(if prepares && refused { sent == 0 || bad == "twisted" } else { sent == 1 }, "{told}: {sent}");
            assert!(page.simulator.triggers().iter().filter(|t| t.accepted).count() <= 1, "{told}");
        }
    }
}
