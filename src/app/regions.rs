//! Which region a vault is replicated to, and how that is known. Where it is not, the operator says it: nothing is guessed.

use std::rc::Rc;

use azure_backup::arm::fault::Fault;
use azure_backup::arm::id::{ArmId, Region, SubscriptionId};
use azure_backup::backup::lookups::Location;
use azure_backup::backup::vault::StorageConfig;

use super::key::Key;
use super::state::State;
use crate::restore::regional_id::location_id;

/// Where Azure Backup keeps the copies of a vault, by its own clients: from the vault's region to the secondary one. Azure Resource Manager
/// may not name a pair, or may name another region. Sorted by the vault's region.
/// Source: `secondary_region_map` of azure-cli 2.91.0 (<https://github.com/Azure/azure-cli>, backup/custom.py).
#[rustfmt::skip] // a table
pub static OF_BACKUP: &[(&str, &str)] = &[
    ("australiacentral", "australiacentral2"),
    ("australiacentral2", "australiacentral"),
    ("australiaeast", "australiasoutheast"),
    ("australiasoutheast", "australiaeast"),
    ("bleufrancecentral", "bleufrancesouth"),
    ("bleufrancesouth", "bleufrancecentral"),
    ("brazilsouth", "southcentralus"),
    ("brazilsoutheast", "brazilsouth"),
    ("canadacentral", "canadaeast"),
    ("canadaeast", "canadacentral"),
    ("centralindia", "southindia"),
    ("centralus", "eastus2"),
    ("centraluseuap", "eastus2euap"),
    ("chinaeast", "chinanorth"),
    ("chinaeast2", "chinanorth2"),
    ("chinaeast3", "chinanorth3"),
    ("chinanorth", "chinaeast"),
    ("chinanorth2", "chinaeast2"),
    ("chinanorth3", "chinaeast3"),
    ("deloscloudgermanycentral", "deloscloudgermanynorth"),
    ("deloscloudgermanynorth", "deloscloudgermanycentral"),
    ("eastasia", "southeastasia"),
    ("eastus", "westus"),
    ("eastus2", "centralus"),
    ("eastus2euap", "centraluseuap"),
    ("eastus3", "westus3"),
    ("francecentral", "francesouth"),
    ("francesouth", "francecentral"),
    ("germanycentral", "germanynortheast"),
    ("germanynorth", "germanywestcentral"),
    ("germanynortheast", "germanycentral"),
    ("germanywestcentral", "germanynorth"),
    ("indiasouthcentral", "centralindia"),
    ("japaneast", "japanwest"),
    ("japanwest", "japaneast"),
    ("jioindiacentral", "jioindiawest"),
    ("jioindiawest", "jioindiacentral"),
    ("koreacentral", "koreasouth"),
    ("koreasouth", "koreacentral"),
    ("malaysiasouth", "japanwest"),
    ("northcentralus", "southcentralus"),
    ("northeastus5", "centralus"),
    ("northeurope", "westeurope"),
    ("norwayeast", "norwaywest"),
    ("norwaywest", "norwayeast"),
    ("southafricanorth", "southafricawest"),
    ("southafricawest", "southafricanorth"),
    ("southcentralus", "northcentralus"),
    ("southcentralus2", "westcentralus"),
    ("southeastasia", "eastasia"),
    ("southeastasia3", "malaysiawest"),
    ("southeastus", "westus3"),
    ("southeastus3", "westus3"),
    ("southeastus5", "centralus"),
    ("southindia", "centralindia"),
    ("southwestus", "centralus"),
    ("swedencentral", "swedensouth"),
    ("swedensouth", "swedencentral"),
    ("switzerlandnorth", "switzerlandwest"),
    ("switzerlandwest", "switzerlandnorth"),
    ("taiwannorth", "taiwannorthwest"),
    ("taiwannorthwest", "taiwannorth"),
    ("uaecentral", "uaenorth"),
    ("uaenorth", "uaecentral"),
    ("uksouth", "ukwest"),
    ("ukwest", "uksouth"),
    ("usdodcentral", "usdodeast"),
    ("usdodeast", "usdodcentral"),
    ("usgovarizona", "usgovtexas"),
    ("usgoviowa", "usgovvirginia"),
    ("usgovtexas", "usgovarizona"),
    ("usgovvirginia", "usgovtexas"),
    ("usnateast", "usnatwest"),
    ("usnatwest", "usnateast"),
    ("usseceast", "ussecwest"),
    ("ussecwest", "usseceast"),
    ("ussecwestcentral", "usseceast"),
    ("westcentralus", "westus2"),
    ("westeurope", "northeurope"),
    ("westindia", "southindia"),
    ("westus", "eastus"),
    ("westus2", "westcentralus"),
    ("westus3", "eastus"),
];

/// The secondary region of a vault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secondary {
    /// The region; none = the operator has to choose it.
    pub region: Option<Region>,
    /// How it is known, or why it is not.
    pub why: String,
}

impl State {
    /// The secondary region of `vault`: the one `chosen`, else the one that Azure names.
    pub fn secondary_of(&self, vault: &ArmId, chosen: Option<&Region>) -> Secondary {
        let known = |region: &Region, why: String| Secondary { region: Some(region.clone()), why };
        let unknown = |why: String| Secondary { region: None, why };
        if let Some(region) = chosen {
            return known(region, "Selected by you.".to_owned());
        }
        let Some(primary) = self.vault(vault).map(|v| v.location.clone()) else {
            return unknown("We couldn't read the vault's region. Select the secondary region.".to_owned());
        };
        let name = |region: &Region| self.region_name(vault, region);
        let own = OF_BACKUP.iter().find(|(from, _)| *from == primary.key()).map(|(_, to)| Region::new(to));
        let paired: Vec<Region> = (self.locations(vault).iter().flat_map(|all| all.iter()))
            .filter(|l| l.name == primary)
            .flat_map(|l| l.paired.clone())
            .collect();
        match (paired.as_slice(), own) {
            ([one], Some(own)) if *one != own => unknown(format!(
                "Azure pairs {} with {}, but the Azure Backup tools use {}. Select the region that holds your backups.",
                name(&primary),
                name(one),
                name(&own)
            )),
            ([one], _) => known(one, format!("Azure's paired region for {}.", name(&primary))),
            (_, Some(own)) => {
                known(&own, format!("Paired region for {} according to the Azure Backup tools.", name(&primary)))
            }
            ([], None) => unknown(format!("Azure lists no paired region for {}. Select one.", name(&primary))),
            (_, None) => unknown(format!("Azure lists several paired regions for {}. Select one.", name(&primary))),
        }
    }

    /// Whether a vault has cross-region restore, by its own account or, for old ones, by that of its storage; none = nobody says.
    pub fn cross_region(&self, vault: &ArmId) -> Option<bool> {
        let own = self.vault(vault).and_then(|v| v.cross_region_restore);
        own.or_else(|| self.catalog.get::<StorageConfig>(&Key::StorageConfig(vault.clone()))?.cross_region_restore)
    }

    /// The regions of the vault's subscription.
    pub fn locations(&self, vault: &ArmId) -> Option<Rc<[Rc<Location>]>> {
        let subscription = SubscriptionId::parse(vault.subscription()?).ok()?;
        self.catalog.get::<[Rc<Location>]>(&Key::Locations(subscription))
    }

    /// A region as Azure writes it for people, `West Europe`; as it is where that is not known.
    pub fn region_name(&self, vault: &ArmId, region: &Region) -> String {
        let known = self.locations(vault).and_then(|all| all.iter().find(|l| l.name == *region).cloned());
        known.map_or_else(|| region.to_string(), |l| l.display_name.clone())
    }

    /// Where the jobs of `vault` in the secondary region are listed, if it has some: for restores of this browser, or by the vault's setting.
    pub fn secondary_jobs(&self, vault: &ArmId) -> Option<(Region, Key)> {
        let ours = self.restores.iter().find(|r| r.vault == *vault && r.secondary.is_some());
        let enabled = self.cross_region(vault) == Some(true);
        let region = match ours.and_then(|r| r.secondary.clone()) {
            Some(region) => region,
            None if enabled => self.secondary_of(vault, None).region?,
            None => return None,
        };
        let key = Key::SecondaryJobs(location_id(vault, &region)?, vault.clone());
        Some((region, key))
    }

    /// Why the primary region does not tell of `vault`, where it has been asked.
    pub fn primary_fault(&self, vault: &ArmId) -> Option<Rc<Fault>> {
        self.catalog.fault(&Key::Vault(vault.clone())).filter(|fault| fault.is_retryable())
    }
}
