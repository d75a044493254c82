//! What this tab saves and reads, and what the other tabs are told of it.

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

/// Something to do with the database. One is done after the other, in the order in which they were asked for.
pub(super) enum Job {
    /// Save records.
    Save(Changes),
    /// Read the restores once more, and then do this.
    Reread(Box<dyn FnOnce(&Shell)>),
}

/// What `Effect::SaveRecords` says.
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

    /// The records of restores, of drafts and of plans, for the start.
    pub(super) async fn read_records(&self) -> Result<[Vec<Record>; 3], String> {
        let (_, restores) = self.0.database.records(RESTORES, &|_| true).await?;
        let (_, drafts) = self.0.database.records(DRAFTS, &|_| true).await?;
        let (_, plans) = self.0.database.records(PLANS, &|_| true).await?;
        Ok([restores, drafts, plans])
    }

    /// Lines up a job for the database.
    pub(super) fn enqueue(&self, job: Job) {
        self.0.jobs.borrow_mut().push_back(job);
        if self.0.at_work.replace(true) {
            return;
        }
        let shell = self.clone();
        spawn_local(async move {
            loop {
                let next = shell.0.jobs.borrow_mut().pop_front();
                match next {
                    Some(Job::Save(changes)) => shell.save(changes).await,
                    Some(Job::Reread(then)) => {
                        // If it cannot be read, this tab goes on with what it knows.
                        let _ = shell.reread().await;
                        then(&shell);
                    }
                    None => break,
                }
            }
            shell.0.at_work.set(false);
            shell.let_go();
        });
    }

    async fn save(&self, Changes { id, store, changes, broadcast_unsaved }: Changes) {
        let was_open = self.0.database.is_open();
        let mut result = self.try_to_save(store, &changes).await;
        // The browser had closed the database, or was closing it.
        if result.is_err() && was_open && !self.0.database.is_open() {
            result = self.try_to_save(store, &changes).await;
        }
        if result.is_ok() {
            storage::remove_older(store, &changes);
        }
        if (result.is_ok() || broadcast_unsaved)
            && let Some(others) = &*self.0.others.borrow()
        {
            others.tell_records(store, &changes, result.is_ok());
        }
        self.send(Msg::Saved { id, key: store, result });
    }

    async fn try_to_save(&self, store: &str, changes: &[Change]) -> Result<(), String> {
        if !self.0.database.is_open() {
            // It may be another database than before, or the first that the browser gives.
            self.reread().await?;
        }
        self.0.database.save(store, changes).await
    }

    /// Takes the plans and restores that another tab may have saved last, which this one has not been told of yet. What it is told meanwhile waits: it may
    /// be newer than what is read.
    async fn reread(&self) -> Result<(), String> {
        self.0.heard.replace(Some(Vec::new()));
        let settled = self.0.state.borrow().settled();
        let unsettled = |key: &str| ClientRequestId::parse(key).is_ok_and(|id| !settled.contains(&id));
        let plans = self.0.database.records(PLANS, &|_| true).await;
        let read = self.0.database.records(RESTORES, &unsettled).await;
        let result = read.map(|(keys, records)| self.send(Msg::RecordsRead { keys, records }));
        if let Ok((_, plans)) = plans {
            let changes = plans.into_iter().map(Change::Put).collect();
            self.send(Msg::RecordsChanged { store: PLANS.to_owned(), changes, kept: true });
        }
        for told in self.0.heard.take().unwrap_or_default() {
            self.send(told);
        }
        result
    }

    /// Something that another tab tells.
    pub(super) fn hear(&self, told: Msg) {
        let mut heard = self.0.heard.borrow_mut();
        match &mut *heard {
            Some(waiting) => waiting.push(told),
            None => {
                drop(heard);
                self.send(told);
            }
        }
    }

    /// Takes what following restores has cost other tabs.
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

    /// The browser asks before this tab is closed while it starts the restores of a plan. A part of somebody else's page does not ask for that page.
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

    /// After the end: what was to be saved before it is saved and told first.
    pub(super) fn let_go(&self) {
        if self.0.closed.get() && !self.0.at_work.get() {
            self.0.others.borrow_mut().take();
            self.0.database.close();
        }
    }
}
