//! The sentence says where data goes: every property that changes that, from the request alone.

use azure_backup::backup::restore_request::{
    IaasVmRestoreRequest, IdentityBasedRestoreDetails, RecoveryType, RehydrationInfo, RehydrationPriority,
};

use super::worlds::{source_in_northeurope, unmanaged_vhds};
use super::*;
use crate::restore::effect_sentence::effect_sentence;

/// Whether a property of the request decides where data goes.
enum Meaning {
    /// It does: this other value has to change the sentence.
    Place(fn(&mut IaasVmRestoreRequest)),
    /// It does not, for this reason.
    Other(&'static str),
}

/// Every property of a restore request. The pattern names each field of the type, so that a new one does not compile before
/// it has its row here.
fn properties(request: &IaasVmRestoreRequest) -> Vec<(&'static str, Meaning)> {
    use Meaning::{Other, Place};
    let IaasVmRestoreRequest {
        object_type: _,
        recovery_point_id: _,
        recovery_type: _,
        source_resource_id: _,
        target_virtual_machine_id: _,
        target_resource_group_id: _,
        storage_account_id: _,
        virtual_network_id: _,
        subnet_id: _,
        target_domain_name_id: _,
        region: _,
        affinity_group: _,
        create_new_cloud_service: _,
        original_storage_account_option: _,
        encryption_details: _,
        restore_disk_lun_list: _,
        restore_with_managed_disks: _,
        disk_encryption_set_id: _,
        zones: _,
        identity_info: _,
        identity_based_restore_details: _,
        extended_location: _,
        secured_vm_details: _,
        target_disk_network_access_settings: _,
        resource_guard_operation_requests: _,
        recovery_point_rehydration_info: _,
    } = request;
    let classic = "it means something for classic virtual machines alone, and is never set";
    vec![
        ("objectType", Other("it follows from the rehydration")),
        ("recoveryPointId", Other("it says from when, not where to; the page shows it beside the sentence")),
        ("recoveryType", Place(|r| r.recovery_type = RecoveryType::OriginalLocation)),
        ("sourceResourceId", Place(|r| r.source_resource_id = Some(other("virtualMachines")))),
        ("targetVirtualMachineId", Place(|r| r.target_virtual_machine_id = Some(other("virtualMachines")))),
        ("targetResourceGroupId", Place(|r| r.target_resource_group_id = Some(id("other")))),
        // The same name in another subscription.
        (
            "targetResourceGroupId",
            Place(|r| {
                let group = format!("/subscriptions/{ELSEWHERE}/resourceGroups/target");
                r.target_resource_group_id = Some(ArmId::parse(&group).unwrap());
            }),
        ),
        ("storageAccountId", Place(|r| r.storage_account_id = Some(other("storageAccounts")))),
        ("virtualNetworkId", Place(|r| r.virtual_network_id = Some(other("virtualNetworks")))),
        ("subnetId", Place(|r| r.subnet_id = Some(other("subnets")))),
        ("targetDomainNameId", Other(classic)),
        ("region", Place(|r| r.region = Some("northeurope".to_owned()))),
        ("affinityGroup", Other(classic)),
        ("createNewCloudService", Other(classic)),
        ("originalStorageAccountOption", Place(|r| r.original_storage_account_option = Some(true))),
        ("encryptionDetails", Other("it says how data is encrypted")),
        ("restoreDiskLunList", Place(|r| r.restore_disk_lun_list = Some(vec![5]))),
        ("restoreWithManagedDisks", Place(|r| r.restore_with_managed_disks = Some(true))),
        ("diskEncryptionSetId", Other("it says how data is encrypted")),
        ("zones", Place(|r| r.zones = Some(vec!["3".to_owned()]))),
        ("zones", Place(|r| r.zones = Some(vec!["NoZone".to_owned()]))),
        ("identityInfo", Other("it says who reaches the staging account")),
        (
            "identityBasedRestoreDetails",
            Place(|r| {
                r.storage_account_id = None;
                let target_storage_account_id = Some(other("storageAccounts"));
                r.identity_based_restore_details =
                    Some(IdentityBasedRestoreDetails { object_type: None, target_storage_account_id });
            }),
        ),
        (
            "extendedLocation",
            Place(|r| {
                r.extended_location = Some(ExtendedLocation::edge_zone("edge"));
            }),
        ),
        ("securedVMDetails", Other("it says how data is encrypted")),
        ("targetDiskNetworkAccessSettings", Other("it says who reaches the disks")),
        ("resourceGuardOperationRequests", Other("it says who has approved")),
        (
            "recoveryPointRehydrationInfo",
            Place(|r| {
                let days = RehydrationInfo {
                    rehydration_retention_duration: "P15D".to_owned(),
                    rehydration_priority: RehydrationPriority::High,
                };
                *r = r.clone().rehydrating(days);
            }),
        ),
    ]
}

fn other(kind: &str) -> ArmId {
    id(&format!("other/providers/Microsoft.Any/{kind}/other"))
}

#[test]
fn whatever_changes_where_data_goes_changes_the_sentence() {
    let mut told: BTreeSet<&str> = BTreeSet::new();
    let mut meant: BTreeSet<&str> = BTreeSet::new();
    for scenario in Scenario::ALL {
        for vhds in [false, true] {
            if vhds && !scenario.makes_disks() {
                continue;
            }
            let mut world = World { facts: facts(), draft: draft(scenario) };
            if vhds {
                unmanaged_vhds(&mut world);
            }
            let request = plan(&world.facts, &world.draft).unwrap().request;
            for (name, meaning) in properties(&request) {
                let change = match meaning {
                    Meaning::Place(change) => change,
                    Meaning::Other(why) => {
                        assert!(!why.is_empty(), "{name}");
                        continue;
                    }
                };
                meant.insert(name);
                let mut changed = request.clone();
                change(&mut changed);
                if changed != request && effect_sentence(&changed, None) != effect_sentence(&request, None) {
                    told.insert(name);
                }
            }
        }
    }
    assert_eq!(meant.difference(&told).collect::<Vec<_>>(), Vec::<&&str>::new());
    // A restore that has such a property mentions it, whatever else is requested.
    let always = ["storageAccountId", "region", "zones", "extendedLocation", "recoveryPointRehydrationInfo"];
    for scenario in Scenario::ALL {
        let request = plan(&facts(), &draft(scenario)).unwrap().request;
        for (name, meaning) in properties(&request) {
            let Meaning::Place(change) = meaning else { continue };
            let mut changed = request.clone();
            change(&mut changed);
            let same = effect_sentence(&changed, None) == effect_sentence(&request, None);
            assert!(!same || !always.contains(&name), "{scenario:?} {name}");
        }
    }
}

#[test]
fn vhd_blobs_of_unmanaged_disks_stay_away_from_the_accounts_in_use_unless_they_are_sent_there() {
    let mut world = World { facts: facts(), draft: draft(DISKS) };
    unmanaged_vhds(&mut world);
    let of = |world: &World| {
        let plan = plan(&world.facts, &world.draft).unwrap();
        (plan.request.original_storage_account_option, plan.effect)
    };
    let (flag, told) = of(&world);
    assert_eq!(flag, Some(false), "the staging account is the safer default");
    let told = told.strip_prefix("Restores all disks of `web-01` as VHD blobs in the storage account `staging`");
    assert!(told.is_some());
    world.draft.original_accounts = true;
    let (flag, told) = of(&world);
    assert_eq!(flag, Some(true));
    assert_eq!(
        told,
        "Restores all disks of `web-01` as VHD blobs in their original storage accounts and leaves `web-01` untouched. `staging` receives the configuration. The region is `westeurope`."
    );
    // With managed disks as the result, both are never true at the same time.
    only(&mut world, TierKind::HardenedRP);
    for (target, scenario) in
        [(DiskTarget::ManagedDisks, DISKS), (DiskTarget::UnmanagedVhds, DISKS), (DiskTarget::ManagedDisks, VM)]
    {
        world.draft = Draft { disk_target: target, scenario: Some(scenario), ..world.draft };
        let request = plan(&world.facts, &world.draft).unwrap().request;
        let both = [request.original_storage_account_option, request.restore_with_managed_disks];
        assert_ne!(both, [Some(true), Some(true)], "{target:?} {scenario:?}");
        assert_eq!(both[1].is_some(), target == DiskTarget::ManagedDisks, "{scenario:?}");
    }
}

/// Form, sentence and body say the same of unmanaged disks, whatever was chosen before.
#[test]
fn what_the_disks_become_is_set_where_only_one_is_possible() {
    let mut world = World { facts: facts(), draft: draft(DISKS) };
    world.point().managed = Some(false);
    let of = |world: &World| {
        let plan = plan(&world.facts, &world.draft).unwrap();
        let preview = Preview::of(&world.facts, &world.draft);
        assert_eq!((preview.text(), preview.effect.as_str()), (plan.text().to_owned(), plan.effect.as_str()));
        (disk_target(&world.facts, &world.draft), plan.request.restore_with_managed_disks, plan.effect)
    };
    // A point with a snapshot cannot be converted, although managed disks are chosen.
    assert_eq!(world.draft.disk_target, DiskTarget::ManagedDisks);
    let (target, converts, effect) = of(&world);
    assert_eq!((target, converts), (DiskTarget::UnmanagedVhds, None));
    assert!(effect.contains("as VHD blobs"), "{effect}");
    assert!(field_state(&world.facts, &world.draft, Field::TargetGroup).forbidden().is_some());
    // In the vault alone, the operator chooses.
    only(&mut world, TierKind::HardenedRP);
    let (target, converts, effect) = of(&world);
    assert_eq!((target, converts), (DiskTarget::ManagedDisks, Some(true)));
    assert!(effect.contains("converted to managed disks"), "{effect}");
    world.draft.disk_target = DiskTarget::UnmanagedVhds;
    assert_eq!((of(&world).0, of(&world).1), (DiskTarget::UnmanagedVhds, None));
    // A new machine needs managed disks, and so does the secondary region.
    world.draft.scenario = Some(VM);
    assert_eq!(of(&world).1, Some(true));
    world.draft.scenario = Some(DISKS);
    secondary(&mut world);
    world.facts.lookups = crate::restore::facts::Lookups::default();
    assert_eq!((of(&world).0, of(&world).1), (DiskTarget::ManagedDisks, Some(true)));
}

#[test]
fn an_unfinished_request_says_what_is_chosen_and_not_what_its_gaps_look_like() {
    let choices = Draft { target_group: None, ..draft(DISKS) };
    let shown = Preview::of(&facts(), &choices).effect;
    assert!(shown.contains("as managed disks in a resource group that isn't selected yet"), "{shown}");
    let vhds = Draft { disk_target: DiskTarget::UnmanagedVhds, staging_account: None, ..draft(DISKS) };
    let shown = Preview::of(&facts(), &vhds).effect;
    assert!(shown.contains("as VHD blobs in the staging storage account"), "{shown}");
}

#[test]
fn what_is_wrong_with_a_resource_stands_alone_as_a_sentence_with_its_name() {
    let mut world = World { facts: facts(), draft: draft(DISKS) };
    accounts(&mut world).shared_key_access = Some(false);
    let warnings = plan(&world.facts, &world.draft).unwrap().warnings;
    let said: Vec<&str> = warnings.iter().map(|w| w.sentence.as_str()).collect();
    assert_eq!(
        said,
        ["`staging` has shared key access turned off, so deploying the restored template from it will fail."]
    );
    // Rules about a resource do not begin a sentence of their own; every other rule does.
    for rule in RULES {
        let of_resource =
            !matches!(rule.broken, Test::Scenario(_) | Test::Forbids(_) | Test::Needs(..) | Test::Value(_));
        let begins = rule.sentence.chars().next().unwrap();
        assert_eq!(begins.is_lowercase(), of_resource, "{}", rule.id);
        assert_eq!(rule.sentence.ends_with('.'), !of_resource, "{}", rule.id);
    }
}

#[test]
fn a_confidential_machine_takes_a_set_for_its_os_disk() {
    let mut world = World { facts: facts(), draft: draft(VM) };
    let set = id("rg/providers/Microsoft.Compute/diskEncryptionSets/des");
    world.draft.os_encryption_set = Some(set.clone());
    assert_eq!(plan(&world.facts, &world.draft).unwrap().request.secured_vm_details, None, "it is no such machine");
    world.point().security_type = Some("ConfidentialVM".to_owned());
    let sent = plan(&world.facts, &world.draft).unwrap();
    let details = sent.request.secured_vm_details.as_ref().unwrap();
    assert_eq!((&details.os_disk_encryption_set_id, &details.data_disk_encryption_settings), (&Some(set), &None));
    assert!(
        sent.text().contains("\"securedVMDetails\": {\n      \"securedVMOsDiskEncryptionSetId\": \"/subscriptions/")
    );
    // An api-version that does not support it sends nothing of it, and the field says so.
    world.facts.version = "2022-10-01".parse().unwrap();
    assert_eq!(plan(&world.facts, &world.draft).unwrap().request.secured_vm_details, None);
    let why = field_state(&world.facts, &world.draft, Field::OsEncryptionSet).forbidden().cloned().unwrap();
    assert!(why.sentence.contains("2023-02-01"), "{}", why.sentence);
}

#[test]
fn a_user_assigned_identity_is_sent_as_one() {
    let mut world = World { facts: facts(), draft: draft(DISKS) };
    let identity = id("rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/mine");
    let vault = Rc::make_mut(&mut world.facts.vault);
    vault.identity.as_mut().unwrap().user_assigned.push(identity.clone());
    world.draft.staging_access = StagingAccess::UserAssigned(identity.clone());
    let request = plan(&world.facts, &world.draft).unwrap().request;
    // As azure-cli 2.91.0 sends it.
    let info = request.identity_info.unwrap();
    assert_eq!(info.is_system_assigned_identity, Some(false));
    assert_eq!(info.managed_identity_resource_id, Some(identity));
    assert_eq!(request.storage_account_id, None);
}

#[test]
fn the_region_is_asked_for_where_the_machine_is_in_another_one_than_its_vault() {
    let mut world = World { facts: facts(), draft: draft(DISKS) };
    let sent = |world: &World| plan(&world.facts, &world.draft).map(|plan| plan.request.region.unwrap());
    assert_eq!(sent(&world).as_deref(), Ok("westeurope"));
    source_in_northeurope(&mut world);
    assert_eq!(sent(&world).unwrap_err()[0].field, Field::Region);
    assert!(!Preview::of(&world.facts, &world.draft).text().contains("\"region\""), "nothing is guessed");
    for (choice, region) in [(RegionChoice::Vault, "westeurope"), (RegionChoice::Source, "North Europe")] {
        world.draft.region = Some(choice);
        assert_eq!(sent(&world).as_deref(), Ok(region));
    }
    // A choice that was made for another point has no effect where the question does not arise.
    world.item().source_location = None;
    assert_eq!(sent(&world).as_deref(), Ok("westeurope"));
}

#[test]
fn another_subscription_and_the_secondary_region_go_together() {
    let mut world = World { facts: facts(), draft: draft(VM) };
    secondary(&mut world);
    elsewhere(&mut world);
    let group = format!("/subscriptions/{ELSEWHERE}/resourceGroups/target");
    world.draft.target_group = Some(ArmId::parse(&group).unwrap());
    world.facts.lookups =
        crate::restore::facts::Lookups { subscriptions: facts().lookups.subscriptions, ..Default::default() };
    let plan = plan(&world.facts, &world.draft).unwrap();
    assert!(plan.effect.contains(&format!("in `target` in subscription `{ELSEWHERE}`")), "{}", plan.effect);
    assert!(plan.effect.contains("in `northeurope` (secondary region)"), "{}", plan.effect);
}
