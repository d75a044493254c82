//! Which kinds of restore this VM and this point support.

use super::Case;
use crate::world::item::Traits;
use crate::world::job::RestoreKind::{AlternateLocation, OriginalLocation, RestoreDisks};

pub(super) fn check(case: &mut Case<'_>) {
    if case.is(RestoreDisks) {
        return;
    }
    let (item, traits) = (case.item, case.item.traits);
    let in_place = case.is(OriginalLocation);
    let reasons = [
        (traits.has(Traits::ENCRYPTED), "An encrypted virtual machine can be restored as disks only."),
        (traits.has(Traits::CLASSIC), "A classic virtual machine can be restored as disks only."),
        (
            item.luns(false).next().is_some(),
            "The recovery point does not hold all disks: it can be restored as disks only.",
        ),
        (in_place && case.is_secondary(), "Disks cannot be replaced from the secondary region."),
        (in_place && !item.machine_exists(), "The virtual machine no longer exists: its disks cannot be replaced."),
        (
            in_place && traits.has(Traits::UNMANAGED),
            "The disks of a virtual machine with unmanaged disks cannot be replaced.",
        ),
        (
            in_place && case.point.is_snapshot_only(),
            "Disks can be replaced only after the recovery point has been transferred to the vault.",
        ),
    ];
    for (_, message) in reasons.into_iter().filter(|(holds, _)| *holds) {
        case.refuse("recoveryType", message);
    }
    if case.is(AlternateLocation) && traits.has(Traits::UNMANAGED) && !case.request.flag("restoreWithManagedDisks") {
        let message = "A virtual machine with unmanaged disks can be created anew with restoreWithManagedDisks only.";
        case.refuse("restoreWithManagedDisks", message);
    }
}
