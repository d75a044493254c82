//! The selects "Subscription" and "Vault" of the pages that show one vault.

use std::rc::Rc;

use azure_backup::arm::id::{ArmId, SubscriptionId};
use azure_backup::backup::lookups::Subscription;
use azure_backup::backup::vault::Vault;
use yew::prelude::*;

use super::PageContext;
use crate::app::key::Key;
use crate::app::list_status::ListStatus;
use crate::app::msg::Msg;
use crate::app::route::Route;
use crate::restore::visible::isolated;
use crate::ui::kit::select::{Choice, Select, select};

/// The select "Subscription".
pub(super) fn subscriptions(view: &PageContext, chosen: Option<&SubscriptionId>) -> Html {
    let all = view.state.catalog.get::<[Rc<Subscription>]>(&Key::Subscriptions);
    let choices = all.iter().flat_map(|l| l.iter()).map(|s| subscription_choice(s)).collect();
    let none = match (view.known(&[Key::Subscriptions]), &all) {
        _ if chosen.is_some() => None,
        (known, None) => Some(unread(known)),
        (ListStatus::Complete, Some(all)) if all.is_empty() => Some("No subscriptions available to your account"),
        (_, Some(_)) => Some("Choose a subscription"),
    };
    let on = view.dispatch.reform(|said: String| Msg::ChooseSubscription(SubscriptionId::parse(&said).ok()));
    let value = chosen.map(|s| s.as_str().to_owned()).unwrap_or_default();
    let (id, label, none) = ("subscription".into(), "Subscription".into(), none.map(AttrValue::from));
    select(Select { id, label, choices, value: value.into(), on, none, ..Select::default() })
}

/// What a select shows for a list that was not read.
pub const fn unread(known: ListStatus) -> &'static str {
    if matches!(known, ListStatus::Loading) { "Loading…" } else { "Couldn't be loaded" }
}

/// A subscription in a list, with its id, because names are not unique.
pub(super) fn subscription_choice(of: &Subscription) -> Choice {
    let id = of.id.as_str();
    Choice { label: format!("{} ({id})", isolated(&of.name)).into(), ..Choice::named(id.to_owned(), &[]) }
}

/// The link to the copies in the secondary region: of a vault, or of one that is chosen there.
pub(super) fn secondary_link(vault: Option<&ArmId>) -> Html {
    let there = Route::Secondary { vault: vault.cloned(), region: None };
    html! { <a class="vmr-button" href={there.hash()}>{ "Restore in secondary region" }</a> }
}

/// The select "Vault"; `none` is the option for no vault.
pub(super) fn vaults_select(
    view: &PageContext,
    vaults: Option<&[Rc<Vault>]>,
    chosen: Option<&ArmId>,
    none: &'static str,
) -> Html {
    let known = match view.state.subscription() {
        Some(subscription) => view.known(&[Key::Vaults(subscription)]),
        None => view.known(&[Key::Subscriptions]),
    };
    let none = match (known, vaults) {
        (known, None) => unread(known),
        (ListStatus::Complete, Some([])) => "No vaults in this subscription",
        _ => none,
    };
    let mut vaults: Vec<&Rc<Vault>> = vaults.unwrap_or_default().iter().collect();
    vaults.sort_by_key(|vault| &vault.name);
    let choices = vaults.into_iter().map(|v| Choice::named(v.id.as_str().to_owned(), &[&v.name])).collect();
    let on = view.dispatch.reform(|said: String| Msg::ChooseVault(ArmId::parse(&said).ok()));
    let value = chosen.map(|v| v.as_str().to_owned()).unwrap_or_default();
    let (id, label, none) = ("vault".into(), "Vault".into(), Some(none.into()));
    select(Select { id, label, choices, value: value.into(), on, none, ..Select::default() })
}
