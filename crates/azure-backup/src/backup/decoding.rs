//! Every decoder against one good body of ours and against every misshapen form of it.

use super::{item, job, lookups, recovery_point, restore_request::RehydrationPriority, tiering_cost, validate, vault};
use crate::{
    arm::{
        call::{ApiVersion, Call},
        id::{JobId, SubscriptionId},
        operation_status::OperationStatus,
    },
    fixture::{VAULT, id, misshapen, survives},
};
use serde_json::{Value, json};

const VERSION: ApiVersion = ApiVersion::BACKUP_DEFAULT;

fn page(member: &Value) -> Value {
    json!({ "value": [member, member], "nextLink": "https://management.azure.com/next?x=%20" })
}

/// Checks a list's call and counts.
fn list<T>(call: &Call<crate::arm::page::Page<T>>, member: &Value) {
    let (read, refused) = survives(call, &page(member));
    assert!(read > 20 && refused > 20, "{}: {read} read, {refused} refused", call.name);
}

fn one<T>(call: &Call<T>, body: &Value) {
    let (read, refused) = survives(call, body);
    assert!(read > 5 && refused > 5, "{}: {read} read, {refused} refused", call.name);
}

#[test]
fn vaults_and_their_settings() {
    let body = json!({
        "id": VAULT, "name": "vault-1", "location": "westeurope",
        "identity": { "type": "SystemAssigned, UserAssigned", "principalId": "p", "userAssignedIdentities": { "/subscriptions/s/resourceGroups/g": {} } },
        "properties": {
            "redundancySettings": { "standardTierStorageRedundancy": "GeoRedundant", "crossRegionRestore": "Enabled" },
            "restoreSettings": { "crossSubscriptionRestoreSettings": { "crossSubscriptionRestoreState": "PermanentlyDisabled" } },
            "regionOfChoiceSettings": { "status": "Enabled" }
        }
    });
    list(&vault::list(&SubscriptionId::parse("s").unwrap()), &body);
    one(&vault::get(&id(VAULT)), &body);
    let storage = json!({ "properties": { "storageType": "ZoneRedundant", "storageModelType": "x", "crossRegionRestoreFlag": true } });
    one(&vault::storage_config(&id(VAULT), &VERSION), &storage);
    one(
        &vault::encryption_config(&id(VAULT), &VERSION),
        &json!({ "properties": { "encryptionAtRestType": "CustomerManaged" } }),
    );
    let guard = json!({ "id": VAULT, "properties": { "resourceGuardOperationDetails": [{ "vaultCriticalOperation": "a", "defaultResourceRequest": "b" }] } });
    list(&vault::resource_guard_proxies(&id(VAULT), &VERSION), &guard);
}

#[test]
fn the_cost_of_a_rehydration() {
    let point = id(&format!("{VAULT}/protectionContainers/c/protectedItems/i/recoveryPoints/p"));
    let call = tiering_cost::of_rehydration(&point, &RehydrationPriority::High, &VERSION).unwrap();
    one(&call, &json!({ "rehydrationSizeInBytes": 1_204_000, "retailRehydrationCostPerGBPerMonth": 0.02 }));
}

#[test]
fn items_and_points() {
    let body = json!({
        "id": format!("{VAULT}/protectedItems/VM;x;g;vm"), "properties": {
            "friendlyName": "vm", "protectedItemType": "Microsoft.Compute/virtualMachines", "sourceResourceId": VAULT, "virtualMachineId": VAULT,
            "protectionState": 2, "healthStatus": "Passed", "lastBackupStatus": "", "lastBackupTime": "2001-01-01T00:00:00Z",
            "lastRecoveryPoint": "2024-05-14T08:49:45.5121087Z", "isScheduledForDeferredDelete": true,
            "deferredDeleteTimeInUTC": "2024-04-28T07:36:32.8045285Z", "deferredDeleteTimeRemaining": "13.23:59:39.9639675", "softDeleteRetentionPeriod": 14,
            "sourceLocation": "northeurope"
        }
    });
    list(&item::list(&id(VAULT), &VERSION), &body);
    one(&item::get(&id(VAULT), &VERSION), &body);
    let body = json!({
        "id": format!("{VAULT}/recoveryPoints/2261197147500459276"), "name": "2261197147500459276", "properties": {
            "recoveryPointTime": "2024-05-14T08:49:45.5121087Z", "recoveryPointType": "AppConsistent",
            "recoveryPointTierDetails": [{ "type": 1, "status": "Valid", "extendedInfo": { "RehydratedRPExpiryTime": "2024-05-14T08:49:45Z" } }],
            "isManagedVirtualMachine": true, "isSourceVMEncrypted": false, "originalStorageAccountOption": false, "osType": "Linux",
            "sourceVMStorageType": "t", "zones": ["1"], "securityType": "TrustedLaunch",
            "isPrivateAccessEnabledOnAnyDisk": true, "extendedLocation": { "name": "e", "type": "EdgeZone" },
            "recoveryPointProperties": { "expiryTime": "2024-05-28T00:00:00.0000000", "isSoftDeleted": false,
                "immutabilityProperties": { "isImmutable": true, "expiryTime": "2024-05-28T00:00:00Z" } },
            "threatStatus": "UnHealthy", "threatInfo": [{ "threatTitle": "t", "threatDescription": "d", "threatState": "Active", "threatSeverity": "Medium",
                "threatStartTime": "2026-08-13T07:47:15.8603080", "threatEndTime": null, "lastUpdatedTime": "x", "threatURI": "https://portal.azure.com/#x" }],
            "recoveryPointDiskConfiguration": { "numberOfDisksIncludedInBackup": 2, "numberOfDisksAttachedToVm": 3,
                "includedDiskList": [{ "lun": -1, "name": "os", "diskSizeInGB": 127, "storageType": "Premium_LRS" }], "excludedDiskList": [{ "lun": 1, "name": "d" }] }
        }
    });
    list(&recovery_point::list(&id(VAULT), &VERSION), &body);
    one(&recovery_point::get(&id(VAULT), "1", &VERSION), &body);
}

#[test]
fn jobs_and_operations() {
    let body = json!({
        "id": format!("{VAULT}/backupJobs/j"), "name": "j", "properties": {
            "operation": "Restore", "status": "Failed", "jobType": "AzureIaaSVMJob", "entityFriendlyName": "vm", "duration": "PT12.45S",
            "startTime": "2024-05-14T08:49:45.5Z", "endTime": "0001-01-01T00:00:00", "actionsInfo": [1], "activityId": "a", "isUserTriggered": true,
            "errorDetails": [{ "errorCode": 400_048, "errorTitle": "t", "errorString": "s", "recommendations": ["r"] }],
            "extendedInfo": { "progressPercentage": 1.0, "estimatedRemainingDuration": "00:20:23.08", "dynamicErrorMessage": "d",
                "propertyBag": { "Recovery point time ": "x", "Target VM Name": null },
                "tasksList": [{ "taskId": "t", "status": "Completed", "duration": "PT1S", "progressPercentage": 50, "taskExecutionDetails": "63.5 GBs" }] }
        }
    });
    list(&job::list(&id(VAULT), &VERSION, &job::JobFilter::default()), &body);
    one(&job::get(&id(VAULT), &JobId::parse("j").unwrap(), &VERSION), &body);
    let body = json!({ "id": "o", "name": "o", "status": "Succeeded", "startTime": "2024-05-14T08:49:45Z", "endTime": "2024-05-14T08:49:45Z",
        "error": { "code": "c", "message": "m", "details": [{ "code": "d" }] }, "properties": { "jobId": "j", "jobIds": ["k"] } });
    one(&Call::get("Get operation status", "", "/o".to_owned(), OperationStatus::read), &body);
}

#[test]
fn lookups_of_every_sort() {
    let sub = SubscriptionId::parse("s").unwrap();
    let resource = |properties: Value| json!({ "id": VAULT, "location": "westus", "kind": "StorageV2", "sku": { "name": "Standard_LRS" }, "zones": ["1"], "properties": properties });
    list(&lookups::tenants(), &json!({ "tenantId": "t", "displayName": "T", "countryCode": "x" }));
    list(
        &lookups::subscriptions(),
        &json!({ "subscriptionId": "s", "displayName": "S", "state": "Enabled", "tenantId": "t" }),
    );
    list(
        &lookups::locations(&sub),
        &json!({ "name": "westus", "displayName": "West US", "metadata": { "pairedRegion": [{ "name": "eastus" }] } }),
    );
    list(&lookups::resource_groups(&sub), &resource(json!({})));
    let storage = json!({ "networkAcls": { "defaultAction": "Allow" }, "publicNetworkAccess": "Disabled", "allowSharedKeyAccess": false });
    list(&lookups::storage_accounts(&sub), &resource(storage));
    let subnet =
        resource(json!({ "addressPrefix": null, "addressPrefixes": ["10.0.0.0/24"], "routeTable": { "id": VAULT } }));
    let peering = json!({ "name": "p", "properties": { "remoteVirtualNetwork": { "id": VAULT } } });
    list(
        &lookups::virtual_networks(&sub),
        &resource(json!({ "subnets": [subnet], "virtualNetworkPeerings": [peering] })),
    );
    let route = json!({ "name": "r", "properties": { "nextHopType": "None" } });
    one(&lookups::route_table(&id(VAULT)), &resource(json!({ "routes": [route] })));
    list(&lookups::disk_encryption_sets(&sub), &resource(json!({ "encryptionType": "e" })));
    list(&lookups::disk_accesses(&sub), &resource(json!({})));
    let disk = json!({ "id": VAULT, "managedBy": VAULT, "tags": { "RSVaultBackup": "j" }, "properties": { "diskSizeGB": 32 } });
    list(&lookups::disks(&id(VAULT)), &disk);
    list(&lookups::managed_identities(&sub), &resource(json!({ "principalId": "p" })));
    let interfaces = json!({ "networkInterfaces": [{ "id": VAULT, "properties": { "primary": true } }] });
    one(&lookups::virtual_machine(&id(VAULT)), &resource(json!({ "networkProfile": interfaces })));
    let configuration = json!({ "properties": { "primary": true, "subnet": { "id": VAULT } } });
    one(&lookups::network_interface(&id(VAULT)), &resource(json!({ "ipConfigurations": [configuration] })));
}

#[test]
fn what_stands_in_an_operations_properties() {
    let findings = json!({ "validateOperationResponse": { "validationResults": [{ "code": "c", "message": "m", "recommendations": ["r"] }] } });
    assert_eq!(validate::findings(&findings).len(), 1);
    for value in misshapen(&findings) {
        let _ = validate::findings(&value);
    }
}
