//! File recovery: disks of a recovery point are mounted and unmounted.

use arm_sim::{Progress, Role};
use base64ct::{Base64, Encoding as _};
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
    let suffix = windows[0]["scriptNameSuffix"].as_str().unwrap();
    let parts: Vec<&str> = suffix.rsplitn(4, '_').collect();
    assert!(parts[0].len() == 61 && parts[0].bytes().all(|b| b.is_ascii_hexdigit()), "as recorded: {suffix}");
    assert!(parts[1..3].iter().all(|part| part.bytes().all(|b| b.is_ascii_digit())), "{suffix}");
    let linux = scripts(&mut c, "app-linux-01");
    assert_eq!((linux.len(), &linux[0]["osType"]), (1, &json!("Linux")));
    let text = Base64::decode_vec(linux[0]["scriptContent"].as_str().unwrap()).unwrap();
    let tail = linux[0]["scriptNameSuffix"].as_str().unwrap().rsplit('_').next().unwrap();
    let asks = format!("TargetPassword=\"{}\"", &tail[32..47]);
    assert!(String::from_utf8(text).unwrap().contains(&asks), "the password of its name: {asks}");
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

#[test]
fn a_session_ends_after_twelve_hours() {
    let mut c = Client::new(Progress::AtOnce);
    let active = |c: &mut Client| c.points(&WEU, "web-01")[0]["properties"]["isInstantIlrSessionActive"].clone();
    assert_eq!(post(&mut c, "web-01", 0, "provisionInstantItemRecovery", false).status, 202);
    c.wait(12 * 3_600 - 60);
    assert_eq!(active(&mut c), true);
    // A new script has twelve hours of its own.
    assert_eq!(post(&mut c, "web-01", 0, "provisionInstantItemRecovery", true).status, 202);
    c.wait(120);
    assert_eq!(active(&mut c), true);
    c.wait(12 * 3_600);
    assert_eq!(active(&mut c), false);
    assert_eq!(post(&mut c, "web-01", 0, "provisionInstantItemRecovery", false).status, 202, "it is a new one");
}

#[test]
fn a_role_without_the_right_gets_no_script() {
    let mut c = Client::new(Progress::AtOnce);
    c.sim.set_role(Role::Reader);
    let refused = post(&mut c, "web-01", 0, "provisionInstantItemRecovery", false);
    assert_eq!((refused.status, refused.code()), (403, "AuthorizationFailed"));
    c.sim.set_role(Role::BackupOperator);
    assert_eq!(post(&mut c, "web-01", 0, "provisionInstantItemRecovery", false).status, 202);
    let listed = post(&mut c, "web-01", 0, "listInstantItemRecoveryOperationResult", false);
    assert_eq!((listed.status, listed.code()), (403, "AuthorizationFailed"));
    assert_eq!(post(&mut c, "web-01", 0, "revokeInstantItemRecovery", false).status, 202);
}
