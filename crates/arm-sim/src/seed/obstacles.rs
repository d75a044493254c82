//! What stands in the way of some restores: locks, a policy, sizes that a region does not have.

use super::places::PRODUCTION;

/// A management lock.
#[derive(Debug)]
pub(crate) struct Lock {
    pub(crate) name: &'static str,
    pub(crate) subscription: &'static str,
    pub(crate) group: &'static str,
    /// What follows the group in the id of the locked resource; nothing if the group is locked.
    pub(crate) below: &'static str,
    /// `ReadOnly`, `CanNotDelete`.
    pub(crate) level: &'static str,
    pub(crate) notes: &'static str,
}

pub(crate) static LOCKS: [Lock; 2] = [
    Lock {
        name: "change-freeze",
        subscription: PRODUCTION,
        group: "rg-frozen",
        below: "",
        level: "ReadOnly",
        notes: "Change freeze until the audit has ended",
    },
    Lock {
        name: "keep-backups",
        subscription: PRODUCTION,
        group: "rg-restore-weu",
        below: "/providers/Microsoft.Storage/storageAccounts/contosostagegrs",
        level: "CanNotDelete",
        notes: "",
    },
];

/// The resource group in which a policy requires a tag that Azure Backup cannot set.
pub(crate) const TAGGED_GROUP: (&str, &str) = (PRODUCTION, "rg-tagged");
/// That tag.
pub(crate) const TAG: &str = "tags.costCenter";

/// A size of virtual machines.
#[derive(Debug)]
pub(crate) struct Size {
    pub(crate) name: &'static str,
    pub(crate) family: &'static str,
    pub(crate) vcpus: u32,
    /// The region that the subscriptions cannot use it in.
    pub(crate) restricted: Option<&'static str>,
}

const fn size(name: &'static str, family: &'static str, vcpus: u32, restricted: Option<&'static str>) -> Size {
    Size { name, family, vcpus, restricted }
}

pub(crate) static SIZES: [Size; 5] = [
    size("Standard_D2s_v3", "standardDSv3Family", 2, None),
    size("Standard_D4s_v3", "standardDSv3Family", 4, None),
    size("Standard_E4s_v5", "standardESv5Family", 4, Some("ukwest")),
    size("Standard_DC2as_v6", "standardDCasv6Family", 2, Some("swedensouth")),
    size("Standard_NC6s_v3", "standardNCSv3Family", 6, Some("westeurope")),
];
