//! What tests/bench/bench.mjs prints: every number of every run. Times are milliseconds, memory is MiB.

use serde::Deserialize;
use serde_json::Value;

use crate::failure::Failure;

/// All of it; cases that were not asked for are absent.
#[derive(Deserialize)]
pub(super) struct Measurements {
    pub(super) machine: Machine,
    pub(super) runs: u32,
    pub(super) list: Option<Vec<List>>,
    pub(super) start: Option<Starts>,
    pub(super) fleet: Option<Fleet>,
    pub(super) plan: Option<Plans>,
    pub(super) typing: Option<Typing>,
    pub(super) tracking: Option<Tracking>,
    pub(super) records: Option<Records>,
    pub(super) trigger: Option<Vec<Trigger>>,
}

/// What it was measured on; memory in GiB.
#[derive(Deserialize)]
pub(super) struct Machine {
    pub(super) cpu: String,
    pub(super) cores: u32,
    pub(super) memory: u32,
    pub(super) system: String,
    pub(super) browser: String,
    pub(super) node: String,
    pub(super) date: String,
}

/// A list of so many points in pages of so many, as each client read it in each run.
#[derive(Deserialize)]
pub(super) struct List {
    pub(super) points: u32,
    pub(super) by: u32,
    pub(super) floor: Vec<Listing>,
    pub(super) sdk: Vec<Listing>,
    pub(super) product: Vec<Listing>,
}

/// One reading of a list. Only the product draws anything.
#[derive(Deserialize)]
pub(super) struct Listing {
    pub(super) decoded: Option<f64>,
    pub(super) drawn: Option<f64>,
    pub(super) responding: Option<f64>,
    pub(super) longest: f64,
    pub(super) memory: f64,
    pub(super) asked: Asked,
}

/// What the origin saw: different addresses, calls, preflights, and the most preflights of one address.
#[derive(Deserialize)]
pub(super) struct Asked {
    pub(super) urls: u32,
    pub(super) calls: u32,
    pub(super) preflights: u32,
    pub(super) most: u32,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Starts {
    pub(super) runs: Vec<Start>,
    pub(super) files: Vec<File>,
    pub(super) with_worker: WithWorker,
}

/// One start. `bytes` are those of the files, `wire` counts the headers too.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Start {
    pub(super) first_paint: f64,
    pub(super) first_contentful_paint: f64,
    pub(super) offered: f64,
    pub(super) interactive: f64,
    pub(super) shown: f64,
    pub(super) shown_early: f64,
    pub(super) bytes: f64,
    pub(super) wire: f64,
}

/// A file of the last start.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct File {
    pub(super) file: String,
    pub(super) bytes: f64,
    pub(super) begun: f64,
    pub(super) ended: f64,
    pub(super) before_click: bool,
}

/// A start together with what the service worker fetches.
#[derive(Deserialize)]
pub(super) struct WithWorker {
    pub(super) bytes: f64,
    pub(super) requests: u32,
}

/// The machines of a large tenant.
#[derive(Deserialize)]
pub(super) struct Fleet {
    pub(super) runs: Vec<FleetRun>,
}

/// One run: the product, a bare page with a field, and the SDK vault after vault.
#[derive(Deserialize)]
pub(super) struct FleetRun {
    pub(super) product: FleetProduct,
    pub(super) floor: FleetKeys,
    pub(super) sdk: FleetRead,
}

/// The list, the keys in its search, and by how much the page's process grew at its peak.
#[derive(Deserialize)]
pub(super) struct FleetProduct {
    pub(super) list: FleetRead,
    pub(super) keys: FleetKeys,
    pub(super) memory: f64,
}

/// How many machines there are, when the first and the last of them was there, and by how many requests.
#[derive(Deserialize)]
pub(super) struct FleetRead {
    pub(super) machines: u32,
    pub(super) first: f64,
    pub(super) all: f64,
    pub(super) requests: u32,
    /// The longest task of the page meanwhile.
    #[serde(default)]
    pub(super) longest: f64,
    /// Of the product it is told after the keys.
    #[serde(default)]
    pub(super) memory: f64,
}

/// From each key to its picture, what the main thread computed for one, and its longest task.
#[derive(Deserialize)]
pub(super) struct FleetKeys {
    pub(super) painted: Vec<f64>,
    pub(super) computed: f64,
    pub(super) longest: f64,
}

/// A recovery plan of so many machines.
#[derive(Deserialize)]
pub(super) struct Plans {
    pub(super) machines: u32,
    pub(super) runs: Vec<PlanRun>,
}

/// One plan, from its file to its board; `running` is the longest task while its restores are started and followed.
#[derive(Deserialize)]
pub(super) struct PlanRun {
    pub(super) settings: PlanSettings,
    pub(super) review: PageOpened,
    pub(super) board: PageOpened,
    pub(super) running: f64,
}

/// When every machine was worked out, for how many a restore can start, and the longest task until then.
#[derive(Deserialize)]
pub(super) struct PlanSettings {
    pub(super) all: f64,
    pub(super) ready: u32,
    pub(super) longest: f64,
}

/// From a click to the painted rows of the next page, and the longest task meanwhile.
#[derive(Deserialize)]
pub(super) struct PageOpened {
    pub(super) painted: f64,
    pub(super) longest: f64,
}

#[derive(Deserialize)]
pub(super) struct Typing {
    pub(super) items: u32,
    pub(super) runs: Vec<Typed>,
    pub(super) floor: Vec<Typed>,
}

/// One run of keys, and what the browser's own Event Timing says of those that took 16 ms or more.
#[derive(Deserialize)]
pub(super) struct Typed {
    pub(super) keys: Vec<Key>,
    pub(super) events: Vec<f64>,
}

/// From a key to the text of the preview, and to its picture.
#[derive(Deserialize)]
pub(super) struct Key {
    pub(super) text: f64,
    pub(super) painted: f64,
}

#[derive(Deserialize)]
pub(super) struct Tracking {
    pub(super) product: Followed,
    pub(super) sdk: Followed,
    pub(super) reads: Vec<Reads>,
    pub(super) hours: Vec<Hours>,
}

/// So many restores, followed for an hour of the page's time.
#[derive(Deserialize)]
pub(super) struct Hours {
    pub(super) restores: u32,
    pub(super) runs: Vec<Hour>,
}

/// What the page's process computed in it, by how much what the page holds is larger after it, and how often jobs were read.
#[derive(Deserialize)]
pub(super) struct Hour {
    pub(super) cpu: f64,
    pub(super) grown: f64,
    pub(super) reads: f64,
}

/// A restore, followed over the network.
#[derive(Deserialize)]
pub(super) struct Followed {
    pub(super) calls: u32,
    pub(super) preflights: u32,
    pub(super) urls: Vec<Url>,
}

/// An address, how long it is, and how often it was asked.
#[derive(Deserialize)]
pub(super) struct Url {
    pub(super) path: String,
    pub(super) length: u32,
    pub(super) calls: u32,
    pub(super) preflights: u32,
}

/// A browser with finished restores, by how many there are, and what the polls of a running one among them write.
#[derive(Deserialize)]
pub(super) struct Records {
    pub(super) sizes: Vec<Stored>,
    pub(super) polls: Polls,
}

#[derive(Deserialize)]
pub(super) struct Stored {
    pub(super) restores: u32,
    pub(super) runs: Vec<Opened>,
}

/// When the first page was drawn, how long the list took, and a key in its search; none where there is nothing to search.
#[derive(Deserialize)]
pub(super) struct Opened {
    pub(super) started: f64,
    pub(super) shown: f64,
    pub(super) key: Option<f64>,
}

#[derive(Deserialize)]
pub(super) struct Polls {
    pub(super) among: u32,
    pub(super) reads: u32,
    pub(super) records: u32,
    pub(super) transactions: u32,
}

/// One click: how long until the request left, and how long of that the browser took to commit the record.
#[derive(Deserialize)]
pub(super) struct Trigger {
    pub(super) took: f64,
    pub(super) committing: f64,
}

/// So many restores in virtual time, by the program and by one poller a job.
#[derive(Deserialize)]
pub(super) struct Reads {
    pub(super) restores: u32,
    pub(super) here: Side,
    pub(super) alone: Side,
}

/// The most reads within an hour, those refused, and the longest time in seconds until an end was known.
#[derive(Deserialize)]
pub(super) struct Side {
    pub(super) reads: u32,
    pub(super) throttled: u32,
    pub(super) latest: f64,
}

impl Measurements {
    /// # Errors
    /// When the harness and this reader do not agree.
    pub(super) fn deserialized(measurements: Value) -> Result<Self, Failure> {
        serde_json::from_value(measurements)
            .map_err(|error| Failure::FellShort(format!("What was measured is not as expected: {error}.")))
    }
}
