//! `GET …/virtualNetworks/{name}/subnets`

use crate::answer::Answer;
use crate::bodies::resource;
use crate::errors::{ArmError, Refused};
use crate::paging;
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;
use crate::world::place::resource_id;

/// The subnets of the network of a path.
pub(super) fn of(sim: &Simulator, ask: &SimRequest) -> Result<Vec<String>, Refused> {
    let group = sim.world.group(ask.at(0), ask.at(1))?;
    let kind = "Microsoft.Network/virtualNetworks";
    let found = sim.world.resource(&resource_id(group.subscription, group.name, kind, ask.at(2)));
    found.map(|r| resource::subnets(sim, r)).ok_or_else(|| ArmError::no_resource(kind, ask.at(2), group.name))
}

pub(super) fn handle(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    Ok(paging::whole(of(sim, ask)?))
}
