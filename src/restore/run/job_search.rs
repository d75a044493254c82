//! The vault's list of jobs, and which of them is a restore's own: by the request's id, or by machine and time where nothing better is told.

use std::rc::Rc;

use azure_backup::arm::fault::Fault;
use azure_backup::arm::id::JobId;
use azure_backup::backup::job::{Job, same_container};
use azure_backup::backup::job_tracker::JobTracker;
use time::OffsetDateTime;

use super::stage::SEARCH_WAITS;
use super::{CLOCK_SKEW, JobMatch, RestoreRun, SEARCH_PATIENCE, Stage};

impl RestoreRun {
    /// The vault's jobs, asked for by [`NextAction::Jobs`](super::NextAction::Jobs) or in a common round. `already_claimed` are the jobs that other records of
    /// this browser follow: a restore of the same virtual machine that is somebody else's is not adopted.
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
            (Stage::Unknown { search, .. } | Stage::Searching { search }, Err(fault)) => search.failed(fault, now),
            (Stage::Unknown { .. } | Stage::Searching { .. }, Ok(jobs)) => self.searched(jobs, already_claimed, now),
            // The operation ends when the job is created: one list may spare many looks at operations.
            (Stage::Operation { .. }, Ok(jobs)) => {
                self.adopt_from_list(jobs, now);
            }
            _ => {}
        }
    }

    /// The first pages of the vault's jobs, of which a later one was not asked for, or could not be read. What they hold, they prove; what they
    /// lack proves nothing.
    pub fn on_partial_job_list(&mut self, jobs: &[Rc<Job>], fault: Option<&Fault>, now: OffsetDateTime) {
        if !self.adopt_from_list(jobs, now)
            && let Some(fault) = fault
        {
            self.on_job_list(Err(fault), &[], now);
        }
    }

    /// Takes over what jobs say of this very restore. False when none of them does.
    fn adopt_from_list(&mut self, jobs: &[Rc<Job>], now: OffsetDateTime) -> bool {
        match &mut self.stage {
            Stage::Job { tracker, .. } => {
                let id = tracker.id().clone();
                let Some(job) = jobs.iter().find(|j| j.name == id) else { return false };
                tracker.on_listed(job, now);
                self.verify_guessed_job(now);
            }
            Stage::Unknown { .. } | Stage::Searching { .. } | Stage::Operation { .. } => {
                let Some(job) = jobs.iter().find(|j| self.made(j)) else { return false };
                self.adopt(job, JobMatch::Activity, now);
            }
            _ => return false,
        }
        true
    }

    /// Gives a job back that was taken by machine and time, once Azure says that it is of another container.
    pub(super) fn verify_guessed_job(&mut self, now: OffsetDateTime) {
        if self.is_guessed() && self.job().and_then(|job| self.is_of_this_machine(job)) == Some(false) {
            self.release_job(now);
        }
    }

    /// Whether a job is of the machine that is restored; none where one of the two does not say.
    fn is_of_this_machine(&self, job: &Job) -> Option<bool> {
        let own = self.submitted.as_ref()?.item.segment_after("protectionContainers")?;
        // A name without semicolons is the machine's alone, which others of the vault may have.
        let theirs = job.container.as_deref().filter(|name| name.contains(';'))?;
        Some(same_container(own, theirs))
    }

    /// Whether a job says that it came of this very request.
    pub fn made(&self, job: &Job) -> bool {
        job.activity_id.as_deref().is_some_and(|a| a.eq_ignore_ascii_case(self.id.as_str()))
    }

    /// Whether a job that restores does not say of which request it came, and may have come of this one.
    pub fn may_be_job_of(&self, job: &Job) -> bool {
        job.is_restore() && job.activity_id.is_none() && self.is_of_this_machine(job) != Some(false)
    }

    /// The record says that its request was not sent, and a job says that it came of it: it was sent.
    pub fn confirm_sent_as(&mut self, job: &Job, now: OffsetDateTime) {
        if self.can_be_sent() && self.made(job) {
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
        search.looked(jobs.len(), now);
        if (search.looks as usize) < SEARCH_WAITS.len() || now - begun.max(search.since) < SEARCH_PATIENCE {
            return;
        }
        let found = self.match_by_time(jobs, already_claimed);
        let (Stage::Unknown { search, .. } | Stage::Searching { search }) = &mut self.stage else { return };
        search.unclear = matches!(found, TimeMatch::Unclear).then_some(true);
        // Only now: while the job that names this request may still come, one that only looks like it is not taken for it.
        match found {
            TimeMatch::One(job) => return self.adopt(job, JobMatch::VmAndTime, now),
            // It may be ours or that of another machine of this name: nobody can tell, and "not sent" would be a claim.
            TimeMatch::Unclear => return,
            TimeMatch::None => {}
        }
        // Accepted is accepted: the job will come, however long it takes.
        if let Stage::Unknown { fault, search } = &self.stage {
            self.stage = Stage::NotSent { fault: fault.clone(), search: Some(search.clone()) };
        }
    }

    /// A job that restores the same virtual machine since the click and is nobody else's of this browser. The same machine is one of the same
    /// container: several of a vault may have one name.
    fn match_by_time<'a>(&self, jobs: &'a [Rc<Job>], already_claimed: &[JobId]) -> TimeMatch<'a> {
        let window = self.started - CLOCK_SKEW..=self.started + SEARCH_PATIENCE + CLOCK_SKEW;
        let free = |j: &Job| j.is_restore() && !already_claimed.contains(&j.name);
        // What a job leaves out excludes nothing.
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
    /// Only such as do not say of which container they are.
    Unclear,
    /// None.
    None,
}
