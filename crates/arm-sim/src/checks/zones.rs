//! Restoring to an availability zone.

use super::Case;
use crate::world::item::Traits;
use crate::world::job::RestoreKind::OriginalLocation;
use crate::world::point::Tier;
use crate::world::vault::Redundancy;

pub(super) fn check(case: &mut Case<'_>) {
    if !case.request.has("zones") {
        return;
    }
    let count = case.request.0.get("zones").and_then(|z| z.as_array()).map_or(0, Vec::len);
    if count != 1 {
        case.refuse("zones", "Exactly one zone must be given.");
        return;
    }
    // A snapshot in addition to the vault copy is allowed: azure-cli and the article say so since 2025.
    if case.point.vault != Tier::Valid {
        case.refuse(
            "zones",
            "Restoring to a zone needs a recovery point in the vault: a snapshot alone is not enough.",
        );
    }
    let Some(zone) = case.request.zone() else {
        // azure-cli's wording, from before it sends anything; only a zone-redundant vault was recorded.
        if case.vault.redundancy != Redundancy::Zone && !case.vault.cross_region {
            case.refuse("zones", "NoZone needs a vault that is zone-redundant or has cross-region restore enabled.");
        }
        return;
    };
    if !matches!(zone, "1" | "2" | "3") {
        case.refuse("zones", "The zone must be 1, 2 or 3.");
    }
    if case.is(OriginalLocation) {
        case.refuse("zones", "A zone cannot be chosen when disks are replaced.");
    }
    // In the primary region only a zone-redundant vault supports it: others need cross-region restore.
    if case.is_secondary() {
        if case.item.zone().is_none() {
            case.refuse("zones", "Restoring to a zone needs a recovery point of a virtual machine in a zone.");
        }
    } else if case.vault.redundancy != Redundancy::Zone {
        case.refuse("zones", "Restoring to a zone needs a zone-redundant vault.");
    }
    if !case.item.is_managed() || case.item.traits.has(Traits::ENCRYPTED) {
        case.refuse("zones", "Restoring to a zone needs managed disks that are not encrypted.");
    }
}
