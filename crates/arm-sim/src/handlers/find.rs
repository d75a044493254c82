//! Finding what a path names.

use crate::ask::Ask;
use crate::errors::{ArmError, Refused};
use crate::faults::Fault;
use crate::seed::vaults::VAULTS;
use crate::simulator::Simulator;
use crate::text::same;
use crate::world::point::Point;
use crate::world::vault::Vault;

/// The vault of a path, seen from ARM.
pub(crate) fn vault(sim: &Simulator, ask: &Ask) -> Result<(usize, &'static Vault), Refused> {
    let index = sim.world.vault(ask.at(0), ask.at(1), ask.at(2))?;
    Ok((index, &VAULTS[index]))
}

/// The vault of a path, seen from Azure Backup: it may be closed to the caller, and the api-version must be its own.
pub(crate) fn inside(sim: &Simulator, ask: &Ask) -> Result<(usize, &'static Vault), Refused> {
    let (index, vault) = vault(sim, ask)?;
    if ask.version.is_secondary() {
        return Err(ArmError::not_simulated(&format!(
            "the secondary region, which api-version '{}' addresses",
            ask.version
        )));
    }
    if !ask.version.is_backup() {
        let message = format!(
            "No registered resource provider found for location '{}' and API version '{}' for type 'vaults'.",
            vault.region, ask.version
        );
        return Err(ArmError::gateway(400, "NoRegisteredProviderFound", message));
    }
    if Fault::of(vault.name) == Some(Fault::Denied) {
        return Err(denied(&ask.path, "Microsoft.RecoveryServices/vaults/read"));
    }
    Ok((index, vault))
}

/// ARM's refusal to somebody without the role for `action`.
pub(crate) fn denied(scope: &str, action: &str) -> Refused {
    let message = format!(
        "The client 'operator@contoso.example' with object id '12f8ea5c-1212-449e-b31c-0a574f43076e' does not have authorization to perform action '{action}' over scope '{scope}' or the scope is invalid. If access was recently granted, please refresh your credentials."
    );
    ArmError::gateway(403, "AuthorizationFailed", message)
}

/// The index of the protected item of a path.
pub(crate) fn item(sim: &Simulator, ask: &Ask) -> Result<usize, Refused> {
    let (vault, _) = inside(sim, ask)?;
    let matches = |container: &str| {
        same(ask.at(4), &format!("IaasVMContainer;{container}")) && same(ask.at(5), &format!("VM;{container}"))
    };
    let found = sim.world.items.iter().position(|i| i.vault == vault && matches(&i.container()));
    found.filter(|_| same(ask.at(3), "Azure")).ok_or_else(|| ArmError::not_in_vault("The protected item"))
}

/// The protected item and the recovery point of a path.
pub(crate) fn point(sim: &Simulator, ask: &Ask) -> Result<(usize, Point), Refused> {
    let item = item(sim, ask)?;
    let point = sim.world.point(item, ask.at(6)).ok_or_else(|| ArmError::not_in_vault("The recovery point"))?;
    Ok((item, point))
}

/// The index of the job of a path.
pub(crate) fn job(sim: &Simulator, ask: &Ask) -> Result<usize, Refused> {
    let (vault, _) = inside(sim, ask)?;
    let found = sim.world.jobs.iter().position(|j| same(&j.id, ask.at(3)) && sim.world.items[j.item].vault == vault);
    found.ok_or_else(|| ArmError::not_in_vault("The job"))
}
