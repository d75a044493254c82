//! Each check: what is a problem, what is none, what cannot be told, and what is asked.

mod capacity;
mod rights;
mod target;

use super::*;
use crate::restore::plan::plan;
use crate::restore::sample::{draft, facts, id};
use crate::restore::scenario::Scenario;

/// What Azure answers. What is not set has not been read yet.
struct Fake {
    answers: Vec<(Question, Value)>,
    /// What every other question is answered with.
    otherwise: Option<String>,
}

enum Value {
    Permissions(Vec<Permission>),
    Denies(Vec<DenyAssignment>),
    Eligible(Vec<EligibleRole>),
    Rules(Vec<ActivationRules>),
    Locks(Vec<Lock>),
    Usages(Vec<ComputeUsage>),
    Sizes(Vec<VmSize>),
    Addresses(Vec<SubnetUsage>),
    Policies(Vec<PolicyRestriction>),
    Provider(Registration),
    Machine(VirtualMachine),
    Interface(NetworkInterface),
    Unreadable(&'static str),
}

impl Fake {
    fn new() -> Self {
        Self { answers: Vec::new(), otherwise: None }
    }

    /// One that can read nothing.
    fn refusing(why: &str) -> Self {
        Self { answers: Vec::new(), otherwise: Some(why.to_owned()) }
    }

    fn with(mut self, question: Question, value: Value) -> Self {
        self.answers.retain(|(known, _)| *known != question);
        self.answers.push((question, value));
        self
    }

    fn get<T: ?Sized>(&self, question: &Question, of: impl Fn(&Value) -> Option<Rc<T>>) -> Known<T> {
        match self.answers.iter().find(|(known, _)| known == question) {
            Some((_, Value::Unreadable(why))) => Known::Unreadable((*why).to_owned()),
            Some((_, value)) => Known::Is(of(value).unwrap_or_else(|| panic!("another answer to {question:?}"))),
            None => self.otherwise.clone().map_or(Known::NotYet, Known::Unreadable),
        }
    }
}

macro_rules! answered {
    ($($function:ident($($name:ident: $type:ty),*) -> $variant:ident $answer:ident [$item:ty];)+) => {
        $(fn $function(&self, $($name: $type),*) -> Known<List<$item>> {
            self.get(&Question::$variant($($name.to_owned()),*), |value| match value {
                Value::$answer(all) => Some(all.iter().cloned().map(Rc::new).collect()),
                _ => None,
            })
        })+
    };
}

impl Answers for Fake {
    answered! {
        permissions(scope: &ArmId) -> Permissions Permissions [Permission];
        deny_assignments(scope: &ArmId) -> DenyAssignments Denies [DenyAssignment];
        eligible_roles(scope: &ArmId) -> EligibleRoles Eligible [EligibleRole];
        activation_rules(scope: &ArmId, definition: &str) -> ActivationRules Rules [ActivationRules];
        locks(scope: &ArmId) -> Locks Locks [Lock];
        compute_usages(subscription: &SubscriptionId, region: &Region) -> ComputeUsages Usages [ComputeUsage];
        vm_sizes(subscription: &SubscriptionId, region: &Region) -> VmSizes Sizes [VmSize];
        subnet_usages(network: &ArmId) -> SubnetUsages Addresses [SubnetUsage];
    }

    fn policies(&self, scope: &ArmId, kind: &'static str, region: &Region) -> Known<Vec<PolicyRestriction>> {
        self.get(&Question::Policies(scope.clone(), kind, region.clone()), |value| match value {
            Value::Policies(all) => Some(Rc::new(all.clone())),
            _ => None,
        })
    }

    fn provider(&self, subscription: &SubscriptionId, namespace: &'static str) -> Known<Registration> {
        self.get(&Question::Provider(subscription.clone(), namespace), |value| match value {
            Value::Provider(state) => Some(Rc::new(state.clone())),
            _ => None,
        })
    }

    fn machine(&self, id: &ArmId) -> Known<VirtualMachine> {
        self.get(&Question::Machine(id.clone()), |value| match value {
            Value::Machine(machine) => Some(Rc::new(machine.clone())),
            _ => None,
        })
    }

    fn route_table(&self, id: &ArmId) -> Known<RouteTable> {
        self.get(&Question::RouteTable(id.clone()), |_| None)
    }

    fn interface(&self, id: &ArmId) -> Known<NetworkInterface> {
        self.get(&Question::Interface(id.clone()), |value| match value {
            Value::Interface(interface) => Some(Rc::new(interface.clone())),
            _ => None,
        })
    }
}

/// Facts and plan of a restore.
struct Restored {
    facts: Facts,
    plan: Plan,
}

impl Restored {
    /// The sample machine, restored in this way, after a change of its facts.
    fn new(scenario: Scenario, change: impl FnOnce(&mut Facts)) -> Self {
        let mut facts = facts();
        change(&mut facts);
        let plan = plan(&facts, &draft(scenario)).unwrap();
        Self { facts, plan }
    }

    fn machine(&self) -> Machine<'_> {
        Machine::of(&self.facts, &self.plan)
    }
}

/// A new machine with the size `Standard_D2s_v3` and disks of known kinds.
fn new_vm() -> Restored {
    Restored::new(Scenario::AnotherVm, |facts| {
        let point = Rc::make_mut(&mut facts.point);
        point.vm_size = Some("Standard_D2s_v3".to_owned());
        for disk in point.disks.iter_mut().flat_map(|disks| disks.included.iter_mut().flatten()) {
            disk.storage_type = Some("Premium_LRS".to_owned());
        }
    })
}

/// What the check `id` finds.
fn findings(check_id: &str, machines: &[Machine<'_>], answers: &dyn Answers) -> Findings {
    let (_, found) = check(machines, answers).into_iter().find(|(check, _)| check.id == check_id).unwrap();
    found
}

fn problems(check_id: &str, restored: &Restored, answers: &Fake) -> Vec<String> {
    let found = findings(check_id, &[restored.machine()], answers);
    found.problems().map(|(sentence, _)| sentence.to_owned()).collect()
}

fn subscription() -> SubscriptionId {
    SubscriptionId::parse(id("x").subscription().unwrap()).unwrap()
}

fn region() -> Region {
    Region::new("westeurope")
}

fn network() -> ArmId {
    id("rg/providers/Microsoft.Network/virtualNetworks/net")
}

#[test]
fn every_check_has_a_name_a_source_and_a_remedy() {
    for (nth, check) in CHECKS.iter().enumerate() {
        assert!(CHECKS[..nth].iter().all(|other| other.id != check.id), "{}", check.id);
        assert!(check.link.starts_with("https://learn.microsoft.com/azure/"), "{}", check.id);
        assert!(check.remedy.ends_with('.') && check.compares.ends_with('.'), "{}", check.id);
    }
}

#[test]
fn what_has_not_been_read_is_waited_for_and_never_called_fine() {
    let restored = new_vm();
    let (machine, nobody) = ([restored.machine()], Fake::new());
    for (check, found) in check(&machine, &nobody) {
        let reads_nothing = check.id == "staging-network";
        assert!(found.waits != reads_nothing && found.problems().count() == 0, "{}", check.id);
    }
    let refused = Fake::refusing("missing permission");
    for (check, found) in check(&machine, &refused).into_iter().filter(|(check, _)| check.id != "staging-network") {
        assert!(!found.waits && found.unknowns().count() > 0, "{}: {found:?}", check.id);
        assert!(!found.outcomes.contains(&Outcome::NothingFound), "{}: {found:?}", check.id);
    }
}

#[test]
fn a_thousand_machines_ask_what_one_asks() {
    let all: Vec<Restored> = (0..1000).map(|_| new_vm()).collect();
    let machines: Vec<Machine<'_>> = all.iter().map(Restored::machine).collect();
    let nobody = Fake::new();
    let one = questions(&machines[..1], &nobody);
    assert_eq!(questions(&machines, &nobody), one);
    println!("readiness: {} reads for 1 machine, {} for {} that share all scopes", one.len(), one.len(), all.len());
    assert!((10..=25).contains(&one.len()), "{one:?}");
}

#[test]
fn only_what_a_restore_uses_is_checked() {
    let in_place = Restored::new(Scenario::ReplaceDisks, |_| {});
    let nobody = Fake::new();
    let applies = |restored: &Restored| -> Vec<&str> {
        check(&[restored.machine()], &nobody)
            .into_iter()
            .filter(|(_, f)| f.applies())
            .map(|(check, _)| check.id)
            .collect()
    };
    let expected =
        ["permissions", "deny-assignments", "locks", "policies", "providers", "disk-quota", "staging-network"];
    assert_eq!(applies(&in_place), expected);
    assert_eq!(applies(&new_vm()).len(), CHECKS.len());
}
