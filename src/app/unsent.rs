//! Sending what a record asks for that was not sent. Whoever can write this browser's storage can write a record, so nothing of one is
//! believed: the review is made of the text that would leave, and refused where the rest of the record says otherwise.

use azure_backup::arm::id::ClientRequestId;
use azure_backup::arm::version::ApiVersion;

use super::launch::{Launch, LaunchStep};
use super::saved::{SECONDARY_VERSIONS, VERSIONS};
use super::state::State;
use crate::restore::owner::Owner;
use crate::restore::plan::confirms;
use crate::restore::read_back::{Disagreement, ParsedRequest, Unreadable};
use crate::restore::regional_id::RegionalId;
use crate::restore::run::{RestoreRun, Stage};

/// Why what a record asks for is not sent from here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSendable {
    /// There is no connection to the cloud of the restore.
    #[error("Not sent. Connect to {0} with the account that it belongs to, and this page shows the request again.")]
    Disconnected(String),
    /// Another account has started it.
    #[error("Not sent. This restore belongs to {0}. Connect with that account to send it, or start your own restore.")]
    OtherIdentity(Owner),
    /// The text is no request that can be reviewed.
    #[error("Not sent, and it can't be sent from here. {0} Start the restore from its recovery point.")]
    Unreadable(#[from] Unreadable),
    /// The api-version stands beside the text, and Azure reads the text by it: by an older one it may pass over what it does not know.
    #[error(
        "Not sent, and it can't be sent from here: its API version, {0}, isn't available in Settings. Start the restore from its recovery point."
    )]
    Version(ApiVersion),
    /// A recovery plan started this restore, and has put another one in its place since: both together would restore the machine twice.
    #[error(
        "Not sent, and it can't be sent from here: the recovery plan {0} no longer counts on this request. It restores this VM by another request, or leaves it out. See the plan, or start a restore of your own from the recovery point."
    )]
    Replaced(String),
    /// The record says something else than the text.
    #[error(
        "Not sent, and it can't be sent from here: the record doesn't match its request. An older version of this page wrote it, or something else changed it. {0} Start the restore from its recovery point."
    )]
    Disagreement(#[from] Disagreement),
}

impl State {
    /// The review of what a record asks for, made of the text that would leave; none where there is nothing that could be sent. What this tab has
    /// sent itself and Azure has refused for want of a sign-in is sent again from memory instead.
    pub fn unsent_review(&self, id: &ClientRequestId) -> Option<Result<ParsedRequest, NotSendable>> {
        let restore = self.restore(id).filter(|restore| restore.can_be_sent())?;
        if self.launches.is_active(id) || self.can_retry_refused(id) {
            return None;
        }
        let submitted = restore.submitted.as_ref()?;
        if !self.connected() || self.cloud_name() != restore.cloud {
            return Some(Err(NotSendable::Disconnected(restore.cloud.clone())));
        }
        if !self.owns(restore) {
            return Some(Err(NotSendable::OtherIdentity(restore.owner.clone())));
        }
        if let Some(plan) = self.replaced_by(id) {
            return Some(Err(NotSendable::Replaced(plan.name.clone())));
        }
        let offered: &[_] = if restore.secondary.is_some() { &SECONDARY_VERSIONS } else { &VERSIONS };
        if !offered.iter().any(|(version, _)| *version == restore.version) {
            return Some(Err(NotSendable::Version(restore.version.clone())));
        }
        let review = submitted.text.read().map_err(NotSendable::from).and_then(|review| {
            let place = RegionalId { id: submitted.item.clone(), secondary: restore.secondary.clone() };
            let said = self.item(&place).and_then(|item| item.source_resource_id.clone());
            review.agrees(submitted, &restore.vault, &restore.vm, restore.secondary.as_ref(), said.as_ref())?;
            Ok(review.clone())
        });
        Some(review)
    }

    /// The newest restore of the same machine that was started after one that was not sent, as far as this browser knows. One that never left, or
    /// that Azure has refused, does not count.
    pub fn restored_since(&self, unsent: &RestoreRun) -> Option<&RestoreRun> {
        let item = |restore: &RestoreRun| restore.submitted.as_ref().map(|submitted| submitted.item.clone());
        let restored = |restore: &&RestoreRun| {
            let has_left = !matches!(restore.stage, Stage::NotSent { .. } | Stage::Refused { .. });
            has_left && restore.started > unsent.started && item(restore) == item(unsent)
        };
        self.restores.iter().filter(restored).max_by_key(|restore| restore.started)
    }

    /// The protected item of a restore that could be sent from its record and whose virtual machine is in another subscription
    /// than its vault. That is so under Cross Subscription Backup; that the item protects this machine, Azure alone can say.
    pub(super) fn unsent_item_elsewhere(&self, id: &ClientRequestId) -> Option<RegionalId> {
        let restore = self.restore(id).filter(|restore| restore.can_be_sent() && self.owns(restore))?;
        let submitted = restore.submitted.as_ref()?;
        let source = &submitted.text.read().ok()?.source;
        let elsewhere = !source.subscription()?.eq_ignore_ascii_case(restore.vault.subscription()?);
        elsewhere.then(|| RegionalId { id: submitted.item.clone(), secondary: restore.secondary.clone() })
    }

    /// Whether the operator has typed the name that the request needs, if it needs one.
    pub fn unsent_is_confirmed(&self, id: &ClientRequestId, review: &ParsedRequest) -> bool {
        let typed = self.unsent_confirmation.as_ref().filter(|(of, _)| of == id).map(|(_, typed)| typed.trim());
        review.confirmation().is_none_or(|name| typed.is_some_and(|typed| confirms(typed, name)))
    }

    /// Whether this tab holds the bytes of a restore that Azure has refused for want of a sign-in, from a click of the account that is connected.
    pub fn can_retry_refused(&self, id: &ClientRequestId) -> bool {
        let mine = |launch: &Launch| matches!(launch.step, LaunchStep::Refused) && launch.identity == self.identity();
        let held = self.launches.get(id).is_some_and(mine);
        let refused = self.restore(id).is_some_and(|restore| restore.is_refused_for_sign_in());
        held && refused && self.replaced_by(id).is_none()
    }
}
