//! Archived points have to be rehydrated, and others must not be.

use super::Case;

/// How many days a rehydrated point may be kept.
const DAYS: std::ops::RangeInclusive<u32> = 10..=30;

pub(super) fn check(case: &mut Case<'_>) {
    let request = case.request;
    match (case.point.needs_rehydration(), request.rehydrates()) {
        (true, false) => {
            let message =
                "The recovery point is in archive tier: it must be restored with IaasVMRestoreWithRehydrationRequest.";
            case.refuse("objectType", message);
        }
        (false, true) => {
            case.refuse("objectType", "The recovery point is not in archive tier: it cannot be rehydrated.");
        }
        (false, false) if request.has("recoveryPointRehydrationInfo") => {
            case.refuse(
                "recoveryPointRehydrationInfo",
                "recoveryPointRehydrationInfo is for recovery points in archive tier.",
            );
        }
        (false, false) => {}
        (true, true) => {
            let info = |key| request.inner("recoveryPointRehydrationInfo", key);
            if !matches!(info("rehydrationPriority"), Some("Standard" | "High")) {
                let target = "recoveryPointRehydrationInfo.rehydrationPriority";
                case.refuse(target, "The rehydrationPriority must be Standard or High.");
            }
            let days = |text: &str| text.strip_prefix('P')?.strip_suffix('D')?.parse().ok();
            if info("rehydrationRetentionDuration").is_some_and(|d| !days(d).is_some_and(|d| DAYS.contains(&d))) {
                let target = "recoveryPointRehydrationInfo.rehydrationRetentionDuration";
                case.refuse(target, "The rehydrationRetentionDuration must be P10D to P30D.");
            }
        }
    }
}
