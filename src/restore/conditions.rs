//! The conditions that the rules test, by name.

use azure_backup::arm::id::{ArmId, Region, SubscriptionId};
use azure_backup::backup::lookups::Subscription;
use azure_backup::backup::recovery_point::Tier;
use azure_backup::backup::restore_request::FIELD_SINCE;

use super::draft::{DiskTarget, Draft};
use super::facts::Facts;
use super::scenario::Scenario;

/// Whether disks are replaced in place.
pub(super) fn in_place(d: &Draft) -> bool {
    d.scenario == Some(Scenario::ReplaceDisks)
}

/// Whether another virtual machine is created.
pub(super) fn new_vm(d: &Draft) -> bool {
    d.scenario == Some(Scenario::AnotherVm)
}

/// Whether disks are the result.
pub(super) fn makes_disks(d: &Draft) -> bool {
    d.scenario.is_some_and(Scenario::makes_disks)
}

/// What restored disks become: the only possible target if there is one, otherwise the chosen one.
pub fn disk_target(f: &Facts, d: &Draft) -> DiskTarget {
    match (f.secondary.is_some(), f.managed() || convertible(f)) {
        (true, _) => DiskTarget::ManagedDisks,
        (false, false) => DiskTarget::UnmanagedVhds,
        (false, true) => d.disk_target,
    }
}

/// Whether the result has managed disks (so that a resource group receives it).
pub(super) fn into_group(f: &Facts, d: &Draft) -> bool {
    new_vm(d) || makes_disks(d) && disk_target(f, d) == DiskTarget::ManagedDisks
}

/// Whether the disks are unmanaged and can become managed ones.
pub(super) fn convertible(f: &Facts) -> bool {
    !f.managed() && !f.point.encrypted && !f.classic() && vault_alone(f) && knows_conversion(f)
}

/// Whether the api-version has the property that converts disks.
pub(super) fn knows_conversion(f: &Facts) -> bool {
    FIELD_SINCE.iter().all(|field| field.json_name != "restoreWithManagedDisks" || field.is_known_to(&f.version))
}

/// Whether unmanaged disks become managed ones: wherever managed disks result.
pub(super) fn converts(f: &Facts, d: &Draft) -> bool {
    convertible(f) && into_group(f, d)
}

/// Whether the disks become VHD blobs.
pub(super) fn vhd_blobs(f: &Facts, d: &Draft) -> bool {
    makes_disks(d) && disk_target(f, d) == DiskTarget::UnmanagedVhds
}

/// Whether the OS disk of a confidential machine keeps the disk encryption set that it had.
pub(super) fn confidential_key(f: &Facts, d: &Draft) -> bool {
    f.confidential() && d.scenario.is_some() && d.os_encryption_set.is_none()
}

/// Whether a resource in `location` is outside the region that is restored to; false while that is unknown.
pub(super) fn away(f: &Facts, d: &Draft, location: &Region) -> bool {
    f.region(d).is_some_and(|region| region != location)
}

/// Whether disks are replaced and the account is outside the subscription of the virtual machine.
pub(super) fn not_of_source(f: &Facts, d: &Draft, account: &ArmId) -> bool {
    in_place(d)
        && account
            .subscription()
            .zip(f.source_subscription())
            .is_some_and(|(own, source)| !own.eq_ignore_ascii_case(source.as_str()))
}

/// Whether an account is outside every subscription that a restore may stage in: the vault's and the target's, or the
/// source's where there is no target. Replacing disks has its own rule.
pub(super) fn of_nobody(f: &Facts, d: &Draft, account: &ArmId) -> bool {
    let target = if into_group(f, d) { f.target_subscription(d) } else { f.source_subscription() };
    let own = [f.vault_subscription(), target];
    let of =
        |own: &Option<SubscriptionId>, s: &str| own.as_ref().is_some_and(|own| own.as_str().eq_ignore_ascii_case(s));
    !in_place(d) && account.subscription().is_some_and(|s| !own.iter().any(|own| of(own, s)))
}

/// Whether the vault allows a choice of zone; in the secondary region this depends on the source.
pub(super) fn chooses_zones(f: &Facts) -> bool {
    f.secondary.is_some() || f.zone_redundant()
}

/// Whether the point is in the vault's standard tier, with or without a snapshot.
pub(super) fn in_standard_tier(f: &Facts) -> bool {
    matches!(f.tier(), Tier::VaultStandard | Tier::SnapshotAndVaultStandard)
}

/// Whether the Resource Guard's request is in a subscription that the account does not see, or in another tenant than the vault's.
pub(super) fn guarded_from_elsewhere(f: &Facts) -> bool {
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
pub(super) fn vault_alone(f: &Facts) -> bool {
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
pub(super) fn unlisted<T>(chosen: Option<&ArmId>, list: Option<&[T]>, id: impl Fn(&T) -> &ArmId) -> bool {
    chosen.zip(list).is_some_and(|(chosen, list)| list.iter().all(|t| id(t) != chosen))
}

/// Whether an account's SKU is premium.
pub(super) fn premium(sku: &str) -> bool {
    sku.starts_with("Premium")
}

/// Whether a subscription is not the vault's.
pub(super) fn other(f: &Facts, s: &Subscription) -> bool {
    f.vault_subscription().is_some_and(|own| !own.as_str().eq_ignore_ascii_case(s.id.as_str()))
}

/// Whether a resource is in another subscription than the target.
pub(super) fn elsewhere(f: &Facts, d: &Draft, id: &ArmId) -> bool {
    match (id.subscription(), f.target_subscription(d)) {
        (Some(own), Some(target)) => !own.eq_ignore_ascii_case(target.as_str()),
        _ => false,
    }
}
