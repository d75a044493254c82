//! How much of a quota is used.

use super::super::child_url;
use crate::arm::{
    call::{ApiVersion, Call},
    id::{ArmId, Region, SubscriptionId, percent_encoded},
    json::NodeRef,
    page::Page,
};

/// How much of one quota of a region is used.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ComputeUsage {
    /// `cores`, the family of a size such as `standardDSv3Family`, `PremiumDiskCount`, …
    pub name: String,
    /// The name for people: `Total Regional vCPUs`.
    pub label: String,
    /// How much is used.
    pub used: i64,
    /// How much may be used.
    pub limit: i64,
}

/// How many addresses of a subnet are used.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SubnetUsage {
    /// The subnet.
    pub subnet: ArmId,
    /// The addresses that are used. Azure tells none of subnets that it manages, such as a gateway's.
    pub used: Option<i64>,
    /// The addresses that can be used.
    pub limit: Option<i64>,
}

impl ComputeUsage {
    /// The usage of a quota, whose name people see, too.
    #[must_use]
    pub fn new(name: &str, used: i64, limit: i64) -> Self {
        Self { name: name.to_owned(), label: name.to_owned(), used, limit }
    }

    /// What is left.
    #[must_use]
    pub fn free(&self) -> i64 {
        self.limit.saturating_sub(self.used).max(0)
    }

    fn read(node: &NodeRef<'_>) -> Self {
        let title = node.at("name");
        let name = title.need_text("value");
        Self {
            label: title.text("localizedValue").unwrap_or_else(|| name.clone()),
            name,
            used: node.whole_part("currentValue").unwrap_or_default(),
            limit: node.need_whole_part("limit"),
        }
    }
}

impl SubnetUsage {
    /// A subnet of which so many addresses are used.
    #[must_use]
    pub fn new(subnet: ArmId, used: i64, limit: i64) -> Self {
        Self { subnet, used: Some(used), limit: Some(limit) }
    }

    /// The addresses that are left, if Azure counts them.
    #[must_use]
    pub fn free(&self) -> Option<i64> {
        Some(self.limit?.saturating_sub(self.used?).max(0))
    }

    fn read(node: &NodeRef<'_>) -> Self {
        // -1 is written for what is not counted.
        let counted = |key| node.whole_part(key).filter(|number| *number >= 0);
        Self { subnet: node.need_id("id"), used: counted("currentValue"), limit: counted("limit") }
    }
}

/// What is used of the compute quotas of a subscription in a region.
#[must_use]
pub fn compute_usages(subscription: &SubscriptionId, region: &Region) -> Call<Page<ComputeUsage>> {
    let region = percent_encoded(&region.key());
    let version = ApiVersion::COMPUTE_USAGES;
    let path = format!(
        "/subscriptions/{subscription}/providers/Microsoft.Compute/locations/{region}/usages?api-version={version}"
    );
    Call::get("List compute usages", "Microsoft.Compute/locations/usages/read", path, |node| {
        Page::read_listed(node, ComputeUsage::read)
    })
}

/// How many addresses of each subnet of a virtual network are used.
#[must_use]
pub fn subnet_usages(network: &ArmId) -> Call<Page<SubnetUsage>> {
    let path = child_url(network, &["usages"], &ApiVersion::NETWORK_USAGES);
    Call::get("List virtual network usages", "Microsoft.Network/virtualNetworks/usages/read", path, |node| {
        Page::read_listed(node, SubnetUsage::read)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{id, ok, survives};
    use serde_json::json;

    #[test]
    fn addresses_have_decimal_points_and_minus_one_is_no_number_of_them() {
        let network = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/n";
        let row = |used: f64, limit: f64| json!({ "id": format!("{network}/subnets/d"), "currentValue": used, "limit": limit, "unit": "Count" });
        let call = subnet_usages(&id(network));
        let body = json!({ "value": [row(2.0, 3.0), row(-1.0, -1.0), row(5.0, 3.0)] });
        let free: Vec<_> = call.read(&ok(&body)).unwrap().value.iter().map(SubnetUsage::free).collect();
        assert_eq!(free, [Some(1), None, Some(0)]);
        let (read, refused) = survives(&call, &body);
        assert!(read > 5 && refused > 5, "{read} {refused}");
    }

    #[test]
    fn a_quota_without_a_limit_is_refused() {
        let call = compute_usages(&SubscriptionId::parse("s").unwrap(), &Region::new("westus"));
        let row = json!({ "limit": 100, "unit": "Count", "currentValue": 5, "name": { "value": "cores", "localizedValue": "Total Regional vCPUs" } });
        let body = json!({ "value": [row] });
        assert_eq!(call.read(&ok(&body)).unwrap().value[0].free(), 95);
        let (read, refused) = survives(&call, &body);
        assert!(read > 5 && refused > 5, "{read} {refused}");
        assert!(call.read(&ok(&json!({ "value": [{ "currentValue": 5, "name": { "value": "cores" } }] }))).is_err());
    }
}
