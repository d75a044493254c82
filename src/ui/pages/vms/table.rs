//! The table of machines. Only the rows in sight are drawn.

use azure_backup::arm::id::{ArmId, Region};
use azure_backup::backup::fleet::MachineRow;
use azure_backup::backup::item::ProtectionState;
use time::OffsetDateTime;
use yew::prelude::*;

use super::facet::{facet_name, value_name};
use super::selection::{select_cell, select_head, select_to, selected_of};
use crate::app::fleet::selection::{SelectedMachine, SelectedRows};
use crate::app::fleet::{Column, Facet, Fleet, SOFT_DELETED, health_code};
use crate::app::route::Route;
use crate::restore::regional_id::RegionalId;
use crate::restore::visible::visible_name;
use crate::ui::kit::Tone;
use crate::ui::kit::badge::badge;
use crate::ui::kit::dom::show_mixed;
use crate::ui::kit::each;
use crate::ui::kit::name::name;
use crate::ui::kit::sort::sort_head;
use crate::ui::kit::table::small;
use crate::ui::kit::virtual_rows::{print_limit, use_drawn_rows};
use crate::ui::kit::when::{clock, maybe_when};
use crate::ui::shared::Shared;
use crate::ui::translatable::translatable;

/// The id of the link to the machine that was opened last: whoever comes back finds the focus there.
pub const OPENED: &str = "opened-machine";

/// The properties of [`MachineTable`].
#[derive(Clone, PartialEq, Properties)]
pub struct MachineTableProps {
    /// The machines.
    pub fleet: Shared<Fleet>,
    /// Which of them are shown, in which order.
    pub found: Shared<Vec<u32>>,
    /// What they are sorted by, and whether the last comes first; none where the order is fixed.
    pub sort: Option<(Column, bool)>,
    /// The secondary region, when these are the machines replicated there.
    #[prop_or_default]
    pub secondary: Option<Region>,
    /// The machine that was opened last.
    #[prop_or_default]
    pub opened: Option<ArmId>,
    /// The time, for relative times.
    pub now: OffsetDateTime,
    /// Receives the column whose head was pressed.
    #[prop_or_default]
    pub on_sort: Callback<Column>,
    /// Which machines are selected; none where machines cannot be selected.
    #[prop_or_default]
    pub selected: Option<Shared<SelectedRows>>,
    /// Receives machines that are selected from now on, or no longer.
    #[prop_or_default]
    pub on_select: Callback<(Vec<SelectedMachine>, bool)>,
}

impl MachineTableProps {
    pub(super) fn row(&self, at: usize) -> Option<&MachineRow> {
        let place = *self.found.get(at)?;
        self.fleet.rows().get(usize::try_from(place).ok()?).map(|row| &**row)
    }
}

/// The table. It is rendered again only when its properties or the rows in sight change.
#[component]
pub fn MachineTable(of: &MachineTableProps) -> Html {
    let (table, body) = (use_node_ref(), use_node_ref());
    let count = of.found.len();
    let opened = || {
        let opened = of.opened.as_ref()?;
        (0..count).find(|at| of.row(*at).is_some_and(|row| row.id == *opened))
    };
    let listed = of.clone();
    let drawn = use_drawn_rows(&table, &body, (count, false), opened, move |at| listed.row(at).map(key_of));
    // The rows keep one callback, whatever is found, so that those that stay are not rendered anew.
    let (clicked_last, latest) = (use_mut_ref(|| None), use_mut_ref(|| of.clone()));
    latest.replace(of.clone());
    let on_click = use_callback((), move |(at, e): (usize, MouseEvent), ()| {
        let of = latest.borrow().clone();
        select_to(&of, &mut clicked_last.borrow_mut(), at, &e);
    });
    let (all, selected) = (use_node_ref(), selected_of(of));
    // A click has made it one of two: what it shows is set after each rendering.
    use_effect({
        let (all, mixed) = (all.clone(), (1..count).contains(&selected));
        move || show_mixed(&all, mixed)
    });
    let row = |at: usize| {
        let place = *of.found.get(at)?;
        let item = of.row(at)?;
        let is_opened = of.opened.as_ref() == Some(&item.id);
        Some(html! {
            <Row key={key_of(item)} fleet={of.fleet.clone()} {place} {at} secondary={of.secondary.clone()} {is_opened} now={of.now}
                selected={of.selected.clone()} on_click={on_click.clone()} />
        })
    };
    let rows = drawn.rows(count, row);
    translatable(html! {
        <>
        <table ref={table} class={classes!("vmr-machines", of.secondary.is_some().then_some("vmr-copies"))} role="table" tabindex="-1" aria-label="Protected virtual machines" aria-rowcount={(count + 1).to_string()}>
            <thead role="rowgroup"><tr role="row" aria-rowindex="1">{ each(select_head(of, selected, &all)) }{ head(of) }</tr></thead>
            <tbody ref={body} role="rowgroup" onfocusin={drawn.onfocusin.clone()} onfocusout={drawn.onfocusout.clone()}>{ rows }</tbody>
        </table>
        { each(print_limit(count)) }
        </>
    })
}

/// The columns of the list: what each is sorted by.
pub(super) const fn column_name(column: Column) -> &'static str {
    match column {
        Column::Name => "Virtual machine",
        Column::LatestPoint => "Latest recovery point",
        Column::Facet(facet) => facet_name(facet),
    }
}

/// Whether the machines of one vault's secondary region have a column for it.
fn has(column: Column, secondary: Option<&Region>) -> bool {
    secondary.is_none() || !matches!(column, Column::Facet(Facet::Subscription | Facet::Region))
}

fn head(of: &MachineTableProps) -> Html {
    let one = |column: Column| {
        let label = column_name(column);
        let Some((by, descending)) = of.sort else {
            return html! { <th scope="col" role="columnheader">{ label }</th> };
        };
        sort_head(label, (by == column).then_some(descending), of.on_sort.reform(move |_| column))
    };
    html! {
        <>
            { each(Column::ALL.into_iter().filter(|column| has(*column, of.secondary.as_ref())).map(one)) }
            if of.secondary.is_none() { <th scope="col" role="columnheader">{ "Original VM" }</th> }
            <th scope="col" role="columnheader" class="vmr-action-column"><span class="vmr-hidden">{ "Action" }</span></th>
        </>
    }
}

/// What a row is known by. A link that has the focus, or a checkbox, must not become that of another machine when the list is read anew or sorted.
fn key_of(item: &MachineRow) -> String {
    item.id.as_str().to_ascii_lowercase()
}

/// The properties of [`Row`].
#[derive(PartialEq, Properties)]
pub(super) struct RowProps {
    /// The machines.
    fleet: Shared<Fleet>,
    /// The place of this one among them.
    place: u32,
    /// Its place in the table.
    pub(super) at: usize,
    /// The secondary region, as in [`MachineTableProps`].
    secondary: Option<Region>,
    /// Whether it was opened last.
    is_opened: bool,
    /// The time, for relative times.
    now: OffsetDateTime,
    /// Which machines are selected. As a whole, because a click that selects nothing must be taken back on the screen, too.
    selected: Option<Shared<SelectedRows>>,
    /// Receives a click on the checkbox, with the place in the table.
    pub(super) on_click: Callback<(usize, MouseEvent)>,
}

impl RowProps {
    pub(super) fn machine(&self) -> Option<&MachineRow> {
        self.fleet.rows().get(usize::try_from(self.place).ok()?).map(|row| &**row)
    }

    /// Whether it is selected; none where machines cannot be selected.
    pub(super) fn is_selected(&self) -> Option<bool> {
        self.selected.as_ref().map(|rows| rows.has(self.place))
    }
}

/// A row. It is a component because with most keys of a search the rows on the screen stay, and are not rendered anew.
#[component]
fn Row(of: &RowProps) -> Html {
    translatable(each(of.machine().map(|item| row(item, of))))
}

fn row(item: &MachineRow, of: &RowProps) -> Html {
    let route = Route::Points(RegionalId { id: item.id.clone(), secondary: of.secondary.clone() });
    let id = of.is_opened.then_some(OPENED);
    let machine = item.source.as_ref().map(ArmId::name);
    let other = machine.filter(|machine| !machine.eq_ignore_ascii_case(&item.name));
    let is_classic = |id: &ArmId| id.as_str().to_ascii_lowercase().contains("/microsoft.classiccompute/");
    let classic = item.source.as_ref().is_some_and(is_classic).then_some("Classic");
    let note =
        other.map(|other| html! { <small>{ "In Azure: " }{ name(other) }</small> }).or_else(|| classic.map(small));
    let text = |column: Column, text: Option<&str>| {
        let text = text.unwrap_or_default();
        html! { <td role="cell" data-name={column_name(column)} title={visible_name(text).into_owned()}>{ name(text) }</td> }
    };
    let region = item.region.as_ref().map(|region| region.to_string());
    let subscription = item.subscription().map(|id| id.to_string());
    let cell = |column: Column| match column {
        Column::Name => html! {
            <th scope="row" role="rowheader"><a {id} href={route.hash()}>{ name(&item.name) }</a>{ each(note.clone()) }</th>
        },
        Column::Facet(Facet::Group) => text(column, item.resource_group.as_deref()),
        Column::Facet(Facet::Subscription) => {
            text(column, item.subscription_name.as_deref().or(subscription.as_deref()))
        }
        Column::Facet(Facet::Vault) => text(column, item.vault_name()),
        Column::Facet(Facet::Region) => text(column, region.as_deref()),
        Column::Facet(_) => html! {
            <td role="cell" data-name="Health">{ health(item) }{ each(protection(item)) }</td>
        },
        Column::LatestPoint => {
            // For a deleted item Azure tells none, which does not mean that there are none.
            let never = item.protection_state == Some(ProtectionState::IRPending);
            let otherwise = if never { "None" } else { "Unknown" };
            html! { <td role="cell" data-name="Latest point">{ maybe_when(item.last_recovery_point, of.now, otherwise) }</td> }
        }
    };
    let action = if item.soft_deleted { "Undelete" } else { "Restore" };
    html! {
        <tr role="row" class="vmr-row-link" aria-rowindex={(of.at + 2).to_string()}>
            { each(select_cell(item, of)) }
            { each(Column::ALL.into_iter().filter(|column| has(*column, of.secondary.as_ref())).map(cell)) }
            if of.secondary.is_none() { { original(item) } }
            <td role="cell" class="vmr-action-column"><span class="vmr-action" aria-hidden="true">{ action }</span></td>
        </tr>
    }
}

/// Whether the machine itself is there, as far as Resource Graph tells.
fn original(item: &MachineRow) -> Html {
    let (tone, text, why) = match item.source_found {
        Some(true) => (Tone::Neutral, "Exists", ""),
        Some(false) => (Tone::Warning, "Not found", "It was deleted, or you don't have access to it."),
        None => (Tone::Neutral, "Unknown", ""),
    };
    let shown = if tone == Tone::Warning {
        badge(tone, text)
    } else {
        html! { <span class="vmr-muted">{ text }</span> }
    };
    html! { <td role="cell" data-name="Original VM" title={(!why.is_empty()).then_some(why)}>{ shown }</td> }
}

fn health(item: &MachineRow) -> Html {
    let code = health_code(item);
    let tone = match code {
        Some("Passed") => Tone::Good,
        Some("ActionRequired") => Tone::Bad,
        Some("ActionSuggested" | SOFT_DELETED) => Tone::Warning,
        _ => Tone::Neutral,
    };
    badge(tone, value_name(Facet::Health, code.unwrap_or("Unknown")).to_owned())
}

/// What stands below the health: the state of the protection, or how the last backup ended.
fn protection(item: &MachineRow) -> Option<Html> {
    if item.soft_deleted {
        return Some(match item.kept_until {
            Some(until) => html! { <small>{ "Kept until " }{ clock(until) }</small> },
            None => small("Kept for a limited time"),
        });
    }
    state_of_protection(item).map(small)
}

fn state_of_protection(item: &MachineRow) -> Option<String> {
    let backup = item.last_backup_status.as_deref().filter(|status| *status != "Completed");
    let backup = backup.map(|status| format!("Last backup: {}", visible_name(status)));
    match item.protection_state.as_ref()? {
        ProtectionState::Protected | ProtectionState::Invalid => backup,
        ProtectionState::IRPending => Some("First backup pending".to_owned()),
        ProtectionState::ProtectionError => Some("Last backup failed".to_owned()),
        ProtectionState::ProtectionStopped => Some("Protection stopped".to_owned()),
        ProtectionState::ProtectionPaused => Some("Protection paused".to_owned()),
        ProtectionState::BackupsSuspended => Some("Backups suspended".to_owned()),
        other => Some(other.to_string()),
    }
}

#[cfg(test)]
mod tests;
