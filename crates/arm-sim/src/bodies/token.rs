//! The access details of a cross-region restore, and their audience.
//!
//! The text is derived from the stored parts of a token, so that it can be compared with what a client sends back.

use crate::base64;
use crate::moment::{self, DAY, Millis, SECOND};
use crate::pseudo_random;
use crate::seed::places::REGIONS;
use crate::text::fill;
use crate::world::World;
use crate::world::changes::Issued;
use crate::world::item::Traits;
use crate::world::vault::Vault;

const CLAIMS: &str =
    r#"{"aud":"$0","iss":"https://sts.windows.net/$1/","iat":@2,"nbf":@2,"exp":@3,"oid":"$4","tid":"$1","jti":"$5"}"#;

/// As recorded, with other values; the last two members are in no schema, and the last one has an unusual spelling.
const DETAILS: &str = r#""accessTokenString":"$0","subscriptionId":"$1","resourceGroupName":"$2","resourceName":"$3","resourceId":"$4","protectionContainerId":@5,"recoveryPointId":"$6","recoveryPointTime":"$7","containerName":"$8","containerType":"IaasVMContainer","backupManagementType":"AzureIaasVM","datasourceType":"VM","datasourceName":"$9","datasourceId":"$A","datasourceContainerName":"$8","coordinatorServiceStampUri":"https://pod01-coord1.$B.backup.windowsazure.example","protectionServiceStampId":"$C","protectionServiceStampUri":"https://pod01-prot1.$B.backup.windowsazure.example","tokenExtendedInformation":"$D","rpTierInformation":{"InstantRP":"$E","HardenedRP":"Valid"},"rpOriginalSAOption":@F,"rpIsManagedVirtualMachine":@G,"rpVMSizeDescription":"$H","bMSActiveRegion":"$I","rpReplicationLagInHours":14,"rpSchemaRevision":1.10"#;

/// The members of [`DETAILS`] that are in no schema.
pub(crate) const IN_NO_SCHEMA: [&str; 2] = ["rpReplicationLagInHours", "rpSchemaRevision"];

const EXTENDED: &str = r#"<IaaSVMRecoveryPointMetadataBase xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:type="IaaSVMRecoveryPointMetadata_V2015_09" xmlns="http://windowscloudbackup.com/CloudCommon/V2011_09"><MetadataVersion>V2015_09</MetadataVersion><ContainerType i:nil="true" /><IsManagedVirtualMachine>@0</IsManagedVirtualMachine><OsType>@1</OsType><RecoveryPointConsistencyType>@2</RecoveryPointConsistencyType><RpDiskDetails i:nil="true" /><VMSizeDescription>@3</VMSizeDescription></IaaSVMRecoveryPointMetadataBase>"#;

/// Tenant, audience and service principal of Azure Backup in a region.
pub(crate) fn audience(seed: u64, region: &str) -> [String; 3] {
    [
        pseudo_random::guid(seed, "aad-tenant"),
        format!("https://RecoveryServices/IaasCoord/aadmgmt/{region}"),
        pseudo_random::guid(seed, &format!("aad-principal-{region}")),
    ]
}

/// Azure Backup's number for the vault: 19 digits.
pub(crate) fn resource_id(seed: u64, vault: &Vault) -> String {
    (pseudo_random::hash(seed, &vault.id()) % 9_000_000_000_000_000_000 + 1_000_000_000_000_000_000).to_string()
}

/// When a token can no longer be used.
pub(crate) fn expiry(issued: &Issued) -> Millis {
    issued.at + DAY
}

/// A number for the container: usually too large for a double.
fn container_number(seed: u64, container: &str) -> u64 {
    match pseudo_random::hash(seed, container) {
        small if small % 4 == 0 => small % 9_000_000,
        large => (9_007_199_254_740_993 + large % 100_000_000_000_000_000) | 1,
    }
}

/// The JSON of issued access details.
pub(crate) fn json(world: &World, issued: &Issued) -> String {
    let (seed, item, vault) = (world.seed, &world.items[issued.item], world.vault_of(issued.item));
    let Some(point) = world.point(issued.item, &issued.point) else { return String::new() };
    let [tenant, audience, principal] = audience(seed, vault.secondary().unwrap_or_default());
    let seconds = |at: Millis| (at / SECOND).to_string();
    let claims =
        fill(CLAIMS, &[&audience, &tenant, &seconds(issued.at), &seconds(expiry(issued)), &principal, &issued.id]);
    let part = |text: &str| base64::encode(text.as_bytes()).trim_end_matches('=').to_owned();
    let token = format!(
        "{}.{}.{}",
        part(r#"{"typ":"JWT","alg":"none"}"#),
        part(&claims),
        pseudo_random::token(seed, &issued.id, 342)
    );
    let truth = |on: bool| if on { "true" } else { "false" };
    let managed = truth(item.is_managed());
    let extended = fill(EXTENDED, &[managed, item.os(), point.consistency, item.size()]);
    let active = REGIONS.iter().find(|r| r.name == vault.region).map_or("", |r| r.display);
    let details = fill(
        DETAILS,
        &[
            &token,
            vault.subscription,
            vault.group,
            vault.name,
            &resource_id(seed, vault),
            &container_number(seed, &item.container()).to_string(),
            &point.id,
            &moment::us(point.time),
            &item.container(),
            &item.name,
            &item.data_id(seed),
            vault.region,
            &pseudo_random::guid(seed, vault.region),
            &extended,
            point.snapshot.as_str(),
            truth(item.traits.has(Traits::UNMANAGED)),
            managed,
            item.size(),
            &active.replace(' ', ""),
        ],
    );
    let kind = r#""objectType":"CrrAccessToken""#;
    if issued.old { format!("{{{details},{kind}}}") } else { format!("{{{kind},{details}}}") }
}
