//! A protected item.

use crate::moment::{self, DAY, Millis};
use crate::simulator::Simulator;
use crate::text::{fill, when};
use crate::version::{RECORDED_2026, Version};
use crate::world::item::{Item, State, Traits};

const ITEM: &str = r#"{"id":"$0","name":"VM;$1","type":"Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems","properties":{"friendlyName":"$2","virtualMachineId":"$3","protectionStatus":"$4","protectionState":"$5","healthStatus":"$6"@7,"lastBackupStatus":"$8","lastBackupTime":"$9","protectedItemDataId":"$A"@B@G,"protectedItemType":"$C","backupManagementType":"AzureIaasVM","workloadType":"VM","containerName":"$1","sourceResourceId":"$3",@D,"vaultId":"https://management.azure.com$E"@F,"isArchiveEnabled":false,"softDeleteRetentionPeriod":14@H}}"#;

/// How an item fares, in Azure's words.
pub(crate) struct Standing {
    /// `healthStatus`.
    pub(crate) health: &'static str,
    /// `healthDetails`: one, or none.
    details: &'static str,
    /// `protectionState`.
    pub(crate) protection: &'static str,
    /// `lastBackupStatus`.
    pub(crate) backup: &'static str,
    /// The time of the newest recovery point.
    pub(crate) last: Option<Millis>,
}

/// How an item fares in a state.
pub(crate) fn standing(sim: &Simulator, index: usize, state: State, version: &Version) -> Standing {
    let (health, details) = health(&sim.world.items[index], state);
    let protection = match state {
        State::Stopped | State::SoftDeleted => "ProtectionStopped",
        State::Pending => "IRPending",
        State::AgentSilent => "ProtectionError",
        _ => "Protected",
    };
    let last = sim.points(index, version).next().filter(|_| state != State::SoftDeleted).map(|p| p.time);
    let backup = match (last, state) {
        (None, _) => "",
        (_, State::AgentSilent) => "Failed",
        _ if health == "ActionRequired" => "Failed",
        _ => "Completed",
    };
    Standing { health, details, protection, backup, last }
}

/// Code, title, message and advice of an item's health.
fn health(item: &Item, state: State) -> (&'static str, &'static str) {
    if item.traits.has(Traits::GONE) && state == State::Protected {
        return (
            "ActionRequired",
            r#"{"code":400136,"title":"UserErrorVmNotFoundV2","message":"Virtual machine doesn't exist.","recommendations":["Please make sure that virtual machine exists or select a different virtual machine. For more details, please refer to http://aka.ms/UserErrorVmNotFoundV2"]}"#,
        );
    }
    match state {
        State::AgentSilent => (
            "ActionRequired",
            r#"{"code":400196,"title":"UserErrorGuestAgentStatusUnavailable","message":"VM agent is unable to communicate with the Azure Backup Service.","recommendations":["Ensure that the VM agent is up to date and running."]}"#,
        ),
        State::Warned => (
            "ActionSuggested",
            r#"{"code":400288,"title":"UserErrorRpCollectionDeleted","message":"The Restore Point collection has been deleted by the user.","recommendations":["Please retry the operation and do not delete any Restore Point collections."]}"#,
        ),
        State::SoftDeleted => ("Passed", ""),
        _ => (
            "Passed",
            r#"{"code":400239,"title":"IaasVmHealthGreenDefault","message":"Backup pre-check status of this virtual machine is OK.","recommendations":[]}"#,
        ),
    }
}

/// Writes a protected item.
pub(crate) fn json(sim: &Simulator, index: usize, version: &Version) -> String {
    json_in(sim, index, sim.world.items[index].state, version)
}

/// When soft-deleted items were deleted.
pub(crate) fn deleted_at(sim: &Simulator) -> Millis {
    sim.world.epoch - 3 * DAY
}

/// Writes a protected item as it is in a state.
pub(crate) fn json_in(sim: &Simulator, index: usize, state: State, version: &Version) -> String {
    let world = &sim.world;
    let item = &world.items[index];
    let vault = world.vault_of(index);
    let Standing { health, details, protection, backup, last } = standing(sim, index, state, version);
    let policy = match state {
        State::Stopped | State::SoftDeleted => r#""policyId":"","policyName":"""#.to_owned(),
        _ => fill(r#""policyId":"$0/backupPolicies/DefaultPolicy","policyName":"DefaultPolicy""#, &[&vault.id()]),
    };
    let mut extra = last.map(|at| fill(r#","lastRecoveryPoint":"$0""#, &[&moment::iso(at)])).unwrap_or_default();
    if state == State::SoftDeleted {
        let deleted = deleted_at(sim);
        extra += &fill(
            r#","deferredDeleteTimeInUTC":"$0","isScheduledForDeferredDelete":true,"deferredDeleteTimeRemaining":"10.23:59:42.8656002""#,
            &[&moment::iso(deleted)],
        );
    }
    let choice = item.disks.map(|(include, luns)| {
        let luns: Vec<_> = luns.iter().map(ToString::to_string).collect();
        let text = r#","extendedProperties":{"diskExclusionProperties":{"diskLunList":[@0],"isInclusionList":@1}}"#;
        fill(text, &[&luns.join(","), if include { "true" } else { "false" }])
    });
    let scan =
        r#","sourceLocation":"$0","sourceSideScanInfo":{"sourceSideScanStatus":"$1","sourceSideScanSummary":"$2"}"#;
    let threats = item.traits.has(Traits::THREATS);
    let (status, summary) = if threats { ("Configured", "Suspicious") } else { ("NotConfigured", "Unknown") };
    let scan = fill(scan, &[item.region(), status, summary]);
    let details = if details.is_empty() { String::new() } else { format!(",\"healthDetails\":[{details}]") };
    fill(
        ITEM,
        &[
            &item.id(),
            &item.container(),
            &item.name,
            &item.machine_id(),
            if health == "ActionRequired" { "Unhealthy" } else { "Healthy" },
            protection,
            health,
            &details,
            backup,
            &last.map_or_else(|| "2001-01-01T00:00:00Z".to_owned(), |at| moment::iso(at - 4 * moment::SECOND)),
            &item.data_id(world.seed),
            choice.as_deref().unwrap_or_default(),
            item.machine_type(),
            &policy,
            &vault.id(),
            &extra,
            when(version.since(RECORDED_2026) && !version.is_secondary(), r#","policyType":"V1""#),
            when(version.since(20_260_701), &scan),
        ],
    )
}
