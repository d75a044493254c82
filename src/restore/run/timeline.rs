//! The states that a restore has gone through.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::RestoreRun;

/// The states that a restore has reached, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timeline(pub Vec<Reached>);

/// A state that a restore has reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reached {
    /// When it was known.
    #[serde(rename = "at", with = "azure_backup::arm::bounds::time")]
    pub at: OffsetDateTime,
    /// As in [`RestoreRun::state_text`].
    #[serde(rename = "state")]
    pub state: String,
}

/// How many states are kept, the newest ones. A restore has about five.
const MAX_REACHED: usize = 40;

impl RestoreRun {
    /// Records the state if it differs from the last recorded one.
    pub fn note(&mut self, now: OffsetDateTime) {
        let state = self.state_text();
        let reached = &mut self.timeline.0;
        if reached.last().is_none_or(|last| last.state != state) {
            reached.push(Reached { at: now, state });
            reached.drain(..reached.len().saturating_sub(MAX_REACHED));
        }
    }
}
