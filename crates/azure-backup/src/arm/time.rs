//! The times and durations that Azure writes.

use ::time::{Date, Duration, OffsetDateTime, format_description::well_known::Rfc3339};

/// RFC 3339, or the same without a zone (then UTC). `0001-01-01` and `2001-01-01T00:00:00Z` are how Azure writes "never": `Ok(None)`.
pub(crate) fn parse(text: &str) -> Option<Option<OffsetDateTime>> {
    let time =
        OffsetDateTime::parse(text, &Rfc3339).or_else(|_| OffsetDateTime::parse(&format!("{text}Z"), &Rfc3339)).ok()?;
    let never = time.year() <= 1
        || (time.date() == Date::from_ordinal_date(2001, 1).ok()? && time.time() == ::time::Time::MIDNIGHT);
    Some((!never).then(|| time.to_offset(::time::UtcOffset::UTC)))
}

/// `PT1H29M33.1775168S`, `P1DT2H`, `00:20:23.0896697` or `1.02:03:04`.
pub(crate) fn parse_duration(text: &str) -> Option<Duration> {
    let seconds = match text.strip_prefix('P') {
        Some(iso) => iso8601_seconds(iso)?,
        None => clock_seconds(text)?,
    };
    Duration::checked_seconds_f64(seconds)
}

fn iso8601_seconds(text: &str) -> Option<f64> {
    let (days, clock) = text.split_once('T').unwrap_or((text, ""));
    let mut total = 0.0;
    let mut seen = false;
    for (part, units) in
        [(days, &[('W', 604_800.0), ('D', 86_400.0)][..]), (clock, &[('H', 3600.0), ('M', 60.0), ('S', 1.0)][..])]
    {
        let mut rest = part;
        while !rest.is_empty() {
            let end = rest.find(|c: char| c.is_ascii_alphabetic())?;
            let number = unsigned(&rest[..end])?;
            let unit = rest[end..].chars().next()?;
            total += number * units.iter().find(|(name, _)| *name == unit)?.1;
            rest = &rest[end + 1..];
            seen = true;
        }
    }
    seen.then_some(total)
}

fn clock_seconds(text: &str) -> Option<f64> {
    let mut parts = text.splitn(3, ':');
    let (first, minutes, seconds) = (parts.next()?, unsigned(parts.next()?)?, unsigned(parts.next()?)?);
    let (days, hours) = first.split_once('.').unwrap_or(("0", first));
    Some(unsigned(days)? * 86_400.0 + unsigned(hours)? * 3600.0 + minutes * 60.0 + seconds)
}

fn unsigned(text: &str) -> Option<f64> {
    let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if plain { text.parse().ok() } else { None }
}
