//! `GET …/vaults/{name}`

use super::find;
use crate::answer::Answer;
use crate::ask::Ask;
use crate::errors::Refused;
use crate::forms;
use crate::simulator::Simulator;

pub(super) fn handle(sim: &mut Simulator, ask: &Ask) -> Result<Answer, Refused> {
    let (_, vault) = find::vault(sim, ask)?;
    Ok(Answer::ok(forms::vault::json(sim, vault, &ask.version)))
}
