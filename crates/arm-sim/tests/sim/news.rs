//! Additions of 2026: threats, instant access, zones, sources elsewhere, confidential machines, disk sizes.

use arm_sim::Progress;
use serde_json::{Value, json};

use crate::support::{Client, Heard, NEU, NEWS, PRODUCTION, Source, TEST, VERSION, WEU, ZRS, account, group, merge};

const THREATS: &str = "2026-07-01";
const NEWEST: &str = "2026-10-01";

fn points(c: &mut Client, vm: &str, version: &str) -> Vec<Value> {
    let id = c.item(&NEWS, vm)["id"].as_str().unwrap().to_owned();
    c.list(&format!("{id}/recoveryPoints?api-version={version}"))
}

fn complete(c: &mut Client, source: &Source, body: &Value, version: &str) -> Value {
    let accepted = c.send("POST", &source.url(version), Some(&json!({"properties": body}))).unwrap();
    assert_eq!(accepted.status, 202, "{}", accepted.body);
    let job = c.job_of(&accepted);
    c.end_of(&source.vault, &job)
}

fn resource(in_group: &str, kind: &str, name: &str) -> String {
    format!("{}/providers/{kind}/{name}", group(PRODUCTION, in_group))
}

/// As recorded in September 2026: severities outside the definition, times without a zone, a link to the portal.
#[test]
fn points_with_threats() {
    let mut c = Client::new(Progress::AtOnce);
    let all = points(&mut c, "threat-01", THREATS);
    let statuses: Vec<_> = all.iter().map(|p| p["properties"]["threatStatus"].as_str().unwrap()).collect();
    for status in ["UnHealthy", "Warning", "Healthy", "NotAvailable"] {
        assert!(statuses.contains(&status), "{status}: {statuses:?}");
    }
    assert_eq!(statuses[0], "UnHealthy");
    let threats = all[0]["properties"]["threatInfo"].as_array().unwrap();
    let texts = |key: &str| threats.iter().map(|t| t[key].as_str().unwrap()).collect::<Vec<_>>();
    assert!(texts("threatSeverity").contains(&"Medium") && texts("threatState").contains(&"Resolved"));
    assert!(texts("threatURI").iter().all(|u| u.starts_with("https://portal.azure.com/#blade/")));
    for key in ["threatStartTime", "threatEndTime", "lastUpdatedTime"] {
        assert!(texts(key).iter().all(|t| t.len() == 27 && !t.ends_with('Z')), "{key}: {:?}", texts(key));
    }
    let healthy = all.iter().find(|p| p["properties"]["threatStatus"] == "Healthy").unwrap();
    assert!(healthy["properties"]["threatInfo"].is_null());
    let one = c.get(&format!("{}?api-version={THREATS}", all[0]["id"].as_str().unwrap())).body;
    assert_eq!(one["properties"]["threatInfo"], all[0]["properties"]["threatInfo"]);
    assert!(points(&mut c, "threat-01", VERSION)[0]["properties"]["threatInfo"].is_null());
    assert_eq!(points(&mut c, "instant-01", THREATS)[0]["properties"]["threatStatus"], "Unknown");
    let item = c.item(&NEWS, "threat-01")["id"].as_str().unwrap().to_owned();
    let item = c.get(&format!("{item}?api-version={THREATS}")).body;
    assert_eq!(
        item["properties"]["sourceSideScanInfo"],
        json!({"sourceSideScanStatus": "Configured", "sourceSideScanSummary": "Suspicious"})
    );
    // A threat does not prevent a restore.
    let source = c.source(NEWS, "threat-01", 0);
    assert_eq!(c.complete(&source, &source.disks())["status"], "Completed");
}

#[test]
fn an_instant_access_point() {
    let mut c = Client::new(Progress::Timetable);
    let mut tiers = |version: &str, n: usize| {
        points(&mut c, "instant-01", version)[n]["properties"]["recoveryPointTierDetails"].clone()
    };
    assert_eq!(tiers(NEWEST, 0), json!([{"type": "IASnapshotRP", "status": "Valid"}]));
    assert_eq!(tiers("2026-08-01", 0), json!([{"type": "InstantRP", "status": "Valid"}]));
    assert_eq!(tiers(NEWEST, 1)[0]["type"], "InstantRP");
    let source = c.source(NEWS, "instant-01", 0);
    let job = complete(&mut c, &source, &source.disks(), NEWEST);
    assert_eq!((&job["status"], &job["duration"]), (&json!("Completed"), &json!("PT1M10S")), "as quick as a snapshot");
}

/// azure-cli#30720 and azure-docs#128361: a snapshot in addition to the vault copy does not prevent a restore to a zone.
#[test]
fn a_zone_from_a_point_in_snapshot_and_vault() {
    for (vault, vm, zones, zone) in [
        (ZRS, "zonal-01", json!(["2"]), json!(["2"])),
        (ZRS, "zonal-01", json!(["NoZone"]), Value::Null),
        (NEU, "erp-01", json!(["NoZone"]), Value::Null),
        (NEWS, "zonal-fresh-01", json!(["3"]), json!(["3"])),
    ] {
        let mut c = Client::new(Progress::AtOnce);
        let source = c.source(vault, vm, 1);
        let tiers = &source.point["properties"]["recoveryPointTierDetails"];
        assert_eq!(
            *tiers,
            json!([{"type": "InstantRP", "status": "Valid"}, {"type": "HardenedRP", "status": "Valid"}])
        );
        let mut body = source.disks();
        merge(&mut body, json!({"zones": zones}));
        assert_eq!(c.complete(&source, &body)["status"], "Completed");
        let disks =
            format!("{}/providers/Microsoft.Compute/disks?api-version=2024-03-02", group(PRODUCTION, "rg-restore-weu"));
        assert_eq!(c.list(&disks)[0]["zones"], zone, "{vm}");
    }
}

#[test]
fn a_machine_of_another_subscription() {
    let mut c = Client::new(Progress::AtOnce);
    let source = c.source(NEWS, "elsewhere-01", 0);
    assert!(source.vm_id.starts_with(&format!("/subscriptions/{TEST}/resourceGroups/rg-test/")));
    assert_eq!(c.get(&format!("{}?api-version=2024-07-01", source.vm_id)).status, 200);
    let staging =
        format!("{}/providers/Microsoft.Storage/storageAccounts/contosoteststage", group(TEST, "rg-test-restore"));
    let mut body = source.in_place();
    merge(&mut body, json!({"storageAccountId": staging}));
    let job = complete(&mut c, &source, &body, "2026-08-01");
    assert_eq!(job["status"], "Completed");
    let disks = c.list(&format!("/subscriptions/{TEST}/providers/Microsoft.Compute/disks?api-version=2024-03-02"));
    let attached = |d: &&Value| d["managedBy"].as_str().is_some_and(|id| id.eq_ignore_ascii_case(&source.vm_id));
    assert_eq!(disks.iter().filter(attached).count(), 2, "the new ones are where the machine is");
    let url = format!("{}/backupJobs?api-version=2025-02-01&$filter=operation%20eq%20'Restore'", NEWS.id());
    let name = c.list(&url)[0]["name"].as_str().unwrap().to_owned();
    let job = c.get(&format!("{}/backupJobs/{name}?api-version=2025-02-01", NEWS.id())).body;
    assert_eq!(job["properties"]["extendedInfo"]["propertyBag"]["VM Subscription ID"], TEST);
}

#[test]
fn a_machine_of_another_region() {
    let mut c = Client::new(Progress::AtOnce);
    let vault = c.get(&format!("{}?api-version=2026-07-01", NEWS.id())).body;
    assert_eq!(vault["properties"]["regionOfChoiceSettings"]["status"], "Enabled");
    let vault = c.get(&format!("{}?api-version=2026-07-01", WEU.id())).body;
    assert_eq!(vault["properties"]["regionOfChoiceSettings"]["status"], "Disabled");
    assert_eq!(vault["properties"]["securitySettings"]["sourceScanConfiguration"]["state"], "Disabled");
    assert!(
        c.get(&format!("{}?api-version={VERSION}", WEU.id())).body["properties"]["regionOfChoiceSettings"].is_null()
    );
    let source = c.source(NEWS, "far-away-01", 0);
    let item = source.point["id"].as_str().unwrap().split("/recoveryPoints/").next().unwrap().to_owned();
    let item = c.get(&format!("{item}?api-version={THREATS}")).body;
    assert_eq!(item["properties"]["sourceLocation"], "northeurope");
    for (region, staging, body) in [
        ("westeurope", "contosostageweu", source.disks()),
        ("North Europe", "contosostageneu", source.disks()),
        ("northeurope", "contosostageneu", source.in_place()),
    ] {
        let mut c = c.clone();
        let mut body = body;
        merge(&mut body, json!({"region": region, "storageAccountId": account(staging)}));
        assert_eq!(c.complete(&source, &body)["status"], "Completed", "{region}");
        let wanted = region.to_ascii_lowercase().replace(' ', "");
        let disks =
            c.list(&format!("/subscriptions/{PRODUCTION}/providers/Microsoft.Compute/disks?api-version=2024-03-02"));
        let new = |d: &&Value| d["tags"]["RSVaultBackup"].is_string();
        assert!(disks.iter().filter(new).all(|d| d["location"] == wanted.as_str()) && disks.iter().any(|d| new(&d)));
    }
}

/// The article on confidential virtual machines of July 2026: without a set the job fails and writes the keys anyway.
#[test]
fn a_confidential_machine_whose_set_is_gone() {
    let mut c = Client::new(Progress::Timetable);
    let source = c.source(NEWS, "confidential-02", 2);
    let failed = complete(&mut c, &source, &source.disks(), VERSION);
    assert_eq!(failed["status"], "Failed");
    assert_eq!(failed["errorDetails"][0]["errorTitle"], "UserErrorDiskEncryptionSetDoesNotExist");
    let bag = &failed["extendedInfo"]["propertyBag"];
    let blob = format!(
        "https://contosostageweu.blob.core.windows.net/{}/{}",
        bag["Config Blob Container Name"].as_str().unwrap(),
        bag["Secured Encryption Info Blob Name"].as_str().unwrap()
    );
    assert_eq!(c.send("HEAD", &blob, None).unwrap().status, 200);
    assert_eq!(c.sim.created().len(), 1, "nothing but the keys");

    let mut body = source.disks();
    let set = resource("rg-secure", "Microsoft.Compute/diskEncryptionSets", "des-weu-confidential");
    merge(&mut body, json!({"securedVMDetails": {"securedVMOsDiskEncryptionSetId": set}}));
    let job = complete(&mut c, &source, &body, VERSION);
    assert_eq!(job["status"], "Completed");
    assert!(job["duration"].as_str().unwrap().starts_with("PT19M"), "from the vault, not from the snapshot: {job}");
    let point = c.get(&format!("{}?api-version={THREATS}", source.point["id"].as_str().unwrap())).body;
    assert_eq!(point["properties"]["dataDiskMetadata"]["encryptedDataDisks"][0]["lun"], 0);
    // A machine whose set exists needs no other one, and may name one even for a snapshot.
    let source = c.source(WEU, "confidential-01", 0);
    assert_eq!(complete(&mut c, &source, &source.disks(), VERSION)["status"], "Completed");
}

#[test]
fn vhds_go_to_the_accounts_that_the_disks_came_from() {
    for original in [false, true] {
        let mut c = Client::new(Progress::AtOnce);
        let source = c.source(WEU, "unmanaged-01", 0);
        let vm = c.get(&format!("{}?api-version=2024-07-01", source.vm_id)).body;
        let profile = &vm["properties"]["storageProfile"];
        let (os, data) = (&profile["osDisk"]["vhd"]["uri"], &profile["dataDisks"][0]["vhd"]["uri"]);
        assert!(os.as_str().unwrap().starts_with("https://contosolegacy."));
        assert!(data.as_str().unwrap().starts_with("https://contosolegacydata."));
        let mut body = source.blobs();
        merge(&mut body, json!({"originalStorageAccountOption": original}));
        let bag = c.complete(&source, &body)["extendedInfo"]["propertyBag"].clone();
        assert_eq!(bag["Target Storage Account Name"], "contosostageweu");
        let container = bag["Config Blob Container Name"].as_str().unwrap();
        let names: Vec<_> = c.sim.created().into_iter().map(str::to_owned).collect();
        let vhds: Vec<_> = names.iter().filter(|n| n.ends_with(".vhd")).collect();
        assert_eq!((names.len(), vhds.len()), (4, 2));
        let mut holds = |account: &str, name: &str| {
            c.send("HEAD", &format!("https://{account}.blob.core.windows.net/{container}/{name}"), None).unwrap().status
                == 200
        };
        let homes = if original { ["contosolegacy", "contosolegacydata"] } else { ["contosostageweu"; 2] };
        for (vhd, home) in vhds.iter().zip(homes) {
            for account in ["contosolegacy", "contosolegacydata", "contosostageweu"] {
                assert_eq!(holds(account, vhd), account == home, "{original}: {vhd} in {account}");
            }
        }
        for name in names.iter().filter(|n| n.ends_with(".json")) {
            assert!(holds("contosostageweu", name) && !holds("contosolegacy", name), "{name}");
        }
    }
}

#[test]
fn sizes_of_disks() {
    let mut c = Client::new(Progress::Timetable);
    let trigger = |c: &mut Client, body: &Value, version: &str| -> Heard {
        let url = format!("{}/backupFabrics/Azure/getRPExtendedInfo?api-version={version}", NEWS.id());
        c.send("POST", &url, Some(body)).unwrap()
    };
    let all = points(&mut c, "instant-01", NEWEST);
    let ids = |ids: &[&Value]| json!({"properties": {"recoveryPointIds": ids}});
    let at_once = trigger(&mut c, &ids(&[&all[0]["id"]]), NEWEST);
    assert_eq!(at_once.status, 200, "{}", at_once.body);
    let info = &at_once.body["value"][0];
    assert_eq!((&info["id"], &info["name"]), (&all[0]["id"], &all[0]["name"]));
    assert_eq!(info["properties"]["objectType"], "IaasVMRPExtendedInfo");
    let os = &info["properties"]["osDisk"];
    assert_eq!((&os["lun"], &os["diskSizeInGB"], &os["storageType"]), (&json!(-1), &json!(127), &json!("Premium_LRS")));
    let data = info["properties"]["dataDisks"].as_array().unwrap();
    let vm = c.source(NEWS, "instant-01", 0).vm_id;
    let vm = c.get(&format!("{vm}?api-version=2024-07-01")).body;
    for (disk, now) in data.iter().zip(vm["properties"]["storageProfile"]["dataDisks"].as_array().unwrap()) {
        let known = (&now["lun"], &now["name"], &now["diskSizeGB"], &now["managedDisk"]["storageAccountType"]);
        assert_eq!((&disk["lun"], &disk["name"], &disk["diskSizeInGB"], &disk["storageType"]), known);
    }
    assert_eq!((data.len(), &data[3]["storageType"]), (4, &json!("StandardSSD_LRS")));

    let later = trigger(&mut c, &ids(&[&all[9]["id"]]), NEWEST);
    assert_eq!((later.status, later.header("retry-after")), (202, "10"));
    let (status, result) = (later.header("azure-asyncoperation").to_owned(), later.header("location").to_owned());
    assert!(status.contains("/backupFabrics/Azure/operationsStatus/"));
    assert!(result.contains("/backupFabrics/Azure/getRPExtendedInfoOperationResult/"));
    assert_eq!((c.get(&status).body["status"].as_str(), c.get(&result).status), (Some("InProgress"), 202));
    c.wait(10);
    assert_eq!(c.get(&status).body["status"], "Succeeded");
    assert_eq!(c.get(&result).body["value"][0]["id"], all[9]["id"]);

    for body in [ids(&[]), ids(&[&all[0]["id"], &all[1]["id"]]), ids(&[&json!("/x")]), json!({"properties": {}})] {
        let refused = trigger(&mut c, &body, NEWEST);
        assert_eq!((refused.status, refused.target()), (400, "properties.recoveryPointIds"), "{body}");
    }
    assert_eq!(trigger(&mut c, &ids(&[&all[0]["id"]]), "2026-08-01").status, 404);
}
