//! `POST …/recoveryPoints/{id}/restore`

use super::{find, fresh_token, operation};
use crate::answer::Answer;
use crate::base64;
use crate::bodies;
use crate::checks;
use crate::errors::{ArmError, Refused};
use crate::faults::Fault;
use crate::moment::SECOND;
use crate::restore::request::{RestoreRequest, object};
use crate::restore::{advance, obstacles, plan};
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;
use crate::world::changes::Trigger;
use crate::world::operation::Work;
use crate::world::place::location_id;

const ACTION: &str =
    "Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems/recoveryPoints/restore/action";
/// The wait that `fault-throttled` asks for, in seconds.
const THROTTLE: i64 = 17;

pub(super) fn handle(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let (item, point) = find::point(sim, ask)?;
    let trigger = Trigger {
        item: sim.world.items[item].name.clone(),
        client_request_id: ask.header("x-ms-client-request-id").unwrap_or_default().to_owned(),
        accepted: false,
        cross_region: false,
        job: String::new(),
    };
    sim.world.changes.triggers.push(trigger);
    if let Some(answer) = gate(sim, ask, item, ACTION)? {
        return Ok(answer);
    }
    let body = ask.json()?;
    let request = RestoreRequest(object(&body, "properties")?);
    if let Some(refusal) = checks::findings(&sim.world, item, &point, &ask.version, request).into_iter().next() {
        return Err(refusal.into());
    }
    let restore = plan::restore(&sim.world, item, &point, request, &ask.version);
    Ok(accept(sim, ask, item, restore))
}

/// What sentinels do before the request is checked.
pub(super) fn gate(
    sim: &mut Simulator,
    ask: &SimRequest,
    item: usize,
    action: &'static str,
) -> Result<Option<Answer>, Refused> {
    let name = sim.world.items[item].name.clone();
    let now = sim.clock;
    let changes = &mut sim.world.changes;
    match sim.world.items[item].fault {
        Some(Fault::Refused) => Err(find::denied(&ask.path, action)),
        Some(Fault::Throttled) => {
            let key = format!("throttled:{name}");
            let until = changes.mark(&key).unwrap_or(now + THROTTLE * SECOND);
            changes.set_mark(&key, until);
            if now < until { Err(ArmError::throttled(action, 30, (until - now) / SECOND)) } else { Ok(None) }
        }
        Some(Fault::LostRequest) if changes.tick(&format!("lost:{name}")) == 0 => Ok(Some(Answer::dropped(false))),
        Some(Fault::TokenExpires) => fresh_token::expired(sim, ask, &name).map(|()| None),
        Some(Fault::ClaimsChallenge) => fresh_token::challenged(sim, ask, &name, false).map(|()| None),
        Some(Fault::ClaimsTangled) => fresh_token::challenged(sim, ask, &name, true).map(|()| None),
        Some(Fault::MfaPolicy) => fresh_token::against_policy(sim, ask, &name).map(|()| None),
        _ => Ok(None),
    }
}

/// Starts the restore.
pub(super) fn accept(
    sim: &mut Simulator,
    ask: &SimRequest,
    item: usize,
    mut restore: crate::world::job::Restore,
) -> Answer {
    restore.late = obstacles::late(sim, item, &restore);
    let secondary = ask.version.is_secondary();
    let mut id = sim.world.next_guid();
    let fault = sim.world.items[item].fault;
    // Operation and job have the same id since 2021, but never in the secondary region.
    let job = if ask.version.since(20_210_101) && !secondary { id.clone() } else { sim.world.next_guid() };
    if secondary {
        // Ends in '=', as on the wire.
        let vault = bodies::token::resource_id(sim.world.seed, sim.world.vault_of(item));
        id = base64::encode(format!("{vault};{id}").as_bytes());
    }
    let activity = ask.header("x-ms-client-request-id").map_or_else(|| sim.world.next_guid(), str::to_owned);
    let makes_job = fault != Some(Fault::OperationFails);
    if makes_job {
        let job = plan::job(&sim.world, job.clone(), item, restore, secondary, activity, sim.clock);
        sim.world.jobs.push(job);
        advance::settle(&mut sim.world, sim.settings.progress, sim.clock);
    }
    if let Some(trigger) = sim.world.changes.triggers.last_mut() {
        trigger.accepted = true;
        trigger.job = if makes_job { job.clone() } else { String::new() };
    }
    let vault = sim.world.items[item].vault;
    let operation =
        operation::start(sim, id, vault, Some(item), Work::Restore { job }, 2 * SECOND, &ask.version.to_string());
    if fault == Some(Fault::LostAnswer) {
        return Answer::dropped(true);
    }
    if let Some(region) = sim.world.vault_of(item).secondary().filter(|_| secondary) {
        let base = location_id(sim.world.vault_of(item).subscription, region);
        return operation::accepted(
            sim,
            ask,
            &operation,
            &base,
            ("backupCrrOperationsStatus", "backupCrrOperationResults"),
            60,
        );
    }
    let base = sim.world.items[item].id();
    operation::accepted(sim, ask, &operation, &base, ("operationsStatus", "operationResults"), 60)
}
