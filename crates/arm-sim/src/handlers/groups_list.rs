//! `GET /subscriptions/{id}/resourcegroups`

use super::group_get;
use crate::answer::Answer;
use crate::errors::Refused;
use crate::paging;
use crate::seed::places::GROUPS;
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;

pub(super) fn handle(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let subscription = sim.world.subscription(ask.at(0))?.id;
    let role = sim.settings.role;
    let shown = GROUPS.iter().filter(|g| g.subscription == subscription && role.is_given_in(g.subscription, g.name));
    Ok(paging::whole(shown.map(group_get::json)))
}
