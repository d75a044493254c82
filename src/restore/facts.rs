//! What Azure has said about the vault, the item, the recovery point and the resources to choose from.

use std::rc::Rc;

use azure_backup::arm::call::ApiVersion;
use azure_backup::arm::id::{ArmId, Region, SubscriptionId};
use azure_backup::backup::item::{ItemKind, ProtectedItem};
use azure_backup::backup::lookups::{
    DiskAccess, DiskEncryptionSet, ManagedIdentity, ResourceGroup, StorageAccount, Subscription, VirtualNetwork,
};
use azure_backup::backup::recovery_point::{Disk, RecoveryPoint, Tier};
use azure_backup::backup::vault::{EncryptionAtRest, Redundancy, Vault};

use super::draft::{Draft, RegionChoice};

/// The LUN that Azure lists the OS disk under. It is always restored and never named in a request.
pub const OS_DISK_LUN: i32 = -1;

/// Everything that the rules and the plan of a recovery point depend on.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// The api-version of the restore calls.
    pub version: ApiVersion,
    /// The secondary region, when the restore is a cross-region one.
    pub secondary: Option<Region>,
    /// The vault.
    pub vault: Rc<Vault>,
    /// The protected item.
    pub item: Rc<ProtectedItem>,
    /// The recovery point.
    pub point: Rc<RecoveryPoint>,
    /// Whether `point` comes from the GET of the single point: only that answer lists the disks.
    pub detailed: bool,
    /// How the vault encrypts, when known.
    pub encryption_at_rest: Option<EncryptionAtRest>,
    /// `resourceGuardOperationRequests` that a guarded vault asks for.
    pub guard_requests: Vec<String>,
    /// Whether the source virtual machine still exists, when known.
    pub source_exists: Option<bool>,
    /// Whether a virtual machine with the typed name exists in the target group, when known.
    pub name_taken: Option<bool>,
    /// The resources to choose from.
    pub lookups: Lookups,
}

/// Lists of resources to choose from; `None` = not read (yet).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lookups {
    /// Subscriptions of the tenant.
    pub subscriptions: Option<Rc<[Rc<Subscription>]>>,
    /// Storage accounts of the subscriptions of vault, target and source.
    pub storage_accounts: Option<Rc<[Rc<StorageAccount>]>>,
    /// Resource groups of the target subscription.
    pub groups: Option<Rc<[Rc<ResourceGroup>]>>,
    /// Virtual networks of the target subscription.
    pub networks: Option<Rc<[Rc<VirtualNetwork>]>>,
    /// Disk encryption sets of the target subscription.
    pub encryption_sets: Option<Rc<[Rc<DiskEncryptionSet>]>>,
    /// Disk access resources of the target subscription.
    pub disk_accesses: Option<Rc<[Rc<DiskAccess>]>>,
    /// User-assigned identities of the vault's subscription.
    pub identities: Option<Rc<[Rc<ManagedIdentity>]>>,
}

impl Facts {
    /// The subscription of the vault.
    pub fn vault_subscription(&self) -> Option<SubscriptionId> {
        self.vault.id.subscription().and_then(|s| SubscriptionId::parse(s).ok())
    }

    /// The subscription that receives the result.
    pub fn target_subscription(&self, draft: &Draft) -> Option<SubscriptionId> {
        draft.target_subscription.clone().or_else(|| self.vault_subscription())
    }

    /// The subscription of the source virtual machine. Under Cross Subscription Backup it is not the vault's.
    pub fn source_subscription(&self) -> Option<SubscriptionId> {
        let source = self.item.source_resource_id.as_ref()?;
        source.subscription().and_then(|s| SubscriptionId::parse(s).ok())
    }

    /// The subscriptions whose storage accounts are offered for staging, without duplicates: the vault's, the target's, and
    /// the source's, whose account an in-place restore needs.
    pub fn account_subscriptions(&self, draft: &Draft) -> Vec<SubscriptionId> {
        let mut all: Vec<SubscriptionId> = Vec::new();
        let three = [self.vault_subscription(), self.target_subscription(draft), self.source_subscription()];
        for id in three.into_iter().flatten() {
            if all.iter().all(|known| !known.as_str().eq_ignore_ascii_case(id.as_str())) {
                all.push(id);
            }
        }
        all
    }

    /// Whether a user-assigned identity is assigned to the vault.
    pub fn has_user_identities(&self) -> bool {
        self.vault.identity.as_ref().is_some_and(|identity| !identity.user_assigned.is_empty())
    }

    /// The region of the source, if it is not the vault's (Region of Choice). A cross-region restore goes to the
    /// secondary region regardless of the source.
    pub fn source_region_outside_vault(&self) -> Option<&Region> {
        let source = self.item.source_location.as_ref()?;
        (self.secondary.is_none() && *source != self.vault.location).then_some(source)
    }

    /// The region that is restored to; none until the operator has chosen it.
    pub fn region(&self, draft: &Draft) -> Option<&Region> {
        match (&self.secondary, self.source_region_outside_vault(), draft.region) {
            (Some(secondary), ..) => Some(secondary),
            (None, Some(_), None) => None,
            (None, Some(source), Some(RegionChoice::Source)) => Some(source),
            _ => Some(&self.vault.location),
        }
    }

    /// Whether the source is a confidential virtual machine.
    pub fn is_confidential(&self) -> bool {
        self.point.security_type.as_deref().is_some_and(|kind| kind.eq_ignore_ascii_case("ConfidentialVM"))
    }

    /// Whether the result goes to another subscription than the vault's.
    pub fn crosses_subscription(&self, draft: &Draft) -> bool {
        match (&draft.target_subscription, self.vault_subscription()) {
            (Some(target), Some(own)) => !target.as_str().eq_ignore_ascii_case(own.as_str()),
            _ => false,
        }
    }

    /// The resource group in the target subscription that `draft` names, with the id of the virtual machine to be.
    pub fn target_vm(&self, draft: &Draft) -> Option<ArmId> {
        let name = draft.vm_name.trim();
        let group = draft.target_group.as_ref()?;
        if name.is_empty() {
            return None;
        }
        ArmId::parse(&format!("{}/providers/Microsoft.Compute/virtualMachines/{name}", group.as_str())).ok()
    }

    /// Whether the source had managed disks. Azure omits the flag only on old points; a missing flag counts as true.
    pub fn has_managed_disks(&self) -> bool {
        self.point.managed != Some(false)
    }

    /// Whether the source is a classic virtual machine.
    pub fn is_classic(&self) -> bool {
        self.item.kind == ItemKind::Classic
    }

    /// Whether the vault is zone redundant.
    pub fn is_zone_redundant(&self) -> bool {
        self.vault.redundancy == Some(Redundancy::ZoneRedundant)
    }

    /// The tier that the restore reads from.
    pub fn tier(&self) -> Tier {
        self.point.tier()
    }

    /// Whether the point has to be rehydrated first.
    pub fn is_archived(&self) -> bool {
        self.tier() == Tier::VaultArchive
    }

    /// The data disks in the recovery point, if Azure lists them.
    pub fn data_disks(&self) -> Option<Vec<&Disk>> {
        let disks = self.point.disks.as_ref()?.included.as_ref()?;
        Some(disks.iter().filter(|d| d.lun != OS_DISK_LUN).collect())
    }

    /// The disks that a request with these LUNs restores, if Azure lists those of the recovery point: the OS disk comes with any choice; none = all.
    pub fn restored_disks(&self, luns: Option<&[i32]>) -> Option<Vec<&Disk>> {
        let included = self.point.disks.as_ref()?.included.as_ref()?;
        let is_chosen = |disk: &&Disk| disk.lun == OS_DISK_LUN || luns.is_none_or(|luns| luns.contains(&disk.lun));
        Some(included.iter().filter(is_chosen).collect())
    }

    /// Whether the backup excluded disks.
    pub fn disks_left_out(&self) -> bool {
        self.point.disks.as_ref().is_some_and(|d| {
            d.excluded.as_ref().is_some_and(|e| !e.is_empty())
                || matches!((d.included_count, d.attached_count), (Some(included), Some(attached)) if included < attached)
        })
    }
}
