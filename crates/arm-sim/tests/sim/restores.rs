//! Every kind of restore, from the request to the result.

use arm_sim::Progress;
use serde_json::{Value, json};

use crate::support::{Client, NEU, PRODUCTION, TEST, VERSION, WEU, ZRS, account, group, merge};

fn names(list: &[Value]) -> Vec<String> {
    list.iter().map(|v| v["name"].as_str().unwrap().to_owned()).collect()
}

fn disks_in(client: &mut Client, group: &str) -> Vec<Value> {
    client.list(&format!("{group}/providers/Microsoft.Compute/disks?api-version=2024-03-02"))
}

#[test]
fn managed_disks_from_a_snapshot_take_seventy_seconds() {
    let mut c = Client::new(Progress::Timetable);
    let source = c.source(WEU, "web-01", 0);
    let accepted = c.restore(&source, &source.disks()).unwrap();
    assert_eq!((accepted.status, accepted.raw.len(), accepted.header("retry-after")), (202, 0, "60"));
    let status = accepted.header("azure-asyncoperation").to_owned();
    assert!(status.len() > 3_000 && status.contains("&t=") && status.contains("&h="), "signed and long");
    let first = c.get(&status).body;
    assert_eq!(
        (first["status"].as_str(), first["endTime"].as_str()),
        (Some("InProgress"), Some("0001-01-01T00:00:00"))
    );
    c.wait(3);
    let done = c.get(&status).body;
    assert_eq!(done["status"], "Succeeded");
    assert_eq!(done["properties"]["jobId"], done["id"], "one id for both since 2021");
    let job = done["properties"]["jobId"].as_str().unwrap().to_owned();
    let running = c.job(&WEU, &job).body["properties"].clone();
    assert_eq!(
        (&running["status"], &running["extendedInfo"]["progressPercentage"]),
        (&json!("InProgress"), &json!(1.0))
    );
    assert_eq!(running["activityId"], "11111111-2222-4333-8444-555555555555");
    c.wait(40);
    let task = c.job(&WEU, &job).body["properties"].clone();
    assert_eq!(
        (&task["status"], &task["extendedInfo"]["tasksList"][0]["status"]),
        (&json!("InProgress"), &json!("Completed"))
    );
    c.wait(30);
    let ended = c.job(&WEU, &job).body["properties"].clone();
    assert_eq!(ended["status"], "Completed");
    assert_eq!(ended["duration"], "PT1M10S");
    let bag = &ended["extendedInfo"]["propertyBag"];
    for key in [
        "Job Type",
        "Target VM Name",
        "Recovery point time ",
        "Config Blob Name",
        "Config Blob Container Name",
        "Config Blob Uri",
        "Template Blob Uri",
        "Target resource group",
        "Restored disk(s)",
        "Backed-up disk(s)",
    ] {
        assert!(bag[key].is_string(), "{key} in {bag}");
    }
    assert!(bag["Template Blob Uri"].as_str().unwrap().ends_with(&format!("/azuredeploy{job}.json")));
    let disks = disks_in(&mut c, &group(PRODUCTION, "rg-restore-weu"));
    assert_eq!(disks.len(), 3);
    assert!(
        disks
            .iter()
            .all(|d| d["tags"]["RSVaultBackup"] == job.as_str() && d["properties"]["diskState"] == "Unattached")
    );
    let blob = bag["Config Blob Uri"].as_str().unwrap();
    let head = c.send("HEAD", blob, None).unwrap();
    assert_eq!((head.status, head.header("x-ms-meta-configblobsize")), (200, "5120"));
    assert_eq!(c.send("HEAD", &format!("{blob}x"), None).unwrap().status, 404);
    let containers = format!("{}/blobServices/default/containers?api-version=2023-01-01", account("contosostageweu"));
    assert_eq!(names(&c.list(&containers)), [bag["Config Blob Container Name"].as_str().unwrap()]);
}

#[test]
fn unmanaged_disks_become_blobs() {
    let mut c = Client::new(Progress::Timetable);
    let source = c.source(WEU, "web-01", 0);
    let accepted = c.restore(&source, &source.blobs()).unwrap();
    let job = c.job_of(&accepted);
    c.wait(600);
    let running = c.job(&WEU, &job).body["properties"]["extendedInfo"].clone();
    let details = running["tasksList"][0]["taskExecutionDetails"].as_str().unwrap();
    assert!(details.ends_with(" GBs / 319 GBs Transferred"), "{details}");
    assert!((20.0..60.0).contains(&running["progressPercentage"].as_f64().unwrap()));
    let ended = c.end_of(&WEU, &job);
    assert_eq!(ended["status"], "Completed");
    assert!(ended["duration"].as_str().unwrap().starts_with("PT30M"));
    assert!(ended["extendedInfo"]["propertyBag"]["Target resource group"].is_null());
    assert_eq!(c.sim.created().iter().filter(|n| n.ends_with(".vhd")).count(), 3);
    assert!(disks_in(&mut c, &group(PRODUCTION, "rg-restore-weu")).is_empty());
}

#[test]
fn selected_disks() {
    for (luns, count, last) in [
        (json!([]), 1, "OsDisk"),
        (json!([0]), 2, "DataDisk_0"),
        (json!([1]), 2, "DataDisk_1"),
        (Value::Null, 3, "DataDisk_1"),
    ] {
        let mut c = Client::new(Progress::AtOnce);
        let source = c.source(WEU, "web-01", 3);
        let mut body = source.disks();
        merge(&mut body, json!({"restoreDiskLunList": luns}));
        let job = c.complete(&source, &body);
        let restored = job["extendedInfo"]["propertyBag"]["Restored disk(s)"].as_str().unwrap();
        let disks: Vec<_> = restored.split("; ").collect();
        assert_eq!(disks.len(), count, "{restored}");
        assert!(disks.last().unwrap().contains(last), "{restored}");
        assert_eq!(disks_in(&mut c, &group(PRODUCTION, "rg-restore-weu")).len(), count);
    }
}

#[test]
fn disks_are_replaced_in_place() {
    let mut c = Client::new(Progress::PerRead(3));
    let source = c.source(WEU, "web-01", 0);
    let vm = format!("{}?api-version=2024-07-01", source.vm_id);
    let before = c.get(&vm).body;
    let job = c.complete(&source, &source.in_place());
    assert_eq!(job["extendedInfo"]["tasksList"][1]["taskId"], "Update the virtual machine");
    assert!(job["extendedInfo"]["propertyBag"]["Config Blob Uri"].is_null());
    let after = c.get(&vm).body;
    let os = |vm: &Value| vm["properties"]["storageProfile"]["osDisk"]["name"].clone();
    assert_ne!(os(&before), os(&after));
    let disks = disks_in(&mut c, &group(PRODUCTION, "rg-web"));
    let state = |name: Value| disks.iter().find(|d| d["name"] == name).unwrap()["properties"]["diskState"].clone();
    assert_eq!((state(os(&before)), state(os(&after))), (json!("Unattached"), json!("Attached")));
    let get = c.get(&format!(
        "{}?api-version=2024-03-02",
        after["properties"]["storageProfile"]["osDisk"]["managedDisk"]["id"].as_str().unwrap()
    ));
    assert_eq!(get.status, 200);
}

#[test]
fn another_vm_is_created() {
    let mut c = Client::new(Progress::AtOnce);
    let source = c.source(WEU, "web-01", 0);
    let body = source.another("web-01-copy");
    let url = format!("{}?api-version=2024-07-01", body["targetVirtualMachineId"].as_str().unwrap());
    assert_eq!(c.get(&url).status, 404);
    let job = c.complete(&source, &body);
    let bag = &job["extendedInfo"]["propertyBag"];
    assert_eq!(
        (&bag["Original VM Name"], &bag["Target VM Name"], &bag["Target VNet Name"]),
        (&json!("web-01"), &json!("web-01-copy"), &json!("vnet-prod-weu"))
    );
    assert_eq!(job["extendedInfo"]["tasksList"][1]["taskId"], "Create the restored virtual machine");
    assert_eq!(c.get(&url).status, 200);
    let again = c.restore(&source, &body).unwrap();
    assert_eq!((again.status, again.target()), (400, "properties.targetVirtualMachineId"), "the name is taken now");
    let all = c.list(&format!(
        "/subscriptions/{PRODUCTION}/providers/Microsoft.Compute/virtualMachines?api-version=2024-07-01"
    ));
    assert!(names(&all).contains(&"web-01-copy".to_owned()));
}

#[test]
fn another_subscription() {
    let mut c = Client::new(Progress::AtOnce);
    let source = c.source(WEU, "web-01", 0);
    let mut body = source.another("x");
    let target = group(TEST, "rg-test-restore");
    let network = format!("{}/providers/Microsoft.Network/virtualNetworks/vnet-test-weu", group(TEST, "rg-test"));
    merge(
        &mut body,
        json!({
            "targetResourceGroupId": target,
            "targetVirtualMachineId": format!("{target}/providers/Microsoft.Compute/virtualMachines/copy"),
            "virtualNetworkId": network, "subnetId": format!("{network}/subnets/default"),
        }),
    );
    let job = c.complete(&source, &body);
    assert_eq!(job["extendedInfo"]["propertyBag"]["Target Subscription ID"], TEST);
    assert_eq!(disks_in(&mut c, &target).len(), 3);
}

#[test]
fn archive_is_rehydrated_first() {
    let mut c = Client::new(Progress::Timetable);
    let source = c.source(WEU, "files-01", 20);
    assert_eq!(
        source.point["properties"]["recoveryPointTierDetails"][2],
        json!({"type": "ArchivedRP", "status": "Valid"})
    );
    let mut body = source.disks();
    merge(
        &mut body,
        json!({"objectType": "IaasVMRestoreWithRehydrationRequest", "recoveryPointRehydrationInfo": {"rehydrationPriority": "High", "rehydrationRetentionDuration": "P15D"}}),
    );
    let accepted = c.restore(&source, &body).unwrap();
    let id = c.job_of(&accepted);
    let running = c.job(&WEU, &id).body["properties"].clone();
    assert_eq!(running["operation"], "RestoreWithRehydrate");
    assert_eq!(
        running["extendedInfo"]["tasksList"][0],
        json!({"taskId": "Rehydrate from Archive storage", "duration": "PT0S", "status": "InProgress", "taskType": "Normal"})
    );
    let job = c.end_of(&WEU, &id);
    assert_eq!(
        (&job["status"], &job["extendedInfo"]["propertyBag"]["Rehydration Priority"]),
        (&json!("Completed"), &json!("High"))
    );
    let point = c.get(&format!("{}?api-version={VERSION}", source.point["id"].as_str().unwrap())).body;
    assert_eq!(point["properties"]["recoveryPointTierDetails"][2]["status"], "Rehydrated");
    assert_eq!(c.restore(&source, &source.disks()).unwrap().status, 202, "a rehydrated point needs no rehydration");
}

#[test]
fn special_machines() {
    let mut c = Client::new(Progress::AtOnce);
    let private = c.source(WEU, "private-01", 0);
    let access = format!("{}/providers/Microsoft.Compute/diskAccesses/da-weu-01", group(PRODUCTION, "rg-secure"));
    let mut body = private.disks();
    merge(
        &mut body,
        json!({"targetDiskNetworkAccessSettings": {"targetDiskNetworkAccessOption": "EnablePrivateAccessForAllDisks", "targetDiskAccessId": access}}),
    );
    assert_eq!(c.complete(&private, &body)["status"], "Completed");
    let disks = disks_in(&mut c, &group(PRODUCTION, "rg-restore-weu"));
    assert!(disks.iter().all(|d| d["properties"]["networkAccessPolicy"] == "AllowPrivate"
        && d["properties"]["diskAccessId"] == access.as_str()));

    let unmanaged = c.source(WEU, "unmanaged-01", 0);
    assert_eq!(c.complete(&unmanaged, &unmanaged.blobs())["status"], "Completed");
    let mut body = unmanaged.disks();
    merge(&mut body, json!({"restoreWithManagedDisks": true}));
    assert_eq!(c.complete(&unmanaged, &body)["status"], "Completed");

    let encrypted = c.source(WEU, "hr-encrypted-01", 0);
    assert_eq!(c.complete(&encrypted, &encrypted.disks())["status"], "Completed");
    let gone = c.source(WEU, "gone-01", 0);
    assert_eq!(c.complete(&gone, &gone.another("gone-again"))["status"], "Completed");
    let edge = c.source(WEU, "edge-01", 0);
    let mut body = edge.in_place();
    merge(&mut body, json!({"extendedLocation": edge.point["properties"]["extendedLocation"]}));
    assert_eq!(c.complete(&edge, &body)["status"], "Completed");
}

#[test]
fn zones_and_encryption_sets() {
    let mut c = Client::new(Progress::AtOnce);
    let source = c.source(ZRS, "zonal-03", 0);
    let set = format!("{}/providers/Microsoft.Compute/diskEncryptionSets/des-weu-01", group(PRODUCTION, "rg-secure"));
    let mut body = source.disks();
    merge(&mut body, json!({"zones": ["2"], "diskEncryptionSetId": set, "storageAccountId": account("contosozrs")}));
    let job = c.complete(&source, &body);
    let bag = &job["extendedInfo"]["propertyBag"];
    assert!(bag["Create VM Template Blob Uri"].is_string() && bag["Target VM Name"].is_null(), "{bag}");
    let disk = disks_in(&mut c, &group(PRODUCTION, "rg-restore-weu")).swap_remove(0);
    assert_eq!(
        (&disk["zones"], &disk["properties"]["encryption"]["diskEncryptionSetId"]),
        (&json!(["2"]), &json!(set))
    );
}

#[test]
fn managed_identities() {
    let mut c = Client::new(Progress::AtOnce);
    let source = c.source(WEU, "web-02", 0);
    let user = format!(
        "{}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-restore-weu",
        group(PRODUCTION, "rg-backup-weu")
    );
    for info in [
        json!({"isSystemAssignedIdentity": true}),
        json!({"isSystemAssignedIdentity": false, "managedIdentityResourceId": user}),
    ] {
        let mut body = source.disks();
        merge(
            &mut body,
            json!({"storageAccountId": null, "identityInfo": info, "identityBasedRestoreDetails": {"targetStorageAccountId": account("contosostageweu")}}),
        );
        assert_eq!(c.complete(&source, &body)["status"], "Completed");
    }
    let source = c.source(NEU, "erp-01", 0);
    let mut body = source.disks();
    merge(
        &mut body,
        json!({"zones": ["NoZone"], "encryptionDetails": {"encryptionEnabled": false}, "affinityGroup": "", "diskEncryptionSetId": ""}),
    );
    assert_eq!(c.complete(&source, &body)["status"], "Completed", "what clients send for nothing");
}
