//! Undeletion of soft-deleted items and vaults.

use super::{
    child_url,
    item::{ItemKind, ProtectedItem, ProtectionState},
};
use crate::arm::{
    call::{Accepted, ApiVersion, Call},
    id::ArmId,
    json::NodeRef,
    page::Page,
};
use ::time::OffsetDateTime;
use bytes::Bytes;
use serde::Serialize;

/// `{"properties": …}`, indented: the page shows these bytes before they are sent.
fn body(properties: &impl Serialize) -> Bytes {
    #[derive(Serialize)]
    struct Body<'a, T> {
        properties: &'a T,
    }
    serde_json::to_vec_pretty(&Body { properties }).unwrap_or_default().into()
}

/// Undeletes an item with its recovery points, without starting backups again. `None` when it is not known which machine the item is of.
///
/// The body is the one that the Azure CLI sends, as recorded in 2024: an empty policy and stopped protection. Azure answers 202; an
/// [`Operation`](crate::arm::operation::Operation) follows, and a job.
#[must_use]
pub fn item(of: &ProtectedItem, version: &ApiVersion) -> Option<Call<Accepted>> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Item<'a> {
        protected_item_type: &'a ItemKind,
        source_resource_id: &'a ArmId,
        policy_id: &'static str,
        is_rehydrate: bool,
        protection_state: ProtectionState,
    }
    let properties = Item {
        protected_item_type: &of.kind,
        source_resource_id: of.source_resource_id.as_ref()?,
        policy_id: "",
        is_rehydrate: true,
        protection_state: ProtectionState::ProtectionStopped,
    };
    let action = "Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems/write";
    let path = child_url(&of.id, &[], version);
    let mut call = Call::begin("Undelete protected item", action, path, Some(body(&properties)));
    call.method = http::Method::PUT;
    Some(call.accepting(&[200, 202]))
}

/// A soft-deleted vault.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeletedVault {
    /// Its id in the list of deleted vaults of its region.
    pub id: ArmId,
    /// Its name in that list.
    pub name: String,
    /// The id that it had, and has again after the undeletion.
    pub vault: Option<ArmId>,
    /// When it was deleted, UTC.
    pub deleted_at: Option<OffsetDateTime>,
    /// When it is deleted for good, UTC. For a vault that was empty Azure gives a time before the deletion.
    pub purged_at: Option<OffsetDateTime>,
}

impl DeletedVault {
    /// A deleted vault of which only the id is known. The fields can be set afterwards.
    #[must_use]
    pub fn new(id: ArmId) -> Self {
        Self { name: id.name().to_owned(), vault: None, deleted_at: None, purged_at: None, id }
    }

    fn read(node: &NodeRef<'_>) -> DeletedVault {
        let (id, properties) = (node.need_id("id"), node.at("properties"));
        DeletedVault {
            name: node.text("name").unwrap_or_else(|| id.name().to_owned()),
            vault: properties.id("vaultId"),
            deleted_at: properties.time("vaultDeletionTime"),
            purged_at: properties.time("purgeAt"),
            id,
        }
    }
}

/// The deleted vaults of a subscription in a region: `/subscriptions/{s}/providers/Microsoft.RecoveryServices/locations/{region}`.
#[must_use]
pub fn vaults(location: &ArmId) -> Call<Page<DeletedVault>> {
    let path = child_url(location, &["deletedVaults"], &ApiVersion::DELETED_VAULTS);
    let action = "Microsoft.RecoveryServices/locations/deletedVaults/read";
    Call::get("List soft-deleted vaults", action, path, |node| Page::read(node, DeletedVault::read))
}

/// Undeletes a vault into a resource group, which must exist. Azure answers 202.
#[must_use]
pub fn vault(deleted: &DeletedVault, group: &ArmId) -> Call<Accepted> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Vault<'a> {
        recovery_resource_group_id: &'a ArmId,
    }
    let action = "Microsoft.RecoveryServices/locations/deletedVaults/undelete/action";
    let path = child_url(&deleted.id, &["undelete"], &ApiVersion::DELETED_VAULTS);
    Call::begin("Undelete vault", action, path, Some(body(&Vault { recovery_resource_group_id: group })))
        .accepting(&[200, 202])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backup::item::get;
    use crate::fixture::{VAULT, answer, id, misshapen, ok};
    use serde_json::{Value, json};

    const ITEM: &str = "/backupFabrics/Azure/protectionContainers/IaasVMContainer;iaasvmcontainerv2;rg;vm/protectedItems/VM;iaasvmcontainerv2;rg;vm";

    #[test]
    fn an_item_comes_back_by_the_request_of_microsofts_cli() {
        let source = "/subscriptions/s-1/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm";
        let read = |properties: Value| {
            let body = json!({ "id": format!("{VAULT}{ITEM}"), "properties": properties });
            get(&id(VAULT), &ApiVersion::BACKUP_DEFAULT).read(&ok(&body)).unwrap()
        };
        let known = json!({ "protectedItemType": "Microsoft.Compute/virtualMachines", "sourceResourceId": source });
        let call = item(&read(known), &ApiVersion::BACKUP_DEFAULT).unwrap();
        assert_eq!(call.line(), format!("PUT {VAULT}{}", ITEM.replace(';', "%3B")));
        let sent: Value = serde_json::from_slice(call.body.as_ref().unwrap()).unwrap();
        let expected = json!({ "properties": { "protectedItemType": "Microsoft.Compute/virtualMachines", "sourceResourceId": source,
            "policyId": "", "isRehydrate": true, "protectionState": "ProtectionStopped" } });
        assert_eq!(sent, expected);
        for status in [200, 202] {
            assert!(call.read(&answer(status, &[], "")).is_ok());
        }
        assert!(call.read(&answer(204, &[], "")).is_err() && call.read(&answer(409, &[], "{}")).is_err());
        assert!(item(&read(json!({})), &ApiVersion::BACKUP_DEFAULT).is_none(), "nobody knows of which machine it is");
    }

    #[test]
    fn deleted_vaults_are_listed_by_region_and_come_back_into_a_group() {
        let location = "/subscriptions/s-1/providers/Microsoft.RecoveryServices/locations/westeurope";
        let (list, at) = (vaults(&id(location)), format!("{location}/deletedVaults"));
        assert_eq!(list.line(), format!("GET {at}"));
        let one = json!({ "id": format!("{at}/v-1"), "name": "v-1", "properties": { "vaultId": VAULT,
            "vaultDeletionTime": "2026-07-01T10:00:00Z", "purgeAt": "2026-07-15T10:00:00Z" } });
        let page = list.read(&ok(&json!({ "value": [one, { "id": format!("{at}/v-2") }] }))).unwrap();
        assert_eq!(page.value[0].vault, Some(id(VAULT)));
        assert!(page.value[0].deleted_at < page.value[0].purged_at);
        assert_eq!((page.value[1].name.as_str(), &page.value[1].vault), ("v-2", &None));
        for body in misshapen(&json!({ "value": [one] })) {
            let _ = list.read(&ok(&body));
        }
        let call = vault(&page.value[0], &id("/subscriptions/s-1/resourceGroups/rg-1"));
        assert_eq!(call.line(), format!("POST {at}/v-1/undelete"));
        let sent: Value = serde_json::from_slice(call.body.as_ref().unwrap()).unwrap();
        assert_eq!(
            sent,
            json!({ "properties": { "recoveryResourceGroupId": "/subscriptions/s-1/resourceGroups/rg-1" } })
        );
    }
}
