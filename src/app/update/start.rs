//! From the click to Azure's answer: see [`crate::app::launch`] for the steps.

use azure_backup::arm::fault::Fault;
use azure_backup::arm::id::ClientRequestId;
use azure_backup::backup::cross_region::AccessToken;
use azure_backup::backup::{cross_region, restore_request};
use bytes::Bytes;
use http::Response;
use time::Duration;

use super::{UpdateContext, fault_of};
use crate::app::activity::Exchange;
use crate::app::effect::{CallId, Effect};
use crate::app::launch::{ConfirmedRequest, Launch, LaunchStep, OutgoingRequest};
use crate::app::msg::Transport;
use crate::app::purpose::{Preparation, Purpose};
use crate::app::route::Route;
use crate::app::state::State;
use crate::restore::facts::Facts;
use crate::restore::plan::{Plan, confirmed};
use crate::restore::regional_id::RegionalId;
use crate::restore::run::{RestoreRun, Stage, SubmittedRequest};

/// What is said when a restore cannot be saved as being sent.
const UNSAVED: &str = "To avoid sending a request twice, it's sent only after it's saved.";
/// A restore that another tab holds is asked about again after this: the tab may be gone by then.
const PROBE_INTERVAL: Duration = Duration::minutes(2);

/// Why a request did not leave whose account is not connected any more.
fn owner_disconnected() -> Fault {
    Fault::reported(
        "Trigger restore",
        "",
        "The connection ended, or another account connected, before the request was sent. A request is sent only with the token of the account that started it. Nothing was sent to Azure.",
    )
}

/// Why a request of a plan did not leave.
fn halted() -> Fault {
    Fault::reported(
        "Trigger restore",
        "",
        "The recovery plan was halted before the request was sent. Nothing was sent to Azure.",
    )
}

impl State {
    /// The restore of this account that is this very plan and still runs: starting it again would be a mistake.
    pub fn already_running(&self, plan: &Plan) -> Option<&RestoreRun> {
        self.restores.iter().find(|r| {
            let same = |asked: &SubmittedRequest| asked.sha256 == plan.sha256 && r.place() == Some(plan.place());
            r.is_running() && self.may_follow(r) && r.submitted.as_ref().is_some_and(same)
        })
    }
}

impl UpdateContext<'_> {
    /// Starts the restore under review: of the recovery point and with the body that were on the screen.
    pub(super) fn start(&mut self, place: &RegionalId, sha256: &str, unsaved: bool) {
        // A click that was meant for another page, or for one that is gone, starts nothing.
        if !self.state.connected() || self.state.route != Route::Review(place.clone()) {
            return;
        }
        // Starting without saving is offered only where saving has failed.
        if unsaved && self.state.cannot_save.is_none() {
            return;
        }
        let draft = self.state.draft(place);
        let (Some(facts), Ok(plan)) = (self.state.facts(place, &draft), self.state.plan(place)) else { return };
        if plan.sha256 != sha256 {
            return self.show_notice(
                "The request changed",
                "A new response from Azure changed the request just before you clicked. Nothing was sent. Review the request again, then start it.",
            );
        }
        // A second click, however fast, finds the restore of the first one.
        if confirmed(&plan, &draft).is_err()
            || self.state.already_running(&plan).is_some()
            || !self.state.facts_missing(place).is_empty()
        {
            return;
        }
        let Some(id) = self.begin_launch(&plan, &facts, &draft.reason, !unsaved) else { return };
        // What the check would find, the restore itself will.
        self.state.check.take_if(|check| !check.ended());
        self.save_restores();
        if unsaved {
            self.on_intent_saved(&id);
        }
    }

    /// Begins the launch of a request that was confirmed in this tab. It goes on when the restores are saved the next time.
    pub(super) fn begin_launch(
        &mut self,
        plan: &Plan,
        facts: &Facts,
        reason: &str,
        saved_first: bool,
    ) -> Option<ClientRequestId> {
        let id = self.env.id()?;
        let identity = self.state.identity();
        let mut restore = RestoreRun::intent(plan, facts, &self.state.cloud(), id.clone(), self.env.now);
        restore.owner = identity.owner.clone();
        if let Some(asked) = &mut restore.submitted {
            let (who, tenant) = self.state.session.identity();
            (asked.who, asked.tenant) = (who.map(str::to_owned), tenant.map(str::to_owned));
            asked.reason = Some(reason.trim().to_owned()).filter(|reason| !reason.is_empty());
        }
        restore.note(self.env.now);
        let confirmed = ConfirmedRequest::of(&restore)?;
        self.state.restores.insert_newest(restore);
        let step = LaunchStep::SavingIntent(self.next_save());
        self.state.launches.insert(id.clone(), Launch { identity, confirmed, saved_first, new: true, step });
        if !std::mem::replace(&mut self.state.saves.asked_to_persist, true) {
            self.effects.push(Effect::Persist);
        }
        self.effects.push(Effect::Hold(id.clone()));
        Some(id)
    }

    /// A launch waited for an attempt to save, which is done.
    pub(super) fn on_launch_saved(&mut self, id: &ClientRequestId, result: Result<(), String>) {
        let Some(launch) = self.state.launches.get(id) else { return };
        match (launch.step.clone(), result) {
            (LaunchStep::SavingIntent(_), Ok(())) => self.on_intent_saved(id),
            (LaunchStep::SavingIntent(_), Err(why)) => self.on_intent_not_saved(id, &why),
            (LaunchStep::SavingAsSending(_, outgoing), Ok(())) => self.send_trigger(id, outgoing),
            (LaunchStep::SavingAsSending(..), Err(why)) => self.sending_not_saved(id, &why),
            _ => {}
        }
    }

    fn on_intent_saved(&mut self, id: &ClientRequestId) {
        let Some(launch) = self.state.launches.get_mut(id) else { return };
        if launch.confirmed.secondary.is_some() {
            launch.step = LaunchStep::Preparing { properties: None };
        } else {
            self.authorize(id, None);
        }
        // The operator stays with the plan.
        if !self.state.is_planned(id) {
            self.effects.push(Effect::Go(Route::Restore(id.clone())));
        }
    }

    fn on_intent_not_saved(&mut self, id: &ClientRequestId, why: &str) {
        if self.end_launch(id).is_some_and(|launch| launch.new) {
            self.state.restores.retain(|r| r.id != *id);
        } else {
            self.with_restore_unsaved(id, |r, _| r.mark_not_sent(None));
        }
        if self.plan_not_saved(id) {
            return;
        }
        let text = format!(
            "{why} Nothing was sent, because a restore that isn't saved is lost when this tab closes. Fix that and start again, or start without saving."
        );
        self.show_notice("The restore wasn't started", &text);
    }

    /// Makes the request and asks for a token to send it with.
    fn authorize(&mut self, id: &ClientRequestId, access: Option<&AccessToken>) {
        if !self.is_still_allowed(id) {
            return;
        }
        let Some(confirmed) = self.state.launches.get(id).map(|launch| launch.confirmed.clone()) else { return };
        let body = confirmed.submitted.body(&confirmed.version);
        let call = match (confirmed.location(), access) {
            (Some(location), Some(token)) => cross_region::trigger(&location, &body, token),
            (None, None) => restore_request::trigger(&confirmed.submitted.point, &body),
            _ => return,
        };
        let cloud = self.state.cloud();
        match call.request(&cloud, id) {
            Ok(request) => {
                let shown = access.is_some().then(|| String::from_utf8_lossy(body.bytes()).into_owned());
                let number = self.next_call();
                let outgoing = OutgoingRequest { call: number, name: call.name, request, shown };
                if let Some(launch) = self.state.launches.get_mut(id) {
                    launch.step = LaunchStep::Authorizing(outgoing);
                }
                self.effects.push(Effect::Authorize(number));
            }
            Err(refused) => {
                let fault = Fault::refused(call.name, &refused);
                self.cancel_launch(id, Some(fault));
            }
        }
    }

    /// There is a token for a request that waits for one, or there is none.
    pub(super) fn on_authorized(&mut self, call: CallId, result: Result<(), Transport>) {
        let Some(id) = self.state.launches.authorizing(call) else { return };
        if !self.is_still_allowed(&id) {
            return;
        }
        let Some(Launch { step: LaunchStep::Authorizing(outgoing), saved_first, .. }) =
            self.state.launches.get(&id).cloned()
        else {
            return;
        };
        if let Err(transport) = result {
            let fault = fault_of(outgoing.name, &transport);
            if fault.needs_sign_in() {
                self.token_refused(fault.clone(), outgoing.name);
            }
            return self.cancel_launch(&id, Some(fault));
        }
        self.with_restore_unsaved(&id, RestoreRun::on_sending);
        if saved_first {
            let step = LaunchStep::SavingAsSending(self.next_save(), outgoing);
            if let Some(launch) = self.state.launches.get_mut(&id) {
                launch.step = step;
            }
            self.save_restores();
        } else {
            self.save_restores();
            self.send_trigger(&id, outgoing);
        }
    }

    /// The request leaves.
    fn send_trigger(&mut self, id: &ClientRequestId, OutgoingRequest { call, name, request, shown }: OutgoingRequest) {
        if !self.is_still_allowed(id) {
            return;
        }
        let Some(launch) = self.state.launches.get_mut(id) else { return };
        launch.step = LaunchStep::Sent;
        let purpose = Purpose::Trigger(id.clone());
        let mut exchange = Exchange::sent(call, name, &request, self.env.now);
        if shown.is_some() {
            exchange.body = shown;
        }
        self.send_numbered(call, exchange, request, purpose);
        self.announce("Sending the request");
    }

    fn sending_not_saved(&mut self, id: &ClientRequestId, why: &str) {
        let fault = |text: &str| Fault::reported("Save the restore", "", text);
        if let Some(launch) = self.state.launches.get_mut(id).filter(|launch| launch.confirmed.secondary.is_some()) {
            launch.step = LaunchStep::Preparing { properties: None };
            let text = format!("{why} {UNSAVED} We'll retry every minute.");
            self.with_restore_unsaved(id, |r, now| r.on_sending_not_saved(&fault(&text), now));
            return self.show_notice("Restore on hold", &text);
        }
        self.end_launch(id);
        let fault = fault(&format!("{why} {UNSAVED}"));
        self.with_restore_unsaved(id, |r, _| r.mark_not_sent(Some(fault)));
        self.show_notice(
            "The restore wasn't started",
            &format!("{why} Nothing was sent to Azure. Once that's fixed, send it from here."),
        );
    }

    /// Whether a launch goes on: whoever has clicked is still connected. Otherwise it ends, and nothing was sent.
    pub(super) fn is_still_allowed(&mut self, id: &ClientRequestId) -> bool {
        let Some(launch) = self.state.launches.get(id) else { return false };
        let same = self.state.connected() && launch.identity == self.state.identity();
        if !same {
            self.cancel_launch(id, Some(owner_disconnected()));
        }
        same
    }

    /// Ends a launch whose request has not left.
    pub(super) fn cancel_launch(&mut self, id: &ClientRequestId, fault: Option<Fault>) {
        self.end_launch(id);
        self.with_restore(id, |r, _| r.mark_not_sent(fault));
    }

    pub(super) fn end_launch(&mut self, id: &ClientRequestId) -> Option<Launch> {
        let launch = self.state.launches.remove(id)?;
        self.effects.push(Effect::Release(id.clone()));
        Some(launch)
    }

    /// The connection ends: what was about to be sent does not leave.
    pub(super) fn cancel_launches(&mut self) {
        self.cancel_launches_where(|_| true);
    }

    /// Another account has connected: what another one was about to send does not leave.
    pub(super) fn cancel_launches_of_others(&mut self) {
        let identity = self.state.identity();
        self.cancel_launches_where(|launch| launch.identity != identity);
    }

    /// A plan is halted: a request of it that has not left does not leave.
    pub(super) fn withdraw_launch(&mut self, id: &ClientRequestId) {
        if let Some(Launch { step: LaunchStep::Authorizing(outgoing), .. }) = self.state.launches.get(id) {
            self.effects.push(Effect::Abort(outgoing.call));
        }
        self.cancel_launch(id, Some(halted()));
    }

    fn cancel_launches_where(&mut self, ends: impl Fn(&Launch) -> bool) {
        let waits = |launch: &Launch| !matches!(launch.step, LaunchStep::Sent) && ends(launch);
        let waiting = self.state.launches.active().filter(|(_, launch)| waits(launch));
        let waiting: Vec<(ClientRequestId, Option<CallId>)> = waiting
            .map(|(id, launch)| match &launch.step {
                LaunchStep::Authorizing(outgoing) => (id.clone(), Some(outgoing.call)),
                _ => (id.clone(), None),
            })
            .collect();
        for (id, call) in waiting {
            self.effects.extend(call.map(Effect::Abort));
            self.cancel_launch(&id, Some(owner_disconnected()));
        }
    }

    /// The next call that a cross-region restore needs before it can be sent: who Azure Backup is in the secondary region, and for it an
    /// access token to the recovery point.
    pub(super) fn prepare(&mut self, id: &ClientRequestId) {
        if !self.is_still_allowed(id) {
            return;
        }
        // Whoever comes back after hours decides anew.
        if self.state.restore(id).is_none_or(|restore| restore.preparation_expired(self.env.now)) {
            let fault = self.state.restore(id).and_then(|restore| restore.last_error().cloned());
            return self.cancel_launch(id, fault);
        }
        let Some(Launch { step: LaunchStep::Preparing { properties }, confirmed, .. }) = self.state.launches.get(id)
        else {
            return;
        };
        let Some(location) = confirmed.location() else { return };
        let (cloud, Some(request_id)) = (self.state.cloud(), self.env.id()) else { return };
        let (name, request, sent) = match properties {
            None => {
                let call = cross_region::aad_properties(&location, &confirmed.version);
                (call.name, call.request(&cloud, &request_id), Preparation::Properties(call))
            }
            Some(properties) => {
                let call =
                    cross_region::access_token(&confirmed.submitted.point, properties.clone(), &confirmed.version);
                (call.name, call.request(&cloud, &request_id), Preparation::AccessToken(call))
            }
        };
        // The paths are ours and the origin the cloud's own: they cannot be refused.
        if let Ok(request) = request {
            self.send(name, request, Purpose::Prepare(id.clone(), sent));
        }
    }

    /// The answer to one of the two. With the access token the restore is ready to be sent.
    pub(super) fn on_preparation_response(
        &mut self,
        id: &ClientRequestId,
        sent: &Preparation,
        result: Result<Response<Bytes>, Fault>,
    ) {
        let Some(launch) = self.state.launches.get_mut(id) else { return };
        let LaunchStep::Preparing { properties } = &mut launch.step else { return };
        let unreadable = |what: &str| Fault::reported(what, "", "Azure's response is missing the expected data.");
        let access = match sent {
            Preparation::Properties(call) => {
                match result.and_then(|answer| call.read(&answer)?.ok_or_else(|| unreadable(call.name))) {
                    Ok(read) => {
                        *properties = Some(read);
                        return self.with_restore(id, RestoreRun::on_preparation_response);
                    }
                    Err(fault) => Err(fault),
                }
            }
            Preparation::AccessToken(call) => {
                result.and_then(|answer| call.read(&answer)?.ok_or_else(|| unreadable(call.name)))
            }
        };
        match access {
            Ok(token) => self.authorize(id, Some(&token)),
            Err(fault) => {
                self.with_restore(id, |r, now| r.on_preparation_failed(&fault, now));
                if self.state.restore(id).is_some_and(|r| matches!(r.stage, Stage::Refused { .. })) {
                    self.answered_launch(id);
                }
            }
        }
    }

    pub(super) fn on_trigger_response(&mut self, id: &ClientRequestId, result: Result<&Response<Bytes>, &Fault>) {
        let cloud = self.state.cloud();
        self.with_restore(id, |r, now| r.on_trigger_response(result, &cloud, now));
        let said = self.state.restore(id).map(RestoreRun::state_text).unwrap_or_default();
        self.announce(&said);
        self.answered_launch(id);
        self.plan_answered(id);
        if self.state.can_retry_refused(id) && self.state.sign_in.waiting.is_some() {
            self.state.sign_in.then = Some(id.clone());
        }
    }

    /// Azure has answered a launch, which is over by that. What it has refused for want of a sign-in stays, to be sent again after one.
    fn answered_launch(&mut self, id: &ClientRequestId) {
        let Some(mut launch) = self.end_launch(id) else { return };
        if self.state.restore(id).is_some_and(RestoreRun::is_refused_for_sign_in) {
            launch.step = LaunchStep::Refused;
            self.state.launches.insert(id.clone(), launch);
        }
    }

    /// Sends the bytes of this tab's click again, which Azure has refused for want of a sign-in.
    pub(super) fn send_refused(&mut self, id: &ClientRequestId) {
        let identity = self.state.identity();
        let Some(launch) = self.state.launches.get_mut(id) else { return };
        let refused = self.state.restores.get(id).is_some_and(RestoreRun::is_refused_for_sign_in);
        if !refused || launch.identity != identity || !matches!(launch.step, LaunchStep::Refused) {
            return;
        }
        launch.step = LaunchStep::Claiming;
        self.effects.push(Effect::Claim(id.clone()));
    }

    /// Sends what a record asks for that was not sent: after a look at the very text, by the account that it belongs to.
    pub(super) fn send_unsent(&mut self, id: &ClientRequestId, sha256: &str) {
        if self.state.launches.is_active(id) {
            return;
        }
        let Some(Ok(review)) = self.state.unsent_review(id) else { return };
        if review.sha256 != sha256 {
            return self.show_notice(
                "The request changed",
                "Another tab changed this restore just before you clicked. Nothing was sent. Review the request again, then send it.",
            );
        }
        if !self.state.unsent_is_confirmed(id, &review) {
            return;
        }
        let Some(confirmed) = self.state.restore(id).and_then(ConfirmedRequest::of) else { return };
        let identity = self.state.identity();
        self.state.launches.insert(
            id.clone(),
            Launch { identity, confirmed, saved_first: true, new: false, step: LaunchStep::Claiming },
        );
        self.effects.push(Effect::Claim(id.clone()));
    }

    /// Asks the browser whether any tab still sends a restore that seems to be on its way.
    pub(super) fn probe(&mut self, id: &ClientRequestId) {
        self.state.probes.insert(id.clone(), self.env.now + PROBE_INTERVAL);
        self.effects.push(Effect::Claim(id.clone()));
    }

    pub(super) fn on_probed(&mut self, id: &ClientRequestId, held: bool) {
        if !held {
            return;
        }
        self.effects.push(Effect::Release(id.clone()));
        if self.state.restore(id).is_some_and(|r| r.stage.is_being_sent()) && !self.state.launches.is_active(id) {
            self.state.probes.remove(id);
            self.with_restore(id, RestoreRun::on_sender_gone);
        }
    }

    /// Changes a restore and saves what changed.
    pub(super) fn with_restore(
        &mut self,
        id: &ClientRequestId,
        change: impl FnOnce(&mut RestoreRun, time::OffsetDateTime),
    ) {
        if self.with_restore_unsaved(id, change) {
            self.save_restores();
        }
    }

    pub(super) fn with_restore_unsaved(
        &mut self,
        id: &ClientRequestId,
        change: impl FnOnce(&mut RestoreRun, time::OffsetDateTime),
    ) -> bool {
        let now = self.env.now;
        let changed = self.state.restores.change(id, |restore| {
            let before = restore.state_text();
            change(restore, now);
            restore.note(now);
            (before, restore.state_text())
        });
        let Some((before, after)) = changed else { return false };
        if before != after {
            self.announce(&after);
        }
        true
    }
}
