//! One long-running operation as a state machine: told the answers and the time, it says what to do next.

use crate::arm::{
    call::{Accepted, ApiVersion, Call},
    cloud::{Cloud, RefusedUrl},
    fault::Fault,
    id::ArmId,
    identity::JobId,
};
use ::time::OffsetDateTime;
use bytes::Bytes;
use http::Response;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How the operation is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Way {
    /// The URL of `Azure-AsyncOperation`.
    AsyncOperation,
    /// The URL of `Location`.
    Location,
    /// The vault's own `backupOperations/{operation}`.
    BackupOperations,
    /// No URL at all (a page may not be allowed to read the headers): the vault's job list has to tell.
    JobList,
}

/// What a state machine wants.
#[derive(Clone, Debug, PartialEq)]
pub enum Next<E> {
    /// A look is due: send `call()` and tell `heard()`.
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
    Succeeded {
        /// The jobs it made; none when the answer named none, then the vault's job list has to tell.
        job_ids: Vec<JobId>,
        /// What it made, raw: mount scripts, validation results.
        properties: Option<Value>,
    },
    /// Failed, with Azure's error.
    Failed(Fault),
    /// Stopped.
    Cancelled,
    /// A status that says it is over without saying how, verbatim (`Invalid`).
    Unknown(String),
    /// No way is left to follow the operation itself.
    LookInJobList,
}

/// A long-running operation. Serializable: what is stored is all that is needed to go on after a reload.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Operation {
    vault: ArmId,
    version: ApiVersion,
    id: Option<String>,
    async_url: Option<String>,
    location: Option<String>,
    way: Way,
    since: OffsetDateTime,
    last_look: Option<OffsetDateTime>,
    next_look: OffsetDateTime,
    throttled_until: Option<OffsetDateTime>,
    failures: u32,
    refusals: u32,
    undoubled: bool,
    status: String,
    trouble: Option<Fault>,
    ending: Option<Ending>,
}

impl Operation {
    /// Begins to follow what an accepted answer started.
    ///
    /// # Errors
    /// A [`Fault`] when the answer is not an acceptance (another status than 200, 201, 202, 204).
    pub fn start(
        answer: &Response<Bytes>,
        now: OffsetDateTime,
        cloud: &Cloud,
        vault: &ArmId,
        version: &ApiVersion,
    ) -> Result<Operation, Fault> {
        let _ = (answer, now, cloud, vault, version);
        Err(Fault::aborted(""))
    }

    /// What to do now.
    #[must_use]
    pub fn next(&self, now: OffsetDateTime) -> Next<Ending> {
        match &self.ending {
            Some(ending) => Next::Ended(ending.clone()),
            None if now >= self.next_look => Next::Look,
            None => Next::Wait(self.next_look),
        }
    }

    /// The look that is due.
    ///
    /// # Errors
    /// [`RefusedUrl`] when the cloud (no longer) admits the URL: tell it to `heard` as a [`Fault::refused`].
    pub fn call(&self, cloud: &Cloud) -> Result<Call<Accepted>, RefusedUrl> {
        let _ = cloud;
        Err(RefusedUrl::NotAUrl(String::new()))
    }

    /// Takes the answer of a look, or why there was none.
    pub fn heard(&mut self, heard: Result<&Response<Bytes>, &Fault>, now: OffsetDateTime) {
        let _ = (heard, now);
    }

    /// Brings the next look forward to now, except while Azure throttles us.
    pub fn look_now(&mut self, now: OffsetDateTime) {
        let _ = now;
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

    /// When it began.
    #[must_use]
    pub fn since(&self) -> OffsetDateTime {
        self.since
    }

    /// When an answer last came.
    #[must_use]
    pub fn last_look(&self) -> Option<OffsetDateTime> {
        self.last_look
    }

    /// When the next look is due.
    #[must_use]
    pub fn next_look(&self) -> OffsetDateTime {
        self.next_look
    }

    /// The fault of the last look, if it had one. Tracking goes on all the same.
    #[must_use]
    pub fn trouble(&self) -> Option<&Fault> {
        self.trouble.as_ref()
    }

    /// Whether tracking waits for a fresh sign-in.
    #[must_use]
    pub fn needs_sign_in(&self) -> bool {
        self.trouble.as_ref().is_some_and(Fault::needs_sign_in)
    }
}
