//! The selected machines: the checkboxes of the list, and the bar with what can be done with them.

use azure_backup::arm::id::ArmId;
use azure_backup::backup::fleet::MachineRow;
use yew::prelude::*;

use super::super::PageContext;
use super::table::{MachineTableProps, RowProps};
use crate::app::fleet::selection::{SelectedMachine, SelectedRows};
use crate::app::fleet::{Filter, Fleet};
use crate::app::msg::Msg;
use crate::app::plans::PlanMsg;
use crate::app::route::Route;
use crate::recovery::plan::{MAX_MACHINES, Machine};
use crate::restore::regional_id::RegionalId;
use crate::ui::kit::announced::Announced;
use crate::ui::kit::dom::{checked_of, focus};
use crate::ui::kit::each;
use crate::ui::kit::name::name;
use crate::ui::shared::Shared;
use crate::ui::text;

/// The id of the checkbox in the head.
const ALL: &str = "select-all";
/// The id of what is done with the selected machines.
const RESTORE: &str = "restore-selected";
/// So many machines are named where they are no longer in the list.
const NAMED: usize = 5;

/// The cell with the checkbox of a row.
pub(super) fn select_cell(machine: &MachineRow, of: &RowProps) -> Option<Html> {
    let checked = of.is_selected()?;
    let at = of.at;
    let onclick = of.on_click.reform(move |e: MouseEvent| (at, e));
    let id = format!("select-{at}");
    Some(html! {
        <td role="cell" class="vmr-select-column"><label for={id.clone()}><input {id} type="checkbox" {checked} {onclick} /><span>{ "Select " }{ name(&machine.name) }</span></label></td>
    })
}

/// Takes a click on the checkbox of a row. With Shift, all rows from the one that was clicked last are selected, or no longer selected.
pub(super) fn select_to(of: &MachineTableProps, last: &mut Option<ArmId>, at: usize, e: &MouseEvent) {
    let place = |id: &ArmId| (0..of.found.len()).find(|at| of.row(*at).is_some_and(|row| row.id == *id));
    let from = last.as_ref().filter(|_| e.shift_key()).and_then(place).unwrap_or(at);
    *last = of.row(at).map(|row| row.id.clone());
    let rows = (from.min(at)..=from.max(at)).filter_map(|at| of.row(at));
    of.on_select.emit((rows.map(SelectedMachine::from).collect(), checked_of(e)));
}

/// How many of the found machines are selected.
pub(super) fn selected_of(of: &MachineTableProps) -> usize {
    of.selected.as_ref().map_or(0, |selected| of.found.iter().filter(|place| selected.has(**place)).count())
}

/// The head of the checkboxes, whose own one is about all machines that were found. `checkbox` is filled with it.
pub(super) fn select_head(of: &MachineTableProps, selected: usize, checkbox: &NodeRef) -> Option<Html> {
    of.selected.as_ref()?;
    let onclick = {
        let of = of.clone();
        Callback::from(move |e: MouseEvent| {
            let machines = if checked_of(&e) { unselected(&of) } else { selected_machines(&of) };
            of.on_select.emit((machines, checked_of(&e)));
        })
    };
    Some(html! {
        <th scope="col" role="columnheader" class="vmr-select-column">
            <label for={ALL}><input id={ALL} ref={checkbox} type="checkbox" checked={selected == of.found.len()} {onclick} /><span>{ "Select all" }</span></label>
        </th>
    })
}

fn machines_of(of: &MachineTableProps, selected: bool) -> impl Iterator<Item = SelectedMachine> {
    let is = move |place: u32| of.selected.as_ref().is_some_and(|rows| rows.has(place)) == selected;
    let places = of.found.iter().enumerate().filter(move |(_, place)| is(**place));
    places.filter_map(|(at, _)| of.row(at).map(SelectedMachine::from))
}

/// The found machines that are not selected; of more than a plan has room for, enough to be refused.
fn unselected(of: &MachineTableProps) -> Vec<SelectedMachine> {
    machines_of(of, false).take(MAX_MACHINES + 1).collect()
}

fn selected_machines(of: &MachineTableProps) -> Vec<SelectedMachine> {
    machines_of(of, true).collect()
}

/// What the bar is about.
pub(super) struct Selected<'a> {
    pub(super) fleet: &'a Fleet,
    pub(super) found: &'a Shared<Vec<u32>>,
    pub(super) filter: &'a Filter,
    pub(super) rows: &'a Shared<SelectedRows>,
    /// Whether the list is still being read: then a machine that is not in it may be yet to come.
    pub(super) loading: bool,
}

/// The bar; it stays in view.
pub(super) fn bar(view: &PageContext, of: &Selected<'_>) -> Html {
    let selection = &view.state.selection;
    let machines = selection.machines();
    let refused = selection.is_refused().then(|| {
        let most = text::thousands(MAX_MACHINES);
        format!("A recovery plan has room for {most} VMs, so nothing more was selected. Narrow the search, or clear the selection.")
    });
    let count = (!machines.is_empty()).then(|| format!("{} selected", text::thousands(machines.len())));
    let told: Vec<String> = count.clone().into_iter().chain(refused.clone()).collect();
    let shown = (!told.is_empty()).then(|| {
        html! {
            <div class="vmr-action-bar vmr-selection" role="group" aria-label="Selected virtual machines">
                <div class="vmr-about">
                    { each(count.map(|count| html! { <strong>{ count }</strong> })) }
                    { each(hidden(machines, of)) }
                    { each(select_found(view, of)) }
                    if !told.is_empty() { { and_focus(view, "Clear", Msg::ClearSelection, ALL) } }
                    { each(refused.map(|why| html! { <span class="vmr-caution">{ why }</span> })) }
                    { each((!of.loading).then(|| missing(view, of)).flatten()) }
                </div>
                <div class="vmr-actions">{ each(restore(view, of)) }</div>
            </div>
        }
    });
    html! { <><Announced text={told.join(". ")} />{ each(shown) }</> }
}

/// A button that sends a message and gives the focus away, because it goes.
fn and_focus(view: &PageContext, label: impl Into<AttrValue>, msg: Msg, id: &'static str) -> Html {
    let dispatch = view.dispatch.clone();
    let onclick = Callback::from(move |e: MouseEvent| {
        focus(&e, id);
        dispatch.emit(msg.clone());
    });
    let label: AttrValue = label.into();
    html! { <button type="button" class="vmr-subtle" {onclick}>{ label }</button> }
}

/// That the search shows fewer machines than are selected.
fn hidden(machines: &[SelectedMachine], of: &Selected<'_>) -> Option<Html> {
    let found = of.found.iter().filter(|place| of.rows.has(**place)).count();
    let hidden = machines.len().saturating_sub(found + of.rows.missing.len());
    (hidden > 0)
        .then(|| html! { <span>{ format!("{} of them not shown by this search", text::thousands(hidden)) }</span> })
}

/// Selects the rest of what was found.
fn select_found(view: &PageContext, of: &Selected<'_>) -> Option<Html> {
    let all = of.found.len();
    let left: Vec<u32> = of.found.iter().copied().filter(|place| !of.rows.has(*place)).collect();
    if left.is_empty() || all > MAX_MACHINES || view.state.selection.machines().is_empty() {
        return None;
    }
    let row = |place: u32| of.fleet.rows().get(usize::try_from(place).ok()?).map(|row| SelectedMachine::from(&**row));
    let machines = left.into_iter().filter_map(row).collect();
    let that_match = if of.filter.narrows() { " that match" } else { "" };
    let label = format!("Select all {}{that_match}", text::thousands(all));
    Some(and_focus(view, label, Msg::Select(machines, true), RESTORE))
}

/// The selected machines that are no longer in the list. They stay selected until the operator decides: the list can be behind.
fn missing(view: &PageContext, of: &Selected<'_>) -> Option<Html> {
    let missing = &of.rows.missing;
    let more = missing.len().saturating_sub(NAMED);
    let names = missing.iter().take(NAMED).enumerate().map(|(nth, machine)| {
        html! { <>{ if nth > 0 { ", " } else { "" } }{ name(&machine.name) }</> }
    });
    (!missing.is_empty()).then(|| {
        html! {
            <span class="vmr-caution"><span>
                { format!("{} selected but no longer in the list: ", text::thousands(missing.len())) }{ each(names) }
                if more > 0 { { format!(" and {} more", text::thousands(more)) } }
                { ". " }{ and_focus(view, "Remove them", Msg::Select(missing.clone(), false), ALL) }
            </span></span>
        }
    })
}

/// What is done with them: one leads to its recovery points as its row does, several become a recovery plan.
fn restore(view: &PageContext, of: &Selected<'_>) -> Option<Html> {
    let machines = view.state.selection.machines();
    match machines {
        [] => None,
        [one] => {
            let deleted = of.fleet.rows().iter().any(|row| row.soft_deleted && row.id == one.id);
            let action = if deleted { "Undelete" } else { "Restore" };
            let href = Route::Points(RegionalId::from(one.id.clone())).hash();
            Some(
                html! { <a id={RESTORE} class="vmr-button vmr-primary" {href}><span>{ format!("{action} ") }{ name(&one.name) }{ "…" }</span></a> },
            )
        }
        several => {
            let planned = several.iter().map(|one| Machine::new(RegionalId::from(one.id.clone()), &one.name));
            let onclick = view.on_click(Msg::Plan(PlanMsg::New(planned.collect())));
            let label = format!("Restore {} VMs together…", text::thousands(several.len()));
            Some(html! { <button id={RESTORE} type="button" class="vmr-primary" {onclick}>{ label }</button> })
        }
    }
}

#[cfg(test)]
mod tests;
