//! What the checks of a restore ask Azure, and what is known of the answers.

use azure_backup::arm::call::Call;
use azure_backup::arm::eligible_roles::{self, ActivationRules, EligibleRole};
use azure_backup::arm::fault::Fault;
use azure_backup::arm::id::{ArmId, Region, SubscriptionId};
use azure_backup::arm::locks::{self, Lock};
use azure_backup::arm::permissions::{self, DenyAssignment, Permission};
use azure_backup::arm::policy::{self, PolicyRestriction};
use azure_backup::arm::provider::{self, Registration};
use azure_backup::backup::lookups::{
    self, ComputeUsage, NetworkInterface, RouteTable, SubnetUsage, VirtualMachine, VmSize,
};

use super::key::{Answer, AnswerPage, Answered, Key, many, one};
use super::route::Route;
use super::state::State;
use crate::readiness::roles::role_for;
use crate::readiness::{Answers, Check, Findings, Known, List, Machine, MissingActions, Question};
use crate::readiness::{check, missing_actions, questions};
use crate::restore::build::build;
use crate::restore::effect_sentence::quoted;
use crate::restore::field::Field;
use crate::restore::regional_id::RegionalId;

/// The call that answers a question.
pub(super) fn call(question: &Question) -> Option<Call<AnswerPage>> {
    match question {
        Question::Permissions(scope) => many(permissions::list(scope), Answer::Permissions),
        Question::DenyAssignments(scope) => many(permissions::deny_assignments(scope), Answer::DenyAssignments),
        Question::EligibleRoles(scope) => many(eligible_roles::list(scope), Answer::EligibleRoles),
        Question::ActivationRules(scope, definition) => {
            many(eligible_roles::activation_rules(scope, definition), Answer::ActivationRules)
        }
        Question::Locks(scope) => many(locks::list(scope), Answer::Locks),
        Question::ComputeUsages(subscription, region) => {
            many(lookups::compute_usages(subscription, region), Answer::ComputeUsages)
        }
        Question::VmSizes(subscription, region) => many(lookups::vm_sizes(subscription, region), Answer::VmSizes),
        Question::SubnetUsages(network) => many(lookups::subnet_usages(network), Answer::SubnetUsages),
        Question::Policies(scope, kind, region) => one(policy::restrictions(scope, kind, region), Answer::Policies),
        Question::Provider(subscription, namespace) => {
            one(provider::registration(subscription, namespace), Answer::Provider)
        }
        Question::RouteTable(id) => one(lookups::route_table(id), Answer::RouteTable),
        // These have keys of their own.
        Question::Machine(_) | Question::Interface(_) => None,
    }
}

/// The key of an answer.
pub(super) fn key(question: Question) -> Key {
    match question {
        Question::Machine(id) => Key::Machine(id),
        Question::Interface(id) => Key::Interface(id),
        other => Key::Readiness(other),
    }
}

impl State {
    /// What the checks of the restore on the form or under review need, and what its rehydration costs.
    pub(super) fn readiness_keys(&self) -> Vec<Key> {
        let (Route::Form(point) | Route::Review(point)) = &self.route else { return Vec::new() };
        let asked = self.to_check(point, |machine| questions(&[machine], self));
        asked.unwrap_or_default().into_iter().map(key).chain(self.rehydration_cost_key(point)).collect()
    }

    /// What each check has found of the choices so far; none until something to restore is chosen.
    pub fn readiness(&self, point: &RegionalId) -> Option<Vec<(&'static Check, Findings)>> {
        self.to_check(point, |machine| check(&[machine], self))
    }

    /// The problems that a chosen resource has, by the field in which it is chosen.
    pub fn readiness_by_field(&self, point: &RegionalId, found: &[(&'static Check, Findings)]) -> Vec<(Field, String)> {
        let all = || found.iter().flat_map(|(_, found)| &found.at);
        let fields = |machine: Machine<'_>| {
            all().filter_map(|(resource, sentence)| Some((machine.field_of(resource)?, sentence.clone()))).collect()
        };
        self.to_check(point, fields).unwrap_or_default()
    }

    /// The permissions that the restore needs and the account lacks.
    pub fn missing_actions(&self, point: &RegionalId) -> Vec<MissingActions> {
        self.to_check(point, |machine| missing_actions(&[machine], self)).unwrap_or_default()
    }

    fn to_check<T>(&self, point: &RegionalId, of: impl FnOnce(Machine<'_>) -> T) -> Option<T> {
        let prepared = self.prepared(point, &self.draft(point));
        let facts = prepared.facts()?;
        let (request, _) = build(&facts, prepared.draft())?;
        Some(of(Machine { facts: &facts, scenario: prepared.draft().scenario?, request: &request }))
    }

    fn known<T: Answered + ?Sized>(&self, question: Question) -> Known<T> {
        let key = key(question);
        let Some(entry) = self.catalog.entry(&key) else { return Known::NotYet };
        let value = entry.at.and(entry.value.as_ref()).and_then(T::of);
        match (value, &entry.fault) {
            (Some(value), _) => Known::Is(value.clone()),
            (None, Some(fault)) if !entry.is_loading() => Known::Unreadable(self.why(&key, fault)),
            _ => Known::NotYet,
        }
    }

    /// Why an answer is missing.
    pub(super) fn why(&self, key: &Key, fault: &Fault) -> String {
        let action = key.call(&self.settings.versions).map(|call| call.action()).ok();
        match action.filter(|_| fault.status == Some(403)) {
            Some(action) => {
                let role = role_for(action).map(|role| format!(" (built-in role: {role})")).unwrap_or_default();
                format!("missing permission {}{role}", quoted(action))
            }
            None => fault.message.trim_end_matches('.').to_owned(),
        }
    }
}

impl Answers for State {
    fn permissions(&self, scope: &ArmId) -> Known<List<Permission>> {
        self.known(Question::Permissions(scope.clone()))
    }

    fn deny_assignments(&self, scope: &ArmId) -> Known<List<DenyAssignment>> {
        self.known(Question::DenyAssignments(scope.clone()))
    }

    fn eligible_roles(&self, scope: &ArmId) -> Known<List<EligibleRole>> {
        self.known(Question::EligibleRoles(scope.clone()))
    }

    fn activation_rules(&self, scope: &ArmId, definition: &str) -> Known<List<ActivationRules>> {
        self.known(Question::ActivationRules(scope.clone(), definition.to_owned()))
    }

    fn locks(&self, scope: &ArmId) -> Known<List<Lock>> {
        self.known(Question::Locks(scope.clone()))
    }

    fn compute_usages(&self, subscription: &SubscriptionId, region: &Region) -> Known<List<ComputeUsage>> {
        self.known(Question::ComputeUsages(subscription.clone(), region.clone()))
    }

    fn vm_sizes(&self, subscription: &SubscriptionId, region: &Region) -> Known<List<VmSize>> {
        self.known(Question::VmSizes(subscription.clone(), region.clone()))
    }

    fn subnet_usages(&self, network: &ArmId) -> Known<List<SubnetUsage>> {
        self.known(Question::SubnetUsages(network.clone()))
    }

    fn policies(&self, scope: &ArmId, kind: &'static str, region: &Region) -> Known<Vec<PolicyRestriction>> {
        self.known(Question::Policies(scope.clone(), kind, region.clone()))
    }

    fn provider(&self, subscription: &SubscriptionId, namespace: &'static str) -> Known<Registration> {
        self.known(Question::Provider(subscription.clone(), namespace))
    }

    fn machine(&self, id: &ArmId) -> Known<VirtualMachine> {
        self.known(Question::Machine(id.clone()))
    }

    fn interface(&self, id: &ArmId) -> Known<NetworkInterface> {
        self.known(Question::Interface(id.clone()))
    }

    fn route_table(&self, id: &ArmId) -> Known<RouteTable> {
        self.known(Question::RouteTable(id.clone()))
    }
}
