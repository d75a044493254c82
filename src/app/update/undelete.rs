//! *Undelete*: the request that was on the screen, the job that follows it, and the lists read again.

use std::rc::Rc;

use azure_backup::arm::call::Call;
use azure_backup::arm::fault::Fault;
use azure_backup::arm::id::ArmId;
use azure_backup::arm::operation::NextStep;
use azure_backup::backup::job::{Job, JobEndpoint, JobStatus};
use azure_backup::backup::job_tracker::{JobOutcome, JobTracker};
use bytes::Bytes;
use http::Response;
use time::{Duration, OffsetDateTime};

use super::UpdateContext;
use crate::app::effect::CallId;
use crate::app::follower::{End, Followed};
use crate::app::key::Key;
use crate::app::purpose::Purpose;
use crate::app::sent::{SentStage, SentSubject};
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
        let Some(vault) = vault else { return };
        let version = self.state.settings.versions.primary.clone();
        let of = Followed::Undeletion(id.clone());
        self.note_sent(SentSubject::Undeletion { id: id.clone(), vault: vault.clone() }, &request.sha256);
        let stage = match self.begin(of.clone(), &request, vault.clone(), version) {
            None => return self.note_sent_stage(&of, None),
            Some(Ok(follower)) => Stage::Following(follower),
            Some(Err(fault)) => {
                self.note_sent_stage(&of, None);
                Stage::Failed { fault: Rc::new(fault), unknown: false }
            }
        };
        self.state.undeleting.retain(|one| one.id != *id);
        let identity = self.state.identity();
        self.state.undeleting.push(Undeleting { id: id.clone(), vault, identity, call: None, stage });
    }

    /// How far it is now. Its end is also written down.
    fn stage_of(&mut self, id: &ArmId, call: Option<CallId>, stage: Stage) {
        let end = match &stage {
            Stage::Over => Some(SentStage::Done),
            Stage::Failed { fault, unknown } => Some(SentStage::Failed { fault: fault.clone(), unknown: *unknown }),
            Stage::Following(_) | Stage::Job(_) | Stage::Reading { .. } => None,
        };
        if end.is_some() {
            self.note_sent_stage(&Followed::Undeletion(id.clone()), end);
        }
        if let Some(one) = self.state.undeleting.iter_mut().find(|one| one.id == *id) {
            (one.call, one.stage) = (call, stage);
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

    pub(super) fn undeletion_ended(&mut self, id: &ArmId, end: End) {
        match (end, id.up_to("vaults")) {
            (End::Succeeded { job: Some(job), .. }, Some(vault)) => {
                let version = self.state.settings.versions.primary.clone();
                let source = JobEndpoint { vault, location: None, version };
                self.advance_job(id, Box::new(JobTracker::start(&source, job, self.env.now)));
            }
            (End::Failed { fault, unknown }, _) => self.undelete_failed(id, fault, unknown),
            // What Azure lists has to tell.
            (End::Succeeded { .. } | End::Lost, _) => self.start_reading_lists(id),
        }
    }

    fn advance_job(&mut self, id: &ArmId, job: Box<JobTracker>) {
        match job.next(self.env.now) {
            NextStep::Done(JobOutcome::Job(status @ (JobStatus::Failed | JobStatus::Cancelled))) => {
                let why =
                    format!("The vault's job {} ended as {status}. Its errors are in the list of jobs.", job.id());
                self.undelete_failed(id, Fault::reported(CALL, "", &why), false);
            }
            NextStep::Done(_) => self.start_reading_lists(id),
            NextStep::Poll | NextStep::Wait(_) => self.stage_of(id, None, Stage::Job(job)),
        }
    }

    fn undelete_failed(&mut self, id: &ArmId, fault: Fault, unknown: bool) {
        self.announce("Undelete failed");
        self.stage_of(id, None, Stage::Failed { fault: Rc::new(fault), unknown });
    }

    /// Reads what Azure lists, now and for a while.
    pub(super) fn start_reading_lists(&mut self, id: &ArmId) {
        let at = self.env.now;
        self.stage_of(id, None, Stage::Reading { at, left: MAX_LIST_READS });
    }

    /// What is due; and when the next thing is.
    pub(super) fn poll_undeletions(&mut self) -> Option<OffsetDateTime> {
        let now = self.env.now;
        let mut next: Option<OffsetDateTime> = None;
        for one in self.state.undeleting.clone().into_iter().filter(|one| one.call.is_none()) {
            let wait = match &one.stage {
                Stage::Job(job) => match job.next(now) {
                    NextStep::Wait(until) => Some(until),
                    NextStep::Poll => {
                        self.poll_undeletion_job(&one.id, job);
                        None
                    }
                    NextStep::Done(_) => None,
                },
                Stage::Reading { at, left } => self.read_lists(&one.id, *at, *left),
                _ => None,
            };
            next = next.into_iter().chain(wait).min();
        }
        next
    }

    fn poll_undeletion_job(&mut self, id: &ArmId, job: &JobTracker) {
        let Some(number) = self.env.id() else { return };
        let call = job.call();
        match call.request(&self.state.cloud(), &number) {
            Ok(request) => {
                let call = self.send(CALL, request, Purpose::UndeleteJob(id.clone(), call));
                self.stage_of(id, Some(call), Stage::Job(Box::new(job.clone())));
            }
            Err(refused) => self.undelete_failed(id, Fault::refused(CALL, &refused), false),
        }
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
}
