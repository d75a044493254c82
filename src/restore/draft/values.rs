//! Values of a draft by field: whether each is the operator's or suggested, and how it is reset.

use super::Draft;
use crate::restore::field::Field;
use crate::restore::suggest::Suggestion;

impl Draft {
    /// The operator's choices alone: without suggestions.
    #[must_use]
    pub fn own(&self) -> Self {
        let mut own = self.clone();
        for suggestion in std::mem::take(&mut own.suggested) {
            own.reset(suggestion.field);
        }
        own.not_carried.clear();
        own
    }

    /// Why the value of `field` is suggested; none if it is the operator's, or if there is none.
    pub fn suggestion(&self, field: Field) -> Option<Suggestion> {
        self.suggested.iter().find(|suggestion| suggestion.field == field).copied()
    }

    /// Puts the value of a field back to that of an empty draft, as well as the values that depend on it.
    pub fn reset(&mut self, field: Field) {
        let empty = Self::default();
        match field {
            Field::Scenario => self.scenario = None,
            Field::Disks => self.luns = empty.luns,
            Field::DiskTarget => self.disk_target = empty.disk_target,
            Field::StagingAccount => self.staging_account = None,
            Field::Region => self.region = None,
            Field::TargetSubscription => {
                self.target_subscription = None;
                self.reset_target();
            }
            Field::TargetGroup => self.target_group = None,
            Field::VmName => self.vm_name = empty.vm_name,
            Field::Network => {
                self.network = None;
                self.subnet = None;
            }
            Field::Subnet => self.subnet = None,
            Field::Zone => self.zone = empty.zone,
            Field::EncryptionSet => self.encryption_set = None,
            Field::OsEncryptionSet => self.os_encryption_set = None,
            Field::StagingAccess => self.staging_access = empty.staging_access,
            Field::DiskNetworkAccess => {
                self.disk_network_access = None;
                self.disk_access = None;
            }
            Field::DiskAccess => self.disk_access = None,
            Field::EdgeZone => self.edge_zone = false,
            Field::OriginalAccounts => self.original_accounts = false,
            Field::RehydrationPriority => self.rehydration.priority = None,
            Field::RehydrationDays => self.rehydration.days = empty.rehydration.days,
            Field::Confirm => self.confirm = empty.confirm,
        }
    }

    /// Resets the choices that belong to the target subscription, so that they are suggested again for another one.
    pub fn reset_target(&mut self) {
        const THEIRS: [Field; 6] = [
            Field::TargetGroup,
            Field::Network,
            Field::Subnet,
            Field::EncryptionSet,
            Field::OsEncryptionSet,
            Field::DiskAccess,
        ];
        for field in THEIRS {
            self.reset(field);
        }
        self.suggested.retain(|suggestion| !THEIRS.contains(&suggestion.field));
        self.cleared.retain(|field| !THEIRS.contains(field));
    }

    /// Marks a field as the operator's choice. If it was emptied, nothing is suggested for it.
    pub fn mark_chosen(&mut self, field: Field, emptied: bool) {
        self.suggested.retain(|suggestion| suggestion.field != field);
        self.cleared.retain(|cleared| *cleared != field);
        if emptied {
            self.cleared.push(field);
        }
    }
}
