//! Rules are not broken where they hold.

use azure_backup::backup::threat::{ThreatState, ThreatStatus};

use super::worlds::*;
use super::*;
use crate::restore::rules::account_reasons;

/// Worlds in which a rule is not broken. The comment names the source that decides where sources disagree.
pub(super) const HOLDS: &[Break] = &[
    // The article of November 2025: zone-redundant staging accounts are supported. An older one excluded them.
    ("account-kind", DISKS, |w| accounts(w).sku = "Standard_ZRS".to_owned()),
    ("account-kind", DISKS, |w| accounts(w).sku = "Standard_RAGZRS".to_owned()),
    ("account-kind", DISKS, |w| accounts(w).kind = "Storage".to_owned()),
    // azure-cli, `validate_czr`, and azure-docs pull request 128361: a snapshot in addition to the copy in the vault is allowed.
    ("zone-tier", DISKS, |w| {
        zone_of(w, "2", TierKind::HardenedRP);
        *w.point() = (*facts().point).clone();
    }),
    ("zone-tier", DISKS, |w| zone_of(w, "2", TierKind::HardenedRP)),
    ("zone-vault", DISKS, |w| zone_of(w, "2", TierKind::HardenedRP)),
    // What Azure has not said about a vault forbids nothing.
    ("zone-vault", DISKS, |w| {
        zone_of(w, "2", TierKind::HardenedRP);
        Rc::make_mut(&mut w.facts.vault).redundancy = None;
    }),
    ("zone-none-vault", DISKS, |w| zone_of(w, "NoZone", TierKind::HardenedRP)),
    ("zone-none-primary", DISKS, |w| zone_of(w, "NoZone", TierKind::HardenedRP)),
    ("zone-none-vault", DISKS, |w| {
        w.draft.zone = ZoneChoice::NoZone;
        Rc::make_mut(&mut w.facts.vault).cross_region_restore = Some(true);
    }),
    ("replace-in-vault", REPLACE, |w| only(w, TierKind::HardenedRP)),
    ("replace-in-vault", REPLACE, |w| only(w, TierKind::ArchivedRP)),
    ("replace-in-vault", VM, |w| only(w, TierKind::InstantRP)),
    ("threat-reported", DISKS, |w| threat(w, Some(ThreatState::Resolved))),
    ("threat-reported", DISKS, |w| threat(w, Some(ThreatState::Ignored))),
    ("threat-reported", DISKS, |w| w.point().threat_status = Some(ThreatStatus::Healthy)),
    ("threat-reported", DISKS, |w| w.point().threat_status = Some(ThreatStatus::Unknown)),
    ("threat-reported", DISKS, |w| w.point().threat_status = Some(ThreatStatus::NotAvailable)),
    ("guard-elsewhere", DISKS, |w| guarded(w, ELSEWHERE)),
    ("guard-elsewhere", DISKS, |w| {
        // Not read yet, so unknown.
        w.facts.lookups.subscriptions = None;
        guarded(w, "33333333-3333-3333-3333-333333333333");
    }),
    ("subscription-enabled", VM, |w| {
        elsewhere(w);
        at(&mut w.facts.lookups.subscriptions, 1).state = "PastDue".to_owned();
    }),
    ("subscription-enabled", VM, |w| {
        elsewhere(w);
        at(&mut w.facts.lookups.subscriptions, 1).state = "Warned".to_owned();
    }),
    ("subscription-vault-allows", VM, |w| {
        elsewhere(w);
        Rc::make_mut(&mut w.facts.vault).cross_subscription_restore = Some(Switch::Enabled);
    }),
    // Cross Subscription Backup: az and PowerShell (its example 14) take the account of the source's subscription.
    ("account-of-source", REPLACE, |w| {
        source_in_other_subscription(w);
        account_in(w, ELSEWHERE);
    }),
    ("account-of-source-by-id", REPLACE, |w| {
        source_in_other_subscription(w);
        account_in(w, ELSEWHERE);
        w.facts.lookups.storage_accounts = None;
    }),
    ("account-of-source", DISKS, source_in_other_subscription),
    ("account-of-nobody", VM, |w| {
        elsewhere(w);
        account_in(w, ELSEWHERE);
    }),
    ("account-of-nobody", DISKS, |w| {
        source_in_other_subscription(w);
        w.draft.disk_target = DiskTarget::UnmanagedVhds;
        account_in(w, ELSEWHERE);
    }),
    ("account-of-target", VM, |w| {
        elsewhere(w);
        account_in(w, ELSEWHERE);
    }),
    // If Azure documents no region, none is refused.
    ("account-region", DISKS, |w| {
        source_in_northeurope(w);
        w.draft.region = Some(RegionChoice::Source);
    }),
    ("network-region", VM, source_in_northeurope),
    ("account-region-undocumented", DISKS, |w| {
        source_in_northeurope(w);
        w.draft.region = Some(RegionChoice::Vault);
    }),
    ("confidential-type", DISKS, |w| {
        confidential(w);
        w.draft.os_encryption_set =
            Some(encryption_set(w, "westeurope", Some("ConfidentialVmEncryptedWithCustomerKey")));
    }),
    ("confidential-key", DISKS, |w| {
        confidential(w);
        w.draft.os_encryption_set = Some(encryption_set(w, "westeurope", None));
    }),
    // No other set can be chosen then, so the message does not suggest choosing one.
    ("confidential-key", DISKS, |w| {
        confidential(w);
        only(w, TierKind::InstantRP);
    }),
    ("name-valid", VM, |w| w.draft.vm_name = "w".repeat(64)),
    ("identity-secondary", DISKS, secondary),
    // One part of a condition is not enough.
    ("secondary-vault-tier", DISKS, |w| only(w, TierKind::InstantRP)),
    ("secondary-not-archive", DISKS, |w| only(w, TierKind::ArchivedRP)),
    ("secondary-not-confidential", DISKS, confidential),
    ("account-premium", DISKS, |w| {
        accounts(w).sku = "Premium_LRS".to_owned();
        w.point().storage_type = Some("PremiumStorage".to_owned());
    }),
    ("account-premium", DISKS, |w| w.point().storage_type = Some("NormalStorage".to_owned())),
    ("account-premium-network", DISKS, |w| accounts(w).sku = "Premium_LRS".to_owned()),
    ("account-premium-network", DISKS, |w| accounts(w).network_restricted = true),
    ("account-premium-network", DISKS, |w| {
        accounts(w).sku = "Premium_LRS".to_owned();
        accounts(w).network_restricted = true;
        unmanaged_vhds(w);
    }),
    ("account-firewall-identity", DISKS, |w| {
        accounts(w).network_restricted = true;
        w.draft.staging_access = StagingAccess::SystemAssigned;
    }),
    ("account-region", DISKS, |w| w.facts.secondary = Some(Region::new("westeurope"))),
    ("region-undocumented", DISKS, source_in_northeurope),
    ("region-chosen", DISKS, |w| {
        source_in_northeurope(w);
        w.draft.scenario = None;
    }),
    ("access-chosen", DISKS, |w| {
        w.point().private_access = Some(true);
        w.draft.scenario = None;
    }),
    ("rehydrate-priority", DISKS, |w| {
        only(w, TierKind::ArchivedRP);
        w.draft.scenario = None;
    }),
    ("subscription-vault-allows", VM, |w| {
        Rc::make_mut(&mut w.facts.vault).cross_subscription_restore = Some(Switch::Disabled);
    }),
    ("subscription-not-snapshot", VM, |w| only(w, TierKind::InstantRP)),
    ("name-free", VM, |w| w.facts.name_taken = Some(false)),
    ("name-free", DISKS, |w| w.facts.name_taken = Some(true)),
    ("name-valid", VM, |w| w.draft.vm_name = " ".to_owned()),
    ("zone-tier", DISKS, |w| only(w, TierKind::InstantRP)),
    ("confidential-not-snapshot", DISKS, |w| only(w, TierKind::InstantRP)),
    ("identity-managed", DISKS, |w| w.draft.staging_access = StagingAccess::SystemAssigned),
    ("rehydrate-days", DISKS, |w| only(w, TierKind::ArchivedRP)),
];

#[test]
fn zone_redundant_accounts_serve_for_staging() {
    // Whatever the id of the rule: none of them concerns the account.
    for sku in ["Standard_LRS", "Standard_ZRS", "Standard_GZRS", "Standard_RAGZRS"] {
        let mut world = World { facts: facts(), draft: draft(DISKS) };
        accounts(&mut world).sku = sku.to_owned();
        let account = accounts(&mut world).clone();
        assert_eq!(account_reasons(&world.facts, &world.draft, &account), [], "{sku}");
        assert!(plan(&world.facts, &world.draft).is_ok(), "{sku}");
    }
}

#[test]
fn a_rule_is_silent_where_it_holds() {
    for (index, (rule, scenario, make)) in HOLDS.iter().enumerate() {
        assert!(RULES.iter().any(|r| r.id == *rule), "no rule {rule}");
        let mut world = World { facts: facts(), draft: draft(*scenario) };
        make(&mut world);
        assert!(!speaking(&world).contains(*rule), "{rule}, {index}");
    }
}
