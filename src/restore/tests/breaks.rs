//! Breaks every rule in each of its ways.

use azure_backup::backup::recovery_point::Disk;
use azure_backup::backup::threat::{ThreatState, ThreatStatus};

use super::worlds::*;
use super::*;

/// For each rule, changes that break it in an otherwise valid world.
pub(super) const BREAKS: &[Break] = &[
    ("scenario-chosen", DISKS, |w| w.draft.scenario = None),
    ("selected-needs-list", SELECTED, |w| w.point().disks = None),
    ("selected-list-unread", SELECTED, |w| w.facts.detailed = false),
    ("selected-not-classic", SELECTED, |w| w.item().kind = ItemKind::Classic),
    ("selected-not-encrypted", SELECTED, |w| w.point().encrypted = true),
    ("whole-vm-needs-all-disks", VM, |w| w.point().disks.as_mut().unwrap().attached_count = Some(4)),
    ("whole-vm-needs-all-disks", REPLACE, |w| {
        // Without the counts, the list of excluded disks must be enough.
        let left_out = Disk::new(2, "web-01-scratch");
        let disks = w.point().disks.as_mut().unwrap();
        (disks.included_count, disks.attached_count, disks.excluded) = (None, None, Some(vec![left_out]));
    }),
    ("replace-stops-vm", REPLACE, |_| {}),
    ("replace-in-vault", REPLACE, |w| only(w, TierKind::InstantRP)),
    ("replace-in-vault", REPLACE, |w| only(w, TierKind::InstantAccess)),
    ("item-soft-deleted", DISKS, |w| w.item().soft_deleted = true),
    ("item-soft-deleted", SELECTED, |w| w.item().soft_deleted = true),
    ("item-soft-deleted", VM, |w| w.item().soft_deleted = true),
    ("item-soft-deleted", REPLACE, |w| w.item().soft_deleted = true),
    ("secondary-not-confidential", DISKS, |w| {
        confidential(w);
        secondary(w);
    }),
    ("threat-reported", DISKS, |w| w.point().threat_status = Some(ThreatStatus::UnHealthy)),
    ("threat-reported", VM, |w| w.point().threat_status = Some(ThreatStatus::Warning)),
    ("threat-reported", DISKS, |w| threat(w, Some(ThreatState::Active))),
    ("threat-reported", DISKS, |w| threat(w, Some(ThreatState::InProgress))),
    ("threat-reported", DISKS, |w| threat(w, None)),
    ("instant-access-short", DISKS, |w| only(w, TierKind::InstantAccess)),
    // A subscription that the account does not see, and one of another tenant.
    ("guard-elsewhere", DISKS, |w| guarded(w, "33333333-3333-3333-3333-333333333333")),
    ("guard-elsewhere", DISKS, |w| {
        at(&mut w.facts.lookups.subscriptions, 0).tenant_id = Some(TenantId::parse("tenant-a").unwrap());
        at(&mut w.facts.lookups.subscriptions, 1).tenant_id = Some(TenantId::parse("tenant-b").unwrap());
        guarded(w, ELSEWHERE);
    }),
    ("replace-source-exists", REPLACE, |w| w.facts.source_exists = Some(false)),
    ("replace-not-encrypted", REPLACE, |w| w.point().encrypted = true),
    ("replace-managed", REPLACE, |w| w.point().managed = Some(false)),
    ("replace-not-classic", REPLACE, |w| w.item().kind = ItemKind::Classic),
    ("source-named", DISKS, |w| w.item().source_resource_id = None),
    ("replace-in-own-region", REPLACE, secondary),
    ("secondary-not-archive", DISKS, |w| {
        secondary(w);
        only(w, TierKind::ArchivedRP);
    }),
    ("secondary-vault-tier", DISKS, |w| {
        secondary(w);
        only(w, TierKind::InstantRP);
    }),
    ("secondary-managed", DISKS, |w| {
        secondary(w);
        w.point().managed = Some(false);
    }),
    ("disk-target-secondary", DISKS, secondary),
    ("zone-of-source", DISKS, |w| {
        secondary(w);
        w.draft.zone = ZoneChoice::Zone("1".to_owned());
    }),
    ("another-not-encrypted", VM, |w| w.point().encrypted = true),
    ("another-not-classic", VM, |w| w.item().kind = ItemKind::Classic),
    ("disks-only-selected", SELECTED, |w| w.draft.scenario = Some(DISKS)),
    ("disks-in-point", SELECTED, |w| w.draft.luns = [7].into()),
    ("disk-target-disks", DISKS, |w| w.draft.scenario = Some(VM)),
    ("vhd-slow", DISKS, |w| w.draft.disk_target = DiskTarget::UnmanagedVhds),
    ("account-chosen", DISKS, |w| w.draft.staging_account = None),
    ("account-region", DISKS, |w| accounts(w).location = Region::new("northeurope")),
    ("account-kind", DISKS, |w| accounts(w).kind = "BlobStorage".to_owned()),
    ("account-kind", DISKS, |w| accounts(w).kind = "BlockBlobStorage".to_owned()),
    ("account-kind", DISKS, |w| accounts(w).kind = "FileStorage".to_owned()),
    ("account-region-undocumented", DISKS, |w| {
        source_in_northeurope(w);
        w.draft.region = Some(RegionChoice::Source);
    }),
    ("account-of-source", REPLACE, source_in_other_subscription),
    ("account-of-source-by-id", REPLACE, |w| {
        source_in_other_subscription(w);
        w.draft.staging_account = Some(id("rg/providers/Microsoft.Storage/storageAccounts/typed"));
    }),
    ("account-of-source-by-id", REPLACE, |w| {
        source_in_other_subscription(w);
        w.facts.lookups.storage_accounts = None;
    }),
    ("account-of-nobody", DISKS, |w| {
        elsewhere(w);
        account_in(w, "33333333-3333-3333-3333-333333333333");
    }),
    // VHD blobs have no target subscription, even if one was chosen before.
    ("account-of-nobody", DISKS, |w| {
        elsewhere(w);
        w.draft.disk_target = DiskTarget::UnmanagedVhds;
        account_in(w, ELSEWHERE);
    }),
    ("account-of-target", VM, elsewhere),
    ("region-secondary", DISKS, secondary),
    ("region-of-vault", DISKS, |w| w.item().source_location = None),
    ("region-of-vault", DISKS, |w| w.item().source_location = Some(Region::new("West Europe"))),
    ("region-chosen", DISKS, source_in_northeurope),
    ("region-undocumented", DISKS, |w| {
        source_in_northeurope(w);
        w.draft.region = Some(RegionChoice::Vault);
    }),
    ("original-managed", DISKS, |w| w.point().original_storage_account = true),
    ("original-point", DISKS, |w| {
        unmanaged_vhds(w);
        w.point().original_storage_account = false;
    }),
    ("original-vhds", DISKS, |w| {
        unmanaged_vhds(w);
        only(w, TierKind::HardenedRP);
        w.draft.disk_target = DiskTarget::ManagedDisks;
    }),
    ("original-vhds", VM, unmanaged_vhds),
    ("account-premium", DISKS, |w| {
        accounts(w).sku = "Premium_LRS".to_owned();
        w.point().storage_type = Some("NormalStorage".to_owned());
    }),
    ("account-premium-network", DISKS, |w| {
        accounts(w).sku = "Premium_LRS".to_owned();
        accounts(w).network_restricted = true;
    }),
    ("account-firewall-identity", DISKS, |w| {
        accounts(w).network_restricted = true;
        w.draft.staging_access =
            StagingAccess::UserAssigned(id("rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/x"));
    }),
    ("account-shared-key", DISKS, |w| accounts(w).shared_key_access = Some(false)),
    ("account-unlisted", DISKS, |w| {
        w.draft.staging_account = Some(id("rg/providers/Microsoft.Storage/storageAccounts/other"));
    }),
    ("group-unlisted", DISKS, |w| w.draft.target_group = Some(id("other"))),
    ("network-unlisted", VM, |w| w.draft.network = Some(id("rg/providers/Microsoft.Network/virtualNetworks/other"))),
    ("subscription-not-in-place", DISKS, |w| w.draft.scenario = Some(REPLACE)),
    ("subscription-needs-group", DISKS, |w| w.draft.disk_target = DiskTarget::UnmanagedVhds),
    ("subscription-vault-allows", VM, |w| {
        elsewhere(w);
        Rc::make_mut(&mut w.facts.vault).cross_subscription_restore = Some(Switch::PermanentlyDisabled);
    }),
    ("subscription-vault-allows", VM, |w| {
        elsewhere(w);
        Rc::make_mut(&mut w.facts.vault).cross_subscription_restore = Some(Switch::Disabled);
    }),
    ("subscription-registered", VM, elsewhere),
    // The same in the secondary region.
    ("subscription-not-snapshot", VM, |w| {
        elsewhere(w);
        secondary(w);
        only(w, TierKind::InstantAccess);
    }),
    ("subscription-managed", VM, |w| {
        elsewhere(w);
        secondary(w);
        w.point().managed = Some(false);
    }),
    ("subscription-not-encrypted", DISKS, |w| {
        elsewhere(w);
        secondary(w);
        w.point().encrypted = true;
    }),
    ("subscription-not-snapshot", VM, |w| {
        elsewhere(w);
        only(w, TierKind::InstantRP);
    }),
    ("subscription-managed", VM, |w| {
        elsewhere(w);
        w.point().managed = Some(false);
    }),
    ("subscription-not-encrypted", DISKS, |w| {
        elsewhere(w);
        w.point().encrypted = true;
    }),
    ("subscription-enabled", VM, |w| {
        elsewhere(w);
        at(&mut w.facts.lookups.subscriptions, 1).state = "Disabled".to_owned();
    }),
    ("subscription-same-tenant", VM, |w| {
        elsewhere(w);
        at(&mut w.facts.lookups.subscriptions, 0).tenant_id = Some(TenantId::parse("tenant-a").unwrap());
        at(&mut w.facts.lookups.subscriptions, 1).tenant_id = Some(TenantId::parse("tenant-b").unwrap());
    }),
    ("group-not-in-place", DISKS, |w| w.draft.scenario = Some(REPLACE)),
    ("group-not-vhd", DISKS, |w| w.draft.disk_target = DiskTarget::UnmanagedVhds),
    ("group-chosen", VM, |w| w.draft.target_group = None),
    ("group-subscription", VM, elsewhere),
    ("name-only-new", VM, |w| w.draft.scenario = Some(DISKS)),
    ("name-given", VM, |w| w.draft.vm_name = "  ".to_owned()),
    ("name-valid", VM, |w| w.draft.vm_name = "web 02".to_owned()),
    ("name-valid", VM, |w| w.draft.vm_name = "web-02-".to_owned()),
    ("name-valid", VM, |w| w.draft.vm_name = "-web-02".to_owned()),
    ("name-valid", VM, |w| w.draft.vm_name = "2024".to_owned()),
    ("name-valid", VM, |w| w.draft.vm_name = "w".repeat(65)),
    ("name-free", VM, |w| w.facts.name_taken = Some(true)),
    ("network-only-new", VM, |w| w.draft.scenario = Some(DISKS)),
    ("network-chosen", VM, |w| w.draft.network = None),
    ("network-region", VM, |w| at(&mut w.facts.lookups.networks, 0).location = Region::new("northeurope")),
    ("network-subscription", VM, elsewhere),
    ("network-subnets", VM, |w| at(&mut w.facts.lookups.networks, 0).subnets.clear()),
    ("subnet-only-new", VM, |w| w.draft.scenario = Some(DISKS)),
    ("subnet-chosen", VM, |w| w.draft.subnet = None),
    ("subnet-of-network", VM, |w| {
        w.draft.subnet = Some(id("rg/providers/Microsoft.Network/virtualNetworks/other/subnets/default"));
    }),
    ("subnet-reserved", VM, |w| {
        subnet(w, "GatewaySubnet");
    }),
    ("subnet-reserved", VM, |w| subnet(w, "AzureBastionSubnet")),
    ("subnet-reserved", VM, |w| subnet(w, "AzureFirewallSubnet")),
    ("subnet-reserved", VM, |w| subnet(w, "AzureFirewallManagementSubnet")),
    ("subnet-reserved", VM, |w| subnet(w, "RouteServerSubnet")),
    ("zone-not-in-place", DISKS, |w| w.draft.scenario = Some(REPLACE)),
    ("zone-managed", DISKS, |w| w.draft.disk_target = DiskTarget::UnmanagedVhds),
    ("zone-not-encrypted", DISKS, |w| w.point().encrypted = true),
    ("zone-vault", DISKS, |w| w.draft.zone = ZoneChoice::Zone("1".to_owned())),
    ("zone-vault-unknown", DISKS, |w| {
        w.draft.zone = ZoneChoice::Zone("1".to_owned());
        Rc::make_mut(&mut w.facts.vault).redundancy = None;
    }),
    ("zone-none-vault", DISKS, |w| w.draft.zone = ZoneChoice::NoZone),
    ("zone-none-vault", DISKS, |w| {
        w.draft.zone = ZoneChoice::NoZone;
        Rc::make_mut(&mut w.facts.vault).cross_region_restore = Some(false);
    }),
    ("zone-none-primary", DISKS, |w| {
        w.draft.zone = ZoneChoice::NoZone;
        Rc::make_mut(&mut w.facts.vault).cross_region_restore = Some(true);
    }),
    ("zone-none-primary", DISKS, |w| {
        w.draft.zone = ZoneChoice::NoZone;
        Rc::make_mut(&mut w.facts.vault).redundancy = None;
    }),
    ("zone-tier", DISKS, |w| zone_of(w, "1", TierKind::InstantRP)),
    ("zone-tier", DISKS, |w| zone_of(w, "1", TierKind::InstantAccess)),
    ("zone-tier", DISKS, |w| zone_of(w, "1", TierKind::ArchivedRP)),
    ("zone-tier", DISKS, |w| zone_of(w, "NoZone", TierKind::InstantRP)),
    ("des-not-in-place", DISKS, |w| w.draft.scenario = Some(REPLACE)),
    ("des-managed", DISKS, |w| w.point().managed = Some(false)),
    ("des-not-encrypted", DISKS, |w| w.point().encrypted = true),
    ("des-vault-cmk", DISKS, |w| w.facts.encryption_at_rest = Some(EncryptionAtRest::MicrosoftManaged)),
    ("des-region", DISKS, |w| {
        w.facts.encryption_at_rest = Some(EncryptionAtRest::CustomerManaged);
        w.draft.encryption_set = Some(encryption_set(w, "northeurope", None));
    }),
    ("confidential-only", DISKS, |_| {}),
    ("confidential-only", DISKS, |w| w.point().security_type = Some("TrustedLaunch".to_owned())),
    ("confidential-not-snapshot", DISKS, |w| {
        confidential(w);
        only(w, TierKind::InstantRP);
        w.draft.os_encryption_set = Some(encryption_set(w, "westeurope", None));
    }),
    ("confidential-region", DISKS, |w| {
        confidential(w);
        w.draft.os_encryption_set = Some(encryption_set(w, "northeurope", None));
    }),
    ("confidential-type", DISKS, |w| {
        confidential(w);
        w.draft.os_encryption_set = Some(encryption_set(w, "westeurope", Some("EncryptionAtRestWithCustomerKey")));
    }),
    ("confidential-key", DISKS, confidential),
    ("confidential-key-snapshot", DISKS, |w| {
        confidential(w);
        only(w, TierKind::InstantRP);
    }),
    ("identity-managed", DISKS, |w| {
        w.draft.staging_access = StagingAccess::SystemAssigned;
        w.point().managed = Some(false);
    }),
    ("identity-system", DISKS, |w| {
        w.draft.staging_access = StagingAccess::SystemAssigned;
        Rc::make_mut(&mut w.facts.vault).identity = None;
    }),
    ("identity-of-vault", DISKS, |w| {
        w.draft.staging_access =
            StagingAccess::UserAssigned(id("rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/x"));
    }),
    ("identity-assigned", DISKS, |_| {}),
    ("identity-secondary", DISKS, |w| {
        secondary(w);
        w.draft.staging_access = StagingAccess::SystemAssigned;
    }),
    ("access-not-private", DISKS, |w| w.point().private_access = Some(false)),
    ("access-chosen", DISKS, |w| w.point().private_access = Some(true)),
    ("access-id-private", DISKS, |w| {
        w.point().private_access = Some(true);
        w.draft.disk_network_access = Some(DiskNetworkAccess::Public);
    }),
    ("access-id-none", DISKS, |w| w.draft.disk_network_access = Some(DiskNetworkAccess::Private)),
    ("access-id-chosen", DISKS, |w| {
        w.point().private_access = Some(true);
        w.draft.disk_network_access = Some(DiskNetworkAccess::Private);
    }),
    ("access-id-region", DISKS, |w| {
        let access = id("rg/providers/Microsoft.Compute/diskAccesses/da");
        w.point().private_access = Some(true);
        w.draft.disk_network_access = Some(DiskNetworkAccess::Private);
        w.draft.disk_access = Some(access.clone());
        w.facts.lookups.disk_accesses = Some([Rc::new(DiskAccess::new(access, Region::new("northeurope")))].into());
    }),
    ("edge-none", DISKS, |_| {}),
    ("edge-in-place", REPLACE, edge),
    ("edge-subscription", VM, |w| {
        edge(w);
        elsewhere(w);
    }),
    ("as-managed-not-encrypted", DISKS, |w| {
        w.point().managed = Some(false);
        w.point().encrypted = true;
    }),
    ("as-managed-not-classic", DISKS, |w| {
        w.point().managed = Some(false);
        w.item().kind = ItemKind::Classic;
    }),
    ("as-managed-vault", DISKS, |w| {
        w.point().managed = Some(false);
        only(w, TierKind::InstantRP);
    }),
    ("as-managed-version", DISKS, |w| {
        w.point().managed = Some(false);
        only(w, TierKind::HardenedRP);
        w.facts.version = "2019-05-13".parse().unwrap();
    }),
    ("another-unmanaged-version", VM, |w| {
        w.point().managed = Some(false);
        only(w, TierKind::HardenedRP);
        w.facts.version = "2019-05-13".parse().unwrap();
    }),
    ("another-unmanaged-vault", VM, |w| w.point().managed = Some(false)),
    ("rehydrate-only-archive", DISKS, |_| {}),
    ("rehydrate-priority", DISKS, |w| only(w, TierKind::ArchivedRP)),
    ("rehydrate-days-archive", DISKS, |_| {}),
    ("rehydrate-days", DISKS, |w| {
        only(w, TierKind::ArchivedRP);
        w.draft.rehydration.days = "7".to_owned();
    }),
];

#[test]
fn every_rule_speaks_when_it_is_broken() {
    let known: BTreeSet<&str> = RULES.iter().map(|r| r.id).collect();
    assert_eq!(known.len(), RULES.len(), "two rules share an id");
    let mut silent = Vec::new();
    for (index, (rule, scenario, spoil)) in BREAKS.iter().enumerate() {
        assert!(known.contains(rule), "no rule {rule}");
        let mut world = World { facts: facts(), draft: draft(*scenario) };
        spoil(&mut world);
        if !speaking(&world).contains(*rule) {
            silent.push((index, *rule));
        }
    }
    assert_eq!(silent, Vec::new());
    let covered: BTreeSet<&str> = BREAKS.iter().map(|(r, ..)| *r).collect();
    let uncovered: Vec<_> = known.difference(&covered).copied().collect();
    assert_eq!(uncovered, Vec::<&str>::new());
}
