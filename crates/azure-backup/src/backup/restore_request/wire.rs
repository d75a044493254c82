//! The request as JSON. Written out: the derived writer weighs seven times as much in the page.

use super::{
    DataDiskEncryptionSettings, EncryptionDetails, IaasVmRestoreRequest, IdentityBasedRestoreDetails, IdentityInfo,
    RehydrationInfo, SecuredVmDetails, TargetDiskNetworkAccessSettings,
};
use crate::{
    arm::id::ArmId,
    backup::{cross_region::NOT_SHOWN, recovery_point::ExtendedLocation},
};
use serde_json::{Map, Value};

/// An object in the making; what is `None` is left out.
#[derive(Default)]
struct Object(Map<String, Value>);

impl Object {
    fn put(&mut self, name: &str, value: Option<Value>) {
        if let Some(value) = value {
            self.0.insert(name.to_owned(), value);
        }
    }

    fn text(&mut self, name: &str, text: Option<&str>) {
        self.put(name, text.map(Value::from));
    }

    fn id(&mut self, name: &str, id: &Option<ArmId>) {
        self.text(name, id.as_ref().map(ArmId::as_str));
    }

    fn flag(&mut self, name: &str, flag: Option<bool>) {
        self.put(name, flag.map(Value::Bool));
    }

    fn texts(&mut self, name: &str, texts: &Option<Vec<String>>) {
        self.put(name, texts.as_ref().map(|all| all.iter().map(|text| Value::from(text.as_str())).collect()));
    }

    fn done(self) -> Value {
        Value::Object(self.0)
    }
}

impl IaasVmRestoreRequest {
    /// The request as it stands below `properties`, its fields in the order of Azure's definition.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut body = Object::default();
        body.text("objectType", Some(&self.object_type));
        body.text("recoveryPointId", Some(&self.recovery_point_id));
        body.text("recoveryType", Some(self.recovery_type.as_str()));
        body.id("sourceResourceId", &self.source_resource_id);
        body.id("targetVirtualMachineId", &self.target_virtual_machine_id);
        body.id("targetResourceGroupId", &self.target_resource_group_id);
        body.id("storageAccountId", &self.storage_account_id);
        body.id("virtualNetworkId", &self.virtual_network_id);
        body.id("subnetId", &self.subnet_id);
        body.id("targetDomainNameId", &self.target_domain_name_id);
        body.text("region", self.region.as_deref());
        body.text("affinityGroup", self.affinity_group.as_deref());
        body.flag("createNewCloudService", self.create_new_cloud_service);
        body.flag("originalStorageAccountOption", self.original_storage_account_option);
        body.put("encryptionDetails", self.encryption_details.as_ref().map(encryption));
        let luns = self.restore_disk_lun_list.as_ref();
        body.put("restoreDiskLunList", luns.map(|luns| luns.iter().map(|lun| Value::from(*lun)).collect()));
        body.flag("restoreWithManagedDisks", self.restore_with_managed_disks);
        body.id("diskEncryptionSetId", &self.disk_encryption_set_id);
        body.texts("zones", &self.zones);
        body.put("identityInfo", self.identity_info.as_ref().map(identity));
        body.put("identityBasedRestoreDetails", self.identity_based_restore_details.as_ref().map(staging));
        body.put("extendedLocation", self.extended_location.as_ref().map(location));
        body.put("securedVMDetails", self.secured_vm_details.as_ref().map(secured));
        let access = self.target_disk_network_access_settings.as_ref();
        body.put("targetDiskNetworkAccessSettings", access.map(network_access));
        body.texts("resourceGuardOperationRequests", &self.resource_guard_operation_requests);
        let rehydration_info = self.recovery_point_rehydration_info.as_ref();
        body.put("recoveryPointRehydrationInfo", rehydration_info.map(rehydration));
        body.done()
    }

    /// The text of a body with the request below `properties`, indented.
    #[must_use]
    pub fn body_text(&self) -> String {
        let mut body = Object::default();
        body.put("properties", Some(self.to_json()));
        format!("{:#}", body.done())
    }

    /// The text of the body of a cross-region restore, indented, with [`NOT_SHOWN`] in the place of the access token.
    #[must_use]
    pub fn cross_region_text(&self) -> String {
        let mut body = Object::default();
        body.text("crossRegionRestoreAccessDetails", Some(NOT_SHOWN));
        body.put("restoreRequest", Some(self.to_json()));
        format!("{:#}", body.done())
    }
}

fn encryption(details: &EncryptionDetails) -> Value {
    let mut body = Object::default();
    body.flag("encryptionEnabled", details.encryption_enabled);
    body.text("kekUrl", details.kek_url.as_deref());
    body.text("secretKeyUrl", details.secret_key_url.as_deref());
    body.text("kekVaultId", details.kek_vault_id.as_deref());
    body.text("secretKeyVaultId", details.secret_key_vault_id.as_deref());
    body.done()
}

fn identity(info: &IdentityInfo) -> Value {
    let mut body = Object::default();
    body.flag("isSystemAssignedIdentity", info.is_system_assigned_identity);
    body.id("managedIdentityResourceId", &info.managed_identity_resource_id);
    body.done()
}

fn staging(details: &IdentityBasedRestoreDetails) -> Value {
    let mut body = Object::default();
    body.text("objectType", details.object_type.as_deref());
    body.id("targetStorageAccountId", &details.target_storage_account_id);
    body.done()
}

fn location(location: &ExtendedLocation) -> Value {
    let mut body = Object::default();
    body.text("name", Some(&location.name));
    body.text("type", Some(&location.kind));
    body.done()
}

fn secured(details: &SecuredVmDetails) -> Value {
    let mut body = Object::default();
    body.id("securedVMOsDiskEncryptionSetId", &details.os_disk_encryption_set_id);
    body.put("dataDiskEncryptionSettings", details.data_disk_encryption_settings.as_ref().map(data_disks));
    body.done()
}

fn data_disks(settings: &DataDiskEncryptionSettings) -> Value {
    let mut body = Object::default();
    let sets = settings.per_disk_encryption_set_ids.as_ref().map(|sets| {
        let set = |set: &super::PerDiskEncryptionSet| {
            let mut body = Object::default();
            body.put("lun", Some(set.lun.into()));
            body.text("diskEncryptionSetId", Some(set.disk_encryption_set_id.as_str()));
            body.done()
        };
        sets.iter().map(set).collect()
    });
    body.put("perDiskEncryptionSetIds", sets);
    body.id("dataDiskEncryptionSetId", &settings.data_disk_encryption_set_id);
    body.text("dataDiskEncryptionIdentity", settings.data_disk_encryption_identity.as_deref());
    body.done()
}

fn network_access(settings: &TargetDiskNetworkAccessSettings) -> Value {
    let mut body = Object::default();
    body.text("targetDiskNetworkAccessOption", Some(settings.target_disk_network_access_option.as_str()));
    body.id("targetDiskAccessId", &settings.target_disk_access_id);
    body.done()
}

fn rehydration(info: &RehydrationInfo) -> Value {
    let mut body = Object::default();
    body.text("rehydrationRetentionDuration", Some(&info.rehydration_retention_duration));
    body.text("rehydrationPriority", Some(info.rehydration_priority.as_str()));
    body.done()
}
