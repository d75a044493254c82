//! What the browser has kept: of an older version, of a newer one, damaged.

use serde_json::{Value, json};
use time::Duration;
use vm_restore::app::msg::{Edit, Msg};
use vm_restore::app::route::Route;
use vm_restore::app::saved::{DRAFTS, MOST_UNREAD, QUARANTINE, RESTORES};
use vm_restore::restore::scenario::Scenario;

use crate::operator::{choose, open, page, review_disks, start};
use crate::page::Page;

/// A page with one restore that runs, and what it has saved.
fn running() -> (Page, Value) {
    let mut page = page();
    start(&mut page, "web-01", Scenario::RestoreDisks);
    let saved = serde_json::from_str(&page.storage[RESTORES]).unwrap();
    (page, saved)
}

fn unread(page: &Page) -> Vec<String> {
    let kept: Value = page.storage.get(QUARANTINE).map_or(Value::Null, |text| serde_json::from_str(text).unwrap());
    let texts = kept.as_array().into_iter().flatten().map(|entry| entry["text"].as_str().unwrap().to_owned());
    texts.collect()
}

#[test]
fn the_bare_list_of_the_first_version_is_read_and_saved_anew() {
    let (mut page, saved) = running();
    assert_eq!(saved["version"], 2);
    // It had what was asked for beside the rest.
    let mut first = saved["restores"].clone();
    let record = first[0].as_object_mut().unwrap();
    let Some(Value::Object(asked)) = record.remove("asked") else { panic!("{saved}") };
    record.extend(asked);
    for newer in ["who", "tenant", "reason", "timeline"] {
        assert!(record.remove(newer).is_some(), "{newer}");
    }
    page.storage.insert(RESTORES.to_owned(), first.to_string());
    page.reload();
    assert!(page.asked().text.contains("objectType"));
    assert_eq!(page.state.restores.len(), 1);
    page.wait_until(Duration::hours(12), |s| !s.restores[0].is_running());
    assert_eq!(page.restore().state_text(), "Completed");
    assert!(page.storage[RESTORES].starts_with(r#"{"version":2,"#) && unread(&page).is_empty());
}

#[test]
fn a_damaged_record_is_set_aside_and_the_others_go_on() {
    let (mut page, mut saved) = running();
    let damaged = json!({"id": 7, "vm": "web-09"});
    saved["restores"].as_array_mut().unwrap().push(damaged.clone());
    page.storage.insert(RESTORES.to_owned(), saved.to_string());
    page.reload();
    assert!(page.state.notice.as_ref().is_none_or(|n| n.title.contains("cannot be read")));
    page.wait_until(Duration::hours(12), |s| !s.restores[0].is_running());
    assert_eq!(page.restore().state_text(), "Completed");
    assert_eq!(unread(&page), [damaged.to_string()]);
    page.reload();
    assert_eq!((page.state.restores.len(), page.state.quarantine.len()), (1, 1), "once, and it stays");
    page.say(Msg::DiscardUnread);
    page.reload();
    assert!(page.state.quarantine.is_empty() && !page.storage.contains_key(QUARANTINE));
}

#[test]
fn what_a_newer_version_has_saved_is_not_lost_by_this_one() {
    for text in [r#"{"version":3,"restores":{"a":1}}"#, "{\"version\":2,\"restores\":[{\"id", "nonsense"] {
        let (mut page, _) = running();
        page.storage.insert(RESTORES.to_owned(), text.to_owned());
        page.reload();
        assert!(page.state.restores.is_empty());
        page.say(Msg::Go(Route::Vms { subscription: None, vault: None }));
        start(&mut page, "web-02", Scenario::RestoreDisks);
        assert_ne!(page.storage[RESTORES], text);
        assert_eq!(unread(&page), [text]);
    }
}

#[test]
fn what_another_tab_says_that_cannot_be_read_is_no_reason_to_forget() {
    let (mut page, _) = running();
    let text = r#"{"version":3}"#.to_owned();
    page.say(Msg::SavedElsewhere { key: RESTORES.to_owned(), value: Some(text.clone()) });
    assert_eq!(page.state.restores.len(), 1);
    assert_eq!(unread(&page), [text]);
    page.wait_until(Duration::hours(12), |s| !s.restores[0].is_running());
    assert_eq!(page.restore().state_text(), "Completed");
}

#[test]
fn drafts_that_cannot_be_read_are_set_aside_too() {
    let mut page = page();
    let point = open(&mut page, "web-01");
    choose(&mut page, &point, Scenario::RestoreDisks);
    let mut drafts: Value = serde_json::from_str(&page.storage[DRAFTS]).unwrap();
    drafts["not an id"] = json!({});
    page.storage.insert(DRAFTS.to_owned(), drafts.to_string());
    page.reload();
    assert!(page.state.drafts.get(&point).is_some(), "the others are read");
    assert_eq!(unread(&page), [drafts.to_string()]);
}

#[test]
fn the_newest_of_many_stay() {
    let (mut page, _) = running();
    for n in 0..MOST_UNREAD + 5 {
        let value = Some(format!("nonsense {n}"));
        page.say(Msg::SavedElsewhere { key: RESTORES.to_owned(), value });
    }
    let kept = unread(&page);
    assert_eq!((kept.len(), kept[0].as_str()), (MOST_UNREAD, "nonsense 5"));
    page.say(Msg::Go(Route::Settings));
    page.say(Msg::ExportUnread);
}

/// A page with restores that have ended in different ways, one of them in the secondary region.
fn ended() -> Page {
    let mut page = page();
    start(&mut page, "web-01", Scenario::SelectedDisks);
    start(&mut page, "fault-refused", Scenario::RestoreDisks);
    review_disks(&mut page, true);
    page.say(Msg::Edit(Edit::Reason("a drill".to_owned())));
    page.start_restore();
    page.wait_until(Duration::hours(12), |s| s.restores.iter().all(|r| !r.is_running()));
    page
}

/// Whether everything of `was` is in `is`, which may have more members. When a job is looked at next is reckoned anew by whoever reads it.
fn holds(was: &Value, is: &Value) -> bool {
    match (was, is) {
        (Value::Object(a), Value::Object(b)) => {
            a.iter().all(|(k, v)| k == "next_look" || b.get(k).is_some_and(|other| holds(v, other)))
        }
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| holds(a, b)),
        (a, b) => a == b,
    }
}

/// The file was written by the version of 2026-11-30 (`WRITE_GOLDEN=1` with this test writes one of today) and stays as it is: what a browser has kept since then is still read.
#[test]
fn what_was_saved_by_an_earlier_version_is_read_and_saved_again_without_loss() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/native/golden/restores-2026-11-30.json");
    if std::env::var_os("WRITE_GOLDEN").is_some() {
        // A page of a test counts its ids from one: those of the file are of another browser.
        let text = ended().storage[RESTORES].replace("-0000-4000-8000-", "-1111-4000-8000-");
        std::fs::write(path, text).unwrap();
    }
    let text = std::fs::read_to_string(path).unwrap();
    let mut page = page();
    page.storage.insert(RESTORES.to_owned(), text.clone());
    page.reload();
    assert!(unread(&page).is_empty() && page.state.restores.len() == 3);
    page.say(Msg::Go(Route::Vms { subscription: None, vault: None }));
    start(&mut page, "web-02", Scenario::RestoreDisks);
    let records = |text: &str| serde_json::from_str::<Value>(text).unwrap()["restores"].as_array().unwrap().clone();
    let now = records(&page.storage[RESTORES]);
    for record in records(&text) {
        let again = now.iter().find(|other| other["id"] == record["id"]).unwrap();
        assert!(holds(&record, again), "{record:#} became {again:#}");
    }
}

/// Seed 2069118 of the simulation: there was room once while the request was prepared, and none any more when it left.
#[test]
fn a_restore_started_without_saving_is_searched_for_by_whoever_reads_a_record_saved_by_chance() {
    for secondary in [false, true] {
        let mut page = page();
        review_disks(&mut page, secondary);
        page.can_save = false;
        page.start_restore();
        page.storage.remove(RESTORES);
        page.hear(page.click(true));
        let mut kept = 0;
        while page.clicks_sent() == 0 {
            // There is room for this one message.
            let mut other = page.fork();
            other.can_save = true;
            assert!(other.step() || other.rest());
            other.can_save = false;
            while other.clicks_sent() == 0 {
                assert!(other.step() || other.rest());
            }
            assert!(page.step() || page.rest());
            if !other.storage.contains_key(RESTORES) {
                continue;
            }
            // The tab closes before it hears the answer.
            other.can_save = true;
            other.reload();
            assert!(other.restore().is_running(), "{secondary}: {}", other.restore().state_text());
            other.wait_until(Duration::hours(12), |s| !s.restores[0].is_running());
            assert_eq!((other.restore().state_text().as_str(), other.clicks_sent()), ("Completed", 1), "{secondary}");
            kept += 1;
        }
        assert!(kept > 0, "{secondary}");
    }
}
