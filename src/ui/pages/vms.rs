//! Choose a virtual machine: one search over the machines of every subscription.

mod facet;
mod filters;
mod selection;
mod source;
pub mod table;

use azure_backup::arm::id::ArmId;
use yew::prelude::*;

use super::PageContext;
use super::undelete;
use super::vault_select::secondary_link;
use crate::app::fleet::cache::FleetCache;
use crate::app::fleet::selection::SelectedMachine;
use crate::app::fleet::status::FleetStatus;
use crate::app::fleet::view::FleetView;
use crate::app::fleet::{Column, Fleet};
use crate::app::list_status::ListStatus;
use crate::app::msg::Msg;
use crate::ui::kit::announced::Announced;
use crate::ui::kit::button;
use crate::ui::kit::each;
use crate::ui::kit::empty::{empty, nothing};
use crate::ui::kit::field::{Field, Kind, field};
use crate::ui::kit::field_hints::FieldHints;
use crate::ui::kit::heading::heading;
use crate::ui::shared::Shared;
use crate::ui::text;
use crate::ui::translatable::translatable;
use facet::facet_name;
use filters::Filters;
use selection::{Selected, bar};
use source::{count_text, loading_text, missing, notice_of, updated};
use table::MachineTable;

/// The id of the search field, which has the focus when the page opens.
pub const SEARCH: &str = "search";

/// The properties of [`VmsPage`].
#[derive(PartialEq, Properties)]
pub struct VmsPageProps {
    /// The state, and where messages go.
    pub view: PageContext,
    /// What the list is searched, filtered and sorted by.
    pub machines: FleetView,
}

/// The page.
#[component]
pub fn VmsPage(VmsPageProps { view, machines }: &VmsPageProps) -> Html {
    let state = &view.state;
    let status = FleetStatus::of(&state.catalog);
    let cache = use_mut_ref(FleetCache::default);
    let fleet = Shared::from(cache.borrow_mut().fleet(&state.catalog, &status));
    let order = use_memo((fleet.clone(), machines.sort, machines.descending), |(fleet, sort, descending)| {
        fleet.order(*sort, *descending)
    });
    let by_name = (machines.sort, machines.descending) == (Column::Name, false);
    let found = use_memo((fleet.clone(), Shared::from(order), machines.filter.clone()), |(fleet, order, filter)| {
        let mut found = fleet.find(filter, order);
        // Another order is the operator's, and stays as it is.
        if by_name {
            fleet.best_first(&filter.text, &mut found);
        }
        found
    });
    let found = Shared::from(found);
    // What shows another order or other filters keeps one callback, whatever is searched, so that a key renders none of it anew.
    let text = use_mut_ref(String::new);
    text.borrow_mut().clone_from(&machines.filter.text);
    let on_view = use_callback(view.dispatch.clone(), move |machines: FleetView, dispatch| {
        dispatch.emit(Msg::ShowMachines(machines.searching(&text.borrow())));
    });
    let plain = machines.clone().searching("");
    let on_sort = use_callback((on_view.clone(), plain.clone()), |column: Column, (on_view, plain)| {
        on_view.emit(plain.clone().sorted_by(column));
    });
    let known = status.known(&state.catalog);
    let all = fleet.rows().len();
    let count = count_text(&status, known, machines, found.len(), all);
    let (left, opened) = &state.machines_left;
    let opened = opened.clone().filter(|_| left == machines);
    let rows = use_memo((fleet.clone(), state.selection.clone()), |(fleet, selection)| selection.in_list(fleet.rows()));
    let rows = Shared::from(rows);
    let on_select =
        use_callback(view.dispatch.clone(), |(machines, selected): (Vec<SelectedMachine>, bool), dispatch| {
            dispatch.emit(Msg::Select(machines, selected));
        });
    let loading = known == ListStatus::Loading;
    let bar = bar(view, &Selected { fleet: &fleet, found: &found, filter: &machines.filter, rows: &rows, loading });
    let body = if found.is_empty() {
        none_found(view, machines, known, all)
    } else {
        html! {
            <MachineTable fleet={fleet.clone()} {found} selected={rows} {on_select} sort={Some((machines.sort, machines.descending))}
                {opened} now={text::to_the_minute(state.now)} {on_sort} />
        }
    };
    let progress = (loading && all > 0).then(|| html! { <span>{ loading_text(view) }</span> });
    let lead = "Search the protected VMs of every subscription. You can restore a VM even if the original was deleted.";
    let vault = vault_of(machines, &fleet);
    translatable(html! {
        <>
            { heading("Choose a virtual machine", html! { lead }, html! { <>{ secondary_link(vault.as_ref()) }{ button("Refresh", "", view.on_click(Msg::Refresh)) }</> }) }
            { view.faults() }
            { each(notice_of(&status)) }
            <section class="vmr-panel">
                { search(view, machines) }
                <Filters fleet={fleet.clone()} machines={plain} on={on_view} />
                <p class="vmr-list-state"><span id="machine-count">{ count.clone() }</span>{ each(updated(state)) }{ each(progress) }</p>
                <Announced text={count} />
                { body }
                { missing(&status, all) }
                { view.faults_below() }
            </section>
            { undelete::of_vaults(view) }
            { bar }
        </>
    })
}

/// The vault, if the list is that of one, as Azure writes its id.
fn vault_of(machines: &FleetView, fleet: &Fleet) -> Option<ArmId> {
    let vault = machines.vault()?;
    let of_row = fleet.rows().iter().filter_map(|row| row.vault_id()).find(|id| *id == vault);
    Some(of_row.unwrap_or(vault))
}

fn search(view: &PageContext, machines: &FleetView) -> Html {
    let (dispatch, machines) = (view.dispatch.clone(), machines.clone());
    let value = machines.filter.text.clone().into();
    let on = Callback::from(move |text: String| dispatch.emit(Msg::ShowMachines(machines.clone().searching(&text))));
    field(Field {
        id: SEARCH.into(),
        label: "Search virtual machines".into(),
        kind: Kind::Search,
        value,
        on,
        notes: FieldHints::hint(
            "Name, resource group, subscription, vault, region or tag. You can also paste a resource ID.",
        ),
        ..Field::default()
    })
}

fn none_found(view: &PageContext, machines: &FleetView, known: ListStatus, all: usize) -> Html {
    if all == 0 {
        let none = || {
            let why = "None of the vaults you have access to protects a VM. If you expected some, check the account and tenant you're signed in with.";
            empty("No protected VMs", html! { <p>{ why }</p> })
        };
        return nothing(known, loading_text(view), none);
    }
    let more = match known {
        ListStatus::Complete => "",
        ListStatus::Loading => " Not all of them have loaded yet.",
        ListStatus::Partial | ListStatus::Failed => " Not all of them could be loaded.",
    };
    let mut filters: Vec<&str> = machines.filter.values.iter().map(|(facet, _)| facet_name(*facet)).collect();
    filters.dedup();
    let narrowed = (!filters.is_empty()).then(|| {
        html! { <><p>{ format!("Filters are on: {}.", filters.join(", ").to_lowercase()) }</p>{ button("Clear filters", "", view.on_click(Msg::ShowMachines(machines.clone().without_filters()))) }</> }
    });
    empty("No VMs match your search", html! { <><p>{ "Change the search."}{ more }</p>{ each(narrowed) }</> })
}
