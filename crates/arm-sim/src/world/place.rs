//! Tenants, subscriptions and resource groups.

/// A Microsoft Entra tenant.
#[derive(Debug)]
pub(crate) struct Tenant {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    pub(crate) domain: &'static str,
    pub(crate) category: &'static str,
}

/// A subscription.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subscription {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    pub(crate) tenant: &'static Tenant,
    /// Whether it is registered for `Microsoft.RecoveryServices`.
    pub(crate) registered: bool,
}

/// A resource group.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    pub(crate) subscription: &'static str,
    pub(crate) name: &'static str,
    pub(crate) region: &'static str,
}

impl Group {
    /// Its ARM id.
    pub(crate) fn id(&self) -> String {
        group_id(self.subscription, self.name)
    }
}

/// An Azure region.
#[derive(Debug)]
pub(crate) struct Region {
    pub(crate) name: &'static str,
    pub(crate) display: &'static str,
    pub(crate) pair: &'static str,
    pub(crate) zones: bool,
}

/// The ARM id of a resource group.
pub(crate) fn group_id(subscription: &str, group: &str) -> String {
    format!("/subscriptions/{subscription}/resourceGroups/{group}")
}

/// The ARM id of Azure Backup in a region.
pub(crate) fn location_id(subscription: &str, region: &str) -> String {
    format!("/subscriptions/{subscription}/providers/Microsoft.RecoveryServices/locations/{region}")
}

/// The ARM id of a resource; `kind` is as in `Microsoft.Compute/disks`.
pub(crate) fn resource_id(subscription: &str, group: &str, kind: &str, name: &str) -> String {
    format!("{}/providers/{kind}/{name}", group_id(subscription, group))
}
