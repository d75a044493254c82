//! The stages of a restore, and its next action in each.

use azure_backup::arm::fault::Fault;
use azure_backup::arm::id::JobId;
use azure_backup::arm::operation::Operation;
use azure_backup::arm::timing;
use azure_backup::backup::job_tracker::JobTracker;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use super::null_is_default;

/// Waits before each read of the job list while the outcome is unknown or the operation cannot be read. An
/// operation creates its job within 1 to 2 s, 66 s at the slowest of 300 recorded ones; the last wait repeats.
pub(super) const SEARCH_WAITS: [Duration; 5] =
    [Duration::seconds(5), Duration::seconds(10), Duration::seconds(20), Duration::seconds(40), Duration::seconds(60)];
/// The stage of a restore.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Stage {
    /// Saved; the request has not left.
    #[serde(rename = "intent")]
    Intent,
    /// The request is on its way.
    #[serde(rename = "sending")]
    Sending,
    /// Cross-region: what the request needs is being fetched. Nothing that restores has left.
    #[serde(rename = "preparing")]
    Preparing {
        /// Whether Azure Backup's identity in the secondary region was read. The access token is requested next.
        #[serde(rename = "identified", default, deserialize_with = "null_is_default")]
        identified: bool,
        /// The tries.
        #[serde(rename = "search")]
        search: Search,
    },
    /// The answer is lost: the vault's jobs are searched.
    #[serde(rename = "unknown")]
    Unknown {
        /// The fault that came instead of an answer.
        #[serde(rename = "fault")]
        fault: Option<Fault>,
        /// The search.
        #[serde(rename = "search")]
        search: Search,
    },
    /// Accepted; the operation that creates the job is followed.
    #[serde(rename = "operation")]
    Operation {
        /// The operation.
        #[serde(rename = "operation")]
        operation: Operation,
    },
    /// Accepted, but no header of the answer can be read: the vault's jobs are searched.
    #[serde(rename = "searching")]
    Searching {
        /// The search.
        #[serde(rename = "search")]
        search: Search,
    },
    /// The job is followed.
    #[serde(rename = "job")]
    Job {
        /// The job.
        #[serde(rename = "tracker")]
        tracker: JobTracker,
        /// How the job was found.
        #[serde(rename = "found")]
        found: JobMatch,
    },
    /// Azure refused the request.
    #[serde(rename = "refused")]
    Refused {
        /// Azure's error.
        #[serde(rename = "fault")]
        fault: Fault,
    },
    /// It was accepted and the operation failed: no job.
    #[serde(rename = "operationFailed")]
    OperationFailed {
        /// Azure's error.
        #[serde(rename = "fault")]
        fault: Fault,
    },
    /// The request provably did not arrive.
    #[serde(rename = "notSent")]
    NotSent {
        /// What happened.
        #[serde(rename = "fault")]
        fault: Option<Fault>,
        /// How the vault's jobs were searched for it, if they had to be.
        #[serde(rename = "search")]
        search: Option<Search>,
    },
}

/// How the job became known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum JobMatch {
    /// The operation named it.
    #[serde(rename = "operation")]
    Operation,
    /// Its activity id is our request id.
    #[serde(rename = "activity")]
    Activity,
    /// It restores the same virtual machine and began after the click.
    #[serde(rename = "vmAndTime")]
    VmAndTime,
    /// The operator has chosen it in the vault's list.
    #[serde(rename = "list")]
    List,
}

/// A search of the vault's jobs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Search {
    /// Since when.
    #[serde(rename = "since", with = "azure_backup::arm::bounds::time")]
    pub since: OffsetDateTime,
    /// How many reads of the job list were answered.
    #[serde(rename = "looks", deserialize_with = "azure_backup::arm::bounds::count")]
    pub looks: u32,
    /// How many jobs the last read listed.
    #[serde(rename = "listed", default, deserialize_with = "azure_backup::arm::bounds::optional_count")]
    pub listed: Option<u32>,
    /// Whether the last read listed a job that may belong to this restore or to another machine of the same name.
    #[serde(rename = "unclear")]
    pub unclear: Option<bool>,
    /// When the next read is due.
    #[serde(rename = "next", with = "azure_backup::arm::bounds::time")]
    pub next: OffsetDateTime,
    /// When the last read was.
    #[serde(rename = "last", default, with = "azure_backup::arm::bounds::optional_time")]
    pub last: Option<OffsetDateTime>,
    /// The fault of the last read.
    #[serde(rename = "trouble")]
    pub last_error: Option<Fault>,
}

impl Search {
    pub(super) fn new(now: OffsetDateTime) -> Self {
        Self {
            since: now,
            looks: 0,
            listed: None,
            unclear: None,
            next: now + SEARCH_WAITS[0],
            last: None,
            last_error: None,
        }
    }

    pub(super) fn on_listed(&mut self, listed: usize, now: OffsetDateTime) {
        self.looks += 1;
        self.listed = u32::try_from(listed).ok();
        let wait = SEARCH_WAITS.get(self.looks as usize).unwrap_or(&SEARCH_WAITS[SEARCH_WAITS.len() - 1]);
        self.next = now + *wait;
        self.last = Some(now);
        self.last_error = None;
    }

    pub(super) fn on_list_failed(&mut self, fault: &Fault, now: OffsetDateTime) {
        self.last = Some(now);
        let asked = match fault.is_throttled() {
            // A second throttle in a row waits twice as long.
            true if self.last_error.as_ref().is_some_and(Fault::is_throttled) => {
                timing::next_attempt_after_throttle(fault, 2, now)
            }
            true => timing::next_attempt_after_throttle(fault, 1, now),
            false => fault.retry_after.map_or(now, |r| r.due(now)),
        };
        self.next = asked.max(now + SEARCH_WAITS[SEARCH_WAITS.len() - 1]);
        self.last_error = Some(fault.clone());
    }
}

/// The next action of a restore.
#[derive(Clone, Debug, PartialEq)]
pub enum NextAction {
    /// Nothing: it is over, or the trigger is on its way.
    Nothing,
    /// Wait until this time.
    Wait(OffsetDateTime),
    /// The next call of the preparation.
    Prepare,
    /// A poll of the operation.
    Operation,
    /// A poll of the vault's jobs since this time.
    Jobs(OffsetDateTime),
    /// A poll of this job, alone or in the vault's list.
    Job(JobId),
}

impl Stage {
    /// Whether the request is being prepared or sent. Only the tab that does so knows its progress.
    pub const fn is_being_sent(&self) -> bool {
        matches!(self, Self::Intent | Self::Preparing { .. } | Self::Sending)
    }

    /// The first stage of a cross-region restore.
    pub(super) fn preparing(now: OffsetDateTime) -> Self {
        Self::Preparing { identified: false, search: Search { next: now, ..Search::new(now) } }
    }
}
