//! The operator's choices so far: shaped like the form, so every state can be represented; validated elsewhere.

mod stored;

use azure_backup::arm::id::{ArmId, SubscriptionId};
use azure_backup::backup::restore_request as wire;

use super::scenario::Scenario;

/// LUNs of data disks, sorted and without duplicates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Luns(Vec<i32>);

impl Luns {
    /// The LUNs.
    pub fn iter(&self) -> std::slice::Iter<'_, i32> {
        self.0.iter()
    }

    /// Whether the disk is included.
    pub fn contains(&self, lun: i32) -> bool {
        self.0.contains(&lun)
    }

    /// Adds the disk, or removes it if it was included.
    pub fn toggled(&self, lun: i32) -> Self {
        let added = (!self.contains(lun)).then_some(lun);
        self.iter().copied().filter(|known| *known != lun).chain(added).collect()
    }
}

impl FromIterator<i32> for Luns {
    fn from_iter<T: IntoIterator<Item = i32>>(luns: T) -> Self {
        let mut all = Vec::new();
        for lun in luns {
            if let Err(place) = all.binary_search(&lun) {
                all.insert(place, lun);
            }
        }
        Self(all)
    }
}

impl<const N: usize> From<[i32; N]> for Luns {
    fn from(luns: [i32; N]) -> Self {
        luns.into_iter().collect()
    }
}

/// The state of the form of one recovery point.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// What to restore.
    pub scenario: Option<Scenario>,
    /// What the disks become; only for the scenarios that make disks.
    pub disk_target: DiskTarget,
    /// LUNs of the data disks to restore in addition to the OS disk.
    pub luns: Luns,
    /// The staging storage account.
    pub staging_account: Option<ArmId>,
    /// The region of the restore, if the source is not in the region of its vault; none = not chosen yet.
    pub region: Option<RegionChoice>,
    /// The target subscription; none = the vault's.
    pub target_subscription: Option<SubscriptionId>,
    /// The target resource group.
    pub target_group: Option<ArmId>,
    /// Name of the new virtual machine, as typed.
    pub vm_name: String,
    /// Its virtual network.
    pub network: Option<ArmId>,
    /// Its subnet.
    pub subnet: Option<ArmId>,
    /// Availability zone.
    pub zone: ZoneChoice,
    /// Disk encryption set of the restored disks; none = as on the source.
    pub encryption_set: Option<ArmId>,
    /// Disk encryption set of the OS disk of a confidential virtual machine; none = the one of the source.
    pub os_encryption_set: Option<ArmId>,
    /// How the service reaches the staging account.
    pub staging_access: StagingAccess,
    /// Network access of the restored disks; none = not chosen yet.
    pub disk_network_access: Option<DiskNetworkAccess>,
    /// The disk access resource of private access.
    pub disk_access: Option<ArmId>,
    /// Restore into the edge zone of the source.
    pub edge_zone: bool,
    /// Convert unmanaged disks to managed disks.
    pub restore_as_managed: bool,
    /// Put the VHD blobs of unmanaged disks into the storage accounts that the disks came from.
    pub original_accounts: bool,
    /// How the archive is read.
    pub rehydration: Rehydration,
    /// Why it is restored, for the record.
    pub reason: String,
    /// The typed confirmation of an in-place restore. Never saved: it applies to the plan that is on the screen.
    pub confirm: String,
}

/// What the disks become.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DiskTarget {
    /// Managed disks in the target resource group.
    #[default]
    ManagedDisks,
    /// VHD blobs in the staging account. Slow: the snapshot cannot be used.
    UnmanagedVhds,
}

/// The region that a request names when the source is not in the region of its vault. Azure documents neither which of
/// the two it must be nor where the staging account must be, so the operator chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegionChoice {
    /// The region of the vault.
    Vault,
    /// The region of the source.
    Source,
}

/// Availability zone of the result.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ZoneChoice {
    /// `zones` is not sent.
    #[default]
    Unset,
    /// `["NoZone"]`: a zonal source is restored without a zone.
    NoZone,
    /// `["1"]`, `["2"]` or `["3"]`, the logical zone of the target subscription.
    Zone(String),
}

/// How the backup service reaches the staging account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum StagingAccess {
    /// With the key of the account.
    #[default]
    Key,
    /// With the vault's system-assigned identity.
    SystemAssigned,
    /// With a user-assigned identity of the vault.
    UserAssigned(ArmId),
}

/// `targetDiskNetworkAccessOption`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiskNetworkAccess {
    /// As on the source disks.
    SameAsSource,
    /// Reachable from all networks.
    Public,
    /// Reachable through a disk access resource.
    Private,
}

impl DiskNetworkAccess {
    /// Every option with its name on the form.
    pub const ALL: [(Self, &'static str); 3] = [
        (Self::SameAsSource, "Same as on the source disks"),
        (Self::Public, "Public access"),
        (Self::Private, "Private access"),
    ];

    /// The value of `targetDiskNetworkAccessOption`.
    pub const fn wire(self) -> wire::DiskNetworkAccess {
        match self {
            Self::SameAsSource => wire::DiskNetworkAccess::SameAsOnSourceDisks,
            Self::Public => wire::DiskNetworkAccess::EnablePublicAccessForAllDisks,
            Self::Private => wire::DiskNetworkAccess::EnablePrivateAccessForAllDisks,
        }
    }
}

/// How an archived recovery point is brought back before the restore.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rehydration {
    /// `Standard` (hours) or `High` (about an hour, more expensive); none = not chosen yet.
    pub priority: Option<RehydrationPriority>,
    /// Days to keep the copy, as typed.
    pub days: String,
}

impl Default for Rehydration {
    fn default() -> Self {
        // Microsoft's command line sends 15 days by default.
        Self { priority: None, days: "15".to_owned() }
    }
}

/// `rehydrationPriority`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RehydrationPriority {
    /// Up to 15 hours.
    Standard,
    /// Typically within an hour, at a higher price.
    High,
}

impl RehydrationPriority {
    /// The value on the wire.
    pub const fn wire(self) -> wire::RehydrationPriority {
        match self {
            Self::Standard => wire::RehydrationPriority::Standard,
            Self::High => wire::RehydrationPriority::High,
        }
    }
}

/// Minimum and maximum of days that a rehydrated copy may be kept.
pub const REHYDRATION_DAYS: std::ops::RangeInclusive<u32> = 10..=30;

impl Rehydration {
    /// The days as a number within Azure's limits.
    pub fn valid_days(&self) -> Option<u32> {
        self.days.trim().parse().ok().filter(|d| REHYDRATION_DAYS.contains(d))
    }
}
