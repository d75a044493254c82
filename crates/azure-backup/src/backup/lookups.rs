//! What a restore chooses from: tenants, subscriptions, regions, groups, storage accounts, networks, identities, encryption sets.

mod compute;
mod generic;
mod network;
mod scope;
mod storage;

pub use compute::{DiskAccess, DiskEncryptionSet, disk_accesses, disk_encryption_sets};
pub use generic::{api_version_of, exists};
pub use network::{Subnet, VirtualNetwork, virtual_networks};
pub use scope::{
    Location, ManagedIdentity, ResourceGroup, Subscription, Tenant, locations, managed_identities, resource_groups,
    subscriptions, tenants,
};
pub use storage::{StorageAccount, storage_accounts};

use crate::arm::{
    call::ApiVersion,
    id::{Region, SubscriptionId},
    json::NodeRef,
};

/// The path `/subscriptions/{sub}/providers/{kind}?api-version=…`.
fn of_subscription(subscription: &SubscriptionId, kind: &str, version: &ApiVersion) -> String {
    format!("/subscriptions/{subscription}/providers/{kind}?api-version={version}")
}

fn region(node: &NodeRef<'_>) -> Region {
    Region::new(&node.text("location").unwrap_or_default())
}
