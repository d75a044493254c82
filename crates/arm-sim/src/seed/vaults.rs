//! The vaults: locally redundant, geo-redundant with cross-region restore, zone-redundant, an empty one, and some more.

use std::sync::LazyLock;

use super::grown;
use super::places::{FABRIKAM, PRODUCTION, TEST};
use crate::faults::FAULTS_VAULT;
use crate::world::vault::{Redundancy, Vault};

/// What most vaults are like.
pub(crate) const USUAL: Vault = Vault {
    subscription: PRODUCTION,
    group: "rg-backup-weu",
    name: "",
    region: "westeurope",
    redundancy: Redundancy::Local,
    cross_region: false,
    cross_subscription: "Enabled",
    customer_key: false,
    system_identity: true,
    user_identity: None,
    guarded: false,
    region_of_choice: false,
    deleted: false,
};

/// Index of the first vault: a comfortable default.
pub(crate) const WEU: usize = 0;
/// Geo-redundant, cross-region restore enabled.
pub(crate) const NEU: usize = 1;
/// Zone-redundant, encrypted with the customer's key.
pub(crate) const ZRS: usize = 2;
/// The sentinel VMs.
pub(crate) const FAULTS: usize = 3;
/// Guarded by a resource guard. Vault and guard are in the other tenant.
pub(crate) const GUARDED: usize = 6;
/// A thousand VMs.
pub(crate) const FLEET: usize = 7;
/// Its primary region is down.
pub(crate) const SHOP: usize = 8;
/// Zone-redundant, with what came in 2026: threats, instant access, sources elsewhere.
pub(crate) const NEWS: usize = 9;
/// Soft-deleted.
pub(crate) const GONE: usize = 10;
/// Its recovery points may not be read.
pub(crate) const PAYROLL: usize = 11;

/// How many vaults every tenant has.
pub(crate) const FIRST_VAULTS: usize = 12;

static FIRST: [Vault; FIRST_VAULTS] = [
    Vault { name: "contoso-vault-weu", user_identity: Some("id-restore-weu"), ..USUAL },
    Vault {
        name: "contoso-vault-neu",
        group: "rg-backup-neu",
        region: "northeurope",
        redundancy: Redundancy::Geo,
        cross_region: true,
        ..USUAL
    },
    Vault {
        name: "contoso-vault-zrs",
        redundancy: Redundancy::Zone,
        customer_key: true,
        cross_subscription: "Disabled",
        user_identity: Some("id-restore-zrs"),
        ..USUAL
    },
    Vault { name: FAULTS_VAULT, redundancy: Redundancy::Geo, cross_region: true, ..USUAL },
    Vault {
        subscription: TEST,
        name: "fault-vault-denied",
        group: "rg-backup-swc",
        region: "swedencentral",
        system_identity: false,
        ..USUAL
    },
    Vault {
        subscription: TEST,
        name: "contoso-vault-empty",
        group: "rg-backup-swc",
        region: "swedencentral",
        system_identity: false,
        ..USUAL
    },
    Vault {
        subscription: FABRIKAM,
        name: "fabrikam-vault-guarded",
        group: "rg-fabrikam-backup",
        region: "eastus",
        redundancy: Redundancy::Geo,
        cross_subscription: "PermanentlyDisabled",
        guarded: true,
        ..USUAL
    },
    Vault {
        subscription: FABRIKAM,
        name: "fabrikam-vault-fleet",
        group: "rg-fabrikam-backup",
        region: "eastus",
        ..USUAL
    },
    Vault {
        subscription: TEST,
        name: "fault-vault-region-down",
        group: "rg-shop",
        region: "northeurope",
        redundancy: Redundancy::Geo,
        cross_region: true,
        ..USUAL
    },
    Vault { name: "contoso-vault-2026", redundancy: Redundancy::Zone, region_of_choice: true, ..USUAL },
    Vault { name: "contoso-vault-retired", deleted: true, ..USUAL },
    Vault { subscription: TEST, name: "fault-vault-points-denied", group: "rg-payroll", ..USUAL },
];

pub(crate) static VAULTS: LazyLock<Vec<Vault>> = LazyLock::new(|| {
    let mut all = FIRST.to_vec();
    grown::add_vaults(&mut all);
    all
});

#[cfg(test)]
mod tests {
    use super::{FAULTS, FLEET, GONE, GUARDED, NEU, NEWS, PAYROLL, SHOP, VAULTS, WEU, ZRS};

    #[test]
    fn indices_name_the_right_vaults() {
        let name = |i: usize| VAULTS[i].name;
        assert_eq!(
            [WEU, NEU, ZRS, FAULTS, GUARDED, FLEET, SHOP, NEWS, GONE, PAYROLL].map(name),
            [
                "contoso-vault-weu",
                "contoso-vault-neu",
                "contoso-vault-zrs",
                "contoso-vault-faults",
                "fabrikam-vault-guarded",
                "fabrikam-vault-fleet",
                "fault-vault-region-down",
                "contoso-vault-2026",
                "contoso-vault-retired",
                "fault-vault-points-denied"
            ]
        );
    }
}
