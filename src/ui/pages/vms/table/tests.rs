use std::rc::Rc;

use azure_backup::backup::item::{Health, ProtectedItem};

use super::*;
use crate::app::fleet::selection::Selection;
use crate::restore::sample;
use crate::ui::kit::test::html_of_component;

fn shown(rows: Vec<MachineRow>, change: impl FnOnce(&mut MachineTableProps)) -> String {
    let rows: Vec<Rc<MachineRow>> = rows.into_iter().map(Rc::new).collect();
    let found = Rc::new((0..u32::try_from(rows.len()).unwrap()).collect::<Vec<_>>());
    let mut props = MachineTableProps {
        fleet: Rc::new(Fleet::of(&rows)).into(),
        found: found.into(),
        sort: Some((Column::Name, false)),
        secondary: None,
        opened: None,
        now: OffsetDateTime::UNIX_EPOCH,
        on_sort: Callback::noop(),
        selected: None,
        on_select: Callback::noop(),
    };
    change(&mut props);
    html_of_component::<MachineTable>(props)
}

fn item() -> ProtectedItem {
    (*sample::facts().item).clone()
}

fn row() -> MachineRow {
    MachineRow::from(&item())
}

fn many(count: usize) -> Vec<MachineRow> {
    let id = row().id;
    let one = |n: usize| MachineRow::new(ArmId::parse(&format!("{id}-{n:05}")).unwrap());
    (0..count).map(one).collect()
}

#[test]
fn of_ten_thousand_machines_the_first_are_drawn_and_all_are_counted() {
    let html = shown(many(10_000), |_| ());
    assert!(html.contains("aria-rowcount=\"10001\"") && html.contains("aria-rowindex=\"2\""), "{html}");
    let rows = html.matches("class=\"vmr-row-link\"").count();
    assert!((20..60).contains(&rows), "{rows}");
    assert_eq!(html.matches("vmr-gap").count(), 1, "the others are a space below");
}

#[test]
fn the_machine_that_was_opened_is_drawn_wherever_it_is() {
    let rows = many(10_000);
    let opened = rows[7_000].id.clone();
    let html = shown(rows, |props| props.opened = Some(opened.clone()));
    let (_, link) = html.split_once("id=\"opened-machine\"").unwrap();
    assert!(link.split("</a>").next().unwrap().contains("07000"), "{link}");
    assert_eq!(html.matches("vmr-gap").count(), 2);
}

#[test]
fn the_head_tells_what_the_list_is_sorted_by() {
    let html = shown(vec![row()], |props| props.sort = Some((Column::LatestPoint, true)));
    let (before, _) = html.split_once("aria-sort=\"descending\"").unwrap();
    assert_eq!(html.matches("aria-sort").count(), 1);
    assert!(before.contains(">Health<") && !before.contains("Latest recovery point"), "{html}");
    let fixed = shown(vec![row()], |props| props.sort = None);
    assert!(!fixed.contains("<button"), "{fixed}");
}

#[test]
fn what_azure_does_not_tell_of_a_deleted_item_is_not_said_to_be_absent() {
    let mut deleted = item();
    deleted.soft_deleted = true;
    deleted.health = Some(Health::Passed);
    deleted.protection_state = ProtectionState::ProtectionStopped;
    deleted.last_recovery_point = None;
    (deleted.deleted_at, deleted.soft_delete_days) = (None, None);
    let unknown = shown(vec![MachineRow::from(&deleted)], |_| ());
    assert!(unknown.contains("Kept for a limited time"), "{unknown}");
    (deleted.deleted_at, deleted.soft_delete_days) = (Some(OffsetDateTime::UNIX_EPOCH), Some(14));
    let html = shown(vec![MachineRow::from(&deleted)], |_| ());
    assert!(html.contains("Kept until ") && html.contains("1970-01-15"), "{html}");
    assert!(html.contains("Soft-deleted") && html.contains(">Undelete<"), "{html}");
    for untrue in ["Healthy", "None", "Protection stopped"] {
        assert!(!html.contains(untrue), "{untrue}: {html}");
    }
    let mut pending = item();
    pending.protection_state = ProtectionState::IRPending;
    pending.last_recovery_point = None;
    let html = shown(vec![MachineRow::from(&pending)], |_| ());
    assert!(html.contains("First backup pending") && html.contains("None") && html.contains(">Restore<"), "{html}");
}

#[test]
fn whether_the_machine_itself_is_there_is_told_as_far_as_it_is_known() {
    let with = |found: Option<bool>| {
        let mut row = row();
        row.source_found = found;
        shown(vec![row], |_| ())
    };
    assert!(with(None).contains(">Unknown<") && !with(None).contains("Not found"));
    assert!(with(Some(true)).contains(">Exists<"));
    let gone = with(Some(false));
    assert!(gone.contains("Not found") && gone.contains("It was deleted, or you don't have access to it."), "{gone}");
}

#[test]
fn copies_have_no_columns_that_only_repeat_their_vault() {
    let html = shown(vec![row()], |props| props.secondary = Some(Region::new("northeurope")));
    assert!(html.contains("#/secondary/northeurope/"), "{html}");
    for column in ["Subscription", "Region", "Original VM"] {
        assert!(!html.contains(&format!(">{column}<")), "{column}: {html}");
    }
}

#[test]
fn what_is_selected_is_checked_and_the_copies_have_no_checkboxes() {
    let rows = many(3);
    let mut selection = Selection::default();
    selection.set(vec![SelectedMachine::from(&rows[1])], true);
    let selected = |of: &Selection, rows: &[MachineRow]| {
        let rows: Vec<_> = rows.iter().cloned().map(Rc::new).collect();
        Some(Rc::new(of.in_list(&rows)).into())
    };
    let html = shown(rows.clone(), |props| props.selected = selected(&selection, &rows));
    assert_eq!((html.matches("type=\"checkbox\"").count(), html.matches(" checked").count()), (4, 1), "{html}");
    let (_, second) = html.split_once("aria-rowindex=\"3\"").unwrap();
    assert!(second.split("</td>").next().unwrap().contains(" checked"), "{second}");
    let some = |props: &mut MachineTableProps| props.found = Rc::new(vec![1]).into();
    let html = shown(rows.clone(), |props| {
        props.selected = selected(&selection, &rows);
        some(props);
    });
    assert_eq!(html.matches(" checked").count(), 2, "the head is about what was found: {html}");
    assert!(!shown(rows, |_| ()).contains("checkbox"));
}
