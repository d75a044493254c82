//! `GET …/protectedItems/{name}`

use super::find;
use crate::answer::Answer;
use crate::bodies;
use crate::errors::Refused;
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;

pub(super) fn handle(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let item = find::item(sim, ask)?;
    Ok(Answer::ok(bodies::item::json(sim, item, &ask.version)))
}
