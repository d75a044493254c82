//! `GET …/protectedItems/{name}`

use super::find;
use crate::answer::Answer;
use crate::ask::Ask;
use crate::errors::Refused;
use crate::forms;
use crate::simulator::Simulator;

pub(super) fn handle(sim: &mut Simulator, ask: &Ask) -> Result<Answer, Refused> {
    let item = find::item(sim, ask)?;
    Ok(Answer::ok(forms::item::json(sim, item, &ask.version)))
}
