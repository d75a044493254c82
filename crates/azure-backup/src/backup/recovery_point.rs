//! Recovery points of a virtual machine.
//!
//! Source of the shapes: `IaasVMRecoveryPoint` of Azure's REST API, <https://learn.microsoft.com/rest/api/backup/recovery-points/get>.

use super::{
    child_url,
    threat::{Threat, ThreatStatus},
};
use crate::{
    arm::open_enum::open_enum,
    arm::{
        call::{ApiVersion, Call},
        id::ArmId,
        json::{FirstMismatch, NodeRef},
        page::Page,
    },
};
use ::time::OffsetDateTime;
use serde::{Deserialize, Serialize};

open_enum! {
    /// The consistency of the disks: `recoveryPointType`.
    Consistency {
        /// Applications had flushed their data.
        AppConsistent = "AppConsistent",
        /// The file system had flushed its data.
        FileSystemConsistent = "FileSystemConsistent",
        /// As after a power failure.
        CrashConsistent = "CrashConsistent",
    }
}

open_enum! {
    /// A tier: where the data of a point is kept.
    TierKind {
        /// Azure does not say.
        Invalid = "Invalid",
        /// A snapshot in the machine's own region and subscription.
        InstantRP = "InstantRP",
        /// The standard tier of the vault.
        HardenedRP = "HardenedRP",
        /// The archive tier of the vault.
        ArchivedRP = "ArchivedRP",
        /// An Instant Access snapshot, kept for 60 to 300 minutes. Since api-version 2026-10-01.
        InstantAccess = "IASnapshotRP",
    }
}

open_enum! {
    /// Whether a point can be restored from a tier.
    TierStatus {
        /// Azure does not say.
        Invalid = "Invalid",
        /// It can.
        Valid = "Valid",
        /// It cannot for now.
        Disabled = "Disabled",
        /// It is no longer there.
        Deleted = "Deleted",
        /// It can, until a given time: a copy was taken out of the archive.
        Rehydrated = "Rehydrated",
    }
}

/// The tiers of a point in one word, as the Azure CLI sums them up (`az backup recoverypoint list`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Tier {
    /// From the snapshot only.
    Snapshot,
    /// From the snapshot or the vault.
    SnapshotAndVaultStandard,
    /// From the vault.
    VaultStandard,
    /// From the snapshot; the other copy is archived.
    SnapshotAndVaultArchive,
    /// Archived: it must be rehydrated first.
    VaultArchive,
    /// Archived, and rehydrated for the time being.
    VaultStandardRehydrated,
    /// From an Instant Access snapshot only. Microsoft's CLI has no name for it yet.
    InstantAccess,
    /// Azure does not say.
    Unknown,
}

impl Tier {
    /// Whether the point exists only as a snapshot, in neither vault nor archive.
    #[must_use]
    pub fn is_snapshot_alone(self) -> bool {
        matches!(self, Tier::Snapshot | Tier::InstantAccess)
    }
}

/// One tier of one point.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct TierDetail {
    /// The tier.
    pub kind: TierKind,
    /// Whether the point can be restored from it.
    pub status: TierStatus,
    /// When a rehydrated copy is deleted, UTC: `extendedInfo.RehydratedRPExpiryTime`.
    pub rehydrated_until: Option<OffsetDateTime>,
}

/// A recovery point. [`list`] tells how many disks it holds, [`get`] tells which.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RecoveryPoint {
    /// Its id.
    pub id: ArmId,
    /// Its name: up to 19 digits, more than a floating-point number keeps.
    pub name: String,
    /// When it was taken, UTC.
    pub time: OffsetDateTime,
    /// Its consistency.
    pub consistency: Consistency,
    /// Its tiers; empty when the answer does not tell.
    pub tiers: Vec<TierDetail>,
    /// Whether the machine had managed disks: `isManagedVirtualMachine`. Azure leaves it out of old points.
    pub managed: Option<bool>,
    /// Whether the machine's disks were encrypted by Azure Disk Encryption.
    pub encrypted: bool,
    /// Whether it can be restored to the storage account that its disks came from (unmanaged disks).
    pub original_storage_account: bool,
    /// `Windows`, `Linux`.
    pub os: Option<String>,
    /// `sourceVMStorageType`, such as `PremiumVMOnPartialPremiumStorage`.
    pub storage_type: Option<String>,
    /// The size of the machine when it was backed up, such as `Standard_D2s_v3`. A restored machine has it again.
    pub vm_size: Option<String>,
    /// Its disks.
    pub disks: Option<DiskConfiguration>,
    /// The availability zones of the machine: `1`, `2`, `3`.
    pub zones: Vec<String>,
    /// `TrustedLaunch`, `ConfidentialVM`.
    pub security_type: Option<String>,
    /// Whether any disk allows private network access only.
    pub private_access: Option<bool>,
    /// The edge zone it was taken in.
    pub extended_location: Option<ExtendedLocation>,
    /// When it will be deleted, UTC; `None` when Azure does not say or says never.
    pub expires: Option<OffsetDateTime>,
    /// Whether it was deleted and can still be recovered.
    pub soft_deleted: bool,
    /// Whether it can be deleted before it expires, if Azure says.
    pub immutability: Option<Immutability>,
    /// Whether threats were found in it; `None` when Azure does not say.
    pub threat_status: Option<ThreatStatus>,
    /// The threats that were reported.
    pub threats: Vec<Threat>,
    /// Whether its disks are attached somewhere for file recovery: `isInstantIlrSessionActive`.
    pub files_session: Option<bool>,
}

/// `immutabilityProperties`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Immutability {
    /// Whether the point cannot be deleted.
    pub immutable: Option<bool>,
    /// When that ends, UTC; `None` when it ends as the policy says.
    pub until: Option<OffsetDateTime>,
}

/// The disks of a point.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct DiskConfiguration {
    /// The number of disks in the point.
    pub included_count: Option<i64>,
    /// The number of disks of the machine.
    pub attached_count: Option<i64>,
    /// The disks in the point; `None` when the answer gives numbers alone.
    pub included: Option<Vec<Disk>>,
    /// The disks of the machine that are not in the point.
    pub excluded: Option<Vec<Disk>>,
}

/// A disk.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Disk {
    /// Its LUN; -1 is the OS disk.
    pub lun: i32,
    /// Its name.
    pub name: String,
    /// Its size in GiB, if Azure says (api-version 2026-10-01).
    pub size_gb: Option<u32>,
    /// Its kind, such as `Premium_LRS`, if Azure says (api-version 2026-10-01).
    pub storage_type: Option<String>,
}

/// An edge zone, in answers and in requests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ExtendedLocation {
    /// Its name.
    pub name: String,
    /// `EdgeZone`.
    #[serde(rename = "type")]
    pub kind: String,
}

impl RecoveryPoint {
    /// A point of which Azure tells nothing but when it was taken. The fields can be set afterwards.
    #[must_use]
    pub fn new(id: ArmId, time: OffsetDateTime) -> Self {
        Self {
            name: id.name().to_owned(),
            time,
            consistency: String::new().into(),
            tiers: Vec::new(),
            managed: None,
            encrypted: false,
            original_storage_account: false,
            os: None,
            storage_type: None,
            vm_size: None,
            disks: None,
            zones: Vec::new(),
            security_type: None,
            private_access: None,
            extended_location: None,
            expires: None,
            soft_deleted: false,
            immutability: None,
            threat_status: None,
            threats: Vec::new(),
            files_session: None,
            id,
        }
    }

    /// Whether Azure reports a threat, in sum or as an alert that is not over. No report does not mean that there is no threat.
    #[must_use]
    pub fn reports_threat(&self) -> bool {
        matches!(self.threat_status, Some(ThreatStatus::UnHealthy | ThreatStatus::Warning))
            || self.threats.iter().any(|threat| !threat.is_over())
    }

    /// Its tiers in one word.
    #[must_use]
    pub fn tier(&self) -> Tier {
        let has = |kind: TierKind, status: TierStatus| {
            self.tiers.iter().any(|tier| tier.kind == kind && tier.status == status)
        };
        let instant_access = has(TierKind::InstantAccess, TierStatus::Valid);
        let snapshot = has(TierKind::InstantRP, TierStatus::Valid) || instant_access;
        let vault = has(TierKind::HardenedRP, TierStatus::Valid);
        let archive = has(TierKind::ArchivedRP, TierStatus::Valid);
        if (vault && archive) || has(TierKind::ArchivedRP, TierStatus::Rehydrated) {
            return Tier::VaultStandardRehydrated;
        }
        match (snapshot, vault, archive) {
            (true, true, _) => Tier::SnapshotAndVaultStandard,
            (true, _, true) => Tier::SnapshotAndVaultArchive,
            (_, _, true) => Tier::VaultArchive,
            (true, ..) if !has(TierKind::InstantRP, TierStatus::Valid) => Tier::InstantAccess,
            (true, ..) => Tier::Snapshot,
            (_, true, _) => Tier::VaultStandard,
            _ => Tier::Unknown,
        }
    }

    pub(crate) fn read(node: &NodeRef<'_>) -> RecoveryPoint {
        let properties = node.at("properties");
        let id = node.need_id("id");
        let more = properties.at("recoveryPointProperties");
        RecoveryPoint {
            name: node.text("name").unwrap_or_else(|| id.name().to_owned()),
            time: properties.need_time("recoveryPointTime"),
            consistency: properties.text("recoveryPointType").unwrap_or_default().into(),
            tiers: properties.list("recoveryPointTierDetails", TierDetail::read),
            managed: properties.flag("isManagedVirtualMachine"),
            encrypted: properties.flag("isSourceVMEncrypted").unwrap_or(false),
            original_storage_account: properties.flag("originalStorageAccountOption").unwrap_or(false),
            os: properties.text("osType"),
            storage_type: properties.text("sourceVMStorageType"),
            vm_size: properties.text("virtualMachineSize"),
            disks: DiskConfiguration::read(&properties.at("recoveryPointDiskConfiguration")),
            zones: properties.texts("zones"),
            security_type: properties.text("securityType"),
            private_access: properties.flag("isPrivateAccessEnabledOnAnyDisk"),
            extended_location: ExtendedLocation::read(&properties.at("extendedLocation")),
            expires: more.time("expiryTime"),
            soft_deleted: more.flag("isSoftDeleted").unwrap_or(false),
            immutability: Immutability::read(&more.at("immutabilityProperties")),
            threat_status: ThreatStatus::read(&properties),
            threats: properties.list("threatInfo", Threat::read),
            // In 2017 the name was spelled in another way.
            files_session: properties
                .flag("isInstantIlrSessionActive")
                .or_else(|| properties.flag("isInstantILRSessionActive")),
            id,
        }
    }
}

impl Immutability {
    fn read(node: &NodeRef<'_>) -> Option<Immutability> {
        let read = Immutability { immutable: node.flag("isImmutable"), until: node.time("expiryTime") };
        (!node.is_absent()).then_some(read)
    }
}

impl TierDetail {
    /// A tier whose copy does not expire.
    #[must_use]
    pub fn new(kind: TierKind, status: TierStatus) -> Self {
        Self { kind, status, rehydrated_until: None }
    }

    fn read(node: &NodeRef<'_>) -> TierDetail {
        let extended = node.at("extendedInfo");
        TierDetail {
            kind: node
                .word("type", &["Invalid", "InstantRP", "HardenedRP", "ArchivedRP", "IASnapshotRP"])
                .unwrap_or_default()
                .into(),
            status: node
                .word("status", &["Invalid", "Valid", "Disabled", "Deleted", "Rehydrated"])
                .unwrap_or_default()
                .into(),
            rehydrated_until: extended.time("RehydratedRPExpiryTime"),
        }
    }
}

impl DiskConfiguration {
    fn read(node: &NodeRef<'_>) -> Option<DiskConfiguration> {
        if node.is_absent() {
            return None;
        }
        Some(DiskConfiguration {
            included_count: node.integer("numberOfDisksIncludedInBackup"),
            attached_count: node.integer("numberOfDisksAttachedToVm"),
            included: node.list_if_any("includedDiskList", Disk::read),
            excluded: node.list_if_any("excludedDiskList", Disk::read),
        })
    }
}

impl Disk {
    /// A disk whose size and kind are not known. LUN -1 is the OS disk.
    #[must_use]
    pub fn new(lun: i32, name: &str) -> Self {
        Self { lun, name: name.to_owned(), size_gb: None, storage_type: None }
    }

    fn read(node: &NodeRef<'_>) -> Disk {
        Disk {
            lun: lun(&node.at("lun")),
            name: node.text("name").unwrap_or_default(),
            size_gb: size(node),
            storage_type: node.text("storageType"),
        }
    }
}

/// The size of a disk in GiB: `diskSizeInGB` in Azure's examples, `diskSizeInGb` in its SDK. It only informs, so a wrong shape counts as absent.
fn size(node: &NodeRef<'_>) -> Option<u32> {
    let first = FirstMismatch::new();
    let node = node.lenient(&first);
    let size = node.integer("diskSizeInGB").or_else(|| node.integer("diskSizeInGb"))?;
    u32::try_from(size).ok().filter(|size| *size > 0)
}

impl ExtendedLocation {
    /// An edge zone, the one kind of extended location that Azure Backup knows.
    #[must_use]
    pub fn edge_zone(name: &str) -> Self {
        Self { name: name.to_owned(), kind: "EdgeZone".to_owned() }
    }

    fn read(node: &NodeRef<'_>) -> Option<ExtendedLocation> {
        let name = node.text("name")?;
        Some(ExtendedLocation { name, kind: node.text("type").unwrap_or_default() })
    }
}

/// A LUN, which must be there: -1 for the OS disk.
pub(crate) fn lun(node: &NodeRef<'_>) -> i32 {
    node.as_text().and_then(|text| text.parse().ok()).unwrap_or_else(|| {
        node.record_mismatch("a LUN");
        0
    })
}

/// The recovery points of an item, newest first as Azure answers.
#[must_use]
pub fn list(item: &ArmId, version: &ApiVersion) -> Call<Page<RecoveryPoint>> {
    let action =
        "Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems/recoveryPoints/read";
    Call::get("List recovery points", action, child_url(item, &["recoveryPoints"], version), |node| {
        Page::read(node, RecoveryPoint::read)
    })
}

/// One recovery point of an item, by its name, with the lists of its disks.
#[must_use]
pub fn get(item: &ArmId, name: &str, version: &ApiVersion) -> Call<RecoveryPoint> {
    let action =
        "Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems/recoveryPoints/read";
    Call::get("Get recovery point", action, child_url(item, &["recoveryPoints", name], version), RecoveryPoint::read)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{VAULT, id, ok};
    use serde_json::{Value, json};

    fn point(properties: Value) -> RecoveryPoint {
        let mut properties = properties;
        properties["recoveryPointTime"] = json!("2024-05-14T08:49:45.5121087Z");
        let body = json!({ "id": format!("{VAULT}/recoveryPoints/2261197147500459276"), "properties": properties });
        get(&id(VAULT), "2261197147500459276", &ApiVersion::BACKUP_DEFAULT).read(&ok(&body)).unwrap()
    }

    #[test]
    fn tiers_sum_up_as_microsofts_cli_does() {
        use Tier::*;
        for (tiers, expected) in [
            (json!([["InstantRP", "Valid"], ["HardenedRP", "Valid"]]), SnapshotAndVaultStandard),
            (json!([[1, 1], [2, 1]]), SnapshotAndVaultStandard),
            (json!([["InstantRP", "Valid"]]), Snapshot),
            (json!([["HardenedRP", "Valid"]]), VaultStandard),
            (json!([["InstantRP", "Deleted"], ["HardenedRP", "Valid"]]), VaultStandard),
            (json!([["ArchivedRP", "Valid"]]), VaultArchive),
            (json!([["HardenedRP", "Deleted"], ["ArchivedRP", "Valid"]]), VaultArchive),
            (json!([["InstantRP", "Valid"], ["ArchivedRP", "Valid"]]), SnapshotAndVaultArchive),
            (json!([["HardenedRP", "Valid"], ["ArchivedRP", "Valid"]]), VaultStandardRehydrated),
            (json!([["ArchivedRP", "Rehydrated"]]), VaultStandardRehydrated),
            (json!([[3, 4], [1, 1]]), VaultStandardRehydrated),
            (json!([["InstantRP", "Disabled"]]), Unknown),
            (json!([["IASnapshotRP", "Valid"]]), InstantAccess),
            (json!([[4, "Valid"]]), InstantAccess),
            (json!([["IASnapshotRP", "Deleted"]]), Unknown),
            (json!([["IASnapshotRP", "Valid"], ["InstantRP", "Valid"]]), Snapshot),
            (json!([["IASnapshotRP", "Valid"], ["HardenedRP", "Valid"]]), SnapshotAndVaultStandard),
            (json!([["IASnapshotRP", "Valid"], ["ArchivedRP", "Valid"]]), SnapshotAndVaultArchive),
            (json!([["NewTier", "Valid"]]), Unknown),
            (json!([]), Unknown),
        ] {
            let details: Vec<Value> =
                tiers.as_array().unwrap().iter().map(|t| json!({ "type": t[0], "status": t[1] })).collect();
            assert_eq!(point(json!({ "recoveryPointTierDetails": details })).tier(), expected, "{tiers}");
        }
        assert_eq!(point(json!({ "recoveryPointTierDetails": null })).tier(), Unknown);
    }

    #[test]
    fn disk_lists_are_told_apart_from_counts() {
        let counts = point(
            json!({ "recoveryPointDiskConfiguration": { "numberOfDisksIncludedInBackup": 2, "numberOfDisksAttachedToVm": 3 } }),
        );
        let disks = counts.disks.unwrap();
        assert_eq!((disks.included_count, disks.attached_count, disks.included), (Some(2), Some(3), None));
        let lists = point(
            json!({ "recoveryPointDiskConfiguration": { "includedDiskList": [{ "lun": -1, "name": "os" }], "excludedDiskList": [] } }),
        );
        let disks = lists.disks.unwrap();
        assert_eq!((disks.included.unwrap()[0].lun, disks.excluded), (-1, Some(vec![])));
        assert_eq!(point(json!({})).name, "2261197147500459276");
    }
}
