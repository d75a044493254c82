//! Who works in this tab: an account of a tenant of a cloud. The lead, the quotas and the restores that a tab follows are those of its
//! identity, so that two operators of one browser do not poll, or send, for each other.

use super::state::State;
use crate::restore::owner::Owner;
use crate::restore::run::RestoreRun;

/// An account of a tenant of a cloud.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// The cloud's name.
    pub cloud: String,
    /// The account and its tenant.
    pub owner: Owner,
}

impl Identity {
    /// Names the identity in locks and quotas.
    pub fn key(&self) -> String {
        let part = |name: Option<&str>| name.unwrap_or_default().to_owned();
        // Neither a tenant's id nor an account's name has a blank.
        [&self.cloud, &part(self.owner.tenant()), &part(self.owner.account())].map(String::as_str).join(" ")
    }
}

impl State {
    /// Who works in this tab; without a connection, an unknown account.
    pub fn identity(&self) -> Identity {
        let (account, tenant) = self.session.identity();
        Identity { cloud: self.cloud_name().to_owned(), owner: Owner::new(account, tenant) }
    }

    /// Whether a restore is this identity's.
    pub fn owns(&self, restore: &RestoreRun) -> bool {
        let (account, tenant) = self.session.identity();
        restore.cloud == self.cloud_name() && restore.owner.matches(account, tenant)
    }

    /// Whether this identity may follow a restore: it is its own, or nobody knows whose it is.
    pub fn may_follow(&self, restore: &RestoreRun) -> bool {
        self.owns(restore) || restore.owner.is_unknown() && restore.cloud == self.cloud_name()
    }
}
