//! Two tabs of one browser: one follows, both know.

use time::Duration;
use vm_restore::app::msg::Msg;
use vm_restore::app::route::Route;
use vm_restore::restore::scenario::Scenario;
use vm_restore::restore::tracked::Stage;

use crate::flows::{begin, choose, open, page, start};
use crate::page::Page;

/// Hands what `from` has saved to `to`, as the browser does, and the world with it.
fn tell(from: &mut Page, to: &mut Page) {
    to.now = to.now.max(from.now);
    to.simulator = from.simulator.clone();
    for (key, value) in std::mem::take(&mut from.saved) {
        match &value {
            Some(text) => to.storage.insert(key.clone(), text.clone()),
            None => to.storage.remove(&key),
        };
        to.say(Msg::SavedElsewhere { key, value });
    }
    to.saved.clear();
}

/// A tab that follows and one that does not.
fn two() -> (Page, Page) {
    let first = page();
    let mut second = Page::blank(first.simulator.clone(), begin());
    second.may_lead = false;
    second.start(Route::Connect);
    second.say(Msg::StartDemo);
    (first, second)
}

#[test]
fn a_restore_of_one_tab_is_followed_by_the_other() {
    let (mut leader, mut other) = two();
    let point = open(&mut other, "web-01");
    choose(&mut other, &point, Scenario::RestoreDisks);
    other.saved.clear();
    other.say(Msg::Start);
    assert!(other.saved.len() >= 2, "the intent, then the answer");
    tell(&mut other, &mut leader);
    assert!(matches!(leader.restore().stage, Stage::Operation { .. }), "{:?}", leader.restore().stage);
    leader.wait_until(Duration::hours(12), |s| !s.restores[0].is_running());
    assert_eq!(leader.restore().state_text(), "Completed");
    tell(&mut leader, &mut other);
    assert_eq!(other.restore().state_text(), "Completed");
    assert_eq!(leader.triggers(), 1);
    assert_eq!(leader.clicks_sent(), 0);
}

#[test]
fn a_tab_closed_while_it_sends_is_not_waited_for() {
    let (mut leader, mut other) = two();
    let point = open(&mut other, "web-01");
    choose(&mut other, &point, Scenario::RestoreDisks);
    other.saved.clear();
    other.say(Msg::Start);
    // Only the intent was told; then the tab was gone, and its request had arrived.
    other.saved.truncate(1);
    tell(&mut other, &mut leader);
    assert!(leader.restore().stage.is_leaving());
    leader.wait_until(Duration::hours(12), |s| !s.restores[0].is_running());
    assert_eq!(leader.restore().state_text(), "Completed");
    assert!(leader.restore().found_text().is_some(), "it was found in the vault's list");
    assert_eq!(leader.triggers(), 1);
}

#[test]
fn what_one_tab_forgets_the_other_does_not_bring_back() {
    let (mut leader, mut other) = two();
    start(&mut leader, "fault-refused", Scenario::RestoreDisks);
    tell(&mut leader, &mut other);
    let id = other.restore_id();
    other.say(Msg::Forget(id));
    tell(&mut other, &mut leader);
    assert!(leader.state.restores.is_empty());
    start(&mut leader, "web-01", Scenario::RestoreDisks);
    leader.saved.clear();
    other.say(Msg::Forget(leader.restore_id()));
    tell(&mut other, &mut leader);
    assert!(leader.state.restores.iter().any(|r| r.vm == "web-01"), "one that runs is never lost");
}

#[test]
fn look_now_reaches_the_tab_that_follows() {
    let (mut leader, mut other) = two();
    start(&mut leader, "web-01", Scenario::RestoreDisks);
    tell(&mut leader, &mut other);
    other.now += Duration::seconds(5);
    let id = other.restore_id();
    let before = leader.sent.len();
    other.say(Msg::LookNow(id));
    assert_eq!(other.sent.iter().filter(|(_, path)| path.to_lowercase().contains("operationsstatus")).count(), 0);
    tell(&mut other, &mut leader);
    assert!(leader.sent.len() > before, "the leader looks at once");
}

#[test]
fn a_new_token_does_not_keep_a_lead_that_was_lost() {
    let mut page = page();
    start(&mut page, "web-01", Scenario::RestoreDisks);
    // Another tab was waiting for the lead and has it now.
    page.may_lead = false;
    page.say(Msg::StartDemo);
    assert!(!page.state.leading);
    let before = page.sent.len();
    while page.wait() {}
    assert_eq!(page.sent.len(), before, "only one tab asks");
    page.say(Msg::Leading(true));
    page.wait_until(Duration::hours(12), |s| !s.restores[0].is_running());
    assert_eq!(page.restore().state_text(), "Completed");
}
