//! A vault.

use crate::moment;
use crate::pseudo_random;
use crate::seed::places::TENANTS;
use crate::simulator::Simulator;
use crate::text::{fill, member, when};
use crate::version::Version;
use crate::world::vault::Vault;

const VAULT: &str = r#"{"location":"$0","name":"$1","etag":"W/\"datetime'$2'\"",@3"properties":{"provisioningState":"Succeeded","privateEndpointStateForBackup":"None","privateEndpointStateForSiteRecovery":"None",@4"monitoringSettings":{"azureMonitorAlertSettings":{"alertsForAllJobFailures":"Enabled","alertsForAllReplicationIssues":"Enabled","alertsForAllFailoverIssues":"Enabled"},"classicAlertSettings":{"alertsForCriticalOperations":"Enabled","emailNotificationsForSiteRecovery":"Enabled"}},"backupStorageVersion":"V2","securitySettings":{"immutabilitySettings":{"state":"Disabled"},"softDeleteSettings":{"softDeleteRetentionPeriodInDays":14,"softDeleteState":"Enabled","enhancedSecurityState":"Enabled"},"multiUserAuthorization":"$5"@A},"redundancySettings":{"standardTierStorageRedundancy":"$6","crossRegionRestore":"$7"},@B"secureScore":"None","bcdrSecurityLevel":"Poor","publicNetworkAccess":"Enabled","restoreSettings":{"crossSubscriptionRestoreSettings":{"crossSubscriptionRestoreState":"$8"}}},"id":"$9","type":"Microsoft.RecoveryServices/vaults","sku":{"name":"Standard"}}"#;

const KEY: &str = r#""encryption":{"keyVaultProperties":{"keyUri":"https://contoso-kv.vault.azure.net/keys/backup"},"kekIdentity":{"useSystemAssignedIdentity":true},"infrastructureEncryption":"Disabled"},"#;

/// The members that were added in 2026 were recorded with this version.
const RECORDED: u32 = 20_260_501;

/// Writes a vault.
pub(crate) fn json(sim: &Simulator, vault: &Vault, version: &Version) -> String {
    let seed = sim.world.seed;
    let switch = |on| if on { "Enabled" } else { "Disabled" };
    let made = moment::iso(sim.world.epoch - 400 * moment::DAY).replace(':', "%3A");
    let newer = version.since(RECORDED);
    let choice = fill(r#""regionOfChoiceSettings":{"status":"$0"},"#, &[switch(vault.region_of_choice)]);
    fill(
        VAULT,
        &[
            vault.region,
            vault.name,
            &made,
            &identity(seed, vault),
            when(vault.customer_key, KEY),
            switch(vault.guarded),
            vault.redundancy.as_str(),
            switch(vault.cross_region),
            vault.cross_subscription,
            &vault.id(),
            when(newer, r#","sourceScanConfiguration":{"state":"Disabled"}"#),
            when(newer, &choice),
        ],
    )
}

fn identity(seed: u64, vault: &Vault) -> String {
    let guid = |what: &str| pseudo_random::guid(seed, &format!("{}-{what}", vault.name));
    let users = vault
        .user_identity_id()
        .map(|id| fill(r#"{"$0":{"clientId":"$1","principalId":"$2"}}"#, &[&id, &guid("client"), &guid("user")]));
    let kind = match (vault.system_identity, users.is_some()) {
        (false, false) => return String::new(),
        (true, false) => "SystemAssigned",
        (false, true) => "UserAssigned",
        (true, true) => "SystemAssigned, UserAssigned",
    };
    let own = if vault.system_identity {
        fill(r#""tenantId":"$0","principalId":"$1","#, &[TENANTS[0].id, &guid("principal")])
    } else {
        String::new()
    };
    fill(r#""identity":{@0"type":"$1"@2},"#, &[&own, kind, &member("userAssignedIdentities", users)])
}
