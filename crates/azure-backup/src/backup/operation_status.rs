//! Operations of a vault.

use crate::arm::{
    call::{ApiVersion, Call},
    id::ArmId,
};

pub use crate::arm::operation_status::{OperationState, OperationStatus};

/// `GET {vault}/backupOperations/{operation}`.
#[must_use]
pub fn get(vault: &ArmId, operation: &str, version: &ApiVersion) -> Call<OperationStatus> {
    let path = super::below(vault, &["backupOperations", operation], version);
    Call::get(
        "Get operation status",
        "Microsoft.RecoveryServices/vaults/backupOperations/read",
        path,
        OperationStatus::read,
    )
}
