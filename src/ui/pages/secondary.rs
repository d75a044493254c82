//! Restore in the secondary region. It works without any answer of the primary region.

use std::rc::Rc;

use azure_backup::arm::id::{ArmId, Region};
use azure_backup::backup::fleet::MachineRow;
use azure_backup::backup::item::ProtectedItem;
use azure_backup::backup::lookups::Location;
use azure_backup::backup::vault::{Redundancy, Vault};
use yew::prelude::*;

use super::PageContext;
use super::vault_select::{subscriptions, vaults_select};
use super::vms::table::MachineTable;
use crate::app::fleet::{Column, Filter, Fleet};
use crate::app::key::Key;
use crate::app::list_status::ListStatus;
use crate::app::msg::Msg;
use crate::app::regions::Secondary;
use crate::app::route::Route;
use crate::ui::kit::announced::Announced;
use crate::ui::kit::combobox::entry::{ResourceKind, resource_id};
use crate::ui::kit::each;
use crate::ui::kit::empty::{empty, nothing};
use crate::ui::kit::field::{Field, Kind, field};
use crate::ui::kit::field_hints::FieldHints;
use crate::ui::kit::heading::heading;
use crate::ui::kit::manual_entry::ManualEntry;
use crate::ui::kit::notice::{Notice, notice};
use crate::ui::kit::select::{Choice, Select, select};
use crate::ui::kit::{Tone, button};
use crate::ui::shared::Shared;
use crate::ui::text;
use crate::ui::translatable::translatable;

/// The properties of [`SecondaryPage`].
#[derive(PartialEq, Properties)]
pub struct SecondaryPageProps {
    /// The state, and where messages go.
    pub view: PageContext,
    /// The vault that is restored from.
    pub vault: Option<ArmId>,
    /// The region that the operator has chosen.
    pub chosen: Option<Region>,
}

/// The page.
#[component]
pub fn SecondaryPage(SecondaryPageProps { view, vault, chosen }: &SecondaryPageProps) -> Html {
    let (vault, chosen) = (vault.as_ref(), chosen.as_ref());
    let state = &*view.state;
    let subscription = state.subscription();
    let vaults = subscription.clone().and_then(|s| state.catalog.get::<[Rc<Vault>]>(&Key::Vaults(s)));
    let dispatch = view.dispatch.clone();
    let on = Callback::from(move |said: String| {
        match resource_id(&said, ResourceKind("Microsoft.RecoveryServices/vaults")) {
            Ok(vault) => dispatch.emit(Msg::ChooseVault(Some(vault))),
            Err(wrong) => return Some(wrong),
        }
        None
    });
    let hint = "A resource ID of type Microsoft.RecoveryServices/vaults, starting with /subscriptions/.";
    let lead =
        "Geo-redundant vaults copy recovery points to a paired region. Restore there when the primary region is down.";
    translatable(html! {
        <>
            { heading("Restore in the secondary region", html! { lead }, button("Refresh", "", view.on_click(Msg::Refresh))) }
            { view.faults() }
            <section class="vmr-panel">
                <div class="vmr-fields">
                    { subscriptions(view, subscription.as_ref()) }
                    <div>
                        { vaults_select(view, vaults.as_deref(), vault, "Choose a vault") }
                        <ManualEntry id="vault-by-id" label="Vault by resource ID" {hint} {on} />
                    </div>
                    { each(vault.map(|vault| region_select(view, vault, chosen))) }
                </div>
                { content(view, vault, chosen) }
            </section>
        </>
    })
}

/// Which region: the one that Azure names, or another.
fn region_select(view: &PageContext, vault: &ArmId, chosen: Option<&Region>) -> Html {
    let own = view.state.vault(vault).map(|v| v.location.clone());
    let locations = view.state.locations(vault);
    let mut all: Vec<&Rc<Location>> =
        locations.iter().flat_map(|l| l.iter()).filter(|l| Some(&l.name) != own.as_ref()).collect();
    all.sort_by_key(|location| &location.display_name);
    let choices = all.into_iter().map(|l| Choice::named(l.name.key(), &[&l.display_name])).collect();
    let Secondary { region, why } = view.state.secondary_of(vault, None);
    let none = match &region {
        Some(region) => format!("{} (paired region)", view.state.region_name(vault, region)),
        None => "Choose the region".to_owned(),
    };
    let to = {
        let (vault, dispatch) = (vault.clone(), view.dispatch.clone());
        Callback::from(move |said: String| {
            let region = (!said.is_empty()).then(|| Region::new(&said));
            let route = Route::Secondary { vault: Some(vault.clone()), region };
            // A text that is not the name of a region does not survive in an address.
            if Route::parse(&route.hash()) != route {
                return Some("A region name has only letters and numbers, such as westeurope.".to_owned());
            }
            dispatch.emit(Msg::Go(route));
            None
        })
    };
    let notes = match region {
        Some(_) => FieldHints::hint(why),
        None => FieldHints { warning: Some(why.into()), ..FieldHints::default() },
    };
    let picker = Select {
        id: "region".into(),
        label: "Secondary region".into(),
        choices,
        value: chosen.map(Region::key).unwrap_or_default().into(),
        on: {
            let to = to.clone();
            // A region of the list has a name of letters and numbers.
            Callback::from(move |said: String| drop(to.emit(said)))
        },
        none: Some(none.into()),
        notes,
        required: region.is_none(),
    };
    html! {
        <div>
            { select(picker) }
            <ManualEntry id="region-by-name" label="Secondary region by name" hint="A region name such as westeurope." on={to} />
        </div>
    }
}

fn content(view: &PageContext, vault: Option<&ArmId>, chosen: Option<&Region>) -> Html {
    let state = &*view.state;
    let Some(vault) = vault else {
        return empty("No vault selected", html! { <p>{ "Select the vault that protects the VM." }</p> });
    };
    let Secondary { region, .. } = state.secondary_of(vault, chosen);
    if let Some(off) = state.vault(vault).filter(|v| v.cross_region_restore == Some(false)) {
        return switched_off(&off);
    }
    let Some(region) = region else {
        return empty(
            "Choose a secondary region",
            html! { <p>{ "We couldn't detect the paired region. Select it above." }</p> },
        );
    };
    let items = state.catalog.get::<[Rc<ProtectedItem>]>(&Key::SecondaryItems(vault.clone()));
    let known = view.known(&[Key::SecondaryItems(vault.clone())]);
    let copies = match items.filter(|items| !items.is_empty()) {
        Some(items) => html! { <Copies view={view.clone()} items={Shared::from(items)} {region} {known} /> },
        None => nothing(known, view.progress("Loading replicated VMs…"), none_replicated),
    };
    html! {
        <>
            { each(state.primary_fault(vault).map(|fault| notice(Notice {
                tone: Tone::Warning,
                title: "The primary region isn't responding. Showing the vault's data from the secondary region.".into(),
                body: html! { <p>{ fault.sentence() }</p> },
                ..Notice::default()
            }))) }
            { each((!view.loading()).then(|| uncertain(state.cross_region(vault))).flatten()) }
            { copies }
        </>
    }
}

/// The whole list was read, and it is empty.
fn none_replicated() -> Html {
    let text = "There are no VMs of this vault in the secondary region, or you don't have access. Try another vault.";
    empty("No replicated VMs in the secondary region", html! { <p>{ text }</p> })
}

/// The properties of [`Copies`].
#[derive(PartialEq, Properties)]
struct CopiesProps {
    view: PageContext,
    /// The protected items, as replicated to the region.
    items: Shared<[Rc<ProtectedItem>]>,
    region: Region,
    /// How complete the list is.
    known: ListStatus,
}

/// The machines whose copies are in a region, and the search over them.
#[component]
fn Copies(CopiesProps { view, items, region, known }: &CopiesProps) -> Html {
    let text = view.state.view.search.clone();
    let fleet = use_memo(items.clone(), |items| {
        Fleet::of(&items.iter().map(|item| Rc::new(MachineRow::from(&**item))).collect::<Vec<_>>())
    });
    let found = use_memo((Shared::from(fleet.clone()), text.clone()), |(fleet, text)| {
        let filter = Filter { text: text.clone(), values: Vec::new() };
        fleet.find(&filter, &fleet.order(Column::Name, false))
    });
    let count = known.count(match text.is_empty() {
        true => text::count(items.len(), "VM"),
        false => format!("{} of {}", found.len(), text::count(items.len(), "VM")),
    });
    let search = Field {
        id: "search".into(),
        label: "Search virtual machines".into(),
        kind: Kind::Search,
        value: text.into(),
        on: view.dispatch.reform(Msg::Search),
        ..Field::default()
    };
    let body = if found.is_empty() {
        empty(
            "No VMs match your search",
            html! { <p>{ "Change the search. It covers names, resource groups and vaults." }</p> },
        )
    } else {
        let (secondary, now) = (Some(region.clone()), text::to_the_minute(view.state.now));
        html! { <MachineTable fleet={Shared::from(fleet)} found={Shared::from(found)} sort={None} {secondary} {now} /> }
    };
    translatable(html! {
        <>
            { field(search) }
            <p class="vmr-list-state">{ count.clone() }</p>
            <Announced text={count} />
            { body }
        </>
    })
}

/// A notice for a vault that does not say whether cross-region restore is on. The list of copies is read anyway: entries prove that it is.
fn uncertain(enabled: Option<bool>) -> Option<Html> {
    let (title, why) = match enabled {
        Some(true) => return None,
        Some(false) => (
            "Cross-region restore appears to be off for this vault",
            "You can restore any VM listed here. If the list is empty, turn on Cross Region Restore in the vault's properties.",
        ),
        None => ("We couldn't tell whether cross-region restore is on", "If it's off, the list below stays empty."),
    };
    Some(notice(Notice { title: title.into(), body: html! { <p>{ why }</p> }, ..Notice::default() }))
}

/// Why nothing can be restored in another region.
fn switched_off(vault: &Vault) -> Html {
    let why = match &vault.redundancy {
        Some(Redundancy::GeoRedundant | Redundancy::ReadAccessGeoZoneRedundant) => {
            "The recovery points are replicated, but you can use them only after Cross Region Restore is turned on in the vault's properties."
        }
        Some(Redundancy::ZoneRedundant) => {
            "This vault is zone-redundant: all copies are in one region. Only geo-redundant vaults can restore to another region."
        }
        Some(Redundancy::LocallyRedundant) => {
            "This vault is locally redundant: all copies are in one region. Only geo-redundant vaults can restore to another region."
        }
        _ => {
            "Only geo-redundant vaults with Cross Region Restore turned on in their properties can restore to another region."
        }
    };
    let tone = Tone::Warning;
    notice(Notice {
        tone,
        title: "Cross-region restore is off for this vault".into(),
        body: html! { <p>{ why }</p> },
        ..Notice::default()
    })
}
