//! A browser that stores nothing for the page, or grants it no locks.

use vm_restore::app::msg::Msg;
use vm_restore::app::saved::RESTORES;
use vm_restore::app::session::Secret;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::operator::review;
use crate::stubs::{Log, Stubs, around, block_storage, empty_storage, fill_storage, keys, plant, refuse_locks};
use crate::{end, open_in, until};

#[wasm_bindgen_test]
async fn a_browser_that_blocks_storage_is_told_of_and_a_restore_is_started_only_where_that_is_accepted() {
    empty_storage().await;
    let (stubs, log) = (Stubs::new(), Log::default());
    stubs.simulate();
    stubs.watch_restores(&log);
    let page = || around(Some("{}"), None, &Log::default());
    let (other, heard) = open_in(page(), |_| {}).await;
    block_storage();
    let (shell, seen) = open_in(page(), |_| {}).await;
    assert!(shell.state().cannot_save.as_ref().unwrap().contains("blocks this site's data"));
    shell.say(Msg::SetVersion("2019-05-13".parse().unwrap()));
    assert_eq!(shell.state().settings.versions.primary.as_str(), "2019-05-13", "a choice holds in this tab");
    let start = review(&shell, &seen).await;
    shell.say(start(false));
    until(&seen, |s| s.notice.as_ref().is_some_and(|notice| notice.title.contains("wasn't started"))).await;
    assert!(shell.state().restores.is_empty() && log.lines().is_empty(), "{:?}", log.lines());
    shell.say(start(true));
    until(&seen, |s| s.restores.first().is_some_and(|r| r.state_text().starts_with("Accepted"))).await;
    assert_eq!(log.lines(), ["sent"]);
    let id = shell.state().restores[0].id.clone();
    // The storage tells the other tabs nothing: the channel does.
    until(&heard, |s| s.restore(&id).is_some_and(|r| r.state_text().starts_with("Accepted"))).await;
    shell.close();
    // It saves what it has heard.
    end(&other, &heard).await;
    drop(stubs);
    empty_storage().await;
}

#[wasm_bindgen_test]
async fn a_browser_whose_storage_is_full_starts_nothing_and_says_what_to_do() {
    empty_storage().await;
    let (stubs, log) = (Stubs::new(), Log::default());
    stubs.simulate();
    stubs.watch_restores(&log);
    let (shell, seen) = open_in(around(Some("{}"), None, &Log::default()), |_| {}).await;
    let start = review(&shell, &seen).await;
    fill_storage();
    shell.say(start(false));
    until(&seen, |s| s.notice.as_ref().is_some_and(|notice| notice.title.contains("wasn't started"))).await;
    let notice = shell.state().notice.clone().unwrap();
    assert!(notice.text.contains("The quota has been exceeded. Free up space for this site."), "{notice:?}");
    assert!(log.lines().is_empty() && keys(RESTORES).await.is_empty());
    shell.close();
    drop(stubs);
    empty_storage().await;
}

#[wasm_bindgen_test]
async fn a_tab_without_locks_shares_with_nobody_and_leads() {
    for how in ["rejected", "thrown", "absent"] {
        let stubs = Stubs::new();
        stubs.simulate();
        refuse_locks(how);
        let (shell, seen) = open_in(around(Some("{}"), None, &Log::default()), |_| {}).await;
        assert!(!shell.state().leading, "{how}: nobody has connected");
        shell.say(Msg::Connect(Secret::new("opaque".to_owned())));
        until(&seen, |s| s.leading).await;
        shell.close();
    }
}

#[wasm_bindgen_test]
async fn a_kept_restore_is_sent_by_a_tab_without_locks() {
    let page = || around(Some("{}"), None, &Log::default());
    for how in ["rejected", "thrown", "absent"] {
        empty_storage().await;
        let (stubs, kept, log) = (Stubs::new(), Log::default(), Log::default());
        stubs.simulate();
        stubs.watch_restores(&log);
        stubs.watch_saves(RESTORES, &kept, |_, text| text.to_owned());
        let (shell, seen) = open_in(page(), |_| {}).await;
        let start = review(&shell, &seen).await;
        shell.say(start(false));
        until(&seen, |_| log.has("sent")).await;
        let id = shell.state().restores[0].id.clone();
        end(&shell, &seen).await;
        drop(stubs);
        // Another Azure, without the request: as if the tab had been closed before the request left.
        empty_storage().await;
        let record = kept.lines()[0].strip_prefix("saved ").unwrap().to_owned();
        plant(RESTORES, id.as_str(), &record).await;
        let (stubs, log) = (Stubs::new(), Log::default());
        stubs.simulate();
        stubs.watch_restores(&log);
        refuse_locks(how);
        let (shell, seen) = open_in(page(), |_| {}).await;
        shell.say(Msg::Connect(Secret::new("opaque".to_owned())));
        until(&seen, |s| matches!(s.unsent_review(&id), Some(Ok(_)))).await;
        let sha256 = shell.state().unsent_review(&id).unwrap().unwrap().sha256;
        assert!(log.lines().is_empty(), "{how}: nothing is sent unasked");
        shell.say(Msg::SendUnsent { id: id.clone(), sha256 });
        until(&seen, |_| log.has("sent")).await;
        end(&shell, &seen).await;
    }
    empty_storage().await;
}
