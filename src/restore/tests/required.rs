//! Which fields of the form have to be filled, for each scenario.

use super::super::rules::{FieldState, field_state};
use super::*;

fn required(change: impl Fn(&mut World), scenario: Scenario) -> Vec<Field> {
    let mut world = World { facts: facts(), draft: draft(scenario) };
    change(&mut world);
    let is = |field: &&Field| field_state(&world.facts, &world.draft, **field) == FieldState::Required;
    Field::ALL.iter().filter(is).copied().collect()
}

#[test]
fn each_scenario_requires_its_own_fields_and_no_others() {
    use Field as F;
    let good = |_: &mut World| ();
    assert_eq!(required(good, DISKS), [F::Scenario, F::TargetGroup, F::StagingAccount]);
    assert_eq!(required(good, SELECTED), [F::Scenario, F::TargetGroup, F::StagingAccount]);
    assert_eq!(required(good, REPLACE), [F::Scenario, F::StagingAccount]);
    assert_eq!(required(good, VM), [F::Scenario, F::TargetGroup, F::VmName, F::Network, F::Subnet, F::StagingAccount]);
}

#[test]
fn what_the_recovery_point_is_like_requires_more() {
    let private = |w: &mut World| w.point().private_access = Some(true);
    assert!(required(private, DISKS).contains(&Field::DiskNetworkAccess));
    let chosen = |w: &mut World| {
        w.point().private_access = Some(true);
        w.draft.disk_network_access = Some(DiskNetworkAccess::Private);
    };
    assert!(required(chosen, DISKS).contains(&Field::DiskAccess));
    assert!(required(|w| only(w, TierKind::ArchivedRP), DISKS).contains(&Field::RehydrationPriority));
    assert!(required(worlds::source_in_northeurope, DISKS).contains(&Field::Region));
}

#[test]
fn reasons_stand_in_the_order_of_the_form() {
    let world = World { facts: facts(), draft: Draft { scenario: Some(VM), ..Draft::default() } };
    let fields: Vec<Field> = draft_reasons(&world.facts, &world.draft).iter().map(|reason| reason.field).collect();
    assert_eq!(fields, [Field::TargetGroup, Field::VmName, Field::Network, Field::Subnet, Field::StagingAccount]);
    // Two rules of the scenario itself, of which the label comes later in the code than the resources do in the form.
    let mut spoiled = World { facts: facts(), draft: draft(VM) };
    spoiled.item().friendly_name = "another".to_owned();
    spoiled.draft.subnet = None;
    spoiled.draft.staging_account = None;
    let fields: Vec<Field> = draft_reasons(&spoiled.facts, &spoiled.draft).iter().map(|reason| reason.field).collect();
    assert_eq!(fields, [Field::Scenario, Field::Subnet, Field::StagingAccount]);
}
