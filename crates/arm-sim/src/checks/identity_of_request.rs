//! Does the request name the point, VM and region of its path? Is the item free?

use super::{Case, Refusal};
use crate::text::same;
use crate::world::item::State;

pub(super) fn check(case: &mut Case<'_>) {
    if case.request.text("recoveryPointId") != Some(&case.point.id) {
        case.refuse("recoveryPointId", "The recoveryPointId is not that of the recovery point in the path.");
    }
    if !case.request.text("sourceResourceId").is_some_and(|id| same(id, &case.item.machine_id())) {
        case.refuse("sourceResourceId", "The sourceResourceId is not that of the protected virtual machine.");
    }
    let region: String = case.request.text("region").unwrap_or_default().split(' ').collect();
    if !same(&region, case.region) {
        case.refuse("region", format!("The region must be {}.", case.place()));
    }
    if case.item.state == State::SoftDeleted {
        case.refuse("sourceResourceId", "The backup item is in soft-deleted state. Undelete it before restoring.");
    }
    if case.point.is_unreadable() {
        let advice = "Please select a different recovery point.";
        case.refuse_as(
            "UserErrorInstantRpNotFound",
            "recoveryPointId",
            "The recovery point is not available in any tier.",
            advice,
        );
    }
    if case.request.flag("originalStorageAccountOption") && case.item.is_managed() {
        case.refuse(
            "originalStorageAccountOption",
            "The recovery point does not offer to restore to the original storage account.",
        );
    }
    if case.vault.guarded && case.version.since(20_240_401) {
        let guard = case.vault.guard_request();
        let list = case.request.0.get("resourceGuardOperationRequests").and_then(|l| l.as_array());
        if !list.is_some_and(|l| l.iter().any(|r| r.as_str().is_some_and(|r| same(r, &guard)))) {
            let message =
                "The restore is protected by a resource guard: resourceGuardOperationRequests must name its request.";
            case.refuse("resourceGuardOperationRequests", message);
        }
    }
    if case.world.jobs.iter().any(|j| j.locks(case.item_index, case.is_secondary())) {
        case.found.push(Refusal {
            status: 409,
            code: "BMSUserErrorObjectLocked",
            message: "Another operation is in progress on the selected item.".to_owned(),
            target: case.target("sourceResourceId"),
            advice: "Wait for the other operation to finish before triggering a new one.",
        });
    }
}
