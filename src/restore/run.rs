//! One restore from the click to its end, as a state machine: it receives the time and Azure's answers, and says what to
//! poll next. Everything in it is plain data, so that it survives a reload and a crash, and another tab can take it over.
//!
//! A restore is sent at most once. If the answer to the trigger is lost, it is unknown whether the request arrived.
//! Then the vault's jobs are searched, which finds the restore's job or shows that there is none. The program
//! never sends the request again by itself.

mod adoption;
mod job_search;
mod sending;
mod stage;
mod submitted;
mod timeline;

pub use adoption::Imported;
pub use stage::{JobMatch, NextAction, Search, Stage};
pub use submitted::SubmittedRequest;
pub use timeline::{Reached, Timeline};

use azure_backup::arm::call::Call;
use azure_backup::arm::cloud::Cloud;
use azure_backup::arm::fault::{Fault, Sent};
use azure_backup::arm::headers;
use azure_backup::arm::id::{ArmId, ClientRequestId, JobId, Region};
use azure_backup::arm::operation::{NextStep, Operation, OperationOutcome};
use azure_backup::arm::version::ApiVersion;
use azure_backup::backup::job::{Job, JobEndpoint, JobStatus};
use azure_backup::backup::job_tracker::JobTracker;
use bytes::Bytes;
use http::Response;
use serde::{Deserialize, Deserializer, Serialize};
use time::{Duration, OffsetDateTime};

use super::facts::Facts;
use super::owner::Owner;
use super::plan::Plan;
use super::regional_id::{RegionalId, location_id};
use super::scenario::Scenario;

/// If no job is in the list this long after the click, none will come: over twice the slowest recorded creation.
const SEARCH_PATIENCE: Duration = Duration::minutes(3);
/// The difference of the browser's and Azure's clocks that is allowed when a job is matched by its time.
const CLOCK_SKEW: Duration = Duration::minutes(5);

/// A restore of this browser.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RestoreRun {
    /// `x-ms-client-request-id` of the trigger; also the identity of this record.
    #[serde(rename = "id")]
    pub id: ClientRequestId,
    /// Name of the cloud whose origins were configured when it began.
    #[serde(rename = "cloud")]
    pub cloud: String,
    /// The account that started it or imported it here.
    #[serde(rename = "owner", default, deserialize_with = "null_is_default")]
    pub owner: Owner,
    /// When its owner signed out. Since then it is hidden from other accounts.
    #[serde(rename = "hidden", default, with = "azure_backup::arm::bounds::optional_time")]
    pub hidden: Option<OffsetDateTime>,
    /// The vault.
    #[serde(rename = "vault")]
    pub vault: ArmId,
    /// The secondary region, when it is a cross-region restore.
    #[serde(rename = "secondary")]
    pub secondary: Option<Region>,
    /// Name of the source.
    #[serde(rename = "vm")]
    pub vm: String,
    /// The api-version of every call.
    #[serde(rename = "version")]
    pub version: ApiVersion,
    /// The submitted request; none for a job that was started elsewhere. Without it nothing can be sent.
    #[serde(rename = "asked")]
    pub submitted: Option<SubmittedRequest>,
    /// When the operator clicked; of a cross-region restore, when its request left.
    #[serde(rename = "begun", with = "azure_backup::arm::bounds::time")]
    pub started: OffsetDateTime,
    /// Its stage.
    #[serde(rename = "stage")]
    pub stage: Stage,
    /// Request and correlation ids of Azure's answer to the trigger, for support.
    #[serde(rename = "support_ids")]
    pub support_ids: Vec<(String, String)>,
    /// Its states and when they were reached.
    #[serde(rename = "timeline", default, deserialize_with = "null_is_default")]
    pub timeline: Timeline,
    /// When and by whom the record was imported from a file. Sender, time and reason are then claims of the file.
    #[serde(rename = "imported")]
    pub imported: Option<Imported>,
}

/// Reads a member that older versions omitted or wrote as null.
fn null_is_default<'de, T: Default + Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
    Option::deserialize(from).map(Option::unwrap_or_default)
}

impl RestoreRun {
    /// The intent to send `plan`; save it before the request leaves.
    pub fn intent(plan: &Plan, facts: &Facts, cloud: &Cloud, id: ClientRequestId, now: OffsetDateTime) -> Self {
        Self {
            id,
            cloud: cloud.name.clone(),
            owner: Owner::default(),
            hidden: None,
            vault: plan.vault.clone(),
            secondary: plan.secondary.clone(),
            vm: plan.vm.clone(),
            version: plan.version.clone(),
            submitted: Some(SubmittedRequest::of(plan, facts)),
            started: now,
            stage: if plan.secondary.is_some() { Stage::preparing(now) } else { Stage::Intent },
            support_ids: Vec::new(),
            timeline: Timeline::default(),
            imported: None,
        }
    }

    /// The recovery point and its region, where they are known.
    pub fn place(&self) -> Option<RegionalId> {
        Some(RegionalId { id: self.submitted.as_ref()?.point.clone(), secondary: self.secondary.clone() })
    }

    /// The scenario, from the request or from the job.
    pub fn scenario(&self) -> Option<Scenario> {
        self.submitted.as_ref().map(|submitted| submitted.scenario).or_else(|| {
            let known = |kind: &str| match kind {
                "Recover disks" => Some(Scenario::RestoreDisks),
                "Replace disks" => Some(Scenario::ReplaceDisks),
                "Recover VM to an alternate location" => Some(Scenario::AnotherVm),
                _ => None,
            };
            known(self.job()?.property("Job Type")?)
        })
    }

    /// The ARM id of the location that answers for the secondary region, when it is a cross-region restore.
    pub fn location(&self) -> Option<ArmId> {
        location_id(&self.vault, self.secondary.as_ref()?)
    }

    /// The vault and region of its job. Restores with the same key are followed with one list call.
    pub fn job_list_key(&self) -> (ArmId, Option<Region>) {
        (self.vault.clone(), self.secondary.clone())
    }

    /// The endpoint that its job is read from.
    pub fn job_endpoint(&self) -> JobEndpoint {
        JobEndpoint { vault: self.vault.clone(), location: self.location(), version: self.version.clone() }
    }

    /// Handles the answer to the trigger.
    pub fn on_trigger_response(
        &mut self,
        response: Result<&Response<Bytes>, &Fault>,
        cloud: &Cloud,
        now: OffsetDateTime,
    ) {
        if !matches!(self.stage, Stage::Intent | Stage::Sending) {
            return;
        }
        match response {
            Ok(answer) => {
                self.support_ids = support_ids(answer);
                // Azure accepts with 202 only; a 200 may be the page of a proxy.
                let accepted = match answer.status().as_u16() {
                    202 => Operation::start(
                        answer,
                        now,
                        cloud,
                        self.location().as_ref().unwrap_or(&self.vault),
                        &self.version,
                    ),
                    _ => Err(Fault::from_answer("Trigger restore", answer)),
                };
                self.stage = match accepted {
                    Ok(operation) => Stage::Operation { operation },
                    Err(fault) => Self::stage_after_failed_trigger(fault, now),
                };
                self.follow_outcome(now);
            }
            Err(fault) => self.stage = Self::stage_after_failed_trigger(fault.clone(), now),
        }
    }

    /// The stage of a restore whose trigger was not answered by a 202.
    fn stage_after_failed_trigger(fault: Fault, now: OffsetDateTime) -> Stage {
        match fault.was_sent() {
            Sent::No => Stage::NotSent { fault: Some(fault), search: None },
            Sent::Maybe => Stage::Unknown { fault: Some(fault), search: Search::new(now) },
            // A gateway's error does not say whether the service behind it has acted.
            Sent::Yes if fault.outcome_unknown() => Stage::Unknown { fault: Some(fault), search: Search::new(now) },
            Sent::Yes => Stage::Refused { fault },
        }
    }

    /// Whether another record of the same id has the same request: the same body, destination and owner.
    pub fn has_same_request(&self, other: &Self) -> bool {
        let same_body = match (&self.submitted, &other.submitted) {
            (Some(own), Some(other)) => {
                (&own.point, &own.text, &own.sha256) == (&other.point, &other.text, &other.sha256)
            }
            (own, other) => own.is_none() && other.is_none(),
        };
        self.cloud == other.cloud
            && self.vault == other.vault
            && self.secondary == other.secondary
            && self.vm == other.vm
            && self.version == other.version
            && (self.owner == other.owner || self.owner.is_unknown() || other.owner.is_unknown())
            && same_body
    }

    /// This record with the progress that another tab reports; its request stays.
    #[must_use]
    pub fn with_report(self, other: Self) -> Self {
        Self {
            hidden: other.hidden,
            imported: self.imported.or(other.imported),
            started: other.started,
            stage: other.stage,
            support_ids: other.support_ids,
            timeline: other.timeline,
            // Older versions did not store it.
            owner: if self.owner.is_unknown() { other.owner } else { self.owner },
            ..self
        }
    }

    /// Whether the outcome of sending the request is known: Azure's answer, or that it never left.
    pub const fn knows_outcome(&self) -> bool {
        !self.stage.is_being_sent() && !matches!(self.stage, Stage::Unknown { .. })
    }

    /// Whether Azure has started nothing for it, and nobody is sending it.
    pub const fn had_no_effect(&self) -> bool {
        matches!(self.stage, Stage::Refused { .. } | Stage::NotSent { .. })
    }

    /// When its state last changed.
    pub fn last_change(&self) -> OffsetDateTime {
        self.timeline.0.last().map_or(self.started, |reached| reached.at)
    }

    /// What to do at `now`.
    pub fn next_action(&self, now: OffsetDateTime) -> NextAction {
        let at = |due: OffsetDateTime, want: NextAction| if due <= now { want } else { NextAction::Wait(due) };
        match &self.stage {
            Stage::Preparing { search, .. } => at(search.next, NextAction::Prepare),
            Stage::Unknown { search, .. } | Stage::Searching { search } => {
                at(search.next, NextAction::Jobs(self.started - CLOCK_SKEW))
            }
            Stage::Operation { operation } => match operation.next(now) {
                NextStep::Poll => NextAction::Operation,
                NextStep::Wait(until) => NextAction::Wait(until),
                NextStep::Done(_) => NextAction::Nothing,
            },
            Stage::Job { tracker, .. } => match tracker.next(now) {
                NextStep::Poll => NextAction::Job(tracker.id().clone()),
                NextStep::Wait(until) => NextAction::Wait(until),
                NextStep::Done(_) => NextAction::Nothing,
            },
            Stage::Intent
            | Stage::Sending
            | Stage::Refused { .. }
            | Stage::OperationFailed { .. }
            | Stage::NotSent { .. } => NextAction::Nothing,
        }
    }

    /// There is a fresh token, so poll at once.
    pub fn on_token_renewed(&mut self, now: OffsetDateTime) {
        if let Stage::Operation { operation } = &mut self.stage {
            operation.on_token_renewed(now);
        }
        self.poll_now(now);
    }

    /// The operator wants to see it now. Does nothing during a throttle's wait, because a poll would prolong it.
    pub fn poll_now(&mut self, now: OffsetDateTime) {
        match &mut self.stage {
            Stage::Unknown { search, .. } | Stage::Searching { search } | Stage::Preparing { search, .. }
                if !search.last_error.as_ref().is_some_and(Fault::is_throttled) =>
            {
                search.next = now;
            }
            Stage::Operation { operation } => operation.poll_now(now),
            Stage::Job { tracker, .. } => tracker.poll_now(now),
            _ => {}
        }
    }

    /// The network is back, so poll at once if the last poll failed without it.
    pub fn on_network_restored(&mut self, now: OffsetDateTime) {
        match &mut self.stage {
            Stage::Operation { operation } => operation.on_network_restored(now),
            Stage::Job { tracker, .. } => tracker.on_network_restored(now),
            _ => self.poll_now(now),
        }
    }

    /// Delays the next poll of its job until `until`, as long as the job runs, because other restores share the quota.
    pub fn hold(&mut self, until: OffsetDateTime) {
        if let Stage::Job { tracker, .. } = &mut self.stage {
            tracker.hold(until);
        }
    }

    /// Handles the answer to a poll of the operation.
    pub fn on_operation_response(&mut self, response: Result<&Response<Bytes>, &Fault>, now: OffsetDateTime) {
        if let Stage::Operation { operation } = &mut self.stage {
            operation.on_response(response, now);
        }
        self.follow_outcome(now);
    }

    /// Moves to the next stage if the operation has ended.
    fn follow_outcome(&mut self, now: OffsetDateTime) {
        let Stage::Operation { operation } = &self.stage else { return };
        let NextStep::Done(ending) = operation.next(now) else { return };
        self.stage = match ending {
            OperationOutcome::Succeeded { job_ids, .. } if !job_ids.is_empty() => Stage::Job {
                tracker: JobTracker::start(&self.job_endpoint(), job_ids[0].clone(), now),
                found: JobMatch::Operation,
            },
            OperationOutcome::Failed(fault) => Stage::OperationFailed { fault },
            OperationOutcome::Cancelled => Stage::OperationFailed {
                fault: Fault::reported(
                    "Trigger restore",
                    "Canceled",
                    "Azure canceled the operation before a job was created.",
                ),
            },
            // The operation is over or unreadable and names no job, so look for it in the list.
            OperationOutcome::Succeeded { .. } | OperationOutcome::Unknown(_) | OperationOutcome::UseJobList => {
                let last_error = operation.last_error().cloned();
                Stage::Searching { search: Search { last_error, ..Search::new(now) } }
            }
        };
    }

    /// Handles the answer to `call`, which reads the job, or the fault that came instead.
    pub fn on_job_response(
        &mut self,
        call: &Call<Job>,
        response: Result<&Response<Bytes>, &Fault>,
        now: OffsetDateTime,
    ) {
        if let Stage::Job { tracker, .. } = &mut self.stage {
            tracker.on_response(call, response, now);
        }
        self.verify_guessed_job(now);
    }

    /// The job, as last seen.
    pub fn job(&self) -> Option<&Job> {
        match &self.stage {
            Stage::Job { tracker, .. } => tracker.job(),
            _ => None,
        }
    }

    /// Azure's estimate of the time that the job still takes. None for a job that is being canceled.
    pub fn remaining(&self) -> Option<Duration> {
        let job = self.job()?;
        job.remaining.filter(|_| job.status.is_running() && job.status != JobStatus::Cancelling)
    }

    /// The job's id, once known.
    pub fn job_id(&self) -> Option<&JobId> {
        match &self.stage {
            Stage::Job { tracker, .. } => Some(tracker.id()),
            _ => None,
        }
    }

    /// Whether the restore has not ended yet.
    pub fn is_running(&self) -> bool {
        match &self.stage {
            Stage::Intent
            | Stage::Sending
            | Stage::Preparing { .. }
            | Stage::Unknown { .. }
            | Stage::Operation { .. }
            | Stage::Searching { .. } => true,
            // A job that has ended in the list is read once more for its tasks and properties.
            Stage::Job { tracker, .. } => tracker.ending().is_none(),
            Stage::Refused { .. } | Stage::OperationFailed { .. } | Stage::NotSent { .. } => false,
        }
    }

    /// Whether Azure has said that its job does not exist.
    pub fn is_doubtful(&self) -> bool {
        matches!(&self.stage, Stage::Job { tracker, .. } if tracker.is_doubtful())
    }

    /// Whether the recovery point is rehydrated first, or may be.
    pub fn rehydrates(&self) -> bool {
        let known = self.submitted.as_ref().and_then(|submitted| submitted.text.read().ok());
        known.is_none_or(|known| known.request.recovery_point_rehydration_info.is_some())
    }

    /// Whether the job may be cancelled now.
    pub fn can_cancel(&self) -> bool {
        self.job().is_some_and(|j| j.cancellable)
    }

    /// When the next poll is due, and when the last one was.
    pub fn poll_times(&self) -> (Option<OffsetDateTime>, Option<OffsetDateTime>) {
        match &self.stage {
            Stage::Unknown { search, .. } | Stage::Searching { search } | Stage::Preparing { search, .. } => {
                (Some(search.next), search.last)
            }
            Stage::Operation { operation } => (Some(operation.next_poll()), operation.last_poll()),
            Stage::Job { tracker, .. } if self.is_running() => (Some(tracker.next_poll()), tracker.last_poll()),
            Stage::Job { tracker, .. } => (None, tracker.last_poll()),
            _ => (None, None),
        }
    }

    /// The job's status, once known.
    pub fn status(&self) -> Option<&JobStatus> {
        self.job().map(|j| &j.status)
    }
}

fn support_ids(answer: &Response<Bytes>) -> Vec<(String, String)> {
    [&headers::REQUEST_ID, &headers::CORRELATION_ID]
        .into_iter()
        .filter_map(|header| {
            Some((header.name().as_str().to_owned(), headers::text(answer.headers(), header)?.to_owned()))
        })
        .collect()
}

#[cfg(test)]
mod tests;
