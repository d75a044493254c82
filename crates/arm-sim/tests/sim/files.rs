//! File recovery: disks of a recovery point are mounted and unmounted.

use arm_sim::Progress;
use serde_json::{Value, json};

use crate::support::{Client, VERSION, WEU};

fn post(c: &mut Client, vm: &str, n: usize, verb: &str, renew: bool) -> crate::support::Heard {
    let source = c.source(WEU, vm, n);
    let body = json!({"properties": {"objectType": "IaasVMILRRegistrationRequest", "recoveryPointId": source.point["name"], "virtualMachineId": source.vm_id, "renewExistingRegistration": renew}});
    c.send("POST", &source.url(VERSION).replace("/restore?", &format!("/{verb}?")), Some(&body)).unwrap()
}

fn scripts(c: &mut Client, vm: &str) -> Vec<Value> {
    let accepted = post(c, vm, 0, "provisionInstantItemRecovery", false);
    assert_eq!(accepted.status, 202, "{}", accepted.body);
    assert_eq!(c.get(accepted.header("azure-asyncoperation")).body["status"], "InProgress");
    c.wait(60);
    let status = c.get(accepted.header("azure-asyncoperation")).body;
    assert_eq!(status["properties"]["objectType"], "OperationStatusProvisionILRExtendedInfo");
    status["properties"]["recoveryTarget"]["clientScripts"].as_array().unwrap().clone()
}

#[test]
fn windows_has_two_scripts_and_linux_one() {
    let mut c = Client::new(Progress::Timetable);
    let windows = scripts(&mut c, "web-01");
    assert_eq!(windows.len(), 2);
    assert!(windows[0]["url"].is_null() && windows[1]["url"].as_str().unwrap().ends_with(".exe"));
    let tail = windows[0]["scriptNameSuffix"].as_str().unwrap().rsplit('_').next().unwrap().len();
    assert!(tail >= 33 + 15, "a password fits in: {tail}");
    let linux = scripts(&mut c, "app-linux-01");
    assert_eq!((linux.len(), &linux[0]["osType"]), (1, &json!("Linux")));
}

#[test]
fn a_session_is_active_until_it_is_revoked() {
    let mut c = Client::new(Progress::AtOnce);
    let active = |c: &mut Client| c.points(&WEU, "web-01")[0]["properties"]["isInstantIlrSessionActive"].clone();
    assert_eq!(active(&mut c), false);
    assert_eq!(post(&mut c, "web-01", 0, "provisionInstantItemRecovery", false).status, 202);
    assert_eq!(active(&mut c), true);
    let again = post(&mut c, "web-01", 0, "provisionInstantItemRecovery", false);
    assert_eq!((again.status, again.target()), (400, "properties.renewExistingRegistration"));
    assert_eq!(post(&mut c, "web-01", 0, "provisionInstantItemRecovery", true).status, 202);
    let revoked = post(&mut c, "web-01", 0, "revokeInstantItemRecovery", false);
    assert_eq!((revoked.status, c.get(revoked.header("location")).status), (202, 204));
    assert_eq!(active(&mut c), false);
}

#[test]
fn refused_where_files_cannot_be_had() {
    let mut c = Client::new(Progress::AtOnce);
    for (vm, n) in [("hr-encrypted-01", 0), ("trusted-01", 0), ("files-01", 20)] {
        assert_eq!(post(&mut c, vm, n, "provisionInstantItemRecovery", false).status, 400, "{vm}");
    }
}
