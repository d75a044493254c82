//! Virtual networks and their subnets.

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

    fn read(node: &NodeRef<'_>) -> Subnet {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::ok;
    use serde_json::json;

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
}
