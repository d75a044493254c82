use azure_backup::arm::id::Region;
use serde_json::{Value, json};

use super::*;

const GROUP: &str = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute";

fn id(kind: &str, name: &str) -> ArmId {
    ArmId::parse(&format!("{GROUP}/{kind}/{name}")).unwrap()
}

/// A deallocated machine with an OS disk and a data disk at LUN 0, changed by `change`.
fn machine(change: impl FnOnce(&mut Value)) -> Machine {
    let managed = |name: &str| json!({ "name": name, "managedDisk": { "id": id("disks", name) } });
    let (mut os, mut data) = (managed("old-os"), managed("data"));
    (os["osType"], data["lun"]) = (json!("Windows"), json!(0));
    let mut body = json!({ "id": id("virtualMachines", "web-01"), "location": "westeurope", "zones": ["1"], "properties": {
        "storageProfile": { "osDisk": os, "dataDisks": [data] },
        "instanceView": { "hyperVGeneration": "V2", "statuses": [{ "code": "PowerState/deallocated" }] } } });
    change(&mut body);
    let call = machine::get(&id("virtualMachines", "web-01"));
    call.read(&http::Response::new(body.to_string().into())).unwrap()
}

fn disk() -> ManagedDisk {
    let mut disk = ManagedDisk::new(id("disks", "web-01-osdisk-1"), Region::new("westeurope"));
    (disk.os, disk.generation) = (Some("Windows".to_owned()), Some("V2".to_owned()));
    disk
}

fn attach(lun: i32) -> Action {
    Action::Attach { disk: disk().id, machine: id("virtualMachines", "web-01"), lun }
}

fn swap() -> Action {
    Action::SwapOsDisk { disk: disk().id, machine: id("virtualMachines", "web-01") }
}

#[test]
fn nothing_stands_in_the_way_of_what_azure_takes() {
    let now = machine(|_| ());
    for action in [attach(1), swap()] {
        assert_eq!(action.obstacles(&now, Some(&disk())), [""; 0], "{action:?}");
        assert!(!action.is_so(&now));
    }
    let start = Action::Start { machine: now.id.clone() };
    assert_eq!(start.obstacles(&now, None), [""; 0]);
}

#[test]
fn each_condition_of_azure_is_told_in_a_sentence_of_its_own() {
    type Change = fn(&mut ManagedDisk);
    let disks: [(Change, &str); 4] = [
        (|disk| disk.attached_to = Some(id("virtualMachines", "other")), "is attached to `other`"),
        (|disk| disk.location = Region::new("northeurope"), "is in northeurope, the VM in westeurope"),
        (|disk| disk.zone = Some("2".to_owned()), "is in zone 2, the VM in zone 1"),
        (
            |disk| disk.id = ArmId::parse(&disk.id.as_str().replace("/s/", "/other/")).unwrap(),
            "in another subscription",
        ),
    ];
    let of_os: [(Change, &str); 4] = [
        (|disk| disk.os = None, "has no operating system"),
        (|disk| disk.os = Some("Linux".to_owned()), "is Linux, that of the VM Windows"),
        (|disk| disk.generation = Some("V1".to_owned()), "is V1, that of the VM V2"),
        (|disk| disk.security = Some("TrustedLaunch".to_owned()), "is TrustedLaunch, that of the VM ConfidentialVM"),
    ];
    let now = machine(|vm| vm["properties"]["securityProfile"] = json!({ "securityType": "ConfidentialVM" }));
    let told = |action: &Action, change: Change| {
        let mut disk = disk();
        change(&mut disk);
        action.obstacles(&now, Some(&disk))
    };
    for (change, words) in disks {
        for action in [attach(1), swap()] {
            assert!(
                matches!(&told(&action, change)[..], [one] if one.contains(words)),
                "{words}: {:?}",
                told(&action, change)
            );
        }
    }
    for (change, words) in of_os {
        assert!(
            matches!(&told(&swap(), change)[..], [one] if one.contains(words)),
            "{words}: {:?}",
            told(&swap(), change)
        );
        assert_eq!(told(&attach(1), change), [""; 0], "a data disk may be any");
    }
    // A confidential disk says more than its machine.
    assert_eq!(
        told(&swap(), |disk| disk.security = Some("ConfidentialVM_DiskEncryptedWithPlatformKey".to_owned())),
        [""; 0]
    );
}

#[test]
fn a_lun_that_is_taken_and_one_that_azure_does_not_have_are_told() {
    let now = machine(|_| ());
    for (lun, words) in [(0, "LUN 0 is taken by `data`"), (-1, "from 0 to 63"), (64, "from 0 to 63")] {
        assert!(attach(lun).obstacles(&now, Some(&disk()))[0].contains(words), "{lun}");
    }
}

#[test]
fn a_machine_that_is_not_deallocated_is_deallocated_first() {
    for (code, words) in [("running", "is: running"), ("stopped", "is: stopped, not deallocated"), ("?", "is: ?")] {
        let now = machine(|vm| {
            vm["properties"]["instanceView"]["statuses"] = json!([{ "code": format!("PowerState/{code}") }]);
        });
        assert!(swap().obstacles(&now, Some(&disk()))[0].contains(words), "{code}");
        assert_eq!(attach(1).obstacles(&now, Some(&disk())), [""; 0], "a data disk is attached to a running VM, too");
    }
    let unmanaged = machine(|vm| vm["properties"]["storageProfile"]["osDisk"]["managedDisk"] = Value::Null);
    assert!(swap().obstacles(&unmanaged, Some(&disk()))[0].contains("page blobs"));
    let (now, vm) = (machine(|_| ()), id("virtualMachines", "web-01"));
    assert!(Action::Deallocate { machine: vm.clone() }.obstacles(&now, None)[0].contains("already"));
    assert!(Action::Deallocate { machine: vm }.is_so(&now));
}

#[test]
fn whether_it_came_about_is_read_from_the_machine() {
    let attached = machine(|vm| {
        let disk = json!({ "lun": 1, "name": "x", "managedDisk": { "id": disk().id.as_str().to_uppercase() } });
        vm["properties"]["storageProfile"]["dataDisks"] = json!([disk]);
    });
    assert!(attach(1).is_so(&attached) && !attach(2).is_so(&attached) && !swap().is_so(&attached));
    let swapped = machine(|vm| vm["properties"]["storageProfile"]["osDisk"]["managedDisk"]["id"] = json!(disk().id));
    assert!(swap().is_so(&swapped) && !attach(1).is_so(&swapped));
}

#[test]
fn a_machine_is_deallocated_before_its_os_disk_is_swapped_and_started_after_it() {
    let at = |code: &'static str, os: &'static str| {
        machine(|vm| {
            vm["properties"]["instanceView"]["statuses"] = json!([{ "code": code }]);
            vm["properties"]["storageProfile"]["osDisk"]["managedDisk"]["id"] = json!(id("disks", os));
        })
    };
    let done = |now: &Machine| swap().steps(now).into_iter().map(|(_, done)| done).collect::<Vec<_>>();
    let new = "web-01-osdisk-1";
    assert_eq!(done(&at("PowerState/running", "old-os")), [false, false, false]);
    assert_eq!(done(&at("PowerState/deallocated", "old-os")), [true, false, false]);
    assert_eq!(done(&at("PowerState/deallocated", new)), [true, true, false]);
    assert_eq!(done(&at("PowerState/running", new)), [true, true, true]);
    assert_eq!(attach(1).steps(&machine(|_| ())).len(), 1);
}

#[test]
fn the_sentence_names_what_the_request_names() {
    let now = machine(|_| ());
    assert_eq!(
        swap().effect(&now),
        "Makes `web-01-osdisk-1` the OS disk of the VM `web-01`. Its current OS disk, `old-os`, is detached and kept. The VM's data disks aren't touched."
    );
    assert!(attach(7).effect(&now).starts_with("Attaches the disk `web-01-osdisk-1` to the VM `web-01` at LUN 7."));
    assert!(attach(7).is_harmless() && !swap().is_harmless());
}
