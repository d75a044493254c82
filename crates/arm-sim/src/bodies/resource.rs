//! Storage accounts, networks and the other things to choose from.

use crate::moment;
use crate::pseudo_random;
use crate::seed::places::{PRODUCTION, TENANTS};
use crate::seed::resources::{CLOSED, PEERINGS, RESOURCES, ROUTED};
use crate::simulator::Simulator;
use crate::text::{array, fill, member};
use crate::world::place::resource_id;
use crate::world::resource::{Kind, Resource};

const RESOURCE: &str = r#"{@0"id":"$1","name":"$2","type":"$3","location":"$4","tags":{},"properties":{@5}}"#;
const ACCOUNT: &str = r#""provisioningState":"Succeeded","creationTime":"$0","supportsHttpsTrafficOnly":true,"minimumTlsVersion":"TLS1_2","allowBlobPublicAccess":false,"allowSharedKeyAccess":@1,"publicNetworkAccess":"Enabled","networkAcls":{"bypass":"$5","virtualNetworkRules":[],"ipRules":[],"defaultAction":"$2"},"primaryEndpoints":{"blob":"https://$3.blob.core.windows.net/"},"primaryLocation":"$4","statusOfPrimary":"available""#;
const SUBNET: &str = r#"{"name":"$0","id":"$1/subnets/$0","etag":"W/\"$2\"","type":"Microsoft.Network/virtualNetworks/subnets","properties":{"provisioningState":"Succeeded","addressPrefix":"10.20.@3.0/24"@4,"delegations":[],"privateEndpointNetworkPolicies":"Disabled"}}"#;

const PEERING: &str = r#"{"name":"to-$1","id":"$0/virtualNetworkPeerings/to-$1","type":"Microsoft.Network/virtualNetworks/virtualNetworkPeerings","properties":{"provisioningState":"Succeeded","peeringState":"Connected","peeringSyncLevel":"FullyInSync","remoteVirtualNetwork":{"id":"$2"},"allowVirtualNetworkAccess":true,"allowForwardedTraffic":true,"allowGatewayTransit":false,"useRemoteGateways":false,"doNotVerifyRemoteGateways":false}}"#;

/// The route table of a network; none for most.
fn route_table(resource: &Resource) -> Option<String> {
    let routed = (resource.subscription, resource.name) == (PRODUCTION, ROUTED.0);
    routed.then(|| resource_id(resource.subscription, resource.group, "Microsoft.Network/routeTables", ROUTED.1))
}

fn peerings(resource: &Resource) -> Vec<String> {
    let found = |name: &str| RESOURCES.iter().find(|r| r.subscription == PRODUCTION && r.name == name);
    let other = |(one, two): &(&'static str, &'static str)| match resource.name {
        name if name == *one => found(two),
        name if name == *two => found(one),
        _ => None,
    };
    let here = PEERINGS.iter().filter(|_| resource.subscription == PRODUCTION).filter_map(other);
    here.map(|remote| fill(PEERING, &[&resource.id(), remote.name, &remote.id()])).collect()
}

/// The subnets of a network.
pub(crate) fn subnets(sim: &Simulator, resource: &Resource) -> Vec<String> {
    let Kind::Network { subnets } = resource.kind else { return Vec::new() };
    let id = resource.id();
    let etag = pseudo_random::guid(sim.world.seed, &id);
    let routed = member("routeTable", route_table(resource).map(|id| fill(r#"{"id":"$0"}"#, &[&id])));
    subnets.iter().enumerate().map(|(n, name)| fill(SUBNET, &[name, &id, &etag, &n.to_string(), &routed])).collect()
}

/// Writes a resource.
pub(crate) fn json(sim: &Simulator, r: &Resource) -> String {
    let seed = sim.world.seed;
    let guid = |what: &str| pseudo_random::guid(seed, &format!("{}-{what}", r.name));
    let (head, properties) = match r.kind {
        Kind::Account { sku, kind, open, keys } => {
            let tier = sku.split('_').next().unwrap_or_default();
            let made = moment::iso(sim.world.epoch - 300 * moment::DAY);
            let action = if open { "Allow" } else { "Deny" };
            let bypass = if r.name == CLOSED { "None" } else { "AzureServices" };
            (
                fill(r#""sku":{"name":"$0","tier":"$1"},"kind":"$2","#, &[sku, tier, kind]),
                fill(ACCOUNT, &[&made, if keys { "true" } else { "false" }, action, r.name, r.region, bypass]),
            )
        }
        Kind::Network { .. } => (
            fill(r#""etag":"W/\"$0\"","#, &[&guid("etag")]),
            fill(
                r#""provisioningState":"Succeeded","resourceGuid":"$0","addressSpace":{"addressPrefixes":["10.20.0.0/16"]},"subnets":@1,"virtualNetworkPeerings":@2,"enableDdosProtection":false"#,
                &[&guid("guid"), &array(subnets(sim, r)), &array(peerings(r))],
            ),
        ),
        Kind::EncryptionSet { confidential } => (
            fill(
                r#""identity":{"type":"SystemAssigned","principalId":"$0","tenantId":"$1"},"#,
                &[&guid("id"), TENANTS[0].id],
            ),
            fill(
                r#""encryptionType":"$0","activeKey":{"keyUrl":"https://contoso-kv.vault.azure.net/keys/$1/1"},"provisioningState":"Succeeded""#,
                &[
                    if confidential {
                        "ConfidentialVmEncryptedWithCustomerKey"
                    } else {
                        "EncryptionAtRestWithCustomerKey"
                    },
                    r.name,
                ],
            ),
        ),
        Kind::DiskAccess => (String::new(), r#""provisioningState":"Succeeded""#.to_owned()),
        Kind::Identity => (
            String::new(),
            fill(
                r#""tenantId":"$0","principalId":"$1","clientId":"$2""#,
                &[TENANTS[0].id, &guid("principal"), &guid("client")],
            ),
        ),
    };
    fill(RESOURCE, &[&head, &r.id(), r.name, r.type_name(), r.region, &properties])
}
