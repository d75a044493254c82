//! *Activate* and *Deactivate*: the form, the request that was on the screen, and the permissions read again.

use std::rc::Rc;

use azure_backup::arm::eligible_roles::EligibleRole;
use azure_backup::arm::fault::Fault;
use azure_backup::arm::role_activation::{ActivationStatus, status};
use bytes::Bytes;
use http::Response;

use super::UpdateContext;
use crate::app::activation::{ActivatableRole, Activation, ActivationMsg, ActivationStage};
use crate::app::effect::CallId;
use crate::app::key::Key;
use crate::app::purpose::Purpose;
use crate::app::shown_request::ShownRequest;
use crate::readiness::Question;

impl UpdateContext<'_> {
    pub(super) fn activation(&mut self, msg: ActivationMsg) {
        let form = self.state.activation_form.as_mut();
        match (msg, form) {
            (ActivationMsg::Open(of), _) => {
                let name = self.env.id();
                self.state.activation_form = name.and_then(|name| self.state.new_activation_form(of, name));
            }
            (ActivationMsg::Close, _) => self.state.activation_form = None,
            (ActivationMsg::Justification(typed), Some(form)) => form.justification = typed,
            (ActivationMsg::Ticket(typed), Some(form)) => form.ticket = typed,
            (ActivationMsg::Minutes(typed), Some(form)) => form.minutes = typed,
            (ActivationMsg::Send(sha256), Some(_)) => self.send_activation(&sha256),
            (ActivationMsg::Deactivate(role, sha256), _) => self.deactivate(&role, &sha256),
            (_, None) => {}
        }
    }

    /// Sends the request that was shown: one that has changed since is not sent.
    fn send_activation(&mut self, shown: &str) {
        let Some(form) = self.state.activation_form.clone().filter(|_| self.state.connected()) else { return };
        let under_way = |one: &Activation| matches!(one.stage, ActivationStage::Sending(_));
        if self.state.activation_of(&form.of.role).is_some_and(under_way) {
            return;
        }
        let request = self.state.activation_request(&form).filter(|request| request.sha256 == shown);
        let Some(request) = request else { return self.refuse_changed_request() };
        self.send_role_request(form.of.role.clone(), form.principal, false, &request);
    }

    /// Ends an activation by the request that was shown.
    fn deactivate(&mut self, role: &EligibleRole, shown: &str) {
        let Some(one) = self.state.activation_of(role).filter(|_| self.state.connected()).cloned() else { return };
        let request = self.state.deactivation_request(&one).filter(|request| request.sha256 == shown);
        match (request, one.end) {
            (Some(request), Some((principal, _))) => self.send_role_request(one.role, principal, true, &request),
            _ => self.refuse_changed_request(),
        }
    }

    /// Sends a request about a role. Azure refuses a second one of the same name, so the one that ends the activation gets a name of its own.
    fn send_role_request(&mut self, role: Rc<EligibleRole>, principal: String, ends: bool, request: &ShownRequest) {
        let Some(number) = self.env.id() else { return };
        let name = request.call.name;
        let stage = match request.call.request(&self.state.cloud(), &number) {
            Ok(http) => ActivationStage::Sending(self.send(name, http, Purpose::Activation)),
            Err(refused) => ActivationStage::Failed { fault: Rc::new(Fault::refused(name, &refused)), unknown: false },
        };
        let (identity, end) = (self.state.identity(), self.env.id().map(|name| (principal, name)));
        let of = ActivatableRole { role: role.clone(), rules: None };
        self.state.activations.retain(|one| !of.is(&one.role));
        self.state.activations.push(Activation { ends, end, role, identity, stage });
    }

    /// The answer of a request for an activation. What the account may do is read anew.
    pub(super) fn on_activation_response(&mut self, call: CallId, result: Result<&Response<Bytes>, &Fault>) {
        let sent = |one: &&mut Activation| one.stage == ActivationStage::Sending(call);
        let Some(one) = self.state.activations.iter_mut().find(sent) else { return };
        let ends = one.ends;
        let what = if ends { "Deactivate role" } else { "Activate role" };
        one.stage = match result {
            Ok(answer) if answer.status().is_success() => ActivationStage::Answered(status(answer, ends)),
            Ok(answer) => failed(Fault::from_answer(what, answer)),
            Err(fault) => failed(fault.clone()),
        };
        let is_activated = one.is_active() && !ends;
        let (announced, closes) = match (&one.stage, ends) {
            (ActivationStage::Answered(Some(ActivationStatus::Done)), false) => ("Role activated", true),
            (ActivationStage::Answered(Some(ActivationStatus::Done)), true) => ("Role deactivated", false),
            (ActivationStage::Answered(Some(ActivationStatus::Refused(_))), _) => ("Azure refused the request", false),
            (ActivationStage::Answered(_), _) => ("Request sent", !ends),
            _ => ("Request failed", false),
        };
        if closes {
            self.state.activation_form = None;
        }
        self.announce(announced);
        let rights = |question: &Question| matches!(question, Question::Permissions(_) | Question::EligibleRoles(_));
        self.state.catalog.forget(|key| matches!(key, Key::Readiness(question) if rights(question)));
        if is_activated {
            // What the account was not allowed to read, it may read now.
            self.state.catalog.retry_failed_if(self.env.now, |fault| fault.status == Some(403));
        }
        self.read_needed();
    }
}

fn failed(fault: Fault) -> ActivationStage {
    ActivationStage::Failed { unknown: fault.outcome_unknown(), fault: Rc::new(fault) }
}
