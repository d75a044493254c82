//! The index of the machines, kept between renderings: pages that come later are added to it.

use std::rc::Rc;

use super::Fleet;
use super::status::{FleetStatus, GraphRows, Source, rows};
use crate::app::catalog::Catalog;
use crate::app::key::Key;

/// The index, and what it was made of.
#[derive(Default)]
pub struct FleetCache {
    made_of: Option<Answers>,
    fleet: Rc<Fleet>,
}

/// What tells one list of machines from another without comparing the machines.
enum Answers {
    Graph(Rc<GraphRows>),
    /// Many answers: the revision of the catalog.
    Lists(u64),
}

impl FleetCache {
    /// The index of the machines in a catalog.
    pub fn fleet(&mut self, catalog: &Catalog, status: &FleetStatus) -> Rc<Fleet> {
        let answers = match status.source {
            Source::Graph => catalog.get::<GraphRows>(&Key::Fleet).map(Answers::Graph),
            Source::Lists(_) => Some(Answers::Lists(catalog.revision())),
        };
        let same = match (&self.made_of, &answers) {
            (Some(Answers::Graph(old)), Some(Answers::Graph(new))) => Rc::ptr_eq(old, new),
            (Some(Answers::Lists(old)), Some(Answers::Lists(new))) => old == new,
            (old, new) => old.is_none() && new.is_none(),
        };
        if !same {
            let rows = rows(catalog);
            let known = self.fleet.rows();
            let grown = rows.len() >= known.len() && known.iter().zip(&rows).all(|(old, new)| Rc::ptr_eq(old, new));
            if grown {
                let new = &rows[known.len()..];
                Rc::make_mut(&mut self.fleet).extend(new);
            } else {
                self.fleet = Rc::new(self.fleet.read_again(&rows).unwrap_or_else(|| Fleet::of(&rows)));
            }
            self.made_of = answers;
        }
        self.fleet.clone()
    }
}

#[cfg(test)]
mod tests {
    use azure_backup::arm::graph::ResultPage;
    use azure_backup::arm::id::ArmId;
    use azure_backup::backup::fleet::MachineRow;

    use super::*;
    use crate::app::key::Answer;

    fn page(from: usize) -> GraphRows {
        let id = |n: usize| {
            ArmId::parse(&format!("/subscriptions/s/resourceGroups/g/providers/Microsoft.RecoveryServices/vaults/v/protectedItems/VM;i;g;vm-{n:02}")).unwrap()
        };
        let mut page = ResultPage::new((from..from + 3).map(|n| MachineRow::new(id(n))).collect());
        page.next = Some("next".to_owned());
        GraphRows::shared(page)
    }

    #[test]
    fn later_pages_are_added_and_a_new_answer_replaces_all() {
        let (mut catalog, mut cache) = (Catalog::default(), FleetCache::default());
        let mut look = |catalog: &Catalog| cache.fleet(catalog, &FleetStatus::of(catalog));
        assert_eq!(look(&catalog).rows().len(), 0);
        let mut rows = page(0);
        catalog.entry_mut(&Key::Fleet).value = Some(Answer::Fleet(Rc::new(rows.clone())));
        let first = look(&catalog);
        assert!(Rc::ptr_eq(&first, &look(&catalog)), "nothing is made twice");
        rows.append(&page(3));
        catalog.entry_mut(&Key::Fleet).value = Some(Answer::Fleet(Rc::new(rows)));
        let grown = look(&catalog);
        assert_eq!((first.rows().len(), grown.rows().len()), (3, 6), "what is on the screen stays as it was");
        assert!(Rc::ptr_eq(&grown.rows()[0], &first.rows()[0]));
        catalog.entry_mut(&Key::Fleet).value = Some(Answer::Fleet(Rc::new(page(2))));
        let names: Vec<String> = look(&catalog).rows().iter().map(|row| row.name.clone()).collect();
        assert_eq!(names, ["vm-02", "vm-03", "vm-04"]);
    }
}
