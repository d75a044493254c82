//! An exception of a machine from the mapping of its plan: the ordinary form, filled with what the plan gives the machine.

use std::rc::Rc;

use azure_backup::backup::recovery_point::RecoveryPoint;

use super::PlanRecord;
use crate::app::key::Key;
use crate::app::needs;
use crate::app::plans::known::Asked;
use crate::app::state::State;
use crate::recovery::expansion::{Answer, Known};
use crate::recovery::mapping;
use crate::recovery::plan::{Machine, MachineId, PlanId};
use crate::recovery::points::choose;
use crate::restore::draft::Draft;
use crate::restore::facts::Facts;
use crate::restore::regional_id::RegionalId;

impl State {
    /// The facts of a machine of a plan, and the draft that its request is made of; none until its recovery point is known.
    pub fn exception(&self, record: &PlanRecord, id: &MachineId) -> Option<(Facts, Draft)> {
        let plan = &record.plan;
        let places = mapping::staging_account_numbers(plan);
        let (machine, place) =
            plan.machines().map(|(_, machine)| machine).zip(places).find(|(machine, _)| machine.has_id(id))?;
        let Answer::Read(points) = Asked::new(self, plan).points(&machine.place()) else { return None };
        let point = choose(&plan.point_rule, machine, &points).ok()?;
        let own = mapping::own_choices(&plan.mapping, machine);
        let at = machine.place().with(point.point.id.clone());
        let mut facts = self.compute_facts(&at, &own)?;
        let mut drafted = None;
        self.with_sources(&facts, &own, &mut |sources| {
            let (draft, _) = mapping::draft(&plan.mapping, (machine, place), &facts, sources);
            let taken = facts.target_vm(&draft).and_then(|id| (sources.is_taken)(&id));
            drafted = Some((draft, taken));
        });
        let (draft, taken) = drafted?;
        facts.name_taken = taken;
        Some((facts, draft))
    }

    /// The recovery points of a machine, as far as they were read.
    pub fn points_of(&self, item: &RegionalId) -> Option<Rc<[Rc<RecoveryPoint>]>> {
        self.catalog.get::<[Rc<RecoveryPoint>]>(&points_key(item))
    }

    /// Why nothing can be said of a machine: the end of a sentence. None while it is not known.
    pub fn why_unread(&self, record: &PlanRecord, id: &MachineId) -> Option<String> {
        let machine = record.plan.machine(id)?;
        let keys = [points_key(&machine.place())].into_iter().chain(self.exception_keys(&record.plan.id, id));
        let faults = keys.filter_map(|key| Some(self.why(&key, &*self.catalog.fault(&key)?)));
        faults.into_iter().next()
    }

    /// What the form of an exception rests on.
    pub(in crate::app) fn exception_keys(&self, plan: &PlanId, id: &MachineId) -> Vec<Key> {
        let Some(record) = self.plans.get(plan).filter(|record| self.owns_plan(&record.plan)) else {
            return Vec::new();
        };
        let Some(machine) = record.plan.machine(id).map(Machine::place) else { return Vec::new() };
        let mut keys = vec![points_key(&machine)];
        if let Some((facts, draft)) = self.exception(record, id) {
            keys.extend(needs::of_point_alone(self, &machine.with(facts.point.id.clone())));
            keys.extend(needs::of_draft(self, &facts, &draft));
        }
        keys
    }
}

fn points_key(item: &RegionalId) -> Key {
    match item.secondary {
        Some(_) => Key::SecondaryPoints(item.id.clone()),
        None => Key::Points(item.id.clone()),
    }
}

/// Whether a machine has something instead of what its plan says.
pub fn is_exception(machine: &Machine) -> bool {
    machine.point.is_some() || machine.exceptions != Draft::default()
}
