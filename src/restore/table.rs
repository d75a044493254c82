//! The table of rules. Each row: what it concerns, the sentence the operator reads, where Azure says it, the test.

use azure_backup::arm::id::ArmId;
use azure_backup::backup::recovery_point::Tier;
use azure_backup::backup::vault::{EncryptionAtRest, Switch};

use super::conditions::{
    allows_zone_choice, can_convert_disks, creates_vm, guard_may_be_in_other_tenant, has_identity, in_standard_tier,
    is_in_other_region, is_in_other_subscription, is_not_listed, is_other_subscription, is_outside_source_subscription,
    is_outside_staging_subscriptions, is_premium, keeps_os_encryption_set, makes_disks, makes_managed_disks,
    makes_vhd_blobs, reads_from_vault, replaces_disks, valid_vm_name, version_has_conversion,
};
use super::draft::{DiskNetworkAccess, StagingAccess, ZoneChoice};
use super::field::Field;
use super::rules::{Rule, Test, Weight};
use super::scenario::Scenario;

const RESTORE: &str = "https://learn.microsoft.com/azure/backup/backup-azure-arm-restore-vms";
const MATRIX: &str = "https://learn.microsoft.com/azure/backup/backup-support-matrix-iaas";
const TROUBLE: &str = "https://learn.microsoft.com/azure/backup/backup-azure-vms-troubleshoot";
const SELECTIVE: &str = "https://learn.microsoft.com/azure/backup/selective-disk-backup-restore";
const ARCHIVE: &str = "https://learn.microsoft.com/azure/backup/archive-tier-support";
const ENCRYPTED: &str = "https://learn.microsoft.com/azure/backup/restore-azure-encrypted-virtual-machines";
const THREATS: &str = "https://learn.microsoft.com/azure/backup/threat-detection-overview";
const API: &str = "https://learn.microsoft.com/rest/api/backup/restores/trigger";
const CMK: &str = "https://learn.microsoft.com/azure/backup/encryption-at-rest-with-cmk";
const CONFIDENTIAL: &str = "https://learn.microsoft.com/azure/backup/confidential-vm-restore";
const SOFT_DELETE: &str = "https://learn.microsoft.com/azure/backup/soft-delete-virtual-machines";
const GUARD: &str = "https://learn.microsoft.com/azure/backup/multi-user-authorization";
const CLI: &str = "https://learn.microsoft.com/cli/azure/backup/restore#az-backup-restore-restore-disks";
const POWERSHELL: &str =
    "https://learn.microsoft.com/powershell/module/az.recoveryservices/restore-azrecoveryservicesbackupitem";
const POINT: &str = "https://learn.microsoft.com/rest/api/backup/recovery-points/get";
const VM_NAMES: &str =
    "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftcompute";

const fn row(id: &'static str, field: Field, sentence: &'static str, link: &'static str, broken: Test) -> Rule {
    Rule { id, field, sentence, link, weight: Weight::Blocks, broken }
}

const fn warn(id: &'static str, field: Field, sentence: &'static str, link: &'static str, broken: Test) -> Rule {
    Rule { id, field, sentence, link, weight: Weight::Warns, broken }
}

/// The id of the rule that it has to be chosen what to restore: a plan chooses it for all its machines.
pub const SCENARIO_CHOSEN: &str = "scenario-chosen";

/// Every rule, grouped by field.
#[rustfmt::skip] // a row reads as a row
pub static RULES: &[Rule] = &[
    // What to restore.
    row(SCENARIO_CHOSEN, Field::Scenario, "Choose what to restore.", API,
        Test::Needs(|_, _| true, |d| d.scenario.is_some())),
    // It rules out everything, so its sentence comes before those that advise another way.
    row("item-soft-deleted", Field::Scenario,
        "This VM's backup is soft-deleted. Undelete it first; nothing can be restored until then.", SOFT_DELETE,
        Test::Scenario(|f, _| f.item.soft_deleted)),
    row("selected-needs-list", Field::Scenario,
        "This recovery point has no disk list, so you can't select disks. Restore all disks instead.", SELECTIVE,
        Test::Scenario(|f, s| s == Scenario::SelectedDisks && f.detailed && f.data_disks().is_none())),
    row("selected-list-unread", Field::Scenario,
        "This recovery point's disks haven't loaded yet.", SELECTIVE,
        Test::Scenario(|f, s| s == Scenario::SelectedDisks && !f.detailed)),
    row("selected-not-classic", Field::Scenario,
        "Classic VMs don't support selecting disks.", SELECTIVE,
        Test::Scenario(|f, s| s == Scenario::SelectedDisks && f.is_classic())),
    row("selected-not-encrypted", Field::Scenario,
        "VMs with Azure Disk Encryption don't support selecting disks.", SELECTIVE,
        Test::Scenario(|f, s| s == Scenario::SelectedDisks && f.point.encrypted)),
    row("whole-vm-needs-all-disks", Field::Scenario,
        "Some disks were excluded from backup, so you can restore disks only.", SELECTIVE,
        Test::Scenario(|f, s| matches!(s, Scenario::ReplaceDisks | Scenario::AnotherVm) && f.disks_left_out())),
    row("replace-source-exists", Field::Scenario,
        "The original VM no longer exists. Create a new VM instead.", RESTORE,
        Test::Scenario(|f, s| s == Scenario::ReplaceDisks && f.source_exists == Some(false))),
    row("replace-not-encrypted", Field::Scenario,
        "VMs with Azure Disk Encryption don't support replacing disks. Restore the disks, then create the VM from them.", ENCRYPTED,
        Test::Scenario(|f, s| s == Scenario::ReplaceDisks && f.point.encrypted)),
    row("replace-managed", Field::Scenario,
        "Only managed disks can be replaced; this VM used unmanaged disks.", RESTORE,
        Test::Scenario(|f, s| s == Scenario::ReplaceDisks && !f.has_managed_disks())),
    row("replace-not-classic", Field::Scenario,
        "Classic VMs don't support replacing disks.", RESTORE,
        Test::Scenario(|f, s| s == Scenario::ReplaceDisks && f.is_classic())),
    row("another-not-encrypted", Field::Scenario,
        "VMs with Azure Disk Encryption can be restored as disks only. Create the new VM from the restored disks.", ENCRYPTED,
        Test::Scenario(|f, s| s == Scenario::AnotherVm && f.point.encrypted)),
    row("another-not-classic", Field::Scenario,
        "Classic VMs can be restored as disks only.", MATRIX,
        Test::Scenario(|f, s| s == Scenario::AnotherVm && f.is_classic())),
    row("another-unmanaged-vault", Field::Scenario,
        "This VM used unmanaged disks. They can be converted only from a vault-tier recovery point without a snapshot. Choose one, or restore disks.", RESTORE,
        Test::Scenario(|f, s| s == Scenario::AnotherVm && !f.has_managed_disks() && !reads_from_vault(f))),
    row("another-unmanaged-version", Field::Scenario,
        "This VM used unmanaged disks, and this API version can't convert them. Change it in Settings, or restore disks.", RESTORE,
        Test::Scenario(|f, s| s == Scenario::AnotherVm && !f.has_managed_disks() && !version_has_conversion(f))),
    row("replace-in-vault", Field::Scenario,
        "This recovery point is only a snapshot. Disks can be replaced only after it's transferred to the vault. Choose an older point, or restore disks.", RESTORE,
        Test::Scenario(|f, s| s == Scenario::ReplaceDisks && f.tier().is_snapshot_alone())),
    row("replace-in-own-region", Field::Scenario,
        "Disks can be replaced only in the primary region. Restore disks or create a new VM.", RESTORE,
        Test::Scenario(|f, s| s == Scenario::ReplaceDisks && f.secondary.is_some())),
    row("secondary-not-archive", Field::Scenario,
        "Archived recovery points can't be restored in the secondary region. Choose another one.", ARCHIVE,
        Test::Scenario(|f, _| f.secondary.is_some() && f.is_archived())),
    row("secondary-managed", Field::Scenario,
        "The secondary region supports managed disks only, and this VM's unmanaged disks can't be converted from this recovery point.", RESTORE,
        Test::Scenario(|f, _| f.secondary.is_some() && !f.has_managed_disks() && !can_convert_disks(f))),
    row("secondary-not-confidential", Field::Scenario,
        "Confidential VMs can't be restored in the secondary region.", CONFIDENTIAL,
        Test::Scenario(|f, _| f.secondary.is_some() && f.is_confidential())),
    warn("secondary-vault-tier", Field::Scenario,
        "This recovery point appears to be snapshot-only. Snapshots aren't replicated, so this restore may fail.", RESTORE,
        Test::Scenario(|f, _| f.secondary.is_some() && f.tier().is_snapshot_alone())),
    warn("instant-access-short", Field::Scenario,
        "This recovery point is only an Instant Access snapshot. Azure keeps it for 60 to 300 minutes, so it may be gone before the restore reads it.", POINT,
        Test::Scenario(|f, _| f.tier() == Tier::InstantAccess)),
    warn("guard-elsewhere", Field::Scenario,
        "This vault's Resource Guard is in another tenant, or in a subscription that you can't see. If it's in another tenant, Azure rejects the restore: it requires a token for that tenant, which this page doesn't send.", GUARD,
        Test::Scenario(|f, _| f.secondary.is_none() && guard_may_be_in_other_tenant(f))),
    warn("replace-stops-vm", Field::Scenario,
        "The VM will be stopped while its disks are replaced.", RESTORE,
        Test::Scenario(|_, s| s == Scenario::ReplaceDisks)),
    warn("threat-reported", Field::Scenario,
        "Microsoft Defender for Cloud reported a threat on this VM when the recovery point was taken. The restored data may contain it. Choose a point with no reported threat, or restore to an isolated network.", THREATS,
        Test::Scenario(|f, _| f.point.reports_threat())),
    row("source-named", Field::Scenario,
        "Azure's data doesn't identify the VM that this item protects, so a restore can't be requested.", API,
        Test::Scenario(|f, _| f.item.source_resource_id.is_none())),
    // Disks.
    row("disks-only-selected", Field::Disks, "Available only with 'Restore selected disks'.", SELECTIVE,
        Test::Forbids(|_, d| d.scenario != Some(Scenario::SelectedDisks))),
    row("disks-in-point", Field::Disks,
        "A selected disk isn't in this recovery point. Select from its disk list.", SELECTIVE,
        Test::Value(|f, d| {
            d.scenario == Some(Scenario::SelectedDisks)
                && f.data_disks().is_some_and(|disks| d.luns.iter().any(|l| disks.iter().all(|x| x.lun != *l)))
        })),
    // What the disks become.
    row("disk-target-disks", Field::DiskTarget, "Available only when you restore disks.", RESTORE,
        Test::Forbids(|_, d| !makes_disks(d))),
    warn("vhd-slow", Field::DiskTarget,
        "VHD blobs are always copied from the vault, which takes much longer than restoring from a snapshot.", RESTORE,
        Test::Value(|f, d| makes_vhd_blobs(f, d) && f.has_managed_disks())),
    row("disk-target-secondary", Field::DiskTarget, "The secondary region supports managed disks only.", RESTORE,
        Test::Forbids(|f, _| f.secondary.is_some())),
    row("as-managed-not-encrypted", Field::DiskTarget,
        "Encrypted unmanaged disks can't be converted, so they're restored as VHD blobs.", RESTORE,
        Test::Forbids(|f, _| !f.has_managed_disks() && f.point.encrypted)),
    row("as-managed-not-classic", Field::DiskTarget,
        "Disks of classic VMs can't be converted, so they're restored as VHD blobs.", RESTORE,
        Test::Forbids(|f, _| !f.has_managed_disks() && f.is_classic())),
    row("as-managed-vault", Field::DiskTarget,
        "Unmanaged disks can be converted only from a vault-tier recovery point without a snapshot. From this one they're restored as VHD blobs.", RESTORE,
        Test::Forbids(|f, _| !f.has_managed_disks() && !reads_from_vault(f))),
    row("as-managed-version", Field::DiskTarget,
        "This API version can't convert unmanaged disks, so they're restored as VHD blobs. Change it in Settings.", RESTORE,
        Test::Forbids(|f, _| !f.has_managed_disks() && !version_has_conversion(f))),
    // To the accounts that the disks came from.
    row("original-managed", Field::OriginalAccounts, "Available for unmanaged disks only.", CLI,
        Test::Forbids(|f, _| f.has_managed_disks())),
    row("original-point", Field::OriginalAccounts, "Not available for this recovery point.", CLI,
        Test::Forbids(|f, _| !f.point.original_storage_account)),
    row("original-vhds", Field::OriginalAccounts, "Available only when disks are restored as VHD blobs.", CLI,
        Test::Forbids(|f, d| d.scenario.is_some() && !makes_vhd_blobs(f, d))),
    // Staging account.
    row("account-chosen", Field::StagingAccount, "Select a staging storage account.", RESTORE,
        Test::Needs(|_, d| d.scenario.is_some(), |d| d.staging_account.is_some())),
    row("account-region", Field::StagingAccount, "isn't in the target region", RESTORE,
        Test::Account(|f, d, a| f.source_region_outside_vault().is_none() && is_in_other_region(f, d, &a.location))),
    warn("account-region-undocumented", Field::StagingAccount,
        "isn't in the region that the restore names", API,
        Test::Account(|f, d, a| f.source_region_outside_vault().is_some() && is_in_other_region(f, d, &a.location))),
    row("account-kind", Field::StagingAccount, "isn't a general-purpose account", RESTORE,
        Test::Account(|_, _, a| matches!(a.kind.as_str(), "BlobStorage" | "BlockBlobStorage" | "FileStorage"))),
    row("account-premium", Field::StagingAccount, "is premium, but this VM has no premium disks", TROUBLE,
        Test::Account(|f, _, a| is_premium(&a.sku) && f.point.storage_type.as_deref() == Some("NormalStorage"))),
    row("account-premium-network", Field::StagingAccount, "is premium with network rules, which managed disks don't support", RESTORE,
        Test::Account(|f, _, a| is_premium(&a.sku) && a.network_restricted && f.has_managed_disks())),
    row("account-firewall-identity", Field::StagingAccount,
        "has a firewall that a user-assigned identity can't pass; use the vault's system-assigned identity", RESTORE,
        Test::Account(|_, d, a| a.network_restricted && matches!(d.staging_access, StagingAccess::UserAssigned(_)))),
    warn("account-shared-key", Field::StagingAccount,
        "has shared key access turned off, so deploying the restored template from it will fail", RESTORE,
        Test::Account(|_, _, a| a.shared_key_access == Some(false))),
    row("account-of-source", Field::StagingAccount, "isn't in the subscription of the VM whose disks are replaced", POWERSHELL,
        Test::Account(|f, d, a| is_outside_source_subscription(f, d, &a.id))),
    row("account-of-source-by-id", Field::StagingAccount,
        "The account isn't in the subscription of the VM whose disks are replaced. Choose one that is.", POWERSHELL,
        Test::Value(|f, d| {
            let listed = |id: &ArmId| f.lookups.storage_accounts.iter().flat_map(|all| all.iter()).any(|a| a.id == *id);
            d.staging_account.as_ref().is_some_and(|id| !listed(id) && is_outside_source_subscription(f, d, id))
        })),
    row("account-of-nobody", Field::StagingAccount, "is in neither the vault's nor the target subscription", POWERSHELL,
        Test::Account(|f, d, a| is_outside_staging_subscriptions(f, d, &a.id))),
    warn("account-of-target", Field::StagingAccount,
        "is in the vault's subscription; Microsoft's own tools accept only accounts in the target subscription", POWERSHELL,
        Test::Account(|f, d, a| makes_managed_disks(f, d) && is_in_other_subscription(f, d, &a.id) && !is_outside_staging_subscriptions(f, d, &a.id))),
    warn("account-unlisted", Field::StagingAccount,
        "We couldn't verify this account's region and kind. Use 'Check with Azure' before you start (primary region only).", RESTORE,
        Test::Value(|f, d| is_not_listed(d.staging_account.as_ref(), f.lookups.storage_accounts.as_deref(), |a| &a.id))),
    // The region, where the source is not in that of its vault.
    row("region-secondary", Field::Region, "A cross-region restore always uses the secondary region.", API,
        Test::Forbids(|f, _| f.secondary.is_some())),
    row("region-of-vault", Field::Region, "Available only when the VM is in a different region than its vault.", API,
        Test::Forbids(|f, _| f.source_region_outside_vault().is_none())),
    row("region-chosen", Field::Region,
        "The VM is in a different region than its vault. Azure doesn't document which of the two a restore must name. Select one.", API,
        Test::Needs(|f, d| d.scenario.is_some() && f.source_region_outside_vault().is_some(), |d| d.region.is_some())),
    warn("region-undocumented", Field::Region,
        "The VM is in a different region than its vault. Azure doesn't document which region the restore must name, or where the staging account must be. Use 'Check with Azure' before you start.", API,
        Test::Value(|f, d| f.source_region_outside_vault().is_some() && d.region.is_some())),
    // Target subscription.
    row("subscription-not-in-place", Field::TargetSubscription,
        "Disks are replaced in place, so there's no target subscription.", RESTORE,
        Test::Forbids(|_, d| replaces_disks(d) || d.scenario.is_none())),
    row("subscription-needs-group", Field::TargetSubscription,
        "VHD blobs are restored to storage accounts, so there's no target subscription.", RESTORE,
        Test::Forbids(|f, d| makes_disks(d) && !makes_managed_disks(f, d))),
    row("subscription-vault-allows", Field::TargetSubscription,
        "isn't the vault's subscription, and the vault doesn't allow cross-subscription restore", RESTORE,
        Test::Subscription(|f, _, s| is_other_subscription(f, s) && matches!(f.vault.cross_subscription_restore, Some(Switch::Disabled | Switch::PermanentlyDisabled)))),
    row("subscription-not-snapshot", Field::TargetSubscription,
        "isn't the vault's subscription; restoring there needs a recovery point in the vault, and this one is only a snapshot", TROUBLE,
        Test::Subscription(|f, _, s| is_other_subscription(f, s) && f.tier().is_snapshot_alone())),
    row("subscription-managed", Field::TargetSubscription,
        "isn't the vault's subscription; unmanaged disks can't be restored there", TROUBLE,
        Test::Subscription(|f, _, s| is_other_subscription(f, s) && !f.has_managed_disks())),
    row("subscription-not-encrypted", Field::TargetSubscription,
        "isn't the vault's subscription; encrypted VMs can't be restored there", TROUBLE,
        Test::Subscription(|f, _, s| is_other_subscription(f, s) && f.point.encrypted)),
    row("subscription-enabled", Field::TargetSubscription, "isn't enabled", RESTORE,
        Test::Subscription(|_, _, s| !s.state.is_empty() && !matches!(s.state.as_str(), "Enabled" | "PastDue" | "Warned"))),
    row("subscription-same-tenant", Field::TargetSubscription, "is in a different tenant than the vault", TROUBLE,
        Test::Subscription(|f, _, s| {
            let own = f.lookups.subscriptions.iter().flat_map(|all| all.iter()).find(|x| Some(&x.id) == f.vault_subscription().as_ref());
            own.and_then(|o| o.tenant_id.as_ref()).zip(s.tenant_id.as_ref()).is_some_and(|(a, b)| a != b)
        })),
    warn("subscription-registered", Field::TargetSubscription,
        "must be registered for Microsoft.RecoveryServices, or Azure rejects the restore. This page doesn't verify that; 'Check with Azure' does", TROUBLE,
        Test::Subscription(|f, _, s| is_other_subscription(f, s))),
    // Target resource group.
    row("group-not-in-place", Field::TargetGroup,
        "Disks are replaced in place, so there's no target resource group.", API,
        Test::Forbids(|_, d| replaces_disks(d))),
    row("group-not-vhd", Field::TargetGroup,
        "VHD blobs are restored to storage accounts, so there's no target resource group.", API,
        Test::Forbids(|f, d| makes_disks(d) && !makes_managed_disks(f, d))),
    row("group-chosen", Field::TargetGroup, "Select a resource group.", API,
        Test::Needs(makes_managed_disks, |d| d.target_group.is_some())),
    row("group-subscription", Field::TargetGroup, "isn't in the target subscription", RESTORE,
        Test::Group(|f, d, g| is_in_other_subscription(f, d, &g.id))),
    warn("group-unlisted", Field::TargetGroup, "We couldn't verify this resource group.", RESTORE,
        Test::Value(|f, d| makes_managed_disks(f, d) && is_not_listed(d.target_group.as_ref(), f.lookups.groups.as_deref(), |g| &g.id))),
    // New virtual machine.
    row("name-only-new", Field::VmName, "Available only with 'Create a new virtual machine'.", API,
        Test::Forbids(|_, d| !creates_vm(d))),
    row("name-given", Field::VmName, "Enter a name.", API,
        Test::Needs(|_, d| creates_vm(d), |d| !d.vm_name.trim().is_empty())),
    row("name-valid", Field::VmName,
        "Use 1–64 letters, numbers, hyphens, underscores or periods. Start and end with a letter or number. A name can't be numbers only.", VM_NAMES,
        Test::Value(|_, d| creates_vm(d) && !d.vm_name.trim().is_empty() && !valid_vm_name(d.vm_name.trim()))),
    row("name-free", Field::VmName,
        "A VM with this name already exists in the resource group. Enter another name.", RESTORE,
        Test::Value(|f, d| creates_vm(d) && f.name_taken == Some(true) && f.target_vm(d).is_some())),
    row("network-only-new", Field::Network, "Available only with 'Create a new virtual machine'.", API,
        Test::Forbids(|_, d| !creates_vm(d))),
    row("network-chosen", Field::Network, "Select a virtual network.", API,
        Test::Needs(|_, d| creates_vm(d), |d| d.network.is_some())),
    row("network-region", Field::Network, "isn't in the target region", MATRIX,
        Test::Network(|f, d, n| is_in_other_region(f, d, &n.location))),
    row("network-subscription", Field::Network, "isn't in the target subscription", MATRIX,
        Test::Network(|f, d, n| is_in_other_subscription(f, d, &n.id))),
    warn("network-unlisted", Field::Network, "We couldn't verify this network's region.", MATRIX,
        Test::Value(|f, d| creates_vm(d) && is_not_listed(d.network.as_ref(), f.lookups.networks.as_deref(), |n| &n.id))),
    row("network-subnets", Field::Network, "has no subnets", MATRIX, Test::Network(|_, _, n| n.subnets.is_empty())),
    row("subnet-only-new", Field::Subnet, "Available only with 'Create a new virtual machine'.", API,
        Test::Forbids(|_, d| !creates_vm(d))),
    row("subnet-chosen", Field::Subnet, "Select a subnet.", API, Test::Needs(|_, d| creates_vm(d), |d| d.subnet.is_some())),
    row("subnet-of-network", Field::Subnet, "This subnet isn't in the selected network.", API,
        Test::Value(|_, d| {
            creates_vm(d) && d.network.as_ref().zip(d.subnet.as_ref()).is_some_and(|(n, s)| s.parent().as_ref() != Some(n))
        })),
    row("subnet-reserved", Field::Subnet, "is reserved for another Azure service", MATRIX,
        Test::Subnet(|_, _, s| {
            matches!(s.name.as_str(), "GatewaySubnet" | "AzureBastionSubnet" | "AzureFirewallSubnet" | "AzureFirewallManagementSubnet" | "RouteServerSubnet")
        })),
    // Zone.
    row("zone-not-in-place", Field::Zone, "Disks are replaced in the original VM's zone.", RESTORE,
        Test::Forbids(|_, d| replaces_disks(d))),
    row("zone-managed", Field::Zone, "Zones require managed disks.", RESTORE,
        Test::Forbids(|f, d| d.scenario.is_some() && !makes_managed_disks(f, d))),
    row("zone-not-encrypted", Field::Zone, "Encrypted VMs can't be restored to a zone.", RESTORE,
        Test::Forbids(|f, _| f.point.encrypted)),
    row("zone-vault", Field::Zone, "Zones are available with zone-redundant vaults only.", RESTORE,
        Test::Value(|f, d| matches!(d.zone, ZoneChoice::Zone(_)) && !allows_zone_choice(f) && f.vault.redundancy.is_some())),
    warn("zone-vault-unknown", Field::Zone,
        "Zones are available with zone-redundant vaults only, and we couldn't tell whether this vault is. Use 'Check with Azure' before you start (primary region only).", RESTORE,
        Test::Value(|f, d| matches!(d.zone, ZoneChoice::Zone(_)) && !allows_zone_choice(f) && f.vault.redundancy.is_none())),
    row("zone-none-vault", Field::Zone,
        "'No zone' requires a vault that is zone-redundant or has cross-region restore turned on. Select 'No preference' instead.", CLI,
        Test::Value(|f, d| {
            d.zone == ZoneChoice::NoZone && !allows_zone_choice(f) && f.vault.redundancy.is_some() && f.vault.cross_region_restore != Some(true)
        })),
    warn("zone-none-primary", Field::Zone,
        "Azure may reject 'No zone' in the primary region if the vault isn't zone-redundant; the Azure CLI does. Use 'Check with Azure' before you start.", CLI,
        Test::Value(|f, d| {
            d.zone == ZoneChoice::NoZone && !allows_zone_choice(f) && (f.vault.redundancy.is_none() || f.vault.cross_region_restore == Some(true))
        })),
    row("zone-of-source", Field::Zone, "Zones are available in the secondary region only if the original VM was in a zone.", RESTORE,
        Test::Value(|f, d| matches!(d.zone, ZoneChoice::Zone(_)) && !f.is_zone_redundant() && f.secondary.is_some() && f.point.zones.is_empty())),
    row("zone-tier", Field::Zone,
        "Zones, including 'No zone', require a recovery point in the vault-standard tier. It may also have a snapshot.", CLI,
        Test::Value(|f, d| d.zone != ZoneChoice::Unset && !in_standard_tier(f))),
    // Disk encryption set.
    row("des-not-in-place", Field::EncryptionSet, "Replaced disks keep the original VM's encryption.", RESTORE,
        Test::Forbids(|_, d| replaces_disks(d))),
    row("des-managed", Field::EncryptionSet, "A disk encryption set requires managed disks.", CMK,
        Test::Forbids(|f, d| !f.has_managed_disks() || d.scenario.is_some() && !makes_managed_disks(f, d))),
    row("des-not-encrypted", Field::EncryptionSet,
        "VMs with Azure Disk Encryption keep their own keys.", CMK,
        Test::Forbids(|f, _| f.point.encrypted)),
    row("des-vault-cmk", Field::EncryptionSet,
        "Available only if the vault uses a customer-managed key.", CMK,
        Test::Forbids(|f, _| f.encryption_at_rest != Some(EncryptionAtRest::CustomerManaged))),
    row("des-region", Field::EncryptionSet, "isn't in the target region", CMK,
        Test::EncryptionSet(|f, d, e| is_in_other_region(f, d, &e.location))),
    // The OS disk of a confidential virtual machine.
    row("confidential-only", Field::OsEncryptionSet, "Available only for confidential VMs.", CONFIDENTIAL,
        Test::Forbids(|f, _| !f.is_confidential())),
    row("confidential-not-snapshot", Field::OsEncryptionSet,
        "Selecting another disk encryption set requires a recovery point in the vault; this one is only a snapshot.", CONFIDENTIAL,
        Test::Value(|f, d| d.os_encryption_set.is_some() && f.tier().is_snapshot_alone())),
    row("confidential-region", Field::OsEncryptionSet, "isn't in the target region", CONFIDENTIAL,
        Test::OsEncryptionSet(|f, d, e| is_in_other_region(f, d, &e.location))),
    row("confidential-type", Field::OsEncryptionSet, "doesn't have the type 'Confidential disk encryption with CMK'", CONFIDENTIAL,
        Test::OsEncryptionSet(|_, _, e| e.encryption_type.as_deref().is_some_and(|kind| !kind.eq_ignore_ascii_case("ConfidentialVmEncryptedWithCustomerKey")))),
    warn("confidential-key", Field::OsEncryptionSet,
        "Without a set, the restore needs the VM's original disk encryption set and key. If they're gone, the restore fails but saves the key to the staging account. Then restore the key, create a set with it, and select that set here.", CONFIDENTIAL,
        Test::Value(|f, d| keeps_os_encryption_set(f, d) && !f.tier().is_snapshot_alone())),
    warn("confidential-key-snapshot", Field::OsEncryptionSet,
        "The restore needs the VM's original disk encryption set and key. If they're gone, choose a recovery point in the vault: with a snapshot-only point you can't select another set.", CONFIDENTIAL,
        Test::Value(|f, d| keeps_os_encryption_set(f, d) && f.tier().is_snapshot_alone())),
    // Managed identity for staging.
    row("identity-managed", Field::StagingAccess, "Managed identities require a VM with managed disks.", RESTORE,
        Test::Value(|f, d| d.staging_access != StagingAccess::Key && !f.has_managed_disks())),
    row("identity-system", Field::StagingAccess, "The vault has no system-assigned identity.", RESTORE,
        Test::Value(|f, d| d.staging_access == StagingAccess::SystemAssigned && !has_identity(f, "systemassigned"))),
    row("identity-of-vault", Field::StagingAccess, "This identity isn't assigned to the vault.", RESTORE,
        Test::Value(|f, d| match &d.staging_access {
            StagingAccess::UserAssigned(id) => !f.vault.identity.as_ref().is_some_and(|i| i.user_assigned.contains(id)),
            StagingAccess::Key | StagingAccess::SystemAssigned => false,
        })),
    row("identity-assigned", Field::StagingAccess, "isn't assigned to the vault", RESTORE,
        Test::Identity(|f, _, i| !f.vault.identity.as_ref().is_some_and(|v| v.user_assigned.contains(&i.id)))),
    warn("identity-secondary", Field::StagingAccess,
        "Microsoft's documentation says cross-region restore doesn't support managed identities, but Microsoft's own tools send one. To be safe, use the storage account key.", RESTORE,
        Test::Value(|f, d| f.secondary.is_some() && d.staging_access != StagingAccess::Key)),
    // Disk network access.
    row("access-not-private", Field::DiskNetworkAccess,
        "Available only if the recovery point has disks with private access.", API,
        Test::Forbids(|f, _| f.point.private_access != Some(true))),
    row("access-chosen", Field::DiskNetworkAccess,
        "Some disks use private access. Select network access for the restored disks.", API,
        Test::Needs(|f, d| f.point.private_access == Some(true) && d.scenario.is_some(), |d| d.disk_network_access.is_some())),
    row("access-id-private", Field::DiskAccess, "Available only with private access.", API,
        Test::Forbids(|_, d| d.disk_network_access != Some(DiskNetworkAccess::Private))),
    row("access-id-none", Field::DiskAccess, "Available only if the recovery point has disks with private access.", API,
        Test::Forbids(|f, _| f.point.private_access != Some(true))),
    row("access-id-chosen", Field::DiskAccess, "Select a disk access resource.", API,
        Test::Needs(|_, d| d.disk_network_access == Some(DiskNetworkAccess::Private), |d| d.disk_access.is_some())),
    row("access-id-region", Field::DiskAccess, "isn't in the target region", API,
        Test::DiskAccess(|f, d, a| is_in_other_region(f, d, &a.location))),
    // Edge zone.
    row("edge-none", Field::EdgeZone, "The original VM wasn't in an edge zone.", API,
        Test::Forbids(|f, _| f.point.extended_location.is_none())),
    row("edge-in-place", Field::EdgeZone, "Replaced disks stay in the original VM's edge zone.", API,
        Test::Forbids(|_, d| replaces_disks(d))),
    row("edge-subscription", Field::EdgeZone, "Not available when you restore to another subscription.", API,
        Test::Forbids(|f, d| f.crosses_subscription(d))),
    // Rehydration.
    row("rehydrate-only-archive", Field::RehydrationPriority, "Available only for archived recovery points.", ARCHIVE,
        Test::Forbids(|f, _| !f.is_archived())),
    row("rehydrate-priority", Field::RehydrationPriority, "Select a rehydration priority.", ARCHIVE,
        Test::Needs(|f, d| f.is_archived() && d.scenario.is_some(), |d| d.rehydration.priority.is_some())),
    row("rehydrate-days-archive", Field::RehydrationDays, "Available only for archived recovery points.", ARCHIVE,
        Test::Forbids(|f, _| !f.is_archived())),
    row("rehydrate-days", Field::RehydrationDays, "Enter 10–30 days.", ARCHIVE,
        Test::Value(|f, d| f.is_archived() && d.rehydration.valid_days().is_none())),
];
