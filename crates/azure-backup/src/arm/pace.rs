//! How often we ask. Each number has its reason.

use ::time::{Duration, OffsetDateTime};

/// Between looks at an operation when Azure does not say: the default of the ARM RPC contract for polling.
pub const OPERATION_LOOK: Duration = Duration::seconds(60);
/// The least wait, also where Azure says zero.
pub const LEAST_WAIT: Duration = Duration::seconds(1);
/// The longest `Retry-After` that the ARM RPC contract allows while something runs. A throttle's wait may be longer.
pub const LONGEST_WAIT: Duration = Duration::seconds(600);
/// The longest throttle wait that is believed: ARM counts by the hour.
pub const LONGEST_THROTTLE: Duration = Duration::seconds(3_600);
/// Between reads of one vault's jobs: ARM allows as few as 150 reads an hour for the whole vault, 24 s apart.
pub const JOB_LOOK: Duration = Duration::seconds(30);
/// The first wait after a transient fault; it doubles with each further one.
pub const FIRST_BACKOFF: Duration = Duration::seconds(5);
/// The longest wait after transient faults.
pub const LONGEST_BACKOFF: Duration = Duration::seconds(300);
/// The wait after a 429 that does not say how long.
pub const THROTTLE_WAIT: Duration = Duration::seconds(60);
/// So many answers in a row that say "no such thing" or cannot be read, and another way is taken.
pub const REFUSALS_BEFORE_ANOTHER_WAY: u32 = 3;
/// So many server errors or lost answers in a row (a quarter of an hour of them), and another way is taken.
pub const FAILURES_BEFORE_ANOTHER_WAY: u32 = 8;
/// So many answers in a row that a job does not exist (a quarter of an hour of them), and it is believed.
pub const ABSENCES_BEFORE_GONE: u32 = 8;

/// The wait after the `n`-th transient fault in a row, from 1.
#[must_use]
pub fn backoff(n: u32) -> Duration {
    let doubled = FIRST_BACKOFF * 2_i32.pow(n.saturating_sub(1).min(10));
    doubled.min(LONGEST_BACKOFF)
}

/// A wait drawn out by up to a fifth, so that pages which failed together do not come back together. The parts of a second at which an answer
/// comes are random enough.
#[must_use]
pub fn jittered(wait: Duration, now: OffsetDateTime) -> Duration {
    wait + Duration::milliseconds(wait.whole_seconds() * i64::from(now.millisecond()) / 5)
}

/// The seconds in `Please try again after '324' seconds.`, which repeats a `Retry-After` that the page may not be allowed to read.
#[must_use]
pub fn wait_in_message(message: &str) -> Option<u64> {
    let (_, rest) = message.split_once("try again after ")?;
    let digits: String = rest.trim_start_matches(['\'', '"']).chars().take_while(char::is_ascii_digit).collect();
    rest.contains("second").then(|| digits.parse().ok()).flatten()
}

/// The reads an hour in `exceeded the limit of '150' for time interval '01:00:00'`.
#[must_use]
pub fn limit_in_message(message: &str) -> Option<u32> {
    let (_, rest) = message.split_once("exceeded the limit of '")?;
    let (limit, rest) = rest.split_once('\'')?;
    limit.parse().ok().filter(|limit| *limit > 0 && rest.contains("'01:00:00'"))
}

/// `wanted` after now, held between `LEAST_WAIT` and `longest`.
pub(crate) fn held(wanted: OffsetDateTime, now: OffsetDateTime, longest: Duration) -> OffsetDateTime {
    now.saturating_add((wanted - now).clamp(LEAST_WAIT, longest))
}

#[cfg(test)]
mod tests {
    use super::*;

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
    }

    #[test]
    fn backoff_doubles_up_to_a_limit() {
        let seconds: Vec<i64> = (0..10).map(|n| backoff(n).whole_seconds()).collect();
        assert_eq!(seconds, [5, 5, 10, 20, 40, 80, 160, 300, 300, 300]);
        assert_eq!(backoff(u32::MAX), LONGEST_BACKOFF);
    }
}
