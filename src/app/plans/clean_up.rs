//! What a rehearsal has made and what is to be deleted when it has ended. The page deletes nothing.

use std::rc::Rc;

use azure_backup::arm::id::ArmId;
use azure_backup::backup::lookups::{ManagedDisk, VirtualMachine};

use super::PlanRecord;
use crate::app::key::Key;
use crate::app::list_status::ListStatus;
use crate::app::state::State;
use crate::recovery::plan::{Machine, Mode, PlanId};
use crate::restore::leftovers::Leftover;
use crate::restore::run::RestoreRun;

/// What a rehearsal has made.
#[derive(Clone, Debug, PartialEq)]
pub struct CleanUp {
    /// Everything, each with the name of the machine of the plan. What nobody could read is missing.
    pub all: Vec<(String, Leftover)>,
    /// Whether all was read that it rests on.
    pub known: ListStatus,
}

impl State {
    /// What a rehearsal has made; none before it has ended.
    pub fn clean_up(&self, record: &PlanRecord) -> Option<CleanUp> {
        if !has_ended(record) {
            return None;
        }
        let mut all = Vec::new();
        for (machine, restore) in self.restores_of(record) {
            let disks = self.restored_disks_key(restore).and_then(|key| self.catalog.get::<[Rc<ManagedDisk>]>(&key));
            let disks: Vec<&ManagedDisk> = disks.iter().flat_map(|all| all.iter()).map(|disk| &**disk).collect();
            let made = made_machine(restore).and_then(|id| self.catalog.get::<VirtualMachine>(&Key::Machine(id)));
            let left = restore.rehearsed(&disks, made.as_deref());
            all.extend(left.into_iter().map(|one| (machine.name.clone(), one)));
        }
        let mut keys = self.keys_of_clean_up(record);
        // A machine that is no longer there was deleted.
        keys.retain(|key| self.catalog.fault(key).is_none_or(|fault| fault.status != Some(404)));
        Some(CleanUp { all, known: ListStatus::of(&self.catalog, &[], &keys) })
    }

    /// What the list on the board rests on.
    pub(in crate::app) fn clean_up_keys(&self, id: &PlanId) -> Vec<Key> {
        let record = self.plans.get(id).filter(|record| self.owns_plan(&record.plan));
        record.filter(|record| has_ended(record)).map(|record| self.keys_of_clean_up(record)).unwrap_or_default()
    }

    fn keys_of_clean_up(&self, record: &PlanRecord) -> Vec<Key> {
        let mut keys: Vec<Key> = Vec::new();
        for (_, restore) in self.restores_of(record) {
            keys.extend(self.restored_disks_key(restore));
            keys.extend(made_machine(restore).map(Key::Machine));
        }
        keys.sort();
        keys.dedup();
        keys
    }

    /// The restores that a plan has started, also those that were tried once more.
    fn restores_of<'a>(&'a self, record: &'a PlanRecord) -> impl Iterator<Item = (&'a Machine, &'a RestoreRun)> {
        let run = record.run.as_ref();
        record.plan.machines().flat_map(move |(_, machine)| {
            let of_run = run.and_then(|run| run.execution.machine(&machine.id()));
            let ids = of_run.into_iter().flat_map(|of| of.before.iter().chain(of.restore()));
            ids.filter_map(move |id| Some((machine, self.restore(id)?)))
        })
    }
}

/// Whether a rehearsal has started something and nothing of it is under way or to come.
fn has_ended(record: &PlanRecord) -> bool {
    let run = record.run.as_ref().filter(|_| record.plan.mode == Mode::Rehearsal);
    run.is_some_and(|run| {
        !record.has_more_to_start() && !run.execution.machines().iter().any(|machine| machine.progress.is_under_way())
    })
}

/// The machine that a restore has created beside its source.
fn made_machine(restore: &RestoreRun) -> Option<ArmId> {
    restore.scenario().filter(|scenario| !scenario.is_in_place())?;
    restore.restored_machine()
}
