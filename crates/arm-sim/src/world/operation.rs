//! Long-running operations: what the URLs of a 202 lead to.

use serde::{Deserialize, Serialize};

use super::World;
use crate::dice;
use crate::moment::Millis;

/// What an operation brings about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Work {
    /// Makes a job.
    Restore { job: String },
    /// Cancels a job.
    Cancel { job: String },
    /// Mounts the disks of a recovery point.
    Provision { point: String },
    /// Unmounts them.
    Revoke,
    /// Checks a restore request; the findings are JSON.
    Validate { findings: String },
}

/// An operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Operation {
    pub(crate) id: String,
    /// Index of its vault.
    pub(crate) vault: usize,
    /// Index of its item, when it is about one.
    pub(crate) item: Option<usize>,
    pub(crate) work: Work,
    pub(crate) started: Millis,
    /// How long it takes on the timetable.
    pub(crate) length: Millis,
    pub(crate) reads: u32,
    /// The api-version that its URLs carry.
    pub(crate) version: String,
}

impl Operation {
    /// The query of its URLs: signed, and several KB long as on the wire. `salt` tells the two URLs apart.
    pub(crate) fn query(&self, world: &World, salt: &str) -> String {
        let part = |name: &str, length| dice::token(world.seed, &format!("{}{salt}{name}", self.id), length);
        let ticks = 621_355_968_000_000_000 + self.started * 10_000;
        format!(
            "api-version={}&t={ticks}&c=MII{}&s={}&h={}",
            self.version,
            part("c", 2_589),
            part("s", 342),
            part("h", 43)
        )
    }
}
