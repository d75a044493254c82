//! One machine of a run.

use azure_backup::arm::id::ClientRequestId;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::recovery::plan::MachineId;

/// A machine of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MachineRun {
    /// Names it.
    pub id: MachineId,
    /// The index of its vault in the run.
    pub(super) vault: usize,
    /// The index of its group.
    pub group: usize,
    /// Its progress.
    pub progress: Progress,
    /// The restores of it that were started before the present one or before it was left out, the oldest first. None of them is sent any more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub before: Vec<ClientRequestId>,
    /// How often in a row Azure has throttled its request.
    #[serde(default)]
    pub(super) throttled: u8,
}

/// The progress of a machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Progress {
    /// Its restore is still to start.
    Waiting,
    /// Its request was sent and is not answered, or the answer was lost: a restore may have started.
    Triggered {
        /// The restore.
        restore: ClientRequestId,
        /// Since when.
        #[serde(with = "azure_backup::arm::bounds::time")]
        at: OffsetDateTime,
    },
    /// Azure has accepted its request.
    Running {
        /// The restore.
        restore: ClientRequestId,
        /// Since when.
        #[serde(with = "azure_backup::arm::bounds::time")]
        at: OffsetDateTime,
    },
    /// Its restore is over, or could not start.
    Ended {
        /// The restore; none if it could not start.
        restore: Option<ClientRequestId>,
        /// Since when.
        #[serde(with = "azure_backup::arm::bounds::time")]
        at: OffsetDateTime,
        /// How.
        ending: Ending,
    },
    /// The operator has left it out.
    Skipped {
        /// Since when.
        #[serde(with = "azure_backup::arm::bounds::time")]
        at: OffsetDateTime,
    },
}

/// How the restore of a machine has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    /// It is restored, with or without warnings.
    Restored,
    /// It has failed.
    Failed,
    /// It was canceled.
    Canceled,
    /// Azure has refused the request.
    Refused,
    /// The answer was lost, and the vault has no job of it.
    NotStarted,
    /// The request provably never left.
    NeverLeft,
    /// It was triggered, and how it has ended is not known: neither its record nor its job is there any more, or a job was found that may be
    /// another restore of the same machine.
    Lost,
}

impl Ending {
    /// Whether it counts as a failure of the plan.
    pub(super) const fn is_failure(self) -> bool {
        matches!(self, Self::Failed | Self::Refused | Self::NotStarted | Self::Lost)
    }

    /// Whether the request of this very restore may still be sent, from the page of the restore, or turn out to have been received.
    pub(super) const fn can_be_sent_after_all(self) -> bool {
        matches!(self, Self::Refused | Self::NotStarted | Self::NeverLeft)
    }

    /// Whether *Retry failed* restores it again. Not a lost restore, which may run, and not one that was canceled on purpose.
    pub(super) const fn is_retried_with_others(self) -> bool {
        matches!(self, Self::Failed | Self::Refused | Self::NotStarted | Self::NeverLeft)
    }
}

impl Progress {
    /// Whether its request has or may have left, and its restore has not ended.
    pub const fn is_under_way(&self) -> bool {
        matches!(self, Self::Triggered { .. } | Self::Running { .. })
    }

    /// Whether its restore may still make progress.
    pub const fn is_open(&self) -> bool {
        match self {
            Self::Ended { ending, .. } => ending.can_be_sent_after_all(),
            _ => self.is_under_way(),
        }
    }

    /// Since when it has this progress; none while it waits.
    pub const fn since(&self) -> Option<OffsetDateTime> {
        match self {
            Self::Waiting => None,
            Self::Triggered { at, .. } | Self::Running { at, .. } | Self::Ended { at, .. } | Self::Skipped { at } => {
                Some(*at)
            }
        }
    }

    /// Whether the next group may start, as far as this machine is concerned.
    pub const fn lets_next_group_start(&self) -> bool {
        matches!(self, Self::Skipped { .. } | Self::Ended { ending: Ending::Restored, .. })
    }

    /// Whether the operator may have it restored once more.
    pub const fn can_retry(&self) -> bool {
        match self {
            Self::Ended { ending, .. } => !matches!(ending, Ending::Restored),
            Self::Skipped { .. } => true,
            Self::Waiting | Self::Triggered { .. } | Self::Running { .. } => false,
        }
    }

    /// Whether its restore is still to start when the plan goes on.
    pub const fn is_to_start(&self) -> bool {
        matches!(self, Self::Waiting | Self::Ended { ending: Ending::NeverLeft, .. })
    }

    /// Whether *Retry failed* restores it once more.
    pub const fn is_retried_with_others(&self) -> bool {
        matches!(self, Self::Ended { ending, .. } if ending.is_retried_with_others())
    }

    /// Whether the operator may leave it out.
    pub const fn can_skip(&self) -> bool {
        !self.is_under_way() && !self.lets_next_group_start()
    }

    /// Whether it changes no more without a command of the operator.
    pub const fn is_over(&self) -> bool {
        matches!(self, Self::Skipped { .. } | Self::Ended { .. })
    }
}

impl MachineRun {
    pub(super) const fn new(id: MachineId, vault: usize, group: usize) -> Self {
        Self { id, vault, group, progress: Progress::Waiting, before: Vec::new(), throttled: 0 }
    }

    /// The latest restore, unless it was replaced.
    pub fn restore(&self) -> Option<&ClientRequestId> {
        match &self.progress {
            Progress::Triggered { restore, .. } | Progress::Running { restore, .. } => Some(restore),
            Progress::Ended { restore, .. } => restore.as_ref(),
            Progress::Waiting | Progress::Skipped { .. } => None,
        }
    }

    /// Makes it wait again; its present restore moves to the earlier ones.
    pub(super) fn wait_again(&mut self) {
        self.before.extend(self.restore().cloned());
        self.progress = Progress::Waiting;
        self.throttled = 0;
    }
}
