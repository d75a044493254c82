//! What this browser remembers.

use std::rc::Rc;

use azure_backup::arm::id::ClientRequestId;
use time::OffsetDateTime;

use super::Turn;
use crate::app::effect::Effect;
use crate::app::saved::{self, DRAFTS, MOST_RESTORES, MOST_UNREAD, QUARANTINE, READS, RESTORES, SETTINGS, Unread};
use crate::app::state::State;
use crate::restore::tracked::{Stage, Tracked};

impl Turn<'_> {
    pub(super) fn save_settings(&mut self) {
        let value = saved::write(&self.state.settings);
        self.effects.push(Effect::Save { key: SETTINGS, value });
    }

    pub(super) fn save_drafts(&mut self) {
        let value = saved::write(&self.state.drafts);
        self.effects.push(Effect::Save { key: DRAFTS, value });
    }

    pub(super) fn save_restores(&mut self) {
        let restores = Rc::make_mut(&mut self.state.restores);
        while restores.len() > MOST_RESTORES {
            // The oldest finished one; one that runs is never forgotten.
            let Some(at) = restores.iter().rposition(|r| !r.is_running()) else { break };
            restores.remove(at);
        }
        self.state.saving += 1;
        let known = self.state.restores.iter().filter(|r| !self.state.is_private(r));
        self.effects.push(Effect::Save { key: RESTORES, value: saved::restores_text(known) });
    }

    pub(super) fn save_reads(&mut self) {
        self.effects.push(Effect::Save { key: READS, value: saved::write(&self.state.budgets) });
    }

    pub(super) fn saved(&mut self, key: &'static str, result: Result<(), String>) {
        if key == READS || key == QUARANTINE {
            // Nothing of the operator's is lost with it.
            return;
        }
        // Told once: without room, every change fails alike.
        let told = std::mem::replace(&mut self.state.cannot_save, result.as_ref().err().cloned()).is_some();
        if key == RESTORES {
            self.state.saving = self.state.saving.saturating_sub(1);
            if result.is_ok() && self.state.unsaved.take().is_some() {
                // There is room again: what was this tab's alone is saved as well.
                self.save_restores();
            }
            // An earlier attempt tells nothing of the record that is to be sent: the last one does.
            if self.state.saving == 0 || self.state.starting.is_none() {
                self.intent_saved(result, told);
            }
        } else if let Err(why) = result
            && !told
        {
            self.tell("Your choices are not remembered", &format!("{why} They last until this page is closed."));
        }
    }

    /// Another tab has saved. What it knows better is taken over; what only this tab is doing stays.
    pub(super) fn saved_elsewhere(&mut self, key: &str, value: Option<&str>) {
        match (key, value) {
            (RESTORES, Some(text)) => {
                let found = saved::restores(text);
                self.set_aside(RESTORES, found.unread);
                if !found.known {
                    // What this version cannot read is no reason to forget what it knows.
                    return;
                }
                // What another tab knows, the one that leads goes on with: two that prepare it would both send it.
                self.state.unsaved.take_if(|id| found.read.iter().any(|theirs| theirs.id == *id));
                let (state, now) = (&*self.state, self.moment.now);
                let mut own: Vec<Tracked> = state.restores.iter().filter(|r| state.is_ours(r)).cloned().collect();
                let merged =
                    found.read.into_iter().map(|theirs| match own.iter().position(|mine| mine.id == theirs.id) {
                        Some(at) => believed(own.remove(at), theirs, state, now),
                        None => theirs,
                    });
                let merged: Vec<Tracked> = merged.collect();
                // What the other tab does not know yet stays; what is over was forgotten there.
                own.retain(Tracked::is_running);
                own.extend(merged);
                self.state.restores = Rc::new(own);
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
                self.state.budgets.told(theirs, self.state.leading);
            }
            _ => {}
        }
    }

    pub(super) fn forget(&mut self, id: &ClientRequestId) {
        if self.state.restore(id).is_some_and(|r| !r.is_running()) {
            Rc::make_mut(&mut self.state.restores).retain(|r| r.id != *id);
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
            "Something that this browser remembers cannot be read",
            "It was written by a newer version of this page, or is damaged. It is kept as it is: see the settings. Restores that it names go on in Azure; the vault's list of jobs shows them.",
        );
    }

    fn save_quarantine(&mut self) {
        self.effects.push(Effect::Save { key: QUARANTINE, value: saved::write(&self.state.quarantine) });
    }

    pub(super) fn export_unread(&mut self) {
        let text = saved::write(&self.state.quarantine);
        let name = "vm-restore-unread.json".to_owned();
        self.effects.push(Effect::Download { name, mime: "application/json", text });
    }

    pub(super) fn discard_unread(&mut self) {
        self.state.quarantine.clear();
        self.effects.push(Effect::Remove(QUARANTINE));
        self.announce("What could not be read is removed from this browser");
    }

    pub(super) fn forget_all(&mut self) {
        Rc::make_mut(&mut self.state.restores).retain(Tracked::is_running);
        self.save_restores();
        self.state.drafts.clear();
        self.effects.push(Effect::Remove(DRAFTS));
        self.announce("Drafts and finished restores are removed from this browser");
    }
}

/// The account of one restore that is to be believed: this tab's, which follows or sends it, or `theirs`, which another tab has saved.
fn believed(mut mine: Tracked, theirs: Tracked, state: &State, now: OffsetDateTime) -> Tracked {
    // Refused for want of a sign-in, and sent again over there: refused is what it was before.
    let refused = |r: &Tracked| matches!(r.stage, Stage::Refused { .. });
    if refused(&mine) && !refused(&theirs) {
        return theirs;
    }
    let heard = |r: &Tracked| !r.stage.is_leaving() && !matches!(r.stage, Stage::Unknown { .. });
    // The tab that sends it has heard Azure's answer, of which this one can only guess.
    if !state.sends(&mine.id) && (mine.stage.is_leaving() || !heard(&mine) && heard(&theirs)) {
        return theirs;
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
        self.sends(&restore.id) || self.leading && restore.cloud == self.cloud_name()
    }
}
