//! `GET /subscriptions/{id}/locations`

use crate::answer::Answer;
use crate::errors::Refused;
use crate::paging;
use crate::seed::places::REGIONS;
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;
use crate::text::{fill, when};

const LOCATION: &str = r#"{"id":"/subscriptions/$0/locations/$1","name":"$1","type":"Region","displayName":"$2","regionalDisplayName":"$2","metadata":{"regionType":"Physical","regionCategory":"Recommended","pairedRegion":[{"name":"$3","id":"/subscriptions/$0/locations/$3"}]}@4}"#;
const ZONES: &str = r#","availabilityZoneMappings":[{"logicalZone":"1","physicalZone":"$0-az1"},{"logicalZone":"2","physicalZone":"$0-az3"},{"logicalZone":"3","physicalZone":"$0-az2"}]"#;

pub(super) fn handle(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let subscription = sim.world.subscription(ask.at(0))?.id;
    Ok(paging::whole(REGIONS.iter().map(|r| {
        let zones = fill(ZONES, &[r.name]);
        fill(LOCATION, &[subscription, r.name, r.display, r.pair, when(r.zones, &zones)])
    })))
}
