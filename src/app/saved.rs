//! What this browser remembers between visits, and under which names.

use std::borrow::Borrow;
use std::collections::BTreeSet;

use azure_backup::arm::call::ApiVersion;
use azure_backup::arm::id::SubscriptionId;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::{Duration, OffsetDateTime};

use super::local_time::TimeZone;
use super::plans::PlanRecord;
use super::records::{Change, Record};
use crate::restore::draft::Draft;
use crate::restore::owner::Owner;
use crate::restore::plan::sha256;
use crate::restore::regional_id::RegionalId;
use crate::restore::run::RestoreRun;

/// The store of the restores, one record each, by client request id.
pub const RESTORES: &str = "vm-restore/restores";
/// The store of the drafts, one record each, by protected item. Older versions kept one for each recovery point.
pub const DRAFTS: &str = "vm-restore/drafts";
/// The store of the recovery plans, one record each, by id.
pub const PLANS: &str = "vm-restore/plans";
/// What following restores has cost within the last hour: see [`super::quotas`].
pub const READS: &str = "vm-restore/reads";
/// The file recoveries that this browser has started: see [`super::file_recovery::FileSessions`].
pub const FILE_RECOVERY: &str = "vm-restore/file-recovery";
/// The requests about restored disks, and the undeletions, that this browser has sent: see [`super::sent::SentRequests`].
pub const SENT_REQUESTS: &str = "vm-restore/sent-requests";
/// What was saved and cannot be read: by a newer version of the app, or damaged.
pub const QUARANTINE: &str = "vm-restore/quarantine";
/// The settings.
pub const SETTINGS: &str = "vm-restore/settings";
/// The world of the demo.
pub const DEMO_WORLD: &str = "vm-restore/demo-world";

/// So many finished restores are remembered; the oldest go first.
pub const MAX_FINISHED: usize = 10_000;
/// So many entries that cannot be read are kept, the newest.
pub const MAX_UNREAD: usize = 20;
/// The shape in which restores are saved. The first one was a bare list.
const SHAPE: u64 = 2;

/// Everything remembered.
#[derive(Clone, Debug, Default)]
pub struct Saved {
    /// The records of restores.
    pub restores: Vec<Record>,
    /// The drafts.
    pub drafts: Vec<Record>,
    /// The recovery plans.
    pub plans: Vec<Record>,
    /// What versions before the database have saved of restores in `localStorage`, each entry with its name there: see [`older_restores`].
    pub older_restores: Vec<Record>,
    /// The same of drafts.
    pub older_drafts: Vec<Record>,
    /// [`SETTINGS`] as saved.
    pub settings: Option<String>,
    /// [`READS`] as saved.
    pub reads: Option<String>,
    /// [`FILE_RECOVERY`] as saved.
    pub file_recovery: Option<String>,
    /// [`SENT_REQUESTS`] as saved.
    pub sent_requests: Option<String>,
    /// [`QUARANTINE`] as saved.
    pub quarantine: Option<String>,
    /// Why the browser keeps nothing for this page at all, or does not give what it keeps, and what to do; none = it does.
    pub forbidden: Option<String>,
    /// Whether this tab has signed in before it was loaded anew, or comes back from signing in.
    pub signed_in: bool,
}

/// The api-versions of the Azure Backup calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Versions {
    /// Of those that the vault's own region answers.
    pub primary: ApiVersion,
    /// Of those that the secondary region answers.
    pub secondary: ApiVersion,
    /// How many of [`READING`] this cloud has refused. Kept for the session only.
    pub refused: usize,
}

/// With which api-versions items and recovery points are read, the best first: threats, tiers of Instant Access and sizes of disks came with them.
pub const READING: [ApiVersion; 2] = [ApiVersion::NEWEST, ApiVersion::THREATS];

impl Default for Versions {
    fn default() -> Self {
        Self { primary: ApiVersion::BACKUP_DEFAULT, secondary: ApiVersion::CROSS_REGION_DEFAULT, refused: 0 }
    }
}

impl Versions {
    /// The api-version that items and recovery points are read with: a newer one than that of the restore, where the cloud has it. A version
    /// older than the recommended one was chosen by hand, and is used for everything.
    pub fn reading(&self) -> &ApiVersion {
        let newer = READING.get(self.refused).filter(|newer| **newer > self.primary);
        newer.filter(|_| self.primary >= ApiVersion::BACKUP_DEFAULT).unwrap_or(&self.primary)
    }
}

/// The settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "StoredSettings", into = "StoredSettings")]
pub struct Settings {
    /// The api-versions of the Azure Backup calls.
    pub versions: Versions,
    /// The subscription last looked into.
    pub subscription: Option<SubscriptionId>,
    /// Finished restores are kept for so many days.
    pub keep_days: u16,
    /// What signing out does with the records of the account.
    pub on_sign_out: OnSignOut,
    /// In which time zone times are shown.
    pub time_zone: TimeZone,
}

/// What signing out does with the records of the account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum OnSignOut {
    /// They are shown again when it signs in again.
    #[default]
    #[serde(rename = "hide")]
    Hide,
    /// Those of finished restores, and the drafts, leave the browser; those that run are hidden.
    #[serde(rename = "delete")]
    Delete,
}

/// For how many days finished restores can be kept.
pub const KEEP_DAYS: [u16; 4] = [7, 30, 90, 365];
/// For how many they are kept, unless the operator says otherwise.
const KEPT_DAYS: u16 = 90;

impl Default for Settings {
    fn default() -> Self {
        Self {
            versions: Versions::default(),
            subscription: None,
            keep_days: KEPT_DAYS,
            on_sign_out: OnSignOut::default(),
            time_zone: TimeZone::default(),
        }
    }
}

/// The settings as they are stored. What older versions left out is as in the settings of a new browser.
#[derive(Serialize, Deserialize)]
struct StoredSettings {
    #[serde(rename = "version")]
    version: Option<ApiVersion>,
    #[serde(rename = "secondaryVersion")]
    secondary_version: Option<ApiVersion>,
    #[serde(rename = "subscription")]
    subscription: Option<SubscriptionId>,
    #[serde(rename = "keepDays")]
    keep_days: Option<u16>,
    #[serde(rename = "onSignOut")]
    on_sign_out: Option<OnSignOut>,
    #[serde(rename = "timeZone", skip_serializing_if = "Option::is_none")]
    time_zone: Option<TimeZone>,
}

impl From<Settings> for StoredSettings {
    fn from(settings: Settings) -> Self {
        Self {
            version: Some(settings.versions.primary),
            secondary_version: Some(settings.versions.secondary),
            subscription: settings.subscription,
            keep_days: Some(settings.keep_days),
            on_sign_out: Some(settings.on_sign_out),
            time_zone: Some(settings.time_zone).filter(|zone| *zone != TimeZone::default()),
        }
    }
}

impl From<StoredSettings> for Settings {
    fn from(stored: StoredSettings) -> Self {
        let usual = Self::default();
        let versions = Versions {
            primary: stored.version.unwrap_or(usual.versions.primary),
            secondary: stored.secondary_version.unwrap_or(usual.versions.secondary),
            ..Versions::default()
        };
        Self {
            versions,
            subscription: stored.subscription,
            keep_days: stored.keep_days.unwrap_or(usual.keep_days),
            on_sign_out: stored.on_sign_out.unwrap_or(usual.on_sign_out),
            time_zone: stored.time_zone.unwrap_or(usual.time_zone),
        }
    }
}

/// The api-versions that can be chosen, with a word on each.
pub const VERSIONS: [(ApiVersion, &str); 4] = [
    (ApiVersion::BACKUP_DEFAULT, "recommended"),
    (ApiVersion::TUTORIAL, "from Microsoft's REST documentation"),
    (ApiVersion::THREATS, "encryption of a confidential machine's data disks"),
    (ApiVersion::NEWEST, "latest supported"),
];

/// Those of cross-region restore.
pub const SECONDARY_VERSIONS: [(ApiVersion, &str); 3] = [
    (ApiVersion::CROSS_REGION_DEFAULT, "recommended"),
    (ApiVersion::CROSS_REGION_TUTORIAL, "from Microsoft's REST documentation"),
    (ApiVersion::CROSS_REGION_NEWEST, "latest supported"),
];

/// The text of something to be remembered.
pub fn write<T: Serialize>(value: &T) -> String {
    // Nothing that is remembered has a map with other keys than text, which is all that JSON could refuse.
    serde_json::to_string(value).unwrap_or_default()
}

/// What was remembered, if it can be read.
pub fn read<T: for<'de> Deserialize<'de>>(text: &str) -> Option<T> {
    T::deserialize(&json(text)?).ok()
}

fn json(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok()
}

/// What an object holds. serde would take a list of the members' values as well.
fn object<T: for<'de> Deserialize<'de>>(value: &Value) -> Option<T> {
    if value.is_object() { T::deserialize(value).ok() } else { None }
}

/// An entry that cannot be read, as it was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuarantinedEntry {
    /// When it was found.
    #[serde(rename = "at", with = "azure_backup::arm::bounds::time")]
    pub at: OffsetDateTime,
    /// Under which key.
    #[serde(rename = "key")]
    pub key: String,
    /// What it is.
    #[serde(rename = "text")]
    pub text: String,
}

/// What was read of a saved text, and what could not be.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Loaded<T> {
    /// What was read.
    pub read: T,
    /// Whether the text as a whole is of this version of the app, or of an older one.
    pub known: bool,
    /// The rest, verbatim.
    pub unread: Vec<String>,
}

/// The restores as they are saved.
pub fn restores_text(restores: impl Iterator<Item: Borrow<RestoreRun>>) -> String {
    #[derive(Serialize)]
    struct Stored<'a> {
        version: u64,
        restores: Vec<&'a RestoreRun>,
    }
    let all: Vec<_> = restores.collect();
    write(&Stored { version: SHAPE, restores: all.iter().map(Borrow::borrow).collect() })
}

/// How far ahead of this computer's clock a record may begin: the clock may be in the wrong time zone, now or then.
const CLOCK_SKEW: Duration = Duration::days(1);

/// Whether the parts of a record fit together: its request is the one of its hash, and it does not begin in the future.
fn fits(restore: &RestoreRun, now: OffsetDateTime) -> bool {
    let whole = restore.submitted.as_ref().is_none_or(|asked| sha256(asked.text.as_bytes()) == asked.sha256);
    whole && restore.started <= now.saturating_add(CLOCK_SKEW)
}

/// Reads the restores. One bad record does not lose the others, and is not lost itself.
pub fn restores(text: &str, now: OffsetDateTime) -> Loaded<Vec<RestoreRun>> {
    let value = json(text).unwrap_or_default();
    // One record alone is what was set aside of a list.
    let value = if value.get("stage").is_some() { Value::Array(vec![value]) } else { value };
    let first = value.as_array();
    let records = match &value {
        _ if value.get("version").and_then(Value::as_u64) == Some(SHAPE) => value["restores"].as_array(),
        _ => first,
    };
    let Some(records) = records else {
        return Loaded { unread: vec![text.to_owned()], ..Loaded::default() };
    };
    let mut found: Loaded<Vec<RestoreRun>> = Loaded { known: true, ..Loaded::default() };
    let mut ids = BTreeSet::new();
    for record in records {
        let read = object(record).map(|mut restore: RestoreRun| {
            if first.is_some() && restore.submitted.is_none() {
                // The first shape had what was asked for beside the rest.
                restore.submitted = object(record);
            }
            if let (true, Some(asked)) = (restore.owner.is_unknown(), &restore.submitted) {
                // Older versions wrote down who had started it, and no owner.
                restore.owner = Owner::new(asked.who.as_deref(), asked.tenant.as_deref());
            }
            restore
        });
        // Of two records of one id, whatever is shown would be of one and what is done of the other.
        match read.filter(|restore| fits(restore, now) && ids.insert(restore.id.clone())) {
            Some(restore) => found.read.push(restore),
            None => found.unread.push(record.to_string()),
        }
    }
    found
}

/// Reads the record of one restore that was saved under this key.
pub fn restore((key, text): &Record, now: OffsetDateTime) -> Option<RestoreRun> {
    let found = restores(text, now);
    let whole = found.known && found.unread.is_empty() && found.read.len() == 1;
    found.read.into_iter().next().filter(|restore| whole && restore.id.as_str() == key)
}

/// A restore as it is saved.
pub fn restore_record(restore: &RestoreRun) -> Record {
    (restore.id.as_str().to_owned(), write(restore))
}

/// Reads the record of a recovery plan that was saved under this key.
pub fn plan((key, text): &Record) -> Option<PlanRecord> {
    let record: PlanRecord = object(&json(text)?)?;
    (record.plan.id.as_str() == key && record.is_sound()).then_some(record)
}

/// Reads one draft. One that an older version has kept for a recovery point comes with that point.
pub fn draft((key, text): &Record) -> Option<(RegionalId, Draft)> {
    draft_of(key, &json(text)?)
}

fn draft_of(key: &str, value: &Value) -> Option<(RegionalId, Draft)> {
    let place = RegionalId::from_key(key)?;
    let mut draft: Draft = object(value)?;
    if is_older_key(&place) && draft.point.is_none() {
        draft.point = Some(place.id.name().to_owned());
    }
    Some((place, draft))
}

/// Whether an older version has kept a draft there: for a recovery point.
pub fn is_older_key(place: &RegionalId) -> bool {
    place.of_draft() != *place
}

/// Reads an entry of `localStorage` that holds restores: one restore, where its name ends with a key (versions of December 2026), or all of
/// them in one text (versions before).
pub fn older_restores((name, text): &Record, now: OffsetDateTime) -> Loaded<Vec<RestoreRun>> {
    match key_of(RESTORES, name) {
        Some(key) => one(restore(&(key, text.clone()), now), text),
        None => restores(text, now),
    }
}

/// The same of drafts.
pub fn older_drafts((name, text): &Record) -> Loaded<Vec<(RegionalId, Draft)>> {
    match key_of(DRAFTS, name) {
        Some(key) => one(draft(&(key, text.clone())), text),
        None => drafts(text),
    }
}

/// What these changes of a store make of the entries that older versions have left of it: the name of each entry that changes, with its new
/// text; none where the entry is to be removed. Else the next start would believe what they say of a record that was removed.
pub fn older_after(store: &str, entries: &[Record], changes: &[Change]) -> Vec<(String, Option<String>)> {
    let cleared = changes.contains(&Change::Clear);
    let deleted: Vec<&str> = changes
        .iter()
        .filter_map(|change| match change {
            Change::Delete(key) => Some(key.as_str()),
            Change::Put(_) | Change::Clear => None,
        })
        .collect();
    let is_deleted = |key: &str| deleted.contains(&key);
    let left = |(name, text): &Record| match key_of(store, name) {
        _ if cleared => Some((name.clone(), None)),
        Some(key) => is_deleted(&key).then(|| (name.clone(), None)),
        None if deleted.is_empty() => None,
        None => without(text, &is_deleted).map(|left| (name.clone(), Some(left))),
    };
    entries.iter().filter_map(left).collect()
}

/// A text that holds all records, as older versions have saved it, without those whose keys are `deleted`; none where it holds none of them.
fn without(text: &str, deleted: &dyn Fn(&str) -> bool) -> Option<String> {
    let mut all = json(text)?;
    let is_deleted = |record: &Value| record.get("id").and_then(Value::as_str).is_some_and(deleted);
    let records = if all.get("restores").is_some() { &mut all["restores"] } else { &mut all };
    let changed = match records {
        Value::Array(restores) => restores.extract_if(.., |record| is_deleted(record)).count(),
        Value::Object(drafts) => {
            let before = drafts.len();
            drafts.retain(|key, _| !deleted(key));
            before - drafts.len()
        }
        _ => 0,
    };
    (changed > 0).then(|| all.to_string())
}

fn key_of(store: &str, name: &str) -> Option<String> {
    Some(name.strip_prefix(store)?.strip_prefix('/')?.to_owned())
}

fn one<T>(read: Option<T>, text: &str) -> Loaded<Vec<T>> {
    let unread = if read.is_some() { Vec::new() } else { vec![text.to_owned()] };
    Loaded { known: true, read: read.into_iter().collect(), unread }
}

/// Reads the drafts that an older version has saved in one text.
pub fn drafts(text: &str) -> Loaded<Vec<(RegionalId, Draft)>> {
    let all = json(text);
    let Some(entries) = all.as_ref().and_then(Value::as_object) else {
        return Loaded { unread: vec![text.to_owned()], ..Loaded::default() };
    };
    let read: Vec<_> = entries.iter().filter_map(|(key, value)| draft_of(key, value)).collect();
    let unread = if read.len() == entries.len() { Vec::new() } else { vec![text.to_owned()] };
    Loaded { known: true, read, unread }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_removed_record_leaves_what_older_versions_have_saved_of_it() {
        let entry = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        let delete = |key: &str| [Change::Put(entry("b", "{}")), Change::Delete(key.to_owned())];
        let after = |store, name: &str, text: &str, changes: &[Change]| {
            older_after(store, &[entry(name, text)], changes).into_iter().map(|(_, text)| text).next()
        };
        let below = format!("{RESTORES}/a");
        assert_eq!(after(RESTORES, &below, "{}", &delete("a")), Some(None));
        assert_eq!(after(RESTORES, &below, "{}", &delete("b")), None);
        for changes in [&[Change::Clear][..], &[Change::Put(entry("b", "{}")), Change::Clear]] {
            assert_eq!(after(RESTORES, RESTORES, "[]", changes), Some(None));
        }
        for (all, left) in [
            (r#"{"restores":[{"id":"a"},{"id":"b"}],"version":2}"#, r#"{"restores":[{"id":"b"}],"version":2}"#),
            (r#"[{"id":"a"},{"id":"b"}]"#, r#"[{"id":"b"}]"#),
        ] {
            assert_eq!(after(RESTORES, RESTORES, all, &delete("a")), Some(Some(left.to_owned())));
            assert_eq!(after(RESTORES, RESTORES, all, &delete("c")), None);
            assert_eq!(after(RESTORES, RESTORES, all, &[]), None);
        }
        let drafts = r#"{"a":{"reason":"x"},"b":{}}"#;
        assert_eq!(after(DRAFTS, DRAFTS, drafts, &delete("a")), Some(Some(r#"{"b":{}}"#.to_owned())));
        for unknown in ["", "7", "{", r#"{"restores":7}"#] {
            assert_eq!(
                after(RESTORES, RESTORES, unknown, &delete("a")),
                None,
                "what cannot be read is set aside as it is"
            );
        }
    }

    #[test]
    fn a_list_of_values_is_no_draft() {
        let found = drafts(r#"{"/points/1":[],"/points/2":{}}"#);
        assert!(found.known && found.unread.len() == 1, "it is set aside");
        let keys: Vec<String> = found.read.iter().map(|(place, _)| place.key()).collect();
        assert_eq!(keys, ["/points/2"]);
        assert_eq!(draft(&("/points/1".to_owned(), "[]".to_owned())), None);
    }
}
