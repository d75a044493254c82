//! A network that fails and returns, and a computer that sleeps.

use std::cell::Cell;
use std::rc::Rc;

use time::Duration;
use vm_restore::app::fleet::status::GraphRows;
use vm_restore::app::key::Key;
use vm_restore::app::msg::{Msg, Transport};
use vm_restore::app::route::Route;
use vm_restore::app::state::State;
use vm_restore::restore::scenario::Scenario;

use crate::operator::{begin, page, start};
use crate::page::Page;

/// A page whose network is there while the cell says so.
fn wired(mut page: Page) -> (Page, Rc<Cell<bool>>) {
    let network = Rc::new(Cell::new(true));
    let there = network.clone();
    page.spoil = Box::new(move |_, answer| match there.get() {
        true => answer,
        false => Err(Transport::Network("Failed to fetch".to_owned())),
    });
    (page, network)
}

fn ended(state: &State) -> bool {
    !state.restores[0].is_running()
}

#[test]
fn a_restore_goes_on_after_ten_minutes_without_a_network_and_at_once_when_the_browser_says_so() {
    let (mut page, network) = wired(page());
    start(&mut page, "web-01", Scenario::RestoreDisks);
    network.set(false);
    page.wait_until(Duration::minutes(10), |_| false);
    assert!(page.restore().last_error().is_some() && page.restore().is_running());
    let mut alone = page.fork();
    alone.wait_until(Duration::minutes(5), |s| s.restores[0].last_error().is_none());
    assert!(alone.restore().last_error().is_none(), "it is looked at by itself");
    network.set(true);
    let (now, asked) = (page.now, page.sent.len());
    page.say(Msg::Online);
    assert_eq!((page.now, page.restore().last_error()), (now, None), "it is looked at at once");
    assert!(page.sent.len() > asked);
    for mut page in [alone, page] {
        page.wait_until(Duration::hours(12), ended);
        assert_eq!((page.restore().state_text().as_str(), page.triggers()), ("Completed", 1));
    }
}

#[test]
fn a_network_that_is_announced_too_early_is_not_waited_for_as_long_as_one_that_is_away() {
    let (mut page, network) = wired(page());
    start(&mut page, "web-01", Scenario::RestoreDisks);
    network.set(false);
    page.wait_until(Duration::minutes(10), |_| false);
    page.say(Msg::Online);
    assert!(page.restore().last_error().is_some(), "it is not back yet");
    network.set(true);
    page.wait_until(Duration::seconds(10), |s| s.restores[0].last_error().is_none());
    assert_eq!(page.restore().last_error(), None);
}

#[test]
fn a_throttle_is_waited_out_whatever_the_network_does() {
    let mut page = page();
    start(&mut page, "web-01", Scenario::RestoreDisks);
    page.spoil = Box::new(|_, _| {
        let slow = http::Response::builder().status(429).header("retry-after", "900");
        Ok(slow.body(r#"{"error": {"code": "TooManyRequests", "message": "Slow down."}}"#.into()).unwrap())
    });
    page.wait_until(Duration::hours(1), |s| s.restores[0].last_error().is_some());
    let asked = page.sent.len();
    page.say(Msg::Online);
    page.say(Msg::Woke);
    assert_eq!(page.sent.len(), asked);
}

#[test]
fn what_could_not_be_read_is_read_when_the_network_is_back() {
    let (mut page, network) = wired(Page::blank(arm_sim::Simulator::new(7, begin()), begin()));
    network.set(false);
    page.start(Route::Vms(Default::default()));
    page.say(Msg::StartDemo);
    page.wait_until(Duration::hours(1), |s| s.catalog.next_retry().is_none());
    assert!(page.state.catalog.fault(&Key::Fleet).is_some(), "it is not tried for ever");
    network.set(true);
    page.say(Msg::Online);
    assert!(page.state.catalog.get::<GraphRows>(&Key::Fleet).is_some());
    assert_eq!(page.state.catalog.fault(&Key::Fleet), None);
}

#[test]
fn whoever_wakes_after_two_hours_looks_at_once() {
    let mut page = page();
    start(&mut page, "web-01", Scenario::RestoreDisks);
    page.now += Duration::hours(2);
    page.say(Msg::Woke);
    page.wait_until(Duration::minutes(2), ended);
    assert_eq!((page.restore().state_text().as_str(), page.triggers()), ("Completed", 1));
}
