//! What this browser remembers.

use std::rc::Rc;

use azure_backup::arm::id::ClientRequestId;

use super::Turn;
use crate::app::effect::Effect;
use crate::app::saved::{self, DRAFTS, MOST_DRAFTS, MOST_RESTORES, RESTORES, SETTINGS};
use crate::app::state::State;
use crate::restore::tracked::Tracked;

impl Turn<'_> {
    pub(super) fn save_settings(&mut self) {
        let value = saved::write(&self.state.settings);
        self.effects.push(Effect::Save { key: SETTINGS, value });
    }

    pub(super) fn save_drafts(&mut self) {
        while self.state.drafts.len() > MOST_DRAFTS {
            let current = self.state.route.point().cloned();
            let Some(first) = self.state.drafts.keys().find(|k| Some(*k) != current.as_ref()).cloned() else { break };
            self.state.drafts.remove(&first);
        }
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
        self.effects.push(Effect::Save { key: RESTORES, value: saved::write(restores) });
    }

    pub(super) fn saved(&mut self, key: &'static str, result: Result<(), String>) {
        if key == RESTORES {
            self.intent_saved(result);
        } else if let Err(why) = result {
            self.tell("Your choices are not remembered", &format!("{why} They last until this page is closed."));
        }
    }

    /// Another tab has saved. What it knows better is taken over; what only this tab is doing stays.
    pub(super) fn saved_elsewhere(&mut self, key: &str, value: Option<&str>) {
        match (key, value) {
            (RESTORES, Some(text)) => {
                let theirs = saved::restores(text);
                let own: Vec<Tracked> =
                    self.state.restores.iter().filter(|r| self.state.is_ours(&r.id)).cloned().collect();
                let mut merged: Vec<Tracked> =
                    theirs.into_iter().map(|t| own.iter().find(|o| o.id == t.id).cloned().unwrap_or(t)).collect();
                for mine in own {
                    if merged.iter().all(|m| m.id != mine.id) {
                        merged.insert(0, mine);
                    }
                }
                self.state.restores = Rc::new(merged);
            }
            (DRAFTS, Some(text)) => {
                let mut theirs = saved::drafts(text);
                // The form on screen here is not changed under the operator's hands.
                if let Some(point) = self.state.route.point()
                    && let Some(draft) = self.state.drafts.get(point)
                {
                    theirs.insert(point.clone(), draft.clone());
                }
                self.state.drafts = theirs;
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

    pub(super) fn forget_all(&mut self) {
        Rc::make_mut(&mut self.state.restores).retain(Tracked::is_running);
        self.save_restores();
        self.state.drafts.clear();
        self.effects.push(Effect::Remove(DRAFTS));
        self.announce("Drafts and finished restores are removed from this browser");
    }
}

impl State {
    /// Whether this tab is the one to say how a restore stands: it follows it, or is sending it.
    fn is_ours(&self, id: &ClientRequestId) -> bool {
        self.starting.as_ref().map(|s| &s.id) == Some(id)
            || self.leading && self.restore(id).is_some_and(|r| r.cloud == self.cloud().name)
            || self.calls.values().any(|p| matches!(p, crate::app::state::Purpose::Trigger(t) if t == id))
    }
}
