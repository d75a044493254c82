//! What this browser remembers between visits, and under which names.

use azure_backup::arm::call::ApiVersion;
use azure_backup::arm::id::ArmId;
use azure_backup::arm::id::SubscriptionId;
use azure_backup::arm::stored::{Stored, member, object};
use serde_json::Value;

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

/// Drafts by recovery point, the one changed last at the end.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drafts(Vec<(ArmId, Draft)>);

impl Drafts {
    /// The draft of a recovery point.
    pub fn get(&self, point: &ArmId) -> Option<&Draft> {
        self.0.iter().find(|(id, _)| id == point).map(|(_, draft)| draft)
    }

    /// Puts a draft at the end; of too many, the one longest unchanged goes.
    pub fn insert(&mut self, point: ArmId, draft: Draft) {
        self.0.retain(|(id, _)| *id != point);
        if self.0.len() >= MOST_DRAFTS {
            self.0.remove(0);
        }
        self.0.push((point, draft));
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}

impl Stored for Drafts {
    fn to_stored(&self) -> Value {
        Value::Object(self.0.iter().map(|(id, draft)| (id.as_str().to_owned(), draft.to_stored())).collect())
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
    /// Whether this tab has signed in before it was loaded anew, or comes back from signing in.
    pub signed_in: bool,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_too_many_drafts_the_one_longest_unchanged_goes() {
        let point = |n: usize| ArmId::parse(&format!("/points/{n}")).unwrap();
        let mut drafts = Drafts::default();
        for n in (0..MOST_DRAFTS).rev() {
            drafts.insert(point(n), Draft::default());
        }
        let last = point(MOST_DRAFTS - 1);
        drafts.insert(last.clone(), Draft { vm_name: "again".to_owned(), ..Draft::default() });
        drafts.insert(point(MOST_DRAFTS), Draft::default());
        assert!(drafts.get(&last).is_some_and(|draft| draft.vm_name == "again"));
        assert_eq!(drafts.get(&point(MOST_DRAFTS - 2)), None);
        let read: Drafts = read(&write(&drafts)).unwrap();
        assert_eq!(read, drafts, "the order survives a visit");
    }
}
