//! Policies, resource providers, the staging account, and what a new machine lacks.

use super::*;
use crate::restore::sample::ELSEWHERE;

const VM: &str = "Microsoft.Compute/virtualMachines";

fn policy(change: impl FnOnce(&mut PolicyRestriction)) -> Fake {
    let mut one = PolicyRestriction::new("tags.owner", "Required");
    (one.effect, one.reason) = (Some("Deny".to_owned()), Some("tag it".to_owned()));
    change(&mut one);
    Fake::new().with(Question::Policies(id("target"), VM, region()), Value::Policies(vec![one]))
}

#[test]
fn a_policy_is_a_problem_where_it_denies_what_is_made() {
    let restored = new_vm();
    let found = problems("policies", &restored, &policy(|_| {}));
    assert_eq!(
        found,
        ["A policy requires `tags.owner` on a VM in `target`. Its reason: `tag it`. Azure Backup can't set tags."]
    );
    let fine = |change: fn(&mut PolicyRestriction)| problems("policies", &restored, &policy(change)).is_empty();
    assert!(fine(|one| one.effect = Some("Audit".to_owned())));
    assert!(fine(|one| one.default_value = Some("it".to_owned())), "Azure fills it in");
    assert!(fine(|one| one.result = "Removed".to_owned()));
    fn location(one: &mut PolicyRestriction, denied: &str) {
        (one.field, one.result, one.values) = (Some("location".to_owned()), "Deny".to_owned(), vec![denied.to_owned()]);
    }
    assert!(fine(|one| location(one, "eastus")), "another region is denied");
    assert!(!fine(|one| location(one, "West Europe")));
    assert!(!fine(|one| (one.field, one.result) = (None, "NonCompliant".to_owned())));
}

#[test]
fn disks_alone_ask_about_disks_alone() {
    let kinds = |restored: &Restored| -> Vec<&'static str> {
        let asked = questions(&[restored.machine()], &Fake::new());
        asked
            .iter()
            .filter_map(|one| if let Question::Policies(_, kind, _) = one { Some(*kind) } else { None })
            .collect()
    };
    assert_eq!(kinds(&Restored::new(Scenario::RestoreDisks, |_| {})), ["Microsoft.Compute/disks"]);
    assert_eq!(kinds(&new_vm()).len(), 3);
}

#[test]
fn a_provider_that_is_not_registered_comes_with_the_command() {
    let mut restored = new_vm();
    let target = format!("/subscriptions/{ELSEWHERE}/resourceGroups/target");
    restored.plan.request.target_resource_group_id = Some(ArmId::parse(&target).unwrap());
    let there = SubscriptionId::parse(ELSEWHERE).unwrap();
    let state = |namespace, state: Registration| (Question::Provider(there.clone(), namespace), Value::Provider(state));
    let mut answers = Fake::new();
    answers.answers = vec![
        state("Microsoft.Compute", Registration::Registered),
        state("Microsoft.Network", Registration::Registering),
        state("Microsoft.RecoveryServices", Registration::NotRegistered),
    ];
    let found = findings("providers", &[restored.machine()], &answers);
    let all: Vec<(&str, &str)> = found.problems().collect();
    assert!(all.len() == 2 && all[0].0.starts_with("Microsoft.Network is still being registered"), "{all:?}");
    let command = format!("az provider register --namespace Microsoft.RecoveryServices --subscription {ELSEWHERE}");
    assert!(all[1].1.contains(&command), "{all:?}");
    let asked = questions(&[new_vm().machine()], &Fake::new());
    let vaults = |one: &Question| matches!(one, Question::Provider(_, "Microsoft.RecoveryServices"));
    assert!(!asked.iter().any(vaults), "the vault's own subscription has it");
}

#[test]
fn a_staging_account_that_shuts_azure_out_is_a_problem() {
    let with = |restricted, trusts| {
        let restored = Restored::new(Scenario::RestoreDisks, |facts| {
            let mut account = (*facts.lookups.storage_accounts.as_ref().unwrap()[0]).clone();
            (account.network_restricted, account.trusts_services) = (restricted, trusts);
            facts.lookups.storage_accounts = Some([Rc::new(account)].into());
        });
        problems("staging-network", &restored, &Fake::new()).len()
    };
    assert_eq!([with(true, false), with(true, true), with(false, false)], [1, 0, 0]);
    let mut restored = Restored::new(Scenario::RestoreDisks, |_| {});
    restored.facts.lookups.storage_accounts = None;
    assert_eq!(findings("staging-network", &[restored.machine()], &Fake::new()).unknowns().count(), 1);
}

fn source() -> ArmId {
    id("rg/providers/Microsoft.Compute/virtualMachines/web-01")
}

fn interface_id(name: &str) -> ArmId {
    id(&format!("rg/providers/Microsoft.Network/networkInterfaces/{name}"))
}

/// The original machine with one interface, after changes of both.
fn original(of_vm: impl FnOnce(&mut VirtualMachine), of_interface: impl FnOnce(&mut NetworkInterface)) -> Fake {
    let mut vm = VirtualMachine::new(source(), vec![(interface_id("nic"), true)]);
    let mut interface = NetworkInterface::new(interface_id("nic"), Vec::new());
    of_vm(&mut vm);
    of_interface(&mut interface);
    Fake::new()
        .with(Question::Machine(source()), Value::Machine(vm))
        .with(Question::Interface(interface_id("nic")), Value::Interface(interface))
}

#[test]
fn what_a_new_machine_lacks_is_named() {
    let restored = new_vm();
    let found = |fake: Fake| problems("not-restored", &restored, &fake);
    assert_eq!(found(original(|_| {}, |_| {})), Vec::<String>::new());
    type Change = fn(&mut VirtualMachine);
    let cases: [(Change, &str); 7] = [
        (|vm| vm.availability_set = Some(id("rg/x/set")), "availability set `set`"),
        (|vm| vm.plan = Some("byol".to_owned()), "the plan `byol`"),
        (|vm| vm.license = Some("Windows_Server".to_owned()), "Azure Hybrid Benefit (`Windows_Server`)"),
        (|vm| vm.extensions = vec!["a".to_owned(), "b".to_owned()], "`a`, `b`"),
        (|vm| vm.tags = vec![("role".to_owned(), "DC".to_owned())], "a domain controller?"),
        (|vm| vm.tags = vec![("app".to_owned(), "crm-sql2".to_owned())], "run SQL Server?"),
        (|vm| vm.interfaces.push((interface_id("nic"), false)), "has 2 network interfaces"),
    ];
    for (change, words) in cases {
        let all = found(original(change, |_| {}));
        assert!(
            all.len() == 1 && all[0].starts_with(['`', 'I', 'D', 'T']) && all[0].contains(words),
            "{words}: {all:?}"
        );
    }
    let fixed = found(original(|_| {}, |nic| nic.fixed_addresses = vec!["10.0.0.4".to_owned()]));
    assert!(fixed.len() == 1 && fixed[0].contains("`10.0.0.4`"), "{fixed:?}");
    let public = found(original(|_| {}, |nic| nic.public_addresses = vec![id("rg/x/ip")]));
    assert!(public.len() == 1 && public[0].contains("`ip`"), "{public:?}");
}

#[test]
fn of_a_machine_that_is_gone_nothing_is_known() {
    let gone = Restored::new(Scenario::AnotherVm, |facts| facts.source_exists = Some(false));
    let found = findings("not-restored", &[gone.machine()], &Fake::new());
    assert_eq!((found.problems().count(), found.unknowns().count(), found.waits), (0, 1, false));
    let half = Fake::new().with(
        Question::Machine(source()),
        Value::Machine(VirtualMachine::new(source(), vec![(interface_id("nic"), true)])),
    );
    let restored = new_vm();
    let found = findings("not-restored", &[restored.machine()], &half);
    assert!(found.waits && found.outcomes.is_empty(), "the interface is still to come: {found:?}");
}
