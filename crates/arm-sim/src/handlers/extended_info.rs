//! `POST …/backupFabrics/{fabric}/getRPExtendedInfo`: sizes and kinds of the disks of a recovery point

use super::find;
use super::operation::{self, RESULT, Standing};
use crate::answer::Answer;
use crate::errors::{ArmError, Refused};
use crate::moment::SECOND;
use crate::paging;
use crate::restore::request::object;
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;
use crate::text::{array, fill, same};
use crate::world::operation::Work;
use crate::world::point::Point;

/// The first version with this call.
const SINCE: u32 = 20_261_001;
const IDS: &str = "properties.recoveryPointIds";
const INFO: &str = r#"{"id":"$0","name":"$1","type":"Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems/recoveryPoints","properties":{"objectType":"IaasVMRPExtendedInfo","osDisk":@2,"dataDisks":@3}}"#;
/// Size and name as in the official example; the model of the Python SDK spells the size `diskSizeInGb`.
const DISK: &str = r#"{"diskSizeInGB":@0,"lun":@1,"name":"$2","storageType":"$3"}"#;

/// The item and the point that an ARM id names.
fn point(sim: &Simulator, vault: usize, id: &str) -> Option<(usize, Point)> {
    let (item, point) = id.rsplit_once("/recoveryPoints/")?;
    let index = sim.world.items.iter().position(|i| i.vault == vault && same(&i.id(), item))?;
    Some((index, sim.world.point(index, point)?))
}

fn answer(sim: &Simulator, item: usize, point: &Point) -> Answer {
    let it = &sim.world.items[item];
    let disk = |lun: i32| {
        fill(DISK, &[&it.disk_size(lun).to_string(), &lun.to_string(), &it.disk_name(lun), it.disk_sku(lun)])
    };
    let id = format!("{}/recoveryPoints/{}", it.id(), point.id);
    paging::whole([fill(INFO, &[&id, &point.id, &disk(-1), &array(it.luns(true).map(disk))])])
}

pub(super) fn trigger(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let (vault, v) = find::inside(sim, ask)?;
    if !ask.version.since(SINCE) {
        return Err(ArmError::no_call(&ask.version, "vaults/backupFabrics"));
    }
    let body = ask.json()?;
    let ids = object(&body, "properties")?.get("recoveryPointIds").and_then(|l| l.as_array());
    let Some([id]) = ids.map(Vec::as_slice) else {
        return Err(ArmError::invalid_input("Exactly one recovery point id must be specified.", IDS));
    };
    let id = id.as_str().unwrap_or_default();
    let (item, found) = point(sim, vault, id)
        .ok_or_else(|| ArmError::invalid_input("The id must be that of a recovery point of this vault.", IDS))?;
    // Both answers are documented; here a point in the vault only takes longer.
    if found.has_snapshot() {
        return Ok(answer(sim, item, &found));
    }
    let (guid, base) = (sim.world.next_guid(), format!("{}/backupFabrics/Azure", v.id()));
    let work = Work::ExtendedInfo { point: id.to_owned() };
    let operation = operation::start(sim, guid, vault, Some(item), work, 8 * SECOND, &ask.version.to_string());
    let paths = ("operationsStatus", "getRPExtendedInfoOperationResult");
    Ok(operation::accepted(sim, ask, &operation, &base, paths, 10))
}

/// `GET …/backupFabrics/{fabric}/getRPExtendedInfoOperationResult/{id}`
pub(super) fn result(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let (index, standing) = operation::read(sim, ask, RESULT)?;
    let operation = &sim.world.changes.operations[index];
    let Work::ExtendedInfo { point: id } = &operation.work else {
        return Err(ArmError::not_in_vault("The operation"));
    };
    if standing != Standing::Succeeded {
        return Ok(operation::still_runs(sim, ask, 10));
    }
    let (item, found) = point(sim, operation.vault, id).ok_or_else(|| ArmError::not_in_vault("The recovery point"))?;
    Ok(answer(sim, item, &found))
}
