use std::rc::Rc;

use azure_backup::arm::eligible_roles::{ActivationRules, EligibleRole};
use azure_backup::arm::id::{Region, SubscriptionId};
use azure_backup::arm::locks::Lock;
use azure_backup::arm::permissions::{DenyAssignment, Permission};
use azure_backup::arm::policy::PolicyRestriction;
use azure_backup::arm::provider::Registration;
use azure_backup::backup::lookups::{
    ComputeUsage, NetworkInterface, Route, Subnet, SubnetUsage, VirtualMachine, VmSize,
};

use super::*;
use crate::readiness::List;
use crate::recovery::expansion::expand;
use crate::recovery::manifest::{manifest, starting};
use crate::recovery::sample::{World, plan, world};
use crate::restore::sample;
use crate::restore::scenario::Scenario;

/// Where the originals are, and the route tables. Nothing else is asked.
#[derive(Default)]
struct Told {
    original: Option<ArmId>,
    table: Option<RouteTable>,
}

macro_rules! unasked {
    ($($function:ident($($type:ty),*) -> $answer:ty;)+) => {
        $(fn $function(&self, $(_: $type),*) -> Known<$answer> { Known::NotYet })+
    };
}

impl Answers for Told {
    unasked! {
        permissions(&ArmId) -> List<Permission>;
        deny_assignments(&ArmId) -> List<DenyAssignment>;
        locks(&ArmId) -> List<Lock>;
        compute_usages(&SubscriptionId, &Region) -> List<ComputeUsage>;
        vm_sizes(&SubscriptionId, &Region) -> List<VmSize>;
        subnet_usages(&ArmId) -> List<SubnetUsage>;
        policies(&ArmId, &'static str, &Region) -> Vec<PolicyRestriction>;
        provider(&SubscriptionId, &'static str) -> Registration;
        eligible_roles(&ArmId) -> List<EligibleRole>;
        activation_rules(&ArmId, &str) -> List<ActivationRules>;
    }

    fn machine(&self, id: &ArmId) -> Known<VirtualMachine> {
        Known::Is(Rc::new(VirtualMachine::new(id.clone(), vec![(id.child("networkInterfaces", "nic"), false)])))
    }

    fn interface(&self, id: &ArmId) -> Known<NetworkInterface> {
        match &self.original {
            Some(network) => {
                let subnet = network.child("subnets", "default");
                Known::Is(Rc::new(NetworkInterface::new(id.clone(), vec![(subnet, true)])))
            }
            None => Known::Unreadable("missing permission".to_owned()),
        }
    }

    fn route_table(&self, _: &ArmId) -> Known<RouteTable> {
        match &self.table {
            Some(table) => Known::Is(Rc::new(table.clone())),
            None => Known::Unreadable("missing permission".to_owned()),
        }
    }
}

fn network(name: &str) -> ArmId {
    sample::id(&format!("rg/providers/Microsoft.Network/virtualNetworks/{name}"))
}

/// A rehearsal of `a` and `b` in a network of which Azure says `change`.
fn rehearsal(change: impl Fn(&mut VirtualNetwork)) -> (RecoveryPlan, World) {
    let names = ["a", "b"];
    let (mut of, mut world) = (plan(&names), world(&names));
    of.mode = Mode::Rehearsal;
    of.mapping.other_network = Some(network("net"));
    let mut subnet = Subnet::new(network("net").child("subnets", "default"));
    subnet.exits = Some(Exits::default());
    let mut listed = VirtualNetwork::new(network("net"), Region::new("westeurope"), vec![subnet]);
    listed.peerings = Some(Vec::new());
    change(&mut listed);
    let all: Rc<[_]> = [Rc::new(listed)].into();
    for name in names {
        world.of(name).lookups.networks = Some(all.clone());
    }
    (of, world)
}

fn elsewhere() -> Told {
    Told { original: Some(network("prod")), table: None }
}

/// What is found of the only network.
fn found(change: impl Fn(&mut VirtualNetwork), told: &Told) -> TargetNetwork {
    let (of, world) = rehearsal(change);
    let mut all = networks(&of, &expand(&of, &world), told);
    assert_eq!(all.len(), 1);
    all.remove(0)
}

fn exits(network: &mut VirtualNetwork) -> &mut Exits {
    network.subnets[0].exits.as_mut().unwrap()
}

#[test]
fn a_network_out_of_which_nothing_leads_needs_nobody() {
    let found = found(|_| {}, &elsewhere());
    assert!(!found.needs_operator(), "{found:?}");
    assert_eq!(found.sentence(), "Nothing was found that connects `net` to other networks.");
    let (of, world) = rehearsal(|_| {});
    assert_eq!(check(&of, &expand(&of, &world), &elsewhere()), []);
}

#[test]
fn whatever_leads_out_of_it_is_named() {
    let group = "rg/providers/Microsoft.Network";
    let peered = |network: &mut VirtualNetwork| {
        network.peerings = Some(vec!["hub".to_owned(), "other".to_owned()]);
    };
    let gateway = |network: &mut VirtualNetwork| {
        let mut subnet = Subnet::new(network.id.child("subnets", "GatewaySubnet"));
        let mut leads = Exits::default();
        leads.gateways = vec![sample::id(&format!("{group}/virtualNetworkGateways/vpn"))];
        subnet.exits = Some(leads);
        network.subnets.push(subnet);
    };
    let nat = |network: &mut VirtualNetwork| {
        exits(network).nat_gateway = Some(sample::id(&format!("{group}/natGateways/nat")));
    };
    let routed = |network: &mut VirtualNetwork| {
        exits(network).route_table = Some(sample::id(&format!("{group}/routeTables/rt")));
    };
    let through = |hop: &str| Told { table: Some(RouteTable::new(vec![Route::new("out", hop)])), ..elsewhere() };
    let is = |change: &dyn Fn(&mut VirtualNetwork), told: &Told, words: &str| {
        let found = found(change, told);
        assert_eq!((found.connected.join(";").as_str(), found.unknown.len()), (words, 0));
    };
    is(&peered, &elsewhere(), "is peered with `hub` and 1 more");
    is(&gateway, &elsewhere(), "has the gateway `vpn`");
    is(&nat, &elsewhere(), "has the NAT gateway `nat` on the subnet `default`");
    is(&routed, &through("virtualAPPLIANCE"), "has the route `out` to a virtual appliance, in the route table `rt`");
    is(&routed, &through("VirtualNetworkGateway"), "has the route `out` to a gateway, in the route table `rt`");
    is(&routed, &through("VnetLocal"), "");
    let own = Told { original: Some(network("net")), table: None };
    is(&|_| {}, &own, "is the network of the original `a` and 1 more");
}

#[test]
fn what_could_not_be_read_is_never_isolated() {
    let is = |change: &dyn Fn(&mut VirtualNetwork), told: &Told, words: &str| {
        let found = found(change, told);
        assert_eq!((found.unknown.join(";").as_str(), found.connected.len()), (words, 0));
        assert!(found.needs_operator() && found.sentence().starts_with("Couldn't check whether `net` is isolated"));
    };
    let routed = |network: &mut VirtualNetwork| {
        exits(network).route_table = Some(sample::id("rg/providers/Microsoft.Network/routeTables/rt"));
    };
    let odd = Told { table: Some(RouteTable::new(vec![Route::new("out", "Wormhole")])), ..elsewhere() };
    is(&|network| network.peerings = None, &elsewhere(), "its peerings couldn't be read");
    is(
        &|network| network.subnets[0].exits = None,
        &elsewhere(),
        "what leads out of the subnet `default` couldn't be read",
    );
    is(&routed, &elsewhere(), "the route table `rt` couldn't be read (missing permission)");
    is(&routed, &odd, "where the route `out` of the route table `rt` leads isn't known");
    is(&|_| {}, &Told::default(), "the network of the original `a` and 1 more couldn't be read");
}

#[test]
fn a_rehearsal_stays_out_of_a_network_that_is_not_isolated_until_the_operator_says_so() {
    let (mut of, world) = rehearsal(|network| network.peerings = Some(vec!["hub".to_owned()]));
    let machines = expand(&of, &world);
    let refused = check(&of, &machines, &elsewhere());
    assert_eq!((refused[0].rule, refused[0].weight, refused[0].beyond.len()), ("rehearsal-network", Weight::Blocks, 2));
    assert!(starting(&machines, &refused).is_empty());
    let own = manifest(&of, &starting(&machines, &[]));
    assert!(own.text.starts_with("# Rehearsal\n") && own.text.lines().count() == 3, "{}", own.text);

    of.connected_networks = vec![network("net"), network("unused")];
    let allowed = check(&of, &machines, &elsewhere());
    assert_eq!((allowed[0].rule, allowed[0].weight), ("rehearsal-network-allowed", Weight::Warns));
    let starts = starting(&machines, &allowed);
    let said = manifest(&of, &starts);
    let line = format!("# Network allowed although not known to be isolated: {}", network("net"));
    assert_eq!((starts.len(), said.text.lines().nth(1)), (2, Some(line.as_str())));
    assert!(!said.text.contains("unused") && said.sha256 != own.sha256);

    of.mode = Mode::Recovery;
    assert_eq!(check(&of, &machines, &elsewhere()), []);
    assert_eq!(manifest(&of, &starts).text.lines().count(), 2, "a plan that is meant has no notes");
}

#[test]
fn a_rehearsal_changes_no_machine() {
    let (mut of, world) = rehearsal(|_| {});
    of.groups[0].machines[1].exceptions.scenario = Some(Scenario::ReplaceDisks);
    let machines = expand(&of, &world);
    let found = check(&of, &machines, &elsewhere());
    assert_eq!((found.len(), found[0].rule), (1, "rehearsal-in-place"));
    assert!(found[0].blocks(&machines[1].id) && !found[0].blocks(&machines[0].id));
    assert!(found[0].sentence.contains("`b`"), "{}", found[0].sentence);
}
