//! `GET …/backupEncryptionConfigs/backupResourceEncryptionConfig`

use super::find;
use crate::answer::Answer;
use crate::errors::Refused;
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;
use crate::text::fill;

const CONFIG: &str = r#"{"id":"$0/backupEncryptionConfigs/backupResourceEncryptionConfig","name":"backupResourceEncryptionConfig","type":"Microsoft.RecoveryServices/vaults/backupEncryptionConfigs","properties":{"useSystemAssignedIdentity":true,@1,"infrastructureEncryptionState":"Disabled"}}"#;
const OWN_KEY: &str = r#""encryptionAtRestType":"CustomerManaged","keyUri":"https://contoso-kv.vault.azure.net/keys/backup","lastUpdateStatus":"Succeeded""#;
const MICROSOFT_KEY: &str = r#""encryptionAtRestType":"MicrosoftManaged","lastUpdateStatus":"NotEnabled""#;

pub(super) fn handle(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let (_, vault) = find::inside(sim, ask)?;
    Ok(Answer::ok(fill(CONFIG, &[&vault.id(), if vault.customer_key { OWN_KEY } else { MICROSOFT_KEY }])))
}
