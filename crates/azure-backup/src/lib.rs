//! A sans-IO client of Azure Resource Manager (ARM) and of `Microsoft.RecoveryServices` for restoring virtual machines.
//!
//! Nothing here opens a socket, reads a clock or makes an id: a [`Call`](arm::call::Call) becomes an [`http::Request`], an
//! [`http::Response`] is read back into Azure's nouns, and what lasts (an [`Operation`](arm::operation::Operation), a
//! [`JobTracker`](backup::job::JobTracker)) is a state machine that is told the time and the answers.
//!
//! ```
//! use azure_backup::{
//!     arm::{call::ApiVersion, cloud::Cloud, id::{ArmId, ClientRequestId}, operation::{Ending, Next, Operation}},
//!     backup::restore_request::{IaasVmRestoreRequest, RecoveryType, TriggerBody, trigger},
//! };
//! # fn send(request: http::Request<bytes::Bytes>) -> http::Response<bytes::Bytes> {
//! #     let done = br#"{"status":"Succeeded","properties":{"jobId":"job-1"}}"#.as_slice();
//! #     let polled = request.method() == http::Method::GET;
//! #     let url = "https://management.azure.com/subscriptions/s/operationsStatus/op-1";
//! #     http::Response::builder()
//! #         .status(if polled { 200 } else { 202 })
//! #         .header("azure-asyncoperation", url)
//! #         .body(if polled { done.into() } else { bytes::Bytes::new() })
//! #         .unwrap()
//! # }
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let mut now = time::OffsetDateTime::UNIX_EPOCH;
//! let (cloud, version) = (Cloud::public(), ApiVersion::BACKUP_DEFAULT);
//! let vault = ArmId::parse("/subscriptions/s/resourceGroups/g/providers/Microsoft.RecoveryServices/vaults/v")?;
//! let point = vault.child("recoveryPoints", "42");
//!
//! // A body exists only for an api-version that knows every field of it; its bytes are what is sent.
//! let body = TriggerBody::new(&IaasVmRestoreRequest::new("42", RecoveryType::RestoreDisks), &version)?;
//! let call = trigger(&point, &body);
//! let answer = send(call.request(&cloud, &ClientRequestId::parse("7c9e6679-7425-40de-944b-e07fc1f90ae7")?)?);
//! let accepted = call.read(&answer)?;
//!
//! let mut operation =
//!     Operation::start(&accepted.answer, now, &cloud, &vault, &version)?;
//! let ending = loop {
//!     match operation.next(now) {
//!         Next::Wait(until) => now = until, // or a timer
//!         Next::Look => {
//!             let look = operation.call(&cloud)?.request(&cloud, &ClientRequestId::parse("look-1")?)?;
//!             operation.heard(Ok(&send(look)), now);
//!         }
//!         Next::Ended(ending) => break ending,
//!     }
//! };
//! assert!(matches!(ending, Ending::Succeeded { job_ids, .. } if job_ids[0].as_str() == "job-1"));
//! # Ok(())
//! # }
//! ```

pub mod arm;
pub mod backup;

#[cfg(test)]
mod fixture;
