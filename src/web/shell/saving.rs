//! What this tab saves, and what the other tabs are told of it.

use super::Shell;
use crate::app::effect::SaveId;
use crate::app::msg::Msg;
use crate::app::records::Change;
use crate::app::saved::{READS, RESTORES};
use crate::web::storage;

impl Shell {
    pub(super) fn save_text(&self, id: SaveId, key: &'static str, value: &str, broadcast_unsaved: bool) {
        let result = storage::save(key, value);
        if result.is_ok() || broadcast_unsaved {
            self.broadcast(key, Some(value), result.is_ok());
        }
        self.send(Msg::Saved { id, key, result });
    }

    pub(super) fn save_records(&self, id: SaveId, store: &'static str, changes: &[Change], broadcast_unsaved: bool) {
        let result = storage::save_records(store, changes);
        if (result.is_ok() || broadcast_unsaved)
            && let Some(others) = &*self.0.others.borrow()
        {
            others.tell_records(store, changes, result.is_ok());
        }
        self.send(Msg::Saved { id, key: store, result });
    }

    /// Takes the restores that another tab may have saved last, which this one has not been told of yet.
    pub(super) fn read_restores(&self) {
        self.send(Msg::RecordsRead(storage::records(RESTORES)));
    }

    /// The same of what following restores has cost.
    pub(super) fn read_reads(&self) {
        if let Some(text) = storage::load(READS) {
            self.send(Msg::SavedElsewhere { key: READS.to_owned(), value: Some(text) });
        }
    }

    /// Other tabs are told what is saved, and what could not be: they show it all the same.
    pub(super) fn broadcast(&self, key: &str, value: Option<&str>, kept: bool) {
        if let Some(others) = &*self.0.others.borrow() {
            others.tell(key, value, kept);
        }
    }
}
