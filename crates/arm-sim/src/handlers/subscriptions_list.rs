//! `GET /subscriptions`

use super::subscription_get;
use crate::answer::Answer;
use crate::ask::Ask;
use crate::errors::Refused;
use crate::paging;
use crate::seed::places::SUBSCRIPTIONS;
use crate::simulator::Simulator;

pub(super) fn handle(_: &mut Simulator, _: &Ask) -> Result<Answer, Refused> {
    Ok(paging::whole(SUBSCRIPTIONS.iter().map(subscription_get::json)))
}
