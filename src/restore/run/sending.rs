//! Between the click and the request's departure: what a record goes through in the tab that sends it, and what becomes of it without that tab.

use azure_backup::arm::fault::Fault;
use azure_backup::arm::timing;
use time::{Duration, OffsetDateTime};

use super::{RestoreRun, Search, Stage};

/// So many calls in a row may fail in the preparation of a cross-region restore: its access token was recorded to come after three 504s.
const PREPARATION_TRIES: u32 = 7;
/// So long after the click a preparation goes on. Later the operator decides anew.
const PREPARATION_PATIENCE: Duration = Duration::minutes(15);

impl RestoreRun {
    /// The request leaves now.
    pub fn sending(&mut self, now: OffsetDateTime) {
        if matches!(self.stage, Stage::Intent | Stage::Preparing { .. }) {
            // Its job begins after this, not after the click.
            self.started = now;
            self.stage = Stage::Sending;
        }
    }

    /// A call of the preparation was answered.
    pub fn on_preparation_response(&mut self, now: OffsetDateTime) {
        if let Stage::Preparing { identified, search } = &mut self.stage {
            *identified = true;
            search.looks = 0;
            search.last_error = None;
            search.next = now;
        }
    }

    /// A call of the preparation has failed.
    pub fn preparation_failed(&mut self, fault: &Fault, now: OffsetDateTime) {
        let Stage::Preparing { search, .. } = &mut self.stage else { return };
        search.looks += 1;
        let patience = search.looks < PREPARATION_TRIES;
        // Whoever signs in again goes on where he was.
        if patience && fault.is_retryable() || fault.needs_sign_in() {
            search.failed(fault, now);
            search.next = timing::next_attempt(fault, search.looks, now);
        } else {
            self.stage = Stage::Refused { fault: fault.clone() };
        }
    }

    /// It is prepared and cannot be saved as being sent, so that it is not sent: the access token is asked for once more later.
    pub fn sending_not_saved(&mut self, fault: &Fault, now: OffsetDateTime) {
        if matches!(self.stage, Stage::Sending) {
            let mut search = Search::new(now);
            search.failed(fault, now);
            self.stage = Stage::Preparing { identified: false, search };
        }
    }

    /// It has not left and does not leave any more: nothing was sent.
    pub fn mark_not_sent(&mut self, fault: Option<Fault>) {
        if matches!(self.stage, Stage::Intent | Stage::Preparing { .. } | Stage::Sending) {
            self.stage = Stage::NotSent { fault, search: None };
        }
    }

    /// Whether Azure has refused it for want of a sign-in: after one the same bytes may go out.
    pub fn is_refused_for_sign_in(&self) -> bool {
        matches!(&self.stage, Stage::Refused { fault } if fault.needs_sign_in())
    }

    /// Whether nothing came of it for certain, so that the same request may be sent after a look at it: it has never left, or Azure wanted a
    /// sign-in first. What a file has brought may still be sent by the browser that it comes from.
    pub fn can_be_sent(&self) -> bool {
        let never_left = matches!(&self.stage, Stage::NotSent { search: None, .. });
        self.submitted.is_some() && self.imported.is_none() && (never_left || self.is_refused_for_sign_in())
    }

    /// It is to be sent after all.
    pub fn again(&mut self, now: OffsetDateTime) {
        if self.can_be_sent() {
            self.stage = if self.secondary.is_some() { Stage::preparing(now) } else { Stage::Intent };
            self.started = now;
        }
    }

    /// Whether the click is so long ago that a preparation does not go on.
    pub fn preparation_expired(&self, now: OffsetDateTime) -> bool {
        matches!(self.stage, Stage::Preparing { .. }) && now - self.started >= PREPARATION_PATIENCE
    }

    /// It was read where later states of it may be missing: what had not left by then may have left since.
    pub fn may_have_left(&mut self) {
        if self.stage.is_being_sent() {
            self.stage = Stage::Sending;
        }
    }

    /// The tab that was sending it is gone: a request that was on its way may or may not have arrived; one that was not does not leave any more.
    pub fn on_sender_gone(&mut self, now: OffsetDateTime) {
        match &mut self.stage {
            Stage::Sending => self.stage = Stage::Unknown { fault: None, search: Search::new(now) },
            Stage::Intent => self.mark_not_sent(None),
            Stage::Preparing { search, .. } => {
                let fault = search.last_error.take();
                self.mark_not_sent(fault);
            }
            _ => {}
        }
    }
}
