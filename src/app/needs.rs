//! What the present place needs of Azure. The same whether the operator clicked, came back or opened a link.

use std::rc::Rc;

use azure_backup::arm::id::{ArmId, SubscriptionId};
use azure_backup::backup::vault::{EncryptionAtRest, Vault};

use super::key::Key;
use super::route::{Route, item_of, vault_of};
use super::session::Session;
use super::state::State;
use crate::restore::scenario::Scenario;

/// The keys that the present place needs, in the order in which they matter.
pub fn of(state: &State) -> Vec<Key> {
    if !state.started || !state.connected() || !state.route.needs_connection() {
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
            keys
        }
        Route::Points(item) => {
            let mut keys = vec![Key::Points(item.clone())];
            keys.extend(of_item(state, item));
            keys.extend(state.item(item).and_then(|i| i.source_resource_id.clone()).map(Key::Exists));
            keys
        }
        Route::Form(point) | Route::Review(point) => of_point(state, point),
        Route::Jobs(vault) => {
            let mut keys = vec![Key::Subscriptions];
            if let Some(subscription) = state.subscription() {
                keys.push(Key::Vaults(subscription));
            }
            keys.extend(vault.clone().map(Key::Jobs));
            keys
        }
        _ => Vec::new(),
    }
}

fn vaults(state: &State, subscription: &SubscriptionId) -> impl Iterator<Item = ArmId> {
    let list = state.catalog.get::<[Rc<Vault>]>(&Key::Vaults(subscription.clone()));
    list.map(|l| l.iter().map(|v| v.id.clone()).collect::<Vec<_>>()).unwrap_or_default().into_iter()
}

/// The item alone, unless the vault's list has it already; and its vault.
fn of_item(state: &State, item: &ArmId) -> Vec<Key> {
    let listed = vault_of(item).is_some_and(|v| state.catalog.entry(&Key::Items(v)).is_some_and(|e| e.at.is_some()));
    let mut keys = Vec::new();
    if !listed || state.item(item).is_none() {
        keys.push(Key::Item(item.clone()));
    }
    keys.extend(vault_of(item).map(Key::Vault));
    keys
}

/// Everything that the form of a recovery point rests on.
pub fn of_point(state: &State, point: &ArmId) -> Vec<Key> {
    let (Some(item), Some(vault)) = (item_of(point), vault_of(point)) else { return Vec::new() };
    let mut keys = vec![Key::Point(point.clone())];
    keys.extend(of_item(state, &item));
    keys.extend([Key::Encryption(vault.clone()), Key::Guards(vault), Key::Subscriptions]);
    let draft = state.draft(point);
    let Some(facts) = state.facts(point, &draft) else { return keys };
    keys.extend(facts.item.source_resource_id.clone().map(Key::Exists));
    let own = facts.vault_subscription();
    let target = facts.target_subscription(&draft);
    keys.extend(own.clone().map(Key::Accounts));
    if let Some(target) = target {
        if Some(&target) != own.as_ref() {
            keys.push(Key::Accounts(target.clone()));
        }
        keys.extend([Key::Groups(target.clone()), Key::Networks(target.clone())]);
        let encryption = facts.encryption_at_rest.as_ref();
        if encryption == Some(&EncryptionAtRest::CustomerManaged) {
            keys.push(Key::EncryptionSets(target.clone()));
        }
        if facts.point.private_access == Some(true) {
            keys.push(Key::DiskAccesses(target));
        }
    }
    if let Some(own) = own.filter(|_| facts.vault.identity.as_ref().is_some_and(|i| !i.user_assigned.is_empty())) {
        keys.push(Key::Identities(own));
    }
    let rests = state.name_rests_at.is_none();
    if draft.scenario == Some(Scenario::AnotherVm) && rests {
        keys.extend(facts.target_vm(&draft).map(Key::Exists));
    }
    keys
}
