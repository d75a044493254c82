//! What has become of a restore, state by state.

use azure_backup::arm::stored::Stored;
use azure_backup::stored_record;
use serde_json::Value;
use time::OffsetDateTime;

use super::Tracked;

/// What has become of a restore, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timeline(pub Vec<Reached>);

/// A state that a restore has reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reached {
    /// When it was known.
    pub at: OffsetDateTime,
    /// As in [`Tracked::state_text`].
    pub state: String,
}

/// So many states are kept, the newest: a restore has about five.
const MOST_REACHED: usize = 40;

stored_record!(Reached { at "at", state "state" });

impl Stored for Timeline {
    fn missing() -> Self {
        Self::default()
    }

    fn to_stored(&self) -> Value {
        self.0.to_stored()
    }

    /// Records of older versions have none.
    fn from_stored(value: &Value) -> Option<Self> {
        Some(Self(Option::from_stored(value)?.unwrap_or_default()))
    }
}

impl Tracked {
    /// Notes the state where it is another than the last one noted.
    pub fn note(&mut self, now: OffsetDateTime) {
        let state = self.state_text();
        let reached = &mut self.timeline.0;
        if reached.last().is_none_or(|last| last.state != state) {
            reached.push(Reached { at: now, state });
            reached.drain(..reached.len().saturating_sub(MOST_REACHED));
        }
    }
}
