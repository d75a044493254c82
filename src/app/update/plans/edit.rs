//! Plans are made, edited and removed.

use std::rc::Rc;

use time::{Duration, OffsetDateTime, Time};

use super::UpdateContext;
use crate::app::effect::Effect;
use crate::app::msg::Edit;
use crate::app::plans::PlanRecord;
use crate::app::route::Route;
use crate::app::state::FocusRequest;
use crate::app::update::edit::{NAME_LOOKUP_DELAY, apply};
use crate::recovery::plan::{
    Advance, FormatVersion, Group, MAX_MACHINES, Machine, MachineId, Mapping, Mode, NAME, Pacing, PlanId, PointRule,
    RecoveryPlan,
};
use crate::restore::field::Field;

/// The latest clean point at or before the last 02:10.
fn before_attack(now: OffsetDateTime) -> PointRule {
    let today = now.replace_time(Time::MIDNIGHT) + ATTACK;
    let attack = if today > now { today - Duration::DAY } else { today };
    PointRule { at_or_before: Some(attack), skip_threatened: true, ..PointRule::default() }
}

/// When the attack that is practiced has begun: 02:10 UTC.
const ATTACK: Duration = Duration::minutes(2 * 60 + 10);

/// The field that an edit changes, if it is one that a plan may fill and the single form leaves empty.
const fn given_by_plan(edit: &Edit) -> Option<Field> {
    match edit {
        Edit::Scenario(_) => Some(Field::Scenario),
        Edit::TargetSubscription(_) => Some(Field::TargetSubscription),
        Edit::Region(_) => Some(Field::Region),
        Edit::Zone(_) => Some(Field::Zone),
        Edit::StagingAccess(_) => Some(Field::StagingAccess),
        Edit::DiskNetworkAccess(_) => Some(Field::DiskNetworkAccess),
        Edit::DiskAccess(_) => Some(Field::DiskAccess),
        Edit::RehydrationPriority(_) => Some(Field::RehydrationPriority),
        Edit::RehydrationDays(_) => Some(Field::RehydrationDays),
        _ => None,
    }
}

impl UpdateContext<'_> {
    /// A plan of these machines, with one group, everything else as it is suggested.
    pub(super) fn new_plan(&mut self, mut machines: Vec<Machine>) {
        let Some(id) = self.env.id().filter(|_| self.state.connected()) else { return };
        machines.truncate(MAX_MACHINES);
        let Some(first) = machines.first() else { return };
        let practices = std::mem::take(&mut self.state.practices_plan);
        let name = match machines.len() {
            _ if practices => "Practice: ransomware at 02:10".to_owned(),
            1 => first.name.clone(),
            more => format!("{} and {} more", first.name, more - 1),
        };
        let id = PlanId::from(id);
        let plan = RecoveryPlan {
            version: FormatVersion,
            id: id.clone(),
            name,
            reason: String::new(),
            mode: Mode::default(),
            owner: self.state.identity().owner,
            cloud: self.state.cloud_name().to_owned(),
            created: self.env.now,
            point_rule: if practices { before_attack(self.env.now) } else { PointRule::default() },
            mapping: Mapping {
                name_pattern: if practices { format!("{NAME}-clean") } else { String::new() },
                ..Mapping::default()
            },
            connected_networks: Vec::new(),
            groups: vec![Group { name: "Group 1".to_owned(), advance: Advance::default(), machines }],
            pacing: Pacing::default(),
            stop_after_failures: None,
        };
        self.state.plans.put(Rc::new(PlanRecord { plan, run: None }));
        self.save_plans();
        self.effects.push(Effect::Go(Route::Plan(id)));
    }

    /// A plan that was started stays as it is: what was confirmed is what runs.
    pub(super) fn put_plan(&mut self, plan: RecoveryPlan) {
        let started = self.state.plans.get(&plan.id).is_some_and(|record| record.run.is_some());
        if !started && self.state.owns_plan(&plan) {
            self.state.plans.put(Rc::new(PlanRecord { plan, run: None }));
            self.save_plans();
        }
    }

    /// Changes what a machine has instead of the mapping.
    pub(super) fn except(&mut self, id: &PlanId, machine: &MachineId, edit: Edit) {
        let Some(record) = self.state.plans.get(id).cloned().filter(|record| record.run.is_none()) else { return };
        let Some((facts, draft)) = self.state.exception(&record, machine) else { return };
        let mut plan = record.plan.clone();
        let Some(of) = plan.machine_mut(machine) else { return };
        if matches!(edit, Edit::VmName(_)) {
            self.state.name_lookup_due_at = Some(self.env.now + NAME_LOOKUP_DELAY);
        }
        let before = of.exceptions.clone();
        let own = &mut of.exceptions;
        if matches!(edit, Edit::Subnet(_)) {
            // Whoever chooses a subnet has accepted its network.
            own.network.clone_from(&draft.network);
        }
        let given = given_by_plan(&edit);
        apply(own, edit);
        if let Some(field) = given {
            // What is emptied here stays empty, whatever the plan says.
            let mut emptied = own.clone();
            emptied.reset(field);
            let is_empty = emptied == *own;
            own.mark_chosen(field, is_empty);
        }
        if *own == before {
            return;
        }
        own.point = Some(facts.point.name.clone());
        self.put_plan(plan);
    }

    /// Opens the form of a machine at a field.
    pub(super) fn show_field_of_plan(&mut self, plan: PlanId, machine: MachineId, field: Field) {
        let on = Route::PlanMachine(plan, machine);
        self.effects.push(Effect::Go(on.clone()));
        let nth = self.state.focus_request.as_ref().map_or(0, |last| last.nth + 1);
        self.state.focus_request = Some(FocusRequest { field, on, nth });
    }

    pub(super) fn remove_plan(&mut self, id: &PlanId) {
        let runs = self.state.runs_plan(id) || self.is_claiming(id);
        if !runs && self.state.plans.get(id).is_some_and(|record| !record.has_more_to_start()) {
            self.state.plans.remove(id);
            self.save_plans();
            self.announce("Plan deleted from this browser");
        }
    }
}
