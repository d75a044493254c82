//! Replacements of the browser's own functions: `stubs.js`.

use std::cell::RefCell;
use std::rc::Rc;

use arm_sim::{Reply, Simulator};
use bytes::Bytes;
use http::Request;
use js_sys::{Array, Function, Promise, Uint8Array};
use time::OffsetDateTime;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast as _, JsValue};

#[wasm_bindgen(module = "/tests/browser/stubs.js")]
extern "C" {
    /// Restores the browser's own functions, because a failed test may not have done so.
    pub(crate) fn restore();
    #[wasm_bindgen(js_name = answerBy)]
    fn answer_by(answer: &JsValue);
    #[wasm_bindgen(js_name = watchRequests)]
    fn watch_requests(sent: &JsValue);
    #[wasm_bindgen(js_name = watchSaves)]
    fn watch_saves(saved: &JsValue);
    #[wasm_bindgen(js_name = silenceNetwork)]
    fn silence_network(aborted: &JsValue);
    fn hurry(begun: &JsValue);
    fn page(config: Option<String>, account: Option<String>, asked: &JsValue) -> JsValue;
    #[wasm_bindgen(js_name = blockStorage)]
    pub(crate) fn block_storage();
    #[wasm_bindgen(js_name = fillStorage)]
    pub(crate) fn fill_storage();
    #[wasm_bindgen(js_name = emptyStorage)]
    async fn empty_storage_now();
    #[wasm_bindgen(js_name = removeDatabase)]
    pub(crate) async fn remove_database();
    #[wasm_bindgen(js_name = keysOf)]
    async fn keys_of(store: &str) -> JsValue;
    pub(crate) async fn plant(store: &str, key: &str, text: &str);
    #[wasm_bindgen(js_name = plantMany)]
    pub(crate) async fn plant_many(record: &str, count: u32);
    pub(crate) async fn upgrade();
    #[wasm_bindgen(js_name = holdDatabase)]
    async fn hold_database_now() -> JsValue;
    #[wasm_bindgen(js_name = closeDatabase)]
    pub(crate) fn close_database();
    #[wasm_bindgen(js_name = refuseLocks)]
    pub(crate) fn refuse_locks(how: &str);
    #[wasm_bindgen(js_name = silenceClipboard)]
    pub(crate) fn silence_clipboard();
    /// A text that comes after so many milliseconds.
    pub(crate) fn later(text: &str, wait: u32) -> Promise;
}

/// What was heard, in the order in which it was.
#[derive(Clone, Default)]
pub(crate) struct Log(Rc<RefCell<Vec<String>>>);

impl Log {
    pub(crate) fn add(&self, line: impl Into<String>) {
        self.0.borrow_mut().push(line.into());
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.0.borrow().clone()
    }

    pub(crate) fn has(&self, line: &str) -> bool {
        self.0.borrow().iter().any(|known| known == line)
    }

    fn one(&self, line: impl Fn(JsValue) -> String + 'static) -> JsValue {
        let log = self.clone();
        Closure::<dyn FnMut(JsValue)>::new(move |value| log.add(line(value))).into_js_value()
    }
}

/// The stubs of a test. Dropping it restores the browser's own functions.
pub(crate) struct Stubs(());

impl Stubs {
    pub(crate) fn new() -> Self {
        restore();
        Self(())
    }

    /// Lets the simulator answer what the browser would send.
    pub(crate) fn simulate(&self) {
        let mut simulator = Simulator::new(7, now());
        let answer = move |method: String, url: String, headers: String, body: Uint8Array| -> JsValue {
            let mut request = Request::builder().method(method.as_str()).uri(url);
            for (name, value) in headers.lines().filter_map(|line| line.split_once(": ")) {
                request = request.header(name, value);
            }
            match simulator.handle(now(), &request.body(Bytes::from(body.to_vec())).unwrap()) {
                Reply::Answer(answer) => {
                    let headers = answer.headers().iter();
                    let headers: Array = headers
                        .map(|(name, value)| Array::of2(&name.as_str().into(), &value.to_str().unwrap().into()))
                        .collect();
                    Array::of3(&answer.status().as_u16().into(), &headers, &Uint8Array::from(&answer.body()[..])).into()
                }
                Reply::Dropped { .. } => JsValue::UNDEFINED,
            }
        };
        let answer = Closure::<dyn FnMut(String, String, String, Uint8Array) -> JsValue>::new(answer);
        answer_by(&answer.into_js_value());
    }

    /// Logs each restore request that is passed to the browser: `sent`.
    pub(crate) fn watch_restores(&self, log: &Log) {
        let log = log.clone();
        let sent = Closure::<dyn FnMut(String, String)>::new(move |method: String, url: String| {
            if method == "POST" && url.contains("/restore?") {
                log.add("sent");
            }
        });
        watch_requests(&sent.into_js_value());
    }

    /// Tells of the records of a store that the database has committed: `saved …`, as `read` makes it of key and text.
    pub(crate) fn watch_saves(&self, store: &'static str, log: &Log, read: impl Fn(&str, &str) -> String + 'static) {
        let log = log.clone();
        let saved = Closure::<dyn FnMut(String, String, String)>::new(move |of: String, key: String, text: String| {
            if of == store {
                log.add(format!("saved {}", read(&key, &text)));
            }
        });
        watch_saves(&saved.into_js_value());
    }

    /// A network that never answers; an aborted call is logged as `aborted`.
    pub(crate) fn silence_network(&self, log: &Log) {
        silence_network(&log.one(|_| "aborted".to_owned()));
    }

    /// Makes waits of seconds a thousand times shorter, and logs the original milliseconds of each.
    pub(crate) fn hurry(&self, log: &Log) {
        hurry(&log.one(|wait| wait.as_f64().unwrap().to_string()));
    }
}

impl Drop for Stubs {
    fn drop(&mut self) {
        restore();
    }
}

/// Removes all that the browser has saved for this page.
pub(crate) async fn empty_storage() {
    restore();
    empty_storage_now().await;
}

/// The keys of a store's records.
pub(crate) async fn keys(store: &str) -> Vec<String> {
    Array::from(&keys_of(store).await).iter().filter_map(|key| key.as_string()).collect()
}

/// Keeps every transaction of the page waiting until the result is called.
pub(crate) async fn hold_database() -> impl Fn() {
    let release: Function = hold_database_now().await.unchecked_into();
    move || drop(release.call0(&JsValue::NULL).unwrap())
}

/// The page around the program; see `stubs.js`.
pub(crate) fn around(config: Option<&str>, account: Option<&str>, log: &Log) -> JsValue {
    page(config.map(str::to_owned), account.map(str::to_owned), &log.one(|asked| asked.as_string().unwrap()))
}

/// The time.
#[expect(clippy::cast_possible_truncation, reason = "whole seconds, far below 2^63")]
pub(crate) fn now() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp((js_sys::Date::now() / 1_000.0) as i64).unwrap()
}

/// A function of the page around the program.
pub(crate) fn function(make: impl Fn() -> Promise + 'static) -> Function {
    Closure::<dyn FnMut() -> Promise>::new(make).into_js_value().unchecked_into()
}
