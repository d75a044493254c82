//! Virtual networks and their subnets.

use super::{super::below, of_subscription, region};
use crate::arm::{
    call::{ApiVersion, Call},
    id::{ArmId, Region, SubscriptionId},
    json::Node,
    page::Page,
};
use serde::{Deserialize, Serialize};

/// A virtual network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Subnet {
    /// Its id.
    pub id: ArmId,
    /// Its name.
    pub name: String,
    /// `10.0.0.0/24`.
    pub prefix: Option<String>,
}

impl VirtualNetwork {
    fn read(node: &Node<'_>) -> VirtualNetwork {
        let id = node.need_id("id");
        let subnets = node.at("properties").list("subnets", Subnet::read);
        VirtualNetwork { name: id.name().to_owned(), location: region(node), subnets, id }
    }
}

impl Subnet {
    fn read(node: &Node<'_>) -> Subnet {
        let id = node.need_id("id");
        let properties = node.at("properties");
        let prefix = properties.text("addressPrefix").or(properties.texts("addressPrefixes").into_iter().next());
        Subnet { name: id.name().to_owned(), prefix, id }
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

/// The subnets of a virtual network.
#[must_use]
pub fn subnets(network: &ArmId) -> Call<Page<Subnet>> {
    let path = below(network, &["subnets"], &ApiVersion::NETWORK);
    Call::get("List subnets", "Microsoft.Network/virtualNetworks/subnets/read", path, |node| {
        Page::read(node, Subnet::read)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{id, ok};
    use serde_json::json;

    #[test]
    fn a_subnet_has_one_prefix_or_several() {
        let network = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/n";
        let subnet = |properties| json!({ "id": format!("{network}/subnets/d"), "properties": properties });
        let body = json!({ "value": [subnet(json!({ "addressPrefix": "10.0.0.0/24" })), subnet(json!({ "addressPrefixes": ["10.1.0.0/24", "b"] }))] });
        let found = subnets(&id(network)).read(&ok(&body)).unwrap().value;
        assert_eq!((found[0].name.as_str(), found[0].prefix.as_deref()), ("d", Some("10.0.0.0/24")));
        assert_eq!(found[1].prefix.as_deref(), Some("10.1.0.0/24"));
    }
}
