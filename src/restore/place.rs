//! What is restored, and in which region.

use azure_backup::arm::id::{ArmId, Region, SubscriptionId};
use azure_backup::backup::cross_region;

/// A protected item or one of its recovery points, in its own region or as its vault replicates it to the secondary one. The id is
/// the same in both; recovery points, drafts and restores are not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The item or the point.
    pub id: ArmId,
    /// The secondary region; none = the vault's own.
    pub secondary: Option<Region>,
}

impl From<ArmId> for Place {
    /// In the vault's own region.
    fn from(id: ArmId) -> Self {
        Self { id, secondary: None }
    }
}

impl Place {
    /// Something else in the same region.
    pub fn with(&self, id: ArmId) -> Self {
        Self { id, secondary: self.secondary.clone() }
    }

    /// The protected item of a recovery point.
    pub fn item(&self) -> Option<Self> {
        self.id.up_to("protectedItems").map(|id| self.with(id))
    }

    /// The vault.
    pub fn vault(&self) -> Option<ArmId> {
        self.id.up_to("vaults")
    }
}

/// What answers in the secondary region for the subscription that `id` is in.
pub fn location(id: &ArmId, region: &Region) -> Option<ArmId> {
    cross_region::location(&SubscriptionId::parse(id.subscription()?).ok()?, region)
}
