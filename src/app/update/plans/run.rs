//! A run goes on: what became of its restores is taken in, and the next ones are started.

use azure_backup::arm::fault::Fault;
use azure_backup::arm::id::ClientRequestId;
use azure_backup::backup::job::JobStatus;
use time::{Duration, OffsetDateTime};

use super::UpdateContext;
use crate::app::effect::{Effect, SaveId};
use crate::app::launch::LaunchStep;
use crate::app::plans::{RunStep, RunningPlan};
use crate::app::records::Difference;
use crate::recovery::execution::{Ending, Event, HaltReason};
use crate::recovery::plan::{MachineId, PlanId};
use crate::restore::run::{RestoreRun, Stage};

/// Azure's code where a vault takes no more restores for a day.
/// Source: <https://github.com/Azure/azure-content/issues/5067>.
const DAILY_LIMIT: &str = "CloudDosAbsoluteLimitReached";

/// A run of which only restores have told something is saved no more often than this: a thousand machines make a long record.
const SAVE_INTERVAL: Duration = Duration::seconds(5);

impl UpdateContext<'_> {
    /// What happened to restores is taken in, what is due is started, what has changed is saved. Gives the time of the next start.
    pub(in crate::app::update) fn run_plans(&mut self) -> Option<OffsetDateTime> {
        self.look_at_restores();
        let running = self.state.running_plans.iter().filter(|running| running.step == RunStep::Running);
        let running: Vec<PlanId> = running.map(|running| running.plan.clone()).collect();
        let starts = running.iter().filter_map(|id| self.start_next(id)).min();
        self.leave_plans();
        self.probe_plans();
        let now = self.env.now;
        if self.state.saves.plans_due.is_some_and(|at| at <= now) {
            self.save_plans();
        }
        let probes = self.state.plan_probes.values().copied().filter(|at| *at > now);
        starts.into_iter().chain(probes).chain(self.state.saves.plans_due).min()
    }

    /// Takes in what happened to restores since the last look.
    fn look_at_restores(&mut self) {
        if self.state.restores.is_same_list(&self.state.plans_have_seen) {
            return;
        }
        let before = std::mem::replace(&mut self.state.plans_have_seen, self.state.restores.clone());
        if self.state.plans.is_empty() {
            return;
        }
        let Difference { changed, gone } = self.state.restores.since(&before);
        for id in changed.iter().chain(&gone) {
            self.look_at(id);
        }
    }

    /// Takes in how all restores of a plan stand: another tab has looked at them so far.
    pub(super) fn look_through(&mut self, id: &PlanId) {
        let Some(run) = self.state.plans.get(id).and_then(|record| record.run.as_ref()) else { return };
        let open = run.execution.machines().iter().filter(|machine| machine.progress.is_open());
        let restores: Vec<ClientRequestId> = open.filter_map(|machine| machine.restore().cloned()).collect();
        for restore in restores {
            self.look_at(&restore);
        }
    }

    fn look_at(&mut self, restore: &ClientRequestId) {
        let Some((plan, machine)) = self.planned(restore) else { return };
        let events = match self.state.restore(restore) {
            Some(restore) => events_of(restore, self.env.now),
            None => vec![Event::Ended(Ending::Lost)],
        };
        for event in events {
            let never_left = event == Event::Ended(Ending::NeverLeft);
            self.tell(&plan, &machine, event);
            if never_left {
                // Whatever stands in the way of one request stands in the way of the others.
                self.halt_plan(&plan, HaltReason::NotSent);
            }
        }
    }

    /// The machine of a plan whose present restore this is, where this tab is the one to write down how it goes on: it runs the plan; or no tab
    /// needs to, and it leads.
    fn planned(&self, restore: &ClientRequestId) -> Option<(PlanId, MachineId)> {
        let writes = |id: &PlanId, starts: bool| self.state.runs_plan(id) || self.state.leading && !starts;
        self.state.own_plans().find_map(|record| {
            let machine = record.run.as_ref()?.execution.machine_of(restore)?;
            let plan = &record.plan.id;
            writes(plan, record.has_more_to_start()).then(|| (plan.clone(), machine.id.clone()))
        })
    }

    fn tell(&mut self, plan: &PlanId, machine: &MachineId, event: Event) {
        let now = self.env.now;
        let wait = match event {
            // Before the request leaves.
            Event::Triggered(_) | Event::Withdrawn => Duration::ZERO,
            _ => SAVE_INTERVAL,
        };
        self.change_run_by(plan, now + wait, |execution| execution.on_event(machine, event, now));
    }

    /// The answer to a trigger. A service that is too busy to answer is not asked for more at once.
    pub(in crate::app::update) fn plan_answered(&mut self, restore: &ClientRequestId) {
        let fault = match self.state.restore(restore).map(|restore| &restore.stage) {
            Some(Stage::Unknown { fault: Some(fault), .. }) if fault.status == Some(503) => fault.clone(),
            _ => return,
        };
        if let Some((plan, machine)) = self.planned(restore) {
            let until = until(&fault, self.env.now);
            self.tell(&plan, &machine, Event::Busy { until });
        }
    }

    /// A restore of a plan could not be saved, so it was not started. Whether it is one of a plan.
    pub(in crate::app::update) fn plan_not_saved(&mut self, restore: &ClientRequestId) -> bool {
        let Some((plan, machine)) = self.planned(restore) else { return false };
        self.tell(&plan, &machine, Event::Withdrawn);
        self.halt_plan(&plan, HaltReason::NotSaved);
        true
    }

    /// A save of plans has failed: what runs here starts nothing more, because nobody would know of it.
    pub(in crate::app::update) fn plans_not_saved(&mut self, save: SaveId) {
        let lost = self.state.saves.plans_under_way.iter().filter(|(other, _)| *other == save);
        let lost: Vec<PlanId> = lost.flat_map(|(_, ids)| ids.clone()).collect();
        for id in lost.into_iter().filter(|id| self.state.runs_plan(id)).collect::<Vec<_>>() {
            self.halt_plan(&id, HaltReason::NotSaved);
        }
    }

    /// Starts nothing more of a plan, at once: also what is prepared in this tab does not leave.
    pub(in crate::app::update) fn halt_plan(&mut self, id: &PlanId, why: HaltReason) {
        if self.state.plans.get(id).is_none_or(|record| !self.state.owns_plan(&record.plan))
            && !self.state.runs_plan(id)
        {
            return;
        }
        let now = self.env.now;
        self.change_run(id, |execution| execution.halt(why, now));
        if !self.state.runs_plan(id) {
            return;
        }
        let leaves = |restore: &ClientRequestId| {
            self.state
                .launches
                .get(restore)
                .is_some_and(|launch| !matches!(launch.step, LaunchStep::Sent | LaunchStep::Refused))
        };
        let Some(run) = self.state.plans.get(id).and_then(|record| record.run.as_ref()) else { return };
        let machines = run.execution.machines().iter().filter(|machine| machine.progress.is_under_way());
        let machines = machines.filter(|machine| machine.restore().is_some_and(leaves));
        let withdrawn: Vec<(MachineId, ClientRequestId)> =
            machines.filter_map(|machine| Some((machine.id.clone(), machine.restore()?.clone()))).collect();
        for (machine, restore) in withdrawn {
            self.tell(id, &machine, Event::Withdrawn);
            self.withdraw_launch(&restore);
        }
    }

    /// The connection ends: nothing more starts.
    pub(in crate::app::update) fn halt_plans(&mut self) {
        self.halt_plans_where(|_| true);
    }

    /// Another identity is connected: plans of the one before start nothing more.
    pub(in crate::app::update) fn halt_plans_of_others(&mut self) {
        let identity = self.state.identity();
        self.halt_plans_where(|running| running.identity != identity);
    }

    fn halt_plans_where(&mut self, ends: impl Fn(&RunningPlan) -> bool) {
        let others = self.state.running_plans.iter().filter(|running| ends(running));
        let others: Vec<PlanId> = others.map(|running| running.plan.clone()).collect();
        for id in &others {
            self.halt_plan(id, HaltReason::Disconnected);
        }
        for running in self.state.running_plans.extract_if(.., |running| others.contains(&running.plan)) {
            self.effects.push(Effect::Release(running.plan.lock().clone()));
        }
        self.state.plan_probes.clear();
    }

    /// A tab that has nothing more to start gives the right to run a plan back.
    fn leave_plans(&mut self) {
        let plans = &self.state.plans;
        for running in self.state.running_plans.iter_mut().filter(|running| running.step == RunStep::Running) {
            if plans.get(&running.plan).is_none_or(|record| !record.has_more_to_start()) {
                running.step = RunStep::Left;
                self.effects.push(Effect::Release(running.plan.lock().clone()));
            }
        }
    }

    /// Starts what is due of a plan, and gives the time of the next start.
    fn start_next(&mut self, id: &PlanId) -> Option<OffsetDateTime> {
        if !self.state.connected() || self.state.sign_in_fault.is_some() {
            return None;
        }
        let now = self.env.now;
        let running = self.state.running_plans.iter().find(|running| running.plan == *id)?;
        let execution = &self.state.plans.get(id)?.run.as_ref()?.execution;
        // Most of the time nothing is due, and what runs in this browser need not be looked through.
        let at_most = execution.next(now, &|_| true);
        if at_most.trigger.is_empty() {
            return at_most.wake_at;
        }
        let busy = self.state.being_restored();
        let is_ready =
            |machine: &MachineId| running.requests.iter().any(|(id, _)| id == machine) && !busy.contains(machine);
        let next = execution.next(now, &is_ready);
        for machine in next.trigger {
            self.start_machine(id, &machine);
        }
        self.save_restores();
        next.wake_at
    }

    fn start_machine(&mut self, plan: &PlanId, machine: &MachineId) -> Option<()> {
        let running = self.state.running_plans.iter().find(|running| running.plan == *plan)?;
        let ready = running.requests.iter().find(|(id, _)| id == machine)?.1.clone();
        let reason = self.state.plans.get(plan)?.plan.reason.clone();
        let restore = self.begin_launch(&ready.plan, &ready.facts, &reason, true)?;
        self.tell(plan, machine, Event::Triggered(restore));
        Some(())
    }
}

/// What has happened to the machine of a restore, as far as its record tells.
fn events_of(restore: &RestoreRun, now: OffsetDateTime) -> Vec<Event> {
    match &restore.stage {
        Stage::Intent | Stage::Preparing { .. } | Stage::Sending | Stage::Unknown { .. } => vec![Event::SentAfterAll],
        Stage::Operation { .. } | Stage::Searching { .. } => vec![Event::Accepted],
        Stage::Job { .. } => {
            let found = if restore.is_guessed() { Event::JobGuessed } else { Event::Accepted };
            if restore.is_running() {
                return vec![found];
            }
            let ending = match restore.status() {
                _ if restore.missing_job_fault().is_some() => Ending::Lost,
                // What machine and time alone say does not prove that this restore is done, so no other group may rest on it.
                Some(JobStatus::Completed | JobStatus::CompletedWithWarnings) if restore.is_guessed() => Ending::Lost,
                Some(JobStatus::Completed | JobStatus::CompletedWithWarnings) => Ending::Restored,
                Some(JobStatus::Cancelled) => Ending::Canceled,
                _ => Ending::Failed,
            };
            vec![found, Event::Ended(ending)]
        }
        Stage::Refused { fault } if fault.is_throttled() => vec![Event::Throttled { until: until(fault, now) }],
        Stage::Refused { fault } if fault.code == DAILY_LIMIT => vec![Event::DailyLimit],
        Stage::Refused { .. } => vec![Event::Ended(Ending::Refused)],
        Stage::OperationFailed { .. } => vec![Event::Accepted, Event::Ended(Ending::Failed)],
        Stage::NotSent { search: Some(_), .. } => vec![Event::Ended(Ending::NotStarted)],
        Stage::NotSent { search: None, .. } => vec![Event::Ended(Ending::NeverLeft)],
    }
}

fn until(fault: &Fault, now: OffsetDateTime) -> Option<OffsetDateTime> {
    fault.retry_after.as_ref().map(|wait| wait.due(now))
}
