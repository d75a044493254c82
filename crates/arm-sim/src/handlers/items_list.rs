//! `GET …/backupProtectedItems`

use super::find;
use crate::answer::Answer;
use crate::bodies;
use crate::errors::Refused;
use crate::filter::Filter;
use crate::paging;
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;

const KEYS: [&str; 7] =
    ["healthState", "backupManagementType", "itemType", "policyName", "containerName", "friendlyName", "fabricName"];
/// Small enough that the first vault has more than one page.
const PAGE: usize = 20;
/// For vaults with many items.
const LONG_PAGE: usize = 200;

pub(super) fn handle(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let (vault, _) = find::inside(sim, ask)?;
    let filter = Filter::parse(ask.query("$filter"), &KEYS)?;
    let wanted = filter.admits("backupManagementType", "AzureIaasVM")
        && filter.admits("itemType", "VM")
        && filter.admits("fabricName", "Azure")
        && filter.admits("policyName", "DefaultPolicy");
    let items: Vec<_> = sim
        .world
        .items
        .iter()
        .enumerate()
        .filter(|(index, i)| {
            wanted
                && i.vault == vault
                && (!ask.version.is_secondary() || sim.points(*index, &ask.version).next().is_some())
                && filter.admits("friendlyName", &i.name)
                && filter.admits("containerName", &i.container())
        })
        .map(|(index, _)| bodies::item::json(sim, index, &ask.version))
        .filter(|json| filter.get("healthState").is_none_or(|h| json.contains(&format!("\"healthStatus\":\"{h}\""))))
        .collect();
    let page = if items.len() > 5 * PAGE { LONG_PAGE } else { PAGE };
    paging::page(ask, &sim.settings.origin, page, items)
}
