//! Restoring to another subscription.

use super::Case;
use crate::text::same;
use crate::world::item::Traits;
use crate::world::resource::parts;

pub(super) fn check(case: &mut Case<'_>) {
    let Some(target) = case.request.text("targetResourceGroupId").and_then(parts).map(|p| p.subscription) else {
        return;
    };
    if same(target, case.vault.subscription) {
        return;
    }
    let Ok(to) = case.world.subscription(target) else { return };
    let from = case.vault.subscription;
    let traits = case.item.traits;
    let mut refused = |condition: bool, code, message: &str| {
        if condition {
            case.refuse_as(code, "targetResourceGroupId", message, "");
        }
    };
    refused(
        are_in_two_tenants(from, to.id),
        "UserErrorCrossSubscriptionRestoreInvalidTenant",
        "The target subscription must be in the tenant of the vault.",
    );
    refused(
        !to.registered,
        "UserErrorCrossSubscriptionRestoreInvalidTargetSubscription",
        "The target subscription is not registered for Microsoft.RecoveryServices.",
    );
    refused(
        traits.any(Traits::UNMANAGED | Traits::CLASSIC),
        "UserErrorCrossSubscriptionRestoreNotSuppportedForUnManagedAzureVM",
        "A virtual machine with unmanaged disks cannot be restored to another subscription.",
    );
    refused(
        traits.has(Traits::ENCRYPTED),
        "UserErrorCrossSubscriptionRestoreNotSuppportedForEncryptedAzureVM",
        "An encrypted virtual machine cannot be restored to another subscription.",
    );
    if case.point.is_snapshot_only() {
        let message = "A snapshot cannot be restored to another subscription.";
        case.refuse_as(
            "UserErrorCrossSubscriptionRestoreNotSuppportedFromSnapshot",
            "targetResourceGroupId",
            message,
            "",
        );
    }
    if case.vault.cross_subscription != "Enabled" {
        case.refuse("targetResourceGroupId", "Cross-subscription restore is not enabled on the vault.");
    }
}

/// Whether two subscriptions are in different tenants.
fn are_in_two_tenants(from: &str, to: &str) -> bool {
    let tenant = |id: &str| crate::seed::places::SUBSCRIPTIONS.iter().find(|s| same(s.id, id)).map(|s| s.tenant.id);
    tenant(from) != tenant(to)
}
