//! Which disks.

use super::Case;
use crate::world::job::RestoreKind::RestoreDisks;

const LUNS: &str = "restoreDiskLunList";

pub(super) fn check(case: &mut Case<'_>) {
    let Some(wanted) = case.request.luns() else { return };
    if !case.is(RestoreDisks) {
        case.refuse(LUNS, "Disks can be selected only when recoveryType is RestoreDisks.");
    }
    if case.item.disks.is_none() {
        case.refuse(LUNS, "The recovery point was not taken with selective disk backup: its disks cannot be selected.");
        return;
    }
    let included: Vec<i64> = case.item.luns(true).map(i64::from).collect();
    if let Some(lun) = wanted.iter().find(|lun| !included.contains(lun)) {
        case.refuse(LUNS, format!("The recovery point holds no data disk with LUN {lun}."));
    }
}
