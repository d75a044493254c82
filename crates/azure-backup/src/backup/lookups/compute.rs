//! Virtual machines, disk encryption sets and disk accesses.

use super::{of_subscription, region};
use crate::arm::{
    call::{ApiVersion, Call},
    id::{ArmId, Region, SubscriptionId},
    json::Node,
    page::Page,
};
use serde::{Deserialize, Serialize};

/// A virtual machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VirtualMachine {
    /// Its id.
    pub id: ArmId,
    /// Its name.
    pub name: String,
    /// Its region.
    pub location: Region,
    /// `Standard_D2s_v3`.
    pub size: Option<String>,
    /// `Windows`, `Linux`.
    pub os: Option<String>,
    /// `running`, `deallocated`, …; none when the answer holds no instance view.
    pub power: Option<String>,
    /// Its zones.
    pub zones: Vec<String>,
}

/// A disk encryption set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DiskEncryptionSet {
    /// Its id.
    pub id: ArmId,
    /// Its name.
    pub name: String,
    /// Its region.
    pub location: Region,
    /// `EncryptionAtRestWithCustomerKey`, `ConfidentialVmEncryptedWithCustomerKey`, …
    pub encryption_type: Option<String>,
}

/// A disk access: private endpoints for disks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DiskAccess {
    /// Its id.
    pub id: ArmId,
    /// Its name.
    pub name: String,
    /// Its region.
    pub location: Region,
}

impl VirtualMachine {
    fn read(node: &Node<'_>) -> VirtualMachine {
        let id = node.need_id("id");
        let properties = node.at("properties");
        let statuses = properties.at("instanceView").list("statuses", |node| node.text("code"));
        let storage = properties.at("storageProfile");
        VirtualMachine {
            name: id.name().to_owned(),
            location: region(node),
            size: properties.at("hardwareProfile").text("vmSize"),
            os: storage.at("osDisk").text("osType"),
            power: statuses.iter().flatten().find_map(|code| code.strip_prefix("PowerState/")).map(str::to_owned),
            zones: node.texts("zones"),
            id,
        }
    }
}

/// The virtual machines of a subscription.
#[must_use]
pub fn virtual_machines(subscription: &SubscriptionId) -> Call<Page<VirtualMachine>> {
    let path = of_subscription(subscription, "Microsoft.Compute/virtualMachines", &ApiVersion::COMPUTE);
    Call::get("List virtual machines", "Microsoft.Compute/virtualMachines/read", path, |node| {
        Page::read(node, VirtualMachine::read)
    })
}

/// The disk encryption sets of a subscription.
#[must_use]
pub fn disk_encryption_sets(subscription: &SubscriptionId) -> Call<Page<DiskEncryptionSet>> {
    let path = of_subscription(subscription, "Microsoft.Compute/diskEncryptionSets", &ApiVersion::DISKS);
    Call::get("List disk encryption sets", "Microsoft.Compute/diskEncryptionSets/read", path, |node| {
        Page::read(node, |node| {
            let id = node.need_id("id");
            let encryption_type = node.at("properties").text("encryptionType");
            DiskEncryptionSet { name: id.name().to_owned(), location: region(node), encryption_type, id }
        })
    })
}

/// The disk accesses of a subscription.
#[must_use]
pub fn disk_accesses(subscription: &SubscriptionId) -> Call<Page<DiskAccess>> {
    let path = of_subscription(subscription, "Microsoft.Compute/diskAccesses", &ApiVersion::DISKS);
    Call::get("List disk accesses", "Microsoft.Compute/diskAccesses/read", path, |node| {
        Page::read(node, |node| {
            let id = node.need_id("id");
            DiskAccess { name: id.name().to_owned(), location: region(node), id }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::ok;
    use serde_json::json;

    #[test]
    fn the_power_state_is_one_of_several_statuses() {
        let statuses = json!([{ "code": "ProvisioningState/succeeded" }, { "code": "PowerState/deallocated" }]);
        let machine = |properties| json!({ "value": [{ "id": "/subscriptions/s/x/vm", "zones": ["2"], "properties": properties }] });
        let call = virtual_machines(&SubscriptionId::parse("s").unwrap());
        let body = machine(json!({ "hardwareProfile": { "vmSize": "B2s" }, "instanceView": { "statuses": statuses } }));
        let vm = call.read(&ok(&body)).unwrap().value.remove(0);
        assert_eq!(
            (vm.power.as_deref(), vm.size.as_deref(), vm.zones.clone()),
            (Some("deallocated"), Some("B2s"), vec!["2".to_owned()])
        );
        assert_eq!(call.read(&ok(&machine(json!({})))).unwrap().value[0].power, None);
    }
}
