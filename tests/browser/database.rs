//! The database of restores: slow, lost, taken over, and full of records.

use gloo_timers::future::TimeoutFuture;
use vm_restore::app::msg::Msg;
use vm_restore::app::saved::RESTORES;
use vm_restore::app::session::Secret;
use vm_restore::app::state::State;
use vm_restore::web::shell::Shell;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::operator::review;
use crate::stubs::{
    Log, Stubs, around, close_database, empty_storage, hold_database, keys, plant, plant_many, remove_database, upgrade,
};
use crate::{Seen, end, open_in, storage, until};

fn page() -> JsValue {
    around(Some("{}"), None, &Log::default())
}

fn is_accepted(state: &State) -> bool {
    state.restores.first().is_some_and(|r| r.state_text().starts_with("Accepted"))
}

/// Starts a restore in an empty browser.
async fn started(stubs: &Stubs, log: &Log) -> (Shell, Seen) {
    stubs.simulate();
    stubs.watch_restores(log);
    let (shell, seen) = open_in(page(), |_| {}).await;
    let start = review(&shell, &seen).await;
    shell.say(start(false));
    until(&seen, |s| log.has("sent") && is_accepted(s)).await;
    (shell, seen)
}

/// A restore as the database holds it.
async fn record() -> String {
    empty_storage().await;
    let (stubs, kept) = (Stubs::new(), Log::default());
    stubs.watch_saves(RESTORES, &kept, |_, text| text.to_owned());
    let (shell, seen) = started(&stubs, &Log::default()).await;
    end(&shell, &seen).await;
    drop(stubs);
    empty_storage().await;
    kept.lines().pop().unwrap().strip_prefix("saved ").unwrap().to_owned()
}

fn id_of(record: &str) -> String {
    serde_json::from_str::<serde_json::Value>(record).unwrap()["id"].as_str().unwrap().to_owned()
}

#[wasm_bindgen_test]
async fn among_a_thousand_restores_each_step_of_one_writes_one_record() {
    let record = record().await;
    plant_many(&record, 1_000).await;
    let (stubs, log) = (Stubs::new(), Log::default());
    stubs.watch_saves(RESTORES, &log, |key, _| key.to_owned());
    let (shell, seen) = started(&stubs, &log).await;
    assert_eq!(shell.state().restores.len(), 1_001);
    let id = shell.state().restores[0].id.to_string();
    // The intent, that it leaves, that it is accepted: this is shown before it is saved.
    until(&seen, |_| log.lines().iter().filter(|line| **line == format!("saved {id}")).count() >= 3).await;
    assert_eq!(shell.state().restores.iter().filter(|r| log.has(&format!("saved {}", r.id))).count(), 1);
    end(&shell, &seen).await;
    drop(stubs);
    empty_storage().await;
}

#[wasm_bindgen_test]
async fn nothing_is_shown_before_the_records_were_read() {
    let record = record().await;
    plant(RESTORES, &id_of(&record), &record).await;
    let release = hold_database().await;
    let shown = Log::default();
    let log = shown.clone();
    let opened = open_in(page(), move |state| {
        if state.started {
            log.add(state.restores.len().to_string());
        }
    });
    let ((shell, seen), ()) = futures_util::future::join(opened, async {
        TimeoutFuture::new(100).await;
        assert!(shown.lines().is_empty(), "{:?}", shown.lines());
        release();
    })
    .await;
    assert_eq!(shown.lines()[0], "1");
    end(&shell, &seen).await;
    empty_storage().await;
}

#[wasm_bindgen_test]
async fn what_the_database_did_not_give_in_time_is_unknown_until_it_does() {
    let record = record().await;
    plant(RESTORES, &id_of(&record), &record).await;
    let (stubs, log) = (Stubs::new(), Log::default());
    stubs.hurry(&log);
    let release = hold_database().await;
    let (shell, seen) = open_in(page(), |_| {}).await;
    assert!(shell.state().records_unread && shell.state().restores.is_empty());
    let why = shell.state().cannot_save.clone().unwrap();
    assert!(why.contains("didn't respond within 60 seconds") && log.has("60000"), "{why} {:?}", log.lines());
    release();
    drop(stubs);
    // Whoever leads reads the restores once more.
    let stubs = Stubs::new();
    stubs.simulate();
    shell.say(Msg::Connect(Secret::new("opaque".to_owned())));
    until(&seen, |s| s.leading && s.restores.len() == 1 && !s.records_unread).await;
    end(&shell, &seen).await;
    empty_storage().await;
}

#[wasm_bindgen_test]
async fn a_connection_that_the_browser_has_closed_is_opened_again() {
    empty_storage().await;
    let (stubs, log) = (Stubs::new(), Log::default());
    stubs.simulate();
    stubs.watch_restores(&log);
    let (shell, seen) = open_in(page(), |_| {}).await;
    let start = review(&shell, &seen).await;
    close_database();
    shell.say(start(false));
    until(&seen, |s| log.has("sent") && is_accepted(s)).await;
    assert_eq!(log.lines(), ["sent"]);
    assert_eq!(keys(RESTORES).await, [shell.state().restores[0].id.to_string()]);
    end(&shell, &seen).await;
    drop(stubs);
    empty_storage().await;
}

#[wasm_bindgen_test]
async fn a_restore_that_runs_is_saved_again_when_the_browser_has_removed_it() {
    empty_storage().await;
    let (stubs, log) = (Stubs::new(), Log::default());
    let (shell, seen) = started(&stubs, &log).await;
    let id = shell.state().restores[0].id.clone();
    remove_database().await;
    shell.say(Msg::PollNow(id.clone()));
    for _ in 0..200 {
        if keys(RESTORES).await.contains(&id.to_string()) {
            break;
        }
        TimeoutFuture::new(10).await;
    }
    assert!(keys(RESTORES).await.contains(&id.to_string()));
    end(&shell, &seen).await;
    drop(stubs);
    empty_storage().await;
}

#[wasm_bindgen_test]
async fn a_newer_version_gets_the_database_at_once_and_nothing_is_sent_that_cannot_be_saved() {
    empty_storage().await;
    let (stubs, log) = (Stubs::new(), Log::default());
    stubs.simulate();
    stubs.watch_restores(&log);
    let (shell, seen) = open_in(page(), |_| {}).await;
    // It fails where a tab keeps its connection.
    upgrade().await;
    let start = review(&shell, &seen).await;
    shell.say(start(false));
    until(&seen, |s| s.notice.as_ref().is_some_and(|n| n.title.contains("wasn't started"))).await;
    assert!(shell.state().notice.as_ref().unwrap().text.contains("A newer version of this page"));
    assert!(log.lines().is_empty() && shell.state().restores.is_empty());
    let (late, _) = open_in(page(), |_| {}).await;
    assert!(late.state().records_unread && late.state().cannot_save.as_ref().unwrap().contains("A newer version"));
    shell.close();
    late.close();
    drop(stubs);
    empty_storage().await;
}

#[wasm_bindgen_test]
async fn what_an_earlier_version_has_saved_in_local_storage_moves_into_the_database() {
    let record = record().await;
    let id = id_of(&record);
    let name = format!("{RESTORES}/{id}");
    storage().set_item(&name, &record).unwrap();
    let (shell, seen) = open_in(page(), |_| {}).await;
    assert_eq!(shell.state().restores.len(), 1);
    until(&seen, |s| s.saves.older.is_empty() && s.saves.under_way.is_empty()).await;
    assert_eq!((keys(RESTORES).await, storage().get_item(&name).unwrap()), (vec![id], None));
    end(&shell, &seen).await;
    empty_storage().await;
}
