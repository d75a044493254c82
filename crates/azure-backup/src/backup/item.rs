//! Protected items: the virtual machines that a vault backs up.

use super::{below, filtered};
use crate::{
    arm::word::words,
    arm::{
        call::{ApiVersion, Call},
        id::{ArmId, Region},
        json::Node,
        page::Page,
    },
};
use ::time::{Duration, OffsetDateTime};

words! {
    /// What is protected: `protectedItemType`.
    ItemKind {
        /// A virtual machine of today.
        Managed = "Microsoft.Compute/virtualMachines",
        /// A classic virtual machine.
        Classic = "Microsoft.ClassicCompute/virtualMachines",
    }
}

words! {
    /// Whether and how the machine is protected.
    ProtectionState {
        /// Azure does not say.
        Invalid = "Invalid",
        /// Backed up, but never yet.
        IRPending = "IRPending",
        /// Backed up.
        Protected = "Protected",
        /// The last backup failed.
        ProtectionError = "ProtectionError",
        /// No new backups; the old ones are kept.
        ProtectionStopped = "ProtectionStopped",
        /// Paused.
        ProtectionPaused = "ProtectionPaused",
        /// Suspended.
        BackupsSuspended = "BackupsSuspended",
    }
}

words! {
    /// The result of the checks before a backup.
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
    /// Its id; the container's and item's segments for further calls stand here and nowhere else.
    pub id: ArmId,
    /// The machine's name.
    pub friendly_name: String,
    /// Which sort of machine.
    pub kind: ItemKind,
    /// The machine, as restore requests name it.
    pub source_resource_id: Option<ArmId>,
    /// The machine, as Azure Backup names it.
    pub virtual_machine_id: Option<ArmId>,
    /// Whether it is protected.
    pub protection_state: ProtectionState,
    /// The result of the last checks.
    pub health: Option<Health>,
    /// `Completed`, …; none when there was no backup yet.
    pub last_backup_status: Option<String>,
    /// When the last backup ran; none means never.
    pub last_backup_time: Option<OffsetDateTime>,
    /// The newest recovery point.
    pub last_recovery_point: Option<OffsetDateTime>,
    /// Deleted, and kept for a while yet: nothing of it can be restored before it is undeleted.
    pub soft_deleted: bool,
    /// When it was deleted: `deferredDeleteTimeInUTC`, which in recorded traffic is that time and not, as its name has it, that of the end.
    pub deleted_at: Option<OffsetDateTime>,
    /// How long it was kept yet when Azure answered.
    pub deletion_in: Option<Duration>,
    /// For how many days what is deleted is kept.
    pub soft_delete_days: Option<i64>,
    /// The machine's region, where it is another than the vault's: Region of Choice.
    pub source_location: Option<Region>,
}

impl ProtectedItem {
    /// A protected machine of today, of which Azure tells nothing else. The fields can be set afterwards.
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

    /// The vault.
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

    /// Until when a soft-deleted item is kept, as far as Azure's answer tells without a clock: the day of the deletion and the days that follow it.
    #[must_use]
    pub fn kept_until(&self) -> Option<OffsetDateTime> {
        let days = self.soft_delete_days.filter(|days| (1..=3650).contains(days))?;
        self.deleted_at?.checked_add(Duration::days(days)).filter(|_| self.soft_deleted)
    }

    pub(crate) fn read(node: &Node<'_>) -> ProtectedItem {
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
                .whole("softDeleteRetentionPeriodInDays")
                .or_else(|| properties.whole("softDeleteRetentionPeriod")),
            source_location: properties.text("sourceLocation").map(|location| Region::new(&location)),
            id,
        }
    }
}

/// The virtual machines that a vault protects.
#[must_use]
pub fn list(vault: &ArmId, version: &ApiVersion) -> Call<Page<ProtectedItem>> {
    let path = filtered(
        below(vault, &["backupProtectedItems"], version),
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
    Call::get("Get protected item", action, below(id, &[], version), ProtectedItem::read)
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
