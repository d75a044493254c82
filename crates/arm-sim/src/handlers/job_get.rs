//! `GET …/backupJobs/{id}`

use super::{find, job_polls};
use crate::answer::Answer;
use crate::ask::Ask;
use crate::errors::Refused;
use crate::forms;
use crate::restore::advance;
use crate::simulator::Simulator;

pub(super) fn handle(sim: &mut Simulator, ask: &Ask) -> Result<Answer, Refused> {
    let job = find::job(sim, ask)?;
    job_polls::before(sim, ask, job)?;
    advance::read(&mut sim.world, job, sim.settings.progress, sim.clock);
    Ok(Answer::ok(forms::job::json(sim, &sim.world.jobs[job], &ask.version, true)))
}
