//! `GET …/operationResults/{id}`, `…/backupOperationResults/{id}`, `…/backupValidateOperationResults/{id}`,
//! `…/backupCrrOperationResults/{id}`

use super::operation::{self, RESULT, Standing};
use crate::answer::Answer;
use crate::errors::{ArmError, Refused};
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;
use crate::text::fill;
use crate::world::operation::Work;

/// The wait that every answer asks for, in seconds.
const WAIT: u32 = 60;

pub(super) fn handle(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let (index, standing) = operation::read(sim, ask, RESULT)?;
    match (standing, &sim.world.changes.operations[index].work) {
        (Standing::Broken, _) => Ok(operation::broken()),
        (Standing::Pending, _) => Ok(operation::still_runs(sim, ask, WAIT)),
        (Standing::Succeeded, Work::Validate { findings }) => {
            Ok(Answer::ok(fill(r#"{"validateOperationResponse":{"validationResults":@0}}"#, &[findings])))
        }
        (Standing::Succeeded, _) if ask.version.is_secondary() => Ok(Answer::empty(200)),
        // Still carries Retry-After, as on the wire.
        (Standing::Succeeded, _) => Ok(Answer::empty(204).with("retry-after", sim.retry_after(WAIT).to_string())),
        (Standing::Failed, _) => {
            let message =
                "The snapshot of the recovery point could not be found. Please select a different recovery point.";
            Err(ArmError::service(400, "UserErrorInstantRpNotFound", message))
        }
    }
}
