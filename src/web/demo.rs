//! The demo: the simulator takes the place of the network. It is a separate WebAssembly module, fetched when the demo starts:
//! `www/boot.js` loads it, and `crates/arm-sim-page` is the other side of the interface.

use std::cell::Cell;

use azure_backup::arm::headers;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, Response};
use js_sys::{Array, Function, Promise, Reflect, Uint8Array};
use time::OffsetDateTime;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::clock::Clock;
use super::host_page::HostPage;
use super::timeout::{MAX_LOAD, with_timeout};
use super::{dom, storage};
use crate::app::msg::Transport;
use crate::app::saved::DEMO_WORLD;
use crate::app::session::DemoRole;

/// The storage key of the demo's world, so that restores of the demo survive a reload like real ones. The first line is the demo's time,
/// in seconds since 1970.
const KEY: &str = DEMO_WORLD;

/// The simulator in the page, possibly still loading.
pub(crate) struct Demo {
    simulation: Promise,
    /// Number of sign-ins so far: each one gives a new token.
    signed_in: Cell<u32>,
}

impl Demo {
    /// Starts to load the world that an earlier visit saved, or a new one; also returns its clock.
    pub(crate) fn begin(host: &HostPage) -> (Self, Clock) {
        let saved = storage::load(KEY);
        let (left_at, world) = match saved.as_deref().and_then(|text| text.split_once('\n')) {
            Some((seconds, world)) => (seconds.parse().ok(), JsValue::from_str(world)),
            None => (None, JsValue::UNDEFINED),
        };
        let clock = Clock::demo(left_at.and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok()));
        let asked = Array::of2(&world, &millis(clock.now()));
        let simulation = host.call("simulation", &asked).unwrap_or_else(|error| Promise::reject(&error));
        (Self { simulation, signed_in: Cell::default() }, clock)
    }

    /// Signs in again, which always succeeds.
    pub(crate) fn sign_in(&self) {
        self.signed_in.set(self.signed_in.get() + 1);
    }

    /// The demo's current token, from which the simulator takes the role.
    pub(crate) fn token(&self, role: DemoRole) -> String {
        format!("Bearer demo-{}.{}", self.signed_in.get(), role.word())
    }

    /// The simulator, once it has loaded.
    ///
    /// # Errors
    /// The browser's message when it could not be loaded.
    pub(crate) async fn simulation(&self) -> Result<Simulation, String> {
        let loaded = with_timeout(MAX_LOAD, JsFuture::from(self.simulation.clone())).await;
        let late = || format!("The simulator didn't load within {MAX_LOAD} seconds.");
        loaded
            .ok_or_else(late)?
            .map(Simulation)
            .map_err(|error| dom::error_message(&error, "The browser gave no reason."))
    }
}

/// The simulator: `Simulation` of `crates/arm-sim-page`.
pub(crate) struct Simulation(JsValue);

impl Simulation {
    /// Answers a request, and saves the world if it may have changed.
    pub(crate) fn answer(
        &self,
        request: &Request<Bytes>,
        token: &str,
        now: OffsetDateTime,
    ) -> Result<Response<Bytes>, Transport> {
        let lost = |error: JsValue| Transport::Network(dom::error_message(&error, "The simulator stopped."));
        let answer = self.ask(request, token, now).map_err(lost)?;
        if request.method() != Method::GET {
            let world = self.call("save", &Array::new()).map_err(lost)?.as_string().unwrap_or_default();
            // If the world cannot be saved, the demo still runs; it only forgets on reload.
            let _ = storage::save(KEY, &format!("{}\n{world}", now.unix_timestamp()));
        }
        if answer.is_undefined() {
            return Err(Transport::Network("Failed to fetch".to_owned()));
        }
        read(&answer).map_err(lost)
    }

    fn ask(&self, request: &Request<Bytes>, token: &str, now: OffsetDateTime) -> Result<JsValue, JsValue> {
        let mut headers = format!("authorization: {token}\n");
        for (name, value) in request.headers() {
            if let Ok(value) = value.to_str() {
                headers.extend([name.as_str(), ": ", value, "\n"]);
            }
        }
        let question = Array::of5(
            &millis(now),
            &request.method().as_str().into(),
            &request.uri().to_string().into(),
            &headers.into(),
            &Uint8Array::from(&request.body()[..]),
        );
        self.call("answer", &question)
    }

    fn call(&self, method: &str, arguments: &Array) -> Result<JsValue, JsValue> {
        Reflect::get(&self.0, &method.into())?.dyn_into::<Function>()?.apply(&self.0, arguments)
    }
}

/// Milliseconds since 1970.
fn millis(time: OffsetDateTime) -> JsValue {
    #[expect(clippy::cast_precision_loss, reason = "whole milliseconds, far below 2^53")]
    JsValue::from_f64((time.unix_timestamp() * 1_000 + i64::from(time.millisecond())) as f64)
}

fn read(answer: &JsValue) -> Result<Response<Bytes>, JsValue> {
    let part = |name: &str| Reflect::get(answer, &name.into());
    let body: Uint8Array = part("body")?.dyn_into()?;
    let mut response = Response::new(Bytes::from(body.to_vec()));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an HTTP status has three digits")]
    let status = part("status")?.as_f64().unwrap_or_default() as u16;
    *response.status_mut() = status.try_into().map_err(|_| JsValue::UNDEFINED)?;
    *response.headers_mut() = headers(&part("headers")?.as_string().unwrap_or_default());
    Ok(response)
}

fn headers(lines: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in lines.lines().filter_map(|line| line.split_once(": ")) {
        if let Some(known) = headers::all().find(|known| known.as_str() == name)
            && let Ok(value) = HeaderValue::from_str(value)
        {
            headers.insert(known, value);
        }
    }
    headers
}
