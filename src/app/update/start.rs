//! From the click to the trigger. The intent is saved first; only the browser's word that it is saved lets the request leave.

use std::rc::Rc;

use azure_backup::arm::fault::Fault;
use azure_backup::arm::id::ClientRequestId;
use azure_backup::backup::restore_request::{self, TriggerBody};
use bytes::Bytes;
use http::Response;

use super::Turn;
use crate::app::effect::Effect;
use crate::app::route::Route;
use crate::app::state::{Purpose, Starting, State};
use crate::restore::plan::{Plan, confirmed};
use crate::restore::tracked::{Stage, Tracked};

impl State {
    /// The restore of this browser that is this very plan and still runs: starting it again would be a mistake.
    pub fn already_running(&self, plan: &Plan) -> Option<&Tracked> {
        self.restores.iter().find(|r| r.point == plan.point && r.sha256 == plan.sha256 && r.is_running())
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
            && let Some(Starting { id, body }) = self.intend()
        {
            self.trigger(&id, &body);
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
        let tracked = Tracked::intent(&plan, &facts, &self.state.cloud(), id.clone(), self.moment.now);
        Rc::make_mut(&mut self.state.restores).insert(0, tracked);
        Some(Starting { id, body: plan.body })
    }

    /// The browser has saved the restores, or has not; `told` = that it cannot is known already.
    pub(super) fn intent_saved(&mut self, result: Result<(), String>, told: bool) {
        let Some(Starting { id, body }) = self.state.starting.take() else {
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
            Rc::make_mut(&mut self.state.restores).retain(|r| r.id != id);
            let text = format!(
                "{why} A restore that is not remembered would be lost with this tab, so nothing was sent to Azure. Free some space for this site and start again, or start without saving."
            );
            self.tell("The restore was not started", &text);
            return;
        }
        self.trigger(&id, &body);
    }

    fn trigger(&mut self, id: &ClientRequestId, body: &TriggerBody) {
        let Some(point) = self.state.restore(id).map(|r| r.point.clone()) else { return };
        let cloud = self.state.cloud();
        match restore_request::trigger(&point, body).request(&cloud, id) {
            Ok(request) => {
                self.with_restore_unsaved(id, |r, _| r.sending());
                self.send("Trigger restore", request, Purpose::Trigger(id.clone()));
                self.announce("The request is being sent");
            }
            Err(refused) => {
                let fault = Fault::refused("Trigger restore", &refused);
                self.with_restore(id, |r, now| r.heard_trigger(Err(&fault), &cloud, now));
            }
        }
        self.effects.push(Effect::Go(Route::Restore(id.clone())));
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
        let after = restore.state_text();
        if before != after {
            self.announce(&after);
        }
        true
    }
}
