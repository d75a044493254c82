//! A recovery point.

use super::{secondary_point, threats};
use crate::checks::EDGE_ZONE;
use crate::moment::{self, DAY};
use crate::simulator::Simulator;
use crate::text::{array, fill, member, quote, when};
use crate::version::{RECORDED_2026, Version};
use crate::world::item::{Item, Traits};
use crate::world::point::{Point, Tier};

const POINT: &str = r#"{"id":"$0/recoveryPoints/$1","name":"$1","type":"Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems/recoveryPoints","properties":{"objectType":"IaasVMRecoveryPoint","recoveryPointType":"$2","recoveryPointTime":"$3","recoveryPointAdditionalInfo":"","sourceVMStorageType":"$4","isSourceVMEncrypted":@5@6,"@7":@8,"recoveryPointTierDetails":@9,"isManagedVirtualMachine":@A,"virtualMachineSize":"$B","originalStorageAccountOption":@C@D}}"#;

/// Before this version tiers are numbers, and from it on names.
pub(super) const NAMED_TIERS: u32 = 20_211_115;

/// From this version on, a point tells size and kind of its disks.
const TYPED_DISKS: u32 = 20_261_001;
/// From this version on, instant-access snapshots have their own tier.
const INSTANT_ACCESS: u32 = 20_261_001;

pub(super) fn truth(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}

fn tiers(point: &Point, version: &Version) -> String {
    // What older versions say about an instant-access snapshot was never recorded.
    let snapshot = if point.instant && version.since(INSTANT_ACCESS) { "IASnapshotRP" } else { "InstantRP" };
    let mut all = vec![(1, snapshot, point.snapshot), (2, "HardenedRP", point.vault)];
    if version.since(20_210_101) {
        all.push((3, "ArchivedRP", point.archive));
    }
    array(all.into_iter().filter(|(.., state)| *state != Tier::Absent).map(|(number, name, state)| {
        if version.since(NAMED_TIERS) {
            let until = point
                .rehydrated_until
                .filter(|_| state == Tier::Rehydrated)
                .map(|at| fill(r#"{"RehydratedRPExpiryTime":"$0"}"#, &[&moment::iso(at)]));
            fill(r#"{"type":"$0","status":"$1"@2}"#, &[name, state.as_str(), &member("extendedInfo", until)])
        } else {
            fill(r#"{"type":@0,"status":@1}"#, &[&number.to_string(), &(state as u8).to_string()])
        }
    }))
}

pub(super) fn disks(item: &Item, detail: bool, typed: bool) -> Option<String> {
    item.disks?;
    let entry = |lun: i32| {
        let kind =
            fill(r#","diskSizeInGB":@0,"storageType":"$1""#, &[&item.disk_size(lun).to_string(), item.disk_sku(lun)]);
        fill(r#"{"lun":@0,"name":"$1"@2}"#, &[&lun.to_string(), &item.disk_name(lun), when(typed, &kind)])
    };
    let lists = if detail {
        let (included, excluded) =
            (array(item.included_luns().into_iter().map(entry)), array(item.luns(false).map(entry)));
        fill(r#","includedDiskList":@0,"excludedDiskList":@1"#, &[&included, &excluded])
    } else {
        String::new()
    };
    let counts = [item.included_luns().len().to_string(), (item.data_disks + 1).to_string()];
    Some(fill(
        r#"{"numberOfDisksIncludedInBackup":@0,"numberOfDisksAttachedToVm":@1@2}"#,
        &[&counts[0], &counts[1], &lists],
    ))
}

/// The kind of storage of a VM's disks.
pub(super) fn storage(traits: Traits) -> &'static str {
    if traits.has(Traits::STANDARD) { "NormalStorage" } else { "PremiumVMOnPartialPremiumStorage" }
}

/// Whether a point can be moved to archive.
pub(crate) fn is_ready_for_move(sim: &Simulator, point: &Point) -> bool {
    point.archive == Tier::Absent && point.vault == Tier::Valid && point.time < sim.world.epoch - 90 * DAY
}

fn readiness(sim: &Simulator, point: &Point) -> String {
    let text = if point.archive != Tier::Absent {
        "Recovery point cannot be moved to archive tier since it has already been moved."
    } else if is_ready_for_move(sim, point) {
        return r#"{"ArchivedRP":{"isReadyForMove":true}}"#.to_owned();
    } else {
        "We're still determining if this Recovery Point can be moved.. Please check again after some time."
    };
    fill(r#"{"ArchivedRP":{"isReadyForMove":false,"additionalInfo":"$0"}}"#, &[text])
}

/// The JSON of a recovery point; only the detailed form lists its disks.
pub(crate) fn json(sim: &Simulator, index: usize, point: &Point, version: &Version, detail: bool) -> String {
    if version.is_secondary() {
        return secondary_point::json(sim, index, point, version, detail);
    }
    let item = &sim.world.items[index];
    let traits = item.traits;
    let mut rest = fill(r#","osType":"$0""#, &[item.os()])
        + &member("recoveryPointDiskConfiguration", disks(item, detail, version.since(TYPED_DISKS)));
    if version.since(20_201_201) {
        rest += &member("zones", item.zone().map(|z| fill(r#"["$0"]"#, &[&z])));
    }
    if version.since(20_210_101) {
        rest += &member("recoveryPointMoveReadinessInfo", Some(readiness(sim, point)));
    }
    if version.since(20_230_101) {
        let text = r#"{"expiryTime":"$0","ruleName":"$1","isSoftDeleted":false}"#;
        rest += &member("recoveryPointProperties", Some(fill(text, &[&moment::bare(point.expires), point.rule])));
    }
    if version.since(20_230_201) {
        let security = match () {
            () if traits.has(Traits::CONFIDENTIAL) => "ConfidentialVM",
            () if traits.has(Traits::TRUSTED_LAUNCH) => "TrustedLaunch",
            () => "None",
        };
        rest += &fill(
            r#","securityType":"$0","isPrivateAccessEnabledOnAnyDisk":@1"#,
            &[security, truth(traits.has(Traits::PRIVATE))],
        );
    }
    if version.since(20_230_401) {
        let zone = traits.has(Traits::EDGE).then(|| fill(r#"{"name":"$0","type":"EdgeZone"}"#, &[EDGE_ZONE]));
        rest += &member("extendedLocation", zone);
        rest += r#","createdWithPolicyType":"V1""#;
        // A number as recorded in 2024; missing in recordings of 2026 with 2025-02-01; a name since it is documented.
        rest += &match () {
            () if version.since(threats::SINCE) => threats::members(sim, item, point),
            () if version.since(RECORDED_2026) => String::new(),
            () => r#","threatStatus":0"#.to_owned(),
        };
    }
    if version.since(threats::SINCE) && traits.has(Traits::CONFIDENTIAL) && item.data_disks > 0 {
        let disk = |lun: i32| fill(r#"{"lun":@0,"diskName":"$1"}"#, &[&lun.to_string(), &item.disk_name(lun)]);
        rest += &fill(r#","dataDiskMetadata":{"encryptedDataDisks":@0}"#, &[&array(item.luns(true).map(disk))]);
    }
    let secret = r#"{"kekDetails":{"keyUrl":"https://contoso-kv.vault.azure.net/keys/kek/1","keyVaultId":"","keyBackupData":""},"bekDetails":{"secretUrl":"https://contoso-kv.vault.azure.net/secrets/bek/1","secretVaultId":"","secretData":""},"encryptionMechanism":"None"}"#;
    let encrypted = traits.has(Traits::ENCRYPTED);
    let mounted = sim.world.changes.is_mounted(index, &point.id, sim.clock);
    fill(
        POINT,
        &[
            &item.id(),
            &point.id,
            point.consistency,
            &moment::iso(point.time),
            storage(traits),
            truth(encrypted),
            &member("keyAndSecret", (encrypted && detail).then(|| secret.to_owned())),
            if version.since(20_180_110) { "isInstantIlrSessionActive" } else { "isInstantILRSessionActive" },
            truth(mounted),
            &tiers(point, version),
            truth(item.is_managed()),
            item.size(),
            truth(traits.has(Traits::UNMANAGED)),
            &rest,
        ],
    )
}

/// A list with wrong types in its fields.
pub(crate) fn wrong_types(id: &str) -> String {
    let id = quote(id);
    format!(
        r#"{{"value":[{{"id":{id},"name":17,"properties":{{"objectType":"IaasVMRecoveryPoint","recoveryPointTime":20240514,"recoveryPointType":["AppConsistent"],"recoveryPointTierDetails":{{"InstantRP":true}},"isManagedVirtualMachine":"yes"}}}},"a recovery point",null,{{"id":null,"properties":"none"}}],"nextLink":42}}"#
    )
}
