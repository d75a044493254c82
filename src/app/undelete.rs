//! Bringing back what was deleted: a protected item, or a vault.

use std::rc::Rc;

use azure_backup::arm::fault::Fault;
use azure_backup::arm::id::{ArmId, Region, SubscriptionId};
use azure_backup::backup::job_tracker::JobTracker;
use azure_backup::backup::undelete::{self, DeletedVault};
use azure_backup::backup::vault::Vault;
use time::OffsetDateTime;

use super::effect::CallId;
use super::follower::Follower;
use super::identity::Identity;
use super::key::Key;
use super::shown_request::ShownRequest;
use super::state::State;
use crate::restore::regional_id::{RegionalId, location_id};

/// What is being brought back, and how far it is. What is saved of it is a [`super::sent::SentRequest`].
#[derive(Clone, Debug, PartialEq)]
pub struct Undeleting {
    /// The item, or the deleted vault.
    pub id: ArmId,
    /// Its vault.
    pub vault: ArmId,
    /// Who has asked for it: nobody else follows it.
    pub identity: Identity,
    /// The poll of the job that is under way.
    pub call: Option<CallId>,
    /// How far it is.
    pub stage: Stage,
}

/// How far it is.
#[derive(Clone, Debug, PartialEq)]
pub enum Stage {
    /// The request has left, and is followed.
    Following(Follower),
    /// The job that the operation has made is followed.
    Job(Box<JobTracker>),
    /// Azure is done, or cannot be followed: what it lists is read until it is there again, so many times yet.
    Reading {
        /// When it is read next.
        at: OffsetDateTime,
        /// How often it is read after that.
        left: u8,
    },
    /// It is over. Whether it is there again is what Azure lists.
    Over,
    /// It failed.
    Failed {
        /// Why.
        fault: Rc<Fault>,
        /// Whether nobody knows if Azure has heard of the request.
        unknown: bool,
    },
}

impl Undeleting {
    /// Whether something is still to come.
    pub fn runs(&self) -> bool {
        !matches!(self.stage, Stage::Over | Stage::Failed { .. })
    }
}

/// The lists that tell whether what was undeleted is there again.
pub(super) fn lists_of(id: &ArmId) -> Vec<Key> {
    match id.up_to("vaults") {
        Some(vault) => vec![Key::Items(vault), Key::Item(id.clone())],
        None => {
            let subscription = id.subscription().and_then(|s| SubscriptionId::parse(s).ok());
            let deleted = id.up_to("locations").map(Key::DeletedVaults);
            subscription.map(Key::Vaults).into_iter().chain(deleted).collect()
        }
    }
}

impl State {
    /// The request that brings `id` back: an item of a vault's list, or a vault of the list of deleted ones. None when it is not deleted.
    pub fn undelete_request(&self, id: &ArmId) -> Option<ShownRequest> {
        let call = match self.deleted_vault(id) {
            Some(deleted) => undelete::vault(&deleted, &group_of(deleted.vault.as_ref()?)?),
            None => {
                let item = self.item(&RegionalId::from(id.clone())).filter(|item| item.soft_deleted)?;
                undelete::item(&item, &self.settings.versions.primary)?
            }
        };
        Some(ShownRequest::of(call, &self.cloud()))
    }

    /// Whether Azure lists it as what can be restored from. That a list does not name it as deleted proves nothing: the list may not have been
    /// read, and what was purged is in none.
    pub fn is_back(&self, id: &ArmId) -> bool {
        if id.up_to("vaults").is_some() {
            return self.item(&RegionalId::from(id.clone())).is_some_and(|item| !item.soft_deleted);
        }
        let vault = self.undeleting(id).map(|one| &one.vault);
        let subscription = id.subscription().and_then(|s| SubscriptionId::parse(s).ok());
        let vaults = subscription.and_then(|s| self.catalog.get::<[Rc<Vault>]>(&Key::Vaults(s)));
        let listed = vaults.iter().flat_map(|list| list.iter()).any(|listed| Some(&listed.id) == vault);
        listed && self.deleted_vault(id).is_none()
    }

    /// How far the undeletion of `id` is, if there was one.
    pub fn undeleting(&self, id: &ArmId) -> Option<&Undeleting> {
        self.undeleting.iter().find(|one| one.id == *id)
    }

    /// A deleted vault of a list that has been read.
    pub fn deleted_vault(&self, id: &ArmId) -> Option<Rc<DeletedVault>> {
        let list = self.catalog.get::<[Rc<DeletedVault>]>(&Key::DeletedVaults(id.up_to("locations")?))?;
        list.iter().find(|deleted| deleted.id == *id).cloned()
    }

    /// The lists of deleted vaults of a subscription that can be asked for: those of the regions in which it has vaults.
    pub fn deleted_vault_lists(&self, subscription: &SubscriptionId) -> Vec<Key> {
        let vaults = self.catalog.get::<[Rc<Vault>]>(&Key::Vaults(subscription.clone()));
        let mut keys: Vec<Key> = Vec::new();
        for vault in vaults.iter().flat_map(|list| list.iter()) {
            let key = location_id(&vault.id, &Region::new(&vault.location.key())).map(Key::DeletedVaults);
            keys.extend(key.filter(|key| !keys.contains(key)));
        }
        keys
    }
}

/// The resource group that a vault was in.
fn group_of(vault: &ArmId) -> Option<ArmId> {
    let (subscription, group) = (vault.subscription()?, vault.resource_group()?);
    ArmId::parse(&format!("/subscriptions/{subscription}/resourceGroups/{group}")).ok()
}
