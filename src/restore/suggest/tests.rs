use std::rc::Rc;

use azure_backup::arm::id::Region;
use azure_backup::backup::lookups::{ResourceGroup, StorageAccount, Subnet, VirtualNetwork};

use super::super::sample::{self, id};
use super::super::scenario::Scenario;
use super::*;

const NETWORK: &str = "rg/providers/Microsoft.Network/virtualNetworks/net";

fn subnet(name: &str) -> ArmId {
    id(NETWORK).child("subnets", name)
}

fn account(name: &str) -> ArmId {
    id(&format!("rg/providers/Microsoft.Storage/storageAccounts/{name}"))
}

/// The sample with the group of the original machine, a network with two subnets, and two staging accounts.
fn facts() -> Facts {
    let region = Region::new("westeurope");
    let mut facts = sample::facts();
    let group = |name: &str| Rc::new(ResourceGroup::new(id(name), region.clone()));
    facts.lookups.groups = Some([group("other"), group("RG")].into());
    let subnets = vec![Subnet::new(subnet("default")), Subnet::new(subnet("app"))];
    let network = |tail: &str, subnets| Rc::new(VirtualNetwork::new(id(tail), region.clone(), subnets));
    let second = "rg/providers/Microsoft.Network/virtualNetworks/second";
    let alone = vec![Subnet::new(id(second).child("subnets", "alone"))];
    facts.lookups.networks = Some([network(NETWORK, subnets), network(second, alone)].into());
    facts.lookups.storage_accounts = Some(["one", "two"].map(|name| standard(name, false)).into());
    facts
}

fn standard(name: &str, without_keys: bool) -> Rc<StorageAccount> {
    let mut found = StorageAccount::new(account(name), Region::new("westeurope"), "StorageV2", "Standard_LRS");
    found.shared_key_access = Some(!without_keys);
    Rc::new(found)
}

fn chosen(scenario: Scenario) -> Draft {
    Draft { scenario: Some(scenario), ..Draft::default() }
}

/// The draft with suggestions where everything has been read, no name is taken, and nothing was restored before.
fn suggested(facts: &Facts, own: &Draft) -> Draft {
    with(facts, own, |_| {})
}

fn with(facts: &Facts, own: &Draft, change: impl Fn(&mut Sources<'_>)) -> Draft {
    let mut sources = Sources {
        subnet: Some(Some(subnet("app"))),
        account: None,
        is_taken: &|_| Some(false),
        is_complete: &|_| true,
    };
    change(&mut sources);
    suggest(facts, own, &sources)
}

fn whys(draft: &Draft) -> Vec<(Field, Why)> {
    draft.suggested.iter().map(|s| (s.field, s.why)).collect()
}

#[test]
fn a_new_machine_goes_where_the_original_one_is() {
    let (facts, own) = (facts(), chosen(Scenario::AnotherVm));
    let draft = suggested(&facts, &own);
    assert_eq!((draft.target_group.clone(), draft.vm_name.as_str()), (Some(id("rg")), "web-01-restored"));
    assert_eq!((draft.network.clone(), draft.subnet.clone()), (Some(id(NETWORK)), Some(subnet("app"))));
    let expected = [
        (Field::TargetGroup, Why::SourceGroup),
        (Field::VmName, Why::FreeName),
        (Field::Network, Why::SourceNetwork),
        (Field::Subnet, Why::SourceSubnet),
    ];
    assert_eq!(whys(&draft), expected);
    assert_eq!(draft.own(), own, "the operator has chosen none of it");
    assert_eq!(suggested(&facts, &draft.own()), draft);
}

#[test]
fn a_field_that_does_not_arise_has_no_suggestion() {
    let facts = facts();
    assert_eq!(whys(&suggested(&facts, &Draft::default())), []);
    assert_eq!(whys(&suggested(&facts, &chosen(Scenario::ReplaceDisks))), []);
    assert_eq!(whys(&suggested(&facts, &chosen(Scenario::RestoreDisks))), [(Field::TargetGroup, Why::SourceGroup)]);
}

#[test]
fn where_two_would_do_nothing_is_suggested() {
    let mut facts = facts();
    facts.item = Rc::new({
        let mut item = (*facts.item).clone();
        item.source_resource_id = Some(id("gone/providers/Microsoft.Compute/virtualMachines/web-01"));
        item
    });
    let own = chosen(Scenario::AnotherVm);
    let unknown = |sources: &mut Sources<'_>| sources.subnet = Some(None);
    assert_eq!(whys(&with(&facts, &own, unknown)), [], "two groups, two networks, two accounts");
    // One of each is left.
    let first = |all: &mut Option<Rc<[Rc<_>]>>| *all = all.as_ref().map(|all| all[..1].into());
    first(&mut facts.lookups.groups);
    facts.lookups.networks = facts.lookups.networks.map(|all| all[1..].into());
    let found = with(&facts, &own, unknown);
    let only = |field| (field, Why::OnlySuitable);
    let name = (Field::VmName, Why::FreeName);
    assert_eq!(whys(&found), [only(Field::TargetGroup), name, only(Field::Network), only(Field::Subnet)]);
    // The only one so far is not the only one.
    let found = with(&facts, &own, |sources| {
        unknown(sources);
        sources.is_complete = &|_| false;
    });
    assert_eq!(whys(&found), []);
}

#[test]
fn while_the_original_network_is_read_no_other_one_is_suggested() {
    let mut facts = facts();
    facts.lookups.networks = facts.lookups.networks.map(|all| all[1..].into());
    let own = chosen(Scenario::AnotherVm);
    let found = with(&facts, &own, |sources| sources.subnet = None);
    assert_eq!((found.network, found.subnet), (None, None));
}

#[test]
fn what_the_rules_refuse_is_not_suggested() {
    let mut facts = facts();
    let far = Region::new("eastus");
    let network = VirtualNetwork::new(id(NETWORK), far, vec![Subnet::new(subnet("app"))]);
    facts.lookups.networks = Some([Rc::new(network)].into());
    let found = suggested(&facts, &chosen(Scenario::AnotherVm));
    assert_eq!((found.network, found.subnet), (None, None));
}

#[test]
fn a_name_that_is_taken_is_counted_on() {
    let facts = facts();
    let own = chosen(Scenario::AnotherVm);
    let taken = |names: &[&str]| {
        let is_taken = |id: &ArmId| Some(names.contains(&id.name()));
        let sources = Sources { subnet: None, account: None, is_taken: &is_taken, is_complete: &|_| true };
        suggest(&facts, &own, &sources).vm_name
    };
    assert_eq!(taken(&["web-01-restored"]), "web-01-restored-2");
    assert_eq!(taken(&["web-01-restored", "web-01-restored-2"]), "web-01-restored-3");
    let all = with(&facts, &own, |sources| sources.is_taken = &|_| Some(true));
    assert_eq!((all.vm_name.as_str(), all.suggestion(Field::VmName)), ("", None));
    let unknown = with(&facts, &own, |sources| sources.is_taken = &|_| None);
    assert_eq!(unknown.vm_name, "web-01-restored", "it is looked up");
}

#[test]
fn a_long_name_is_cut_to_azures_limit() {
    let mut facts = facts();
    let long = "m".repeat(64);
    let mut item = (*facts.item).clone();
    item.source_resource_id = Some(id(&format!("rg/providers/Microsoft.Compute/virtualMachines/{long}")));
    facts.item = Rc::new(item);
    let name = suggested(&facts, &chosen(Scenario::AnotherVm)).vm_name;
    assert_eq!((name.len(), name.ends_with("m-restored")), (64, true));
}

#[test]
fn the_account_used_last_comes_first_and_else_the_only_one_without_warnings() {
    let mut facts = facts();
    let own = chosen(Scenario::RestoreDisks);
    let found = with(&facts, &own, |sources| sources.account = Some(account("two")));
    assert_eq!(found.staging_account, Some(account("two")));
    assert_eq!(found.suggestion(Field::StagingAccount).map(|s| s.why), Some(Why::UsedLast));
    let gone = with(&facts, &own, |sources| sources.account = Some(account("gone")));
    assert_eq!(gone.staging_account, None);
    facts.lookups.storage_accounts = Some([standard("one", true), standard("two", false)].into());
    let found = suggested(&facts, &own);
    assert_eq!(found.staging_account, Some(account("two")));
    assert_eq!(found.suggestion(Field::StagingAccount).map(|s| s.why), Some(Why::OnlyWithoutWarning));
}

#[test]
fn what_the_operator_has_chosen_or_emptied_stays() {
    let facts = facts();
    let own = Draft {
        target_group: Some(id("other")),
        vm_name: "mine".to_owned(),
        cleared: vec![Field::Network],
        ..chosen(Scenario::AnotherVm)
    };
    assert_eq!(suggested(&facts, &own), own);
}

#[test]
fn in_the_secondary_region_nothing_comes_from_the_original_machine_but_its_name() {
    let mut facts = facts();
    facts.secondary = Some(Region::new("northeurope"));
    let found = with(&facts, &chosen(Scenario::AnotherVm), |sources| sources.subnet = Some(None));
    assert_eq!(whys(&found), []);
    let own = Draft { target_group: Some(id("other")), ..chosen(Scenario::AnotherVm) };
    let found = with(&facts, &own, |sources| sources.subnet = Some(None));
    assert_eq!(whys(&found), [(Field::VmName, Why::FreeName)]);
}
