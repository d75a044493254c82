//! The simulator for JavaScript: a separate WebAssembly module, so that only visitors who start the demo download it.
//!
//! HTTP crosses the boundary as text and bytes; times are milliseconds since 1970.

use arm_sim::{Reply, Role, Simulator, TenantSize};
use bytes::Bytes;
use http::{HeaderMap, Request};
use time::OffsetDateTime;
use wasm_bindgen::prelude::wasm_bindgen;

/// One fixed world for everybody, so that documents can refer to its resources by name.
const SEED: u64 = 7;

/// Makes a panic a JavaScript error with its message and place. Runs when the module is loaded.
#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|panic| wasm_bindgen::throw_str(&panic.to_string())));
}

/// A simulated Azure.
#[wasm_bindgen]
pub struct Simulation {
    simulator: Simulator,
}

/// An answer to a request.
#[wasm_bindgen(getter_with_clone)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The headers, one `name: value` a line.
    pub headers: String,
    /// The body.
    pub body: Vec<u8>,
}

#[wasm_bindgen]
impl Simulation {
    /// Loads the world that [`Self::save`] returned. Without one, or if another version saved it, starts a new world.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(saved: Option<String>, now: f64) -> Self {
        let simulator = saved.and_then(|text| serde_json::from_str(&text).ok());
        Self { simulator: simulator.unwrap_or_else(|| Simulator::of_size(TenantSize::Demo, SEED, moment(now))) }
    }

    /// Answers a request whose headers are `name: value`, one a line. Returns nothing when the connection breaks, and also
    /// for a request that is not valid HTTP. What the caller may do follows from his token.
    pub fn answer(&mut self, now: f64, method: &str, url: &str, headers: &str, body: Vec<u8>) -> Option<Answer> {
        let mut request = Request::builder().method(method).uri(url);
        for (name, value) in headers.lines().filter_map(|line| line.split_once(": ")) {
            request = request.header(name, value);
        }
        let request = request.body(Bytes::from(body)).ok()?;
        self.simulator.set_role(role(headers));
        match self.simulator.handle(moment(now), &request) {
            Reply::Answer(answer) => Some(Answer {
                status: answer.status().as_u16(),
                headers: lines(answer.headers()),
                body: answer.into_body().into(),
            }),
            Reply::Dropped { .. } => None,
        }
    }

    /// The world as text.
    #[must_use]
    pub fn save(&self) -> String {
        // Only strings are serialized, which cannot fail.
        serde_json::to_string(&self.simulator).unwrap_or_default()
    }
}

/// The role at the end of the token: `demo-1.reader`.
fn role(headers: &str) -> Role {
    let token = headers.lines().find_map(|line| line.strip_prefix("authorization: Bearer "));
    token.and_then(|token| Role::parse(token.rsplit_once('.')?.1)).unwrap_or_default()
}

fn moment(millis: f64) -> OffsetDateTime {
    #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds, far below 2^63")]
    OffsetDateTime::from_unix_timestamp_nanos(millis as i128 * 1_000_000).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

fn lines(headers: &HeaderMap) -> String {
    let texts = headers.iter().filter_map(|(name, value)| Some((name, value.to_str().ok()?)));
    texts.map(|(name, value)| format!("{name}: {value}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-01-01.
    const NOW: f64 = 1_767_225_600_000.0;
    const SUBSCRIPTIONS: &str = "https://management.azure.com/subscriptions?api-version=2022-12-01";

    fn get(simulation: &mut Simulation, url: &str) -> Answer {
        simulation.answer(NOW, "GET", url, "accept: application/json\n", Vec::new()).unwrap()
    }

    #[test]
    fn a_request_is_answered() {
        let answer = get(&mut Simulation::new(None, NOW), SUBSCRIPTIONS);
        assert_eq!(answer.status, 200);
        assert!(answer.headers.contains("content-type: application/json"), "{}", answer.headers);
        let body: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
        assert!(!body["value"].as_array().unwrap().is_empty());
    }

    #[test]
    fn the_token_tells_the_role_and_the_world_stays() {
        let mut simulation = Simulation::new(None, NOW);
        let skus = "https://management.azure.com/subscriptions/5f1c0d3a-91b2-4e6f-8a77-0c0ffee00001/providers/Microsoft.Compute/skus?api-version=2021-07-01&$filter=location%20eq%20%27westeurope%27";
        let mut status = |token: &str| {
            let headers = format!("authorization: Bearer {token}\naccept: application/json\n");
            simulation.answer(NOW, "GET", skus, &headers, Vec::new()).unwrap().status
        };
        let tokens = ["demo-0.owner", "demo-1.backup-operator", "demo-1.group-reader", "demo-2.reader", "demo-3"];
        assert_eq!(tokens.map(&mut status), [200, 403, 403, 200, 200]);
    }

    #[test]
    fn a_saved_world_is_the_same_whenever_it_is_loaded() {
        let saved = Simulation::new(None, NOW).save();
        assert_eq!(Simulation::new(Some(saved.clone()), NOW + 1e9).save(), saved);
    }

    #[test]
    fn what_cannot_be_read_gives_a_fresh_world() {
        let fresh = Simulation::new(None, NOW).save();
        assert_eq!(Simulation::new(Some("damaged".to_owned()), NOW).save(), fresh);
    }

    #[test]
    fn what_is_no_request_is_not_answered() {
        assert!(Simulation::new(None, NOW).answer(NOW, "NO METHOD", SUBSCRIPTIONS, "", Vec::new()).is_none());
    }
}
