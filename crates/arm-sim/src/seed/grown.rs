//! What makes a tenant large: generated subscriptions, each with resource groups, vaults, networks and storage accounts, and their machines.

use serde::{Deserialize, Serialize};

use super::places::TENANTS;
use super::vaults::{FIRST_VAULTS, USUAL};
use crate::pseudo_random::mix;
use crate::world::item::{Item, Plan, State, Traits};
use crate::world::place::{Group, Subscription};
use crate::world::resource::{Kind, Resource};
use crate::world::vault::{Redundancy, Vault};

/// How large the simulated tenant is. A larger one has all of a smaller one, at the same places of its lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum TenantSize {
    /// What there is one of each kind of: about a hundred machines, and a vault with a thousand.
    #[default]
    Small,
    /// 3,000 machines more, in 24 vaults of 3 subscriptions.
    Demo,
    /// 10,000 machines more, in 400 vaults of 50 subscriptions.
    Large,
}

impl TenantSize {
    /// How many generated subscriptions there are.
    pub(crate) fn subscriptions(self) -> usize {
        match self {
            Self::Small => 0,
            Self::Demo => 3,
            Self::Large => SUBSCRIPTIONS,
        }
    }

    fn machines_a_vault(self) -> usize {
        match self {
            Self::Small => 0,
            Self::Demo => 125,
            Self::Large => 25,
        }
    }
}

/// How many subscriptions the largest tenant has more than the smallest one.
const SUBSCRIPTIONS: usize = 50;
const VAULTS_EACH: usize = 8;

const LINES: [&str; 10] =
    ["Retail", "Logistics", "Finance", "Industry", "Research", "Services", "Health", "Energy", "Media", "Insurance"];
const AREAS: [&str; 5] = ["", " Nordics", " Americas", " UK", " Asia"];
/// A subscription's home region, and the one that it is paired with.
const REGIONS: [(&str, &str); 4] =
    [("westeurope", "northeurope"), ("swedencentral", "swedensouth"), ("eastus", "westus"), ("uksouth", "ukwest")];
/// What machines are for. Each application has a resource group.
const APPLICATIONS: [&str; 17] = [
    "rg-billing",
    "rg-booking",
    "rg-catalog",
    "rg-claims",
    "rg-crm",
    "rg-forecast",
    "rg-intranet",
    "rg-inventory",
    "rg-loyalty",
    "rg-orders",
    "rg-payments",
    "rg-portal",
    "rg-pricing",
    "rg-reports",
    "rg-search",
    "rg-shipping",
    "rg-warehouse",
];
const ROLES: [&str; 4] = ["web", "app", "db", "job"];
const ENVIRONMENTS: [&str; 5] = ["production", "production", "production", "test", "development"];
const OTHER_GROUPS: [&str; 3] = ["rg-backup", "rg-network", "rg-restore"];

/// What a generated subscription is called and where it is. Its texts live as long as the program: there are no more than the tables hold.
struct Place {
    id: &'static str,
    name: &'static str,
    /// `retail-nordics`, in the names of its resources.
    slug: String,
    home: &'static str,
    pair: &'static str,
}

fn places() -> Vec<Place> {
    let mut places = Vec::with_capacity(SUBSCRIPTIONS);
    for n in 0..SUBSCRIPTIONS {
        let (line, area) = (LINES[n % LINES.len()], AREAS[n / LINES.len()]);
        let (home, pair) = REGIONS[n % REGIONS.len()];
        let slug = format!("{line}{area}").to_ascii_lowercase().replace(' ', "-");
        let id = format!("5f1c0d3a-91b2-4e6f-8a77-0c0ffee1{n:04}").leak();
        places.push(Place { id, name: format!("Contoso {line}{area}").leak(), slug, home, pair });
    }
    places
}

/// Adds the subscriptions, all of the first tenant.
pub(crate) fn add_subscriptions(all: &mut Vec<Subscription>) {
    for Place { id, name, .. } in places() {
        all.push(Subscription { id, name, tenant: &TENANTS[0], registered: true });
    }
}

/// Adds their resource groups: a thousand.
pub(crate) fn add_groups(all: &mut Vec<Group>) {
    for Place { id: subscription, home: region, .. } in places() {
        for name in [&OTHER_GROUPS[..], &APPLICATIONS].concat() {
            all.push(Group { subscription, name, region });
        }
    }
}

/// Adds their vaults, those of a subscription in a row.
pub(crate) fn add_vaults(all: &mut Vec<Vault>) {
    for Place { id: subscription, slug, home, pair, .. } in places() {
        for n in 0..VAULTS_EACH {
            let name = format!("{slug}-vault-{:02}", n + 1).leak();
            let region = if n % 2 == 0 { home } else { pair };
            let (redundancy, cross_region) =
                if n % 3 == 0 { (Redundancy::Geo, true) } else { (Redundancy::Local, false) };
            let group = OTHER_GROUPS[0];
            all.push(Vault { subscription, group, name, region, redundancy, cross_region, ..USUAL });
        }
    }
}

/// Adds a network and storage accounts in each of their regions; the first of a region is a good choice.
pub(crate) fn add_resources(all: &mut Vec<Resource>) {
    const KINDS: [(&str, &str, bool); 5] = [
        ("Standard_LRS", "StorageV2", true),
        ("Standard_GRS", "StorageV2", true),
        ("Standard_LRS", "StorageV2", false),
        ("Premium_LRS", "StorageV2", true),
        ("Standard_LRS", "BlobStorage", true),
    ];
    for Place { id: subscription, slug, home, pair, .. } in places() {
        let mut add = |group, name: String, region, kind| {
            all.push(Resource { subscription, group, name: name.leak(), region, kind });
        };
        let subnets = &["default", "app", "data"];
        add(OTHER_GROUPS[1], format!("vnet-{slug}"), home, Kind::Network { subnets });
        add(OTHER_GROUPS[1], format!("vnet-{slug}-dr"), pair, Kind::Network { subnets });
        let letters = slug.replace('-', "");
        for (n, (sku, kind, open)) in KINDS.into_iter().enumerate() {
            for (place, region) in [home, pair].into_iter().enumerate() {
                let name = format!("st{letters}{:02}", 2 * n + place + 1);
                add(OTHER_GROUPS[2], name, region, Kind::Account { sku, kind, open, keys: true });
            }
        }
    }
}

/// Adds the machines of a tenant of this size. Each follows from its number.
pub(crate) fn add_items(size: TenantSize, all: &mut Vec<Item>) {
    let (each, vaults) = (size.machines_a_vault(), size.subscriptions() * VAULTS_EACH);
    for vault in 0..vaults {
        for n in 0..each {
            all.push(item(vault, vault % VAULTS_EACH * each + n));
        }
    }
}

/// The `n`-th machine of its subscription.
fn item(vault: usize, n: usize) -> Item {
    let group = APPLICATIONS[n % APPLICATIONS.len()];
    let role = ROLES[n / APPLICATIONS.len() % ROLES.len()];
    let number = n / (APPLICATIONS.len() * ROLES.len()) + 1;
    let application = group.strip_prefix("rg-").unwrap_or(group);
    let chance = mix((vault * 10_000 + n) as u64);
    let state = match chance % 200 {
        0..=2 => State::Stopped,
        3 | 4 => State::SoftDeleted,
        5..=9 => State::AgentSilent,
        10..=14 => State::Warned,
        15 => State::Pending,
        _ => State::Protected,
    };
    let mut traits = if role == "web" || role == "job" { Traits::LINUX } else { 0 };
    if state == State::SoftDeleted || (chance / 200).is_multiple_of(60) {
        traits |= Traits::GONE;
    }
    Item {
        vault: FIRST_VAULTS + vault,
        name: format!("{application}-{role}-{number:02}"),
        group,
        traits: Traits(traits),
        data_disks: if role == "db" { 4 } else { u8::from(role == "app") },
        disks: None,
        state,
        plan: if n.is_multiple_of(5) { Plan::VaultOnly } else { Plan::Daily },
        points: if state == State::Pending { 0 } else { 14 + u32::from(n.is_multiple_of(3)) * 16 },
        fault: None,
        home: None,
        environment: Some(ENVIRONMENTS[n % ENVIRONMENTS.len()]),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{TenantSize, item};
    use crate::seed::places::{GROUPS, SUBSCRIPTIONS};
    use crate::seed::resources::RESOURCES;
    use crate::seed::vaults::VAULTS;
    use crate::world::World;

    #[test]
    fn a_larger_tenant_has_all_of_a_smaller_one_first() {
        let world = |size| World::new(1, 1_700_000_000_000, size);
        let [small, demo, large] = [TenantSize::Small, TenantSize::Demo, TenantSize::Large].map(world);
        let ids = |world: &World| world.items.iter().map(crate::world::item::Item::id).collect::<Vec<_>>();
        let (small_ids, large_ids) = (ids(&small), ids(&large));
        assert_eq!(small_ids[..], ids(&demo)[..small_ids.len()]);
        assert_eq!(small_ids[..], large_ids[..small_ids.len()]);
        assert_eq!(demo.items.len() - small_ids.len(), 3_000);
        assert_eq!(large_ids.len() - small_ids.len(), 10_000);
        let vaults: HashSet<_> = large.items[small_ids.len()..].iter().map(|i| i.vault).collect();
        assert_eq!(vaults.len(), 400);
        assert_eq!(large.subscriptions().len() - small.subscriptions().len(), 50);
        assert_eq!((small.jobs.len(), &small.jobs), (large.jobs.len(), &demo.jobs), "more machines make no more jobs");
        let distinct: HashSet<_> = large_ids.iter().map(|id| id.to_ascii_lowercase()).collect();
        assert_eq!(distinct.len(), large_ids.len());
        let machines: HashSet<_> = large.items.iter().map(|i| i.machine_id().to_ascii_lowercase()).collect();
        assert_eq!(machines.len(), large_ids.len());
    }

    #[test]
    fn everything_is_in_a_group_of_its_subscription_and_has_a_name_that_azure_takes() {
        let known =
            |subscription: &str, group: &str| GROUPS.iter().any(|g| g.subscription == subscription && g.name == group);
        assert!(GROUPS.len() > 1_000 && RESOURCES.len() > 500 && VAULTS.len() == 412);
        assert_eq!(SUBSCRIPTIONS.iter().map(|s| s.name).collect::<HashSet<_>>().len(), SUBSCRIPTIONS.len());
        assert!(VAULTS.iter().all(|v| known(v.subscription, v.group) && v.name.len() <= 50));
        for r in RESOURCES.iter() {
            assert!(known(r.subscription, r.group), "{}", r.name);
            assert!(!r.type_name().ends_with("storageAccounts") || (3..=24).contains(&r.name.len()), "{}", r.name);
        }
        assert_eq!(RESOURCES.iter().map(|r| r.id()).collect::<HashSet<_>>().len(), RESOURCES.len());
        let items: Vec<_> = (0..1_000).map(|n| item(0, n)).collect();
        assert!(items.iter().all(|i| known(VAULTS[i.vault].subscription, i.group)));
        for environment in super::ENVIRONMENTS {
            assert!(items.iter().any(|i| i.environment == Some(environment)));
        }
    }
}
