//! What can be done with restored disks: attach one to a virtual machine, make one its OS disk, and what that takes: deallocate, start.
//!
//! Each action is one request. Its sentence is made from the request's own values, its obstacles from Azure's answers.

mod obstacles;

use azure_backup::arm::call::{Accepted, Call};
use azure_backup::arm::id::ArmId;
use azure_backup::backup::lookups::ManagedDisk;
use azure_backup::backup::machine::{self, Machine, PowerState};
use serde::{Deserialize, Serialize};

use super::effect_sentence::quoted;

/// What is done to a virtual machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Action {
    /// Attaches a disk as a data disk.
    Attach {
        /// The disk.
        disk: ArmId,
        /// The machine.
        machine: ArmId,
        /// Where it is attached.
        lun: i32,
    },
    /// Makes a disk the OS disk.
    SwapOsDisk {
        /// The disk.
        disk: ArmId,
        /// The machine.
        machine: ArmId,
    },
    /// Stops a machine and releases its hardware.
    Deallocate {
        /// The machine.
        machine: ArmId,
    },
    /// Starts a machine.
    Start {
        /// The machine.
        machine: ArmId,
    },
}

impl Action {
    /// The machine that is changed.
    pub const fn machine(&self) -> &ArmId {
        match self {
            Self::Attach { machine, .. }
            | Self::SwapOsDisk { machine, .. }
            | Self::Deallocate { machine }
            | Self::Start { machine } => machine,
        }
    }

    /// The disk that is attached or swapped in.
    pub const fn disk(&self) -> Option<&ArmId> {
        match self {
            Self::Attach { disk, .. } | Self::SwapOsDisk { disk, .. } => Some(disk),
            Self::Deallocate { .. } | Self::Start { .. } => None,
        }
    }

    /// The request.
    pub fn call(&self) -> Call<Accepted> {
        match self {
            Self::Attach { disk, machine, lun } => machine::attach(machine, disk, *lun),
            Self::SwapOsDisk { disk, machine } => machine::swap_os_disk(machine, disk),
            Self::Deallocate { machine } => machine::deallocate(machine),
            Self::Start { machine } => machine::start(machine),
        }
    }

    /// Its name, as the button says it.
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Attach { .. } => "Attach disk",
            Self::SwapOsDisk { .. } => "Swap OS disk",
            Self::Deallocate { .. } => "Deallocate VM",
            Self::Start { .. } => "Start VM",
        }
    }

    /// Whether it interrupts nobody and removes nothing.
    pub const fn is_harmless(&self) -> bool {
        matches!(self, Self::Attach { .. } | Self::Start { .. })
    }

    /// What it does, in a sentence or two. Names are [`quoted`].
    pub fn effect(&self, now: &Machine) -> String {
        let vm = quoted(self.machine().name());
        match self {
            Self::Attach { disk, lun, .. } => format!(
                "Attaches the disk {} to the VM {vm} at LUN {lun}. The VM's other disks aren't touched.",
                quoted(disk.name())
            ),
            Self::SwapOsDisk { disk, .. } => {
                let old = now.os_disk.as_ref().and_then(|disk| disk.id.as_ref());
                let old = old.map(|id| format!(", {},", quoted(id.name()))).unwrap_or_default();
                format!(
                    "Makes {} the OS disk of the VM {vm}. Its current OS disk{old} is detached and kept. The VM's data disks aren't touched.",
                    quoted(disk.name())
                )
            }
            Self::Deallocate { .. } => format!(
                "Stops the VM {vm} and releases its hardware. Its users are cut off, its temporary disk is emptied, and a dynamic public IP address can change."
            ),
            Self::Start { .. } => format!("Starts the VM {vm}. Azure bills its compute time from then on."),
        }
    }

    /// The actions that lead to this one, in order, each with whether it is done: an OS disk can only be swapped while the machine is deallocated.
    pub fn steps(self, now: &Machine) -> Vec<(Self, bool)> {
        let machine = self.machine().clone();
        let done = self.is_so(now);
        if !matches!(self, Self::SwapOsDisk { .. }) {
            return vec![(self, done)];
        }
        let (deallocate, start) = (Self::Deallocate { machine: machine.clone() }, Self::Start { machine });
        let (stopped, started) = (done || deallocate.is_so(now), done && start.is_so(now));
        vec![(deallocate, stopped), (self, done), (start, started)]
    }

    /// The known reasons why Azure would refuse it, one sentence each.
    pub fn obstacles(&self, now: &Machine, disk: Option<&ManagedDisk>) -> Vec<String> {
        obstacles::of(self, now, disk)
    }

    /// Whether the machine is already in the state that the action leads to.
    pub fn is_so(&self, now: &Machine) -> bool {
        match self {
            Self::Attach { disk, lun, .. } => now.at_lun(*lun).and_then(|at| at.id.as_ref()) == Some(disk),
            Self::SwapOsDisk { disk, .. } => now.os_disk.as_ref().and_then(|at| at.id.as_ref()) == Some(disk),
            Self::Deallocate { .. } => now.power == Some(PowerState::Deallocated),
            Self::Start { .. } => now.power == Some(PowerState::Running),
        }
    }

    /// What is worth checking once it is done.
    pub const fn checks(&self) -> &'static [&'static str] {
        match self {
            Self::Attach { .. } => &[
                "The operating system shows the volumes of the disk. Windows can leave it offline, or give it another drive letter.",
                "A copy of a disk has the signature and the UUIDs of its original: in the machine that has the original, mount it by another name.",
            ],
            Self::SwapOsDisk { .. } => &[
                "Start the VM, then check in its boot diagnostics that the operating system comes up.",
                "The VM still signs in to its domain. The disk holds an older password of its computer account.",
                "The old OS disk is kept and billed. Delete it when you no longer need it.",
            ],
            Self::Deallocate { .. } => &[],
            Self::Start { .. } => &[
                "Boot diagnostics show the operating system, not a repair or an error.",
                "The VM agent is ready, and applications work.",
            ],
        }
    }
}

/// Whether a machine runs, in words.
pub fn power_text(power: Option<&PowerState>) -> &str {
    match power {
        None => "Unknown",
        Some(PowerState::Running) => "Running",
        Some(PowerState::Starting) => "Starting",
        Some(PowerState::Stopped) => "Stopped, not deallocated",
        Some(PowerState::Stopping) => "Stopping",
        Some(PowerState::Deallocated) => "Deallocated",
        Some(PowerState::Deallocating) => "Deallocating",
        Some(PowerState::Other(other)) => other,
        Some(_) => "Unknown",
    }
}

#[cfg(test)]
mod tests;
