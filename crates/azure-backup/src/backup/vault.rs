//! Recovery Services vaults and their settings.

use super::child_url;
use crate::{
    arm::open_enum::open_enum,
    arm::{
        call::{ApiVersion, Call},
        id::{ArmId, Region, SubscriptionId},
        json::NodeRef,
        page::Page,
    },
};

open_enum! {
    /// How the data of a vault is replicated.
    Redundancy {
        /// Three copies in one data center.
        LocallyRedundant = "LocallyRedundant",
        /// Also in the paired region.
        GeoRedundant = "GeoRedundant",
        /// Across the region's zones.
        ZoneRedundant = "ZoneRedundant",
        /// Across zones and readable in the paired region.
        ReadAccessGeoZoneRedundant = "ReadAccessGeoZoneRedundant",
    }
}

open_enum! {
    /// A setting that is on, off, or off for good.
    Switch {
        /// On.
        Enabled = "Enabled",
        /// Off.
        Disabled = "Disabled",
        /// Off; it cannot be turned on again.
        PermanentlyDisabled = "PermanentlyDisabled",
    }
}

open_enum! {
    /// Who manages the key that encrypts a vault.
    EncryptionAtRest {
        /// Microsoft.
        MicrosoftManaged = "MicrosoftManaged",
        /// The customer. Only then may a restore name a disk encryption set.
        CustomerManaged = "CustomerManaged",
    }
}

/// A vault. [`list`] may leave settings out that [`get`] tells.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Vault {
    /// Its id.
    pub id: ArmId,
    /// Its name.
    pub name: String,
    /// Its region.
    pub location: Region,
    /// Its managed identities, if it has any.
    pub identity: Option<Identity>,
    /// `redundancySettings.standardTierStorageRedundancy`.
    pub redundancy: Option<Redundancy>,
    /// `redundancySettings.crossRegionRestore`.
    pub cross_region_restore: Option<bool>,
    /// `restoreSettings.crossSubscriptionRestoreSettings.crossSubscriptionRestoreState`; `None` means allowed.
    pub cross_subscription_restore: Option<Switch>,
    /// `regionOfChoiceSettings.status`: whether the vault may protect machines in other regions.
    pub region_of_choice: Option<Switch>,
}

/// The managed identities of a vault.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Identity {
    /// `SystemAssigned`, `UserAssigned`, `SystemAssigned, UserAssigned` or `None`.
    pub kind: String,
    /// The system-assigned identity's object id.
    pub principal_id: Option<String>,
    /// The user-assigned identities.
    pub user_assigned: Vec<ArmId>,
}

impl Identity {
    /// The identities of a vault: `kind` is Azure's `type`, such as `SystemAssigned, UserAssigned`.
    #[must_use]
    pub fn new(kind: &str, user_assigned: Vec<ArmId>) -> Self {
        Self { kind: kind.to_owned(), principal_id: None, user_assigned }
    }

    /// Whether the vault has a system-assigned identity.
    #[must_use]
    pub fn has_system_assigned(&self) -> bool {
        self.kind.to_ascii_lowercase().contains("systemassigned")
    }
}

/// The storage settings of a vault: `backupstorageconfig`.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct StorageConfig {
    /// `storageType`, else `storageModelType`.
    pub redundancy: Option<Redundancy>,
    /// `crossRegionRestoreFlag`.
    pub cross_region_restore: Option<bool>,
}

/// The encryption settings of a vault: `backupEncryptionConfigs`.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct EncryptionConfig {
    /// `encryptionAtRestType`.
    pub at_rest: Option<EncryptionAtRest>,
}

/// The vault's link to a Resource Guard: the operations that need the approval of a second person.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ResourceGuardProxy {
    /// Its id.
    pub id: ArmId,
    /// The guarded operations.
    pub operations: Vec<GuardedOperation>,
}

/// One guarded operation.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct GuardedOperation {
    /// `vaultCriticalOperation`.
    pub operation: String,
    /// `defaultResourceRequest`: the id that a guarded request has to name.
    pub default_request: Option<String>,
}

impl GuardedOperation {
    /// An operation such as `Microsoft.RecoveryServices/vaults/backupconfig/write`, and what a request of it has to name.
    #[must_use]
    pub fn new(operation: &str, default_request: Option<String>) -> Self {
        Self { operation: operation.to_owned(), default_request }
    }
}

impl ResourceGuardProxy {
    /// A proxy with the operations that it guards.
    #[must_use]
    pub fn new(id: ArmId, operations: Vec<GuardedOperation>) -> Self {
        Self { id, operations }
    }

    /// The id that a restore has to name in `resourceGuardOperationRequests`; `None` when restores are not guarded.
    #[must_use]
    pub fn restore_request(&self) -> Option<&str> {
        const RESTORE: &str = "Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems/recoveryPoints/restore/action";
        self.operations
            .iter()
            .find(|guarded| guarded.operation.eq_ignore_ascii_case(RESTORE))?
            .default_request
            .as_deref()
    }
}

impl Vault {
    /// A vault of which only the id is known, for records and for tests. The fields can be set afterwards.
    #[must_use]
    pub fn unknown(id: ArmId) -> Vault {
        Vault {
            name: id.name().to_owned(),
            location: Region::new(""),
            identity: None,
            redundancy: None,
            cross_region_restore: None,
            cross_subscription_restore: None,
            region_of_choice: None,
            id,
        }
    }

    pub(crate) fn read(node: &NodeRef<'_>) -> Vault {
        let properties = node.at("properties");
        let redundancy = properties.at("redundancySettings");
        let restore = properties.at("restoreSettings");
        let subscriptions = restore.at("crossSubscriptionRestoreSettings");
        let id = node.need_id("id");
        Vault {
            name: node.text("name").unwrap_or_else(|| id.name().to_owned()),
            location: Region::new(&node.text("location").unwrap_or_default()),
            identity: Identity::read(&node.at("identity")),
            redundancy: redundancy.text("standardTierStorageRedundancy").map(Redundancy::from),
            cross_region_restore: redundancy
                .text("crossRegionRestore")
                .map(|word| word.eq_ignore_ascii_case("Enabled")),
            cross_subscription_restore: subscriptions.text("crossSubscriptionRestoreState").map(Switch::from),
            region_of_choice: properties.at("regionOfChoiceSettings").text("status").map(Switch::from),
            id,
        }
    }
}

impl Identity {
    fn read(node: &NodeRef<'_>) -> Option<Identity> {
        let kind = node.text("type")?;
        let names = node.at("userAssignedIdentities").names().iter().filter_map(|id| ArmId::parse(id).ok()).collect();
        Some(Identity { kind, principal_id: node.text("principalId"), user_assigned: names })
    }
}

/// The vaults of a subscription.
#[must_use]
pub fn list(subscription: &SubscriptionId) -> Call<Page<Vault>> {
    let path = format!(
        "/subscriptions/{subscription}/providers/Microsoft.RecoveryServices/vaults?api-version={}",
        ApiVersion::VAULTS
    );
    Call::get("List vaults", "Microsoft.RecoveryServices/vaults/read", path, |node| Page::read(node, Vault::read))
}

/// One vault with all its settings.
#[must_use]
pub fn get(id: &ArmId) -> Call<Vault> {
    Call::get(
        "Get vault",
        "Microsoft.RecoveryServices/vaults/read",
        child_url(id, &[], &ApiVersion::VAULTS),
        Vault::read,
    )
}

/// The storage settings. Old vaults tell their redundancy here and not in [`get`].
#[must_use]
pub fn storage_config(vault: &ArmId, version: &ApiVersion) -> Call<StorageConfig> {
    let path = child_url(vault, &["backupstorageconfig", "vaultstorageconfig"], version);
    Call::get(
        "Get vault storage configuration",
        "Microsoft.RecoveryServices/vaults/backupstorageconfig/read",
        path,
        |node| {
            let node = node.present();
            let properties = node.at("properties");
            let kind = properties.text("storageType").or(properties.text("storageModelType"));
            StorageConfig {
                redundancy: kind.map(Redundancy::from),
                cross_region_restore: properties.flag("crossRegionRestoreFlag"),
            }
        },
    )
}

/// The encryption settings.
#[must_use]
pub fn encryption_config(vault: &ArmId, version: &ApiVersion) -> Call<EncryptionConfig> {
    let path = child_url(vault, &["backupEncryptionConfigs", "backupResourceEncryptionConfig"], version);
    Call::get(
        "Get vault encryption configuration",
        "Microsoft.RecoveryServices/vaults/backupEncryptionConfigs/read",
        path,
        |node| {
            let at_rest = node
                .present()
                .at("properties")
                .word("encryptionAtRestType", &["Invalid", "MicrosoftManaged", "CustomerManaged"]);
            EncryptionConfig { at_rest: at_rest.map(EncryptionAtRest::from) }
        },
    )
}

/// The Resource Guard proxies; usually none or one, `VaultProxy`.
#[must_use]
pub fn resource_guard_proxies(vault: &ArmId, version: &ApiVersion) -> Call<Page<ResourceGuardProxy>> {
    let path = child_url(vault, &["backupResourceGuardProxies"], version);
    Call::get(
        "List resource guard proxies",
        "Microsoft.RecoveryServices/vaults/backupResourceGuardProxies/read",
        path,
        |node| Page::read(node, ResourceGuardProxy::read),
    )
}

impl ResourceGuardProxy {
    pub(crate) fn read(node: &NodeRef<'_>) -> ResourceGuardProxy {
        let operation = |node: &NodeRef<'_>| GuardedOperation {
            operation: node.text("vaultCriticalOperation").unwrap_or_default(),
            default_request: node.text("defaultResourceRequest"),
        };
        ResourceGuardProxy {
            id: node.need_id("id"),
            operations: node.at("properties").list("resourceGuardOperationDetails", operation),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{VAULT, id, ok};
    use serde_json::json;

    #[test]
    fn a_list_may_leave_out_what_the_vault_itself_tells() {
        let short = json!({ "id": VAULT, "location": "West US", "properties": { "provisioningState": "Succeeded" } });
        let vault = get(&id(VAULT)).read(&ok(&short)).unwrap();
        assert_eq!((vault.name.as_str(), vault.location.key().as_str()), ("vault-1", "westus"));
        assert_eq!(
            (vault.redundancy, vault.cross_region_restore, vault.cross_subscription_restore),
            (None, None, None)
        );
        let full = json!({
            "id": VAULT, "identity": { "type": "SystemAssigned" },
            "properties": { "redundancySettings": { "standardTierStorageRedundancy": "georedundant", "crossRegionRestore": "Enabled" },
                "restoreSettings": { "crossSubscriptionRestoreSettings": { "crossSubscriptionRestoreState": "Disabled" } } }
        });
        let vault = get(&id(VAULT)).read(&ok(&full)).unwrap();
        assert_eq!((vault.redundancy, vault.cross_region_restore), (Some(Redundancy::GeoRedundant), Some(true)));
        assert_eq!(vault.cross_subscription_restore, Some(Switch::Disabled));
        assert!(vault.identity.unwrap().has_system_assigned());
    }

    #[test]
    fn old_vaults_tell_their_redundancy_by_the_storage_configuration() {
        let read = |properties| {
            storage_config(&id(VAULT), &ApiVersion::TUTORIAL).read(&ok(&json!({ "properties": properties }))).unwrap()
        };
        let old = read(json!({ "storageModelType": "GeoRedundant", "crossRegionRestoreFlag": true }));
        assert_eq!((old.redundancy, old.cross_region_restore), (Some(Redundancy::GeoRedundant), Some(true)));
        let new = read(json!({ "storageModelType": "GeoRedundant", "storageType": "ZoneRedundant" }));
        assert_eq!((new.redundancy, new.cross_region_restore), (Some(Redundancy::ZoneRedundant), None));
    }

    #[test]
    fn a_guarded_restore_names_its_request() {
        let guarded = |operation: &str| {
            let details = json!([{ "vaultCriticalOperation": operation, "defaultResourceRequest": "/guard/triggerRestoreRequests/default" }]);
            let body = json!({ "value": [{ "id": format!("{VAULT}/backupResourceGuardProxies/VaultProxy"), "properties": { "resourceGuardOperationDetails": details } }] });
            let page = resource_guard_proxies(&id(VAULT), &ApiVersion::BACKUP_DEFAULT).read(&ok(&body)).unwrap();
            page.value[0].restore_request().map(str::to_owned)
        };
        let restore = "Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems/recoveryPoints/restore/action";
        assert_eq!(guarded(restore).as_deref(), Some("/guard/triggerRestoreRequests/default"));
        assert_eq!(guarded("Microsoft.RecoveryServices/vaults/backupconfig/write"), None);
    }
}
