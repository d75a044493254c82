//! Restores in the secondary region: what it lists, what it demands, and the result.

use arm_sim::Progress;
use serde_json::{Value, json};

use crate::secondary::{Crossing, VERSIONS};
use crate::support::{Client, DOWN, FAULTS, GUARDED, NEU, PRODUCTION, TEST, VERSION, WEU, account, group, merge};

const NOT_ENABLED: &str = "Cross region restore is not enabled for the vault 'contoso-vault-weu'.";

fn crossing(c: &mut Client, vm: &str) -> Crossing {
    Crossing::new(c, NEU, "2021-11-15", vm, 0)
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn the_whole_chain_with_every_version() {
    for version in VERSIONS {
        let mut c = Client::new(Progress::Timetable);
        let x = Crossing::new(&mut c, NEU, version, "erp-01", 0);
        let accepted = x.restore(&mut c, &x.disks()).unwrap();
        assert_eq!((accepted.status, accepted.raw.len(), accepted.header("retry-after")), (202, 0, "60"));
        let url = accepted.header("azure-asyncoperation").to_owned();
        let (path, query) = url.split_once('?').unwrap();
        assert!(path.contains("/locations/westeurope/backupCrrOperationsStatus/") && path.ends_with('='), "{path}");
        assert_eq!(query.contains("&s="), version != "2018-12-20", "{query}");
        assert!(accepted.header("location").contains("/locations/westeurope/backupCrrOperationResults/"));
        assert_eq!(c.get(&url).body["status"], "InProgress");
        assert_eq!(c.get(accepted.header("location")).status, 202);
        c.wait(3);
        let operation = path.rsplit('/').next().unwrap();
        for id in [operation.to_owned(), operation.replace('=', "%3D")] {
            let heard = c.get(&x.location(&format!("backupCrrOperationsStatus/{id}")));
            assert_eq!((heard.status, &heard.body["name"]), (200, &json!(operation)));
            assert!(heard.body["id"].as_str().unwrap().ends_with(&format!("/backupCrrOperationsStatus/{operation}")));
            assert_eq!(c.get(&x.location(&format!("backupCrrOperationResults/{id}"))).status, 200);
        }
        assert_eq!(c.get(&url.replace("&s=", "&s=x")).status, if version == "2018-12-20" { 200 } else { 403 });
        let job = c.job_of(&accepted);
        assert_ne!(job, operation);
        let running = x.job(&mut c, &job).body;
        assert!(running["id"].as_str().unwrap().ends_with(&format!("/locations/westeurope/backupJobs/{job}")));
        let actions = if version == "2018-12-20" { json!([1]) } else { json!(["Cancellable"]) };
        assert_eq!((&running["properties"]["actionsInfo"], x.job(&mut c, &job).status), (&actions, 200));
        let ended = x.end_of(&mut c, &job);
        assert_eq!(
            (&ended["operation"], &ended["status"], &ended["duration"]),
            (&json!("CrossRegionRestore"), &json!("Completed"), &json!("PT19M7S"))
        );
        let bag = &ended["extendedInfo"]["propertyBag"];
        assert_eq!(
            keys(bag)[keys(bag).len() - 3..],
            ["Subscription Id of the vault", "Resource Group Name of the vault", "Vault name"]
        );
        assert_eq!((&bag["Vault name"], &bag["Job Type"]), (&json!(NEU.name), &json!("Recover disks")));
        assert_eq!(ended["extendedInfo"]["internalPropertyBag"]["AdHoc"], "AdHoc");
        let disks = c.list(&format!(
            "{}/providers/Microsoft.Compute/disks?api-version=2024-03-02",
            group(PRODUCTION, "rg-restore-weu")
        ));
        assert!(disks.len() == 5 && disks.iter().all(|d| d["location"] == "westeurope"));
        let blob = bag["Config Blob Uri"].as_str().unwrap();
        assert_eq!(c.send("HEAD", blob, None).unwrap().status, 200);
        assert!(c.sim.triggers().len() == 1 && c.sim.triggers()[0].accepted && c.sim.triggers()[0].cross_region);
        assert_eq!(c.sim.triggers()[0].item, "erp-01");
    }
}

#[test]
fn what_the_secondary_region_shows() {
    let mut c = Client::new(Progress::Timetable);
    let items =
        c.list(&format!("{}/backupProtectedItems/?api-version=2021-11-15&$filter=backupManagementType eq 'AzureIaasVM' and itemType eq 'VM'", NEU.id()).replace(' ', "%20"));
    assert_eq!(items.len(), 5);
    let all = c.points(&NEU, "erp-01");
    for version in VERSIONS {
        let x = Crossing::new(&mut c, NEU, version, "erp-01", 0);
        let (old, newest) = (version == "2018-12-20", &x.point["properties"]);
        assert_eq!(x.point["name"], all[1]["name"], "last night's has not got there yet");
        assert_eq!(x.item["properties"]["lastRecoveryPoint"], newest["recoveryPointTime"]);
        let tiers =
            if old { json!([{"type": 2, "status": 1}]) } else { json!([{"type": "HardenedRP", "status": "Valid"}]) };
        assert_eq!(newest["recoveryPointTierDetails"], tiers);
        assert_eq!(newest["crossRegionRestoreState"], if old { Value::Null } else { json!("Supported") });
        assert_eq!(newest["recoveryPointAdditionalInfo"].is_string(), old);
        assert_eq!(newest["recoveryPointProperties"].is_object(), version == "2023-01-15");
        assert!(newest["zones"].is_array());
        let got = c.get(&format!("{}?api-version={version}", x.point["id"].as_str().unwrap()));
        assert_eq!((got.status, got.code()), if old { (404, "InvalidResourceType") } else { (200, "") });
        let mail = Crossing::new(&mut c, NEU, version, "mail-01", 0);
        let id = mail.item["id"].as_str().unwrap();
        assert_eq!(
            c.list(&format!("{id}/recoveryPoints/?api-version={version}")).len(),
            12,
            "those in archive are dropped"
        );
    }
    let db = crossing(&mut c, "erp-db-01");
    let got = c.get(&format!("{}?api-version=2021-11-15", db.point["id"].as_str().unwrap())).body;
    let disks = &got["properties"]["recoveryPointDiskConfiguration"];
    assert_eq!(disks["includedDiskList"].as_array().unwrap().len(), 4);
    assert!(db.point["properties"]["recoveryPointDiskConfiguration"]["includedDiskList"].is_null());
    c.wait(6 * 3_600);
    assert_eq!(crossing(&mut c, "erp-01").point["name"], all[0]["name"], "now it has");
}

#[test]
fn the_version_selects_the_region() {
    let mut c = Client::new(Progress::Timetable);
    let x = crossing(&mut c, "erp-01");
    let with = |url: String, version: &str| url.replace("2021-11-15", version);
    for url in [
        format!("{}?api-version=2021-11-15", NEU.id()),
        format!("{}/backupJobs?api-version=2021-11-15", NEU.id()),
        format!("{}?api-version=2021-11-15", x.item["id"].as_str().unwrap()),
        with(x.location("backupAadProperties"), VERSION),
        with(x.location("backupCrrOperationsStatus/x"), VERSION),
    ] {
        let heard = c.get(&url);
        assert_eq!((heard.status, heard.code()), (400, "NoRegisteredProviderFound"), "{url}");
    }
    for url in [x.token_url(), x.location("backupCrrJob"), x.location("backupCrossRegionRestore")] {
        assert_eq!(c.send("POST", &with(url, VERSION), Some(&json!({}))).unwrap().code(), "NoRegisteredProviderFound");
    }
    // The definition of each of these versions has it, and the Python SDK generated from it calls it.
    for version in ["2018-12-20", "2021-11-15", "2023-01-15"] {
        let config = |id: String| format!("{id}/backupstorageconfig/vaultstorageconfig?api-version={version}");
        assert_eq!(c.get(&config(NEU.id())).body["properties"]["storageModelType"], "GeoRedundant");
        assert_eq!(c.get(&config(WEU.id())).status, 400, "its vault has no secondary region");
    }
    let restore = format!("{}/restore?api-version=2021-11-15", x.point["id"].as_str().unwrap());
    assert_eq!(c.send("POST", &restore, Some(&json!({}))).unwrap().status, 400);
    assert!(c.sim.triggers().is_empty());
    for vault in [WEU, GUARDED] {
        let heard = c.get(&format!("{}/backupProtectedItems?api-version=2023-01-15", vault.id()));
        assert_eq!((heard.status, heard.code()), (400, "BMSUserErrorInvalidInput"));
        let message = heard.body["error"]["message"].as_str().unwrap();
        assert!(message == NOT_ENABLED || vault.name == GUARDED.name, "{message}");
    }
    let elsewhere = x.location("backupAadProperties").replace("westeurope", "eastus");
    assert_eq!(c.get(&elsewhere).target(), "azureRegion");
    let budget = c.get(&x.location("backupAadProperties"));
    assert!(budget.header("x-ms-ratelimit-remaining-subscription-reads").starts_with("119"));
    let writes = c.send("POST", &x.location("backupCrrJob"), Some(&json!({}))).unwrap();
    assert!(writes.header("x-ms-ratelimit-remaining-subscription-writes").starts_with("11"));
}

#[test]
fn tokens() {
    let mut c = Client::new(Progress::Timetable);
    let x = crossing(&mut c, "erp-01");
    let text = x.token(&mut c);
    let token: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(keys(&token)[0], "objectType");
    assert!(
        token["tokenExtendedInformation"].as_str().unwrap().contains(r#"xmlns:i="http"#)
            && text.contains(r#"xmlns:i=\"http"#)
    );
    assert_eq!(
        (token["bMSActiveRegion"].as_str(), token["recoveryPointId"].as_str()),
        (Some("NorthEurope"), x.point["name"].as_str())
    );
    assert!(
        token["recoveryPointTime"].as_str().unwrap().ends_with("M")
            && token["resourceId"].as_str().unwrap().len() == 19
    );
    assert_eq!(token["accessTokenString"].as_str().unwrap().split('.').count(), 3);
    let numbers: Vec<u64> = ["erp-01", "erp-02", "erp-db-01", "dc-01"]
        .map(|vm| {
            let text = crossing(&mut c, vm).token(&mut c);
            serde_json::from_str::<Value>(&text).unwrap()["protectionContainerId"].to_string().parse().unwrap()
        })
        .into();
    assert!(numbers.iter().any(|n| *n > 1 << 53) && numbers.iter().all(|n| *n < 1 << 62), "{numbers:?}");
    let old = Crossing { version: "2018-12-20", ..x.clone() }.token(&mut c);
    assert_eq!(keys(&serde_json::from_str(&old).unwrap()).last(), Some(&"objectType"));
    for (key, value) in
        [("audience", json!("https://RecoveryServices/IaasCoord/aadmgmt/northeurope")), ("tenantId", Value::Null)]
    {
        let mut audience = x.audience(&mut c);
        audience["properties"][key] = value;
        let heard = c.send("POST", &x.token_url(), Some(&audience)).unwrap();
        assert_eq!((heard.status, heard.target()), (400, format!("properties.{key}").as_str()));
    }
    let fresh = c.points(&NEU, "erp-01")[0]["id"].as_str().unwrap().to_owned();
    let audience = x.audience(&mut c);
    let heard = c.send("POST", &format!("{fresh}/accessToken?api-version=2021-11-15"), Some(&audience)).unwrap();
    assert_eq!(heard.status, 404, "not replicated yet");
}

#[test]
fn access_details_come_back_byte_for_byte_when_told_to() {
    let mut c = Client::new(Progress::Timetable);
    c.sim.set_exact_access_details(true);
    let x = crossing(&mut c, "erp-02");
    let text = x.token(&mut c);
    let number = serde_json::from_str::<Value>(&text).unwrap()["protectionContainerId"].to_string();
    let reordered = format!(
        "{{{},\"objectType\":\"CrrAccessToken\"}}",
        text.strip_prefix(r#"{"objectType":"CrrAccessToken","#).unwrap().strip_suffix('}').unwrap()
    );
    for (sent, target, what) in [
        (text.replace(&number, &format!("{number}0")), ".protectionContainerId", "changed"),
        (text.replace("1.10", "1.1"), ".rpSchemaRevision", "changed"),
        (text.replace(r#","rpSchemaRevision":1.10"#, ""), ".rpSchemaRevision", "missing"),
        (text.replacen('{', r#"{"colour":"red","#, 1), ".colour", "new"),
        (reordered, "", "the order of the members"),
        (text.replace(r#"":""#, r#"": ""#), "", "white space"),
        (text.replace("/>", "\\/>"), "", "the spelling of a value"),
        ("{}".to_owned(), ".accessTokenString", "issued"),
        ("[]".to_owned(), "", "not an object"),
    ] {
        assert_ne!(sent, text);
        let heard = x.send(&mut c, &sent, &x.disks()).unwrap();
        let message = heard.body["error"]["message"].as_str().unwrap();
        assert_eq!(
            (heard.status, heard.target()),
            (400, format!("crossRegionRestoreAccessDetails{target}").as_str()),
            "{message}"
        );
        assert!(message.contains(what), "{message}");
    }
    assert_eq!(c.sim.triggers().len(), 9);
    assert!(c.sim.triggers().iter().all(|t| !t.accepted && t.cross_region));
    let body = format!("{{ \"restoreRequest\" : {}, \"crossRegionRestoreAccessDetails\" :\n {text} }}", x.disks());
    let heard = c.send_text("POST", &x.location("backupCrossRegionRestore"), Some(body)).unwrap();
    assert_eq!(heard.status, 202, "around them there may be anything: {}", heard.body);
}

/// azure-cli serialized the details again without members that its model lacks, and Azure answered 202: the recordings of 2024.
#[test]
fn access_details_are_compared_as_values() {
    let mut c = Client::new(Progress::Timetable);
    let x = crossing(&mut c, "erp-02");
    let text = x.token(&mut c);
    let value: Value = serde_json::from_str(&text).unwrap();
    let number = value["protectionContainerId"].to_string();
    for (sent, target) in [
        (text.replace(&number, &format!("{number}0")), "protectionContainerId"),
        (text.replace(&number, &format!("\"{number}\"")), "protectionContainerId"),
        (text.replace("1.10", "1.2"), "rpSchemaRevision"),
        (text.replace(r#","bMSActiveRegion":"NorthEurope""#, ""), "bMSActiveRegion"),
        (text.replacen('{', r#"{"colour":"red","#, 1), "colour"),
    ] {
        assert_ne!(sent, text);
        let heard = x.send(&mut c, &sent, &x.disks()).unwrap();
        assert_eq!((heard.status, heard.target()), (400, format!("crossRegionRestoreAccessDetails.{target}").as_str()));
    }
    let rounded = x.send(&mut c.clone(), &text.replace("1.10", "1.1"), &x.disks()).unwrap();
    assert_eq!(rounded.status, 202, "{}", rounded.body);
    let mut anew = value.clone();
    merge(&mut anew, json!({"rpReplicationLagInHours": null, "rpSchemaRevision": null, "objectType": null}));
    merge(&mut anew, json!({"objectType": "CrrAccessToken"}));
    let anew = serde_json::to_string_pretty(&anew).unwrap();
    assert!(anew.contains("\": \"") && !anew.contains("rpSchemaRevision") && anew.contains(&number));
    let heard = x.send(&mut c, &anew, &x.disks()).unwrap();
    assert_eq!(heard.status, 202, "{}", heard.body);
}

#[test]
fn tokens_last_a_day_and_for_one_point() {
    let mut c = Client::new(Progress::Timetable);
    let x = crossing(&mut c, "erp-01");
    let text = x.token(&mut c);
    let other = Crossing::new(&mut c, NEU, "2021-11-15", "erp-01", 3);
    assert_eq!(x.send(&mut c, &text, &other.disks()).unwrap().target(), "restoreRequest.recoveryPointId");
    let theirs = crossing(&mut c, "erp-02").disks();
    assert_eq!(x.send(&mut c, &text, &theirs).unwrap().status, 400);
    let wrong = Crossing { region: "northeurope", ..x.clone() };
    assert_eq!(wrong.send(&mut c, &text, &x.disks()).unwrap().target(), "crossRegionRestoreAccessDetails");
    c.wait(24 * 3_600 - 1);
    let mut late = c.clone();
    assert_eq!(x.send(&mut c, &text, &x.disks()).unwrap().status, 202);
    late.wait(1);
    let heard = x.send(&mut late, &text, &x.disks()).unwrap();
    assert_eq!((heard.status, heard.code()), (400, "UserErrorCrrAccessTokenExpired"));
    assert_eq!(x.restore(&mut late, &x.disks()).unwrap().status, 202);
}

#[test]
fn refusals() {
    let mut c = Client::new(Progress::Timetable);
    let x = crossing(&mut c, "erp-01");
    let weu = group(PRODUCTION, "rg-restore-weu");
    let neu_network =
        format!("{}/providers/Microsoft.Network/virtualNetworks/vnet-dr-neu", group(PRODUCTION, "rg-network"));
    let another = x.another("copy-01");
    for version in VERSIONS {
        let x = Crossing { version, ..x.clone() };
        for (body, more, target) in [
            (x.disks(), json!({"region": "northeurope"}), "region"),
            (x.disks(), json!({"storageAccountId": account("contosostageneu")}), "storageAccountId"),
            (x.disks(), json!({"targetResourceGroupId": null}), "targetResourceGroupId"),
            (x.disks(), json!({"recoveryType": "OriginalLocation", "targetResourceGroupId": null}), "recoveryType"),
            (x.disks(), json!({"objectType": "IaasVMRestoreWithRehydrationRequest"}), "objectType"),
            (x.disks(), json!({"recoveryPointRehydrationInfo": {}}), "recoveryPointRehydrationInfo"),
            (x.disks(), json!({"extendedLocation": {}}), "extendedLocation"),
            (x.disks(), json!({"securedVMDetails": {}}), "securedVMDetails"),
            (x.disks(), json!({"targetDiskNetworkAccessSettings": {}}), "targetDiskNetworkAccessSettings"),
            (x.disks(), json!({"resourceGuardOperationRequests": []}), "resourceGuardOperationRequests"),
            (x.disks(), json!({"zones": ["4"]}), "zones"),
            (x.disks(), json!({"restoreDiskLunList": []}), "restoreDiskLunList"),
            (
                another.clone(),
                json!({"virtualNetworkId": neu_network, "subnetId": format!("{neu_network}/subnets/app")}),
                "virtualNetworkId",
            ),
            (another.clone(), json!({"targetResourceGroupId": format!("{weu}x")}), "targetResourceGroupId"),
        ] {
            let mut body = body;
            merge(&mut body, more.clone());
            let heard = x.restore(&mut c, &body).unwrap();
            assert_eq!(
                (heard.status, heard.target()),
                (400, format!("restoreRequest.{target}").as_str()),
                "{more}: {}",
                heard.body
            );
        }
    }
    let zoneless = crossing(&mut c, "dc-01");
    let mut body = zoneless.disks();
    merge(&mut body, json!({"zones": ["1"]}));
    assert_eq!(zoneless.restore(&mut c, &body).unwrap().target(), "restoreRequest.zones");
    let refused = c.send_text("POST", &x.location("backupCrossRegionRestore"), Some("no".to_owned())).unwrap();
    assert_eq!((refused.status, refused.code()), (400, "InvalidRequestContent"));
    assert_eq!(c.sim.triggers().len(), 3 * 14 + 2);
    assert!(c.sim.created().is_empty());
}

#[test]
fn ways_of_restoring() {
    for version in VERSIONS {
        let mut c = Client::new(Progress::AtOnce);
        let x = Crossing::new(&mut c, NEU, version, "erp-01", 2);
        let mut body = x.another("erp-copy");
        merge(&mut body, json!({"zones": ["3"], "affinityGroup": "", "diskEncryptionSetId": null}));
        let job = x.complete(&mut c, &body);
        assert_eq!(job["extendedInfo"]["propertyBag"]["Target VM Name"], "erp-copy");
        let url = format!("{}?api-version=2024-07-01", body["targetVirtualMachineId"].as_str().unwrap());
        let vm = c.get(&url).body;
        assert_eq!((&vm["location"], &vm["zones"]), (&json!("westeurope"), &json!(["3"])));
        let db = Crossing::new(&mut c, NEU, version, "erp-db-01", 1);
        let mut body = db.disks();
        merge(
            &mut body,
            json!({"restoreDiskLunList": [0], "storageAccountId": null, "identityInfo": {"isSystemAssignedIdentity": true}, "identityBasedRestoreDetails": {"targetStorageAccountId": account("contosostageweu")}}),
        );
        let bag = db.complete(&mut c, &body)["extendedInfo"]["propertyBag"].clone();
        assert_eq!(bag["Restored disk(s)"].as_str().unwrap().split("; ").count(), 2);
    }
}

#[test]
fn jobs_are_seen_in_their_region_only() {
    let mut c = Client::new(Progress::Timetable);
    let x = crossing(&mut c, "erp-01");
    let primary = c.list(&format!("{}/backupJobs?api-version={VERSION}", NEU.id())).len();
    let accepted = x.restore(&mut c, &x.disks()).unwrap();
    let job = c.job_of(&accepted);
    assert_eq!(c.list(&format!("{}/backupJobs?api-version={VERSION}", NEU.id())).len(), primary);
    assert_eq!(c.job(&NEU, &job).status, 404);
    let cancel = format!("{}/backupJobs/{job}/cancel?api-version={VERSION}", NEU.id());
    assert_eq!(c.send("POST", &cancel, None).unwrap().status, 404);
    let listed = x.jobs(&mut c, "status eq 'InProgress' and operation eq 'CrossRegionRestore'").body;
    assert_eq!((listed["value"].as_array().unwrap().len(), &listed["value"][0]["name"]), (1, &json!(job)));
    assert!(listed["value"][0]["properties"]["extendedInfo"].is_null());
    assert!(x.jobs(&mut c, "status eq 'Completed'").body["value"].as_array().unwrap().is_empty());
    assert_eq!(x.jobs(&mut c, "colour eq 'red'").status, 400);
    let again = x.restore(&mut c, &x.disks()).unwrap();
    assert_eq!((again.status, again.target()), (409, "restoreRequest.sourceResourceId"));
    // The primary region is free.
    let source = c.source(NEU, "erp-01", 0);
    assert_eq!(c.restore(&source, &source.disks()).unwrap().status, 202);
    let seeded =
        c.list(&format!("{}/backupJobs?api-version={VERSION}", NEU.id()))[0]["name"].as_str().unwrap().to_owned();
    assert_eq!(x.job(&mut c, &seeded).status, 404);
    assert_eq!(x.end_of(&mut c, &job)["status"], "Completed");
    let other = Crossing { vault: FAULTS, ..x.clone() };
    assert_eq!(other.job(&mut c, &job).target(), "resourceId", "its secondary region is another one");
    let accepted = c.sim.triggers().iter().map(|t| (t.cross_region, t.accepted)).collect::<Vec<_>>();
    assert_eq!(accepted, [(true, true), (true, false), (false, true)], "reads are none");
}

#[test]
fn an_outage() {
    let mut c = Client::new(Progress::Timetable);
    let subscription =
        format!("/subscriptions/{TEST}/providers/Microsoft.RecoveryServices/vaults?api-version={VERSION}");
    assert!(c.list(&subscription).iter().any(|v| v["name"] == DOWN.name && v["properties"]["redundancySettings"]["crossRegionRestore"] == "Enabled"));
    for rest in ["", "/backupProtectedItems", "/backupJobs", "/backupstorageconfig/vaultstorageconfig", "/backupJobs/x"]
    {
        let heard = c.get(&format!("{}{rest}?api-version={VERSION}", DOWN.id()));
        assert_eq!(
            (heard.status, heard.code(), heard.header("x-ms-failure-cause")),
            (503, "ServiceUnavailable", "gateway")
        );
    }
    let count = c.list(&format!("{}/backupProtectedItems/?api-version=2023-01-15", DOWN.id())).len();
    assert_eq!(count, 5);
    let x = Crossing::new(&mut c, DOWN, "2023-01-15", "shop-web-01", 0);
    let mut body = x.disks();
    merge(&mut body, json!({"restoreDiskLunList": [1]}));
    assert_eq!(x.complete(&mut c, &body)["status"], "Completed");

    let x = crossing(&mut c, "erp-01");
    c.sim.set_region_down(Some("northeurope".to_owned()));
    assert_eq!(c.get(&format!("{}?api-version={VERSION}", NEU.id())).status, 503);
    assert_eq!(c.get(&format!("{}?api-version={VERSION}", WEU.id())).status, 200);
    assert_eq!(
        c.get(&format!("{}/backupProtectedItems?api-version=2021-11-15", FAULTS.id())).status,
        503,
        "it is their secondary one"
    );
    let accepted = x.restore(&mut c, &x.disks()).unwrap();
    c.sim = serde_json::from_str(&serde_json::to_string(&c.sim).unwrap()).unwrap();
    let job = c.job_of(&accepted);
    assert_eq!(x.end_of(&mut c, &job)["status"], "Completed");
    c.sim.set_region_down(None);
    assert_eq!(c.get(&format!("{}?api-version={VERSION}", NEU.id())).status, 200);
}

#[test]
fn saved_at_every_step() {
    let mut plain = Client::new(Progress::Timetable);
    let mut saved = plain.clone();
    let mut step = |what: &dyn Fn(&mut Client) -> Vec<u8>| {
        saved.sim = serde_json::from_str(&serde_json::to_string(&saved.sim).unwrap()).unwrap();
        let (a, b) = (what(&mut plain), what(&mut saved));
        assert_eq!(a, b);
        plain.wait(7);
        saved.wait(7);
        a
    };
    let x = crossing(&mut Client::new(Progress::Timetable), "erp-01");
    let details = String::from_utf8(step(&|c| x.token(c).into_bytes())).unwrap();
    let accepted = step(&|c| x.send(c, &details, &x.disks()).unwrap().header("azure-asyncoperation").into());
    let url = String::from_utf8(accepted).unwrap();
    let status: Value = serde_json::from_slice(&step(&|c| c.get(&url).raw.to_vec())).unwrap();
    let job = status["properties"]["jobId"].as_str().unwrap().to_owned();
    for _ in 0..5 {
        step(&|c| x.job(c, &job).raw.to_vec());
        step(&|c| x.jobs(c, "").raw.to_vec());
        step(&|c| c.get(&x.location("backupCrrOperationResults/x")).raw.to_vec());
        step(&|c| {
            c.wait(300);
            Vec::new()
        });
    }
    assert_eq!(plain.sim.created(), saved.sim.created());
    assert_eq!(plain.sim.created().len(), 7);
    assert_eq!(serde_json::to_string(&plain.sim).unwrap(), serde_json::to_string(&saved.sim).unwrap());
}
