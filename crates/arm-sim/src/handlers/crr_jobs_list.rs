//! `POST …/locations/{region}/backupCrrJobs`: a read, though it is a POST

use super::{find, jobs_list};
use crate::answer::Answer;
use crate::errors::Refused;
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;

pub(super) fn handle(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let (vault, _) = find::vault_of_body(sim, ask)?;
    jobs_list::list(sim, ask, vault)
}
