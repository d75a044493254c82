//! Recovery Services vaults.

use super::place::{group_id, resource_id};
use crate::seed::places::REGIONS;

/// How a vault keeps its data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Redundancy {
    Local,
    Geo,
    Zone,
}

impl Redundancy {
    /// As `redundancySettings` spells it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Local => "LocallyRedundant",
            Self::Geo => "GeoRedundant",
            Self::Zone => "ZoneRedundant",
        }
    }
}

/// A vault.
#[derive(Debug, Clone)]
pub(crate) struct Vault {
    pub(crate) subscription: &'static str,
    pub(crate) group: &'static str,
    pub(crate) name: &'static str,
    pub(crate) region: &'static str,
    pub(crate) redundancy: Redundancy,
    /// Cross-region restore is enabled.
    pub(crate) cross_region: bool,
    /// `crossSubscriptionRestoreState`.
    pub(crate) cross_subscription: &'static str,
    /// Encrypted at rest with the customer's key.
    pub(crate) customer_key: bool,
    /// Has a system-assigned identity.
    pub(crate) system_identity: bool,
    /// The name of its user-assigned identity, in its own resource group.
    pub(crate) user_identity: Option<&'static str>,
    /// Restores are guarded by a resource guard (multi-user authorization).
    pub(crate) guarded: bool,
    /// Backs up virtual machines of other regions, too (Region of Choice).
    pub(crate) region_of_choice: bool,
    /// Soft-deleted: does not exist until somebody undeletes it.
    pub(crate) deleted: bool,
}

impl Vault {
    /// Its ARM id.
    pub(crate) fn id(&self) -> String {
        resource_id(self.subscription, self.group, "Microsoft.RecoveryServices/vaults", self.name)
    }

    /// The region that its data is replicated to and can be restored in; none without cross-region restore.
    pub(crate) fn secondary(&self) -> Option<&'static str> {
        REGIONS.iter().find(|r| self.cross_region && r.name == self.region).map(|r| r.pair)
    }

    /// The ARM id of its user-assigned identity.
    pub(crate) fn user_identity_id(&self) -> Option<String> {
        self.user_identity.map(|name| {
            resource_id(self.subscription, self.group, "Microsoft.ManagedIdentity/userAssignedIdentities", name)
        })
    }

    /// The request id that a guarded restore has to contain.
    pub(crate) fn guard_request(&self) -> String {
        format!("{}/triggerRestoreRequests/default", self.guard())
    }

    /// The ARM id of its resource guard.
    pub(crate) fn guard(&self) -> String {
        format!(
            "{}/providers/Microsoft.DataProtection/resourceGuards/guard-01",
            group_id(self.subscription, self.group)
        )
    }
}
