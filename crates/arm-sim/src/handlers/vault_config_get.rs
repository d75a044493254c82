//! `GET …/backupconfig/vaultconfig`: soft delete

use super::find;
use crate::answer::Answer;
use crate::errors::Refused;
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;
use crate::text::fill;

const CONFIG: &str = r#"{"id":"$0/backupconfig/vaultconfig","name":"vaultconfig","type":"Microsoft.RecoveryServices/vaults/backupconfig","properties":{"enhancedSecurityState":"Enabled","softDeleteFeatureState":"Enabled","softDeleteRetentionPeriodInDays":14,"isSoftDeleteFeatureStateEditable":true}}"#;

pub(super) fn handle(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let (_, vault) = find::inside(sim, ask)?;
    Ok(Answer::ok(fill(CONFIG, &[&vault.id()])))
}
