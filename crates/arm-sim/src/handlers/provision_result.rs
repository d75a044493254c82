//! `POST …/listInstantItemRecoveryOperationResult`: the scripts that mount a recovery point's disks, from 2026-08-01 on

use super::{find, operation, provision};
use crate::answer::Answer;
use crate::errors::{ArmError, Refused};
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;
use crate::text::{fill, same};
use crate::world::operation::{Operation, Work};

/// From this version on, this call returns the scripts, and the operation's status no longer does.
pub(super) const SINCE: u32 = 20_260_801;
const KEY: &str = "provisionInstantItemRecoveryOperationId";

pub(super) fn handle(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let (item, point) = find::point(sim, ask)?;
    if !ask.version.since(SINCE) {
        return Err(ArmError::no_call(&ask.version, "recoveryPoints"));
    }
    let body = ask.json()?;
    let id = body[KEY].as_str().unwrap_or_default();
    let mounts = |o: &Operation| matches!(&o.work, Work::Provision { point: of } if *of == point.id);
    let operations = &sim.world.changes.operations;
    let found = operations.iter().find(|o| o.item == Some(item) && mounts(o) && same(&o.id, id));
    let found = found.ok_or_else(|| {
        ArmError::invalid_input("The id is not that of an operation that mounted this recovery point.", KEY)
    })?;
    if !operation::is_over(sim, found) {
        return Err(ArmError::invalid_input("The operation has not ended yet.", KEY));
    }
    Ok(Answer::ok(fill(r#"{"clientScripts":@0}"#, &[&provision::scripts(sim, found)])))
}
