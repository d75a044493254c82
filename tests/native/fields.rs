//! Choices that no recorded request has: managed identity, zone, disk encryption set, edge zone, rehydration, conversion to managed disks, private
//! access, Resource Guard. Facts, choices and the expected body are written here independently; names and shapes of the members come from Azure's
//! definition of `IaasVMRestoreRequest` (bms.json of 2024-04-01) and its published examples.

use azure_backup::arm::call::ApiVersion;
use azure_backup::arm::id::{ArmId, Region};
use azure_backup::backup::vault::EncryptionAtRest;
use azure_backup::backup::{item, recovery_point, vault};
use recorded::traffic;
use serde_json::{Value, json};
use vm_restore::restore::draft::{
    DiskNetworkAccess, Draft, Rehydration, RehydrationPriority, StagingAccess, ZoneChoice,
};
use vm_restore::restore::plan::plan;
use vm_restore::restore::scenario::Scenario;

use crate::justified::{Verdict, compare};
use crate::wire::{known, read};

const VAULT: &str = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/netsdktestrg/providers/Microsoft.RecoveryServices/vaults/testVault";
const SOURCE: &str = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/netsdktestrg/providers/Microsoft.Compute/virtualMachines/netvmtestv2vm1";
const ITEM: &str = "backupFabrics/Azure/protectionContainers/IaasVMContainer;iaasvmcontainerv2;netsdktestrg;netvmtestv2vm1/protectedItems/VM;iaasvmcontainerv2;netsdktestrg;netvmtestv2vm1";
const POINT: &str = "348916168024334";
const GROUP: &str = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/netsdktestrg2";
const ACCOUNT: &str = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/testRg/providers/Microsoft.Storage/storageAccounts/testingAccount";
const NETWORK: &str = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/testRg/providers/Microsoft.Network/virtualNetworks/testNet";
const IDENTITY: &str = "/subscriptions/00000000-0000-0000-0000-000000000000/resourcegroups/asmaskarRG1/providers/Microsoft.ManagedIdentity/userAssignedIdentities/asmaskartestmsi";
const SET: &str = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/keys/providers/Microsoft.Compute/diskEncryptionSets/set";
const ACCESS: &str = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/net/providers/Microsoft.Compute/diskAccesses/access";
const GUARD: &str = "/subscriptions/063bf7bc-e4dc-4cde-8840-8416fbd7921e/resourcegroups/ankurRG1/providers/Microsoft.DataProtection/resourceGuards/RG341/triggerRestoreRequests/default";

fn id(text: &str) -> ArmId {
    ArmId::parse(text).unwrap()
}

/// What Azure answers, and what is chosen.
struct World {
    vault: Value,
    point: Value,
    guards: Vec<String>,
    secondary: Option<&'static str>,
    /// The vault is encrypted with the customer's key.
    customer_key: bool,
    draft: Draft,
}

impl World {
    /// A machine with managed disks in the vault tier of a zone-redundant vault with every kind of identity, so that every choice is possible.
    fn new(scenario: Scenario) -> Self {
        Self {
            vault: json!({"id": VAULT, "name": "testVault", "type": "Microsoft.RecoveryServices/vaults", "location": "southeastasia",
                "identity": {"type": "SystemAssigned, UserAssigned", "userAssignedIdentities": {IDENTITY: {"principalId": "p", "clientId": "c"}}},
                "properties": {"redundancySettings": {"standardTierStorageRedundancy": "ZoneRedundant", "crossRegionRestore": "Enabled"}}}),
            point: json!({"objectType": "IaasVMRecoveryPoint", "recoveryPointType": "AppConsistent", "recoveryPointTime": "2026-05-14T08:49:45.1234567Z",
                "recoveryPointTierDetails": [{"type": "HardenedRP", "status": "Valid"}], "isManagedVirtualMachine": true, "originalStorageAccountOption": false}),
            guards: Vec::new(),
            secondary: None,
            customer_key: false,
            draft: Draft {
                scenario: Some(scenario),
                staging_account: Some(id(ACCOUNT)),
                target_group: Some(id(GROUP)),
                vm_name: "RSMDALRVM981435".to_owned(),
                network: Some(id(NETWORK)),
                subnet: Some(id(&format!("{NETWORK}/subnets/default"))),
                ..Draft::default()
            },
        }
    }

    /// The request that would be sent, as `{"properties": …}`.
    fn sent(self) -> Value {
        let version = match self.secondary {
            Some(_) => ApiVersion::CROSS_REGION_DEFAULT,
            None => ApiVersion::BACKUP_DEFAULT,
        };
        let item_id = id(&format!("{VAULT}/{ITEM}"));
        let item = json!({"id": item_id.as_str(), "name": item_id.name(), "properties": {"protectedItemType": "Microsoft.Compute/virtualMachines",
            "friendlyName": "netvmtestv2vm1", "sourceResourceId": SOURCE, "virtualMachineId": SOURCE, "protectionState": "Protected"}});
        let point = json!({"id": format!("{item_id}/recoveryPoints/{POINT}"), "name": POINT, "properties": self.point});
        let mut facts = known(
            version.clone(),
            read(&vault::get(&id(VAULT)), &self.vault),
            read(&item::get(&item_id, &version), &item),
            read(&recovery_point::get(&item_id, POINT, &version), &point),
        );
        facts.guard_requests = self.guards;
        facts.encryption_at_rest = self.customer_key.then_some(EncryptionAtRest::CustomerManaged);
        facts.secondary = self.secondary.map(Region::new);
        let plan = plan(&facts, &self.draft).unwrap_or_else(|why| panic!("{why:?}"));
        let body: Value = serde_json::from_str(plan.text()).unwrap();
        let member = if facts.secondary.is_some() { "restoreRequest" } else { "properties" };
        json!({"properties": body[member]})
    }
}

/// What leaves without any further choice.
fn disks() -> Value {
    json!({"objectType": "IaasVMRestoreRequest", "recoveryPointId": POINT, "recoveryType": "RestoreDisks", "sourceResourceId": SOURCE,
        "targetResourceGroupId": GROUP, "storageAccountId": ACCOUNT, "region": "southeastasia", "createNewCloudService": false,
        "originalStorageAccountOption": false})
}

type Change = fn(&mut World);

#[test]
fn every_choice_that_no_recording_has_is_sent_as_azure_defines_it() {
    let cases: [(Change, Value); 14] = [
        (|_| {}, json!({})),
        (
            |w| w.draft.staging_access = StagingAccess::UserAssigned(id(IDENTITY)),
            json!({"storageAccountId": null, "identityInfo": {"isSystemAssignedIdentity": false, "managedIdentityResourceId": IDENTITY},
                "identityBasedRestoreDetails": {"targetStorageAccountId": ACCOUNT}}),
        ),
        (
            |w| w.draft.staging_access = StagingAccess::SystemAssigned,
            json!({"storageAccountId": null, "identityInfo": {"isSystemAssignedIdentity": true},
                "identityBasedRestoreDetails": {"targetStorageAccountId": ACCOUNT}}),
        ),
        (|w| w.draft.zone = ZoneChoice::Zone("2".to_owned()), json!({"zones": ["2"]})),
        (|w| w.draft.zone = ZoneChoice::NoZone, json!({"zones": ["NoZone"]})),
        (
            |w| {
                w.customer_key = true;
                w.draft.encryption_set = Some(id(SET));
            },
            json!({"diskEncryptionSetId": SET}),
        ),
        (
            |w| {
                w.secondary = Some("eastasia");
                w.draft.zone = ZoneChoice::Zone("2".to_owned());
            },
            json!({"region": "eastasia", "zones": ["2"]}),
        ),
        (
            |w| {
                w.point["extendedLocation"] = json!({"name": "losangeles", "type": "EdgeZone"});
                w.draft.edge_zone = true;
            },
            json!({"extendedLocation": {"name": "losangeles", "type": "EdgeZone"}}),
        ),
        // The source is in an edge zone, but the result need not be.
        (|w| w.point["extendedLocation"] = json!({"name": "losangeles", "type": "EdgeZone"}), json!({})),
        (
            |w| {
                w.point["recoveryPointTierDetails"] = json!([{"type": "ArchivedRP", "status": "Valid"}]);
                w.draft.rehydration = Rehydration { priority: Some(RehydrationPriority::High), days: "12".to_owned() };
            },
            json!({"objectType": "IaasVMRestoreWithRehydrationRequest",
                "recoveryPointRehydrationInfo": {"rehydrationRetentionDuration": "P12D", "rehydrationPriority": "High"}}),
        ),
        (|w| w.point["isManagedVirtualMachine"] = json!(false), json!({"restoreWithManagedDisks": true})),
        (
            |w| {
                w.point["isPrivateAccessEnabledOnAnyDisk"] = json!(true);
                w.draft.disk_network_access = Some(DiskNetworkAccess::Private);
                w.draft.disk_access = Some(id(ACCESS));
            },
            json!({"targetDiskNetworkAccessSettings": {"targetDiskNetworkAccessOption": "EnablePrivateAccessForAllDisks", "targetDiskAccessId": ACCESS}}),
        ),
        (
            |w| {
                w.point["isPrivateAccessEnabledOnAnyDisk"] = json!(true);
                w.draft.disk_network_access = Some(DiskNetworkAccess::Public);
                // Left over from an earlier choice.
                w.draft.disk_access = Some(id(ACCESS));
            },
            json!({"targetDiskNetworkAccessSettings": {"targetDiskNetworkAccessOption": "EnablePublicAccessForAllDisks"}}),
        ),
        (|w| w.guards = vec![GUARD.to_owned()], json!({"resourceGuardOperationRequests": [GUARD]})),
    ];
    for (change, members) in cases {
        let mut expected = disks();
        for (name, value) in members.as_object().unwrap() {
            match value {
                Value::Null => assert!(expected.as_object_mut().unwrap().remove(name).is_some(), "{name}"),
                value => expected[name] = value.clone(),
            }
        }
        let mut world = World::new(Scenario::RestoreDisks);
        change(&mut world);
        assert_eq!(compare(&json!({"properties": expected}), &world.sent()), Verdict::Equal, "{members}");
    }
}

#[test]
fn replaced_disks_stay_in_the_edge_zone_of_the_source() {
    let mut world = World::new(Scenario::ReplaceDisks);
    world.point["extendedLocation"] = json!({"name": "losangeles", "type": "EdgeZone"});
    let sent = world.sent();
    assert_eq!(sent["properties"]["extendedLocation"], json!({"name": "losangeles", "type": "EdgeZone"}));
    assert!(sent["properties"].get("targetResourceGroupId").is_none(), "{sent}");
}

/// Not among them: an example that names the account twice over (`identityInfo` beside `storageAccountId`), and those that keep a rehydrated copy for 7 days, which Azure
/// refuses: 10 to 30 are allowed.
#[test]
fn published_examples_are_made_of_their_choices() {
    let Some(folder) = traffic("published examples of restore requests") else { return };
    let user_assigned: Change = |w| w.draft.staging_access = StagingAccess::UserAssigned(id(IDENTITY));
    let vhds: Change = |w| {
        w.draft.disk_target = vm_restore::restore::draft::DiskTarget::UnmanagedVhds;
        w.draft.staging_account = Some(id(
            "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/testingRg/providers/Microsoft.Storage/storageAccounts/testAccount",
        ));
    };
    let examples: [(&str, Scenario, &[Change]); 3] = [
        (
            "TriggerRestore_ResourceGuardEnabled",
            Scenario::RestoreDisks,
            &[user_assigned, vhds, |w| {
                w.guards = vec![GUARD.to_owned()];
            }],
        ),
        (
            "TriggerRestore_RestoreDisks_IaasVMRestoreRequest_IdentityBasedRestoreDetails",
            Scenario::RestoreDisks,
            &[user_assigned, vhds],
        ),
        (
            "TriggerRestore_ALR_IaasVMRestoreRequest_IdentityBasedRestoreDetails",
            Scenario::AnotherVm,
            &[|w| {
                w.draft.staging_access = StagingAccess::SystemAssigned;
            }],
        ),
    ];
    for (name, scenario, changes) in examples {
        let path = folder
            .join("azure-spec/recoveryservicesbackup/stable/2024-04-01/examples/AzureIaasVm")
            .join(format!("{name}.json"));
        let example: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let mut world = World::new(scenario);
        changes.iter().for_each(|change| change(&mut world));
        let verdict = compare(&example["parameters"]["parameters"], &world.sent());
        assert!(matches!(verdict, Verdict::Justified(_)), "{name}: {verdict:?}");
    }
}
