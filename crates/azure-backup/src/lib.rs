//! A client of Azure Resource Manager (ARM) and of `Microsoft.RecoveryServices` for restoring virtual machines, with no I/O of its own.
//!
//! # The idea
//!
//! Nothing here opens a socket, reads a clock, makes an id or gets a token. The caller does, and this crate says what and when:
//!
//! 1. A function makes a [`Call`](arm::call::Call), such as [`vault::list`](backup::vault::list). Its name is Azure's own, and
//!    [`Call::action`](arm::call::Call::action) is the permission that it needs.
//! 2. [`Call::request`](arm::call::Call::request) makes an [`http::Request`] of it for a [`Cloud`](arm::cloud::Cloud), which refuses every URL
//!    outside of it: the token that the caller adds cannot reach another host.
//! 3. The caller sends the request with any HTTP client and hands the [`http::Response`] back.
//! 4. [`Call::read`](arm::call::Call::read) decodes it into Azure's nouns, or into a [`Fault`](arm::fault::Fault) that says what to do: retry,
//!    wait, sign in, or give up.
//!
//! Keep the call until its answer is there; a clone is cheap, and calls are `Send + Sync`.
//!
//! # Lists
//!
//! A list is read page by page. [`Page::next`](arm::page::Page) holds Azure's link to the next one, which
//! [`Call::follow`](arm::call::Call::follow) makes a call of. With [`next_link`](arm::page::next_link) the next page can be asked for before this
//! one is decoded. Empty and unknown differ: a list that is missing from an answer is a fault.
//!
//! # Restoring, from the request to the end of the job
//!
//! A restore is a chain of three things, each with an id of its own:
//!
//! | what | begins with | is followed by | ends with |
//! |---|---|---|---|
//! | the request | [`TriggerBody::new`](backup::restore_request::TriggerBody::new), which refuses fields that the api-version does not declare | [`trigger`](backup::restore_request::trigger) | 202, or a fault |
//! | the operation | [`Operation::start`](arm::operation::Operation::start) with the 202 | [`Operation`](arm::operation::Operation) | the id of a job: the restore is accepted |
//! | the job | [`JobTracker::start`](backup::job::JobTracker::start) with that id | [`JobTracker`](backup::job::JobTracker) | a [`JobStatus`](backup::job::JobStatus): the restore is done, or not |
//!
//! Operation and tracker are state machines that are told the time and the answers. `next(now)` says whether a poll is due, until when to wait, or
//! how it ended; `on_response` takes the answer of a poll, or the fault that came in its place. They keep Azure's `Retry-After`, slow down when throttled,
//! and change the way of asking when one stops working. Both can be stored as JSON and go on after a restart.
//!
//! Send a restore once. [`Fault::outcome_unknown`](arm::fault::Fault::outcome_unknown) tells whether it may have begun although there was no good
//! answer: then look for a job whose `activity_id` is the request's [`ClientRequestId`](arm::id::ClientRequestId) instead of sending it again.
//!
//! ```
//! use azure_backup::{
//!     arm::{call::ApiVersion, cloud::Cloud, id::{ArmId, ClientRequestId}, operation::{OperationOutcome, NextStep, Operation}},
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
//!         NextStep::Wait(until) => now = until, // or a timer
//!         NextStep::Poll => {
//!             let look = operation.call(&cloud)?.request(&cloud, &ClientRequestId::parse("look-1")?)?;
//!             operation.on_response(Ok(&send(look)), now);
//!         }
//!         NextStep::Done(ending) => break ending,
//!     }
//! };
//! assert!(matches!(ending, OperationOutcome::Succeeded { job_ids, .. } if job_ids[0].as_str() == "job-1"));
//! # Ok(())
//! # }
//! ```
//!
//! # Where things are
//!
//! * [`arm`] is what every service of ARM has in common: [ids](arm::id), [clouds](arm::cloud), [calls](arm::call), [pages](arm::page),
//!   [faults](arm::fault), [operations](arm::operation), [waits](arm::timing), [quotas](arm::quota) and [Resource Graph](arm::graph).
//! * [`backup`] is what Azure Backup adds: [vaults](backup::vault), [protected machines](backup::item), those of [all vaults at once](backup::fleet),
//!   [recovery points](backup::recovery_point), [restore requests](backup::restore_request), [jobs](backup::job), the
//!   [secondary region](backup::cross_region), [undeletion](backup::undelete), [file recovery](backup::file_recovery) and the [lookups](backup::lookups) that a restore chooses from.
//!
//! # Stability
//!
//! Records and enums that Azure may extend are `#[non_exhaustive]`: a field or a word more is no breaking change. Records have public fields and a
//! constructor for tests of other crates. Enums of Azure's words have a member `Other` that keeps a word which is not known here. Requests are
//! exhaustive on purpose: whoever shows a request to a person wants the compiler to name a new field.

pub mod arm;
pub mod backup;

#[cfg(test)]
mod fixture;

/// Compiles the example of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
