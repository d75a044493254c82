//! `GET …/locations/{region}/backupAadProperties`: the audience of an access token of the secondary region

use super::find;
use crate::answer::Answer;
use crate::bodies::token;
use crate::errors::Refused;
use crate::filter::Filter;
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;
use crate::text::fill;

pub(super) fn handle(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let region = find::location(sim, ask)?;
    Filter::parse(ask.query("$filter"), &["backupManagementType"])?;
    let [tenant, audience, principal] = token::audience(sim.world.seed, region);
    let text = r#"{"properties":{"tenantId":"$0","audience":"$1","servicePrincipalObjectId":"$2"}}"#;
    Ok(Answer::ok(fill(text, &[&tenant, &audience, &principal])))
}
