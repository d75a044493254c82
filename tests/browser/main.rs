//! The shell in a real browser: storage, address, the checks before a token is attached.
#![cfg(target_arch = "wasm32")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod answers;
mod database;
mod limits;
mod operator;
mod order;
mod refused;
mod stubs;

use std::cell::RefCell;
use std::panic::Location;
use std::rc::Rc;

use azure_backup::arm::id::ArmId;
use gloo_timers::future::TimeoutFuture;
use vm_restore::app::config::Config;
use vm_restore::app::msg::{Edit, Msg};
use vm_restore::app::route::Route;
use vm_restore::app::saved::{DRAFTS, RESTORES, SETTINGS, Saved};
use vm_restore::app::session::{Secret, Session};
use vm_restore::app::state::State;
use vm_restore::restore::regional_id::RegionalId;
use vm_restore::web::host_page::HostPage;
use vm_restore::web::shell::Shell;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

type Seen = Rc<RefCell<Option<Rc<State>>>>;

async fn open() -> (Shell, Seen) {
    stubs::restore();
    open_in(JsValue::UNDEFINED, |_| {}).await
}

/// Starts the program in `page`; `shown` receives each rendered state.
async fn open_in(page: JsValue, shown: impl Fn(&State) + 'static) -> (Shell, Seen) {
    let seen: Seen = Rc::default();
    let shell = {
        let seen = seen.clone();
        let document = web_sys::window().unwrap().document().unwrap();
        let host = HostPage::new(document.create_element("div").unwrap(), page);
        Shell::start(host, move |state| {
            shown(&state);
            *seen.borrow_mut() = Some(state);
        })
    };
    until(&seen, |s| s.started).await;
    (shell, seen)
}

/// Closes a program when all that it saves is saved: the next test begins with an empty browser.
async fn end(shell: &Shell, seen: &Seen) {
    until(seen, |s| s.saves.under_way.is_empty() && s.saves.drafts_under_way.is_empty()).await;
    shell.close();
}

/// The page of these tests has no config.json, and without one no token is accepted.
fn configured(shell: &Shell) {
    let config = Ok(Rc::new(Config::default()));
    shell.say(Msg::Started { config, saved: Rc::new(Saved::default()), route: Route::Connect, hosted: false });
}

/// Waits for a state; the shell tells every one. The limit ends what hangs, not what is slow.
#[track_caller]
fn until(seen: &Seen, done: impl Fn(&State) -> bool) -> impl Future<Output = ()> {
    let caller = Location::caller();
    async move {
        for _ in 0..6_000 {
            if seen.borrow().as_ref().is_some_and(|s| done(s)) {
                return;
            }
            TimeoutFuture::new(5).await;
        }
        panic!("the state that is awaited in line {} of {} did not come", caller.line(), caller.file());
    }
}

fn storage() -> web_sys::Storage {
    web_sys::window().unwrap().local_storage().unwrap().unwrap()
}

#[wasm_bindgen_test]
async fn a_missing_configuration_is_told() {
    let (shell, _) = open().await;
    assert!(shell.state().config_error.is_some(), "the page of these tests offers no config.json");
}

#[wasm_bindgen_test]
async fn the_address_says_where_we_are() {
    let (shell, seen) = open().await;
    shell.say(Msg::Go(Route::Activity));
    until(&seen, |s| s.route == Route::Activity).await;
    assert_eq!(web_sys::window().unwrap().location().hash().unwrap(), "#/activity");
    web_sys::window().unwrap().location().set_hash("#/nowhere").unwrap();
    until(&seen, |s| matches!(s.route, Route::Unknown(_))).await;
}

#[wasm_bindgen_test]
async fn settings_are_remembered() {
    let (shell, _) = open().await;
    shell.say(Msg::SetVersion("2019-05-13".parse().unwrap()));
    assert!(storage().get_item(SETTINGS).unwrap().unwrap().contains("2019-05-13"));
    let (again, _) = open().await;
    assert_eq!(again.state().settings.versions.primary.as_str(), "2019-05-13");
    storage().remove_item(SETTINGS).unwrap();
}

#[wasm_bindgen_test]
async fn a_token_leaves_no_trace_in_storage_or_address() {
    let (shell, seen) = open().await;
    configured(&shell);
    shell.say(Msg::Go(Route::restores()));
    until(&seen, |s| s.route == Route::restores()).await;
    shell.say(Msg::Connect(Secret::new("opaque-token-4711".to_owned())));
    until(&seen, |s| matches!(s.session, Session::Token(_))).await;
    let store = storage();
    assert!(stubs::keys(RESTORES).await.is_empty() && stubs::keys(DRAFTS).await.is_empty());
    for index in 0..store.length().unwrap() {
        let key = store.key(index).unwrap().unwrap();
        assert!(!store.get_item(&key).unwrap().unwrap().contains("4711"), "{key}");
    }
    assert!(!web_sys::window().unwrap().location().href().unwrap().contains("4711"));
    assert!(!format!("{:?}", shell.state()).contains("4711"));
    shell.say(Msg::Disconnect);
    until(&seen, |s| s.session == Session::Disconnected).await;
}

#[wasm_bindgen_test]
async fn one_tab_leads_and_the_next_one_follows_when_it_leaves() {
    let (first, first_seen) = open().await;
    let (second, second_seen) = open().await;
    configured(&first);
    configured(&second);
    first.say(Msg::Connect(Secret::new("a".to_owned())));
    until(&first_seen, |s| s.leading).await;
    second.say(Msg::Connect(Secret::new("b".to_owned())));
    TimeoutFuture::new(50).await;
    assert!(!second.state().leading, "the lock is held");
    first.say(Msg::Disconnect);
    until(&second_seen, |s| s.leading).await;
    second.say(Msg::Disconnect);
}

#[wasm_bindgen_test]
async fn what_one_program_chooses_the_others_hear_until_they_are_closed() {
    let (first, _) = open().await;
    let (second, seen) = open().await;
    let point = RegionalId::from(ArmId::parse("/subscriptions/s/points/1").unwrap());
    first.say(Msg::Went(Route::Form(point.clone())));
    first.say(Msg::Edit(Edit::VmName("web-02".to_owned())));
    until(&seen, |s| s.draft(&point).vm_name == "web-02").await;
    second.close();
    let (third, heard) = open().await;
    first.say(Msg::Edit(Edit::VmName("web-03".to_owned())));
    until(&heard, |s| s.draft(&point).vm_name == "web-03").await;
    assert_eq!(second.state().draft(&point).vm_name, "web-02", "it is told nothing any more");
    assert_eq!(stubs::keys(DRAFTS).await, [point.key()]);
    first.close();
    third.close();
    stubs::empty_storage().await;
}
