//! `GET …/backupResourceGuardProxies` and `…/backupResourceGuardProxies/{name}`

use super::find;
use crate::answer::Answer;
use crate::errors::{ArmError, Refused};
use crate::moment;
use crate::paging;
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;
use crate::text::{fill, same};
use crate::world::vault::Vault;

/// The name of the only proxy that a vault can have.
const NAME: &str = "VaultProxy";
const PROXY: &str = r#"{"id":"$0/backupResourceGuardProxies/VaultProxy","name":"VaultProxy","type":"Microsoft.RecoveryServices/vaults/backupResourceGuardProxies","properties":{"resourceGuardResourceId":"$1","resourceGuardOperationDetails":[{"vaultCriticalOperation":"Microsoft.DataProtection/resourceGuards/disableSoftDeleteRequests","defaultResourceRequest":"$1/disableSoftDeleteRequests/default"},{"vaultCriticalOperation":"Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems/recoveryPoints/restore/action","defaultResourceRequest":"$2"}],"lastUpdatedTime":"$3","description":"Please take JIT access before performing any of the critical operation"}}"#;

/// The proxy of a vault with a resource guard.
fn proxy(sim: &Simulator, vault: &Vault) -> Option<String> {
    let made = moment::iso(sim.world.epoch - 200 * moment::DAY);
    vault.guarded.then(|| fill(PROXY, &[&vault.id(), &vault.guard(), &vault.guard_request(), &made]))
}

pub(super) fn list(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let (_, vault) = find::inside(sim, ask)?;
    Ok(paging::whole(proxy(sim, vault)))
}

pub(super) fn get(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let (_, vault) = find::inside(sim, ask)?;
    let found = proxy(sim, vault).filter(|_| same(ask.at(3), NAME));
    found.map(Answer::ok).ok_or_else(|| ArmError::not_in_vault("The resource guard proxy"))
}
