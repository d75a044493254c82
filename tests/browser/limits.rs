//! Timeouts of the browser, MSAL.js and the surrounding page, and the resulting messages. A second passes as a millisecond here.

use js_sys::Reflect;
use vm_restore::app::msg::Msg;
use vm_restore::app::session::{Secret, Session};
use vm_restore::app::sign_in::Interaction;
use vm_restore::app::state::State;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::stubs::{Log, Stubs, around, function, later, refuse_locks, silence_clipboard};
use crate::{open_in, until};

const ACCOUNT: &str =
    r#"{"account": {"homeAccountId": "1", "username": "ada@example.test", "tenantId": "t"}, "accounts": []}"#;

fn notice(state: &State) -> String {
    state.notice.as_ref().map(|notice| format!("{}: {}", notice.title, notice.text)).unwrap_or_default()
}

fn outcome(state: &State) -> Option<String> {
    state.activity.iter().find_map(|exchange| exchange.outcome.clone()?.err())
}

#[wasm_bindgen_test]
async fn a_configuration_is_waited_for_a_minute() {
    let (stubs, log) = (Stubs::new(), Log::default());
    stubs.hurry(&log);
    let (late, _) = open_in(around(None, None, &Log::default()), |_| {}).await;
    let told = format!("{:?}", late.state().config_error);
    assert!(told.contains("it didn't load within 60 seconds") && log.has("60000"), "{told} {:?}", log.lines());
    let slow = around(None, None, &Log::default());
    Reflect::set(&slow, &"config".into(), &function(|| later("{}", 50_000))).unwrap();
    let (slow, _) = open_in(slow, |_| {}).await;
    assert_eq!(slow.state().config_error, None, "what comes in time is taken");
    late.close();
    slow.close();
}

#[wasm_bindgen_test]
async fn a_token_is_waited_for_a_minute_and_nothing_is_sent() {
    let (stubs, log, asked) = (Stubs::new(), Log::default(), Log::default());
    stubs.hurry(&log);
    stubs.simulate();
    let (shell, seen) = open_in(around(Some("{}"), Some(ACCOUNT), &asked), |_| {}).await;
    until(&seen, |s| outcome(s).is_some()).await;
    assert!(matches!(shell.state().session, Session::SignedIn(_)), "{:?}", shell.state().session);
    assert_eq!(outcome(&shell.state()).unwrap(), "not sent: no token in time");
    assert!(asked.has("token") && log.has("60000"), "{:?} {:?}", asked.lines(), log.lines());
    shell.close();
}

#[wasm_bindgen_test]
async fn a_sign_in_is_waited_for_eleven_minutes_and_given_up() {
    let (stubs, log, asked) = (Stubs::new(), Log::default(), Log::default());
    stubs.hurry(&log);
    let page = around(Some("{}"), Some("{}"), &asked);
    let (shell, seen) = open_in(page.clone(), |_| {}).await;
    until(&seen, |s| s.sign_in.waiting.is_none()).await;
    let silent = around(Some("{}"), None, &asked);
    Reflect::set(&page, &"signIn".into(), &Reflect::get(&silent, &"signIn".into()).unwrap()).unwrap();
    shell.say(Msg::SignIn(Interaction::Popup));
    until(&seen, |s| notice(s).contains("didn't respond within 660 seconds")).await;
    assert!(log.has("660000") && asked.has("cancel"), "{:?} {:?}", log.lines(), asked.lines());
    assert_eq!(shell.state().sign_in.waiting, None);
    shell.close();
}

#[wasm_bindgen_test]
async fn an_answer_is_waited_for_a_hundred_seconds_and_its_request_given_up() {
    let (stubs, log, network) = (Stubs::new(), Log::default(), Log::default());
    stubs.hurry(&log);
    stubs.silence_network(&network);
    let (shell, seen) = open_in(around(Some("{}"), None, &Log::default()), |_| {}).await;
    shell.say(Msg::Connect(Secret::new("opaque".to_owned())));
    until(&seen, |s| outcome(s).is_some()).await;
    assert_eq!(outcome(&shell.state()).unwrap(), "no response in time");
    assert!(log.has("100000") && network.has("aborted"), "{:?}", log.lines());
    shell.close();
}

#[wasm_bindgen_test]
async fn the_clipboard_is_waited_for_half_a_minute() {
    let (stubs, log) = (Stubs::new(), Log::default());
    stubs.hurry(&log);
    silence_clipboard();
    let (shell, seen) = open_in(around(Some("{}"), None, &Log::default()), |_| {}).await;
    shell.say(Msg::Copy("text".to_owned()));
    until(&seen, |s| notice(s).contains("didn't confirm the copy within 30 seconds")).await;
    assert!(log.has("30000"), "{:?}", log.lines());
    shell.close();
}

#[wasm_bindgen_test]
async fn the_demo_waits_five_seconds_for_the_locks_and_a_minute_for_the_simulator() {
    let (stubs, log) = (Stubs::new(), Log::default());
    stubs.hurry(&log);
    refuse_locks("silent");
    let (shell, seen) = open_in(around(Some("{}"), None, &Log::default()), |_| {}).await;
    shell.say(Msg::StartDemo);
    until(&seen, |s| notice(s).contains("The simulator didn't load within 60 seconds.")).await;
    let waits = log.lines();
    let (locks, simulator) = (waits.iter().position(|w| w == "5000"), waits.iter().position(|w| w == "60000"));
    assert!(locks.is_some() && simulator.is_some(), "{waits:?}");
    shell.close();
}
