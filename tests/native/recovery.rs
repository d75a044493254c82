//! Recovery plans of recorded restores: each machine of a plan gives the body that the single restore of the same choices gives.

use std::rc::Rc;

use azure_backup::arm::id::{ArmId, ClientRequestId};
use azure_backup::backup::recovery_point::RecoveryPoint;
use time::OffsetDateTime;
use time::macros::datetime;
use vm_restore::recovery::across::check;
use vm_restore::recovery::expansion::{Answer, Expanded, Known, expand};
use vm_restore::recovery::file::{Change, PlanFile, compare, export};
use vm_restore::recovery::manifest::{manifest, starting};
use vm_restore::recovery::plan::{
    Advance, FormatVersion, Group, GroupRule, Machine, Mapping, Mode, Pacing, PlanId, PointRule, RecoveryPlan,
};
use vm_restore::restore::draft::Draft;
use vm_restore::restore::facts::Facts;
use vm_restore::restore::owner::Owner;
use vm_restore::restore::plan::{Plan, plan};
use vm_restore::restore::regional_id::RegionalId;
use vm_restore::restore::suggest::Sources;

use crate::wire;

const NOW: OffsetDateTime = datetime!(2026-11-29 02:10 UTC);

/// What recordings tell, and nothing to choose from.
struct Recorded(Vec<Facts>);

impl Recorded {
    fn of(&self, place: &RegionalId) -> Option<&Facts> {
        let is_it = |facts: &&Facts| {
            facts.secondary == place.secondary && (facts.item.id == place.id || facts.point.id == place.id)
        };
        self.0.iter().find(is_it)
    }
}

impl Known for Recorded {
    fn points(&self, item: &RegionalId) -> Answer<Rc<[Rc<RecoveryPoint>]>> {
        self.of(item).map_or(Answer::Failed, |facts| Answer::Read([facts.point.clone()].into()))
    }

    fn facts(&self, point: &RegionalId, _: &Draft) -> Answer<Facts> {
        self.of(point).cloned().map_or(Answer::Failed, Answer::Read)
    }

    fn with_sources(&self, _: &Facts, _: &Draft, then: &mut dyn FnMut(&Sources<'_>)) {
        then(&Sources { subnet: Some(None), account: None, is_taken: &|_| Some(false), is_complete: &|_| false });
    }

    fn is_settled(&self, _: &Facts, _: &Draft) -> bool {
        true
    }
}

fn plan_of(machines: Vec<Machine>, mapping: Mapping) -> RecoveryPlan {
    RecoveryPlan {
        version: FormatVersion,
        id: PlanId::from(ClientRequestId::parse("0f8fad5b-d9cb-469f-a165-70867728950e").unwrap()),
        name: "Recorded".to_owned(),
        reason: String::new(),
        mode: Mode::Recovery,
        owner: Owner::default(),
        cloud: "Azure".to_owned(),
        created: NOW,
        point_rule: PointRule::default(),
        mapping,
        connected_networks: Vec::new(),
        groups: vec![Group { name: "All".to_owned(), advance: Advance::WhenRestored, machines }],
        pacing: Pacing::default(),
        stop_after_failures: None,
    }
}

fn machine(facts: &Facts, exceptions: Draft) -> Machine {
    let place = RegionalId { id: facts.item.id.clone(), secondary: facts.secondary.clone() };
    Machine { exceptions, ..Machine::new(place, &facts.item.friendly_name) }
}

/// The choices, as far as a mapping can hold them, and what is left of them for an exception.
fn split(draft: &Draft) -> (Mapping, Draft) {
    let mapping = Mapping {
        scenario: draft.scenario,
        target_subscription: draft.target_subscription.clone(),
        resource_group: draft.target_group.clone().map_or(GroupRule::Same, GroupRule::One),
        name_pattern: draft.vm_name.clone(),
        other_network: draft.network.clone(),
        staging_accounts: draft.staging_account.iter().cloned().collect(),
        disk_network_access: draft.disk_network_access,
        disk_access: draft.disk_access.clone(),
        ..Mapping::default()
    };
    let rest = Draft {
        luns: draft.luns.clone(),
        disk_target: draft.disk_target,
        original_accounts: draft.original_accounts,
        subnet: draft.subnet.clone(),
        ..Draft::default()
    };
    (mapping, rest)
}

fn text(machine: &Expanded) -> &str {
    machine.ready().unwrap_or_else(|| panic!("{:?}", machine.state)).plan.text()
}

/// The choices as a plan of one machine, once as its exceptions and once as the mapping of the plan, give the body of `single`.
pub(crate) fn gives_the_same_body(facts: &Facts, choices: &Draft, single: &Plan) {
    let known = Recorded(vec![facts.clone()]);
    let (mapping, rest) = split(choices);
    for of in [
        plan_of(vec![machine(facts, choices.clone())], Mapping::default()),
        plan_of(vec![machine(facts, rest)], mapping),
    ] {
        of.check().unwrap();
        let machines = expand(&of, &known);
        assert_eq!(text(&machines[0]), single.text());
        assert_eq!(
            manifest(&of, &starting(&machines, &[])).bodies,
            [(of.groups[0].machines[0].id(), single.sha256.clone())]
        );
    }
}

/// The recorded restores in plans: each plan has a machine once.
fn in_plans() -> Option<Vec<Vec<(Facts, Draft)>>> {
    let mut plans: Vec<Vec<(Facts, Draft)>> = Vec::new();
    for (facts, draft) in wire::choices_of_recordings()? {
        let is_same = |known: &Facts| known.item.id == facts.item.id && known.secondary == facts.secondary;
        match plans.iter_mut().find(|plan| !plan.iter().any(|(known, _)| is_same(known))) {
            Some(plan) => plan.push((facts, draft)),
            None => plans.push(vec![(facts, draft)]),
        }
    }
    Some(plans)
}

#[test]
fn plans_of_several_recorded_restores_give_the_body_of_each() {
    let Some(plans) = in_plans() else { return };
    let sizes: Vec<usize> = plans.iter().map(Vec::len).collect();
    for all in plans {
        let machines = all.iter().map(|(facts, draft)| machine(facts, draft.clone())).collect();
        let of = plan_of(machines, Mapping::default());
        let known = Recorded(all.iter().map(|(facts, _)| facts.clone()).collect());
        let expanded = expand(&of, &known);
        for (machine, (facts, draft)) in expanded.iter().zip(&all) {
            assert_eq!(text(machine), plan(facts, draft).unwrap().text());
        }
        // As a file it takes the same bodies to another browser.
        let findings = check(&expanded);
        let file = export(&of, &expanded, &findings, Owner::default(), NOW);
        let read = PlanFile::read(&file.text()).unwrap();
        let machines = expand(&read.plan, &known);
        assert!(compare(&read, &machines, &findings).iter().all(|(_, change)| *change == Change::Same));
    }
    println!("recorded restores in plans of: {sizes:?}");
    assert!(sizes[0] >= 5 && sizes.iter().sum::<usize>() >= 100, "{sizes:?}");
}

/// `WRITE_GOLDEN=1` writes the file anew, until a release has written it; after that it is never changed.
#[test]
fn a_plan_file_of_the_first_form_is_read() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/native/golden/recovery-plan-2026-11-30.json");
    if std::env::var_os("WRITE_GOLDEN").is_some() {
        let (facts, draft) = wire::article();
        let of = plan_of(vec![machine(&facts, draft)], Mapping::default());
        let expanded = expand(&of, &Recorded(vec![facts]));
        let owner = Owner::new(Some("ops@contoso.com"), None);
        std::fs::write(path, export(&of, &expanded, &[], owner, NOW).text()).unwrap();
    }
    let text = std::fs::read_to_string(path).unwrap();
    let read = PlanFile::read(&text).unwrap();
    assert_eq!(read.text(), text, "what is read is written again in the same form");
    assert_eq!((read.exported_at, read.exported_by.account()), (NOW, Some("ops@contoso.com")));
    assert_eq!(read.plan.machines().count(), 1);
    let point = read.plan.groups[0].machines[0].place();
    assert!(point.vault().is_some_and(|vault: ArmId| vault.name() == "testVault"));
}
