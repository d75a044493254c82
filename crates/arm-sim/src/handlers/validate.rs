//! `POST …/backupValidateOperation`: the checks of a restore, answered at once

use super::find;
use crate::answer::Answer;
use crate::checks;
use crate::errors::{ArmError, Refused};
use crate::restore::request::{RestoreRequest, object};
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;
use crate::text::{array, fill, quote, same};

/// Checks the restore request of a validation; the findings, as JSON.
pub(super) fn findings(sim: &Simulator, ask: &SimRequest) -> Result<(usize, String), Refused> {
    let (vault, _) = find::inside(sim, ask)?;
    let body = ask.json()?;
    let properties = object(&body, "properties")?;
    let wanted = "ValidateIaasVMRestoreOperationRequest";
    if !properties.get("objectType").and_then(|t| t.as_str()).is_some_and(|t| same(t, wanted)) {
        return Err(ArmError::invalid_input(&format!("The objectType must be {wanted}."), "properties.objectType"));
    }
    let restore = object(&body["properties"], "restoreRequest")?;
    let id = body["id"].as_str().unwrap_or_default();
    let (item, point) = id
        .rsplit_once("/recoveryPoints/")
        .and_then(|(item, point)| {
            let index = sim.world.items.iter().position(|i| i.vault == vault && same(&i.id(), item))?;
            Some((index, sim.world.point(index, point)?))
        })
        .ok_or_else(|| ArmError::invalid_input("The id must be that of a recovery point of this vault.", "id"))?;
    let found = checks::findings(&sim.world, item, &point, &ask.version, RestoreRequest(restore));
    let results = found.into_iter().map(|r| {
        let message = format!("{} (Property: {})", r.message, r.target);
        let advice = if r.advice.is_empty() { None } else { Some(quote(r.advice)) };
        fill(r#"{"code":"$0","message":"$1","recommendations":@2}"#, &[r.code, &message, &array(advice)])
    });
    Ok((item, array(results)))
}

pub(super) fn handle(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let (_, findings) = findings(sim, ask)?;
    Ok(Answer::ok(fill(r#"{"validateOperationResponse":{"validationResults":@0}}"#, &[&findings])))
}
