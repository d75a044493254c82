//! What this browser remembers between visits, and under which names.

use azure_backup::arm::call::ApiVersion;
use azure_backup::arm::id::ArmId;
use azure_backup::arm::id::SubscriptionId;
use azure_backup::arm::stored::{Stored, member, object};
use serde_json::Value;

use super::sorted::Sorted;
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
pub type Drafts = Sorted<ArmId, Draft>;

impl Stored for Drafts {
    fn to_stored(&self) -> Value {
        Value::Object(self.iter().map(|(id, draft)| (id.as_str().to_owned(), draft.to_stored())).collect())
    }

    /// Without the drafts that a newer or damaged version of the app has written.
    fn from_stored(value: &Value) -> Option<Self> {
        let mut read = Self::default();
        for (id, value) in value.as_object()? {
            if let (Ok(id), Some(draft)) = (ArmId::parse(id), Draft::from_stored(value)) {
                read.insert(id, draft);
            }
        }
        Some(read)
    }
}

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
#[derive(Clone, Debug, PartialEq, Eq)]
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

impl Stored for Settings {
    fn to_stored(&self) -> Value {
        object(vec![("version", self.version.to_stored()), ("subscription", self.subscription.to_stored())])
    }

    fn from_stored(value: &Value) -> Option<Self> {
        let version = member::<Option<ApiVersion>>(value, "version")?.unwrap_or(ApiVersion::BACKUP_DEFAULT);
        Some(Self { version, subscription: member(value, "subscription")? })
    }
}

/// The api-versions that can be chosen, with a word on each.
pub const VERSIONS: [(ApiVersion, &str); 3] = [
    (ApiVersion::BACKUP_DEFAULT, "recommended"),
    (ApiVersion::SEED, "of Microsoft's REST article"),
    (ApiVersion::NEWEST, "newest known"),
];

/// The text of something to be remembered.
pub fn write<T: Stored>(value: &T) -> String {
    value.to_stored().to_string()
}

/// What was remembered, if it can be read.
pub fn read<T: Stored>(text: &str) -> Option<T> {
    T::from_stored(&json(text)?)
}

fn json(text: &str) -> Option<Value> {
    serde_json::from_slice(text.as_bytes()).ok()
}

/// Reads one list of records, leaving out those that a newer or damaged version of the app has written: one bad record must not lose the others.
pub fn restores(text: &str) -> Vec<Tracked> {
    let Some(Value::Array(values)) = json(text) else { return Vec::new() };
    values.iter().filter_map(Tracked::from_stored).collect()
}

/// Reads the drafts in the same manner.
pub fn drafts(text: &str) -> Drafts {
    read(text).unwrap_or_default()
}
