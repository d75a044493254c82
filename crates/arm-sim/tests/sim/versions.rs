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
