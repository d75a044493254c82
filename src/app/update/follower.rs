//! What every request has in common that is shown before it leaves and followed to its end: undeletions, file recovery, what is done with
//! restored disks, deployments.

use azure_backup::arm::call::ApiVersion;
use azure_backup::arm::fault::Fault;
use azure_backup::arm::id::ArmId;
use azure_backup::arm::operation::NextStep;
use bytes::Bytes;
use http::Response;
use time::OffsetDateTime;

use super::UpdateContext;
use crate::app::activity::Exchange;
use crate::app::effect::CallId;
use crate::app::follower::{Followed, Follower, POLL};
use crate::app::purpose::Purpose;
use crate::app::sent::SentStage;
use crate::app::shown_request::ShownRequest;

impl UpdateContext<'_> {
    /// Says that the request is another one than the screen showed, so that it was not sent.
    pub(super) fn refuse_changed_request(&mut self) {
        self.show_notice("Nothing was sent", "Azure's data changed after the request was shown. Review it again.");
    }

    /// Sends a request that was confirmed.
    pub(super) fn begin(
        &mut self,
        of: Followed,
        request: &ShownRequest,
        resource: ArmId,
        version: ApiVersion,
    ) -> Option<Result<Follower, Fault>> {
        let (number, name) = (self.env.id()?, request.call.name);
        Some(match request.call.request(&self.state.cloud(), &number) {
            Ok(http) => {
                let call = self.next_call();
                // What may hold a signature is kept as it was shown.
                let body = (!request.body.is_empty()).then(|| request.body.clone());
                let exchange = Exchange { body, ..Exchange::sent(call, name, &http, self.env.now) };
                self.send_numbered(call, exchange, http, Purpose::Follow(of));
                Ok(Follower::sent(call, resource, version))
            }
            Err(refused) => Err(Fault::refused(name, &refused)),
        })
    }

    /// The answer of a request, or of a poll of its operation.
    pub(super) fn on_followed(&mut self, of: &Followed, call: Option<CallId>, result: Result<Response<Bytes>, Fault>) {
        let (now, cloud) = (self.env.now, self.state.cloud());
        let Some((_, follower)) = self.state.followers().find(|(one, follower)| one == of && follower.call == call)
        else {
            return;
        };
        let is_first = follower.operation.is_none();
        let Some(end) = follower.on_response(result, now, &cloud) else {
            let accepted = follower.operation.clone().filter(|_| is_first).map(SentStage::Accepted);
            if accepted.is_some() {
                self.note_sent_stage(of, accepted);
            }
            return;
        };
        match of {
            Followed::Undeletion(id) => self.undeletion_ended(id, end),
            Followed::Action(machine) => self.action_ended(machine, end),
            Followed::Files(point, action) => self.files_ended(point, *action, end),
            Followed::Deployment(restore, step) => self.deployment_ended(restore, *step, end),
        }
    }

    /// Polls what is due; gives the time when the next poll is.
    pub(super) fn poll_followed(&mut self) -> Option<OffsetDateTime> {
        let (now, cloud) = (self.env.now, self.state.cloud());
        let idle = self.state.followers().filter(|(_, follower)| follower.call.is_none());
        let operations: Vec<_> = idle.filter_map(|(of, follower)| Some((of, follower.operation.clone()?))).collect();
        let mut next: Option<OffsetDateTime> = None;
        for (of, operation) in operations {
            match operation.next(now) {
                NextStep::Wait(until) => next = next.into_iter().chain([until]).min(),
                NextStep::Done(_) => {}
                NextStep::Poll => {
                    let Some(id) = self.env.id() else { continue };
                    match operation.call(&cloud).and_then(|call| call.request(&cloud, &id)) {
                        Ok(request) => {
                            let call = self.send(POLL, request, Purpose::Follow(of.clone()));
                            let mut followers = self.state.followers();
                            followers
                                .find(|(one, _)| *one == of)
                                .into_iter()
                                .for_each(|(_, one)| one.call = Some(call));
                        }
                        Err(refused) => self.on_followed(&of, None, Err(Fault::refused(POLL, &refused))),
                    }
                }
            }
        }
        next
    }

    /// Whoever leaves follows nothing any more, and leaves no password behind.
    pub(super) fn forget_followed(&mut self) {
        self.state.undeleting.clear();
        self.state.actions.clear();
        self.state.action_panel = None;
        self.state.activations.clear();
        self.state.activation_form = None;
        self.state.file_requests.clear();
        self.state.deployments.clear();
    }

    /// Another account has connected: what another one has begun it neither follows nor sees.
    pub(super) fn forget_followed_of_others(&mut self) {
        let identity = self.state.identity();
        self.state.undeleting.retain(|one| one.identity == identity);
        self.state.actions.retain(|one| one.identity == identity);
        self.state.action_panel = None;
        self.state.activations.retain(|one| one.identity == identity);
        self.state.activation_form = None;
        self.state.file_requests.retain(|one| one.identity == identity);
        self.state.deployments.retain(|one| one.identity == identity);
    }
}
