//! `GET …/operationResults/{id}`, `…/backupOperationResults/{id}`, `…/backupValidateOperationResults/{id}`,
//! `…/backupCrrOperationResults/{id}`

use super::operation::{self, RESULT, Standing};
use crate::answer::Answer;
use crate::errors::{ArmError, Refused};
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;
use crate::text::fill;
use crate::world::operation::Work;

pub(super) fn handle(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let (index, standing) = operation::read(sim, ask, RESULT)?;
    let retry = sim.retry_after(60).to_string();
    match (standing, &sim.world.changes.operations[index].work) {
        (Standing::Broken, _) => Ok(operation::broken()),
        (Standing::Pending, _) => {
            let here = format!("{}{}?{}", sim.settings.origin, ask.path, ask.raw_query);
            Ok(Answer::empty(202).with("location", here).with("retry-after", retry))
        }
        (Standing::Succeeded, Work::Validate { findings }) => {
            Ok(Answer::ok(fill(r#"{"validateOperationResponse":{"validationResults":@0}}"#, &[findings])))
        }
        (Standing::Succeeded, _) if ask.version.is_secondary() => Ok(Answer::empty(200)),
        // Still carries Retry-After, as on the wire.
        (Standing::Succeeded, _) => Ok(Answer::empty(204).with("retry-after", retry)),
        (Standing::Failed, _) => {
            let message =
                "The snapshot of the recovery point could not be found. Please select a different recovery point.";
            Err(ArmError::service(400, "UserErrorInstantRpNotFound", message))
        }
    }
}
