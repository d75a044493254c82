//! What the present place needs of Azure. The same whether the operator clicked, came back or opened a link.

use std::rc::Rc;

use azure_backup::arm::id::{ArmId, ClientRequestId, SubscriptionId};
use azure_backup::backup::vault::{EncryptionAtRest, Vault};

use super::key::Key;
use super::route::Route;
use super::session::Session;
use super::state::State;
use crate::restore::place::Place;
use crate::restore::scenario::Scenario;

/// The keys that the present place needs, in the order in which they matter.
pub fn of(state: &State) -> Vec<Key> {
    if !state.started || !state.connected() {
        return Vec::new();
    }
    if let Route::Restore(id) = &state.route {
        return of_stored(state, id).into_iter().collect();
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
        Route::Vms { vault, .. } => {
            let mut keys = vec![Key::Subscriptions];
            let Some(subscription) = state.subscription() else { return keys };
            keys.push(Key::Vaults(subscription.clone()));
            match vault {
                Some(vault) => keys.push(Key::Items(vault.clone())),
                None => keys.extend(vaults(state, &subscription).map(Key::Items)),
            }
            if state.view.deleted_vaults {
                keys.extend(state.deleted_vault_lists(&subscription));
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
        Route::Jobs(vault) => {
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

fn vaults(state: &State, subscription: &SubscriptionId) -> impl Iterator<Item = ArmId> {
    let list = state.catalog.get::<[Rc<Vault>]>(&Key::Vaults(subscription.clone()));
    list.map(|l| l.iter().map(|v| v.id.clone()).collect::<Vec<_>>()).unwrap_or_default().into_iter()
}

fn locations(vault: &ArmId) -> Option<Key> {
    SubscriptionId::parse(vault.subscription()?).ok().map(Key::Locations)
}

/// The item, and its vault. The item alone is asked for unless the vault's list has it already; the secondary region has the list only.
fn of_item(state: &State, item: &Place) -> Vec<Key> {
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
    let place = state.stored_elsewhere(id)?;
    Some(if place.secondary.is_some() { Key::SecondaryItems(place.vault()?) } else { Key::Item(place.id) })
}

/// Everything that the form of a recovery point rests on.
pub fn of_point(state: &State, point: &Place) -> Vec<Key> {
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
    let draft = state.draft(point);
    let Some(facts) = state.facts(point, &draft) else { return keys };
    keys.extend(facts.item.source_resource_id.clone().filter(|_| !secondary).map(Key::Exists));
    let own = facts.vault_subscription();
    let target = facts.target_subscription(&draft);
    keys.extend(facts.account_subscriptions(&draft).into_iter().map(Key::Accounts));
    if let Some(target) = target {
        keys.extend([Key::Groups(target.clone()), Key::Networks(target.clone())]);
        let encryption = facts.encryption_at_rest.as_ref();
        if encryption == Some(&EncryptionAtRest::CustomerManaged) || facts.confidential() {
            keys.push(Key::EncryptionSets(target.clone()));
        }
        if facts.point.private_access == Some(true) {
            keys.push(Key::DiskAccesses(target));
        }
    }
    if let Some(own) = own.filter(|_| facts.has_user_identities()) {
        keys.push(Key::Identities(own));
    }
    let rests = state.name_rests_at.is_none();
    if draft.scenario == Some(Scenario::AnotherVm) && rests {
        keys.extend(facts.target_vm(&draft).map(Key::Exists));
    }
    keys
}
