//! What this tab saves, and what the other tabs are told of it.

use super::Shell;
use crate::app::msg::Msg;
use crate::app::saved::RESTORES;
use crate::web::storage;

impl Shell {
    /// Takes what another tab has saved last, unless it was told of more than that.
    pub(super) fn hear_saved(&self, key: &str) {
        if let Some(text) = storage::load(key).filter(|_| !self.0.unsaved.get()) {
            self.send(Msg::SavedElsewhere { key: key.to_owned(), value: Some(text) });
        }
    }

    /// Other tabs are told what is saved, and what could not be: they show it all the same.
    pub(super) fn tell_others(&self, key: &str, value: Option<&str>, kept: bool) {
        self.unsaved(key, kept);
        if let Some(others) = &*self.0.others.borrow() {
            others.tell(key, value, kept);
        }
    }

    pub(super) fn unsaved(&self, key: &str, kept: bool) {
        if key == RESTORES {
            self.0.unsaved.set(!kept);
        }
    }
}
