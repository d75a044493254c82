//! The ways of restoring a virtual machine.

use azure_backup::backup::restore_request::RecoveryType;

/// The result that the operator wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scenario {
    /// All disks of the recovery point, as managed disks or as VHD blobs. No virtual machine is touched.
    RestoreDisks,
    /// The OS disk and a choice of data disks.
    SelectedDisks,
    /// The disks of the source virtual machine are replaced in place.
    ReplaceDisks,
    /// Another virtual machine is created from the recovery point.
    AnotherVm,
}

azure_backup::stored_words!(Scenario {
    RestoreDisks "restore-disks",
    SelectedDisks "selected-disks",
    ReplaceDisks "replace-disks",
    AnotherVm "another-vm",
});

impl Scenario {
    /// In the order in which they are offered: the least dangerous first.
    pub const ALL: [Self; 4] = [Self::RestoreDisks, Self::SelectedDisks, Self::AnotherVm, Self::ReplaceDisks];

    /// The name of the choice.
    pub const fn title(self) -> &'static str {
        match self {
            Self::RestoreDisks => "Restore disks",
            Self::SelectedDisks => "Restore selected disks",
            Self::ReplaceDisks => "Replace disks",
            Self::AnotherVm => "Create another virtual machine",
        }
    }

    /// What will happen, in one sentence.
    pub const fn explain(self) -> &'static str {
        match self {
            Self::RestoreDisks => {
                "Creates every disk of the recovery point. No virtual machine is changed; build one from the disks afterwards."
            }
            Self::SelectedDisks => "Creates the OS disk and the data disks you pick. No virtual machine is changed.",
            Self::ReplaceDisks => {
                "Swaps the disks of the source virtual machine for those of the recovery point. Its present disks stay in their resource group, detached."
            }
            Self::AnotherVm => {
                "Creates a new virtual machine from the recovery point, under a new name. The source is left untouched."
            }
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
