//! What this browser remembers between visits, and under which names.

use std::collections::BTreeMap;

use azure_backup::arm::call::ApiVersion;
use azure_backup::arm::id::ArmId;
use azure_backup::arm::id::SubscriptionId;
use serde::{Deserialize, Serialize};

use crate::restore::draft::Draft;
use crate::restore::tracked::Tracked;

/// The restores of this browser.
pub const RESTORES: &str = "vm-restore/restores";
/// The drafts, by recovery point.
pub const DRAFTS: &str = "vm-restore/drafts";
/// The settings.
pub const SETTINGS: &str = "vm-restore/settings";

/// So many restores are remembered; the oldest finished ones go first.
pub const MOST_RESTORES: usize = 200;
/// So many drafts are remembered.
pub const MOST_DRAFTS: usize = 50;

/// Drafts by recovery point.
pub type Drafts = BTreeMap<ArmId, Draft>;

/// Everything remembered.
#[derive(Clone, Debug, Default)]
pub struct Saved {
    /// [`RESTORES`] as saved.
    pub restores: Option<String>,
    /// [`DRAFTS`] as saved.
    pub drafts: Option<String>,
    /// [`SETTINGS`] as saved.
    pub settings: Option<String>,
}

/// The settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Settings {
    /// The api-version of every Azure Backup call.
    pub version: ApiVersion,
    /// The subscription last looked into.
    pub subscription: Option<SubscriptionId>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { version: ApiVersion::BACKUP_DEFAULT, subscription: None }
    }
}

/// The api-versions that can be chosen, with a word on each.
pub const VERSIONS: [(ApiVersion, &str); 3] = [
    (ApiVersion::BACKUP_DEFAULT, "recommended"),
    (ApiVersion::SEED, "of Microsoft's REST article"),
    (ApiVersion::NEWEST, "newest known"),
];

/// Reads one list of records, leaving out those that a newer or damaged version of the app has written: one bad record must not lose the others.
pub fn restores(text: &str) -> Vec<Tracked> {
    let values: Vec<serde_json::Value> = serde_json::from_str(text).unwrap_or_default();
    values.into_iter().filter_map(|v| serde_json::from_value(v).ok()).collect()
}

/// Reads the drafts in the same manner.
pub fn drafts(text: &str) -> Drafts {
    let values: BTreeMap<String, serde_json::Value> = serde_json::from_str(text).unwrap_or_default();
    values.into_iter().filter_map(|(id, v)| Some((ArmId::parse(&id).ok()?, serde_json::from_value(v).ok()?))).collect()
}
