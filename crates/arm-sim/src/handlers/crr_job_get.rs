//! `POST …/locations/{region}/backupCrrJob`: a read, though it is a POST

use super::{find, job_polls};
use crate::answer::Answer;
use crate::bodies;
use crate::errors::{ArmError, Refused};
use crate::restore::advance;
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;
use crate::text::same;

pub(super) fn handle(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let (vault, body) = find::vault_of_body(sim, ask)?;
    let name = body["jobName"].as_str().unwrap_or_default();
    let found = sim
        .world
        .jobs
        .iter()
        .position(|j| j.is_secondary() && same(&j.id, name) && sim.world.items[j.item].vault == vault);
    let job = found.ok_or_else(|| ArmError::not_in_vault("The job"))?;
    job_polls::before(sim, ask, job)?;
    advance::read(&mut sim.world, job, sim.settings.progress, sim.clock);
    Ok(Answer::ok(bodies::job::json(sim, &sim.world.jobs[job], &ask.version, true)))
}
