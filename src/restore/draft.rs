//! The operator's choices so far: shaped like the form, so every state can be represented; validated elsewhere.

mod values;

use azure_backup::arm::id::{ArmId, SubscriptionId};
use azure_backup::backup::restore_request as wire;
use serde::{Deserialize, Serialize};

use super::carry::NotCarried;
use super::field::Field;
use super::scenario::Scenario;
use super::suggest::Suggestion;

/// LUNs of data disks, sorted and without duplicates.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<i32>")]
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

impl From<Vec<i32>> for Luns {
    fn from(luns: Vec<i32>) -> Self {
        luns.into_iter().collect()
    }
}

impl<const N: usize> From<[i32; N]> for Luns {
    fn from(luns: [i32; N]) -> Self {
        luns.into_iter().collect()
    }
}

/// The state of the form of one machine. What is stored are the operator's choices alone; the form shows them completed:
/// [`suggest`](super::suggest) fills in what is not chosen, and [`carry`](super::carry) leaves out what another recovery point does not allow.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    /// The name of the recovery point that the choices were made for.
    #[serde(rename = "point", skip_serializing_if = "Option::is_none")]
    pub point: Option<String>,
    /// What to restore.
    #[serde(rename = "scenario")]
    pub scenario: Option<Scenario>,
    /// What the disks become; only for the scenarios that make disks.
    #[serde(rename = "diskTarget")]
    pub disk_target: DiskTarget,
    /// LUNs of the data disks to restore in addition to the OS disk.
    #[serde(rename = "luns")]
    pub luns: Luns,
    /// The staging storage account.
    #[serde(rename = "stagingAccount")]
    pub staging_account: Option<ArmId>,
    /// The region of the restore, if the source is not in the region of its vault; none = not chosen yet.
    #[serde(rename = "region")]
    pub region: Option<RegionChoice>,
    /// The target subscription; none = the vault's.
    #[serde(rename = "targetSubscription")]
    pub target_subscription: Option<SubscriptionId>,
    /// The target resource group.
    #[serde(rename = "targetGroup")]
    pub target_group: Option<ArmId>,
    /// Name of the new virtual machine, as typed.
    #[serde(rename = "vmName")]
    pub vm_name: String,
    /// Its virtual network.
    #[serde(rename = "network")]
    pub network: Option<ArmId>,
    /// Its subnet.
    #[serde(rename = "subnet")]
    pub subnet: Option<ArmId>,
    /// Availability zone.
    #[serde(rename = "zone")]
    pub zone: ZoneChoice,
    /// Disk encryption set of the restored disks; none = as on the source.
    #[serde(rename = "encryptionSet")]
    pub encryption_set: Option<ArmId>,
    /// Disk encryption set of the OS disk of a confidential virtual machine; none = the one of the source.
    #[serde(rename = "osEncryptionSet")]
    pub os_encryption_set: Option<ArmId>,
    /// How the service reaches the staging account.
    #[serde(rename = "stagingAccess")]
    pub staging_access: StagingAccess,
    /// Network access of the restored disks; none = not chosen yet.
    #[serde(rename = "diskNetworkAccess")]
    pub disk_network_access: Option<DiskNetworkAccess>,
    /// The disk access resource of private access.
    #[serde(rename = "diskAccess")]
    pub disk_access: Option<ArmId>,
    /// Restore into the edge zone of the source.
    #[serde(rename = "edgeZone")]
    pub edge_zone: bool,
    /// Put the VHD blobs of unmanaged disks into the storage accounts that the disks came from.
    #[serde(rename = "originalAccounts")]
    pub original_accounts: bool,
    /// How the archive is read.
    #[serde(rename = "rehydration")]
    pub rehydration: Rehydration,
    /// Why it is restored, for the record.
    #[serde(rename = "reason")]
    pub reason: String,
    /// Fields that the operator has emptied, so that nothing is suggested for them.
    #[serde(rename = "cleared", skip_serializing_if = "Vec::is_empty")]
    pub cleared: Vec<Field>,
    /// Which values are suggestions. Derived, never stored.
    #[serde(skip)]
    pub suggested: Vec<Suggestion>,
    /// Choices made for another recovery point that this one does not allow. Derived, never stored.
    #[serde(skip)]
    pub not_carried: Vec<NotCarried>,
    /// The typed confirmation of an in-place restore. Never saved: it applies to the plan that is on the screen.
    #[serde(skip)]
    pub confirm: String,
}

/// What the disks become.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum DiskTarget {
    /// Managed disks in the target resource group.
    #[default]
    #[serde(rename = "managed-disks")]
    ManagedDisks,
    /// VHD blobs in the staging account. Slow: the snapshot cannot be used.
    #[serde(rename = "unmanaged-vhds")]
    UnmanagedVhds,
}

/// The region that a request names when the source is not in the region of its vault. Azure documents neither which of
/// the two it must be nor where the staging account must be, so the operator chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RegionChoice {
    /// The region of the vault.
    #[serde(rename = "vault")]
    Vault,
    /// The region of the source.
    #[serde(rename = "source")]
    Source,
}

/// Availability zone of the result.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ZoneChoice {
    /// `zones` is not sent.
    #[default]
    #[serde(rename = "unset")]
    Unset,
    /// `["NoZone"]`: a zonal source is restored without a zone.
    #[serde(rename = "no-zone")]
    NoZone,
    /// `["1"]`, `["2"]` or `["3"]`, the logical zone of the target subscription.
    #[serde(rename = "zone")]
    Zone(String),
}

/// How the backup service reaches the staging account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum StagingAccess {
    /// With the key of the account.
    #[default]
    #[serde(rename = "key")]
    Key,
    /// With the vault's system-assigned identity.
    #[serde(rename = "system-assigned")]
    SystemAssigned,
    /// With a user-assigned identity of the vault.
    #[serde(rename = "user-assigned")]
    UserAssigned(ArmId),
}

/// `targetDiskNetworkAccessOption`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DiskNetworkAccess {
    /// As on the source disks.
    #[serde(rename = "same-as-source")]
    SameAsSource,
    /// Reachable from all networks.
    #[serde(rename = "public")]
    Public,
    /// Reachable through a disk access resource.
    #[serde(rename = "private")]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rehydration {
    /// `Standard` (hours) or `High` (about an hour, more expensive); none = not chosen yet.
    #[serde(rename = "priority")]
    pub priority: Option<RehydrationPriority>,
    /// Days to keep the copy, as typed.
    #[serde(rename = "days")]
    pub days: String,
}

impl Default for Rehydration {
    fn default() -> Self {
        // Microsoft's command line sends 15 days by default.
        Self { priority: None, days: "15".to_owned() }
    }
}

/// `rehydrationPriority`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum RehydrationPriority {
    /// Up to 15 hours.
    #[serde(rename = "standard")]
    Standard,
    /// Typically within an hour, at a higher price.
    #[serde(rename = "high")]
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

#[cfg(test)]
mod tests {
    use super::*;

    fn read(stored: serde_json::Value) -> Option<Draft> {
        serde_json::from_value(stored).ok()
    }

    #[test]
    fn a_draft_is_read_back_without_its_confirmation() {
        let mut draft = Draft {
            luns: [2, 0].into(),
            vm_name: "copy".to_owned(),
            zone: ZoneChoice::Zone("2".to_owned()),
            staging_access: StagingAccess::UserAssigned(ArmId::parse("/subscriptions/s").unwrap()),
            disk_network_access: Some(DiskNetworkAccess::Private),
            region: Some(RegionChoice::Source),
            os_encryption_set: Some(ArmId::parse("/subscriptions/t").unwrap()),
            original_accounts: true,
            rehydration: Rehydration { priority: Some(RehydrationPriority::High), days: "12".to_owned() },
            confirm: "typed".to_owned(),
            ..Draft::default()
        };
        let stored = serde_json::to_value(&draft).unwrap();
        draft.confirm.clear();
        assert_eq!(read(stored), Some(draft));
    }

    #[test]
    fn what_is_missing_is_as_in_an_empty_draft() {
        assert_eq!(read(serde_json::json!({})), Some(Draft::default()));
        assert_eq!(read(serde_json::json!({ "luns": "all" })), None);
        assert_eq!(read(serde_json::json!({ "luns": [2, 0, 2] })).map(|draft| draft.luns), Some([0, 2].into()));
    }
}
