//! Bringing back what was deleted and is kept for a while yet: protected items, and whole vaults.

use super::{below, item::ProtectedItem};
use crate::arm::{
    call::{Accepted, ApiVersion, Call},
    id::ArmId,
    json::Node,
    page::Page,
};
use ::time::OffsetDateTime;
use serde_json::json;

/// Brings a soft-deleted item back, with its recovery points and without new backups. None where Azure does not say which machine it is of.
///
/// The body is that of Microsoft's CLI, as recorded in 2024: the policy is empty and the protection stopped, so nothing is backed up by it.
/// Answered by 202; an [`Operation`](crate::arm::operation::Operation) follows it, and a job.
#[must_use]
pub fn item(of: &ProtectedItem, version: &ApiVersion) -> Option<Call<Accepted>> {
    let body = json!({ "properties": {
        "protectedItemType": of.kind.as_str(),
        "sourceResourceId": of.source_resource_id.as_ref()?.as_str(),
        "policyId": "",
        "isRehydrate": true,
        "protectionState": "ProtectionStopped",
    } });
    let action = "Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems/write";
    let path = below(&of.id, &[], version);
    let mut call = Call::begin("Undelete protected item", action, path, Some(format!("{body:#}").into()));
    call.method = http::Method::PUT;
    Some(call.accepting(&[200, 202]))
}

/// A vault that was deleted and is kept for a while yet.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeletedVault {
    /// Its id among the deleted ones of its region.
    pub id: ArmId,
    /// Its name there.
    pub name: String,
    /// What its id was, and will be again.
    pub vault: Option<ArmId>,
    /// When it was deleted.
    pub deleted_at: Option<OffsetDateTime>,
    /// When it is gone for good. Azure also says a time before the deletion: then there was nothing in it.
    pub purged_at: Option<OffsetDateTime>,
}

impl DeletedVault {
    /// A deleted vault of which Azure tells nothing but its id.
    #[must_use]
    pub fn new(id: ArmId) -> Self {
        Self { name: id.name().to_owned(), vault: None, deleted_at: None, purged_at: None, id }
    }

    fn read(node: &Node<'_>) -> DeletedVault {
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
    let path = below(location, &["deletedVaults"], &ApiVersion::DELETED_VAULTS);
    let action = "Microsoft.RecoveryServices/locations/deletedVaults/read";
    Call::get("List soft-deleted vaults", action, path, |node| Page::read(node, DeletedVault::read))
}

/// Brings a deleted vault back into a resource group, which must exist. Answered by 202.
#[must_use]
pub fn vault(deleted: &DeletedVault, group: &ArmId) -> Call<Accepted> {
    let body = json!({ "properties": { "recoveryResourceGroupId": group.as_str() } });
    let action = "Microsoft.RecoveryServices/locations/deletedVaults/undelete/action";
    let path = below(&deleted.id, &["undelete"], &ApiVersion::DELETED_VAULTS);
    Call::begin("Undelete vault", action, path, Some(format!("{body:#}").into())).accepting(&[200, 202])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backup::item::get;
    use crate::fixture::{VAULT, answer, id, misshapen, ok};
    use serde_json::Value;

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
