//! `POST …/locations/{region}/backupCrossRegionRestore`

use serde_json::Value;

use super::{find, restore_trigger};
use crate::answer::Answer;
use crate::base64;
use crate::bodies::token;
use crate::checks;
use crate::errors::{ArmError, Refused};
use crate::faults::Fault;
use crate::restore::plan;
use crate::restore::request::{RestoreRequest, object};
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;
use crate::text::{raw_member, same};
use crate::world::changes::{Issued, Trigger};

const ACTION: &str = "Microsoft.RecoveryServices/locations/backupCrossRegionRestore/action";
const DETAILS: &str = "crossRegionRestoreAccessDetails";

pub(super) fn handle(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let region = find::location(sim, ask)?;
    let body = ask.json();
    let issued = body.as_ref().ok().and_then(|b| issued(sim, &b[DETAILS])).cloned();
    let trigger = Trigger {
        item: issued.as_ref().map(|t| sim.world.items[t.item].name.clone()).unwrap_or_default(),
        client_request_id: ask.header("x-ms-client-request-id").unwrap_or_default().to_owned(),
        accepted: false,
        cross_region: true,
        job: String::new(),
    };
    sim.world.changes.triggers.push(trigger);
    let body = body?;
    object(&body, DETAILS)?;
    let Some(issued) = issued else {
        let message = "The accessTokenString is not one that was issued for a recovery point.";
        return Err(ArmError::invalid_input(message, &format!("{DETAILS}.accessTokenString")));
    };
    let item = issued.item;
    if let Some(answer) = restore_trigger::gate(sim, ask, item, ACTION)? {
        return Ok(answer);
    }
    unchanged(sim, ask, &issued, &body[DETAILS])?;
    let stale = sim.world.items[item].fault == Some(Fault::TokenStale)
        && sim.world.changes.issued.iter().find(|t| t.item == item) == Some(&issued);
    if stale || sim.clock >= token::expiry(&issued) {
        let message = "The access token of the cross region restore has expired. Get another one and try again.";
        return Err(ArmError::service(400, "UserErrorCrrAccessTokenExpired", message));
    }
    let vault = sim.world.vault_of(item);
    if vault.secondary() != Some(region) || !same(vault.subscription, ask.at(0)) {
        let message = format!("The access token is not for a vault whose secondary region is '{region}'.");
        return Err(ArmError::invalid_input(&message, DETAILS));
    }
    let found = sim.points(item, &ask.version).find(|p| p.id == issued.point);
    let point = found.ok_or_else(|| ArmError::not_in_vault("The recovery point"))?;
    let request = RestoreRequest(object(&body, "restoreRequest")?);
    if let Some(refusal) = checks::findings(&sim.world, item, &point, &ask.version, request).into_iter().next() {
        return Err(refusal.into());
    }
    let restore = plan::restore(&sim.world, item, &point, request, &ask.version);
    Ok(restore_trigger::accept(sim, ask, item, restore))
}

/// The issued token that the access details contain, if any.
fn issued<'a>(sim: &'a Simulator, details: &Value) -> Option<&'a Issued> {
    let payload = base64::decode(details["accessTokenString"].as_str()?.split('.').nth(1)?)?;
    let claims: Value = serde_json::from_slice(&payload).ok()?;
    let id = claims["jti"].as_str()?;
    sim.world.changes.issued.iter().find(|t| t.id == id)
}

/// Whether both are the same number, and no whole one: a client that parses and serializes turns 1.10 into 1.1.
fn same_fraction(value: &Value, other: &Value) -> bool {
    let is_fraction = |value: &Value| value.as_number().is_some_and(|number| number.to_string().contains('.'));
    is_fraction(value) && is_fraction(other) && value.as_f64() == other.as_f64()
}

/// Refuses access details that differ from the issued ones.
///
/// Azure was seen to accept details that a client had parsed and serialized again: with other white space and without
/// members that its model lacks. So values are compared, whole numbers by their text, and members outside the schema may be missing.
fn unchanged(sim: &Simulator, ask: &SimRequest, issued: &Issued, details: &Value) -> Result<(), Refused> {
    let wanted = token::json(&sim.world, issued);
    let original: Value = serde_json::from_str(&wanted).unwrap_or_default();
    let (Some(original), Some(sent)) = (original.as_object(), details.as_object()) else {
        return Err(ArmError::invalid_input("The access details are not an object.", DETAILS));
    };
    let exact = sim.settings.exact_access_details;
    let may_miss = |key: &str| !exact && token::IN_NO_SCHEMA.contains(&key) && !sent.contains_key(key);
    let same = |value: &Value, other: &Value| value == other || !exact && same_fraction(value, other);
    let is_sent = |(key, value): &(&String, &Value)| sent.get(*key).is_some_and(|other| same(value, other));
    let changed = original.iter().find(|one| !is_sent(one) && !may_miss(one.0));
    let other = changed.map(|(key, _)| key).or_else(|| sent.keys().find(|key| !original.contains_key(*key)));
    let (what, target) = match other {
        Some(key) => (format!("'{key}' is missing, new or changed"), format!("{DETAILS}.{key}")),
        None if !exact || raw_member(ask.text(), DETAILS) == Some(&wanted) => return Ok(()),
        None if original.keys().ne(sent.keys()) => ("the order of the members".to_owned(), DETAILS.to_owned()),
        None => ("white space or the spelling of a value".to_owned(), DETAILS.to_owned()),
    };
    let message = format!("The access details must be the properties that accessToken answered. What differs: {what}.");
    Err(ArmError::invalid_input(&message, &target))
}
