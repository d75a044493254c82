//! What following restores may cost: ARM counts the reads of jobs and of operations by subscription and hour.

use azure_backup::arm::budget::Budget;
use azure_backup::arm::id::Region;
use azure_backup::arm::stored::Stored;
use serde_json::Value;
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

/// A budget for each subscription, secondary region and thing that is read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Budgets(Sorted<String, Budget>);

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
    /// The budget of a desk's reads; an untouched one is full.
    pub fn get(&self, desk: &Desk, reads: Reads) -> Option<&Budget> {
        self.0.get(&account(desk, reads))
    }

    /// The same, to be changed.
    pub fn get_mut(&mut self, desk: &Desk, reads: Reads) -> &mut Budget {
        self.0.get_or_default(&account(desk, reads))
    }

    /// Another tab has counted. While this one follows, its own count is the truth; that Azure has asked to be left alone is true everywhere.
    pub fn told(&mut self, theirs: Self, following: bool) {
        if following {
            for (account, other) in theirs.0.iter() {
                self.0.get_or_default(account).closed_also(other);
            }
        } else {
            *self = theirs;
        }
    }

    /// Until when a desk's reads have to wait; none = they need not.
    pub fn wait(&self, desk: &Desk, reads: Reads, now: OffsetDateTime) -> Option<OffsetDateTime> {
        self.get(desk, reads)?.wait(now)
    }
}

impl Stored for Budgets {
    fn missing() -> Self {
        Self::default()
    }

    fn to_stored(&self) -> Value {
        Value::Object(self.0.iter().map(|(account, budget)| (account.clone(), budget.to_stored())).collect())
    }

    fn from_stored(value: &Value) -> Option<Self> {
        let mut read = Self::default();
        for (account, budget) in value.as_object()? {
            if let Some(budget) = Budget::from_stored(budget) {
                read.0.insert(account.clone(), budget);
            }
        }
        Some(read)
    }
}
