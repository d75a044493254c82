//! Recovery plans: kept, started, halted, gone on with. See [`crate::app::plans`] for who may run one.

mod edit;
mod files;
mod run;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use azure_backup::arm::id::ClientRequestId;
use time::OffsetDateTime;

use super::UpdateContext;
use crate::app::effect::Effect;
use crate::app::plans::{
    Claim, ConfirmedMachine, PROBE_INTERVAL, PlanMsg, PlanRecord, PlanRun, RunCommand, RunStep, RunningPlan,
};
use crate::app::records::{Change, Record};
use crate::app::route::Route;
use crate::app::saved::{self, PLANS};
use crate::recovery::execution::{Execution, HaltReason, MachineToRun};
use crate::recovery::expansion::Ready;
use crate::recovery::manifest::manifest;
use crate::recovery::plan::{Advance, Machine, MachineId, PlanId};
use crate::restore::plan::confirms;
use crate::restore::regional_id::RegionalId;

impl UpdateContext<'_> {
    pub(super) fn plan(&mut self, msg: PlanMsg) {
        match msg {
            PlanMsg::New(machines) => self.new_plan(machines),
            PlanMsg::Put(plan) => self.put_plan(*plan),
            PlanMsg::Start { id, shown, typed } => self.start_plan(&id, shown, &typed),
            PlanMsg::Except(id, machine, edit) => self.except(&id, &machine, edit),
            PlanMsg::ShowField(id, machine, field) => self.show_field_of_plan(id, machine, field),
            PlanMsg::Validate(id) => self.validate_plan(&id),
            PlanMsg::StopValidating => self.stop_validating(),
            PlanMsg::Halt(id) => self.halt_plan(&id, HaltReason::Operator),
            PlanMsg::Do(id, command) => self.command(&id, command),
            PlanMsg::Download(id, what) => self.download_plan(&id, what),
            PlanMsg::Remove(id) => self.remove_plan(&id),
        }
    }

    /// Starts a plan, or goes on with it, with the requests that are on the screen.
    fn start_plan(&mut self, id: &PlanId, shown: Rc<[ConfirmedMachine]>, typed: &str) {
        let Some(record) = self.state.plans.get(id).cloned() else { return };
        if !self.state.owns_plan(&record.plan) || shown.is_empty() || self.is_claiming(id) {
            return;
        }
        if record.plan.is_in_place() && !confirms(typed.trim(), record.plan.name.trim()) {
            return;
        }
        // Nothing waits for a validation, and none takes from Azure's limits what the starts need.
        self.stop_validating();
        // A second click, however fast.
        if self.state.runs_plan(id) && shown.iter().all(|machine| self.state.is_confirmed(id, machine)) {
            return;
        }
        let requests = self.state.to_confirm(&record);
        let present = requests.iter().map(|(id, ready)| ConfirmedMachine::of(id, ready));
        if !present.eq(shown.iter().cloned()) {
            return self.show_notice(
                "The requests changed",
                "A new response from Azure changed the requests just before you clicked. Nothing was sent. Review them again, then start.",
            );
        }
        if !self.state.runs_plan(id) {
            return self.claim(id, Claim::Start(record, shown), requests);
        }
        self.confirm(id, requests);
        self.resume_plan(id, &shown);
    }

    /// Goes on with a plan whose remaining requests have been reviewed.
    fn resume_plan(&mut self, id: &PlanId, confirmed: &[ConfirmedMachine]) {
        let manifest = self.manifest_of(id, confirmed);
        self.state.plans.change(id, |record| {
            if let Some(run) = &mut record.run {
                run.confirmed.retain(|known| confirmed.iter().all(|new| new.id != known.id));
                run.confirmed.extend_from_slice(confirmed);
                run.manifests.extend(manifest);
            }
        });
        self.save_plans_by(self.env.now);
        self.apply(id, &RunCommand::Continue);
    }

    /// The hash of the manifest that was on the screen with these requests.
    fn manifest_of(&self, id: &PlanId, confirmed: &[ConfirmedMachine]) -> Option<String> {
        let running = self.state.running_plans.iter().find(|running| running.plan == *id)?;
        let plan = &self.state.plans.get(id)?.plan;
        let by_id: BTreeMap<&MachineId, &Ready> = running.requests.iter().map(|(id, ready)| (id, ready)).collect();
        let shown = confirmed.iter().filter_map(|one| Some((one.id.clone(), (*by_id.get(&one.id)?).clone())));
        Some(manifest(plan, &shown.collect::<Vec<_>>()).sha256)
    }

    fn is_claiming(&self, id: &PlanId) -> bool {
        self.state.running_plans.iter().any(|r| r.plan == *id && matches!(r.step, RunStep::Claiming(_)))
    }

    fn command(&mut self, id: &PlanId, command: RunCommand) {
        let Some(record) = self.state.plans.get(id) else { return };
        // The browser may not have answered the question before.
        if record.run.is_none() || !self.state.owns_plan(&record.plan) || self.is_claiming(id) {
            return;
        }
        if self.state.runs_plan(id) {
            self.apply(id, &command);
        } else {
            self.claim(id, Claim::Do(command), Vec::new());
        }
    }

    /// Asks the browser for the right to run a plan. What was confirmed in this tab before stays known.
    fn claim(&mut self, id: &PlanId, claim: Claim, requests: Vec<(MachineId, Ready)>) {
        let (identity, step) = (self.state.identity(), RunStep::Claiming(claim));
        match self.state.running_plans.iter_mut().find(|running| running.plan == *id) {
            Some(running) => running.step = step,
            None => {
                let requests = Rc::default();
                self.state.running_plans.push(RunningPlan { plan: id.clone(), identity, step, requests });
            }
        }
        self.confirm(id, requests);
        self.effects.push(Effect::Claim(id.lock().clone()));
    }

    /// Keeps requests as the operator has confirmed them.
    fn confirm(&mut self, id: &PlanId, requests: Vec<(MachineId, Ready)>) {
        if let Some(running) = self.state.running_plans.iter_mut().find(|running| running.plan == *id) {
            let all = Rc::make_mut(&mut running.requests);
            all.retain(|(known, _)| requests.iter().all(|(new, _)| new != known));
            all.extend(requests);
        }
    }

    /// The browser has said whether this tab may run a plan. Whether it was about a plan.
    pub(super) fn on_plan_claimed(&mut self, lock: &ClientRequestId, held: bool) -> bool {
        let asked = |running: &RunningPlan| running.plan.lock() == lock;
        let Some(at) = self.state.running_plans.iter().position(asked) else { return false };
        let RunStep::Claiming(claim) = self.state.running_plans[at].step.clone() else { return true };
        let id = self.state.running_plans[at].plan.clone();
        if !held {
            self.state.running_plans.remove(at);
            if claim == Claim::Probe {
                self.state.plan_probes.insert(lock.clone(), self.env.now + PROBE_INTERVAL);
            } else {
                self.show_notice(
                    "Another tab runs this plan",
                    "Continue in that tab, or close it and try again here. Nothing was sent from this tab.",
                );
            }
            return true;
        }
        self.state.running_plans[at].step = RunStep::Running;
        self.state.plan_probes.remove(lock);
        if claim == Claim::Probe {
            // Whoever ran it is gone. What has been started goes on, nothing more starts.
            self.halt_plan(&id, HaltReason::TabClosed);
        }
        // What the tab before has not written down is found now.
        self.look_through(&id);
        match claim {
            Claim::Probe => {}
            Claim::Start(record, shown) => self.begin_plan(&record, &shown),
            Claim::Do(command) => self.apply(&id, &command),
        }
        true
    }

    /// Begins the run of a plan, unless another tab has edited or started it meanwhile.
    fn begin_plan(&mut self, shown: &PlanRecord, confirmed: &[ConfirmedMachine]) {
        let plan = &shown.plan;
        if self.state.plans.get(&plan.id).is_none_or(|record| **record != *shown) {
            self.state.running_plans.retain(|running| running.plan != plan.id);
            self.effects.push(Effect::Release(plan.id.lock().clone()));
            return self.show_notice(
                "The plan changed",
                "Another tab changed or started this plan just before you clicked. Nothing was sent from this tab.",
            );
        }
        self.effects.push(Effect::Go(Route::board(plan.id.clone())));
        if shown.run.is_some() {
            return self.resume_plan(&plan.id, confirmed);
        }
        let ids: BTreeSet<&MachineId> = confirmed.iter().map(|one| &one.id).collect();
        let is_confirmed = |machine: &Machine| ids.contains(&machine.id());
        let vault = |place: &RegionalId| place.vault().map(|vault| place.with(vault).key()).unwrap_or_default();
        let machines = plan.machines().filter(|(_, machine)| is_confirmed(machine));
        let to_run = |(group, machine): (usize, &Machine)| MachineToRun {
            id: machine.id(),
            vault: vault(&machine.place()),
            group,
        };
        let advances: Vec<Advance> = plan.groups.iter().map(|group| group.advance).collect();
        let execution = Execution::start(
            machines.map(to_run).collect(),
            &advances,
            plan.pacing,
            plan.stop_after_failures,
            self.env.now,
        );
        let manifests = self.manifest_of(&plan.id, confirmed).into_iter().collect();
        let run = PlanRun { execution, confirmed: confirmed.to_vec(), manifests };
        self.state.plans.change(&plan.id, |record| record.run = Some(run));
        self.save_plans_by(self.env.now);
        self.announce("Plan started");
    }

    fn apply(&mut self, id: &PlanId, command: &RunCommand) {
        let now = self.env.now;
        self.change_run(id, |execution| match command {
            RunCommand::Continue => execution.continue_run(now),
            RunCommand::RetryFailed => execution.retry_failed(now),
            RunCommand::Retry(machine) => execution.retry(machine),
            RunCommand::Skip(machine) => execution.skip(machine, now),
            RunCommand::OpenGroup(group) => execution.open_group(*group, now),
        });
    }

    pub(super) fn change_run(&mut self, id: &PlanId, change: impl FnOnce(&mut Execution)) {
        let now = self.env.now;
        self.change_run_by(id, now, change);
    }

    /// The same; it is saved at `due` at the latest.
    fn change_run_by(&mut self, id: &PlanId, due: OffsetDateTime, change: impl FnOnce(&mut Execution)) {
        let Some(mut run) = self.state.plans.get(id).and_then(|record| record.run.clone()) else { return };
        let before = run.execution.clone();
        change(&mut run.execution);
        if run.execution != before {
            self.state.plans.change(id, |record| record.run = Some(run));
            self.save_plans_by(due);
        }
    }

    fn save_plans_by(&mut self, due: OffsetDateTime) {
        let earlier = self.state.saves.plans_due.filter(|at| *at < due);
        self.state.saves.plans_due = earlier.or(Some(due));
    }

    /// Saves the plans that have changed since the last save, and those whose last save has failed.
    pub(super) fn save_plans(&mut self) {
        self.state.saves.plans_due = None;
        let mut ids = std::mem::take(&mut self.state.saves.unsaved_plans);
        for id in self.state.plans.since(&self.state.saves.plans_written) {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        if ids.is_empty() {
            return;
        }
        let change = |id: &PlanId| match self.state.plans.get(id) {
            Some(record) => Change::Put((id.as_str().to_owned(), saved::write(&**record))),
            None => Change::Delete(id.as_str().to_owned()),
        };
        let changes = ids.iter().map(change).collect();
        self.state.saves.plans_written = self.state.plans.clone();
        self.state.saves.plans_under_way.push((self.next_save(), ids));
        self.save_records(PLANS, changes, true);
    }

    /// A plan as another tab or the storage tells it. Of one that runs here only this tab knows how it goes on; any tab can halt it.
    pub(super) fn merge_plan_record(&mut self, record: &Record, kept: bool) {
        let Some(theirs) = saved::plan(record) else {
            self.quarantine_entries(PLANS, vec![record.1.clone()]);
            return;
        };
        let id = theirs.plan.id.clone();
        if self.state.runs_plan(&id) {
            let halted = theirs.run.as_ref().and_then(|run| run.execution.halted()).map(|halted| halted.why);
            if let Some(why) = halted {
                self.halt_plan(&id, why);
            }
            return;
        }
        if self.state.saves.knows_more_of_plan(&id) {
            return;
        }
        self.state.plans.put(Rc::new(theirs));
        if kept {
            self.state.saves.plans_written.adopt(&id, &self.state.plans);
        } else {
            self.state.saves.unsaved_plans.push(id.clone());
        }
        // It may be older than what this tab knows of its restores and has not saved yet.
        self.look_through(&id);
    }

    /// Another tab has removed a plan, or all.
    pub(super) fn plans_gone(&mut self, key: Option<&str>) {
        let runs: Vec<PlanId> = self
            .state
            .plans
            .iter()
            .map(|record| record.plan.id.clone())
            .filter(|id| self.state.runs_plan(id))
            .collect();
        let runs = |record: &PlanRecord| runs.contains(&record.plan.id);
        let goes = |record: &PlanRecord| key.is_none_or(|key| key == record.plan.id.as_str());
        self.state.plans.retain(|record| runs(record) || !goes(record));
        self.state.saves.plans_written.retain(|record| !goes(record));
        if self.state.plans.iter().any(|record| goes(record)) {
            self.save_plans_by(self.env.now);
        }
    }

    /// Forgets plans. What they have started goes on in Azure; what has not left does not leave.
    pub(super) fn forget_plans(&mut self, which: impl Fn(&PlanRecord) -> bool) {
        let forgotten = self.state.plans.iter().filter(|record| which(record));
        for id in forgotten.map(|record| record.plan.id.clone()).collect::<Vec<_>>() {
            self.halt_plan(&id, HaltReason::Operator);
            self.state.plans.remove(&id);
        }
    }

    /// Finds out whether any tab runs the plans of this identity that seem to run.
    pub(super) fn probe_plans(&mut self) {
        let now = self.env.now;
        let is_due = |record: &PlanRecord| {
            let known = self.state.runs_plan(&record.plan.id) || self.is_claiming(&record.plan.id);
            let probe = self.state.plan_probes.get(record.plan.id.lock());
            record.has_more_to_start() && !known && probe.is_none_or(|at| *at <= now)
        };
        let due: Vec<PlanId> = match self.state.started && self.state.connected() {
            true => self.state.own_plans().filter(|record| is_due(record)).map(|r| r.plan.id.clone()).collect(),
            false => Vec::new(),
        };
        for id in due {
            self.state.plan_probes.insert(id.lock().clone(), now + PROBE_INTERVAL);
            self.claim(&id, Claim::Probe, Vec::new());
        }
    }
}
