//! Virtual machines that requests have changed: their disks, and whether they run.

use serde::{Deserialize, Serialize};

use super::changes::Changes;
use crate::moment::Millis;
use crate::text::same;

/// The LUN of an OS disk.
pub(crate) const OS: i32 = -1;

/// What differs from how a machine was created.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Altered {
    /// Its ARM id.
    pub(crate) machine: String,
    pub(crate) deallocated: bool,
    /// ARM ids of the disks that were attached, by LUN; [`OS`] for another OS disk.
    pub(crate) attached: Vec<(i32, String)>,
}

/// What is done to a machine.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) enum MachineWork {
    /// Attaches a data disk.
    Attach { lun: i32, disk: String },
    /// Replaces the OS disk `old`.
    Swap { disk: String, old: String },
    /// Stops it and gives its place back.
    Deallocate,
    /// Starts it.
    #[default]
    Start,
}

/// A long-running operation of Microsoft.Compute.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct MachineOperation {
    pub(crate) id: String,
    /// ARM id of the machine.
    pub(crate) machine: String,
    pub(crate) work: MachineWork,
    pub(crate) started: Millis,
    pub(crate) reads: u32,
    pub(crate) is_done: bool,
}

impl Changes {
    /// What is different about a machine.
    pub(crate) fn altered(&self, machine: &str) -> Option<&Altered> {
        self.altered.iter().find(|one| same(&one.machine, machine))
    }

    fn alter(&mut self, machine: &str) -> &mut Altered {
        let at = self.altered.iter().position(|one| same(&one.machine, machine)).unwrap_or_else(|| {
            self.altered.push(Altered { machine: machine.to_owned(), ..Altered::default() });
            self.altered.len() - 1
        });
        &mut self.altered[at]
    }

    /// The machine that a disk is attached to by a request; `Some(None)` if a request has taken it off one.
    pub(crate) fn attached_by_request(&self, disk: &str) -> Option<Option<&str>> {
        let holds = |one: &&Altered| one.attached.iter().any(|(_, id)| same(id, disk));
        match self.altered.iter().find(holds) {
            Some(machine) => Some(Some(&machine.machine)),
            None => self.released.iter().any(|id| same(id, disk)).then_some(None),
        }
    }

    /// Does what an operation is for.
    pub(crate) fn apply(&mut self, machine: &str, work: MachineWork) {
        match work {
            MachineWork::Attach { lun, disk } => self.alter(machine).attached.push((lun, disk)),
            MachineWork::Swap { disk, old } => {
                let altered = self.alter(machine);
                altered.attached.retain(|(lun, _)| *lun != OS);
                altered.attached.push((OS, disk.clone()));
                self.released.retain(|id| !same(id, &disk));
                self.released.push(old);
            }
            MachineWork::Deallocate => self.alter(machine).deallocated = true,
            MachineWork::Start => self.alter(machine).deallocated = false,
        }
    }
}
