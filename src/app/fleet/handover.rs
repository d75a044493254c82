//! Machines that a link, or the page around this one, names by their ids, to make a recovery plan of them.

use std::rc::Rc;

use azure_backup::arm::id::ArmId;
use azure_backup::backup::fleet::MachineRow;

use super::selection::Lookup;
use crate::recovery::plan::Machine;
use crate::restore::regional_id::RegionalId;

/// The type of a protected item.
const ITEM: &str = "Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems";

/// What the ids stand for. Each id is in exactly one of these.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Handover {
    /// The machines, in the order in which they were named.
    pub machines: Vec<Machine>,
    /// How many of these are not in the list: they were named by their protected items, so the plan can ask for them all the same.
    pub unlisted: usize,
    /// Machines that several vaults protect, and the vault whose protected item is taken.
    pub of_several: Vec<(String, String)>,
    /// Ids that no listed machine has.
    pub unknown: Vec<String>,
    /// Texts that are no ids.
    pub invalid: Vec<String>,
}

impl Handover {
    /// What these ids of machines or protected items stand for in a list.
    pub fn of(texts: &[String], rows: &[Rc<MachineRow>]) -> Self {
        let mut handover = Self::default();
        let mut ids: Vec<ArmId> = Vec::new();
        for text in texts {
            match ArmId::parse(text.trim()) {
                Ok(id) => ids.push(id),
                Err(_) => handover.invalid.push(text.clone()),
            }
        }
        let lookup = Lookup::of(ids.iter());
        let mut found: Vec<Vec<&Rc<MachineRow>>> = vec![Vec::new(); ids.len()];
        for row in rows {
            let of_item = lookup.find(&row.id);
            let of_machine = row.source.as_ref().and_then(|source| lookup.find(source));
            of_item.into_iter().chain(of_machine).for_each(|at| found[at].push(row));
        }
        for (at, id) in ids.iter().enumerate() {
            // Of an id that was named twice, the lookup knows the first.
            if lookup.find(id) != Some(at) {
                continue;
            }
            match best(&found[at]) {
                Some(row) => {
                    handover.add(RegionalId::from(row.id.clone()), &row.name);
                    if found[at].len() > 1 {
                        let vault = row.vault_name().unwrap_or_default().to_owned();
                        handover.of_several.push((row.name.clone(), vault));
                    }
                }
                None if id.resource_type().eq_ignore_ascii_case(ITEM) => {
                    handover.unlisted += 1;
                    let name = MachineRow::new(id.clone()).name;
                    handover.add(RegionalId::from(id.clone()), &name);
                }
                None => handover.unknown.push(id.to_string()),
            }
        }
        handover
    }

    /// Adds a machine, unless it was named by another id before.
    fn add(&mut self, item: RegionalId, name: &str) {
        if self.machines.iter().all(|known| known.item != item.id) {
            self.machines.push(Machine::new(item, name));
        }
    }
}

/// Of the protected items of one machine: one that is not deleted, with the latest recovery point.
fn best<'a>(rows: &[&'a Rc<MachineRow>]) -> Option<&'a Rc<MachineRow>> {
    rows.iter().copied().max_by_key(|row| (!row.soft_deleted, row.last_recovery_point))
}

#[cfg(test)]
mod tests {
    use time::{Duration, OffsetDateTime};

    use super::*;

    fn item(vault: &str, name: &str) -> ArmId {
        let id = format!(
            "/subscriptions/s/resourceGroups/g/providers/Microsoft.RecoveryServices/vaults/{vault}/backupFabrics/Azure/protectionContainers/IaasVMContainer;iaasvmcontainerv2;g;{name}/protectedItems/VM;iaasvmcontainerv2;g;{name}"
        );
        ArmId::parse(&id).unwrap()
    }

    fn machine(name: &str) -> ArmId {
        ArmId::parse(&format!("/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/{name}"))
            .unwrap()
    }

    fn row(vault: &str, name: &str, change: impl FnOnce(&mut MachineRow)) -> Rc<MachineRow> {
        let mut row = MachineRow::new(item(vault, name));
        row.source = Some(machine(name));
        change(&mut row);
        Rc::new(row)
    }

    fn handed(ids: &[&str], rows: &[Rc<MachineRow>]) -> Handover {
        Handover::of(&ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>(), rows)
    }

    fn names(handover: &Handover) -> Vec<&str> {
        handover.machines.iter().map(|machine| machine.name.as_str()).collect()
    }

    #[test]
    fn machines_are_found_by_either_id_in_the_order_in_which_they_were_named() {
        let rows = [row("v", "a", |_| ()), row("v", "b", |_| ()), row("w", "c", |_| ())];
        let (a, b) = (machine("a").as_str().to_uppercase(), item("v", "b").to_string());
        let handover = handed(&[&b, &format!(" {a} "), machine("a").as_str(), item("v", "a").as_str()], &rows);
        assert_eq!(names(&handover), ["b", "a"], "each once");
        assert_eq!((handover.unknown.len(), handover.invalid.len(), handover.unlisted), (0, 0, 0));
    }

    #[test]
    fn what_is_not_in_the_list_is_told_and_not_dropped() {
        let rows = [row("v", "a", |_| ())];
        let gone = item("v", "gone").to_string();
        let handover = handed(&[machine("x").as_str(), "web-01", &gone, machine("a").as_str()], &rows);
        assert_eq!((names(&handover), handover.unlisted), (vec!["gone", "a"], 1), "the plan asks for its points");
        assert_eq!(handover.unknown, [machine("x").to_string()]);
        assert_eq!(handover.invalid, ["web-01"]);
    }

    #[test]
    fn of_a_machine_in_several_vaults_the_item_with_the_latest_point_is_taken_and_said() {
        let at = |hours| Some(OffsetDateTime::UNIX_EPOCH + Duration::hours(hours));
        let rows = [
            row("old", "a", |row| row.last_recovery_point = at(1)),
            row("new", "a", |row| row.last_recovery_point = at(5)),
            row("deleted", "a", |row| (row.last_recovery_point, row.soft_deleted) = (at(9), true)),
        ];
        let handover = handed(&[machine("a").as_str()], &rows);
        assert_eq!(handover.machines[0].item, item("new", "a"));
        assert_eq!(handover.of_several, [("a".to_owned(), "new".to_owned())]);
        let named = handed(&[item("old", "a").as_str()], &rows);
        assert_eq!((named.machines[0].item.clone(), named.of_several.len()), (item("old", "a"), 0));
    }
}
