//! The machines that the operator has selected, to restore them together. They stay selected whatever the list is searched by, and while another
//! page is shown.

use std::rc::Rc;

use azure_backup::arm::id::ArmId;
use azure_backup::backup::fleet::MachineRow;

use crate::recovery::plan::MAX_MACHINES;

/// A selected machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectedMachine {
    /// The protected item.
    pub id: ArmId,
    /// Its name, for the time when it is no longer in the list.
    pub name: String,
}

impl From<&MachineRow> for SelectedMachine {
    fn from(row: &MachineRow) -> Self {
        Self { id: row.id.clone(), name: row.name.clone() }
    }
}

/// The selected machines, in the order in which they were selected. A clone is cheap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    identity: String,
    machines: Rc<Vec<SelectedMachine>>,
    /// How often more was asked for than a plan has room for, since the last change. Counted, so that each time makes another value.
    refusals: u32,
}

/// Which rows of a list are selected, and which selected machines it does not have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SelectedRows {
    is_selected: Vec<bool>,
    /// The machines that are not in the list.
    pub missing: Vec<SelectedMachine>,
}

impl Selection {
    /// Whose selection it is from now on. Another identity begins without one.
    pub fn work_for(&mut self, identity: &str) {
        if self.identity != identity {
            *self = Self { identity: identity.to_owned(), ..Self::default() };
        }
    }

    /// All of them.
    pub fn machines(&self) -> &[SelectedMachine] {
        &self.machines
    }

    /// Whether the last change was refused, because a plan has no room for so many.
    pub const fn is_refused(&self) -> bool {
        self.refusals > 0
    }

    /// Selects machines, or selects them no longer: all of them, or none if there would be too many.
    pub fn set(&mut self, machines: Vec<SelectedMachine>, selected: bool) {
        if selected {
            let known = Lookup::of(self.machines.iter().map(|machine| &machine.id));
            let new: Vec<SelectedMachine> =
                machines.into_iter().filter(|machine| known.find(&machine.id).is_none()).collect();
            if self.machines.len() + new.len() > MAX_MACHINES {
                self.refusals += 1;
                return;
            }
            Rc::make_mut(&mut self.machines).extend(new);
        } else {
            let gone = Lookup::of(machines.iter().map(|machine| &machine.id));
            Rc::make_mut(&mut self.machines).retain(|machine| gone.find(&machine.id).is_none());
        }
        self.refusals = 0;
    }

    /// Selects nothing.
    pub fn clear(&mut self) {
        (self.machines, self.refusals) = (Rc::default(), 0);
    }

    /// What a list has of them.
    pub fn in_list(&self, rows: &[Rc<MachineRow>]) -> SelectedRows {
        if self.machines.is_empty() {
            return SelectedRows::default();
        }
        let lookup = Lookup::of(self.machines.iter().map(|machine| &machine.id));
        let mut is_there = vec![false; self.machines.len()];
        let mut look = |row: &Rc<MachineRow>| {
            let at = lookup.find(&row.id);
            at.into_iter().for_each(|at| is_there[at] = true);
            at.is_some()
        };
        let is_selected = rows.iter().map(&mut look).collect();
        let missing = self.machines.iter().zip(is_there).filter(|(_, there)| !there);
        SelectedRows { is_selected, missing: missing.map(|(machine, _)| machine.clone()).collect() }
    }
}

impl SelectedRows {
    /// Whether the machine at this place of the list is selected.
    pub fn has(&self, place: u32) -> bool {
        usize::try_from(place).ok().and_then(|place| self.is_selected.get(place)).copied().unwrap_or_default()
    }
}

/// Finds things by their ids. The ids of a tenant differ at their ends, so that most of ten thousand are told apart by a number.
pub(super) struct Lookup<'a>(Vec<(u64, usize, &'a ArmId)>);

impl<'a> Lookup<'a> {
    pub(super) fn of(ids: impl Iterator<Item = &'a ArmId>) -> Self {
        let mut all: Vec<_> = ids.enumerate().map(|(at, id)| (number(id), at, id)).collect();
        all.sort_unstable_by_key(|(number, at, _)| (*number, *at));
        Self(all)
    }

    /// The place of an id among them.
    pub(super) fn find(&self, id: &ArmId) -> Option<usize> {
        let wanted = number(id);
        let first = self.0.partition_point(|(number, ..)| *number < wanted);
        let mut alike = self.0.iter().skip(first).take_while(|(number, ..)| *number == wanted);
        alike.find(|(_, _, known)| *known == id).map(|(_, at, _)| *at)
    }
}

/// The last eight bytes, the same in upper and lower case.
fn number(id: &ArmId) -> u64 {
    id.as_str().bytes().rev().take(8).fold(0, |number, byte| number << 8 | u64::from(byte | 0x20))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn machine(n: usize) -> SelectedMachine {
        let id =
            format!("/subscriptions/s/resourceGroups/g/providers/P/vaults/v{}/protectedItems/VM;i;g;vm-{n}", n % 7);
        SelectedMachine { id: ArmId::parse(&id).unwrap(), name: format!("vm-{n}") }
    }

    fn machines(places: impl IntoIterator<Item = usize>) -> Vec<SelectedMachine> {
        places.into_iter().map(machine).collect()
    }

    fn names(selection: &Selection) -> Vec<&str> {
        selection.machines().iter().map(|machine| machine.name.as_str()).collect()
    }

    #[test]
    fn machines_are_selected_once_in_their_order_and_taken_out_again() {
        let mut selection = Selection::default();
        selection.set(machines([3, 1]), true);
        selection.set(machines([1, 2]), true);
        assert_eq!(names(&selection), ["vm-3", "vm-1", "vm-2"]);
        let shouted =
            SelectedMachine { id: ArmId::parse(&machine(1).id.as_str().to_uppercase()).unwrap(), ..machine(1) };
        selection.set(vec![shouted.clone()], true);
        assert_eq!(selection.machines().len(), 3, "ARM ignores case");
        selection.set(vec![shouted, machine(9)], false);
        assert_eq!(names(&selection), ["vm-3", "vm-2"]);
        selection.clear();
        assert_eq!(names(&selection), Vec::<&str>::new());
    }

    #[test]
    fn more_than_a_plan_has_room_for_is_refused_as_a_whole() {
        let mut selection = Selection::default();
        selection.set(machines(0..MAX_MACHINES), true);
        assert!(!selection.is_refused());
        let full = selection.clone();
        selection.set(machines(MAX_MACHINES - 1..=MAX_MACHINES), true);
        assert_eq!((selection.machines().len(), selection.is_refused()), (MAX_MACHINES, true));
        let once = selection.clone();
        selection.set(machines([MAX_MACHINES]), true);
        assert!(selection != once && once != full, "the screen is drawn again each time");
        selection.set(machines([5]), true);
        assert!(!selection.is_refused(), "it is selected already");
        selection.set(machines([5]), false);
        selection.set(machines([MAX_MACHINES]), true);
        assert_eq!((selection.machines().len(), selection.is_refused()), (MAX_MACHINES, false));
    }

    #[test]
    fn a_list_tells_which_rows_are_selected_and_which_machines_it_lacks() {
        let rows: Vec<_> = (0..300).map(|n| Rc::new(MachineRow::new(machine(n).id))).collect();
        let mut selection = Selection::default();
        assert_eq!(selection.in_list(&rows), SelectedRows::default());
        selection.set(machines([7, 500, 17, 299]), true);
        let listed = selection.in_list(&rows);
        let places: Vec<u32> = (0..400).filter(|place| listed.has(*place)).collect();
        assert_eq!((places, listed.missing), (vec![7, 17, 299], machines([500])));
    }

    #[test]
    fn another_identity_begins_without_a_selection() {
        let mut selection = Selection::default();
        selection.work_for("a");
        selection.set(machines([1]), true);
        selection.work_for("a");
        assert_eq!(selection.machines().len(), 1, "only the token is new");
        selection.work_for("b");
        assert_eq!(selection.machines().len(), 0);
    }
}
