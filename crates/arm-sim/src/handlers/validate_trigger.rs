//! `POST …/backupTriggerValidateOperation`: the checks of a restore, as a long-running operation

use super::{find, operation, validate};
use crate::answer::Answer;
use crate::errors::Refused;
use crate::moment::SECOND;
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;
use crate::world::operation::Work;

pub(super) fn handle(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let (vault, v) = find::inside(sim, ask)?;
    let (_, findings) = validate::findings(sim, ask)?;
    let id = sim.world.next_guid();
    let operation =
        operation::start(sim, id, vault, None, Work::Validate { findings }, 8 * SECOND, &ask.version.to_string());
    let paths = ("backupValidateOperationsStatuses", "backupValidateOperationResults");
    Ok(operation::accepted(sim, ask, &operation, &v.id(), paths, 10))
}
