//! The facts of a recovery point, put together from what has been read.

use std::rc::Rc;

use azure_backup::arm::call::ApiVersion;
use azure_backup::arm::id::{ArmId, SubscriptionId};
use azure_backup::backup::item::ProtectedItem;
use azure_backup::backup::lookups::StorageAccount;
use azure_backup::backup::recovery_point::RecoveryPoint;
use azure_backup::backup::vault::{EncryptionConfig, ResourceGuardProxy, Vault};

use super::fleet::status::GraphRows;
use super::key::{Answered, Key, List};
use super::prepared::PreparedRestore;
use super::state::State;
use crate::restore::carry::{carried, is_of_another_point};
use crate::restore::draft::Draft;
use crate::restore::facts::{Facts, Lookups};
use crate::restore::plan::Plan;
use crate::restore::regional_id::RegionalId;
use crate::restore::rules::Reason;

impl State {
    /// The vault with all its properties, or as the list shows it.
    pub fn vault(&self, id: &ArmId) -> Option<Rc<Vault>> {
        if let Some(vault) = self.catalog.get::<Vault>(&Key::Vault(id.clone())) {
            return Some(vault);
        }
        let subscription = SubscriptionId::parse(id.subscription()?).ok()?;
        self.catalog.get::<[Rc<Vault>]>(&Key::Vaults(subscription))?.iter().find(|v| v.id == *id).cloned()
    }

    /// The protected item, from its own answer or from the vault's list; in the secondary region there is the list alone.
    pub fn item(&self, place: &RegionalId) -> Option<Rc<ProtectedItem>> {
        let vault = place.vault()?;
        let list = if place.secondary.is_some() { Key::SecondaryItems(vault) } else { Key::Items(vault) };
        let listed = self.catalog.get::<[Rc<ProtectedItem>]>(&list);
        match listed.iter().flat_map(|l| l.iter()).find(|i| i.id == place.id) {
            Some(item) => Some(item.clone()),
            None if place.secondary.is_some() => None,
            None => self.catalog.get::<ProtectedItem>(&Key::Item(place.id.clone())),
        }
    }

    /// What the machine of an item is called; until the item itself was read, by the list that it was opened from.
    pub fn machine_name(&self, place: &RegionalId) -> Option<String> {
        let own = self.item(place).map(|item| item.friendly_name.clone());
        own.or_else(|| Some(self.catalog.get::<GraphRows>(&Key::Fleet)?.get(&place.id)?.name.clone()))
    }

    /// Whether its vault says that there is no such item.
    pub fn is_gone(&self, place: &RegionalId) -> bool {
        let fault = self.catalog.fault(&Key::Item(place.id.clone()));
        place.secondary.is_none() && fault.is_some_and(|fault| fault.status == Some(404)) && self.item(place).is_none()
    }

    /// The recovery point: its own answer, else its row in the list, and whether it is the former.
    fn recovery_point(&self, place: &RegionalId) -> Option<(Rc<RecoveryPoint>, bool)> {
        let (id, item) = (place.id.clone(), place.item()?.id);
        let (one, list) = match place.secondary {
            Some(_) => (Key::SecondaryPoint(id), Key::SecondaryPoints(item)),
            None => (Key::Point(id), Key::Points(item)),
        };
        if let Some(point) = self.catalog.get::<RecoveryPoint>(&one) {
            return Some((point, true));
        }
        let points = self.catalog.get::<[Rc<RecoveryPoint>]>(&list)?;
        // Where no single point can be read, the list says all that there is to know.
        let whole = place.secondary.is_some() && !self.reads_secondary_points();
        points.iter().find(|p| p.id == place.id).map(|p| (p.clone(), whole))
    }

    /// Whether the api-version of the secondary region can read a single recovery point: the oldest one cannot.
    pub(super) fn reads_secondary_points(&self) -> bool {
        self.settings.versions.secondary != ApiVersion::CROSS_REGION_TUTORIAL
    }

    /// The facts and the plan of a recovery point with a draft. They are computed once for each change of what they depend on.
    pub(super) fn prepared(&self, place: &RegionalId, draft: &Draft) -> Rc<PreparedRestore> {
        let answers = (self.catalog.revision(), &self.settings.versions, &self.restores);
        self.prepared.get(answers, (place, draft), |own| self.compute(place, own))
    }

    /// The draft of a recovery point as the form shows it: the operator's choices, as far as this point allows them, completed by
    /// suggestions. An untouched one is empty but for these.
    pub fn draft(&self, place: &RegionalId) -> Draft {
        let own = self.drafts.get(place).cloned().unwrap_or_default();
        self.prepared(place, &own).draft().clone()
    }

    /// The facts, and the operator's choices completed by them.
    fn compute(&self, place: &RegionalId, own: &Draft) -> Option<(Facts, Draft)> {
        let mut facts = self.compute_facts(place, own)?;
        let elsewhere = is_of_another_point(own, place.id.name());
        let mut draft = match elsewhere && self.facts_settled(&facts) {
            true => carried(&facts, own),
            false => own.clone(),
        };
        if draft.target_subscription != own.target_subscription {
            facts.lookups = self.lookups(&facts, &draft);
        }
        if elsewhere {
            // It was typed for another plan.
            draft.confirm.clear();
        }
        let draft = self.suggest(&facts, &draft);
        facts.name_taken = facts.target_vm(&draft).and_then(|id| self.exists(&id));
        Some((facts, draft))
    }

    /// Whether all has been read on which it rests what a recovery point allows.
    pub(super) fn facts_settled(&self, facts: &Facts) -> bool {
        let vault = facts.vault.id.clone();
        let primary = facts.secondary.is_none();
        let source = facts.item.source_resource_id.clone().filter(|_| primary).map(Key::Exists);
        let is_read = |key: Key| self.catalog.entry(&key).is_some_and(|e| e.value.is_some() || e.fault.is_some());
        facts.detailed
            && is_read(Key::Vault(vault.clone()))
            && is_read(Key::Encryption(vault))
            && source.is_none_or(is_read)
    }

    /// The facts of a recovery point, as soon as vault, item and point are known; the rest may still be on its way.
    pub fn facts(&self, place: &RegionalId, draft: &Draft) -> Option<Rc<Facts>> {
        self.prepared(place, draft).facts()
    }

    /// Reads nothing but the catalog and the api-versions: [`PreparedRestores`](super::prepared::PreparedRestores) keeps the result as long as
    /// these stay the same. Whether the name is taken follows when there is one.
    pub(super) fn compute_facts(&self, place: &RegionalId, draft: &Draft) -> Option<Facts> {
        let vault_id = place.vault()?;
        let (point, detailed) = self.recovery_point(place)?;
        let item = self.item(&place.item()?)?;
        let secondary = place.secondary.clone();
        let vault = match self.vault(&vault_id) {
            Some(vault) => vault,
            // When the primary region is down nobody tells; the secondary region does not ask.
            None => Rc::new(Vault::unknown(secondary.as_ref().map(|_| vault_id.clone())?)),
        };
        let versions = &self.settings.versions;
        let version = if secondary.is_some() { &versions.secondary } else { &versions.primary };
        let source = item.source_resource_id.clone();
        let guards = self.catalog.get::<[Rc<ResourceGuardProxy>]>(&Key::Guards(vault_id.clone()));
        let mut facts = Facts {
            version: version.clone(),
            secondary,
            vault,
            item,
            point,
            detailed,
            encryption_at_rest: self
                .catalog
                .get::<EncryptionConfig>(&Key::Encryption(vault_id))
                .and_then(|e| e.at_rest.clone()),
            guard_requests: guards
                .iter()
                .flat_map(|g| g.iter())
                .filter_map(|g| g.restore_request().map(str::to_owned))
                .collect(),
            source_exists: source.and_then(|id| self.exists(&id)),
            name_taken: None,
            lookups: Lookups::default(),
        };
        facts.lookups = self.lookups(&facts, draft);
        Some(facts)
    }

    /// The facts that all points of a list share, with those of `any` of them; none until Azure has answered whether the source exists, on which a
    /// way of restoring rests.
    pub fn facts_of_list(&self, item: &RegionalId, any: &RecoveryPoint) -> Option<Facts> {
        let mut facts = (*self.facts(&item.with(any.id.clone()), &Draft::default())?).clone();
        let source = facts.item.source_resource_id.clone().filter(|_| item.secondary.is_none()).map(Key::Exists);
        if source.is_some_and(|key| self.catalog.needs_read(&key) || self.catalog.is_loading(&key)) {
            return None;
        }
        facts.detailed = item.secondary.is_some() && !self.reads_secondary_points();
        Some(facts)
    }

    pub(super) fn exists(&self, id: &ArmId) -> Option<bool> {
        self.catalog.get::<bool>(&Key::Exists(id.clone())).map(|b| *b)
    }

    fn lookups(&self, facts: &Facts, draft: &Draft) -> Lookups {
        fn list<T>(state: &State, key: Option<Key>) -> Option<List<T>>
        where
            [Rc<T>]: Answered,
        {
            state.catalog.get(&key?)
        }
        let own = facts.vault_subscription();
        let target = facts.target_subscription(draft);
        let mut storage_accounts: Option<List<StorageAccount>> = None;
        for subscription in facts.account_subscriptions(draft) {
            let Some(more) = list::<StorageAccount>(self, Some(Key::Accounts(subscription))) else { continue };
            storage_accounts = Some(match storage_accounts {
                None => more,
                Some(known) => known.iter().chain(more.iter()).cloned().collect(),
            });
        }
        Lookups {
            subscriptions: list(self, Some(Key::Subscriptions)),
            storage_accounts,
            groups: list(self, target.clone().map(Key::Groups)),
            networks: list(self, target.clone().map(Key::Networks)),
            encryption_sets: list(self, target.clone().map(Key::EncryptionSets)),
            disk_accesses: list(self, target.map(Key::DiskAccesses)),
            identities: list(self, own.map(Key::Identities)),
        }
    }

    /// The plan of the place under review, or why there is none.
    ///
    /// # Errors
    /// The reasons; none while the facts are still on their way.
    pub fn plan(&self, point: &RegionalId) -> Result<Rc<Plan>, Vec<Reason>> {
        self.prepared(point, &self.draft(point)).plan()
    }

    /// Facts on which the rules rest and that have not been read yet: until they are, a restore does not start.
    pub fn facts_missing(&self, point: &RegionalId) -> Vec<Key> {
        let needed = |key: &Key| {
            matches!(key, Key::Point(_) | Key::Vault(_) | Key::Encryption(_) | Key::Guards(_))
                || matches!(key, Key::Exists(_) | Key::SecondaryPoint(_))
        };
        let mut keys = super::needs::of_point(self, point);
        if self.name_lookup_due_at.is_some() {
            // It is asked for in a moment.
            let draft = self.draft(point);
            keys.extend(self.facts(point, &draft).and_then(|f| f.target_vm(&draft)).map(Key::Exists));
        }
        keys.into_iter()
            .filter(|k| needed(k) && self.catalog.entry(k).is_none_or(|e| e.value.is_none() && e.fault.is_none()))
            .collect()
    }
}
