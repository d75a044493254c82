//! `POST …/backupTieringCost/default/fetchTieringCost`: what the rehydration of an archived recovery point costs

use super::find;
use super::operation::{self, RESULT, Standing};
use crate::answer::Answer;
use crate::errors::{ArmError, Refused};
use crate::moment::SECOND;
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;
use crate::text::{fill, same};
use crate::world::operation::Work;

/// The first version with this call.
const SINCE: u32 = 20_230_601;
const COST: &str = r#"{"objectType":"TieringCostRehydrationInfo","rehydrationSizeInBytes":@0,"retailRehydrationCostPerGBPerMonth":@1}"#;

pub(super) fn trigger(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let (vault, v) = find::inside(sim, ask)?;
    if !ask.version.since(SINCE) {
        return Err(ArmError::no_call(&ask.version, "vaults/backupTieringCost"));
    }
    let body = ask.json()?;
    let text = |key: &str| body[key].as_str().unwrap_or_default().to_owned();
    let is = |key: &str, value: &str| same(&text(key), value);
    if !is("objectType", "FetchTieringCostInfoForRehydrationRequest") {
        let message = "The objectType must be FetchTieringCostInfoForRehydrationRequest.";
        return Err(ArmError::invalid_input(message, "objectType"));
    }
    if !is("sourceTierType", "ArchivedRP") || !is("targetTierType", "HardenedRP") {
        let message = "A recovery point is rehydrated from ArchivedRP to HardenedRP.";
        return Err(ArmError::invalid_input(message, "sourceTierType"));
    }
    let priority = text("rehydrationPriority");
    if !matches!(priority.as_str(), "Standard" | "High") {
        return Err(ArmError::invalid_input(
            "The rehydrationPriority must be Standard or High.",
            "rehydrationPriority",
        ));
    }
    let ends = format!("/protectionContainers/{}/protectedItems/{}", text("containerName"), text("protectedItemName"));
    let is_named = |id: &str| id.to_lowercase().ends_with(&ends.to_lowercase());
    let item = sim.world.items.iter().position(|item| item.vault == vault && is_named(&item.id()));
    let item = item.ok_or_else(|| ArmError::not_in_vault("The protected item"))?;
    let point = sim.world.point(item, &text("recoveryPointId"));
    let point = point.ok_or_else(|| ArmError::not_in_vault("The recovery point"))?;
    if !point.needs_rehydration() {
        let message = "The recovery point is not in archive tier: it cannot be rehydrated.";
        return Err(ArmError::invalid_input(message, "recoveryPointId"));
    }
    let disks = &sim.world.items[item];
    let size: u64 = std::iter::once(-1).chain(disks.luns(true)).map(|lun| u64::from(disks.disk_size(lun)) << 30).sum();
    // Made up: Azure's prices depend on the region.
    let price = if priority == "High" { "0.1" } else { "0.02" };
    let (guid, base) = (sim.world.next_guid(), format!("{}/backupTieringCost/default", v.id()));
    let work = Work::TieringCost { cost: fill(COST, &[&size.to_string(), price]) };
    let operation = operation::start(sim, guid, vault, Some(item), work, 5 * SECOND, &ask.version.to_string());
    Ok(operation::accepted(sim, ask, &operation, &base, ("operationsStatus", "operationResults"), 5))
}

/// `GET …/backupTieringCost/default/operationResults/{id}`
pub(super) fn result(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let (index, standing) = operation::read(sim, ask, RESULT)?;
    let Work::TieringCost { cost } = &sim.world.changes.operations[index].work else {
        return Err(ArmError::not_in_vault("The operation"));
    };
    Ok(match standing {
        Standing::Broken => operation::broken(),
        Standing::Succeeded => Answer::ok(cost.clone()),
        Standing::Pending | Standing::Failed => operation::still_runs(sim, ask, 5),
    })
}
