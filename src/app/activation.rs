//! Activating an eligible role, and ending that: the form, the requests, and what Azure says of them.

use std::rc::Rc;

use azure_backup::arm::eligible_roles::{ActivationRules, EligibleRole};
use azure_backup::arm::fault::Fault;
use azure_backup::arm::id::{ArmId, ClientRequestId};
use azure_backup::arm::role_activation::{ActivationStatus, RoleActivation, deactivate};
use time::Duration;

use super::effect::CallId;
use super::identity::Identity;
use super::session::Session;
use super::shown_request::ShownRequest;
use super::state::State;
use crate::readiness::{MissingActions, activatable};

/// For how long a role is activated unless the operator says otherwise, or its rules allow less.
const USUAL_MINUTES: i64 = 240;

/// A role that the form is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActivatableRole {
    /// The role.
    pub role: Rc<EligibleRole>,
    /// What its activation asks for; none = not read, or Azure doesn't say.
    pub rules: Option<Rc<ActivationRules>>,
}

impl ActivatableRole {
    /// Whether it is this role at this scope, whenever each of them was read.
    pub fn is(&self, role: &EligibleRole) -> bool {
        is_same(&self.role, role)
    }

    /// The longest activation that the rules allow, in minutes; none = they don't say.
    pub fn longest(&self) -> Option<i64> {
        let longest = self.rules.as_ref()?.longest?;
        Some(longest.whole_minutes()).filter(|minutes| *minutes > 0)
    }
}

/// Whether both are one role at one scope.
fn is_same(one: &EligibleRole, other: &EligibleRole) -> bool {
    one.definition == other.definition && one.scope == other.scope
}

/// What the operator has filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActivationForm {
    /// The role.
    pub of: ActivatableRole,
    /// The name of the request.
    pub name: ClientRequestId,
    /// The caller's object id.
    pub(super) principal: String,
    /// Why.
    pub justification: String,
    /// The number of a ticket.
    pub ticket: String,
    /// For how many minutes, as it was typed.
    pub minutes: String,
}

impl ActivationForm {
    /// The duration in minutes; none where it is no whole number, or one that no role is active for.
    fn whole_minutes(&self) -> Option<u32> {
        self.minutes.trim().parse().ok().filter(|minutes| *minutes > 0)
    }

    /// What is missing or wrong, as a sentence.
    pub fn problem(&self) -> Option<String> {
        let rules = self.of.rules.as_deref().cloned().unwrap_or_default();
        let longest = self.of.longest();
        if rules.justification && self.justification.trim().is_empty() {
            return Some("Enter a justification: this role requires one.".to_owned());
        }
        if rules.ticket && self.ticket.trim().is_empty() {
            return Some("Enter a ticket number: this role requires one.".to_owned());
        }
        match (self.whole_minutes(), longest) {
            (Some(minutes), Some(longest)) if i64::from(minutes) > longest => {
                Some(format!("Enter at most {longest} minutes: this role can't be active longer."))
            }
            (Some(_), _) => None,
            (None, _) => Some("Enter the duration as a whole number of minutes.".to_owned()),
        }
    }
}

/// A message about an activation.
#[derive(Clone, Debug)]
pub enum ActivationMsg {
    /// Show the form for a role.
    Open(ActivatableRole),
    /// Hide it.
    Close,
    /// Type the justification.
    Justification(String),
    /// Type the number of the ticket.
    Ticket(String),
    /// Type the duration in minutes.
    Minutes(String),
    /// Send the request that the screen shows: its SHA-256.
    Send(String),
    /// Send the request that ends the activation of a role, as the screen shows it: its SHA-256.
    Deactivate(Rc<EligibleRole>, String),
}

/// A request for an activation, or for its end, that has left. It is not saved: Azure tells what the account may do.
#[derive(Clone, Debug, PartialEq)]
pub struct Activation {
    /// Whether it is for the end.
    pub ends: bool,
    /// The caller's object id, and the name of the request that ends the activation.
    pub end: Option<(String, ClientRequestId)>,
    /// The role.
    pub role: Rc<EligibleRole>,
    /// Who has asked for it: nobody else sees it.
    pub identity: Identity,
    /// How far it is.
    pub stage: ActivationStage,
}

impl Activation {
    /// Whether the role is active for all that is known here, so that it can be deactivated.
    pub const fn is_active(&self) -> bool {
        match &self.stage {
            ActivationStage::Answered(Some(ActivationStatus::Done)) => !self.ends,
            ActivationStage::Answered(Some(ActivationStatus::Refused(_))) | ActivationStage::Failed { .. } => self.ends,
            _ => false,
        }
    }
}

/// How far a request for an activation is.
#[derive(Clone, Debug, PartialEq)]
pub enum ActivationStage {
    /// It has left.
    Sending(CallId),
    /// Azure has answered; none = the answer doesn't say how the request stands.
    Answered(Option<ActivationStatus>),
    /// It failed.
    Failed {
        /// Why.
        fault: Rc<Fault>,
        /// Whether nobody knows if Azure has received the request.
        unknown: bool,
    },
}

impl State {
    /// The roles that the account can activate here for what it lacks; none where the deployment doesn't offer it.
    pub fn activatable(&self, missing: &[MissingActions]) -> Vec<ActivatableRole> {
        let mut all: Vec<ActivatableRole> = Vec::new();
        if !self.config.allow.role_activation && self.session != Session::Demo {
            return all;
        }
        for (role, rules) in missing.iter().flat_map(|missing| activatable(missing, self)) {
            let known = all.iter().any(|one| one.is(&role));
            if !known && !role.schedule.is_empty() && self.principal_of(&role).is_some() {
                all.push(ActivatableRole { role, rules });
            }
        }
        all
    }

    /// The caller's object id, which an activation names.
    fn principal_of(&self, role: &EligibleRole) -> Option<String> {
        role.principal.clone().or_else(|| self.session.object_id().map(str::to_owned))
    }

    /// The empty form for a role.
    pub(super) fn new_activation_form(&self, of: ActivatableRole, name: ClientRequestId) -> Option<ActivationForm> {
        let minutes = of.longest().map_or(USUAL_MINUTES, |longest| longest.min(USUAL_MINUTES)).to_string();
        let principal = self.principal_of(&of.role)?;
        Some(ActivationForm { of, name, principal, justification: String::new(), ticket: String::new(), minutes })
    }

    /// The request that the form makes; none while something is missing or wrong.
    pub fn activation_request(&self, form: &ActivationForm) -> Option<ShownRequest> {
        let scope = ArmId::parse(&form.of.role.scope).ok().filter(|_| form.problem().is_none())?;
        let activation = RoleActivation {
            name: &form.name,
            principal: &form.principal,
            justification: form.justification.trim(),
            ticket: form.ticket.trim(),
            duration: Duration::minutes(form.whole_minutes()?.into()),
        };
        Some(ShownRequest::of(activation.call(&scope, &form.of.role), &self.cloud()))
    }

    /// The request that ends the activation of a role; none where it is not known to be active.
    pub fn deactivation_request(&self, one: &Activation) -> Option<ShownRequest> {
        let (principal, name) = one.end.as_ref().filter(|_| one.is_active())?;
        let scope = ArmId::parse(&one.role.scope).ok()?;
        Some(ShownRequest::of(deactivate(name, principal, &scope, &one.role), &self.cloud()))
    }

    /// The roles that were activated here and are not among those that can be.
    pub fn activated(&self, missing: &[MissingActions]) -> Vec<&Activation> {
        let listed = self.activatable(missing);
        self.activations.iter().filter(|one| !listed.iter().any(|of| of.is(&one.role))).collect()
    }

    /// The request for the activation of a role that has left last.
    pub fn activation_of(&self, role: &EligibleRole) -> Option<&Activation> {
        self.activations.iter().find(|one| is_same(&one.role, role))
    }
}
