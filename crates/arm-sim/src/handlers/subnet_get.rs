//! `GET …/virtualNetworks/{name}/subnets/{name}`

use super::subnets_list;
use crate::answer::Answer;
use crate::errors::{ArmError, Refused};
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;

pub(super) fn handle(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let wanted = format!("{{\"name\":\"{}\"", ask.at(3)).to_ascii_lowercase();
    let found = subnets_list::of(sim, ask)?.into_iter().find(|s| s.to_ascii_lowercase().starts_with(&wanted));
    found.map(Answer::ok).ok_or_else(|| {
        let message = format!("Resource {} not found.", ask.path);
        ArmError::service(404, "NotFound", message)
    })
}
