//! The actions that a restore needs, and the roles of the caller.
//!
//! What a role allows may be refused all the same, by a lock, a policy or a condition: that all is allowed means that nothing was found.

use azure_backup::arm::id::ArmId;
use azure_backup::arm::permissions::Permission;
use serde_json::json;

use super::eligible;
use super::roles::role_for;
use super::{Answers, Findings, Known, List, Machine, Question};
use crate::restore::effect_sentence::{plain, quoted};
use crate::restore::scenario::Scenario;

/// Actions that the caller lacks at one scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingActions {
    /// The resource or resource group.
    pub scope: ArmId,
    /// The actions.
    pub actions: Vec<&'static str>,
}

const RESTORE: &str =
    "Microsoft.RecoveryServices/Vaults/backupFabrics/protectionContainers/protectedItems/recoveryPoints/restore/action";
const ACCESS_TOKEN: &str = "Microsoft.RecoveryServices/Vaults/backupFabrics/protectionContainers/protectedItems/recoveryPoints/accessToken/action";
const CROSS_REGION_RESTORE: &str = "Microsoft.RecoveryServices/locations/backupCrossRegionRestore/action";
const JOBS: &str = "Microsoft.RecoveryServices/Vaults/backupJobs/read";
const VM_READ: &str = "Microsoft.Compute/virtualMachines/read";
const VM_WRITE: &str = "Microsoft.Compute/virtualMachines/write";
const ACCOUNT_WRITE: &str = "Microsoft.Storage/storageAccounts/write";
const GROUP_WRITE: &str = "Microsoft.Resources/subscriptions/resourceGroups/write";
const NETWORK_READ: &str = "Microsoft.Network/virtualNetworks/read";
const SUBNET_JOIN: &str = "Microsoft.Network/virtualNetworks/subnets/join/action";
const ENCRYPTION_SET_READ: &str = "Microsoft.Compute/diskEncryptionSets/read";
const DISK_ACCESS_READ: &str = "Microsoft.Compute/diskAccesses/read";

/// Every action that a restore may need.
#[cfg(test)]
pub(super) const ALL: [&str; 12] = [
    RESTORE,
    ACCESS_TOKEN,
    CROSS_REGION_RESTORE,
    JOBS,
    VM_READ,
    VM_WRITE,
    ACCOUNT_WRITE,
    GROUP_WRITE,
    NETWORK_READ,
    SUBNET_JOIN,
    ENCRYPTION_SET_READ,
    DISK_ACCESS_READ,
];

/// What a restore needs, by scope: the table of Azure Backup's documentation, and the resources that the request names.
pub(super) fn needed(machine: &Machine<'_>) -> Vec<(ArmId, Vec<&'static str>)> {
    let (secondary, request) = (machine.facts.secondary.as_ref(), machine.request);
    let of_vault = match secondary {
        None => vec![RESTORE, JOBS],
        // Azure has no answer for the subscription, at which these are needed. What is missing at the vault is missing there, too.
        Some(_) => vec![ACCESS_TOKEN, CROSS_REGION_RESTORE],
    };
    let mut all = vec![(machine.facts.vault.id.clone(), of_vault)];
    let mut add =
        |scope: Option<ArmId>, actions: &[&'static str]| all.extend(scope.map(|scope| (scope, actions.to_vec())));
    add(machine.source().filter(|_| secondary.is_none()).cloned(), &[VM_READ, VM_WRITE]);
    add(machine.account().cloned(), &[ACCOUNT_WRITE]);
    if machine.scenario != Scenario::ReplaceDisks {
        let actions: &[&'static str] = if machine.makes_machine() { &[GROUP_WRITE, VM_WRITE] } else { &[GROUP_WRITE] };
        add(machine.group(), actions);
    }
    add(request.virtual_network_id.clone(), &[NETWORK_READ, SUBNET_JOIN]);
    let os_set = request.secured_vm_details.as_ref().and_then(|of| of.os_disk_encryption_set_id.clone());
    add(request.disk_encryption_set_id.clone(), &[ENCRYPTION_SET_READ]);
    add(os_set, &[ENCRYPTION_SET_READ]);
    let access = request.target_disk_network_access_settings.as_ref();
    add(access.and_then(|of| of.target_disk_access_id.clone()), &[DISK_ACCESS_READ]);
    all
}

/// What all machines need, each scope once.
pub(super) fn needed_by(machines: &[Machine<'_>]) -> Vec<(ArmId, Vec<&'static str>)> {
    let mut all: Vec<(ArmId, Vec<&'static str>)> = machines.iter().flat_map(needed).collect();
    all.sort();
    all.dedup_by(|later, kept| {
        let same = later.0 == kept.0;
        if same {
            let more: Vec<&'static str> = later.1.iter().copied().filter(|one| !kept.1.contains(one)).collect();
            kept.1.extend(more);
        }
        same
    });
    all
}

pub(super) fn asks(machine: &Machine<'_>, answers: &dyn Answers, questions: &mut Vec<Question>) {
    questions.extend(needed(machine).into_iter().map(|(scope, _)| Question::Permissions(scope)));
    for missing in missing_actions(&[*machine], answers) {
        eligible::asks(&missing, answers, questions);
    }
}

fn lacking(roles: &List<Permission>, actions: &[&'static str]) -> Vec<&'static str> {
    actions.iter().filter(|action| !Permission::any_allows(roles, action)).copied().collect()
}

/// The actions that the caller lacks, by scope, as far as the answers tell.
pub fn missing_actions(machines: &[Machine<'_>], answers: &dyn Answers) -> Vec<MissingActions> {
    let of_scope = |(scope, actions): (ArmId, Vec<&'static str>)| {
        let Known::Is(roles) = answers.permissions(&scope) else { return None };
        let actions = lacking(&roles, &actions);
        (!actions.is_empty()).then_some(MissingActions { scope, actions })
    };
    needed_by(machines).into_iter().filter_map(of_scope).collect()
}

pub(super) fn run(machines: &[Machine<'_>], answers: &dyn Answers) -> Findings {
    let mut found = Findings::default();
    for (scope, actions) in needed_by(machines) {
        let Some(roles) = found.known(answers.permissions(&scope)) else { continue };
        let actions = lacking(&roles, &actions);
        if actions.is_empty() {
            found.nothing();
            continue;
        }
        let missing = MissingActions { scope, actions };
        let (eligible, waits) = eligible::activation_advice(&missing, answers);
        found.waits |= waits;
        found.problem_at(&missing.scope, missing.sentence(), missing.remedy() + &eligible);
    }
    found
}

impl MissingActions {
    /// What is missing, and what follows.
    fn sentence(&self) -> String {
        let actions: Vec<String> = self.actions.iter().map(|action| quoted(action)).collect();
        format!(
            "Your roles on {} don't include {}, so Azure is likely to reject the restore.",
            quoted(self.scope.name()),
            actions.join(" and ")
        )
    }

    /// Built-in roles that together have all of it, none twice.
    pub fn roles(&self) -> Vec<&'static str> {
        let mut roles: Vec<&'static str> = self.actions.iter().filter_map(|action| role_for(action)).collect();
        roles.dedup();
        // Whoever has the larger role needs no other.
        if roles.contains(&"Contributor") { vec!["Contributor"] } else { roles }
    }

    fn remedy(&self) -> String {
        match &self.roles()[..] {
            [] => "Ask an administrator for a role that includes it.".to_owned(),
            [role] => format!("The built-in role {role} on this resource includes it."),
            roles => format!("The built-in roles {} on this resource include it.", roles.join(" and ")),
        }
    }
}

/// A message for an administrator: what is missing, where, and which built-in roles have it.
pub fn request_text(missing: &[MissingActions], effect: &str) -> String {
    let mut text =
        "Please give me these permissions in Azure. I need them to restore virtual machines from Azure Backup.\n"
            .to_owned();
    for one in missing {
        text += &format!("\nScope: {}\n", one.scope);
        for action in &one.actions {
            text += &format!("  Permission: {action}\n");
        }
        let roles = one.roles();
        if !roles.is_empty() {
            text += &format!("  Built-in role that includes it: {}\n", roles.join(", "));
        }
    }
    text + &format!("\nNeeded for: {}\n", plain(effect))
}

/// A custom role of exactly what is missing, as `az role definition create` takes it.
pub fn custom_role(missing: &[MissingActions]) -> String {
    let mut actions: Vec<&str> = missing.iter().flat_map(|one| one.actions.iter().copied()).collect();
    actions.sort_unstable();
    actions.dedup();
    let mut subscriptions: Vec<String> =
        missing.iter().filter_map(|one| Some(format!("/subscriptions/{}", one.scope.subscription()?))).collect();
    subscriptions.sort_unstable();
    subscriptions.dedup_by(|a, b| a.eq_ignore_ascii_case(b));
    let role = json!({
        "Name": "VM Restore: missing permissions",
        "IsCustom": true,
        "Description": "What was missing for a restore of virtual machines from Azure Backup.",
        "Actions": actions,
        "NotActions": [],
        "DataActions": [],
        "NotDataActions": [],
        "AssignableScopes": subscriptions,
    });
    format!("{role:#}\n")
}
