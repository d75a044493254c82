//! `POST …/locations/{region}/backupCrrJobs`: a read, though it is a POST

use super::{find, jobs_list};
use crate::answer::Answer;
use crate::ask::Ask;
use crate::errors::Refused;
use crate::simulator::Simulator;

pub(super) fn handle(sim: &mut Simulator, ask: &Ask) -> Result<Answer, Refused> {
    let (vault, _) = find::vault_of_body(sim, ask)?;
    jobs_list::list(sim, ask, vault)
}
