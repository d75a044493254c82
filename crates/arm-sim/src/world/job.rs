//! Backup jobs: backups, and the restores that requests start.

use serde::{Deserialize, Serialize};

use crate::moment::Millis;

/// What a job does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) enum JobKind {
    #[default]
    Backup,
    ConfigureBackup,
    Restore,
    RestoreWithRehydrate,
    CrossRegionRestore,
    Undelete,
}

impl JobKind {
    /// As `operation` spells it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Backup => "Backup",
            Self::ConfigureBackup => "ConfigureBackup",
            Self::Restore => "Restore",
            Self::RestoreWithRehydrate => "RestoreWithRehydrate",
            Self::CrossRegionRestore => "CrossRegionRestore",
            Self::Undelete => "Undelete",
        }
    }
}

/// The state of a job, and its result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) enum JobStatus {
    #[default]
    InProgress,
    Cancelling,
    Completed,
    CompletedWithWarnings,
    Failed,
    Cancelled,
}

impl JobStatus {
    /// As the wire spells it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::InProgress => "InProgress",
            Self::Cancelling => "Cancelling",
            Self::Completed => "Completed",
            Self::CompletedWithWarnings => "CompletedWithWarnings",
            Self::Failed => "Failed",
            Self::Cancelled => "Cancelled",
        }
    }

    /// Whether the job is not over.
    pub(crate) fn is_running(self) -> bool {
        matches!(self, Self::InProgress | Self::Cancelling)
    }
}

/// The three ways of restoring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) enum RestoreKind {
    OriginalLocation,
    AlternateLocation,
    #[default]
    RestoreDisks,
}

impl RestoreKind {
    /// As `recoveryType` spells it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::OriginalLocation => "OriginalLocation",
            Self::AlternateLocation => "AlternateLocation",
            Self::RestoreDisks => "RestoreDisks",
        }
    }
}

/// What a restore was asked to do.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Restore {
    pub(crate) kind: RestoreKind,
    pub(crate) point: String,
    pub(crate) point_time: Millis,
    /// Disks come from a snapshot, which is quick.
    pub(crate) quick: bool,
    /// Managed disks are made.
    pub(crate) managed: bool,
    /// The name of the staging account.
    pub(crate) account: String,
    pub(crate) target_subscription: String,
    pub(crate) target_group: Option<String>,
    pub(crate) target_machine: Option<String>,
    pub(crate) target_network: Option<String>,
    /// The disks to restore, the OS disk (-1) first.
    pub(crate) luns: Vec<i32>,
    /// Not all disks were asked for, or not all were backed up.
    pub(crate) selective: bool,
    pub(crate) zone: Option<String>,
    /// `networkAccessPolicy` of the disks, and the disk access it names.
    pub(crate) access: (String, Option<String>),
    pub(crate) encryption_set: Option<String>,
    /// Where to.
    pub(crate) region: String,
    /// VHDs go to the original accounts of the disks; only configuration and template go to the staging account.
    pub(crate) to_original: bool,
    /// The encryption set of a confidential VM is gone, and the request named no other one.
    pub(crate) lacks_set: bool,
    /// Why it fails in the end, although it was accepted.
    pub(crate) late: Option<String>,
    /// Rehydration priority and retention.
    pub(crate) rehydrate: Option<(String, String)>,
}

/// A job.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Job {
    pub(crate) id: String,
    /// Index of its item.
    pub(crate) item: usize,
    pub(crate) kind: JobKind,
    pub(crate) status: JobStatus,
    /// The final status if nobody interferes; `InProgress` if it never ends.
    pub(crate) outcome: JobStatus,
    pub(crate) started: Millis,
    /// How long it takes on the timetable.
    pub(crate) length: Millis,
    pub(crate) ended: Option<Millis>,
    /// Thousandths.
    pub(crate) done: u16,
    pub(crate) reads: u32,
    pub(crate) cancel_asked: Option<(Millis, u32)>,
    /// The `x-ms-client-request-id` of the request that started it.
    pub(crate) activity: String,
    pub(crate) restore: Option<Restore>,
    /// Existed at the creation of the world: always has a real duration.
    pub(crate) seeded: bool,
}

impl Job {
    /// An unfinished restore: it locks the item in the region where it runs.
    pub(crate) fn locks(&self, item: usize, secondary: bool) -> bool {
        self.item == item && self.status.is_running() && self.restore.is_some() && self.is_secondary() == secondary
    }

    /// Runs in the secondary region, and is visible only there.
    pub(crate) fn is_secondary(&self) -> bool {
        self.kind == JobKind::CrossRegionRestore
    }
}
