//! A plan in numbers and sentences, for the review and the confirmation.

use super::across::Finding;
use super::expansion::{Expanded, Prospect, Ready};
use super::manifest::can_start;

/// How many machines of a plan stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All of them.
    pub all: usize,
    /// Those that can start, with or without warnings.
    pub ready: usize,
    /// Of these, those that the operator should know something about.
    pub with_warnings: usize,
    /// Of those that can start, how many change their source in place.
    pub in_place: usize,
    /// Those that only a decision about them can make ready.
    pub blocked: usize,
    /// Those that wait until it is chosen for the whole plan what to restore.
    pub waiting: usize,
    /// Those of which something is still being read.
    pub reading: usize,
    /// Those that the operator left out.
    pub skipped: usize,
}

/// Counts the machines of a plan.
pub fn counts(machines: &[Expanded], findings: &[Finding]) -> Counts {
    let mut counts = Counts { all: machines.len(), ..Counts::default() };
    for machine in machines {
        match machine.state {
            Prospect::Skipped(_) => counts.skipped += 1,
            Prospect::Reading => counts.reading += 1,
            Prospect::Blocked(_) if machine.awaits_scenario() => counts.waiting += 1,
            Prospect::Unread | Prospect::NoPoint(_) | Prospect::Blocked(_) => counts.blocked += 1,
            Prospect::Ready(_) => {}
        }
    }
    for (_, ready) in can_start(machines, findings) {
        counts.ready += 1;
        counts.with_warnings += usize::from(ready.has_warnings());
        counts.in_place += usize::from(ready.plan.scenario.is_in_place());
    }
    counts.blocked += machines.iter().filter(|machine| machine.ready().is_some()).count() - counts.ready;
    counts
}

/// By how much a machine needs the operator: first those that cannot start without a decision, then those with warnings, then the rest.
pub fn urgency(machine: &Expanded, findings: &[Finding]) -> u8 {
    match machine.ready() {
        Some(_) if findings.iter().any(|finding| finding.blocks(&machine.id)) => 0,
        Some(ready) if ready.has_warnings() => 1,
        None if machine.needs_operator() => 0,
        _ => 2,
    }
}

/// Where a machine stands before its start, in words.
pub fn standing(machine: &Expanded, findings: &[Finding]) -> &'static str {
    match &machine.state {
        Prospect::Skipped(_) => "Skipped",
        Prospect::Reading => "Loading…",
        Prospect::Blocked(_) if machine.awaits_scenario() => "Waiting",
        Prospect::Unread => "Couldn't load its recovery points",
        Prospect::NoPoint(_) | Prospect::Blocked(_) => "Needs your decision",
        Prospect::Ready(_) if findings.iter().any(|finding| finding.blocks(&machine.id)) => "Needs your decision",
        Prospect::Ready(ready) if ready.has_warnings() => "Ready, with warnings",
        Prospect::Ready(_) => "Ready",
    }
}

/// What is said of a machine before its start, so that a search finds it: its name, where it stands and why.
pub fn said_of(machine: &Expanded, findings: &[Finding]) -> String {
    let mut said = vec![machine.name.clone(), standing(machine, findings).to_owned()];
    match &machine.state {
        Prospect::Skipped(_) | Prospect::Reading | Prospect::Unread => {}
        Prospect::Blocked(_) if machine.awaits_scenario() => {}
        Prospect::NoPoint(none) => said.push(none.sentence()),
        Prospect::Blocked(blocked) => said.extend(blocked.reasons.iter().map(|reason| reason.sentence.clone())),
        Prospect::Ready(ready) => {
            said.extend(findings.iter().filter(|f| f.blocks(&machine.id)).map(|finding| finding.sentence.clone()));
            said.extend(said_of_request(ready));
        }
    }
    said.join("\n")
}

/// The same of a request.
pub fn said_of_request(ready: &Ready) -> Vec<String> {
    let warnings = ready.plan.warnings.iter().map(|warning| warning.sentence.clone());
    [ready.plan.effect.clone(), ready.plan.sha256.clone()].into_iter().chain(warnings).collect()
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::recovery::across::check;
    use crate::recovery::expansion::expand;
    use crate::recovery::sample::{plan, world};
    use crate::restore::scenario::Scenario;

    #[test]
    fn every_machine_is_counted_once_and_the_urgent_ones_come_first() {
        let names = ["ready", "skipped", "encrypted", "same", "warned", "gone"];
        let (mut of, mut world) = (plan(&names), world(&names));
        of.groups[0].machines[1].skipped = Some("Not needed".to_owned());
        of.groups[0].machines[3].exceptions.vm_name = "ready-clean".to_owned();
        of.groups[0].machines[5].point = Some("deleted".to_owned());
        Rc::make_mut(&mut world.of("encrypted").point).encrypted = true;
        Rc::make_mut(&mut world.of("warned").item).friendly_name = "another label".to_owned();
        let machines = expand(&of, &world);
        let findings = check(&machines);
        let expected =
            Counts { all: 6, ready: 2, with_warnings: 1, in_place: 0, blocked: 3, skipped: 1, ..Counts::default() };
        assert_eq!(counts(&machines, &findings), expected);
        let by_urgency: Vec<u8> = machines.iter().map(|machine| urgency(machine, &findings)).collect();
        assert_eq!(by_urgency, [2, 2, 0, 0, 1, 0]);
        world.settled = false;
        let reading = counts(&expand(&of, &world), &[]);
        assert_eq!((reading.reading, reading.blocked, reading.skipped, reading.ready), (4, 1, 1, 0));
    }

    #[test]
    fn until_the_plan_says_what_to_restore_its_machines_wait_and_need_no_decision() {
        let names = ["waits", "own", "gone"];
        let (mut of, world) = (plan(&names), world(&names));
        of.mapping.scenario = None;
        of.groups[0].machines[1].exceptions.scenario = Some(Scenario::AnotherVm);
        of.groups[0].machines[2].point = Some("deleted".to_owned());
        let machines = expand(&of, &world);
        let counted = counts(&machines, &[]);
        assert_eq!(counted, Counts { all: 3, ready: 1, blocked: 1, waiting: 1, ..Counts::default() });
        let stand: Vec<&str> = machines.iter().map(|machine| standing(machine, &[])).collect();
        assert_eq!(stand, ["Waiting", "Ready", "Needs your decision"]);
        let by_urgency: Vec<u8> = machines.iter().map(|machine| urgency(machine, &[])).collect();
        assert_eq!(by_urgency, [2, 2, 0]);
        assert_eq!(said_of(&machines[0], &[]), "waits\nWaiting");
    }

    #[test]
    fn what_changes_in_place_is_counted_among_those_that_can_start() {
        let names = ["a", "b"];
        let (mut of, world) = (plan(&names), world(&names));
        of.groups[0].machines[0].exceptions.scenario = Some(Scenario::ReplaceDisks);
        let counted = counts(&expand(&of, &world), &[]);
        assert_eq!((counted.ready, counted.in_place), (2, 1));
    }
}
