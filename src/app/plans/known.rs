//! What a plan's expansion knows of Azure, and what it still lacks: the answers that it asks for are the answers that the plan needs.

use std::cell::RefCell;
use std::rc::Rc;

use azure_backup::backup::recovery_point::RecoveryPoint;

use super::{PlanRecord, PlanRun};
use crate::app::catalog::Entry;
use crate::app::key::Key;
use crate::app::needs;
use crate::app::saved::Versions;
use crate::app::state::State;
use crate::readiness::Question;
use crate::recovery::across::{Finding, check};
use crate::recovery::expansion::{Answer, Expanded, Known, Prospect, Ready, expand_one};
use crate::recovery::manifest::starting;
use crate::recovery::mapping::staging_account_numbers;
use crate::recovery::plan::{Machine, MachineId, Mode, PlanId, RecoveryPlan};
use crate::recovery::rehearsal;
use crate::restore::draft::Draft;
use crate::restore::facts::Facts;
use crate::restore::regional_id::RegionalId;
use crate::restore::scenario::Scenario;
use crate::restore::suggest::Sources;

/// So many machines are spelled out anew at a time. Their answers are read a few at a time, so more would only be computed in vain.
const AT_A_TIME: usize = 12;
/// So many machines are spelled out within one message, so that a key in the settings of a thousand is answered at once; the others follow.
const AT_ONCE: usize = 64;

/// The machines of plans as they are spelled out, until the plan, or what was read of Azure, is another one.
#[derive(Clone, Debug, Default)]
pub struct Expansions(RefCell<Vec<Kept>>);

#[derive(Clone, Debug)]
struct Kept {
    record: Rc<PlanRecord>,
    versions: Versions,
    /// The revision of the catalog that it was computed with last.
    revision: u64,
    machines: Rc<Vec<Expanded>>,
    /// What those lack that are not known yet, in the order in which it matters.
    wanted: Rc<[Key]>,
    /// Whether machines are left that could be spelled out with what was read.
    goes_on: bool,
    /// Whether a name was being typed then, which nothing rests on before it is looked up.
    typing: bool,
}

/// What is known of the machines of a plan, for another version of it: name, reason and pace are no part of a request, and an exception is one
/// machine's, so only those that were changed are spelled out anew. None where what decides about all of them was changed.
fn still_known(before: &RecoveryPlan, now: &RecoveryPlan, known: &Rc<Vec<Expanded>>) -> Option<Rc<Vec<Expanded>>> {
    if (&before.mode, &before.point_rule, &before.mapping) != (&now.mode, &now.point_rule, &now.mapping) {
        return None;
    }
    let both = || before.machines().zip(now.machines());
    // Which staging account a machine gets follows from its place among the others.
    let moved = both().any(|((_, old), (_, new))| (&old.item, &old.secondary) != (&new.item, &new.secondary));
    if moved || before.machines().count() != now.machines().count() {
        return None;
    }
    if both().all(|(old, new)| old == new) {
        return Some(known.clone());
    }
    let all = both().zip(known.iter()).map(|(((_, old), (group, new)), known)| match old == new {
        true => Expanded { group, ..known.clone() },
        false => unread((group, new)),
    });
    Some(Rc::new(all.collect()))
}

fn unread((group, machine): (usize, &Machine)) -> Expanded {
    Expanded { id: machine.id(), name: machine.name.clone(), group, state: Prospect::Reading }
}

/// The answers of the catalog, and the keys of those that were asked for.
pub(super) struct Asked<'a> {
    state: &'a State,
    /// Whether it has to be known what leads out of a target network.
    rehearses: bool,
    keys: RefCell<Vec<Key>>,
}

impl<'a> Asked<'a> {
    pub(super) fn new(state: &'a State, plan: &RecoveryPlan) -> Self {
        Self { state, rehearses: plan.mode == Mode::Rehearsal, keys: RefCell::default() }
    }

    fn ask<T>(&self, key: Key, value: Option<T>) -> Answer<T> {
        let failed = self.state.catalog.entry(&key).is_some_and(Entry::has_failed);
        self.keys.borrow_mut().push(key);
        match value {
            Some(value) => Answer::Read(value),
            None if failed => Answer::Failed,
            None => Answer::Reading,
        }
    }

    fn is_answered(&self, key: &Key) -> bool {
        self.state.catalog.entry(key).is_some_and(|entry| entry.value.is_some() || entry.has_failed())
    }
}

impl Known for Asked<'_> {
    fn points(&self, item: &RegionalId) -> Answer<Rc<[Rc<RecoveryPoint>]>> {
        let id = item.id.clone();
        let key = if item.secondary.is_some() { Key::SecondaryPoints(id) } else { Key::Points(id) };
        let list = self.state.catalog.get::<[Rc<RecoveryPoint>]>(&key);
        // A list that is still being read may lack the point that the rule chooses.
        let whole = self.state.catalog.entry(&key).is_some_and(|entry| !entry.is_loading());
        self.ask(key, list.filter(|_| whole))
    }

    fn facts(&self, point: &RegionalId, own: &Draft) -> Answer<Facts> {
        let keys = needs::of_point_alone(self.state, point);
        let failed = keys.first().is_some_and(|key| self.state.catalog.fault(key).is_some());
        self.keys.borrow_mut().extend(keys);
        match self.state.compute_facts(point, own).filter(|facts| facts.detailed) {
            Some(facts) => Answer::Read(facts),
            None if failed => Answer::Failed,
            None => Answer::Reading,
        }
    }

    fn with_sources(&self, facts: &Facts, own: &Draft, then: &mut dyn FnMut(&Sources<'_>)) {
        self.state.with_sources(facts, own, then);
    }

    fn is_settled(&self, facts: &Facts, draft: &Draft) -> bool {
        let mut keys = needs::of_draft(self.state, facts, draft);
        keys.extend(route_table(facts, draft).filter(|_| self.rehearses));
        // A name that is still being typed is looked up later.
        let rests = draft.scenario != Some(Scenario::AnotherVm) || self.state.name_lookup_due_at.is_none();
        let settled = rests && self.state.facts_settled(facts) && keys.iter().all(|key| self.is_answered(key));
        self.keys.borrow_mut().extend(keys);
        settled
    }
}

/// The route table of the subnet that a new machine goes to.
fn route_table(facts: &Facts, draft: &Draft) -> Option<Key> {
    let subnet = draft.subnet.as_ref()?;
    let network =
        facts.lookups.networks.as_ref()?.iter().find(|network| Some(&network.id) == draft.network.as_ref())?;
    let exits = network.subnets.iter().find(|listed| listed.id == *subnet)?.exits.as_ref()?;
    exits.route_table.clone().map(|table| Key::Readiness(Question::RouteTable(table)))
}

impl State {
    /// The machines of a plan, spelled out. What has been known of a machine once stays, so that the screen shows what was reviewed, until the
    /// plan is edited or everything is read anew.
    pub fn expanded(&self, record: &Rc<PlanRecord>) -> Rc<Vec<Expanded>> {
        self.expansion(record).0
    }

    /// What the expansion of a plan still lacks.
    pub(in crate::app) fn plan_needs(&self, id: &PlanId) -> Vec<Key> {
        self.plans.get(id).map(|record| self.expansion(record).1.to_vec()).unwrap_or_default()
    }

    /// Whether machines of the plan on the screen are left that can be spelled out at once.
    pub(in crate::app) fn spells_out_more(&self) -> bool {
        let id = self.plan_to_expand();
        id.is_some_and(|id| self.expansions.0.borrow().iter().any(|kept| kept.goes_on && kept.record.plan.id == *id))
    }

    /// The machines of a plan whose requests can be confirmed: all that are ready before it is started, then those that are left.
    pub fn to_confirm(&self, record: &Rc<PlanRecord>) -> Vec<(MachineId, Ready)> {
        let waits = |id: &MachineId| {
            let is_left =
                |run: &PlanRun| run.execution.machine(id).is_some_and(|machine| machine.progress.is_to_start());
            record.run.as_ref().is_none_or(is_left)
        };
        let expanded = self.expanded(record);
        let waiting: Vec<Expanded> = expanded.iter().filter(|machine| waits(&machine.id)).cloned().collect();
        starting(&waiting, &self.plan_findings(&record.plan, &waiting))
    }

    /// Where machines of a plan do not fit together, and what stops a rehearsal.
    pub fn plan_findings(&self, plan: &RecoveryPlan, machines: &[Expanded]) -> Vec<Finding> {
        let mut found = check(machines);
        found.extend(rehearsal::check(plan, machines, self));
        found
    }

    fn expansion(&self, record: &Rc<PlanRecord>) -> (Rc<Vec<Expanded>>, Rc<[Key]>) {
        let (revision, versions) = (self.catalog.revision(), &self.settings.versions);
        let mut all = self.expansions.0.borrow_mut();
        let at = all.iter().position(|kept| kept.record.plan.id == record.plan.id);
        let kept = at.map(|at| all.swap_remove(at));
        let with_versions = kept.filter(|kept| kept.versions == *versions);
        let still = with_versions.and_then(|mut kept| {
            if !Rc::ptr_eq(&kept.record, record) {
                let known = still_known(&kept.record.plan, &record.plan, &kept.machines)?;
                kept.goes_on |= !Rc::ptr_eq(&known, &kept.machines);
                kept.machines = known;
            }
            Some(kept)
        });
        let mut kept = still.unwrap_or_else(|| Kept {
            record: record.clone(),
            versions: versions.clone(),
            revision: revision.wrapping_sub(1),
            machines: Rc::new(record.plan.machines().map(unread).collect()),
            wanted: Rc::default(),
            goes_on: true,
            typing: false,
        });
        let typing = self.name_lookup_due_at.is_some();
        kept.goes_on |= kept.typing && !typing;
        kept.record = record.clone();
        if kept.goes_on || kept.revision != revision {
            (kept.revision, kept.goes_on, kept.typing) = (revision, false, typing);
            let asked = Asked::new(self, &record.plan);
            let places = staging_account_numbers(&record.plan);
            let listed = record.plan.machines().zip(&places).zip(kept.machines.iter()).enumerate();
            let open = listed.filter(|(_, (_, known))| matches!(known.state, Prospect::Reading));
            let (mut reading, mut changed) = (0, Vec::new());
            for (nth, (at, (((group, machine), place), _))) in open.enumerate() {
                kept.goes_on = nth >= AT_ONCE;
                if reading >= AT_A_TIME || kept.goes_on {
                    break;
                }
                let expanded = expand_one(&record.plan, (group, machine, *place), &asked);
                match expanded.state {
                    Prospect::Reading => reading += 1,
                    _ => changed.push((at, expanded)),
                }
            }
            if !changed.is_empty() {
                // The screen holds the machines, so this copies all of them.
                let machines = Rc::make_mut(&mut kept.machines);
                changed.into_iter().for_each(|(at, expanded)| machines[at] = expanded);
            }
            kept.wanted = asked.keys.into_inner().into();
        }
        let told = (kept.machines.clone(), kept.wanted.clone());
        all.push(kept);
        told
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::route::Route;
    use crate::recovery::sample;

    #[test]
    fn a_large_plan_is_spelled_out_in_parts_so_that_no_message_takes_long() {
        let mut plan = sample::plan(&[]);
        let skipped = |n: usize| {
            let mut machine = sample::machine(&format!("vm-{n}"));
            machine.skipped = Some("not needed".to_owned());
            machine
        };
        plan.groups[0].machines = (0..2 * AT_ONCE + 1).map(skipped).collect();
        let mut state = State::new(time::OffsetDateTime::UNIX_EPOCH);
        state.session = crate::app::session::Session::Demo;
        plan.owner = state.identity().owner;
        plan.cloud = state.cloud_name().to_owned();
        state.route = Route::Plan(plan.id.clone());
        let record = Rc::new(PlanRecord { plan: plan.clone(), run: None });
        state.plans.put(record.clone());
        let spelled = |state: &State, record| {
            let is_done = |machine: &&Expanded| matches!(machine.state, Prospect::Skipped(_));
            (state.expanded(record).iter().filter(is_done).count(), state.spells_out_more())
        };
        assert_eq!(spelled(&state, &record), (AT_ONCE, true));
        assert_eq!(spelled(&state, &record), (2 * AT_ONCE, true));
        assert_eq!(spelled(&state, &record), (2 * AT_ONCE + 1, false));
        // What is typed as the name or the reason is no part of any request.
        let before = state.expanded(&record);
        (plan.name, plan.reason) = ("another".to_owned(), "outage".to_owned());
        let record = Rc::new(PlanRecord { plan: plan.clone(), run: None });
        assert!(Rc::ptr_eq(&state.expanded(&record), &before));
        // An exception is one machine's.
        plan.groups[0].machines[3].skipped = Some("typed".to_owned());
        let record = Rc::new(PlanRecord { plan: plan.clone(), run: None });
        assert_eq!(spelled(&state, &record), (2 * AT_ONCE + 1, false), "only that one is spelled out anew");
        assert_eq!(state.expanded(&record)[3].state, Prospect::Skipped("typed".to_owned()));
        assert_eq!(state.expanded(&record)[4..], before[4..]);
        plan.mapping.name_pattern = "{name}-restored-elsewhere".to_owned();
        let record = Rc::new(PlanRecord { plan, run: None });
        assert_eq!(spelled(&state, &record), (AT_ONCE, true));
    }
}
