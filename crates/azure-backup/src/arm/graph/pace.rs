//! When the next query may be sent.

use super::QueryQuota;
use crate::arm::{fault::Fault, timing};
use ::time::{Duration, OffsetDateTime};

/// The quota that a user has by default: this many queries …
/// Source: <https://learn.microsoft.com/azure/governance/resource-graph/concepts/guidance-for-throttled-requests>.
const QUERIES: usize = 15;
/// … in this time.
const WINDOW: Duration = Duration::seconds(5);
/// After several refusals in a row, the wait grows to at most this many times what Azure asks for: Microsoft's guidance picks a factor from 1 to 5.
const MOST_WINDOWS: i32 = 5;
/// Queries of a window that are not used: the same person's other tools share the quota.
const RESERVE: usize = 3;

/// When the next query may be sent. It counts the queries itself, because browsers may hide the headers that say how many are left.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pace {
    /// When the queries of the last window were sent.
    sent: Vec<OffsetDateTime>,
    /// Until when none may be sent.
    closed_until: Option<OffsetDateTime>,
    /// Refusals in a row.
    throttles: i32,
}

impl Pace {
    /// Counts a query that is sent now.
    pub fn spend(&mut self, now: OffsetDateTime) {
        self.sent.retain(|at| recent(*at, now));
        self.sent.push(now);
    }

    /// Takes over the quota of an answer.
    pub fn on_response(&mut self, quota: QueryQuota, now: OffsetDateTime) {
        self.throttles = 0;
        self.closed_until = match (quota.remaining, quota.resets_after) {
            (Some(0), after) => now.checked_add(after.unwrap_or(WINDOW).min(timing::MAX_THROTTLE)),
            _ => None,
        };
    }

    /// Waits after a 429, longer with each refusal in a row, so that clients that were refused together do not return together.
    pub fn on_throttle(&mut self, fault: &Fault, now: OffsetDateTime) {
        self.throttles = self.throttles.saturating_add(1).min(MOST_WINDOWS);
        let asked = timing::requested_retry_time(fault, now).map_or(WINDOW, |until| until - now);
        self.closed_until =
            Some(timing::clamped(now.saturating_add(asked * self.throttles), now, timing::MAX_THROTTLE));
    }

    /// Until when to wait; none = a query may be sent now.
    #[must_use]
    pub fn wait(&self, now: OffsetDateTime) -> Option<OffsetDateTime> {
        let recent: Vec<OffsetDateTime> = self.sent.iter().copied().filter(|at| recent(*at, now)).collect();
        let full = recent.len() >= QUERIES - RESERVE;
        let freed = recent.into_iter().min().filter(|_| full).and_then(|oldest| oldest.checked_add(WINDOW));
        // Further ahead than any throttle: the clock was set back since.
        let closed = self.closed_until.filter(|until| *until > now && *until - now <= timing::MAX_THROTTLE);
        closed.max(freed)
    }
}

/// Whether a time is within the last window. A future time, after the clock was set back, is not.
fn recent(at: OffsetDateTime, now: OffsetDateTime) -> bool {
    (Duration::ZERO..WINDOW).contains(&(now - at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{answer, at};

    #[test]
    fn no_more_are_sent_than_a_window_has() {
        let (mut pace, mut now, mut sent) = (Pace::default(), at(0), Vec::new());
        while sent.len() < 100 {
            match pace.wait(now) {
                Some(until) => {
                    assert!(until > now, "a wait ends");
                    now = until;
                }
                None => {
                    pace.spend(now);
                    pace.on_response(QueryQuota::default(), now);
                    sent.push(now);
                    now += Duration::milliseconds(50);
                }
            }
        }
        for (first, later) in sent.iter().zip(&sent[QUERIES - RESERVE..]) {
            assert!(*later - *first >= WINDOW);
        }
        assert!(*sent.last().unwrap() - sent[0] < WINDOW * 9, "no slower than it has to be");
    }

    #[test]
    fn what_resource_graph_says_counts_where_it_can_be_read() {
        let (mut pace, after) = (Pace::default(), Some(Duration::seconds(3)));
        pace.on_response(QueryQuota { remaining: Some(1), resets_after: after }, at(0));
        assert_eq!(pace.wait(at(0)), None);
        pace.on_response(QueryQuota { remaining: Some(0), resets_after: after }, at(0));
        assert_eq!((pace.wait(at(0)), pace.wait(at(3))), (Some(at(3)), None));
        assert_eq!(pace.wait(at(-7_200)), None, "the clock was set back by hours");
    }

    #[test]
    fn a_throttle_waits_for_the_quota_and_longer_each_time() {
        let refused = answer(429, &[("x-ms-user-quota-resets-after", "00:00:04")], "{}");
        let fault = Fault::from_answer("POST /providers", &refused);
        let mut pace = Pace::default();
        let mut waits = Vec::new();
        for _ in 0..6 {
            pace.on_throttle(&fault, at(0));
            waits.push((pace.wait(at(0)).unwrap() - at(0)).whole_seconds());
        }
        assert_eq!(waits, [4, 8, 12, 16, 20, 20]);
        pace.on_response(QueryQuota::default(), at(20));
        pace.on_throttle(&Fault::from_answer("", &answer(429, &[], "{}")), at(20));
        assert_eq!(pace.wait(at(20)), Some(at(25)), "without a wait that can be read it is the quota's");
        assert!(fault.is_throttled() && fault.retry_after.is_some());
    }
}
