//! What following restores may cost: ARM counts the reads of jobs and of operations by subscription and hour.

use azure_backup::arm::budget::Budget;
use azure_backup::arm::id::Region;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};
use time::OffsetDateTime;

use super::sorted::Sorted;
use super::state::Desk;

/// What is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    /// Jobs, by list or one by one.
    Jobs,
    /// Operations that create jobs.
    Operations,
}

/// A budget for each identity, subscription, secondary region and thing that is read: ARM counts the calls of each account for itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Budgets {
    all: Sorted<String, Budget>,
    /// The key of the identity that works in this tab.
    identity: String,
}

/// The name of the budget of a desk's reads. Desks of one subscription share it; those of the secondary region are counted apart.
pub fn account((vault, secondary): &Desk, reads: Reads) -> String {
    let what = match reads {
        Reads::Jobs => "jobs",
        Reads::Operations => "operations",
    };
    let region = secondary.as_ref().map(Region::key).unwrap_or_default();
    format!("{}/{region}/{what}", vault.subscription().unwrap_or_default().to_ascii_lowercase())
}

impl Budgets {
    /// From now on the budgets are those of this identity, by its key.
    pub fn work_for(&mut self, identity: String) {
        self.identity = identity;
    }

    /// Forgets what was counted.
    pub fn clear(&mut self) {
        self.all = Sorted::default();
    }

    fn key(&self, desk: &Desk, reads: Reads) -> String {
        format!("{}/{}", self.identity, account(desk, reads))
    }

    /// The budget of a desk's reads; an untouched one is full.
    pub fn get(&self, desk: &Desk, reads: Reads) -> Option<&Budget> {
        self.all.get(&self.key(desk, reads))
    }

    /// The same, to be changed.
    pub fn get_mut(&mut self, desk: &Desk, reads: Reads) -> &mut Budget {
        let key = self.key(desk, reads);
        self.all.get_or_default(&key)
    }

    /// Another tab has counted. Of the identity that this tab follows for, its own count is the truth; that Azure has asked to be left alone is true
    /// everywhere.
    pub fn told(&mut self, theirs: &Self, following: Option<&str>) {
        let prefix = following.map(|identity| format!("{identity}/"));
        for (key, other) in theirs.all.iter() {
            let own = self.all.get_or_default(key);
            if prefix.as_ref().is_some_and(|prefix| key.starts_with(prefix)) {
                own.closed_also(other);
            } else {
                *own = other.clone();
            }
        }
    }

    /// Until when a desk's reads have to wait; none = they need not.
    pub fn wait(&self, desk: &Desk, reads: Reads, now: OffsetDateTime) -> Option<OffsetDateTime> {
        self.get(desk, reads)?.wait(now)
    }
}

impl Serialize for Budgets {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_map(self.all.iter().map(|(account, budget)| (account, budget)))
    }
}

/// Without the budgets that a newer or damaged version of the app has written.
impl<'de> Deserialize<'de> for Budgets {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let mut read = Self::default();
        for (account, value) in Map::<String, Value>::deserialize(from)? {
            if let Ok(budget) = Budget::deserialize(&value) {
                read.all.insert(account, budget);
            }
        }
        Ok(read)
    }
}
