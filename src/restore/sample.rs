//! Sample data in which every choice is valid; tests change one thing at a time.

use std::rc::Rc;

use azure_backup::arm::call::{ApiVersion, Call};
use azure_backup::arm::cloud::Cloud;
use azure_backup::arm::id::{ArmId, ClientRequestId, Region, SubscriptionId};
use azure_backup::backup::lookups::{ResourceGroup, StorageAccount, Subnet, Subscription, VirtualNetwork};
use azure_backup::backup::{item, recovery_point, vault};
use bytes::Bytes;
use serde_json::{Value, json};

use super::draft::Draft;
use super::facts::{Facts, Lookups};
use super::plan::plan;
use super::run::RestoreRun;
use super::scenario::Scenario;

const SUBSCRIPTION: &str = "11111111-1111-1111-1111-111111111111";
pub(crate) const ELSEWHERE: &str = "22222222-2222-2222-2222-222222222222";

pub(crate) fn id(tail: &str) -> ArmId {
    ArmId::parse(&format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/{tail}")).unwrap()
}

fn read<T>(call: &Call<T>, body: &Value) -> T {
    let answer = http::Response::builder().status(200).body(Bytes::from(body.to_string())).unwrap();
    call.read(&answer).unwrap()
}

fn list<T, const N: usize>(members: [T; N]) -> Option<Rc<[Rc<T>]>> {
    Some(members.into_iter().map(Rc::new).collect())
}

/// A managed Windows machine with three disks, in the snapshot and the vault tier.
pub(crate) fn facts() -> Facts {
    let version = ApiVersion::BACKUP_DEFAULT;
    let vault_id = id("rg/providers/Microsoft.RecoveryServices/vaults/vault");
    let item_id = ArmId::parse(&format!(
        "{vault_id}/backupFabrics/Azure/protectionContainers/IaasVMContainer;iaasvmcontainerv2;rg;web-01/protectedItems/VM;iaasvmcontainerv2;rg;web-01"
    ))
    .unwrap();
    let source = id("rg/providers/Microsoft.Compute/virtualMachines/web-01");
    let vault = read(
        &vault::get(&vault_id),
        &json!({"id": vault_id.as_str(), "name": "vault", "type": "Microsoft.RecoveryServices/vaults", "location": "westeurope",
                "identity": {"type": "SystemAssigned"},
                "properties": {"redundancySettings": {"standardTierStorageRedundancy": "LocallyRedundant"}}}),
    );
    let item = read(
        &item::get(&item_id, &version),
        &json!({"id": item_id.as_str(), "name": item_id.name(), "properties": {"friendlyName": "web-01", "protectionState": "Protected",
                "protectedItemType": "Microsoft.Compute/virtualMachines", "sourceResourceId": source.as_str()}}),
    );
    let point = read(
        &recovery_point::get(&item_id, "520981742781621", &version),
        &json!({"id": format!("{item_id}/recoveryPoints/520981742781621"), "name": "520981742781621", "properties": {
            "objectType": "IaasVMRecoveryPoint", "recoveryPointType": "AppConsistent", "recoveryPointTime": "2026-05-14T08:49:45.1234567Z",
            "recoveryPointTierDetails": [{"type": "InstantRP", "status": "Valid"}, {"type": "HardenedRP", "status": "Valid"}],
            "isManagedVirtualMachine": true, "originalStorageAccountOption": false,
            "recoveryPointDiskConfiguration": {"numberOfDisksIncludedInBackup": 3, "numberOfDisksAttachedToVm": 3, "includedDiskList": [
                {"lun": -1, "name": "web-01-os"}, {"lun": 0, "name": "web-01-data"}, {"lun": 1, "name": "web-01-logs"}]}}}),
    );
    let network = id("rg/providers/Microsoft.Network/virtualNetworks/net");
    let region = Region::new("westeurope");
    let lookups = Lookups {
        subscriptions: list([subscription(SUBSCRIPTION), subscription(ELSEWHERE)]),
        storage_accounts: list([StorageAccount::new(
            id("rg/providers/Microsoft.Storage/storageAccounts/staging"),
            region.clone(),
            "StorageV2",
            "Standard_LRS",
        )]),
        groups: list([ResourceGroup::new(id("target"), region.clone())]),
        networks: list([VirtualNetwork::new(
            network.clone(),
            region,
            vec![Subnet::new(network.child("subnets", "default"))],
        )]),
        ..Lookups::default()
    };
    Facts {
        version,
        secondary: None,
        vault: vault.into(),
        item: item.into(),
        point: point.into(),
        detailed: true,
        encryption_at_rest: None,
        guard_requests: Vec::new(),
        source_exists: Some(true),
        name_taken: Some(false),
        lookups,
    }
}

fn subscription(id: &str) -> Subscription {
    Subscription::new(SubscriptionId::parse(id).unwrap(), id)
}

/// Complete choices for a scenario.
pub(crate) fn draft(scenario: Scenario) -> Draft {
    Draft {
        scenario: Some(scenario),
        staging_account: Some(id("rg/providers/Microsoft.Storage/storageAccounts/staging")),
        target_group: Some(id("target")),
        vm_name: "web-02".to_owned(),
        network: Some(id("rg/providers/Microsoft.Network/virtualNetworks/net")),
        subnet: Some(id("rg/providers/Microsoft.Network/virtualNetworks/net/subnets/default")),
        luns: [1].into(),
        confirm: "web-01".to_owned(),
        ..Draft::default()
    }
}

/// The job of [`ended`].
pub(crate) const JOB: &str = "8a1f0c5e-2f0a-4b0f-9d35-3f6f6a1b2c3d";

/// A restore whose job has this status and these properties.
pub(crate) fn ended(scenario: Scenario, status: &str, bag: &Value) -> RestoreRun {
    let now = time::macros::datetime!(2026-11-23 03:41 UTC);
    let facts = facts();
    let plan = plan(&facts, &draft(scenario)).unwrap();
    let id = ClientRequestId::parse("0f8fad5b-d9cb-469f-a165-70867728950e").unwrap();
    let mut run = RestoreRun::intent(&plan, &facts, &Cloud::public(), id, now);
    let answer = |body: &Value| http::Response::new(Bytes::from(body.to_string()));
    run.on_sending(now);
    let mut accepted = answer(&Value::Null);
    *accepted.status_mut() = http::StatusCode::ACCEPTED;
    let url = "https://management.azure.com/subscriptions/s/operationsStatus/op?api-version=2024-04-01";
    accepted.headers_mut().insert("azure-asyncoperation", url.parse().unwrap());
    run.on_trigger_response(Ok(&accepted), &Cloud::public(), now);
    let created = json!({"id": "op", "name": "op", "status": "Succeeded", "properties": {"jobId": JOB}});
    run.on_operation_response(Ok(&answer(&created)), now);
    let job = json!({"id": format!("{}/backupJobs/{JOB}", run.vault), "name": JOB, "properties": {
        "jobType": "AzureIaaSVMJob", "operation": "Restore", "status": status, "entityFriendlyName": "web-01",
        "extendedInfo": {"tasksList": [], "propertyBag": bag}}});
    let call = run.job_endpoint().get(run.job_id().unwrap());
    run.on_job_response(&call, Ok(&answer(&job)), now);
    run
}
