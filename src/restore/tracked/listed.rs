//! The vault's list of jobs, and which of them is a restore's own: by the request's id, or by machine and time where nothing better is told.

use std::rc::Rc;

use azure_backup::arm::fault::Fault;
use azure_backup::arm::id::JobId;
use azure_backup::backup::job::{Job, same_container};
use azure_backup::backup::job_tracker::JobTracker;
use time::OffsetDateTime;

use super::stage::SEARCH_WAITS;
use super::{CLOCK_SKEW, Found, SEARCH_PATIENCE, Stage, Tracked};

impl Tracked {
    /// The vault's jobs, asked for by [`Wants::Jobs`](super::Wants::Jobs) or in a common round. `taken` are the jobs that other records of
    /// this browser follow: a restore of the same virtual machine that is somebody else's is not adopted.
    pub fn heard_jobs(&mut self, heard: Result<&[Rc<Job>], &Fault>, taken: &[JobId], now: OffsetDateTime) {
        match (&mut self.stage, heard) {
            (Stage::Job { .. }, Ok(jobs)) => {
                self.heard_of(jobs, now);
            }
            (Stage::Job { tracker, .. }, Err(fault)) => tracker.unlisted(fault, now),
            (Stage::Unknown { search, .. } | Stage::Searching { search }, Err(fault)) => search.failed(fault, now),
            (Stage::Unknown { .. } | Stage::Searching { .. }, Ok(jobs)) => self.searched(jobs, taken, now),
            // The operation ends when the job is created: one list may spare many looks at operations.
            (Stage::Operation { .. }, Ok(jobs)) => {
                self.heard_of(jobs, now);
            }
            _ => {}
        }
    }

    /// The first pages of the vault's jobs, of which a later one was not asked for, or could not be read. What they hold, they prove; what they
    /// lack proves nothing.
    pub fn heard_some_jobs(&mut self, jobs: &[Rc<Job>], fault: Option<&Fault>, now: OffsetDateTime) {
        if !self.heard_of(jobs, now)
            && let Some(fault) = fault
        {
            self.heard_jobs(Err(fault), &[], now);
        }
    }

    /// Takes over what jobs say of this very restore. False when none of them does.
    fn heard_of(&mut self, jobs: &[Rc<Job>], now: OffsetDateTime) -> bool {
        match &mut self.stage {
            Stage::Job { tracker, .. } => {
                let id = tracker.id().clone();
                let Some(job) = jobs.iter().find(|j| j.name == id) else { return false };
                tracker.listed(job, now);
                self.check_guess(now);
            }
            Stage::Unknown { .. } | Stage::Searching { .. } | Stage::Operation { .. } => {
                let Some(job) = jobs.iter().find(|j| self.made(j)) else { return false };
                self.adopt(job, Found::Activity, now);
            }
            _ => return false,
        }
        true
    }

    /// Gives a job back that was taken by machine and time, once Azure says that it is of another container.
    pub(super) fn check_guess(&mut self, now: OffsetDateTime) {
        if self.is_guessed() && self.job().and_then(|job| self.is_of_this_machine(job)) == Some(false) {
            self.disowned(now);
        }
    }

    /// Whether a job is of the machine that is restored; none where one of the two does not say.
    fn is_of_this_machine(&self, job: &Job) -> Option<bool> {
        let own = self.asked.as_ref()?.item.segment_after("protectionContainers")?;
        // A name without semicolons is the machine's alone, which others of the vault may have.
        let theirs = job.container.as_deref().filter(|name| name.contains(';'))?;
        Some(same_container(own, theirs))
    }

    /// Whether a job says that it came of this very request.
    pub fn made(&self, job: &Job) -> bool {
        job.activity_id.as_deref().is_some_and(|a| a.eq_ignore_ascii_case(self.id.as_str()))
    }

    /// Whether a job that restores does not say of which request it came, and may have come of this one.
    pub fn may_have_made(&self, job: &Job) -> bool {
        job.is_restore() && job.activity_id.is_none() && self.is_of_this_machine(job) != Some(false)
    }

    /// The record says that its request was not sent, and a job says that it came of it: it was sent.
    pub fn was_sent_as(&mut self, job: &Job, now: OffsetDateTime) {
        if self.can_be_sent() && self.made(job) {
            self.adopt(job, Found::Activity, now);
        }
    }

    pub(super) fn adopt(&mut self, job: &Job, found: Found, now: OffsetDateTime) {
        let mut tracker = JobTracker::start(&self.source(), job.name.clone(), now);
        tracker.listed(job, now);
        // The list lacks tasks and properties: the job itself is read next.
        tracker.look_now(now);
        self.stage = Stage::Job { tracker, found };
    }

    fn searched(&mut self, jobs: &[Rc<Job>], taken: &[JobId], now: OffsetDateTime) {
        if self.heard_of(jobs, now) {
            return;
        }
        let begun = self.begun;
        let (Stage::Unknown { search, .. } | Stage::Searching { search }) = &mut self.stage else { return };
        search.looked(jobs.len(), now);
        if (search.looks as usize) < SEARCH_WAITS.len() || now - begun.max(search.since) < SEARCH_PATIENCE {
            return;
        }
        let found = self.likely(jobs, taken);
        let (Stage::Unknown { search, .. } | Stage::Searching { search }) = &mut self.stage else { return };
        search.unclear = matches!(found, Likely::Unclear).then_some(true);
        // Only now: while the job that names this request may still come, one that only looks like it is not taken for it.
        match found {
            Likely::One(job) => return self.adopt(job, Found::VmAndTime, now),
            // It may be ours or that of another machine of this name: nobody can tell, and "not sent" would be a claim.
            Likely::Unclear => return,
            Likely::None => {}
        }
        // Accepted is accepted: the job will come, however long it takes.
        if let Stage::Unknown { fault, search } = &self.stage {
            self.stage = Stage::NotSent { fault: fault.clone(), search: Some(search.clone()) };
        }
    }

    /// A job that restores the same virtual machine since the click and is nobody else's of this browser. The same machine is one of the same
    /// container: several of a vault may have one name.
    fn likely<'a>(&self, jobs: &'a [Rc<Job>], taken: &[JobId]) -> Likely<'a> {
        let window = self.begun - CLOCK_SKEW..=self.begun + SEARCH_PATIENCE + CLOCK_SKEW;
        let free = |j: &Job| j.is_restore() && !taken.contains(&j.name);
        // What a job leaves out excludes nothing.
        let named = |j: &Job| j.entity.as_deref().is_none_or(|e| e.eq_ignore_ascii_case(&self.vm));
        let then = |j: &Job| j.start.map(|s| window.contains(&s));
        let ours = |j: &Job| self.is_of_this_machine(j);
        let sure = |j: &&Rc<Job>| free(j) && ours(j) == Some(true) && then(j) == Some(true) && named(j);
        let may_be = |j: &Rc<Job>| free(j) && ours(j) != Some(false) && then(j) != Some(false) && named(j);
        match jobs.iter().filter(sure).max_by_key(|j| j.start) {
            Some(job) => Likely::One(job),
            None if jobs.iter().any(may_be) => Likely::Unclear,
            None => Likely::None,
        }
    }
}

/// What a search by machine and time has found.
enum Likely<'a> {
    /// A job of this machine.
    One(&'a Job),
    /// Only such as do not say of which container they are.
    Unclear,
    /// None.
    None,
}
