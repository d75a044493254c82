//! When the next poll is due, and the error of the last one; shared by operations and jobs.

use crate::arm::{
    fault::{Fault, FaultKind},
    headers::RetryAfter,
    timing,
};
use ::time::{Duration, OffsetDateTime};
use serde::{Deserialize, Serialize};

/// The times of the last and next poll, and the last error.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct PollSchedule {
    #[serde(rename = "since", with = "crate::arm::bounds::time")]
    since: OffsetDateTime,
    #[serde(rename = "last_look", default, with = "crate::arm::bounds::optional_time")]
    last_poll: Option<OffsetDateTime>,
    #[serde(rename = "next_look", with = "crate::arm::bounds::time")]
    next_poll: OffsetDateTime,
    #[serde(rename = "throttled_until", default, with = "crate::arm::bounds::optional_time")]
    throttled_until: Option<OffsetDateTime>,
    #[serde(rename = "failures", deserialize_with = "crate::arm::bounds::count")]
    failures: u32,
    #[serde(rename = "trouble")]
    last_error: Option<Fault>,
}

impl PollSchedule {
    pub(crate) fn start(now: OffsetDateTime, next_poll: OffsetDateTime) -> PollSchedule {
        PollSchedule { since: now, last_poll: None, next_poll, throttled_until: None, failures: 0, last_error: None }
    }

    /// None when a poll is due, else when it will be.
    pub(crate) fn wait(&self, now: OffsetDateTime) -> Option<OffsetDateTime> {
        // A time further ahead than our longest wait means that the clock was set back, so poll now.
        let believable = self.next_poll - now <= timing::MAX_THROTTLE;
        (now < self.next_poll && believable).then_some(self.next_poll)
    }

    pub(crate) fn poll_now(&mut self, now: OffsetDateTime) {
        if self.throttled_until.is_none_or(|until| now >= until) {
            self.next_poll = self.next_poll.min(now);
        }
    }

    /// The network is back. Polls that failed without a network say nothing about Azure, so their count is reset.
    pub(crate) fn on_network_restored(&mut self, now: OffsetDateTime) {
        self.failures = 0;
        self.poll_now(now);
    }

    pub(crate) fn hold(&mut self, until: OffsetDateTime) {
        self.next_poll = self.next_poll.max(until);
    }

    /// A poll succeeded, and the operation or job still runs.
    pub(crate) fn on_success(&mut self, now: OffsetDateTime, asked: Option<RetryAfter>, usual: Duration) {
        self.failures = 0;
        self.last_error = None;
        self.throttled_until = None;
        self.last_poll = Some(now);
        let wanted = asked.map_or(now.saturating_add(usual), |wait| wait.due(now));
        self.next_poll = timing::clamped(wanted, now, timing::MAX_WAIT);
    }

    /// A poll failed and will be repeated after a while. Returns how many have failed in a row.
    pub(crate) fn on_error(&mut self, fault: &Fault, now: OffsetDateTime) -> u32 {
        self.failures = self.failures.saturating_add(1);
        self.last_poll = Some(now);
        self.last_error = Some(fault.clone());
        if fault.is_throttled() {
            self.next_poll = timing::next_attempt_after_throttle(fault, self.failures, now);
            self.throttled_until = Some(self.next_poll);
        } else {
            let own = match fault.kind {
                // The operator has to sign in first; after that, a poll is requested at once.
                _ if fault.needs_sign_in() => timing::OPERATION_POLL_INTERVAL,
                FaultKind::Aborted => timing::FIRST_BACKOFF,
                _ => timing::jittered(timing::backoff(self.failures), now),
            };
            let wanted = timing::requested_retry_time(fault, now).unwrap_or(now.saturating_add(own));
            self.next_poll = timing::clamped(wanted, now, timing::MAX_WAIT);
            self.throttled_until = None;
        }
        self.failures
    }

    /// Polls another source at once. The error of the previous source stays visible.
    pub(crate) fn restart(&mut self, now: OffsetDateTime, last_error: &Fault) {
        self.failures = 0;
        self.last_error = Some(last_error.clone());
        self.throttled_until = None;
        self.last_poll = Some(now);
        self.next_poll = now;
    }

    pub(crate) fn stop(&mut self, now: OffsetDateTime) {
        self.last_poll = Some(now);
        self.last_error = None;
    }

    pub(crate) fn set_last_error(&mut self, last_error: Fault) {
        self.last_error = Some(last_error);
    }

    pub(crate) fn since(&self) -> OffsetDateTime {
        self.since
    }

    pub(crate) fn last_poll(&self) -> Option<OffsetDateTime> {
        self.last_poll
    }

    pub(crate) fn next_poll(&self) -> OffsetDateTime {
        self.next_poll
    }

    pub(crate) fn last_error(&self) -> Option<&Fault> {
        self.last_error.as_ref()
    }
}

/// Gives a type with a `schedule` the accessors that operations and jobs share.
macro_rules! poll_schedule_accessors {
    () => {
        /// When polling began.
        #[must_use]
        pub fn since(&self) -> ::time::OffsetDateTime {
            self.schedule.since()
        }

        /// When the last poll ended, with or without an answer.
        #[must_use]
        pub fn last_poll(&self) -> Option<::time::OffsetDateTime> {
            self.schedule.last_poll()
        }

        /// When the next poll is due.
        #[must_use]
        pub fn next_poll(&self) -> ::time::OffsetDateTime {
            self.schedule.next_poll()
        }

        /// The fault of the last poll, if it had one. Polling continues despite it.
        #[must_use]
        pub fn last_error(&self) -> Option<&crate::arm::fault::Fault> {
            self.schedule.last_error()
        }

        /// Whether polling waits for a fresh sign-in; after one, call `poll_now`.
        #[must_use]
        pub fn needs_sign_in(&self) -> bool {
            self.last_error().is_some_and(crate::arm::fault::Fault::needs_sign_in)
        }

        /// Brings the next poll forward to now, except while Azure throttles us.
        pub fn poll_now(&mut self, now: ::time::OffsetDateTime) {
            self.schedule.poll_now(now);
        }

        /// Also brings the next poll forward, and starts again with the shortest wait, because the first poll may come before the network works.
        pub fn on_network_restored(&mut self, now: ::time::OffsetDateTime) {
            self.schedule.on_network_restored(now);
        }
    };
}
pub(crate) use poll_schedule_accessors;
