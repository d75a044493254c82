//! What sentinels do when their jobs are polled.

use super::fresh_token;
use crate::errors::{ArmError, Refused};
use crate::faults::Fault;
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;

/// Seconds to wait after the 429 among the poll errors.
const WAIT: i64 = 5;

/// Called before a job is read, alone or in a list.
pub(super) fn before(sim: &mut Simulator, ask: &SimRequest, job: usize) -> Result<(), Refused> {
    let job = &sim.world.jobs[job];
    if job.seeded {
        return Ok(());
    }
    let key = format!("job:{}", job.id);
    match sim.world.items[job.item].fault {
        Some(Fault::PollErrors) => match sim.world.changes.tick(&key) {
            0 => {
                let message = "The gateway did not receive a response from 'Microsoft.RecoveryServices' within the specified time period.";
                Err(ArmError::service(504, "GatewayTimeout", message))
            }
            1 => Err(ArmError::service(500, "CloudStorageUnexpectedError", "")),
            2 => Err(ArmError::gateway(502, "InvalidGatewayHost", "The gateway host is not valid.")),
            3 => Err(ArmError::throttled("Microsoft.RecoveryServices/vaults/backupJobs/read", 150, WAIT)),
            _ => Ok(()),
        },
        Some(Fault::TokenExpiresMidway) if sim.world.changes.tick(&key) > 0 => fresh_token::expired(sim, ask, &key),
        Some(Fault::ClaimsMidway) => {
            let id = job.id.clone();
            fresh_token::challenged_midway(sim, ask, &id)
        }
        _ => Ok(()),
    }
}
