//! Storage accounts, networks and the other things to choose from.

use crate::moment;
use crate::pseudo_random;
use crate::seed::places::TENANTS;
use crate::simulator::Simulator;
use crate::text::{array, fill};
use crate::world::resource::{Kind, Resource};

const RESOURCE: &str = r#"{@0"id":"$1","name":"$2","type":"$3","location":"$4","tags":{},"properties":{@5}}"#;
const ACCOUNT: &str = r#""provisioningState":"Succeeded","creationTime":"$0","supportsHttpsTrafficOnly":true,"minimumTlsVersion":"TLS1_2","allowBlobPublicAccess":false,"allowSharedKeyAccess":@1,"publicNetworkAccess":"Enabled","networkAcls":{"bypass":"AzureServices","virtualNetworkRules":[],"ipRules":[],"defaultAction":"$2"},"primaryEndpoints":{"blob":"https://$3.blob.core.windows.net/"},"primaryLocation":"$4","statusOfPrimary":"available""#;
const SUBNET: &str = r#"{"name":"$0","id":"$1/subnets/$0","etag":"W/\"$2\"","type":"Microsoft.Network/virtualNetworks/subnets","properties":{"provisioningState":"Succeeded","addressPrefix":"10.20.@3.0/24","delegations":[],"privateEndpointNetworkPolicies":"Disabled"}}"#;

/// The subnets of a network.
pub(crate) fn subnets(sim: &Simulator, resource: &Resource) -> Vec<String> {
    let Kind::Network { subnets } = resource.kind else { return Vec::new() };
    let id = resource.id();
    let etag = pseudo_random::guid(sim.world.seed, &id);
    subnets.iter().enumerate().map(|(n, name)| fill(SUBNET, &[name, &id, &etag, &n.to_string()])).collect()
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
            (
                fill(r#""sku":{"name":"$0","tier":"$1"},"kind":"$2","#, &[sku, tier, kind]),
                fill(ACCOUNT, &[&made, if keys { "true" } else { "false" }, action, r.name, r.region]),
            )
        }
        Kind::Network { .. } => (
            fill(r#""etag":"W/\"$0\"","#, &[&guid("etag")]),
            fill(
                r#""provisioningState":"Succeeded","resourceGuid":"$0","addressSpace":{"addressPrefixes":["10.20.0.0/16"]},"subnets":@1"#,
                &[&guid("guid"), &array(subnets(sim, r))],
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
