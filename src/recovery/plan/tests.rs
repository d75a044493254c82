use super::*;
use crate::restore::sample;
use serde_json::{Value, json};
use time::Duration;

/// A plan with a value in every member.
fn full() -> RecoveryPlan {
    let item = sample::facts().item.id.clone();
    let mut named = Machine::new(RegionalId::from(item.clone()), "web-01");
    named.point = Some("520981742781621".to_owned());
    named.exceptions.scenario = Some(Scenario::RestoreDisks);
    let secondary = RegionalId { id: item, secondary: Some(Region::new("northeurope")) };
    let mut left_out = Machine::new(secondary, "web-01");
    left_out.skipped = Some("Decommissioned".to_owned());
    let network = |name: &str| sample::id(&format!("rg/providers/Microsoft.Network/virtualNetworks/{name}"));
    let created = OffsetDateTime::UNIX_EPOCH + Duration::days(20_786);
    RecoveryPlan {
        version: FormatVersion,
        id: PlanId::from(ClientRequestId::parse("0f8fad5b-d9cb-469f-a165-70867728950e").unwrap()),
        name: "rg-app".to_owned(),
        reason: "INC-1".to_owned(),
        mode: Mode::Rehearsal,
        owner: Owner::new(Some("ops@contoso.com"), Some("1111")),
        cloud: "Azure".to_owned(),
        created,
        point_rule: PointRule {
            at_or_before: Some(created - Duration::hours(2)),
            app_consistent: true,
            vault_tier: true,
            skip_threatened: true,
        },
        mapping: Mapping {
            scenario: Some(Scenario::AnotherVm),
            target_subscription: Some(SubscriptionId::parse(sample::ELSEWHERE).unwrap()),
            resource_group: GroupRule::Pattern("{name}-clean".to_owned()),
            name_pattern: "{name}-clean".to_owned(),
            networks: vec![NetworkRow { source: network("prod"), target: network("clean") }],
            other_network: Some(network("clean")),
            staging_accounts: vec![sample::id("rg/providers/Microsoft.Storage/storageAccounts/staging")],
            staging_access: StagingAccess::SystemAssigned,
            zone: ZoneChoice::Zone("2".to_owned()),
            disk_network_access: Some(DiskNetworkAccess::Private),
            disk_access: Some(sample::id("rg/providers/Microsoft.Compute/diskAccesses/access")),
            region: Some(RegionChoice::Source),
            rehydration: Rehydration::default(),
        },
        connected_networks: vec![network("clean")],
        groups: vec![
            Group { name: "Databases".to_owned(), advance: Advance::WhenRestored, machines: vec![named] },
            Group {
                name: "Rest".to_owned(),
                advance: Advance::WhenShare(Percent::new(50).unwrap()),
                machines: vec![left_out],
            },
            Group { name: "Later".to_owned(), advance: Advance::Manually, machines: Vec::new() },
        ],
        pacing: Pacing::default(),
        stop_after_failures: NonZeroU16::new(3),
    }
}

#[test]
fn a_plan_is_read_back_as_it_was_written() {
    let plan = full();
    let text = serde_json::to_string(&plan).unwrap();
    assert_eq!(serde_json::from_str::<RecoveryPlan>(&text).unwrap(), plan);
    assert!(text.contains(r#""atOrBefore":"2026-11-28T22:00:00Z""#), "{text}");
}

#[test]
fn what_this_version_does_not_know_is_no_plan() {
    let stored = serde_json::to_value(full()).unwrap();
    let changed = |pointer: &str, value: Value| {
        let mut stored = stored.clone();
        *stored.pointer_mut(pointer).unwrap() = value;
        serde_json::from_value::<RecoveryPlan>(stored)
    };
    assert!(changed("/name", json!("other")).is_ok());
    for (pointer, value) in [
        ("/version", json!(2)),
        ("/mode", json!("test")),
        ("/pacing/perVault", json!(0)),
        ("/stopAfterFailures", json!(0)),
        ("/groups/1/advance", json!({ "when-share": 0 })),
        ("/groups/1/advance", json!({ "when-share": 101 })),
        (
            "/pointRule",
            json!({ "atOrBefore": null, "appConsistent": true, "vaultTier": true, "skipThreatened": true, "more": 1 }),
        ),
        ("/created", json!("yesterday")),
    ] {
        assert!(changed(pointer, value.clone()).is_err(), "{pointer} {value}");
    }
}

#[test]
fn a_machine_is_named_by_its_item_and_region() {
    let mut plan = full();
    let ids: Vec<MachineId> = plan.machines().map(|(_, machine)| machine.id()).collect();
    assert_eq!(ids.len(), 2);
    assert_ne!(ids[0], ids[1], "the secondary region has other recovery points");
    assert_eq!(plan.machine(&ids[1]).and_then(|machine| machine.skipped.as_deref()), Some("Decommissioned"));
    plan.machine_mut(&ids[0]).unwrap().name = "renamed".to_owned();
    assert_eq!(plan.machine(&ids[0]).map(|machine| machine.name.as_str()), Some("renamed"));
    let groups: Vec<usize> = plan.machines().map(|(group, _)| group).collect();
    assert_eq!(groups, [0, 1]);
    assert_eq!(RegionalId::from_key(ids[1].as_str()), Some(plan.groups[1].machines[0].place()));
}

#[test]
fn a_machine_is_found_by_its_own_id_alone() {
    let item = sample::id(
        "rg/providers/Microsoft.RecoveryServices/vaults/v/backupFabrics/Azure/protectionContainers/C/protectedItems/VM;A",
    );
    let here = Machine::new(item.clone().into(), "a");
    let there = Machine::new(RegionalId { id: item, secondary: Some(Region::new("North Europe")) }, "a");
    let mut plan = full();
    plan.groups =
        vec![Group { name: "1".to_owned(), advance: Advance::Manually, machines: vec![here.clone(), there.clone()] }];
    for (at, machine) in [&here, &there].into_iter().enumerate() {
        assert_eq!([here.has_id(&machine.id()), there.has_id(&machine.id())], [at == 0, at == 1]);
        assert_eq!(plan.machine(&machine.id()), Some(machine));
    }
    assert_eq!(plan.machine(&MachineId("other".to_owned())), None);
}

#[test]
fn one_exception_in_place_makes_the_plan_one_that_changes_machines() {
    let mut plan = full();
    assert!(!plan.is_in_place());
    plan.groups[1].machines[0].exceptions.scenario = Some(Scenario::ReplaceDisks);
    assert!(plan.is_in_place());
    plan.groups[1].machines[0].exceptions.scenario = None;
    plan.mapping.scenario = Some(Scenario::ReplaceDisks);
    assert!(plan.is_in_place());
}

#[test]
fn a_share_is_reached_by_rounding_up() {
    let half = Percent::new(50).unwrap();
    assert!(half.is_reached(2, 3) && half.is_reached(1, 2) && !half.is_reached(1, 3));
    assert!(Percent::new(100).unwrap().is_reached(0, 0), "of an empty group");
    assert_eq!((Percent::new(0), Percent::new(101)), (None, None));
}
