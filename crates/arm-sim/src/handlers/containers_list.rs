//! `GET …/storageAccounts/{name}/blobServices/default/containers`: the containers that restores have written

use crate::answer::Answer;
use crate::errors::{ArmError, Refused};
use crate::paging;
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;
use crate::text::fill;
use crate::world::place::resource_id;

const CONTAINER: &str = r#"{"id":"$0/blobServices/default/containers/$1","name":"$1","type":"Microsoft.Storage/storageAccounts/blobServices/containers","properties":{"publicAccess":"None","leaseStatus":"Unlocked","leaseState":"Available"}}"#;

pub(super) fn handle(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let group = sim.world.group(ask.at(0), ask.at(1))?;
    let kind = "Microsoft.Storage/storageAccounts";
    let id = resource_id(group.subscription, group.name, kind, ask.at(2));
    let account = sim.world.resource(&id).ok_or_else(|| ArmError::no_resource(kind, ask.at(2), group.name))?;
    let blobs = sim.world.changes.blobs.iter().filter(|b| b.account == account.name);
    let mut names: Vec<_> = blobs.map(|b| &b.container).collect();
    // The blobs of one restore are in one container.
    names.dedup();
    Ok(paging::whole(names.into_iter().map(|name| fill(CONTAINER, &[&account.id(), name]))))
}
