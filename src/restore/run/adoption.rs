//! Restores that another browser has started: jobs chosen in a vault's list, and records brought by a file. They are followed like
//! any other, and nothing here can make this browser send them.

use azure_backup::arm::cloud::Cloud;
use azure_backup::arm::id::{ClientRequestId, Region};
use azure_backup::backup::job::{Job, JobEndpoint};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::restore::owner::Owner;

use super::{JobMatch, RestoreRun, Search, Stage, Timeline};

/// The import of a record from a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    /// The account that was signed in, if known.
    #[serde(rename = "by")]
    pub by: Option<String>,
    /// When.
    #[serde(rename = "at", with = "azure_backup::arm::bounds::time")]
    pub at: OffsetDateTime,
}

impl RestoreRun {
    /// A record for a job of a vault, whoever started it. `id` is its activity id, or a fresh one.
    pub fn of_job(
        job: &Job,
        source: &JobEndpoint,
        secondary: Option<Region>,
        cloud: &Cloud,
        id: ClientRequestId,
        now: OffsetDateTime,
    ) -> Self {
        let mut run = Self {
            id,
            cloud: cloud.name.clone(),
            owner: Owner::default(),
            hidden: None,
            vault: source.vault.clone(),
            secondary,
            vm: job.entity.clone().unwrap_or_else(|| "unknown VM".to_owned()),
            version: source.version.clone(),
            submitted: None,
            started: job.start.unwrap_or(now),
            stage: Stage::Searching { search: Search::new(now) },
            support_ids: Vec::new(),
            timeline: Timeline::default(),
            imported: None,
        };
        run.on_job_chosen(job, now);
        run.note(now);
        run
    }

    /// The operator has chosen the job of a restore whose job was not found.
    pub fn on_job_chosen(&mut self, job: &Job, now: OffsetDateTime) {
        if matches!(self.stage, Stage::Unknown { .. } | Stage::Searching { .. } | Stage::NotSent { .. }) {
            self.adopt(job, JobMatch::List, now);
        }
    }

    /// Whether its job was matched only by machine and time.
    pub const fn is_guessed(&self) -> bool {
        matches!(self.stage, Stage::Job { found: JobMatch::VmAndTime, .. })
    }

    /// Releases a job that belongs to another restore, and searches again.
    pub fn release_job(&mut self, now: OffsetDateTime) {
        if self.is_guessed() {
            self.stage = Stage::Unknown { fault: None, search: Search::new(now) };
            self.note(now);
        }
    }

    /// The record for another browser. It lacks the signed URL of an operation; the other browser finds the job in the list.
    pub fn prepare_for_export(&mut self, now: OffsetDateTime) {
        if matches!(self.stage, Stage::Operation { .. }) {
            self.stage = Stage::Searching { search: Search::new(now) };
        }
    }

    /// Prepares a record from a file. The browser that exported it may still send its request, so this one searches for the job and never sends. `owner`
    /// is the account in use here; the owner in the file is ignored.
    pub fn on_imported(&mut self, owner: Owner, now: OffsetDateTime) {
        self.imported = Some(Imported { by: owner.account().map(str::to_owned), at: now });
        self.owner = owner;
        self.hidden = None;
        match &self.stage {
            Stage::Intent | Stage::Sending | Stage::Preparing { .. } => {
                self.stage = Stage::Unknown { fault: None, search: Search::new(now) };
            }
            // The other browser may have sent a refused request again.
            Stage::Refused { fault } if fault.needs_sign_in() => {
                self.stage = Stage::NotSent { fault: Some(fault.clone()), search: None };
            }
            _ => {}
        }
        self.poll_now(now);
        self.note(now);
    }
}
