//! `GET …/operationsStatus/{id}`, `…/backupOperations/{id}`, `…/backupValidateOperationsStatuses/{id}`,
//! `…/backupCrrOperationsStatus/{id}`

use super::operation::{self, STATUS, Standing};
use super::{provision, provision_result};
use crate::answer::Answer;
use crate::errors::Refused;
use crate::faults::Fault;
use crate::moment::{self, NEVER};
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;
use crate::text::{fill, member};
use crate::world::operation::Work;
use crate::world::place::location_id;

const BODY: &str = r#"{"id":"$5$0","name":"$0","status":"$1","startTime":"$2","endTime":"$3"@4}"#;
const FAILURE: &str = r#","error":{"code":"UserErrorInstantRpNotFound","message":"The snapshot of the recovery point could not be found. Please select a different recovery point."}"#;

pub(super) fn handle(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let (index, standing) = operation::read(sim, ask, STATUS)?;
    // In the secondary region it is named by its path, as on the wire.
    let base = if ask.version.is_secondary() {
        format!("{}/backupCrrOperationsStatus/", location_id(ask.at(0), ask.at(1)))
    } else {
        String::new()
    };
    let operation = &sim.world.changes.operations[index];
    let start = moment::iso(operation.started);
    let unknown = operation.item.is_some_and(|i| sim.world.items[i].fault == Some(Fault::UnknownStatus));
    let (status, end, rest) = match standing {
        Standing::Broken => return Ok(operation::broken()),
        Standing::Pending if unknown => ("Verifying", NEVER, String::new()),
        Standing::Pending => ("InProgress", NEVER, String::new()),
        Standing::Failed => ("Failed", start.as_str(), FAILURE.to_owned()),
        // Start and end are the same, as on the wire.
        Standing::Succeeded => ("Succeeded", start.as_str(), member("properties", properties(sim, index, ask))),
    };
    Ok(Answer::ok(fill(BODY, &[&operation.id, status, &start, end, &rest, &base])))
}

fn properties(sim: &Simulator, index: usize, ask: &SimRequest) -> Option<String> {
    let operation = &sim.world.changes.operations[index];
    Some(match &operation.work {
        Work::Restore { job } | Work::Undelete { job } => {
            fill(r#"{"objectType":"OperationStatusJobExtendedInfo","jobId":"$0"}"#, &[job])
        }
        // The scripts come by another call.
        Work::Provision { .. } if ask.version.since(provision_result::SINCE) => {
            r#"{"objectType":"OperationStatusProvisionILRExtendedInfo"}"#.to_owned()
        }
        Work::Provision { .. } => {
            let scripts = provision::scripts(sim, operation);
            fill(
                r#"{"objectType":"OperationStatusProvisionILRExtendedInfo","recoveryTarget":{"clientScripts":@0}}"#,
                &[&scripts],
            )
        }
        Work::Validate { findings } => {
            let text = r#"{"objectType":"OperationStatusValidateOperationExtendedInfo","validateOperationResponse":{"validationResults":@0}}"#;
            fill(text, &[findings])
        }
        Work::Cancel { .. }
        | Work::Revoke
        | Work::UndeleteVault
        | Work::ExtendedInfo { .. }
        | Work::TieringCost { .. } => return None,
    })
}
