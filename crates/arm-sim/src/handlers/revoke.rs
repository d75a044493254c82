//! `POST …/revokeInstantItemRecovery`: unmounts the disks of a recovery point

use super::{find, operation};
use crate::answer::Answer;
use crate::errors::Refused;
use crate::moment::SECOND;
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;
use crate::world::operation::Work;

pub(super) fn handle(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let (item, point) = find::point(sim, ask)?;
    sim.world.changes.mount(item, &point.id, None);
    let (id, vault) = (sim.world.next_guid(), sim.world.items[item].vault);
    let operation = operation::start(sim, id, vault, Some(item), Work::Revoke, 5 * SECOND, &ask.version.to_string());
    let base = sim.world.items[item].id();
    Ok(operation::accepted(sim, ask, &operation, &base, ("operationsStatus", "operationResults"), 60))
}
