//! Storage accounts.

use super::{region, subscription_path};
use crate::arm::{
    call::{ApiVersion, Call},
    id::{ArmId, Region, SubscriptionId},
    json::NodeRef,
    page::Page,
};

/// A storage account, with what decides whether a restore can stage in it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct StorageAccount {
    /// Its id.
    pub id: ArmId,
    /// Its name.
    pub name: String,
    /// Its region.
    pub location: Region,
    /// `StorageV2`, `BlobStorage`, …
    pub kind: String,
    /// `Standard_LRS`, …
    pub sku: String,
    /// Whether only some networks may reach it: `networkAcls.defaultAction` is `Deny` or `publicNetworkAccess` is `Disabled`.
    pub network_restricted: bool,
    /// Whether Azure's own services pass its network rules: `networkAcls.bypass` names them.
    pub trusts_services: bool,
    /// `allowSharedKeyAccess`; `None` means allowed.
    pub shared_key_access: Option<bool>,
}

impl StorageAccount {
    /// An account that is open to all networks. `kind` and `sku` are Azure's words, such as `StorageV2` and `Standard_LRS`.
    #[must_use]
    pub fn new(id: ArmId, location: Region, kind: &str, sku: &str) -> Self {
        Self {
            name: id.name().to_owned(),
            location,
            kind: kind.to_owned(),
            sku: sku.to_owned(),
            network_restricted: false,
            trusts_services: true,
            shared_key_access: None,
            id,
        }
    }

    pub(super) fn read(node: &NodeRef<'_>) -> StorageAccount {
        let id = node.need_id("id");
        let properties = node.at("properties");
        let rules = properties.at("networkAcls");
        let (default_action, bypass) = (rules.text("defaultAction"), rules.text("bypass"));
        let public_access = properties.text("publicNetworkAccess");
        let is =
            |text: &Option<String>, word: &str| text.as_deref().is_some_and(|text| text.eq_ignore_ascii_case(word));
        StorageAccount {
            name: id.name().to_owned(),
            location: region(node),
            kind: node.text("kind").unwrap_or_default(),
            sku: node.at("sku").text("name").unwrap_or_default(),
            network_restricted: is(&default_action, "Deny") || is(&public_access, "Disabled"),
            trusts_services: bypass.is_none_or(|words| words.split(',').any(|word| word.trim() == "AzureServices")),
            shared_key_access: properties.flag("allowSharedKeyAccess"),
            id,
        }
    }
}

/// The storage accounts of a subscription.
#[must_use]
pub fn storage_accounts(subscription: &SubscriptionId) -> Call<Page<StorageAccount>> {
    let path = subscription_path(subscription, "Microsoft.Storage/storageAccounts", &ApiVersion::STORAGE);
    Call::get("List storage accounts", "Microsoft.Storage/storageAccounts/read", path, |node| {
        Page::read(node, StorageAccount::read)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::ok;
    use serde_json::{Value, json};

    #[test]
    fn network_restrictions_in_either_form() {
        let restricted = |properties: Value| {
            let body =
                json!({ "value": [{ "id": "/subscriptions/s/x/a", "location": "westus", "properties": properties }] });
            storage_accounts(&SubscriptionId::parse("s").unwrap())
                .read(&ok(&body))
                .unwrap()
                .value
                .remove(0)
                .network_restricted
        };
        assert!(restricted(json!({ "networkAcls": { "defaultAction": "deny" } })));
        assert!(restricted(json!({ "publicNetworkAccess": "Disabled" })));
        assert!(!restricted(json!({ "networkAcls": { "defaultAction": "Allow" }, "publicNetworkAccess": "Enabled" })));
        assert!(!restricted(json!(null)));
    }
}
