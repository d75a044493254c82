//! What is left of the hourly limits: headers, and 429 once a limit is reached.

use crate::errors::{ArmError, Refused};
use crate::handlers::resource_graph;
use crate::moment::HOUR;
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;
use crate::text::same;

/// What the headers say when no limit is set, as recorded in 2024.
const BACKUP: u32 = 450;
const READS: u32 = 12_000;
const WRITES: u32 = 1_200;

/// Counts a request; returns the header with the remaining number, or 429. Resource Graph counts by itself.
pub(crate) fn count(sim: &mut Simulator, ask: &SimRequest) -> Result<Option<(&'static str, String)>, Refused> {
    if resource_graph::is_query(ask) {
        return Ok(None);
    }
    let action = action(ask);
    let read = matches!(ask.method, http::Method::GET | http::Method::HEAD);
    let (header, limit) = match &action {
        Some(_) => {
            ("x-ms-ratelimit-remaining-subscription-resource-requests", sim.settings.hourly_limit.unwrap_or(BACKUP))
        }
        None if ask.segments.len() < 2 => ("x-ms-ratelimit-remaining-tenant-reads", READS),
        None if read => ("x-ms-ratelimit-remaining-subscription-reads", READS),
        None => ("x-ms-ratelimit-remaining-subscription-writes", WRITES),
    };
    let window = sim.clock.div_euclid(HOUR);
    // Counted by subscription, as the headers' names say.
    let subscription = ask.segments.get(1).map_or("", String::as_str).to_ascii_lowercase();
    let key = format!("{subscription} {} {window}", action.as_deref().unwrap_or(header));
    let counters = &mut sim.world.changes.counters;
    // Windows that are over are of no use.
    counters.retain(|(k, _)| k.rsplit_once(' ').is_none_or(|(_, w)| w.parse::<i64>().is_ok_and(|w| w >= window)));
    let used = sim.world.changes.tick(&key);
    if let (Some(action), true) = (&action, sim.settings.hourly_limit.is_some_and(|limit| used >= limit)) {
        return Err(ArmError::throttled(action, limit, ((window + 1) * HOUR - sim.clock) / 1_000 + 1));
    }
    Ok(Some((header, limit.saturating_sub(used + 1).to_string())))
}

/// The action of Azure Backup that a request performs, such as `Microsoft.RecoveryServices/vaults/backupJobs/read`.
fn action(ask: &SimRequest) -> Option<String> {
    let at = ask.segments.iter().position(|s| same(s, "Microsoft.RecoveryServices"))?;
    // Actions of the secondary region use the general limit, as recorded.
    let last = ask.segments.last()?;
    if same(ask.segments.get(at + 1)?, "locations") || same(last, "accessToken") {
        return None;
    }
    if ask.segments.iter().any(|s| same(s, "Microsoft.Authorization")) {
        return None;
    }
    let inside = ask.segments.get(at + 3..).filter(|rest| !rest.is_empty())?;
    let types: Vec<_> = inside.iter().step_by(2).map(String::as_str).collect();
    let verb = match ask.method {
        http::Method::POST => "action",
        http::Method::PUT => "write",
        _ => "read",
    };
    Some(format!("Microsoft.RecoveryServices/vaults/{}/{verb}", types.join("/")))
}
