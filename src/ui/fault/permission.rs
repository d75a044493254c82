//! Which permission a refused call lacks, and which built-in role has it.

use azure_backup::arm::fault::Fault;

use crate::readiness::roles::role_for;

/// A permission that Azure has named in a refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingPermission {
    /// The action: `Microsoft.RecoveryServices/Vaults/read`.
    pub action: String,
    /// The scope: an ARM id.
    pub scope: Option<String>,
}

impl MissingPermission {
    /// The permission that a refusal names: `… to perform action '…' over scope '…'`. The quoted texts are the same in every language.
    pub fn of(fault: &Fault) -> Option<Self> {
        if fault.status != Some(403) {
            return None;
        }
        let quoted = || fault.message.split('\'').map(|text| text.trim_end_matches('.'));
        let is_action = |text: &&str| text.starts_with("Microsoft.") && text.contains('/') && !text.contains(' ');
        let action = quoted().find(is_action)?.to_owned();
        let scope = quoted().find(|text| text.starts_with("/subscriptions/")).map(str::to_owned);
        Some(Self { action, scope })
    }

    /// What is missing, and who can help.
    pub fn advice(&self) -> String {
        let scope = self.scope.as_ref().map(|scope| format!(" on {scope}")).unwrap_or_default();
        let role =
            role_for(&self.action).map(|role| format!(" The built-in role {role} allows it.")).unwrap_or_default();
        format!(
            "You need the permission {}{scope}.{role} Ask a subscription owner, or activate an eligible role in Privileged Identity Management (PIM).",
            self.action
        )
    }

    /// A text for an administrator.
    pub fn request(&self, what: &str, fault: &Fault) -> String {
        let lines = [
            ("Permission", Some(self.action.as_str())),
            ("Scope", self.scope.as_deref()),
            ("Built-in role that allows it", role_for(&self.action)),
            ("Needed for", Some(what)),
            ("Azure's answer", Some(&fault.message)),
            ("Correlation ID", fault.correlation_id.as_deref()),
        ];
        let mut text =
            "Please give me this permission in Azure. I need it to restore virtual machines from Azure Backup.\n"
                .to_owned();
        for (name, value) in lines {
            if let Some(value) = value {
                text += &format!("\n{name}: {value}");
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(message: &str) -> Fault {
        let mut fault = Fault::reported("POST /restore", "AuthorizationFailed", message);
        fault.status = Some(403);
        fault.correlation_id = Some("c0ffee".to_owned());
        fault
    }

    #[test]
    fn a_refusal_leads_to_action_scope_and_role() {
        let action = "Microsoft.RecoveryServices/Vaults/backupFabrics/protectionContainers/protectedItems/recoveryPoints/restore/action";
        let fault = refused(&format!(
            "The client 'op@contoso.com' with object id '7b1d' does not have authorization to perform action '{action}' over scope '/subscriptions/s/resourceGroups/g' or the scope is invalid."
        ));
        let missing = MissingPermission::of(&fault).unwrap();
        assert_eq!(
            (missing.action.as_str(), missing.scope.as_deref()),
            (action, Some("/subscriptions/s/resourceGroups/g"))
        );
        assert!(missing.advice().contains("The built-in role Backup Operator allows it."), "{}", missing.advice());
        let text = missing.request("Start the restore", &fault);
        for part in [action, "Scope: /subscriptions/s/resourceGroups/g", "op@contoso.com", "Backup Operator", "c0ffee"]
        {
            assert!(text.contains(part), "{part}: {text}");
        }
    }

    #[test]
    fn nothing_is_made_up() {
        assert_eq!(MissingPermission::of(&refused("Forbidden by 'policy x'.")), None);
        assert_eq!(MissingPermission::of(&Fault::reported("GET /", "X", "'Microsoft.X/y/read'")), None);
        let unknown = MissingPermission { action: "Microsoft.Unknown/things/write".to_owned(), scope: None };
        assert!(!unknown.advice().contains("built-in"), "{}", unknown.advice());
    }
}
