//! Which built-in role has an action.

/// Built-in roles by the beginning and the end of the actions that they allow, in lower case; the first row that fits counts.
/// Source: the role definitions of August 2026. A test compares them.
const ROLES: [(&str, &str, &str); 21] = [
    ("", "/read", "Reader"),
    ("microsoft.recoveryservices/vaults/backupfabrics/", "/recoverypoints/restore/action", "Backup Operator"),
    ("microsoft.recoveryservices/vaults/backupfabrics/", "/recoverypoints/accesstoken/action", "Backup Operator"),
    ("microsoft.recoveryservices/vaults/backupfabrics/", "/protecteditems/write", "Backup Operator"),
    ("microsoft.recoveryservices/vaults/backupfabrics/", "/provisioninstantitemrecovery/action", "Backup Operator"),
    ("microsoft.recoveryservices/vaults/backupfabrics/", "/revokeinstantitemrecovery/action", "Backup Operator"),
    (
        "microsoft.recoveryservices/vaults/backupfabrics/",
        "/listinstantitemrecoveryoperationresult/action",
        "Backup Contributor",
    ),
    ("microsoft.recoveryservices/vaults/backuptriggervalidateoperation/", "action", "Backup Operator"),
    ("microsoft.recoveryservices/vaults/backupvalidateoperation/", "action", "Backup Operator"),
    ("microsoft.recoveryservices/vaults/backuptieringcost/", "/action", "Contributor"),
    ("microsoft.recoveryservices/vaults/backupjobs/", "/cancel/action", "Backup Operator"),
    ("microsoft.recoveryservices/locations/backupcr", "/action", "Backup Operator"),
    ("microsoft.compute/virtualmachines/", "write", "Virtual Machine Contributor"),
    ("microsoft.compute/virtualmachines/", "/action", "Virtual Machine Contributor"),
    ("microsoft.compute/disks/", "write", "Virtual Machine Contributor"),
    ("microsoft.network/virtualnetworks/subnets/join/", "action", "Virtual Machine Contributor"),
    ("microsoft.network/networkinterfaces/", "write", "Virtual Machine Contributor"),
    ("microsoft.storage/storageaccounts/", "write", "Storage Account Contributor"),
    ("microsoft.storage/storageaccounts/listservicesas/", "action", "Storage Account Contributor"),
    ("microsoft.resources/deployments/", "", "Backup Operator"),
    ("microsoft.resources/subscriptions/resourcegroups/", "write", "Contributor"),
];

/// A built-in role that allows `action`, if we know one.
pub fn role_for(action: &str) -> Option<&'static str> {
    let action = action.to_ascii_lowercase();
    let fits = |(start, end, _): &&(&str, &str, &str)| action.starts_with(start) && action.ends_with(end);
    ROLES.iter().find(fits).map(|(.., role)| *role)
}

/// Whether a role has `action`, if the role is one whose actions we know.
pub fn includes(role: &str, action: &str) -> Option<bool> {
    let is = |name: &str| role.eq_ignore_ascii_case(name);
    let known = ROLES.iter().any(|(.., name)| is(name));
    match () {
        // Of what a restore needs, they leave nothing out.
        () if is("Owner") || is("Contributor") => Some(true),
        () if known => Some(role_for(action).is_some_and(is)),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_named_only_where_one_is_known() {
        assert_eq!(role_for("microsoft.compute/virtualmachines/WRITE"), Some("Virtual Machine Contributor"));
        assert_eq!(role_for("Microsoft.Unknown/things/read"), Some("Reader"));
        assert_eq!(role_for("Microsoft.Unknown/things/write"), None);
        let write = "Microsoft.Compute/virtualMachines/write";
        assert_eq!(includes("contributor", write), Some(true));
        assert_eq!(includes("Reader", write), Some(false));
        assert_eq!(includes("Restore crew", write), None);
    }
}
