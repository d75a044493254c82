//! The time. In the demo it runs faster, so that a restore of an hour can be watched.

use time::{Duration, OffsetDateTime};

/// The demo's seconds for each second of the clock on the wall.
pub(crate) const DEMO_RATE: i32 = 20;

/// A clock: since `base` on the wall, `rate` seconds have passed for each second.
#[derive(Clone, Copy)]
pub(crate) struct Clock {
    base: OffsetDateTime,
    virtual_base: OffsetDateTime,
    rate: i32,
}

fn wall() -> OffsetDateTime {
    let millis = super::dom::now_ms();
    #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds, far below 2^63")]
    OffsetDateTime::UNIX_EPOCH.saturating_add(Duration::milliseconds(millis as i64))
}

impl Clock {
    /// The clock on the wall.
    pub(crate) fn real() -> Self {
        let now = wall();
        Self { base: now, virtual_base: now, rate: 1 }
    }

    /// The demo's: it begins now, or where an earlier visit left it if that is later.
    pub(crate) fn demo(not_before: Option<OffsetDateTime>) -> Self {
        let now = wall();
        Self { base: now, virtual_base: not_before.map_or(now, |t| t.max(now)), rate: DEMO_RATE }
    }

    /// The time.
    pub(crate) fn now(&self) -> OffsetDateTime {
        self.virtual_base + (wall() - self.base) * self.rate
    }

    /// Milliseconds on the wall until `at`; none is negative, and longer than a day is a day: the timer is set anew then.
    pub(crate) fn until(&self, at: OffsetDateTime) -> u32 {
        const DAY: i64 = 86_400;
        let wait = at - self.now();
        let millis = wait.whole_seconds().clamp(0, DAY) * 1_000 + i64::from(wait.subsec_milliseconds().max(0));
        u32::try_from(millis / i64::from(self.rate) + 1).unwrap_or(u32::MAX)
    }
}
