//! The fields of the form. The form, the rules, the preview and Azure's answers name them by this type.

use azure_backup::backup::restore_request::IaasVmRestoreRequest;
use serde::{Deserialize, Serialize};

/// Something that the operator chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Field {
    /// What to restore.
    Scenario,
    /// The data disks of a selective restore.
    Disks,
    /// Managed disks or VHD blobs.
    DiskTarget,
    /// Put the VHD blobs into the storage accounts that the disks came from.
    OriginalAccounts,
    /// How fast the archive is read.
    RehydrationPriority,
    /// How long the rehydrated copy is kept.
    RehydrationDays,
    /// The region of the restore, if the source is not in the region of its vault.
    Region,
    /// The target subscription.
    TargetSubscription,
    /// The target resource group.
    TargetGroup,
    /// The name of the new virtual machine.
    VmName,
    /// Its virtual network.
    Network,
    /// Its subnet.
    Subnet,
    /// A disk encryption set for the OS disk of a confidential virtual machine.
    OsEncryptionSet,
    /// Network access of the restored disks.
    DiskNetworkAccess,
    /// The disk access resource of private access.
    DiskAccess,
    /// The staging storage account.
    StagingAccount,
    /// The availability zone of the result.
    Zone,
    /// A disk encryption set for the restored disks.
    EncryptionSet,
    /// How the backup service reaches the staging account.
    StagingAccess,
    /// Restore into the source's edge zone.
    EdgeZone,
    /// The typed name that confirms an in-place restore.
    Confirm,
}

/// A part of the form, in the order of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// What is restored.
    What,
    /// Where to.
    Target,
    /// Through which storage account.
    Staging,
    /// What has a default that suits most restores.
    Advanced,
}

impl Field {
    /// Every field, in the order of the form.
    pub const ALL: [Self; 21] = [
        Self::Scenario,
        Self::Disks,
        Self::DiskTarget,
        Self::OriginalAccounts,
        Self::RehydrationPriority,
        Self::RehydrationDays,
        Self::Region,
        Self::TargetSubscription,
        Self::TargetGroup,
        Self::VmName,
        Self::Network,
        Self::Subnet,
        Self::OsEncryptionSet,
        Self::DiskNetworkAccess,
        Self::DiskAccess,
        Self::StagingAccount,
        Self::Zone,
        Self::EncryptionSet,
        Self::StagingAccess,
        Self::EdgeZone,
        Self::Confirm,
    ];

    /// The part of the form that the field is in; none for the confirmation, which is on the review.
    pub const fn section(self) -> Option<Section> {
        Some(match self {
            Self::Scenario
            | Self::Disks
            | Self::DiskTarget
            | Self::OriginalAccounts
            | Self::RehydrationPriority
            | Self::RehydrationDays => Section::What,
            Self::Region
            | Self::TargetSubscription
            | Self::TargetGroup
            | Self::VmName
            | Self::Network
            | Self::Subnet
            | Self::OsEncryptionSet
            | Self::DiskNetworkAccess
            | Self::DiskAccess => Section::Target,
            Self::StagingAccount => Section::Staging,
            Self::Zone | Self::EncryptionSet | Self::StagingAccess | Self::EdgeZone => Section::Advanced,
            Self::Confirm => return None,
        })
    }

    /// The label beside the control.
    pub const fn label(self) -> &'static str {
        self.words().0
    }

    /// The id of the control's element.
    pub const fn id(self) -> &'static str {
        self.words().1
    }

    /// The property of the request (below `properties`) that the field sets; empty if none. [`Region`](Self::Region) has none
    /// here either, because messages of Azure use the word `region` in sentences about other fields.
    pub const fn property(self) -> &'static str {
        self.words().2
    }

    /// Whether a request sets the [`property`](Self::property) of this field. False for fields that have none.
    pub const fn is_set_in(self, request: &IaasVmRestoreRequest) -> bool {
        match self {
            // Every request has one.
            Self::Scenario => true,
            Self::Disks => request.restore_disk_lun_list.is_some(),
            Self::StagingAccount => request.storage_account_id.is_some(),
            Self::TargetGroup => request.target_resource_group_id.is_some(),
            Self::VmName => request.target_virtual_machine_id.is_some(),
            Self::Network => request.virtual_network_id.is_some(),
            Self::Subnet => request.subnet_id.is_some(),
            Self::Zone => request.zones.is_some(),
            Self::EncryptionSet => request.disk_encryption_set_id.is_some(),
            Self::OsEncryptionSet => request.secured_vm_details.is_some(),
            Self::StagingAccess => request.identity_info.is_some(),
            Self::DiskNetworkAccess => request.target_disk_network_access_settings.is_some(),
            Self::DiskAccess => match &request.target_disk_network_access_settings {
                Some(access) => access.target_disk_access_id.is_some(),
                None => false,
            },
            Self::EdgeZone => request.extended_location.is_some(),
            Self::OriginalAccounts => request.original_storage_account_option.is_some(),
            Self::RehydrationPriority | Self::RehydrationDays => request.recovery_point_rehydration_info.is_some(),
            Self::DiskTarget => request.restore_with_managed_disks.is_some(),
            Self::Region | Self::TargetSubscription | Self::Confirm => false,
        }
    }

    const fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Scenario => ("What to restore", "field-scenario", "recoveryType"),
            Self::Disks => ("Disks to restore", "field-disks", "restoreDiskLunList"),
            Self::DiskTarget => ("Restore disks as", "field-disk-target", "restoreWithManagedDisks"),
            Self::StagingAccount => ("Staging storage account", "field-staging-account", "storageAccountId"),
            Self::Region => ("Restore region", "field-region", ""),
            Self::TargetSubscription => ("Target subscription", "field-target-subscription", ""),
            Self::TargetGroup => ("Target resource group", "field-target-group", "targetResourceGroupId"),
            Self::VmName => ("New virtual machine name", "field-vm-name", "targetVirtualMachineId"),
            Self::Network => ("Virtual network", "field-network", "virtualNetworkId"),
            Self::Subnet => ("Subnet", "field-subnet", "subnetId"),
            Self::Zone => ("Availability zone", "field-zone", "zones"),
            Self::EncryptionSet => ("Disk encryption set", "field-encryption-set", "diskEncryptionSetId"),
            Self::OsEncryptionSet => {
                ("Disk encryption set for the confidential OS disk", "field-os-encryption-set", "securedVMDetails")
            }
            Self::StagingAccess => ("Staging access", "field-staging-access", "identityInfo"),
            Self::DiskNetworkAccess => {
                ("Disk network access", "field-disk-network-access", "targetDiskNetworkAccessSettings")
            }
            Self::DiskAccess => ("Disk access resource", "field-disk-access", "targetDiskAccessId"),
            Self::EdgeZone => ("Edge zone", "field-edge-zone", "extendedLocation"),
            Self::OriginalAccounts => (
                "Restore VHD blobs to the disks' original storage accounts",
                "field-original-accounts",
                "originalStorageAccountOption",
            ),
            Self::RehydrationPriority => ("Priority", "field-rehydration-priority", "rehydrationPriority"),
            Self::RehydrationDays => {
                ("Days to keep the rehydrated copy", "field-rehydration-days", "rehydrationRetentionDuration")
            }
            Self::Confirm => ("Type the VM name to confirm", "field-confirm", ""),
        }
    }

    /// The field whose property is named in a `target` or message of Azure.
    pub fn of_property(text: &str) -> Option<Self> {
        let text = text.to_ascii_lowercase();
        // The longest property wins, so that `storageAccountId` is not mistaken for a shorter one inside it.
        let speaks_of = |f: &Self| !f.property().is_empty() && text.contains(&f.property().to_ascii_lowercase());
        let longer = |best: Self, f: Self| if f.property().len() > best.property().len() { f } else { best };
        let found = Self::ALL.into_iter().filter(speaks_of).reduce(longer);
        found.or_else(|| text.contains("targetstorageaccountid").then_some(Self::StagingAccount))
    }

    /// The field that a message of Azure is most likely about: the property that it names, else a thing that it mentions.
    pub fn spoken_of(text: &str) -> Option<Self> {
        const WORDS: [(&str, Field); 9] = [
            ("storageaccount", Field::StagingAccount),
            ("storage account", Field::StagingAccount),
            ("subnet", Field::Subnet),
            ("virtual network", Field::Network),
            ("encryptionset", Field::EncryptionSet),
            ("resource group", Field::TargetGroup),
            ("virtual machine name", Field::VmName),
            ("quota", Field::VmName),
            ("zone", Field::Zone),
        ];
        let lower = text.to_ascii_lowercase();
        let word = || WORDS.iter().find(|(word, _)| lower.contains(word)).map(|(_, field)| *field);
        Self::of_property(text).or_else(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn azures_targets_lead_to_fields() {
        assert_eq!(Field::of_property("properties.storageAccountId"), Some(Field::StagingAccount));
        assert_eq!(Field::of_property("TargetDiskAccessId is missing"), Some(Field::DiskAccess));
        assert_eq!(Field::of_property("something else"), None);
    }

    #[test]
    fn azures_words_lead_to_the_likely_field() {
        assert_eq!(Field::spoken_of("UserErrorBCMRestoreStorageAccountNotFound"), Some(Field::StagingAccount));
        assert_eq!(Field::spoken_of("X properties.subnetId is wrong"), Some(Field::Subnet));
        assert_eq!(Field::spoken_of("UserErrorCoreCountSubscriptionQuotaReached"), Some(Field::VmName));
        assert_eq!(Field::spoken_of("X"), None);
    }

    #[test]
    fn ids_are_distinct() {
        let ids: std::collections::BTreeSet<_> = Field::ALL.iter().map(|f| f.id()).collect();
        assert_eq!(ids.len(), Field::ALL.len());
    }
}
