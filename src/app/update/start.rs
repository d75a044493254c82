//! From the click to the trigger. The intent is saved first; only the browser's word that it is saved lets the request leave.

use std::rc::Rc;

use azure_backup::arm::fault::Fault;
use azure_backup::arm::id::ClientRequestId;
use azure_backup::backup::{cross_region, restore_request};
use bytes::Bytes;
use http::Response;

use super::Turn;
use crate::app::effect::Effect;
use crate::app::route::Route;
use crate::app::state::{Purpose, Starting, State};
use crate::restore::plan::{Plan, confirmed};
use crate::restore::tracked::{Asked, Stage, Tracked};

/// What is said when a prepared restore cannot be saved as being sent.
const UNSAVED: &str = "A request is sent only when this browser remembers that it leaves. Free some space for this site: it is tried again each minute.";

impl State {
    /// The restore of this browser that is this very plan and still runs: starting it again would be a mistake.
    pub fn already_running(&self, plan: &Plan) -> Option<&Tracked> {
        self.restores.iter().find(|r| {
            let same = |asked: &Asked| asked.sha256 == plan.sha256 && r.place() == Some(plan.place());
            r.is_running() && r.asked.as_ref().is_some_and(same)
        })
    }
}

impl Turn<'_> {
    pub(super) fn start(&mut self) {
        if let Some(starting) = self.intend() {
            self.state.starting = Some(starting);
            self.save_restores();
        }
    }

    /// The operator has read that nothing can be saved, and wants the restore all the same.
    pub(super) fn start_unsaved(&mut self) {
        if self.state.cannot_save.is_some()
            && let Some(starting) = self.intend()
        {
            self.state.unsaved = Some(starting.id.clone());
            self.trigger(starting);
        }
    }

    /// Makes the record of the plan under review, if it may start.
    fn intend(&mut self) -> Option<Starting> {
        // A second click, however fast, finds the first one here.
        if self.state.starting.is_some() || !self.state.connected() {
            return None;
        }
        let Route::Review(point) = self.state.route.clone() else { return None };
        let draft = self.state.draft(&point);
        let (facts, plan) = (self.state.facts(&point, &draft)?, self.state.plan(&point).ok()?);
        if confirmed(&plan, &draft).is_err()
            || self.state.already_running(&plan).is_some()
            || !self.state.facts_missing(&point).is_empty()
        {
            return None;
        }
        let id = self.moment.id()?;
        let mut tracked = Tracked::intent(&plan, &facts, &self.state.cloud(), id.clone(), self.moment.now);
        if let Some(asked) = &mut tracked.asked {
            (asked.who, asked.tenant) = self.state.session.identity();
            asked.reason = Some(draft.reason.trim().to_owned()).filter(|reason| !reason.is_empty());
        }
        tracked.note(self.moment.now);
        Rc::make_mut(&mut self.state.restores).insert(0, tracked);
        Some(Starting { id, token: None })
    }

    /// The browser has saved the restores, or has not; `told` = that it cannot is known already.
    pub(super) fn intent_saved(&mut self, result: Result<(), String>, told: bool) {
        let Some(starting) = self.state.starting.take() else {
            if let Err(why) = result
                && !told
            {
                self.tell(
                    "Restores are not remembered",
                    &format!("{why} They are followed as long as this page is open."),
                );
            }
            return;
        };
        if let Err(why) = result {
            if starting.token.is_some() {
                // Its preparation is saved, so that another tab may go on with it: here it waits until it can be saved that it leaves.
                let fault = Fault::reported("Save the restore", "", &format!("{why} {UNSAVED}"));
                self.with_restore_unsaved(&starting.id, |r, now| r.unprepared(&fault, now));
                return self.tell("The restore waits", &format!("{why} {UNSAVED}"));
            }
            Rc::make_mut(&mut self.state.restores).retain(|r| r.id != starting.id);
            let text = format!(
                "{why} A restore that is not remembered would be lost with this tab, so nothing was sent to Azure. Free some space for this site and start again, or start without saving."
            );
            self.tell("The restore was not started", &text);
            return;
        }
        self.trigger(starting);
    }

    /// Sends a restore whose record is saved. A cross-region restore without its access token is prepared first, see [`Turn::prepare`].
    fn trigger(&mut self, Starting { id, token }: Starting) {
        if !self.state.connected() {
            // Disconnected between the click and the browser's word that it is saved.
            return self.with_restore(&id, Tracked::resumed);
        }
        let Some((restore, asked)) = self.state.restore(&id).and_then(|r| Some((r, r.asked.as_ref()?))) else { return };
        let body = asked.body(&restore.version);
        let call = match (restore.location(), &token) {
            (None, _) => restore_request::trigger(&asked.point, &body),
            (Some(location), Some(token)) => cross_region::trigger(&location, &body, token),
            (Some(_), None) => return self.effects.push(Effect::Go(Route::Restore(id))),
        };
        let cloud = self.state.cloud();
        match call.request(&cloud, &id) {
            Ok(request) => {
                self.with_restore_unsaved(&id, Tracked::sending);
                let shown = token.is_some().then(|| String::from_utf8_lossy(body.bytes()).into_owned());
                self.send_as(call.name, request, Purpose::Trigger(id.clone()), shown);
                self.announce("The request is being sent");
            }
            Err(refused) => {
                let fault = Fault::refused(call.name, &refused);
                self.with_restore(&id, |r, now| r.heard_trigger(Err(&fault), &cloud, now));
            }
        }
        // The operator may have gone elsewhere while a cross-region restore was prepared.
        if token.is_none() {
            self.effects.push(Effect::Go(Route::Restore(id)));
        }
    }

    /// The next call that a cross-region restore needs before it can be sent: who Azure Backup is in the secondary region, and for it an
    /// access token to the recovery point.
    pub(super) fn prepare(&mut self, id: &ClientRequestId) {
        let Some((restore, asked)) = self.state.restore(id).and_then(|r| Some((r, r.asked.as_ref()?))) else { return };
        // Whoever comes back after hours decides anew.
        if restore.lapsed(self.moment.now) {
            return self.with_restore(id, Tracked::resumed);
        }
        let (Stage::Preparing { properties, .. }, Some(location)) = (&restore.stage, restore.location()) else {
            return;
        };
        let (cloud, Some(request_id)) = (self.state.cloud(), self.moment.id()) else { return };
        let (name, request) = match properties {
            None => {
                let call = cross_region::aad_properties(&location, &restore.version);
                (call.name, call.request(&cloud, &request_id))
            }
            Some(text) => {
                let call = cross_region::access_token(&asked.point, text.clone().into(), &restore.version);
                (call.name, call.request(&cloud, &request_id))
            }
        };
        // The paths are ours and the origin the cloud's own: they cannot be refused.
        if let Ok(request) = request {
            self.send(name, request, Purpose::Prepare(id.clone()));
        }
    }

    /// The answer to one of the two. With the access token the restore is ready: it is saved as being sent, and then sent.
    pub(super) fn prepared(&mut self, id: &ClientRequestId, result: Result<Response<Bytes>, Fault>) {
        // Once it is saved, the tab that leads goes on with it.
        let Some(restore) = self.state.restore(id).filter(|r| self.state.unfollowed(r).is_none()) else { return };
        let Some(asked) = &restore.asked else { return };
        let (Stage::Preparing { properties, .. }, Some(location)) = (&restore.stage, restore.location()) else {
            return;
        };
        let unreadable = |what: &str| Fault::reported(what, "", "The answer holds none of what was asked for.");
        let token = match properties {
            None => {
                let call = cross_region::aad_properties(&location, &restore.version);
                let read = result.and_then(|answer| call.read(&answer)?.ok_or_else(|| unreadable(call.name)));
                let text = read.as_ref().map(|bytes| String::from_utf8_lossy(bytes).into_owned());
                return self.with_restore(id, |r, now| r.prepared(text, now));
            }
            Some(text) => {
                let call = cross_region::access_token(&asked.point, text.clone().into(), &restore.version);
                result.and_then(|answer| call.read(&answer)?.ok_or_else(|| unreadable(call.name)))
            }
        };
        let token = match token {
            Ok(token) => token,
            Err(fault) => return self.with_restore(id, |r, now| r.prepared(Err(&fault), now)),
        };
        let starting = Starting { id: id.clone(), token: Some(token) };
        if self.state.unsaved.as_ref() == Some(id) {
            // The operator has chosen to go on without saving, and no other tab knows of it.
            self.trigger(starting);
        } else if self.state.starting.is_none() {
            self.with_restore_unsaved(id, Tracked::sending);
            self.state.starting = Some(starting);
            self.save_restores();
        }
        // Else another restore is being saved just now: the token is asked for once more.
    }

    pub(super) fn triggered(&mut self, id: &ClientRequestId, result: Result<&Response<Bytes>, &Fault>) {
        let cloud = self.state.cloud();
        self.with_restore(id, |r, now| r.heard_trigger(result, &cloud, now));
        let said = self.state.restore(id).map(Tracked::state_text).unwrap_or_default();
        self.announce(&said);
        if let Some(Stage::Refused { fault }) = self.state.restore(id).map(|r| &r.stage) {
            // The form still holds every choice; its field shows what Azure says of it.
            if fault.needs_sign_in() && self.state.sign_in.waiting.is_some() {
                self.state.sign_in.then = Some(id.clone());
            }
        }
    }

    /// Changes a restore and saves what changed.
    pub(super) fn with_restore(
        &mut self,
        id: &ClientRequestId,
        change: impl FnOnce(&mut Tracked, time::OffsetDateTime),
    ) {
        if self.with_restore_unsaved(id, change) {
            self.save_restores();
        }
    }

    fn with_restore_unsaved(
        &mut self,
        id: &ClientRequestId,
        change: impl FnOnce(&mut Tracked, time::OffsetDateTime),
    ) -> bool {
        let now = self.moment.now;
        let Some(restore) = Rc::make_mut(&mut self.state.restores).iter_mut().find(|r| r.id == *id) else {
            return false;
        };
        let before = restore.state_text();
        change(restore, now);
        restore.note(now);
        let after = restore.state_text();
        if before != after {
            self.announce(&after);
        }
        true
    }
}
