//! Why a restore fails late that was accepted: what could have been read before.

use crate::rights::Role;
use crate::seed::obstacles::{LOCKS, Lock, SIZES, TAGGED_GROUP};
use crate::seed::resources::{CLOSED, RESOURCES};
use crate::simulator::Simulator;
use crate::text::same;
use crate::world::item::Item;
use crate::world::job::{Restore, RestoreKind};
use crate::world::place::group_id;
use crate::world::resource::Kind;

impl Lock {
    /// The ARM id of what it locks.
    pub(crate) fn scope(&self) -> String {
        format!("{}{}", group_id(self.subscription, self.group), self.below)
    }

    /// Whether it locks this resource or something above it.
    fn covers(&self, id: &str) -> bool {
        let scope = self.scope().to_lowercase();
        id.to_lowercase().strip_prefix(&scope).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

/// The vCPUs of a size.
pub(crate) fn vcpus(size: &str) -> u32 {
    SIZES.iter().find(|known| same(known.name, size)).map_or(0, |known| known.vcpus)
}

/// How many vCPUs machines use in a region, those of one family or all; and how many can be used.
pub(crate) fn vcpu_usage(sim: &Simulator, subscription: &str, region: &str, family: Option<&str>) -> (u32, u32) {
    let counts = |item: &Item| {
        let of_family = |family: &str| SIZES.iter().any(|size| same(size.name, item.size()) && size.family == family);
        family.is_none_or(of_family)
    };
    let here =
        |item: &&Item| item.machine_exists() && same(item.subscription(), subscription) && same(item.region(), region);
    let own: u32 = sim.world.items.iter().filter(here).filter(|i| counts(i)).map(|i| vcpus(i.size())).sum();
    let restored =
        sim.world.changes.machines.iter().filter(|m| same(&m.subscription, subscription) && same(&m.region, region));
    let items = restored.map(|machine| &sim.world.items[machine.item]);
    let new: u32 = items.filter(|i| counts(i)).map(|i| vcpus(i.size())).sum();
    (own + new, sim.settings.free_vcpus.map_or(PLENTY, |free| own + free))
}

/// More vCPUs than all machines of a large tenant have.
const PLENTY: u32 = 60_000;

/// Why this restore fails, if it does.
pub(crate) fn late(sim: &Simulator, item: usize, restore: &Restore) -> Option<String> {
    let item = &sim.world.items[item];
    let group = restore.target_group.as_ref().map(|name| group_id(&restore.target_subscription, name));
    let is_machine = restore.kind == RestoreKind::AlternateLocation;
    let named = |name: &str, network: bool| {
        let is_kind = |kind: &Kind| matches!(kind, Kind::Network { .. }) == network;
        RESOURCES.iter().find(|r| same(r.name, name) && is_kind(&r.kind)).map(|r| r.id())
    };
    let account = named(&restore.account, false);
    let network = restore.target_network.as_ref().and_then(|name| named(name, true));
    missing_right(sim.settings.role, restore, &group, &account, &network)
        .or_else(|| {
            let mut written = [&group, &account, &network].into_iter().flatten();
            let lock = written.find_map(|id| LOCKS.iter().find(|lock| lock.level == "ReadOnly" && lock.covers(id)))?;
            Some(format!("ScopeLocked: The scope '{}' cannot perform write operation because of the lock '{}'.", lock.scope(), lock.name))
        })
        .or_else(|| {
            let tagged = group_id(TAGGED_GROUP.0, TAGGED_GROUP.1);
            let is_tagged = group.as_ref().is_some_and(|group| same(group, &tagged));
            is_tagged.then(|| "RequestDisallowedByPolicy: The resource was disallowed by the policy 'require-cost-center'.".to_owned())
        })
        .or_else(|| {
            let words = "AuthorizationFailure: This request is not authorized to perform this operation. The network rules of the storage account";
            (restore.account == CLOSED).then(|| format!("{words} '{CLOSED}' don't allow access."))
        })
        .or_else(|| {
            let (used, limit) = vcpu_usage(sim, &restore.target_subscription, &restore.region, None);
            let needed = vcpus(item.size());
            (is_machine && used + needed > limit).then(|| {
                format!("QuotaExceeded: Operation could not be completed as it results in exceeding the approved Total Regional Cores quota. Current limit: {limit}, current usage: {used}, additional required: {needed}.")
            })
        })
}

fn missing_right(
    role: Role,
    restore: &Restore,
    group: &Option<String>,
    account: &Option<String>,
    network: &Option<String>,
) -> Option<String> {
    let is_machine = restore.kind == RestoreKind::AlternateLocation;
    let in_place = restore.kind == RestoreKind::OriginalLocation;
    let needed = [
        (account, true, "Microsoft.Storage/storageAccounts/write"),
        (group, !in_place, "Microsoft.Resources/subscriptions/resourceGroups/write"),
        (group, is_machine, "Microsoft.Compute/virtualMachines/write"),
        (network, is_machine, "Microsoft.Network/virtualNetworks/subnets/join/action"),
    ];
    let lacks = |(scope, counts, action): (&Option<String>, bool, &'static str)| {
        let scope = scope.as_ref().filter(|_| counts && !role.allows(action))?;
        Some(format!(
            "AuthorizationFailed: The client does not have authorization to perform action '{action}' over scope '{scope}'."
        ))
    };
    needed.into_iter().find_map(lacks)
}
