//! One long-running operation as a state machine: told the answers and the time, it says what to do next.

mod reading;
#[cfg(test)]
mod tests;

use crate::arm::{
    call::{Accepted, ApiVersion, Call},
    cloud::{Cloud, RefusedUrl},
    fault::{Fault, FaultKind},
    headers,
    id::{ArmId, percent_encoded},
    identity::JobId,
    pace,
    pulse::{Pulse, pulse_answers},
};
use ::time::OffsetDateTime;
use bytes::Bytes;
use http::Response;
use reading::{Reading, SignedUrl};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How the operation is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Way {
    /// The URL of `Azure-AsyncOperation`.
    #[serde(rename = "AsyncOperation")]
    AsyncOperation,
    /// The URL of `Location`.
    #[serde(rename = "Location")]
    Location,
    /// The vault's own `backupOperations/{operation}`, or the secondary region's `backupCrrOperationsStatus/{operation}`.
    #[serde(rename = "BackupOperations")]
    BackupOperations,
    /// No URL at all (a page may not be allowed to read the headers): the vault's job list has to tell.
    #[serde(rename = "JobList")]
    JobList,
}

/// What a state machine wants.
#[derive(Clone, Debug, PartialEq)]
pub enum Next<E> {
    /// A look is due: send `call` and tell `heard`.
    Look,
    /// Nothing before this time.
    Wait(OffsetDateTime),
    /// It is over.
    Ended(E),
}

/// How an operation ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Ending {
    /// Done. For a restore this means accepted: the job does the work.
    #[serde(rename = "Succeeded")]
    Succeeded {
        /// The jobs it made; none when the answer named none, then the vault's job list has to tell.
        #[serde(rename = "job_ids")]
        job_ids: Vec<JobId>,
        /// What it made, raw: mount scripts, validation results, or the resource that `Location` ended with.
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
    /// No way is left to follow the operation itself.
    #[serde(rename = "LookInJobList")]
    LookInJobList,
}

/// A long-running operation. Serializable: what is stored is all that is needed to go on after a reload.
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
    way: Way,
    /// Answers in a row that the current way will not get better from.
    #[serde(rename = "refusals", deserialize_with = "crate::arm::bounds::count")]
    refusals: u32,
    /// Whether `//subscriptions/` is being left out of the URL.
    #[serde(rename = "undoubled")]
    undoubled: bool,
    /// Whether there was a fresh token since Azure refused one here; none in what older versions have stored.
    #[serde(rename = "renewed")]
    renewed: Option<bool>,
    #[serde(rename = "status")]
    status: String,
    #[serde(rename = "pulse")]
    pulse: Pulse,
    #[serde(rename = "ending")]
    ending: Option<Ending>,
}

impl Operation {
    /// Begins to follow what an accepted answer started at `vault`, which is the location of the secondary region for a cross-region
    /// restore. URLs that the cloud does not admit are left aside and shown as trouble.
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
        let first = headers::retry_after(answer.headers()).map_or(now + pace::OPERATION_LOOK, |wait| wait.due(now));
        let mut pulse = Pulse::start(now, pace::held(first, now, pace::LONGEST_WAIT));
        let mut admitted = |url: Option<&str>| match SignedUrl::admitted(url?, cloud) {
            Ok(url) => Some(url),
            Err(refused) => {
                pulse.note(Fault::refused("GET", &refused));
                None
            }
        };
        let async_url = admitted(headers::operation_url(answer.headers()));
        let location = admitted(headers::location(answer.headers()));
        let id = async_url.as_ref().or(location.as_ref()).and_then(SignedUrl::last_segment);
        let way = if async_url.is_some() { Way::AsyncOperation } else { Way::Location };
        let (vault, version, status) = (vault.clone(), version.clone(), String::new());
        let mut operation = Operation {
            vault,
            version,
            id,
            async_url,
            location,
            way,
            refusals: 0,
            undoubled: false,
            renewed: None,
            status,
            pulse,
            ending: None,
        };
        if operation.url().is_none() {
            operation.way = Way::JobList;
            operation.ending = Some(Ending::LookInJobList);
        }
        Ok(operation)
    }

    /// What to do now.
    #[must_use]
    pub fn next(&self, now: OffsetDateTime) -> Next<Ending> {
        match (&self.ending, self.pulse.wait(now)) {
            (Some(ending), _) => Next::Ended(ending.clone()),
            (None, Some(until)) => Next::Wait(until),
            (None, None) => Next::Look,
        }
    }

    /// The look that is due.
    ///
    /// # Errors
    /// [`RefusedUrl`] when the cloud no longer admits the URL: tell it to `heard` as a [`Fault::refused`].
    pub fn call(&self, cloud: &Cloud) -> Result<Call<Accepted>, RefusedUrl> {
        let url = self.url().ok_or_else(|| RefusedUrl::NotAUrl(String::new()))?;
        let action = "Microsoft.RecoveryServices/vaults/backupOperations/read";
        let call = Call::get("Get operation status", action, url, |_| ()).answered(Accepted::keep);
        call.accepting(&[200, 202, 204]).redirected(cloud)
    }

    /// Takes the answer of a look, or why there was none.
    pub fn heard(&mut self, heard: Result<&Response<Bytes>, &Fault>, now: OffsetDateTime) {
        if self.ending.is_some() {
            return;
        }
        let reading = match heard {
            Ok(answer) => Reading::of(answer, self.way, &self.line()),
            Err(fault) => Reading::Fault(fault.clone()),
        };
        match reading {
            Reading::Running { status, wait } => {
                self.status = status.unwrap_or_else(|| self.status.clone());
                self.refusals = 0;
                self.renewed = None;
                self.pulse.answered(now, wait, pace::OPERATION_LOOK);
            }
            Reading::Over { status, ending } => {
                self.status = status;
                self.pulse.ended(now);
                self.ending = Some(ending);
            }
            Reading::Fault(fault) => self.failed(&fault, now),
        }
    }

    fn failed(&mut self, fault: &Fault, now: OffsetDateTime) {
        if fault.is_not_found() && !self.undoubled && self.stored().is_some_and(SignedUrl::is_doubled) {
            self.undoubled = true;
            return self.pulse.restart(now, fault);
        }
        let failures = self.pulse.troubled(fault, now);
        if matches!(fault.kind, FaultKind::Aborted | FaultKind::TokenLate) {
            return;
        }
        // A token that has expired says nothing of this way. What a fresh one does not cure is this way's: Azure tells some operations to the
        // account alone that began them.
        let cured_by_sign_in = fault.needs_sign_in() && !(fault.is_denied() && self.renewed == Some(true));
        if cured_by_sign_in {
            return;
        }
        let another = if fault.is_retryable() {
            // Without an answer, too: a browser tells a host that it may not ask from a broken network in no way.
            !fault.is_throttled() && failures >= pace::FAILURES_BEFORE_ANOTHER_WAY
        } else {
            self.refusals += 1;
            matches!(fault.kind, FaultKind::Refused | FaultKind::NoUrl)
                || self.refusals >= pace::REFUSALS_BEFORE_ANOTHER_WAY
        };
        if another {
            self.take_another_way(fault, now);
        }
    }

    fn take_another_way(&mut self, fault: &Fault, now: OffsetDateTime) {
        (self.refusals, self.undoubled) = (0, false);
        self.way = match self.way {
            // Both URLs are of the same operation, with the same rules of who may read it.
            Way::AsyncOperation if self.location.is_some() && !fault.is_denied() => Way::Location,
            Way::AsyncOperation | Way::Location if self.id.is_some() => Way::BackupOperations,
            _ => Way::JobList,
        };
        self.pulse.restart(now, fault);
        if self.way == Way::JobList {
            self.ending = Some(Ending::LookInJobList);
        }
    }

    fn stored(&self) -> Option<&SignedUrl> {
        match self.way {
            Way::AsyncOperation => self.async_url.as_ref(),
            Way::Location => self.location.as_ref(),
            Way::BackupOperations | Way::JobList => None,
        }
    }

    /// What the current way asks: a URL, or a path on ARM's origin.
    fn url(&self) -> Option<String> {
        match (self.way, self.stored()) {
            (_, Some(url)) => Some(if self.undoubled { url.undoubled() } else { url.verbatim() }),
            (Way::BackupOperations, None) => {
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

    pulse_answers!();

    /// There is a fresh token: what Azure refuses from now on, it does not refuse for the old one.
    pub fn token_renewed(&mut self, now: OffsetDateTime) {
        if self.needs_sign_in() {
            self.renewed = Some(true);
        }
        self.look_now(now);
    }

    /// Azure's status, verbatim; empty before the first answer.
    #[must_use]
    pub fn status(&self) -> &str {
        &self.status
    }

    /// How it is followed.
    #[must_use]
    pub fn way(&self) -> Way {
        self.way
    }

    /// The operation's id, if it is known.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// How it ended, if it has.
    #[must_use]
    pub fn ending(&self) -> Option<&Ending> {
        self.ending.as_ref()
    }
}
