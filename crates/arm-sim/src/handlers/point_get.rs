//! `GET …/recoveryPoints/{id}`: the only call that lists the disks

use super::{bad_answers, find};
use crate::answer::Answer;
use crate::bodies;
use crate::errors::{ArmError, Refused};
use crate::faults::Fault;
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;

pub(super) fn handle(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    if ask.version.is_secondary() && !ask.version.since(20_211_115) {
        return Err(ArmError::no_call(&ask.version, "recoveryPoints"));
    }
    let (item, point) = find::point(sim, ask)?;
    let answer = Answer::ok(bodies::point::json(sim, item, &point, &ask.version, true));
    let html = sim.world.items[item].fault == Some(Fault::HtmlError);
    Ok(if html { bad_answers::spoil(sim, item, answer) } else { answer })
}
