//! A rehearsal tries the plan: its machines are inspected, and everything that it created is deleted. So it changes no machine, and its new
//! machines go to a network from which nothing else can be reached.
//!
//! A network is never called isolated here: something that leads out of it was found, something could not be checked, or nothing was found.

use azure_backup::arm::id::ArmId;
use azure_backup::backup::lookups::{Exits, RouteTable, VirtualNetwork};

use super::across::Finding;
use super::expansion::{Expanded, Ready};
use super::plan::{MachineId, Mode, RecoveryPlan};
use crate::readiness::{Answers, Known};
use crate::restore::effect_sentence::quoted;
use crate::restore::rules::Weight;

const ISOLATION: &str = "https://learn.microsoft.com/azure/site-recovery/site-recovery-test-failover-to-azure";
const IN_PLACE: &str = "https://learn.microsoft.com/azure/backup/backup-azure-arm-restore-vms#replace-existing-disks";

/// A network that a rehearsal restores to.
#[derive(Clone, Debug, PartialEq)]
pub struct TargetNetwork {
    /// Its id.
    pub id: ArmId,
    /// What leads out of it. Each completes a sentence that begins with its name, and names are quoted.
    pub connected: Vec<String>,
    /// What could not be checked, as the end of a sentence that begins with *Couldn't check:*.
    pub unknown: Vec<String>,
    /// Whether the operator has said that it is to be used all the same.
    pub allowed: bool,
    /// The machines that go there.
    pub machines: Vec<MachineId>,
}

impl TargetNetwork {
    /// Whether only the operator can let the rehearsal use it.
    pub fn needs_operator(&self) -> bool {
        !self.connected.is_empty() || !self.unknown.is_empty()
    }

    /// What was found, in sentences with quoted names.
    pub fn sentence(&self) -> String {
        let name = quoted(self.id.name());
        let mut parts = Vec::new();
        if !self.connected.is_empty() {
            parts.push(format!("{name} isn't isolated: it {}.", self.connected.join("; it ")));
        }
        if !self.unknown.is_empty() {
            parts.push(format!("Couldn't check whether {name} is isolated: {}.", self.unknown.join("; ")));
        }
        if parts.is_empty() {
            parts.push(format!("Nothing was found that connects {name} to other networks."));
        }
        parts.join(" ")
    }
}

/// The networks that the machines of a rehearsal go to, each once; none for a plan that is meant.
pub fn networks(plan: &RecoveryPlan, machines: &[Expanded], answers: &dyn Answers) -> Vec<TargetNetwork> {
    let mut all: Vec<(ArmId, Vec<(&Expanded, &Ready)>)> = Vec::new();
    let ready = machines.iter().filter_map(|machine| Some((machine, machine.ready()?)));
    for member in ready.filter(|_| plan.mode == Mode::Rehearsal) {
        let Some(network) = &member.1.plan.request.virtual_network_id else { continue };
        match all.iter_mut().find(|(known, _)| known == network) {
            Some((_, members)) => members.push(member),
            None => all.push((network.clone(), vec![member])),
        }
    }
    let allowed = |id: &ArmId| plan.connected_networks.contains(id);
    let network = |(id, members): (ArmId, Vec<(&Expanded, &Ready)>)| {
        let mut found = TargetNetwork {
            allowed: allowed(&id),
            machines: members.iter().map(|(machine, _)| machine.id.clone()).collect(),
            connected: Vec::new(),
            unknown: Vec::new(),
            id,
        };
        of_originals(&mut found, &members, answers);
        let listed = |ready: &&Ready| ready.facts.lookups.networks.as_ref()?.iter().find(|n| n.id == found.id).cloned();
        match members.iter().find_map(|(_, ready)| listed(ready)) {
            Some(listed) => of_network(&mut found, &listed, &members, answers),
            None => found.unknown.push("it isn't among the virtual networks that could be read".to_owned()),
        }
        found
    };
    all.into_iter().map(network).collect()
}

/// Checks whether a network contains original machines: a second machine of the same name must not be there.
fn of_originals(found: &mut TargetNetwork, members: &[(&Expanded, &Ready)], answers: &dyn Answers) {
    let (mut inside, mut unknown) = (Vec::new(), Vec::new());
    for (machine, ready) in members {
        let source = ready.plan.request.source_resource_id.as_ref();
        // In the secondary region, the originals are elsewhere; one that is gone is nowhere.
        let there = ready.plan.secondary.is_none() && ready.facts.source_exists != Some(false);
        let Some(source) = source.filter(|_| there) else { continue };
        match network_of(source, answers) {
            Some(network) if network == found.id => inside.push(quoted(&machine.name)),
            Some(_) => {}
            None => unknown.push(quoted(&machine.name)),
        }
    }
    found.connected.extend(named(&inside).map(|names| format!("is the network of the original {names}")));
    found.unknown.extend(named(&unknown).map(|names| format!("the network of the original {names} couldn't be read")));
}

/// The network of the primary interface of a machine; none where it cannot be told.
fn network_of(machine: &ArmId, answers: &dyn Answers) -> Option<ArmId> {
    let Known::Is(vm) = answers.machine(machine) else { return None };
    let Known::Is(interface) = answers.interface(vm.primary_interface()?) else { return None };
    interface.primary_subnet()?.parent()
}

/// The first of several names, and how many more there are.
fn named(names: &[String]) -> Option<String> {
    match names {
        [] => None,
        [one] => Some(one.clone()),
        [first, others @ ..] => Some(format!("{first} and {} more", others.len())),
    }
}

fn of_network(
    found: &mut TargetNetwork,
    network: &VirtualNetwork,
    members: &[(&Expanded, &Ready)],
    answers: &dyn Answers,
) {
    match &network.peerings {
        None => found.unknown.push("its peerings couldn't be read".to_owned()),
        Some(peered) => {
            let peered: Vec<String> = peered.iter().map(|name| quoted(name)).collect();
            found.connected.extend(named(&peered).map(|names| format!("is peered with {names}")));
        }
    }
    for subnet in &network.subnets {
        let name = quoted(subnet.name.as_str());
        let is_target = members.iter().any(|(_, ready)| ready.plan.request.subnet_id.as_ref() == Some(&subnet.id));
        let is_gateways = subnet.name.eq_ignore_ascii_case("GatewaySubnet");
        match &subnet.exits {
            Some(exits) => {
                let gateways: Vec<String> = exits.gateways.iter().map(|id| quoted(id.name())).collect();
                found.connected.extend(named(&gateways).map(|names| format!("has the gateway {names}")));
                if is_target {
                    of_subnet(found, &name, exits, answers);
                }
            }
            None if is_target || is_gateways => {
                found.unknown.push(format!("what leads out of the subnet {name} couldn't be read"));
            }
            None => {}
        }
    }
    let is_listed = |subnet: &ArmId| network.subnets.iter().any(|listed| listed.id == *subnet);
    if members.iter().any(|(_, ready)| ready.plan.request.subnet_id.as_ref().is_some_and(|id| !is_listed(id))) {
        found.unknown.push("a subnet of this plan isn't among its subnets".to_owned());
    }
}

fn of_subnet(found: &mut TargetNetwork, name: &str, exits: &Exits, answers: &dyn Answers) {
    if let Some(gateway) = &exits.nat_gateway {
        found.connected.push(format!("has the NAT gateway {} on the subnet {name}", quoted(gateway.name())));
    }
    let Some(id) = &exits.route_table else { return };
    let table = quoted(id.name());
    match answers.route_table(id) {
        Known::Is(routes) => of_routes(found, &table, &routes),
        Known::NotYet => found.unknown.push(format!("the route table {table} isn't read yet")),
        Known::Unreadable(why) => found.unknown.push(format!("the route table {table} couldn't be read ({why})")),
    }
}

fn of_routes(found: &mut TargetNetwork, table: &str, routes: &RouteTable) {
    for route in &routes.routes {
        let (name, hop) = (quoted(&route.name), route.next_hop.as_deref().unwrap_or_default());
        let leads = match hop.to_ascii_lowercase().as_str() {
            "virtualappliance" => "a virtual appliance",
            "virtualnetworkgateway" => "a gateway",
            // What Azure does without the route.
            "vnetlocal" | "internet" | "none" => continue,
            _ => {
                found.unknown.push(format!("where the route {name} of the route table {table} leads isn't known"));
                continue;
            }
        };
        found.connected.push(format!("has the route {name} to {leads}, in the route table {table}"));
    }
}

/// What stops machines of a rehearsal, and what the operator has allowed all the same.
pub fn check(plan: &RecoveryPlan, machines: &[Expanded], answers: &dyn Answers) -> Vec<Finding> {
    let mut found = Vec::new();
    found.extend(in_place(plan, machines));
    for network in networks(plan, machines, answers).iter().filter(|network| network.needs_operator()) {
        let told = network.sentence();
        let (rule, weight, sentence) = match network.allowed {
            true => {
                ("rehearsal-network-allowed", Weight::Warns, format!("{told} You allowed this rehearsal to use it."))
            }
            false => (
                "rehearsal-network",
                Weight::Blocks,
                format!("{told} Select another network, or allow this one under Isolation."),
            ),
        };
        found.push(Finding { rule, weight, sentence, link: ISOLATION, beyond: network.machines.clone() });
    }
    found
}

fn in_place(plan: &RecoveryPlan, machines: &[Expanded]) -> Option<Finding> {
    let changes = |machine: &&Expanded| machine.ready().is_some_and(|ready| ready.plan.scenario.is_in_place());
    let all: Vec<&Expanded> = machines.iter().filter(|_| plan.mode == Mode::Rehearsal).filter(changes).collect();
    let names: Vec<String> = all.iter().map(|machine| quoted(&machine.name)).collect();
    let sentence = format!(
        "A rehearsal changes no VM, and this one would replace the disks of {}. Restore new VMs or disks instead.",
        named(&names)?
    );
    let beyond = all.iter().map(|machine| machine.id.clone()).collect();
    Some(Finding { rule: "rehearsal-in-place", weight: Weight::Blocks, sentence, link: IN_PLACE, beyond })
}

/// What the manifest and the report say about a rehearsal: that it is one, and which networks the operator has allowed of those that are used. It
/// rests on the plan and its requests alone, so that it's the same wherever it is written.
pub fn notes(plan: &RecoveryPlan, used: &[ArmId]) -> Vec<String> {
    if plan.mode != Mode::Rehearsal {
        return Vec::new();
    }
    let allowed = plan.connected_networks.iter().filter(|id| used.contains(id));
    let allowed = allowed.map(|id| format!("Network allowed although not known to be isolated: {id}"));
    std::iter::once("Rehearsal".to_owned()).chain(allowed).collect()
}

#[cfg(test)]
mod tests;
