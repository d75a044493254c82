//! Recovering single files: the conditions, and what of Azure's answer an operator needs.
//!
//! Azure attaches the disks of a recovery point to the machine on which its script runs. The page cannot run the script; it asks for it, shows
//! its password and saves it under the name that it needs.

pub mod conditions;
pub mod script;

use std::fmt;

use time::Duration;

/// How long Azure's script works.
pub const SCRIPT_WORKS: Duration = Duration::hours(12);

/// A text that must not be printed, stored or exported: it has no `Serialize`, and its `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct HiddenText(String);

impl HiddenText {
    /// Wraps a text.
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// The text, for the screen, the clipboard or the file that the operator has asked for.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for HiddenText {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("HiddenText(…)")
    }
}
