//! Following the restores: operations one by one, jobs of one vault with one list call a round.

use std::rc::Rc;

use azure_backup::arm::call::{Accepted, Call};
use azure_backup::arm::fault::Fault;
use azure_backup::arm::id::{ArmId, ClientRequestId, JobId};
use azure_backup::arm::page::Page;
use azure_backup::backup::job::{self, Job, JobEndpoint, JobFilter};
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use time::{Duration, OffsetDateTime};

use super::{MAX_ANSWER, UpdateContext};
use crate::app::catalog::MAX_PAGES;
use crate::app::launch::LaunchStep;
use crate::app::msg::Transport;
use crate::app::purpose::Purpose;
use crate::app::quotas::{QuotaKind, quota_key};
use crate::app::route::Route;
use crate::app::state::{JobListKey, State};
use crate::restore::regional_id::location_id;
use crate::restore::run::{NextAction, RestoreRun, Stage};

/// A list of jobs asks for those since the oldest restore began, less what this computer's clock may be ahead: a job left out by the filter would
/// seem not to be there, and its restore not to have been sent. A day covers a clock in the wrong time zone; restores of a day are few.
const CLOCK_SKEW: Duration = Duration::days(1);
/// A tab that sends a request hears of it within the time that the shell waits for an answer. Later, it has been closed.
const ABANDONED_AFTER: Duration = Duration::seconds(MAX_ANSWER.cast_signed() + 20);

/// So many operations of a job list are looked at one by one; more are found in its list of jobs.
const MAX_OPERATIONS_POLLED_ALONE: usize = 3;

impl State {
    /// The restores that this tab follows: those of the connected cloud.
    fn followed(&self) -> impl Iterator<Item = &RestoreRun> {
        self.restores.iter().filter(|r| self.follows(r))
    }

    fn follows(&self, restore: &RestoreRun) -> bool {
        restore.is_running() && self.why_not_followed(restore).is_none()
    }

    fn under_way(&self, id: &ClientRequestId) -> bool {
        self.calls
            .values()
            .any(|p| matches!(p, Purpose::Operation(r) | Purpose::Job(r, _) | Purpose::Trigger(r) | Purpose::Prepare(r, _) if r == id))
            || self.launches.is_active(id) && !self.prepares(id)
    }

    /// Whether this tab prepares a cross-region restore.
    fn prepares(&self, id: &ClientRequestId) -> bool {
        self.launches.get(id).is_some_and(|launch| matches!(launch.step, LaunchStep::Preparing { .. }))
    }

    /// When to ask whether a restore that another tab was sending has been abandoned.
    fn probed_at(&self, restore: &RestoreRun) -> Option<OffsetDateTime> {
        let elsewhere = restore.stage.is_being_sent() && !self.launches.is_active(&restore.id);
        let first = || restore.started.saturating_add(ABANDONED_AFTER);
        elsewhere.then(|| self.probes.get(&restore.id).copied().unwrap_or_else(first))
    }

    fn is_listing_jobs(&self, job_list_key: &JobListKey) -> bool {
        self.calls.values().any(|p| matches!(p, Purpose::VaultJobs { job_list_key: d, .. } if d == job_list_key))
    }

    /// What a call to follow restores counts for.
    fn quota_of(&self, purpose: &Purpose) -> Option<(JobListKey, QuotaKind)> {
        let job_list_key = |id| self.restore(id).map(RestoreRun::job_list_key);
        match purpose {
            Purpose::Operation(id) => Some((job_list_key(id)?, QuotaKind::Operations)),
            Purpose::Job(id, _) => Some((job_list_key(id)?, QuotaKind::Jobs)),
            Purpose::VaultJobs { job_list_key, .. } => Some((job_list_key.clone(), QuotaKind::Jobs)),
            Purpose::ResendCheck { restore, .. } => Some((job_list_key(restore)?, QuotaKind::Jobs)),
            _ => None,
        }
    }

    /// Until when a restore is not looked at just because the operator wants to see it now.
    pub fn held_on_demand(&self, restore: &RestoreRun) -> Option<OffsetDateTime> {
        let reads = match restore.stage {
            Stage::Preparing { .. } => return None,
            Stage::Operation { .. } => QuotaKind::Operations,
            _ => QuotaKind::Jobs,
        };
        self.quotas.get(&restore.job_list_key(), reads)?.wait_on_demand(self.now)
    }

    /// Until when a look that a restore of a job list wants has to wait for its quota.
    fn quota_wait(&self, job_list_key: &JobListKey, want: &NextAction) -> Option<OffsetDateTime> {
        let reads = match want {
            NextAction::Operation => QuotaKind::Operations,
            NextAction::Jobs(_) | NextAction::Job(_) => QuotaKind::Jobs,
            NextAction::Prepare | NextAction::Wait(_) | NextAction::Nothing => return None,
        };
        self.quotas.wait(job_list_key, reads, self.now)
    }

    /// Restores of a job list that are followed by their jobs.
    fn jobs_followed(&self, job_list_key: &JobListKey) -> usize {
        self.followed().filter(|r| r.job_list_key() == *job_list_key && matches!(r.stage, Stage::Job { .. })).count()
    }

    /// Whether operations of a job list are so many that its list of jobs, which tells of all at once, is looked at first.
    fn prefers_job_list(&self, job_list_key: &JobListKey) -> bool {
        self.followed()
            .filter(|r| r.job_list_key() == *job_list_key && matches!(r.stage, Stage::Operation { .. }))
            .count()
            > MAX_OPERATIONS_POLLED_ALONE
    }

    /// The restore on screen.
    fn shown(&self) -> Option<&ClientRequestId> {
        match &self.route {
            Route::Restore(id) => Some(id),
            _ => None,
        }
    }

    /// How long to wait between polls at the jobs of a job list, so that all that share its quota can be followed to their ends.
    fn interval(&self, job_list_key: &JobListKey) -> Duration {
        let ours = quota_key(job_list_key, QuotaKind::Jobs);
        let mut job_list_keys: Vec<JobListKey> = Vec::new();
        let (mut ends, mut streams) = (0, 0);
        for restore in self.followed().filter(|r| matches!(r.stage, Stage::Job { .. } | Stage::Operation { .. })) {
            let theirs = restore.job_list_key();
            let known = job_list_keys.contains(&theirs);
            if !known && quota_key(&theirs, QuotaKind::Jobs) != ours {
                continue;
            }
            ends += 1;
            if !known {
                streams += 1;
                // The one on screen is read itself besides.
                if self.jobs_followed(&theirs) > 1
                    && self
                        .shown()
                        .and_then(|id| self.restore(id))
                        .is_some_and(|r| r.is_running() && r.job_list_key() == theirs)
                {
                    streams += 1;
                }
                job_list_keys.push(theirs);
            }
        }
        let quota = self.quotas.get(job_list_key, QuotaKind::Jobs).cloned().unwrap_or_default();
        quota.interval(self.now, streams, ends)
    }
}

impl UpdateContext<'_> {
    /// When something that is followed is to be looked at next.
    pub(super) fn next_poll(&self) -> Option<OffsetDateTime> {
        let now = self.env.now;
        self.state
            .followed()
            .filter(|r| !self.state.under_way(&r.id))
            .filter_map(|r| match r.next_action(now) {
                NextAction::Wait(until) => Some(until),
                NextAction::Nothing | NextAction::Prepare if !self.state.prepares(&r.id) => self.state.probed_at(r),
                NextAction::Nothing => None,
                want if self.waits_for_job_list(r, &want) => None,
                want => self.state.quota_wait(&r.job_list_key(), &want),
            })
            .min()
    }

    /// Whether the list of jobs that is under way will tell what a restore wants: a thousand of them wait for one answer.
    fn waits_for_job_list(&self, restore: &RestoreRun, want: &NextAction) -> bool {
        let told = match want {
            NextAction::Jobs(_) => true,
            NextAction::Job(_) => !self.is_polled_alone(restore),
            _ => false,
        };
        told && self.state.is_listing_jobs(&restore.job_list_key())
    }

    /// Whether a job is read itself although a list would tell of it: the one on screen for its tasks, one that is over for what came of it.
    fn is_polled_alone(&self, restore: &RestoreRun) -> bool {
        let shown = Some(&restore.id) == self.state.shown() && !restore.is_doubtful();
        shown || restore.status().is_some_and(|s| !s.is_running())
    }

    /// Looks at everything that is due and that a quota allows.
    pub(super) fn follow(&mut self) {
        let now = self.env.now;
        let abandoned: Vec<ClientRequestId> = self
            .state
            .followed()
            .filter(|r| self.state.probed_at(r).is_some_and(|at| at <= now))
            .map(|r| r.id.clone())
            .collect();
        for id in abandoned {
            self.probe(&id);
        }
        let mut looks: Vec<(ClientRequestId, JobListKey, NextAction)> = Vec::new();
        for restore in self.state.followed().filter(|r| !self.state.under_way(&r.id)) {
            let want = restore.next_action(now);
            if !matches!(want, NextAction::Wait(_) | NextAction::Nothing) && !self.waits_for_job_list(restore, &want) {
                looks.push((restore.id.clone(), restore.job_list_key(), want));
            }
        }
        let mut listed: Vec<JobListKey> = Vec::new();
        for (id, job_list_key, want) in looks {
            // Those that are listed already are listed once.
            if listed.contains(&job_list_key) && want != NextAction::Operation && want != NextAction::Prepare {
                continue;
            }
            // One look may have used up what the next one needs.
            if self.state.quota_wait(&job_list_key, &want).is_some() {
                continue;
            }
            let list = match &want {
                // Whoever was clicked prepares it.
                NextAction::Prepare if !self.state.prepares(&id) => false,
                NextAction::Prepare => {
                    self.prepare(&id);
                    false
                }
                NextAction::Operation if self.state.prefers_job_list(&job_list_key) => true,
                NextAction::Operation => {
                    self.poll_operation(&id);
                    false
                }
                NextAction::Jobs(_) => true,
                // One is cheaper alone and several by the list.
                _ => {
                    let restore = self.state.restore(&id);
                    let only = || self.state.jobs_followed(&job_list_key) < 2;
                    let alone = restore.is_some_and(|r| self.is_polled_alone(r) || !r.is_doubtful() && only());
                    if alone {
                        self.poll_job(&id);
                    }
                    !alone
                }
            };
            if list && !listed.contains(&job_list_key) {
                if !self.state.is_listing_jobs(&job_list_key) {
                    self.list_jobs(&job_list_key);
                }
                listed.push(job_list_key);
            }
        }
    }

    /// A call to follow restores leaves.
    pub(super) fn spend(&mut self, purpose: &Purpose) {
        if let Some((job_list_key, reads)) = self.state.quota_of(purpose) {
            self.state.quotas.get_mut(&job_list_key, reads).spend(self.env.now);
            self.save_reads();
        }
    }

    /// Its answer tells what is left, or that too much was asked.
    pub(super) fn on_quota_response(&mut self, purpose: &Purpose, result: &Result<Response<Bytes>, Transport>) {
        let (Some((job_list_key, reads)), Ok(answer)) = (self.state.quota_of(purpose), result) else { return };
        let quota = self.state.quotas.get_mut(&job_list_key, reads);
        if answer.status() == StatusCode::TOO_MANY_REQUESTS {
            quota.on_throttle(&Fault::from_answer("", answer), self.env.now);
            self.save_reads();
        } else {
            quota.on_response(answer.headers());
        }
    }

    /// The answer of a poll of a job.
    pub(super) fn on_job_response(
        &mut self,
        id: &ClientRequestId,
        call: &Call<Job>,
        result: Result<&Response<Bytes>, &Fault>,
    ) {
        let Some(job_list_key) = self.state.restore(id).map(RestoreRun::job_list_key) else { return };
        let interval = self.state.interval(&job_list_key);
        self.with_restore(id, |r, now| {
            r.on_job_response(call, result, now);
            r.hold(now + interval);
        });
    }

    fn poll_operation(&mut self, id: &ClientRequestId) {
        let cloud = self.state.cloud();
        let Some(Stage::Operation { operation }) = self.state.restore(id).map(|r| &r.stage) else { return };
        let call = operation.call(&cloud);
        let Some(request_id) = self.env.id() else { return };
        match call.and_then(|call| call.request(&cloud, &request_id)) {
            Ok(request) => {
                self.spend(&Purpose::Operation(id.clone()));
                self.send("Get operation status", request, Purpose::Operation(id.clone()));
            }
            Err(refused) => {
                let fault = Fault::refused("Get operation status", &refused);
                self.with_restore(id, |r, now| r.on_operation_response(Err(&fault), now));
            }
        }
    }

    fn poll_job(&mut self, id: &ClientRequestId) {
        let Some((source, job)) = self.state.restore(id).and_then(|r| Some((r.job_endpoint(), r.job_id()?.clone())))
        else {
            return;
        };
        let (cloud, Some(request_id)) = (self.state.cloud(), self.env.id()) else { return };
        // The path is ours and the origin the cloud's own: it cannot be refused.
        let call = source.get(&job);
        if let Ok(request) = call.request(&cloud, &request_id) {
            let purpose = Purpose::Job(id.clone(), call);
            self.spend(&purpose);
            self.send("Get job", request, purpose);
        }
    }

    fn jobs_call(&self, job_list_key: &JobListKey) -> Call<Page<Job>> {
        let ours = || self.state.followed().filter(|r| r.job_list_key() == *job_list_key);
        let oldest = ours().map(|r| r.started).min();
        // Azure's name for the job of a restore that rehydrates is another one.
        let usual = ours().all(|r| !r.rehydrates());
        self.list_call(job_list_key, usual, oldest.map(|at| at - CLOCK_SKEW))
    }

    /// The list of a job list's restores, of the `usual` kind alone or of any, since a time or since ever.
    pub(super) fn list_call(
        &self,
        job_list_key: &JobListKey,
        usual: bool,
        since: Option<OffsetDateTime>,
    ) -> Call<Page<Job>> {
        let (vault, secondary) = job_list_key;
        let (versions, location) =
            (&self.state.settings.versions, secondary.as_ref().and_then(|r| location_id(vault, r)));
        let (operation, version) = match location {
            Some(_) => (job::CROSS_REGION, &versions.secondary),
            None => ("Restore", &versions.primary),
        };
        let filter = JobFilter { operation: usual.then(|| operation.to_owned()), since, ..JobFilter::default() };
        JobEndpoint { vault: vault.clone(), location, version: version.clone() }.list(&filter)
    }

    fn list_jobs(&mut self, job_list_key: &JobListKey) {
        let call = self.jobs_call(job_list_key);
        let (cloud, Some(id)) = (self.state.cloud(), self.env.id()) else { return };
        if let Ok(request) = call.request(&cloud, &id) {
            self.send_list(
                request,
                Purpose::VaultJobs { job_list_key: job_list_key.clone(), call, so_far: Vec::new(), pages: 0 },
            );
        }
    }

    fn send_list(&mut self, request: Request<Bytes>, purpose: Purpose) {
        self.spend(&purpose);
        self.send("List jobs", request, purpose);
    }

    pub(super) fn on_vault_jobs_response(
        &mut self,
        job_list_key: &JobListKey,
        call: &Call<Page<Job>>,
        mut so_far: Vec<Rc<Job>>,
        pages: u32,
        result: Result<Response<Bytes>, Fault>,
    ) {
        let page = result.and_then(|answer| call.read(&answer));
        // Whether the list was read to its end; else what ended it, where that is a fault. What was read of it holds all the same.
        let end: Result<(), Option<Fault>> = match page {
            Ok(Page { value, next: None }) => {
                so_far.extend(value.into_iter().map(Rc::new));
                Ok(())
            }
            Ok(Page { value, next: Some(next) }) => {
                so_far.extend(value.into_iter().map(Rc::new));
                // Another tab follows them now.
                if !self.state.followed().any(|r| r.job_list_key() == *job_list_key) {
                    return;
                }
                let (cloud, Some(id)) = (self.state.cloud(), self.env.id()) else { return };
                let request = call.follow(&cloud, &next).and_then(|call| Ok((call.request(&cloud, &id)?, call)));
                let closed =
                    self.state.quotas.get_mut(job_list_key, QuotaKind::Jobs).closed_until(self.env.now).is_some();
                match request {
                    // Another look was told meanwhile to leave Azure alone. A part says of nobody that it is not there: all is asked again.
                    Ok(_) if closed => Err(None),
                    Ok(_) if pages + 1 >= MAX_PAGES => {
                        let text = "The list of jobs is too long to load completely.";
                        Err(Some(Fault::reported("List jobs", "", text)))
                    }
                    Ok((request, call)) => {
                        let pages = pages + 1;
                        return self.send_list(
                            request,
                            Purpose::VaultJobs { job_list_key: job_list_key.clone(), call, so_far, pages },
                        );
                    }
                    Err(refused) => Err(Some(Fault::refused("List jobs", &refused))),
                }
            }
            Err(fault) => Err(Some(fault)),
        };
        let now = self.env.now;
        let taken = self.already_claimed(&so_far);
        let interval = self.state.interval(job_list_key);
        let (mut said, mut lacking) = (Vec::new(), Vec::new());
        let (state, mut restores) = (&*self.state, self.state.restores.clone());
        let told = |r: &RestoreRun| state.follows(r) && r.job_list_key() == *job_list_key && !state.under_way(&r.id);
        restores.change_where(told, |r| {
            let before = r.state_text();
            match &end {
                Ok(()) => r.on_job_list(Ok(&so_far), &taken, now),
                Err(fault) => r.on_partial_job_list(&so_far, fault.as_ref(), now),
            }
            match r.next_action(now) {
                NextAction::Wait(_) => r.hold(now + interval),
                NextAction::Nothing => {}
                // One that the list lacks is still to be looked at.
                want => lacking.push((r.id.clone(), want)),
            }
            r.note(now);
            let after = r.state_text();
            if before != after {
                said.push(format!("{}: {after}", r.vm));
            }
        });
        self.state.restores = restores;
        if !said.is_empty() {
            self.announce(&said.join(". "));
        }
        self.save_restores();
        // A job that the list lacks is asked for by its id: the next list would lack it again, and again.
        for (id, want) in lacking {
            if self.state.quota_wait(job_list_key, &want).is_some() {
                continue;
            }
            match want {
                NextAction::Job(_) => self.poll_job(&id),
                NextAction::Operation => self.poll_operation(&id),
                _ => {}
            }
        }
    }

    /// Jobs that are known to be some restore's of this browser: no other one adopts them. None where nobody searches.
    fn already_claimed(&self, listed: &[Rc<Job>]) -> Vec<JobId> {
        let restores = &self.state.restores;
        if !restores.iter().any(|r| matches!(r.stage, Stage::Unknown { .. } | Stage::Searching { .. })) {
            return Vec::new();
        }
        let ours = |job: &&Rc<Job>| {
            let activity = job.activity_id.as_deref().unwrap_or_default();
            restores.iter().any(|r| r.id.as_str().eq_ignore_ascii_case(activity))
        };
        let known = restores.iter().filter_map(|r| r.job_id().cloned());
        known.chain(listed.iter().filter(ours).map(|job| job.name.clone())).collect()
    }

    pub(super) fn cancel_job(&mut self, vault: ArmId, job: JobId) {
        let pending = self.state.calls.values().any(|p| matches!(p, Purpose::Cancel { job: j, .. } if *j == job));
        let (cloud, Some(id)) = (self.state.cloud(), self.env.id()) else { return };
        if pending || !self.state.connected() {
            return;
        }
        let call = job::cancel(&vault, &job, &self.state.settings.versions.primary);
        if let Ok(request) = call.request(&cloud, &id) {
            self.send("Cancel job", request, Purpose::Cancel { vault, job, call });
        }
    }

    pub(super) fn on_cancel_response(
        &mut self,
        vault: &ArmId,
        job: &JobId,
        call: &Call<Accepted>,
        result: Result<Response<Bytes>, Fault>,
    ) {
        match result.and_then(|answer| call.read(&answer)) {
            Ok(_) => {
                self.announce("Cancellation requested");
                let ours = self.state.restores.iter().find(|r| r.job_id() == Some(job)).map(|r| r.id.clone());
                if let Some(id) = ours {
                    self.with_restore(&id, |r, now| r.poll_now(now));
                }
                if matches!(&self.state.route, Route::Jobs(Some(v), _) if v == vault) {
                    self.refresh();
                }
            }
            Err(fault) => self.show_fault("Couldn't cancel the job", "It's still running. Azure's reason:", fault),
        }
    }
}
