//! What has become of a restore, state by state.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::RestoreRun;

/// What has become of a restore, in order.
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

/// So many states are kept, the newest: a restore has about five.
const MAX_REACHED: usize = 40;

impl RestoreRun {
    /// Notes the state where it is another than the last one noted.
    pub fn note(&mut self, now: OffsetDateTime) {
        let state = self.state_text();
        let reached = &mut self.timeline.0;
        if reached.last().is_none_or(|last| last.state != state) {
            reached.push(Reached { at: now, state });
            reached.drain(..reached.len().saturating_sub(MAX_REACHED));
        }
    }
}
