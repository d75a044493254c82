//! The network rules of the staging account.

use azure_backup::arm::id::ArmId;

use super::{Answers, Findings, Machine};
use crate::restore::effect_sentence::quoted;

pub(super) fn run(machines: &[Machine<'_>], _: &dyn Answers) -> Findings {
    let mut found = Findings::default();
    let mut told: Vec<&ArmId> = Vec::new();
    for machine in machines {
        let Some(id) = machine.account() else { continue };
        if told.contains(&id) {
            continue;
        }
        told.push(id);
        let listed = machine.facts.lookups.storage_accounts.as_deref();
        let name = quoted(id.name());
        match listed.and_then(|all| all.iter().find(|account| account.id == *id)) {
            None => found.unknown(format!("the network rules of {name} couldn't be read")),
            Some(account) if account.network_restricted && !account.trusts_services => found.problem_at(
                id,
                format!("The network rules of {name} don't allow trusted Azure services, so Azure Backup is likely to be blocked."),
                "Allow trusted Azure services in its network rules, or choose another account.",
            ),
            Some(_) => found.nothing(),
        }
    }
    found
}
