//! The protected machines of all vaults of all subscriptions, by Resource Graph.

use super::item::{Health, ProtectedItem, ProtectionState, kept_until};
use crate::arm::{
    graph::{Identified, Query, Scope, literal},
    id::{ArmId, Region, SubscriptionId},
    json::NodeRef,
};
use ::time::OffsetDateTime;

/// A protected machine as Resource Graph knows it, some seconds late. Before anything is done with it, [`item::get`](super::item::get) says how it is.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct MachineRow {
    /// The id of the protected item.
    pub id: ArmId,
    /// The machine's name.
    pub name: String,
    /// The machine.
    pub source: Option<ArmId>,
    /// The machine's resource group.
    pub resource_group: Option<String>,
    /// The name of the subscription that the vault is in.
    pub subscription_name: Option<String>,
    /// The machine's region, or the vault's where that of the machine is not known.
    pub region: Option<Region>,
    /// The result of the last checks.
    pub health: Option<Health>,
    /// Whether it is protected.
    pub protection_state: Option<ProtectionState>,
    /// `Completed`, …
    pub last_backup_status: Option<String>,
    /// When the last backup ran, UTC.
    pub last_backup_time: Option<OffsetDateTime>,
    /// The time of the newest recovery point, UTC.
    pub last_recovery_point: Option<OffsetDateTime>,
    /// The time of the newest recovery point in the secondary region, UTC.
    pub last_secondary_point: Option<OffsetDateTime>,
    /// Whether it is soft-deleted.
    pub soft_deleted: bool,
    /// When it is deleted for good, UTC, if it is soft-deleted and Azure tells.
    pub kept_until: Option<OffsetDateTime>,
    /// Whether Resource Graph knows the machine itself; `None` where it was not asked. It does not know one that was deleted, nor one that the caller
    /// may not read.
    pub source_found: Option<bool>,
    /// The machine's tags.
    pub tags: Vec<(String, String)>,
}

impl MachineRow {
    /// A machine of which only the id of its protected item is known. The fields can be set afterwards.
    #[must_use]
    pub fn new(id: ArmId) -> Self {
        let mut segment = id.name().rsplit(';');
        let name = segment.next().unwrap_or_default().to_owned();
        Self {
            name,
            resource_group: segment.next().map(str::to_owned),
            source: None,
            subscription_name: None,
            region: None,
            health: None,
            protection_state: None,
            last_backup_status: None,
            last_backup_time: None,
            last_recovery_point: None,
            last_secondary_point: None,
            soft_deleted: false,
            kept_until: None,
            source_found: None,
            tags: Vec::new(),
            id,
        }
    }

    /// The id of its vault.
    #[must_use]
    pub fn vault_id(&self) -> Option<ArmId> {
        self.id.up_to("vaults")
    }

    /// The name of its vault.
    #[must_use]
    pub fn vault_name(&self) -> Option<&str> {
        self.id.segment_after("vaults")
    }

    /// The subscription that its vault is in.
    #[must_use]
    pub fn subscription(&self) -> Option<SubscriptionId> {
        SubscriptionId::parse(self.id.subscription()?).ok()
    }

    fn read(node: &NodeRef<'_>) -> Option<MachineRow> {
        let of_id = MachineRow::new(node.id("id")?);
        let source = node.id("source");
        let group = source.as_ref().and_then(ArmId::resource_group).map(str::to_owned);
        let state = node.text("currentState");
        let deleted = state.as_deref().is_some_and(|state| state.eq_ignore_ascii_case("SoftDeleted"));
        let soft_deleted = node.flag("deferredDelete").unwrap_or(deleted);
        let days = node.text("keptDays").and_then(|days| days.parse().ok());
        let tags = node.members("tags").into_iter().map(|(name, value)| (name, value.unwrap_or_default()));
        Some(MachineRow {
            name: node.text("friendlyName").unwrap_or(of_id.name),
            resource_group: group.or(of_id.resource_group),
            source,
            subscription_name: node.text("subscriptionName"),
            region: node.text("region").or(node.text("location")).map(|name| Region::new(&name)),
            health: node.text("health").map(Health::from),
            protection_state: node.text("protectionState").or(state).map(ProtectionState::from),
            last_backup_status: node.text("lastBackupStatus"),
            last_backup_time: node.time("lastBackupTime"),
            last_recovery_point: node.time("lastRecoveryPoint"),
            last_secondary_point: node.time("secondaryPoint"),
            soft_deleted,
            kept_until: kept_until(node.time("deletedAt"), days).filter(|_| soft_deleted),
            source_found: Some(node.text("machine").is_some()),
            tags: tags.collect(),
            id: of_id.id,
        })
    }
}

/// The same of an item that its vault lists. Its subscription's name, its tags, and whether the machine exists, are not known there.
impl From<&ProtectedItem> for MachineRow {
    fn from(item: &ProtectedItem) -> Self {
        let source = item.source_resource_id.clone().or_else(|| item.virtual_machine_id.clone());
        let of_id = MachineRow::new(item.id.clone());
        let group = source.as_ref().and_then(ArmId::resource_group).map(str::to_owned);
        MachineRow {
            name: item.friendly_name.clone(),
            resource_group: group.or(of_id.resource_group),
            source,
            region: item.source_location.clone(),
            health: item.health.clone(),
            protection_state: Some(item.protection_state.clone()),
            last_backup_status: item.last_backup_status.clone(),
            last_backup_time: item.last_backup_time,
            last_recovery_point: item.last_recovery_point,
            soft_deleted: item.soft_deleted,
            kept_until: item.kept_until(),
            ..of_id
        }
    }
}

impl Identified for MachineRow {
    fn id(&self) -> &ArmId {
        &self.id
    }
}

/// Names of properties are those of the REST interface, with the names of Resource Graph's own form as the second choice: which of them rows of virtual
/// machines have is not published. Source: <https://learn.microsoft.com/azure/backup/query-backups-using-azure-resource-graph>.
const MACHINES: [&str; 2] = [
    "recoveryservicesresources
| where type =~ 'microsoft.recoveryservices/vaults/backupfabrics/protectioncontainers/protecteditems'
| where properties.backupManagementType =~ 'AzureIaasVM'",
    "
| extend source = coalesce(tostring(properties.sourceResourceId), tostring(properties.virtualMachineId), tostring(properties.dataSourceInfo.resourceID))
| extend sourceKey = tolower(source)
| join kind=leftouter (resources
    | where type in~ ('microsoft.compute/virtualmachines', 'microsoft.classiccompute/virtualmachines')
    | project machine = id, sourceKey = tolower(id), machineLocation = location, machineTags = tags) on sourceKey
| join kind=leftouter (resourcecontainers
    | where type =~ 'microsoft.resources/subscriptions'
    | project subscriptionId, subscriptionName = name) on subscriptionId
| project id, source, machine, subscriptionName, location,
    region = coalesce(machineLocation, tostring(properties.sourceLocation), tostring(properties.dataSourceInfo.resourceLocation)),
    friendlyName = tostring(properties.friendlyName),
    health = tostring(properties.healthStatus),
    protectionState = tostring(properties.protectionState),
    currentState = tostring(properties.currentProtectionState),
    lastBackupStatus = tostring(properties.lastBackupStatus),
    lastBackupTime = tostring(properties.lastBackupTime),
    lastRecoveryPoint = tostring(properties.lastRecoveryPoint),
    secondaryPoint = tostring(properties.latestRecoveryPointInSecondaryRegion),
    deferredDelete = tostring(properties.isScheduledForDeferredDelete),
    deletedAt = tostring(properties.deferredDeleteTimeInUTC),
    keptDays = coalesce(tostring(properties.softDeleteRetentionPeriodInDays), tostring(properties.softDeleteRetentionPeriod)),
    tags = machineTags
| order by id asc",
];

/// The protected machines whose name contains `text`, or whose vault, resource group or another part of the id does; all of them where it is empty.
#[must_use]
pub fn machines(scope: Scope, text: &str) -> Query<MachineRow> {
    let [head, tail] = MACHINES;
    let containing = match text {
        "" => String::new(),
        text => format!("\n| where id contains {0} or properties.friendlyName contains {0}", literal(text)),
    };
    Query::new("Query protected items", format!("{head}{containing}{tail}"), scope, MachineRow::read)
}

#[cfg(test)]
mod tests;
