//! A recovery point in the secondary region: only in the vault tier, with the members that recordings of 2021 and 2024 have.

use super::point::{NAMED_TIERS, disks, storage, truth};
use crate::moment;
use crate::simulator::Simulator;
use crate::text::{fill, member, when};
use crate::version::Version;
use crate::world::item::Traits;
use crate::world::point::Point;

const POINT: &str = r#"{"id":"$0/recoveryPoints/$1","name":"$1","type":"Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems/recoveryPoints","properties":{"objectType":"IaasVMRecoveryPoint","recoveryPointType":"$2","recoveryPointTime":"$3"@4,"sourceVMStorageType":"$5","isSourceVMEncrypted":@6,"isInstantIlrSessionActive":false,"recoveryPointTierDetails":@7,"isManagedVirtualMachine":@8,"virtualMachineSize":"$9","originalStorageAccountOption":@A,"osType":"$B"@C}}"#;

const NEWER: &str = r#","recoveryPointMoveReadinessInfo":{"ArchivedRP":{"isReadyForMove":false}},"isPrivateAccessEnabledOnAnyDisk":@0,"createdWithPolicyType":"V1","threatStatus":0"#;

/// The JSON of a recovery point; only the detailed form lists its disks.
pub(super) fn json(sim: &Simulator, index: usize, point: &Point, version: &Version, detail: bool) -> String {
    let item = &sim.world.items[index];
    let traits = item.traits;
    let newer = version.since(NAMED_TIERS);
    let mut rest = member("recoveryPointDiskConfiguration", disks(item, detail, false));
    rest += &member("zones", item.zone().map(|z| fill(r#"["$0"]"#, &[&z])));
    if newer {
        rest += &fill(NEWER, &[truth(traits.has(Traits::PRIVATE))]);
    }
    if version.since(20_230_101) {
        let text = r#"{"expiryTime":"$0","ruleName":"$1","isSoftDeleted":false}"#;
        rest += &member("recoveryPointProperties", Some(fill(text, &[&moment::bare(point.expires), point.rule])));
    }
    let tiers = if newer {
        r#"[{"type":"HardenedRP","status":"Valid"}],"crossRegionRestoreState":"Supported""#
    } else {
        r#"[{"type":2,"status":1}]"#
    };
    fill(
        POINT,
        &[
            &item.id(),
            &point.id,
            point.consistency,
            &moment::iso(point.time),
            when(!newer, r#","recoveryPointAdditionalInfo":"""#),
            storage(traits),
            truth(traits.has(Traits::ENCRYPTED)),
            tiers,
            truth(item.is_managed()),
            item.size(),
            truth(traits.has(Traits::UNMANAGED)),
            item.os(),
            &rest,
        ],
    )
}
