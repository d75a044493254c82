//! `GET …/backupstorageconfig/vaultstorageconfig`

use super::find;
use crate::answer::Answer;
use crate::errors::Refused;
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;
use crate::text::fill;

const CONFIG: &str = r#"{"id":"$0/backupstorageconfig/vaultstorageconfig","name":"vaultstorageconfig","type":"Microsoft.RecoveryServices/vaults/backupstorageconfig","properties":{"storageModelType":"$1","storageType":"$1","storageTypeState":"Locked","dedupState":"Disabled","xcoolState":"Disabled","crossRegionRestoreFlag":@2}}"#;

pub(super) fn handle(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let (_, vault) = find::inside(sim, ask)?;
    let flag = if vault.cross_region { "true" } else { "false" };
    Ok(Answer::ok(fill(CONFIG, &[&vault.id(), vault.redundancy.as_str(), flag])))
}
