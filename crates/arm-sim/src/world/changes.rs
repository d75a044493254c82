//! What requests have changed since the world was made: the only part that is saved.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::created::{Blob, Disk, Machine};
use super::operation::Operation;
use crate::moment::Millis;

/// A restore request that reached the simulator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trigger {
    /// The VM's name.
    pub item: String,
    /// The `x-ms-client-request-id` that came with it, or nothing.
    pub client_request_id: String,
    /// Whether it was acted upon, answered or not.
    pub accepted: bool,
}

/// What requests have changed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Changes {
    pub(crate) count: u64,
    pub(crate) operations: Vec<Operation>,
    pub(crate) disks: Vec<Disk>,
    pub(crate) machines: Vec<Machine>,
    pub(crate) blobs: Vec<Blob>,
    /// Item and recovery point of mounted disks.
    pub(crate) sessions: Vec<(usize, String)>,
    /// Items whose disks were replaced in place, with the new disks' names by LUN.
    pub(crate) replaced: Vec<(usize, Vec<(i32, String)>)>,
    /// Item, recovery point and expiry of rehydrated points.
    pub(crate) rehydrated: Vec<(usize, String, Millis)>,
    pub(crate) triggers: Vec<Trigger>,
    /// How often something has happened; for faults that happen so many times.
    pub(crate) counters: BTreeMap<String, u32>,
    /// Access tokens (as hashes) and moments that faults remember.
    pub(crate) marks: BTreeMap<String, i64>,
}

impl Changes {
    /// Counts one more; answers how often it had happened before.
    pub(crate) fn tick(&mut self, name: &str) -> u32 {
        let n = self.counters.entry(name.to_owned()).or_default();
        *n += 1;
        *n - 1
    }
}
