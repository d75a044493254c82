//! The body of an answer to a poll of a long-running operation.

use crate::{
    arm::open_enum::open_enum,
    arm::{fault::Fault, identity::JobId, json::NodeRef},
};
use serde_json::Value;

open_enum! {
    /// The state of an operation.
    OperationState {
        /// Under way.
        InProgress = "InProgress",
        /// Done: for a restore, the job was created.
        Succeeded = "Succeeded",
        /// Failed, with an error.
        Failed = "Failed",
        /// Stopped; Azure also writes `Cancelled`.
        Canceled = "Canceled",
        /// Azure does not know its result.
        Invalid = "Invalid",
    }
}

impl OperationState {
    fn read(word: String) -> OperationState {
        if word.eq_ignore_ascii_case("Cancelled") { OperationState::Canceled } else { word.into() }
    }
}

/// Numbers that some api-versions send, in the order of Azure's enum.
const STATES: &[&str] = &["Invalid", "InProgress", "Succeeded", "Failed", "Canceled"];

/// `{id, name, status, startTime, endTime, error, properties}`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OperationStatus {
    /// The state.
    pub(crate) status: OperationState,
    /// Why it failed.
    pub(crate) error: Option<Fault>,
    /// What it made, raw: job ids, mount scripts, validation results; none while it runs.
    pub(crate) properties: Option<Value>,
    /// `jobId` or `jobIds` of the properties.
    pub(crate) job_ids: Vec<JobId>,
}

impl OperationStatus {
    /// Whether the answer is an operation's status: a `Location` may answer 200 with the resource instead, which has no `status`.
    pub(crate) fn has_status(node: &NodeRef<'_>) -> bool {
        node.is_object() && !node.at("status").is_absent()
    }

    pub(crate) fn read(node: &NodeRef<'_>) -> OperationStatus {
        let properties = node.at("properties");
        let error = node.at("error");
        let job = |node: &NodeRef<'_>| node.as_text().and_then(|text| JobId::parse(text).ok());
        let mut job_ids: Vec<JobId> = properties.list("jobIds", job).into_iter().flatten().collect();
        let single = job(&properties.at("jobId"));
        job_ids.splice(0..0, single);
        let status = node.word("status", STATES).unwrap_or_else(|| {
            node.record_mismatch("an operation's status");
            String::new()
        });
        OperationStatus {
            status: OperationState::read(status),
            error: (!error.is_absent()).then(|| Fault::from_error_member(node)),
            properties: properties.owned_value(),
            job_ids,
        }
    }
}
