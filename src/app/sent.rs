//! Requests about restored disks, and undeletions, that have left, as the browser stores them: so that a reload, or another tab, goes on following.
//!
//! A request is written down before it leaves: what it does, when, and its hash. The parameters of a deployment and what it is signed with are not.

mod earlier;

use std::rc::Rc;

use azure_backup::arm::fault::Fault;
use azure_backup::arm::id::{ArmId, ClientRequestId};
use azure_backup::arm::operation::Operation;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use self::earlier::EarlierStored;
use super::deployment::DeployStep;
use super::follower::Followed;
use super::identity::Identity;
use super::saved;
use super::state::State;
use crate::restore::action::Action;
use crate::restore::owner::Owner;

/// The shape in which they are stored.
const SHAPE: u64 = 1;
/// A request is known for so long after it has left.
const KEPT: Duration = Duration::days(1);
/// So many are kept, the latest.
const MAX_REQUESTS: usize = 200;

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SentSubject {
    /// A change of a virtual machine.
    Action {
        /// The restore on whose page it was asked for.
        restore: ClientRequestId,
        /// The change.
        action: Action,
    },
    /// The deployment of a restore's template.
    Deployment {
        /// The restore.
        restore: ClientRequestId,
    },
    /// The undeletion of an item or a vault.
    Undeletion {
        /// The item, or the deleted vault.
        id: ArmId,
        /// Its vault.
        vault: ArmId,
    },
}

/// How far it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SentStage {
    /// It may have left; no answer is known.
    Sent,
    /// Azure has accepted it.
    Accepted(Box<Operation>),
    /// Azure says that it is done.
    Done,
    /// Azure has accepted it, and its end cannot be followed.
    Lost,
    /// It failed.
    Failed {
        /// Why.
        fault: Rc<Fault>,
        /// Whether nobody knows if Azure has heard of the request.
        unknown: bool,
    },
}

impl SentStage {
    /// The later one counts where two tabs differ.
    const fn rank(&self) -> u8 {
        match self {
            Self::Sent => 0,
            Self::Accepted(_) => 1,
            Self::Done | Self::Lost | Self::Failed { .. } => 2,
        }
    }
}

/// A request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SentRequest {
    /// The cloud's name.
    pub cloud: String,
    /// Who has sent it.
    pub owner: Owner,
    /// What it does.
    pub subject: SentSubject,
    /// SHA-256 of the request that was confirmed.
    pub sha256: String,
    /// When it left.
    #[serde(with = "azure_backup::arm::bounds::text_time")]
    pub sent: OffsetDateTime,
    /// How far it is.
    pub stage: SentStage,
}

impl SentRequest {
    /// What it is followed as.
    pub fn followed(&self) -> Followed {
        match &self.subject {
            SentSubject::Action { action, .. } => Followed::Action(action.machine().clone()),
            SentSubject::Deployment { restore } => Followed::Deployment(restore.clone(), DeployStep::Deploy),
            SentSubject::Undeletion { id, .. } => Followed::Undeletion(id.clone()),
        }
    }

    /// Says that no answer is known.
    pub fn unanswered(&self) -> Fault {
        let at = format!("{} {:02}:{:02}", self.sent.date(), self.sent.hour(), self.sent.minute());
        let text = format!(
            "This browser has stored no answer to it. It was sent at {at} UTC, with the SHA-256 {}. Either the page was closed before Azure answered, or another tab is still waiting.",
            self.sha256
        );
        Fault::reported(self.followed().name(), "", &text)
    }

    /// Whether this identity has sent it.
    pub(in crate::app) fn is_of(&self, identity: &Identity) -> bool {
        self.cloud == identity.cloud && self.owner == identity.owner
    }

    fn is_same(&self, other: &Self) -> bool {
        self.cloud == other.cloud && self.owner == other.owner && self.followed() == other.followed()
    }
}

/// The requests of this browser, the latest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SentRequests(Vec<SentRequest>);

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    version: u64,
    requests: Vec<SentRequest>,
}

impl SentRequests {
    /// Those of an identity.
    pub fn of(&self, identity: &Identity) -> impl Iterator<Item = &SentRequest> {
        let identity = identity.clone();
        self.0.iter().filter(move |one| one.is_of(&identity))
    }

    /// Puts a request in the place of the earlier one about the same.
    pub(in crate::app) fn put(&mut self, request: SentRequest) {
        self.0.retain(|other| !other.is_same(&request));
        self.0.insert(0, request);
        self.0.truncate(MAX_REQUESTS);
    }

    /// Notes how far a request is; without a stage, that it never left. Whether it is known.
    pub(in crate::app) fn note(&mut self, identity: &Identity, of: &Followed, stage: Option<SentStage>) -> bool {
        let Some(at) = self.0.iter().position(|one| one.is_of(identity) && one.followed() == *of) else { return false };
        match stage {
            Some(stage) => self.0[at].stage = stage,
            None => drop(self.0.remove(at)),
        }
        true
    }

    /// Takes over what another tab has stored: of two states of one request the later one. Gives what is new.
    pub(in crate::app) fn merge(&mut self, theirs: Self) -> Vec<SentRequest> {
        let mut new = Vec::new();
        for their in theirs.0.into_iter().rev() {
            let own = self.0.iter().find(|own| own.is_same(&their));
            if own.is_none_or(|own| (own.sent, own.stage.rank()) < (their.sent, their.stage.rank())) {
                new.push(their.clone());
                self.put(their);
            }
        }
        new
    }

    /// Forgets what is long over.
    pub(in crate::app) fn forget_old(&mut self, now: OffsetDateTime) {
        self.0.retain(|one| now < one.sent.saturating_add(KEPT));
    }

    /// Forgets those of an identity.
    pub(in crate::app) fn forget_of(&mut self, identity: &Identity) {
        self.0.retain(|one| !one.is_of(identity));
    }

    /// The text that is stored.
    pub fn text(&self) -> String {
        saved::write(&Stored { version: SHAPE, requests: self.0.clone() })
    }

    /// What was stored; none where it cannot be read.
    pub fn read(text: &str) -> Option<Self> {
        let stored: Stored = saved::read(text).or_else(|| Some(saved::read::<EarlierStored>(text)?.into()))?;
        (stored.version == SHAPE).then(|| Self(stored.requests.into_iter().take(MAX_REQUESTS).collect()))
    }
}

impl State {
    /// What this account has sent last about the same.
    pub fn sent_request(&self, of: &Followed) -> Option<&SentRequest> {
        self.sent_requests.of(&self.identity()).find(|one| one.followed() == *of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    const STORED: &str = r#"{"version":1,"requests":[{"cloud":"AzureCloud","owner":{"tenant":"t","account":"ops@contoso.com"},"subject":{"action":{"restore":"7d1f0a2c-0000-4000-8000-000000000001","action":{"attach":{"disk":"/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/disks/d","machine":"/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/m","lun":2}}}},"sha256":"ab","sent":"2026-05-14T12:00:00Z","stage":"sent"},{"cloud":"AzureCloud","owner":{"tenant":"t","account":"ops@contoso.com"},"subject":{"deployment":{"restore":"7d1f0a2c-0000-4000-8000-000000000001"}},"sha256":"cd","sent":"2026-05-14T11:00:00Z","stage":"done"},{"cloud":"AzureCloud","owner":{"tenant":"t","account":"ops@contoso.com"},"subject":{"undeletion":{"id":"/subscriptions/s/resourceGroups/g/providers/Microsoft.RecoveryServices/vaults/v/protectedItems/i","vault":"/subscriptions/s/resourceGroups/g/providers/Microsoft.RecoveryServices/vaults/v"}},"sha256":"ef","sent":"2026-05-14T10:00:00Z","stage":"sent"}]}"#;

    fn stored() -> (SentRequests, SentRequest) {
        let all = SentRequests::read(STORED).unwrap();
        let one = all.0[0].clone();
        (all, one)
    }

    #[test]
    fn what_was_stored_is_read_and_written_alike_and_nothing_else_is() {
        let (all, one) = stored();
        assert_eq!(all.text(), STORED);
        assert_eq!(one.sent, datetime!(2026-05-14 12:00 UTC));
        let told = one.unanswered().message;
        assert!(told.contains("2026-05-14 12:00 UTC") && told.contains("SHA-256 ab"), "{told}");
        for text in
            ["", "{}", "[]", &STORED.replace("\"version\":1", "\"version\":2"), &STORED.replace("sha256", "password")]
        {
            assert_eq!(SentRequests::read(text), None, "{text}");
        }
    }

    #[test]
    fn of_two_tabs_the_later_state_counts_and_what_is_new_is_given() {
        let (mut all, one) = stored();
        let with = |stage, hours| {
            SentRequests(vec![SentRequest { stage, sent: one.sent + Duration::hours(hours), ..one.clone() }])
        };
        assert_eq!(all.merge(with(SentStage::Done, 0)).len(), 1);
        for older in [with(SentStage::Sent, 0), with(SentStage::Done, -1), with(SentStage::Done, 0)] {
            assert_eq!(all.merge(older), []);
        }
        assert_eq!(all.merge(with(SentStage::Sent, 1))[0].stage, SentStage::Sent, "another request about the same");
        assert_eq!(all.0.len(), 3);
        // Another account's request about the same stands beside it.
        let other = SentRequest { owner: Owner::default(), ..one.clone() };
        assert_eq!(all.merge(SentRequests(vec![other.clone()])).len(), 1);
        let identity = Identity { cloud: one.cloud, owner: other.owner };
        all.forget_of(&identity);
        assert_eq!((all.0.len(), all.of(&identity).count()), (3, 0));
    }

    #[test]
    fn one_that_never_left_is_forgotten_and_so_is_what_is_a_day_old() {
        let (mut all, one) = stored();
        let identity = Identity { cloud: one.cloud.clone(), owner: one.owner.clone() };
        assert!(all.note(&identity, &one.followed(), None) && !all.note(&identity, &one.followed(), None));
        all.forget_old(one.sent + Duration::hours(22));
        assert_eq!(all.0.len(), 1, "the third was sent two hours before the first");
        all.forget_old(one.sent + Duration::hours(23));
        assert_eq!(all, SentRequests::default());
    }
}
