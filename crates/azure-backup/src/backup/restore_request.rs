//! The body of a restore and the call that sends it.

mod fields;
mod unsupported;

pub use fields::{FIELD_SINCE, FieldSince};
pub use unsupported::UnsupportedFields;

use super::{
    child_url,
    cross_region::{AccessToken, NOT_SHOWN},
    recovery_point::ExtendedLocation,
};
use crate::{
    arm::open_enum::open_enum,
    arm::{
        call::{Accepted, ApiVersion, Call},
        id::ArmId,
    },
};
use bytes::Bytes;
use serde::{Deserialize, Serialize};

open_enum! {
    /// What a restore makes.
    RecoveryType {
        /// Not to be sent.
        Invalid = "Invalid",
        /// Replaces the disks of the machine itself.
        OriginalLocation = "OriginalLocation",
        /// Makes another machine.
        AlternateLocation = "AlternateLocation",
        /// Makes disks only.
        RestoreDisks = "RestoreDisks",
        /// Not to be sent.
        Offline = "Offline",
    }
}

open_enum! {
    /// Who may reach the restored disks.
    DiskNetworkAccess {
        /// As on the source's disks.
        SameAsOnSourceDisks = "SameAsOnSourceDisks",
        /// Private endpoints of a disk access only.
        EnablePrivateAccessForAllDisks = "EnablePrivateAccessForAllDisks",
        /// Everyone.
        EnablePublicAccessForAllDisks = "EnablePublicAccessForAllDisks",
    }
}

open_enum! {
    /// How fast a point comes out of the archive.
    RehydrationPriority {
        /// Within 15 hours.
        Standard = "Standard",
        /// Within an hour, for more money.
        High = "High",
    }
}

/// `IaasVMRestoreRequest`, and with [`rehydration`](Self::recovery_point_rehydration_info) `IaasVMRestoreWithRehydrationRequest`.
/// A field that is `None` is not sent. The fields are sent in the order in which they stand here, which is that of Azure's definition.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IaasVmRestoreRequest {
    /// Which of the two; kept right by [`IaasVmRestoreRequest::new`] and [`IaasVmRestoreRequest::rehydrating`].
    pub object_type: String,
    /// The point's name, digits.
    pub recovery_point_id: String,
    /// What to make.
    pub recovery_type: RecoveryType,
    /// The machine that was backed up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_resource_id: Option<ArmId>,
    /// The machine to make.
    #[serde(default, deserialize_with = "fields::blank_is_none", skip_serializing_if = "Option::is_none")]
    pub target_virtual_machine_id: Option<ArmId>,
    /// Where disks and machine go.
    #[serde(default, deserialize_with = "fields::blank_is_none", skip_serializing_if = "Option::is_none")]
    pub target_resource_group_id: Option<ArmId>,
    /// The staging account; not together with `identity_based_restore_details`.
    #[serde(default, deserialize_with = "fields::blank_is_none", skip_serializing_if = "Option::is_none")]
    pub storage_account_id: Option<ArmId>,
    /// The new machine's network.
    #[serde(default, deserialize_with = "fields::blank_is_none", skip_serializing_if = "Option::is_none")]
    pub virtual_network_id: Option<ArmId>,
    /// The new machine's subnet.
    #[serde(default, deserialize_with = "fields::blank_is_none", skip_serializing_if = "Option::is_none")]
    pub subnet_id: Option<ArmId>,
    /// Classic machines only.
    #[serde(default, deserialize_with = "fields::blank_is_none", skip_serializing_if = "Option::is_none")]
    pub target_domain_name_id: Option<ArmId>,
    /// The vault's region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Classic machines only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub affinity_group: Option<String>,
    /// Means something for classic machines only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub create_new_cloud_service: Option<bool>,
    /// Unmanaged machines: to the account the disks came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original_storage_account_option: Option<bool>,
    /// Azure Disk Encryption.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encryption_details: Option<EncryptionDetails>,
    /// None: all disks. Empty: the OS disk only. Else these LUNs and the OS disk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restore_disk_lun_list: Option<Vec<i32>>,
    /// Unmanaged machines: make managed disks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restore_with_managed_disks: Option<bool>,
    /// Vaults with a customer's key: encrypt the disks with this set.
    #[serde(default, deserialize_with = "fields::blank_is_none", skip_serializing_if = "Option::is_none")]
    pub disk_encryption_set_id: Option<ArmId>,
    /// One of `1`, `2`, `3`, or `NoZone`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zones: Option<Vec<String>>,
    /// Which of the vault's identities reaches the storage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity_info: Option<IdentityInfo>,
    /// The staging account when an identity is used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity_based_restore_details: Option<IdentityBasedRestoreDetails>,
    /// The edge zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extended_location: Option<ExtendedLocation>,
    /// Confidential machines.
    #[serde(rename = "securedVMDetails", default, skip_serializing_if = "Option::is_none")]
    pub secured_vm_details: Option<SecuredVmDetails>,
    /// Needed exactly when the point has disks with private access.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_disk_network_access_settings: Option<TargetDiskNetworkAccessSettings>,
    /// What a guarded vault wants named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_guard_operation_requests: Option<Vec<String>>,
    /// Archived points only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovery_point_rehydration_info: Option<RehydrationInfo>,
}

/// Keys of Azure Disk Encryption.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EncryptionDetails {
    /// Whether the machine is encrypted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encryption_enabled: Option<bool>,
    /// The key-encryption key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kek_url: Option<String>,
    /// The secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret_key_url: Option<String>,
    /// The key's vault.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kek_vault_id: Option<String>,
    /// The secret's vault.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret_key_vault_id: Option<String>,
}

/// A managed identity of the vault.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IdentityInfo {
    /// The vault's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_system_assigned_identity: Option<bool>,
    /// Or this one.
    #[serde(default, deserialize_with = "fields::blank_is_none", skip_serializing_if = "Option::is_none")]
    pub managed_identity_resource_id: Option<ArmId>,
}

/// The staging account when an identity is used.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IdentityBasedRestoreDetails {
    /// `IaasVMRestoreRequest` in Azure's examples.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object_type: Option<String>,
    /// The account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_storage_account_id: Option<ArmId>,
}

/// Encryption of a confidential machine.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SecuredVmDetails {
    /// For the OS disk.
    #[serde(rename = "securedVMOsDiskEncryptionSetId", default, skip_serializing_if = "Option::is_none")]
    pub os_disk_encryption_set_id: Option<ArmId>,
    /// For the data disks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_disk_encryption_settings: Option<DataDiskEncryptionSettings>,
}

/// Encryption of a confidential machine's data disks. The list wins over the single set.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DataDiskEncryptionSettings {
    /// One set for each disk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_disk_encryption_set_ids: Option<Vec<PerDiskEncryptionSet>>,
    /// One set for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_disk_encryption_set_id: Option<ArmId>,
    /// The identity that reaches the keys: the ARM id of a user-assigned one in Azure's examples.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_disk_encryption_identity: Option<String>,
}

/// A set for a disk.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PerDiskEncryptionSet {
    /// The disk.
    pub lun: i32,
    /// The set.
    pub disk_encryption_set_id: ArmId,
}

/// Who may reach the restored disks.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TargetDiskNetworkAccessSettings {
    /// Who.
    pub target_disk_network_access_option: DiskNetworkAccess,
    /// The disk access; with private access only.
    #[serde(default, deserialize_with = "fields::blank_is_none", skip_serializing_if = "Option::is_none")]
    pub target_disk_access_id: Option<ArmId>,
}

/// How a point comes out of the archive.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RehydrationInfo {
    /// How long it stays out, `P15D`.
    pub rehydration_retention_duration: String,
    /// How fast.
    pub rehydration_priority: RehydrationPriority,
}

impl IaasVmRestoreRequest {
    /// The staging account. If an identity is used, it is in another field.
    pub fn staging_account(&self) -> Option<&ArmId> {
        let by_identity = || self.identity_based_restore_details.as_ref()?.target_storage_account_id.as_ref();
        self.storage_account_id.as_ref().or_else(by_identity)
    }

    /// A request with only the fields that every restore has.
    #[must_use]
    pub fn new(recovery_point_id: &str, recovery_type: RecoveryType) -> Self {
        Self {
            object_type: "IaasVMRestoreRequest".to_owned(),
            recovery_point_id: recovery_point_id.to_owned(),
            recovery_type,
            source_resource_id: None,
            target_virtual_machine_id: None,
            target_resource_group_id: None,
            storage_account_id: None,
            virtual_network_id: None,
            subnet_id: None,
            target_domain_name_id: None,
            region: None,
            affinity_group: None,
            create_new_cloud_service: None,
            original_storage_account_option: None,
            encryption_details: None,
            restore_disk_lun_list: None,
            restore_with_managed_disks: None,
            disk_encryption_set_id: None,
            zones: None,
            identity_info: None,
            identity_based_restore_details: None,
            extended_location: None,
            secured_vm_details: None,
            target_disk_network_access_settings: None,
            resource_guard_operation_requests: None,
            recovery_point_rehydration_info: None,
        }
    }

    /// The same request, taking the point out of the archive first.
    #[must_use]
    pub fn rehydrating(mut self, info: RehydrationInfo) -> Self {
        self.object_type = "IaasVMRestoreWithRehydrationRequest".to_owned();
        self.recovery_point_rehydration_info = Some(info);
        self
    }

    /// The body of a restore in the vault's own region: `{"properties": request}`, indented by two spaces.
    #[must_use]
    pub fn body_text(&self) -> String {
        #[derive(Serialize)]
        struct Body<'a> {
            properties: &'a IaasVmRestoreRequest,
        }
        indented(&Body { properties: self })
    }

    /// The body of a cross-region restore, indented by two spaces, with [`NOT_SHOWN`] in the place of the access token.
    #[must_use]
    pub fn cross_region_text(&self) -> String {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Body<'a> {
            cross_region_restore_access_details: &'static str,
            restore_request: &'a IaasVmRestoreRequest,
        }
        indented(&Body { cross_region_restore_access_details: NOT_SHOWN, restore_request: self })
    }

    /// The fields that are set and that `version` does not know.
    #[must_use]
    pub fn unknown_to(&self, version: &ApiVersion) -> Vec<FieldSince> {
        fields::unknown_to(self, version)
    }
}

/// The JSON of a body. serde_json cannot fail on these types; if it did, Azure would refuse the empty text.
fn indented(body: &impl Serialize) -> String {
    serde_json::to_string_pretty(body).unwrap_or_default()
}

/// The body of a restore for one api-version: made only when the version knows every field, serialized once. The bytes shown are the bytes sent.
#[derive(Clone, Debug, PartialEq)]
pub struct TriggerBody {
    version: ApiVersion,
    bytes: Bytes,
}

impl TriggerBody {
    /// Serializes `{"properties": request}`, indented; for an api-version of cross-region restore
    /// `{"crossRegionRestoreAccessDetails": …, "restoreRequest": request}`, with [`NOT_SHOWN`] in the place of the access token.
    ///
    /// # Errors
    /// [`UnsupportedFields`] that `version` does not declare.
    pub fn new(request: &IaasVmRestoreRequest, version: &ApiVersion) -> Result<TriggerBody, UnsupportedFields> {
        let fields = request.unknown_to(version);
        if !fields.is_empty() {
            return Err(UnsupportedFields { version: version.clone(), fields });
        }
        let text = if version.is_cross_region() { request.cross_region_text() } else { request.body_text() };
        Ok(TriggerBody { version: version.clone(), bytes: text.into() })
    }

    /// The body from the text of an earlier [`Self::new`], to be sent again byte for byte, such as after Azure asked for a sign-in.
    #[must_use]
    pub fn from_reviewed_text(text: String, version: &ApiVersion) -> TriggerBody {
        TriggerBody { version: version.clone(), bytes: text.into() }
    }

    /// The bytes of a cross-region restore: the text with the access token in its place, as it came.
    pub(super) fn with_access_token(&self, token: &AccessToken) -> Bytes {
        let place = format!("\"{NOT_SHOWN}\"");
        let at = self.bytes.windows(place.len()).position(|bytes| bytes == place.as_bytes());
        // A text that was changed may lack the placeholder; Azure refuses a request without the token.
        let Some(at) = at else { return self.bytes.clone() };
        [&self.bytes[..at], token.bytes(), &self.bytes[at + place.len()..]].concat().into()
    }

    /// The bytes that are sent; for a cross-region restore with a placeholder for the access token.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// The api-version it was made for.
    #[must_use]
    pub fn version(&self) -> &ApiVersion {
        &self.version
    }
}

/// Starts the restore of a recovery point (its ARM id). Answered by 202 without a body; an [`Operation`](crate::arm::operation::Operation)
/// follows it. Never send it twice.
#[must_use]
pub fn trigger(point: &ArmId, body: &TriggerBody) -> Call<Accepted> {
    let action = "Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems/recoveryPoints/restore/action";
    Call::begin("Trigger restore", action, trigger_path(point, body), Some(body.bytes.clone()))
}

/// Where it goes.
#[must_use]
pub fn trigger_path(point: &ArmId, body: &TriggerBody) -> String {
    child_url(point, &["restore"], &body.version)
}

#[cfg(test)]
mod tests;
