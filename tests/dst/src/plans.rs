//! Recovery plans in the simulation: the operator's commands, and the invariants of a plan.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use arm_sim::{Simulator, Trigger};
use azure_backup::arm::id::ArmId;
use bytes::Bytes;
use fastrand::Rng;
use http::Response;
use time::{Duration, OffsetDateTime};
use vm_restore::app::msg::Msg;
use vm_restore::app::plans::{ConfirmedMachine, PlanMsg, PlanRecord, RunCommand};
use vm_restore::app::route::Route;
use vm_restore::app::state::State;
use vm_restore::recovery::plan::{MachineId, PlanId, RecoveryPlan};
use vm_restore::restore::regional_id::RegionalId;

use crate::dice::{chance, one};
use crate::ledger::Broken;
use crate::plan_pace::PlanPace;
use crate::world::{Life, World};

/// What was confirmed in a tab, by whom.
struct Confirmation {
    identity: String,
    machine: ConfirmedMachine,
}

/// What the run has seen of its plan.
#[derive(Default)]
pub(crate) struct PlanLedger {
    plan: Option<RecoveryPlan>,
    confirmed: BTreeMap<Life, Vec<Confirmation>>,
    /// The restores that the plan has started, by machine.
    started: BTreeMap<String, MachineId>,
    /// Machines that the operator has requested since their last start.
    asked: BTreeSet<MachineId>,
    skipped: BTreeSet<MachineId>,
    /// Groups that were started by hand.
    opened: BTreeSet<usize>,
    /// The tabs that were told to start nothing more.
    halted: BTreeSet<Life>,
    /// Restores of the plan that the operator has sent again from their own page: neither a halt nor the plan's pace is about these.
    sent_by_hand: BTreeSet<String>,
    pace: PlanPace,
}

impl PlanLedger {
    pub(crate) fn new(plan: &RecoveryPlan) -> Self {
        Self { plan: Some(plan.clone()), ..Self::default() }
    }

    pub(crate) const fn plan(&self) -> Option<&RecoveryPlan> {
        self.plan.as_ref()
    }

    /// Whether the plan has started a restore.
    pub(crate) fn has_started(&self, id: &str) -> bool {
        self.started.contains_key(id)
    }

    /// Records the operator's message in a tab.
    pub(crate) fn on_operator_message(&mut self, life: Life, state: &State, msg: &Msg) {
        let msg = match msg {
            Msg::Plan(msg) => msg,
            Msg::SendAgain(id) | Msg::SendUnsent { id, .. } => {
                self.sent_by_hand.insert(id.as_str().to_owned());
                return;
            }
            _ => return,
        };
        match msg {
            PlanMsg::Start { shown, .. } => {
                let identity = state.identity().key();
                let confirmation =
                    |machine: &ConfirmedMachine| Confirmation { identity: identity.clone(), machine: machine.clone() };
                self.confirmed.entry(life).or_default().extend(shown.iter().map(confirmation));
                self.asked.extend(shown.iter().map(|machine| machine.id.clone()));
                self.halted.remove(&life);
                self.pace.on_start(life, shown.iter().map(|machine| &machine.id));
            }
            PlanMsg::Halt(id) if state.runs_plan(id) => drop(self.halted.insert(life)),
            PlanMsg::Do(id, command) => {
                self.pace.on_operator_command(life, state, id, command);
                match command {
                    RunCommand::Continue => drop(self.halted.remove(&life)),
                    RunCommand::RetryFailed => {
                        let all = self.plan.iter().flat_map(|plan| plan.machines().map(|(_, machine)| machine.id()));
                        self.asked.extend(all.collect::<Vec<_>>());
                    }
                    RunCommand::Retry(machine) => drop(self.asked.insert(machine.clone())),
                    RunCommand::Skip(machine) => drop(self.skipped.insert(machine.clone())),
                    RunCommand::OpenGroup(group) => drop(self.opened.insert(*group)),
                }
            }
            _ => {}
        }
    }

    /// A restore that a plan starts in a tab: what was confirmed of it there, and by whom.
    pub(crate) fn on_restore_started(
        &mut self,
        life: Life,
        state: &State,
        restore: &str,
        point: &ArmId,
        sha256: &str,
    ) -> Option<String> {
        let of_tab = self.confirmed.get(&life)?.iter().rev();
        let confirmation =
            of_tab.into_iter().find(|one| one.machine.point == *point && one.machine.sha256 == sha256)?;
        let id = confirmation.machine.id.clone();
        let identity = confirmation.identity.clone();
        // A single restore of the same machine may have been started by the click on its own page.
        let runs = state.plans.iter().filter_map(|record| record.run.as_ref());
        let mut runs = runs.map(|run| run.execution.machine(&id).and_then(|machine| machine.restore()));
        if !runs.any(|present| present.is_some_and(|present| present.as_str() == restore)) {
            return None;
        }
        self.started.insert(restore.to_owned(), id);
        Some(identity)
    }

    /// A tab hears what has become of a trigger; none = nothing.
    pub(crate) fn on_response(
        &mut self,
        life: Life,
        restore: &str,
        answer: Option<&Response<Bytes>>,
        now: OffsetDateTime,
    ) {
        if self.has_started(restore) {
            self.pace.on_response(life, (restore, answer), self.started.keys(), now);
        }
    }

    /// The request of a restore that the plan has started is about to leave. `sound` = the storage was neither damaged nor forged; `now` is none
    /// where the clocks of page and Azure do not agree.
    pub(crate) fn check_leaving(
        &mut self,
        life: Life,
        restore: &str,
        sim: &Simulator,
        (sound, now): (bool, Option<OffsetDateTime>),
    ) -> Result<(), Broken> {
        let (Some(machine), Some(plan)) = (self.started.get(restore).cloned(), &self.plan) else { return Ok(()) };
        let by_hand = self.sent_by_hand.contains(restore);
        if !by_hand && self.halted.contains(&life) {
            return Err(format!("{restore} leaves a halted plan"));
        }
        if !sound {
            return Ok(());
        }
        let of = |id: &MachineId| -> Vec<&Trigger> {
            let ours = |t: &&Trigger| {
                t.accepted && t.client_request_id != restore && self.started.get(&t.client_request_id) == Some(id)
            };
            sim.triggers().iter().filter(ours).collect()
        };
        let stands = |trigger: &Trigger| sim.job(&trigger.job).unwrap_or("Failed");
        for before in of(&machine) {
            match stands(before) {
                "Failed" | "Cancelled" if self.asked.contains(&machine) => {}
                other => {
                    return Err(format!("{restore} is started after {}, which is {other}", before.client_request_id));
                }
            }
        }
        if by_hand {
            self.asked.remove(&machine);
            return Ok(());
        }
        if let Some(now) = now {
            let is_ours = |t: &Trigger| t.accepted && self.started.contains_key(&t.client_request_id);
            let first = !sim.triggers().iter().any(is_ours);
            self.pace.check_leaving(life, restore, &machine, (now, first))?;
        }
        let group =
            |id: &MachineId| plan.machines().find(|(_, machine)| machine.id() == *id).map_or(0, |(group, _)| group);
        let own = group(&machine);
        let is_confirmed = |id: &MachineId| self.confirmed.values().flatten().any(|one| one.machine.id == *id);
        for (earlier, other) in plan.machines().filter(|(of, _)| *of < own) {
            let id = other.id();
            let restored = of(&id).iter().any(|trigger| stands(trigger).starts_with("Completed"));
            let opened = (earlier + 1..=own).all(|group| self.opened.contains(&group));
            if !restored && !opened && !self.skipped.contains(&id) && is_confirmed(&id) {
                return Err(format!("{restore} is started before {} is restored", other.name));
            }
        }
        let running = self.started.iter().filter(|(id, _)| id.as_str() != restore);
        let running = running.filter(|(id, _)| {
            let trigger = sim.triggers().iter().find(|t| t.accepted && t.client_request_id == **id);
            trigger.is_some_and(|t| !matches!(stands(t), "Failed" | "Cancelled") && !stands(t).starts_with("Completed"))
        });
        let (running, cap) = (running.count(), usize::from(plan.pacing.per_vault.get()));
        if running >= cap {
            return Err(format!("{restore} is started while {running} restores of the plan run, of {cap} that may"));
        }
        self.asked.remove(&machine);
        Ok(())
    }

    /// At the end nothing of the plan is under way that has ended in Azure.
    pub(crate) fn check_end(&self, tabs: &[&State]) -> Result<(), Broken> {
        let Some(plan) = &self.plan else { return Ok(()) };
        let runs = tabs.iter().find(|state| state.runs_plan(&plan.id));
        let writes = |state: &&&State| state.leading && state.owns_plan(plan);
        let Some(state) = runs.or_else(|| tabs.iter().find(writes)) else { return Ok(()) };
        let run = state.plans.get(&plan.id).and_then(|record| record.run.as_ref());
        let left = run.iter().flat_map(|run| run.execution.machines()).find(|machine| machine.progress.is_under_way());
        match left {
            Some(machine) => Err(format!("{} is still {:?}", machine.id.as_str(), machine.progress)),
            None => Ok(()),
        }
    }
}

impl World {
    /// The operator says something about the plan, in a tab. False where the tab does something else.
    pub(crate) fn operate_plan(&mut self, tab: usize, rng: &mut Rng) -> bool {
        let Some(id) = self.ledger.plans.plan().map(|plan| plan.id.clone()) else { return false };
        if !chance(rng, 40) {
            return false;
        }
        let (life, now) = (self.life(tab), Duration::ZERO);
        let state = &self.tabs[tab].state;
        let Some(record) = state.plans.get(&id).cloned() else { return false };
        let msg = match &state.route {
            Route::PlanReview(_) if chance(rng, 80) => {
                let requests = state.to_confirm(&record);
                for (_, ready) in &requests {
                    self.ledger.on_displayed(ready.plan.text());
                }
                let shown: Rc<[ConfirmedMachine]> =
                    requests.iter().map(|(id, ready)| ConfirmedMachine::of(id, ready)).collect();
                let finger = Duration::milliseconds(rng.i64(0..200));
                let start = Msg::Plan(PlanMsg::Start { id, shown, typed: String::new() });
                if chance(rng, 30) {
                    self.deliver(life, Duration::milliseconds(rng.i64(0..200)), start.clone());
                }
                self.deliver(life, finger, start);
                return true;
            }
            // A start may come while Azure validates what it starts.
            Route::PlanReview(_) if rng.bool() => Msg::Plan(PlanMsg::Validate(id)),
            Route::Board(..) => command(&id, &record, rng),
            _ if rng.bool() => Msg::Go(Route::board(id)),
            _ => Msg::Go(Route::PlanReview(id)),
        };
        self.deliver(life, now, msg);
        true
    }
}

/// Something that the board offers.
fn command(id: &PlanId, record: &PlanRecord, rng: &mut Rng) -> Msg {
    let machines: Vec<RegionalId> = record.plan.machines().map(|(_, machine)| machine.place()).collect();
    let some = |rng: &mut Rng| MachineId::of(&machines[rng.usize(0..machines.len())]);
    let groups = record.plan.groups.len();
    let command = match rng.u32(0..12) {
        0 | 1 => return Msg::Plan(PlanMsg::Halt(id.clone())),
        2..=4 => RunCommand::Continue,
        5 | 6 => RunCommand::RetryFailed,
        7 => RunCommand::Retry(some(rng)),
        8 if rng.bool() => RunCommand::Skip(some(rng)),
        9 if rng.bool() => RunCommand::OpenGroup(one(rng, &[0, 1]).min(groups)),
        _ => return Msg::Go(Route::PlanReview(id.clone())),
    };
    Msg::Plan(PlanMsg::Do(id.clone(), command))
}
