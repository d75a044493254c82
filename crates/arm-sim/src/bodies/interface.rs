//! The network interface of a protected virtual machine.

use crate::pseudo_random;
use crate::seed::resources::RESOURCES;
use crate::simulator::Simulator;
use crate::text::{fill, same};
use crate::world::item::Item;
use crate::world::place::resource_id;
use crate::world::resource::{Kind, Resource};

const INTERFACE: &str = r#"{"name":"$0","id":"$1","etag":"W/\"$2\"","type":"Microsoft.Network/networkInterfaces","location":"$3","tags":{},"properties":{"provisioningState":"Succeeded","resourceGuid":"$2","ipConfigurations":[{"name":"ipconfig1","id":"$1/ipConfigurations/ipconfig1","etag":"W/\"$2\"","type":"Microsoft.Network/networkInterfaces/ipConfigurations","properties":{"provisioningState":"Succeeded","privateIPAddress":"10.20.0.4","privateIPAllocationMethod":"Dynamic","subnet":{"id":"$4/subnets/$5"},"primary":true,"privateIPAddressVersion":"IPv4"}}],"dnsSettings":{"dnsServers":[],"appliedDnsServers":[]},"enableAcceleratedNetworking":false,"enableIPForwarding":false,"primary":true,"virtualMachine":{"id":"$6"},"nicType":"Standard"}}"#;

/// The name of the interface of a machine.
pub(crate) fn name(machine: &str) -> String {
    format!("{machine}-nic")
}

/// The network and the subnet of a machine: in its region, and in its subscription if one is there.
fn place(item: &Item) -> Option<(&'static Resource, &'static str)> {
    let networks = RESOURCES.iter().filter_map(|r| match r.kind {
        Kind::Network { subnets } if !subnets.is_empty() => Some((r, subnets)),
        _ => None,
    });
    let (network, subnets) =
        networks.min_by_key(|(r, _)| (r.region != item.region(), r.subscription != item.subscription()))?;
    // rg-app is in the subnet `app`.
    let own = subnets.iter().find(|subnet| item.group.ends_with(&format!("-{subnet}"))).or(subnets.first());
    own.map(|subnet| (network, *subnet))
}

/// The subnets of a network, with how many machines are in each.
pub(crate) fn used_addresses(sim: &Simulator, network: &str) -> Vec<(&'static str, usize)> {
    let Some(resource) = RESOURCES.iter().find(|r| same(&r.id(), network)) else { return Vec::new() };
    let Kind::Network { subnets } = resource.kind else { return Vec::new() };
    let places = sim.world.items.iter().filter(|i| i.machine_exists()).filter_map(place);
    let here: Vec<&str> = places.filter(|(of, _)| std::ptr::eq(*of, resource)).map(|(_, subnet)| subnet).collect();
    subnets.iter().map(|subnet| (*subnet, here.iter().filter(|of| *of == subnet).count())).collect()
}

/// Writes the interface of a protected item's machine.
pub(crate) fn json(sim: &Simulator, item: &Item) -> String {
    let name = name(&item.name);
    let id = resource_id(item.subscription(), item.group, "Microsoft.Network/networkInterfaces", &name);
    let guid = pseudo_random::guid(sim.world.seed, &id);
    let (network, subnet) = place(item).map_or_else(Default::default, |(network, subnet)| (network.id(), subnet));
    fill(INTERFACE, &[&name, &id, &guid, item.region(), &network, subnet, &item.machine_id()])
}
