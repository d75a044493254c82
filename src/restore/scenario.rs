//! The ways of restoring a virtual machine.

use azure_backup::backup::restore_request::RecoveryType;
use serde::{Deserialize, Serialize};

/// The result that the operator wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Scenario {
    /// All disks of the recovery point, as managed disks or as VHD blobs. No virtual machine is touched.
    #[serde(rename = "restore-disks")]
    RestoreDisks,
    /// The OS disk and a choice of data disks.
    #[serde(rename = "selected-disks")]
    SelectedDisks,
    /// The disks of the source virtual machine are replaced in place.
    #[serde(rename = "replace-disks")]
    ReplaceDisks,
    /// Another virtual machine is created from the recovery point.
    #[serde(rename = "another-vm")]
    AnotherVm,
}

impl Scenario {
    /// In the order in which they are offered: the least dangerous first.
    pub const ALL: [Self; 4] = [Self::RestoreDisks, Self::SelectedDisks, Self::AnotherVm, Self::ReplaceDisks];

    /// The name of the choice.
    pub const fn title(self) -> &'static str {
        match self {
            Self::RestoreDisks => "Restore disks",
            Self::SelectedDisks => "Restore selected disks",
            Self::ReplaceDisks => "Replace existing disks",
            Self::AnotherVm => "Create a new virtual machine",
        }
    }

    /// What will happen, in one sentence.
    pub const fn explain(self) -> &'static str {
        match self {
            Self::RestoreDisks => {
                "Restores all disks in this recovery point. No VM is changed. Create a VM from the disks or attach them to one afterward."
            }
            Self::SelectedDisks => "Restores the OS disk and the data disks you select. No VM is changed.",
            Self::ReplaceDisks => {
                "Replaces the VM's disks with the restored ones. The VM is stopped; its current disks are detached and kept."
            }
            Self::AnotherVm => "Creates a new VM from this recovery point. The original VM isn't changed.",
        }
    }

    /// Whether the source virtual machine itself is changed.
    pub const fn is_in_place(self) -> bool {
        matches!(self, Self::ReplaceDisks)
    }

    /// Whether the result is disks.
    pub const fn makes_disks(self) -> bool {
        matches!(self, Self::RestoreDisks | Self::SelectedDisks)
    }

    /// `recoveryType` on the wire.
    pub const fn recovery_type(self) -> RecoveryType {
        match self {
            Self::RestoreDisks | Self::SelectedDisks => RecoveryType::RestoreDisks,
            Self::ReplaceDisks => RecoveryType::OriginalLocation,
            Self::AnotherVm => RecoveryType::AlternateLocation,
        }
    }
}
