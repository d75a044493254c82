use std::rc::Rc;

use azure_backup::arm::id::{Region, SubscriptionId};
use azure_backup::backup::lookups::{ResourceGroup, StorageAccount, Subnet, VirtualNetwork};
use azure_backup::backup::vault::Redundancy;

use super::*;
use crate::recovery::expansion::Known as _;
use crate::recovery::plan::NetworkRow;
use crate::recovery::sample::{World, machine, plan, world};
use crate::restore::draft::{RegionChoice, RehydrationPriority};
use crate::restore::regional_id::RegionalId;
use crate::restore::sample;

/// The draft of the only machine of `world`, and the reasons of the mapping.
fn drafted(world: &World, mapping: &Mapping, machine: &Machine) -> (Draft, Vec<Reason>) {
    let mut found = None;
    world.with_sources(&world.machines[0], &Draft::default(), &mut |sources| {
        found = Some(draft(mapping, (machine, 0), &world.machines[0], sources));
    });
    found.unwrap()
}

fn mapping() -> Mapping {
    plan(&[]).mapping
}

fn why(draft: &Draft, field: Field) -> Option<Why> {
    draft.suggestion(field).map(|suggestion| suggestion.why)
}

fn network(name: &str, subnets: &[&str]) -> Rc<VirtualNetwork> {
    let id = sample::id(&format!("rg/providers/Microsoft.Network/virtualNetworks/{name}"));
    let subnets = subnets.iter().map(|subnet| Subnet::new(id.child("subnets", subnet))).collect();
    Rc::new(VirtualNetwork::new(id, Region::new("westeurope"), subnets))
}

#[test]
fn an_exception_counts_before_the_mapping_and_the_mapping_before_a_suggestion() {
    let world = world(&["web-01"]);
    let (found, reasons) = drafted(&world, &mapping(), &machine("web-01"));
    assert_eq!(reasons, []);
    assert_eq!((found.vm_name.as_str(), why(&found, Field::VmName)), ("web-01-clean", Some(Why::Plan)));
    assert_eq!(why(&found, Field::Network), Some(Why::SourceNetwork), "the mapping leaves it open");
    let mut own = machine("web-01");
    own.exceptions.vm_name = "mine".to_owned();
    let (found, _) = drafted(&world, &mapping(), &own);
    assert_eq!((found.vm_name.as_str(), why(&found, Field::VmName)), ("mine", None));
    own.exceptions.vm_name.clear();
    own.exceptions.cleared.push(Field::VmName);
    assert_eq!(drafted(&world, &mapping(), &own).0.vm_name, "", "it was emptied");
    let open = Mapping { name_pattern: String::new(), ..mapping() };
    let (found, _) = drafted(&world, &open, &machine("web-01"));
    assert_eq!((found.vm_name.as_str(), why(&found, Field::VmName)), ("web-01-restored", Some(Why::FreeName)));
}

#[test]
fn a_name_is_shortened_where_the_source_stands_and_nowhere_else() {
    assert_eq!(name_from_pattern("{name}-clean", "web-01"), "web-01-clean");
    assert_eq!(name_from_pattern("dr-{name}-{name}", "a"), "dr-a-a");
    assert_eq!(name_from_pattern("fixed", "web-01"), "fixed");
    let long = "x".repeat(64);
    assert_eq!(name_from_pattern("{name}-clean", &long), format!("{}-clean", "x".repeat(58)));
    assert_eq!(name_from_pattern("{name}{name}", &long).len(), 64);
}

#[test]
fn a_group_is_that_of_the_source_or_one_by_its_name_and_has_to_exist() {
    let mut world = world(&["web-01"]);
    let region = Region::new("westeurope");
    let groups = ["rg", "RG-clean"].map(|name| Rc::new(ResourceGroup::new(sample::id(name), region.clone())));
    world.of("web-01").lookups.groups = Some(groups.into());
    let group = |world: &World, rule: GroupRule| {
        let (found, reasons) = drafted(world, &Mapping { resource_group: rule, ..mapping() }, &machine("web-01"));
        let rules: Vec<String> = reasons.into_iter().map(|reason| reason.rule).collect();
        (found.target_group.map(|id| id.name().to_owned()), rules)
    };
    assert_eq!(group(&world, GroupRule::Same), (Some("rg".to_owned()), vec![]));
    let clean = || GroupRule::Pattern("{name}-clean".to_owned());
    assert_eq!(group(&world, clean()), (Some("RG-clean".to_owned()), vec![]), "as it is spelled");
    let missing = || GroupRule::Pattern("{name}-none".to_owned());
    assert_eq!(group(&world, missing()), (None, vec!["plan-group-exists".to_owned()]));
    world.complete = false;
    assert_eq!(group(&world, missing()), (Some("rg-none".to_owned()), vec![]), "a rule warns of it");
    // The group of the source is in the region that is down.
    world.of("web-01").secondary = Some(Region::new("westeurope"));
    assert_eq!(group(&world, GroupRule::Same), (None, vec![]));
}

#[test]
fn a_network_takes_the_place_of_that_of_the_source_with_the_subnet_of_the_same_name() {
    let mut world = world(&["web-01"]);
    let (net, clean, other) =
        (network("net", &["default"]), network("clean", &["x", "Default"]), network("other", &["a", "b"]));
    world.of("web-01").lookups.networks = Some([net.clone(), clean.clone(), other.clone()].into());
    let row = NetworkRow { source: net.id.clone(), target: clean.id.clone() };
    let with_row = Mapping { networks: vec![row], other_network: Some(other.id.clone()), ..mapping() };
    let placed = |world: &World, mapping: &Mapping| {
        let (found, _) = drafted(world, mapping, &machine("web-01"));
        (found.network, found.subnet.map(|id| id.name().to_owned()))
    };
    assert_eq!(placed(&world, &with_row), (Some(clean.id.clone()), Some("Default".to_owned())));
    // No row is about it, or nobody knows what its network was.
    world.subnet = Some(None);
    assert_eq!(placed(&world, &with_row), (Some(other.id.clone()), None), "two subnets and no name");
    world.subnet = None;
    assert_eq!(placed(&world, &with_row), (None, None), "it is being read");
    world.subnet = Some(Some(other.id.child("subnets", "b")));
    assert_eq!(placed(&world, &with_row), (Some(other.id.clone()), Some("b".to_owned())));
    let pasted = network("pasted", &[]);
    let to_pasted = Mapping { other_network: Some(pasted.id.clone()), ..mapping() };
    assert_eq!(placed(&world, &to_pasted), (Some(pasted.id.clone()), Some("b".to_owned())));
}

#[test]
fn machines_are_spread_over_the_accounts_that_suit_them() {
    let account = |name: &str, region: &str| {
        let id = sample::id(&format!("rg/providers/Microsoft.Storage/storageAccounts/{name}"));
        Rc::new(StorageAccount::new(id, Region::new(region), "StorageV2", "Standard_LRS"))
    };
    let mut world = world(&["web-01"]);
    let all = [account("one", "westeurope"), account("away", "eastus"), account("two", "westeurope")];
    world.of("web-01").lookups.storage_accounts = Some(all.clone().into());
    let pool =
        |ids: &[usize]| Mapping { staging_accounts: ids.iter().map(|at| all[*at].id.clone()).collect(), ..mapping() };
    let chosen = |mapping: &Mapping, place: usize| {
        let mut found = None;
        world.with_sources(&world.machines[0], &Draft::default(), &mut |sources| {
            found = Some(draft(mapping, (&machine("web-01"), place), &world.machines[0], sources).0);
        });
        found.and_then(|draft| draft.staging_account).map(|id| id.name().to_owned()).unwrap_or_default()
    };
    let names: Vec<String> = (0..4).map(|place| chosen(&pool(&[0, 1, 2]), place)).collect();
    assert_eq!(names, ["one", "two", "one", "two"]);
    assert_eq!(chosen(&pool(&[1]), 0), "away", "no other one than those of the plan");
}

#[test]
fn neighbors_in_a_vault_and_the_first_ones_of_several_vaults_are_spread() {
    let mut of = plan(&["a", "b", "c"]);
    let elsewhere = |name: &str| {
        let text = machine(name).item.as_str().replace("/vaults/vault/", "/vaults/other/");
        Machine::new(RegionalId::from(ArmId::parse(&text).unwrap()), name)
    };
    of.groups[0].machines.insert(1, elsewhere("d"));
    of.groups[0].machines.push(elsewhere("e"));
    let mut secondary = machine("f");
    secondary.secondary = Some(Region::new("northeurope"));
    of.groups[0].machines.push(secondary);
    assert_eq!(staging_account_numbers(&of), [0, 1, 1, 2, 2, 2]);
}

#[test]
fn what_a_machine_does_not_allow_is_left_out_and_named() {
    let mut world = world(&["web-01"]);
    let zone = Mapping { zone: ZoneChoice::Zone("2".to_owned()), ..mapping() };
    Rc::make_mut(&mut world.of("web-01").vault).redundancy = None;
    let (found, _) = drafted(&world, &zone, &machine("web-01"));
    assert_eq!(found.zone, ZoneChoice::Zone("2".to_owned()), "nothing is known against it");
    Rc::make_mut(&mut world.of("web-01").vault).redundancy = Some(Redundancy::LocallyRedundant);
    let (found, _) = drafted(&world, &zone, &machine("web-01"));
    let left_out: Vec<&str> = found.not_carried.iter().map(|one| one.what.as_str()).collect();
    assert_eq!((found.zone.clone(), left_out), (ZoneChoice::Unset, vec!["Availability zone"]));
    assert_eq!(why(&found, Field::Zone), None);
}

#[test]
fn what_depends_on_the_machine_is_taken_where_it_applies() {
    let mut world = world(&["web-01"]);
    let access = sample::id("rg/providers/Microsoft.Compute/diskAccesses/access");
    let all = Mapping {
        disk_network_access: Some(DiskNetworkAccess::Private),
        disk_access: Some(access.clone()),
        region: Some(RegionChoice::Source),
        rehydration: Rehydration { priority: Some(RehydrationPriority::High), days: "12".to_owned() },
        ..mapping()
    };
    let taken = |world: &World| {
        let (found, _) = drafted(world, &all, &machine("web-01"));
        (found.disk_network_access, found.disk_access, found.region, found.rehydration.priority)
    };
    assert_eq!(taken(&world), (None, None, None, None));
    let facts = world.of("web-01");
    Rc::make_mut(&mut facts.item).source_location = Some(Region::new("northeurope"));
    let point = Rc::make_mut(&mut facts.point);
    point.private_access = Some(true);
    point.tiers.remove(0);
    point.tiers[0].kind = azure_backup::backup::recovery_point::TierKind::ArchivedRP;
    let expected =
        (Some(DiskNetworkAccess::Private), Some(access), Some(RegionChoice::Source), Some(RehydrationPriority::High));
    assert_eq!(taken(&world), expected);
}

#[test]
fn an_exception_goes_back_to_the_default_that_the_plan_has_changed() {
    let mut world = world(&["web-01"]);
    Rc::make_mut(&mut world.of("web-01").point).tiers.truncate(1);
    Rc::make_mut(&mut world.of("web-01").point).tiers[0].kind =
        azure_backup::backup::recovery_point::TierKind::ArchivedRP;
    let all = Mapping {
        staging_access: StagingAccess::SystemAssigned,
        rehydration: Rehydration { priority: Some(RehydrationPriority::High), days: "20".to_owned() },
        ..mapping()
    };
    let taken = |own: &Machine| {
        let (found, _) = drafted(&world, &all, own);
        (found.staging_access, found.rehydration.priority, found.rehydration.days)
    };
    let high = Some(RehydrationPriority::High);
    assert_eq!(taken(&machine("web-01")), (StagingAccess::SystemAssigned, high, "20".to_owned()));
    let mut own = machine("web-01");
    own.exceptions.rehydration.days = "12".to_owned();
    assert_eq!(taken(&own), (StagingAccess::SystemAssigned, high, "12".to_owned()), "each value by itself");
    own.exceptions = Draft::default();
    own.exceptions.cleared = vec![Field::StagingAccess, Field::RehydrationDays];
    assert_eq!(taken(&own), (StagingAccess::Key, high, "15".to_owned()));
}

#[test]
fn another_target_subscription_takes_what_was_selected_of_the_one_before_along() {
    let elsewhere = SubscriptionId::parse(sample::ELSEWHERE).unwrap();
    let network = sample::id("rg/providers/Microsoft.Network/virtualNetworks/net");
    let mut all = Mapping {
        networks: vec![NetworkRow { source: network.clone(), target: network.clone() }],
        other_network: Some(network),
        disk_network_access: Some(DiskNetworkAccess::Private),
        disk_access: Some(sample::id("rg/providers/Microsoft.Compute/diskAccesses/access")),
        staging_accounts: vec![sample::id("rg/providers/Microsoft.Storage/storageAccounts/staging")],
        ..mapping()
    };
    let before = all.clone();
    all.set_target_subscription(None);
    assert_eq!(all, before, "it is the same");
    all.set_target_subscription(Some(elsewhere.clone()));
    assert_eq!((&all.resource_group, all.networks.len(), &all.other_network), (&GroupRule::Same, 0, &None));
    assert_eq!((all.disk_network_access, &all.disk_access), (Some(DiskNetworkAccess::Private), &None));
    assert_eq!(all.staging_accounts, before.staging_accounts, "one of the vault's subscription may be used");
    let pattern = || GroupRule::Pattern("{name}-clean".to_owned());
    all.resource_group = pattern();
    all.set_target_subscription(None);
    assert_eq!(all.resource_group, pattern(), "it names a group of whichever subscription");
    // Disks are replaced where they are.
    all.target_subscription = Some(elsewhere.clone());
    assert_eq!(own_choices(&all, &machine("web-01")).target_subscription, Some(elsewhere));
    let in_place = Mapping { scenario: Some(Scenario::ReplaceDisks), ..all };
    assert_eq!(own_choices(&in_place, &machine("web-01")).target_subscription, None);
}

#[test]
fn only_private_access_has_a_disk_access_resource() {
    let mut all = mapping();
    all.set_disk_network_access(Some(DiskNetworkAccess::Private));
    all.disk_access = Some(sample::id("rg/providers/Microsoft.Compute/diskAccesses/access"));
    all.set_disk_network_access(Some(DiskNetworkAccess::Public));
    assert_eq!((all.disk_network_access, all.disk_access), (Some(DiskNetworkAccess::Public), None));
}

#[test]
fn an_exception_for_another_point_is_carried_as_the_form_carries_it() {
    let world = world(&["web-01"]);
    let mut own = machine("web-01");
    own.exceptions.point = Some("another".to_owned());
    own.exceptions.scenario = Some(Scenario::SelectedDisks);
    own.exceptions.luns = [0, 7].into();
    let (found, _) = drafted(&world, &mapping(), &own);
    assert_eq!((found.scenario, found.luns), (Some(Scenario::SelectedDisks), [0].into()));
    assert_eq!(found.not_carried.len(), 1);
    own.exceptions.point = Some(world.machines[0].point.name.clone());
    assert_eq!(drafted(&world, &mapping(), &own).0.luns, [0, 7].into(), "a rule says what is wrong with it");
}
