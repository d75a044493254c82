//! Converts the value of a control to an edit of the draft.

use azure_backup::arm::id::{ArmId, SubscriptionId};

use super::choices::value;
use crate::app::msg::Edit;
use crate::restore::draft::{
    DiskNetworkAccess, DiskTarget, RegionChoice, RehydrationPriority, StagingAccess, ZoneChoice,
};
use crate::restore::field::Field;
use crate::restore::scenario::Scenario;

/// A checkbox that is checked.
pub const ON: &str = "on";
/// A checkbox that is not.
pub const OFF: &str = "off";
/// `DiskTarget::ManagedDisks`.
pub const MANAGED: &str = "managed";
/// `DiskTarget::UnmanagedVhds`.
pub const VHDS: &str = "vhds";

/// The value of a scenario's card.
pub const fn scenario_value(scenario: Scenario) -> &'static str {
    match scenario {
        Scenario::RestoreDisks => "restore-disks",
        Scenario::SelectedDisks => "selected-disks",
        Scenario::ReplaceDisks => "replace-disks",
        Scenario::AnotherVm => "another-vm",
    }
}

/// The edit for the value `text` of the control of `field`. For the disks, the value is the list of LUNs, separated by commas.
pub fn edit_of(field: Field, text: &str) -> Option<Edit> {
    let id = || ArmId::parse(text).ok();
    Some(match field {
        Field::Scenario => Edit::Scenario(Scenario::ALL.into_iter().find(|s| scenario_value(*s) == text)?),
        Field::Disks => Edit::Luns(text.split(',').filter_map(|lun| lun.parse().ok()).collect()),
        Field::DiskTarget => {
            Edit::DiskTarget(if text == VHDS { DiskTarget::UnmanagedVhds } else { DiskTarget::ManagedDisks })
        }
        Field::StagingAccount => Edit::StagingAccount(id()),
        Field::Region => Edit::Region(match text {
            value::OF_VAULT => Some(RegionChoice::Vault),
            value::OF_SOURCE => Some(RegionChoice::Source),
            _ => None,
        }),
        Field::TargetSubscription => Edit::TargetSubscription(SubscriptionId::parse(text).ok()),
        Field::TargetGroup => Edit::TargetGroup(id()),
        Field::VmName => Edit::VmName(text.to_owned()),
        Field::Network => Edit::Network(id()),
        Field::Subnet => Edit::Subnet(id()),
        Field::Zone => Edit::Zone(match text {
            "" => ZoneChoice::Unset,
            value::NO_ZONE => ZoneChoice::NoZone,
            zone => ZoneChoice::Zone(zone.to_owned()),
        }),
        Field::EncryptionSet => Edit::EncryptionSet(id()),
        Field::OsEncryptionSet => Edit::OsEncryptionSet(id()),
        Field::StagingAccess => Edit::StagingAccess(match text {
            value::SYSTEM => StagingAccess::SystemAssigned,
            _ => id().map_or(StagingAccess::Key, StagingAccess::UserAssigned),
        }),
        Field::DiskNetworkAccess => Edit::DiskNetworkAccess(
            DiskNetworkAccess::ALL.iter().find(|(_, title)| *title == text).map(|(option, ..)| *option),
        ),
        Field::DiskAccess => Edit::DiskAccess(id()),
        Field::EdgeZone => Edit::EdgeZone(text == ON),
        Field::OriginalAccounts => Edit::OriginalAccounts(text == ON),
        Field::RehydrationPriority => Edit::RehydrationPriority(match text {
            "Standard" => Some(RehydrationPriority::Standard),
            "High" => Some(RehydrationPriority::High),
            _ => None,
        }),
        Field::RehydrationDays => Edit::RehydrationDays(text.to_owned()),
        Field::Confirm => Edit::Confirm(text.to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_its_change_and_none_is_mistaken_for_another() {
        let text = |field| edit_of(field, "/subscriptions/s/resourceGroups/g").map(|e| std::mem::discriminant(&e));
        let changes: Vec<_> = Field::ALL.into_iter().filter(|f| *f != Field::Scenario).map(text).collect();
        for (index, change) in changes.iter().enumerate() {
            assert!(change.is_some() && !changes[..index].contains(change), "{index}");
        }
        for scenario in Scenario::ALL {
            assert_eq!(edit_of(Field::Scenario, scenario_value(scenario)), Some(Edit::Scenario(scenario)));
        }
    }

    #[test]
    fn disks_are_a_list_of_luns() {
        assert_eq!(edit_of(Field::Disks, "0,12"), Some(Edit::Luns([0, 12].into())));
        assert_eq!(edit_of(Field::Disks, ""), Some(Edit::Luns([].into())));
    }
}
