//! Carries a draft from one recovery point to another of the same machine: choices that the other point allows stay.

use super::draft::Draft;
use super::facts::Facts;
use super::field::Field;
use super::rules::{Reason, disk_target, draft_reasons, field_state, is_missing, scenario_reasons};
use super::scenario::Scenario;

/// A choice that this recovery point does not allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotCarried {
    /// What was chosen.
    pub what: String,
    /// Why it is not possible here.
    pub why: String,
}

/// Whether the choices were made for another recovery point than `point`.
pub fn is_of_another_point(own: &Draft, point: &str) -> bool {
    own.point.as_deref().is_some_and(|made_for| made_for != point)
}

/// The choices without those that the recovery point of `facts` does not allow; these are named in [`Draft::not_carried`]. The facts
/// must be complete, because rules also forbid choices while facts are unknown.
pub fn carried(facts: &Facts, own: &Draft) -> Draft {
    let mut draft = own.clone();
    if let Some(scenario) = draft.scenario
        && let Some(reason) = scenario_reasons(facts, scenario).into_iter().find(Reason::blocks)
    {
        draft.scenario = None;
        leave_out(&mut draft, scenario.title().to_owned(), reason.sentence);
    }
    if let Some(disks) = facts.data_disks() {
        let is_there = |lun: i32| disks.iter().any(|disk| disk.lun == lun);
        let gone: Vec<String> =
            draft.luns.iter().filter(|lun| !is_there(**lun)).map(|lun| format!("LUN {lun}")).collect();
        draft.luns = draft.luns.iter().copied().filter(|lun| is_there(*lun)).collect();
        if !gone.is_empty() {
            leave_out(&mut draft, gone.join(", "), "Not in this recovery point.".to_owned());
        }
    }
    for field in Field::ALL {
        let mut without = draft.clone();
        without.reset(field);
        // If only one disk target is possible, the choice is lost only if it was the other one.
        let is_forced = field == Field::DiskTarget && disk_target(facts, &draft) == draft.disk_target;
        if field == Field::Scenario || without == draft || is_forced {
            continue;
        }
        if let Some(why) = why_not(facts, &draft, field) {
            draft = without;
            leave_out(&mut draft, field.label().to_owned(), why);
        }
    }
    draft
}

fn leave_out(draft: &mut Draft, what: String, why: String) {
    draft.not_carried.push(NotCarried { what, why });
}

/// Why the value of `field` cannot be used for this recovery point, whatever is restored of it; or why it cannot be used with the other
/// choices. A field that only the chosen scenario does not have keeps its value, for another scenario.
fn why_not(facts: &Facts, draft: &Draft, field: Field) -> Option<String> {
    let forbidden = |scenario: Scenario| {
        let draft = Draft { scenario: Some(scenario), ..draft.clone() };
        field_state(facts, &draft, field).forbidden().map(|reason| reason.sentence.clone())
    };
    let never: Option<Vec<String>> = Scenario::ALL.into_iter().map(forbidden).collect();
    if let Some(why) = never.and_then(|sentences| sentences.into_iter().next()) {
        return Some(why);
    }
    let broken = |reason: &Reason| reason.field == field && reason.blocks() && !is_missing(reason);
    draft_reasons(facts, draft).into_iter().find(broken).map(|reason| reason.sentence)
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::super::draft::{Rehydration, RehydrationPriority, ZoneChoice};
    use super::super::sample;
    use super::*;

    fn left_out(draft: &Draft) -> Vec<&str> {
        draft.not_carried.iter().map(|choice| choice.what.as_str()).collect()
    }

    #[test]
    fn a_point_that_allows_everything_takes_everything() {
        let facts = sample::facts();
        for scenario in Scenario::ALL {
            let draft = sample::draft(scenario);
            assert_eq!(carried(&facts, &draft), draft, "{scenario:?}");
        }
    }

    #[test]
    fn what_another_point_does_not_allow_is_left_out_and_named() {
        let mut facts = sample::facts();
        Rc::make_mut(&mut facts.point).tiers.truncate(1);
        let replace = Draft { target_group: None, ..sample::draft(Scenario::ReplaceDisks) };
        let found = carried(&facts, &replace);
        assert_eq!(found.scenario, None);
        assert_eq!(left_out(&found), ["Replace existing disks"]);
        assert!(found.not_carried[0].why.contains("only a snapshot"), "{:?}", found.not_carried);
        assert_eq!(found.staging_account, replace.staging_account, "the rest stays");

        let mut facts = sample::facts();
        Rc::make_mut(&mut facts.vault).redundancy = Some(azure_backup::backup::vault::Redundancy::ZoneRedundant);
        let draft = Draft {
            luns: [0, 1, 7].into(),
            zone: ZoneChoice::Zone("2".to_owned()),
            edge_zone: true,
            rehydration: Rehydration { priority: Some(RehydrationPriority::High), days: "12".to_owned() },
            ..sample::draft(Scenario::SelectedDisks)
        };
        let found = carried(&facts, &draft);
        assert_eq!(found.luns, [0, 1].into());
        assert_eq!(left_out(&found), ["LUN 7", "Priority", "Days to keep the rehydrated copy", "Edge zone"]);
        assert_eq!(found.zone, draft.zone, "the sample is in the vault, so a zone is possible");
        Rc::make_mut(&mut facts.point).tiers.truncate(1);
        assert!(left_out(&carried(&facts, &draft)).contains(&"Availability zone"));
    }

    #[test]
    fn what_the_scenario_does_not_have_waits_for_another_one() {
        let draft = Draft { vm_name: "copy".to_owned(), ..sample::draft(Scenario::RestoreDisks) };
        let found = carried(&sample::facts(), &draft);
        assert_eq!((found.vm_name.as_str(), left_out(&found).len()), ("copy", 0));
    }

    #[test]
    fn only_another_point_is_another_one() {
        let of = |point: Option<&str>| Draft { point: point.map(str::to_owned), ..Draft::default() };
        assert!(is_of_another_point(&of(Some("1")), "2"));
        assert!(!is_of_another_point(&of(Some("1")), "1") && !is_of_another_point(&of(None), "1"));
    }
}
