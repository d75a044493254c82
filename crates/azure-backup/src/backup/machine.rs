//! What is done with restored disks: a virtual machine as it is now, and the requests that attach a disk, swap the OS disk, deallocate and start.
//!
//! No request sends a list of the machine's disks back, so nothing of a machine can get lost that this client does not know: a data disk is attached
//! by a call that names that disk alone, and the change of the OS disk names two members of one object, which Azure merges.

use super::child_url;
use crate::arm::{
    call::{Accepted, ApiVersion, Call},
    id::{ArmId, Region, SubscriptionId},
    json::NodeRef,
    open_enum::open_enum,
    page::Page,
};
use bytes::Bytes;
use serde::Serialize;

open_enum! {
    /// Whether a machine runs.
    PowerState {
        /// It runs.
        Running = "running",
        /// It is about to run.
        Starting = "starting",
        /// Its operating system has shut down; it keeps its place, and costs what a running one does.
        Stopped = "stopped",
        /// It is about to be stopped.
        Stopping = "stopping",
        /// It has given its place back.
        Deallocated = "deallocated",
        /// It is about to give its place back.
        Deallocating = "deallocating",
    }
}

/// A disk of a machine.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MachineDisk {
    /// Its name on the machine.
    pub name: String,
    /// The managed disk; a disk without one is a page blob.
    pub id: Option<ArmId>,
}

/// A virtual machine as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Machine {
    /// Its id.
    pub id: ArmId,
    /// Its region.
    pub location: Region,
    /// The availability zone that it is in, if it is in one.
    pub zone: Option<String>,
    /// Whether it runs; none if Azure does not say.
    pub power: Option<PowerState>,
    /// Its OS disk.
    pub os_disk: Option<MachineDisk>,
    /// The operating system.
    pub os: Option<String>,
    /// Its data disks by LUN.
    pub data_disks: Vec<(i32, MachineDisk)>,
    /// `V1` or `V2`; Azure tells it of a machine that runs.
    pub generation: Option<String>,
    /// `TrustedLaunch`, `ConfidentialVM`; none = the standard security.
    pub security: Option<String>,
}

/// Azure knows no LUN above this.
pub const MAX_LUN: i32 = 63;

impl Machine {
    /// A machine of which only this is known. The other fields can be set afterwards.
    #[must_use]
    pub fn new(id: ArmId, location: Region) -> Self {
        let (data_disks, security) = (Vec::new(), None);
        Self { id, location, zone: None, power: None, os_disk: None, os: None, data_disks, generation: None, security }
    }

    /// The lowest LUN without a disk.
    #[must_use]
    pub fn free_lun(&self) -> Option<i32> {
        (0..=MAX_LUN).find(|lun| self.at_lun(*lun).is_none())
    }

    /// The disk at a LUN.
    #[must_use]
    pub fn at_lun(&self, lun: i32) -> Option<&MachineDisk> {
        self.data_disks.iter().find(|(at, _)| *at == lun).map(|(_, disk)| disk)
    }

    /// Whether its OS disk is a page blob: then it takes no managed disk.
    #[must_use]
    pub fn is_unmanaged(&self) -> bool {
        self.os_disk.as_ref().is_some_and(|disk| disk.id.is_none())
    }

    fn read(node: &NodeRef<'_>) -> Machine {
        let properties = node.at("properties");
        let (storage, view) = (properties.at("storageProfile"), properties.at("instanceView"));
        let os_disk = storage.at("osDisk");
        let power = view.list("statuses", |status| {
            let code = status.text("code")?;
            Some(PowerState::from(code.strip_prefix("PowerState/")?.to_owned()))
        });
        let disk = |node: &NodeRef<'_>| MachineDisk {
            name: node.text("name").unwrap_or_default(),
            id: node.at("managedDisk").id("id"),
        };
        let data_disks = storage.list("dataDisks", |node| {
            let lun = node.integer("lun").and_then(|lun| i32::try_from(lun).ok());
            // Without its LUN, a free one could not be told.
            if lun.is_none() {
                node.at("lun").record_mismatch("a LUN");
            }
            (lun.unwrap_or_default(), disk(node))
        });
        Machine {
            zone: node.texts("zones").into_iter().next(),
            power: power.into_iter().flatten().next(),
            os: os_disk.text("osType"),
            os_disk: os_disk.is_object().then(|| disk(&os_disk)),
            data_disks,
            generation: view.text("hyperVGeneration"),
            security: properties.at("securityProfile").text("securityType"),
            ..Machine::new(node.need_id("id"), region(node))
        }
    }
}

fn region(node: &NodeRef<'_>) -> Region {
    Region::new(&node.text("location").unwrap_or_default())
}

const READ: &str = "Microsoft.Compute/virtualMachines/read";

/// A machine with whether it runs.
#[must_use]
pub fn get(id: &ArmId) -> Call<Machine> {
    let path = format!("{}&$expand=instanceView", child_url(id, &[], &ApiVersion::MACHINES));
    Call::get("Get virtual machine", READ, path, Machine::read)
}

/// The machines of a subscription: Azure tells of none in a list whether it runs.
#[must_use]
pub fn list(subscription: &SubscriptionId) -> Call<Page<Machine>> {
    let version = ApiVersion::MACHINES;
    let path =
        format!("/subscriptions/{subscription}/providers/Microsoft.Compute/virtualMachines?api-version={version}");
    Call::get("List virtual machines", READ, path, |node| Page::read(node, Machine::read))
}

/// The bytes of a body, indented: the page shows them before they are sent.
fn body(value: &impl Serialize) -> Option<Bytes> {
    serde_json::to_vec_pretty(value).ok().map(Bytes::from)
}

/// Attaches a managed disk as a data disk. The request names no other disk of the machine.
#[must_use]
pub fn attach(machine: &ArmId, disk: &ArmId, lun: i32) -> Call<Accepted> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Disk<'a> {
        disk_id: &'a ArmId,
        lun: i32,
    }
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Body<'a> {
        data_disks_to_attach: [Disk<'a>; 1],
    }
    let action = "Microsoft.Compute/virtualMachines/attachDetachDataDisks/action";
    let path = child_url(machine, &["attachDetachDataDisks"], &ApiVersion::MACHINES);
    let body = body(&Body { data_disks_to_attach: [Disk { disk_id: disk, lun }] });
    Call::begin("Attach data disk", action, path, body).accepting(&[200, 202])
}

/// Makes a managed disk the OS disk of a machine, which has to be deallocated: the request of `az vm update --os-disk`.
#[must_use]
pub fn swap_os_disk(machine: &ArmId, disk: &ArmId) -> Call<Accepted> {
    #[derive(Serialize)]
    struct ManagedDisk<'a> {
        id: &'a ArmId,
    }
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct OsDisk<'a> {
        name: &'a str,
        managed_disk: ManagedDisk<'a>,
    }
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct StorageProfile<'a> {
        os_disk: OsDisk<'a>,
    }
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Properties<'a> {
        storage_profile: StorageProfile<'a>,
    }
    #[derive(Serialize)]
    struct Body<'a> {
        properties: Properties<'a>,
    }
    let os_disk = OsDisk { name: disk.name(), managed_disk: ManagedDisk { id: disk } };
    let body = body(&Body { properties: Properties { storage_profile: StorageProfile { os_disk } } });
    let path = child_url(machine, &[], &ApiVersion::MACHINES);
    let mut call = Call::begin("Swap OS disk", "Microsoft.Compute/virtualMachines/write", path, body);
    call.method = http::Method::PATCH;
    call.accepting(&[200, 202])
}

/// Stops a machine and gives its place back.
#[must_use]
pub fn deallocate(machine: &ArmId) -> Call<Accepted> {
    let path = child_url(machine, &["deallocate"], &ApiVersion::MACHINES);
    let action = "Microsoft.Compute/virtualMachines/deallocate/action";
    Call::begin("Deallocate virtual machine", action, path, None).accepting(&[200, 202])
}

/// Starts a machine.
#[must_use]
pub fn start(machine: &ArmId) -> Call<Accepted> {
    let path = child_url(machine, &["start"], &ApiVersion::MACHINES);
    let action = "Microsoft.Compute/virtualMachines/start/action";
    Call::begin("Start virtual machine", action, path, None).accepting(&[200, 202])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{answer, id, ok, survives};
    use serde_json::{Value, json};

    const VM: &str = "/subscriptions/s-1/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm";
    const DISK: &str = "/subscriptions/s-1/resourceGroups/rg/providers/Microsoft.Compute/disks/vm-osdisk-1";

    fn sent<T>(call: &Call<T>) -> Value {
        serde_json::from_slice(call.body.as_ref().unwrap()).unwrap()
    }

    #[test]
    fn a_machine_tells_whether_it_runs_and_which_luns_are_taken() {
        let managed = |name: &str| json!({ "name": name, "managedDisk": { "id": DISK } });
        let at = |lun: Value, name: &str| {
            let mut disk = managed(name);
            disk["lun"] = lun;
            disk
        };
        let statuses = json!([{ "code": "ProvisioningState/succeeded" }, { "code": "PowerState/deallocated" }]);
        let mut os_disk = managed("os");
        os_disk["osType"] = json!("Linux");
        let body = json!({ "id": VM, "location": "westeurope", "zones": ["2"], "properties": {
            "securityProfile": { "securityType": "TrustedLaunch" },
            "storageProfile": { "osDisk": os_disk, "dataDisks": [at(json!(0), "a"), at(json!("2"), "b")] },
            "instanceView": { "hyperVGeneration": "V2", "statuses": statuses } } });
        let machine = get(&id(VM)).read(&ok(&body)).unwrap();
        assert_eq!(machine.power, Some(PowerState::Deallocated));
        assert_eq!((machine.free_lun(), machine.is_unmanaged()), (Some(1), false));
        assert_eq!((machine.os.as_deref(), machine.zone.as_deref()), (Some("Linux"), Some("2")));
        assert_eq!(machine.at_lun(2).unwrap().name, "b");
        let (read, refused) = survives(&get(&id(VM)), &body);
        assert!(read > 20 && refused > 5, "{read} {refused}");
        let mut unknown = body.clone();
        unknown["properties"]["storageProfile"]["dataDisks"][0]["lun"] = Value::Null;
        assert!(get(&id(VM)).read(&ok(&unknown)).is_err(), "a disk without a LUN hides which ones are free");
        let page = list(&SubscriptionId::parse("s-1").unwrap()).read(&ok(&json!({ "value": [body] })));
        assert_eq!(page.unwrap().value[0].id, id(VM));
    }

    #[test]
    fn a_machine_with_a_page_blob_takes_no_managed_disk_and_all_luns_may_be_taken() {
        let blob = json!({ "id": VM, "properties": { "storageProfile": { "osDisk": { "name": "os", "vhd": { "uri": "https://x" } } } } });
        assert!(get(&id(VM)).read(&ok(&blob)).unwrap().is_unmanaged());
        let disk = MachineDisk { name: String::new(), id: None };
        let full = Machine {
            data_disks: (0..=MAX_LUN).map(|lun| (lun, disk.clone())).collect(),
            ..Machine::new(id(VM), Region::new("westeurope"))
        };
        assert_eq!((full.free_lun(), full.is_unmanaged()), (None, false));
    }

    #[test]
    fn no_request_names_a_disk_that_it_is_not_about() {
        let attach = attach(&id(VM), &id(DISK), 3);
        assert_eq!(attach.line(), format!("POST {VM}/attachDetachDataDisks"));
        assert_eq!(sent(&attach), json!({ "dataDisksToAttach": [{ "diskId": DISK, "lun": 3 }] }));
        let swap = swap_os_disk(&id(VM), &id(DISK));
        assert_eq!(swap.line(), format!("PATCH {VM}"));
        let os_disk = json!({ "name": "vm-osdisk-1", "managedDisk": { "id": DISK } });
        assert_eq!(sent(&swap), json!({ "properties": { "storageProfile": { "osDisk": os_disk } } }));
        for (call, line) in [(deallocate(&id(VM)), "deallocate"), (start(&id(VM)), "start")] {
            assert_eq!((call.line(), call.body.as_ref()), (format!("POST {VM}/{line}"), None));
        }
        for call in [attach, swap, deallocate(&id(VM)), start(&id(VM))] {
            assert!([200, 202].iter().all(|status| call.read(&answer(*status, &[], "{}")).is_ok()), "{call:?}");
            assert!(call.read(&answer(409, &[], "{}")).is_err());
        }
    }
}
