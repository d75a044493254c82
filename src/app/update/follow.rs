//! Following the restores: operations one by one, jobs of one vault with one list call a round.

use std::rc::Rc;

use azure_backup::arm::call::{Accepted, Call};
use azure_backup::arm::fault::Fault;
use azure_backup::arm::id::{ArmId, ClientRequestId, JobId};
use azure_backup::arm::page::Page;
use azure_backup::backup::job::{self, Job, JobFilter, JobSource};
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use time::{Duration, OffsetDateTime};

use super::{LONGEST_ANSWER, Turn};
use crate::app::budgets::{Reads, account};
use crate::app::catalog::MOST_PAGES;
use crate::app::launch::Step;
use crate::app::msg::Transport;
use crate::app::route::Route;
use crate::app::state::{Desk, Purpose, State};
use crate::restore::place::location;
use crate::restore::tracked::{Stage, Tracked, Wants};

/// A list of jobs asks for those since the oldest restore began, less what this computer's clock may be ahead: a job left out by the filter would
/// seem not to be there, and its restore not to have been sent. A day covers a clock in the wrong time zone; restores of a day are few.
const CLOCK_SKEW: Duration = Duration::days(1);
/// A tab that sends a request hears of it within the time that the shell waits for an answer. Later, it has been closed.
const ABANDONED: Duration = Duration::seconds(LONGEST_ANSWER.cast_signed() + 20);

/// So many operations of a desk are looked at one by one; more are found in its list of jobs.
const OPERATIONS_ALONE: usize = 3;

impl State {
    /// The restores that this tab follows: those of the connected cloud.
    fn followed(&self) -> impl Iterator<Item = &Tracked> {
        self.restores.iter().filter(|r| self.follows(r))
    }

    fn follows(&self, restore: &Tracked) -> bool {
        restore.is_running() && self.unfollowed(restore).is_none()
    }

    fn under_way(&self, id: &ClientRequestId) -> bool {
        self.calls
            .values()
            .any(|p| matches!(p, Purpose::Operation(r) | Purpose::Job(r, _) | Purpose::Trigger(r) | Purpose::Prepare(r, _) if r == id))
            || self.launches.is_active(id) && !self.prepares(id)
    }

    /// Whether this tab prepares a cross-region restore.
    fn prepares(&self, id: &ClientRequestId) -> bool {
        self.launches.get(id).is_some_and(|launch| matches!(launch.step, Step::Preparing { .. }))
    }

    /// When to ask whether a restore that another tab was sending has been abandoned.
    fn probed_at(&self, restore: &Tracked) -> Option<OffsetDateTime> {
        let elsewhere = restore.stage.is_leaving() && !self.launches.is_active(&restore.id);
        let first = || restore.begun.saturating_add(ABANDONED);
        elsewhere.then(|| self.probes.get(&restore.id).copied().unwrap_or_else(first))
    }

    fn listing(&self, desk: &Desk) -> bool {
        self.calls.values().any(|p| matches!(p, Purpose::VaultJobs { desk: d, .. } if d == desk))
    }

    /// What a call to follow restores counts for.
    fn account_of(&self, purpose: &Purpose) -> Option<(Desk, Reads)> {
        let desk = |id| self.restore(id).map(Tracked::desk);
        match purpose {
            Purpose::Operation(id) => Some((desk(id)?, Reads::Operations)),
            Purpose::Job(id, _) => Some((desk(id)?, Reads::Jobs)),
            Purpose::VaultJobs { desk, .. } => Some((desk.clone(), Reads::Jobs)),
            Purpose::Past { restore, .. } => Some((desk(restore)?, Reads::Jobs)),
            _ => None,
        }
    }

    /// Until when a look that a restore of a desk wants has to wait for its budget.
    fn waits_for_budget(&self, desk: &Desk, want: &Wants) -> Option<OffsetDateTime> {
        let reads = match want {
            Wants::Operation => Reads::Operations,
            Wants::Jobs(_) | Wants::Job(_) => Reads::Jobs,
            Wants::Prepare | Wants::Wait(_) | Wants::Nothing => return None,
        };
        self.budgets.wait(desk, reads, self.now)
    }

    /// Restores of a desk that are followed by their jobs.
    fn jobs_at(&self, desk: &Desk) -> usize {
        self.followed().filter(|r| r.desk() == *desk && matches!(r.stage, Stage::Job { .. })).count()
    }

    /// Whether operations of a desk are so many that its list of jobs, which tells of all at once, is looked at first.
    fn many_operations(&self, desk: &Desk) -> bool {
        self.followed().filter(|r| r.desk() == *desk && matches!(r.stage, Stage::Operation { .. })).count()
            > OPERATIONS_ALONE
    }

    /// The restore on screen.
    fn shown(&self) -> Option<&ClientRequestId> {
        match &self.route {
            Route::Restore(id) => Some(id),
            _ => None,
        }
    }

    /// How long to wait between looks at the jobs of a desk, so that all that share its budget can be followed to their ends.
    fn interval(&self, desk: &Desk) -> Duration {
        let ours = account(desk, Reads::Jobs);
        let mut desks: Vec<Desk> = Vec::new();
        let (mut ends, mut streams) = (0, 0);
        for restore in self.followed().filter(|r| matches!(r.stage, Stage::Job { .. } | Stage::Operation { .. })) {
            let theirs = restore.desk();
            let known = desks.contains(&theirs);
            if !known && account(&theirs, Reads::Jobs) != ours {
                continue;
            }
            ends += 1;
            if !known {
                streams += 1;
                // The one on screen is read itself besides.
                if self.jobs_at(&theirs) > 1
                    && self
                        .shown()
                        .and_then(|id| self.restore(id))
                        .is_some_and(|r| r.is_running() && r.desk() == theirs)
                {
                    streams += 1;
                }
                desks.push(theirs);
            }
        }
        let budget = self.budgets.get(desk, Reads::Jobs).cloned().unwrap_or_default();
        budget.interval(self.now, streams, ends)
    }
}

impl Turn<'_> {
    /// When something that is followed is to be looked at next.
    pub(super) fn next_look(&self) -> Option<OffsetDateTime> {
        let now = self.moment.now;
        self.state
            .followed()
            .filter(|r| !self.state.under_way(&r.id))
            .filter_map(|r| match r.wants(now) {
                Wants::Wait(until) => Some(until),
                Wants::Nothing | Wants::Prepare if !self.state.prepares(&r.id) => self.state.probed_at(r),
                Wants::Nothing => None,
                want if self.awaits_list(r, &want) => None,
                want => self.state.waits_for_budget(&r.desk(), &want),
            })
            .min()
    }

    /// Whether the list of jobs that is under way will tell what a restore wants: a thousand of them wait for one answer.
    fn awaits_list(&self, restore: &Tracked, want: &Wants) -> bool {
        let told = match want {
            Wants::Jobs(_) => true,
            Wants::Job(_) => !self.alone(restore),
            _ => false,
        };
        told && self.state.listing(&restore.desk())
    }

    /// Whether a job is read itself although a list would tell of it: the one on screen for its tasks, one that is over for what came of it.
    fn alone(&self, restore: &Tracked) -> bool {
        let shown = Some(&restore.id) == self.state.shown() && !restore.is_doubtful();
        shown || restore.status().is_some_and(|s| !s.is_running())
    }

    /// Looks at everything that is due and that a budget allows.
    pub(super) fn follow(&mut self) {
        let now = self.moment.now;
        let abandoned: Vec<ClientRequestId> = self
            .state
            .followed()
            .filter(|r| self.state.probed_at(r).is_some_and(|at| at <= now))
            .map(|r| r.id.clone())
            .collect();
        for id in abandoned {
            self.probe(&id);
        }
        let mut looks: Vec<(ClientRequestId, Desk, Wants)> = Vec::new();
        for restore in self.state.followed().filter(|r| !self.state.under_way(&r.id)) {
            let want = restore.wants(now);
            if !matches!(want, Wants::Wait(_) | Wants::Nothing) && !self.awaits_list(restore, &want) {
                looks.push((restore.id.clone(), restore.desk(), want));
            }
        }
        let mut listed: Vec<Desk> = Vec::new();
        for (id, desk, want) in looks {
            // Those that are listed already are listed once.
            if listed.contains(&desk) && want != Wants::Operation && want != Wants::Prepare {
                continue;
            }
            // One look may have used up what the next one needs.
            if self.state.waits_for_budget(&desk, &want).is_some() {
                continue;
            }
            let list = match &want {
                // Whoever was clicked prepares it.
                Wants::Prepare if !self.state.prepares(&id) => false,
                Wants::Prepare => {
                    self.prepare(&id);
                    false
                }
                Wants::Operation if self.state.many_operations(&desk) => true,
                Wants::Operation => {
                    self.look_at_operation(&id);
                    false
                }
                Wants::Jobs(_) => true,
                // One is cheaper alone and several by the list.
                _ => {
                    let restore = self.state.restore(&id);
                    let only = || self.state.jobs_at(&desk) < 2;
                    let alone = restore.is_some_and(|r| self.alone(r) || !r.is_doubtful() && only());
                    if alone {
                        self.look_at_job(&id);
                    }
                    !alone
                }
            };
            if list && !listed.contains(&desk) {
                if !self.state.listing(&desk) {
                    self.list_jobs(&desk);
                }
                listed.push(desk);
            }
        }
    }

    /// A call to follow restores leaves.
    pub(super) fn spend(&mut self, purpose: &Purpose) {
        if let Some((desk, reads)) = self.state.account_of(purpose) {
            self.state.budgets.get_mut(&desk, reads).spend(self.moment.now);
            self.save_reads();
        }
    }

    /// Its answer tells what is left, or that too much was asked.
    pub(super) fn heard_of_budget(&mut self, purpose: &Purpose, result: &Result<Response<Bytes>, Transport>) {
        let (Some((desk, reads)), Ok(answer)) = (self.state.account_of(purpose), result) else { return };
        let budget = self.state.budgets.get_mut(&desk, reads);
        if answer.status() == StatusCode::TOO_MANY_REQUESTS {
            budget.throttled(&Fault::from_answer("", answer), self.moment.now);
            self.save_reads();
        } else {
            budget.answered(answer.headers());
        }
    }

    /// The answer of a look at a job.
    pub(super) fn heard_job(
        &mut self,
        id: &ClientRequestId,
        call: &Call<Job>,
        result: Result<&Response<Bytes>, &Fault>,
    ) {
        let Some(desk) = self.state.restore(id).map(Tracked::desk) else { return };
        let interval = self.state.interval(&desk);
        self.with_restore(id, |r, now| {
            r.heard_job(call, result, now);
            r.hold(now + interval);
        });
    }

    fn look_at_operation(&mut self, id: &ClientRequestId) {
        let cloud = self.state.cloud();
        let Some(Stage::Operation { operation }) = self.state.restore(id).map(|r| &r.stage) else { return };
        let call = operation.call(&cloud);
        let Some(request_id) = self.moment.id() else { return };
        match call.and_then(|call| call.request(&cloud, &request_id)) {
            Ok(request) => {
                self.spend(&Purpose::Operation(id.clone()));
                self.send("Get operation status", request, Purpose::Operation(id.clone()));
            }
            Err(refused) => {
                let fault = Fault::refused("Get operation status", &refused);
                self.with_restore(id, |r, now| r.heard_operation(Err(&fault), now));
            }
        }
    }

    fn look_at_job(&mut self, id: &ClientRequestId) {
        let Some((source, job)) = self.state.restore(id).and_then(|r| Some((r.source(), r.job_id()?.clone()))) else {
            return;
        };
        let (cloud, Some(request_id)) = (self.state.cloud(), self.moment.id()) else { return };
        // The path is ours and the origin the cloud's own: it cannot be refused.
        let call = source.get(&job);
        if let Ok(request) = call.request(&cloud, &request_id) {
            let purpose = Purpose::Job(id.clone(), call);
            self.spend(&purpose);
            self.send("Get job", request, purpose);
        }
    }

    fn jobs_call(&self, desk: &Desk) -> Call<Page<Job>> {
        let ours = || self.state.followed().filter(|r| r.desk() == *desk);
        let oldest = ours().map(|r| r.begun).min();
        // Azure's name for the job of a restore that rehydrates is another one.
        let usual = ours().all(|r| !r.rehydrates());
        self.list_call(desk, usual, oldest.map(|at| at - CLOCK_SKEW))
    }

    /// The list of a desk's restores, of the `usual` kind alone or of any, since a time or since ever.
    pub(super) fn list_call(&self, desk: &Desk, usual: bool, since: Option<OffsetDateTime>) -> Call<Page<Job>> {
        let (vault, secondary) = desk;
        let (versions, location) = (&self.state.settings.versions, secondary.as_ref().and_then(|r| location(vault, r)));
        let (operation, version) = match location {
            Some(_) => (job::CROSS_REGION, &versions.secondary),
            None => ("Restore", &versions.primary),
        };
        let filter = JobFilter { operation: usual.then(|| operation.to_owned()), since, ..JobFilter::default() };
        JobSource { vault: vault.clone(), location, version: version.clone() }.list(&filter)
    }

    fn list_jobs(&mut self, desk: &Desk) {
        let call = self.jobs_call(desk);
        let (cloud, Some(id)) = (self.state.cloud(), self.moment.id()) else { return };
        if let Ok(request) = call.request(&cloud, &id) {
            self.send_list(request, Purpose::VaultJobs { desk: desk.clone(), call, so_far: Vec::new(), pages: 0 });
        }
    }

    fn send_list(&mut self, request: Request<Bytes>, purpose: Purpose) {
        self.spend(&purpose);
        self.send("List jobs", request, purpose);
    }

    pub(super) fn heard_vault_jobs(
        &mut self,
        desk: &Desk,
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
                if !self.state.followed().any(|r| r.desk() == *desk) {
                    return;
                }
                let (cloud, Some(id)) = (self.state.cloud(), self.moment.id()) else { return };
                let request = call.follow(&cloud, &next).and_then(|call| Ok((call.request(&cloud, &id)?, call)));
                let closed = self.state.budgets.get_mut(desk, Reads::Jobs).closed(self.moment.now).is_some();
                match request {
                    // Another look was told meanwhile to leave Azure alone. A part says of nobody that it is not there: all is asked again.
                    Ok(_) if closed => Err(None),
                    Ok(_) if pages + 1 >= MOST_PAGES => {
                        let text = "The list of jobs is too long to load completely.";
                        Err(Some(Fault::reported("List jobs", "", text)))
                    }
                    Ok((request, call)) => {
                        let pages = pages + 1;
                        return self.send_list(request, Purpose::VaultJobs { desk: desk.clone(), call, so_far, pages });
                    }
                    Err(refused) => Err(Some(Fault::refused("List jobs", &refused))),
                }
            }
            Err(fault) => Err(Some(fault)),
        };
        let now = self.moment.now;
        let taken = self.taken(&so_far);
        let interval = self.state.interval(desk);
        let (mut said, mut lacking) = (Vec::new(), Vec::new());
        let (state, mut restores) = (&*self.state, self.state.restores.clone());
        let told = |r: &Tracked| state.follows(r) && r.desk() == *desk && !state.under_way(&r.id);
        restores.change_where(told, |r| {
            let before = r.state_text();
            match &end {
                Ok(()) => r.heard_jobs(Ok(&so_far), &taken, now),
                Err(fault) => r.heard_some_jobs(&so_far, fault.as_ref(), now),
            }
            match r.wants(now) {
                Wants::Wait(_) => r.hold(now + interval),
                Wants::Nothing => {}
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
            if self.state.waits_for_budget(desk, &want).is_some() {
                continue;
            }
            match want {
                Wants::Job(_) => self.look_at_job(&id),
                Wants::Operation => self.look_at_operation(&id),
                _ => {}
            }
        }
    }

    /// Jobs that are known to be some restore's of this browser: no other one adopts them. None where nobody searches.
    fn taken(&self, listed: &[Rc<Job>]) -> Vec<JobId> {
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
        let (cloud, Some(id)) = (self.state.cloud(), self.moment.id()) else { return };
        if pending || !self.state.connected() {
            return;
        }
        let call = job::cancel(&vault, &job, &self.state.settings.versions.primary);
        if let Ok(request) = call.request(&cloud, &id) {
            self.send("Cancel job", request, Purpose::Cancel { vault, job, call });
        }
    }

    pub(super) fn cancelled(
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
                    self.with_restore(&id, |r, now| r.look_now(now));
                }
                if matches!(&self.state.route, Route::Jobs(Some(v)) if v == vault) {
                    self.refresh();
                }
            }
            Err(fault) => self.tell_fault("Couldn't cancel the job", "It's still running. Azure's reason:", fault),
        }
    }
}
