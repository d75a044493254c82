//! Calls that Azure refuses because of the account or the token, temporarily or permanently.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use bytes::Bytes;
use http::{Request, Response};
use serde_json::json;
use time::Duration;
use vm_restore::app::key::Key;
use vm_restore::app::msg::{Msg, Transport};
use vm_restore::app::sign_in::{Interaction, SignInRequest};
use vm_restore::restore::scenario::Scenario;

use crate::operator::{review, start};
use crate::page::Page;
use crate::sign_in::{live, signed};

type Answer = Result<Response<Bytes>, Transport>;

fn refusal(status: u16, code: &str) -> Answer {
    let body =
        json!({ "error": { "code": code, "message": "Unable to verify that the user is the original caller." } });
    Ok(Response::builder().status(status).body(Bytes::from(body.to_string())).unwrap())
}

fn of_operation(request: &Request<Bytes>) -> bool {
    let path = request.uri().path();
    ["/operationsStatus/", "/operationResults/", "/backupOperations/"].iter().any(|part| path.contains(part))
}

/// How often a token was renewed from now on.
fn renewals(page: &mut Page) -> Rc<Cell<u32>> {
    let count = Rc::new(Cell::new(0));
    let counted = count.clone();
    page.sign_in = Box::new(move |request| {
        counted.set(counted.get() + u32::from(request.how == Interaction::Silent && request.refused));
        signed("ada")
    });
    count
}

/// Azure shows some operations only to the account that started them. An account that may read the vault polls its lists instead, without a new token each minute.
#[test]
fn a_lasting_refusal_of_an_operation_is_gone_around_and_renews_at_most_once() {
    for (status, code, most) in [
        (401, "AuthorizationFailed", 0),
        (403, "AuthorizationFailed", 0),
        (403, "Forbidden", 0),
        (401, "InvalidAuthenticationToken", 3),
        (401, "ExpiredAuthenticationToken", 3),
    ] {
        let mut page = live();
        let renewals = renewals(&mut page);
        page.spoil =
            Box::new(move |request, answer| if of_operation(request) { refusal(status, code) } else { answer });
        start(&mut page, "web-01", Scenario::RestoreDisks);
        page.wait_until(Duration::minutes(40), |s| s.restores[0].job_id().is_some());
        let restore = page.restore();
        assert!(restore.job_id().is_some(), "{status} {code}: {} after 40 minutes", restore.state_text());
        assert!(renewals.get() <= most, "{status} {code}: renewed {} times", renewals.get());
        page.wait_until(Duration::hours(12), |s| !s.restores[0].is_running());
        assert_eq!((page.restore().state_text().as_str(), page.clicks_sent()), ("Completed", 1), "{status} {code}");
    }
}

#[test]
fn a_call_that_stays_refused_whatever_the_token_renews_a_few_times_in_a_day() {
    let mut page = live();
    let renewals = renewals(&mut page);
    page.spoil = Box::new(|_, _| refusal(401, "InvalidAuthenticationToken"));
    for _ in 0..24 * 30 {
        page.now += Duration::minutes(2);
        page.say(Msg::Refresh);
    }
    assert!((1..=25).contains(&renewals.get()), "renewed {} times in a day", renewals.get());
    assert!(page.state.sign_in_fault.is_some(), "the operator is asked");
}

/// The answer to a call that left with the previous token arrives after the renewal.
#[test]
fn what_was_refused_for_the_token_before_is_asked_again_with_the_new_one() {
    let mut page = live();
    let asked = renewals(&mut page);
    let left = Rc::new(RefCell::new(1));
    let counted = left.clone();
    page.spoil = Box::new(move |request, answer| {
        let spoilt = request.uri().path() == "/tenants" && *counted.borrow() > 0;
        *counted.borrow_mut() -= u32::from(spoilt);
        if spoilt { refusal(401, "ExpiredAuthenticationToken") } else { answer }
    });
    page.state.catalog.forget(|key| *key == Key::Tenants);
    page.hear(Msg::Tick);
    assert!(page.step() && *left.borrow() == 0, "the refusal is on its way");
    let silent = SignInRequest { how: Interaction::Silent, claims: None, tenant: None, account: None, refused: true };
    page.state.sign_in.waiting = Some(silent);
    page.hear_first(Msg::SignedIn(signed("ada").unwrap()));
    page.say(Msg::Tick);
    let entry = page.state.catalog.entry(&Key::Tenants).unwrap();
    assert!(entry.value.is_some() && entry.fault.is_none(), "{:?}", entry.fault);
    assert_eq!((page.state.sign_in_fault.clone(), asked.get()), (None, 0), "it says nothing of the present token");
}

/// One click, one request: a restore that Azure refused because of the token is sent again only by a click, whatever the current token.
#[test]
fn a_restore_that_was_refused_for_the_token_before_waits_for_a_click() {
    let mut page = live();
    let left = Rc::new(Cell::new(1));
    let counted = left.clone();
    page.spoil = Box::new(move |request, answer| {
        let spoilt = request.uri().path().ends_with("/restore") && counted.get() > 0;
        counted.set(counted.get() - u32::from(spoilt));
        if spoilt { refusal(401, "ExpiredAuthenticationToken") } else { answer }
    });
    review(&mut page, "web-01", Scenario::RestoreDisks);
    page.hear(page.click(false));
    while left.get() > 0 {
        assert!(page.step(), "the request leaves");
    }
    let silent = SignInRequest { how: Interaction::Silent, claims: None, tenant: None, account: None, refused: true };
    page.state.sign_in.waiting = Some(silent);
    page.hear_first(Msg::SignedIn(signed("ada").unwrap()));
    page.say(Msg::Tick);
    let id = page.restore_id();
    assert!(
        page.restore().is_refused_for_sign_in() && page.state.can_retry_refused(&id),
        "{}",
        page.restore().state_text()
    );
    assert_eq!(page.clicks_sent(), 1);
    page.say(Msg::SendAgain(id));
    assert_eq!((page.clicks_sent(), page.state.restores.len()), (2, 1));
}
