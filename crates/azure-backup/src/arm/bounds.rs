//! Times, durations and counts that outlive a visit, as attributes for serde: `#[serde(with = "azure_backup::arm::bounds::time")]`.
//!
//! A stored text may hold anything: another page of the same origin or an imported file can have written it. Values that are read here are limited so
//! that later arithmetic cannot overflow: adding an hour to a time, or one to a count, always works.

use ::time::{Date, Duration, OffsetDateTime, Time, UtcOffset, format_description::well_known::Rfc3339};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The earliest time that is read. Neither Azure nor the clocks that write records produce an earlier one.
pub const EARLIEST: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;
/// The latest time that is read. Between the two, adding or subtracting a duration cannot overflow, in any time zone.
pub const LATEST: OffsetDateTime = match Date::from_ordinal_date(9998, 365) {
    Ok(day) => day.midnight().assume_utc(),
    Err(_) => EARLIEST,
};
/// The longest duration that is read, positive or negative: a thousand years.
const LONGEST: Duration = Duration::days(365_250);

/// A time in UTC, if it is between [`EARLIEST`] and [`LATEST`].
pub(crate) fn bounded(time: OffsetDateTime) -> Option<OffsetDateTime> {
    time.checked_to_offset(UtcOffset::UTC).filter(|time| (EARLIEST..=LATEST).contains(time))
}

/// Year, day of the year, hour, minute, second, nanosecond, and the offset's hours, minutes and seconds.
///
/// The `time` crate writes a time like this by default. A feature that any crate of the build can enable changes that, so the form is fixed here.
type Parts = (i32, u16, u8, u8, u8, u32, i8, i8, i8);

/// A time between [`EARLIEST`] and [`LATEST`], as nine numbers.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(try_from = "Parts", into = "Parts")]
struct Moment(OffsetDateTime);

impl TryFrom<Parts> for Moment {
    type Error = &'static str;

    fn try_from((year, day, hour, minute, second, nano, east, minutes, seconds): Parts) -> Result<Self, Self::Error> {
        let date = Date::from_ordinal_date(year, day).map_err(|_| "not a day")?;
        let time = Time::from_hms_nano(hour, minute, second, nano).map_err(|_| "not a time of day")?;
        let offset = UtcOffset::from_hms(east, minutes, seconds).map_err(|_| "not an offset")?;
        bounded(date.with_time(time).assume_offset(offset)).map(Self).ok_or("a time before 1970 or after 9998")
    }
}

impl From<Moment> for Parts {
    fn from(Moment(time): Moment) -> Self {
        let (year, day) = time.to_ordinal_date();
        let (hour, minute, second, nano) = time.to_hms_nano();
        let (east, minutes, seconds) = time.offset().as_hms();
        (year, day, hour, minute, second, nano, east, minutes, seconds)
    }
}

/// A duration of at most a thousand years, positive or negative, as seconds and nanoseconds. A longer one is read as the longest.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(from = "(i64, i32)", into = "(i64, i32)")]
struct Length(Duration);

impl From<(i64, i32)> for Length {
    fn from((seconds, nanos): (i64, i32)) -> Self {
        let length = Duration::seconds(seconds).saturating_add(Duration::nanoseconds(nanos.into()));
        Self(length.clamp(-LONGEST, LONGEST))
    }
}

impl From<Length> for (i64, i32) {
    fn from(Length(length): Length) -> Self {
        (length.whole_seconds(), length.subsec_nanoseconds())
    }
}

/// A count of at most half of `u32::MAX`. A larger one is read as that, so that adding one cannot overflow.
#[derive(Deserialize)]
#[serde(from = "u32")]
struct Count(u32);

impl From<u32> for Count {
    fn from(count: u32) -> Self {
        Self(count.min(u32::MAX / 2))
    }
}

/// `with` for a time.
pub mod time {
    use super::{Deserialize, Deserializer, Moment, OffsetDateTime, Serialize, Serializer};

    /// Writes nine numbers.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(time: &OffsetDateTime, out: S) -> Result<S::Ok, S::Error> {
        Moment(*time).serialize(out)
    }

    /// Reads a time between [`EARLIEST`](super::EARLIEST) and [`LATEST`](super::LATEST), in UTC.
    ///
    /// # Errors
    /// For a value that is no time, or a time outside these limits.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<OffsetDateTime, D::Error> {
        Moment::deserialize(from).map(|Moment(time)| time)
    }
}

/// `with` for a time or none. Together with `default`, a missing member is none.
pub mod optional_time {
    use super::{Deserialize, Deserializer, Moment, OffsetDateTime, Serialize, Serializer};

    /// Writes nine numbers, or null.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(time: &Option<OffsetDateTime>, out: S) -> Result<S::Ok, S::Error> {
        time.map(Moment).serialize(out)
    }

    /// Reads a time between [`EARLIEST`](super::EARLIEST) and [`LATEST`](super::LATEST), in UTC; null is none.
    ///
    /// # Errors
    /// For a value that is no time, or a time outside these limits.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<OffsetDateTime>, D::Error> {
        Option::<Moment>::deserialize(from).map(|read| read.map(|Moment(time)| time))
    }
}

/// The time as text for people: `2026-11-29T02:10:00Z`, with the fraction of a second if it has one.
fn written(time: OffsetDateTime) -> String {
    let time = time.to_offset(UtcOffset::UTC);
    let (hour, minute, second, nano) = time.to_hms_nano();
    let fraction = if nano == 0 { String::new() } else { format!(".{nano:09}") };
    format!("{}T{hour:02}:{minute:02}:{second:02}{fraction}Z", time.date())
}

fn read(text: &str) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(text, &Rfc3339).ok().and_then(bounded)
}

/// `with` for a time in a text that people read, too: RFC 3339.
pub mod text_time {
    use super::{Deserialize, Deserializer, OffsetDateTime, Serialize, Serializer};
    use serde::de::Error;

    /// Writes the time in UTC.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(time: &OffsetDateTime, out: S) -> Result<S::Ok, S::Error> {
        super::written(*time).serialize(out)
    }

    /// Reads a time between [`EARLIEST`](super::EARLIEST) and [`LATEST`](super::LATEST), in UTC.
    ///
    /// # Errors
    /// For a value that is no time, or a time outside these limits.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<OffsetDateTime, D::Error> {
        super::read(&String::deserialize(from)?).ok_or_else(|| D::Error::custom("no time between 1970 and 9998"))
    }
}

/// `with` for such a time or none. Together with `default`, a missing member is none.
pub mod optional_text_time {
    use super::{Deserialize, Deserializer, OffsetDateTime, Serialize, Serializer};
    use serde::de::Error;

    /// Writes the time in UTC, or null.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(time: &Option<OffsetDateTime>, out: S) -> Result<S::Ok, S::Error> {
        time.map(super::written).serialize(out)
    }

    /// Reads a time between [`EARLIEST`](super::EARLIEST) and [`LATEST`](super::LATEST), in UTC; null is none.
    ///
    /// # Errors
    /// For a value that is no time, or a time outside these limits.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<OffsetDateTime>, D::Error> {
        let Some(text) = Option::<String>::deserialize(from)? else { return Ok(None) };
        super::read(&text).map(Some).ok_or_else(|| D::Error::custom("no time between 1970 and 9998"))
    }
}

/// `with` for a duration or none. Together with `default`, a missing member is none.
pub mod optional_duration {
    use super::{Deserialize, Deserializer, Duration, Length, Serialize, Serializer};

    /// Writes seconds and nanoseconds, or null.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(length: &Option<Duration>, out: S) -> Result<S::Ok, S::Error> {
        length.map(Length).serialize(out)
    }

    /// Reads a duration of at most a thousand years; null is none.
    ///
    /// # Errors
    /// For a value that is no duration.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Duration>, D::Error> {
        Option::<Length>::deserialize(from).map(|read| read.map(|Length(length)| length))
    }
}

/// `deserialize_with` for a number of things.
///
/// # Errors
/// For a value that is no `u32`.
pub fn count<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
    Count::deserialize(from).map(|Count(count)| count)
}

/// `deserialize_with` for a number of things or none. Together with `default`, a missing member is none.
///
/// # Errors
/// For a value that is no `u32`.
pub fn optional_count<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u32>, D::Error> {
    Option::<Count>::deserialize(from).map(|read| read.map(|Count(count)| count))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::at;
    use serde_json::{Value, json};

    fn read_time(value: Value) -> Option<OffsetDateTime> {
        time::deserialize(value).ok()
    }

    #[test]
    fn times_and_durations_are_stored_as_the_time_crate_stores_them() {
        for time in [at(0), EARLIEST, at(1).to_offset(UtcOffset::from_hms(-3, -30, 0).unwrap())] {
            let stored = time::serialize(&time, serde_json::value::Serializer).unwrap();
            assert_eq!(stored, serde_json::to_value(time).unwrap());
            assert_eq!(read_time(stored), Some(time));
            let stored = optional_time::serialize(&Some(time), serde_json::value::Serializer).unwrap();
            assert_eq!(optional_time::deserialize(stored).unwrap(), Some(time));
        }
        for duration in [Duration::milliseconds(5_373_177), Duration::milliseconds(-1500)] {
            let stored = optional_duration::serialize(&Some(duration), serde_json::value::Serializer).unwrap();
            assert_eq!(stored, serde_json::to_value(duration).unwrap());
            assert_eq!(optional_duration::deserialize(stored).unwrap(), Some(duration));
        }
        assert_eq!(optional_time::deserialize(Value::Null).unwrap(), None);
        assert_eq!(optional_duration::deserialize(Value::Null).unwrap(), None);
    }

    #[test]
    fn a_time_that_cannot_be_reckoned_with_is_none() {
        for (parts, read) in [
            ([9998, 365, 0, 0, 0, 0, 0, 0, 0], true),
            ([9998, 365, 0, 0, 1, 0, 0, 0, 0], false),
            ([9999, 365, 23, 59, 59, 0, -25, -59, -59], false),
            ([-9999, 1, 0, 0, 0, 0, 0, 0, 0], false),
            ([-9999, 1, 0, 0, 0, 0, 25, 59, 59], false),
            ([1970, 1, 0, 0, 0, 0, 0, 0, 0], true),
            ([1970, 1, 0, 0, 0, 0, 1, 0, 0], false),
            ([2024, 367, 0, 0, 0, 0, 0, 0, 0], false),
            ([2024, 1, 24, 0, 0, 0, 0, 0, 0], false),
            ([2024, 1, 0, 0, 0, 0, 26, 0, 0], false),
            ([i64::MAX, 1, 0, 0, 0, 0, 0, 0, 0], false),
        ] {
            assert_eq!(read_time(json!(parts)).is_some(), read, "{parts:?}");
        }
        for wrong in [json!(null), json!("2024-05-14"), json!([2024, 1]), json!([2024, 1, 0, 0, 0, 0, 0, 0, 0, 0])] {
            assert_eq!(read_time(wrong), None);
        }
    }

    #[test]
    fn a_time_that_people_read_is_read_back_in_any_zone() {
        let text =
            |time: OffsetDateTime| optional_text_time::serialize(&Some(time), serde_json::value::Serializer).unwrap();
        let second = OffsetDateTime::UNIX_EPOCH + Duration::seconds(1_795_918_200);
        for time in [EARLIEST, LATEST, second, second + Duration::NANOSECOND] {
            assert_eq!(text_time::deserialize(text(time)).unwrap(), time);
        }
        assert_eq!(
            (text(second), text(second + Duration::milliseconds(50))),
            (json!("2026-11-29T02:10:00Z"), json!("2026-11-29T02:10:00.050000000Z"))
        );
        assert_eq!(text_time::deserialize(json!("2026-11-29T04:10:00+02:00")).unwrap(), second);
        for wrong in
            [json!("1969-12-31T23:59:59Z"), json!("9999-06-01T00:00:00Z"), json!("2026-11-29"), json!(""), json!(1)]
        {
            assert!(text_time::deserialize(wrong.clone()).is_err(), "{wrong}");
            assert!(optional_text_time::deserialize(wrong).is_err());
        }
        assert_eq!(optional_text_time::deserialize(Value::Null).unwrap(), None);
    }

    #[test]
    fn durations_and_counts_are_held_to_what_can_be_reckoned_with() {
        for seconds in [i64::MIN, -1, 0, i64::MAX] {
            for nanos in [i32::MIN, 0, i32::MAX] {
                let read = optional_duration::deserialize(json!([seconds, nanos])).unwrap().unwrap();
                assert!((-LONGEST..=LONGEST).contains(&read), "{seconds} {nanos}");
            }
        }
        assert_eq!(count(json!(7)).unwrap(), 7);
        assert_eq!(count(json!(u32::MAX)).unwrap(), u32::MAX / 2);
        assert_eq!(optional_count(json!(u32::MAX)).unwrap(), Some(u32::MAX / 2));
        assert_eq!(optional_count(Value::Null).unwrap(), None);
        assert!(count(json!(-1)).is_err() && count(json!(1_i64 << 33)).is_err());
    }
}
