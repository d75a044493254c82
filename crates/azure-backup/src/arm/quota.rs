//! How many reads are left: ARM counts the reads of each action by the hour and answers 429 when they are used up.
//!
//! All reads of the same action in one subscription share a quota, so that many jobs cost no more than one, and a throttle of one read
//! delays the others, too.

use super::fault::Fault;
use super::headers;
use super::timing;
use ::time::{Duration, OffsetDateTime};
use http::HeaderMap;
use serde::{Deserialize, Serialize};

/// The smallest hourly limit of ARM that was recorded: `exceeded the limit of '150' for time interval '01:00:00'`.
pub const MIN_AN_HOUR: u32 = 150;

/// The reads of the last hour, and Azure's limits for them. Serializable, so that a program can store it between two visits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quota {
    /// Reads an hour that Azure allows, as far as is known.
    #[serde(rename = "limit", deserialize_with = "crate::arm::bounds::count")]
    limit: u32,
    /// The remaining reads by Azure's count, less those made since. Azure also counts other clients of the same person.
    #[serde(rename = "remaining", default, deserialize_with = "crate::arm::bounds::optional_count")]
    remaining: Option<u32>,
    /// When reads were made, in seconds since 1970.
    #[serde(rename = "spent")]
    spent: Vec<i64>,
    /// The end of the wait that Azure has asked for.
    #[serde(rename = "closed", default, with = "crate::arm::bounds::optional_time")]
    closed_until: Option<OffsetDateTime>,
    /// Refusals in a row; none in records of older versions.
    #[serde(rename = "throttles", default, deserialize_with = "crate::arm::bounds::optional_count")]
    throttles: Option<u32>,
}

impl Default for Quota {
    fn default() -> Quota {
        Quota { limit: MIN_AN_HOUR, remaining: None, spent: Vec::new(), closed_until: None, throttles: None }
    }
}

const HOUR: i64 = 3_600;

impl Quota {
    /// Counts a read that is made now.
    pub fn spend(&mut self, now: OffsetDateTime) {
        self.spent.retain(|at| recent(*at, now));
        self.spent.push(now.unix_timestamp());
        self.remaining = self.remaining.map(|left| left.saturating_sub(1));
    }

    /// Takes over the remaining reads from an answer's headers. If the browser hides them, the known limit stays.
    pub fn on_response(&mut self, headers: &HeaderMap) {
        self.remaining = headers::text(headers, &headers::REMAINING).and_then(|text| text.parse().ok());
        self.limit = self.remaining.unwrap_or_default().max(self.limit);
        self.throttles = None;
    }

    /// Azure has answered 429.
    pub fn on_throttle(&mut self, fault: &Fault, now: OffsetDateTime) {
        self.throttles = self.throttles.map_or(1, |before| before.saturating_add(1)).into();
        let until = timing::next_attempt_after_throttle(fault, self.throttles.unwrap_or(1), now);
        // Of two refusals at the same time, the longer wait counts.
        self.closed_until = self.closed_until(now).max(Some(until));
        self.remaining = None;
        if let Some(limit) = timing::limit_in_message(&fault.message) {
            self.limit = limit;
        }
    }

    /// Takes over the wait of another tab's quota if it is longer.
    pub fn extend_closed_until(&mut self, other: &Self) {
        self.closed_until = self.closed_until.max(other.closed_until);
    }

    /// When the next read is allowed; none = now.
    #[must_use]
    pub fn wait(&self, now: OffsetDateTime) -> Option<OffsetDateTime> {
        self.closed_until(now).max(self.next_free_read(now, self.limit))
    }

    /// When the next read on demand (*Check now*) is allowed; none = now. The last fifth of the hour's reads is reserved for scheduled polls, so that
    /// repeated clicks cannot hide a restore for the rest of the hour.
    #[must_use]
    pub fn wait_on_demand(&self, now: OffsetDateTime) -> Option<OffsetDateTime> {
        self.closed_until(now).max(self.next_free_read(now, self.limit - self.reserve()))
    }

    /// How many of an hour's reads are reserved for scheduled polls.
    #[must_use]
    pub fn reserve(&self) -> u32 {
        self.limit / 5
    }

    /// When less than `allowed` of the reads were made within the hour before; none = now.
    fn next_free_read(&self, now: OffsetDateTime, allowed: u32) -> Option<OffsetDateTime> {
        let mut spent: Vec<i64> = self.spent.iter().copied().filter(|at| recent(*at, now)).collect();
        spent.sort_unstable();
        let over = spent.len().checked_sub(usize::try_from(allowed).unwrap_or(usize::MAX))?;
        OffsetDateTime::from_unix_timestamp(spent.get(over)? + HOUR + 1).ok()
    }

    /// The end of the wait that Azure has asked for; none = no wait.
    #[must_use]
    pub fn closed_until(&self, now: OffsetDateTime) -> Option<OffsetDateTime> {
        // A time further ahead than the longest throttle means that the clock was set back.
        self.closed_until.filter(|until| *until > now && *until - now <= timing::MAX_THROTTLE)
    }

    /// The interval of polls, if `streams` job lists are polled in parallel and `ends` jobs still have to be read once at their end.
    #[must_use]
    pub fn interval(&self, now: OffsetDateTime, streams: usize, ends: usize) -> Duration {
        let used = self.used(now);
        let left = self.limit.saturating_sub(used);
        let left = self.remaining.map_or(left, |r| r.min(left));
        // Slow down as reads are used up, to keep some for unforeseen reads, such as of jobs that begin and end meanwhile.
        let allowed = used.saturating_add(left).min(left.saturating_mul(2));
        // However many jobs there are, a third of the reads stays for their progress.
        let ends = u32::try_from(ends).unwrap_or(u32::MAX).min(allowed.saturating_mul(2) / 3);
        let polls = i64::from((allowed - ends).max(1));
        let streams = i64::from(u32::try_from(streams.max(1)).unwrap_or(u32::MAX));
        Duration::seconds(HOUR * streams / polls).clamp(timing::JOB_POLL_INTERVAL, timing::MAX_WAIT)
    }

    /// The number of reads in the last hour.
    #[must_use]
    pub fn used(&self, now: OffsetDateTime) -> u32 {
        u32::try_from(self.spent.iter().filter(|at| recent(**at, now)).count()).unwrap_or(u32::MAX)
    }

    /// The hourly limit, as far as is known.
    #[must_use]
    pub fn limit(&self) -> u32 {
        self.limit
    }
}

/// Whether a time is within the last hour. A time up to an hour ahead, after the clock was set back, counts, too.
fn recent(at: i64, now: OffsetDateTime) -> bool {
    now.unix_timestamp().saturating_sub(at).unsigned_abs() <= HOUR.unsigned_abs()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::at;

    fn throttle(message: &str) -> Fault {
        let mut fault = Fault::reported("List jobs", "ResourceRequestsThrottled", message);
        fault.status = Some(429);
        fault.retry_after = timing::wait_in_message(message).map(headers::RetryAfter::Seconds);
        fault
    }

    #[test]
    fn an_hour_has_so_many_reads_and_then_no_more() {
        let mut quota = Quota::default();
        for n in 0..i64::from(MIN_AN_HOUR) {
            assert_eq!(quota.wait(at(n)), None, "{n}");
            quota.spend(at(n));
        }
        let full = at(i64::from(MIN_AN_HOUR));
        assert_eq!(quota.wait(full), Some(at(HOUR + 1)));
        assert_eq!(quota.wait(at(HOUR + 1)), None, "the oldest is over an hour ago");
    }

    #[test]
    fn a_fifth_of_the_hour_is_not_for_looking_on_demand() {
        let mut quota = Quota::default();
        for n in 0..120 {
            assert_eq!(quota.wait_on_demand(at(n)), None, "{n}");
            quota.spend(at(n));
        }
        assert_eq!((quota.wait(at(120)), quota.reserve()), (None, 30));
        assert_eq!(quota.wait_on_demand(at(120)), Some(at(HOUR + 1)));
        quota.spend(at(120));
        assert_eq!(quota.wait_on_demand(at(121)), Some(at(1 + HOUR + 1)), "two have to be an hour old");
    }

    #[test]
    fn many_jobs_are_looked_at_by_one_list_that_leaves_room_for_their_ends() {
        let quota = Quota::default();
        for (streams, ends, seconds) in
            [(1, 1, 30), (1, 10, 30), (1, 100, 72), (1, 5_000, 72), (2, 3, 48), (2, 100, 144)]
        {
            let apart = quota.interval(at(0), streams, ends);
            assert_eq!(apart.whole_seconds(), seconds, "{streams} {ends}");
        }
    }

    #[test]
    fn what_others_spend_slows_us_down_and_a_larger_limit_is_believed() {
        let mut quota = Quota::default();
        let mut headers = HeaderMap::new();
        headers.insert(headers::REMAINING.name(), "30".parse().unwrap());
        quota.spend(at(0));
        quota.on_response(&headers);
        assert_eq!(quota.interval(at(0), 1, 1).whole_seconds(), 3_600 / 30, "one of them is for the end");
        headers.insert(headers::REMAINING.name(), "449".parse().unwrap());
        quota.on_response(&headers);
        assert_eq!((quota.limit(), quota.interval(at(0), 1, 100).whole_seconds()), (449, 30));
    }

    #[test]
    fn a_throttle_closes_and_tells_the_limit() {
        let mut quota = Quota::default();
        let message = "Number of requests for action 'x' exceeded the limit of '60' for time interval '01:00:00'. Please try again after '324' seconds.";
        quota.on_throttle(&throttle(message), at(0));
        assert_eq!((quota.wait(at(1)), quota.limit()), (Some(at(324)), 60));
        quota.on_throttle(&throttle("Please try again after '10' seconds."), at(2));
        assert_eq!(quota.wait(at(12)), Some(at(324)), "the longer one counts");
        assert_eq!(quota.wait(at(324)), None);
        assert_eq!(quota.wait(at(-7_200)), None, "the clock was set back by hours");
    }
}
