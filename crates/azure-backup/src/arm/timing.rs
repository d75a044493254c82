//! How often Azure is polled. Each interval has its reason.

use super::fault::Fault;
use ::time::{Duration, OffsetDateTime};

/// The interval between polls of an operation when Azure does not say: the default of the ARM RPC contract for polling.
pub const OPERATION_POLL_INTERVAL: Duration = Duration::seconds(60);
/// The shortest wait, also if Azure asks for zero.
pub const MIN_WAIT: Duration = Duration::seconds(1);
/// The longest `Retry-After` that the ARM RPC contract allows while something runs. A throttle's wait may be longer.
pub const MAX_WAIT: Duration = Duration::seconds(600);
/// The longest throttle wait that is believed: ARM counts by the hour.
pub const MAX_THROTTLE: Duration = Duration::seconds(3_600);
/// The interval between reads of one vault's jobs: ARM allows as few as 150 reads an hour for the whole vault, 24 s apart.
pub const JOB_POLL_INTERVAL: Duration = Duration::seconds(30);
/// The first wait after a transient fault; it doubles with each further one.
pub const FIRST_BACKOFF: Duration = Duration::seconds(5);
/// The longest wait after transient faults.
pub const MAX_BACKOFF: Duration = Duration::seconds(300);
/// The first wait after a 429 that names neither a wait nor a kind of throttle.
pub const THROTTLE_WAIT: Duration = Duration::seconds(60);
/// The first wait where a subscription's calls as a whole are throttled: its bucket is refilled each second.
/// Source: <https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling>.
const SUBSCRIPTION_WAIT: Duration = Duration::seconds(10);
/// The first wait where the reads of one action are throttled, which ARM counts by the hour: waits of 5 to 15 minutes were recorded.
const ACTION_WAIT: Duration = Duration::seconds(300);
/// The first wait where Compute counts, which it does by 3 and by 30 minutes.
/// Source: <https://learn.microsoft.com/troubleshoot/azure/virtual-machines/windows/troubleshooting-throttling-errors>.
const COMPUTE_WAIT: Duration = Duration::minutes(3);
const COMPUTE_LONG_WAIT: Duration = Duration::minutes(30);
/// The first wait where Resource Graph counts, which it does by 5 seconds.
/// Source: <https://learn.microsoft.com/azure/governance/resource-graph/concepts/guidance-for-throttled-requests>.
const GRAPH_WAIT: Duration = Duration::seconds(5);
/// After this many consecutive answers that are 404 or cannot be read, another source is polled.
pub const REFUSALS_BEFORE_FALLBACK: u32 = 3;
/// After this many consecutive server errors or lost answers (about a quarter of an hour), another source is polled.
pub const FAILURES_BEFORE_FALLBACK: u32 = 8;
/// After this many consecutive 404s (about a quarter of an hour), a job counts as gone.
pub const NOT_FOUND_BEFORE_GONE: u32 = 8;

/// The wait after the `n`-th transient fault in a row, from 1.
#[must_use]
pub fn backoff(n: u32) -> Duration {
    let doubled = FIRST_BACKOFF * 2_i32.pow(n.saturating_sub(1).min(10));
    doubled.min(MAX_BACKOFF)
}

/// The wait, lengthened by up to a fifth, so that pages that failed together do not retry together. The milliseconds of `now` are random
/// enough for that.
#[must_use]
pub fn jittered(wait: Duration, now: OffsetDateTime) -> Duration {
    wait + Duration::milliseconds(wait.whole_seconds() * i64::from(now.millisecond()) / 5)
}

/// The seconds in `Please try again after '324' seconds.`, `Please try after '900' seconds.` or `Please retry after 17 seconds.`. The message repeats a
/// `Retry-After` that the page may not be allowed to read. Requests ask for English messages; none for any other text.
#[must_use]
pub fn wait_in_message(message: &str) -> Option<u64> {
    let quotes: [char; 2] = ['\'', '"'];
    message.match_indices(" after ").find_map(|(at, after)| {
        let rest = message.get(at + after.len()..)?.trim_start_matches(quotes);
        let (digits, rest) = rest.split_at(rest.find(|c: char| !c.is_ascii_digit())?);
        rest.trim_start_matches(quotes).trim_start().starts_with("second").then(|| digits.parse().ok()).flatten()
    })
}

/// When to ask again after the `nth` throttle in a row, from 1: when Azure says so, else after a wait for the kind of throttle, which doubles each
/// time. The kind is read from codes, which are the same in every language.
#[must_use]
pub fn next_attempt_after_throttle(fault: &Fault, nth: u32, now: OffsetDateTime) -> OffsetDateTime {
    let own = first_throttle_wait(fault) * 2_i32.pow(nth.saturating_sub(1).min(10));
    clamped(requested_retry_time(fault, now).unwrap_or(now.saturating_add(own)), now, MAX_THROTTLE)
}

/// The end of the wait that a fault asks for. None if it asks for none, or if the wait is already over by this computer's clock, which may be fast:
/// obeying it would mean a poll each second.
pub(crate) fn requested_retry_time(fault: &Fault, now: OffsetDateTime) -> Option<OffsetDateTime> {
    fault.retry_after.map(|wait| wait.due(now)).filter(|due| *due > now)
}

/// When to retry after the `nth` fault in a row, from 1: when Azure says so, else after the wait for a throttle or a transient fault.
#[must_use]
pub fn next_attempt(fault: &Fault, nth: u32, now: OffsetDateTime) -> OffsetDateTime {
    match fault.is_throttled() {
        true => next_attempt_after_throttle(fault, nth, now),
        false => requested_retry_time(fault, now).unwrap_or(now.saturating_add(backoff(nth))),
    }
}

fn first_throttle_wait(fault: &Fault) -> Duration {
    let counted = fault.details.iter().filter_map(|detail| detail.target.as_deref()).collect::<Vec<_>>();
    match fault.code.as_str() {
        // Compute names what it counts, `HighCostGet3Min`.
        _ if counted.iter().any(|target| target.ends_with("30Min")) => COMPUTE_LONG_WAIT,
        _ if counted.iter().any(|target| target.ends_with("3Min")) => COMPUTE_WAIT,
        "OperationNotAllowed" => COMPUTE_WAIT,
        "ResourceRequestsThrottled" | "ResourceCollectionRequestsThrottled" => ACTION_WAIT,
        "RateLimiting" => GRAPH_WAIT,
        "SubscriptionRequestsThrottled" => SUBSCRIPTION_WAIT,
        _ => THROTTLE_WAIT,
    }
}

/// The reads an hour in `exceeded the limit of '150' for time interval '01:00:00'`.
#[must_use]
pub fn limit_in_message(message: &str) -> Option<u32> {
    let (_, rest) = message.split_once("exceeded the limit of '")?;
    let (limit, rest) = rest.split_once('\'')?;
    limit.parse().ok().filter(|limit| *limit > 0 && rest.contains("'01:00:00'"))
}

/// `wanted`, limited to between `MIN_WAIT` and `longest` after `now`.
pub(crate) fn clamped(wanted: OffsetDateTime, now: OffsetDateTime, longest: Duration) -> OffsetDateTime {
    now.saturating_add((wanted - now).clamp(MIN_WAIT, longest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arm::{fault::FaultDetail, headers::RetryAfter};

    #[test]
    fn waits_are_drawn_out_by_a_fifth_at_most() {
        let at = |millis| OffsetDateTime::UNIX_EPOCH + Duration::milliseconds(millis);
        assert_eq!(jittered(FIRST_BACKOFF, at(0)), FIRST_BACKOFF);
        assert_eq!(jittered(FIRST_BACKOFF, at(999)), Duration::milliseconds(5_999));
    }

    #[test]
    fn the_wait_is_read_from_the_message() {
        let message = "Number of requests exceeded the limit of '150' for time interval '01:00:00'. Please try again after '324' seconds.";
        assert_eq!(wait_in_message(message), Some(324));
        assert_eq!(wait_in_message("Please try again after 5 minutes."), None);
        assert_eq!(wait_in_message("Please try again after '' seconds."), None);
        assert_eq!(
            wait_in_message("Looked after 3 of them. Please try after '900' seconds. Tracking Id is '0'."),
            Some(900)
        );
        assert_eq!(wait_in_message("Too many requests. Please retry after 17 seconds."), Some(17));
        assert_eq!(wait_in_message("Versuchen Sie es in '324' Sekunden noch mal."), None);
    }

    /// No word is read: the kinds are those of ARM's article on throttling and of Compute's.
    #[test]
    fn without_a_wait_that_can_be_read_it_is_one_for_the_kind_of_throttle_and_grows() {
        let now = OffsetDateTime::UNIX_EPOCH;
        let fault = |code: &str, counted: Option<&str>| {
            let mut fault = Fault::reported("List jobs", code, "Zu viele Anforderungen.");
            fault.status = Some(429);
            let target = counted.map(str::to_owned);
            fault.details.extend(counted.map(|_| FaultDetail { code: String::new(), message: String::new(), target }));
            fault
        };
        for (code, counted, seconds) in [
            ("ResourceRequestsThrottled", None, [300, 600, 1_200, 2_400, 3_600]),
            ("ResourceCollectionRequestsThrottled", None, [300, 600, 1_200, 2_400, 3_600]),
            ("SubscriptionRequestsThrottled", None, [10, 20, 40, 80, 160]),
            ("OperationNotAllowed", Some("HighCostGet3Min"), [180, 360, 720, 1_440, 2_880]),
            ("OperationNotAllowed", Some("HighCostGet30Min"), [1_800, 3_600, 3_600, 3_600, 3_600]),
            ("OperationNotAllowed", None, [180, 360, 720, 1_440, 2_880]),
            ("RateLimiting", None, [5, 10, 20, 40, 80]),
            ("429", None, [60, 120, 240, 480, 960]),
        ] {
            let waits = [1, 2, 3, 4, 5]
                .map(|nth| (next_attempt_after_throttle(&fault(code, counted), nth, now) - now).whole_seconds());
            assert_eq!(waits, seconds, "{code} {counted:?}");
        }
        let mut told = fault("ResourceRequestsThrottled", None);
        told.retry_after = Some(RetryAfter::Seconds(6));
        assert_eq!(next_attempt_after_throttle(&told, 3, now) - now, Duration::seconds(6), "Azure's own wait counts");
        for nothing in [RetryAfter::Seconds(0), RetryAfter::At(now), RetryAfter::At(now - Duration::hours(2))] {
            told.retry_after = Some(nothing);
            assert_eq!(
                next_attempt_after_throttle(&told, 3, now) - now,
                Duration::seconds(1_200),
                "{nothing:?} is no wait"
            );
        }
    }

    #[test]
    fn backoff_doubles_up_to_a_limit() {
        let seconds: Vec<i64> = (0..10).map(|n| backoff(n).whole_seconds()).collect();
        assert_eq!(seconds, [5, 5, 10, 20, 40, 80, 160, 300, 300, 300]);
        assert_eq!(backoff(u32::MAX), MAX_BACKOFF);
    }
}
