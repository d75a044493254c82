//! Two tabs of one browser: one follows, both know.

use http::Response;
use time::Duration;
use vm_restore::app::launch::LaunchStep;
use vm_restore::app::msg::Msg;
use vm_restore::app::route::Route;
use vm_restore::restore::run::Stage;
use vm_restore::restore::scenario::Scenario;

use crate::operator::{begin, choose, open, open_secondary, page, review_disks, start};
use crate::page::{Page, Told};
use crate::trouble::{reads, throttled};

/// Hands what `from` has saved to `to`, as the browser does, and the world with it.
fn tell(from: &mut Page, to: &mut Page) {
    to.now = to.now.max(from.now);
    to.simulator = from.simulator.clone();
    for told in std::mem::take(&mut from.saved) {
        match &told {
            Told::Text(key, Some(text)) => drop(to.storage.insert(key.clone(), text.clone())),
            Told::Text(key, None) => drop(to.storage.remove(key)),
            Told::Records(store, changes) => to.records.commit(store, changes),
        }
        to.say(told.on_response(true));
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

/// The same; the other is about to restore in the secondary region, cannot save and has been told so.
fn unsaved() -> (Page, Page) {
    let (leader, mut other) = two();
    let point = open_secondary(&mut other, "contoso-vault-neu", "erp-01");
    choose(&mut other, &point, Scenario::RestoreDisks);
    other.can_save = false;
    other.start_restore();
    (leader, other)
}

#[test]
fn a_restore_of_one_tab_is_followed_by_the_other() {
    let (mut leader, mut other) = two();
    let point = open(&mut other, "web-01");
    choose(&mut other, &point, Scenario::RestoreDisks);
    other.saved.clear();
    other.start_restore();
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
    other.start_restore();
    // The intent was told and that the request leaves; then the tab was gone, and its request had arrived.
    other.saved.truncate(2);
    tell(&mut other, &mut leader);
    assert!(leader.restore().stage.is_being_sent());
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
    other.say(Msg::PollNow(id));
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

/// Seed 579307 of the simulation: the lead went to another tab while a list's first page was on its way.
#[test]
fn a_tab_that_has_lost_the_lead_asks_for_no_further_page() {
    let lists = |page: &Page| page.sent.iter().filter(|(_, path)| path.to_lowercase().ends_with("/backupjobs")).count();
    for leads in [true, false] {
        let mut page = page();
        start(&mut page, "fault-lost-answer", Scenario::RestoreDisks);
        page.spoil = Box::new(|request, answer| match request.uri().path().to_lowercase().ends_with("/backupjobs") {
            true => Ok(Response::new(format!(r#"{{"value": [], "nextLink": "{}"}}"#, request.uri()).into())),
            false => answer,
        });
        page.now += Duration::minutes(2);
        page.hear(Msg::Woke);
        let before = lists(&page);
        while lists(&page) == before {
            assert!(page.step(), "the job is looked for in the vault's list");
        }
        page.state.leading = leads;
        while lists(&page) < before + 2 && page.step() {}
        assert_eq!(lists(&page) - before, if leads { 2 } else { 1 });
    }
}

#[test]
fn a_throttle_that_the_former_leader_hears_holds_back_the_next() {
    let (mut former, mut next) = two();
    start(&mut former, "web-01", Scenario::RestoreDisks);
    former.wait_until(Duration::minutes(3), |s| s.restores[0].job_id().is_some());
    tell(&mut former, &mut next);
    next.say(Msg::Leading(true));
    former.spoil = Box::new(|request, answer| match request.uri().path().to_lowercase().contains("/backupjobs") {
        true => Ok(throttled()),
        false => answer,
    });
    former.now += Duration::seconds(5);
    former.say(Msg::PollNow(former.restore_id()));
    tell(&mut former, &mut next);
    let (told, asked) = (next.now, reads(&next));
    while next.wait() && reads(&next) == asked {}
    assert!(next.now - told >= Duration::seconds(900), "{}", next.now - told);
}

#[test]
fn a_cross_region_restore_is_prepared_and_sent_by_the_tab_that_was_clicked_and_followed_by_the_one_that_leads() {
    let (mut leader, mut other) = two();
    let point = open_secondary(&mut other, "contoso-vault-neu", "erp-01");
    choose(&mut other, &point, Scenario::RestoreDisks);
    other.saved.clear();
    other.start_restore();
    assert_eq!((other.clicks_sent(), other.triggers()), (1, 1));
    tell(&mut other, &mut leader);
    assert!(matches!(leader.restore().stage, Stage::Operation { .. }), "{:?}", leader.restore().stage);
    leader.wait_until(Duration::hours(12), |s| !s.restores[0].is_running());
    tell(&mut leader, &mut other);
    assert_eq!((other.restore().state_text().as_str(), leader.clicks_sent()), ("Completed", 0));
}

/// What was saved at each moment before the request has left: the tab is gone, and nobody else sends.
#[test]
fn what_a_closed_tab_was_about_to_send_is_offered_and_sent_by_a_click_alone() {
    for secondary in [false, true] {
        let (leader, mut other) = two();
        review_disks(&mut other, secondary);
        other.saved.clear();
        other.hear(other.click(false));
        let mut offered = 0;
        while other.clicks_sent() == 0 {
            assert!(other.step() || other.rest());
            if other.saved.is_empty() || other.clicks_sent() > 0 {
                continue;
            }
            let mut next = leader.fork();
            tell(&mut other.fork(), &mut next);
            let leaves = matches!(next.restore().stage, Stage::Sending);
            next.wait_until(Duration::hours(1), |s| !s.restores[0].is_running());
            assert_eq!((next.restore().state_text().as_str(), next.clicks_sent()), ("Not started", 0));
            let id = next.restore_id();
            if leaves {
                assert!(next.state.unsent_review(&id).is_none(), "nobody knows for certain that it has not left");
                continue;
            }
            // Another tab may still be at it: then nothing is sent.
            let mut held = next.fork();
            held.may_claim = false;
            held.send_unsent(&id);
            assert_eq!((held.clicks_sent(), held.restore().state_text().as_str()), (0, "Not started"));
            next.send_unsent(&id);
            next.wait_until(Duration::hours(12), |s| !s.restores[0].is_running());
            assert_eq!((next.restore().state_text().as_str(), next.clicks_sent()), ("Completed", 1));
            offered += 1;
        }
        assert!(offered > 0, "{secondary}");
    }
}

#[test]
fn a_leader_that_closes_in_the_middle_of_the_chain_is_followed_without_a_second_request() {
    let (mut leader, mut other) = two();
    let point = open_secondary(&mut leader, "contoso-vault-neu", "erp-01");
    choose(&mut leader, &point, Scenario::RestoreDisks);
    leader.saved.clear();
    leader.hear(leader.click(false));
    let mut closed = 0;
    while leader.step() || leader.state.restores.first().is_some_and(|r| r.is_running()) && leader.rest() {
        if leader.saved.is_empty() {
            continue;
        }
        // The leader is gone; the other tab gets the lead, and with it what was saved last.
        let mut next = other.fork();
        next.may_lead = true;
        tell(&mut leader.fork(), &mut next);
        next.say(Msg::Leading(true));
        next.wait_until(Duration::hours(12), |s| !s.restores[0].is_running());
        closed += 1;
        let begun = leader.triggers();
        let sent = leader.clicks_sent() + next.clicks_sent();
        let text = next.restore().state_text();
        assert!(sent <= 1 && next.triggers() <= 1, "closed after {begun}: {sent} sent");
        assert!(text == "Completed" || text == "Not started" && next.triggers() == 0, "{text}");
    }
    assert!(closed > 5, "{closed}");
    assert_eq!(leader.restore().state_text(), "Completed");
    tell(&mut leader, &mut other);
}

#[test]
fn what_another_tab_sends_again_is_not_held_to_be_refused() {
    let (mut leader, mut other) = two();
    start(&mut leader, "fault-token-expires", Scenario::RestoreDisks);
    tell(&mut leader, &mut other);
    assert_eq!(other.restore().state_text(), "Rejected by Azure");
    other.send_unsent(&other.restore_id());
    other.wait_until(Duration::seconds(1), |s| !s.restores[0].stage.is_being_sent());
    assert_eq!(other.triggers(), 2, "refused, then accepted");
    tell(&mut other, &mut leader);
    assert!(matches!(leader.restore().stage, Stage::Operation { .. }), "{:?}", leader.restore().stage);
    leader.wait_until(Duration::hours(12), |s| !s.restores[0].is_running());
    tell(&mut leader, &mut other);
    assert_eq!((leader.restore().state_text(), other.restore().state_text()), ("Completed".into(), "Completed".into()));
}

/// Seed 4201401 of the simulation: the refusal of a preparation is not saved, so another tab takes the request for one that never left.
#[test]
fn what_another_tab_sends_after_a_refusal_that_was_not_saved_is_followed_here() {
    let (mut leader, mut other) = two();
    leader.spoil = Box::new(|request, answer| match request.uri().path().ends_with("/accessToken") {
        true => Ok(Response::builder().status(404).body("{}".into()).unwrap()),
        false => answer,
    });
    let point = open_secondary(&mut leader, "contoso-vault-neu", "erp-01");
    choose(&mut leader, &point, Scenario::RestoreDisks);
    leader.say(leader.click(false));
    assert_eq!(leader.restore().state_text(), "Rejected by Azure");
    let mut list: serde_json::Value = serde_json::from_str(&leader.list()).unwrap();
    list["restores"][0]["stage"] = serde_json::json!({ "notSent": { "fault": null, "search": null } });
    other.plant(&list.to_string());
    other.reload();
    other.say(Msg::StartDemo);
    other.send_unsent(&other.restore_id());
    other.wait_until(Duration::minutes(1), |s| !s.restores[0].stage.is_being_sent());
    assert_eq!(other.triggers(), 1);
    tell(&mut other, &mut leader);
    assert!(matches!(leader.restore().stage, Stage::Operation { .. }), "{:?}", leader.restore().stage);
}

#[test]
fn a_restore_that_nobody_saves_is_sent_by_its_own_tab_and_told_to_the_others() {
    let (_leader, mut other) = unsaved();
    assert!(other.state.restores.is_empty());
    other.unsaved.clear();
    other.hear(other.click(true));
    while other.step() || other.clicks_sent() == 0 && other.rest() {}
    assert_eq!((other.clicks_sent(), other.triggers()), (1, 1), "although another tab leads");
    assert!(
        other.unsaved.last().is_some_and(|told| format!("{told:?}").contains(other.restore_id().as_str())),
        "the others are told"
    );
}

#[test]
fn a_restore_that_can_be_saved_after_all_is_still_sent_by_its_own_tab_alone() {
    let (mut leader, mut other) = unsaved();
    other.saved.clear();
    other.hear(other.click(true));
    while other.clicks_sent() == 0 {
        // There is room again at any moment of its preparation: two tabs know of it, and the one that was clicked sends it.
        let (mut first, mut second) = (leader.fork(), other.fork());
        second.can_save = true;
        second.say(Msg::KeepDays(30));
        second.wait_until(Duration::minutes(1), |s| s.restores.first().is_some_and(|r| !r.stage.is_being_sent()));
        tell(&mut second, &mut first);
        first.wait_until(Duration::hours(12), |s| s.restores.first().is_some_and(|r| !r.is_running()));
        assert_eq!(first.restore().state_text(), "Completed");
        assert_eq!((first.clicks_sent(), second.clicks_sent()), (0, 1));
        assert_eq!(first.triggers(), 1);
        if !other.step() {
            assert!(other.rest());
        }
    }
    tell(&mut other, &mut leader);
}

/// Seed 899250 of the simulation: a restore that was not saved is refused for want of a sign-in, and another tab sends it again and saves it.
#[test]
fn a_restore_that_another_tab_sends_again_is_no_longer_its_own_tabs_alone() {
    let (mut leader, mut other) = unsaved();
    other.saved.clear();
    other.spoil = Box::new(|request, answer| match request.uri().path().ends_with("/backupCrossRegionRestore") {
        true => Ok(Response::builder().status(401).body("{}".into()).unwrap()),
        false => answer,
    });
    other.say(other.click(true));
    other.wait_until(Duration::minutes(1), |s| !s.restores[0].is_running());
    assert_eq!(other.restore().state_text(), "Rejected by Azure");
    // The browser hands on what it has no room for. The leader's Azure has never had the request: the other's was answered 401 too late.
    let told = other.unsaved.iter().rfind(|told| format!("{told:?}").contains(other.restore_id().as_str())).cloned();
    leader.now = other.now;
    leader.say(told.unwrap().on_response(false));
    other.say(Msg::StartDemo);
    let before = other.sent.len();
    leader.saved.clear();
    let id = leader.restore_id();
    let sha256 = leader.state.unsent_review(&id).unwrap().unwrap().sha256;
    leader.hear(Msg::SendUnsent { id, sha256 });
    while leader.saved.is_empty() {
        assert!(leader.step());
    }
    tell(&mut leader, &mut other);
    other.wait_until(Duration::minutes(1), |_| false);
    assert_eq!(
        other.sent[before..]
            .iter()
            .filter(|(method, path)| method == "POST" && !path.ends_with("Graph/resources"))
            .count(),
        0,
        "{:?}",
        &other.sent[before..]
    );
    while leader.step() {}
    leader.wait_until(Duration::hours(12), |s| !s.restores[0].is_running());
    assert_eq!((leader.restore().state_text().as_str(), leader.triggers()), ("Completed", 1));
}

#[test]
fn a_prepared_restore_that_cannot_be_saved_is_not_sent_twice_by_two_tabs() {
    let mut first = page();
    let point = open_secondary(&mut first, "contoso-vault-neu", "erp-01");
    choose(&mut first, &point, Scenario::RestoreDisks);
    // The storage is full by the time that the request is ready.
    first.hear(first.click(false));
    while !first.state.launches.active().any(|(_, launch)| matches!(launch.step, LaunchStep::Preparing { .. })) {
        assert!(first.step());
    }
    first.can_save = false;
    while first.step() {}
    first.wait_until(Duration::minutes(5), |_| false);
    assert_eq!(first.clicks_sent(), 0, "it is not saved that it leaves");
    assert!(first.state.notice.as_ref().is_some_and(|n| n.title == "Restore on hold"), "{:?}", first.state.notice);
    let mut next = first.fork();
    next.can_save = true;
    next.reload();
    next.wait_until(Duration::hours(1), |_| false);
    assert_eq!(
        (next.restore().state_text().as_str(), next.triggers()),
        ("Not started", 0),
        "what is saved sends nothing"
    );
    next.send_unsent(&next.restore_id());
    next.wait_until(Duration::hours(12), |s| s.restores.first().is_some_and(|r| !r.is_running()));
    assert_eq!((next.restore().state_text().as_str(), next.triggers()), ("Completed", 1));
    first.can_save = true;
    first.wait_until(Duration::hours(12), |s| !s.restores[0].is_running());
    assert_eq!((first.restore().state_text().as_str(), first.triggers()), ("Completed", 1), "there is room again");
}
