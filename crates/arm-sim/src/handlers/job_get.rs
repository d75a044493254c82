//! `GET …/backupJobs/{id}`

use super::{find, job_polls};
use crate::answer::Answer;
use crate::bodies;
use crate::errors::Refused;
use crate::restore::advance;
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;

pub(super) fn handle(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let job = find::job(sim, ask)?;
    job_polls::before(sim, ask, job)?;
    advance::read(&mut sim.world, job, sim.settings.progress, sim.clock);
    Ok(Answer::ok(bodies::job::json(sim, &sim.world.jobs[job], &ask.version, true)))
}
