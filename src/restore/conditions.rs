//! The conditions that the rules test, by name.

use azure_backup::arm::id::{ArmId, Region, SubscriptionId};
use azure_backup::backup::lookups::Subscription;
use azure_backup::backup::recovery_point::Tier;
use azure_backup::backup::restore_request::FIELD_SINCE;

use super::draft::{DiskTarget, Draft};
use super::facts::Facts;
use super::scenario::Scenario;

/// Whether disks are replaced in place.
pub(super) fn replaces_disks(d: &Draft) -> bool {
    d.scenario == Some(Scenario::ReplaceDisks)
}

/// Whether another virtual machine is created.
pub(super) fn creates_vm(d: &Draft) -> bool {
    d.scenario == Some(Scenario::AnotherVm)
}

/// Whether disks are the result.
pub(super) fn makes_disks(d: &Draft) -> bool {
    d.scenario.is_some_and(Scenario::makes_disks)
}

/// What restored disks become: the only possible target if there is one, otherwise the chosen one.
pub fn disk_target(f: &Facts, d: &Draft) -> DiskTarget {
    match (f.secondary.is_some(), f.has_managed_disks() || can_convert_disks(f)) {
        (true, _) => DiskTarget::ManagedDisks,
        (false, false) => DiskTarget::UnmanagedVhds,
        (false, true) => d.disk_target,
    }
}

/// Whether the result has managed disks (so that a resource group receives it).
pub(super) fn makes_managed_disks(f: &Facts, d: &Draft) -> bool {
    creates_vm(d) || makes_disks(d) && disk_target(f, d) == DiskTarget::ManagedDisks
}

/// Whether the disks are unmanaged and can become managed ones.
pub(super) fn can_convert_disks(f: &Facts) -> bool {
    !f.has_managed_disks() && !f.point.encrypted && !f.is_classic() && reads_from_vault(f) && version_has_conversion(f)
}

/// Whether the api-version has the property that converts disks.
pub(super) fn version_has_conversion(f: &Facts) -> bool {
    FIELD_SINCE.iter().all(|field| field.json_name != "restoreWithManagedDisks" || field.is_known_to(&f.version))
}

/// Whether unmanaged disks become managed ones: wherever managed disks result.
pub(super) fn converts_disks(f: &Facts, d: &Draft) -> bool {
    can_convert_disks(f) && makes_managed_disks(f, d)
}

/// Whether the disks become VHD blobs.
pub(super) fn makes_vhd_blobs(f: &Facts, d: &Draft) -> bool {
    makes_disks(d) && disk_target(f, d) == DiskTarget::UnmanagedVhds
}

/// Whether the OS disk of a confidential machine keeps the disk encryption set that it had.
pub(super) fn keeps_os_encryption_set(f: &Facts, d: &Draft) -> bool {
    f.is_confidential() && d.scenario.is_some() && d.os_encryption_set.is_none()
}

/// Whether a resource in `location` is outside the region that is restored to; false while that is unknown.
pub(super) fn is_in_other_region(f: &Facts, d: &Draft, location: &Region) -> bool {
    f.region(d).is_some_and(|region| region != location)
}

/// Whether disks are replaced and the account is outside the subscription of the virtual machine.
pub(super) fn is_outside_source_subscription(f: &Facts, d: &Draft, account: &ArmId) -> bool {
    replaces_disks(d)
        && account
            .subscription()
            .zip(f.source_subscription())
            .is_some_and(|(own, source)| !own.eq_ignore_ascii_case(source.as_str()))
}

/// Whether an account is outside every subscription that a restore may stage in: the vault's and the target's, or the
/// source's where there is no target. Replacing disks has its own rule.
pub(super) fn is_outside_staging_subscriptions(f: &Facts, d: &Draft, account: &ArmId) -> bool {
    let target = if makes_managed_disks(f, d) { f.target_subscription(d) } else { f.source_subscription() };
    let own = [f.vault_subscription(), target];
    let of =
        |own: &Option<SubscriptionId>, s: &str| own.as_ref().is_some_and(|own| own.as_str().eq_ignore_ascii_case(s));
    !replaces_disks(d) && account.subscription().is_some_and(|s| !own.iter().any(|own| of(own, s)))
}

/// Whether the vault allows a choice of zone; in the secondary region this depends on the source.
pub(super) fn allows_zone_choice(f: &Facts) -> bool {
    f.secondary.is_some() || f.is_zone_redundant()
}

/// Whether the point is in the vault's standard tier, with or without a snapshot.
pub(super) fn in_standard_tier(f: &Facts) -> bool {
    matches!(f.tier(), Tier::VaultStandard | Tier::SnapshotAndVaultStandard)
}

/// Whether the Resource Guard's request is in a subscription that the account does not see, or in another tenant than the vault's.
pub(super) fn guard_may_be_in_other_tenant(f: &Facts) -> bool {
    let Some(seen) = f.lookups.subscriptions.as_deref() else { return false };
    let tenant = |id: &str| seen.iter().find(|s| s.id.as_str().eq_ignore_ascii_case(id)).map(|s| s.tenant_id.clone());
    let own = f.vault_subscription().and_then(|id| tenant(id.as_str()).flatten());
    f.guard_requests.iter().filter_map(|request| ArmId::parse(request).ok()).any(|request| {
        let of_guard = request.subscription().and_then(tenant);
        of_guard.is_none_or(|guard| guard.zip(own.clone()).is_some_and(|(guard, own)| guard != own))
    })
}

/// Whether the vault has an identity of this kind.
pub(super) fn has_identity(f: &Facts, kind: &str) -> bool {
    f.vault.identity.as_ref().is_some_and(|i| i.kind.to_ascii_lowercase().replace(' ', "").contains(kind))
}

/// Whether the restore reads from the vault: the point is there, or will be after its rehydration, and there is no snapshot.
pub(super) fn reads_from_vault(f: &Facts) -> bool {
    matches!(f.tier(), Tier::VaultStandard | Tier::VaultStandardRehydrated | Tier::VaultArchive)
}

/// Whether a text is a valid name of a virtual machine.
pub(super) fn valid_vm_name(name: &str) -> bool {
    let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    (1..=64).contains(&name.len())
        && !name.chars().all(|c| c.is_ascii_digit())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
        && edge(name.chars().next())
        && edge(name.chars().last())
}

/// Whether a chosen resource is missing from a list that has been read.
pub(super) fn is_not_listed<T>(chosen: Option<&ArmId>, list: Option<&[T]>, id: impl Fn(&T) -> &ArmId) -> bool {
    chosen.zip(list).is_some_and(|(chosen, list)| list.iter().all(|t| id(t) != chosen))
}

/// Whether an account's SKU is premium.
pub(super) fn is_premium(sku: &str) -> bool {
    sku.starts_with("Premium")
}

/// Whether a subscription is not the vault's.
pub(super) fn is_other_subscription(f: &Facts, s: &Subscription) -> bool {
    f.vault_subscription().is_some_and(|own| !own.as_str().eq_ignore_ascii_case(s.id.as_str()))
}

/// Whether a resource is in another subscription than the target.
pub(super) fn is_in_other_subscription(f: &Facts, d: &Draft, id: &ArmId) -> bool {
    match (id.subscription(), f.target_subscription(d)) {
        (Some(own), Some(target)) => !own.eq_ignore_ascii_case(target.as_str()),
        _ => false,
    }
}
