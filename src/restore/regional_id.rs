//! An item or a recovery point together with the region whose copy is meant.

use azure_backup::arm::id::{ArmId, Region, SubscriptionId};
use azure_backup::backup::cross_region;

/// A protected item or recovery point, in the vault's own region or as the vault replicates it to the secondary one. The ids are the
/// same in both regions; recovery points, drafts and restores are not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegionalId {
    /// The item or the point.
    pub id: ArmId,
    /// The secondary region; none = the vault's own.
    pub secondary: Option<Region>,
}

impl From<ArmId> for RegionalId {
    /// In the vault's own region.
    fn from(id: ArmId) -> Self {
        Self { id, secondary: None }
    }
}

impl RegionalId {
    /// Another id in the same region.
    pub fn with(&self, id: ArmId) -> Self {
        Self { id, secondary: self.secondary.clone() }
    }

    /// The protected item of a recovery point.
    pub fn item(&self) -> Option<Self> {
        self.id.up_to("protectedItems").map(|id| self.with(id))
    }

    /// The id that its draft is stored under: for a recovery point, its protected item.
    pub fn of_draft(&self) -> Self {
        self.item().unwrap_or_else(|| self.clone())
    }

    /// A text that identifies it: the id, preceded by the secondary region if there is one. Azure's ids are compared without case.
    pub fn key(&self) -> String {
        let region = self.secondary.as_ref().map(Region::key).unwrap_or_default();
        region + &self.id.as_str().to_ascii_lowercase()
    }

    /// Parses a [`key`](Self::key).
    pub fn from_key(key: &str) -> Option<Self> {
        let (region, _) = key.split_once('/')?;
        let secondary = (!region.is_empty()).then(|| Region::new(region));
        Some(Self { id: ArmId::parse(&key[region.len()..]).ok()?, secondary })
    }

    /// The vault.
    pub fn vault(&self) -> Option<ArmId> {
        self.id.up_to("vaults")
    }
}

/// The ARM id of the location that answers for the secondary region, in the subscription of `id`.
pub fn location_id(id: &ArmId, region: &Region) -> Option<ArmId> {
    cross_region::location(&SubscriptionId::parse(id.subscription()?).ok()?, region)
}
