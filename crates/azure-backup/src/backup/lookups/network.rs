//! Virtual networks, their subnets, and the network interfaces of machines.

use super::super::child_url;
use super::{of_subscription, region};
use crate::arm::{
    call::{ApiVersion, Call},
    id::{ArmId, Region, SubscriptionId},
    json::NodeRef,
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
        Self { name: id.name().to_owned(), location, subnets, id }
    }

    fn read(node: &NodeRef<'_>) -> VirtualNetwork {
        let id = node.need_id("id");
        let subnets = node.at("properties").list("subnets", Subnet::read);
        VirtualNetwork::new(id, region(node), subnets)
    }
}

impl Subnet {
    /// A subnet whose addresses are not known.
    #[must_use]
    pub fn new(id: ArmId) -> Self {
        Self { name: id.name().to_owned(), prefix: None, id }
    }

    pub(super) fn read(node: &NodeRef<'_>) -> Subnet {
        let id = node.need_id("id");
        let properties = node.at("properties");
        let prefix = properties.text("addressPrefix").or(properties.texts("addressPrefixes").into_iter().next());
        Subnet { prefix, ..Subnet::new(id) }
    }
}

/// The virtual networks of a subscription, with their subnets.
#[must_use]
pub fn virtual_networks(subscription: &SubscriptionId) -> Call<Page<VirtualNetwork>> {
    let path = of_subscription(subscription, "Microsoft.Network/virtualNetworks", &ApiVersion::NETWORK);
    Call::get("List virtual networks", "Microsoft.Network/virtualNetworks/read", path, |node| {
        Page::read(node, VirtualNetwork::read)
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
