//! What a restore chooses from, in several subscriptions at once, by Resource Graph.

use super::network::{as_expected, peering};
use super::{ResourceGroup, StorageAccount, Subnet, VirtualNetwork, region};
use crate::arm::{
    graph::{Identified, Query, ReadRow, Scope, literal},
    id::ArmId,
};

impl Identified for VirtualNetwork {
    fn id(&self) -> &ArmId {
        &self.id
    }
}

impl Identified for ResourceGroup {
    fn id(&self) -> &ArmId {
        &self.id
    }
}

impl Identified for StorageAccount {
    fn id(&self) -> &ArmId {
        &self.id
    }
}

fn query<T: 'static>(
    name: &'static str,
    (table, kind, columns): (&str, &str, &str),
    scope: Scope,
    text: &str,
    row: ReadRow<T>,
) -> Query<T> {
    let containing = match text {
        "" => String::new(),
        text => format!("\n| where name contains {}", literal(text)),
    };
    let kind = literal(kind);
    let query =
        format!("{table}\n| where type =~ {kind}{containing}\n| project id, location{columns}\n| order by id asc");
    Query::new(name, query, scope, row)
}

/// The virtual networks of several subscriptions whose name contains `text`, with their subnets; all of them where it is empty.
#[must_use]
pub fn query_virtual_networks(scope: Scope, text: &str) -> Query<VirtualNetwork> {
    let of = (
        "resources",
        "microsoft.network/virtualnetworks",
        ", subnets = properties.subnets, peerings = properties.virtualNetworkPeerings",
    );
    query("Query virtual networks", of, scope, text, |node| {
        let subnets = node.list("subnets", |subnet| subnet.id("id").map(|_| Subnet::read(subnet)));
        let network = VirtualNetwork::new(node.id("id")?, region(node), subnets.into_iter().flatten().collect());
        Some(VirtualNetwork {
            peerings: as_expected(node, |node| node.list_if_any("peerings", peering)).flatten(),
            ..network
        })
    })
}

/// The resource groups of several subscriptions whose name contains `text`; all of them where it is empty.
#[must_use]
pub fn query_resource_groups(scope: Scope, text: &str) -> Query<ResourceGroup> {
    let of = ("resourcecontainers", "microsoft.resources/subscriptions/resourcegroups", "");
    query("Query resource groups", of, scope, text, |node| Some(ResourceGroup::new(node.id("id")?, region(node))))
}

/// The storage accounts of several subscriptions whose name contains `text`; all of them where it is empty.
#[must_use]
pub fn query_storage_accounts(scope: Scope, text: &str) -> Query<StorageAccount> {
    let of = ("resources", "microsoft.storage/storageaccounts", ", kind, sku, properties");
    query("Query storage accounts", of, scope, text, |node| {
        node.id("id")?;
        Some(StorageAccount::read(node))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::ok;
    use serde_json::json;

    const GROUP: &str = "/subscriptions/s/resourceGroups/g";

    #[test]
    fn rows_are_what_the_lists_of_one_subscription_would_say() {
        let network = format!("{GROUP}/providers/Microsoft.Network/virtualNetworks/n");
        let subnet = json!({ "id": format!("{network}/subnets/d"), "properties": { "addressPrefix": "10.0.0.0/24" } });
        let row = json!({ "id": network, "location": "westeurope", "subnets": [subnet, { "id": "no id" }, 7] });
        let found = query_virtual_networks(Scope::TENANT, "").first().read(&ok(&json!({ "data": [row] }))).unwrap();
        assert_eq!((found.rows[0].name.as_str(), found.rows[0].location.key().as_str()), ("n", "westeurope"));
        assert_eq!(found.rows[0].subnets.len(), 1, "what is no subnet is left out");
        assert_eq!(found.rows[0].subnets[0].prefix.as_deref(), Some("10.0.0.0/24"));

        let account = format!("{GROUP}/providers/Microsoft.Storage/storageAccounts/a");
        let properties = json!({ "networkAcls": { "defaultAction": "Deny" }, "allowSharedKeyAccess": false });
        let row = json!({ "id": account, "location": "westeurope", "kind": "StorageV2", "sku": { "name": "Standard_LRS" }, "properties": properties });
        let found = query_storage_accounts(Scope::TENANT, "").first().read(&ok(&json!({ "data": [row, {}] }))).unwrap();
        assert_eq!((found.rows[0].sku.as_str(), found.rows[0].network_restricted), ("Standard_LRS", true));
        assert_eq!((found.rows[0].shared_key_access, found.unreadable), (Some(false), 1));

        let found =
            query_resource_groups(Scope::TENANT, "").first().read(&ok(&json!({ "data": [{ "id": GROUP }] }))).unwrap();
        assert_eq!(found.rows[0].name, "g");
    }

    #[test]
    fn what_is_searched_for_stays_text() {
        let query = query_resource_groups(Scope::TENANT, "rg' or 1 == 1 | project *");
        assert!(query.text().contains(r"| where name contains 'rg\' or 1 == 1 | project *'"), "{}", query.text());
        assert!(!query_resource_groups(Scope::TENANT, "").text().contains("contains"));
    }
}
