//! Sentinels that refuse until another token is sent.

use crate::errors::Refused;
use crate::moment::HOUR;
use crate::pseudo_random;
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;
use crate::token;

/// The token turns out to be expired.
pub(super) fn expired(sim: &mut Simulator, ask: &SimRequest, name: &str) -> Result<(), Refused> {
    let refusal = token::expired(sim.clock - HOUR / 60, sim.clock);
    if is_missing(sim, ask, &format!("expired:{name}")) { Err(refusal) } else { Ok(()) }
}

/// The token lacks claims, and the challenge says which ones.
pub(super) fn challenged(sim: &mut Simulator, ask: &SimRequest, name: &str, tangled: bool) -> Result<(), Refused> {
    if is_missing(sim, ask, &format!("claims:{name}")) { Err(token::challenged(tangled)) } else { Ok(()) }
}

/// The same from the second read of an operation or its job on; `id` is the job's.
pub(super) fn challenged_midway(sim: &mut Simulator, ask: &SimRequest, id: &str) -> Result<(), Refused> {
    let midway = sim.world.changes.tick(&format!("midway:{id}")) > 0;
    if midway { challenged(sim, ask, id, false) } else { Ok(()) }
}

/// A policy demands a second factor, without a challenge.
pub(super) fn against_policy(sim: &mut Simulator, ask: &SimRequest, name: &str) -> Result<(), Refused> {
    if is_missing(sim, ask, &format!("policy:{name}")) { Err(token::against_policy(name)) } else { Ok(()) }
}

/// Whether a request has the first token that was seen under `key`, or is the first request without a token.
fn is_missing(sim: &mut Simulator, ask: &SimRequest, key: &str) -> bool {
    let token = ask.header("authorization").map(|t| (pseudo_random::hash(0, t) >> 1).cast_signed());
    let known = sim.world.changes.mark(key);
    let missing = known.is_none() || token.is_some() && token == known;
    if missing {
        sim.world.changes.set_mark(key, token.unwrap_or_default());
    }
    missing
}
