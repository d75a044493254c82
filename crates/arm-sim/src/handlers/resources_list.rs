//! `GET …/providers/{provider}/{type}`, of a subscription or of a resource group

use super::resources::{self, Wanted};
use crate::answer::Answer;
use crate::errors::Refused;
use crate::paging;
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;

const PAGE: usize = 500;

pub(super) fn handle(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let subscription = sim.world.subscription(ask.at(0))?.id;
    let in_group = ask.params.len() == 4;
    let group = if in_group {
        Some(sim.world.group(subscription, ask.at(1))?.name)
    } else {
        sim.settings.role.only_group().map(|(_, name)| name)
    };
    let at = usize::from(in_group) + 1;
    let kind = format!("{}/{}", ask.at(at), ask.at(at + 1));
    let found = resources::find(sim, &Wanted { kind, subscription, group, name: None })?;
    paging::page(ask, &sim.settings.origin, PAGE, found)
}
