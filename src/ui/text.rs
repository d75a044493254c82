//! Times, durations and counts in words.

use time::{Date, Duration, OffsetDateTime, UtcOffset};

use crate::app::local_time::Clocks;
use crate::restore::incident::in_utc;
pub use crate::restore::incident::machine_time;
pub use crate::ui::kit::name::with_names;

/// `2026-11-23 03:41 UTC`.
pub fn utc(at: OffsetDateTime) -> String {
    let at = in_utc(at);
    format!("{} {:02}:{:02} UTC", at.date(), at.hour(), at.minute())
}

/// A time in the zone that is shown: `2026-11-23 03:41 UTC`, `2026-11-23 04:41 UTC+01:00`.
pub fn shown(at: OffsetDateTime, clocks: &Clocks) -> String {
    in_zone(clocks.shown(at))
}

/// A time in UTC and in local time; once where they are the same.
pub fn both(at: OffsetDateTime, clocks: &Clocks) -> String {
    let (utc, local) = (utc(at), in_zone(clocks.local(at)));
    if utc == local { utc } else { format!("{utc} · {local}") }
}

/// `Saturday 2026-11-28`.
pub fn day(day: Date) -> String {
    format!("{} {day}", day.weekday())
}

fn in_zone(at: OffsetDateTime) -> String {
    format!("{} {:02}:{:02} {}", at.date(), at.hour(), at.minute(), zone(at.offset()))
}

/// `UTC`, `UTC+05:30`.
pub fn zone(offset: UtcOffset) -> String {
    match offset.as_hms() {
        (0, 0, _) => "UTC".to_owned(),
        (hours, minutes, _) => {
            let sign = if offset.is_negative() { '-' } else { '+' };
            format!("UTC{sign}{:02}:{:02}", hours.abs(), minutes.abs())
        }
    }
}

/// `at` without its seconds, so that what shows minutes is not rendered every second.
pub fn to_the_minute(at: OffsetDateTime) -> OffsetDateTime {
    at.truncate_to_minute()
}

/// `03:41 UTC`.
pub fn hour(at: OffsetDateTime) -> String {
    let at = in_utc(at);
    format!("{:02}:{:02} UTC", at.hour(), at.minute())
}

/// `03:41:07 UTC`.
pub fn clock_time(at: OffsetDateTime) -> String {
    let at = in_utc(at);
    format!("{:02}:{:02}:{:02} UTC", at.hour(), at.minute(), at.second())
}

/// `2 h ago`, `in 5 min`, `now`.
pub fn relative(at: OffsetDateTime, now: OffsetDateTime) -> String {
    let past = now - at;
    if past.abs() < Duration::seconds(5) {
        "now".to_owned()
    } else if past.is_positive() {
        format!("{} ago", rough(past))
    } else {
        format!("in {}", rough(past.abs()))
    }
}

/// Only the largest unit.
fn rough(span: Duration) -> String {
    let (days, hours, minutes) = (span.whole_days(), span.whole_hours(), span.whole_minutes());
    match (days, hours, minutes) {
        (730.., ..) => format!("{} years", days / 365),
        (60.., ..) => format!("{} months", days / 30),
        (2.., ..) => format!("{days} days"),
        (_, 1.., _) => format!("{hours} h"),
        (_, _, 1..) => format!("{minutes} min"),
        _ => format!("{} s", span.whole_seconds()),
    }
}

/// `1 h 05 min`, `3 min 20 s`, `12 s`.
pub fn duration(span: Duration) -> String {
    let seconds = span.whole_seconds().max(0);
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60);
    match (days, hours, minutes) {
        (1.., ..) => format!("{days} d {hours:02} h"),
        (_, 1.., _) => format!("{hours} h {minutes:02} min"),
        (_, _, 1..) => format!("{minutes} min {:02} s", seconds % 60),
        _ => format!("{seconds} s"),
    }
}

/// `1 recovery point`, `3 recovery points`.
pub fn count(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}

/// `2,014`.
pub fn thousands(n: usize) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `340 ms`.
pub fn milliseconds(took: Duration) -> String {
    format!("{} ms", took.whole_seconds() * 1_000 + i64::from(took.subsec_milliseconds()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: OffsetDateTime = time::macros::datetime!(2026-11-23 12:00 UTC);

    #[test]
    fn times_are_absolute_and_relative() {
        assert_eq!(utc(NOON.to_offset(time::macros::offset!(+5:30))), "2026-11-23 12:00 UTC");
        assert_eq!(machine_time(NOON), "2026-11-23T12:00:00Z");
        for (seconds, text) in [
            (0, "now"),
            (59, "59 s ago"),
            (60, "1 min ago"),
            (7_300, "2 h ago"),
            (-300, "in 5 min"),
            (30 * 3600, "30 h ago"),
            (49 * 3600, "2 days ago"),
        ] {
            assert_eq!(relative(NOON - Duration::seconds(seconds), NOON), text);
        }
    }

    #[test]
    fn thousands_are_set_apart() {
        let text = [0, 999, 1_000, 20_140, 1_234_567].map(thousands);
        assert_eq!(text, ["0", "999", "1,000", "20,140", "1,234,567"]);
    }

    #[test]
    fn durations_show_two_units() {
        for (seconds, text) in
            [(0, "0 s"), (12, "12 s"), (200, "3 min 20 s"), (3_900, "1 h 05 min"), (90_000, "1 d 01 h"), (-4, "0 s")]
        {
            assert_eq!(duration(Duration::seconds(seconds)), text);
        }
    }
}
