//! What this browser remembers.

use azure_backup::arm::id::ClientRequestId;
use time::{Duration, OffsetDateTime};

use super::UpdateContext;
use crate::app::effect::{Effect, SaveId};
use crate::app::file_recovery::FileSessions;
use crate::app::launch::{Launch, LaunchStep};
use crate::app::records::{Change, Difference};
use crate::app::saved::{
    self, DEMO_WORLD, DRAFTS, FILE_RECOVERY, MAX_FINISHED, MAX_UNREAD, OnSignOut, PLANS, QUARANTINE, QuarantinedEntry,
    READS, RESTORES, SENT_REQUESTS, SETTINGS, Settings,
};
use crate::app::sent::SentRequests;
use crate::restore::regional_id::RegionalId;
use crate::restore::run::RestoreRun;

impl UpdateContext<'_> {
    pub(super) fn save_settings(&mut self) {
        let value = saved::write(&self.state.settings);
        self.save(SETTINGS, value, true);
    }

    /// Saves the draft of a recovery point, and those whose last save has failed.
    pub(super) fn save_draft(&mut self, point: &RegionalId) {
        let mut keys = std::mem::take(&mut self.state.saves.unsaved_drafts);
        keys.push(point.of_draft().key());
        self.save_drafts(keys);
    }

    pub(super) fn save_drafts(&mut self, all: Vec<String>) {
        let mut keys: Vec<String> = Vec::new();
        for key in all {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        let change = |key: &String| match self.state.drafts.of(key) {
            Some(draft) => Change::Put((key.clone(), saved::write(draft))),
            None => Change::Delete(key.clone()),
        };
        let changes = keys.iter().map(change).collect();
        self.state.saves.drafts_under_way.push((self.next_save(), keys));
        self.save_records(DRAFTS, changes, true);
    }

    /// Saves the restores that have changed since the last save, and those whose last save has failed: nothing else is written.
    pub(super) fn save_restores(&mut self) {
        // The oldest finished ones go; one that runs is never forgotten.
        self.state.restores.shorten(MAX_FINISHED, |r| !r.is_running());
        let Difference { changed, gone } = self.state.restores.since(&self.state.saves.written);
        let mut ids = std::mem::take(&mut self.state.saves.unsaved);
        ids.extend(changed.into_iter().chain(gone));
        let save = self.next_save();
        if ids.is_empty() && self.state.launches.saving(save).is_empty() {
            return;
        }
        // A restore whose intent cannot be saved is not started: nobody hears of it.
        let starting =
            |launch: &Launch| matches!(launch.step, LaunchStep::SavingIntent(_)) && launch.saved_first && launch.new;
        let broadcast_unsaved = !self.state.launches.active().any(|(_, launch)| starting(launch));
        let known: Vec<&RestoreRun> = self.state.restores.iter().filter(|r| ids.contains(&r.id)).collect();
        let put = |restore: &&RestoreRun| Change::Put(saved::restore_record(&self.state.as_saved(restore)));
        let mut changes: Vec<Change> = known.iter().map(put).collect();
        let mut lacking = ids.clone();
        for restore in &known {
            lacking.remove(&restore.id);
        }
        changes.extend(lacking.iter().map(|id| Change::Delete(id.as_str().to_owned())));
        self.state.saves.written = self.state.restores.clone();
        self.state.saves.under_way.push((save, ids));
        self.save_records(RESTORES, changes, broadcast_unsaved);
    }

    pub(super) fn save_records(&mut self, store: &'static str, changes: Vec<Change>, broadcast_unsaved: bool) {
        let id = self.next_save();
        self.state.next_save += 1;
        self.effects.push(Effect::SaveRecords { id, store, changes, broadcast_unsaved });
    }

    pub(super) fn save_reads(&mut self) {
        let value = saved::write(&self.state.quotas);
        self.save(READS, value, true);
    }

    /// Saves the file recoveries that this browser has started.
    pub(super) fn save_files(&mut self) {
        self.state.file_sessions.forget_old(self.env.now);
        let value = self.state.file_sessions.text();
        self.save(FILE_RECOVERY, value, true);
    }

    /// What the browser has saved of them. What cannot be read is kept elsewhere before it is overwritten.
    pub(super) fn remember_files(&mut self, text: Option<&str>) {
        let Some(text) = text else { return };
        match FileSessions::read(text) {
            Some(sessions) => self.state.file_sessions.merge(sessions),
            None => drop(self.quarantine_entries(FILE_RECOVERY, vec![text.to_owned()])),
        }
        self.state.file_sessions.forget_old(self.env.now);
    }

    /// Saves the requests about restored disks, and the undeletions, that this browser has sent.
    pub(super) fn save_sent(&mut self) {
        self.state.sent_requests.forget_old(self.env.now);
        let value = self.state.sent_requests.text();
        self.save(SENT_REQUESTS, value, true);
    }

    /// What the browser has saved of them, or another tab.
    pub(super) fn remember_sent(&mut self, text: Option<&str>) {
        let Some(text) = text else { return };
        match SentRequests::read(text) {
            Some(mut theirs) => {
                theirs.forget_old(self.env.now);
                let new = self.state.sent_requests.merge(theirs);
                self.sent_elsewhere(&new);
            }
            None => drop(self.quarantine_entries(SENT_REQUESTS, vec![text.to_owned()])),
        }
    }

    /// The attempt to save that comes next.
    pub(super) fn next_save(&self) -> SaveId {
        SaveId(self.state.next_save)
    }

    fn save(&mut self, key: &'static str, value: String, broadcast_unsaved: bool) {
        let id = self.next_save();
        self.state.next_save += 1;
        self.effects.push(Effect::Save { id, key, value, broadcast_unsaved });
    }

    pub(super) fn saved(&mut self, id: SaveId, key: &'static str, result: Result<(), String>) {
        if result.is_err() {
            self.plans_not_saved(id);
        }
        self.state.saves.done(id, result.is_ok());
        for older in self.state.saves.replaced(id, result.is_ok()) {
            self.effects.push(Effect::RemoveUnchanged(older.entries));
        }
        if key == QUARANTINE && result.is_ok() {
            self.remove_damaged();
        }
        if key == READS || key == QUARANTINE {
            // Nothing of the operator's is lost with it.
            return;
        }
        // Told once: without room, every change fails alike.
        let known = std::mem::replace(&mut self.state.cannot_save, result.as_ref().err().cloned()).is_some();
        // Each launch waits for the attempt that holds its own record: an earlier one tells nothing of it.
        let waiting = if key == RESTORES { self.state.launches.saving(id) } else { Vec::new() };
        if waiting.is_empty() {
            if let Err(why) = result
                && !known
            {
                let (title, lasts) = match key {
                    RESTORES => ("Couldn't save restore history", "Restores are tracked while this page is open."),
                    SENT_REQUESTS => ("Couldn't save the request", "It's tracked until you close this page."),
                    FILE_RECOVERY => ("Couldn't save the file recovery", "It's listed here until you close this page."),
                    _ => ("Couldn't save your restore settings", "They're kept until you close this page."),
                };
                self.show_notice(title, &format!("{why} {lasts}"));
            }
            return;
        }
        for launch in waiting {
            self.on_launch_saved(&launch, result.clone());
        }
    }

    pub(super) fn forget(&mut self, id: &ClientRequestId) {
        if self.state.restore(id).is_some_and(|r| !r.is_running()) {
            self.state.restores.retain(|r| r.id != *id);
            self.save_restores();
        }
    }

    /// Keeps what cannot be read, before it is overwritten: verbatim, for whoever can.
    /// Gives the save that keeps it; none where nothing of it is new.
    pub(super) fn quarantine_entries(&mut self, key: &str, unread: Vec<String>) -> Option<SaveId> {
        let known = |text: &String| self.state.quarantine.iter().any(|other| other.text == *text);
        let new: Vec<String> = unread.into_iter().filter(|text| !known(text)).collect();
        if new.is_empty() {
            return None;
        }
        let save = self.next_save();
        let at = self.env.now;
        let quarantine = &mut self.state.quarantine;
        quarantine.extend(new.into_iter().map(|text| QuarantinedEntry { at, key: key.to_owned(), text }));
        quarantine.drain(..quarantine.len().saturating_sub(MAX_UNREAD));
        self.save_quarantine();
        self.show_notice(
            "Some saved data can't be read",
            "It was saved by a newer version of this page, is damaged, or is inconsistent: a request that doesn't match its hash, a start in the future, or a second request with a known ID. It's kept unchanged in Settings. This page doesn't track or send anything from it. Restores it names keep running in Azure: find them in the vault's jobs.",
        );
        Some(save)
    }

    /// Removes the records that could not be read, once what they hold is kept elsewhere. A restore that this tab knows better is saved
    /// anew instead.
    pub(super) fn remove_damaged(&mut self) {
        let damaged = std::mem::take(&mut self.state.saves.damaged);
        let known = |key: &str| self.state.restores.iter().find(|r| r.id.as_str() == key).map(|r| r.id.clone());
        let (mut restores, mut drafts, mut plans) = (Vec::new(), Vec::new(), Vec::new());
        let mut again = Vec::new();
        for (store, key) in damaged {
            match known(&key) {
                _ if store == DRAFTS => drafts.push(key),
                _ if store == PLANS => plans.push(Change::Delete(key)),
                Some(id) => again.push(id),
                None => restores.push(Change::Delete(key)),
            }
        }
        if !drafts.is_empty() {
            self.save_drafts(drafts);
        }
        for (store, changes) in [(RESTORES, restores), (PLANS, plans)] {
            if !changes.is_empty() {
                self.save_records(store, changes, true);
            }
        }
        if !again.is_empty() {
            self.state.saves.unsaved.extend(again);
            self.save_restores();
        }
    }

    pub(super) fn save_quarantine(&mut self) {
        let value = saved::write(&self.state.quarantine);
        self.save(QUARANTINE, value, true);
    }

    pub(super) fn export_unread(&mut self) {
        let text = saved::write(&self.state.quarantine);
        let name = "vm-restore-unread.json".to_owned();
        self.effects.push(Effect::Download { name, mime: "application/json", text });
    }

    pub(super) fn discard_unread(&mut self) {
        self.state.quarantine.clear();
        self.effects.push(Effect::Remove(QUARANTINE));
        self.announce("Unreadable entries deleted from this browser");
    }

    /// Nothing of this page stays in the browser. Restores that run go on in Azure, and nobody here follows them any more.
    pub(super) fn forget_all(&mut self) {
        // What is being sent at this moment is saved again.
        let launches = &self.state.launches;
        self.state.restores.retain(|r| launches.is_active(&r.id));
        self.state.drafts.clear();
        self.forget_plans(|_| true);
        self.state.saves.plans_written = self.state.plans.clone();
        self.state.saves.unsaved_plans.clear();
        self.state.quarantine.clear();
        self.state.quotas.clear();
        self.state.file_sessions.clear();
        self.state.file_requests.clear();
        self.state.sent_requests = SentRequests::default();
        self.state.settings = Settings::default();
        for key in [RESTORES, DRAFTS, PLANS, READS, FILE_RECOVERY, SENT_REQUESTS, QUARANTINE, SETTINGS, DEMO_WORLD] {
            self.effects.push(Effect::Remove(key));
        }
        self.state.saves.older.clear();
        self.state.saves.damaged.clear();
        for store in [DRAFTS, PLANS, RESTORES] {
            self.save_records(store, vec![Change::Clear], true);
        }
        let left = self.state.restores.iter().map(|r| r.id.clone()).collect();
        self.state.saves.written = self.state.restores.clone();
        self.state.saves.unsaved = left;
        self.save_restores();
        self.announce("All data of this page deleted from this browser");
    }

    /// Finished restores are kept for so many days from now on.
    pub(super) fn keep_days(&mut self, days: u16) {
        self.state.settings.keep_days = days;
        self.save_settings();
        if self.forget_old() {
            self.save_restores();
        }
    }

    /// Forgets what is over for longer than the settings say. Whether there was anything.
    pub(super) fn forget_old(&mut self) -> bool {
        let oldest = self.env.now.saturating_sub(Duration::days(self.state.settings.keep_days.into()));
        let old = |at: OffsetDateTime| at < oldest;
        let before = self.state.restores.len();
        self.state.restores.retain(|r| r.is_running() || !old(r.last_change()));
        if self.state.quarantine.iter().any(|unread| old(unread.at)) {
            self.state.quarantine.retain(|unread| !old(unread.at));
            self.save_quarantine();
        }
        self.state.restores.len() != before
    }

    /// The account signs out: nobody else sees its restores, or they go, as the settings say.
    pub(super) fn hide_records(&mut self) {
        let now = self.env.now;
        let delete = self.state.settings.on_sign_out == OnSignOut::Delete;
        if delete {
            self.state.drafts.clear();
            self.save_records(DRAFTS, vec![Change::Clear], true);
            let (account, tenant) = self.state.session.identity();
            let (account, tenant) = (account.map(str::to_owned), tenant.map(str::to_owned));
            self.forget_plans(|record| record.plan.owner.matches(account.as_deref(), tenant.as_deref()));
            self.save_plans();
            self.state.file_sessions.forget_of(&self.state.identity());
            self.save_files();
            self.state.sent_requests.forget_of(&self.state.identity());
            self.save_sent();
        }
        let mut restores = self.state.restores.clone();
        if !restores.iter().any(|r| self.state.owns(r)) {
            return;
        }
        if delete {
            restores.retain(|r| r.is_running() || !self.state.owns(r));
        }
        restores.change_where(
            |r| self.state.owns(r),
            |r| {
                r.hidden.get_or_insert(now);
            },
        );
        self.state.restores = restores;
        self.save_restores();
    }

    /// The account is back: it sees its restores again.
    pub(super) fn show_records(&mut self) {
        let mut restores = self.state.restores.clone();
        restores.change_where(|r| r.hidden.is_some() && self.state.owns(r), |r| r.hidden = None);
        if !restores.is_same_list(&self.state.restores) {
            self.state.restores = restores;
            self.save_restores();
        }
    }
}
