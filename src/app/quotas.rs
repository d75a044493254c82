//! What following restores may cost: ARM counts the reads of jobs and of operations by subscription and hour.

use azure_backup::arm::id::Region;
use azure_backup::arm::quota::Quota;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};
use time::OffsetDateTime;

use super::sorted::Sorted;
use super::state::JobListKey;

/// What is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuotaKind {
    /// Jobs, by list or one by one.
    Jobs,
    /// Operations that create jobs.
    Operations,
}

/// A quota for each identity, subscription, secondary region and thing that is read: ARM counts the calls of each account for itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Quotas {
    all: Sorted<String, Quota>,
    /// The key of the identity that works in this tab.
    identity: String,
}

/// The name of the quota of a job list's reads. Desks of one subscription share it; those of the secondary region are counted apart.
pub fn quota_key((vault, secondary): &JobListKey, kind: QuotaKind) -> String {
    let what = match kind {
        QuotaKind::Jobs => "jobs",
        QuotaKind::Operations => "operations",
    };
    let region = secondary.as_ref().map(Region::key).unwrap_or_default();
    format!("{}/{region}/{what}", vault.subscription().unwrap_or_default().to_ascii_lowercase())
}

impl Quotas {
    /// From now on the quotas are those of this identity, by its key.
    pub fn work_for(&mut self, identity: String) {
        self.identity = identity;
    }

    /// Forgets what was counted.
    pub fn clear(&mut self) {
        self.all = Sorted::default();
    }

    fn key(&self, job_list_key: &JobListKey, kind: QuotaKind) -> String {
        format!("{}/{}", self.identity, quota_key(job_list_key, kind))
    }

    /// The quota of a job list's reads; an untouched one is full.
    pub fn get(&self, job_list_key: &JobListKey, kind: QuotaKind) -> Option<&Quota> {
        self.all.get(&self.key(job_list_key, kind))
    }

    /// The same, to be changed.
    pub fn get_mut(&mut self, job_list_key: &JobListKey, kind: QuotaKind) -> &mut Quota {
        let key = self.key(job_list_key, kind);
        self.all.get_or_default(&key)
    }

    /// Another tab has counted. Of the identity that this tab follows for, its own count is the truth; that Azure has asked to be left alone is true
    /// everywhere.
    pub fn merge(&mut self, theirs: &Self, following: Option<&str>) {
        let prefix = following.map(|identity| format!("{identity}/"));
        for (key, other) in theirs.all.iter() {
            let own = self.all.get_or_default(key);
            if prefix.as_ref().is_some_and(|prefix| key.starts_with(prefix)) {
                own.extend_closed_until(other);
            } else {
                *own = other.clone();
            }
        }
    }

    /// Until when a job list's reads have to wait; none = they need not.
    pub fn wait(&self, job_list_key: &JobListKey, kind: QuotaKind, now: OffsetDateTime) -> Option<OffsetDateTime> {
        self.get(job_list_key, kind)?.wait(now)
    }
}

impl Serialize for Quotas {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_map(self.all.iter().map(|(account, quota)| (account, quota)))
    }
}

/// Without the quotas that a newer or damaged version of the app has written.
impl<'de> Deserialize<'de> for Quotas {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let mut read = Self::default();
        for (account, value) in Map::<String, Value>::deserialize(from)? {
            if let Ok(quota) = Quota::deserialize(&value) {
                read.all.insert(account, quota);
            }
        }
        Ok(read)
    }
}
