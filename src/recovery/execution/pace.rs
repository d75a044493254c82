//! How fast restores start.
//!
//! Azure publishes no limit of restores at once. So the first request waits for its answer, then two are sent, then four: each acceptance allows one
//! more in flight. A throttle halves that. Independently, requests leave no faster than Resource Manager's bucket of writes refills.

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

/// Requests that may leave at once after a rest: half of the bucket of 200 writes that Resource Manager has for a subscription and a region. The
/// rest is for checks, cancellations and whatever else the operator does.
/// Source: <https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling>.
pub(crate) const BURST: i32 = 100;
/// The bucket refills by 10 a second.
const INTERVAL: Duration = Duration::milliseconds(100);
/// How long nothing starts after a throttle that names no time.
pub(crate) const PAUSE: Duration = Duration::minutes(1);

/// How many requests may be in flight, and from when on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Pace {
    pub(crate) window: u16,
    #[serde(with = "azure_backup::arm::bounds::time")]
    pub(crate) not_before: OffsetDateTime,
}

impl Pace {
    pub(crate) const fn new(now: OffsetDateTime) -> Self {
        Self { window: 1, not_before: now }
    }

    /// Azure has accepted a request.
    pub(crate) fn faster(&mut self, cap: u16) {
        self.window = self.window.saturating_add(1).min(cap);
    }

    /// Azure has throttled a request.
    pub(crate) fn slower(&mut self, cap: u16, until: OffsetDateTime) {
        self.window = (self.window.min(cap) / 2).max(1);
        self.not_before = self.not_before.max(until);
    }
}

/// The bucket of writes: when it would be full again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Rate {
    #[serde(with = "azure_backup::arm::bounds::time")]
    full_at: OffsetDateTime,
}

impl Rate {
    pub(crate) const fn new(now: OffsetDateTime) -> Self {
        Self { full_at: now }
    }

    /// From when on the next request may leave.
    pub(crate) fn not_before(self) -> OffsetDateTime {
        self.full_at - INTERVAL * (BURST - 1)
    }

    pub(crate) fn spend(&mut self, now: OffsetDateTime) {
        self.full_at = self.full_at.max(now) + INTERVAL;
    }
}
