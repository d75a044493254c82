//! `POST …/locations/{region}/backupStatus`: which vault protects a virtual machine

use super::find;
use crate::answer::Answer;
use crate::errors::{ArmError, Refused};
use crate::seed::vaults::VAULTS;
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;
use crate::text::{fill, same};
use crate::world::item::State;

const PROTECTED: &str = r#"{"protectionStatus":"Protected","vaultId":"$0","fabricName":"Azure","containerName":"iaasvmcontainer;$1","protectedItemName":"vm;$1","errorCode":"Success","errorMessage":"","policyName":"$2","registrationStatus":"Registered"}"#;
const NOT_PROTECTED: &str =
    r#"{"protectionStatus":"NotProtected","vaultId":"","errorCode":"Success","errorMessage":""}"#;

pub(super) fn handle(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let region = find::region(sim, ask)?;
    if !ask.version.is_backup() {
        return Err(ArmError::no_provider(region, &ask.version, "locations/backupStatus"));
    }
    let body = ask.json()?;
    if !body["resourceType"].as_str().is_some_and(|t| same(t, "VM")) {
        return Err(ArmError::not_simulated("a backupStatus of anything but a VM"));
    }
    let id = body["resourceId"].as_str().unwrap_or_default();
    let mut protected = sim.world.items.iter().filter(|i| i.state != State::SoftDeleted);
    let found = protected.find(|i| same(&i.machine_id(), id) && i.region() == region);
    Ok(Answer::ok(found.map_or_else(
        || NOT_PROTECTED.to_owned(),
        |i| {
            let policy = if i.state == State::Stopped { "" } else { "DefaultPolicy" };
            fill(PROTECTED, &[&VAULTS[i.vault].id(), &i.container(), policy])
        },
    )))
}
