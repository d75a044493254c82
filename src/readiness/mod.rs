//! What stands in the way of a restore, told before it is started.
//!
//! Pure, like the layer below: a check is a function of the machines that are to be restored and of what Azure has answered. It has found a
//! problem, it has found nothing, or it could not check; it never says that a restore will succeed. [`table`] has one row a check.
//!
//! The machines of a plan are checked together: [`questions`] names each scope and kind once, however many machines share it, and what is
//! limited (vCPUs, disks, addresses) is summed up. A single restore is a list of one.

mod addresses;
mod deny_assignments;
mod eligible;
mod locks;
mod not_restored;
mod permissions;
mod policies;
mod providers;
mod quota;
mod restored;
pub mod roles;
mod sizes;
mod staging_account;
pub mod table;

use std::rc::Rc;

use azure_backup::arm::eligible_roles::{ActivationRules, EligibleRole};
use azure_backup::arm::id::{ArmId, Region, SubscriptionId};
use azure_backup::arm::locks::Lock;
use azure_backup::arm::permissions::{DenyAssignment, Permission};
use azure_backup::arm::policy::PolicyRestriction;
use azure_backup::arm::provider::Registration;
use azure_backup::backup::lookups::{ComputeUsage, NetworkInterface, RouteTable, SubnetUsage, VirtualMachine, VmSize};
use azure_backup::backup::restore_request::IaasVmRestoreRequest;

pub use eligible::activatable;
pub use permissions::{MissingActions, custom_role, missing_actions, request_text};
pub use table::{CHECKS, Check};

use crate::restore::facts::Facts;
use crate::restore::plan::Plan;
use crate::restore::scenario::Scenario;

/// A machine that is to be restored.
#[derive(Clone, Copy, Debug)]
pub struct Machine<'a> {
    /// What Azure said about it.
    pub facts: &'a Facts,
    /// What is restored.
    pub scenario: Scenario,
    /// The request; on the form the one that the choices so far make.
    pub request: &'a IaasVmRestoreRequest,
}

impl<'a> Machine<'a> {
    /// That of a reviewed restore.
    pub const fn of(facts: &'a Facts, plan: &'a Plan) -> Self {
        Self { facts, scenario: plan.scenario, request: &plan.request }
    }
}

/// What a check asks Azure. Answers are shared by everything that has the same question.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Question {
    /// What the caller may do at a resource or a resource group.
    Permissions(ArmId),
    /// What deny assignments refuse there.
    DenyAssignments(ArmId),
    /// The roles that the caller may activate for a resource or a resource group.
    EligibleRoles(ArmId),
    /// What the activation of a role, by the id of its definition, asks for at a scope.
    ActivationRules(ArmId, String),
    /// The locks in a subscription or a resource group.
    Locks(ArmId),
    /// The compute quotas of a region.
    ComputeUsages(SubscriptionId, Region),
    /// The sizes of virtual machines in a region.
    VmSizes(SubscriptionId, Region),
    /// The addresses in the subnets of a virtual network.
    SubnetUsages(ArmId),
    /// What policies restrict in a resource group, of a type of resource in a region.
    Policies(ArmId, &'static str, Region),
    /// Whether a subscription may use a resource provider.
    Provider(SubscriptionId, &'static str),
    /// A virtual machine.
    Machine(ArmId),
    /// A network interface.
    Interface(ArmId),
    /// A route table.
    RouteTable(ArmId),
}

/// What is known of an answer.
#[derive(Debug)]
pub enum Known<T: ?Sized> {
    /// It has not been read yet.
    NotYet,
    /// It was read.
    Is(Rc<T>),
    /// It cannot be read, and why: the end of a sentence that begins with *Couldn't check:*.
    Unreadable(String),
}

/// A list of Azure, as it is kept.
pub type List<T> = [Rc<T>];

/// What Azure has answered so far. Each function answers the [`Question`] that is named like it.
#[expect(missing_docs, reason = "named like the questions")]
pub trait Answers {
    fn permissions(&self, scope: &ArmId) -> Known<List<Permission>>;
    fn deny_assignments(&self, scope: &ArmId) -> Known<List<DenyAssignment>>;
    fn eligible_roles(&self, scope: &ArmId) -> Known<List<EligibleRole>>;
    fn activation_rules(&self, scope: &ArmId, definition: &str) -> Known<List<ActivationRules>>;
    fn locks(&self, scope: &ArmId) -> Known<List<Lock>>;
    fn compute_usages(&self, subscription: &SubscriptionId, region: &Region) -> Known<List<ComputeUsage>>;
    fn vm_sizes(&self, subscription: &SubscriptionId, region: &Region) -> Known<List<VmSize>>;
    fn subnet_usages(&self, network: &ArmId) -> Known<List<SubnetUsage>>;
    fn policies(&self, scope: &ArmId, kind: &'static str, region: &Region) -> Known<Vec<PolicyRestriction>>;
    fn provider(&self, subscription: &SubscriptionId, namespace: &'static str) -> Known<Registration>;
    fn machine(&self, id: &ArmId) -> Known<VirtualMachine>;
    fn interface(&self, id: &ArmId) -> Known<NetworkInterface>;
    fn route_table(&self, id: &ArmId) -> Known<RouteTable>;
}

/// What a check has found of one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Something that is likely to stop the restore, or to be missing after it: a sentence, and what can be done. Names in both are quoted.
    Problem(String, String),
    /// Nothing.
    NothingFound,
    /// It could not be checked, and why: the end of a sentence that begins with *Couldn't check:*.
    CouldNotCheck(String),
}

/// What a check has found of all machines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// One outcome for each thing that was checked. None when the check is about nothing that these restores use.
    pub outcomes: Vec<Outcome>,
    /// The sentence of each problem that one chosen resource has, with that resource.
    pub at: Vec<(ArmId, String)>,
    /// Whether answers are still to come.
    pub waits: bool,
    /// A few words on what was found to be enough: *8 of 40 vCPUs free*.
    pub note: Option<String>,
}

impl Findings {
    fn problem(&mut self, sentence: impl Into<String>, remedy: impl Into<String>) {
        self.outcomes.push(Outcome::Problem(sentence.into(), remedy.into()));
    }

    /// A problem that another choice of this resource would avoid.
    fn problem_at(&mut self, resource: &ArmId, sentence: String, remedy: impl Into<String>) {
        self.at.push((resource.clone(), sentence.clone()));
        self.problem(sentence, remedy);
    }

    fn nothing(&mut self) {
        self.outcomes.push(Outcome::NothingFound);
    }

    /// Says once that something could not be checked.
    fn unknown(&mut self, why: impl Into<String>) {
        let outcome = Outcome::CouldNotCheck(why.into());
        if !self.outcomes.contains(&outcome) {
            self.outcomes.push(outcome);
        }
    }

    /// The answer, if it was read; remembers that it is waited for, or that it cannot be read.
    fn known<T: ?Sized>(&mut self, answer: Known<T>) -> Option<Rc<T>> {
        match answer {
            Known::Is(value) => return Some(value),
            Known::NotYet => self.waits = true,
            Known::Unreadable(why) => self.unknown(why),
        }
        None
    }

    /// The problems, each with what can be done.
    pub fn problems(&self) -> impl Iterator<Item = (&str, &str)> {
        self.outcomes.iter().filter_map(|outcome| match outcome {
            Outcome::Problem(sentence, remedy) => Some((sentence.as_str(), remedy.as_str())),
            _ => None,
        })
    }

    /// Why things could not be checked.
    pub fn unknowns(&self) -> impl Iterator<Item = &str> {
        self.outcomes.iter().filter_map(|outcome| match outcome {
            Outcome::CouldNotCheck(why) => Some(why.as_str()),
            _ => None,
        })
    }

    /// Whether the check is about anything that these restores use.
    pub const fn applies(&self) -> bool {
        self.waits || !self.outcomes.is_empty()
    }
}

/// What the checks of these machines ask Azure, each once.
pub fn questions(machines: &[Machine<'_>], answers: &dyn Answers) -> Vec<Question> {
    let mut all = Vec::new();
    for check in CHECKS {
        for machine in machines {
            (check.asks)(machine, answers, &mut all);
        }
        // Most machines of a plan ask the same.
        all.sort();
        all.dedup();
    }
    all
}

/// Runs every check over these machines: each with what it has found, in the order of the table.
pub fn check(machines: &[Machine<'_>], answers: &dyn Answers) -> Vec<(&'static Check, Findings)> {
    CHECKS.iter().map(|check| (check, (check.run)(machines, answers))).collect()
}

#[cfg(test)]
mod tests;
