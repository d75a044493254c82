//! One job as a state machine.

mod stored;
#[cfg(test)]
mod tests;

use super::job::{Job, JobSource, JobStatus};
use crate::arm::{
    call::{ApiVersion, Call},
    fault::{Fault, FaultKind},
    headers,
    id::{ArmId, JobId},
    operation::Next,
    pace,
    pulse::{Pulse, pulse_answers},
};
use ::time::OffsetDateTime;
use bytes::Bytes;
use http::Response;
use serde::{Deserialize, Serialize};

/// How following a job ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum JobEnding {
    /// The job is over, in this state.
    #[serde(rename = "Job")]
    Job(JobStatus),
    /// Azure keeps saying that there is no such job.
    #[serde(rename = "Gone")]
    Gone(Box<Fault>),
}

/// A job that is followed. Serializable: what is stored is all that is needed to go on after a reload.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JobTracker {
    #[serde(rename = "vault")]
    vault: ArmId,
    #[serde(rename = "location")]
    location: Option<ArmId>,
    #[serde(rename = "id")]
    id: JobId,
    #[serde(rename = "version")]
    version: ApiVersion,
    #[serde(rename = "job", default, with = "stored::optional_job")]
    job: Option<Job>,
    #[serde(rename = "absences", deserialize_with = "crate::arm::bounds::count")]
    absences: u32,
    #[serde(rename = "pulse")]
    pulse: Pulse,
    #[serde(rename = "ending")]
    ending: Option<JobEnding>,
}

impl JobTracker {
    /// Begins; the first look is due at once.
    #[must_use]
    pub fn start(source: &JobSource, id: JobId, now: OffsetDateTime) -> JobTracker {
        let JobSource { vault, location, version } = source.clone();
        JobTracker { vault, location, version, id, job: None, absences: 0, pulse: Pulse::start(now, now), ending: None }
    }

    /// What to do now.
    #[must_use]
    pub fn next(&self, now: OffsetDateTime) -> Next<JobEnding> {
        match (&self.ending, self.pulse.wait(now)) {
            (Some(ending), _) => Next::Ended(ending.clone()),
            (None, Some(until)) => Next::Wait(until),
            (None, None) => Next::Look,
        }
    }

    /// The look that is due.
    #[must_use]
    pub fn call(&self) -> Call<Job> {
        let (vault, location, version) = (self.vault.clone(), self.location.clone(), self.version.clone());
        JobSource { vault, location, version }.get(&self.id)
    }

    /// Takes the answer to `call`, which [`JobTracker::call`] made, or why there was none.
    pub fn heard(&mut self, call: &Call<Job>, heard: Result<&Response<Bytes>, &Fault>, now: OffsetDateTime) {
        if self.ending.is_some() {
            return;
        }
        let read = heard.map_err(Clone::clone).and_then(|answer| call.read(answer).map(|job| (job, answer)));
        match read {
            Ok((job, answer)) => {
                self.absences = 0;
                self.pulse.answered(now, headers::retry_after(answer.headers()), pace::JOB_LOOK);
                if !job.status.is_running() {
                    self.ending = Some(JobEnding::Job(job.status.clone()));
                }
                self.job = Some(job);
            }
            Err(fault) => self.failed(&fault, now),
        }
    }

    /// Takes the job as it stands in the vault's list, which saves a look while it runs. A list has no tasks and no properties:
    /// the known ones stay, and once the job is over one look of its own is due for the rest.
    pub fn listed(&mut self, listed: &Job, now: OffsetDateTime) {
        if self.ending.is_some() || !listed.name.as_str().eq_ignore_ascii_case(self.id.as_str()) {
            return;
        }
        let mut job = listed.clone();
        if let Some(known) = self.job.take().filter(|_| job.tasks.is_empty() && job.properties.is_empty()) {
            let Job { tasks, properties, percent, remaining, dynamic_error, .. } = known;
            job = Job { tasks, properties, percent, remaining, dynamic_error, ..job };
        }
        self.absences = 0;
        self.pulse.answered(now, None, pace::JOB_LOOK);
        if !job.status.is_running() {
            self.pulse.look_now(now);
        }
        self.job = Some(job);
    }

    /// The vault's list could not be read, which says nothing of this job.
    pub fn unlisted(&mut self, fault: &Fault, now: OffsetDateTime) {
        if self.ending.is_none() {
            self.pulse.troubled(fault, now);
        }
    }

    /// Whether Azure has said that there is no such job: then the list is asked, too, before it is believed.
    #[must_use]
    pub fn is_doubtful(&self) -> bool {
        self.absences > 0
    }

    /// The next look is not before this, as long as the job runs.
    pub fn hold(&mut self, until: OffsetDateTime) {
        if self.job.as_ref().is_some_and(|job| job.status.is_running()) {
            self.pulse.hold(until);
        }
    }

    fn failed(&mut self, fault: &Fault, now: OffsetDateTime) {
        self.pulse.troubled(fault, now);
        if fault.is_retryable() || fault.needs_sign_in() || fault.kind == FaultKind::Aborted {
            return;
        }
        // The list has said already how it ended; only the details stay away.
        if let Some(status) = self.job.as_ref().map(|job| &job.status).filter(|status| !status.is_running()) {
            self.ending = Some(JobEnding::Job(status.clone()));
        } else if fault.is_not_found() {
            self.absences += 1;
            if self.absences >= pace::ABSENCES_BEFORE_GONE {
                self.ending = Some(JobEnding::Gone(Box::new(fault.clone())));
            }
        }
    }

    pulse_answers!();

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

    /// How it ended, if it has.
    #[must_use]
    pub fn ending(&self) -> Option<&JobEnding> {
        self.ending.as_ref()
    }
}
