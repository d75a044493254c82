//! Finding what a path names.

use serde_json::Value;

use crate::errors::{ArmError, Refused};
use crate::faults::Fault;
use crate::seed::places::REGIONS;
use crate::seed::vaults::VAULTS;
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;
use crate::text::same;
use crate::world::point::Point;
use crate::world::vault::Vault;

/// The vault of a path, seen from ARM.
pub(crate) fn vault(sim: &Simulator, ask: &SimRequest) -> Result<(usize, &'static Vault), Refused> {
    let index = sim.world.vault(ask.at(0), ask.at(1), ask.at(2))?;
    let vault = &VAULTS[index];
    if !sim.shows_vault(vault.name) {
        return Err(denied(&vault.id(), "Microsoft.RecoveryServices/vaults/read"));
    }
    if !ask.version.is_secondary() {
        if Fault::of(vault.name) == Some(Fault::RegionDown) {
            return Err(ArmError::region_down(vault.region));
        }
        region_works(sim, vault.region)?;
    }
    Ok((index, vault))
}

/// Refuses if the region was set to be down.
pub(super) fn region_works(sim: &Simulator, region: &str) -> Result<(), Refused> {
    let down = sim.settings.region_down.as_ref().is_some_and(|down| same(down, region));
    if down { Err(ArmError::region_down(region)) } else { Ok(()) }
}

/// The vault of a path, as Azure Backup sees it: the caller may have no access, and the api-version must belong to Azure Backup.
pub(crate) fn inside(sim: &Simulator, ask: &SimRequest) -> Result<(usize, &'static Vault), Refused> {
    let (index, vault) = vault(sim, ask)?;
    if ask.version.is_secondary() {
        region_works(sim, secondary(vault)?)?;
    }
    if !ask.version.is_backup() {
        return Err(ArmError::no_provider(vault.region, &ask.version, "vaults"));
    }
    if Fault::of(vault.name) == Some(Fault::Denied) {
        return Err(denied(&ask.path, "Microsoft.RecoveryServices/vaults/read"));
    }
    Ok((index, vault))
}

/// The secondary region of a vault, or Azure Backup's refusal.
pub(super) fn secondary(vault: &Vault) -> Result<&'static str, Refused> {
    vault.secondary().ok_or_else(|| {
        let message = format!("Cross region restore is not enabled for the vault '{}'.", vault.name);
        ArmError::invalid_input(&message, "crossRegionRestore")
    })
}

/// The region of a path, as Azure Backup sees it.
pub(super) fn region(sim: &Simulator, ask: &SimRequest) -> Result<&'static str, Refused> {
    sim.world.subscription(ask.at(0))?;
    let found = REGIONS.iter().find(|r| same(r.name, ask.at(1)));
    let region = found.ok_or_else(|| ArmError::no_provider(ask.at(1), &ask.version, "locations"))?.name;
    region_works(sim, region)?;
    Ok(region)
}

/// The region of a path, if it is the secondary region of a vault in the subscription; otherwise it is refused.
pub(super) fn location(sim: &Simulator, ask: &SimRequest) -> Result<&'static str, Refused> {
    let subscription = sim.world.subscription(ask.at(0))?.id;
    let regions = VAULTS.iter().filter(|v| v.subscription == subscription).filter_map(Vault::secondary);
    let found = regions.into_iter().find(|r| same(r, ask.at(1))).ok_or_else(|| {
        let message = format!("'{}' is the secondary region of no vault of the subscription.", ask.at(1));
        ArmError::invalid_input(&message, "azureRegion")
    })?;
    region_works(sim, found)?;
    Ok(found)
}

/// The vault that a request body names by its ARM id, if its secondary region is that of the path.
pub(super) fn vault_of_body(sim: &Simulator, ask: &SimRequest) -> Result<(usize, Value), Refused> {
    let (region, body) = (location(sim, ask)?, ask.json()?);
    let id = body["resourceId"].as_str().unwrap_or_default();
    let here = |v: &Vault| same(&v.id(), id) && same(v.subscription, ask.at(0)) && v.secondary() == Some(region);
    let found = VAULTS.iter().position(here).ok_or_else(|| {
        let message = format!("The resourceId must be that of a vault whose secondary region is '{region}'.");
        ArmError::invalid_input(&message, "resourceId")
    })?;
    Ok((found, body))
}

/// ARM's refusal for a caller without the permission for `action`.
pub(crate) fn denied(scope: &str, action: &str) -> Refused {
    let message = format!(
        "The client 'operator@contoso.example' with object id '12f8ea5c-1212-449e-b31c-0a574f43076e' does not have authorization to perform action '{action}' over scope '{scope}' or the scope is invalid. If access was recently granted, please refresh your credentials."
    );
    ArmError::gateway(403, "AuthorizationFailed", message)
}

/// The index of the protected item of a path.
pub(crate) fn item(sim: &Simulator, ask: &SimRequest) -> Result<usize, Refused> {
    let (vault, _) = inside(sim, ask)?;
    let matches = |container: &str| {
        same(ask.at(4), &format!("IaasVMContainer;{container}")) && same(ask.at(5), &format!("VM;{container}"))
    };
    let found = sim.world.items.iter().position(|i| i.vault == vault && matches(&i.container()));
    // In the secondary region an item exists once one of its points has arrived there.
    let exists = |i: &usize| !ask.version.is_secondary() || sim.points(*i, &ask.version).next().is_some();
    found
        .filter(exists)
        .filter(|_| same(ask.at(3), "Azure"))
        .ok_or_else(|| ArmError::not_in_vault("The protected item"))
}

/// The protected item of a path, whose recovery points the caller may read.
pub(super) fn item_of_points(sim: &Simulator, ask: &SimRequest) -> Result<usize, Refused> {
    let item = item(sim, ask)?;
    let vault = VAULTS[sim.world.items[item].vault].name;
    if Fault::of(vault) == Some(Fault::PointsDenied) {
        const READ: &str =
            "Microsoft.RecoveryServices/Vaults/backupFabrics/protectionContainers/protectedItems/recoveryPoints/read";
        return Err(denied(&ask.path, READ));
    }
    Ok(item)
}

/// The protected item and the recovery point of a path.
pub(crate) fn point(sim: &Simulator, ask: &SimRequest) -> Result<(usize, Point), Refused> {
    let item = item_of_points(sim, ask)?;
    let found = sim.points(item, &ask.version).find(|p| p.id == ask.at(6));
    let point = found.ok_or_else(|| ArmError::not_in_vault("The recovery point"))?;
    Ok((item, point))
}

/// The index of the job of a path.
pub(crate) fn job(sim: &Simulator, ask: &SimRequest) -> Result<usize, Refused> {
    let (vault, _) = inside(sim, ask)?;
    let found = sim
        .world
        .jobs
        .iter()
        .position(|j| !j.is_secondary() && same(&j.id, ask.at(3)) && sim.world.items[j.item].vault == vault);
    found.ok_or_else(|| ArmError::not_in_vault("The job"))
}
