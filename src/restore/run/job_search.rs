//! Finds a restore's job in the vault's list: by the request's id, or by machine and time if Azure does not give the id.

use std::rc::Rc;

use azure_backup::arm::fault::Fault;
use azure_backup::arm::id::JobId;
use azure_backup::backup::job::{Job, same_container};
use azure_backup::backup::job_tracker::JobTracker;
use time::OffsetDateTime;

use super::stage::SEARCH_WAITS;
use super::{CLOCK_SKEW, JobMatch, RestoreRun, SEARCH_PATIENCE, Stage};

impl RestoreRun {
    /// Handles a complete list of the vault's jobs, read for [`NextAction::Jobs`](super::NextAction::Jobs) or for all restores of the vault. `already_claimed`
    /// are the jobs that other records of this browser follow; they are not adopted.
    pub fn on_job_list(
        &mut self,
        response: Result<&[Rc<Job>], &Fault>,
        already_claimed: &[JobId],
        now: OffsetDateTime,
    ) {
        match (&mut self.stage, response) {
            (Stage::Job { .. }, Ok(jobs)) => {
                self.adopt_from_list(jobs, now);
            }
            (Stage::Job { tracker, .. }, Err(fault)) => tracker.on_list_error(fault, now),
            (Stage::Unknown { search, .. } | Stage::Searching { search }, Err(fault)) => {
                search.on_list_failed(fault, now);
            }
            (Stage::Unknown { .. } | Stage::Searching { .. }, Ok(jobs)) => self.searched(jobs, already_claimed, now),
            // The operation ends when the job is created, so one list can replace polls of many operations.
            (Stage::Operation { .. }, Ok(jobs)) => {
                self.adopt_from_list(jobs, now);
            }
            _ => {}
        }
    }

    /// Handles the first pages of the vault's jobs if a later page was not read. A job in them counts; the absence of a job
    /// proves nothing.
    pub fn on_partial_job_list(&mut self, jobs: &[Rc<Job>], fault: Option<&Fault>, now: OffsetDateTime) {
        if !self.adopt_from_list(jobs, now)
            && let Some(fault) = fault
        {
            self.on_job_list(Err(fault), &[], now);
        }
    }

    /// Takes over the state of this restore's job from a list. False if the list does not have it.
    fn adopt_from_list(&mut self, jobs: &[Rc<Job>], now: OffsetDateTime) -> bool {
        match &mut self.stage {
            Stage::Job { tracker, .. } => {
                let id = tracker.id().clone();
                let Some(job) = jobs.iter().find(|j| j.name == id) else { return false };
                tracker.on_listed(job, now);
                self.verify_guessed_job(now);
            }
            Stage::Unknown { .. } | Stage::Searching { .. } | Stage::Operation { .. } => {
                let Some(job) = jobs.iter().find(|j| self.started_job(j)) else { return false };
                self.adopt(job, JobMatch::Activity, now);
            }
            _ => return false,
        }
        true
    }

    /// Releases a job that was matched by machine and time if Azure later says that it belongs to another container.
    pub(super) fn verify_guessed_job(&mut self, now: OffsetDateTime) {
        if self.is_guessed() && self.job().and_then(|job| self.is_of_this_machine(job)) == Some(false) {
            self.release_job(now);
        }
    }

    /// Whether a job is of the machine that is restored; none if the container of either is unknown.
    fn is_of_this_machine(&self, job: &Job) -> Option<bool> {
        let own = self.submitted.as_ref()?.item.segment_after("protectionContainers")?;
        // A name without semicolons is only the machine's, which other machines of the vault may share.
        let theirs = job.container.as_deref().filter(|name| name.contains(';'))?;
        Some(same_container(own, theirs))
    }

    /// Whether the job's activity id says that this request started it.
    pub fn started_job(&self, job: &Job) -> bool {
        job.activity_id.as_deref().is_some_and(|a| a.eq_ignore_ascii_case(self.id.as_str()))
    }

    /// Whether a restore job without an activity id may have been started by this request.
    pub fn may_be_job_of(&self, job: &Job) -> bool {
        job.is_restore() && job.activity_id.is_none() && self.is_of_this_machine(job) != Some(false)
    }

    /// Corrects a record that says *not sent* when a job shows that the request was sent.
    pub fn confirm_sent_as(&mut self, job: &Job, now: OffsetDateTime) {
        if self.can_be_sent() && self.started_job(job) {
            self.adopt(job, JobMatch::Activity, now);
        }
    }

    pub(super) fn adopt(&mut self, job: &Job, found: JobMatch, now: OffsetDateTime) {
        let mut tracker = JobTracker::start(&self.job_endpoint(), job.name.clone(), now);
        tracker.on_listed(job, now);
        // The list lacks tasks and properties: the job itself is read next.
        tracker.poll_now(now);
        self.stage = Stage::Job { tracker, found };
    }

    fn searched(&mut self, jobs: &[Rc<Job>], already_claimed: &[JobId], now: OffsetDateTime) {
        if self.adopt_from_list(jobs, now) {
            return;
        }
        let begun = self.started;
        let (Stage::Unknown { search, .. } | Stage::Searching { search }) = &mut self.stage else { return };
        search.on_listed(jobs.len(), now);
        if (search.looks as usize) < SEARCH_WAITS.len() || now - begun.max(search.since) < SEARCH_PATIENCE {
            return;
        }
        let found = self.match_by_time(jobs, already_claimed);
        let (Stage::Unknown { search, .. } | Stage::Searching { search }) = &mut self.stage else { return };
        search.unclear = matches!(found, TimeMatch::Unclear).then_some(true);
        // Match by time only now: before, a job with this request's id may still appear.
        match found {
            TimeMatch::One(job) => return self.adopt(job, JobMatch::VmAndTime, now),
            // The job may be ours or that of another machine of this name, so neither "adopted" nor "not sent" would be true.
            TimeMatch::Unclear => return,
            TimeMatch::None => {}
        }
        // An accepted request gets a job, however long it takes, so only an unknown one can end as not sent.
        if let Stage::Unknown { fault, search } = &self.stage {
            self.stage = Stage::NotSent { fault: fault.clone(), search: Some(search.clone()) };
        }
    }

    /// A job that restores the same virtual machine, began after the click and is followed by no other record of this browser. Machines are compared
    /// by container, because several machines of a vault may share a name.
    fn match_by_time<'a>(&self, jobs: &'a [Rc<Job>], already_claimed: &[JobId]) -> TimeMatch<'a> {
        let window = self.started - CLOCK_SKEW..=self.started + SEARCH_PATIENCE + CLOCK_SKEW;
        let free = |j: &Job| j.is_restore() && !already_claimed.contains(&j.name);
        // A member that a job lacks excludes nothing.
        let named = |j: &Job| j.entity.as_deref().is_none_or(|e| e.eq_ignore_ascii_case(&self.vm));
        let then = |j: &Job| j.start.map(|s| window.contains(&s));
        let ours = |j: &Job| self.is_of_this_machine(j);
        let sure = |j: &&Rc<Job>| free(j) && ours(j) == Some(true) && then(j) == Some(true) && named(j);
        let may_be = |j: &Rc<Job>| free(j) && ours(j) != Some(false) && then(j) != Some(false) && named(j);
        match jobs.iter().filter(sure).max_by_key(|j| j.start) {
            Some(job) => TimeMatch::One(job),
            None if jobs.iter().any(may_be) => TimeMatch::Unclear,
            None => TimeMatch::None,
        }
    }
}

/// What a search by machine and time has found.
enum TimeMatch<'a> {
    /// A job of this machine.
    One(&'a Job),
    /// Only jobs that do not name their container.
    Unclear,
    /// None.
    None,
}
