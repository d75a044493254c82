//! What other tabs have saved, and what the storage holds when it is read once more: how it joins what this tab knows.

use std::collections::BTreeSet;

use azure_backup::arm::id::{ClientRequestId, JobId};
use time::OffsetDateTime;

use super::UpdateContext;
use crate::app::msg::Msg;
use crate::app::records::{Change, Record};
use crate::app::saved::{
    self, DRAFTS, FILE_RECOVERY, PLANS, QUARANTINE, READS, RESTORES, SENT_REQUESTS, SETTINGS, Settings,
};
use crate::app::sent::SentRequests;
use crate::app::state::State;
use crate::restore::regional_id::RegionalId;
use crate::restore::run::RestoreRun;

impl UpdateContext<'_> {
    /// What other tabs tell while this one still reads the storage waits: what was read may be older.
    pub(super) fn is_early(&mut self, msg: &Msg) -> bool {
        let early = !self.state.started && matches!(msg, Msg::SavedElsewhere { .. } | Msg::RecordsChanged { .. });
        if early {
            self.state.early.push(msg.clone());
        }
        early
    }

    pub(super) fn handle_early(&mut self) {
        for msg in std::mem::take(&mut self.state.early) {
            self.handle(msg);
        }
    }

    /// Another tab has saved a text. What it knows better is taken over; what only this tab is doing stays.
    pub(super) fn on_saved_elsewhere(&mut self, key: &str, value: Option<&str>) {
        match (key, value) {
            // Older versions of this page save and tell all restores in one text, and all drafts.
            (RESTORES, Some(text)) => {
                let found = saved::restores(text, self.env.now);
                self.quarantine_entries(RESTORES, found.unread);
                for theirs in found.read {
                    let id = theirs.id.clone();
                    self.merge(theirs);
                    self.state.saves.unsaved.insert(id);
                }
                self.disown_guesses();
            }
            (DRAFTS, Some(text)) => {
                let found = saved::drafts(text);
                self.quarantine_entries(DRAFTS, found.unread);
                for (place, draft) in
                    found.read.into_iter().filter(|(place, _)| !self.shows_form(place)).collect::<Vec<_>>()
                {
                    self.state.drafts.insert(&place, draft);
                    self.state.saves.unsaved_drafts.push(place.of_draft().key());
                }
            }
            // Who led before may still hear that Azure is to be left alone.
            (READS, Some(text)) => {
                let theirs = saved::read(text).unwrap_or_default();
                let identity = self.state.identity().key();
                self.state.quotas.merge(&theirs, self.state.leading.then_some(identity.as_str()));
            }
            (FILE_RECOVERY, text @ Some(_)) => self.remember_files(text),
            // Another tab has forgotten it all.
            (FILE_RECOVERY, None) => self.state.file_sessions.clear(),
            (SENT_REQUESTS, text @ Some(_)) => self.remember_sent(text),
            (SENT_REQUESTS, None) => self.state.sent_requests = SentRequests::default(),
            (RESTORES, None) => self.forgotten_elsewhere(),
            (DRAFTS, None) => self.state.drafts.clear(),
            (READS, None) => self.state.quotas.clear(),
            (QUARANTINE, None) => self.state.quarantine.clear(),
            (SETTINGS, None) => self.state.settings = Settings::default(),
            _ => {}
        }
    }

    /// Another tab has changed records, whether the database holds that or not.
    pub(super) fn records_changed(&mut self, store: &str, changes: Vec<Change>, kept: bool) {
        let mut removed = Vec::new();
        for change in changes {
            // A tab of an older version does not know the database: what it removes is removed from there by this tab.
            if !kept && !matches!(change, Change::Put(_)) {
                removed.push(change.clone());
            }
            match (store, change) {
                (RESTORES, Change::Put(record)) => self.merge_restore_record(&record, kept),
                (RESTORES, Change::Delete(key)) => {
                    if let Ok(id) = ClientRequestId::parse(&key) {
                        self.forget_restore(&id, |state, mine| state.is_ours(mine) && mine.is_running());
                    }
                }
                (RESTORES, Change::Clear) => self.forgotten_elsewhere(),
                (DRAFTS, Change::Put(record)) => match saved::draft(&record) {
                    // The form on screen here is not changed under the operator's hands.
                    Some((place, _)) if self.shows_form(&place) => {}
                    Some((place, draft)) => {
                        if !kept {
                            self.state.saves.unsaved_drafts.push(place.of_draft().key());
                        }
                        self.state.drafts.insert(&place, draft);
                    }
                    None => drop(self.quarantine_entries(DRAFTS, vec![record.1])),
                },
                (PLANS, Change::Put(record)) => self.merge_plan_record(&record, kept),
                (PLANS, Change::Delete(key)) => self.plans_gone(Some(&key)),
                (PLANS, Change::Clear) => self.plans_gone(None),
                (DRAFTS, Change::Delete(key)) => self.state.drafts.remove(&key),
                (DRAFTS, Change::Clear) => self.state.drafts.clear(),
                _ => {}
            }
        }
        if store == RESTORES {
            self.disown_guesses();
        }
        self.remove_too(store, removed);
    }

    /// Removes what another tab could not remove, except for a restore that this tab still needs. Nobody is told if it fails here, too: two tabs
    /// would tell each other for ever.
    fn remove_too(&mut self, store: &str, mut removed: Vec<Change>) {
        let Some(store) = [RESTORES, DRAFTS, PLANS].into_iter().find(|known| *known == store) else { return };
        let known = |key: &str| self.state.restores.iter().any(|r| r.id.as_str() == key);
        removed.retain(|change| !matches!(change, Change::Delete(key) if store == RESTORES && known(key)));
        if removed.is_empty() {
            return;
        }
        self.save_records(store, removed, false);
        if store == RESTORES && !self.state.restores.is_empty() {
            self.save_restores();
        }
    }

    /// The records of restores as the database holds them.
    pub(super) fn records_read(&mut self, keys: &[String], records: &[Record]) {
        self.state.records_unread = false;
        for record in records {
            // What this tab is saving, or could not save, is newer.
            if ClientRequestId::parse(&record.0).is_ok_and(|id| !self.state.saves.knows_more(&id)) {
                self.merge_restore_record(record, true);
            }
        }
        let found: BTreeSet<ClientRequestId> = keys.iter().filter_map(|key| ClientRequestId::parse(key).ok()).collect();
        let lacking = |r: &&RestoreRun| !found.contains(&r.id) && !self.state.saves.knows_more(&r.id);
        let lacking: Vec<ClientRequestId> = self.state.restores.iter().filter(lacking).map(|r| r.id.clone()).collect();
        for id in lacking {
            // Another tab may have told of it after the storage was read.
            self.forget_restore(&id, |_, mine| mine.is_running());
        }
        self.disown_guesses();
    }

    /// One restore as another tab or the storage tells it.
    fn merge_restore_record(&mut self, record: &Record, kept: bool) {
        let Some(theirs) = saved::restore(record, self.env.now) else {
            self.quarantine_entries(RESTORES, vec![record.1.clone()]);
            // What this tab knows of it takes its place.
            let known = self.state.restores.iter().find(|restore| restore.id.as_str() == record.0);
            self.state.saves.unsaved.extend(known.map(|restore| restore.id.clone()));
            return;
        };
        let id = theirs.id.clone();
        let same = self.merge(theirs.clone()).is_some_and(|merged| *merged == theirs);
        if kept && same {
            // The browser holds it as this tab does.
            self.state.saves.written.adopt(&id, &self.state.restores);
            self.state.saves.unsaved.remove(&id);
        } else {
            self.state.saves.unsaved.insert(id);
        }
    }

    /// A restore is not saved any more. What this tab still needs is saved again with the next change.
    fn forget_restore(&mut self, id: &ClientRequestId, stays: impl Fn(&State, &RestoreRun) -> bool) {
        if self.state.restore(id).is_some_and(|mine| stays(self.state, mine)) {
            self.state.saves.unsaved.insert(id.clone());
            return;
        }
        self.state.restores.retain(|r| r.id != *id);
        self.state.saves.written.adopt(id, &self.state.restores);
        self.state.saves.unsaved.remove(id);
    }

    /// Another tab has removed all that this browser remembers of restores. What this one is sending is saved again with the next change.
    fn forgotten_elsewhere(&mut self) {
        let launches = &self.state.launches;
        self.state.restores.retain(|r| launches.is_active(&r.id));
        self.state.saves.written = self.state.restores.clone();
        self.state.saves.unsaved = self.state.restores.iter().map(|r| r.id.clone()).collect();
    }

    fn shows_form(&self, place: &RegionalId) -> bool {
        let shown = self.state.route.point().map(RegionalId::of_draft);
        shown == Some(place.of_draft()) && self.state.drafts.get(place).is_some()
    }

    /// Takes over what another tab says of a restore, and gives it as it stands then. It may tell of a new one and how a known one stands;
    /// what was asked for, of whom and by whom, is what it was when this tab heard of it first.
    pub(super) fn merge(&mut self, theirs: RestoreRun) -> Option<&RestoreRun> {
        let (id, state, now) = (theirs.id.clone(), &*self.state, self.env.now);
        let Some(mine) = state.restore(&id) else {
            self.state.restores.insert_by_time(theirs);
            return self.state.restore(&id);
        };
        // What Azure has answered does not become what was never sent, whoever says so.
        let unsaid = theirs.can_be_sent() && !mine.can_be_sent() && mine.knows_outcome();
        if !mine.has_same_request(&theirs) || unsaid {
            let strange = saved::write(&theirs);
            self.quarantine_entries(RESTORES, vec![strange]);
            return self.state.restore(&id);
        }
        let merged = if state.is_ours(mine) {
            most_recent_report(mine.clone(), theirs, state, now)
        } else {
            mine.clone().with_report(theirs)
        };
        if merged != *mine {
            self.state.restores.change(&id, |mine| *mine = merged);
        }
        self.state.restore(&id)
    }

    /// Another tab knows whose job it is that was taken for a restore's own by machine and time.
    fn disown_guesses(&mut self) {
        let (mut restores, now) = (self.state.restores.clone(), self.env.now);
        let sure = restores.iter().filter(|r| !r.is_guessed()).filter_map(|r| r.job_id());
        let sure: Vec<&JobId> = sure.collect();
        let wrong = |r: &&RestoreRun| r.is_guessed() && r.job_id().is_some_and(|id| sure.contains(&id));
        let wrong: BTreeSet<ClientRequestId> = restores.iter().filter(wrong).map(|r| r.id.clone()).collect();
        restores.change_where(|r| wrong.contains(&r.id), |r| r.release_job(now));
        self.state.restores = restores;
    }
}

/// The account of one restore that is to be believed: this tab's, which follows or sends it, or `theirs`, which another tab has saved.
fn most_recent_report(mut mine: RestoreRun, theirs: RestoreRun, state: &State, now: OffsetDateTime) -> RestoreRun {
    if !state.launches.is_active(&mine.id) {
        // What was not sent when this tab heard of it last is being sent over there.
        if mine.can_be_sent() && !theirs.can_be_sent() {
            return mine.with_report(theirs);
        }
        // A refusal of its preparation, which could not be saved, did not keep another tab from sending it again.
        if mine.had_no_effect() && !theirs.had_no_effect() {
            return mine.with_report(theirs);
        }
        // The tab that sends it has heard Azure's answer, of which this one can only guess.
        if mine.stage.is_being_sent() || !mine.knows_outcome() && theirs.knows_outcome() {
            return mine.with_report(theirs);
        }
    }
    // Somebody wants to see it now, over there.
    if theirs.poll_times().0.is_some_and(|next| next <= now) {
        mine.poll_now(now);
    }
    mine
}

impl State {
    /// The restores of which the database tells this tab nothing new: they are over, and nothing of them can be sent any more.
    pub fn settled(&self) -> BTreeSet<ClientRequestId> {
        let over = |r: &&RestoreRun| !r.is_running() && !r.can_be_sent();
        self.restores.iter().filter(over).map(|r| r.id.clone()).collect()
    }

    /// Whether this tab is the one to say how a restore stands: it follows it, or is sending it.
    fn is_ours(&self, restore: &RestoreRun) -> bool {
        self.launches.is_active(&restore.id) || self.leading && self.may_follow(restore)
    }
}
