//! What the caller may do: one built-in role, on everything or in one resource group, and one that he may activate.

use http::Method;
use serde::{Deserialize, Serialize};

use crate::seed::places::PRODUCTION;
use crate::sim_request::SimRequest;
use crate::text::same;

/// The role of the caller, by its name in Azure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Role {
    /// Everything.
    #[default]
    Owner,
    /// Restores, but may write to nothing that a restore writes to.
    BackupOperator,
    /// Reads.
    Reader,
    /// Everything but roles and policies.
    Contributor,
    /// Backup Operator, who may make himself Contributor of a subscription.
    Eligible,
    /// Reads in one resource group, that of most vaults, and nowhere else.
    GroupReader,
}

/// The group that a reader of one group reads in: its subscription and its name.
const READABLE: (&str, &str) = (PRODUCTION, "rg-backup-weu");

/// What lists of a subscription show to whoever may read only some of it: the rest is left out.
const FILTERED: [&str; 5] = [
    "Microsoft.RecoveryServices",
    "Microsoft.Compute",
    "Microsoft.Network",
    "Microsoft.Storage",
    "Microsoft.ManagedIdentity",
];

/// Backup Operator as of August 2026, without what nothing here asks for.
const BACKUP_OPERATOR: &[&str] = &[
    "Microsoft.Authorization/*/read",
    "Microsoft.Network/virtualNetworks/read",
    "Microsoft.RecoveryServices/Vaults/backupFabrics/operationResults/read",
    "Microsoft.RecoveryServices/Vaults/backupFabrics/protectionContainers/protectedItems/operationResults/read",
    "Microsoft.RecoveryServices/Vaults/backupFabrics/protectionContainers/protectedItems/operationsStatus/read",
    "Microsoft.RecoveryServices/Vaults/backupFabrics/protectionContainers/protectedItems/read",
    "Microsoft.RecoveryServices/Vaults/backupFabrics/protectionContainers/protectedItems/recoveryPoints/provisionInstantItemRecovery/action",
    "Microsoft.RecoveryServices/Vaults/backupFabrics/protectionContainers/protectedItems/recoveryPoints/accessToken/action",
    "Microsoft.RecoveryServices/Vaults/backupFabrics/protectionContainers/protectedItems/recoveryPoints/read",
    "Microsoft.RecoveryServices/Vaults/backupFabrics/protectionContainers/protectedItems/recoveryPoints/restore/action",
    "Microsoft.RecoveryServices/Vaults/backupFabrics/protectionContainers/protectedItems/recoveryPoints/revokeInstantItemRecovery/action",
    "Microsoft.RecoveryServices/Vaults/backupFabrics/protectionContainers/protectedItems/write",
    "Microsoft.RecoveryServices/Vaults/backupJobs/*",
    "Microsoft.RecoveryServices/Vaults/backupOperationResults/*",
    "Microsoft.RecoveryServices/Vaults/backupOperations/read",
    "Microsoft.RecoveryServices/Vaults/backupPolicies/read",
    "Microsoft.RecoveryServices/Vaults/backupProtectedItems/read",
    "Microsoft.RecoveryServices/Vaults/backupProtectionContainers/read",
    "Microsoft.RecoveryServices/Vaults/backupResourceGuardProxies/read",
    "Microsoft.RecoveryServices/Vaults/backupstorageconfig/*",
    "Microsoft.RecoveryServices/Vaults/backupTriggerValidateOperation/action",
    "Microsoft.RecoveryServices/Vaults/backupValidateOperation/action",
    "Microsoft.RecoveryServices/Vaults/backupValidateOperationResults/read",
    "Microsoft.RecoveryServices/Vaults/backupValidateOperationsStatuses/read",
    "Microsoft.RecoveryServices/Vaults/read",
    "Microsoft.RecoveryServices/locations/backupAadProperties/read",
    "Microsoft.RecoveryServices/locations/backupCrossRegionRestore/action",
    "Microsoft.RecoveryServices/locations/backupCrrJob/action",
    "Microsoft.RecoveryServices/locations/backupCrrJobs/action",
    "Microsoft.RecoveryServices/locations/backupCrrOperationResults/read",
    "Microsoft.RecoveryServices/locations/backupCrrOperationsStatus/read",
    "Microsoft.RecoveryServices/locations/backupStatus/action",
    "Microsoft.Resources/deployments/*",
    "Microsoft.Resources/subscriptions/resourceGroups/read",
    "Microsoft.Storage/storageAccounts/read",
    "Microsoft.Support/*",
];

/// What Contributor leaves out, of what anything here asks for.
const NOT_CONTRIBUTOR: &[&str] = &["Microsoft.Authorization/*/Delete", "Microsoft.Authorization/*/Write"];

impl Role {
    /// The role that a command line names.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "owner" => Some(Self::Owner),
            "backup-operator" => Some(Self::BackupOperator),
            "reader" => Some(Self::Reader),
            "contributor" => Some(Self::Contributor),
            "eligible" => Some(Self::Eligible),
            "group-reader" => Some(Self::GroupReader),
            _ => None,
        }
    }

    /// The patterns of the actions that it gives.
    pub(crate) fn actions(self) -> &'static [&'static str] {
        match self {
            Self::Owner | Self::Contributor => &["*"],
            Self::BackupOperator | Self::Eligible => BACKUP_OPERATOR,
            Self::Reader | Self::GroupReader => &["*/read"],
        }
    }

    /// The patterns of the actions that it leaves out of these.
    pub(crate) fn not_actions(self) -> &'static [&'static str] {
        if self == Self::Contributor { NOT_CONTRIBUTOR } else { &[] }
    }

    /// Whether it gives `action`.
    pub(crate) fn allows(self, action: &str) -> bool {
        let fits = |patterns: &[&str]| patterns.iter().any(|pattern| fits(pattern, action));
        fits(self.actions()) && !fits(self.not_actions())
    }

    /// The one group that it is given in, by subscription and name; none for everything.
    pub(crate) fn only_group(self) -> Option<(&'static str, &'static str)> {
        (self == Self::GroupReader).then_some(READABLE)
    }

    /// Whether it is given where this group is, or for a list that leaves out the others.
    pub(crate) fn is_given_in(self, subscription: &str, group: &str) -> bool {
        self.only_group().is_none_or(|(only, name)| same(only, subscription) && same(name, group))
    }

    /// Whether it is given at the place that a request is about.
    pub(crate) fn reaches(self, ask: &SimRequest) -> bool {
        let Some((only, _)) = self.only_group() else { return true };
        let all: Vec<&str> = ask.segments.iter().map(String::as_str).collect();
        if !all.first().is_some_and(|head| same(head, "subscriptions")) {
            return true;
        }
        match all[..] {
            [_, subscription] => same(only, subscription),
            [_, subscription, kind] => same(only, subscription) && same(kind, "resourceGroups"),
            [_, subscription, "providers", namespace, kind] => {
                let is_filtered = FILTERED.iter().any(|one| same(one, namespace)) && !same(kind, "skus");
                same(only, subscription) && is_filtered
            }
            [_, subscription, groups, group, ..] => {
                same(groups, "resourceGroups") && self.is_given_in(subscription, group)
            }
            _ => true,
        }
    }
}

/// Whether a pattern with at most one star fits an action.
fn fits(pattern: &str, action: &str) -> bool {
    match pattern.split_once('*') {
        None => same(pattern, action),
        Some((start, end)) => {
            let (action, start, end) = (action.to_lowercase(), start.to_lowercase(), end.to_lowercase());
            action.strip_prefix(&start).is_some_and(|rest| rest.ends_with(&end))
        }
    }
}

/// The action that a request needs; none for what everybody may read.
pub(crate) fn action(ask: &SimRequest) -> Option<String> {
    let all: Vec<&str> = ask.segments.iter().map(String::as_str).collect();
    let at = all.iter().rposition(|segment| same(segment, "providers"));
    let verb = match ask.method {
        Method::POST => "action",
        Method::PUT | Method::PATCH => "write",
        _ => "read",
    };
    match at.map(|at| &all[at + 1..]) {
        // Tenants, subscriptions; rows of Resource Graph are left out one by one.
        None if all.len() <= 2 => None,
        Some(["Microsoft.ResourceGraph", ..]) => None,
        // Privileged Identity Management decides by its own rules who may activate a role.
        Some(["Microsoft.Authorization", "roleAssignmentScheduleRequests", ..]) => None,
        Some([_]) => Some("Microsoft.Resources/subscriptions/providers/read".to_owned()),
        Some(["Microsoft.PolicyInsights", kind]) => Some(format!("Microsoft.PolicyInsights/{kind}/read")),
        Some([namespace, rest @ ..]) => {
            let types: Vec<&str> = rest.iter().copied().step_by(2).collect();
            Some(format!("{namespace}/{}/{verb}", types.join("/")))
        }
        _ => {
            let types: Vec<&str> = all.iter().copied().step_by(2).collect();
            Some(format!("Microsoft.Resources/{}/{verb}", types.join("/")))
        }
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::{Role, action};
    use crate::sim_request::SimRequest;

    fn needed(method: &str, path: &str) -> Option<String> {
        let uri = format!("https://h{path}?api-version=2024-01-01");
        action(&SimRequest::new(&http::Request::builder().method(method).uri(uri).body(Bytes::new()).unwrap()).unwrap())
    }

    #[test]
    fn a_request_needs_the_action_of_its_types() {
        let vm = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/m";
        for (method, path, expected) in [
            ("GET", vm, "Microsoft.Compute/virtualMachines/read"),
            ("GET", "/subscriptions/s/resourceGroups/g", "Microsoft.Resources/subscriptions/resourceGroups/read"),
            ("GET", "/subscriptions/s/providers/Microsoft.Compute", "Microsoft.Resources/subscriptions/providers/read"),
            (
                "POST",
                "/subscriptions/s/providers/Microsoft.PolicyInsights/checkPolicyRestrictions",
                "Microsoft.PolicyInsights/checkPolicyRestrictions/read",
            ),
            (
                "GET",
                &format!("{vm}/providers/Microsoft.Authorization/permissions"),
                "Microsoft.Authorization/permissions/read",
            ),
        ] {
            assert_eq!(needed(method, path).as_deref(), Some(expected));
        }
        assert_eq!(needed("GET", "/tenants"), None);
        assert_eq!(needed("POST", "/providers/Microsoft.ResourceGraph/resources"), None);
    }

    #[test]
    fn a_reader_of_one_group_reads_there_and_in_lists_that_leave_out_the_rest() {
        let here = "/subscriptions/5f1c0d3a-91b2-4e6f-8a77-0c0ffee00001";
        for (path, reaches) in [
            (here.to_owned(), true),
            ("/subscriptions/another".to_owned(), false),
            (format!("{here}/resourcegroups"), true),
            (format!("{here}/locations"), false),
            (format!("{here}/resourceGroups/RG-Backup-WEU/providers/Microsoft.RecoveryServices/vaults/v"), true),
            (format!("{here}/resourceGroups/rg-web"), false),
            (format!("{here}/providers/Microsoft.Network/virtualNetworks"), true),
            (format!("{here}/providers/Microsoft.Compute/skus"), false),
            (format!("{here}/providers/Microsoft.Authorization/locks"), false),
            (format!("{here}/providers/Microsoft.Compute/locations/westeurope/usages"), false),
            ("/tenants".to_owned(), true),
            ("/providers/Microsoft.ResourceGraph/resources".to_owned(), true),
        ] {
            let uri = format!("https://h{path}?api-version=2024-01-01");
            let ask = SimRequest::new(&http::Request::get(uri).body(Bytes::new()).unwrap()).unwrap();
            assert_eq!(Role::GroupReader.reaches(&ask), reaches, "{path}");
            assert!(Role::Reader.reaches(&ask));
        }
    }

    #[test]
    fn roles_give_what_their_patterns_say() {
        let write = "Microsoft.Storage/storageAccounts/write";
        let permissions = "microsoft.authorization/permissions/READ";
        for (role, writes) in [(Role::Owner, true), (Role::BackupOperator, false), (Role::Reader, false)] {
            assert_eq!((role.allows(write), role.allows(permissions)), (writes, true), "{role:?}");
        }
        assert!(Role::Contributor.allows(write) && !Role::Contributor.allows("Microsoft.Authorization/locks/write"));
        assert!(
            !Role::BackupOperator.allows("Microsoft.Compute/skus/read")
                && Role::Reader.allows("Microsoft.Compute/skus/read")
        );
    }
}
