//! `GET …/locations/{region}/deletedVaults`: soft-deleted vaults; `POST …/deletedVaults/{name}/undelete` brings one back

use super::{find, operation};
use crate::answer::Answer;
use crate::errors::{ArmError, Refused};
use crate::moment::{self, DAY, MINUTE};
use crate::paging;
use crate::restore::request::{RestoreRequest, object};
use crate::seed::vaults::VAULTS;
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;
use crate::text::{fill, same};
use crate::world::operation::{Operation, Work};
use crate::world::place::{group_id, location_id};
use crate::world::vault::Vault;

const DELETED: &str = r#"{"id":"$0/deletedVaults/$1","name":"$1","type":"Microsoft.RecoveryServices/locations/deletedVaults","properties":{"vaultId":"$2","vaultDeletionTime":"$3","purgeAt":"$4"}}"#;
const STATUS: &str = r#"{"id":"$0","name":"$1","status":"$2","startTime":"$3"}"#;

/// The deleted vaults in the region of a path.
fn deleted(sim: &Simulator, ask: &SimRequest) -> Result<Vec<(usize, &'static Vault)>, Refused> {
    let region = find::region(sim, ask)?;
    let here = |(index, v): &(usize, &'static Vault)| {
        !sim.world.vault_exists(*index) && same(v.subscription, ask.at(0)) && v.region == region
    };
    Ok(VAULTS.iter().enumerate().filter(here).collect())
}

pub(super) fn list(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let (at, purge) = (sim.world.epoch - 2 * DAY, sim.world.epoch + 12 * DAY);
    let vaults = deleted(sim, ask)?.into_iter().map(|(_, v)| {
        let base = location_id(v.subscription, v.region);
        fill(DELETED, &[&base, v.name, &v.id(), &moment::iso(at), &moment::iso(purge)])
    });
    Ok(paging::whole(vaults.collect::<Vec<_>>()))
}

pub(super) fn undelete(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let found = deleted(sim, ask)?.into_iter().find(|(_, v)| same(v.name, ask.at(2)));
    let (index, vault) = found.ok_or_else(|| {
        ArmError::service(404, "ResourceNotFound", format!("The deleted vault '{}' was not found.", ask.at(2)))
    })?;
    let body = ask.json()?;
    let property = "properties.recoveryResourceGroupId";
    let request = RestoreRequest(object(&body, "properties")?);
    let group = request.text("recoveryResourceGroupId").unwrap_or_default();
    if group.is_empty() {
        return Err(ArmError::invalid_input("The recoveryResourceGroupId is missing.", property));
    }
    if !same(group, &group_id(vault.subscription, vault.group)) {
        return Err(ArmError::not_simulated("how a vault comes back in another resource group"));
    }
    let id = sim.world.next_guid();
    let version = ask.version.to_string();
    let operation = operation::start(sim, id, index, None, Work::UndeleteVault, MINUTE, &version);
    let base = format!("{}/deletedVaults/{}", location_id(vault.subscription, vault.region), vault.name);
    Ok(operation::accepted(sim, ask, &operation, &base, ("operations", "operations"), 10))
}

/// `GET …/deletedVaults/{name}/operations/{id}`
pub(super) fn status(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    find::region(sim, ask)?;
    let wanted = |o: &&mut Operation| {
        o.work == Work::UndeleteVault && same(&o.id, ask.at(3)) && same(VAULTS[o.vault].name, ask.at(2))
    };
    let found = sim.world.changes.operations.iter_mut().find(wanted);
    let operation = found.ok_or_else(|| ArmError::not_in_vault("The operation"))?;
    operation.reads += 1;
    let operation = operation.clone();
    settle(sim);
    let status = if operation::is_over(sim, &operation) { "Succeeded" } else { "InProgress" };
    Ok(Answer::ok(fill(STATUS, &[&ask.path, &operation.id, status, &moment::iso(operation.started)])))
}

/// Brings back the vaults whose undeletion is due.
pub(crate) fn settle(sim: &mut Simulator) {
    let over = |o: &&Operation| o.work == Work::UndeleteVault && operation::is_over(sim, o);
    let back: Vec<_> = sim.world.changes.operations.iter().filter(over).map(|o| o.vault).collect();
    for vault in back.into_iter().filter(|v| !sim.world.vault_exists(*v)).collect::<Vec<_>>() {
        sim.world.changes.undeleted_vaults.push(vault);
    }
}
