//! Following the restores: operations one by one, jobs of one vault with one list call a round.

use std::rc::Rc;

use azure_backup::arm::fault::Fault;
use azure_backup::arm::id::{ArmId, ClientRequestId, JobId};
use azure_backup::arm::page::Page;
use azure_backup::backup::job::{self, Job, JobFilter};
use bytes::Bytes;
use http::{Request, Response};
use time::{Duration, OffsetDateTime};

use super::{LONGEST_ANSWER, Turn};
use crate::app::catalog::MOST_PAGES;
use crate::app::route::Route;
use crate::app::state::{Purpose, State};
use crate::restore::tracked::{Stage, Tracked, Wants};

/// A list of jobs asks for those since the oldest restore began, less what this computer's clock may be ahead: a job left out by the filter would
/// seem not to be there, and its restore not to have been sent. A day covers a clock in the wrong time zone; restores of a day are few.
const CLOCK_SKEW: Duration = Duration::days(1);
/// A tab that sends a request hears of it within the time that the shell waits for an answer. Later, it has been closed.
const ABANDONED: Duration = Duration::seconds(LONGEST_ANSWER.cast_signed() + 20);

impl State {
    /// The restores that this tab follows: those of the connected cloud.
    fn followed(&self) -> impl Iterator<Item = &Tracked> {
        self.restores.iter().filter(|r| r.is_running() && self.unfollowed(r).is_none())
    }

    fn under_way(&self, id: &ClientRequestId) -> bool {
        self.calls
            .values()
            .any(|p| matches!(p, Purpose::Operation(r) | Purpose::Job(r) | Purpose::Trigger(r) if r == id))
    }

    /// Whether this tab is sending the restore.
    pub(super) fn sends(&self, id: &ClientRequestId) -> bool {
        self.starting.as_ref().is_some_and(|s| s.id == *id)
            || self.calls.values().any(|p| matches!(p, Purpose::Trigger(r) if r == id))
    }

    /// When a restore that another tab is sending is taken to be abandoned.
    fn abandoned_at(&self, restore: &Tracked) -> Option<OffsetDateTime> {
        (restore.stage.is_leaving() && !self.sends(&restore.id)).then(|| restore.begun + ABANDONED)
    }

    fn listing(&self, vault: &ArmId) -> bool {
        self.calls.values().any(|p| matches!(p, Purpose::VaultJobs(v, _) if v == vault))
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
                _ => self.state.abandoned_at(r),
            })
            .min()
    }

    /// Looks at everything that is due.
    pub(super) fn follow(&mut self) {
        let now = self.moment.now;
        let abandoned: Vec<ClientRequestId> = self
            .state
            .followed()
            .filter(|r| self.state.abandoned_at(r).is_some_and(|at| at <= now))
            .map(|r| r.id.clone())
            .collect();
        for id in abandoned {
            self.with_restore(&id, Tracked::resumed);
        }
        let mut operations = Vec::new();
        let mut jobs: Vec<(ClientRequestId, ArmId)> = Vec::new();
        let mut searched: Vec<ArmId> = Vec::new();
        for restore in self.state.followed().filter(|r| !self.state.under_way(&r.id)) {
            match restore.wants(now) {
                Wants::Operation => operations.push(restore.id.clone()),
                Wants::Job(_) => jobs.push((restore.id.clone(), restore.vault.clone())),
                Wants::Jobs(_) if !searched.contains(&restore.vault) => searched.push(restore.vault.clone()),
                Wants::Jobs(_) | Wants::Wait(_) | Wants::Nothing => {}
            }
        }
        for id in operations {
            self.look_at_operation(&id);
        }
        let shown = match &self.state.route {
            Route::Restore(id) => Some(id.clone()),
            _ => None,
        };
        for (id, vault) in jobs {
            // The job on screen is read itself, for its tasks. Of the others, one is cheaper alone and several by the list.
            let company =
                self.state.followed().filter(|r| r.vault == vault && matches!(r.stage, Stage::Job { .. })).count();
            let over = self.state.restore(&id).and_then(Tracked::status).is_some_and(|s| !s.is_running());
            if Some(&id) == shown.as_ref() || company < 2 || over {
                self.look_at_job(&id);
            } else if !searched.contains(&vault) {
                searched.push(vault);
            }
        }
        for vault in searched {
            if !self.state.listing(&vault) {
                self.list_jobs(&vault);
            }
        }
    }

    fn look_at_operation(&mut self, id: &ClientRequestId) {
        let cloud = self.state.cloud();
        let Some(Stage::Operation { operation }) = self.state.restore(id).map(|r| &r.stage) else { return };
        let call = operation.call(&cloud);
        let Some(request_id) = self.moment.id() else { return };
        match call.and_then(|call| call.request(&cloud, &request_id)) {
            Ok(request) => {
                self.send("Get operation status", request, Purpose::Operation(id.clone()));
            }
            Err(refused) => {
                let fault = Fault::refused("Get operation status", &refused);
                self.with_restore(id, |r, now| r.heard_operation(Err(&fault), now));
            }
        }
    }

    fn look_at_job(&mut self, id: &ClientRequestId) {
        let Some((vault, job, version)) =
            self.state.restore(id).and_then(|r| Some((r.vault.clone(), r.job_id()?.clone(), r.version.clone())))
        else {
            return;
        };
        let (cloud, Some(request_id)) = (self.state.cloud(), self.moment.id()) else { return };
        // The path is ours and the origin the cloud's own: it cannot be refused.
        if let Ok(request) = job::get(&vault, &job, &version).request(&cloud, &request_id) {
            self.send("Get job", request, Purpose::Job(id.clone()));
        }
    }

    fn jobs_filter(&self, vault: &ArmId) -> JobFilter {
        let ours = || self.state.followed().filter(|r| r.vault == *vault);
        let oldest = ours().map(|r| r.begun).min();
        // Azure's name for the job of a restore that rehydrates is another one.
        let usual = ours().all(|r| !r.rehydrates());
        JobFilter {
            operation: usual.then(|| "Restore".to_owned()),
            since: oldest.map(|at| at - CLOCK_SKEW),
            ..JobFilter::default()
        }
    }

    fn list_jobs(&mut self, vault: &ArmId) {
        let call = job::list(vault, &self.state.settings.version, &self.jobs_filter(vault));
        let (cloud, Some(id)) = (self.state.cloud(), self.moment.id()) else { return };
        if let Ok(request) = call.request(&cloud, &id) {
            self.send_list(request, vault, Vec::new());
        }
    }

    fn send_list(&mut self, request: Request<Bytes>, vault: &ArmId, so_far: Vec<Job>) {
        self.send("List jobs", request, Purpose::VaultJobs(vault.clone(), so_far));
    }

    pub(super) fn heard_vault_jobs(
        &mut self,
        vault: &ArmId,
        mut so_far: Vec<Job>,
        result: Result<Response<Bytes>, Fault>,
    ) {
        let call = job::list(vault, &self.state.settings.version, &self.jobs_filter(vault));
        let page = result.and_then(|answer| call.read(&answer));
        let heard = match page {
            Ok(Page { value, next }) => {
                so_far.extend(value);
                if let Some(next) = next.filter(|_| so_far.len() < MOST_PAGES as usize * 100) {
                    let (cloud, Some(id)) = (self.state.cloud(), self.moment.id()) else { return };
                    match call.follow(&cloud, &next).and_then(|call| call.request(&cloud, &id)) {
                        Ok(request) => return self.send_list(request, vault, so_far),
                        Err(refused) => Err(Fault::refused("List jobs", &refused)),
                    }
                } else {
                    Ok(so_far)
                }
            }
            Err(fault) => Err(fault),
        };
        let now = self.moment.now;
        let taken: Vec<JobId> = self.state.restores.iter().filter_map(|r| r.job_id().cloned()).collect();
        let ids: Vec<ClientRequestId> = self
            .state
            .followed()
            .filter(|r| r.vault == *vault && !self.state.under_way(&r.id))
            .map(|r| r.id.clone())
            .collect();
        let said: Vec<String> = Rc::make_mut(&mut self.state.restores)
            .iter_mut()
            .filter(|r| ids.contains(&r.id))
            .filter_map(|r| {
                let before = r.state_text();
                r.heard_jobs(heard.as_deref(), &taken, now);
                let after = r.state_text();
                (before != after).then(|| format!("{}: {after}", r.vm))
            })
            .collect();
        if !said.is_empty() {
            self.announce(&said.join(". "));
        }
        self.save_restores();
        // A job that the list lacks is asked for by its id: the next list would lack it again, and again.
        for id in ids {
            if self.state.restore(&id).is_some_and(|r| matches!(r.wants(now), Wants::Job(_))) {
                self.look_at_job(&id);
            }
        }
    }

    pub(super) fn cancel_job(&mut self, vault: ArmId, job: JobId) {
        let pending = self.state.calls.values().any(|p| matches!(p, Purpose::Cancel(_, j) if *j == job));
        let (cloud, Some(id)) = (self.state.cloud(), self.moment.id()) else { return };
        if pending || !self.state.connected() {
            return;
        }
        if let Ok(request) = job::cancel(&vault, &job, &self.state.settings.version).request(&cloud, &id) {
            self.send("Cancel job", request, Purpose::Cancel(vault, job));
        }
    }

    pub(super) fn cancelled(&mut self, vault: &ArmId, job: &JobId, result: Result<Response<Bytes>, Fault>) {
        let call = job::cancel(vault, job, &self.state.settings.version);
        match result.and_then(|answer| call.read(&answer)) {
            Ok(_) => {
                self.announce("Azure has been asked to cancel the job");
                let ours = self.state.restores.iter().find(|r| r.job_id() == Some(job)).map(|r| r.id.clone());
                if let Some(id) = ours {
                    self.with_restore(&id, |r, now| r.look_now(now));
                }
                if matches!(&self.state.route, Route::Jobs(Some(v)) if v == vault) {
                    self.refresh();
                }
            }
            Err(fault) => self.tell_fault("The job was not cancelled", "It goes on. Azure says why:", fault),
        }
    }
}
