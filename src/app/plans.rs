//! The recovery plans of this browser, and which of them this tab runs.
//!
//! A stored plan authorizes nothing, like any record: what may be sent stands in the memory of the tab in which the operator has seen it and said
//! *Start*. A Web Lock for each plan sees to it that no two tabs run it. When that tab is gone the plan is halted, and any tab goes on with it
//! after a review of what is left. Every tab can halt it.

pub mod board;
pub mod clean_up;
mod exception;
mod known;
pub mod readiness;
pub mod source_networks;
pub mod wall;

use std::collections::BTreeSet;
use std::rc::Rc;

use azure_backup::arm::id::{ArmId, ClientRequestId};
use serde::{Deserialize, Serialize};
use time::Duration;

pub use exception::is_exception;
pub use known::Expansions;

use super::identity::Identity;
use super::msg::Edit;
use super::route::Route;
use super::state::State;
use crate::recovery::execution::{Execution, HaltReason};
use crate::recovery::expansion::Ready;
use crate::recovery::plan::{MAX_MACHINES, Machine, MachineId, PlanId, RecoveryPlan};
use crate::restore::field::Field;

/// A plan that another tab runs is asked about again after this: the tab may be gone by then.
pub(super) const PROBE_INTERVAL: Duration = Duration::minutes(2);

/// A plan as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlanRecord {
    /// The plan.
    pub plan: RecoveryPlan,
    /// Its run, once it was started. From then on the plan stays as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<PlanRun>,
}

/// A run of a plan as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlanRun {
    /// How far it is.
    pub execution: Execution,
    /// What the operator has confirmed, machine by machine.
    pub confirmed: Vec<ConfirmedMachine>,
    /// SHA-256 of the manifest of each review that was confirmed, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub manifests: Vec<String>,
}

/// A request of a plan as the operator has confirmed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConfirmedMachine {
    /// The machine.
    pub id: MachineId,
    /// Its recovery point.
    pub point: ArmId,
    /// SHA-256 of the body.
    pub sha256: String,
}

impl ConfirmedMachine {
    /// What is confirmed of a machine by the screen that shows it.
    pub fn of(id: &MachineId, ready: &Ready) -> Self {
        Self { id: id.clone(), point: ready.plan.point.clone(), sha256: ready.plan.sha256.clone() }
    }
}

impl PlanRecord {
    /// Whether everything in it fits together.
    pub(super) fn is_sound(&self) -> bool {
        self.plan.machines().count() <= MAX_MACHINES && self.run.as_ref().is_none_or(|run| run.execution.is_sound())
    }

    /// Whether restores of it are still to start, so that some tab has to run it.
    pub fn has_more_to_start(&self) -> bool {
        let run = self.run.as_ref().map(|run| &run.execution);
        run.is_some_and(|run| run.halted().is_none() && run.has_more_to_start())
    }
}

/// The plans of this browser, the newest first. A clone is cheap.
#[derive(Clone, Debug, Default)]
pub struct Plans(Rc<Vec<Rc<PlanRecord>>>);

impl Plans {
    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Rc<PlanRecord>> {
        self.0.iter()
    }

    /// Whether both are the same list, unchanged: pointers are compared.
    pub(super) fn is_same_list(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The plan of this id.
    pub fn get(&self, id: &PlanId) -> Option<&Rc<PlanRecord>> {
        self.0.iter().find(|record| record.plan.id == *id)
    }

    /// Changes the plan of this id.
    pub(super) fn change(&mut self, id: &PlanId, change: impl FnOnce(&mut PlanRecord)) {
        if let Some(at) = self.0.iter().position(|record| record.plan.id == *id) {
            change(Rc::make_mut(&mut Rc::make_mut(&mut self.0)[at]));
        }
    }

    /// Puts a plan in the place of the one of its id, or where its making belongs.
    pub(crate) fn put(&mut self, record: Rc<PlanRecord>) {
        let all = Rc::make_mut(&mut self.0);
        all.retain(|other| other.plan.id != record.plan.id);
        let later = all.iter().take_while(|other| other.plan.created > record.plan.created).count();
        all.insert(later, record);
    }

    /// Takes over from another list how it holds one plan.
    pub(super) fn adopt(&mut self, id: &PlanId, from: &Self) {
        if let Some(record) = from.get(id) {
            self.put(record.clone());
        }
    }

    /// Removes the plan of this id.
    pub(super) fn remove(&mut self, id: &PlanId) {
        Rc::make_mut(&mut self.0).retain(|record| record.plan.id != *id);
    }

    /// Keeps only the plans that `keep` names.
    pub(super) fn retain(&mut self, keep: impl Fn(&PlanRecord) -> bool) {
        if !self.iter().all(|record| keep(record)) {
            Rc::make_mut(&mut self.0).retain(|record| keep(record));
        }
    }

    /// The plans that an earlier list holds otherwise, or not, or that only it holds.
    pub(super) fn since(&self, before: &Self) -> Vec<PlanId> {
        let other =
            |one: &Rc<PlanRecord>, list: &Self| list.get(&one.plan.id).is_none_or(|other| !Rc::ptr_eq(one, other));
        let changed = self.iter().filter(|record| other(record, before));
        let gone = before.iter().filter(|record| self.get(&record.plan.id).is_none());
        changed.chain(gone).map(|record| record.plan.id.clone()).collect()
    }
}

/// A plan that this tab runs, or is about to.
#[derive(Clone, Debug)]
pub struct RunningPlan {
    /// The plan.
    pub plan: PlanId,
    /// Who has started it here. It starts restores for this identity, or none.
    pub identity: Identity,
    /// How far it has come.
    pub step: RunStep,
    /// The requests of its machines, as they were confirmed. Shared by the copies of the state that each message makes.
    pub requests: Rc<Vec<(MachineId, Ready)>>,
}

/// How far a tab has come with a plan.
#[derive(Clone, Debug, PartialEq)]
pub enum RunStep {
    /// The browser is asked for the right to run it; then this is done.
    Claiming(Claim),
    /// This tab runs it.
    Running,
    /// There is nothing to start at present: the right to run it was given back. What was confirmed here is still known.
    Left,
}

/// What the right to run a plan is wanted for.
#[derive(Clone, Debug, PartialEq)]
pub enum Claim {
    /// To find out whether any tab runs it.
    Probe,
    /// To start it, or to go on, as it was on the screen, with these requests.
    Start(Rc<PlanRecord>, Rc<[ConfirmedMachine]>),
    /// To do what the operator has said.
    Do(RunCommand),
}

/// What the operator says about a plan that was started.
#[derive(Clone, Debug, PartialEq)]
pub enum RunCommand {
    /// Go on.
    Continue,
    /// Restore once more what has failed.
    RetryFailed,
    /// Restore a machine once more.
    Retry(MachineId),
    /// Leave a machine out.
    Skip(MachineId),
    /// Start a group whatever it waits for.
    OpenGroup(usize),
}

/// What of a plan is saved as a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlanDownload {
    /// One line for each request that can be confirmed.
    Manifest,
    /// The plan, to be imported elsewhere.
    File,
    /// The requests that can be confirmed, as a script.
    Script,
    /// The report of its run as comma-separated values.
    Csv,
    /// The report as JSON.
    Json,
    /// The report as Markdown.
    Markdown,
}

/// What the operator says about plans.
#[derive(Clone, Debug)]
pub enum PlanMsg {
    /// Make a plan of these machines.
    New(Vec<Machine>),
    /// Keep a plan as it was edited.
    Put(Box<RecoveryPlan>),
    /// Start it; one that was started goes on with these requests of what is left.
    Start {
        /// The plan.
        id: PlanId,
        /// The requests on the screen.
        shown: Rc<[ConfirmedMachine]>,
        /// The name that was typed to confirm a plan that changes machines in place.
        typed: String,
    },
    /// Change what a machine has instead of the mapping, as its form says.
    Except(PlanId, MachineId, Edit),
    /// Lead to a field of the form of a machine.
    ShowField(PlanId, MachineId, Field),
    /// Have Azure validate every request that is ready.
    Validate(PlanId),
    /// Validate nothing more.
    StopValidating,
    /// Start nothing more.
    Halt(PlanId),
    /// What this says about a plan that was started.
    Do(PlanId, RunCommand),
    /// Save something about it as a file.
    Download(PlanId, PlanDownload),
    /// Remove it from this browser. What runs goes on.
    Remove(PlanId),
}

impl State {
    /// The plans of this identity.
    pub fn own_plans(&self) -> impl Iterator<Item = &Rc<PlanRecord>> {
        self.plans.iter().filter(|record| self.owns_plan(&record.plan))
    }

    /// Whether a plan is this identity's.
    pub fn owns_plan(&self, plan: &RecoveryPlan) -> bool {
        let (account, tenant) = self.session.identity();
        self.connected() && plan.cloud == self.cloud_name() && plan.owner.matches(account, tenant)
    }

    /// Whether this tab runs a plan.
    pub fn runs_plan(&self, id: &PlanId) -> bool {
        self.running_plans.iter().any(|running| running.plan == *id && running.step == RunStep::Running)
    }

    /// Whether this tab starts restores of plans at present: closing it would halt them.
    pub fn starts_restores(&self) -> bool {
        self.plans_run_here().next().is_some()
    }

    /// The plans whose restores this tab starts at present.
    pub fn plans_run_here(&self) -> impl Iterator<Item = &Rc<PlanRecord>> {
        self.plans.iter().filter(|record| record.has_more_to_start() && self.runs_plan(&record.plan.id))
    }

    /// The plan whose machines have to be spelled out: the one on the screen.
    pub(super) fn plan_to_expand(&self) -> Option<&PlanId> {
        let (Route::Plan(id) | Route::PlanReview(id) | Route::PlanMachine(id, _)) = &self.route else { return None };
        self.plans.get(id).filter(|record| self.owns_plan(&record.plan)).map(|record| &record.plan.id)
    }

    /// Whether a request was confirmed in this tab.
    pub(super) fn is_confirmed(&self, plan: &PlanId, shown: &ConfirmedMachine) -> bool {
        let running = self.running_plans.iter().find(|running| running.plan == *plan);
        let is_same = |(id, ready): &(MachineId, Ready)| ConfirmedMachine::of(id, ready) == *shown;
        running.is_some_and(|running| running.requests.iter().any(is_same))
    }

    /// Whether a plan has started a restore.
    pub(super) fn is_planned(&self, restore: &ClientRequestId) -> bool {
        let runs = self.plans.iter().filter_map(|record| record.run.as_ref());
        runs.map(|run| &run.execution).any(|execution| execution.machine_of(restore).is_some())
    }

    /// The plan that has started a restore and does not count on it any more: it restores the machine by another request, or leaves it out.
    pub(super) fn replaced_by(&self, restore: &ClientRequestId) -> Option<&RecoveryPlan> {
        let has_replaced =
            |record: &&Rc<PlanRecord>| record.run.as_ref().is_some_and(|run| run.execution.has_replaced(restore));
        self.own_plans().find(has_replaced).map(|record| &record.plan)
    }

    /// The machines that restores of this browser restore at present.
    pub(super) fn being_restored(&self) -> BTreeSet<MachineId> {
        let running = self.restores.iter().filter(|restore| restore.is_running());
        running.filter_map(|restore| Some(MachineId::of(&restore.place()?.item()?))).collect()
    }
}

/// Why a plan is halted, in a sentence.
pub const fn halt_text(why: HaltReason) -> &'static str {
    match why {
        HaltReason::Operator => "You halted this plan. Restores in progress keep running in Azure; no others start.",
        HaltReason::Failures => "This plan halted automatically, because the allowed number of restores failed.",
        HaltReason::TabClosed => {
            "The tab that ran this plan was closed. Restores in progress kept running in Azure; no others started."
        }
        HaltReason::Disconnected => {
            "You disconnected, or another account connected. Restores in progress keep running in Azure; no others start."
        }
        HaltReason::NotSent => "A request of this plan couldn't be sent, so no other restores start.",
        HaltReason::NotSaved => "This browser couldn't save the plan's progress, so no other restores start.",
    }
}
