//! The owner of a restore: an account of a tenant.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An account of a tenant, as its token names it. All tokens that name no account share one owner, since nothing
/// distinguishes them.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Owner {
    /// The tenant's id, in lower case.
    #[serde(rename = "tenant")]
    tenant: Option<String>,
    /// The account's name, such as `ops@contoso.com`, in lower case.
    #[serde(rename = "account")]
    account: Option<String>,
}

impl Owner {
    /// The owner for the names in a token. Entra ID ignores case in both.
    pub fn new(account: Option<&str>, tenant: Option<&str>) -> Self {
        let plain = |name: Option<&str>| name.map(str::to_lowercase).filter(|name| !name.is_empty());
        Self { tenant: plain(tenant), account: plain(account) }
    }

    /// Whether a token with this account and tenant belongs to the owner.
    pub fn matches(&self, account: Option<&str>, tenant: Option<&str>) -> bool {
        let same = |own: &Option<String>, other: Option<&str>| match (own, other.filter(|name| !name.is_empty())) {
            (Some(own), Some(other)) => own.chars().eq(other.chars().flat_map(char::to_lowercase)),
            (own, other) => own.is_none() && other.is_none(),
        };
        same(&self.account, account) && same(&self.tenant, tenant)
    }

    /// Whether neither account nor tenant is known.
    pub const fn is_unknown(&self) -> bool {
        self.tenant.is_none() && self.account.is_none()
    }

    /// The account's name, where it is known.
    pub fn account(&self) -> Option<&str> {
        self.account.as_deref()
    }

    /// The tenant's id, where it is known.
    pub fn tenant(&self) -> Option<&str> {
        self.tenant.as_deref()
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.account, &self.tenant) {
            (Some(account), Some(tenant)) => write!(out, "{account} in tenant {tenant}"),
            (Some(account), None) => out.write_str(account),
            (None, Some(tenant)) => write!(out, "an account in tenant {tenant}"),
            (None, None) => out.write_str("an unnamed account"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_differ_in_case_alone_are_one_owner() {
        let owner = Owner::new(Some("Ops@Contoso.com"), Some("1111AAAA"));
        assert_eq!(owner, Owner::new(Some("ops@contoso.com"), Some("1111aaaa")));
        assert_ne!(owner, Owner::new(Some("ops@contoso.com"), Some("2222")));
        assert!(
            owner.matches(Some("OPS@contoso.com"), Some("1111aaaa")) && !owner.matches(Some("ops@contoso.com"), None)
        );
        assert!(Owner::default().matches(Some(""), None) && !Owner::default().matches(Some("ops@contoso.com"), None));
        assert_eq!(owner.to_string(), "ops@contoso.com in tenant 1111aaaa");
        assert!(Owner::new(Some(""), None).is_unknown());
    }
}
