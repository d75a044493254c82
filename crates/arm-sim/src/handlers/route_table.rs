//! `GET …/routeTables/{name}`: the one that there is sends everything to a firewall

use crate::answer::Answer;
use crate::errors::{ArmError, Refused};
use crate::seed::places::PRODUCTION;
use crate::seed::resources::{RESOURCES, ROUTED};
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;
use crate::text::{fill, same};
use crate::world::place::resource_id;

const KIND: &str = "Microsoft.Network/routeTables";
const TABLE: &str = r#"{"name":"$0","id":"$1","type":"Microsoft.Network/routeTables","location":"$2","properties":{"provisioningState":"Succeeded","disableBgpRoutePropagation":false,"routes":[{"name":"to-firewall","id":"$1/routes/to-firewall","type":"Microsoft.Network/routeTables/routes","properties":{"provisioningState":"Succeeded","addressPrefix":"0.0.0.0/0","nextHopType":"VirtualAppliance","nextHopIpAddress":"10.0.0.4"}}]}}"#;

pub(super) fn handle(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let group = sim.world.group(ask.at(0), ask.at(1))?;
    let (network, table) = ROUTED;
    let here = |r: &&crate::world::resource::Resource| {
        r.name == network
            && r.subscription == PRODUCTION
            && (r.subscription, r.group) == (group.subscription, group.name)
    };
    let found = RESOURCES.iter().find(here).filter(|_| same(ask.at(2), table));
    let network = found.ok_or_else(|| ArmError::no_resource(KIND, ask.at(2), group.name))?;
    let id = resource_id(network.subscription, network.group, KIND, table);
    Ok(Answer::ok(fill(TABLE, &[table, &id, network.region])))
}
