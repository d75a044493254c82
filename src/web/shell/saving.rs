//! Saves and reads of this tab, and the broadcasts about them to other tabs.

use azure_backup::arm::id::ClientRequestId;
use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Event, EventTarget};

use super::Shell;
use crate::app::effect::SaveId;
use crate::app::msg::Msg;
use crate::app::records::{Change, Record};
use crate::app::saved::{DRAFTS, PLANS, READS, RESTORES};
use crate::web::storage;

/// A task for the database. Tasks are done one after the other, in the order of their effects.
pub(super) enum Job {
    /// Save records.
    Save(Changes),
    /// Read the restores again, then call this.
    Reread(Box<dyn FnOnce(&Shell)>),
}

/// The fields of `Effect::SaveRecords`.
pub(super) struct Changes {
    pub(super) id: SaveId,
    pub(super) store: &'static str,
    pub(super) changes: Vec<Change>,
    pub(super) broadcast_unsaved: bool,
}

impl Shell {
    pub(super) fn save_text(&self, id: SaveId, key: &'static str, value: &str, broadcast_unsaved: bool) {
        let result = storage::save(key, value);
        if result.is_ok() || broadcast_unsaved {
            self.broadcast(key, Some(value), result.is_ok());
        }
        self.send(Msg::Saved { id, key, result });
    }

    /// The records of restores, drafts and plans, read once at the start.
    pub(super) async fn read_records(&self) -> Result<[Vec<Record>; 3], String> {
        let (_, restores) = self.0.database.records(RESTORES, &|_| true).await?;
        let (_, drafts) = self.0.database.records(DRAFTS, &|_| true).await?;
        let (_, plans) = self.0.database.records(PLANS, &|_| true).await?;
        Ok([restores, drafts, plans])
    }

    /// Queues a job for the database, and starts the queue if it is idle.
    pub(super) fn enqueue(&self, job: Job) {
        self.0.jobs.borrow_mut().push_back(job);
        if self.0.is_working.replace(true) {
            return;
        }
        let shell = self.clone();
        spawn_local(async move {
            loop {
                let next = shell.0.jobs.borrow_mut().pop_front();
                match next {
                    Some(Job::Save(changes)) => shell.save(changes).await,
                    Some(Job::Reread(then)) => {
                        // If the read fails, this tab goes on with its present state.
                        let _ = shell.reread().await;
                        then(&shell);
                    }
                    None => break,
                }
            }
            shell.0.is_working.set(false);
            shell.release();
        });
    }

    async fn save(&self, Changes { id, store, changes, broadcast_unsaved }: Changes) {
        let was_open = self.0.database.is_open();
        let mut result = self.try_to_save(store, &changes).await;
        // The browser closed the connection before or during the save, so try once with a new one.
        if result.is_err() && was_open && !self.0.database.is_open() {
            result = self.try_to_save(store, &changes).await;
        }
        if result.is_ok() {
            storage::remove_from_legacy(store, &changes);
        }
        if (result.is_ok() || broadcast_unsaved)
            && let Some(others) = &*self.0.others.borrow()
        {
            others.broadcast_records(store, &changes, result.is_ok());
        }
        self.send(Msg::Saved { id, key: store, result });
    }

    async fn try_to_save(&self, store: &str, changes: &[Change]) -> Result<(), String> {
        if !self.0.database.is_open() {
            // A newly opened database may hold changes of other tabs, so read it first.
            self.reread().await?;
        }
        self.0.database.save(store, changes).await
    }

    /// Reads plans and restores from the database, because another tab may have saved some whose broadcast has not arrived yet. Messages of other tabs
    /// that arrive during the read are handled after it, because they may be newer.
    async fn reread(&self) -> Result<(), String> {
        self.0.held_back.replace(Some(Vec::new()));
        let settled = self.0.state.borrow().settled();
        let unsettled = |key: &str| ClientRequestId::parse(key).is_ok_and(|id| !settled.contains(&id));
        let plans = self.0.database.records(PLANS, &|_| true).await;
        let read = self.0.database.records(RESTORES, &unsettled).await;
        let result = read.map(|(keys, records)| self.send(Msg::RecordsRead { keys, records }));
        if let Ok((_, plans)) = plans {
            let changes = plans.into_iter().map(Change::Put).collect();
            self.send(Msg::RecordsChanged { store: PLANS.to_owned(), changes, kept: true });
        }
        for message in self.0.held_back.take().unwrap_or_default() {
            self.send(message);
        }
        result
    }

    /// Handles a message of another tab, or keeps it until the read under way ends.
    pub(super) fn on_tab_message(&self, message: Msg) {
        let mut held_back = self.0.held_back.borrow_mut();
        match &mut *held_back {
            Some(waiting) => waiting.push(message),
            None => {
                drop(held_back);
                self.send(message);
            }
        }
    }

    /// Takes over the read counts (`app::quotas`) that other tabs have saved.
    pub(super) fn read_quotas(&self) {
        if let Some(text) = storage::load(READS) {
            self.send(Msg::SavedElsewhere { key: READS.to_owned(), value: Some(text) });
        }
    }

    /// Broadcasts a value to other tabs, whether or not it was saved (`kept`): they show it in either case.
    pub(super) fn broadcast(&self, key: &str, value: Option<&str>, kept: bool) {
        if let Some(others) = &*self.0.others.borrow() {
            others.broadcast(key, value, kept);
        }
    }

    /// Has the browser ask before it closes this tab while the tab starts the restores of a plan. Not when embedded: closing is then up to the surrounding page.
    pub(super) fn ask_before_closing(&self, window: &EventTarget) -> Option<EventListener> {
        let shell = self.clone();
        let options = EventListenerOptions::enable_prevent_default();
        let ask = move |event: &Event| {
            if shell.0.state.borrow().starts_restores() {
                event.prevent_default();
            }
        };
        self.0.own_address.then(|| EventListener::new_with_options(window, "beforeunload", options, ask))
    }

    /// Closes channel and database if the program has ended and no job is left: earlier saves are finished and broadcast first.
    pub(super) fn release(&self) {
        if self.0.closed.get() && !self.0.is_working.get() {
            self.0.others.borrow_mut().take();
            self.0.database.close();
        }
    }
}
