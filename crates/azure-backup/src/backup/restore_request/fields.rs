//! Which api-version knows which field.

use super::IaasVmRestoreRequest;
use crate::arm::{call::ApiVersion, id::ArmId};
use serde::{Deserialize, Deserializer};

/// A field and the first stable api-version that declares it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldSince {
    /// The field's name in the body, with a dot for a field of a field.
    pub json_name: &'static str,
    /// The api-version.
    pub since: &'static str,
}

impl FieldSince {
    /// Whether requests of `version` may have it.
    #[must_use]
    pub fn is_known_to(&self, version: &ApiVersion) -> bool {
        // The versions of cross-region restore have the same fields, whatever their date.
        let version = if version.is_cross_region() { &ApiVersion::CROSS_REGION_NEWEST } else { version };
        // A preview already knows what the stable version of its date will know.
        self.since <= version.as_str().get(..10).unwrap_or_default()
    }
}

/// Every field that came after 2019-05-13, with the version that brought it; from Azure's published API definitions.
/// What came between 2024-04-01 and 2026-07-01 is dated by the latter, where it was first seen.
pub const FIELD_SINCE: &[FieldSince] = &[
    FieldSince { json_name: "restoreWithManagedDisks", since: "2020-10-01" },
    FieldSince { json_name: "diskEncryptionSetId", since: "2020-10-01" },
    FieldSince { json_name: "zones", since: "2020-12-01" },
    FieldSince { json_name: "recoveryPointRehydrationInfo", since: "2021-01-01" },
    FieldSince { json_name: "identityInfo", since: "2021-06-01" },
    FieldSince { json_name: "identityBasedRestoreDetails", since: "2021-07-01" },
    FieldSince { json_name: "extendedLocation", since: "2023-02-01" },
    FieldSince { json_name: "securedVMDetails", since: "2023-02-01" },
    FieldSince { json_name: "targetDiskNetworkAccessSettings", since: "2023-02-01" },
    FieldSince { json_name: "resourceGuardOperationRequests", since: "2024-04-01" },
    FieldSince { json_name: "securedVMDetails.dataDiskEncryptionSettings", since: "2026-07-01" },
];

pub(super) fn unknown_to(request: &IaasVmRestoreRequest, version: &ApiVersion) -> Vec<FieldSince> {
    let set = |name: &str| match name {
        "restoreWithManagedDisks" => request.restore_with_managed_disks.is_some(),
        "diskEncryptionSetId" => request.disk_encryption_set_id.is_some(),
        "zones" => request.zones.is_some(),
        // The type came with the field, and can be named without it.
        "recoveryPointRehydrationInfo" => {
            request.recovery_point_rehydration_info.is_some() || request.object_type.contains("Rehydration")
        }
        "identityInfo" => request.identity_info.is_some(),
        "identityBasedRestoreDetails" => request.identity_based_restore_details.is_some(),
        "extendedLocation" => request.extended_location.is_some(),
        "securedVMDetails" => request.secured_vm_details.is_some(),
        "targetDiskNetworkAccessSettings" => request.target_disk_network_access_settings.is_some(),
        "resourceGuardOperationRequests" => request.resource_guard_operation_requests.is_some(),
        _ => request.secured_vm_details.as_ref().is_some_and(|details| details.data_disk_encryption_settings.is_some()),
    };
    FIELD_SINCE.iter().filter(|field| !field.is_known_to(version) && set(field.json_name)).copied().collect()
}

/// `""` and null mean the same as leaving the field out.
pub(super) fn blank_is_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<ArmId>, D::Error> {
    match Option::<String>::deserialize(deserializer)?.filter(|text| !text.is_empty()) {
        None => Ok(None),
        Some(text) => ArmId::parse(&text).map(Some).map_err(serde::de::Error::custom),
    }
}
