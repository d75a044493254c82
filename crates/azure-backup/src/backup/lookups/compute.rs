//! Virtual machines, disk encryption sets and disk accesses.

use super::super::child_url;
use super::{region, subscription_path};
use crate::arm::{
    call::{ApiVersion, Call},
    id::{ArmId, Region, SubscriptionId},
    page::Page,
};

/// A virtual machine, with what connects it to a network, and what a restored machine does not have again.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct VirtualMachine {
    /// Its id.
    pub id: ArmId,
    /// Its network interfaces, each with whether Azure calls it the primary one.
    pub interfaces: Vec<(ArmId, bool)>,
    /// Its size, such as `Standard_D2s_v3`.
    pub size: Option<String>,
    /// The availability set that it is in.
    pub availability_set: Option<ArmId>,
    /// `licenseType` of Azure Hybrid Benefit, such as `Windows_Server`.
    pub license: Option<String>,
    /// The plan of the Marketplace image that it was made from.
    pub plan: Option<String>,
    /// The names of its extensions.
    pub extensions: Vec<String>,
    /// Its tags.
    pub tags: Vec<(String, String)>,
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
        let (extensions, tags) = (Vec::new(), Vec::new());
        Self { id, interfaces, size: None, availability_set: None, license: None, plan: None, extensions, tags }
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
        let properties = node.at("properties");
        let interfaces = properties.at("networkProfile").list("networkInterfaces", |node| {
            Some((node.id("id")?, node.at("properties").flag("primary") == Some(true)))
        });
        let license = properties.text("licenseType").filter(|license| !license.eq_ignore_ascii_case("None"));
        let tags = node.members("tags").into_iter().map(|(name, value)| (name, value.unwrap_or_default()));
        VirtualMachine {
            size: properties.at("hardwareProfile").text("vmSize"),
            availability_set: properties.at("availabilitySet").id("id"),
            license,
            plan: node.at("plan").text("name"),
            extensions: node.list("resources", |node| node.text("name")).into_iter().flatten().collect(),
            tags: tags.collect(),
            ..VirtualMachine::new(node.need_id("id"), interfaces.into_iter().flatten().collect())
        }
    })
}

/// The disk encryption sets of a subscription.
#[must_use]
pub fn disk_encryption_sets(subscription: &SubscriptionId) -> Call<Page<DiskEncryptionSet>> {
    let path = subscription_path(subscription, "Microsoft.Compute/diskEncryptionSets", &ApiVersion::DISKS);
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
    let path = subscription_path(subscription, "Microsoft.Compute/diskAccesses", &ApiVersion::DISKS);
    Call::get("List disk accesses", "Microsoft.Compute/diskAccesses/read", path, |node| {
        Page::read(node, |node| DiskAccess::new(node.need_id("id"), region(node)))
    })
}
