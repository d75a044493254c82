//! api-versions.

use serde::{Deserialize, Serialize};
use std::{borrow::Cow, cmp::Ordering, fmt, str::FromStr};

/// An api-version, `2024-04-01` or `2022-06-01-preview`. A preview comes before the stable version of its date.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ApiVersion(Cow<'static, str>);

/// The text is no api-version.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" isn't an API version such as 2024-04-01")]
pub struct NotAnApiVersion(pub String);

impl ApiVersion {
    /// Azure Backup, the version that the client was checked against.
    pub const BACKUP_DEFAULT: ApiVersion = ApiVersion(Cow::Borrowed("2024-04-01"));
    /// Azure Backup, the version of Microsoft's REST tutorial.
    pub const TUTORIAL: ApiVersion = ApiVersion(Cow::Borrowed("2019-05-13"));
    /// Azure Backup, the newest version whose request and answer fields are known here.
    pub const NEWEST: ApiVersion = ApiVersion(Cow::Borrowed("2026-10-01"));
    /// Azure Backup, the first stable version that tells of threats in recovery points, and of a machine's region and scans.
    pub const THREATS: ApiVersion = ApiVersion(Cow::Borrowed("2026-07-01"));
    /// Azure Backup, the first version in which the scripts of file recovery come by a call of their own.
    pub const FILE_RECOVERY_RESULT: ApiVersion = ApiVersion(Cow::Borrowed("2026-08-01"));
    /// Cross-region restore: every call that the secondary region answers.
    pub const CROSS_REGION_DEFAULT: ApiVersion = ApiVersion(Cow::Borrowed("2021-11-15"));
    /// Cross-region restore, the version of Microsoft's REST tutorial. It cannot read a single recovery point.
    pub const CROSS_REGION_TUTORIAL: ApiVersion = ApiVersion(Cow::Borrowed("2018-12-20"));
    /// Cross-region restore, the newest published one.
    pub const CROSS_REGION_NEWEST: ApiVersion = ApiVersion(Cow::Borrowed("2023-01-15"));
    /// Recovery Services vaults.
    pub const VAULTS: ApiVersion = ApiVersion(Cow::Borrowed("2024-04-01"));
    /// Deleted vaults, as Microsoft's CLI asks for them.
    pub const DELETED_VAULTS: ApiVersion = ApiVersion(Cow::Borrowed("2026-05-01"));
    /// Tenants, subscriptions and locations.
    pub const SUBSCRIPTIONS: ApiVersion = ApiVersion(Cow::Borrowed("2022-12-01"));
    /// Resource Graph, the version that Microsoft's clients send and that was recorded.
    pub const RESOURCE_GRAPH: ApiVersion = ApiVersion(Cow::Borrowed("2021-03-01"));
    /// Resource groups; and deployments, as Microsoft's CLI was recorded with them.
    pub const RESOURCES: ApiVersion = ApiVersion(Cow::Borrowed("2022-09-01"));
    /// Virtual machines.
    pub const COMPUTE: ApiVersion = ApiVersion(Cow::Borrowed("2024-03-01"));
    /// Virtual machines where they are changed: the version with which the Azure CLI swaps an OS disk, and which attaches a data disk by a call of
    /// its own (`Virtual Machines - Attach Detach Data Disks` of the REST reference).
    pub const MACHINES: ApiVersion = ApiVersion(Cow::Borrowed("2024-07-01"));
    /// Disks, disk encryption sets and disk accesses.
    pub const DISKS: ApiVersion = ApiVersion(Cow::Borrowed("2023-10-02"));
    /// Role and deny assignments, and what the caller may do.
    pub const AUTHORIZATION: ApiVersion = ApiVersion(Cow::Borrowed("2022-04-01"));
    /// Roles that can be activated, and what that asks for.
    pub const ELIGIBILITY: ApiVersion = ApiVersion(Cow::Borrowed("2020-10-01"));
    /// Management locks.
    pub const LOCKS: ApiVersion = ApiVersion(Cow::Borrowed("2020-05-01"));
    /// What policies would restrict.
    pub const POLICY_RESTRICTIONS: ApiVersion = ApiVersion(Cow::Borrowed("2023-03-01"));
    /// What of the compute quota is used.
    pub const COMPUTE_USAGES: ApiVersion = ApiVersion(Cow::Borrowed("2024-07-01"));
    /// The sizes of virtual machines, and where they cannot be used.
    pub const SKUS: ApiVersion = ApiVersion(Cow::Borrowed("2021-07-01"));
    /// How many addresses of a subnet are used.
    pub const NETWORK_USAGES: ApiVersion = ApiVersion(Cow::Borrowed("2024-01-01"));
    /// Virtual networks.
    pub const NETWORK: ApiVersion = ApiVersion(Cow::Borrowed("2022-01-01"));
    /// Storage accounts.
    pub const STORAGE: ApiVersion = ApiVersion(Cow::Borrowed("2023-01-01"));
    /// User-assigned managed identities.
    pub const MANAGED_IDENTITY: ApiVersion = ApiVersion(Cow::Borrowed("2023-01-31"));

    /// Whether it is one of cross-region restore: it addresses the secondary region only.
    #[must_use]
    pub fn is_cross_region(&self) -> bool {
        [Self::CROSS_REGION_DEFAULT, Self::CROSS_REGION_TUTORIAL, Self::CROSS_REGION_NEWEST].contains(self)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ApiVersion {
    type Err = NotAnApiVersion;
    fn from_str(text: &str) -> Result<Self, NotAnApiVersion> {
        let (date, suffix) = text.split_at_checked(10).unwrap_or((text, ""));
        let dated = date.len() == 10
            && date.bytes().enumerate().all(|(i, b)| if matches!(i, 4 | 7) { b == b'-' } else { b.is_ascii_digit() });
        let named = suffix.is_empty()
            || (suffix.starts_with('-')
                && (2..20).contains(&suffix.len())
                && suffix[1..].bytes().all(|b| b.is_ascii_alphanumeric()));
        if dated && named {
            Ok(Self(Cow::Owned(text.to_owned())))
        } else {
            Err(NotAnApiVersion(text.chars().take(40).collect()))
        }
    }
}

impl Ord for ApiVersion {
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |v: &Self| (v.0.get(..10).unwrap_or_default().to_owned(), v.0.len() == 10, v.0.to_string());
        key(self).cmp(&key(other))
    }
}

impl PartialOrd for ApiVersion {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl TryFrom<String> for ApiVersion {
    type Error = NotAnApiVersion;
    fn try_from(text: String) -> Result<Self, NotAnApiVersion> {
        text.parse()
    }
}

impl From<ApiVersion> for String {
    fn from(version: ApiVersion) -> Self {
        version.0.into_owned()
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_is_by_date_and_previews_come_first() {
        let version = |text: &str| text.parse::<ApiVersion>().unwrap();
        assert!(ApiVersion::TUTORIAL < ApiVersion::BACKUP_DEFAULT && ApiVersion::BACKUP_DEFAULT < ApiVersion::NEWEST);
        assert!(version("2022-06-01-preview") < version("2022-06-01"));
        assert!(version("2022-05-31") < version("2022-06-01-preview"));
        for bad in ["", "2024", "2024-04-1", "2024-04-01x", "2024-04-01-", "2024-04-01&x=y", "2024/04/01", "20ü4-04-01"]
        {
            assert!(bad.parse::<ApiVersion>().is_err(), "{bad}");
        }
    }
}
