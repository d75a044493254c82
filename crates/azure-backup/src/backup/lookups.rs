//! What a restore chooses from: tenants, subscriptions, regions, groups, storage accounts, networks, identities, encryption sets; and
//! where the original machine is, so that it can be chosen first.

mod compute;
mod disks;
mod generic;
mod graph;
mod network;
mod scope;
mod sku;
mod storage;
mod usage;

pub use compute::{
    DiskAccess, DiskEncryptionSet, VirtualMachine, disk_accesses, disk_encryption_sets, virtual_machine,
};
pub use disks::{ManagedDisk, disks};
pub use generic::{api_version_of, exists};
pub use graph::{query_resource_groups, query_storage_accounts, query_virtual_networks};
pub use network::{
    Exits, NetworkInterface, Route, RouteTable, Subnet, VirtualNetwork, network_interface, route_table,
    virtual_networks,
};
pub use scope::{
    Location, ManagedIdentity, ResourceGroup, Subscription, Tenant, locations, managed_identities, resource_groups,
    subscriptions, tenants,
};
pub use sku::{Restriction, VmSize, vm_sizes};
pub use storage::{StorageAccount, storage_accounts};
pub use usage::{ComputeUsage, SubnetUsage, compute_usages, subnet_usages};

use crate::arm::{
    call::ApiVersion,
    id::{ArmId, Region, SubscriptionId},
    json::NodeRef,
};

/// The path `/subscriptions/{sub}/providers/{kind}?api-version=…`.
fn subscription_path(subscription: &SubscriptionId, kind: &str, version: &ApiVersion) -> String {
    format!("/subscriptions/{subscription}/providers/{kind}?api-version={version}")
}

fn region(node: &NodeRef<'_>) -> Region {
    Region::new(&node.text("location").unwrap_or_default())
}

/// The one that is marked as primary, or the only one. Where several could be meant, none is.
fn primary(all: &[(ArmId, bool)]) -> Option<&ArmId> {
    let mut marked = all.iter().filter(|(_, is_primary)| *is_primary);
    match (marked.next(), marked.next(), all) {
        (Some((id, _)), None, _) | (None, None, [(id, _)]) => Some(id),
        _ => None,
    }
}
