//! What is done with restored disks: attaching one, swapping the OS disk, deallocating, starting; and what Azure refuses.

use arm_sim::{Progress, Role};
use serde_json::{Value, json};

use crate::support::{Client, Heard, PRODUCTION, WEU, group};

const READ: &str = "?api-version=2024-07-01&$expand=instanceView";
const VERSION: &str = "?api-version=2024-07-01";

/// A client that has restored the disks of `vm`: the ids of the OS disk and of the data disks.
fn restored(vm: &str) -> (Client, Vec<String>) {
    let mut c = Client::new(Progress::AtOnce);
    let source = c.source(WEU, vm, 0);
    c.complete(&source, &source.disks());
    let all = c.list(&format!(
        "{}/providers/Microsoft.Compute/disks?api-version=2023-10-02",
        group(PRODUCTION, "rg-restore-weu")
    ));
    let made = all.iter().filter(|disk| disk["tags"]["RSVaultBackup"].is_string());
    let ids = made.map(|disk| disk["id"].as_str().unwrap().to_owned()).collect();
    (c, ids)
}

fn vm(name: &str, of: &str) -> String {
    format!("{}/providers/Microsoft.Compute/virtualMachines/{name}", group(PRODUCTION, of))
}

fn attach(c: &mut Client, vm: &str, disk: &str, lun: i64) -> Heard {
    let body = json!({ "dataDisksToAttach": [{ "diskId": disk, "lun": lun }] });
    c.send("POST", &format!("{vm}/attachDetachDataDisks{VERSION}"), Some(&body)).unwrap()
}

fn swap(c: &mut Client, vm: &str, disk: &str) -> Heard {
    let name = disk.rsplit('/').next().unwrap();
    let os_disk = json!({ "name": name, "managedDisk": { "id": disk } });
    c.send(
        "PATCH",
        &format!("{vm}{VERSION}"),
        Some(&json!({ "properties": { "storageProfile": { "osDisk": os_disk } } })),
    )
    .unwrap()
}

fn power(machine: &Value) -> &str {
    machine["properties"]["instanceView"]["statuses"][1]["code"].as_str().unwrap()
}

#[test]
fn a_restored_disk_is_attached_beside_the_others() {
    let (mut c, disks) = restored("web-01");
    let disk = disks.iter().find(|id| id.contains("datadisk")).unwrap();
    let web = vm("web-01", "rg-web");
    let before = c.get(&format!("{web}{READ}")).body;
    for (lun, code) in [(0, "InvalidParameter"), (64, "InvalidParameter"), (-1, "InvalidParameter")] {
        let refused = attach(&mut c, &web, disk, lun);
        assert_eq!((refused.status, refused.code()), (400, code), "{lun}");
    }
    let accepted = attach(&mut c, &web, disk, 5);
    assert_eq!(accepted.status, 202, "{}", accepted.body);
    let status = c.get(accepted.header("azure-asyncoperation"));
    assert_eq!(status.body["status"], "Succeeded");
    assert_eq!(c.get(accepted.header("location")).status, 200);
    let after = c.get(&format!("{web}{READ}")).body;
    let data = |vm: &Value| vm["properties"]["storageProfile"]["dataDisks"].as_array().unwrap().clone();
    assert_eq!(data(&after)[..2], data(&before)[..], "the others are as they were");
    assert_eq!((&data(&after)[2]["lun"], &data(&after)[2]["managedDisk"]["id"]), (&json!(5), &json!(disk)));
    assert_eq!(c.get(&format!("{disk}?api-version=2023-10-02")).body["managedBy"], json!(web));
    // It has its owner now.
    let other = attach(&mut c, &vm("web-02", "rg-web"), disk, 9);
    assert_eq!((other.status, other.code()), (409, "ConflictingUserInput"));
    let far = attach(&mut c, &vm("erp-01", "rg-erp-neu"), &disks[0], 9);
    assert_eq!((far.status, far.code()), (400, "BadRequest"));
    let missing = attach(&mut c, &web, &format!("{disk}x"), 9);
    assert_eq!((missing.status, missing.code()), (404, "NotFound"));
}

#[test]
fn an_os_disk_is_swapped_while_the_machine_is_deallocated() {
    let (mut c, disks) = restored("web-01");
    let os = disks.iter().find(|id| id.contains("osdisk")).unwrap();
    let data = disks.iter().find(|id| id.contains("datadisk")).unwrap();
    let web = vm("web-01", "rg-web");
    let before = c.get(&format!("{web}{READ}")).body;
    assert_eq!(power(&before), "PowerState/running");
    let refused = swap(&mut c, &web, os);
    assert_eq!((refused.status, refused.code()), (409, "OperationNotAllowed"));
    assert_eq!(c.send("POST", &format!("{web}/deallocate{VERSION}"), None).unwrap().status, 202);
    c.wait(60);
    assert_eq!(power(&c.get(&format!("{web}{READ}")).body), "PowerState/deallocated");
    assert_eq!(swap(&mut c, &web, data).code(), "PropertyChangeNotAllowed");
    assert_eq!(swap(&mut c, &web, os).status, 202);
    c.wait(60);
    let after = c.get(&format!("{web}{READ}")).body;
    let storage = |vm: &Value, part: &str| vm["properties"]["storageProfile"][part].clone();
    assert_eq!(storage(&after, "osDisk")["managedDisk"]["id"], json!(os));
    assert_eq!(storage(&after, "dataDisks"), storage(&before, "dataDisks"));
    let old = storage(&before, "osDisk")["managedDisk"]["id"].as_str().unwrap().to_owned();
    assert_eq!(
        c.get(&format!("{old}?api-version=2023-10-02")).body["managedBy"],
        Value::Null,
        "it remains, unattached"
    );
    assert_eq!(c.send("POST", &format!("{web}/start{VERSION}"), None).unwrap().status, 202);
    c.wait(60);
    assert_eq!(power(&c.get(&format!("{web}{READ}")).body), "PowerState/running");
    // What has changed is saved.
    let saved = serde_json::to_string(&c.sim).unwrap();
    c.sim = serde_json::from_str(&saved).unwrap();
    assert_eq!(storage(&c.get(&format!("{web}{READ}")).body, "osDisk")["managedDisk"]["id"], json!(os));
}

#[test]
fn one_operation_of_a_machine_goes_on_at_a_time() {
    let mut c = Client::new(Progress::Timetable);
    let web = vm("web-01", "rg-web");
    assert_eq!(c.send("POST", &format!("{web}/deallocate{VERSION}"), None).unwrap().status, 202);
    let second = c.send("POST", &format!("{web}/start{VERSION}"), None).unwrap();
    assert_eq!((second.status, second.code()), (409, "Conflict"));
    assert_eq!(power(&c.get(&format!("{web}{READ}")).body), "PowerState/running", "not over yet");
    c.wait(30);
    assert_eq!(power(&c.get(&format!("{web}{READ}")).body), "PowerState/deallocated");
}

#[test]
fn whoever_may_only_read_changes_no_machine() {
    let web = vm("web-01", "rg-web");
    for role in [Role::Reader, Role::BackupOperator] {
        let (mut c, disks) = restored("web-01");
        c.sim.set_role(role);
        for heard in [
            attach(&mut c, &web, &disks[0], 9),
            swap(&mut c, &web, &disks[0]),
            c.send("POST", &format!("{web}/start{VERSION}"), None).unwrap(),
            c.send("POST", &format!("{web}/deallocate{VERSION}"), None).unwrap(),
        ] {
            assert_eq!((heard.status, heard.code()), (403, "AuthorizationFailed"));
        }
    }
}

#[test]
fn a_machine_that_cannot_be_created_leaves_its_disks() {
    let mut c = Client::new(Progress::AtOnce);
    c.sim.set_free_vcpus(Some(0));
    let source = c.source(WEU, "web-01", 0);
    assert_eq!(c.complete(&source, &source.another("copy"))["status"], "Failed");
    let url =
        format!("{}/providers/Microsoft.Compute/disks?api-version=2023-10-02", group(PRODUCTION, "rg-restore-weu"));
    let left: Vec<Value> = c.list(&url).into_iter().filter(|disk| disk["tags"]["RSVaultBackup"].is_string()).collect();
    assert!(left.len() == 3 && left.iter().all(|disk| disk["managedBy"].is_null()), "{left:?}");
    assert_eq!(c.get(&format!("{}{READ}", vm("copy", "rg-restore-weu"))).status, 404);
}
