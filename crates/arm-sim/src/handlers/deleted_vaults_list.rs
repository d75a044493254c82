//! `GET …/locations/{region}/deletedVaults`: soft-deleted vaults

use super::find;
use crate::answer::Answer;
use crate::ask::Ask;
use crate::errors::Refused;
use crate::paging;
use crate::simulator::Simulator;

pub(super) fn handle(sim: &mut Simulator, ask: &Ask) -> Result<Answer, Refused> {
    find::region(sim, ask)?;
    Ok(paging::whole(None))
}
