//! `POST …/recoveryPointsRecommendedForMove`: points that are worth moving to the archive

use serde_json::Value;

use super::find;
use crate::answer::Answer;
use crate::bodies::point;
use crate::errors::Refused;
use crate::paging;
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;

pub(super) fn handle(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let item = find::item(sim, ask)?;
    let body = ask.json()?;
    let excluded: Vec<&str> =
        body["excludedRPList"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let points = sim.points(item, &ask.version);
    let ready = points.filter(|p| point::is_ready_for_move(sim, p) && !excluded.contains(&p.id.as_str()));
    let points: Vec<_> = ready.map(|p| point::json(sim, item, &p, &ask.version, false)).collect();
    Ok(paging::whole(points))
}
