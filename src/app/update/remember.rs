//! What this browser remembers.

use azure_backup::arm::id::{ClientRequestId, JobId};
use time::{Duration, OffsetDateTime};

use super::Turn;
use crate::app::effect::{Effect, SaveId};
use crate::app::launch::{Launch, Step};
use crate::app::saved::{
    self, DEMO_WORLD, DRAFTS, MOST_RESTORES, MOST_UNREAD, OnSignOut, QUARANTINE, READS, RESTORES, SETTINGS, Settings,
    Unread,
};
use crate::app::state::State;
use crate::restore::tracked::{Stage, Tracked};

impl Turn<'_> {
    pub(super) fn save_settings(&mut self) {
        let value = saved::write(&self.state.settings);
        self.save(SETTINGS, value, true);
    }

    pub(super) fn save_drafts(&mut self) {
        let value = saved::write(&self.state.drafts);
        self.save(DRAFTS, value, true);
    }

    pub(super) fn save_restores(&mut self) {
        // The oldest finished ones go; one that runs is never forgotten.
        self.state.restores.shorten(MOST_RESTORES, |r| !r.is_running());
        // A restore whose intent cannot be saved is not started: nobody hears of it.
        let starting =
            |launch: &Launch| matches!(launch.step, Step::SavingIntent(_)) && launch.saved_first && launch.new;
        let told_if_lost = !self.state.launches.active().any(|(_, launch)| starting(launch));
        let value = saved::restores_text(self.state.restores.iter().map(|restore| self.state.as_saved(restore)));
        self.save(RESTORES, value, told_if_lost);
    }

    pub(super) fn save_reads(&mut self) {
        let value = saved::write(&self.state.budgets);
        self.save(READS, value, true);
    }

    /// The attempt to save that comes next.
    pub(super) fn next_save(&self) -> SaveId {
        SaveId(self.state.next_save)
    }

    fn save(&mut self, key: &'static str, value: String, told_if_lost: bool) {
        let id = self.next_save();
        self.state.next_save += 1;
        self.effects.push(Effect::Save { id, key, value, told_if_lost });
    }

    pub(super) fn saved(&mut self, id: SaveId, key: &'static str, result: Result<(), String>) {
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
                let (title, lasts) = if key == RESTORES {
                    ("Couldn't save restore history", "Restores are tracked while this page is open.")
                } else {
                    ("Couldn't save your restore settings", "They're kept until you close this page.")
                };
                self.tell(title, &format!("{why} {lasts}"));
            }
            return;
        }
        for launch in waiting {
            self.launch_saved(&launch, result.clone());
        }
    }

    /// Another tab has saved. What it knows better is taken over; what only this tab is doing stays.
    pub(super) fn saved_elsewhere(&mut self, key: &str, value: Option<&str>) {
        match (key, value) {
            (RESTORES, Some(text)) => {
                let found = saved::restores(text, self.moment.now);
                self.set_aside(RESTORES, found.unread);
                if found.known {
                    // What this version cannot read is no reason to forget what it knows.
                    self.merge_restores(found.read);
                }
            }
            (DRAFTS, Some(text)) => {
                let found = saved::drafts(text);
                self.set_aside(DRAFTS, found.unread);
                let mut theirs = found.read;
                // The form on screen here is not changed under the operator's hands.
                if let Some(point) = self.state.route.point()
                    && let Some(draft) = self.state.drafts.get(point)
                {
                    theirs.insert(point.clone(), draft.clone());
                }
                self.state.drafts = theirs;
            }
            // Who led before may still hear that Azure is to be left alone.
            (READS, Some(text)) => {
                let theirs = saved::read(text).unwrap_or_default();
                let identity = self.state.identity().key();
                self.state.budgets.told(&theirs, self.state.leading.then_some(identity.as_str()));
            }
            // Another tab has forgotten it all.
            (RESTORES, None) => {
                let launches = &self.state.launches;
                self.state.restores.retain(|r| launches.is_active(&r.id));
            }
            (DRAFTS, None) => self.state.drafts.clear(),
            (READS, None) => self.state.budgets.clear(),
            (QUARANTINE, None) => self.state.quarantine.clear(),
            (SETTINGS, None) => self.state.settings = Settings::default(),
            _ => {}
        }
    }

    /// Takes over what another tab says of restores. It may tell of new ones and how known ones stand; what was asked for, of whom and by whom, is
    /// what it was when this tab heard of it first.
    fn merge_restores(&mut self, theirs: Vec<Tracked>) {
        let (state, now) = (&*self.state, self.moment.now);
        let mut known: Vec<&Tracked> = state.restores.iter().collect();
        let (mut merged, mut strange) = (Vec::new(), Vec::new());
        for theirs in theirs {
            let Some(at) = known.iter().position(|mine| mine.id == theirs.id) else {
                merged.push(theirs);
                continue;
            };
            let mine = known.remove(at);
            // What Azure has answered does not become what was never sent, whoever says so.
            let unsaid = theirs.can_be_sent() && !mine.can_be_sent() && heard(mine);
            if !mine.asks_the_same(&theirs) || unsaid {
                strange.push(saved::write(&theirs));
                merged.push(mine.clone());
            } else if state.is_ours(mine) {
                merged.push(believed(mine.clone(), theirs, state, now));
            } else {
                merged.push(mine.clone().reported(theirs));
            }
        }
        // What the other tab does not know yet stays, if this one follows it; what is over was forgotten there.
        let mut own: Vec<Tracked> =
            known.into_iter().filter(|mine| state.is_ours(mine) && mine.is_running()).cloned().collect();
        own.extend(merged);
        // Another tab knows whose job it is that was taken for a restore's own by machine and time.
        let known: Vec<JobId> = own.iter().filter(|r| !r.is_guessed()).filter_map(|r| r.job_id().cloned()).collect();
        for guess in own.iter_mut().filter(|r| r.is_guessed() && r.job_id().is_some_and(|id| known.contains(id))) {
            guess.disowned(now);
        }
        self.state.restores = own.into();
        self.set_aside(RESTORES, strange);
    }

    pub(super) fn forget(&mut self, id: &ClientRequestId) {
        if self.state.restore(id).is_some_and(|r| !r.is_running()) {
            self.state.restores.retain(|r| r.id != *id);
            self.save_restores();
        }
    }

    /// Keeps what cannot be read, before it is overwritten: verbatim, for whoever can.
    pub(super) fn set_aside(&mut self, key: &str, unread: Vec<String>) {
        let known = |text: &String| self.state.quarantine.iter().any(|other| other.text == *text);
        let new: Vec<String> = unread.into_iter().filter(|text| !known(text)).collect();
        if new.is_empty() {
            return;
        }
        let at = self.moment.now;
        let quarantine = &mut self.state.quarantine;
        quarantine.extend(new.into_iter().map(|text| Unread { at, key: key.to_owned(), text }));
        quarantine.drain(..quarantine.len().saturating_sub(MOST_UNREAD));
        self.save_quarantine();
        self.tell(
            "Some saved data can't be read",
            "It was saved by a newer version of this page, is damaged, or is inconsistent: a request that doesn't match its hash, a start in the future, or a second request with a known ID. It's kept unchanged in Settings. This page doesn't track or send anything from it. Restores it names keep running in Azure: find them in the vault's jobs.",
        );
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
        // What is being sent at this moment is told first.
        let sending = |r: &Tracked| self.state.launches.is_active(&r.id);
        let kept: Vec<Tracked> = self.state.restores.iter().filter(|r| sending(r)).cloned().collect();
        let none_left = kept.is_empty();
        self.state.restores = kept.into();
        self.state.drafts.clear();
        self.state.quarantine.clear();
        self.state.budgets.clear();
        self.state.settings = Settings::default();
        for key in [DRAFTS, READS, QUARANTINE, SETTINGS, DEMO_WORLD] {
            self.effects.push(Effect::Remove(key));
        }
        if none_left {
            self.effects.push(Effect::Remove(RESTORES));
        } else {
            self.save_restores();
        }
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
        let oldest = self.moment.now.saturating_sub(Duration::days(self.state.settings.keep_days.into()));
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
        let now = self.moment.now;
        let delete = self.state.settings.on_sign_out == OnSignOut::Delete;
        if delete {
            self.state.drafts.clear();
            self.effects.push(Effect::Remove(DRAFTS));
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

/// Whether Azure's answer to the request is known.
const fn heard(restore: &Tracked) -> bool {
    !restore.stage.is_leaving() && !matches!(restore.stage, Stage::Unknown { .. })
}

/// The account of one restore that is to be believed: this tab's, which follows or sends it, or `theirs`, which another tab has saved.
fn believed(mut mine: Tracked, theirs: Tracked, state: &State, now: OffsetDateTime) -> Tracked {
    if !state.launches.is_active(&mine.id) {
        // What was not sent when this tab heard of it last is being sent over there.
        if mine.can_be_sent() && !theirs.can_be_sent() {
            return mine.reported(theirs);
        }
        // The tab that sends it has heard Azure's answer, of which this one can only guess.
        if mine.stage.is_leaving() || !heard(&mine) && heard(&theirs) {
            return mine.reported(theirs);
        }
    }
    // Somebody wants to see it now, over there.
    if theirs.looks().0.is_some_and(|next| next <= now) {
        mine.look_now(now);
    }
    mine
}

impl State {
    /// Whether this tab is the one to say how a restore stands: it follows it, or is sending it.
    fn is_ours(&self, restore: &Tracked) -> bool {
        self.launches.is_active(&restore.id) || self.leading && self.may_follow(restore)
    }
}
