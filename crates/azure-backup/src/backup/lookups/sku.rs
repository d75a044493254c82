//! The sizes of virtual machines, and where a subscription cannot use them.

use super::super::filtered;
use super::subscription_path;
use crate::arm::{
    call::{ApiVersion, Call},
    id::{Region, SubscriptionId},
    json::NodeRef,
    page::Page,
};

/// A size of virtual machines, as a subscription can use it in one region.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct VmSize {
    /// `Standard_D2s_v3`.
    pub name: String,
    /// The quota that its vCPUs count in: `standardDSv3Family`.
    pub family: Option<String>,
    /// Its vCPUs.
    pub vcpus: Option<i64>,
    /// Where it cannot be used.
    pub restrictions: Vec<Restriction>,
}

/// Where a size cannot be used, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Restriction {
    /// The availability zones, if it is about zones; it is about the whole region otherwise.
    pub zones: Option<Vec<String>>,
    /// `QuotaId`, `NotAvailableForSubscription`.
    pub reason: Option<String>,
}

impl VmSize {
    /// A size that can be used in the whole region.
    #[must_use]
    pub fn new(name: &str, family: &str, vcpus: i64) -> Self {
        Self { name: name.to_owned(), family: Some(family.to_owned()), vcpus: Some(vcpus), restrictions: Vec::new() }
    }

    /// The restriction that stands in the way: of the region, or of the zone that is asked for.
    #[must_use]
    pub fn restricted(&self, zone: Option<&str>) -> Option<&Restriction> {
        self.restrictions.iter().find(|one| match &one.zones {
            None => true,
            Some(zones) => zone.is_some_and(|zone| zones.iter().any(|z| z == zone)),
        })
    }

    fn read(node: &NodeRef<'_>) -> Option<Self> {
        let kind = node.text("resourceType")?;
        if !kind.eq_ignore_ascii_case("virtualMachines") {
            return None;
        }
        let capabilities = node.list("capabilities", |node| (node.text("name"), node.text("value")));
        let vcpus = capabilities.into_iter().find(|(name, _)| name.as_deref() == Some("vCPUs"));
        Some(Self {
            name: node.need_text("name"),
            family: node.text("family"),
            vcpus: vcpus.and_then(|(_, value)| value?.parse().ok()),
            restrictions: node.list("restrictions", Restriction::read),
        })
    }
}

impl Restriction {
    /// A restriction of the whole region, or of these zones.
    #[must_use]
    pub fn new(zones: Option<Vec<String>>, reason: &str) -> Self {
        Self { zones, reason: Some(reason.to_owned()) }
    }

    fn read(node: &NodeRef<'_>) -> Self {
        let of_zones = node.text("type").is_some_and(|kind| kind.eq_ignore_ascii_case("Zone"));
        let zones = of_zones.then(|| node.at("restrictionInfo").texts("zones"));
        Self { zones, reason: node.text("reasonCode") }
    }
}

/// The sizes of virtual machines in a region. What the answer says of disks and other resources is left out.
#[must_use]
pub fn vm_sizes(subscription: &SubscriptionId, region: &Region) -> Call<Page<VmSize>> {
    let path = subscription_path(subscription, "Microsoft.Compute/skus", &ApiVersion::SKUS);
    let path = filtered(path, &format!("location eq '{}'", region.key()));
    Call::get("List resource SKUs", "Microsoft.Compute/skus/read", path, |node| {
        let page = Page::read_listed(node, VmSize::read);
        Page { value: page.value.into_iter().flatten().collect(), next: page.next }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{ok, survives};
    use serde_json::{Value, json};

    fn size(restrictions: &Value) -> Value {
        json!({ "resourceType": "virtualMachines", "name": "Standard_D2s_v3", "family": "standardDSv3Family", "locations": ["westus"],
            "capabilities": [{ "name": "MemoryGB", "value": "8" }, { "name": "vCPUs", "value": "2" }], "restrictions": restrictions })
    }

    #[test]
    fn restrictions_of_a_region_and_of_zones() {
        let call = vm_sizes(&SubscriptionId::parse("s").unwrap(), &Region::new("westus"));
        let zone = json!({ "type": "Zone", "values": ["westus"], "restrictionInfo": { "locations": ["westus"], "zones": ["2", "3"] }, "reasonCode": "NotAvailableForSubscription" });
        let region = json!({ "type": "Location", "values": ["westus"], "reasonCode": "QuotaId" });
        let disk = json!({ "resourceType": "disks", "name": "Premium_LRS" });
        let body = json!({ "value": [size(&json!([zone])), disk, size(&json!([region])), size(&json!([]))] });
        let sizes = call.read(&ok(&body)).unwrap().value;
        assert_eq!((sizes.len(), sizes[0].vcpus), (3, Some(2)));
        let restricted = |nth: usize, zone| sizes[nth].restricted(zone).is_some();
        assert_eq!([restricted(0, None), restricted(0, Some("1")), restricted(0, Some("2"))], [false, false, true]);
        assert_eq!([restricted(1, None), restricted(1, Some("1")), restricted(2, Some("1"))], [true, true, false]);
        let (read, refused) = survives(&call, &body);
        assert!(read > 20 && refused > 20, "{read} {refused}");
    }
}
