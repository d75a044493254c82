//! The times and durations that Azure writes.

use crate::arm::bounds::bounded;
use ::time::{Date, Duration, OffsetDateTime, format_description::well_known::Rfc3339};

/// RFC 3339, or the same without a zone (then UTC). `0001-01-01`, `2001-01-01T00:00:00Z` and `9999-12-31` are how Azure writes "never": a time
/// outside the limits of records is none.
pub(crate) fn parse(text: &str) -> Option<Option<OffsetDateTime>> {
    let time =
        OffsetDateTime::parse(text, &Rfc3339).or_else(|_| OffsetDateTime::parse(&format!("{text}Z"), &Rfc3339)).ok()?;
    let never = time.date() == Date::from_ordinal_date(2001, 1).ok()? && time.time() == ::time::Time::MIDNIGHT;
    Some(bounded(time).filter(|_| !never))
}

/// `PT1H29M33.1775168S`, `P1DT2H`, `00:20:23.0896697` or `1.02:03:04`.
pub(crate) fn parse_duration(text: &str) -> Option<Duration> {
    match text.strip_prefix('P') {
        Some(iso) => parse_iso8601(iso),
        None => parse_clock(text),
    }
}

/// The seconds of each unit of a clock, which days and weeks are not part of.
const UNITS: [(&str, i32); 5] = [("W", 604_800), ("D", 86_400), ("H", 3600), ("M", 60), ("S", 1)];

fn parse_iso8601(text: &str) -> Option<Duration> {
    let (days, clock) = text.split_once('T').unwrap_or((text, ""));
    let mut total = None;
    for (part, units) in [(days, &UNITS[..2]), (clock, &UNITS[2..])] {
        let mut rest = part;
        while !rest.is_empty() {
            let end = rest.find(|c: char| c.is_ascii_alphabetic())?;
            let (_, seconds) = units.iter().find(|(name, _)| rest[end..].starts_with(name))?;
            total = Some(total.unwrap_or(Duration::ZERO).checked_add(multiplied(&rest[..end], *seconds)?)?);
            rest = &rest[end + 1..];
        }
    }
    total
}

fn parse_clock(text: &str) -> Option<Duration> {
    let mut parts = text.splitn(3, ':');
    let (first, minutes, seconds) = (parts.next()?, parts.next()?, parts.next()?);
    let (days, hours) = first.split_once('.').unwrap_or(("0", first));
    let parts = [multiplied(days, 86_400), multiplied(hours, 3600), multiplied(minutes, 60), multiplied(seconds, 1)];
    parts.into_iter().try_fold(Duration::ZERO, |sum, part| sum.checked_add(part?))
}

/// `number`, such as `33.1775168`, times `seconds`. No floating point, because parsing it would add ten kilobytes to the page.
fn multiplied(number: &str, seconds: i32) -> Option<Duration> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(fraction) {
        return None;
    }
    let nanoseconds = format!("{fraction:0<9}")[..9].parse().ok()?;
    Duration::new(whole.parse().ok()?, nanoseconds).checked_mul(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_way_in_which_azure_writes_a_time() {
        let seconds = |text: &str| parse(text).unwrap().map(OffsetDateTime::unix_timestamp);
        assert_eq!(seconds("2024-05-14T08:49:45.5121087Z"), Some(1_715_676_585));
        assert_eq!(seconds("2024-05-14T10:49:45+02:00"), Some(1_715_676_585));
        assert_eq!(seconds("2024-05-28T00:00:00.0000000"), Some(1_716_854_400));
        assert_eq!(seconds("0001-01-01T00:00:00"), None);
        assert_eq!(seconds("0001-01-01T00:00:00Z"), None);
        assert_eq!(seconds("2001-01-01T00:00:00Z"), None);
        assert_eq!(seconds("2001-01-01T00:00:01Z"), Some(978_307_201));
        for never in [
            "9999-12-31T23:59:59-01:00",
            "9999-12-31T23:59:59.9999999Z",
            "0001-01-01T00:00:00+14:00",
            "1969-12-31T23:59:59Z",
        ] {
            assert_eq!(seconds(never), None, "{never}");
        }
        assert_eq!(parse("5/14/2024 8:49:45 AM"), None);
        assert_eq!(parse(""), None);
    }

    #[test]
    fn both_forms_of_duration() {
        let millis = |text: &str| parse_duration(text).map(|d| d.whole_milliseconds());
        assert_eq!(millis("PT12.45S"), Some(12_450));
        assert_eq!(millis("PT1H29M33.1775168S"), Some(5_373_177));
        assert_eq!(millis("P1DT2H"), Some(93_600_000));
        assert_eq!(millis("00:20:23.0896697"), Some(1_223_089));
        assert_eq!(millis("1.02:03:04"), Some(93_784_000));
        for none in
            ["", "P", "PT", "PT5", "PT5X", "P5H", "12:30", "-1:00:00", "a:b:c", "PTS", "99999999999999999999:1:1"]
        {
            assert_eq!(parse_duration(none), None, "{none}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in "\\PC*", near in "[P0-9TDHMS:.\\-+Z]{0,40}") {
            for text in [&text, &near] {
                parse(text);
                parse_duration(text);
            }
        }

        #[test]
        fn what_time_writes_is_read_back(seconds in -62_000_000_000_i64..253_000_000_000) {
            let time = OffsetDateTime::from_unix_timestamp(seconds).unwrap();
            let text = time.format(&Rfc3339).unwrap();
            if let Some(read) = parse(&text).unwrap() {
                prop_assert_eq!(read, time);
                prop_assert_eq!(parse(text.trim_end_matches('Z')).unwrap(), Some(time));
            }
        }
    }
}
