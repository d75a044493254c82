//! What is needed of Azure: by whom, and what first.
//!
//! What is needed is the union of what each [`Interest`] needs, so that an answer is read as long as anybody needs it, and once, whoever else
//! needs it, too. Nothing is canceled when a page is left: what it asked for is kept for when the operator comes back. Restores that are
//! followed need nothing of the catalog: `update/follow.rs` polls their operations and jobs within their quotas.

use std::collections::BTreeSet;

use azure_backup::arm::id::{ArmId, ClientRequestId, SubscriptionId};
use azure_backup::backup::lookups::VirtualMachine;
use azure_backup::backup::vault::{EncryptionAtRest, Vault};

use super::catalog::Catalog;
use super::fleet::status;
use super::key::Key;
use super::route::Route;
use super::session::Session;
use super::state::State;
use super::undelete::{Stage, Undeleting, lists_of};
use crate::recovery::plan::PlanId;
use crate::restore::draft::Draft;
use crate::restore::facts::Facts;
use crate::restore::regional_id::RegionalId;
use crate::restore::scenario::Scenario;

/// Background reads that are under way at a time. Browsers send six requests at a time to a host over HTTP/1.1: with more, what the screen
/// needs next would wait behind work that nobody looks at.
const MAX_IN_BACKGROUND: usize = 6;

/// Somebody who needs answers of Azure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Interest {
    /// The page on the screen.
    Screen,
    /// A request that is about to be sent from its record. If it is not sent after all, its review needs the protected item again.
    Launch(ClientRequestId),
    /// The checks of the restore on the form or under review, and the price of its rehydration. Nothing waits for them.
    Readiness,
    /// An undeletion that is done as soon as Azure lists what was deleted.
    Undeletion(ArmId),
    /// The recovery plan on the screen, whose machines are spelled out. Its answers come after everything else.
    Plan(PlanId),
    /// The checks of its machines, after all else.
    PlanReadiness(PlanId),
    /// What the rehearsal on the board has made.
    CleanUp(PlanId),
}

/// How urgent an answer is; the most urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// The page on the screen shows it: it is requested at once.
    Screen,
    /// It is requested when few other reads of this kind are under way.
    Background,
}

/// An answer that somebody needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// The answer.
    pub key: Key,
    /// The urgency of the most urgent interest in it.
    pub priority: Priority,
}

impl Interest {
    /// The interests of the present state, the most urgent first.
    fn all(state: &State) -> Vec<Self> {
        let launches = state.launches.active().map(|(id, _)| Self::Launch(id.clone()));
        let read_again = |one: &&Undeleting| matches!(one.stage, Stage::Reading { .. });
        let undeletions = state.undeleting.iter().filter(read_again).map(|one| Self::Undeletion(one.id.clone()));
        let plan = state
            .plan_to_expand()
            .cloned()
            .into_iter()
            .flat_map(|id| [Self::Plan(id.clone()), Self::PlanReadiness(id)]);
        let board = match &state.route {
            Route::Board(id, _) => Some(Self::CleanUp(id.clone())),
            _ => None,
        };
        let rest = std::iter::once(Self::Readiness).chain(plan).chain(board);
        std::iter::once(Self::Screen).chain(launches).chain(undeletions).chain(rest).collect()
    }

    const fn priority(&self) -> Priority {
        match self {
            Self::Screen => Priority::Screen,
            Self::Launch(_)
            | Self::Undeletion(_)
            | Self::Plan(_)
            | Self::Readiness
            | Self::PlanReadiness(_)
            | Self::CleanUp(_) => Priority::Background,
        }
    }

    /// What it needs, in the order in which it matters.
    fn keys(&self, state: &State) -> Vec<Key> {
        match self {
            Self::Screen => of_screen(state),
            Self::Launch(id) => of_stored(state, id).into_iter().collect(),
            Self::Undeletion(id) => lists_of(id),
            Self::Plan(id) => state.plan_needs(id),
            Self::PlanReadiness(id) => state.plan_readiness_keys(id),
            Self::Readiness => state.readiness_keys(),
            Self::CleanUp(id) => state.clean_up_keys(id),
        }
    }
}

/// What anybody needs, each answer once, the most urgent first.
pub fn of(state: &State) -> Vec<Need> {
    if !state.started || !state.connected() {
        return Vec::new();
    }
    union(Interest::all(state).iter().map(|interest| (interest.priority(), interest.keys(state))))
}

/// Each key once, with the urgency of whoever needs it first.
fn union(interests: impl Iterator<Item = (Priority, Vec<Key>)>) -> Vec<Need> {
    let mut known: BTreeSet<Key> = BTreeSet::new();
    let mut needs: Vec<Need> = Vec::new();
    for (priority, keys) in interests {
        needs.extend(keys.into_iter().filter(|key| known.insert(key.clone())).map(|key| Need { key, priority }));
    }
    needs
}

/// What of `needs` is to be requested now: all that the screen needs and lacks, and of the background so much that few of its reads are under way.
pub fn to_request(needs: &[Need], catalog: &Catalog) -> Vec<Key> {
    let is_read = |need: &&Need| catalog.entry(&need.key).is_some_and(|entry| entry.reading.is_some());
    let background = needs.iter().filter(|need| need.priority == Priority::Background);
    let mut room = MAX_IN_BACKGROUND.saturating_sub(background.filter(is_read).count());
    let mut has_room = |need: &&Need| match need.priority {
        Priority::Screen => true,
        Priority::Background if room == 0 => false,
        Priority::Background => {
            room -= 1;
            true
        }
    };
    let lacking = needs.iter().filter(|need| catalog.needs_read(&need.key));
    lacking.filter(|need| has_room(need)).map(|need| need.key.clone()).collect()
}

/// What the page on the screen needs, in the order in which it matters. The same whether the operator clicked, came back or opened a link.
pub fn of_screen(state: &State) -> Vec<Key> {
    if !state.started || !state.connected() {
        return Vec::new();
    }
    if let Route::Restore(id) = &state.route {
        let after = state.restore(id).map(|run| state.keys_after(run)).unwrap_or_default();
        return of_stored(state, id).into_iter().chain(after).collect();
    }
    if !state.route.needs_connection() {
        return Vec::new();
    }
    let mut keys = of_place(state);
    // The tenant is named on every page.
    if matches!(state.session, Session::SignedIn(_)) || state.route == Route::Account {
        keys.push(Key::Tenants);
    }
    keys
}

fn of_place(state: &State) -> Vec<Key> {
    match &state.route {
        Route::NewPlan(_) => status::keys(&state.catalog),
        Route::Vms(_) => {
            let mut keys = status::keys(&state.catalog);
            if state.view.deleted_vaults {
                keys.push(Key::Subscriptions);
                if let Some(subscription) = state.subscription() {
                    keys.push(Key::Vaults(subscription.clone()));
                    keys.extend(state.deleted_vault_lists(&subscription));
                }
            }
            keys
        }
        Route::Secondary { vault, .. } => {
            let mut keys = vec![Key::Subscriptions];
            keys.extend(state.subscription().map(Key::Vaults));
            if let Some(vault) = vault {
                keys.extend([Key::Vault(vault.clone())]);
                keys.extend(locations(vault));
                let itself = state.catalog.get::<Vault>(&Key::Vault(vault.clone()));
                if itself.is_some_and(|v| v.cross_region_restore.is_none()) {
                    keys.push(Key::StorageConfig(vault.clone()));
                }
                // Azure Backup answers for no vault that has it switched off. What an old one's storage says is no such answer: the list tells.
                if state.vault(vault).is_none_or(|v| v.cross_region_restore != Some(false)) {
                    keys.push(Key::SecondaryItems(vault.clone()));
                }
            }
            keys
        }
        Route::Points(place) => {
            let mut keys = Vec::new();
            if place.secondary.is_some() {
                keys.push(Key::SecondaryPoints(place.id.clone()));
                // Its newest point is shown beside those of the secondary region.
                keys.push(Key::Item(place.id.clone()));
            } else {
                keys.push(Key::Points(place.id.clone()));
                keys.extend(state.item(place).and_then(|i| i.source_resource_id.clone()).map(Key::Exists));
            }
            keys.extend(of_item(state, place));
            keys
        }
        Route::Form(point) | Route::Review(point) => of_point(state, point),
        Route::Files(point) => {
            // In the secondary region there is no file recovery.
            let Some(item) = point.item().filter(|item| item.secondary.is_none()) else { return Vec::new() };
            // The list tells which other points of the machine are attached.
            let mut keys = vec![Key::Point(point.id.clone()), Key::Points(item.id.clone())];
            keys.extend(of_item(state, &item));
            keys
        }
        Route::PlanMachine(plan, machine) => state.exception_keys(plan, machine),
        Route::Jobs(vault, _) => {
            let mut keys = vec![Key::Subscriptions];
            if let Some(subscription) = state.subscription() {
                keys.push(Key::Vaults(subscription));
            }
            if let Some(vault) = vault {
                keys.push(Key::Jobs(vault.clone()));
                if state.cross_region(vault) == Some(true) {
                    keys.extend(locations(vault));
                }
                keys.extend(state.secondary_jobs(vault).map(|(_, key)| key));
            }
            keys
        }
        _ => Vec::new(),
    }
}

fn locations(vault: &ArmId) -> Option<Key> {
    SubscriptionId::parse(vault.subscription()?).ok().map(Key::Locations)
}

/// The item, and its vault. The item alone is asked for unless the vault's list has it already; the secondary region has the list only.
fn of_item(state: &State, item: &RegionalId) -> Vec<Key> {
    let Some(vault) = item.vault() else { return Vec::new() };
    let mut keys = Vec::new();
    if item.secondary.is_some() {
        keys.push(Key::SecondaryItems(vault.clone()));
        keys.extend(locations(&vault));
    } else {
        let listed = state.catalog.entry(&Key::Items(vault.clone())).is_some_and(|e| e.at.is_some());
        let known = state.item(item);
        if !listed || known.is_none() {
            keys.push(Key::Item(item.id.clone()));
        }
        // Whoever refreshes the page of a deleted item asks whether it is still deleted.
        if known.is_some_and(|item| item.soft_deleted) {
            keys.push(Key::Items(vault.clone()));
        }
    }
    keys.push(Key::Vault(vault));
    keys
}

/// The item of a restore that was not sent and whose virtual machine is in another subscription than its vault: what Azure says of
/// it is held against the request before that can be sent.
fn of_stored(state: &State, id: &ClientRequestId) -> Option<Key> {
    let place = state.unsent_item_elsewhere(id)?;
    Some(if place.secondary.is_some() { Key::SecondaryItems(place.vault()?) } else { Key::Item(place.id) })
}

/// Everything that the form of a recovery point rests on.
pub fn of_point(state: &State, point: &RegionalId) -> Vec<Key> {
    let mut keys = of_point_alone(state, point);
    let draft = state.draft(point);
    if let Some(facts) = state.facts(point, &draft) {
        keys.extend(of_draft(state, &facts, &draft));
    }
    keys
}

/// What is known of a recovery point whatever the operator chooses. The point itself comes first.
pub(super) fn of_point_alone(state: &State, point: &RegionalId) -> Vec<Key> {
    let (Some(item), Some(vault)) = (point.item(), point.vault()) else { return Vec::new() };
    let secondary = point.secondary.is_some();
    let mut keys = vec![match (secondary, state.reads_secondary_points()) {
        (true, true) => Key::SecondaryPoint(point.id.clone()),
        (true, false) => Key::SecondaryPoints(item.id.clone()),
        (false, _) => Key::Point(point.id.clone()),
    }];
    keys.extend(of_item(state, &item));
    keys.extend([Key::Encryption(vault.clone()), Key::Subscriptions]);
    if !secondary {
        keys.push(Key::Guards(vault));
    }
    keys
}

/// What the choices of a draft rest on.
pub(super) fn of_draft(state: &State, facts: &Facts, draft: &Draft) -> Vec<Key> {
    let mut keys: Vec<Key> = Vec::new();
    let secondary = facts.secondary.is_some();
    keys.extend(facts.item.source_resource_id.clone().filter(|_| !secondary).map(Key::Exists));
    let own = facts.vault_subscription();
    let target = facts.target_subscription(draft);
    keys.extend(facts.account_subscriptions(draft).into_iter().map(Key::Accounts));
    if let Some(target) = target {
        keys.extend([Key::Groups(target.clone()), Key::Networks(target.clone())]);
        let encryption = facts.encryption_at_rest.as_ref();
        if encryption == Some(&EncryptionAtRest::CustomerManaged) || facts.is_confidential() {
            keys.push(Key::EncryptionSets(target.clone()));
        }
        if facts.point.private_access == Some(true) {
            keys.push(Key::DiskAccesses(target));
        }
    }
    if let Some(own) = own.filter(|_| facts.has_user_identities()) {
        keys.push(Key::Identities(own));
    }
    if draft.scenario == Some(Scenario::AnotherVm) {
        keys.extend(of_source_network(state, facts));
        if state.name_lookup_due_at.is_none() {
            keys.extend(facts.target_vm(draft).map(Key::Exists));
        }
    }
    keys
}

/// What tells the network of the original machine, which is suggested for a new one. A machine that is gone has none, and in the
/// secondary region its network cannot be used.
fn of_source_network(state: &State, facts: &Facts) -> Vec<Key> {
    let source = facts.item.source_resource_id.clone();
    let Some(source) = source.filter(|_| facts.secondary.is_none() && facts.source_exists == Some(true)) else {
        return Vec::new();
    };
    let machine = Key::Machine(source);
    let interface = state.catalog.get::<VirtualMachine>(&machine).and_then(|vm| vm.primary_interface().cloned());
    [machine].into_iter().chain(interface.map(Key::Interface)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::catalog::PendingRead;
    use crate::app::effect::CallId;
    use crate::app::key::Answer;
    use time::OffsetDateTime;

    fn item(nth: usize) -> Key {
        Key::Item(
            ArmId::parse(&format!("/subscriptions/s/resourceGroups/g/providers/p/vaults/v/items/{nth:02}")).unwrap(),
        )
    }

    fn read(catalog: &mut Catalog, key: &Key) {
        let entry = catalog.entry_mut(key);
        (entry.reading, entry.value) = (None, Some(Answer::Items([].into())));
    }

    #[test]
    fn what_several_need_is_needed_once_and_as_urgently_as_the_most_urgent_needs_it() {
        let background = |keys: Vec<Key>| (Priority::Background, keys);
        let interests =
            [(Priority::Screen, vec![item(3), item(1)]), background(vec![item(1), item(2)]), background(vec![item(2)])];
        let needs: Vec<(Key, Priority)> =
            union(interests.into_iter()).into_iter().map(|n| (n.key, n.priority)).collect();
        let expected = [(item(3), Priority::Screen), (item(1), Priority::Screen), (item(2), Priority::Background)];
        assert_eq!(needs, expected);
    }

    #[test]
    fn the_screen_waits_for_nobody_and_the_background_has_few_reads_under_way() {
        let plan = (Priority::Background, (0..40).map(item).collect());
        let screen = (Priority::Screen, vec![item(50), item(7)]);
        let needs = union([screen, plan].into_iter());
        let mut catalog = Catalog::default();
        let mut requested: Vec<Key> = Vec::new();
        let mut first = to_request(&needs, &catalog);
        assert_eq!(first[..2], [item(50), item(7)], "what the screen shows comes first");
        assert_eq!(first.len(), 2 + MAX_IN_BACKGROUND);
        while !first.is_empty() {
            for key in &first {
                let reading = PendingRead::new(CallId(0), OffsetDateTime::UNIX_EPOCH, 0);
                catalog.entry_mut(key).reading = Some(reading);
            }
            requested.append(&mut first);
            assert_eq!(to_request(&needs, &catalog), [], "nothing is requested twice");
            // Answers come in, one by one, until one makes room for more.
            for key in &requested {
                if catalog.is_loading(key) && first.is_empty() {
                    read(&mut catalog, key);
                    first = to_request(&needs, &catalog);
                }
            }
        }
        requested.sort();
        assert_eq!(requested, (0..40).map(item).chain([item(50)]).collect::<Vec<_>>(), "all were requested, each once");
    }
}
