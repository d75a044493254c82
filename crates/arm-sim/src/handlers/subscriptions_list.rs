//! `GET /subscriptions`

use super::subscription_get;
use crate::answer::Answer;
use crate::errors::Refused;
use crate::paging;
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;
use crate::text::same;
use crate::token;

/// A token belongs to one tenant, and sees only its subscriptions.
pub(super) fn handle(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let tenant = token::tenant(ask.header("authorization"));
    let only = sim.settings.role.only_group();
    let seen = sim.world.subscriptions().iter().filter(|s| tenant.is_none_or(|t| t.id == s.tenant.id));
    let seen = seen.filter(|s| only.is_none_or(|(id, _)| same(id, s.id)));
    Ok(paging::whole(seen.map(subscription_get::json)))
}
