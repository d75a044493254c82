//! What this browser remembers between visits, and under which names.

use std::collections::BTreeMap;

use azure_backup::arm::call::ApiVersion;
use azure_backup::arm::id::ArmId;
use azure_backup::arm::id::SubscriptionId;
use serde::de::DeserializeOwned;
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

/// The text of something to be remembered. Through [`serde_json::Value`], like every other JSON of the app: each typed serializer would be compiled
/// for each format otherwise, and the page would be a third larger.
pub fn write<T: Serialize>(value: &T) -> String {
    // Plain data with text keys: there is nothing that JSON could refuse.
    serde_json::to_value(value).map(|v| v.to_string()).unwrap_or_default()
}

/// What was remembered, if it can be read.
pub fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_value(json(text)?).ok()
}

fn json(text: &str) -> Option<serde_json::Value> {
    serde_json::from_slice(text.as_bytes()).ok()
}

/// Reads one list of records, leaving out those that a newer or damaged version of the app has written: one bad record must not lose the others.
pub fn restores(text: &str) -> Vec<Tracked> {
    let Some(serde_json::Value::Array(values)) = json(text) else { return Vec::new() };
    values.into_iter().filter_map(|v| serde_json::from_value(v).ok()).collect()
}

/// Reads the drafts in the same manner.
pub fn drafts(text: &str) -> Drafts {
    let Some(serde_json::Value::Object(values)) = json(text) else { return Drafts::new() };
    values.into_iter().filter_map(|(id, v)| Some((ArmId::parse(&id).ok()?, serde_json::from_value(v).ok()?))).collect()
}
