//! Disk encryption sets and disk accesses.

use super::{of_subscription, region};
use crate::arm::{
    call::{ApiVersion, Call},
    id::{ArmId, Region, SubscriptionId},
    page::Page,
};

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
