//! Resources that a restore can use, and their ARM ids.

use super::place::resource_id;

/// What a resource is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    Account {
        sku: &'static str,
        kind: &'static str,
        /// No network rules: anybody with a key has access.
        open: bool,
        /// Access by account key is allowed.
        keys: bool,
    },
    Network {
        subnets: &'static [&'static str],
    },
    EncryptionSet {
        confidential: bool,
    },
    DiskAccess,
    Identity,
}

/// A resource.
#[derive(Debug, Clone)]
pub(crate) struct Resource {
    pub(crate) subscription: &'static str,
    pub(crate) group: &'static str,
    pub(crate) name: &'static str,
    pub(crate) region: &'static str,
    pub(crate) kind: Kind,
}

impl Resource {
    /// The type, as in `Microsoft.Storage/storageAccounts`.
    pub(crate) fn type_name(&self) -> &'static str {
        match self.kind {
            Kind::Account { .. } => "Microsoft.Storage/storageAccounts",
            Kind::Network { .. } => "Microsoft.Network/virtualNetworks",
            Kind::EncryptionSet { .. } => "Microsoft.Compute/diskEncryptionSets",
            Kind::DiskAccess => "Microsoft.Compute/diskAccesses",
            Kind::Identity => "Microsoft.ManagedIdentity/userAssignedIdentities",
        }
    }

    /// Its ARM id.
    pub(crate) fn id(&self) -> String {
        resource_id(self.subscription, self.group, self.type_name(), self.name)
    }
}

/// The parts of an ARM id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Parts<'a> {
    pub(crate) subscription: &'a str,
    pub(crate) group: &'a str,
    /// What follows the group: `providers/…`, or nothing.
    pub(crate) rest: &'a str,
}

/// Parses an ARM id; `None` unless it names something in a resource group.
pub(crate) fn parts(id: &str) -> Option<Parts<'_>> {
    let id = id.strip_prefix('/')?;
    let mut pieces = id.splitn(5, '/');
    let (a, subscription, b, group) = (pieces.next()?, pieces.next()?, pieces.next()?, pieces.next()?);
    let ok = a.eq_ignore_ascii_case("subscriptions") && b.eq_ignore_ascii_case("resourceGroups") && !group.is_empty();
    ok.then(|| Parts { subscription, group, rest: pieces.next().unwrap_or_default() })
}

/// The last segment of an ARM id.
pub(crate) fn name_of(id: &str) -> &str {
    id.rsplit('/').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{name_of, parts};

    #[test]
    fn takes_ids_apart() {
        let p = parts("/SUBSCRIPTIONS/s/resourcegroups/g/providers/a/b/c").unwrap();
        assert_eq!((p.subscription, p.group, p.rest), ("s", "g", "providers/a/b/c"));
        assert_eq!(parts("/subscriptions/s/resourceGroups/g").unwrap().rest, "");
        assert!(parts("/subscriptions/s").is_none() && parts("x").is_none());
        assert_eq!(name_of("/a/b"), "b");
    }
}
