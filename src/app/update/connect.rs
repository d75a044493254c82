//! Beginning, connecting, leaving.

use std::rc::Rc;

use azure_backup::arm::id::ClientRequestId;

use super::UpdateContext;
use crate::app::config::{Config, ConfigError};
use crate::app::effect::{Effect, SaveId};
use crate::app::fleet::selection::Selection;
use crate::app::plans::Expansions;
use crate::app::plans::readiness::Readiness;
use crate::app::records::{Older, Record};
use crate::app::route::Route;
use crate::app::saved::{self, DRAFTS, PLANS, RESTORES, Saved};
use crate::app::session::{DemoRole, Secret, Session, TokenClaims};
use crate::app::sign_in::{Interaction, SigningIn};
use crate::restore::draft::Draft;
use crate::restore::regional_id::RegionalId;
use crate::restore::run::RestoreRun;

impl UpdateContext<'_> {
    pub(super) fn started(&mut self, config: Result<Rc<Config>, ConfigError>, remembered: &Saved, route: Route) {
        self.state.config_error = None;
        match config {
            Ok(config) => self.state.config = config,
            Err(error) => self.state.config_error = Some(error),
        }
        if let Some(settings) = remembered.settings.as_deref().and_then(saved::read) {
            self.state.settings = settings;
        }
        self.state.quarantine = remembered.quarantine.as_deref().and_then(saved::read).unwrap_or_default();
        self.state.quotas = remembered.reads.as_deref().and_then(saved::read).unwrap_or_default();
        self.state.started = true;
        self.on_route_changed(route);
        self.remember_records(remembered);
        self.remember_files(remembered.file_recovery.as_deref());
        self.remember_sent(remembered.sent_requests.as_deref());
        self.restore_quarantined();
        self.forget_old();
        self.remember_older_restores(&remembered.older_restores);
        self.remember_older_drafts(&remembered.older_drafts);
        // The address may have started the demo instead.
        if self.state.session == Session::Disconnected && (remembered.signed_in || self.state.hosted) {
            self.sign_in(Interaction::Resume);
        }
    }

    /// What the browser has saved, record by record. One that cannot be read does not lose the others, and is not lost itself.
    fn remember_records(&mut self, remembered: &Saved) {
        let now = self.env.now;
        let (mut restores, mut unread) = (Vec::new(), Vec::new());
        for record in &remembered.restores {
            match saved::restore(record, now) {
                Some(restore) => restores.push(restore),
                None => unread.push((RESTORES, record)),
            }
        }
        // The newest first. Of one moment, the order of the keys is as good as any.
        restores.sort_by_key(|restore| std::cmp::Reverse(restore.started));
        self.state.restores = restores.into();
        self.state.saves.written = self.state.restores.clone();
        let mut by_point = Vec::new();
        for record in &remembered.drafts {
            match saved::draft(record) {
                Some((place, draft)) if saved::is_older_key(&place) => by_point.push((place, draft)),
                Some((place, draft)) => self.state.drafts.insert(&place, draft),
                None => unread.push((DRAFTS, record)),
            }
        }
        self.remember_drafts_by_point(by_point);
        for record in &remembered.plans {
            match saved::plan(record) {
                Some(plan) => self.state.plans.put(Rc::new(plan)),
                None => unread.push((PLANS, record)),
            }
        }
        self.state.saves.plans_written = self.state.plans.clone();
        self.state.saves.damaged = unread.iter().map(|(store, record)| (*store, record.0.clone())).collect();
        let mut kept_before = true;
        for store in [RESTORES, DRAFTS, PLANS] {
            let texts = unread.iter().filter(|(of, _)| *of == store).map(|(_, record)| record.1.clone()).collect();
            kept_before &= self.quarantine_entries(store, texts).is_none();
        }
        if kept_before {
            self.remove_damaged();
        }
    }

    /// The drafts that an older version has kept for each recovery point become those of the machines. The older records are removed with
    /// the same save.
    fn remember_drafts_by_point(&mut self, drafts: Vec<(RegionalId, Draft)>) {
        if drafts.is_empty() {
            return;
        }
        let keys = drafts.iter().flat_map(|(place, _)| [place.key(), place.of_draft().key()]).collect();
        for (place, draft) in drafts {
            self.state.drafts.insert_older(&place, draft);
        }
        self.save_drafts(keys);
    }

    /// What versions before the database have saved in `localStorage` moves into the database.
    fn remember_older_restores(&mut self, entries: &[Record]) {
        let mut unread = Vec::new();
        for entry in entries {
            let found = saved::older_restores(entry, self.env.now);
            unread.extend(found.unread);
            for mut theirs in found.read {
                match self.state.restore(&theirs.id) {
                    // The browser may have removed a record of the database that told more.
                    None => theirs.may_have_left(),
                    // A clock that was set back makes an older text look newer. What Azure has answered is newer than that it was being sent.
                    Some(mine) if mine.knows_outcome() && !mine.can_be_sent() && !theirs.knows_outcome() => continue,
                    // A tab of that version may have written it after the record was made.
                    Some(mine) if theirs.last_change() > mine.last_change() => {}
                    Some(_) => continue,
                }
                self.merge(theirs);
            }
        }
        self.forget_old();
        let save = self.next_save();
        self.save_restores();
        let saved = (self.next_save() != save).then_some(save);
        let kept = self.quarantine_entries(RESTORES, unread);
        self.remove_older(entries, saved.into_iter().chain(kept));
    }

    fn remember_older_drafts(&mut self, entries: &[Record]) {
        let (mut new, mut unread) = (Vec::new(), Vec::new());
        for entry in entries {
            let found = saved::older_drafts(entry);
            unread.extend(found.unread);
            new.extend(found.read.into_iter().filter(|(place, _)| self.state.drafts.get(place).is_none()));
        }
        let keys: Vec<String> = new.iter().map(|(place, _)| place.of_draft().key()).collect();
        for (place, draft) in new {
            self.state.drafts.insert_older(&place, draft);
        }
        let saved = (!keys.is_empty()).then(|| self.next_save());
        if saved.is_some() {
            self.save_drafts(keys);
        }
        let kept = self.quarantine_entries(DRAFTS, unread);
        self.remove_older(entries, saved.into_iter().chain(kept));
    }

    /// Removes entries of `localStorage` once these saves have kept all of them elsewhere.
    fn remove_older(&mut self, entries: &[Record], saves: impl Iterator<Item = SaveId>) {
        let (entries, saves) = (entries.to_vec(), saves.collect::<Vec<_>>());
        if entries.is_empty() {
            return;
        }
        if saves.is_empty() {
            self.effects.push(Effect::RemoveUnchanged(entries));
        } else {
            self.state.saves.older.push(Older { entries, saves });
        }
    }

    pub(super) fn start_demo(&mut self) {
        self.state.session = Session::Demo;
        self.effects.push(Effect::UseDemo);
        self.connected();
    }

    /// Another role sees other things, as another token does. The demo's world stays as it is.
    pub(super) fn use_demo_role(&mut self, role: DemoRole) {
        if self.state.session == Session::Demo && self.state.sign_in.demo_role != role {
            self.state.sign_in.demo_role = role;
            self.state.check = None;
            self.begin_session();
            self.announce(&format!("Role changed to {}", role.label()));
        }
    }

    /// Starts the demo where its practice begins.
    pub(super) fn practice(&mut self, address: &str) {
        self.state.return_to = Some(Route::parse(address));
        self.start_demo();
    }

    pub(super) fn on_demo_failed(&mut self, why: &str) {
        self.disconnect();
        // Now, not when the address follows: arriving at a place removes the notice.
        self.on_route_changed(Route::Connect);
        self.show_notice("Couldn't load the demo", why);
    }

    pub(super) fn connect(&mut self, token: Secret) {
        // A token is for the cloud that was configured, and which one that is, is not known.
        if let Some(error) = &self.state.config_error {
            let why = format!("{error} The token wasn't sent anywhere.");
            return self.show_notice("Only the demo works", &why);
        }
        match TokenClaims::read(token.reveal(), self.env.now) {
            Ok(bearer) => {
                self.state.session = Session::Token(bearer);
                self.effects.push(Effect::UseToken(token));
                self.connected();
            }
            Err(error) => {
                self.announce(&error.to_string());
                self.state.token_error = Some(error);
            }
        }
    }

    pub(super) fn connected(&mut self) {
        self.begin_session();
        if self.state.route == Route::Connect {
            let route = self.state.return_to.take().unwrap_or(Route::Vms(Default::default()));
            self.effects.push(Effect::Go(route));
        }
    }

    /// From now on calls are made by another account, or with other rights.
    fn begin_session(&mut self) {
        self.state.token_error = None;
        self.state.sign_in_fault = None;
        self.state.notice = None;
        self.state.sign_in.begin_anew();
        self.token_is_fresh();
        // Another token may see other things.
        self.abort_reads();
        self.state.catalog.clear();
        self.state.jobs_vault = None;
        // Another cloud may have newer api-versions.
        self.state.settings.versions.refused = 0;
        // Another identity sends nothing of what the one before was about to send.
        self.halt_plans_of_others();
        self.cancel_launches_of_others();
        self.state.expansions = Expansions::default();
        self.state.plan_checks = Readiness::default();
        self.state.dry_run = None;
        self.forget_followed_of_others();
        self.resume_sent();
        // The lead is asked for anew: another tab may have been waiting for it.
        self.state.leading = false;
        let identity = self.state.identity().key();
        self.effects.push(Effect::Lead(identity.clone()));
        self.state.selection.work_for(&identity);
        self.state.quotas.work_for(identity);
        self.show_records();
        self.state.probes.clear();
        let left = |r: &&RestoreRun| {
            r.stage.is_being_sent() && self.state.may_follow(r) && !self.state.launches.is_active(&r.id)
        };
        let left: Vec<ClientRequestId> = self.state.restores.iter().filter(left).map(|r| r.id.clone()).collect();
        for id in left {
            self.probe(&id);
        }
        self.poll_all();
    }

    /// The operator leaves; who has signed in signs out.
    pub(super) fn leave(&mut self) {
        let signed_in = matches!(self.state.session, Session::SignedIn(_));
        self.disconnect();
        if signed_in {
            self.effects.push(Effect::SignOut);
        }
    }

    pub(super) fn disconnect(&mut self) {
        // What was about to leave does not leave any more.
        self.halt_plans();
        self.cancel_launches();
        // The demo is nobody's.
        if self.state.session != Session::Demo {
            self.hide_records();
            // Its calls name what it has restored, and hold the bodies.
            self.state.activity = Rc::default();
        }
        self.abort_reads();
        self.state.catalog.clear();
        self.state.jobs_vault = None;
        // Another cloud may have newer api-versions.
        self.state.settings.versions.refused = 0;
        self.state.session = Session::Disconnected;
        self.state.sign_in = SigningIn::default();
        self.state.sign_in_fault = None;
        self.state.leading = false;
        self.state.check = None;
        self.state.practices_plan = false;
        self.state.dry_run = None;
        self.state.linked = None;
        self.forget_followed();
        self.state.return_to = None;
        self.state.machines_left = Default::default();
        self.state.selection = Selection::default();
        self.effects.push(Effect::Disconnect);
        // Left on purpose: another connection begins at the beginning.
        self.state.route = Route::Connect;
        self.effects.push(Effect::Go(Route::Connect));
    }

    /// What could not be read by an older version of this page, and can be read now, joins the restores again.
    fn restore_quarantined(&mut self) {
        let now = self.env.now;
        let before = self.state.quarantine.len();
        let mut back = Vec::new();
        self.state.quarantine.retain(|unread| {
            let found =
                if unread.key == RESTORES { saved::restores(&unread.text, now) } else { saved::Loaded::default() };
            let whole = found.known && found.unread.is_empty();
            // What was set aside for another request under the id of a known one stays there, for whoever wants to see it.
            let known = |new: &RestoreRun| self.state.restores.iter().chain(&back).any(|r| r.id == new.id);
            let joins = whole && !found.read.iter().any(known);
            if joins {
                back.extend(found.read);
            }
            !joins
        });
        if self.state.quarantine.len() == before {
            return;
        }
        for restore in back {
            self.state.restores.insert_by_time(restore);
        }
        self.save_restores();
        self.save_quarantine();
    }
}
