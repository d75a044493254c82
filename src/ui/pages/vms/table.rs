//! The list of virtual machines: searched in memory, shown in windows of rows.

use std::rc::Rc;

use azure_backup::arm::id::{ArmId, Region};
use azure_backup::backup::item::{Health, ItemKind, ProtectedItem, ProtectionState};
use time::OffsetDateTime;
use yew::prelude::*;

use crate::app::list_status::ListStatus;
use crate::app::msg::Msg;
use crate::app::route::Route;
use crate::restore::regional_id::RegionalId;
use crate::ui::kit::Tone;
use crate::ui::kit::badge::badge;
use crate::ui::kit::each;
use crate::ui::kit::empty::{empty, loading, nothing};
use crate::ui::kit::name::name;
use crate::ui::kit::table::{columns, more, row as table_row, small, table};
use crate::ui::kit::when::maybe_when;
use crate::ui::pages::on_click;
use crate::ui::shared::Shared;
use crate::ui::translatable::translatable;

/// The properties of [`VmTable`].
#[derive(Clone, PartialEq, Properties)]
pub struct VmTableProps {
    /// The protected items of each vault, with the vault's name.
    pub lists: Vec<(AttrValue, Shared<[Rc<ProtectedItem>]>)>,
    /// The secondary region, when these are the items replicated there.
    pub secondary: Option<Region>,
    /// What the operator searches for.
    pub search: String,
    /// How many rows to show.
    pub rows: usize,
    /// What is being read, if anything.
    pub loading: Option<AttrValue>,
    /// How complete the list is.
    pub known: ListStatus,
    /// The time, for relative times.
    pub now: OffsetDateTime,
    /// Where messages go.
    pub dispatch: Callback<Msg>,
}

/// The list. It is rendered again only when its properties change.
#[component]
pub fn VmTable(of: &VmTableProps) -> Html {
    let found = use_memo((of.lists.clone(), of.search.clone()), |(lists, search)| find(lists, search));
    let all: usize = of.lists.iter().map(|(_, items)| items.len()).sum();
    let at = |&(list, item): &(usize, usize)| {
        let (vault, items) = of.lists.get(list)?;
        Some(row(vault, items.get(item)?, of))
    };
    let names = columns(["Virtual machine", "Vault", "Health", "Last backup", "Latest recovery point"]);
    let remark = if of.search.is_empty() { format!("{all}") } else { format!("{} of {all}", found.len()) };
    let remark = of.known.count(remark);
    let rows = found.iter().take(of.rows).filter_map(at);
    translatable(html! {
        <>
            { each(of.loading.clone().filter(|_| !found.is_empty() || all > 0).map(loading)) }
            if found.is_empty() {
                { none_of(of, all) }
            } else {
                { table("Protected virtual machines", html! { remark }, &names, false, html! { <>{ each(rows) }</> }) }
            }
            { more(of.rows.min(found.len()), found.len(), on_click(&of.dispatch, Msg::ShowMore)) }
        </>
    })
}

fn none_of(of: &VmTableProps, all: usize) -> Html {
    if all == 0 {
        let reading = of.loading.clone().unwrap_or_else(|| "Loading…".into());
        return nothing(of.known, reading, || none(of.secondary.is_some()));
    }
    let more = match of.known {
        ListStatus::Complete => "",
        ListStatus::Loading => " Not all of them have loaded yet.",
        ListStatus::Partial | ListStatus::Failed => " Not all of them could be loaded.",
    };
    empty(
        "No VMs match your search",
        html! { <p>{ "Change the search. It covers names, resource groups and vaults." }{ more }</p> },
    )
}

/// The whole list was read, and it is empty.
fn none(secondary: bool) -> Html {
    let (title, text) = if secondary {
        (
            "No replicated VMs in the secondary region",
            "There are no VMs of this vault in the secondary region, or you don't have access. Try another vault.",
        )
    } else {
        (
            "No protected VMs",
            "There are no protected VMs here, or you don't have access. Try another subscription or vault.",
        )
    };
    empty(title, html! { <p>{ text }</p> })
}

/// The index of the list and of the item in it for everything that matches `search`, sorted by name.
fn find(lists: &[(AttrValue, Shared<[Rc<ProtectedItem>]>)], search: &str) -> Vec<(usize, usize)> {
    let words: Vec<String> = search.split_whitespace().map(str::to_ascii_lowercase).collect();
    let mut found = Vec::new();
    for (list, (vault, items)) in lists.iter().enumerate() {
        for (index, item) in items.iter().enumerate() {
            let name = item.friendly_name.to_ascii_lowercase();
            let text = format!("{name} {} {vault}", group(item)).to_ascii_lowercase();
            if words.iter().all(|w| text.contains(w.as_str())) {
                found.push((name, list, index));
            }
        }
    }
    found.sort_unstable();
    found.into_iter().map(|(_, list, index)| (list, index)).collect()
}

fn group(item: &ProtectedItem) -> &str {
    let source = item.source_resource_id.as_ref().or(item.virtual_machine_id.as_ref());
    source.and_then(|id| id.resource_group()).unwrap_or_default()
}

fn row(vault: &str, item: &ProtectedItem, of: &VmTableProps) -> Html {
    let (tone, health) = health(item);
    // For a deleted item Azure tells neither, which does not mean that there are none.
    let never = item.protection_state == ProtectionState::IRPending;
    let unknown = |none: &'static str| if never { none } else { "Unknown" };
    let backup = item.last_backup_status.clone().unwrap_or_else(|| unknown("No backup yet").to_owned());
    let kind = (item.kind == ItemKind::Classic).then_some(" · classic");
    let route = Route::Points(RegionalId { id: item.id.clone(), secondary: of.secondary.clone() });
    let link = html! { <a href={route.hash()}>{ name(&item.friendly_name) }</a> };
    let machine = item.source_resource_id.as_ref().map(ArmId::name);
    let other = machine.filter(|machine| !machine.eq_ignore_ascii_case(&item.friendly_name));
    let other = other.map(|machine| html! { <>{ " · in Azure: " }{ name(machine) }</> });
    let place = html! { <small>{ name(group(item)) }{ kind.unwrap_or_default() }{ each(other) }</small> };
    let undelete = item.soft_deleted.then(|| html! { <small><a href={route.hash()}>{ "Undelete" }</a></small> });
    let cells = vec![
        name(vault),
        html! { <>{ badge(tone, health) }{ each(protection(item).map(small)) }{ each(undelete) }</> },
        html! { <>{ backup }{ each(item.last_backup_time.map(|at| small(crate::ui::text::utc(at)))) }</> },
        maybe_when(item.last_recovery_point, of.now, unknown("None")),
    ];
    table_row(item.id.as_str(), html! { <>{ link }{ place }</> }, cells)
}

fn health(item: &ProtectedItem) -> (Tone, &'static str) {
    match &item.health {
        // A deletion is newer than the last health check.
        _ if item.soft_deleted => (Tone::Warning, "Soft-deleted"),
        Some(Health::Passed) => (Tone::Good, "Healthy"),
        Some(Health::ActionRequired) => (Tone::Bad, "Action required"),
        Some(Health::ActionSuggested) => (Tone::Warning, "Action suggested"),
        _ => (Tone::Neutral, "Unknown"),
    }
}

fn protection(item: &ProtectedItem) -> Option<String> {
    if item.soft_deleted {
        let until = item.kept_until().map(|at| format!("kept until {}", crate::ui::text::utc(at)));
        return Some(until.unwrap_or_else(|| "kept for a limited time".to_owned()));
    }
    Some(match &item.protection_state {
        ProtectionState::Protected | ProtectionState::Invalid => return None,
        ProtectionState::IRPending => "First backup pending".to_owned(),
        ProtectionState::ProtectionError => "Last backup failed".to_owned(),
        ProtectionState::ProtectionStopped => "Protection stopped".to_owned(),
        ProtectionState::ProtectionPaused => "Protection paused".to_owned(),
        ProtectionState::BackupsSuspended => "Backups suspended".to_owned(),
        other => other.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::state::ROWS;
    use crate::restore::sample;
    use crate::ui::kit::test::html_of_component;

    fn shown(count: usize, search: &str) -> String {
        shown_where(count, search, ListStatus::Complete)
    }

    fn shown_where(count: usize, search: &str, known: ListStatus) -> String {
        let item = |n: usize| {
            let mut item = (*sample::facts().item).clone();
            item.friendly_name = format!("vm-{n:04}");
            Rc::new(item)
        };
        html_of_component::<VmTable>(VmTableProps {
            lists: vec![("vault-a".into(), (0..count).map(item).collect::<Rc<_>>().into())],
            secondary: None,
            search: search.to_owned(),
            rows: ROWS,
            loading: None,
            known,
            now: OffsetDateTime::UNIX_EPOCH,
            dispatch: Callback::noop(),
        })
    }

    #[test]
    fn a_thousand_machines_are_shown_in_windows() {
        let html = shown(1_000, "");
        assert_eq!(html.matches("<tr").count(), 1 + ROWS, "the head and a window of rows");
        assert!(html.contains(&format!("Show {ROWS} more")) && html.contains(&format!("{ROWS} of 1000 shown")));
    }

    #[test]
    fn the_search_looks_at_name_group_and_vault() {
        assert_eq!(shown(30, "VM-0007 vault-a").matches("<tr").count(), 2);
        assert!(shown(30, "nowhere").contains("No VMs match your search"));
        assert!(shown(0, "").contains("No protected VMs"));
    }

    #[test]
    fn what_azure_does_not_tell_of_a_deleted_item_is_not_said_to_be_absent() {
        let mut deleted = (*sample::facts().item).clone();
        deleted.soft_deleted = true;
        deleted.health = Some(Health::Passed);
        deleted.protection_state = ProtectionState::ProtectionStopped;
        deleted.deleted_at = Some(OffsetDateTime::UNIX_EPOCH);
        deleted.soft_delete_days = Some(14);
        let mut pending = (*sample::facts().item).clone();
        pending.protection_state = ProtectionState::IRPending;
        let show = |item: ProtectedItem| {
            html_of_component::<VmTable>(VmTableProps {
                lists: vec![("vault-a".into(), Rc::<[_]>::from([Rc::new(item)]).into())],
                secondary: None,
                search: String::new(),
                rows: ROWS,
                loading: None,
                known: ListStatus::Complete,
                now: OffsetDateTime::UNIX_EPOCH,
                dispatch: Callback::noop(),
            })
        };
        let html = show(deleted.clone());
        assert!(html.contains("Soft-deleted") && html.contains("kept until 1970-01-15"), "{html}");
        for untrue in ["Healthy", "No backup yet", "None"] {
            assert!(!html.contains(untrue), "{untrue}: {html}");
        }
        deleted.soft_delete_days = None;
        let unknown = show(deleted);
        assert!(unknown.contains("kept for a limited time") && !unknown.contains("1970-01-15"), "{unknown}");
        let html = show(pending);
        assert!(html.contains("No backup yet") && html.contains("None"), "{html}");
    }

    #[test]
    fn what_could_not_be_read_is_not_said_to_be_absent() {
        let html = shown_where(0, "", ListStatus::Failed);
        assert!(html.contains("Couldn't load this list") && !html.contains("No protected VMs"), "{html}");
        assert!(shown_where(30, "nowhere", ListStatus::Complete).contains("and vaults.<"));
        for known in [ListStatus::Failed, ListStatus::Partial] {
            assert!(shown_where(30, "nowhere", known).contains("Not all of them could be loaded."));
        }
        assert!(shown_where(30, "", ListStatus::Loading).contains("30 so far"));
    }
}
