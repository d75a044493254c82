//! `POST …/recoveryPoints/{id}/restore`

use super::{find, fresh_token, operation};
use crate::answer::Answer;
use crate::ask::Ask;
use crate::checks;
use crate::errors::{ArmError, Refused};
use crate::faults::Fault;
use crate::moment::SECOND;
use crate::restore::request::{RestoreRequest, object};
use crate::restore::{advance, plan};
use crate::simulator::Simulator;
use crate::world::changes::Trigger;
use crate::world::job::RestoreKind;
use crate::world::operation::Work;

const ACTION: &str =
    "Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems/recoveryPoints/restore/action";
/// How long `fault-throttled` wants to be left alone, in seconds.
const THROTTLE: i64 = 17;

pub(super) fn handle(sim: &mut Simulator, ask: &Ask) -> Result<Answer, Refused> {
    let (item, point) = find::point(sim, ask)?;
    let trigger = Trigger {
        item: sim.world.items[item].name.clone(),
        client_request_id: ask.header("x-ms-client-request-id").unwrap_or_default().to_owned(),
        accepted: false,
    };
    sim.world.changes.triggers.push(trigger);
    if let Some(answer) = gate(sim, ask, item)? {
        return Ok(answer);
    }
    let body = ask.json()?;
    let request = RestoreRequest(object(&body, "properties")?);
    if let Some(refusal) = checks::findings(&sim.world, item, &point, &ask.version, request).into_iter().next() {
        return Err(refusal.into());
    }
    let kind = request.kind().unwrap_or(RestoreKind::RestoreDisks);
    let restore = plan::restore(&sim.world, item, &point, request, kind);
    Ok(accept(sim, ask, item, restore))
}

/// What sentinels do before the request is looked at.
fn gate(sim: &mut Simulator, ask: &Ask, item: usize) -> Result<Option<Answer>, Refused> {
    let name = sim.world.items[item].name.clone();
    let now = sim.clock;
    let changes = &mut sim.world.changes;
    match sim.world.items[item].fault {
        Some(Fault::Refused) => Err(find::denied(&ask.path, ACTION)),
        Some(Fault::Throttled) => {
            let key = format!("throttled:{name}");
            let until = changes.mark(&key).unwrap_or(now + THROTTLE * SECOND);
            changes.set_mark(&key, until);
            if now < until { Err(ArmError::throttled(ACTION, 30, (until - now) / SECOND)) } else { Ok(None) }
        }
        Some(Fault::LostRequest) if changes.tick(&format!("lost:{name}")) == 0 => Ok(Some(Answer::dropped(false))),
        Some(Fault::TokenExpires) => fresh_token::expired(sim, ask, &name).map(|()| None),
        Some(Fault::ClaimsChallenge) => fresh_token::challenged(sim, ask, &name).map(|()| None),
        Some(Fault::MfaPolicy) => fresh_token::against_policy(sim, ask, &name).map(|()| None),
        _ => Ok(None),
    }
}

/// Starts the restore.
fn accept(sim: &mut Simulator, ask: &Ask, item: usize, restore: crate::world::job::Restore) -> Answer {
    let id = sim.world.next_guid();
    let fault = sim.world.items[item].fault;
    // Operation and job have the same id since 2021.
    let job = if ask.version.since(20_210_101) { id.clone() } else { sim.world.next_guid() };
    let activity = ask.header("x-ms-client-request-id").map_or_else(|| sim.world.next_guid(), str::to_owned);
    if fault != Some(Fault::OperationFails) {
        let job = plan::job(&sim.world, job.clone(), item, restore, activity, sim.clock);
        sim.world.jobs.push(job);
        advance::settle(&mut sim.world, sim.settings.progress, sim.clock);
    }
    if let Some(trigger) = sim.world.changes.triggers.last_mut() {
        trigger.accepted = true;
    }
    let vault = sim.world.items[item].vault;
    let operation =
        operation::start(sim, id, vault, Some(item), Work::Restore { job }, 2 * SECOND, &ask.version.to_string());
    if fault == Some(Fault::LostAnswer) {
        return Answer::dropped(true);
    }
    let base = sim.world.items[item].id();
    operation::accepted(sim, ask, &operation, &base, ("operationsStatus", "operationResults"), 60)
}
