//! The clock. In the demo it runs faster, so that a restore of an hour can be watched.

use azure_backup::arm::bounds::{EARLIEST, LATEST};
use time::{Duration, OffsetDateTime};

use crate::app::env::DEMO_RATE;

/// A clock that starts at `base` and advances `rate` seconds per real second.
#[derive(Clone, Copy)]
pub(crate) struct Clock {
    /// Milliseconds since 1970.
    base: i64,
    virtual_base: OffsetDateTime,
    rate: i64,
}

/// The system clock, in milliseconds since 1970.
#[expect(clippy::cast_possible_truncation, reason = "whole milliseconds, far below 2^63")]
fn system_millis() -> i64 {
    super::dom::now_ms() as i64
}

/// Limits a time, whatever the system clock says, so that adding and subtracting hours cannot overflow.
fn time_from_millis(millis: i64) -> OffsetDateTime {
    clamped(OffsetDateTime::UNIX_EPOCH.saturating_add(Duration::milliseconds(millis)))
}

fn clamped(time: OffsetDateTime) -> OffsetDateTime {
    time.clamp(EARLIEST, LATEST)
}

impl Clock {
    /// The system clock.
    pub(crate) fn real() -> Self {
        let now = system_millis();
        Self { base: now, virtual_base: time_from_millis(now), rate: 1 }
    }

    /// The demo's clock. It starts now, or where an earlier visit left it if that is later.
    pub(crate) fn demo(not_before: Option<OffsetDateTime>) -> Self {
        let now = system_millis();
        Self {
            base: now,
            virtual_base: not_before.map_or(time_from_millis(now), |t| clamped(t.max(time_from_millis(now)))),
            rate: DEMO_RATE,
        }
    }

    /// The current time.
    pub(crate) fn now(&self) -> OffsetDateTime {
        let passed = system_millis().saturating_sub(self.base).saturating_mul(self.rate);
        clamped(self.virtual_base.saturating_add(Duration::milliseconds(passed)))
    }

    /// Real milliseconds until `at`, from 0 to one day. The timer is set again after a day.
    pub(crate) fn until(&self, at: OffsetDateTime) -> u32 {
        const DAY: i64 = 86_400;
        let wait = at - self.now();
        let millis = wait.whole_seconds().clamp(0, DAY) * 1_000 + i64::from(wait.subsec_milliseconds().max(0));
        u32::try_from(millis / self.rate + 1).unwrap_or(u32::MAX)
    }
}
