//! Virtual networks, their subnets and what connects them to others, and the network interfaces of machines.

use super::super::child_url;
use super::{region, subscription_path};
use crate::arm::{
    call::{ApiVersion, Call},
    id::{ArmId, Region, SubscriptionId},
    json::{FirstMismatch, NodeRef},
    page::Page,
};

/// A virtual network.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct VirtualNetwork {
    /// Its id.
    pub id: ArmId,
    /// Its name.
    pub name: String,
    /// Its region.
    pub location: Region,
    /// Its subnets.
    pub subnets: Vec<Subnet>,
    /// The names of the networks that it is peered with; none where the answer does not tell.
    pub peerings: Option<Vec<String>>,
}

/// A subnet.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Subnet {
    /// Its id.
    pub id: ArmId,
    /// Its name.
    pub name: String,
    /// `10.0.0.0/24`.
    pub prefix: Option<String>,
    /// What leads out of it; none where the answer does not tell.
    pub exits: Option<Exits>,
}

/// What leads out of a subnet besides the peerings of its network.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Exits {
    /// Its route table.
    pub route_table: Option<ArmId>,
    /// Its NAT gateway, which leads to the internet.
    pub nat_gateway: Option<ArmId>,
    /// The virtual network gateways in it.
    pub gateways: Vec<ArmId>,
}

/// A route table.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct RouteTable {
    /// Its routes.
    pub routes: Vec<Route>,
}

/// A route of a table.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Route {
    /// Its name.
    pub name: String,
    /// Where packets go: `VirtualAppliance`, `VirtualNetworkGateway`, `VnetLocal`, `Internet`, `None`.
    pub next_hop: Option<String>,
}

/// A network interface, with the subnets that it is in.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct NetworkInterface {
    /// Its id.
    pub id: ArmId,
    /// The subnet of each IP configuration, with whether Azure calls the configuration the primary one.
    pub subnets: Vec<(ArmId, bool)>,
    /// The private addresses that were chosen rather than assigned by Azure.
    pub fixed_addresses: Vec<String>,
    /// Its public IP addresses.
    pub public_addresses: Vec<ArmId>,
}

impl NetworkInterface {
    /// An interface in these subnets, with addresses that Azure has assigned.
    #[must_use]
    pub fn new(id: ArmId, subnets: Vec<(ArmId, bool)>) -> Self {
        Self { id, subnets, fixed_addresses: Vec::new(), public_addresses: Vec::new() }
    }

    /// The subnet of the primary IP configuration, or of the only one.
    #[must_use]
    pub fn primary_subnet(&self) -> Option<&ArmId> {
        super::primary(&self.subnets)
    }
}

impl VirtualNetwork {
    /// A network, named by its id.
    #[must_use]
    pub fn new(id: ArmId, location: Region, subnets: Vec<Subnet>) -> Self {
        Self { name: id.name().to_owned(), location, subnets, peerings: None, id }
    }

    fn read(node: &NodeRef<'_>) -> VirtualNetwork {
        let id = node.need_id("id");
        let properties = node.at("properties");
        let subnets = properties.list("subnets", Subnet::read);
        let peerings = as_expected(&properties, |properties| properties.list_if_any("virtualNetworkPeerings", peering));
        VirtualNetwork { peerings: peerings.flatten(), ..VirtualNetwork::new(id, region(node), subnets) }
    }
}

/// The name of the network at the other end, or that of the peering where the answer does not tell.
pub(super) fn peering(node: &NodeRef<'_>) -> String {
    let remote = node.at("properties").at("remoteVirtualNetwork").id("id");
    remote.map_or_else(|| node.need_text("name"), |id| id.name().to_owned())
}

/// What is read of a part; none if anything in it is not as expected. What nobody could read must not look as if it were absent, and the rest of
/// the answer is of use all the same.
pub(super) fn as_expected<T>(node: &NodeRef<'_>, read: impl FnOnce(&NodeRef<'_>) -> T) -> Option<T> {
    let first = FirstMismatch::new();
    let value = read(&node.lenient(&first));
    first.get().is_none().then_some(value)
}

impl Exits {
    fn read(properties: &NodeRef<'_>) -> Self {
        let reference = |key: &'static str| {
            let node = properties.at(key);
            (!node.is_absent()).then(|| node.need_id("id"))
        };
        let gateways = properties.list("ipConfigurations", |node| node.need_id("id").up_to("virtualNetworkGateways"));
        Self {
            route_table: reference("routeTable"),
            nat_gateway: reference("natGateway"),
            gateways: gateways.into_iter().flatten().collect(),
        }
    }
}

impl Route {
    /// A route.
    #[must_use]
    pub fn new(name: &str, next_hop: &str) -> Self {
        Self { name: name.to_owned(), next_hop: Some(next_hop.to_owned()) }
    }
}

impl RouteTable {
    /// A table of these routes.
    #[must_use]
    pub fn new(routes: Vec<Route>) -> Self {
        Self { routes }
    }
}

impl Subnet {
    /// A subnet whose addresses are not known.
    #[must_use]
    pub fn new(id: ArmId) -> Self {
        Self { name: id.name().to_owned(), prefix: None, exits: None, id }
    }

    pub(super) fn read(node: &NodeRef<'_>) -> Subnet {
        let id = node.need_id("id");
        let properties = node.at("properties");
        let prefix = properties.text("addressPrefix").or(properties.texts("addressPrefixes").into_iter().next());
        Subnet { prefix, exits: as_expected(&properties, Exits::read), ..Subnet::new(id) }
    }
}

/// The virtual networks of a subscription, with their subnets.
#[must_use]
pub fn virtual_networks(subscription: &SubscriptionId) -> Call<Page<VirtualNetwork>> {
    let path = subscription_path(subscription, "Microsoft.Network/virtualNetworks", &ApiVersion::NETWORK);
    Call::get("List virtual networks", "Microsoft.Network/virtualNetworks/read", path, |node| {
        Page::read(node, VirtualNetwork::read)
    })
}

/// One route table.
#[must_use]
pub fn route_table(id: &ArmId) -> Call<RouteTable> {
    let url = child_url(id, &[], &ApiVersion::NETWORK);
    Call::get("Get route table", "Microsoft.Network/routeTables/read", url, |node| RouteTable {
        routes: node.at("properties").list("routes", |node| Route {
            name: node.text("name").unwrap_or_default(),
            next_hop: node.at("properties").text("nextHopType"),
        }),
    })
}

/// One network interface.
#[must_use]
pub fn network_interface(id: &ArmId) -> Call<NetworkInterface> {
    let url = child_url(id, &[], &ApiVersion::NETWORK);
    Call::get("Get network interface", "Microsoft.Network/networkInterfaces/read", url, |node| {
        let properties = node.at("properties");
        let subnets = properties.list("ipConfigurations", |node| {
            let properties = node.at("properties");
            let subnet = properties.at("subnet").id("id")?;
            Some((subnet, properties.flag("primary") == Some(true)))
        });
        let fixed = properties.list("ipConfigurations", |node| {
            let properties = node.at("properties");
            let method = properties.text("privateIPAllocationMethod")?;
            method.eq_ignore_ascii_case("Static").then(|| properties.text("privateIPAddress")).flatten()
        });
        let public = properties.list("ipConfigurations", |node| node.at("properties").at("publicIPAddress").id("id"));
        NetworkInterface {
            fixed_addresses: fixed.into_iter().flatten().collect(),
            public_addresses: public.into_iter().flatten().collect(),
            ..NetworkInterface::new(node.need_id("id"), subnets.into_iter().flatten().collect())
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{id, ok};
    use serde_json::{Value, json};

    #[test]
    fn a_subnet_has_one_prefix_or_several() {
        let network = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/n";
        let subscription = SubscriptionId::parse("s").unwrap();
        let subnet = |properties| json!({ "id": format!("{network}/subnets/d"), "properties": properties });
        let subnets = json!([
            subnet(json!({ "addressPrefix": "10.0.0.0/24" })),
            subnet(json!({ "addressPrefixes": ["10.1.0.0/24", "b"] }))
        ]);
        let body = json!({ "value": [{ "id": network, "properties": { "subnets": subnets } }] });
        let found = &virtual_networks(&subscription).read(&ok(&body)).unwrap().value[0].subnets;
        assert_eq!((found[0].name.as_str(), found[0].prefix.as_deref()), ("d", Some("10.0.0.0/24")));
        assert_eq!(found[1].prefix.as_deref(), Some("10.1.0.0/24"));
    }

    #[test]
    fn what_leads_out_of_a_network_is_told_or_said_to_be_unknown() {
        let group = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network";
        let network = format!("{group}/virtualNetworks/n");
        let read = |peerings: Value, subnet: Value| {
            let subnets = json!([{ "id": format!("{network}/subnets/d"), "properties": subnet }]);
            let properties = json!({ "subnets": subnets, "virtualNetworkPeerings": peerings });
            let body = json!({ "value": [{ "id": network, "properties": properties }] });
            let subscription = SubscriptionId::parse("s").unwrap();
            virtual_networks(&subscription).read(&ok(&body)).unwrap().value.remove(0)
        };
        let hub = json!({ "name": "to-hub", "properties": { "remoteVirtualNetwork": { "id": format!("{group}/virtualNetworks/hub") } } });
        let found = read(json!([hub, { "name": "to-other", "properties": {} }]), json!({}));
        assert_eq!(found.peerings, Some(vec!["hub".to_owned(), "to-other".to_owned()]));
        assert_eq!(found.subnets[0].exits, Some(Exits::default()));
        assert_eq!(read(json!([]), json!({})).peerings, Some(Vec::new()));
        for unknown in [Value::Null, json!("none"), json!([7]), json!([{ "properties": {} }])] {
            assert_eq!(read(unknown.clone(), json!({})).peerings, None, "{unknown}");
        }
        let table = id(&format!("{group}/routeTables/t"));
        let gateway = format!("{group}/virtualNetworkGateways/vpn");
        let exits = |subnet: Value| read(json!([]), subnet).subnets.remove(0).exits;
        let all = exits(json!({
            "routeTable": { "id": table.as_str() },
            "natGateway": { "id": format!("{group}/natGateways/nat") },
            "ipConfigurations": [
                { "id": format!("{gateway}/ipConfigurations/default") },
                { "id": format!("{group}/networkInterfaces/nic/ipConfigurations/one") },
            ],
        }));
        let all = all.unwrap();
        assert_eq!((all.route_table, all.gateways), (Some(table), vec![id(&gateway)]));
        assert_eq!(all.nat_gateway.unwrap().name(), "nat");
        for unknown in [json!({ "routeTable": {} }), json!({ "natGateway": 1 }), json!({ "ipConfigurations": [{}] })] {
            assert_eq!(exits(unknown.clone()), None, "{unknown}");
        }
    }

    #[test]
    fn a_route_says_where_packets_go() {
        let table = id("/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/routeTables/t");
        let routes = json!([{ "name": "out", "properties": { "nextHopType": "VirtualAppliance" } }, { "name": "odd" }]);
        let read = route_table(&table).read(&ok(&json!({ "properties": { "routes": routes } }))).unwrap();
        let hops: Vec<_> = read.routes.iter().map(|route| (route.name.as_str(), route.next_hop.as_deref())).collect();
        assert_eq!(hops, [("out", Some("VirtualAppliance")), ("odd", None)]);
    }

    #[test]
    fn of_several_the_primary_one_counts_and_without_it_none() {
        let nic = id("/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/networkInterfaces/i");
        let subnet = |name: &str| {
            id(&format!(
                "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/n/subnets/{name}"
            ))
        };
        let configuration = |name: &str, primary: Value| json!({ "properties": { "primary": primary, "subnet": { "id": subnet(name).as_str() } } });
        let read = |configurations: Value| {
            let body = json!({ "id": nic.as_str(), "properties": { "ipConfigurations": configurations } });
            network_interface(&nic).read(&ok(&body)).unwrap().primary_subnet().cloned()
        };
        let (a, b) = (configuration("a", json!(false)), configuration("b", json!(true)));
        assert_eq!(read(json!([a, b])), Some(subnet("b")));
        assert_eq!(read(json!([a])), Some(subnet("a")));
        assert_eq!(read(json!([a, a])), None);
        assert_eq!(read(json!([b, b])), None, "two primary ones are none");
        assert_eq!(read(json!([{ "properties": {} }])), None);
    }
}
