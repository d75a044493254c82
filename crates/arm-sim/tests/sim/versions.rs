//! What differs between api-versions.

use arm_sim::Progress;
use serde_json::{Value, json};

use crate::support::{Client, NEU, WEU};

fn point(c: &mut Client, version: &str) -> Value {
    let id = c.item(&NEU, "erp-01")["id"].as_str().unwrap().to_owned();
    c.list(&format!("{id}/recoveryPoints?api-version={version}")).swap_remove(0)["properties"].clone()
}

#[test]
fn enums_are_numbers_in_old_versions() {
    let mut c = Client::new(Progress::Timetable);
    assert_eq!(
        point(&mut c, "2021-01-01")["recoveryPointTierDetails"],
        json!([{"type": 1, "status": 1}, {"type": 2, "status": 1}])
    );
    assert_eq!(
        point(&mut c, "2021-12-01")["recoveryPointTierDetails"][0],
        json!({"type": "InstantRP", "status": "Valid"})
    );
    let id = c.list(&format!(
        "{}/backupProtectedItems?api-version=2024-04-01&$filter=friendlyName%20eq%20'files-01'",
        WEU.id()
    ))[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let old = c.list(&format!("{id}/recoveryPoints?api-version=2019-05-13"));
    assert!(
        old.iter().all(|p| p["properties"]["recoveryPointTierDetails"]
            .as_array()
            .unwrap()
            .iter()
            .all(|t| t["type"] != 3)),
        "archive is unknown"
    );
    let actions = |c: &mut Client, version: &str| {
        c.list(&format!("{}/backupJobs?api-version={version}", NEU.id()))[0]["properties"]["actionsInfo"].clone()
    };
    assert_eq!(
        (actions(&mut c, "2022-06-01-preview"), actions(&mut c, "2023-02-01")),
        (json!([1]), json!(["Cancellable"]))
    );
}

#[test]
fn properties_appear() {
    let mut c = Client::new(Progress::Timetable);
    for (name, before, since) in [
        ("zones", "2020-10-01", "2020-12-01"),
        ("recoveryPointMoveReadinessInfo", "2020-12-01", "2021-01-01"),
        ("recoveryPointProperties", "2022-02-01", "2023-01-01"),
        ("isPrivateAccessEnabledOnAnyDisk", "2023-01-01", "2023-02-01"),
    ] {
        assert!(point(&mut c, before)[name].is_null() && !point(&mut c, since)[name].is_null(), "{name}");
    }
    assert!(point(&mut c, "2017-07-01")["isInstantILRSessionActive"].is_boolean(), "another spelling in 2017");
}

#[test]
fn urls_and_ids_of_old_versions() {
    let mut c = Client::new(Progress::Timetable);
    let source = c.source(WEU, "web-02", 0);
    let body = json!({"properties": source.blobs()});
    let heard = c.send("POST", &source.url("2019-05-13"), Some(&body)).unwrap();
    assert!(
        heard.header("location").contains("/Subscriptions/")
            && heard.header("location").contains("api-version=2019-05-13")
    );
    c.wait(5);
    let status = c.get(heard.header("azure-asyncoperation")).body;
    assert_ne!(status["properties"]["jobId"], status["id"], "two ids before 2021");
    let source = c.source(WEU, "sql-01", 0);
    let heard = c.send("POST", &source.url("2024-04-01"), Some(&json!({"properties": source.blobs()}))).unwrap();
    assert!(heard.header("location").contains(".com/subscriptions/"));
}

/// As recorded in July 2026 with 2025-02-01, and in September with 2026-07-01.
#[test]
fn shapes_of_2026() {
    let mut c = Client::new(Progress::Timetable);
    let id = c.item(&NEU, "erp-01")["id"].as_str().unwrap().to_owned();
    let mut item = |version: &str| c.get(&format!("{id}?api-version={version}")).body["properties"].clone();
    assert!(item("2024-04-01")["policyType"].is_null() && item("2025-02-01")["policyType"] == "V1");
    assert!(item("2025-02-01")["sourceLocation"].is_null());
    assert_eq!(item("2026-07-01")["sourceLocation"], "northeurope");
    assert_eq!(item("2026-07-01")["sourceSideScanInfo"]["sourceSideScanStatus"], "NotConfigured");
    let threat = |c: &mut Client, version: &str| point(c, version)["threatStatus"].clone();
    assert_eq!(
        ["2024-04-01", "2025-02-01", "2026-07-01"].map(|v| threat(&mut c, v)),
        [json!(0), Value::Null, json!("Unknown")]
    );

    let source = c.source(WEU, "web-02", 3);
    let accepted = c.send("POST", &source.url("2025-02-01"), Some(&json!({"properties": source.disks()}))).unwrap();
    let job = accepted.header("location").split("/operationResults/").nth(1).unwrap().split('?').next().unwrap();
    let url = format!("{}/backupJobs/{job}?api-version=", WEU.id());
    let bag = |c: &mut Client, version: &str| {
        c.get(&format!("{url}{version}")).body["properties"]["extendedInfo"]["propertyBag"].clone()
    };
    let newer = bag(&mut c, "2025-02-01");
    assert!(newer.as_object().unwrap().contains_key("Recovery point time ") && newer["Recovery point time "].is_null());
    assert!(newer["Target VM Name"].is_null());
    assert_eq!(newer["VM Subscription ID"], crate::support::PRODUCTION);
    let older = bag(&mut c, "2024-04-01");
    assert!(older["Recovery point time "].is_string() && older["VM Subscription ID"].is_null());
    assert_eq!(older["Target VM Name"], "vmName");
    c.wait(6);
    assert!(bag(&mut c, "2025-02-01")["Recovery point time "].is_string());

    let backups = |version: &str| {
        format!(
            "{}/backupJobs?api-version={version}&$filter=operation%20eq%20'Backup'%20and%20status%20eq%20'Completed'",
            WEU.id()
        )
    };
    let name = c.list(&backups("2024-04-01"))[0]["name"].as_str().unwrap().to_owned();
    let mut tasks = |version: &str| {
        let job = c.get(&format!("{}/backupJobs/{name}?api-version={version}", WEU.id())).body;
        job["properties"]["extendedInfo"]["tasksList"].as_array().unwrap().clone()
    };
    assert_eq!((tasks("2024-04-01").len(), tasks("2025-02-01").len()), (2, 3));
    assert_eq!(tasks("2025-02-01")[2]["taskId"], "Validate Backup");
}

/// azure-cli 2.91.0 sends strings; the definition says integers, and how Azure treats strings was never recorded.
#[test]
fn numbers_of_disks_may_be_texts() {
    let mut c = Client::new(Progress::AtOnce);
    let source = c.source(WEU, "web-01", 0);
    for (luns, status, target) in [
        (json!(["1"]), 202, ""),
        (json!(["9"]), 400, "properties.restoreDiskLunList"),
        (json!(["one"]), 400, "properties.restoreDiskLunList"),
        (json!([1.5]), 400, "properties.restoreDiskLunList"),
    ] {
        let mut body = source.disks();
        body["restoreDiskLunList"] = luns.clone();
        let heard = c.restore(&source, &body).unwrap();
        assert_eq!((heard.status, heard.target()), (status, target), "{luns}");
    }
    assert_eq!(c.sim.created().len(), 4, "two disks, a configuration and a template");
}
