//! Tenants, subscriptions, regions, resource groups and identities.

use super::{region, subscription_path};
use crate::arm::{
    call::{ApiVersion, Call},
    id::{ArmId, IdError, Region, SubscriptionId, TenantId},
    json::NodeRef,
    page::Page,
};

/// A directory.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Tenant {
    /// Its id.
    pub id: TenantId,
    /// Its name; the id when Azure does not tell.
    pub name: String,
}

/// A subscription.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Subscription {
    /// Its id.
    pub id: SubscriptionId,
    /// Its name.
    pub name: String,
    /// `Enabled`, `Disabled`, …
    pub state: String,
    /// Its tenant.
    pub tenant_id: Option<TenantId>,
}

/// A region that a subscription can use.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Location {
    /// `westeurope`.
    pub name: Region,
    /// `West Europe`.
    pub display_name: String,
    /// `metadata.pairedRegion`.
    pub paired: Vec<Region>,
}

/// A resource group.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ResourceGroup {
    /// Its id.
    pub id: ArmId,
    /// Its name.
    pub name: String,
    /// Its region.
    pub location: Region,
}

/// A user-assigned managed identity.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ManagedIdentity {
    /// Its id.
    pub id: ArmId,
    /// Its name.
    pub name: String,
    /// Its region.
    pub location: Region,
    /// Its object id.
    pub principal_id: Option<String>,
}

impl Tenant {
    /// A directory with the name that people know it by.
    #[must_use]
    pub fn new(id: TenantId, name: &str) -> Self {
        Self { id, name: name.to_owned() }
    }
}

impl Subscription {
    /// An enabled subscription whose tenant is not known.
    #[must_use]
    pub fn new(id: SubscriptionId, name: &str) -> Self {
        Self { id, name: name.to_owned(), state: "Enabled".to_owned(), tenant_id: None }
    }
}

impl Location {
    /// A region, and the regions that it is paired with.
    #[must_use]
    pub fn new(name: Region, display_name: &str, paired: Vec<Region>) -> Self {
        Self { name, display_name: display_name.to_owned(), paired }
    }
}

impl ResourceGroup {
    /// A group, named by its id.
    #[must_use]
    pub fn new(id: ArmId, location: Region) -> Self {
        Self { name: id.name().to_owned(), location, id }
    }
}

impl ManagedIdentity {
    /// A user-assigned identity whose object id is not known.
    #[must_use]
    pub fn new(id: ArmId, location: Region) -> Self {
        Self { name: id.name().to_owned(), location, principal_id: None, id }
    }
}

/// The tenants that the caller belongs to.
#[must_use]
pub fn tenants() -> Call<Page<Tenant>> {
    let path = format!("/tenants?api-version={}", ApiVersion::SUBSCRIPTIONS);
    Call::get("List tenants", "Microsoft.Resources/tenants/read", path, |node| {
        Page::read(node, |node| {
            let id = name(node, "tenantId", TenantId::parse, TenantId::placeholder);
            Tenant { name: node.text("displayName").unwrap_or_else(|| id.to_string()), id }
        })
    })
}

/// The subscriptions that the caller can see.
#[must_use]
pub fn subscriptions() -> Call<Page<Subscription>> {
    let path = format!("/subscriptions?api-version={}", ApiVersion::SUBSCRIPTIONS);
    Call::get("List subscriptions", "Microsoft.Resources/subscriptions/read", path, |node| {
        Page::read(node, |node| {
            let id = name(node, "subscriptionId", SubscriptionId::parse, SubscriptionId::placeholder);
            Subscription {
                name: node.text("displayName").unwrap_or_else(|| id.to_string()),
                state: node.text("state").unwrap_or_default(),
                tenant_id: node.text("tenantId").and_then(|text| TenantId::parse(&text).ok()),
                id,
            }
        })
    })
}

/// The regions of a subscription.
#[must_use]
pub fn locations(subscription: &SubscriptionId) -> Call<Page<Location>> {
    let path = format!("/subscriptions/{subscription}/locations?api-version={}", ApiVersion::SUBSCRIPTIONS);
    Call::get("List locations", "Microsoft.Resources/subscriptions/locations/read", path, |node| {
        Page::read(node, |node| {
            let name = node.need_text("name");
            let paired = node.at("metadata").list("pairedRegion", |node| node.need_text("name"));
            Location {
                display_name: node.text("displayName").unwrap_or_else(|| name.clone()),
                name: Region::new(&name),
                paired: paired.iter().map(|name| Region::new(name)).collect(),
            }
        })
    })
}

/// The resource groups of a subscription.
#[must_use]
pub fn resource_groups(subscription: &SubscriptionId) -> Call<Page<ResourceGroup>> {
    let path = format!("/subscriptions/{subscription}/resourcegroups?api-version={}", ApiVersion::RESOURCES);
    Call::get("List resource groups", "Microsoft.Resources/subscriptions/resourceGroups/read", path, |node| {
        Page::read(node, |node| ResourceGroup::new(node.need_id("id"), region(node)))
    })
}

/// The user-assigned identities of a subscription.
#[must_use]
pub fn managed_identities(subscription: &SubscriptionId) -> Call<Page<ManagedIdentity>> {
    let kind = "Microsoft.ManagedIdentity/userAssignedIdentities";
    let path = subscription_path(subscription, kind, &ApiVersion::MANAGED_IDENTITY);
    Call::get("List managed identities", "Microsoft.ManagedIdentity/userAssignedIdentities/read", path, |node| {
        Page::read(node, |node| {
            let id = node.need_id("id");
            let principal_id = node.at("properties").text("principalId");
            ManagedIdentity { principal_id, ..ManagedIdentity::new(id, region(node)) }
        })
    })
}

fn name<T>(node: &NodeRef<'_>, key: &str, parse: fn(&str) -> Result<T, IdError>, none: fn() -> T) -> T {
    parse(&node.need_text(key)).unwrap_or_else(|_| {
        node.at(key).record_mismatch("an ID");
        none()
    })
}
