//! Restoring with the vault's managed identity.

use super::Case;
use crate::text::same;

const INFO: &str = "identityInfo";

pub(super) fn check(case: &mut Case<'_>) {
    let request = case.request;
    if request.has("identityBasedRestoreDetails") && !request.has(INFO) {
        case.refuse(INFO, "identityBasedRestoreDetails needs identityInfo.");
    }
    if !request.has(INFO) {
        return;
    }
    if !case.item.is_managed() {
        case.refuse(INFO, "A managed identity is for virtual machines with managed disks.");
    }
    let system =
        request.0.get(INFO).and_then(|i| i.get("isSystemAssignedIdentity")).and_then(serde_json::Value::as_bool);
    let id = request.inner(INFO, "managedIdentityResourceId");
    let assigned = |id: &str| case.vault.user_identity_id().is_some_and(|own| same(&own, id));
    let message = match (system.unwrap_or_default(), id) {
        (true, Some(_)) => "managedIdentityResourceId must be absent with the system-assigned identity.",
        (true, None) if !case.vault.system_identity => "The vault has no system-assigned identity.",
        (false, None) => "managedIdentityResourceId is required with a user-assigned identity.",
        (false, Some(id)) if !assigned(id) => "The user-assigned identity is not assigned to the vault.",
        _ => return,
    };
    case.refuse(INFO, message);
}
