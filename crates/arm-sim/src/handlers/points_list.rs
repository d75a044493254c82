//! `GET …/recoveryPoints`: always in one page, as recorded

use super::{bad_answers, find};
use crate::answer::Answer;
use crate::bodies;
use crate::errors::{ArmError, Refused};
use crate::filter::Filter;
use crate::moment::parse_filter_date;
use crate::paging;
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;

const KEYS: [&str; 6] =
    ["startDate", "endDate", "restorePointQueryType", "extendedInfo", "moveReadyRPOnly", "includeSoftDeletedRP"];

pub(super) fn handle(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let item = find::item_of_points(sim, ask)?;
    let filter = Filter::parse(ask.query("$filter"), &KEYS)?;
    let date = |key| match filter.get(key) {
        None => Ok(None),
        Some(text) => parse_filter_date(text).map(Some).ok_or_else(|| {
            ArmError::invalid_input(&format!("'{text}' is not a date of the form yyyy-MM-dd hh:mm:ss tt."), "$filter")
        }),
    };
    let (start, end) = (date("startDate")?, date("endDate")?);
    let within = |time| start.is_none_or(|s| time >= s) && end.is_none_or(|e| time <= e);
    let points = sim.points(item, &ask.version).filter(|p| within(p.time));
    let answer = paging::whole(points.map(|p| bodies::point::json(sim, item, &p, &ask.version, false)));
    Ok(bad_answers::spoil(sim, item, answer))
}
