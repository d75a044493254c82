//! What Azure refuses, with the invalid property.

use arm_sim::Progress;
use serde_json::{Value, json};

use crate::support::{
    Client, FABRIKAM, GUARDED, NEU, NEWS, PRODUCTION, SANDBOX, Source, TEST, VERSION, Vault, WEU, ZRS, account, group,
    merge,
};

const INVALID: &str = "BMSUserErrorInvalidInput";

type Make = fn(&Source) -> Value;

/// Name, vault, VM, point, request, change, code, property.
struct Row(&'static str, Vault, &'static str, usize, Make, Value, &'static str, &'static str);

fn resource(subscription: &str, in_group: &str, kind: &str, name: &str) -> String {
    format!("{}/providers/{kind}/{name}", group(subscription, in_group))
}

fn vm(name: &str) -> String {
    resource(PRODUCTION, "rg-restore-weu", "Microsoft.Compute/virtualMachines", name)
}

fn vnet(subscription: &str, in_group: &str, name: &str) -> String {
    resource(subscription, in_group, "Microsoft.Network/virtualNetworks", name)
}

const DISKS: Make = Source::disks;
const BLOBS: Make = Source::blobs;
const IN_PLACE: Make = Source::in_place;
const ANOTHER: Make = |s| s.another("fresh-01");
const REHYDRATE: &str = "IaasVMRestoreWithRehydrationRequest";

#[rustfmt::skip]
fn rows() -> Vec<Row> {
    let stage = |name: &str| json!({"storageAccountId": account(name)});
    let access = |option: &str, id: Option<&str>| match id {
        Some(id) => {
            json!({"targetDiskNetworkAccessSettings": {"targetDiskNetworkAccessOption": option, "targetDiskAccessId": id}})
        }
        None => json!({"targetDiskNetworkAccessSettings": {"targetDiskNetworkAccessOption": option}}),
    };
    let rehydrate = |priority: &str, days: &str| json!({"objectType": REHYDRATE, "recoveryPointRehydrationInfo": {"rehydrationPriority": priority, "rehydrationRetentionDuration": days}});
    let by_identity = |info: Value, stage: &str| json!({"storageAccountId": null, "identityInfo": info, "identityBasedRestoreDetails": {"targetStorageAccountId": account(stage)}});
    let da = resource(PRODUCTION, "rg-secure", "Microsoft.Compute/diskAccesses", "da-weu-01");
    let des = resource(PRODUCTION, "rg-secure", "Microsoft.Compute/diskEncryptionSets", "des-weu-01");
    let confidential = resource(PRODUCTION, "rg-secure", "Microsoft.Compute/diskEncryptionSets", "des-weu-confidential");
    let user =
        |name: &str| resource(PRODUCTION, "rg-backup-weu", "Microsoft.ManagedIdentity/userAssignedIdentities", name);
    let to = |subscription: &str, name: &str| json!({"targetResourceGroupId": group(subscription, name)});
    let net = |id: String| json!({"virtualNetworkId": id, "subnetId": format!("{id}/subnets/default")});
    vec![
        Row("no object type", WEU, "web-01", 0, DISKS, json!({"objectType": null}), INVALID, "objectType"),
        Row("unknown object type", WEU, "web-01", 0, DISKS, json!({"objectType": "AzureFileShareRestoreRequest"}), INVALID, "objectType"),
        Row("unknown property", WEU, "web-01", 0, DISKS, json!({"colour": "red"}), INVALID, "colour"),
        Row("wrong type", WEU, "web-01", 0, DISKS, json!({"region": 7}), INVALID, "region"),
        Row("unknown way", WEU, "web-01", 0, DISKS, json!({"recoveryType": "Offline"}), INVALID, "recoveryType"),
        Row("another point", WEU, "web-01", 0, DISKS, json!({"recoveryPointId": "1"}), INVALID, "recoveryPointId"),
        Row("another VM", WEU, "web-01", 0, DISKS, json!({"sourceResourceId": vm("web-02")}), INVALID, "sourceResourceId"),
        Row("no source", WEU, "web-01", 0, DISKS, json!({"sourceResourceId": null}), INVALID, "sourceResourceId"),
        Row("another region", WEU, "web-01", 0, DISKS, json!({"region": "northeurope"}), INVALID, "region"),
        Row("soft-deleted item", WEU, "deleted-01", 0, DISKS, json!({}), INVALID, "sourceResourceId"),
        Row("unreadable point", WEU, "ledger-01", 50, DISKS, json!({}), "UserErrorInstantRpNotFound", "recoveryPointId"),
        Row("original account", WEU, "web-01", 0, DISKS, json!({"originalStorageAccountOption": true}), INVALID, "originalStorageAccountOption"),
        Row("guarded vault", GUARDED, "fab-web-01", 0, BLOBS, json!({}), INVALID, "resourceGuardOperationRequests"),
        Row("archive", WEU, "files-01", 20, DISKS, json!({}), INVALID, "objectType"),
        Row("not archive", WEU, "web-01", 0, DISKS, rehydrate("High", "P15D"), INVALID, "objectType"),
        Row("info without need", WEU, "web-01", 0, DISKS, json!({"recoveryPointRehydrationInfo": {}}), INVALID, "recoveryPointRehydrationInfo"),
        Row("no priority", WEU, "files-01", 20, DISKS, rehydrate("", "P15D"), INVALID, "recoveryPointRehydrationInfo.rehydrationPriority"),
        Row("too few days", WEU, "files-01", 20, DISKS, rehydrate("High", "P7D"), INVALID, "recoveryPointRehydrationInfo.rehydrationRetentionDuration"),
        Row("no account", WEU, "web-01", 0, DISKS, json!({"storageAccountId": null}), INVALID, "storageAccountId"),
        Row("unknown account", WEU, "web-01", 0, DISKS, stage("nowhere"), "UserErrorBCMRestoreStorageAccountNotFound", "storageAccountId"),
        Row("account elsewhere", WEU, "web-01", 0, DISKS, stage("contosostageneu"), INVALID, "storageAccountId"),
        Row("blob storage", WEU, "web-01", 0, DISKS, stage("contosobloblrs"), INVALID, "storageAccountId"),
        Row("block blob storage", WEU, "web-01", 0, DISKS, stage("contosoblockblob"), INVALID, "storageAccountId"),
        Row("file storage", WEU, "web-01", 0, DISKS, stage("contosofiles"), INVALID, "storageAccountId"),
        Row("premium behind a firewall", WEU, "web-01", 0, DISKS, stage("contosopremiumfw"), INVALID, "storageAccountId"),
        Row("premium for standard", WEU, "web-03", 0, DISKS, stage("contosopremium"), INVALID, "storageAccountId"),
        Row("account of others", WEU, "web-01", 0, DISKS, json!({"storageAccountId": resource(TEST, "rg-test-restore", "Microsoft.Storage/storageAccounts", "contosoteststage")}), INVALID, "storageAccountId"),
        Row("group in place", WEU, "web-01", 0, IN_PLACE, to(PRODUCTION, "rg-web"), INVALID, "targetResourceGroupId"),
        Row("VM in place", WEU, "web-01", 0, IN_PLACE, json!({"targetVirtualMachineId": vm("x")}), INVALID, "targetVirtualMachineId"),
        Row("network with disks", WEU, "web-01", 0, DISKS, json!({"virtualNetworkId": vnet(PRODUCTION, "rg-network", "vnet-prod-weu")}), INVALID, "virtualNetworkId"),
        Row("subnet with disks", WEU, "web-01", 0, DISKS, json!({"subnetId": "x"}), INVALID, "subnetId"),
        Row("unknown group", WEU, "web-01", 0, DISKS, to(PRODUCTION, "rg-nowhere"), INVALID, "targetResourceGroupId"),
        Row("no group", WEU, "web-01", 0, ANOTHER, json!({"targetResourceGroupId": null}), INVALID, "targetResourceGroupId"),
        Row("no VM", WEU, "web-01", 0, ANOTHER, json!({"targetVirtualMachineId": null}), INVALID, "targetVirtualMachineId"),
        Row("no network", WEU, "web-01", 0, ANOTHER, json!({"virtualNetworkId": null}), INVALID, "virtualNetworkId"),
        Row("no subnet", WEU, "web-01", 0, ANOTHER, json!({"subnetId": null}), INVALID, "subnetId"),
        Row("name taken", WEU, "web-01", 0, ANOTHER, json!({"targetResourceGroupId": group(PRODUCTION, "rg-web"), "targetVirtualMachineId": resource(PRODUCTION, "rg-web", "Microsoft.Compute/virtualMachines", "WEB-02")}), INVALID, "targetVirtualMachineId"),
        Row("name too long", WEU, "web-01", 0, ANOTHER, json!({"targetVirtualMachineId": vm(&"x".repeat(65))}), INVALID, "targetVirtualMachineId"),
        Row("bad name", WEU, "app-linux-01", 0, ANOTHER, json!({"targetVirtualMachineId": vm("a b")}), INVALID, "targetVirtualMachineId"),
        Row("VM outside the group", WEU, "web-01", 0, ANOTHER, json!({"targetVirtualMachineId": resource(PRODUCTION, "rg-web", "Microsoft.Compute/virtualMachines", "x")}), INVALID, "targetVirtualMachineId"),
        Row("unknown network", WEU, "web-01", 0, ANOTHER, net(vnet(PRODUCTION, "rg-network", "nowhere")), INVALID, "virtualNetworkId"),
        Row("network elsewhere", WEU, "web-01", 0, ANOTHER, net(vnet(PRODUCTION, "rg-network", "vnet-dr-neu")), INVALID, "virtualNetworkId"),
        Row("network of others", WEU, "web-01", 0, ANOTHER, net(vnet(TEST, "rg-test", "vnet-test-weu")), INVALID, "virtualNetworkId"),
        Row("unknown subnet", WEU, "web-01", 0, ANOTHER, json!({"subnetId": "/x/subnets/y"}), INVALID, "subnetId"),
        Row("in place, VM gone", WEU, "gone-01", 0, IN_PLACE, json!({}), INVALID, "recoveryType"),
        Row("in place, encrypted", WEU, "hr-encrypted-01", 0, IN_PLACE, json!({}), INVALID, "recoveryType"),
        Row("in place, classic", WEU, "classic-01", 0, IN_PLACE, json!({}), INVALID, "recoveryType"),
        Row("in place, unmanaged", WEU, "unmanaged-01", 0, IN_PLACE, json!({}), INVALID, "recoveryType"),
        Row("in place, snapshot only", WEU, "web-03", 0, IN_PLACE, json!({}), INVALID, "recoveryType"),
        Row("in place, not all disks", WEU, "sql-02", 0, IN_PLACE, json!({}), INVALID, "recoveryType"),
        Row("another, encrypted", WEU, "hr-encrypted-01", 0, ANOTHER, json!({}), INVALID, "recoveryType"),
        Row("another, classic", WEU, "classic-01", 0, ANOTHER, json!({}), INVALID, "recoveryType"),
        Row("another, unmanaged", WEU, "unmanaged-01", 0, ANOTHER, json!({}), INVALID, "restoreWithManagedDisks"),
        Row("unmanaged into a group", WEU, "unmanaged-01", 0, DISKS, json!({}), INVALID, "targetResourceGroupId"),
        Row("as managed, without group", WEU, "unmanaged-01", 0, BLOBS, json!({"restoreWithManagedDisks": true}), INVALID, "targetResourceGroupId"),
        Row("as managed, managed", WEU, "web-01", 0, DISKS, json!({"restoreWithManagedDisks": true}), INVALID, "restoreWithManagedDisks"),
        Row("as managed, encrypted", WEU, "unmanaged-02", 0, DISKS, json!({"restoreWithManagedDisks": true}), INVALID, "restoreWithManagedDisks"),
        Row("unknown LUN", WEU, "web-01", 0, DISKS, json!({"restoreDiskLunList": [7]}), INVALID, "restoreDiskLunList"),
        Row("excluded LUN", WEU, "sql-02", 0, DISKS, json!({"restoreDiskLunList": [0, 1]}), INVALID, "restoreDiskLunList"),
        Row("OS disk by LUN", WEU, "web-01", 0, DISKS, json!({"restoreDiskLunList": [-1]}), INVALID, "restoreDiskLunList"),
        Row("LUNs without a list", WEU, "web-02", 0, DISKS, json!({"restoreDiskLunList": [0]}), INVALID, "restoreDiskLunList"),
        Row("no LUNs without a list", WEU, "web-02", 0, DISKS, json!({"restoreDiskLunList": []}), INVALID, "restoreDiskLunList"),
        Row("LUNs for another VM", WEU, "web-01", 0, ANOTHER, json!({"restoreDiskLunList": [0]}), INVALID, "restoreDiskLunList"),
        Row("set without own key", WEU, "web-01", 0, DISKS, json!({"diskEncryptionSetId": des}), INVALID, "diskEncryptionSetId"),
        Row("set for encrypted", ZRS, "zonal-encrypted-01", 0, DISKS, json!({"diskEncryptionSetId": des}), INVALID, "diskEncryptionSetId"),
        Row("set for blobs", ZRS, "zonal-03", 0, BLOBS, json!({"diskEncryptionSetId": des}), INVALID, "diskEncryptionSetId"),
        Row("unknown set", ZRS, "zonal-01", 0, DISKS, json!({"diskEncryptionSetId": "/x"}), "UserErrorDiskEncryptionSetDoesNotExist", "diskEncryptionSetId"),
        Row("set in place", ZRS, "zonal-01", 0, IN_PLACE, json!({"diskEncryptionSetId": des}), INVALID, "diskEncryptionSetId"),
        Row("set elsewhere", ZRS, "zonal-01", 0, DISKS, json!({"diskEncryptionSetId": resource(PRODUCTION, "rg-erp-neu", "Microsoft.Compute/diskEncryptionSets", "des-neu-01")}), INVALID, "diskEncryptionSetId"),
        Row("secured, not confidential", WEU, "web-01", 0, DISKS, json!({"securedVMDetails": {}}), INVALID, "securedVMDetails"),
        Row("secured, unknown set", WEU, "confidential-01", 0, DISKS, json!({"securedVMDetails": {"securedVMOsDiskEncryptionSetId": "/x"}}), "UserErrorDiskEncryptionSetDoesNotExist", "securedVMDetails.securedVMOsDiskEncryptionSetId"),
        Row("zone of a local vault", WEU, "silent-01", 0, DISKS, json!({"zones": ["1"]}), INVALID, "zones"),
        Row("zone of a geo vault", NEU, "erp-02", 0, DISKS, json!({"zones": ["1"]}), INVALID, "zones"),
        Row("zone from a snapshot alone", NEWS, "zonal-fresh-01", 0, DISKS, json!({"zones": ["1"]}), INVALID, "zones"),
        Row("no zone from a snapshot alone", NEWS, "zonal-fresh-01", 0, DISKS, json!({"zones": ["NoZone"]}), INVALID, "zones"),
        Row("no zone, local vault", WEU, "silent-01", 0, DISKS, json!({"zones": ["NoZone"]}), INVALID, "zones"),
        Row("zone from instant access", NEWS, "instant-01", 0, DISKS, json!({"zones": ["1"]}), INVALID, "zones"),
        Row("in place, instant access", NEWS, "instant-01", 0, IN_PLACE, json!({}), INVALID, "recoveryType"),
        Row("cross, instant access", NEWS, "instant-01", 0, DISKS, to(TEST, "rg-test-restore"), "UserErrorCrossSubscriptionRestoreNotSuppportedFromSnapshot", "targetResourceGroupId"),
        Row("soft-deleted", NEWS, "deleted-02", 0, DISKS, json!({}), INVALID, "sourceResourceId"),
        Row("in place, account of the vault", NEWS, "elsewhere-01", 0, IN_PLACE, json!({}), INVALID, "storageAccountId"),
        Row("far away, in the vault's region", NEWS, "far-away-01", 0, IN_PLACE, json!({}), INVALID, "region"),
        Row("far away, account of the vault's region", NEWS, "far-away-01", 0, DISKS, json!({"region": "northeurope"}), INVALID, "storageAccountId"),
        Row("secured, set of another type", NEWS, "confidential-02", 1, DISKS, json!({"securedVMDetails": {"securedVMOsDiskEncryptionSetId": des}}), INVALID, "securedVMDetails.securedVMOsDiskEncryptionSetId"),
        Row("secured, other set, snapshot alone", NEWS, "confidential-02", 0, DISKS, json!({"securedVMDetails": {"securedVMOsDiskEncryptionSetId": confidential}}), INVALID, "securedVMDetails.securedVMOsDiskEncryptionSetId"),
        Row("unknown zone", ZRS, "zonal-03", 0, DISKS, json!({"zones": ["4"]}), INVALID, "zones"),
        Row("two zones", ZRS, "zonal-03", 0, DISKS, json!({"zones": ["1", "2"]}), INVALID, "zones"),
        Row("zone in place", ZRS, "zonal-03", 0, IN_PLACE, json!({"zones": ["1"]}), INVALID, "zones"),
        Row("zone for encrypted", ZRS, "zonal-encrypted-01", 0, DISKS, json!({"zones": ["1"]}), INVALID, "zones"),
        Row("access missing", WEU, "private-01", 0, DISKS, json!({}), INVALID, "targetDiskNetworkAccessSettings"),
        Row("access without need", WEU, "web-01", 0, DISKS, access("SameAsOnSourceDisks", None), INVALID, "targetDiskNetworkAccessSettings"),
        Row("private without access", WEU, "private-01", 0, DISKS, access("EnablePrivateAccessForAllDisks", None), INVALID, "targetDiskNetworkAccessSettings.targetDiskAccessId"),
        Row("public with access", WEU, "private-01", 0, DISKS, access("EnablePublicAccessForAllDisks", Some(&da)), INVALID, "targetDiskNetworkAccessSettings.targetDiskAccessId"),
        Row("unknown access", WEU, "private-01", 0, DISKS, access("EnablePrivateAccessForAllDisks", Some("/x")), INVALID, "targetDiskNetworkAccessSettings.targetDiskAccessId"),
        Row("unknown option", WEU, "private-01", 0, DISKS, access("Sometimes", None), INVALID, "targetDiskNetworkAccessSettings.targetDiskNetworkAccessOption"),
        Row("details without identity", WEU, "web-01", 0, DISKS, by_identity(Value::Null, "contosostageweu"), INVALID, "identityInfo"),
        Row("two accounts", WEU, "web-01", 0, DISKS, json!({"identityInfo": {"isSystemAssignedIdentity": true}, "identityBasedRestoreDetails": {"targetStorageAccountId": account("contosostageweu")}}), INVALID, "storageAccountId"),
        Row("account of the identity", WEU, "web-01", 0, DISKS, by_identity(json!({"isSystemAssignedIdentity": true}), "contosobloblrs"), INVALID, "identityBasedRestoreDetails.targetStorageAccountId"),
        Row("identity not of the vault", WEU, "web-01", 0, DISKS, by_identity(json!({"isSystemAssignedIdentity": false, "managedIdentityResourceId": user("id-unassigned")}), "contosostageweu"), INVALID, "identityInfo"),
        Row("no identity", WEU, "web-01", 0, DISKS, by_identity(json!({"isSystemAssignedIdentity": false}), "contosostageweu"), INVALID, "identityInfo"),
        Row("both identities", WEU, "web-01", 0, DISKS, by_identity(json!({"isSystemAssignedIdentity": true, "managedIdentityResourceId": user("id-restore-weu")}), "contosostageweu"), INVALID, "identityInfo"),
        Row("user identity, firewall", WEU, "web-01", 0, DISKS, by_identity(json!({"isSystemAssignedIdentity": false, "managedIdentityResourceId": user("id-restore-weu")}), "contosofirewalled"), INVALID, "identityInfo"),
        Row("identity, unmanaged", WEU, "unmanaged-01", 0, BLOBS, by_identity(json!({"isSystemAssignedIdentity": true}), "contosostageweu"), INVALID, "identityInfo"),
        Row("edge without edge", WEU, "web-01", 0, DISKS, json!({"extendedLocation": {"name": "x", "type": "EdgeZone"}}), INVALID, "extendedLocation"),
        Row("no edge in place", WEU, "edge-01", 0, IN_PLACE, json!({}), INVALID, "extendedLocation"),
        Row("edge elsewhere", WEU, "edge-01", 0, DISKS, json!({"extendedLocation": {"name": "microsoftamsterdam1", "type": "EdgeZone"}, "targetResourceGroupId": group(TEST, "rg-test-restore")}), INVALID, "extendedLocation"),
        Row("not registered", WEU, "web-01", 0, DISKS, to(SANDBOX, "rg-sandbox"), "UserErrorCrossSubscriptionRestoreInvalidTargetSubscription", "targetResourceGroupId"),
        Row("another tenant", WEU, "web-01", 0, DISKS, to(FABRIKAM, "rg-fabrikam"), "UserErrorCrossSubscriptionRestoreInvalidTenant", "targetResourceGroupId"),
        Row("cross, snapshot", WEU, "web-03", 0, DISKS, to(TEST, "rg-test-restore"), "UserErrorCrossSubscriptionRestoreNotSuppportedFromSnapshot", "targetResourceGroupId"),
        Row("cross, encrypted", WEU, "hr-encrypted-01", 0, DISKS, to(TEST, "rg-test-restore"), "UserErrorCrossSubscriptionRestoreNotSuppportedForEncryptedAzureVM", "targetResourceGroupId"),
        Row("cross, unmanaged", WEU, "unmanaged-01", 0, DISKS, json!({"restoreWithManagedDisks": true, "targetResourceGroupId": group(TEST, "rg-test-restore")}), "UserErrorCrossSubscriptionRestoreNotSuppportedForUnManagedAzureVM", "targetResourceGroupId"),
        Row("cross, not enabled", ZRS, "zonal-01", 0, DISKS, to(TEST, "rg-test-restore"), INVALID, "targetResourceGroupId"),
    ]
}

#[test]
fn each_is_refused_at_its_property() {
    let rows = rows();
    for Row(name, vault, vm, n, make, change, code, property) in &rows {
        let mut c = Client::new(Progress::AtOnce);
        let source = c.source(*vault, vm, *n);
        let mut body = make(&source);
        if vm.starts_with("deleted-") {
            merge(&mut body, json!({"sourceResourceId": source.vm_id}));
        }
        merge(&mut body, change.clone());
        let heard = c.restore(&source, &body).unwrap();
        assert_eq!((heard.status, heard.code()), (400, *code), "{name}: {}", heard.body);
        assert_eq!(heard.target(), format!("properties.{property}"), "{name}: {}", heard.body);
        assert_eq!(heard.header("x-ms-failure-cause"), "service");
        assert!(c.sim.created().is_empty() && !c.sim.triggers()[0].accepted, "{name} leaves nothing behind");
    }
    println!("{} refusals", rows.len());
}

#[test]
fn without_the_change_it_is_accepted() {
    // The counterpart of the table: the unchanged requests are accepted.
    for (vault, vm, make) in [
        (WEU, "web-01", DISKS),
        (WEU, "web-01", BLOBS),
        (WEU, "web-01", IN_PLACE),
        (WEU, "web-01", ANOTHER),
        (ZRS, "zonal-01", DISKS),
        (NEWS, "threat-01", DISKS),
        (NEWS, "instant-01", DISKS),
        (NEWS, "elsewhere-01", DISKS),
        (NEWS, "far-away-01", DISKS),
        (NEU, "erp-02", DISKS),
        (WEU, "sql-02", DISKS),
        (WEU, "classic-01", BLOBS),
        (WEU, "edge-01", DISKS),
        (WEU, "web-03", DISKS),
    ] {
        let mut c = Client::new(Progress::AtOnce);
        let source = c.source(vault, vm, 0);
        let heard = c.restore(&source, &make(&source)).unwrap();
        assert_eq!(heard.status, 202, "{vm}: {}", heard.body);
    }
}

#[test]
fn properties_belong_to_api_versions() {
    let mut c = Client::new(Progress::AtOnce);
    let source = c.source(NEU, "erp-01", 0);
    for (property, value, since) in [
        ("restoreWithManagedDisks", json!(false), "2020-10-01"),
        ("zones", json!(["NoZone"]), "2020-12-01"),
        ("identityInfo", json!({"isSystemAssignedIdentity": true}), "2021-06-01"),
        ("resourceGuardOperationRequests", json!([]), "2024-04-01"),
    ] {
        let mut body = source.blobs();
        merge(&mut body, json!({property: value}));
        let body = json!({"properties": body});
        let heard = c.send("POST", &source.url("2019-05-13"), Some(&body)).unwrap();
        assert_eq!((heard.status, heard.target()), (400, format!("properties.{property}").as_str()));
        assert_eq!(c.send("POST", &source.url(since), Some(&body)).unwrap().status, 202, "{property}");
    }
    let mut body = source.blobs();
    body["diskEncryptionSetId"] = Value::Null;
    assert_eq!(
        c.send("POST", &source.url("2019-05-13"), Some(&json!({"properties": body}))).unwrap().status,
        202,
        "null is absent"
    );
}

#[test]
fn requests_that_are_no_requests() {
    let mut c = Client::new(Progress::AtOnce);
    let source = c.source(WEU, "web-01", 0);
    let url = source.url(VERSION);
    assert_eq!(c.send("POST", &url, None).unwrap().code(), "InvalidRequestContent");
    assert_eq!(c.send("POST", &url, Some(&json!([1]))).unwrap().code(), "InvalidRequestContent");
    assert_eq!(c.send("POST", &url, Some(&json!({}))).unwrap().code(), INVALID);
    let other = url.replace(source.point["name"].as_str().unwrap(), "42");
    assert_eq!(c.send("POST", &other, Some(&json!({}))).unwrap().status, 404, "no such point");
    assert_eq!(c.send("PUT", &url, Some(&json!({}))).unwrap().status, 405);
}

#[test]
fn one_restore_of_an_item_at_a_time() {
    let mut c = Client::new(Progress::Timetable);
    let source = c.source(WEU, "web-01", 0);
    assert_eq!(c.restore(&source, &source.disks()).unwrap().status, 202);
    let second = c.restore(&source, &source.disks()).unwrap();
    assert_eq!((second.status, second.code()), (409, "BMSUserErrorObjectLocked"));
    c.wait(80);
    assert_eq!(c.restore(&source, &source.disks()).unwrap().status, 202);
    assert_eq!(c.sim.triggers().iter().filter(|t| t.accepted).count(), 2);
}
