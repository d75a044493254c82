//! What outlives a visit, as JSON. Each shape has one small writer and reader over [`Value`]: derived ones are compiled
//! for every type and format anew, and weighed a fifth of the page.

use ::time::{Date, Duration, OffsetDateTime, Time, UtcOffset};
use serde_json::{Map, Value};

/// The earliest time that a record may hold: Azure, and the clocks that write records, know none before.
pub const EARLIEST: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;
/// The latest. Within these two, whatever is added to a time or taken from it gives a time again, in every zone.
pub const LATEST: OffsetDateTime = match Date::from_ordinal_date(9998, 365) {
    Ok(day) => day.midnight().assume_utc(),
    Err(_) => EARLIEST,
};
/// The longest duration that a record may hold, either way: a thousand years.
const LONGEST: Duration = Duration::days(365_250);

/// A time in UTC, if it is one that can be reckoned with.
pub(crate) fn bounded(time: OffsetDateTime) -> Option<OffsetDateTime> {
    time.checked_to_offset(UtcOffset::UTC).filter(|time| (EARLIEST..=LATEST).contains(time))
}

/// A value that can be kept as JSON and read back.
pub trait Stored: Sized {
    /// The JSON.
    fn to_stored(&self) -> Value;
    /// The value, if the JSON is one; a missing member counts as null.
    fn from_stored(value: &Value) -> Option<Self>;
    /// Stands for a member that cannot be read, until the record that it is in is given up.
    fn missing() -> Self;
}

/// An object with these members, in this order.
#[must_use]
pub fn object(members: Vec<(&'static str, Value)>) -> Value {
    Value::Object(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// Adds a member to an object.
#[inline(never)]
pub fn add<T: Stored>(object: &mut Map<String, Value>, key: &str, value: &T) {
    object.insert(key.to_owned(), value.to_stored());
}

/// A member of an object.
pub fn member<T: Stored>(object: &Value, key: &str) -> Option<T> {
    T::from_stored(object.get(key).unwrap_or(&Value::Null))
}

/// A member of a record; without it, the record is not `complete`.
#[inline(never)]
pub fn needed<T: Stored>(object: &Value, key: &str, complete: &mut bool) -> T {
    member(object, key).unwrap_or_else(|| {
        *complete = false;
        T::missing()
    })
}

/// A variant with content: `{"name": content}`.
#[must_use]
pub fn tagged(name: &'static str, content: Value) -> Value {
    object(vec![(name, content)])
}

/// Name and content of a variant; null for one that is a word alone.
#[must_use]
pub fn tag(value: &Value) -> Option<(&str, &Value)> {
    match value {
        Value::String(name) => Some((name, &Value::Null)),
        Value::Object(map) if map.len() == 1 => map.iter().next().map(|(name, content)| (name.as_str(), content)),
        _ => None,
    }
}

/// Stores a struct as an object of its fields, under their names or the ones given, and lets serde do the same.
#[macro_export]
macro_rules! stored_record {
    ($name:ident { $($field:ident $key:literal),+ $(,)? }) => {
        impl $crate::arm::stored::Stored for $name {
            fn to_stored(&self) -> serde_json::Value {
                let mut record = serde_json::Map::new();
                $($crate::arm::stored::add(&mut record, $key, &self.$field);)+
                serde_json::Value::Object(record)
            }

            #[inline(never)]
            fn from_stored(value: &serde_json::Value) -> Option<Self> {
                // All are read before any is missed: one way out is a tenth of the code of one after each.
                let mut complete = true;
                let read = Self { $($field: $crate::arm::stored::needed(value, $key, &mut complete)),+ };
                complete.then_some(read)
            }

            fn missing() -> Self {
                Self { $($field: $crate::arm::stored::Stored::missing()),+ }
            }
        }

        $crate::stored_serde!($name);
    };
}

/// Lets serde write and read a [`Stored`] type in the same shape.
#[macro_export]
macro_rules! stored_serde {
    ($name:ident) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
                $crate::arm::stored::Stored::to_stored(self).serialize(out)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let value = serde_json::Value::deserialize(from)?;
                let read = $crate::arm::stored::Stored::from_stored(&value);
                read.ok_or_else(|| serde::de::Error::custom(concat!("this is no ", stringify!($name))))
            }
        }
    };
}

/// Stores an enum without content as one word per variant.
#[macro_export]
macro_rules! stored_words {
    ($name:ident { $first:ident $first_word:literal $(, $variant:ident $word:literal)* $(,)? }) => {
        impl $crate::arm::stored::Stored for $name {
            fn to_stored(&self) -> serde_json::Value {
                let word = match self { Self::$first => $first_word $(, Self::$variant => $word)* };
                serde_json::Value::String(word.to_owned())
            }

            fn from_stored(value: &serde_json::Value) -> Option<Self> {
                match value.as_str()? { $first_word => Some(Self::$first), $($word => Some(Self::$variant),)* _ => None }
            }

            fn missing() -> Self {
                Self::$first
            }
        }
    };
}

/// Stores a type that is a text with rules.
macro_rules! stored_text {
    ($name:ty, $blank:expr) => {
        impl $crate::arm::stored::Stored for $name {
            fn to_stored(&self) -> serde_json::Value {
                serde_json::Value::String(self.as_str().to_owned())
            }

            fn from_stored(value: &serde_json::Value) -> Option<Self> {
                Self::try_from(value.as_str()?.to_owned()).ok()
            }

            fn missing() -> Self {
                $blank
            }
        }
    };
}
pub(crate) use stored_text;

impl Stored for String {
    fn missing() -> Self {
        Self::new()
    }

    fn to_stored(&self) -> Value {
        Value::String(self.clone())
    }

    fn from_stored(value: &Value) -> Option<Self> {
        value.as_str().map(str::to_owned)
    }
}

impl Stored for bool {
    fn missing() -> Self {
        false
    }

    fn to_stored(&self) -> Value {
        Value::Bool(*self)
    }

    fn from_stored(value: &Value) -> Option<Self> {
        value.as_bool()
    }
}

impl Stored for u8 {
    fn missing() -> Self {
        0
    }

    fn to_stored(&self) -> Value {
        Value::from(*self)
    }

    fn from_stored(value: &Value) -> Option<Self> {
        value.as_u64()?.try_into().ok()
    }
}

impl Stored for Value {
    fn missing() -> Self {
        Self::Null
    }

    fn to_stored(&self) -> Value {
        self.clone()
    }

    fn from_stored(value: &Value) -> Option<Self> {
        Some(value.clone())
    }
}

macro_rules! stored_numbers {
    ($($name:ty)+) => {
        $(impl Stored for $name {
            fn to_stored(&self) -> Value {
                Value::from(*self)
            }

            fn from_stored(value: &Value) -> Option<Self> {
                value.as_i64().and_then(|n| Self::try_from(n).ok())
            }

            fn missing() -> Self {
                0
            }
        })+
    };
}
stored_numbers!(u16 i32 i64);

impl Stored for u32 {
    fn missing() -> Self {
        0
    }

    fn to_stored(&self) -> Value {
        Value::from(*self)
    }

    /// All of them count something: beyond this, one more would be too much.
    fn from_stored(value: &Value) -> Option<Self> {
        let count = Self::try_from(value.as_u64()?).ok()?;
        Some(count.min(Self::MAX / 2))
    }
}

impl Stored for u64 {
    fn missing() -> Self {
        0
    }

    fn to_stored(&self) -> Value {
        Value::from(*self)
    }

    fn from_stored(value: &Value) -> Option<Self> {
        value.as_u64()
    }
}

impl<T: Stored> Stored for Option<T> {
    fn missing() -> Self {
        None
    }

    fn to_stored(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::to_stored)
    }

    fn from_stored(value: &Value) -> Option<Self> {
        if value.is_null() { Some(None) } else { T::from_stored(value).map(Some) }
    }
}

impl<T: Stored> Stored for Box<T> {
    fn missing() -> Self {
        Box::new(T::missing())
    }

    fn to_stored(&self) -> Value {
        (**self).to_stored()
    }

    fn from_stored(value: &Value) -> Option<Self> {
        T::from_stored(value).map(Box::new)
    }
}

impl<T: Stored> Stored for Vec<T> {
    fn missing() -> Self {
        Self::new()
    }

    fn to_stored(&self) -> Value {
        Value::Array(self.iter().map(T::to_stored).collect())
    }

    fn from_stored(value: &Value) -> Option<Self> {
        let mut read = Vec::new();
        for one in value.as_array()? {
            read.push(T::from_stored(one)?);
        }
        Some(read)
    }
}

impl Stored for (String, String) {
    fn missing() -> Self {
        Self::default()
    }

    fn to_stored(&self) -> Value {
        Value::Array(vec![self.0.to_stored(), self.1.to_stored()])
    }

    fn from_stored(value: &Value) -> Option<Self> {
        let [key, value] = value.as_array()?.as_slice() else { return None };
        Some((String::from_stored(key)?, String::from_stored(value)?))
    }
}

/// Year, day of the year, hour, minute, second, nanosecond, and the offset's hours, minutes and seconds. Read in UTC, between [`EARLIEST`] and
/// [`LATEST`]: a file or another page may have written anything, and a time beyond what can be reckoned with stops the program.
impl Stored for OffsetDateTime {
    fn missing() -> Self {
        Self::UNIX_EPOCH
    }

    fn to_stored(&self) -> Value {
        let (year, day) = self.to_ordinal_date();
        let (hour, minute, second, nano) = self.to_hms_nano();
        let (east, minutes, seconds) = self.offset().as_hms();
        let parts: [i64; 9] = [
            year.into(),
            day.into(),
            hour.into(),
            minute.into(),
            second.into(),
            nano.into(),
            east.into(),
            minutes.into(),
            seconds.into(),
        ];
        Value::Array(parts.iter().map(i64::to_stored).collect())
    }

    fn from_stored(value: &Value) -> Option<Self> {
        let parts: Vec<i64> = Stored::from_stored(value)?;
        let [year, day, hour, minute, second, nano, east, minutes, seconds] = parts[..] else { return None };
        let small = |n: i64| u8::try_from(n).ok();
        let signed = |n: i64| i8::try_from(n).ok();
        let date = Date::from_ordinal_date(i32::try_from(year).ok()?, u16::try_from(day).ok()?).ok()?;
        let nano = u32::try_from(nano).ok()?;
        let time = Time::from_hms_nano(small(hour)?, small(minute)?, small(second)?, nano).ok()?;
        let offset = UtcOffset::from_hms(signed(east)?, signed(minutes)?, signed(seconds)?).ok()?;
        bounded(date.with_time(time).assume_offset(offset))
    }
}

/// Seconds and nanoseconds; at most a thousand years, either way.
impl Stored for Duration {
    fn missing() -> Self {
        Self::ZERO
    }

    fn to_stored(&self) -> Value {
        Value::Array(vec![self.whole_seconds().to_stored(), self.subsec_nanoseconds().to_stored()])
    }

    fn from_stored(value: &Value) -> Option<Self> {
        let [seconds, nanos] = value.as_array()?.as_slice() else { return None };
        let (seconds, nanos) = (Duration::seconds(i64::from_stored(seconds)?), i32::from_stored(nanos)?);
        Some(seconds.saturating_add(Duration::nanoseconds(nanos.into())).clamp(-LONGEST, LONGEST))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::at;

    #[test]
    fn times_are_stored_as_the_time_crate_stores_them() {
        for time in [at(0), EARLIEST, at(1).to_offset(UtcOffset::from_hms(-3, -30, 0).unwrap())] {
            assert_eq!(time.to_stored(), serde_json::to_value(time).unwrap());
            assert_eq!(OffsetDateTime::from_stored(&time.to_stored()), Some(time));
        }
        for duration in [Duration::milliseconds(5_373_177), Duration::milliseconds(-1500)] {
            assert_eq!(duration.to_stored(), serde_json::to_value(duration).unwrap());
            assert_eq!(Duration::from_stored(&duration.to_stored()), Some(duration));
        }
        assert_eq!(OffsetDateTime::from_stored(&serde_json::json!([2024, 367, 0, 0, 0, 0, 0, 0, 0])), None);
    }

    #[test]
    fn times_and_numbers_that_cannot_be_reckoned_with_are_none() {
        for (parts, read) in [
            ([9998, 365, 0, 0, 0, 0, 0, 0, 0], true),
            ([9998, 365, 0, 0, 1, 0, 0, 0, 0], false),
            ([9999, 365, 23, 59, 59, 0, -25, -59, -59], false),
            ([-9999, 1, 0, 0, 0, 0, 0, 0, 0], false),
            ([-9999, 1, 0, 0, 0, 0, 25, 59, 59], false),
            ([1970, 1, 0, 0, 0, 0, 0, 0, 0], true),
            ([1970, 1, 0, 0, 0, 0, 1, 0, 0], false),
            ([i64::MAX, 1, 0, 0, 0, 0, 0, 0, 0], false),
        ] {
            let value = parts.to_vec().to_stored();
            assert_eq!(OffsetDateTime::from_stored(&value).is_some(), read, "{value}");
        }
        for seconds in [i64::MIN, -1, 0, i64::MAX] {
            for nanos in [i32::MIN, 0, i32::MAX] {
                let value = serde_json::json!([seconds, nanos]);
                let read = Duration::from_stored(&value).unwrap();
                assert!((-LONGEST..=LONGEST).contains(&read), "{value}");
                let _ = (EARLIEST.saturating_add(read), LATEST - EARLIEST);
            }
        }
        assert_eq!(u32::from_stored(&Value::from(u32::MAX)).map(|n| n.checked_add(1).is_some()), Some(true));
        assert_eq!(u32::from_stored(&Value::from(-1)), None);
    }

    #[test]
    fn a_variant_has_a_name_and_perhaps_content() {
        assert_eq!(tag(&tagged("a", Value::from(1))), Some(("a", &Value::from(1))));
        assert_eq!(tag(&Value::from("b")), Some(("b", &Value::Null)));
        assert_eq!(tag(&serde_json::json!({ "a": 1, "b": 2 })), None);
    }
}
