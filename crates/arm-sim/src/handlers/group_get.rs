//! `GET /subscriptions/{id}/resourcegroups/{name}`, and HEAD, whose status says whether the group exists.

use crate::answer::Answer;
use crate::errors::Refused;
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;
use crate::text::fill;
use crate::world::place::Group;

const GROUP: &str = r#"{"id":"$0","name":"$1","type":"Microsoft.Resources/resourceGroups","location":"$2","tags":{},"properties":{"provisioningState":"Succeeded"}}"#;

pub(super) fn json(g: &Group) -> String {
    fill(GROUP, &[&g.id(), g.name, g.region])
}

pub(super) fn handle(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let group = sim.world.group(ask.at(0), ask.at(1))?;
    Ok(if ask.method == http::Method::HEAD { Answer::empty(204) } else { Answer::ok(json(group)) })
}
