//! What the browser has kept: of an older version, of a newer one, damaged.

use std::rc::Rc;

use azure_backup::arm::id::Region;
use serde_json::{Value, json};
use time::Duration;
use vm_restore::app::msg::{Edit, Msg};
use vm_restore::app::records::Change;
use vm_restore::app::route::Route;
use vm_restore::app::saved::{self, DRAFTS, MAX_FINISHED, MAX_UNREAD, QUARANTINE, RESTORES, Saved};
use vm_restore::app::state::State;
use vm_restore::restore::draft::Draft;
use vm_restore::restore::regional_id::RegionalId;
use vm_restore::restore::scenario::Scenario;

use crate::operator::{choose, open, page, review_disks, start};
use crate::page::{Page, Records, Told};

/// A page with one restore that runs, and what it has saved.
fn running() -> (Page, Value) {
    let mut page = page();
    start(&mut page, "web-01", Scenario::RestoreDisks);
    let saved = serde_json::from_str(&page.list()).unwrap();
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
    page.records = Records::default();
    page.storage.insert(RESTORES.to_owned(), first.to_string());
    page.reload();
    assert!(page.asked().text.contains("objectType"));
    assert_eq!(page.state.restores.len(), 1);
    page.wait_until(Duration::hours(12), |s| !s.restores[0].is_running());
    assert_eq!(page.restore().state_text(), "Completed");
    assert!(page.list().starts_with(r#"{"version":2,"#) && unread(&page).is_empty());
}

#[test]
fn a_damaged_record_is_set_aside_and_the_others_go_on() {
    let (mut page, mut saved) = running();
    let damaged = json!({"id": 7, "vm": "web-09"});
    saved["restores"].as_array_mut().unwrap().push(damaged.clone());
    page.plant(&saved.to_string());
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
        page.records = Records::default();
        page.storage.insert(RESTORES.to_owned(), text.to_owned());
        page.reload();
        assert!(page.state.restores.is_empty());
        page.say(Msg::Go(Route::Vms(Default::default())));
        start(&mut page, "web-02", Scenario::RestoreDisks);
        assert!(!page.storage.contains_key(RESTORES), "it is kept elsewhere");
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
    page.records.commit(DRAFTS, &[Change::Put(("not an id".to_owned(), "{}".to_owned()))]);
    page.reload();
    assert!(page.state.drafts.get(&point).is_some(), "the others are read");
    assert_eq!(unread(&page), ["{}"]);
    assert_eq!(page.records.all(DRAFTS).len(), 1, "what is set aside is removed from the drafts");
}

#[test]
fn the_newest_of_many_stay() {
    let (mut page, _) = running();
    for n in 0..MAX_UNREAD + 5 {
        let value = Some(format!("nonsense {n}"));
        page.say(Msg::SavedElsewhere { key: RESTORES.to_owned(), value });
    }
    let kept = unread(&page);
    assert_eq!((kept.len(), kept[0].as_str()), (MAX_UNREAD, "nonsense 5"));
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
        let text = ended().list().replace("-0000-4000-8000-", "-1111-4000-8000-");
        std::fs::write(path, text).unwrap();
    }
    let text = std::fs::read_to_string(path).unwrap();
    let mut page = page();
    page.storage.insert(RESTORES.to_owned(), text.clone());
    page.reload();
    assert!(unread(&page).is_empty() && page.state.restores.len() == 3);
    assert!(!page.storage.contains_key(RESTORES), "its records are saved one by one");
    page.say(Msg::Go(Route::Vms(Default::default())));
    start(&mut page, "web-02", Scenario::RestoreDisks);
    let records = |text: &str| serde_json::from_str::<Value>(text).unwrap()["restores"].as_array().unwrap().clone();
    let now = records(&page.list());
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
            if other.records.all(RESTORES).is_empty() {
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

/// How many records of restores each transaction has written since the page was told last.
fn written(page: &mut Page) -> Vec<usize> {
    let count = |told: Told| match told {
        Told::Records(store, changes) if store == RESTORES => Some(changes.len()),
        _ => None,
    };
    std::mem::take(&mut page.saved).into_iter().filter_map(count).collect()
}

#[test]
fn a_look_at_one_restore_saves_its_record_and_no_other() {
    let mut page = ended();
    start(&mut page, "web-02", Scenario::RestoreDisks);
    page.saved.clear();
    while written(&mut page).is_empty() {
        assert!(page.wait());
    }
    page.saved.clear();
    page.say(Msg::PollNow(page.restore_id()));
    let counts = written(&mut page);
    assert!(counts.len() >= 2 && counts.iter().all(|count| *count == 1), "the look, and its answer: {counts:?}");
    page.say(Msg::Tick);
    assert_eq!(written(&mut page), [0; 0]);
}

/// The page is opened, and nobody connects.
fn visit(page: &mut Page) {
    page.state = State::new(page.now);
    page.start(Route::Connect);
}

#[test]
fn what_an_older_version_has_saved_stays_until_its_records_are_saved() {
    let (page, _) = running();
    let list = page.list();
    let older = |records: Records| {
        let mut other = page.fork();
        other.records = records;
        other.storage.insert(RESTORES.to_owned(), list.clone());
        other
    };
    let mut full = older(Records::default());
    full.can_save = false;
    visit(&mut full);
    assert_eq!((full.state.restores.len(), full.storage.get(RESTORES)), (1, Some(&list)), "nothing is lost");
    full.can_save = true;
    visit(&mut full);
    assert_eq!((full.records.all(RESTORES), full.storage.get(RESTORES)), (page.records.all(RESTORES), None));
    // A tab of that version saves once more before the transaction has committed.
    let mut late = older(Records::default());
    late.state = State::new(late.now);
    let saved = Saved { older_restores: vec![(RESTORES.to_owned(), list.clone())], ..Saved::default() };
    late.storage.insert(RESTORES.to_owned(), "newer".to_owned());
    late.say(Msg::Started { config: Ok(Rc::default()), saved: Rc::new(saved), route: Route::Connect, hosted: false });
    assert_eq!(late.records.all(RESTORES), page.records.all(RESTORES));
    assert_eq!(late.storage[RESTORES], "newer", "it is read by the next visit");
    // Its records are there already.
    let mut twice = older(page.records.clone());
    visit(&mut twice);
    assert_eq!((&twice.records, twice.storage.get(RESTORES)), (&page.records, None));
}

/// Every record of a golden file as versions of December 2026 saved it: an entry of `localStorage` each.
#[test]
fn what_an_earlier_version_has_saved_record_by_record_moves_into_the_database() {
    let text = include_str!("golden/restores-2026-11-30.json");
    let mut page = page();
    page.plant(text);
    let records = page.records.all(RESTORES);
    page.records = Records::default();
    for (key, text) in &records {
        page.storage.insert(format!("{RESTORES}/{key}"), text.clone());
    }
    page.storage.insert(format!("{RESTORES}/damaged"), "{".to_owned());
    let left = page.storage.clone();
    page.can_save = false;
    visit(&mut page);
    assert_eq!((page.state.restores.len(), &page.storage), (records.len(), &left), "nothing is lost");
    page.can_save = true;
    visit(&mut page);
    assert_eq!((page.state.restores.len(), page.records.all(RESTORES).len()), (records.len(), records.len()));
    assert!(!page.storage.keys().any(|name| name.starts_with(RESTORES)), "{:?}", page.storage.keys());
    assert_eq!(unread(&page), ["{"]);
    // A tab of that version goes on, and writes one of them once more.
    let (key, text) = &records[0];
    page.storage.insert(format!("{RESTORES}/{key}"), text.clone());
    let before = page.records.clone();
    visit(&mut page);
    assert_eq!((page.state.restores.len(), &page.records), (records.len(), &before), "none is there twice");
    assert!(!page.storage.keys().any(|name| name.starts_with(RESTORES)));
}

#[test]
fn what_a_tab_of_an_earlier_version_tells_is_saved_and_what_it_removes_is_removed() {
    let (mut other, _) = running();
    let record = other.records.all(RESTORES).remove(0);
    let told = |changes| Msg::RecordsChanged { store: RESTORES.to_owned(), changes, kept: false };
    let mut page = Page::blank(other.simulator.clone(), other.now);
    page.start(Route::Connect);
    page.say(told(vec![Change::Put(record.clone())]));
    assert_eq!(page.state.restores.len(), 1);
    page.say(Msg::StartDemo);
    page.wait_until(Duration::hours(12), |s| !s.restores[0].is_running());
    assert_eq!(page.records.all(RESTORES).len(), 1);
    let mut clears = page.fork();
    page.saved.clear();
    page.say(told(vec![Change::Delete(record.0.clone())]));
    assert_eq!((page.state.restores.len(), page.records.all(RESTORES)), (0, Vec::new()));
    assert_eq!(page.saved.len(), 1, "told as removed, once");
    clears.say(told(vec![Change::Clear]));
    assert_eq!((clears.state.restores.len(), clears.records.all(RESTORES)), (0, Vec::new()));
    // One that this tab follows stays.
    other.say(told(vec![Change::Delete(record.0)]));
    assert_eq!((other.state.restores.len(), other.records.all(RESTORES).len()), (1, 1));
}

/// Seed 2896 of the simulation: the next start believed the older text, and searched for a restore that was over and forgotten.
#[test]
fn what_is_forgotten_is_also_forgotten_in_what_an_older_version_has_left() {
    let mut page = ended();
    let older = page.list();
    let id = page.restore_id();
    page.storage.insert(RESTORES.to_owned(), older);
    page.say(Msg::Forget(id.clone()));
    assert!(!page.storage[RESTORES].contains(id.as_str()));
    visit(&mut page);
    assert_eq!((page.state.restores.len(), page.state.restore(&id)), (2, None));
    assert!(!page.storage.contains_key(RESTORES), "the others are moved");
}

#[test]
fn what_this_tab_knows_to_be_over_is_not_read_once_more() {
    let mut page = ended();
    start(&mut page, "web-02", Scenario::RestoreDisks);
    let Msg::RecordsRead { keys, records } = page.records.reread(&page.state) else { panic!() };
    assert_eq!((keys.len(), records.len()), (4, 1), "the one that runs");
    let whole = page.records.clone();
    page.say(Msg::RecordsRead { keys, records });
    assert_eq!((page.state.restores.len(), &page.records), (4, &whole));
    // The browser has removed them: the one that runs is saved again with the next change.
    page.records = Records::default();
    page.say(page.records.reread(&page.state));
    assert_eq!(page.state.restores.len(), 1);
    page.say(Msg::PollNow(page.restore_id()));
    assert_eq!(page.records.all(RESTORES).len(), 1);
}

#[test]
fn of_a_record_and_what_an_older_version_says_of_it_the_later_one_counts() {
    let (page, _) = running();
    let mut done = page.fork();
    done.wait_until(Duration::hours(12), |s| !s.restores[0].is_running());
    for (records, older) in [(&page, &done), (&done, &page)] {
        let mut next = done.fork();
        next.records = records.records.clone();
        next.storage.insert(RESTORES.to_owned(), older.list());
        visit(&mut next);
        assert_eq!(next.restore().state_text(), "Completed");
        assert_eq!(next.records, done.records);
    }
}

#[test]
fn drafts_of_an_older_version_become_records_and_none_takes_the_place_of_a_newer_one() {
    let mut page = page();
    let point = open(&mut page, "web-01");
    page.say(Msg::Edit(Edit::VmName("new".to_owned())));
    let older: Value = serde_json::from_str(&page.records.all(DRAFTS)[0].1.replace("\"new\"", "\"old\"")).unwrap();
    let place = point.id.as_str();
    let text = json!({ place: older, format!("westus{place}"): older }).to_string();
    page.storage.insert(DRAFTS.to_owned(), text);
    page.reload();
    assert_eq!(page.state.draft(&point).vm_name, "new");
    let secondary = RegionalId { id: point.id.clone(), secondary: Some(Region::new("westus")) };
    assert_eq!(page.state.draft(&secondary).vm_name, "old");
    assert_eq!((page.records.all(DRAFTS).len(), page.storage.get(DRAFTS)), (2, None));
}

#[test]
fn a_record_that_cannot_be_read_is_removed_only_when_it_is_kept_elsewhere() {
    let (mut page, _) = running();
    let key = page.restore_id().as_str().to_owned();
    page.records.commit(RESTORES, &[Change::Put((key, "{".to_owned()))]);
    let damaged = page.records.clone();
    page.can_save = false;
    page.reload();
    assert_eq!(page.records, damaged);
    page.can_save = true;
    page.reload();
    assert_eq!((page.records.all(RESTORES), unread(&page)), (Vec::new(), vec!["{".to_owned()]));
}

#[test]
fn a_tab_that_knows_better_saves_its_record_over_a_damaged_one() {
    let (mut page, _) = running();
    let whole = page.records.all(RESTORES);
    let (key, text) = (whole[0].0.clone(), "{".to_owned());
    page.say(Msg::RecordsRead { keys: vec![key.clone()], records: vec![(key, text)] });
    page.records.commit(RESTORES, &[Change::Put((whole[0].0.clone(), "{".to_owned()))]);
    page.wait_until(Duration::hours(12), |s| !s.restores[0].is_running());
    assert_eq!((page.restore().state_text().as_str(), page.state.restores.len()), ("Completed", 1));
    page.reload();
    assert_eq!(page.restore().state_text(), "Completed");
}

#[test]
fn what_another_tab_tells_while_the_storage_is_read_is_not_lost() {
    let (mut page, _) = running();
    let before = page.records.all(RESTORES);
    page.wait_until(Duration::hours(12), |s| !s.restores[0].is_running());
    let changes = page.records.all(RESTORES).into_iter().map(Change::Put).collect();
    let mut other = Page::blank(page.simulator.clone(), page.now);
    other.say(Msg::RecordsChanged { store: RESTORES.to_owned(), changes, kept: true });
    assert!(other.state.restores.is_empty() && !other.state.started);
    let saved = Rc::new(Saved { restores: before, ..Saved::default() });
    other.say(Msg::Started { config: Ok(Rc::default()), saved, route: Route::restores(), hosted: false });
    assert_eq!(other.restore().state_text(), "Completed");
}

#[test]
fn what_could_not_be_saved_is_part_of_the_next_save() {
    let (mut page, _) = running();
    let mut other = page.fork();
    page.can_save = false;
    page.wait_until(Duration::hours(12), |s| !s.restores[0].is_running());
    assert_eq!(page.records, other.records);
    // Storage that is read once more does not take the place of what this tab knows.
    page.say(page.records.reread(&page.state));
    assert_eq!(page.restore().state_text(), "Completed");
    page.can_save = true;
    page.say(Msg::Go(Route::Vms(Default::default())));
    page.saved.clear();
    start(&mut page, "web-02", Scenario::RestoreDisks);
    assert_eq!(written(&mut page)[0], 2, "the restore that ended, and the new one");
    // The same of what another tab could not save.
    let told = page.unsaved.iter().rfind(|told| told.key() == RESTORES).cloned().unwrap();
    other.state.leading = false;
    other.say(told.on_response(false));
    other.saved.clear();
    start(&mut other, "web-02", Scenario::RestoreDisks);
    assert_eq!(written(&mut other)[0], 2);
}

#[test]
fn ten_thousand_finished_restores_are_remembered_and_one_is_written_at_a_time() {
    let mut page = ended();
    let text = page.records.all(RESTORES).remove(0).1;
    let record: Value = serde_json::from_str(&text).unwrap();
    let id = record["id"].as_str().unwrap();
    let many = (0..MAX_FINISHED - 3).map(|n| {
        let key = format!("aaaaaaaa-0000-4000-8000-{n:012}");
        Change::Put((key.clone(), text.replace(id, &key)))
    });
    page.records.commit(RESTORES, &many.collect::<Vec<_>>());
    let drafts = (0..300).map(|n| Change::Put((format!("/points/{n}"), saved::write(&Draft::default()))));
    page.records.commit(DRAFTS, &drafts.collect::<Vec<_>>());
    page.reload();
    assert_eq!(page.state.restores.len(), MAX_FINISHED);
    page.say(Msg::Go(Route::Vms(Default::default())));
    let drafts = page.records.all(DRAFTS).len();
    page.saved.clear();
    start(&mut page, "web-02", Scenario::RestoreDisks);
    assert!(written(&mut page).into_iter().all(|count| count == 1));
    let now = (page.state.restores.len(), page.records.all(RESTORES).len());
    assert_eq!(now, (MAX_FINISHED + 1, MAX_FINISHED + 1), "the one that runs is one more");
    assert_eq!(page.records.all(DRAFTS).len(), drafts + 1);
}

#[test]
fn the_browser_is_asked_to_keep_what_is_saved_when_the_first_restore_starts() {
    let mut page = page();
    review_disks(&mut page, false);
    assert!(!page.persists);
    page.start_restore();
    assert!(page.persists);
    page.persists = false;
    start(&mut page, "web-02", Scenario::RestoreDisks);
    assert!(!page.persists, "once a visit");
}
