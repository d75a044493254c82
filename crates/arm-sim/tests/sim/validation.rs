//! Validation: the checks of a restore without the restore.

use arm_sim::Progress;
use serde_json::{Value, json};

use crate::support::{Client, Source, VERSION, WEU, account, merge};

fn body(source: &Source, restore: &Value) -> Value {
    json!({"id": source.point["id"], "properties": {"objectType": "ValidateIaasVMRestoreOperationRequest", "restoreRequest": restore}})
}

fn url(verb: &str) -> String {
    format!("{}/{verb}?api-version={VERSION}", WEU.id())
}

#[test]
fn at_once() {
    let mut c = Client::new(Progress::Timetable);
    let source = c.source(WEU, "web-01", 0);
    let good = c.send("POST", &url("backupValidateOperation"), Some(&body(&source, &source.disks()))).unwrap();
    assert_eq!((good.status, &good.body["validateOperationResponse"]["validationResults"]), (200, &json!([])));
    let mut restore = source.disks();
    merge(
        &mut restore,
        json!({"storageAccountId": account("contosofiles"), "restoreDiskLunList": [9], "zones": ["1"]}),
    );
    let bad = c.send("POST", &url("backupValidateOperation"), Some(&body(&source, &restore))).unwrap();
    let found = bad.body["validateOperationResponse"]["validationResults"].as_array().unwrap().clone();
    assert!(bad.status == 200 && found.len() >= 3, "every reason is told: {found:?}");
    assert!(found.iter().any(|f| f["message"].as_str().unwrap().contains("properties.storageAccountId")));
    assert!(c.sim.triggers().is_empty());
}

#[test]
fn as_an_operation() {
    let mut c = Client::new(Progress::Timetable);
    let source = c.source(WEU, "web-01", 0);
    let mut restore = source.disks();
    merge(&mut restore, json!({"storageAccountId": account("nowhere")}));
    let accepted = c.send("POST", &url("backupTriggerValidateOperation"), Some(&body(&source, &restore))).unwrap();
    assert_eq!((accepted.status, accepted.header("retry-after")), (202, "10"));
    let (status, result) = (accepted.header("azure-asyncoperation").to_owned(), accepted.header("location").to_owned());
    assert!(
        status.contains("/backupValidateOperationsStatuses/") && result.contains("/backupValidateOperationResults/")
    );
    assert_eq!((c.get(&status).body["status"].as_str(), c.get(&result).status), (Some("InProgress"), 202));
    c.wait(10);
    let done = c.get(&status).body;
    assert_eq!(
        (&done["status"], &done["properties"]["objectType"]),
        (&json!("Succeeded"), &json!("OperationStatusValidateOperationExtendedInfo")),
        "succeeded, though not valid"
    );
    let finding = &done["properties"]["validateOperationResponse"]["validationResults"][0];
    assert_eq!(
        (&finding["code"], finding["recommendations"].as_array().unwrap().len()),
        (&json!("UserErrorBCMRestoreStorageAccountNotFound"), 1)
    );
    assert_eq!(c.get(&result).body["validateOperationResponse"], done["properties"]["validateOperationResponse"]);
}

#[test]
fn not_a_validation() {
    let mut c = Client::new(Progress::Timetable);
    let source = c.source(WEU, "web-01", 0);
    for (change, target) in [
        (json!({"id": "/x"}), "id"),
        (json!({"properties": {}}), "properties.objectType"),
        (json!({"properties": {"objectType": "ValidateIaasVMRestoreOperationRequest"}}), "restoreRequest"),
    ] {
        let mut asked = body(&source, &source.disks());
        merge(&mut asked, change);
        let heard = c.send("POST", &url("backupValidateOperation"), Some(&asked)).unwrap();
        assert_eq!((heard.status, heard.target()), (400, target));
    }
}
