//! Whether any resource exists.

use super::super::child_url;
use crate::arm::{
    call::{ApiVersion, Call},
    id::ArmId,
};

/// The api-version with which a resource can be read, by the type in its id. `None` for types that this client does not read.
#[must_use]
pub fn api_version_of(id: &ArmId) -> Option<ApiVersion> {
    let kind = id.resource_type().to_ascii_lowercase();
    let version = match kind.as_str() {
        "" => ApiVersion::RESOURCES,
        "microsoft.compute/virtualmachines" => ApiVersion::COMPUTE,
        "microsoft.compute/disks" | "microsoft.compute/diskencryptionsets" | "microsoft.compute/diskaccesses" => {
            ApiVersion::DISKS
        }
        "microsoft.storage/storageaccounts" => ApiVersion::STORAGE,
        "microsoft.network/virtualnetworks" | "microsoft.network/virtualnetworks/subnets" => ApiVersion::NETWORK,
        "microsoft.recoveryservices/vaults" => ApiVersion::VAULTS,
        "microsoft.managedidentity/userassignedidentities" => ApiVersion::MANAGED_IDENTITY,
        _ => return None,
    };
    Some(version)
}

/// Whether the resource exists: 200 is yes, 404 is no.
#[must_use]
pub fn exists(id: &ArmId, version: &ApiVersion) -> Call<bool> {
    Call::get("Check existence", "*/read", child_url(id, &[], version), |_| ())
        .map_response(|answer| answer.status().as_u16() != 404)
        .accepting(&[200, 404])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{VAULT, answer, id};

    #[test]
    fn existence_is_200_or_404_and_nothing_else() {
        let call = exists(&id(VAULT), &ApiVersion::VAULTS);
        assert_eq!(call.read(&answer(200, &[], "")), Ok(true));
        assert_eq!(call.read(&answer(404, &[], "")), Ok(false));
        assert_eq!(call.read(&answer(403, &[], "")).unwrap_err().status, Some(403));
    }

    #[test]
    fn versions_go_by_type() {
        assert_eq!(api_version_of(&id("/subscriptions/s/resourceGroups/g")), Some(ApiVersion::RESOURCES));
        let subnet = "/subscriptions/s/resourcegroups/g/providers/microsoft.network/virtualnetworks/n/subnets/d";
        assert_eq!(api_version_of(&id(subnet)), Some(ApiVersion::NETWORK));
        assert_eq!(api_version_of(&id("/subscriptions/s/providers/Microsoft.Foo/bars/b")), None);
    }
}
