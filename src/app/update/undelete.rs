//! *Undelete*: the request that was on the screen, the operation and job that follow it, and the lists read again.

use std::rc::Rc;

use azure_backup::arm::call::Call;
use azure_backup::arm::fault::Fault;
use azure_backup::arm::id::ArmId;
use azure_backup::arm::operation::{NextStep, Operation, OperationOutcome};
use azure_backup::backup::job::{Job, JobEndpoint, JobStatus};
use azure_backup::backup::job_tracker::{JobOutcome, JobTracker};
use bytes::Bytes;
use http::Response;
use time::{Duration, OffsetDateTime};

use super::UpdateContext;
use super::shown_request::canceled;
use crate::app::effect::CallId;
use crate::app::key::Key;
use crate::app::state::Purpose;
use crate::app::undelete::{Stage, Undeleting, lists_of};

const CALL: &str = "Undelete";
/// The lists are read anew so often and at such intervals until what was undeleted is in them: three minutes.
const MAX_LIST_READS: u8 = 18;
const LIST_READ_INTERVAL: Duration = Duration::seconds(10);

impl UpdateContext<'_> {
    /// Sends the request that was shown: one that has changed since is shown anew, and not sent.
    pub(super) fn undelete(&mut self, id: &ArmId, shown: &str) {
        if !self.state.connected() || self.state.undeleting(id).is_some_and(Undeleting::runs) {
            return;
        }
        let request = self.state.undelete_request(id).filter(|request| request.sha256 == shown);
        let Some(request) = request else {
            return self.refuse_changed_request();
        };
        let vault = match self.state.deleted_vault(id) {
            Some(deleted) => deleted.vault.clone(),
            None => id.up_to("vaults"),
        };
        let (cloud, Some(vault), Some(number)) = (self.state.cloud(), vault, self.env.id()) else { return };
        let (call, stage) = match request.call.request(&cloud, &number) {
            Ok(http) => (Some(self.send(request.call.name, http, Purpose::Undelete(id.clone()))), Stage::Sent),
            Err(refused) => (None, failed(Fault::refused(CALL, &refused), false)),
        };
        self.state.undeleting.retain(|one| one.id != *id);
        let identity = self.state.identity();
        self.state.undeleting.push(Undeleting { id: id.clone(), vault, identity, call, stage });
    }

    fn stage_of(&mut self, id: &ArmId, call: Option<CallId>, stage: Stage) {
        if let Some(one) = self.state.undeleting.iter_mut().find(|one| one.id == *id) {
            (one.call, one.stage) = (call, stage);
        }
    }

    pub(super) fn on_undelete_response(&mut self, id: &ArmId, call: CallId, result: Result<Response<Bytes>, Fault>) {
        let (now, cloud) = (self.env.now, self.state.cloud());
        let Some(one) = self.state.undeleting(id).filter(|one| one.call == Some(call)).cloned() else { return };
        match one.stage {
            Stage::Sent => {
                let version = self.state.settings.versions.primary.clone();
                let begun = result.and_then(|answer| {
                    // A refusal of Azure's is read as such first.
                    Operation::start(&answer, now, &cloud, &one.vault, &version)
                        .map(|operation| (answer.status(), operation))
                });
                match begun {
                    Ok((status, _)) if status == http::StatusCode::OK => self.start_reading_lists(id),
                    Ok((_, operation)) => self.advance_operation(id, Box::new(operation)),
                    Err(fault) => {
                        let unknown = fault.outcome_unknown();
                        self.stage_of(id, None, failed(fault, unknown));
                    }
                }
            }
            Stage::Operation(mut operation) => {
                operation.on_response(result.as_ref(), now);
                self.advance_operation(id, operation);
            }
            Stage::Job(_) | Stage::Reading { .. } | Stage::Over | Stage::Failed { .. } => {}
        }
    }

    /// The answer of a poll of the job.
    pub(super) fn undeletion_job_heard(
        &mut self,
        id: &ArmId,
        number: CallId,
        call: &Call<Job>,
        result: Result<&Response<Bytes>, &Fault>,
    ) {
        let Some(one) = self.state.undeleting(id).filter(|one| one.call == Some(number)).cloned() else { return };
        if let Stage::Job(mut job) = one.stage {
            job.on_response(call, result, self.env.now);
            self.advance_job(id, job);
        }
    }

    fn advance_operation(&mut self, id: &ArmId, operation: Box<Operation>) {
        let now = self.env.now;
        match operation.next(now) {
            NextStep::Done(OperationOutcome::Succeeded { job_ids, .. }) => {
                match (job_ids.first(), id.up_to("vaults")) {
                    (Some(job), Some(vault)) => {
                        let source = JobEndpoint {
                            vault,
                            location: None,
                            version: self.state.settings.versions.primary.clone(),
                        };
                        self.advance_job(id, Box::new(JobTracker::start(&source, job.clone(), now)));
                    }
                    _ => self.start_reading_lists(id),
                }
            }
            NextStep::Done(OperationOutcome::Failed(fault)) => self.undelete_failed(id, fault),
            NextStep::Done(OperationOutcome::Cancelled) => {
                self.undelete_failed(id, canceled(CALL));
            }
            // What Azure lists has to tell.
            NextStep::Done(OperationOutcome::Unknown(_) | OperationOutcome::UseJobList) => self.start_reading_lists(id),
            NextStep::Poll | NextStep::Wait(_) => self.stage_of(id, None, Stage::Operation(operation)),
        }
    }

    fn advance_job(&mut self, id: &ArmId, job: Box<JobTracker>) {
        match job.next(self.env.now) {
            NextStep::Done(JobOutcome::Job(status @ (JobStatus::Failed | JobStatus::Cancelled))) => {
                let why =
                    format!("The vault's job {} ended as {status}. Its errors are in the list of jobs.", job.id());
                self.undelete_failed(id, Fault::reported(CALL, "", &why));
            }
            NextStep::Done(_) => self.start_reading_lists(id),
            NextStep::Poll | NextStep::Wait(_) => self.stage_of(id, None, Stage::Job(job)),
        }
    }

    fn undelete_failed(&mut self, id: &ArmId, fault: Fault) {
        self.announce("Undelete failed");
        self.stage_of(id, None, failed(fault, false));
    }

    /// Reads what Azure lists, now and for a while.
    fn start_reading_lists(&mut self, id: &ArmId) {
        let at = self.env.now;
        self.stage_of(id, None, Stage::Reading { at, left: MAX_LIST_READS });
    }

    /// What is due; and when the next thing is.
    pub(super) fn poll_undeletions(&mut self) -> Option<OffsetDateTime> {
        let now = self.env.now;
        let mut next: Option<OffsetDateTime> = None;
        for one in self.state.undeleting.clone().into_iter().filter(|one| one.call.is_none()) {
            let cloud = self.state.cloud();
            let (wait, due) = match &one.stage {
                Stage::Operation(operation) => match operation.next(now) {
                    NextStep::Wait(until) => (Some(until), None),
                    NextStep::Poll => (
                        None,
                        self.env.id().map(|id| {
                            let request = operation.call(&cloud).and_then(|call| call.request(&cloud, &id));
                            (request, Purpose::Undelete(one.id.clone()))
                        }),
                    ),
                    NextStep::Done(_) => (None, None),
                },
                Stage::Job(job) => match job.next(now) {
                    NextStep::Wait(until) => (Some(until), None),
                    NextStep::Poll => (
                        None,
                        self.env.id().map(|id| {
                            let call = job.call();
                            (call.request(&cloud, &id), Purpose::UndeleteJob(one.id.clone(), call))
                        }),
                    ),
                    NextStep::Done(_) => (None, None),
                },
                Stage::Reading { at, left } => (self.read_lists(&one.id, *at, *left), None),
                _ => (None, None),
            };
            match due {
                Some((Ok(request), purpose)) => {
                    let call = self.send(CALL, request, purpose);
                    self.stage_of(&one.id, Some(call), one.stage);
                }
                Some((Err(refused), _)) => self.undelete_failed(&one.id, Fault::refused(CALL, &refused)),
                None => next = next.into_iter().chain(wait).min(),
            }
        }
        next
    }

    /// Reads the lists if it is time, until what was undeleted is in them; gives the time of the next poll.
    fn read_lists(&mut self, id: &ArmId, at: OffsetDateTime, left: u8) -> Option<OffsetDateTime> {
        let now = self.env.now;
        let read = MAX_LIST_READS - left;
        if read > 0 && self.state.is_back(id) {
            self.announce("Undelete finished");
            self.stage_of(id, None, Stage::Over);
            // Its points and the list of machines are told anew, too.
            self.state
                .catalog
                .forget(|key| matches!(key, Key::Fleet) || matches!(key, Key::Points(item) if item == id));
            self.read_needed();
            return None;
        }
        if now < at {
            return Some(at);
        }
        if left == 0 {
            self.stage_of(id, None, Stage::Over);
            return None;
        }
        for key in lists_of(id) {
            // What was read may have been forgotten meanwhile: another api-version, another sign-in.
            if self.state.catalog.entry(&key).is_none_or(|entry| entry.reading.is_none()) {
                self.ask(&key);
            }
        }
        let at = now + LIST_READ_INTERVAL;
        self.stage_of(id, None, Stage::Reading { at, left: left - 1 });
        Some(at)
    }

    /// Whoever leaves follows nothing any more.
    pub(super) fn forget_undeletions(&mut self) {
        self.state.undeleting.clear();
    }

    /// Another account has connected: what another one has begun it does not follow.
    pub(super) fn forget_undeletions_of_others(&mut self) {
        let identity = self.state.identity();
        self.state.undeleting.retain(|one| one.identity == identity);
    }
}

fn failed(fault: Fault, unknown: bool) -> Stage {
    Stage::Failed { fault: Rc::new(fault), unknown }
}
