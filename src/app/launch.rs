//! Restores on their way from the click to Azure's answer, in the tab that was clicked.
//!
//! ```text
//!                             ┌─ cross-region ─▶ Preparing ─┐
//! click ─▶ SavingIntent ──────┤                             ├─▶ Authorizing ─▶ SavingAsSending ─▶ Sent ─▶ answer
//!                             └─────────────────────────────┘
//! click on "Send it now" ─▶ Claiming ─▶ Searching ─▶ SavingIntent
//! ```
//!
//! What may be sent stands here and nowhere else: in memory, made by a click in this tab. A record that was stored, imported or told by
//! another tab is followed or searched for; sending it takes a new click, on a review made of its very text.

use std::borrow::Cow;
use std::fmt;

use azure_backup::arm::id::{ArmId, ClientRequestId, Region};
use azure_backup::arm::version::ApiVersion;
use bytes::Bytes;
use http::Request;

use super::effect::{CallId, SaveId};
use super::identity::Identity;
use super::sorted::Sorted;
use super::state::State;
use crate::restore::regional_id::location_id;
use crate::restore::run::{RestoreRun, Stage, SubmittedRequest};

/// A restore between the click and Azure's answer.
#[derive(Clone, Debug)]
pub struct Launch {
    /// Who has clicked. The request leaves with this identity's token, or not at all.
    pub identity: Identity,
    /// What was on the screen at the click.
    pub confirmed: ConfirmedRequest,
    /// Whether the request waits until its record is saved. The operator may go on without, where the browser saves nothing.
    pub saved_first: bool,
    /// Whether its record was made by this click; else it was there before and stays, whatever becomes of the launch.
    pub new: bool,
    /// How far it has come.
    pub step: LaunchStep,
}

impl Launch {
    /// Whether its request is on its way to Azure's answer; else Azure has refused it, and it waits for a sign-in.
    fn is_active(&self) -> bool {
        !matches!(self.step, LaunchStep::Refused)
    }
}

/// A request as the operator has seen and confirmed it.
#[derive(Clone, Debug, PartialEq)]
pub struct ConfirmedRequest {
    /// What was asked for, with the exact text of the body.
    pub submitted: SubmittedRequest,
    /// The vault.
    pub vault: ArmId,
    /// The secondary region, when it is a cross-region restore.
    pub secondary: Option<Region>,
    /// The api-version of the call.
    pub version: ApiVersion,
}

impl ConfirmedRequest {
    /// What a record asks for; none where it asks for nothing that can be sent.
    pub fn of(restore: &RestoreRun) -> Option<Self> {
        Some(Self {
            submitted: restore.submitted.clone()?,
            vault: restore.vault.clone(),
            secondary: restore.secondary.clone(),
            version: restore.version.clone(),
        })
    }

    /// What answers in the secondary region, when it is a cross-region restore.
    pub fn location(&self) -> Option<ArmId> {
        location_id(&self.vault, self.secondary.as_ref()?)
    }
}

/// How far a launch has come.
#[derive(Clone)]
pub enum LaunchStep {
    /// The browser is asked whether another tab sends this restore.
    Claiming,
    /// The vault's jobs are being looked through for one that came of this very request: a record alone is no proof that it was not sent.
    Searching,
    /// Its record is being saved.
    SavingIntent(SaveId),
    /// Cross-region: what the request needs is being read.
    Preparing {
        /// Who Azure Backup is in the secondary region, as it answered. None = it is being asked.
        properties: Option<Bytes>,
    },
    /// The shell waits for a token. Nothing has left.
    Authorizing(OutgoingRequest),
    /// The token is there; the record is being saved as one whose request leaves.
    SavingAsSending(SaveId, OutgoingRequest),
    /// The request has left.
    Sent,
    /// Azure has refused it for want of a sign-in. After one the same bytes may go out again.
    Refused,
}

/// A request that is about to leave.
#[derive(Clone)]
pub struct OutgoingRequest {
    /// The call's number.
    pub call: CallId,
    /// The call's name.
    pub name: &'static str,
    /// The request.
    pub request: Request<Bytes>,
    /// Its body without what is secret, where something is.
    pub shown: Option<String>,
}

impl fmt::Debug for LaunchStep {
    /// Without requests: that of a cross-region restore holds an access token.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Claiming => "Claiming",
            Self::Searching => "Searching",
            Self::SavingIntent(_) => "SavingIntent",
            Self::Preparing { .. } => "Preparing",
            Self::Authorizing(_) => "Authorizing",
            Self::SavingAsSending(..) => "SavingDeparture",
            Self::Sent => "Sent",
            Self::Refused => "Refused",
        })
    }
}

/// The launches of this tab.
#[derive(Clone, Debug, Default)]
pub struct Launches(Sorted<ClientRequestId, Launch>);

impl Launches {
    /// A launch.
    pub fn get(&self, id: &ClientRequestId) -> Option<&Launch> {
        self.0.get(id)
    }

    /// A launch, to be changed.
    pub fn get_mut(&mut self, id: &ClientRequestId) -> Option<&mut Launch> {
        self.0.get_mut(id)
    }

    /// Begins a launch.
    pub fn insert(&mut self, id: ClientRequestId, launch: Launch) {
        self.0.insert(id, launch);
    }

    /// Ends a launch.
    pub fn remove(&mut self, id: &ClientRequestId) -> Option<Launch> {
        self.0.remove(id)
    }

    /// The launches that are in the making.
    pub fn active(&self) -> impl Iterator<Item = (&ClientRequestId, &Launch)> {
        self.0.iter().filter(|(_, launch)| launch.is_active()).map(|(id, launch)| (id, launch))
    }

    /// Whether this tab is sending a restore, or about to.
    pub fn is_active(&self, id: &ClientRequestId) -> bool {
        self.get(id).is_some_and(Launch::is_active)
    }

    /// The launch whose request waits for the token of a call.
    pub fn authorizing(&self, call: CallId) -> Option<ClientRequestId> {
        let waits = |launch: &Launch| matches!(&launch.step, LaunchStep::Authorizing(one) if one.call == call);
        self.0.iter().find(|(_, launch)| waits(launch)).map(|(id, _)| id.clone())
    }

    /// The launches that wait for an attempt to save.
    pub fn saving(&self, save: SaveId) -> Vec<ClientRequestId> {
        let waits = |launch: &Launch| match &launch.step {
            LaunchStep::SavingIntent(id) | LaunchStep::SavingAsSending(id, _) => *id == save,
            _ => false,
        };
        self.0.iter().filter(|(_, launch)| waits(launch)).map(|(id, _)| id.clone()).collect()
    }
}

impl State {
    /// A restore as it is saved and told to other tabs.
    ///
    /// A restore that was started without saving leaves whether or not the browser saves its departure. So every text of it that is saved
    /// before, by chance, already says that its request may have left: whoever reads it searches for the job instead of giving it up.
    pub(super) fn as_saved<'a>(&self, restore: &'a RestoreRun) -> Cow<'a, RestoreRun> {
        let unsaved = self.launches.get(&restore.id).is_some_and(|launch| launch.is_active() && !launch.saved_first);
        if unsaved && restore.stage.is_being_sent() {
            Cow::Owned(RestoreRun { stage: Stage::Sending, ..restore.clone() })
        } else {
            Cow::Borrowed(restore)
        }
    }

    /// Whether the vault's jobs are being looked through for the request of a record before it is sent.
    pub fn is_searched_for(&self, id: &ClientRequestId) -> bool {
        matches!(self.launches.get(id), Some(Launch { step: LaunchStep::Searching, .. }))
    }

    /// Whether the request of a restore waits until its record is saved, so that nothing of it has been sent.
    pub fn is_being_saved(&self, id: &ClientRequestId) -> bool {
        let step = self.launches.get(id).map(|launch| &launch.step);
        matches!(step, Some(LaunchStep::SavingIntent(_) | LaunchStep::SavingAsSending(..)))
    }

    /// Whether the request of a restore waits for its token in this tab, so that nothing of it has been sent.
    pub fn awaits_token(&self, id: &ClientRequestId) -> bool {
        matches!(self.launches.get(id), Some(Launch { step: LaunchStep::Authorizing(_), .. }))
    }
}
