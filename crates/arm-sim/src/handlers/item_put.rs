//! `PUT …/protectedItems/{name}` with `isRehydrate`: takes an item out of its soft-deleted state

use super::{find, operation};
use crate::answer::Answer;
use crate::errors::{ArmError, Refused};
use crate::moment::SECOND;
use crate::restore::advance;
use crate::restore::request::{RestoreRequest, object};
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;
use crate::text::same;
use crate::world::item::State;
use crate::world::job::{Job, JobKind, JobStatus};
use crate::world::operation::Work;

pub(super) fn handle(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let item = find::item(sim, ask)?;
    let body = ask.json()?;
    let request = RestoreRequest(object(&body, "properties")?);
    let it = &sim.world.items[item];
    if !request.flag("isRehydrate") {
        return Err(ArmError::not_simulated("how to protect a virtual machine"));
    }
    let refuse = |message: &str, property: &str| ArmError::invalid_input(message, &format!("properties.{property}"));
    if !request.text("protectedItemType").is_some_and(|t| same(t, it.machine_type())) {
        return Err(refuse("The protectedItemType is not that of the protected item.", "protectedItemType"));
    }
    if !request.text("sourceResourceId").is_some_and(|id| same(id, &it.machine_id())) {
        return Err(refuse("The sourceResourceId is not that of the protected virtual machine.", "sourceResourceId"));
    }
    if !request.text("protectionState").is_none_or(|state| same(state, "ProtectionStopped")) {
        return Err(refuse("An item is undeleted into the state ProtectionStopped only.", "protectionState"));
    }
    if it.state != State::SoftDeleted {
        return Err(refuse("The item is not in soft-deleted state.", "isRehydrate"));
    }
    let jobs = &sim.world.jobs;
    if jobs.iter().any(|j| j.item == item && j.kind == JobKind::Undelete && j.status.is_running()) {
        let message = "Another operation is in progress on the selected item.";
        return Err(ArmError::service(409, "BMSUserErrorObjectLocked", message));
    }
    let (id, vault) = (sim.world.next_guid(), sim.world.items[item].vault);
    let activity = ask.header("x-ms-client-request-id").map_or_else(|| sim.world.next_guid(), str::to_owned);
    sim.world.jobs.push(Job {
        id: id.clone(),
        item,
        kind: JobKind::Undelete,
        outcome: JobStatus::Completed,
        started: sim.clock,
        length: 10 * SECOND,
        activity,
        ..Job::default()
    });
    advance::settle(&mut sim.world, sim.settings.progress, sim.clock);
    let work = Work::Undelete { job: id.clone() };
    let operation = operation::start(sim, id, vault, Some(item), work, 2 * SECOND, &ask.version.to_string());
    let base = sim.world.items[item].id();
    Ok(operation::accepted(sim, ask, &operation, &base, ("operationsStatus", "operationResults"), 60))
}
