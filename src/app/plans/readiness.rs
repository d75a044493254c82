//! What stands in the way of the restores of a plan: each machine is checked as a single restore is, and all of them together.

use std::cell::RefCell;
use std::rc::Rc;

use super::PlanRecord;
use crate::app::key::Key;
use crate::app::readiness::key;
use crate::app::state::State;
use crate::readiness::{Check, Findings, Machine, MissingActions, check, missing_actions, questions};
use crate::recovery::expansion::{Expanded, Ready};
use crate::recovery::plan::PlanId;
use crate::restore::plan::Plan;

/// The checks of so many machines are computed anew at a time, as long as they lack answers. Their answers are read a few at a time, so more would
/// only be computed in vain.
const AT_A_TIME: usize = 12;

/// What each check has found.
pub type Found = Vec<(&'static Check, Findings)>;

/// What was found of the machines of the plan on the screen, until the plan or what was read of Azure is another one.
#[derive(Clone, Debug, Default)]
pub struct Readiness(RefCell<Option<Kept>>);

#[derive(Clone, Debug)]
struct Kept {
    record: Rc<PlanRecord>,
    /// The revision of the catalog that it was computed with last.
    revision: u64,
    /// How many machines could start then. More follow while a large plan is spelled out.
    ready: usize,
    /// What was found of each machine's request, once all its answers are known; in the order of the plan, because ids of a thousand machines take
    /// long to compare.
    machines: Vec<Option<(Rc<Plan>, Rc<Found>)>>,
    /// What the next machines lack.
    wanted: Rc<[Key]>,
    /// What was found of all requests together, and which those were.
    together: Option<(Vec<Rc<Plan>>, Rc<Found>)>,
}

/// How far the checks of a plan are.
#[derive(Clone, Debug, Default)]
pub struct PlanReadiness {
    /// The machines that can start.
    pub all: usize,
    /// What was found of each machine of the plan, in its order; none until the answers are known, and where its restore cannot be sent.
    pub machines: Rc<[Option<Rc<Found>>]>,
    /// What was found of all together, once the answers of each are known.
    pub together: Option<Rc<Found>>,
}

impl PlanReadiness {
    /// What was found of the machines whose answers are known.
    pub fn known(&self) -> impl Iterator<Item = &Rc<Found>> {
        self.machines.iter().flatten()
    }
}

impl State {
    /// What the checks of the machines of a plan still lack.
    pub(in crate::app) fn plan_readiness_keys(&self, id: &PlanId) -> Vec<Key> {
        let Some(record) = self.plans.get(id) else { return Vec::new() };
        self.look_at_checks(record, &self.expanded(record), |kept| kept.wanted.to_vec())
    }

    /// What the checks have found of the machines of a plan.
    pub fn plan_readiness(&self, record: &Rc<PlanRecord>) -> PlanReadiness {
        let expanded = self.expanded(record);
        let ready: Vec<&Ready> = expanded.iter().filter_map(Expanded::ready).collect();
        self.look_at_checks(record, &expanded, |kept| {
            let is_known = kept.machines.iter().flatten().count() == ready.len();
            let present = |plans: &[Rc<Plan>]| {
                plans.len() == ready.len() && plans.iter().zip(&ready).all(|(one, ready)| Rc::ptr_eq(one, &ready.plan))
            };
            kept.together.take_if(|(plans, _)| !is_known || !present(plans));
            if is_known && kept.together.is_none() {
                let machines: Vec<Machine<'_>> = ready.iter().map(|ready| machine(ready)).collect();
                let plans = ready.iter().map(|ready| ready.plan.clone()).collect();
                kept.together = Some((plans, Rc::new(check(&machines, self))));
            }
            PlanReadiness {
                all: ready.len(),
                machines: kept.machines.iter().map(|known| Some(known.as_ref()?.1.clone())).collect(),
                together: kept.together.as_ref().map(|(_, found)| found.clone()),
            }
        })
    }

    /// The permissions that the restores of a plan need and the account lacks, each scope once.
    pub fn missing_actions_of_plan(&self, record: &Rc<PlanRecord>) -> Vec<MissingActions> {
        let expanded = self.expanded(record);
        let machines: Vec<Machine<'_>> = expanded.iter().filter_map(Expanded::ready).map(machine).collect();
        missing_actions(&machines, self)
    }

    fn look_at_checks<T>(
        &self,
        record: &Rc<PlanRecord>,
        expanded: &[Expanded],
        then: impl FnOnce(&mut Kept) -> T,
    ) -> T {
        let mut all = self.plan_checks.0.borrow_mut();
        let is_same = |kept: &Kept| kept.record.plan.id == record.plan.id;
        let mut kept = all.take().filter(is_same).unwrap_or_else(|| Kept {
            record: record.clone(),
            revision: self.catalog.revision().wrapping_sub(1),
            ready: 0,
            machines: Vec::new(),
            wanted: Rc::default(),
            together: None,
        });
        let ready = expanded.iter().filter(|machine| machine.ready().is_some()).count();
        let is_current = kept.revision == self.catalog.revision() && kept.ready == ready;
        if !is_current || !Rc::ptr_eq(&kept.record, record) {
            (kept.record, kept.revision, kept.ready) = (record.clone(), self.catalog.revision(), ready);
            self.check_more(&mut kept, expanded);
        }
        let told = then(&mut kept);
        *all = Some(kept);
        told
    }

    /// Checks the machines that have no result yet, a few at a time. A result stays as long as its request is the same one.
    fn check_more(&self, kept: &mut Kept, expanded: &[Expanded]) {
        let mut wanted = Vec::new();
        let mut open = 0;
        kept.machines.resize(expanded.len(), None);
        for (known, one) in kept.machines.iter_mut().zip(expanded) {
            let ready = one.ready();
            *known = known.take().filter(|(plan, _)| ready.is_some_and(|ready| Rc::ptr_eq(plan, &ready.plan)));
            let Some(ready) = ready.filter(|_| known.is_none() && open < AT_A_TIME) else { continue };
            let alone = [machine(ready)];
            let found = check(&alone, self);
            if found.iter().any(|(_, found)| found.waits) {
                open += 1;
                wanted.extend(questions(&alone, self).into_iter().map(key));
            } else {
                *known = Some((ready.plan.clone(), Rc::new(found)));
            }
        }
        kept.wanted = wanted.into();
    }
}

fn machine(ready: &Ready) -> Machine<'_> {
    Machine::of(&ready.facts, &ready.plan)
}
