//! Reads the state of an operation from one answer.

use super::{OperationOutcome, StatusSource};
use crate::arm::{
    call,
    cloud::{Cloud, RefusedUrl},
    fault::Fault,
    headers::{self, RetryAfter},
    operation_status::{OperationState, OperationStatus},
};
use bytes::Bytes;
use http::Response;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The state of an operation in one answer.
pub(super) enum PollResult {
    /// Still under way; 202 says so without a status.
    Running {
        status: Option<String>,
        wait: Option<RetryAfter>,
    },
    Over {
        status: String,
        ending: OperationOutcome,
    },
    Fault(Fault),
}

impl PollResult {
    pub(super) fn read(answer: &Response<Bytes>, status_source: StatusSource, line: &str) -> PollResult {
        let wait = headers::retry_after(answer.headers());
        let done = |properties| PollResult::Over {
            status: OperationState::Succeeded.to_string(),
            ending: OperationOutcome::Succeeded { job_ids: Vec::new(), properties },
        };
        match answer.status().as_u16() {
            202 => PollResult::Running { status: None, wait },
            // Azure sends Retry-After with a 204 too; there is nothing left to wait for.
            204 => done(None),
            200 if answer.body().len() > call::MAX_ANSWER => {
                PollResult::Fault(Fault::too_large(line, answer.body().len()))
            }
            200 if status_source == StatusSource::Location && answer.body().trim_ascii().is_empty() => done(None),
            200 => {
                let read = call::json(answer, |node| {
                    // At its end, `Location` may answer with the resource instead of a status.
                    if status_source == StatusSource::Location && !OperationStatus::has_status(node) {
                        node.at("properties");
                        return Err(node.owned_value());
                    }
                    Ok(OperationStatus::read(node))
                });
                match read {
                    Ok(Ok(status)) => PollResult::of_status(status, wait, answer, line),
                    Ok(Err(resource)) => done(resource),
                    Err(wrong) => PollResult::Fault(Fault::wrong_shape(line, answer, &wrong)),
                }
            }
            _ => PollResult::Fault(Fault::from_answer(line, answer)),
        }
    }

    fn of_status(read: OperationStatus, wait: Option<RetryAfter>, answer: &Response<Bytes>, line: &str) -> PollResult {
        let status = read.status.to_string();
        let ending = match read.status {
            OperationState::InProgress | OperationState::Other(_) => {
                return PollResult::Running { status: Some(status), wait };
            }
            OperationState::Succeeded => {
                OperationOutcome::Succeeded { job_ids: read.job_ids, properties: read.properties }
            }
            OperationState::Canceled => OperationOutcome::Cancelled,
            OperationState::Invalid => OperationOutcome::Unknown(status.clone()),
            OperationState::Failed => {
                let none = || Fault::reported(line, "", "The operation failed. Azure gave no reason.");
                let mut fault = read.error.unwrap_or_else(none);
                fault.call = line.to_owned();
                fault.request_id = headers::request_id(answer.headers());
                fault.correlation_id = headers::correlation_id(answer.headers());
                OperationOutcome::Failed(fault)
            }
        };
        PollResult::Over { status, ending }
    }
}

/// A URL from Azure's headers. It may be signed: kept as it came, never shown with its query.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct SignedUrl(pub(super) String);

impl SignedUrl {
    /// A URL that the cloud admits. `Location` may be only a path, which is then on ARM's origin.
    pub(super) fn admitted(url: &str, cloud: &Cloud) -> Result<SignedUrl, RefusedUrl> {
        let relative = url.starts_with('/') && !url.starts_with("//");
        if relative {
            cloud.absolute(url)?
        } else {
            cloud.verbatim(url)?
        };
        Ok(SignedUrl(url.to_owned()))
    }

    pub(super) fn verbatim(&self) -> String {
        self.0.clone()
    }

    pub(super) fn has_doubled_segment(&self) -> bool {
        self.doubled_segment().is_some()
    }

    /// The URL with `/subscriptions//subscriptions/` once; the query, which may be signed, as it is.
    pub(super) fn without_doubled_segment(&self) -> String {
        match self.doubled_segment() {
            Some(at) => format!("{}{}", &self.0[..at], &self.0[at + "/subscriptions/".len()..]),
            None => self.0.clone(),
        }
    }

    fn doubled_segment(&self) -> Option<usize> {
        self.path().to_ascii_lowercase().find("/subscriptions//subscriptions/")
    }

    fn path(&self) -> &str {
        self.0.split('?').next().unwrap_or_default()
    }

    /// The operation's id, if it can be used in another path. In the secondary region it is base64, with `=` plain or escaped.
    pub(super) fn last_segment(&self) -> Option<String> {
        let name = self.path().trim_end_matches('/').rsplit('/').next()?.replace("%3D", "=");
        let plain =
            name.trim_end_matches('=').bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
        let dots = name.bytes().all(|b| b == b'.');
        (plain && !dots && name.len() <= 256).then_some(name)
    }
}

impl fmt::Debug for SignedUrl {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}?…", self.path())
    }
}
