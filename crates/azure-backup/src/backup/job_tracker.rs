//! One job as a state machine.

mod stored;
#[cfg(test)]
mod tests;

use super::job::{Job, JobEndpoint, JobStatus};
use crate::arm::{
    call::{ApiVersion, Call},
    fault::{Fault, FaultKind},
    headers,
    id::{ArmId, JobId},
    operation::NextStep,
    poll_schedule::{PollSchedule, poll_schedule_accessors},
    timing,
};
use ::time::OffsetDateTime;
use bytes::Bytes;
use http::Response;
use serde::{Deserialize, Serialize};

/// How following a job ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum JobOutcome {
    /// The job is over, in this state.
    #[serde(rename = "Job")]
    Job(JobStatus),
    /// Azure keeps saying that there is no such job.
    #[serde(rename = "Gone")]
    Gone(Box<Fault>),
}

/// A job that is polled. The serialized form is enough to go on after a reload.
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
    schedule: PollSchedule,
    #[serde(rename = "ending")]
    ending: Option<JobOutcome>,
}

impl JobTracker {
    /// Begins; the first poll is due at once.
    #[must_use]
    pub fn start(source: &JobEndpoint, id: JobId, now: OffsetDateTime) -> JobTracker {
        let JobEndpoint { vault, location, version } = source.clone();
        JobTracker {
            vault,
            location,
            version,
            id,
            job: None,
            absences: 0,
            schedule: PollSchedule::start(now, now),
            ending: None,
        }
    }

    /// What to do now.
    #[must_use]
    pub fn next(&self, now: OffsetDateTime) -> NextStep<JobOutcome> {
        match (&self.ending, self.schedule.wait(now)) {
            (Some(ending), _) => NextStep::Done(ending.clone()),
            (None, Some(until)) => NextStep::Wait(until),
            (None, None) => NextStep::Poll,
        }
    }

    /// The poll that is due.
    #[must_use]
    pub fn call(&self) -> Call<Job> {
        let (vault, location, version) = (self.vault.clone(), self.location.clone(), self.version.clone());
        JobEndpoint { vault, location, version }.get(&self.id)
    }

    /// Takes the answer to `call`, which [`JobTracker::call`] made, or the fault that came instead.
    pub fn on_response(&mut self, call: &Call<Job>, response: Result<&Response<Bytes>, &Fault>, now: OffsetDateTime) {
        if self.ending.is_some() {
            return;
        }
        let read = response.map_err(Clone::clone).and_then(|answer| call.read(answer).map(|job| (job, answer)));
        match read {
            Ok((job, answer)) => {
                self.absences = 0;
                self.schedule.on_success(now, headers::retry_after(answer.headers()), timing::JOB_POLL_INTERVAL);
                if !job.status.is_running() {
                    self.ending = Some(JobOutcome::Job(job.status.clone()));
                }
                self.job = Some(job);
            }
            Err(fault) => self.failed(&fault, now),
        }
    }

    /// Takes the job from the vault's list, which saves a poll of the job while it runs. A list has no tasks and no properties:
    /// the known ones stay, and once the job has ended, one poll of the job itself is due for them.
    pub fn on_listed(&mut self, listed: &Job, now: OffsetDateTime) {
        if self.ending.is_some() || !listed.name.as_str().eq_ignore_ascii_case(self.id.as_str()) {
            return;
        }
        let mut job = listed.clone();
        if let Some(known) = self.job.take().filter(|_| job.tasks.is_empty() && job.properties.is_empty()) {
            let Job { tasks, properties, percent, remaining, dynamic_error, .. } = known;
            job = Job { tasks, properties, percent, remaining, dynamic_error, ..job };
        }
        self.absences = 0;
        self.schedule.on_success(now, None, timing::JOB_POLL_INTERVAL);
        if !job.status.is_running() {
            self.schedule.poll_now(now);
        }
        self.job = Some(job);
    }

    /// The vault's list could not be read. That says nothing about this job, so only the next poll is delayed.
    pub fn on_list_error(&mut self, fault: &Fault, now: OffsetDateTime) {
        if self.ending.is_none() {
            self.schedule.on_error(fault, now);
        }
    }

    /// Whether Azure has answered 404 for this job. Read the list, too, before you conclude that it is gone.
    #[must_use]
    pub fn is_doubtful(&self) -> bool {
        self.absences > 0
    }

    /// Delays the next poll until `until`, as long as the job runs.
    pub fn hold(&mut self, until: OffsetDateTime) {
        if self.job.as_ref().is_some_and(|job| job.status.is_running()) {
            self.schedule.hold(until);
        }
    }

    fn failed(&mut self, fault: &Fault, now: OffsetDateTime) {
        self.schedule.on_error(fault, now);
        if fault.is_retryable() || fault.needs_sign_in() || fault.kind == FaultKind::Aborted {
            return;
        }
        // The list already has its final status; only the details are missing.
        if let Some(status) = self.job.as_ref().map(|job| &job.status).filter(|status| !status.is_running()) {
            self.ending = Some(JobOutcome::Job(status.clone()));
        } else if fault.is_not_found() {
            self.absences += 1;
            if self.absences >= timing::NOT_FOUND_BEFORE_GONE {
                self.ending = Some(JobOutcome::Gone(Box::new(fault.clone())));
            }
        }
    }

    poll_schedule_accessors!();

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
    pub fn ending(&self) -> Option<&JobOutcome> {
        self.ending.as_ref()
    }
}
