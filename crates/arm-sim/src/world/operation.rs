//! Long-running operations: what the URLs of a 202 refer to.

use serde::{Deserialize, Serialize};

use super::World;
use crate::moment::Millis;
use crate::pseudo_random;
use crate::version::Version;

/// What an operation brings about.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) enum Work {
    /// Makes a job.
    Restore { job: String },
    /// Cancels a job.
    Cancel { job: String },
    /// Mounts the disks of a recovery point.
    Provision { point: String },
    /// Unmounts them.
    #[default]
    Revoke,
    /// Checks a restore request; the findings are JSON.
    Validate { findings: String },
    /// Creates a job that undeletes an item.
    Undelete { job: String },
    /// Brings back a deleted vault.
    UndeleteVault,
    /// Looks up the sizes and kinds of a recovery point's disks; the point is an ARM id.
    ExtendedInfo { point: String },
    /// Works out what a rehydration costs; the result is JSON.
    TieringCost { cost: String },
}

/// An operation.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
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
    /// Was started in the secondary region of its vault.
    pub(crate) fn is_secondary(&self) -> bool {
        Version::parse(&self.version).is_some_and(|v| v.is_secondary())
    }

    /// The query of its URLs: signed, and several KB long like Azure's. `salt` distinguishes the two URLs.
    ///
    /// Those of the first api-version of the secondary region were not signed.
    pub(crate) fn query(&self, world: &World, salt: &str) -> String {
        if self.version == "2018-12-20" {
            return format!("api-version={}", self.version);
        }
        let part = |name: &str, length| pseudo_random::token(world.seed, &format!("{}{salt}{name}", self.id), length);
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
