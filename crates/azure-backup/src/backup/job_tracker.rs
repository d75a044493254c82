//! One job as a state machine.

use super::job::{Job, JobStatus};
use crate::arm::{
    call::{ApiVersion, Call},
    fault::Fault,
    id::{ArmId, JobId},
    operation::Next,
};
use ::time::OffsetDateTime;
use serde::{Deserialize, Serialize};

/// How following a job ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum JobEnding {
    /// The job is over, in this state.
    Job(JobStatus),
    /// Azure keeps saying that there is no such job.
    Gone(Fault),
}

/// A job that is followed. Serializable.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JobTracker {
    vault: ArmId,
    id: JobId,
    version: ApiVersion,
    since: OffsetDateTime,
    last_look: Option<OffsetDateTime>,
    next_look: OffsetDateTime,
    throttled_until: Option<OffsetDateTime>,
    failures: u32,
    absences: u32,
    job: Option<Job>,
    trouble: Option<Fault>,
    ending: Option<JobEnding>,
}

impl JobTracker {
    /// Begins; the first look is due at once.
    #[must_use]
    pub fn start(vault: &ArmId, id: JobId, version: &ApiVersion, now: OffsetDateTime) -> JobTracker {
        JobTracker {
            vault: vault.clone(),
            id,
            version: version.clone(),
            since: now,
            last_look: None,
            next_look: now,
            throttled_until: None,
            failures: 0,
            absences: 0,
            job: None,
            trouble: None,
            ending: None,
        }
    }

    /// What to do now.
    #[must_use]
    pub fn next(&self, now: OffsetDateTime) -> Next<JobEnding> {
        match &self.ending {
            Some(ending) => Next::Ended(ending.clone()),
            None if now >= self.next_look => Next::Look,
            None => Next::Wait(self.next_look),
        }
    }

    /// The look that is due.
    #[must_use]
    pub fn call(&self) -> Call<Job> {
        super::job::get(&self.vault, &self.id, &self.version)
    }

    /// Takes the answer of a look: the job, from its own call or from the vault's list, or why there was none.
    pub fn heard(&mut self, heard: Result<Job, Fault>, now: OffsetDateTime) {
        let _ = (heard, now);
    }

    /// Brings the next look forward to now, except while Azure throttles us.
    pub fn look_now(&mut self, now: OffsetDateTime) {
        let _ = now;
    }

    /// The job's id.
    #[must_use]
    pub fn id(&self) -> &JobId {
        &self.id
    }

    /// The vault.
    #[must_use]
    pub fn vault(&self) -> &ArmId {
        &self.vault
    }

    /// The job as last seen.
    #[must_use]
    pub fn job(&self) -> Option<&Job> {
        self.job.as_ref()
    }

    /// When following began.
    #[must_use]
    pub fn since(&self) -> OffsetDateTime {
        self.since
    }

    /// When an answer last came.
    #[must_use]
    pub fn last_look(&self) -> Option<OffsetDateTime> {
        self.last_look
    }

    /// When the next look is due.
    #[must_use]
    pub fn next_look(&self) -> OffsetDateTime {
        self.next_look
    }

    /// The fault of the last look, if it had one.
    #[must_use]
    pub fn trouble(&self) -> Option<&Fault> {
        self.trouble.as_ref()
    }

    /// Whether tracking waits for a fresh sign-in.
    #[must_use]
    pub fn needs_sign_in(&self) -> bool {
        self.trouble.as_ref().is_some_and(Fault::needs_sign_in)
    }
}
