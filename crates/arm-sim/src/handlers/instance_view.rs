//! `GET …/virtualMachines/{name}/instanceView`, and the same as a part of a virtual machine (`$expand=instanceView`)

use super::machine::{self, KIND};
use super::resources::{self, Wanted};
use crate::answer::Answer;
use crate::errors::{ArmError, Refused};
use crate::moment::{self, DAY};
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;
use crate::text::{fill, same};

const VIEW: &str = r#"{"vmAgent":{"vmAgentVersion":"2.7.41491.1095","statuses":[{"code":"ProvisioningState/succeeded","level":"Info","displayStatus":"Ready","message":"GuestAgent is running and processing the extensions.","time":"$0"}]},"statuses":[{"code":"ProvisioningState/succeeded","level":"Info","displayStatus":"Provisioning succeeded","time":"$0"},{"code":"PowerState/running","level":"Info","displayStatus":"VM running"}]}"#;

/// Without a running system no agent answers.
const STOPPED: &str = r#"{"statuses":[{"code":"ProvisioningState/succeeded","level":"Info","displayStatus":"Provisioning succeeded","time":"$0"},{"code":"PowerState/deallocated","level":"Info","displayStatus":"VM deallocated"}]}"#;

fn view(sim: &Simulator, id: &str) -> String {
    let stopped = sim.world.changes.altered(id).is_some_and(|altered| altered.deallocated);
    fill(if stopped { STOPPED } else { VIEW }, &[&moment::iso(sim.world.epoch - 40 * DAY)])
}

/// Adds the instance view to a virtual machine that was requested with it.
pub(super) fn expand(sim: &Simulator, ask: &SimRequest, kind: &str, body: String) -> String {
    let asked = ask.query("$expand").is_some_and(|e| same(e, "instanceView"));
    if !asked || !same(kind, KIND) {
        return body;
    }
    let view = view(sim, &machine::id(ask.at(0), ask.at(1), ask.at(4)));
    body.replacen(r#""networkProfile":"#, &fill(r#""instanceView":@0,"networkProfile":"#, &[&view]), 1)
}

pub(super) fn handle(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let group = sim.world.group(ask.at(0), ask.at(1))?;
    let (kind, name) = (KIND.to_owned(), ask.at(2));
    let wanted = Wanted { kind, subscription: group.subscription, group: Some(group.name), name: Some(name) };
    if resources::find(sim, &wanted)?.is_empty() {
        return Err(ArmError::no_resource(KIND, name, group.name));
    }
    Ok(Answer::ok(view(sim, &machine::id(ask.at(0), ask.at(1), name))))
}
