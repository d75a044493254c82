//! `GET …/providers/{provider}/{type}/{name}`: whether it exists, and where

use super::instance_view;
use super::resources::{self, Wanted};
use crate::answer::Answer;
use crate::errors::{ArmError, Refused};
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;

pub(super) fn handle(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let group = sim.world.group(ask.at(0), ask.at(1))?;
    let kind = format!("{}/{}", ask.at(2), ask.at(3));
    let wanted = Wanted { kind, subscription: group.subscription, group: Some(group.name), name: Some(ask.at(4)) };
    let found = resources::find(sim, &wanted)?.into_iter().next();
    found
        .map(|json| Answer::ok(instance_view::expand(sim, ask, &wanted.kind, json)))
        .ok_or_else(|| ArmError::no_resource(&wanted.kind, ask.at(4), group.name))
}
