//! Long-running operations: what the URLs of a 202 refer to.

use super::World;
use crate::dice;
use crate::keep::{Keep, Keeper, keep};
use crate::moment::Millis;
use crate::version::Version;

/// What an operation brings about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
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
}

/// An operation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
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

keep!(Operation: id vault item work started length reads version);

impl Keep for Work {
    fn keep(&mut self, k: &mut Keeper<'_>) {
        let (mut kind, mut text) = match self {
            Self::Revoke => (0, String::new()),
            Self::Restore { job } => (1, std::mem::take(job)),
            Self::Cancel { job } => (2, std::mem::take(job)),
            Self::Provision { point } => (3, std::mem::take(point)),
            Self::Validate { findings } => (4, std::mem::take(findings)),
            Self::Undelete { job } => (5, std::mem::take(job)),
            Self::UndeleteVault => (6, String::new()),
            Self::ExtendedInfo { point } => (7, std::mem::take(point)),
        };
        k.number(&mut kind);
        text.keep(k);
        *self = match kind {
            1 => Self::Restore { job: text },
            2 => Self::Cancel { job: text },
            3 => Self::Provision { point: text },
            4 => Self::Validate { findings: text },
            5 => Self::Undelete { job: text },
            6 => Self::UndeleteVault,
            7 => Self::ExtendedInfo { point: text },
            _ => Self::Revoke,
        };
    }
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
