//! Expands a plan: for each machine its recovery point, its choices and the request, or why there is none.
//!
//! It contains no rules: each machine is checked like a single restore of the same choices.

use std::rc::Rc;

use azure_backup::backup::recovery_point::RecoveryPoint;

use super::mapping;
use super::plan::{Machine, MachineId, RecoveryPlan};
use super::points::{ChosenPoint, NoPoint, choose};
use crate::restore::carry::NotCarried;
use crate::restore::draft::Draft;
use crate::restore::facts::Facts;
use crate::restore::field::Field;
use crate::restore::plan::{Plan, plan};
use crate::restore::regional_id::RegionalId;
use crate::restore::rules::{Reason, SCENARIO_CHOSEN};
use crate::restore::scenario::Scenario;
use crate::restore::suggest::Sources;

/// The answers of Azure that were read so far.
pub trait Known {
    /// The recovery points of a protected item.
    fn points(&self, item: &RegionalId) -> Answer<Rc<[Rc<RecoveryPoint>]>>;

    /// The facts of a recovery point, with what there is to choose from for these choices.
    fn facts(&self, point: &RegionalId, own: &Draft) -> Answer<Facts>;

    /// Calls `then` with what suggestions depend on.
    fn with_sources(&self, facts: &Facts, own: &Draft, then: &mut dyn FnMut(&Sources<'_>));

    /// Whether everything that rules and suggestions need for this draft has been read or has failed.
    fn is_settled(&self, facts: &Facts, draft: &Draft) -> bool;
}

/// The state of an answer of Azure.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer<T> {
    /// It is being read, or about to be.
    Reading,
    /// It could not be read.
    Failed,
    /// It was read.
    Read(T),
}

/// A machine of a plan, expanded.
#[derive(Clone, Debug, PartialEq)]
pub struct Expanded {
    /// The machine.
    pub id: MachineId,
    /// Its name, as lists show it.
    pub name: String,
    /// The index of its group.
    pub group: usize,
    /// How far it is.
    pub state: Prospect,
}

/// The state of a machine of a plan before its restore starts.
#[derive(Clone, Debug, PartialEq)]
pub enum Prospect {
    /// The operator left it out, and why.
    Skipped(String),
    /// Something that it depends on is being read.
    Reading,
    /// Its recovery points, or what rules rest on, could not be read.
    Unread,
    /// It has no recovery point that the rule allows.
    NoPoint(NoPoint),
    /// A rule blocks its request.
    Blocked(Blocked),
    /// Its restore can be sent.
    Ready(Ready),
}

/// A machine whose restore cannot be sent as it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Blocked {
    /// Its recovery point.
    pub point: ChosenPoint,
    /// Its facts, with the resources to choose from.
    pub facts: Rc<Facts>,
    /// Why.
    pub reasons: Vec<Reason>,
    /// The scenario that would be possible with nothing else changed.
    pub other_scenario: Option<Scenario>,
}

/// A machine whose restore can be sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Ready {
    /// Its recovery point.
    pub point: ChosenPoint,
    /// The facts that its request was made of.
    pub facts: Rc<Facts>,
    /// The request.
    pub plan: Rc<Plan>,
    /// Settings of the plan or of an exception that this machine does not allow.
    pub left_out: Vec<NotCarried>,
}

impl Ready {
    /// Whether the operator should know something before it starts.
    pub fn has_warnings(&self) -> bool {
        !self.plan.warnings.is_empty() || !self.left_out.is_empty()
    }
}

impl Expanded {
    /// The machine, where its restore can be sent.
    pub fn ready(&self) -> Option<&Ready> {
        match &self.state {
            Prospect::Ready(ready) => Some(ready),
            _ => None,
        }
    }

    /// Its facts, as soon as its recovery point is known.
    pub fn facts(&self) -> Option<&Rc<Facts>> {
        match &self.state {
            Prospect::Ready(ready) => Some(&ready.facts),
            Prospect::Blocked(blocked) => Some(&blocked.facts),
            _ => None,
        }
    }

    /// Whether only a decision about this machine can make it ready.
    pub fn needs_operator(&self) -> bool {
        matches!(self.state, Prospect::NoPoint(_) | Prospect::Blocked(_) | Prospect::Unread) && !self.awaits_scenario()
    }

    /// Whether the plan doesn't say yet what to restore. That is one choice for all machines, and other rules depend on it.
    pub fn awaits_scenario(&self) -> bool {
        let Prospect::Blocked(blocked) = &self.state else { return false };
        blocked.reasons.iter().any(|reason| reason.rule == SCENARIO_CHOSEN)
    }
}

/// All machines of a plan, in its order.
pub fn expand(plan: &RecoveryPlan, known: &dyn Known) -> Vec<Expanded> {
    let places = mapping::staging_account_numbers(plan);
    let machines = plan.machines().zip(places);
    machines.map(|((group, machine), place)| expand_one(plan, (group, machine, place), known)).collect()
}

/// One machine, with the index of its group and its place in [`mapping::staging_account_numbers`].
pub fn expand_one(of: &RecoveryPlan, (group, machine, place): (usize, &Machine, usize), known: &dyn Known) -> Expanded {
    let state = prospect(of, machine, place, known);
    Expanded { id: machine.id(), name: machine.name.clone(), group, state }
}

fn prospect(of: &RecoveryPlan, machine: &Machine, place: usize, known: &dyn Known) -> Prospect {
    if let Some(why) = &machine.skipped {
        return Prospect::Skipped(why.clone());
    }
    let points = match known.points(&machine.place()) {
        Answer::Reading => return Prospect::Reading,
        Answer::Failed => return Prospect::Unread,
        Answer::Read(points) => points,
    };
    let point = match choose(&of.point_rule, machine, &points) {
        Ok(point) => point,
        Err(none) => return Prospect::NoPoint(none),
    };
    let (facts, draft, found) = match request(of, machine, place, &point, known) {
        Answer::Reading => return Prospect::Reading,
        Answer::Failed => return Prospect::Unread,
        Answer::Read(request) => request,
    };
    match found {
        Ok(plan) => {
            Prospect::Ready(Ready { point, facts: Rc::new(facts), plan: Rc::new(plan), left_out: draft.not_carried })
        }
        Err(reasons) => {
            let other_scenario = other_scenario(of, machine, place, &point, known, &reasons);
            Prospect::Blocked(Blocked { point, facts: Rc::new(facts), reasons, other_scenario })
        }
    }
}

type Request = (Facts, Draft, Result<Plan, Vec<Reason>>);

/// Facts, draft and request of a machine.
fn request(
    of: &RecoveryPlan,
    machine: &Machine,
    place: usize,
    point: &ChosenPoint,
    known: &dyn Known,
) -> Answer<Request> {
    let own = mapping::own_choices(&of.mapping, machine);
    let at = machine.place().with(point.point.id.clone());
    let mut facts = match known.facts(&at, &own) {
        Answer::Read(facts) => facts,
        Answer::Reading => return Answer::Reading,
        Answer::Failed => return Answer::Failed,
    };
    let mut mapped = None;
    known.with_sources(&facts, &own, &mut |sources| {
        let (draft, reasons) = mapping::draft(&of.mapping, (machine, place), &facts, sources);
        let taken = facts.target_vm(&draft).and_then(|id| (sources.is_taken)(&id));
        mapped = Some((draft, reasons, taken));
    });
    let Some((draft, mut reasons, taken)) = mapped else { return Answer::Reading };
    facts.name_taken = taken;
    if !known.is_settled(&facts, &draft) {
        return Answer::Reading;
    }
    let found = match plan(&facts, &draft) {
        Ok(plan) if reasons.is_empty() => Ok(plan),
        Ok(_) => Err(reasons),
        Err(more) => {
            // The mapping says more exactly than a rule why a field is empty.
            let more = more.into_iter().filter(|reason| reasons.iter().all(|known| known.field != reason.field));
            let more: Vec<Reason> = more.collect();
            reasons.extend(more);
            Err(reasons)
        }
    };
    Answer::Read((facts, draft, found))
}

/// The first scenario that could be sent with nothing else changed, where the present one is not possible for the machine. Changing the
/// source in place is never offered.
fn other_scenario(
    of: &RecoveryPlan,
    machine: &Machine,
    place: usize,
    point: &ChosenPoint,
    known: &dyn Known,
    reasons: &[Reason],
) -> Option<Scenario> {
    let present = machine.exceptions.scenario.or(of.mapping.scenario)?;
    if !reasons.iter().any(|reason| reason.field == Field::Scenario && reason.blocks()) {
        return None;
    }
    let is_possible = |scenario: &Scenario| {
        let mut other = machine.clone();
        other.exceptions.scenario = Some(*scenario);
        matches!(request(of, &other, place, point, known), Answer::Read((.., Ok(_))))
    };
    Scenario::ALL.into_iter().filter(|other| *other != present && !other.is_in_place()).find(is_possible)
}

#[cfg(test)]
mod tests;
