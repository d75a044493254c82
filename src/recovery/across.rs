//! Checks the machines of a plan against each other, because Azure's validation of one request does not see the others.

use super::expansion::{Expanded, Ready};
use super::plan::MachineId;
use crate::restore::effect_sentence::quoted;
use crate::restore::rules::Weight;

const NAMES: &str = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules";
const ACCOUNTS: &str = "https://learn.microsoft.com/azure/backup/backup-azure-vms-introduction";
const ADDRESSES: &str = "https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq";

/// How many addresses of each subnet Azure reserves.
const KEPT_ADDRESSES: u64 = 5;

/// Machines of a plan that do not fit together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// A stable id, for tests and documents.
    pub rule: &'static str,
    /// Whether the machines from the first one on cannot start, or the operator should only know.
    pub weight: Weight,
    /// What the operator reads.
    pub sentence: String,
    /// Where Azure says so.
    pub link: &'static str,
    /// The first machine that no longer fits, and those after it.
    pub beyond: Vec<MachineId>,
}

impl Finding {
    /// Whether the machine cannot start because of it.
    pub fn blocks(&self, machine: &MachineId) -> bool {
        self.weight == Weight::Blocks && self.beyond.contains(machine)
    }
}

/// The machines that are ready.
fn ready(machines: &[Expanded]) -> impl Iterator<Item = (&Expanded, &Ready)> {
    machines.iter().filter_map(|machine| machine.ready().map(|ready| (machine, ready)))
}

/// The machines by a key, in the order of the plan; those without a key are left out.
fn grouped<'a, K: PartialEq>(
    machines: &'a [Expanded],
    key: impl Fn(&'a Ready) -> Option<K>,
) -> Vec<(K, Vec<(&'a Expanded, &'a Ready)>)> {
    let mut groups: Vec<(K, Vec<_>)> = Vec::new();
    for (machine, ready) in ready(machines) {
        let Some(key) = key(ready) else { continue };
        match groups.iter_mut().find(|(known, _)| *known == key) {
            Some((_, members)) => members.push((machine, ready)),
            None => groups.push((key, vec![(machine, ready)])),
        }
    }
    groups
}

/// Where machines of the plan do not fit together.
pub fn check(machines: &[Expanded]) -> Vec<Finding> {
    let mut found = Vec::new();
    found.extend(same_names(machines));
    found.extend(shared_accounts(machines));
    found.extend(full_subnets(machines));
    found
}

fn finding(
    (rule, weight, link): (&'static str, Weight, &'static str),
    sentence: String,
    beyond: &[(&Expanded, &Ready)],
) -> Finding {
    Finding { rule, weight, sentence, link, beyond: beyond.iter().map(|(machine, _)| machine.id.clone()).collect() }
}

fn same_names(machines: &[Expanded]) -> Vec<Finding> {
    // Ids are compared without case, as Azure compares them; a thousand are sorted rather than compared with each other.
    let target = |ready: &Ready| ready.plan.request.target_virtual_machine_id.clone();
    let mut named: Vec<_> = ready(machines).filter_map(|(m, ready)| target(ready).map(|id| (id, (m, ready)))).collect();
    named.sort_by(|(one, _), (other, _)| one.cmp(other));
    let mut found = Vec::new();
    for same in named.chunk_by(|(one, _), (other, _)| one == other).filter(|same| same.len() > 1) {
        let members: Vec<_> = same.iter().map(|(_, member)| *member).collect();
        let (first, second) = (members[0].0, members[1].0);
        let sentence = format!(
            "{} and {} would create a VM with the same name, {}, in the same resource group. Change the name of one.",
            quoted(&first.name),
            quoted(&second.name),
            quoted(same[0].0.name())
        );
        found.push(finding(("plan-same-name", Weight::Blocks, NAMES), sentence, &members[1..]));
    }
    found
}

fn shared_accounts(machines: &[Expanded]) -> Vec<Finding> {
    let account =
        |ready: &Ready| ready.plan.request.staging_account().map(|account| (account.clone(), ready.plan.vault.clone()));
    let shared = grouped(machines, account).into_iter().filter(|(_, members)| members.len() > 1);
    let told = shared.map(|((account, vault), members)| {
        let sentence = format!(
            "{} VMs from the vault {} share the staging account {}. Microsoft recommends a separate account for each VM, because a shared one can be throttled. The second VM to use it: {}.",
            members.len(),
            quoted(vault.name()),
            quoted(account.name()),
            quoted(&members[1].0.name)
        );
        finding(("plan-shared-account", Weight::Warns, ACCOUNTS), sentence, &members[1..])
    });
    told.collect()
}

/// How many addresses an IPv4 prefix such as `10.0.0.0/24` has for machines. Addresses in use are not subtracted.
fn addresses(prefix: &str) -> Option<u64> {
    let (address, bits) = prefix.split_once('/')?;
    let bits: u32 = bits.parse().ok().filter(|bits| *bits <= 32)?;
    address.parse::<std::net::Ipv4Addr>().ok()?;
    Some((1_u64 << (32 - bits)).saturating_sub(KEPT_ADDRESSES))
}

fn full_subnets(machines: &[Expanded]) -> Vec<Finding> {
    let mut found = Vec::new();
    for (subnet, members) in grouped(machines, |ready| ready.plan.request.subnet_id.clone()) {
        let networks = || members[0].1.facts.lookups.networks.iter().flat_map(|all| all.iter());
        let listed = networks().flat_map(|network| &network.subnets).find(|listed| listed.id == subnet);
        let Some(room) = listed.and_then(|subnet| subnet.prefix.as_deref()).and_then(addresses) else { continue };
        let beyond = usize::try_from(room).ok().and_then(|room| members.get(room..)).unwrap_or_default();
        let [(first, _), ..] = beyond else { continue };
        let sentence = format!(
            "The subnet {} has {room} addresses for VMs, and {} VMs of this plan use it. The first one that doesn't fit is {}.",
            quoted(subnet.name()),
            members.len(),
            quoted(&first.name)
        );
        found.push(finding(("plan-subnet-full", Weight::Blocks, ADDRESSES), sentence, beyond));
    }
    found
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::recovery::expansion::expand;
    use crate::recovery::plan::RecoveryPlan;
    use crate::recovery::sample::{World, plan, world};
    use crate::restore::sample;
    use azure_backup::arm::id::Region;
    use azure_backup::backup::lookups::{Subnet, VirtualNetwork};

    fn found(plan: &RecoveryPlan, world: &World) -> Vec<(&'static str, String, Vec<String>)> {
        let machines = expand(plan, world);
        let name = |id: &MachineId| machines.iter().find(|m| m.id == *id).map(|m| m.name.clone()).unwrap_or_default();
        let beyond = |finding: &Finding| finding.beyond.iter().map(name).collect();
        check(&machines).into_iter().map(|one| (one.rule, one.sentence.clone(), beyond(&one))).collect()
    }

    #[test]
    fn two_machines_of_one_name_in_one_group_are_named_and_the_later_ones_cannot_start() {
        let names = ["a", "b", "c"];
        let mut of = plan(&names);
        of.groups[0].machines[2].exceptions.vm_name = "A-CLEAN".to_owned();
        let world = world(&names);
        let same: Vec<_> = found(&of, &world).into_iter().filter(|one| one.0 == "plan-same-name").collect();
        assert_eq!(same.len(), 1);
        assert_eq!(same[0].2, ["c"]);
        assert!(same[0].1.starts_with("`a` and `c` would create a VM with the same name"), "{}", same[0].1);
        let machines = expand(&of, &world);
        let finding = check(&machines).into_iter().find(|one| one.rule == "plan-same-name").unwrap();
        assert!(finding.blocks(&machines[2].id) && !finding.blocks(&machines[0].id));
        of.groups[0].machines[2].exceptions.target_group = Some(sample::id("rg"));
        assert!(found(&of, &world).iter().all(|one| one.0 != "plan-same-name"), "in another group");
    }

    #[test]
    fn machines_of_one_vault_that_share_a_staging_account_are_told() {
        let names = ["a", "b", "c"];
        let shared = found(&plan(&names), &world(&names));
        assert_eq!(shared.len(), 1);
        assert_eq!((shared[0].0, &shared[0].2), ("plan-shared-account", &vec!["b".to_owned(), "c".to_owned()]));
        assert!(shared[0].1.starts_with("3 VMs from the vault `vault` share the staging account `staging`"));
        assert_eq!(found(&plan(&["a"]), &world(&["a"])), []);
    }

    #[test]
    fn a_subnet_has_so_many_addresses() {
        assert_eq!(["10.0.0.0/24", "10.0.0.0/29", "10.0.0.0/32"].map(addresses), [Some(251), Some(3), Some(0)]);
        assert_eq!(["fd00::/64", "10.0.0.0", "10.0.0.0/33", "x/24", ""].map(addresses), [None; 5]);
        let names = ["a", "b", "c", "d"];
        let mut world = world(&names);
        let id = sample::id("rg/providers/Microsoft.Network/virtualNetworks/net");
        for name in names {
            let mut subnet = Subnet::new(id.child("subnets", "default"));
            subnet.prefix = Some("10.0.0.0/29".to_owned());
            let network = VirtualNetwork::new(id.clone(), Region::new("westeurope"), vec![subnet]);
            world.of(name).lookups.networks = Some([Rc::new(network)].into());
        }
        let full = |plan: &RecoveryPlan| found(plan, &world).into_iter().find(|one| one.0 == "plan-subnet-full");
        let (_, sentence, beyond) = full(&plan(&names)).unwrap();
        assert_eq!(beyond, ["d"]);
        assert!(sentence.ends_with("The first one that doesn't fit is `d`."), "{sentence}");
        assert_eq!(full(&plan(&names[..3])), None);
    }
}
