//! `GET …/providers/Microsoft.RecoveryServices/vaults`, of a subscription or of a resource group

use crate::answer::Answer;
use crate::bodies::vault;
use crate::errors::Refused;
use crate::paging;
use crate::seed::vaults::VAULTS;
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;
use crate::text::same;

/// Small enough that the list of one subscription has a `nextLink`.
const PAGE: usize = 3;

pub(super) fn handle(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let subscription = sim.world.subscription(ask.at(0))?.id;
    let group = if ask.at(1).is_empty() { None } else { Some(sim.world.group(subscription, ask.at(1))?.name) };
    let vaults = VAULTS.iter().enumerate().filter(|(index, v)| {
        sim.world.vault_exists(*index)
            && sim.shows_vault(v.name)
            && v.subscription == subscription
            && sim.settings.role.is_given_in(v.subscription, v.group)
            && group.is_none_or(|g| same(g, v.group))
    });
    let vaults = vaults.map(|(_, v)| vault::json(sim, v, &ask.version)).collect();
    paging::page(ask, &sim.settings.origin, PAGE, vaults)
}
