//! The stages between the click and the moment when the request leaves, and what follows if the tab that sends it is closed.

use azure_backup::arm::fault::Fault;
use azure_backup::arm::timing;
use time::{Duration, OffsetDateTime};

use super::{RestoreRun, Search, Stage};

/// How many consecutive calls may fail while a cross-region restore is prepared. An access token was recorded to come after three 504s.
const PREPARATION_TRIES: u32 = 7;
/// How long after the click a preparation goes on. After that the operator has to decide again.
const PREPARATION_PATIENCE: Duration = Duration::minutes(15);

impl RestoreRun {
    /// The request leaves now.
    pub fn on_sending(&mut self, now: OffsetDateTime) {
        if matches!(self.stage, Stage::Intent | Stage::Preparing { .. }) {
            // The job begins after this time, not after the click.
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
    pub fn on_preparation_failed(&mut self, fault: &Fault, now: OffsetDateTime) {
        let Stage::Preparing { search, .. } = &mut self.stage else { return };
        search.looks += 1;
        let patience = search.looks < PREPARATION_TRIES;
        // After a new sign-in the preparation goes on.
        if patience && fault.is_retryable() || fault.needs_sign_in() {
            search.on_list_failed(fault, now);
            search.next = timing::next_attempt(fault, search.looks, now);
        } else {
            self.stage = Stage::Refused { fault: fault.clone() };
        }
    }

    /// Saving failed after the preparation, so the request is not sent; a new access token is requested later.
    pub fn on_sending_not_saved(&mut self, fault: &Fault, now: OffsetDateTime) {
        if matches!(self.stage, Stage::Sending) {
            let mut search = Search::new(now);
            search.on_list_failed(fault, now);
            self.stage = Stage::Preparing { identified: false, search };
        }
    }

    /// The request has not left and will not be sent.
    pub fn mark_not_sent(&mut self, fault: Option<Fault>) {
        if matches!(self.stage, Stage::Intent | Stage::Preparing { .. } | Stage::Sending) {
            self.stage = Stage::NotSent { fault, search: None };
        }
    }

    /// Whether Azure refused it only because a sign-in was needed. After one, the same bytes may be sent.
    pub fn is_refused_for_sign_in(&self) -> bool {
        matches!(&self.stage, Stage::Refused { fault } if fault.needs_sign_in())
    }

    /// Whether the request certainly had no effect, so that it may be sent after a review: it never left, or Azure wanted a sign-in first.
    /// False for an imported record, because the browser that exported it may still send it.
    pub fn can_be_sent(&self) -> bool {
        self.submitted.is_some() && self.imported.is_none() && self.stage_allows_sending()
    }

    /// As [`can_be_sent`](Self::can_be_sent), of a record that may lack the request.
    fn stage_allows_sending(&self) -> bool {
        matches!(&self.stage, Stage::NotSent { search: None, .. }) || self.is_refused_for_sign_in()
    }

    /// The operator sends it after all.
    pub fn send_again(&mut self, now: OffsetDateTime) {
        if self.can_be_sent() {
            self.stage = if self.secondary.is_some() { Stage::preparing(now) } else { Stage::Intent };
            self.started = now;
        }
    }

    /// Whether the click is too long ago for the preparation to go on.
    pub fn preparation_expired(&self, now: OffsetDateTime) -> bool {
        matches!(self.stage, Stage::Preparing { .. }) && now - self.started >= PREPARATION_PATIENCE
    }

    /// For a record from a source that may be out of date: a request that had not left then, or could be sent again, may have left since.
    pub fn may_have_left(&mut self) {
        if self.stage.is_being_sent() || self.stage_allows_sending() {
            self.stage = Stage::Sending;
        }
    }

    /// The tab that was sending it is closed. A request that was being sent may have arrived; one that had not left will not be sent.
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
