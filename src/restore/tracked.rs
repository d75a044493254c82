//! One restore from the click to its end, as a state machine: told the time and Azure's answers, it says what to
//! look at next. Everything in it is plain data, so that it survives a reload, a crash and another tab.
//!
//! A restore is sent at most once. If the answer to the trigger is lost, nobody can tell whether the request was:
//! then the vault's jobs are looked at, and the restore is adopted from there or shown to be absent. The program
//! never sends it again by itself.

mod stored;

use azure_backup::arm::cloud::Cloud;
use azure_backup::arm::fault::{Fault, Sent};
use azure_backup::arm::headers;
use azure_backup::arm::id::{ArmId, ClientRequestId, JobId};
use azure_backup::arm::operation::{Ending, Next, Operation};
use azure_backup::arm::version::ApiVersion;
use azure_backup::backup::job::{Job, JobStatus};
use azure_backup::backup::job_tracker::JobTracker;
use azure_backup::backup::restore_request::TriggerBody;
use bytes::Bytes;
use http::Response;
use time::{Duration, OffsetDateTime};

use super::facts::Facts;
use super::plan::Plan;
use super::scenario::Scenario;

/// Waits before the looks into the job list while the outcome is unknown or the operation cannot be read. An
/// operation creates its job within 1 to 2 s, 66 s at the slowest of 300 recorded ones; the last wait repeats.
const SEARCH_WAITS: [Duration; 5] =
    [Duration::seconds(5), Duration::seconds(10), Duration::seconds(20), Duration::seconds(40), Duration::seconds(60)];
/// So long after the click a job that is not in the list is not coming: over twice the slowest recorded creation.
const SEARCH_PATIENCE: Duration = Duration::minutes(3);
/// Clocks of the browser and of Azure may differ by so much when a job is matched by its time.
const CLOCK_SKEW: Duration = Duration::minutes(5);

/// A restore of this browser.
#[derive(Clone, Debug, PartialEq)]
pub struct Tracked {
    /// `x-ms-client-request-id` of the trigger; also the identity of this record.
    pub id: ClientRequestId,
    /// Name of the cloud whose origins were configured when it began.
    pub cloud: String,
    /// The vault.
    pub vault: ArmId,
    /// The protected item.
    pub item: ArmId,
    /// The recovery point.
    pub point: ArmId,
    /// When the recovery point was taken.
    pub point_time: OffsetDateTime,
    /// Name of the source.
    pub vm: String,
    /// What is restored.
    pub scenario: Scenario,
    /// What it does, in a sentence.
    pub effect: String,
    /// The api-version of every call.
    pub version: ApiVersion,
    /// The body, exactly as sent.
    pub text: String,
    /// Its SHA-256.
    pub sha256: String,
    /// Names of the disks asked for, where disks were selected: compared with what the job says it restored.
    pub expected_disks: Option<Vec<String>>,
    /// When the operator clicked.
    pub begun: OffsetDateTime,
    /// Where it stands.
    pub stage: Stage,
    /// Request and correlation ids of Azure's answer to the trigger, for support.
    pub support_ids: Vec<(String, String)>,
}

/// Where a restore stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Stage {
    /// Saved; the request has not left.
    Intent,
    /// The request is on its way.
    Sending,
    /// The answer is lost: the vault's jobs are searched.
    Unknown {
        /// What happened to the answer.
        fault: Option<Fault>,
        /// The search.
        search: Search,
    },
    /// Accepted; the operation that creates the job is followed.
    Operation {
        /// The operation.
        operation: Operation,
    },
    /// Accepted, but no header of the answer can be read: the vault's jobs are searched.
    Searching {
        /// The search.
        search: Search,
    },
    /// The job is followed.
    Job {
        /// The job.
        tracker: JobTracker,
        /// How the job was found.
        found: Found,
    },
    /// Azure refused the request.
    Refused {
        /// Its words.
        fault: Fault,
    },
    /// It was accepted and the operation failed: no job.
    OperationFailed {
        /// Azure's words.
        fault: Fault,
    },
    /// The request provably did not arrive.
    NotSent {
        /// What happened.
        fault: Option<Fault>,
    },
}

/// How the job became known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// The operation named it.
    Operation,
    /// Its activity id is our request id.
    Activity,
    /// It restores the same virtual machine since the click.
    VmAndTime,
}

/// A search of the vault's jobs.
#[derive(Clone, Debug, PartialEq)]
pub struct Search {
    /// Since when.
    pub since: OffsetDateTime,
    /// Looks that were answered.
    pub looks: u32,
    /// The next one.
    pub next: OffsetDateTime,
    /// The last one.
    pub last: Option<OffsetDateTime>,
    /// What went wrong with the last one.
    pub trouble: Option<Fault>,
}

impl Search {
    fn new(now: OffsetDateTime) -> Self {
        Self { since: now, looks: 0, next: now + SEARCH_WAITS[0], last: None, trouble: None }
    }

    fn looked(&mut self, now: OffsetDateTime) {
        self.looks += 1;
        let wait = SEARCH_WAITS.get(self.looks as usize).unwrap_or(&SEARCH_WAITS[SEARCH_WAITS.len() - 1]);
        self.next = now + *wait;
        self.last = Some(now);
        self.trouble = None;
    }

    fn failed(&mut self, fault: &Fault, now: OffsetDateTime) {
        self.last = Some(now);
        let asked = fault.retry_after.map(|r| r.due(now));
        self.next = asked.unwrap_or(now).max(now + SEARCH_WAITS[SEARCH_WAITS.len() - 1]);
        self.trouble = Some(fault.clone());
    }
}

/// What a restore waits for.
#[derive(Clone, Debug, PartialEq)]
pub enum Wants {
    /// Nothing: it is over, or the trigger is on its way.
    Nothing,
    /// Nothing before this time.
    Wait(OffsetDateTime),
    /// A look at the operation.
    Operation,
    /// A look into the vault's jobs since this time.
    Jobs(OffsetDateTime),
    /// A look at this job, alone or in the vault's list.
    Job(JobId),
}

impl Stage {
    /// Whether the request has not been heard of since it was to leave: only the tab that sends it knows more.
    pub const fn is_leaving(&self) -> bool {
        matches!(self, Self::Intent | Self::Sending)
    }
}

impl Tracked {
    /// The intent to send `plan`; save it before the request leaves.
    pub fn intent(plan: &Plan, facts: &Facts, cloud: &Cloud, id: ClientRequestId, now: OffsetDateTime) -> Self {
        let luns = plan.request.restore_disk_lun_list.as_ref();
        let expected_disks = luns.and_then(|luns| {
            let disks = facts.point.disks.as_ref()?.included.as_ref()?;
            let wanted = disks.iter().filter(|d| d.lun == super::facts::OS_DISK_LUN || luns.contains(&d.lun));
            Some(wanted.map(|d| d.name.clone()).collect())
        });
        Self {
            id,
            cloud: cloud.name.clone(),
            vault: plan.vault.clone(),
            item: plan.item.clone(),
            point: plan.point.clone(),
            point_time: facts.point.time,
            vm: plan.vm.clone(),
            scenario: plan.scenario,
            effect: plan.effect.clone(),
            version: plan.version.clone(),
            text: plan.text().to_owned(),
            sha256: plan.sha256.clone(),
            expected_disks,
            begun: now,
            stage: Stage::Intent,
            support_ids: Vec::new(),
        }
    }

    /// The request leaves now.
    pub fn sending(&mut self) {
        if matches!(self.stage, Stage::Intent) {
            self.stage = Stage::Sending;
        }
    }

    /// To be sent again: Azure refused it for want of a sign-in, so that nothing came of it. The very bytes that were reviewed.
    pub fn again(&mut self, now: OffsetDateTime) -> Option<TriggerBody> {
        match &self.stage {
            Stage::Refused { fault } if fault.needs_sign_in() => {
                self.stage = Stage::Intent;
                self.begun = now;
                Some(TriggerBody::reviewed(self.text.clone(), &self.version))
            }
            _ => None,
        }
    }

    /// The answer to the trigger.
    pub fn heard_trigger(&mut self, heard: Result<&Response<Bytes>, &Fault>, cloud: &Cloud, now: OffsetDateTime) {
        if !matches!(self.stage, Stage::Intent | Stage::Sending) {
            return;
        }
        match heard {
            Ok(answer) => {
                self.support_ids = support_ids(answer);
                // A page of a proxy may come with 200; Azure accepts with 202 alone.
                let accepted = match answer.status().as_u16() {
                    202 => Operation::start(answer, now, cloud, &self.vault, &self.version),
                    _ => Err(Fault::from_answer("Trigger restore", answer)),
                };
                self.stage = match accepted {
                    Ok(operation) => Stage::Operation { operation },
                    Err(fault) => Self::untriggered(fault, now),
                };
                self.settle(now);
            }
            Err(fault) => self.stage = Self::untriggered(fault.clone(), now),
        }
    }

    /// Where a restore stands whose trigger was not answered by a 202.
    fn untriggered(fault: Fault, now: OffsetDateTime) -> Stage {
        match fault.was_sent() {
            Sent::No => Stage::NotSent { fault: Some(fault) },
            Sent::Maybe => Stage::Unknown { fault: Some(fault), search: Search::new(now) },
            // A gateway's error says nothing of what the service behind it has done by then.
            Sent::Yes if fault.outcome_unknown() => Stage::Unknown { fault: Some(fault), search: Search::new(now) },
            Sent::Yes => Stage::Refused { fault },
        }
    }

    /// After a reload: a request that was on its way may or may not have arrived.
    pub fn resumed(&mut self, now: OffsetDateTime) {
        if matches!(self.stage, Stage::Intent | Stage::Sending) {
            self.stage = Stage::Unknown { fault: None, search: Search::new(now) };
        }
    }

    /// What to do at `now`.
    pub fn wants(&self, now: OffsetDateTime) -> Wants {
        let at = |due: OffsetDateTime, want: Wants| if due <= now { want } else { Wants::Wait(due) };
        match &self.stage {
            Stage::Unknown { search, .. } | Stage::Searching { search } => {
                at(search.next, Wants::Jobs(self.begun - CLOCK_SKEW))
            }
            Stage::Operation { operation } => match operation.next(now) {
                Next::Look => Wants::Operation,
                Next::Wait(until) => Wants::Wait(until),
                Next::Ended(_) => Wants::Nothing,
            },
            Stage::Job { tracker, .. } => match tracker.next(now) {
                Next::Look => Wants::Job(tracker.id().clone()),
                Next::Wait(until) => Wants::Wait(until),
                Next::Ended(_) => Wants::Nothing,
            },
            Stage::Intent
            | Stage::Sending
            | Stage::Refused { .. }
            | Stage::OperationFailed { .. }
            | Stage::NotSent { .. } => Wants::Nothing,
        }
    }

    /// The operator wants to see it now. During a throttle's wait nothing changes: asking would prolong it.
    pub fn look_now(&mut self, now: OffsetDateTime) {
        match &mut self.stage {
            Stage::Unknown { search, .. } | Stage::Searching { search }
                if !search.trouble.as_ref().is_some_and(Fault::is_throttled) =>
            {
                search.next = now;
            }
            Stage::Operation { operation } => operation.look_now(now),
            Stage::Job { tracker, .. } => tracker.look_now(now),
            _ => {}
        }
    }

    /// The answer of a look at the operation.
    pub fn heard_operation(&mut self, heard: Result<&Response<Bytes>, &Fault>, now: OffsetDateTime) {
        if let Stage::Operation { operation } = &mut self.stage {
            operation.heard(heard, now);
        }
        self.settle(now);
    }

    /// Goes on where the operation has ended.
    fn settle(&mut self, now: OffsetDateTime) {
        let Stage::Operation { operation } = &self.stage else { return };
        let Next::Ended(ending) = operation.next(now) else { return };
        self.stage = match ending {
            Ending::Succeeded { job_ids, .. } if !job_ids.is_empty() => Stage::Job {
                tracker: JobTracker::start(&self.vault, job_ids[0].clone(), &self.version, now),
                found: Found::Operation,
            },
            Ending::Failed(fault) => Stage::OperationFailed { fault },
            Ending::Cancelled => Stage::OperationFailed {
                fault: Fault::reported(
                    "Trigger restore",
                    "Canceled",
                    "Azure cancelled the operation before it created a job.",
                ),
            },
            // The operation is over or unreadable and names no job: the list will.
            Ending::Succeeded { .. } | Ending::Unknown(_) | Ending::LookInJobList => {
                Stage::Searching { search: Search::new(now) }
            }
        };
    }

    /// The vault's jobs, asked for by [`Wants::Jobs`] or in a common round. `taken` are the jobs that other records of
    /// this browser follow: a restore of the same virtual machine that is somebody else's is not adopted.
    pub fn heard_jobs(&mut self, heard: Result<&[Job], &Fault>, taken: &[JobId], now: OffsetDateTime) {
        match (&mut self.stage, heard) {
            (Stage::Job { tracker, .. }, Ok(jobs)) => {
                let id = tracker.id().clone();
                if let Some(job) = jobs.iter().find(|j| j.name == id) {
                    tracker.listed(job, now);
                }
            }
            (Stage::Job { tracker, .. }, Err(fault)) => tracker.heard(Err(fault), now),
            (Stage::Unknown { search, .. } | Stage::Searching { search }, Err(fault)) => search.failed(fault, now),
            (Stage::Unknown { .. } | Stage::Searching { .. }, Ok(jobs)) => self.searched(jobs, taken, now),
            _ => {}
        }
    }

    fn searched(&mut self, jobs: &[Job], taken: &[JobId], now: OffsetDateTime) {
        if let Some((job, found)) = self.own_job(jobs, taken) {
            let mut tracker = JobTracker::start(&self.vault, job.name.clone(), &self.version, now);
            tracker.listed(job, now);
            // The list lacks tasks and properties: the job itself is read next.
            tracker.look_now(now);
            self.stage = Stage::Job { tracker, found };
            return;
        }
        let begun = self.begun;
        match &mut self.stage {
            Stage::Unknown { fault, search } => {
                search.looked(now);
                if search.looks as usize >= SEARCH_WAITS.len() && now - begun.max(search.since) >= SEARCH_PATIENCE {
                    self.stage = Stage::NotSent { fault: fault.clone() };
                }
            }
            // Accepted is accepted: the job will come, however long it takes.
            Stage::Searching { search } => search.looked(now),
            _ => {}
        }
    }

    fn own_job<'a>(&self, jobs: &'a [Job], taken: &[JobId]) -> Option<(&'a Job, Found)> {
        let ours = |j: &&Job| j.activity_id.as_deref().is_some_and(|a| a.eq_ignore_ascii_case(self.id.as_str()));
        if let Some(job) = jobs.iter().find(ours) {
            return Some((job, Found::Activity));
        }
        let window = self.begun - CLOCK_SKEW..=self.begun + SEARCH_PATIENCE + CLOCK_SKEW;
        let same = |j: &&Job| {
            j.operation.to_ascii_lowercase().contains("restore")
                && j.entity.as_deref().is_some_and(|e| e.eq_ignore_ascii_case(&self.vm))
                && j.start.is_some_and(|s| window.contains(&s))
                && !taken.contains(&j.name)
        };
        jobs.iter().filter(same).max_by_key(|j| j.start).map(|j| (j, Found::VmAndTime))
    }

    /// The answer of a look at the job itself.
    pub fn heard_job(&mut self, heard: Result<&Response<Bytes>, &Fault>, now: OffsetDateTime) {
        if let Stage::Job { tracker, .. } = &mut self.stage {
            tracker.heard(heard, now);
        }
    }

    /// The job, as last seen.
    pub fn job(&self) -> Option<&Job> {
        match &self.stage {
            Stage::Job { tracker, .. } => tracker.job(),
            _ => None,
        }
    }

    /// The job's id, once known.
    pub fn job_id(&self) -> Option<&JobId> {
        match &self.stage {
            Stage::Job { tracker, .. } => Some(tracker.id()),
            _ => None,
        }
    }

    /// Whether anything is still to be waited for.
    pub fn is_running(&self) -> bool {
        match &self.stage {
            Stage::Intent
            | Stage::Sending
            | Stage::Unknown { .. }
            | Stage::Operation { .. }
            | Stage::Searching { .. } => true,
            // A job that the list shows as over is read once more, for its tasks and properties.
            Stage::Job { tracker, .. } => tracker.ending().is_none(),
            Stage::Refused { .. } | Stage::OperationFailed { .. } | Stage::NotSent { .. } => false,
        }
    }

    /// Whether the recovery point is brought back from the archive first.
    pub fn rehydrates(&self) -> bool {
        self.text.contains("recoveryPointRehydrationInfo")
    }

    /// Whether the job may be cancelled now.
    pub fn can_cancel(&self) -> bool {
        self.job().is_some_and(|j| j.cancellable)
    }

    /// When the next look is due, and when the last one was.
    pub fn looks(&self) -> (Option<OffsetDateTime>, Option<OffsetDateTime>) {
        match &self.stage {
            Stage::Unknown { search, .. } | Stage::Searching { search } => (Some(search.next), search.last),
            Stage::Operation { operation } => (Some(operation.next_look()), operation.last_look()),
            Stage::Job { tracker, .. } if self.is_running() => (Some(tracker.next_look()), tracker.last_look()),
            Stage::Job { tracker, .. } => (None, tracker.last_look()),
            _ => (None, None),
        }
    }

    /// What stands in the way of looking, while it goes on.
    pub fn trouble(&self) -> Option<&Fault> {
        match &self.stage {
            Stage::Unknown { search, .. } | Stage::Searching { search } => search.trouble.as_ref(),
            Stage::Operation { operation } => operation.trouble(),
            Stage::Job { tracker, .. } if self.is_running() => tracker.trouble(),
            _ => None,
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
        .filter_map(|name| Some((name.to_string(), answer.headers().get(name)?.to_str().ok()?.to_owned())))
        .collect()
}

#[cfg(test)]
mod tests;
