//! Deleted backups and vaults that can be undeleted.

use arm_sim::Progress;
use serde_json::{Value, json};

use crate::support::{Client, Heard, NEWS, PRODUCTION, VERSION, Vault, WEU, group};

const RETIRED: Vault =
    Vault { subscription: PRODUCTION, group: "rg-backup-weu", name: "contoso-vault-retired", region: "westeurope" };

/// The body that azure-cli sent in 2024.
fn body(item: &Value) -> Value {
    json!({"properties": {
        "protectedItemType": "Microsoft.Compute/virtualMachines",
        "sourceResourceId": item["properties"]["sourceResourceId"],
        "policyId": "",
        "isRehydrate": true,
        "protectionState": "ProtectionStopped",
    }})
}

fn put(c: &mut Client, item: &Value, body: &Value) -> Heard {
    c.send("PUT", &format!("{}?api-version={VERSION}", item["id"].as_str().unwrap()), Some(body)).unwrap()
}

#[test]
fn an_item_is_undeleted_and_can_be_restored() {
    let mut c = Client::new(Progress::Timetable);
    let item = c.item(&NEWS, "deleted-02");
    assert_eq!(item["properties"]["isScheduledForDeferredDelete"], true);
    let source = c.source(NEWS, "deleted-02", 0);
    let refused = c.restore(&source, &source.disks()).unwrap();
    assert!(refused.status == 400 && refused.body["error"]["message"].as_str().unwrap().contains("soft-deleted"));

    let accepted = put(&mut c, &item, &body(&item));
    assert_eq!((accepted.status, accepted.raw.len()), (202, 0), "{}", accepted.body);
    assert!(accepted.header("azure-asyncoperation").contains("/operationsStatus/"));
    assert_eq!(put(&mut c, &item, &body(&item)).code(), "BMSUserErrorObjectLocked");
    let operation = accepted.header("location").split("/operationResults/").nth(1).unwrap().split('?').next().unwrap();
    let unsigned = format!("{}/backupOperations/{operation}?api-version={VERSION}", NEWS.id());
    assert_eq!(c.get(&unsigned).body["status"], "InProgress");
    assert_eq!(c.item(&NEWS, "deleted-02")["properties"]["isScheduledForDeferredDelete"], true, "not yet");
    let id = c.job_of(&accepted);
    assert_eq!(c.get(&unsigned).body["properties"]["jobId"], json!(id));
    let job = c.end_of(&NEWS, &id);
    assert_eq!(
        (&job["operation"], &job["status"], &job["extendedInfo"]["propertyBag"]["Undelete flag"]),
        (&json!("Undelete"), &json!("Completed"), &json!("True"))
    );
    assert!(job["actionsInfo"].is_null());

    // An undeletion survives saving and loading.
    let before = c.item(&NEWS, "deleted-02")["properties"].clone();
    c.sim = serde_json::from_str(&serde_json::to_string(&c.sim).unwrap()).unwrap();
    let after = c.item(&NEWS, "deleted-02")["properties"].clone();
    assert_eq!((&after["protectionState"], &after["policyName"]), (&json!("ProtectionStopped"), &json!("")));
    assert_eq!(before, after);
    assert!(after["isScheduledForDeferredDelete"].is_null() && after["lastRecoveryPoint"].is_string());
    assert_eq!(c.complete(&source, &source.disks())["status"], "Completed");
}

#[test]
fn what_cannot_be_undeleted() {
    let mut c = Client::new(Progress::AtOnce);
    let (item, kept) = (c.item(&WEU, "deleted-01"), c.item(&WEU, "web-01"));
    let with = |item: &Value, key: &str, value: Value| {
        let mut body = body(item);
        body["properties"][key] = value;
        body
    };
    for (item, body, status, target) in [
        (&kept, body(&kept), 400, "properties.isRehydrate"),
        (&item, body(&kept), 400, "properties.sourceResourceId"),
        (&item, with(&item, "protectedItemType", json!("x")), 400, "properties.protectedItemType"),
        (&item, with(&item, "protectionState", json!("Protected")), 400, "properties.protectionState"),
        (&item, with(&item, "isRehydrate", json!(false)), 501, ""),
        (&item, json!({}), 400, "properties"),
    ] {
        let refused = put(&mut c, item, &body);
        assert_eq!((refused.status, refused.target()), (status, target), "{body}");
    }
    assert_eq!(put(&mut c, &item, &body(&item)).status, 202);
    assert_eq!(c.item(&WEU, "deleted-01")["properties"]["protectionState"], "ProtectionStopped");
    assert_eq!(put(&mut c, &item, &body(&item)).target(), "properties.isRehydrate", "it is back already");
}

fn deleted(region: &str, rest: &str) -> String {
    format!(
        "/subscriptions/{PRODUCTION}/providers/Microsoft.RecoveryServices/locations/{region}/deletedVaults{rest}?api-version=2026-05-01"
    )
}

#[test]
fn a_vault_is_undeleted() {
    let mut c = Client::new(Progress::Timetable);
    assert_eq!(c.get(&format!("{}?api-version={VERSION}", RETIRED.id())).status, 404);
    assert!(c.list(&deleted("northeurope", "")).is_empty());
    let list = c.list(&deleted("westeurope", ""));
    assert_eq!((list.len(), &list[0]["name"]), (1, &json!(RETIRED.name)));
    assert_eq!(list[0]["properties"]["vaultId"], RETIRED.id());
    assert!(list[0]["properties"]["vaultDeletionTime"].as_str() < list[0]["properties"]["purgeAt"].as_str());

    let url = deleted("westeurope", &format!("/{}/undelete", RETIRED.name));
    let wanted = json!({"properties": {"recoveryResourceGroupId": group(PRODUCTION, "rg-backup-weu")}});
    let other = json!({"properties": {"recoveryResourceGroupId": group(PRODUCTION, "rg-web")}});
    for (body, status) in [(json!({"properties": {}}), 400), (other, 501)] {
        assert_eq!(c.send("POST", &url, Some(&body)).unwrap().status, status, "{body}");
    }
    let nobody = deleted("westeurope", "/nobody/undelete");
    assert_eq!(c.send("POST", &nobody, Some(&wanted)).unwrap().status, 404);
    let accepted = c.send("POST", &url, Some(&wanted)).unwrap();
    assert_eq!((accepted.status, accepted.header("retry-after")), (202, "10"), "{}", accepted.body);
    let follow = accepted.header("azure-asyncoperation").to_owned();
    assert!(follow.contains(&format!("/deletedVaults/{}/operations/", RETIRED.name)), "{follow}");
    assert_eq!(c.get(&follow).body["status"], "InProgress");
    assert_eq!(c.get(&format!("{}?api-version={VERSION}", RETIRED.id())).status, 404, "not yet");
    c.wait(61);
    assert_eq!(c.get(&format!("{}?api-version={VERSION}", RETIRED.id())).status, 200);
    assert_eq!(c.get(&follow).body["status"], "Succeeded");
    assert!(c.list(&deleted("westeurope", "")).is_empty());

    c.sim = serde_json::from_str(&serde_json::to_string(&c.sim).unwrap()).unwrap();
    let item = c.item(&RETIRED, "archive-01");
    assert_eq!(item["properties"]["isScheduledForDeferredDelete"], true, "its items are to be undeleted, too");
    assert_eq!(put(&mut c, &item, &body(&item)).status, 202);
}

#[test]
fn a_vault_comes_back_at_every_pace() {
    for progress in [Progress::AtOnce, Progress::PerRead(2)] {
        let mut c = Client::new(progress);
        let wanted = json!({"properties": {"recoveryResourceGroupId": group(PRODUCTION, "rg-backup-weu")}});
        let url = deleted("westeurope", &format!("/{}/undelete", RETIRED.name));
        let accepted = c.send("POST", &url, Some(&wanted)).unwrap();
        let follow = accepted.header("location").to_owned();
        let statuses: Vec<_> = (0..2).map(|_| c.get(&follow).body["status"].as_str().unwrap().to_owned()).collect();
        assert_eq!(statuses[1], "Succeeded", "{progress:?}");
        assert_eq!(c.list(&format!("{}/backupProtectedItems?api-version={VERSION}", RETIRED.id())).len(), 1);
    }
}
