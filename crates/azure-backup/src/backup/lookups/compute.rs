//! Virtual machines, disk encryption sets and disk accesses.

use super::super::child_url;
use super::{of_subscription, region};
use crate::arm::{
    call::{ApiVersion, Call},
    id::{ArmId, Region, SubscriptionId},
    page::Page,
};

/// A virtual machine, with what connects it to a network.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct VirtualMachine {
    /// Its id.
    pub id: ArmId,
    /// Its network interfaces, each with whether Azure calls it the primary one.
    pub interfaces: Vec<(ArmId, bool)>,
}

/// A disk encryption set.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
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
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct DiskAccess {
    /// Its id.
    pub id: ArmId,
    /// Its name.
    pub name: String,
    /// Its region.
    pub location: Region,
}

impl VirtualMachine {
    /// A machine with these network interfaces.
    #[must_use]
    pub fn new(id: ArmId, interfaces: Vec<(ArmId, bool)>) -> Self {
        Self { id, interfaces }
    }

    /// The primary network interface, or the only one: Azure marks none where there is one alone.
    #[must_use]
    pub fn primary_interface(&self) -> Option<&ArmId> {
        super::primary(&self.interfaces)
    }
}

impl DiskEncryptionSet {
    /// A set whose encryption type is not known.
    #[must_use]
    pub fn new(id: ArmId, location: Region) -> Self {
        Self { name: id.name().to_owned(), location, encryption_type: None, id }
    }
}

impl DiskAccess {
    /// A disk access, named by its id.
    #[must_use]
    pub fn new(id: ArmId, location: Region) -> Self {
        Self { name: id.name().to_owned(), location, id }
    }
}

/// One virtual machine.
#[must_use]
pub fn virtual_machine(id: &ArmId) -> Call<VirtualMachine> {
    let url = child_url(id, &[], &ApiVersion::COMPUTE);
    Call::get("Get virtual machine", "Microsoft.Compute/virtualMachines/read", url, |node| {
        let profile = node.at("properties");
        let profile = profile.at("networkProfile");
        let interfaces = profile.list("networkInterfaces", |node| {
            Some((node.id("id")?, node.at("properties").flag("primary") == Some(true)))
        });
        VirtualMachine::new(node.need_id("id"), interfaces.into_iter().flatten().collect())
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
            DiskEncryptionSet { encryption_type, ..DiskEncryptionSet::new(id, region(node)) }
        })
    })
}

/// The disk accesses of a subscription.
#[must_use]
pub fn disk_accesses(subscription: &SubscriptionId) -> Call<Page<DiskAccess>> {
    let path = of_subscription(subscription, "Microsoft.Compute/diskAccesses", &ApiVersion::DISKS);
    Call::get("List disk accesses", "Microsoft.Compute/diskAccesses/read", path, |node| {
        Page::read(node, |node| DiskAccess::new(node.need_id("id"), region(node)))
    })
}
