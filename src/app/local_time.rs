//! The browser's local time. The core has no clock and no time zones: the shell tells it how the zone differs from UTC, over the years that the
//! page can show.

use serde::{Deserialize, Serialize};
use time::{OffsetDateTime, PrimitiveDateTime, UtcOffset};

use super::state::State;

/// Which time the page shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum TimeZone {
    /// UTC, as Azure writes it.
    #[default]
    #[serde(rename = "utc")]
    Utc,
    /// The time zone of this computer.
    #[serde(rename = "local")]
    Local,
}

/// How the local time zone differs from UTC: since when, in seconds since 1970, and by how many seconds. The oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LocalTime(Vec<(i64, i32)>);

impl LocalTime {
    /// The zone of these changes. They are put in order.
    pub fn new(mut changes: Vec<(i64, i32)>) -> Self {
        changes.sort_unstable();
        Self(changes)
    }

    fn offset(&self, unix: i64) -> UtcOffset {
        let next = self.0.partition_point(|(since, _)| *since <= unix);
        // Before the first change there is nothing better than it.
        let change = self.0.get(next.saturating_sub(1));
        change.and_then(|(_, seconds)| UtcOffset::from_whole_seconds(*seconds).ok()).unwrap_or(UtcOffset::UTC)
    }
}

/// The time zone that is shown, and the local one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clocks {
    /// Which one is shown.
    pub zone: TimeZone,
    /// The local one.
    pub local: std::rc::Rc<LocalTime>,
}

impl Clocks {
    /// A moment as this computer's clock shows it.
    pub fn local(&self, at: OffsetDateTime) -> OffsetDateTime {
        at.checked_to_offset(self.local.offset(at.unix_timestamp())).unwrap_or(at)
    }

    /// A moment in the time zone that is shown.
    pub fn shown(&self, at: OffsetDateTime) -> OffsetDateTime {
        match self.zone {
            TimeZone::Utc => at.checked_to_offset(UtcOffset::UTC).unwrap_or(at),
            TimeZone::Local => self.local(at),
        }
    }

    /// The moment at which a clock of the zone that is shown reads this. Where clocks are put back it is the later one.
    pub fn moment(&self, read: PrimitiveDateTime) -> OffsetDateTime {
        let utc = read.assume_utc();
        if self.zone == TimeZone::Utc {
            return utc;
        }
        // The offset at a time that is a few hours away may be another one: that of the result counts.
        let first = self.local.offset(utc.unix_timestamp());
        let near = read.assume_offset(first).unix_timestamp();
        read.assume_offset(self.local.offset(near))
    }
}

impl State {
    /// The time zone that is shown, and the local one.
    pub fn clocks(&self) -> Clocks {
        Clocks { zone: self.settings.time_zone, local: self.local_time.clone() }
    }
}

#[cfg(test)]
mod tests {
    use time::macros::{datetime, offset};

    use super::*;

    /// Central Europe in 2026.
    fn clocks(zone: TimeZone) -> Clocks {
        let (spring, autumn) = (datetime!(2026-03-29 01:00 UTC), datetime!(2026-10-25 01:00 UTC));
        let changes = vec![(autumn.unix_timestamp(), 3_600), (spring.unix_timestamp(), 7_200), (0, 3_600)];
        Clocks { zone, local: LocalTime::new(changes).into() }
    }

    #[test]
    fn a_moment_is_shown_as_the_clock_on_the_wall_has_it() {
        let local = clocks(TimeZone::Local);
        for (utc, shown) in [
            (datetime!(2026-11-28 23:26 UTC), datetime!(2026-11-29 00:26 +1)),
            (datetime!(2026-07-01 12:00 UTC), datetime!(2026-07-01 14:00 +2)),
            (datetime!(2026-03-29 00:59 UTC), datetime!(2026-03-29 01:59 +1)),
            (datetime!(2026-03-29 01:00 UTC), datetime!(2026-03-29 03:00 +2)),
            (datetime!(1969-01-01 00:00 UTC), datetime!(1969-01-01 01:00 +1)),
        ] {
            let found = local.shown(utc);
            assert_eq!((found, found.offset()), (shown, shown.offset()));
            assert_eq!(clocks(TimeZone::Utc).shown(utc).offset(), offset!(UTC));
        }
        assert_eq!(Clocks::default().local(datetime!(2026-11-28 23:26 UTC)).offset(), offset!(UTC));
    }

    #[test]
    fn what_is_read_off_a_clock_is_the_moment_that_it_shows() {
        let local = clocks(TimeZone::Local);
        for (read, utc) in [
            (datetime!(2026-11-29 02:10), datetime!(2026-11-29 01:10 UTC)),
            (datetime!(2026-07-01 00:30), datetime!(2026-06-30 22:30 UTC)),
            (datetime!(2026-03-29 01:30), datetime!(2026-03-29 00:30 UTC)),
            (datetime!(2026-03-29 03:30), datetime!(2026-03-29 01:30 UTC)),
            (datetime!(2026-10-25 01:30), datetime!(2026-10-24 23:30 UTC)),
            (datetime!(2026-10-25 03:30), datetime!(2026-10-25 02:30 UTC)),
        ] {
            assert_eq!(local.moment(read), utc, "{read}");
        }
        assert_eq!(clocks(TimeZone::Utc).moment(datetime!(2026-11-29 02:10)), datetime!(2026-11-29 02:10 UTC));
    }
}
