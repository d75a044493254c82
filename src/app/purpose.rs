//! What each call is for: where its answer goes.

use std::rc::Rc;

use azure_backup::arm::call::{Accepted, Call};
use azure_backup::arm::deployment::Sas;
use azure_backup::arm::id::{ArmId, ClientRequestId, JobId};
use azure_backup::arm::page::Page;
use azure_backup::backup::cross_region::AccessToken;
use azure_backup::backup::file_recovery::ClientScript;
use azure_backup::backup::job::Job;
use bytes::Bytes;

use super::check::CheckCall;
use super::follower::Followed;
use super::key::{AnswerPage, Key};
use super::state::JobListKey;

/// What a call is for. Where its answer is decoded by the call, the call that was sent is kept here, so that nothing is built anew to read an
/// answer. Triggers and operations take the answer as it is: their state machines read status and headers.
#[derive(Clone, Debug, PartialEq)]
pub enum Purpose {
    /// An answer of the catalog, or one page of it.
    Read(Key, Call<AnswerPage>),
    /// The trigger of a restore.
    Trigger(ClientRequestId),
    /// A poll of its operation.
    Operation(ClientRequestId),
    /// A poll of its job.
    Job(ClientRequestId, Call<Job>),
    /// The next thing that the request of a cross-region restore needs.
    Prepare(ClientRequestId, Preparation),
    /// The jobs of a vault, here or in the secondary region, for all its restores.
    VaultJobs {
        /// Where the jobs are listed.
        job_list_key: JobListKey,
        /// The call for this page.
        call: Call<Page<Job>>,
        /// The jobs of the pages before.
        so_far: Vec<Rc<Job>>,
        /// How many pages those were.
        pages: u32,
    },
    /// The vault's jobs, searched for one that came of a request whose record says that it was not sent.
    ResendCheck {
        /// The restore.
        restore: ClientRequestId,
        /// The call for this page.
        call: Call<Page<Job>>,
        /// How many pages were read before.
        pages: u32,
    },
    /// A cancellation.
    Cancel {
        /// The vault.
        vault: ArmId,
        /// The job.
        job: JobId,
        /// The call.
        call: Call<Accepted>,
    },
    /// *Check with Azure*.
    Check(CheckCall),
    /// A request that is followed, or a poll of its operation.
    Follow(Followed),
    /// A request that activates an eligible role, or ends that.
    Activation,
    /// A poll of the job of an undeletion.
    UndeleteJob(ArmId, Call<Job>),
    /// The scripts of a file recovery, for a recovery point. The answer may hold a password.
    FileScripts(ArmId, Call<Vec<ClientScript>>),
    /// The signature with which the template of a restore is read.
    Sign(ClientRequestId, Call<Option<Sas>>),
}

/// A call that a cross-region restore makes before its trigger.
#[derive(Clone, Debug, PartialEq)]
pub enum Preparation {
    /// Asks for the identity of Azure Backup in the secondary region.
    Properties(Call<Option<Bytes>>),
    /// Asks for an access token to the recovery point.
    AccessToken(Call<Option<AccessToken>>),
}

impl Purpose {
    /// The name of the call in a fault.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Read(key, _) => key.what().to_owned(),
            Self::Trigger(_) => "Trigger restore".to_owned(),
            Self::Prepare(..) => "Prepare the restore".to_owned(),
            Self::Operation(_) => "Get operation status".to_owned(),
            Self::Job(..) => "Get job".to_owned(),
            Self::VaultJobs { .. } | Self::ResendCheck { .. } => "List jobs".to_owned(),
            Self::Cancel { .. } => "Cancel job".to_owned(),
            Self::Check(_) => "Validate restore".to_owned(),
            Self::Follow(of) => of.name().to_owned(),
            Self::Activation => "Activate role".to_owned(),
            Self::UndeleteJob(..) => "Undelete".to_owned(),
            Self::FileScripts(..) => "File recovery".to_owned(),
            Self::Sign(..) => "Get access to template".to_owned(),
        }
    }
}
