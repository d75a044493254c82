//! One long-running operation as a state machine: it receives answers and the time, and says what to do next.

mod poll_result;
#[cfg(test)]
mod tests;

use crate::arm::{
    call::{Accepted, ApiVersion, Call},
    cloud::{Cloud, RefusedUrl},
    fault::{Fault, FaultKind},
    headers,
    id::{ArmId, percent_encoded},
    identity::JobId,
    poll_schedule::{PollSchedule, poll_schedule_accessors},
    timing,
};
use ::time::OffsetDateTime;
use bytes::Bytes;
use http::Response;
use poll_result::{PollResult, SignedUrl};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The source that the operation's status is polled from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StatusSource {
    /// The URL of `Azure-AsyncOperation`.
    #[serde(rename = "AsyncOperation")]
    AsyncOperation,
    /// The URL of `Location`.
    #[serde(rename = "Location")]
    Location,
    /// The vault's own `backupOperations/{operation}`, or the secondary region's `backupCrrOperationsStatus/{operation}`.
    #[serde(rename = "BackupOperations")]
    BackupOperations,
    /// No URL, because a page may not be allowed to read the headers: the job is looked up in the vault's job list.
    #[serde(rename = "JobList")]
    JobList,
}

/// The next step of a state machine.
#[derive(Clone, Debug, PartialEq)]
pub enum NextStep<E> {
    /// A poll is due: send `call`, and pass the answer to `on_response`.
    Poll,
    /// Wait until this time.
    Wait(OffsetDateTime),
    /// It is over.
    Done(E),
}

/// How an operation ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum OperationOutcome {
    /// Succeeded. For a restore this means accepted: the job does the work.
    #[serde(rename = "Succeeded")]
    Succeeded {
        /// The jobs that it created. Empty if the answer named none; then look for the job in the vault's job list.
        #[serde(rename = "job_ids")]
        job_ids: Vec<JobId>,
        /// Its result as raw JSON: mount scripts, validation results, or the resource that `Location` ended with.
        #[serde(rename = "properties")]
        properties: Option<Value>,
    },
    /// Failed, with Azure's error.
    #[serde(rename = "Failed")]
    Failed(Fault),
    /// Stopped.
    #[serde(rename = "Cancelled")]
    Cancelled,
    /// A status that says it is over without saying how, verbatim (`Invalid`).
    #[serde(rename = "Unknown")]
    Unknown(String),
    /// No source of the operation's status works any more.
    #[serde(rename = "LookInJobList")]
    UseJobList,
}

/// A long-running operation. The serialized form is enough to go on after a reload.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Operation {
    #[serde(rename = "vault")]
    vault: ArmId,
    #[serde(rename = "version")]
    version: ApiVersion,
    #[serde(rename = "id")]
    id: Option<String>,
    #[serde(rename = "async_url")]
    async_url: Option<SignedUrl>,
    #[serde(rename = "location")]
    location: Option<SignedUrl>,
    #[serde(rename = "way")]
    status_source: StatusSource,
    /// Consecutive refusals by the current source that waiting does not cure.
    #[serde(rename = "refusals", deserialize_with = "crate::arm::bounds::count")]
    refusals: u32,
    /// Whether the doubled `/subscriptions/` is removed from the URL.
    #[serde(rename = "undoubled")]
    without_doubled_segment: bool,
    /// Whether there was a fresh token since Azure refused one here; none in records of older versions.
    #[serde(rename = "renewed")]
    renewed: Option<bool>,
    #[serde(rename = "status")]
    status: String,
    #[serde(rename = "pulse")]
    schedule: PollSchedule,
    #[serde(rename = "ending")]
    ending: Option<OperationOutcome>,
}

impl Operation {
    /// Begins to follow the operation that `answer` has accepted. `vault` is the vault; the location of the secondary region for a cross-region
    /// restore; the resource itself for an operation of another service. URLs that the cloud does not admit are ignored and reported as [`Operation::last_error`].
    ///
    /// # Errors
    /// A [`Fault`] when the answer is no acceptance (another status than 200, 201, 202).
    pub fn start(
        answer: &Response<Bytes>,
        now: OffsetDateTime,
        cloud: &Cloud,
        vault: &ArmId,
        version: &ApiVersion,
    ) -> Result<Operation, Fault> {
        if !matches!(answer.status().as_u16(), 200..=202) {
            return Err(Fault::from_answer("", answer));
        }
        let first =
            headers::retry_after(answer.headers()).map_or(now + timing::OPERATION_POLL_INTERVAL, |wait| wait.due(now));
        let mut schedule = PollSchedule::start(now, timing::clamped(first, now, timing::MAX_WAIT));
        let mut admitted = |url: Option<&str>| match SignedUrl::admitted(url?, cloud) {
            Ok(url) => Some(url),
            Err(refused) => {
                schedule.set_last_error(Fault::refused("GET", &refused));
                None
            }
        };
        let async_url = admitted(headers::operation_url(answer.headers()));
        let location = admitted(headers::location(answer.headers()));
        let id = async_url.as_ref().or(location.as_ref()).and_then(SignedUrl::last_segment);
        let status_source = if async_url.is_some() { StatusSource::AsyncOperation } else { StatusSource::Location };
        let (vault, version, status) = (vault.clone(), version.clone(), String::new());
        let mut operation = Operation {
            vault,
            version,
            id,
            async_url,
            location,
            status_source,
            refusals: 0,
            without_doubled_segment: false,
            renewed: None,
            status,
            schedule,
            ending: None,
        };
        if operation.url().is_none() {
            operation.status_source = StatusSource::JobList;
            operation.ending = Some(OperationOutcome::UseJobList);
        }
        Ok(operation)
    }

    /// What it is about: a vault, a location, or the resource that is changed.
    #[must_use]
    pub const fn resource(&self) -> &ArmId {
        &self.vault
    }

    /// The api-version of the request that has started it.
    #[must_use]
    pub const fn version(&self) -> &ApiVersion {
        &self.version
    }

    /// What to do now.
    #[must_use]
    pub fn next(&self, now: OffsetDateTime) -> NextStep<OperationOutcome> {
        match (&self.ending, self.schedule.wait(now)) {
            (Some(ending), _) => NextStep::Done(ending.clone()),
            (None, Some(until)) => NextStep::Wait(until),
            (None, None) => NextStep::Poll,
        }
    }

    /// The poll that is due.
    ///
    /// # Errors
    /// [`RefusedUrl`] when the cloud no longer admits the URL: pass it to `on_response` as a [`Fault::refused`].
    pub fn call(&self, cloud: &Cloud) -> Result<Call<Accepted>, RefusedUrl> {
        let url = self.url().ok_or_else(|| RefusedUrl::NotAUrl(String::new()))?;
        let action = "Microsoft.RecoveryServices/vaults/backupOperations/read";
        let call = Call::get("Get operation status", action, url, |_| ()).map_response(Accepted::keep);
        call.accepting(&[200, 202, 204]).redirected(cloud)
    }

    /// Takes the answer of a poll, or the fault that came instead.
    pub fn on_response(&mut self, response: Result<&Response<Bytes>, &Fault>, now: OffsetDateTime) {
        if self.ending.is_some() {
            return;
        }
        let reading = match response {
            Ok(answer) => PollResult::read(answer, self.status_source, &self.line()),
            Err(fault) => PollResult::Fault(fault.clone()),
        };
        match reading {
            PollResult::Running { status, wait } => {
                self.status = status.unwrap_or_else(|| self.status.clone());
                self.refusals = 0;
                self.renewed = None;
                self.schedule.on_success(now, wait, timing::OPERATION_POLL_INTERVAL);
            }
            PollResult::Over { status, ending } => {
                self.status = status;
                self.schedule.stop(now);
                self.ending = Some(ending);
            }
            PollResult::Fault(fault) => self.failed(&fault, now),
        }
    }

    fn failed(&mut self, fault: &Fault, now: OffsetDateTime) {
        if fault.is_not_found()
            && !self.without_doubled_segment
            && self.signed_url().is_some_and(SignedUrl::has_doubled_segment)
        {
            self.without_doubled_segment = true;
            return self.schedule.restart(now, fault);
        }
        let failures = self.schedule.on_error(fault, now);
        if matches!(fault.kind, FaultKind::Aborted | FaultKind::TokenLate) {
            return;
        }
        // An expired token is no reason to leave this source. A refusal that a fresh token does not cure is one: Azure shows some operations only to
        // the account that started them.
        let cured_by_sign_in = fault.needs_sign_in() && !(fault.is_denied() && self.renewed == Some(true));
        if cured_by_sign_in {
            return;
        }
        let another = if fault.is_retryable() {
            // Also without an answer: a browser does not distinguish a CORS refusal from a network failure.
            !fault.is_throttled() && failures >= timing::FAILURES_BEFORE_FALLBACK
        } else {
            self.refusals += 1;
            matches!(fault.kind, FaultKind::Refused | FaultKind::NoUrl)
                || self.refusals >= timing::REFUSALS_BEFORE_FALLBACK
        };
        if another {
            self.fall_back(fault, now);
        }
    }

    fn fall_back(&mut self, fault: &Fault, now: OffsetDateTime) {
        (self.refusals, self.without_doubled_segment) = (0, false);
        self.status_source = match self.status_source {
            // Not after a denial: both URLs have the same access rules.
            StatusSource::AsyncOperation if self.location.is_some() && !fault.is_denied() => StatusSource::Location,
            StatusSource::AsyncOperation | StatusSource::Location if self.id.is_some() && self.is_of_backup() => {
                StatusSource::BackupOperations
            }
            _ => StatusSource::JobList,
        };
        self.schedule.restart(now, fault);
        if self.status_source == StatusSource::JobList {
            self.ending = Some(OperationOutcome::UseJobList);
        }
    }

    /// Only Azure Backup lists its operations by their id.
    fn is_of_backup(&self) -> bool {
        self.vault
            .segment_after("providers")
            .is_some_and(|name| name.eq_ignore_ascii_case("Microsoft.RecoveryServices"))
    }

    fn signed_url(&self) -> Option<&SignedUrl> {
        match self.status_source {
            StatusSource::AsyncOperation => self.async_url.as_ref(),
            StatusSource::Location => self.location.as_ref(),
            StatusSource::BackupOperations | StatusSource::JobList => None,
        }
    }

    /// The address that the current source polls: a URL, or a path on ARM's origin.
    fn url(&self) -> Option<String> {
        match (self.status_source, self.signed_url()) {
            (_, Some(url)) => {
                Some(if self.without_doubled_segment { url.without_doubled_segment() } else { url.verbatim() })
            }
            (StatusSource::BackupOperations, None) => {
                let id = percent_encoded(self.id.as_deref()?);
                let secondary = self.vault.segment_after("locations").is_some();
                let list = if secondary { "backupCrrOperationsStatus" } else { "backupOperations" };
                Some(format!("{}/{list}/{id}?api-version={}", self.vault.path(), self.version))
            }
            _ => None,
        }
    }

    fn line(&self) -> String {
        let url = self.url().unwrap_or_default();
        let path = url.split('?').next().unwrap_or_default();
        let path =
            path.split_once("://").and_then(|(_, rest)| rest.find('/').and_then(|at| rest.get(at..))).unwrap_or(path);
        format!("GET {path}")
    }

    poll_schedule_accessors!();

    /// There is a fresh token, so a later refusal is not due to the old one.
    pub fn on_token_renewed(&mut self, now: OffsetDateTime) {
        if self.needs_sign_in() {
            self.renewed = Some(true);
        }
        self.poll_now(now);
    }

    /// Azure's status, verbatim; empty before the first answer.
    #[must_use]
    pub fn status(&self) -> &str {
        &self.status
    }

    /// The source that its status is polled from.
    #[must_use]
    pub fn status_source(&self) -> StatusSource {
        self.status_source
    }

    /// The operation's id, if it is known.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// How it ended, if it has.
    #[must_use]
    pub fn ending(&self) -> Option<&OperationOutcome> {
        self.ending.as_ref()
    }
}
