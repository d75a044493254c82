//! Storage accounts of every kind, networks, disk encryption sets, disk accesses and identities.

use std::sync::LazyLock;

use super::grown;
use super::places::{FABRIKAM, PRODUCTION, SANDBOX, TEST};
use crate::world::resource::{Kind, Resource};

const fn account(name: &'static str, region: &'static str, sku: &'static str, kind: &'static str) -> Resource {
    Resource {
        subscription: PRODUCTION,
        group: "rg-restore-weu",
        name,
        region,
        kind: Kind::Account { sku, kind, open: true, keys: true },
    }
}

const fn other(
    subscription: &'static str,
    group: &'static str,
    name: &'static str,
    region: &'static str,
    kind: Kind,
) -> Resource {
    Resource { subscription, group, name, region, kind }
}

const fn special(name: &'static str, sku: &'static str, open: bool, keys: bool) -> Resource {
    other(PRODUCTION, "rg-restore-weu", name, "westeurope", Kind::Account { sku, kind: "StorageV2", open, keys })
}

const LRS: Kind = Kind::Account { sku: "Standard_LRS", kind: "StorageV2", open: true, keys: true };
/// The accounts that hold unmanaged disks.
const LEGACY: Kind = Kind::Account { sku: "Standard_LRS", kind: "Storage", open: true, keys: true };
const SUBNETS: &[&str] = &["default", "app", "data"];

/// All resources; the first of each kind is a good choice for the first vault.
#[rustfmt::skip]
static FIRST: [Resource; 34] = [
    account("contosostageweu", "westeurope", "Standard_LRS", "StorageV2"),
    account("contosostageold", "westeurope", "Standard_RAGRS", "Storage"),
    account("contosostagegrs", "westeurope", "Standard_GRS", "StorageV2"),
    account("contosopremium", "westeurope", "Premium_LRS", "StorageV2"),
    special("contosopremiumfw", "Premium_LRS", false, true),
    special("contosofirewalled", "Standard_LRS", false, true),
    special("contosonokeys", "Standard_LRS", true, false),
    account("contosozrs", "westeurope", "Standard_ZRS", "StorageV2"),
    account("contosogzrs", "westeurope", "Standard_GZRS", "StorageV2"),
    account("contosobloblrs", "westeurope", "Standard_LRS", "BlobStorage"),
    account("contosoblockblob", "westeurope", "Premium_LRS", "BlockBlobStorage"),
    account("contosofiles", "westeurope", "Premium_LRS", "FileStorage"),
    other(PRODUCTION, "rg-legacy", "contosolegacy", "westeurope", LEGACY),
    other(PRODUCTION, "rg-legacy", "contosolegacydata", "westeurope", LEGACY),
    other(PRODUCTION, "rg-restore-neu", "contosostageneu", "northeurope", LRS),
    other(TEST, "rg-test-restore", "contosoteststage", "westeurope", LRS),
    other(SANDBOX, "rg-sandbox", "contososandbox", "westeurope", LRS),
    other(FABRIKAM, "rg-fabrikam", "fabrikamstage", "eastus", LRS),
    other(PRODUCTION, "rg-network", "vnet-prod-weu", "westeurope", Kind::Network { subnets: SUBNETS }),
    other(PRODUCTION, "rg-network", "vnet-dr-neu", "northeurope", Kind::Network { subnets: SUBNETS }),
    other(PRODUCTION, "rg-network", "vnet-hub-weu", "westeurope", Kind::Network { subnets: &[] }),
    other(TEST, "rg-test", "vnet-test-weu", "westeurope", Kind::Network { subnets: &["default"] }),
    other(SANDBOX, "rg-sandbox", "vnet-sandbox", "westeurope", Kind::Network { subnets: &["default"] }),
    other(FABRIKAM, "rg-fabrikam", "vnet-fabrikam", "eastus", Kind::Network { subnets: SUBNETS }),
    other(PRODUCTION, "rg-secure", "des-weu-01", "westeurope", Kind::EncryptionSet { confidential: false }),
    other(PRODUCTION, "rg-secure", "des-weu-confidential", "westeurope", Kind::EncryptionSet { confidential: true }),
    other(PRODUCTION, "rg-erp-neu", "des-neu-01", "northeurope", Kind::EncryptionSet { confidential: false }),
    other(PRODUCTION, "rg-secure", "da-weu-01", "westeurope", Kind::DiskAccess),
    other(PRODUCTION, "rg-erp-neu", "da-neu-01", "northeurope", Kind::DiskAccess),
    other(PRODUCTION, "rg-backup-weu", "id-restore-weu", "westeurope", Kind::Identity),
    other(PRODUCTION, "rg-backup-weu", "id-restore-zrs", "westeurope", Kind::Identity),
    other(PRODUCTION, "rg-backup-weu", "id-unassigned", "westeurope", Kind::Identity),
    other(PRODUCTION, "rg-network", "vnet-rehearsal-weu", "westeurope", Kind::Network { subnets: SUBNETS }),
    special("contosovnetonly", "Standard_LRS", false, true),
];

/// The account whose network rules do not let in the trusted services of Azure either.
pub(crate) const CLOSED: &str = "contosovnetonly";
/// The networks of [`PRODUCTION`] that are peered with each other. No other one leads anywhere.
pub(crate) const PEERINGS: [(&str, &str); 2] = [("vnet-prod-weu", "vnet-hub-weu"), ("vnet-dr-neu", "vnet-hub-weu")];
/// The network whose subnets have a route table, and that table, in the same resource group. It sends everything to a firewall.
pub(crate) const ROUTED: (&str, &str) = ("vnet-prod-weu", "rt-prod-weu");

pub(crate) static RESOURCES: LazyLock<Vec<Resource>> = LazyLock::new(|| {
    let mut all = FIRST.to_vec();
    grown::add_resources(&mut all);
    all
});

#[cfg(test)]
mod tests {
    use super::RESOURCES;
    use crate::seed::places::GROUPS;

    #[test]
    fn groups_exist() {
        for r in RESOURCES.iter() {
            assert!(GROUPS.iter().any(|g| g.name == r.group && g.subscription == r.subscription), "{}", r.name);
        }
    }
}
