//! `POST …/recoveryPoints/{id}/accessToken`: the token that a cross-region restore has to contain

use super::find;
use crate::answer::Answer;
use crate::bodies::token;
use crate::errors::{ArmError, Refused};
use crate::faults::Fault;
use crate::moment::DAY;
use crate::restore::request::object;
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;
use crate::world::changes::Issued;

/// How often `fault-token-timeout` fails.
const TIMEOUTS: u32 = 3;

pub(super) fn handle(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let (item, point) = find::point(sim, ask)?;
    let region = find::secondary(sim.world.vault_of(item))?;
    if sim.world.items[item].fault == Some(Fault::TokenTimeout) {
        let key = format!("token:{}", sim.world.items[item].name);
        if sim.world.changes.tick(&key) < TIMEOUTS {
            let message = "The gateway did not receive a response from 'Microsoft.RecoveryServices' within the specified time period.";
            return Err(ArmError::gateway(504, "GatewayTimeout", message));
        }
    }
    let body = ask.json()?;
    let properties = object(&body, "properties")?;
    let [tenant, audience, _] = token::audience(sim.world.seed, region);
    for (key, wanted) in [("tenantId", tenant), ("audience", audience)] {
        if properties.get(key).and_then(|v| v.as_str()) != Some(&wanted) {
            let message = format!(
                "The {key} is not that of the secondary region '{region}': it must be as backupAadProperties says."
            );
            return Err(ArmError::invalid_input(&message, &format!("properties.{key}")));
        }
    }
    let id = sim.world.next_guid();
    let issued = Issued { id, item, point: point.id, at: sim.clock, old: !ask.version.since(20_211_115) };
    let text = token::json(&sim.world, &issued);
    // What expired long ago is of no use.
    sim.world.changes.issued.retain(|t| token::expiry(t) + DAY > sim.clock);
    sim.world.changes.issued.push(issued);
    Ok(Answer::ok(format!(r#"{{"properties":{text}}}"#)))
}
