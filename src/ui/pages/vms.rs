//! Choose a virtual machine: vault first or machine first.

pub mod table;

use std::rc::Rc;

use azure_backup::arm::id::{ArmId, SubscriptionId};
use azure_backup::backup::item::ProtectedItem;
use azure_backup::backup::lookups::Subscription;
use azure_backup::backup::vault::Vault;
use yew::prelude::*;

use super::PageContext;
use super::undelete;
use crate::app::key::Key;
use crate::app::list_status::ListStatus;
use crate::app::msg::Msg;
use crate::app::route::Route;
use crate::restore::visible::isolated;
use crate::ui::kit::button;
use crate::ui::kit::each;
use crate::ui::kit::field::{Field, Kind, field};
use crate::ui::kit::heading::heading;
use crate::ui::kit::select::{Choice, Select, select};
use crate::ui::text;
use crate::ui::translatable::translatable;
use table::{VmTable, VmTableProps};

/// The properties of [`VmsPage`].
#[derive(PartialEq, Properties)]
pub struct VmsPageProps {
    /// The state, and where messages go.
    pub view: PageContext,
    /// Shows one vault only.
    pub vault: Option<ArmId>,
}

/// The page.
#[component]
pub fn VmsPage(VmsPageProps { view, vault }: &VmsPageProps) -> Html {
    let vault = vault.as_ref();
    let catalog = &view.state.catalog;
    let subscription = view.state.subscription();
    let vaults = subscription.clone().and_then(|s| catalog.get::<[Rc<Vault>]>(&Key::Vaults(s)));
    let looked_into: Vec<ArmId> = match vault {
        Some(vault) => vec![vault.clone()],
        None => vaults.iter().flat_map(|v| v.iter()).map(|v| v.id.clone()).collect(),
    };
    let lists = looked_into
        .iter()
        .filter_map(|id| {
            let items = catalog.get::<[Rc<ProtectedItem>]>(&Key::Items(id.clone()))?;
            Some((AttrValue::from(id.name().to_owned()), items.into()))
        })
        .collect();
    // A list that is being read again counts once the new answer is there.
    let keys = looked_into.iter().cloned().map(Key::Items);
    let read = keys.filter(|key| catalog.get::<[Rc<ProtectedItem>]>(key).is_some() && !catalog.is_loading(key)).count();
    let loading = view.loading();
    let first: Vec<Key> = match (&subscription, vault) {
        (_, Some(_)) => Vec::new(),
        (None, None) => vec![Key::Subscriptions],
        (Some(subscription), None) => vec![Key::Vaults(subscription.clone())],
    };
    let parts: Vec<Key> = looked_into.iter().cloned().map(Key::Items).collect();
    let progress = if loading && looked_into.len() > 1 {
        format!("Loading vaults: {read} of {}", looked_into.len())
    } else {
        "Loading…".to_owned()
    };
    let machines = VmTableProps {
        lists,
        secondary: None,
        search: view.state.view.search.clone(),
        rows: view.state.view.rows,
        loading: loading.then(|| view.progress(progress)),
        known: ListStatus::of(catalog, &first, &parts),
        now: text::to_the_minute(view.state.now),
        dispatch: view.dispatch.clone(),
    };
    let lead =
        "VMs protected by the vaults in this subscription. You can restore a VM even if the original was deleted.";
    translatable(html! {
        <>
            { heading("Choose a virtual machine", html! { lead }, html! { <>{ each(vault.map(secondary_link)) }{ button("Refresh", "", view.on_click(Msg::Refresh)) }</> }) }
            { view.faults() }
            <section class="vmr-panel">
                <div class="vmr-fields">
                    { subscriptions(view, subscription.as_ref()) }
                    { vaults_select(view, vaults.as_deref(), vault, "All vaults in this subscription") }
                    { search(view) }
                </div>
                <VmTable ..machines />
                { view.faults_below() }
            </section>
            { undelete::of_vaults(view) }
        </>
    })
}

pub(super) fn search(view: &PageContext) -> Html {
    field(Field {
        id: "search".into(),
        label: "Search virtual machines".into(),
        kind: Kind::Search,
        value: view.state.view.search.clone().into(),
        on: view.dispatch.reform(Msg::Search),
        ..Field::default()
    })
}

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

/// The link to the copies in the vault's secondary region.
pub(super) fn secondary_link(vault: &ArmId) -> Html {
    let there = Route::Secondary { vault: Some(vault.clone()), region: None };
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
        (ListStatus::Partial, Some(_)) if none.starts_with("All") => "All vaults that loaded",
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
