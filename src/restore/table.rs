//! The table of rules. Each row: what it concerns, the sentence the operator reads, where Azure says it, the test.

use azure_backup::arm::id::ArmId;
use azure_backup::backup::recovery_point::Tier;
use azure_backup::backup::vault::{EncryptionAtRest, Switch};

use super::conditions::{
    away, chooses_zones, confidential_key, converts, elsewhere, guarded_from_elsewhere, has_identity, in_place,
    in_standard_tier, into_group, makes_disks, new_vm, not_of_source, of_nobody, other, premium, unlisted,
    valid_vm_name, vault_alone, vhd_blobs,
};
use super::draft::{DiskNetworkAccess, DiskTarget, StagingAccess, ZoneChoice};
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

/// Every rule, grouped by field.
#[rustfmt::skip] // a row reads as a row
pub static RULES: &[Rule] = &[
    // What to restore.
    row("scenario-chosen", Field::Scenario, "Choose what to restore.", API,
        Test::Needs(|_, _| true, |d| d.scenario.is_some())),
    row("selected-needs-list", Field::Scenario,
        "This recovery point lists no disks: it was taken without selective disk backup. Restore all disks instead.", SELECTIVE,
        Test::Scenario(|f, s| s == Scenario::SelectedDisks && f.detailed && f.data_disks().is_none())),
    row("selected-list-unread", Field::Scenario,
        "The disks of this recovery point have not been read yet.", SELECTIVE,
        Test::Scenario(|f, s| s == Scenario::SelectedDisks && !f.detailed)),
    row("selected-not-classic", Field::Scenario,
        "Disks of a classic virtual machine cannot be restored selectively.", SELECTIVE,
        Test::Scenario(|f, s| s == Scenario::SelectedDisks && f.classic())),
    row("selected-not-encrypted", Field::Scenario,
        "Disks of a virtual machine with Azure Disk Encryption cannot be restored selectively.", SELECTIVE,
        Test::Scenario(|f, s| s == Scenario::SelectedDisks && f.point.encrypted)),
    row("whole-vm-needs-all-disks", Field::Scenario,
        "The backup left disks of the virtual machine out, so only disks can be restored from this point.", SELECTIVE,
        Test::Scenario(|f, s| matches!(s, Scenario::ReplaceDisks | Scenario::AnotherVm) && f.disks_left_out())),
    row("replace-source-exists", Field::Scenario,
        "The source virtual machine no longer exists, so its disks cannot be replaced. Create another virtual machine instead.", RESTORE,
        Test::Scenario(|f, s| s == Scenario::ReplaceDisks && f.source_exists == Some(false))),
    row("replace-not-encrypted", Field::Scenario,
        "Disks of a virtual machine with Azure Disk Encryption cannot be replaced in place. Restore the disks and build the virtual machine from them.", ENCRYPTED,
        Test::Scenario(|f, s| s == Scenario::ReplaceDisks && f.point.encrypted)),
    row("replace-managed", Field::Scenario,
        "Only managed disks can be replaced in place; this virtual machine had unmanaged disks.", RESTORE,
        Test::Scenario(|f, s| s == Scenario::ReplaceDisks && !f.managed())),
    row("replace-not-classic", Field::Scenario,
        "Disks of a classic virtual machine cannot be replaced in place.", RESTORE,
        Test::Scenario(|f, s| s == Scenario::ReplaceDisks && f.classic())),
    row("another-not-encrypted", Field::Scenario,
        "A virtual machine with Azure Disk Encryption is restored as disks; build the new one from them.", ENCRYPTED,
        Test::Scenario(|f, s| s == Scenario::AnotherVm && f.point.encrypted)),
    row("another-not-classic", Field::Scenario,
        "A classic virtual machine can only be restored as disks.", MATRIX,
        Test::Scenario(|f, s| s == Scenario::AnotherVm && f.classic())),
    row("another-unmanaged-vault", Field::Scenario,
        "A new virtual machine needs managed disks, and unmanaged ones are converted only from a recovery point that is in the vault alone. Restore the disks, or choose such a point.", RESTORE,
        Test::Scenario(|f, s| s == Scenario::AnotherVm && !f.managed() && !vault_alone(f))),
    row("replace-in-vault", Field::Scenario,
        "Disks can be replaced only from a recovery point that has been transferred to the vault; this one is only a snapshot. Choose an older point, or restore disks.", RESTORE,
        Test::Scenario(|f, s| s == Scenario::ReplaceDisks && f.tier().is_snapshot_alone())),
    row("item-soft-deleted", Field::Scenario,
        "The backup of this virtual machine was deleted and is kept for a while (soft delete). Undelete it first: until then nothing of it can be restored.", SOFT_DELETE,
        Test::Scenario(|f, _| f.item.soft_deleted)),
    row("replace-in-own-region", Field::Scenario,
        "Disks are replaced where the virtual machine is, in the primary region. Restore disks, or create another virtual machine.", RESTORE,
        Test::Scenario(|f, s| s == Scenario::ReplaceDisks && f.secondary.is_some())),
    row("secondary-not-archive", Field::Scenario,
        "An archived recovery point cannot be restored in the secondary region. Choose another one.", ARCHIVE,
        Test::Scenario(|f, _| f.secondary.is_some() && f.archived())),
    row("secondary-not-confidential", Field::Scenario,
        "A confidential virtual machine cannot be restored in the secondary region.", CONFIDENTIAL,
        Test::Scenario(|f, _| f.secondary.is_some() && f.confidential())),
    warn("secondary-vault-tier", Field::Scenario,
        "Azure lists this recovery point as a snapshot, which stays in the primary region. If it is not in the vault as well, the restore fails.", RESTORE,
        Test::Scenario(|f, _| f.secondary.is_some() && f.tier().is_snapshot_alone())),
    warn("instant-access-short", Field::Scenario,
        "This recovery point is an Instant Access snapshot alone, which Azure keeps for 60 to 300 minutes. It may be gone before the restore reads it.", POINT,
        Test::Scenario(|f, _| f.tier() == Tier::InstantAccess)),
    warn("guard-elsewhere", Field::Scenario,
        "The Resource Guard of this vault is in a subscription that your account does not see, or in another tenant. Of another tenant Azure wants a token as well, which this page does not send: the restore is refused then.", GUARD,
        Test::Scenario(|f, _| f.secondary.is_none() && guarded_from_elsewhere(f))),
    warn("replace-stops-vm", Field::Scenario,
        "The source virtual machine is switched off while its disks are swapped.", RESTORE,
        Test::Scenario(|_, s| s == Scenario::ReplaceDisks)),
    warn("threat-reported", Field::Scenario,
        "Microsoft Defender for Cloud reported a threat on the virtual machine when this recovery point was taken: what is restored may hold it. Choose a point without one, or restore into a network of its own.", THREATS,
        Test::Scenario(|f, _| f.point.reports_threat())),
    row("source-named", Field::Scenario,
        "Azure does not say which virtual machine this item protects, so that no request can name it.", API,
        Test::Scenario(|f, _| f.item.source_resource_id.is_none())),
    // Disks.
    row("disks-only-selected", Field::Disks, "Choose 'Restore selected disks' to pick disks.", SELECTIVE,
        Test::Forbids(|_, d| d.scenario != Some(Scenario::SelectedDisks))),
    row("disks-in-point", Field::Disks,
        "A chosen disk is not in this recovery point. Choose from its own list.", SELECTIVE,
        Test::Value(|f, d| {
            d.scenario == Some(Scenario::SelectedDisks)
                && f.data_disks().is_some_and(|disks| d.luns.iter().any(|l| disks.iter().all(|x| x.lun != *l)))
        })),
    // What the disks become.
    row("disk-target-disks", Field::DiskTarget, "Only a restore of disks asks what the disks become.", RESTORE,
        Test::Forbids(|_, d| !makes_disks(d))),
    warn("vhd-slow", Field::DiskTarget,
        "Without a resource group the snapshot cannot be used: the disks are copied from the vault as VHD blobs, which takes much longer.", RESTORE,
        Test::Value(|f, d| vhd_blobs(d) && f.managed())),
    row("secondary-managed", Field::DiskTarget,
        "In the secondary region disks become managed disks in a resource group.", RESTORE,
        Test::Value(|f, d| f.secondary.is_some() && vhd_blobs(d))),
    row("unmanaged-stays", Field::DiskTarget,
        "The disks are unmanaged: choose VHD blobs, or check 'Restore unmanaged disks as managed disks'.", RESTORE,
        Test::Value(|f, d| makes_disks(d) && d.disk_target == DiskTarget::ManagedDisks && !f.managed() && !converts(f, d))),
    // To the accounts that the disks came from.
    row("original-managed", Field::OriginalAccounts, "The disks are managed: they came from no storage account.", CLI,
        Test::Forbids(|f, _| f.managed())),
    row("original-point", Field::OriginalAccounts, "Azure does not offer it for this recovery point.", CLI,
        Test::Forbids(|f, _| !f.point.original_storage_account)),
    row("original-vhds", Field::OriginalAccounts, "Only VHD blobs can go there: choose above that the disks become VHD blobs.", CLI,
        Test::Forbids(|_, d| d.scenario.is_some() && !vhd_blobs(d))),
    // Staging account.
    row("account-chosen", Field::StagingAccount, "Choose a staging storage account.", RESTORE,
        Test::Needs(|_, d| d.scenario.is_some(), |d| d.staging_account.is_some())),
    row("account-region", Field::StagingAccount, "is not in the region that is restored to", RESTORE,
        Test::Account(|f, d, a| f.source_elsewhere().is_none() && away(f, d, &a.location))),
    warn("account-region-undocumented", Field::StagingAccount,
        "is in another region than the one that the restore names", API,
        Test::Account(|f, d, a| f.source_elsewhere().is_some() && away(f, d, &a.location))),
    row("account-kind", Field::StagingAccount, "is a blob-only or file-only account; a general-purpose account is needed", RESTORE,
        Test::Account(|_, _, a| matches!(a.kind.as_str(), "BlobStorage" | "BlockBlobStorage" | "FileStorage"))),
    row("account-premium", Field::StagingAccount, "is premium, while the virtual machine has no premium disks", TROUBLE,
        Test::Account(|f, _, a| premium(&a.sku) && f.point.storage_type.as_deref() == Some("NormalStorage"))),
    row("account-premium-network", Field::StagingAccount, "is premium with network rules, which is not supported for managed disks", RESTORE,
        Test::Account(|f, _, a| premium(&a.sku) && a.network_restricted && f.managed())),
    row("account-firewall-identity", Field::StagingAccount,
        "is behind a firewall: a user-assigned identity cannot reach it, the vault's system-assigned one can", RESTORE,
        Test::Account(|_, d, a| a.network_restricted && matches!(d.staging_access, StagingAccess::UserAssigned(_)))),
    warn("account-shared-key", Field::StagingAccount,
        "has shared key access switched off: deploying the restored template from it will fail", RESTORE,
        Test::Account(|_, _, a| a.shared_key_access == Some(false))),
    row("account-of-source", Field::StagingAccount, "is not in the subscription of the virtual machine whose disks are replaced", POWERSHELL,
        Test::Account(|f, d, a| not_of_source(f, d, &a.id))),
    row("account-of-source-by-id", Field::StagingAccount,
        "The account is not in the subscription of the virtual machine whose disks are replaced. Choose one that is.", POWERSHELL,
        Test::Value(|f, d| {
            let listed = |id: &ArmId| f.lookups.storage_accounts.iter().flat_map(|all| all.iter()).any(|a| a.id == *id);
            d.staging_account.as_ref().is_some_and(|id| !listed(id) && not_of_source(f, d, id))
        })),
    row("account-of-nobody", Field::StagingAccount, "is neither in the subscription of the vault nor in that of the target", POWERSHELL,
        Test::Account(|f, d, a| of_nobody(f, d, &a.id))),
    warn("account-of-target", Field::StagingAccount,
        "is in the subscription of the vault; Microsoft's own clients take an account of the target subscription alone", POWERSHELL,
        Test::Account(|f, d, a| into_group(f, d) && elsewhere(f, d, &a.id) && !of_nobody(f, d, &a.id))),
    warn("account-unlisted", Field::StagingAccount,
        "The account is not in the list, so its region and kind have not been checked. Use 'Check with Azure' before you start.", RESTORE,
        Test::Value(|f, d| unlisted(d.staging_account.as_ref(), f.lookups.storage_accounts.as_deref(), |a| &a.id))),
    // The region, where the source is not in that of its vault.
    row("region-secondary", Field::Region, "A cross-region restore goes to the secondary region.", API,
        Test::Forbids(|f, _| f.secondary.is_some())),
    row("region-of-vault", Field::Region, "Azure names no other region of the virtual machine than that of its vault.", API,
        Test::Forbids(|f, _| f.source_elsewhere().is_none())),
    row("region-chosen", Field::Region,
        "The virtual machine is in another region than its vault. Which of the two a restore has to name, Azure does not document: choose it.", API,
        Test::Needs(|f, d| d.scenario.is_some() && f.source_elsewhere().is_some(), |d| d.region.is_some())),
    warn("region-undocumented", Field::Region,
        "Azure documents neither which region a restore names when the virtual machine is in another region than its vault, nor where the staging account must be then. Use 'Check with Azure' before you start.", API,
        Test::Value(|f, d| f.source_elsewhere().is_some() && d.region.is_some())),
    // Target subscription.
    row("subscription-not-in-place", Field::TargetSubscription,
        "Disks are replaced where the source is; there is no target to choose.", RESTORE,
        Test::Forbids(|_, d| in_place(d) || d.scenario.is_none())),
    row("subscription-needs-group", Field::TargetSubscription,
        "VHD blobs go into storage accounts; there is no target subscription to choose.", RESTORE,
        Test::Forbids(|f, d| makes_disks(d) && !into_group(f, d))),
    row("subscription-vault-allows", Field::TargetSubscription,
        "is another subscription than the vault's, and the vault does not allow cross-subscription restore", RESTORE,
        Test::Subscription(|f, _, s| other(f, s) && matches!(f.vault.cross_subscription_restore, Some(Switch::Disabled | Switch::PermanentlyDisabled)))),
    row("subscription-not-snapshot", Field::TargetSubscription,
        "is another subscription than the vault's, which needs a recovery point in the vault; this one is only a snapshot", TROUBLE,
        Test::Subscription(|f, _, s| other(f, s) && f.tier().is_snapshot_alone())),
    row("subscription-managed", Field::TargetSubscription,
        "is another subscription than the vault's, to which unmanaged disks cannot be restored", TROUBLE,
        Test::Subscription(|f, _, s| other(f, s) && !f.managed())),
    row("subscription-not-encrypted", Field::TargetSubscription,
        "is another subscription than the vault's, to which an encrypted virtual machine cannot be restored", TROUBLE,
        Test::Subscription(|f, _, s| other(f, s) && f.point.encrypted)),
    row("subscription-enabled", Field::TargetSubscription, "is not enabled", RESTORE,
        Test::Subscription(|_, _, s| !s.state.is_empty() && !matches!(s.state.as_str(), "Enabled" | "PastDue" | "Warned"))),
    row("subscription-same-tenant", Field::TargetSubscription, "is in another tenant than the vault", TROUBLE,
        Test::Subscription(|f, _, s| {
            let own = f.lookups.subscriptions.iter().flat_map(|all| all.iter()).find(|x| Some(&x.id) == f.vault_subscription().as_ref());
            own.and_then(|o| o.tenant_id.as_ref()).zip(s.tenant_id.as_ref()).is_some_and(|(a, b)| a != b)
        })),
    warn("subscription-registered", Field::TargetSubscription,
        "must be registered for Microsoft.RecoveryServices, or Azure refuses the restore. This page does not look whether it is: 'Check with Azure' does", TROUBLE,
        Test::Subscription(|f, _, s| other(f, s))),
    // Target resource group.
    row("group-not-in-place", Field::TargetGroup,
        "Disks are replaced where the source is; there is no resource group to choose.", API,
        Test::Forbids(|_, d| in_place(d))),
    row("group-not-vhd", Field::TargetGroup,
        "VHD blobs go into storage accounts; a resource group would make managed disks.", API,
        Test::Forbids(|f, d| makes_disks(d) && !into_group(f, d))),
    row("group-chosen", Field::TargetGroup, "Choose the resource group that receives the result.", API,
        Test::Needs(into_group, |d| d.target_group.is_some())),
    row("group-subscription", Field::TargetGroup, "is in another subscription than the target", RESTORE,
        Test::Group(|f, d, g| elsewhere(f, d, &g.id))),
    warn("group-unlisted", Field::TargetGroup, "The resource group is not in the list, so it has not been checked.", RESTORE,
        Test::Value(|f, d| into_group(f, d) && unlisted(d.target_group.as_ref(), f.lookups.groups.as_deref(), |g| &g.id))),
    // New virtual machine.
    row("name-only-new", Field::VmName, "Only 'Create another virtual machine' takes a name.", API,
        Test::Forbids(|_, d| !new_vm(d))),
    row("name-given", Field::VmName, "Name the new virtual machine.", API,
        Test::Needs(|_, d| new_vm(d), |d| !d.vm_name.trim().is_empty())),
    row("name-valid", Field::VmName,
        "Use 1 to 64 letters, digits, hyphens, underscores and periods; start and end with a letter or digit; digits alone are no name.", VM_NAMES,
        Test::Value(|_, d| new_vm(d) && !d.vm_name.trim().is_empty() && !valid_vm_name(d.vm_name.trim()))),
    row("name-free", Field::VmName,
        "A virtual machine of this name exists in the resource group. Choose another name.", RESTORE,
        Test::Value(|f, d| new_vm(d) && f.name_taken == Some(true) && f.target_vm(d).is_some())),
    row("network-only-new", Field::Network, "Only 'Create another virtual machine' takes a network.", API,
        Test::Forbids(|_, d| !new_vm(d))),
    row("network-chosen", Field::Network, "Choose a virtual network.", API,
        Test::Needs(|_, d| new_vm(d), |d| d.network.is_some())),
    row("network-region", Field::Network, "is not in the region that is restored to", MATRIX,
        Test::Network(|f, d, n| away(f, d, &n.location))),
    row("network-subscription", Field::Network, "is in another subscription than the target", MATRIX,
        Test::Network(|f, d, n| elsewhere(f, d, &n.id))),
    warn("network-unlisted", Field::Network, "The network is not in the list, so its region has not been checked.", MATRIX,
        Test::Value(|f, d| new_vm(d) && unlisted(d.network.as_ref(), f.lookups.networks.as_deref(), |n| &n.id))),
    row("network-subnets", Field::Network, "has no subnet", MATRIX, Test::Network(|_, _, n| n.subnets.is_empty())),
    row("subnet-only-new", Field::Subnet, "Only 'Create another virtual machine' takes a subnet.", API,
        Test::Forbids(|_, d| !new_vm(d))),
    row("subnet-chosen", Field::Subnet, "Choose a subnet.", API, Test::Needs(|_, d| new_vm(d), |d| d.subnet.is_some())),
    row("subnet-of-network", Field::Subnet, "The subnet belongs to another network. Choose one of the network above.", API,
        Test::Value(|_, d| {
            new_vm(d) && d.network.as_ref().zip(d.subnet.as_ref()).is_some_and(|(n, s)| s.parent().as_ref() != Some(n))
        })),
    row("subnet-reserved", Field::Subnet, "is reserved for another Azure service", MATRIX,
        Test::Subnet(|_, _, s| {
            matches!(s.name.as_str(), "GatewaySubnet" | "AzureBastionSubnet" | "AzureFirewallSubnet" | "AzureFirewallManagementSubnet" | "RouteServerSubnet")
        })),
    // Zone.
    row("zone-not-in-place", Field::Zone, "Disks are replaced in the zone where the source is.", RESTORE,
        Test::Forbids(|_, d| in_place(d))),
    row("zone-managed", Field::Zone, "A zone needs managed disks.", RESTORE,
        Test::Forbids(|f, d| d.scenario.is_some() && !into_group(f, d))),
    row("zone-not-encrypted", Field::Zone, "An encrypted virtual machine cannot be restored to a zone.", RESTORE,
        Test::Forbids(|f, _| f.point.encrypted)),
    row("zone-vault", Field::Zone, "A zone can be chosen only with a zone-redundant vault.", RESTORE,
        Test::Value(|f, d| matches!(d.zone, ZoneChoice::Zone(_)) && !chooses_zones(f) && f.vault.redundancy.is_some())),
    warn("zone-vault-unknown", Field::Zone,
        "A zone can be chosen only with a zone-redundant vault, and Azure has not said whether this one is. Use 'Check with Azure' before you start.", RESTORE,
        Test::Value(|f, d| matches!(d.zone, ZoneChoice::Zone(_)) && !chooses_zones(f) && f.vault.redundancy.is_none())),
    row("zone-none-vault", Field::Zone,
        "'No zone' can be chosen only with a vault that is zone-redundant or has cross-region restore. Let Azure decide instead.", CLI,
        Test::Value(|f, d| {
            d.zone == ZoneChoice::NoZone && !chooses_zones(f) && f.vault.redundancy.is_some() && f.vault.cross_region_restore != Some(true)
        })),
    warn("zone-none-primary", Field::Zone,
        "Whether Azure takes 'No zone' in the primary region of a vault that is not zone-redundant is not known: Microsoft's own command line refuses it. Use 'Check with Azure' before you start.", CLI,
        Test::Value(|f, d| {
            d.zone == ZoneChoice::NoZone && !chooses_zones(f) && (f.vault.redundancy.is_none() || f.vault.cross_region_restore == Some(true))
        })),
    row("zone-of-source", Field::Zone, "In the secondary region a zone can be chosen only if the source was in one.", RESTORE,
        Test::Value(|f, d| matches!(d.zone, ZoneChoice::Zone(_)) && !f.zone_redundant() && f.secondary.is_some() && f.point.zones.is_empty())),
    row("zone-tier", Field::Zone,
        "A zone, or none, can be chosen only for a recovery point in the vault's standard tier. A snapshot beside it does no harm.", CLI,
        Test::Value(|f, d| d.zone != ZoneChoice::Unset && !in_standard_tier(f))),
    // Disk encryption set.
    row("des-not-in-place", Field::EncryptionSet, "Replaced disks keep the encryption of the source.", RESTORE,
        Test::Forbids(|_, d| in_place(d))),
    row("des-managed", Field::EncryptionSet, "A disk encryption set needs managed disks.", CMK,
        Test::Forbids(|f, d| !f.managed() || d.scenario.is_some() && !into_group(f, d))),
    row("des-not-encrypted", Field::EncryptionSet,
        "A virtual machine with Azure Disk Encryption keeps its own keys.", CMK,
        Test::Forbids(|f, _| f.point.encrypted)),
    row("des-vault-cmk", Field::EncryptionSet,
        "A disk encryption set can be chosen only when the vault is encrypted with a customer-managed key.", CMK,
        Test::Forbids(|f, _| f.encryption_at_rest != Some(EncryptionAtRest::CustomerManaged))),
    row("des-region", Field::EncryptionSet, "is not in the region that is restored to", CMK,
        Test::EncryptionSet(|f, d, e| away(f, d, &e.location))),
    // The OS disk of a confidential virtual machine.
    row("confidential-only", Field::OsEncryptionSet, "Only the OS disk of a confidential virtual machine takes a set of its own.", CONFIDENTIAL,
        Test::Forbids(|f, _| !f.confidential())),
    row("confidential-not-snapshot", Field::OsEncryptionSet,
        "Another disk encryption set can be chosen only for a recovery point that is in the vault; this one is only a snapshot.", CONFIDENTIAL,
        Test::Value(|f, d| d.os_encryption_set.is_some() && f.tier().is_snapshot_alone())),
    row("confidential-region", Field::OsEncryptionSet, "is not in the region that is restored to", CONFIDENTIAL,
        Test::OsEncryptionSet(|f, d, e| away(f, d, &e.location))),
    row("confidential-type", Field::OsEncryptionSet, "is not of the type 'Confidential disk encryption with CMK'", CONFIDENTIAL,
        Test::OsEncryptionSet(|_, _, e| e.encryption_type.as_deref().is_some_and(|kind| !kind.eq_ignore_ascii_case("ConfidentialVmEncryptedWithCustomerKey")))),
    warn("confidential-key", Field::OsEncryptionSet,
        "Without a set the restore needs the disk encryption set and the key that the virtual machine had. Where they are gone it fails, but puts the key into the staging account: restore the key, create a set with it, and choose that set here.", CONFIDENTIAL,
        Test::Value(|f, d| confidential_key(f, d) && !f.tier().is_snapshot_alone())),
    warn("confidential-key-snapshot", Field::OsEncryptionSet,
        "The restore needs the disk encryption set and the key that the virtual machine had. Where they are gone, choose a recovery point that is in the vault: from one that is only a snapshot, no other set can be chosen.", CONFIDENTIAL,
        Test::Value(|f, d| confidential_key(f, d) && f.tier().is_snapshot_alone())),
    // Managed identity for staging.
    row("identity-managed", Field::StagingAccess, "A managed identity can be used only for virtual machines with managed disks.", RESTORE,
        Test::Value(|f, d| d.staging_access != StagingAccess::Key && !f.managed())),
    row("identity-system", Field::StagingAccess, "The vault has no system-assigned identity.", RESTORE,
        Test::Value(|f, d| d.staging_access == StagingAccess::SystemAssigned && !has_identity(f, "systemassigned"))),
    row("identity-of-vault", Field::StagingAccess, "The identity is not assigned to the vault.", RESTORE,
        Test::Value(|f, d| match &d.staging_access {
            StagingAccess::UserAssigned(id) => !f.vault.identity.as_ref().is_some_and(|i| i.user_assigned.contains(id)),
            StagingAccess::Key | StagingAccess::SystemAssigned => false,
        })),
    row("identity-assigned", Field::StagingAccess, "is not assigned to the vault", RESTORE,
        Test::Identity(|f, _, i| !f.vault.identity.as_ref().is_some_and(|v| v.user_assigned.contains(&i.id)))),
    warn("identity-secondary", Field::StagingAccess,
        "Azure's article says that a cross-region restore takes no managed identity; Microsoft's own clients send one all the same. With the key of the account there is no doubt.", RESTORE,
        Test::Value(|f, d| f.secondary.is_some() && d.staging_access != StagingAccess::Key)),
    // Disk network access.
    row("access-not-private", Field::DiskNetworkAccess,
        "No disk of this recovery point has private access, so Azure takes no network setting.", API,
        Test::Forbids(|f, _| f.point.private_access != Some(true))),
    row("access-chosen", Field::DiskNetworkAccess,
        "A disk of this recovery point has private access: choose the network access of the restored disks.", API,
        Test::Needs(|f, d| f.point.private_access == Some(true) && d.scenario.is_some(), |d| d.disk_network_access.is_some())),
    row("access-id-private", Field::DiskAccess, "Only private access takes a disk access resource.", API,
        Test::Forbids(|_, d| d.disk_network_access != Some(DiskNetworkAccess::Private))),
    row("access-id-none", Field::DiskAccess, "No disk of this recovery point has private access.", API,
        Test::Forbids(|f, _| f.point.private_access != Some(true))),
    row("access-id-chosen", Field::DiskAccess, "Choose a disk access resource.", API,
        Test::Needs(|_, d| d.disk_network_access == Some(DiskNetworkAccess::Private), |d| d.disk_access.is_some())),
    row("access-id-region", Field::DiskAccess, "is not in the region that is restored to", API,
        Test::DiskAccess(|f, d, a| away(f, d, &a.location))),
    // Edge zone.
    row("edge-none", Field::EdgeZone, "The source was not in an edge zone.", API,
        Test::Forbids(|f, _| f.point.extended_location.is_none())),
    row("edge-in-place", Field::EdgeZone, "Replaced disks stay in the edge zone of the source.", API,
        Test::Forbids(|_, d| in_place(d))),
    row("edge-subscription", Field::EdgeZone, "An edge zone cannot be reached from another subscription.", API,
        Test::Forbids(|f, d| f.crosses_subscription(d))),
    // Unmanaged to managed.
    row("as-managed-only-unmanaged", Field::RestoreAsManaged, "The disks are managed already.", RESTORE,
        Test::Forbids(|f, _| f.managed())),
    row("as-managed-not-vhds", Field::RestoreAsManaged, "VHD blobs stay unmanaged: choose above that the disks become managed disks.", RESTORE,
        Test::Forbids(|_, d| vhd_blobs(d))),
    row("as-managed-not-in-place", Field::RestoreAsManaged, "Disks cannot be converted in place.", RESTORE,
        Test::Forbids(|_, d| in_place(d))),
    row("as-managed-not-encrypted", Field::RestoreAsManaged, "Encrypted unmanaged disks cannot be converted.", RESTORE,
        Test::Forbids(|f, _| f.point.encrypted)),
    row("as-managed-not-classic", Field::RestoreAsManaged, "Disks of a classic virtual machine cannot be converted.", RESTORE,
        Test::Forbids(|f, _| f.classic())),
    row("as-managed-vault", Field::RestoreAsManaged, "Conversion reads from the vault tier: choose a recovery point that is in the vault alone, without a snapshot.", RESTORE,
        Test::Forbids(|f, _| !vault_alone(f))),
    row("as-managed-new-vm", Field::RestoreAsManaged,
        "A new virtual machine in a resource group needs managed disks: check 'Restore unmanaged disks as managed disks'.", RESTORE,
        Test::Value(|f, d| new_vm(d) && !f.managed() && !converts(f, d))),
    // Rehydration.
    row("rehydrate-only-archive", Field::RehydrationPriority, "The recovery point is not in the archive tier.", ARCHIVE,
        Test::Forbids(|f, _| !f.archived())),
    row("rehydrate-priority", Field::RehydrationPriority, "Choose how fast the archive is read.", ARCHIVE,
        Test::Needs(|f, d| f.archived() && d.scenario.is_some(), |d| d.rehydration.priority.is_some())),
    row("rehydrate-days-archive", Field::RehydrationDays, "The recovery point is not in the archive tier.", ARCHIVE,
        Test::Forbids(|f, _| !f.archived())),
    row("rehydrate-days", Field::RehydrationDays, "Keep the rehydrated copy for 10 to 30 days.", ARCHIVE,
        Test::Value(|f, d| f.archived() && d.rehydration.valid_days().is_none())),
];
