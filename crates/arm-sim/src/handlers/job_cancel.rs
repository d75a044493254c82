//! `POST …/backupJobs/{id}/cancel`

use super::{find, operation};
use crate::answer::Answer;
use crate::errors::{ArmError, Refused};
use crate::moment::SECOND;
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;
use crate::world::job::JobStatus;
use crate::world::operation::Work;

/// The api-version in the URLs, which differs from the request's: so does Azure's.
const VERSION: &str = "2019-05-13-preview";

pub(super) fn handle(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let index = find::job(sim, ask)?;
    let (vault, v) = find::inside(sim, ask)?;
    let now = sim.clock;
    let job = &mut sim.world.jobs[index];
    if job.status != JobStatus::InProgress {
        let message = "Azure Backup cannot cancel the job because it is not in progress. Wait until the job is in a cancelable state.";
        return Err(ArmError::service(400, "BMSUserErrorInvalidInput", message));
    }
    job.status = JobStatus::Cancelling;
    job.cancel_asked = Some((now, job.reads));
    let (base, work) = (format!("{}/backupJobs/{}", v.id(), job.id), Work::Cancel { job: job.id.clone() });
    let id = sim.world.next_guid();
    let operation = operation::start(sim, id, vault, None, work, SECOND, VERSION);
    Ok(operation::accepted(sim, ask, &operation, &base, ("operationsStatus", "operationResults"), 60))
}
