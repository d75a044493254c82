//! What the caller may do: one built-in role on everything, and one that he may activate.

use http::Method;
use serde::{Deserialize, Serialize};

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
}

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
            _ => None,
        }
    }

    /// The patterns of the actions that it gives.
    pub(crate) fn actions(self) -> &'static [&'static str] {
        match self {
            Self::Owner | Self::Contributor => &["*"],
            Self::BackupOperator | Self::Eligible => BACKUP_OPERATOR,
            Self::Reader => &["*/read"],
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
