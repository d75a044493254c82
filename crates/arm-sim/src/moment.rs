//! Points in time as milliseconds since 1970, and the many ways in which Azure writes them.

use std::time::{Duration, UNIX_EPOCH};

use time::OffsetDateTime;

use crate::pseudo_random;

/// Milliseconds since 1970-01-01T00:00:00Z.
pub(crate) type Millis = i64;

pub(crate) const SECOND: Millis = 1_000;
pub(crate) const MINUTE: Millis = 60 * SECOND;
pub(crate) const HOUR: Millis = 60 * MINUTE;
pub(crate) const DAY: Millis = 24 * HOUR;

/// How an operation that has not ended writes its end: without a zone, as on the wire.
pub(crate) const NEVER: &str = "0001-01-01T00:00:00";

/// Milliseconds of a time value.
pub(crate) fn millis(at: OffsetDateTime) -> Millis {
    Millis::try_from(at.unix_timestamp_nanos() / 1_000_000).unwrap_or_default()
}

fn civil(at: Millis) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(at.div_euclid(SECOND)).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

/// `2024-05-14T08:49:45.8802125`: seven decimals; those below the millisecond are made up from the rest.
pub(crate) fn bare(at: Millis) -> String {
    let t = civil(at);
    let ticks = pseudo_random::mix(at.unsigned_abs()) % 10_000;
    let (year, month, day) = t.to_calendar_date();
    let (h, m, s) = t.to_hms();
    format!("{year:04}-{:02}-{day:02}T{h:02}:{m:02}:{s:02}.{:03}{ticks:04}", u8::from(month), at.rem_euclid(SECOND))
}

/// `2024-05-14T08:49:45.8802125Z`.
pub(crate) fn iso(at: Millis) -> String {
    bare(at) + "Z"
}

/// `20240514T084945Z`, as in a routing id.
pub(crate) fn compact(at: Millis) -> String {
    let text = bare(at);
    text[..19].replace(['-', ':'], "") + "Z"
}

/// `20240514-084945`, as in the name of a restored disk.
pub(crate) fn stamp(at: Millis) -> String {
    compact(at).replace('T', "-").replace('Z', "")
}

/// `5/14/2024 8:49:45 AM`, as in a job's property bag.
pub(crate) fn us(at: Millis) -> String {
    let t = civil(at);
    let (year, month, day) = t.to_calendar_date();
    let (h, m, s) = t.to_hms();
    let (hour, half) = if h < 12 { (h, "AM") } else { (h - 12, "PM") };
    format!("{}/{day}/{year} {}:{m:02}:{s:02} {half}", u8::from(month), if hour == 0 { 12 } else { hour })
}

/// `Tue, 14 May 2024 08:49:45 GMT`.
pub(crate) fn http_date(at: Millis) -> String {
    let since = Duration::from_secs(u64::try_from(at.div_euclid(SECOND)).unwrap_or_default());
    httpdate::fmt_http_date(UNIX_EPOCH + since)
}

/// `PT1H29M33.1775168S`; parts that are zero are left out.
pub(crate) fn duration(length: Millis) -> String {
    let length = length.max(0);
    let (h, m, s) = (length / HOUR, length % HOUR / MINUTE, length % MINUTE);
    let mut out = String::from("PT");
    if h > 0 {
        out += &format!("{h}H");
    }
    if m > 0 {
        out += &format!("{m}M");
    }
    if s % SECOND > 0 {
        out += &format!("{}.{:03}{:04}S", s / SECOND, s % SECOND, pseudo_random::mix(length.unsigned_abs()) % 10_000);
    } else if s > 0 || out.len() == 2 {
        out += &format!("{}S", s / SECOND);
    }
    out
}

/// Reads `2024-05-01 12:00:00 AM`, the date form of filters (`yyyy-MM-dd hh:mm:ss tt`; hour 00 is accepted too).
pub(crate) fn parse_filter_date(text: &str) -> Option<Millis> {
    let mut words = text.split_whitespace();
    let mut date = words.next()?.split('-');
    let mut clock = words.next()?.split(':');
    let half = words.next().unwrap_or_default().to_ascii_uppercase();
    let year: i32 = date.next()?.parse().ok()?;
    let month: u8 = date.next()?.parse().ok()?;
    let day: u8 = date.next()?.parse().ok()?;
    let hour: u8 = clock.next()?.parse().ok()?;
    let minute: u8 = clock.next()?.parse().ok()?;
    let second: u8 = clock.next()?.parse().ok()?;
    let hour = match half.as_str() {
        "AM" => hour % 12,
        "PM" => hour % 12 + 12,
        "" => hour,
        _ => return None,
    };
    let date = time::Date::from_calendar_date(year, month.try_into().ok()?, day).ok()?;
    Some(millis(date.with_hms(hour, minute, second).ok()?.assume_utc()))
}

#[cfg(test)]
mod tests {
    use super::{HOUR, MINUTE, SECOND, bare, compact, duration, http_date, iso, parse_filter_date, stamp, us};

    const AT: i64 = 1_715_676_585_880; // 2024-05-14T08:49:45.880Z

    #[test]
    fn every_form() {
        assert!(iso(AT).starts_with("2024-05-14T08:49:45.880") && iso(AT).ends_with('Z') && iso(AT).len() == 28);
        assert_eq!(bare(0).len(), 27);
        assert_eq!(us(AT), "5/14/2024 8:49:45 AM");
        assert_eq!(us(AT + 4 * HOUR), "5/14/2024 12:49:45 PM");
        assert_eq!(http_date(AT), "Tue, 14 May 2024 08:49:45 GMT");
        assert_eq!(compact(AT), "20240514T084945Z");
        assert_eq!(stamp(AT), "20240514-084945");
    }

    #[test]
    fn durations() {
        assert_eq!(duration(0), "PT0S");
        assert_eq!(duration(2 * MINUTE), "PT2M");
        assert!(duration(HOUR + 29 * MINUTE + 33 * SECOND + 177).starts_with("PT1H29M33.177"));
    }

    #[test]
    fn filter_dates() {
        assert_eq!(parse_filter_date("2024-05-14 08:49:45 AM"), Some(AT - 880));
        assert_eq!(parse_filter_date("2016-01-01 00:00:00 AM"), Some(1_451_606_400_000));
        assert_eq!(parse_filter_date("2024-05-14 12:00:00 PM"), Some(1_715_688_000_000));
        assert_eq!(parse_filter_date("yesterday"), None);
    }
}
