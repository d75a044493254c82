use std::rc::Rc;

use azure_backup::arm::graph::ResultPage;
use azure_backup::backup::fleet::MachineRow;

use super::*;
use crate::app::catalog::PendingRead;
use crate::app::effect::CallId;
use crate::app::fleet::status::GraphRows;
use crate::app::fleet::view::FleetView;
use crate::app::key::{Answer, Key};
use crate::app::state::State;
use crate::restore::sample;
use crate::ui::pages::tests::{assert_sound, at, state};

fn row(n: usize) -> MachineRow {
    let vault = sample::facts().vault.id.clone();
    MachineRow::new(vault.child("protectedItems", &format!("VM;i;rg;web-{n:04}")))
}

/// A list of so many machines, of which these are selected. Places behind its end are machines that it does not have.
fn selecting(count: usize, selected: &[usize]) -> State {
    let (mut state, _) = state(None);
    let fleet = ResultPage::new((0..count).map(row).collect());
    let entry = state.catalog.entry_mut(&Key::Fleet);
    entry.value = Some(Answer::Fleet(Rc::new(GraphRows::shared(fleet))));
    state.selection.set(selected.iter().map(|n| SelectedMachine::from(&row(*n))).collect(), true);
    state
}

fn page(state: &State, search: &str) -> String {
    let filter = Filter { text: search.to_owned(), values: Vec::new() };
    let html = at(state, Route::Vms(FleetView { filter, ..FleetView::default() }));
    assert_sound(&html, "machines");
    html
}

fn bar_of(html: &str) -> Option<&str> {
    html.split_once("aria-label=\"Selected virtual machines\"").map(|(_, bar)| bar.split("</main>").next().unwrap())
}

#[test]
fn one_machine_leads_to_its_points_and_several_become_a_plan() {
    assert_eq!(bar_of(&page(&selecting(50, &[]), "")), None);
    let html = page(&selecting(50, &[3]), "");
    let one = bar_of(&html).unwrap();
    assert!(one.contains("1 selected") && one.contains("Restore <bdi>web-0003</bdi>…"), "{one}");
    assert!(one.contains("href=\"#/restore/") && one.contains("Select all 50<"), "{one}");
    let html = page(&selecting(50, &[3, 4]), "web");
    let two = bar_of(&html).unwrap();
    assert!(two.contains("2 selected") && two.contains("Restore 2 VMs together…"), "{two}");
    assert!(two.contains("Select all 50 that match"), "{two}");
}

#[test]
fn machines_that_the_search_hides_stay_selected_and_are_counted() {
    let html = page(&selecting(50, &[3, 4, 21]), "web-002");
    let bar = bar_of(&html).unwrap();
    assert!(bar.contains("3 selected") && bar.contains("2 of them not shown by this search"), "{bar}");
    assert!(bar.contains("Select all 10 that match") && bar.contains("Restore 3 VMs together…"), "{bar}");
}

#[test]
fn machines_that_have_left_the_list_are_named_and_not_dropped() {
    let gone: Vec<usize> = (1..9).collect();
    let mut state = selecting(1, &gone);
    let html = page(&state, "");
    let bar = bar_of(&html).unwrap();
    assert!(bar.contains("8 selected but no longer in the list: ") && bar.contains("web-0005"), "{bar}");
    assert!(bar.contains("and 3 more") && bar.contains("Remove them") && bar.contains("Restore 8 VMs"), "{bar}");
    assert!(!bar.contains("web-0006"), "{bar}");
    // While the list is read they may be yet to come.
    state.catalog.entry_mut(&Key::Fleet).reading = Some(PendingRead::new(CallId(1), state.now, 0));
    assert!(!bar_of(&page(&state, "")).unwrap().contains("no longer in the list"));
}

#[test]
fn more_than_a_plan_has_room_for_is_refused_in_words() {
    let all: Vec<usize> = (0..MAX_MACHINES).collect();
    let mut state = selecting(MAX_MACHINES + 5, &all);
    let html = page(&state, "");
    let bar = bar_of(&html).unwrap();
    assert!(bar.contains("1,000 selected") && !bar.contains("has room for"), "{bar}");
    assert!(!bar.contains("Select all 1,005"), "what is refused is not offered: {bar}");
    state.selection.set(vec![SelectedMachine::from(&row(MAX_MACHINES))], true);
    let html = page(&state, "");
    assert!(bar_of(&html).unwrap().contains("A recovery plan has room for 1,000 VMs"), "{html}");
    // Also where nothing was selected before.
    state.selection.clear();
    state.selection.set((0..=MAX_MACHINES).map(|n| SelectedMachine::from(&row(n))).collect(), true);
    let html = page(&state, "");
    let bar = bar_of(&html).unwrap();
    assert!(bar.contains("nothing more was selected") && bar.contains(">Clear<") && !bar.contains("Restore"), "{bar}");
}
