//! Protected items: the virtual machines that a vault backs up.

use super::{child_url, filtered};
use crate::{
    arm::open_enum::open_enum,
    arm::{
        call::{ApiVersion, Call},
        id::{ArmId, Region},
        json::NodeRef,
        page::Page,
    },
};
use ::time::{Duration, OffsetDateTime};

open_enum! {
    /// The kind of machine: `protectedItemType`.
    ItemKind {
        /// A virtual machine of Azure Resource Manager.
        Managed = "Microsoft.Compute/virtualMachines",
        /// A classic virtual machine.
        Classic = "Microsoft.ClassicCompute/virtualMachines",
    }
}

open_enum! {
    /// Whether and how the machine is protected.
    ProtectionState {
        /// Azure does not say.
        Invalid = "Invalid",
        /// Protected; the first backup has not run.
        IRPending = "IRPending",
        /// Protected.
        Protected = "Protected",
        /// The last backup failed.
        ProtectionError = "ProtectionError",
        /// No new backups; the recovery points are kept.
        ProtectionStopped = "ProtectionStopped",
        /// Paused.
        ProtectionPaused = "ProtectionPaused",
        /// Suspended.
        BackupsSuspended = "BackupsSuspended",
    }
}

open_enum! {
    /// The result of Azure's checks before a backup: `healthStatus`.
    Health {
        /// All well.
        Passed = "Passed",
        /// Something must be done.
        ActionRequired = "ActionRequired",
        /// Something should be done.
        ActionSuggested = "ActionSuggested",
        /// Azure does not say.
        Invalid = "Invalid",
    }
}

/// A protected virtual machine.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ProtectedItem {
    /// Its id. The segments of container and item that other calls need are in it and in no other field.
    pub id: ArmId,
    /// The machine's name.
    pub friendly_name: String,
    /// The kind of machine.
    pub kind: ItemKind,
    /// The machine, as restore requests name it: `sourceResourceId`.
    pub source_resource_id: Option<ArmId>,
    /// The machine, as Azure Backup names it: `virtualMachineId`.
    pub virtual_machine_id: Option<ArmId>,
    /// Whether it is protected.
    pub protection_state: ProtectionState,
    /// The result of the last checks.
    pub health: Option<Health>,
    /// `Completed`, …; `None` when there was no backup yet.
    pub last_backup_status: Option<String>,
    /// When the last backup ran, UTC; `None` means never.
    pub last_backup_time: Option<OffsetDateTime>,
    /// The time of the newest recovery point, UTC.
    pub last_recovery_point: Option<OffsetDateTime>,
    /// Whether it is soft-deleted. Nothing of it can be restored before it is undeleted.
    pub soft_deleted: bool,
    /// When it was deleted, UTC: `deferredDeleteTimeInUTC`. Despite its name, recorded answers hold the time of the deletion in it.
    pub deleted_at: Option<OffsetDateTime>,
    /// The time left, as of the answer, before it is deleted for good: `deferredDeleteTimeRemaining`.
    pub deletion_in: Option<Duration>,
    /// The number of days for which a deleted item is kept.
    pub soft_delete_days: Option<i64>,
    /// The machine's region, if it is not the vault's (Region of Choice).
    pub source_location: Option<Region>,
}

/// When something that was deleted at `deleted_at` is purged, if it is kept for `days`.
pub(super) fn kept_until(deleted_at: Option<OffsetDateTime>, days: Option<i64>) -> Option<OffsetDateTime> {
    deleted_at?.checked_add(Duration::days(days.filter(|days| (1..=3650).contains(days))?))
}

impl ProtectedItem {
    /// A protected machine of which only the id is known. The fields can be set afterwards.
    #[must_use]
    pub fn new(id: ArmId) -> Self {
        Self {
            friendly_name: id.name().rsplit(';').next().unwrap_or_default().to_owned(),
            kind: ItemKind::Managed,
            source_resource_id: None,
            virtual_machine_id: None,
            protection_state: ProtectionState::Protected,
            health: None,
            last_backup_status: None,
            last_backup_time: None,
            last_recovery_point: None,
            soft_deleted: false,
            deleted_at: None,
            deletion_in: None,
            soft_delete_days: None,
            source_location: None,
            id,
        }
    }

    /// The id of its vault.
    #[must_use]
    pub fn vault_id(&self) -> Option<ArmId> {
        self.id.up_to("vaults")
    }

    /// `IaasVMContainer;iaasvmcontainerv2;{group};{machine}`.
    #[must_use]
    pub fn container_segment(&self) -> Option<&str> {
        self.id.segment_after("protectionContainers")
    }

    /// `VM;iaasvmcontainerv2;{group};{machine}`.
    #[must_use]
    pub fn item_segment(&self) -> Option<&str> {
        self.id.segment_after("protectedItems")
    }

    /// When a soft-deleted item is deleted for good, UTC: the time of the deletion plus the days for which it is kept. `None` when Azure omits
    /// one of them, or the item is not deleted.
    #[must_use]
    pub fn kept_until(&self) -> Option<OffsetDateTime> {
        kept_until(self.deleted_at, self.soft_delete_days).filter(|_| self.soft_deleted)
    }

    pub(crate) fn read(node: &NodeRef<'_>) -> ProtectedItem {
        let properties = node.at("properties");
        let id = node.need_id("id");
        let health = properties.word("healthStatus", &["Passed", "ActionRequired", "ActionSuggested", "Invalid"]);
        let states = [
            "Invalid",
            "IRPending",
            "Protected",
            "ProtectionError",
            "ProtectionStopped",
            "ProtectionPaused",
            "BackupsSuspended",
        ];
        let friendly = properties.text("friendlyName");
        ProtectedItem {
            friendly_name: friendly.unwrap_or_else(|| id.name().rsplit(';').next().unwrap_or_default().to_owned()),
            kind: properties.text("protectedItemType").unwrap_or_default().into(),
            source_resource_id: properties.id("sourceResourceId"),
            virtual_machine_id: properties.id("virtualMachineId"),
            protection_state: properties.word("protectionState", &states).unwrap_or_default().into(),
            health: health.map(Health::from),
            last_backup_status: properties.text("lastBackupStatus"),
            last_backup_time: properties.time("lastBackupTime"),
            last_recovery_point: properties.time("lastRecoveryPoint"),
            soft_deleted: properties.flag("isScheduledForDeferredDelete").unwrap_or(false),
            deleted_at: properties.time("deferredDeleteTimeInUTC"),
            deletion_in: properties.duration("deferredDeleteTimeRemaining"),
            soft_delete_days: properties
                .integer("softDeleteRetentionPeriodInDays")
                .or_else(|| properties.integer("softDeleteRetentionPeriod")),
            source_location: properties.text("sourceLocation").map(|location| Region::new(&location)),
            id,
        }
    }
}

/// The virtual machines that a vault protects.
#[must_use]
pub fn list(vault: &ArmId, version: &ApiVersion) -> Call<Page<ProtectedItem>> {
    let path = filtered(
        child_url(vault, &["backupProtectedItems"], version),
        "backupManagementType eq 'AzureIaasVM' and itemType eq 'VM'",
    );
    Call::get("List protected items", "Microsoft.RecoveryServices/vaults/backupProtectedItems/read", path, |node| {
        Page::read(node, ProtectedItem::read)
    })
}

/// One protected item.
#[must_use]
pub fn get(id: &ArmId, version: &ApiVersion) -> Call<ProtectedItem> {
    let action = "Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems/read";
    Call::get("Get protected item", action, child_url(id, &[], version), ProtectedItem::read)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{VAULT, id, ok};
    use serde_json::json;

    const ITEM: &str = "/backupFabrics/Azure/protectionContainers/IaasVMContainer;iaasvmcontainerv2;rg;vm/protectedItems/VM;iaasvmcontainerv2;rg;vm";

    #[test]
    fn never_backed_up_is_no_date_and_segments_come_from_the_id() {
        let body = json!({ "id": format!("{VAULT}{ITEM}"), "properties": {
            "protectedItemType": "Microsoft.ClassicCompute/virtualMachines", "protectionState": "IRPending", "healthStatus": 1,
            "containerName": "iaasvmcontainerv2;rg;vm", "lastBackupStatus": "", "lastBackupTime": "2001-01-01T00:00:00Z" } });
        let item = get(&id(VAULT), &ApiVersion::BACKUP_DEFAULT).read(&ok(&body)).unwrap();
        assert_eq!((item.friendly_name.as_str(), item.kind.clone()), ("vm", ItemKind::Classic));
        assert_eq!((item.last_backup_time, item.last_backup_status.as_deref()), (None, None));
        assert_eq!(
            (item.protection_state.clone(), item.health.clone()),
            (ProtectionState::IRPending, Some(Health::ActionRequired))
        );
        assert_eq!(item.vault_id(), Some(id(VAULT)));
        assert_eq!(item.container_segment(), Some("IaasVMContainer;iaasvmcontainerv2;rg;vm"));
        assert_eq!(item.item_segment(), Some("VM;iaasvmcontainerv2;rg;vm"));
    }

    #[test]
    fn the_list_asks_for_virtual_machines_only() {
        let call = list(&id(VAULT), &ApiVersion::BACKUP_DEFAULT);
        let url = call.url(&crate::arm::cloud::Cloud::public()).unwrap().to_string();
        assert!(url.ends_with("/backupProtectedItems?api-version=2024-04-01&$filter=backupManagementType%20eq%20%27AzureIaasVM%27%20and%20itemType%20eq%20%27VM%27"), "{url}");
    }
}
