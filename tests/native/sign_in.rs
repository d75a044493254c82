//! Signing in, and continuing after Azure has asked for another sign-in.

use std::cell::RefCell;
use std::rc::Rc;

use arm_sim::{Progress, Simulator};
use azure_backup::arm::id::TenantId;
use bytes::Bytes;
use time::Duration;
use vm_restore::app::config::Config;
use vm_restore::app::key::Key;
use vm_restore::app::msg::{Msg, Transport};
use vm_restore::app::route::Route;
use vm_restore::app::session::{DemoRole, Session};
use vm_restore::app::sign_in::{Account, Interaction, SignInError, SignInRequest, SignInResult};
use vm_restore::app::state::State;
use vm_restore::restore::run::Stage;
use vm_restore::restore::scenario::Scenario;

use crate::operator::{begin, page, start};
use crate::page::Page;

const CLAIMS: &str = r#"{"access_token": {"acrs":{"essential":true,"values":["p1"]}}}"#;

fn account(name: &str) -> Account {
    Account { id: name.to_owned(), user: format!("{name}@contoso.com"), tenant: "t".to_owned() }
}

pub(crate) fn signed(name: &str) -> Option<Result<SignInResult, SignInError>> {
    Some(Ok(SignInResult { account: Some(account(name)), accounts: vec![account(name)] }))
}

fn refused(words: &str) -> Option<Result<SignInResult, SignInError>> {
    Some(Err(SignInError { cancelled: false, words: words.to_owned() }))
}

/// A page where Ada has signed in.
pub(crate) fn live() -> Page {
    let mut simulator = Simulator::new(7, begin());
    simulator.set_progress(Progress::Timetable);
    simulator.set_exact_access_details(true);
    let mut page = Page::blank(simulator, begin());
    page.config = Config::parse(r#"{"signIn": {"clientId": "app"}}"#).unwrap();
    page.sign_in = Box::new(|_| signed("ada"));
    page.start(Route::Connect);
    page.say(Msg::SignIn(Interaction::Popup));
    assert_eq!(page.state.session, Session::SignedIn(account("ada")));
    page
}

/// The bodies of the restores that are sent from now on.
fn bodies(page: &mut Page) -> Rc<RefCell<Vec<Bytes>>> {
    let seen = Rc::new(RefCell::new(Vec::new()));
    let sent = seen.clone();
    page.spoil = Box::new(move |request, answer| {
        if request.uri().path().ends_with("/restore") {
            sent.borrow_mut().push(request.body().clone());
        }
        answer
    });
    seen
}

/// The sign-ins that are requested from now on; `answer` answers each.
fn asked(
    page: &mut Page,
    mut answer: impl FnMut(&SignInRequest) -> Option<Result<SignInResult, SignInError>> + 'static,
) -> Rc<RefCell<Vec<SignInRequest>>> {
    let seen = Rc::new(RefCell::new(Vec::new()));
    let asked = seen.clone();
    page.sign_in = Box::new(move |request| {
        asked.borrow_mut().push(request.clone());
        answer(request)
    });
    seen
}

fn ended(state: &State) -> bool {
    state.restores.first().is_some_and(|r| !r.is_running())
}

fn completed_once(page: &mut Page) {
    page.wait_until(Duration::hours(12), ended);
    assert_eq!((page.restore().state_text().as_str(), page.state.restores.len()), ("Completed", 1));
    assert_eq!(page.simulator.triggers().iter().filter(|t| t.accepted).count(), 1);
}

#[test]
fn a_challenge_at_the_click_is_met_silently_and_the_same_bytes_go_out() {
    for (vm, claims) in [
        ("fault-claims-challenge", CLAIMS),
        ("fault-claims-tangled", CLAIMS),
        ("fault-mfa-policy", "{\"access_token\":{\"acrs\":{\"essential\":true,\"values\":[\"p1\"]}}}"),
    ] {
        let mut page = live();
        let sent = bodies(&mut page);
        let asked = asked(&mut page, |_| signed("ada"));
        start(&mut page, vm, Scenario::RestoreDisks);
        let reviewed = page.asked().text.to_string();
        completed_once(&mut page);
        assert_eq!(*sent.borrow(), [reviewed.clone(), reviewed]);
        let asked = asked.borrow();
        assert_eq!((asked.len(), asked[0].how, asked[0].claims.as_deref()), (1, Interaction::Silent, Some(claims)));
    }
}

#[test]
fn where_the_operator_must_come_the_restore_waits_for_him() {
    let mut page = live();
    let sent = bodies(&mut page);
    let asked =
        asked(&mut page, |r| if r.how == Interaction::Silent { refused("Sign in again.") } else { signed("ada") });
    start(&mut page, "fault-claims-challenge", Scenario::RestoreDisks);
    assert_eq!((page.restore().state_text().as_str(), sent.borrow().len()), ("Rejected by Azure", 1));
    assert!(page.state.sign_in_fault.is_some() && page.state.notice.is_none(), "told once");
    page.say(Msg::SignIn(Interaction::Popup));
    assert_eq!(asked.borrow()[1].claims.as_deref(), Some(CLAIMS));
    completed_once(&mut page);
    assert_eq!(sent.borrow()[0], sent.borrow()[1]);
}

#[test]
fn whoever_goes_elsewhere_sends_again_himself() {
    let mut page = live();
    let sent = bodies(&mut page);
    let _asked =
        asked(&mut page, |r| if r.how == Interaction::Silent { refused("Sign in again.") } else { signed("ada") });
    start(&mut page, "fault-claims-challenge", Scenario::RestoreDisks);
    let id = page.restore_id();
    page.say(Msg::Go(Route::restores()));
    page.say(Msg::SignIn(Interaction::Popup));
    assert_eq!((page.state.sign_in_fault.clone(), sent.borrow().len()), (None, 1), "not behind his back");
    page.say(Msg::Go(Route::Restore(id.clone())));
    page.say(Msg::SendAgain(id.clone()));
    page.say(Msg::SendAgain(id));
    completed_once(&mut page);
    assert_eq!(sent.borrow().len(), 2);
}

#[test]
fn a_refusal_for_another_reason_is_not_sent_again() {
    let mut page = live();
    start(&mut page, "fault-refused", Scenario::RestoreDisks);
    let id = page.restore_id();
    page.say(Msg::SendAgain(id));
    assert!(matches!(page.restore().stage, Stage::Refused { .. }));
    assert_eq!(page.clicks_sent(), 1);
}

#[test]
fn the_address_of_the_demo_starts_it_and_no_stored_sign_in_takes_its_place() {
    let mut page = Page::blank(Simulator::new(7, begin()), begin());
    page.config = Config::parse(r#"{"signIn": {"clientId": "app"}}"#).unwrap();
    page.signed_in = 1;
    page.start(Route::Demo);
    assert_eq!(page.state.session, Session::Demo);
    assert!(matches!(page.state.route, Route::Vms { .. }), "{:?}", page.state.route);
}

#[test]
fn going_back_to_the_address_of_the_demo_changes_no_connection() {
    let mut page = live();
    page.say(Msg::Went(Route::Demo));
    assert_eq!(
        (page.state.session.clone(), page.state.route.clone()),
        (Session::SignedIn(account("ada")), Route::Connect)
    );
}

#[test]
fn the_address_of_the_demo_starts_nothing_where_the_site_does_not_allow_it() {
    let mut page = Page::blank(Simulator::new(7, begin()), begin());
    page.config = Config::parse(r#"{"allow": {"demo": false}}"#).unwrap();
    page.start(Route::Demo);
    assert_eq!(page.state.session, Session::Disconnected);
    assert!(page.state.notice.as_ref().is_some_and(|notice| notice.title.contains("turned off")));
}

#[test]
fn the_demo_shows_how_it_goes() {
    let mut page = page();
    start(&mut page, "fault-claims-challenge", Scenario::RestoreDisks);
    let id = page.restore_id();
    assert_eq!(page.restore().state_text(), "Rejected by Azure");
    page.say(Msg::SendAgain(id));
    completed_once(&mut page);
}

#[test]
fn a_challenge_midway_is_met_and_the_restore_goes_on() {
    let mut page = live();
    let asked = asked(&mut page, |_| signed("ada"));
    start(&mut page, "fault-claims-midway", Scenario::RestoreDisks);
    completed_once(&mut page);
    assert_eq!((asked.borrow().len(), page.clicks_sent()), (1, 1));
}

#[test]
fn a_token_that_is_never_good_enough_is_not_renewed_for_ever() {
    let mut page = live();
    let asked = asked(&mut page, |_| signed("ada"));
    page.spoil = Box::new(|_, _| {
        let body = r#"{"error": {"code": "InvalidAuthenticationToken", "message": "No."}}"#;
        Ok(http::Response::builder().status(401).body(Bytes::from(body)).unwrap())
    });
    let before = page.sent.len();
    page.say(Msg::Refresh);
    page.wait_until(Duration::minutes(10), |_| false);
    assert_eq!(asked.borrow().len(), 1);
    assert!(page.state.sign_in_fault.is_some());
    assert!(page.sent.len() - before < 20, "{} calls", page.sent.len() - before);
}

#[test]
fn a_token_that_azure_has_refused_is_told_as_that_and_one_that_could_not_be_had_is_not() {
    for (answer, refused) in [
        (Ok(http::Response::builder().status(401).body(Bytes::new()).unwrap()), true),
        (Err(Transport::SignIn("The sign-in has expired.".to_owned())), false),
    ] {
        let mut page = live();
        let asked = asked(&mut page, |_| None);
        page.spoil = Box::new(move |_, _| answer.clone());
        page.say(Msg::Refresh);
        page.say(Msg::CancelSignIn);
        page.say(Msg::SignIn(Interaction::Popup));
        let told: Vec<_> = asked.borrow().iter().map(|request| (request.how, request.refused)).collect();
        assert_eq!(told, [(Interaction::Silent, refused), (Interaction::Popup, refused)]);
        // Another tenant or account does not cure the refusal.
        page.say(Msg::CancelSignIn);
        page.say(Msg::UseAccount(None));
        assert!(asked.borrow().last().is_some_and(|request| !request.refused));
    }
}

#[test]
fn what_failed_for_want_of_a_token_is_read_once_there_is_one() {
    let mut page = live();
    page.spoil = Box::new(|_, _| Err(Transport::SignIn("The sign-in has expired.".to_owned())));
    let _asked = asked(&mut page, |_| None);
    page.say(Msg::Go(Route::Account));
    page.say(Msg::Refresh);
    let fault = page.state.sign_in_fault.clone().unwrap();
    assert_eq!(fault.message, "The sign-in has expired.");
    page.say(Msg::CancelSignIn);
    page.spoil = Box::new(|_, answer| answer);
    page.sign_in = Box::new(|_| signed("ada"));
    page.say(Msg::SignIn(Interaction::Popup));
    assert!(page.state.sign_in_fault.is_none());
    assert!(page.state.catalog.fault(&Key::Tenants).is_none());
    assert!(page.state.catalog.entry(&Key::Tenants).unwrap().at.is_some());
}

#[test]
fn an_answer_after_the_sign_in_was_cancelled_changes_nothing() {
    let mut page = live();
    page.say(Msg::Disconnect);
    let _asked = asked(&mut page, |_| None);
    page.say(Msg::SignIn(Interaction::Popup));
    assert!(page.state.sign_in.is_asking());
    page.say(Msg::CancelSignIn);
    page.say(Msg::SignedIn(signed("eve").unwrap()));
    assert_eq!(page.state.session, Session::Disconnected);
}

#[test]
fn a_tenant_that_fails_does_not_hide_the_others() {
    let mut page = live();
    page.say(Msg::Go(Route::Account));
    let tenants = page.state.catalog.get::<[Rc<azure_backup::backup::lookups::Tenant>]>(&Key::Tenants).unwrap();
    assert_eq!(tenants.len(), 2);
    let _asked =
        asked(&mut page, |r| if r.tenant.as_deref() == Some("shut") { refused("Blocked.") } else { signed("bob") });
    page.say(Msg::UseTenant(TenantId::parse("shut").unwrap()));
    assert_eq!(page.state.session, Session::SignedIn(account("ada")), "she stays where she was");
    assert_eq!(page.state.sign_in.why_closed("shut"), Some("Blocked."));
    assert!(page.state.catalog.get::<[Rc<azure_backup::backup::lookups::Tenant>]>(&Key::Tenants).is_some());
    page.say(Msg::UseTenant(TenantId::parse("open").unwrap()));
    assert_eq!(page.state.session, Session::SignedIn(account("bob")));
}

#[test]
fn a_reload_resumes_the_sign_in_where_one_was() {
    let mut page = live();
    start(&mut page, "web-01", Scenario::RestoreDisks);
    let asked = asked(&mut page, |_| signed("ada"));
    let place = page.state.route.clone();
    page.reload();
    assert_eq!(asked.borrow()[0].how, Interaction::Resume);
    assert_eq!((page.state.session.clone(), page.state.route.clone()), (Session::SignedIn(account("ada")), place));
    completed_once(&mut page);
}

#[test]
fn without_a_configuration_nobody_signs_in() {
    let mut page = page();
    page.say(Msg::Disconnect);
    page.say(Msg::SignIn(Interaction::Popup));
    assert_eq!((page.state.session.clone(), page.state.sign_in.is_asking()), (Session::Disconnected, false));
}

#[test]
fn another_role_in_the_demo_reads_anew_stays_where_it_is_and_ends_with_the_demo() {
    let mut page = page();
    start(&mut page, "web-01", Scenario::RestoreDisks);
    page.say(Msg::Went(Route::Account));
    let asked = page.sent.len();
    page.say(Msg::UseDemoRole(DemoRole::Reader));
    assert_eq!((&page.state.route, page.state.sign_in.demo_role), (&Route::Account, DemoRole::Reader));
    assert!(page.sent.len() > asked, "what is on the screen is read as the new role sees it");
    assert!(page.state.leading && page.state.restores.len() == 1, "what was started is followed on");
    // Nobody who chooses from a list is taken elsewhere by it.
    page.say(Msg::Went(Route::Connect));
    page.say(Msg::UseDemoRole(DemoRole::Contributor));
    assert_eq!((&page.state.route, page.state.sign_in.demo_role), (&Route::Connect, DemoRole::Contributor));
    page.say(Msg::Disconnect);
    page.say(Msg::UseDemoRole(DemoRole::Reader));
    assert_eq!(page.state.session, Session::Disconnected);
    page.say(Msg::StartDemo);
    assert_eq!(page.state.sign_in.demo_role, DemoRole::Owner);
}
