//! `GET …/backupResourceGuardProxies`

use super::find;
use crate::answer::Answer;
use crate::ask::Ask;
use crate::errors::Refused;
use crate::moment;
use crate::paging;
use crate::simulator::Simulator;
use crate::text::fill;

const PROXY: &str = r#"{"id":"$0/backupResourceGuardProxies/VaultProxy","name":"VaultProxy","type":"Microsoft.RecoveryServices/vaults/backupResourceGuardProxies","properties":{"resourceGuardResourceId":"$1","resourceGuardOperationDetails":[{"vaultCriticalOperation":"Microsoft.DataProtection/resourceGuards/disableSoftDeleteRequests","defaultResourceRequest":"$1/disableSoftDeleteRequests/default"},{"vaultCriticalOperation":"Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems/recoveryPoints/restore/action","defaultResourceRequest":"$2"}],"lastUpdatedTime":"$3","description":"Please take JIT access before performing any of the critical operation"}}"#;

pub(super) fn handle(sim: &mut Simulator, ask: &Ask) -> Result<Answer, Refused> {
    let (_, vault) = find::inside(sim, ask)?;
    let made = moment::iso(sim.world.epoch - 200 * moment::DAY);
    let proxy = vault.guarded.then(|| fill(PROXY, &[&vault.id(), &vault.guard(), &vault.guard_request(), &made]));
    Ok(paging::whole(proxy))
}
