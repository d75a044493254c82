//! When to look next: shared by everything that is followed by polling.

use crate::arm::{
    fault::{Fault, FaultKind},
    headers::RetryAfter,
    pace,
};
use ::time::{Duration, OffsetDateTime};
use serde::{Deserialize, Serialize};

/// The times of something that is followed, and the trouble with it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Pulse {
    #[serde(rename = "since", with = "crate::arm::bounds::time")]
    since: OffsetDateTime,
    #[serde(rename = "last_look", default, with = "crate::arm::bounds::optional_time")]
    last_look: Option<OffsetDateTime>,
    #[serde(rename = "next_look", with = "crate::arm::bounds::time")]
    next_look: OffsetDateTime,
    #[serde(rename = "throttled_until", default, with = "crate::arm::bounds::optional_time")]
    throttled_until: Option<OffsetDateTime>,
    #[serde(rename = "failures", deserialize_with = "crate::arm::bounds::count")]
    failures: u32,
    #[serde(rename = "trouble")]
    trouble: Option<Fault>,
}

impl Pulse {
    pub(crate) fn start(now: OffsetDateTime, next_look: OffsetDateTime) -> Pulse {
        Pulse { since: now, last_look: None, next_look, throttled_until: None, failures: 0, trouble: None }
    }

    /// None when a look is due, else when it will be.
    pub(crate) fn wait(&self, now: OffsetDateTime) -> Option<OffsetDateTime> {
        // Further ahead than any wait of ours: the clock was set back since.
        let believable = self.next_look - now <= pace::LONGEST_THROTTLE;
        (now < self.next_look && believable).then_some(self.next_look)
    }

    pub(crate) fn look_now(&mut self, now: OffsetDateTime) {
        if self.throttled_until.is_none_or(|until| now >= until) {
            self.next_look = self.next_look.min(now);
        }
    }

    /// The network is back: that looks went unanswered without it says nothing of how Azure is.
    pub(crate) fn network_back(&mut self, now: OffsetDateTime) {
        self.failures = 0;
        self.look_now(now);
    }

    pub(crate) fn hold(&mut self, until: OffsetDateTime) {
        self.next_look = self.next_look.max(until);
    }

    /// A good answer came, and something still runs.
    pub(crate) fn answered(&mut self, now: OffsetDateTime, asked: Option<RetryAfter>, usual: Duration) {
        self.failures = 0;
        self.trouble = None;
        self.throttled_until = None;
        self.last_look = Some(now);
        let wanted = asked.map_or(now.saturating_add(usual), |wait| wait.due(now));
        self.next_look = pace::held(wanted, now, pace::LONGEST_WAIT);
    }

    /// A look failed and will be repeated after a while. Returns how many have failed in a row.
    pub(crate) fn troubled(&mut self, fault: &Fault, now: OffsetDateTime) -> u32 {
        self.failures = self.failures.saturating_add(1);
        self.last_look = Some(now);
        self.trouble = Some(fault.clone());
        if fault.is_throttled() {
            self.next_look = pace::again(fault, self.failures, now);
            self.throttled_until = Some(self.next_look);
        } else {
            let own = match fault.kind {
                // Somebody has to sign in first; then a look is asked for at once.
                _ if fault.needs_sign_in() => pace::OPERATION_LOOK,
                FaultKind::Aborted => pace::FIRST_BACKOFF,
                _ => pace::jittered(pace::backoff(self.failures), now),
            };
            let wanted = pace::asked(fault, now).unwrap_or(now.saturating_add(own));
            self.next_look = pace::held(wanted, now, pace::LONGEST_WAIT);
            self.throttled_until = None;
        }
        self.failures
    }

    /// Something else is tried, at once; the trouble that led there stays in view.
    pub(crate) fn restart(&mut self, now: OffsetDateTime, trouble: &Fault) {
        self.failures = 0;
        self.trouble = Some(trouble.clone());
        self.throttled_until = None;
        self.last_look = Some(now);
        self.next_look = now;
    }

    pub(crate) fn ended(&mut self, now: OffsetDateTime) {
        self.last_look = Some(now);
        self.trouble = None;
    }

    pub(crate) fn note(&mut self, trouble: Fault) {
        self.trouble = Some(trouble);
    }

    pub(crate) fn since(&self) -> OffsetDateTime {
        self.since
    }

    pub(crate) fn last_look(&self) -> Option<OffsetDateTime> {
        self.last_look
    }

    pub(crate) fn next_look(&self) -> OffsetDateTime {
        self.next_look
    }

    pub(crate) fn trouble(&self) -> Option<&Fault> {
        self.trouble.as_ref()
    }
}

/// Gives a follower the questions that all followers answer from their pulse.
macro_rules! pulse_answers {
    () => {
        /// When following began.
        #[must_use]
        pub fn since(&self) -> ::time::OffsetDateTime {
            self.pulse.since()
        }

        /// When an answer, or the lack of one, was last heard.
        #[must_use]
        pub fn last_look(&self) -> Option<::time::OffsetDateTime> {
            self.pulse.last_look()
        }

        /// When the next look is due.
        #[must_use]
        pub fn next_look(&self) -> ::time::OffsetDateTime {
            self.pulse.next_look()
        }

        /// The fault of the last look, if it had one. Following goes on all the same.
        #[must_use]
        pub fn trouble(&self) -> Option<&crate::arm::fault::Fault> {
            self.pulse.trouble()
        }

        /// Whether following waits for a fresh sign-in; then ask to look at once.
        #[must_use]
        pub fn needs_sign_in(&self) -> bool {
            self.trouble().is_some_and(crate::arm::fault::Fault::needs_sign_in)
        }

        /// Brings the next look forward to now, except while Azure throttles us.
        pub fn look_now(&mut self, now: ::time::OffsetDateTime) {
            self.pulse.look_now(now);
        }

        /// Brings the next look forward as well, and begins anew with the shortest wait: the first look may be too early for the network.
        pub fn network_back(&mut self, now: ::time::OffsetDateTime) {
            self.pulse.network_back(now);
        }
    };
}
pub(crate) use pulse_answers;
