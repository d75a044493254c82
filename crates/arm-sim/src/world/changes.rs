//! What requests have changed since the creation of the world: the only part that is saved.

use serde::{Deserialize, Serialize};

use super::altered::{Altered, MachineOperation};
use super::created::{Blob, Deployment, Disk, Machine};
use super::operation::Operation;
use crate::moment::{HOUR, Millis};

/// A restore request that reached the simulator.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Trigger {
    /// The VM's name; none for a cross-region restore without an issued token.
    pub item: String,
    /// The `x-ms-client-request-id` of the request, or none.
    pub client_request_id: String,
    /// Whether it took effect, answered or not.
    pub accepted: bool,
    /// Whether it asked for a restore in the secondary region.
    pub cross_region: bool,
    /// The id of its job, or none.
    pub job: String,
}

/// An access token for a cross-region restore. Its text is derived from these parts.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Issued {
    pub(crate) id: String,
    /// Index of its item.
    pub(crate) item: usize,
    pub(crate) point: String,
    pub(crate) at: Millis,
    /// Issued with api-version 2018-12-20.
    pub(crate) old: bool,
}

/// What requests have changed. What was added later is missing from a world that was saved before.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Changes {
    pub(crate) count: u64,
    pub(crate) operations: Vec<Operation>,
    pub(crate) disks: Vec<Disk>,
    pub(crate) machines: Vec<Machine>,
    pub(crate) blobs: Vec<Blob>,
    /// Machines whose disks or power were changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) altered: Vec<Altered>,
    /// ARM ids of disks that were taken off a machine.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) released: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) machine_operations: Vec<MachineOperation>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) deployments: Vec<Deployment>,
    /// Item and recovery point of mounted disks, and since when.
    pub(crate) sessions: Vec<(usize, String, Millis)>,
    /// Items whose disks were replaced in place, with the new disks' names by LUN.
    pub(crate) replaced: Vec<(usize, Vec<(i32, String)>)>,
    /// Item, recovery point and expiry of rehydrated points.
    pub(crate) rehydrated: Vec<(usize, String, Millis)>,
    /// Items that are no longer deleted.
    pub(crate) undeleted: Vec<usize>,
    /// Vaults that are no longer deleted.
    pub(crate) undeleted_vaults: Vec<usize>,
    pub(crate) triggers: Vec<Trigger>,
    pub(crate) issued: Vec<Issued>,
    /// Counters for faults that happen a number of times.
    pub(crate) counters: Vec<(String, u32)>,
    /// Access tokens (as hashes) and times that faults remember.
    pub(crate) marks: Vec<(String, i64)>,
}

/// Disks are mounted for so long: the script's own time.
const MOUNTED_FOR: Millis = 12 * HOUR;

impl Changes {
    /// Whether the disks of a recovery point are mounted at this time.
    pub(crate) fn is_mounted(&self, item: usize, point: &str, now: Millis) -> bool {
        self.sessions.iter().any(|(i, id, since)| *i == item && id == point && now - since < MOUNTED_FOR)
    }

    /// Mounts the disks of a recovery point from now on, anew if they are; `None` unmounts them.
    pub(crate) fn mount(&mut self, item: usize, point: &str, since: Option<Millis>) {
        self.sessions.retain(|(i, id, _)| (*i, id.as_str()) != (item, point));
        self.sessions.extend(since.map(|since| (item, point.to_owned(), since)));
    }

    /// Increments a counter and returns its previous value.
    pub(crate) fn tick(&mut self, name: &str) -> u32 {
        if let Some((_, count)) = self.counters.iter_mut().find(|(known, _)| known == name) {
            *count += 1;
            return *count - 1;
        }
        self.counters.push((name.to_owned(), 1));
        0
    }

    /// What is remembered under a name.
    pub(crate) fn mark(&self, name: &str) -> Option<i64> {
        self.marks.iter().find(|(known, _)| known == name).map(|(_, value)| *value)
    }

    /// Remembers under a name.
    pub(crate) fn set_mark(&mut self, name: &str, value: i64) {
        self.marks.retain(|(known, _)| known != name);
        self.marks.push((name.to_owned(), value));
    }
}
