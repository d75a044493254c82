//! The simulator, its clock, and the control endpoints of both under `/_sim/`.

use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

use super::options::{Expose, Options, progress};
use super::reply;
use crate::{Role, SENTINELS, Simulator};

/// How many requests the log keeps.
const LOG: usize = 10_000;

/// What all requests share.
pub(super) struct Control {
    simulator: Simulator,
    options: Options,
    origin: String,
    /// Added to the clock of the machine.
    ahead: Duration,
    log: Vec<Value>,
}

impl Control {
    pub(super) fn new(options: Options, origin: String) -> Self {
        let simulator = Simulator::of_size(options.tenant, options.seed, clock());
        let mut control = Self { simulator, options, origin, ahead: Duration::ZERO, log: Vec::new() };
        control.reset();
        control
    }

    pub(super) fn expose(&self) -> &Expose {
        &self.options.expose
    }

    fn now(&self) -> OffsetDateTime {
        clock().saturating_add(self.ahead)
    }

    fn reset(&mut self) {
        self.ahead = Duration::ZERO;
        self.log.clear();
        let mut simulator = Simulator::of_size(self.options.tenant, self.options.seed, self.now());
        simulator.set_origin(self.origin.clone());
        simulator.set_require_token(true);
        simulator.set_progress(self.options.progress);
        simulator.set_retry_after(self.options.retry_after);
        simulator.set_hourly_limit(self.options.hourly_limit);
        simulator.set_region_down(self.options.region_down.clone());
        simulator.set_exact_access_details(self.options.exact_access_details);
        simulator.set_hidden_vaults(self.options.hidden_vaults.clone());
        simulator.set_graph_denied(self.options.graph_denied);
        simulator.set_role(self.options.role);
        simulator.set_free_vcpus(self.options.free_vcpus);
        self.simulator = simulator;
    }

    /// Runs the simulator; `None` if the connection has to break.
    pub(super) fn ask(&mut self, request: &Request<Bytes>) -> Option<Response<Bytes>> {
        let now = self.now();
        let response = reply(&mut self.simulator, now, request);
        if self.log.len() < LOG {
            let header = |name: &str| request.headers().get(name).and_then(|v| v.to_str().ok());
            self.log.push(json!({
                "method": request.method().as_str(),
                "url": request.uri().to_string(),
                "status": response.as_ref().map(|r| r.status().as_u16()),
                "clientRequestId": header("x-ms-client-request-id"),
                "origin": header("origin"),
                "body": serde_json::from_slice::<Value>(request.body()).ok(),
            }));
        }
        response
    }

    /// Answers a request under `/_sim/`.
    pub(super) fn steer(&mut self, request: &Request<Bytes>) -> Response<Bytes> {
        let query = |name: &str| {
            let pairs = request.uri().query().unwrap_or_default().split('&');
            pairs.filter_map(|p| p.split_once('=')).find(|(k, _)| *k == name).map(|(_, v)| v.to_owned())
        };
        let number = |name: &str| query(name).and_then(|v| v.parse::<i64>().ok());
        let path = request.uri().path();
        let done = match (request.method().as_str(), path.trim_start_matches("/_sim/")) {
            ("POST", "reset") => {
                if let Some(seed) = number("seed") {
                    self.options.seed = seed.unsigned_abs();
                }
                self.reset();
                Some(json!({"seed": self.options.seed}))
            }
            ("POST", "progress") => query("mode").as_deref().and_then(progress).map(|mode| {
                self.options.progress = mode;
                self.simulator.set_progress(mode);
                json!({"progress": mode})
            }),
            ("POST", "region-down") => query("region").map(|region| {
                // An empty one brings the region back.
                self.options.region_down = Some(region).filter(|r| !r.is_empty());
                self.simulator.set_region_down(self.options.region_down.clone());
                json!({"regionDown": self.options.region_down})
            }),
            ("POST", "role") => query("role").as_deref().and_then(Role::parse).map(|role| {
                self.options.role = role;
                self.simulator.set_role(role);
                json!({"role": role})
            }),
            ("POST", "advance") => number("seconds").filter(|s| *s >= 0).map(|seconds| {
                self.ahead = self.ahead.saturating_add(Duration::seconds(seconds));
                json!({"aheadSeconds": self.ahead.whole_seconds()})
            }),
            ("GET", "requests") => Some(Value::Array(self.log.clone())),
            ("GET", "triggers") => {
                let triggers = self.simulator.triggers();
                let accepted = triggers.iter().filter(|t| t.accepted).count();
                let list: Value = triggers
                    .iter()
                    .map(|t| json!({"item": t.item, "clientRequestId": t.client_request_id, "accepted": t.accepted, "crossRegion": t.cross_region}))
                    .collect();
                Some(json!({"received": triggers.len(), "accepted": accepted, "triggers": list}))
            }
            ("GET", "created") => Some(json!(self.simulator.created())),
            ("GET", "sentinels") => Some(SENTINELS.iter().map(|s| json!({"name": s.name, "what": s.what})).collect()),
            _ => None,
        };
        let (status, body) = done.map_or_else(
            || {
                (
                    StatusCode::BAD_REQUEST,
                    json!({"error": format!("{} {} is not known, or lacks a parameter", request.method(), path)}),
                )
            },
            |body| (StatusCode::OK, body),
        );
        let mut response = Response::new(Bytes::from(body.to_string()));
        *response.status_mut() = status;
        response.headers_mut().insert("content-type", HeaderValue::from_static("application/json"));
        response
    }
}

/// The clock of the machine.
fn clock() -> OffsetDateTime {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    OffsetDateTime::UNIX_EPOCH.saturating_add(Duration::try_from(since).unwrap_or_default())
}
