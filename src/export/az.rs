//! `az backup restore restore-disks` for a request: where each member of the body has an option, and only there.
//!
//! The options were read from azure-cli, and are compared with those that it was run with by `tests/native/exports.rs`.

use azure_backup::arm::id::ArmId;
use azure_backup::backup::restore_request::{IaasVmRestoreRequest, RecoveryType};

use crate::restore::build::Origin;
use crate::restore::field::Field;
use crate::restore::plan::Plan;

/// The version of azure-cli that the options were read from.
pub const VERSION: &str = "2.91.0";

/// An option with its values.
pub type AzOption = (&'static str, String);

/// The options of the command.
///
/// # Errors
/// Each reason why it would not do the same.
pub fn restore_disks(plan: &Plan) -> Result<Vec<AzOption>, Vec<String>> {
    let mut made = Made::default();
    made.source(plan);
    made.request(plan);
    let is_misread = |(_, value): &AzOption| value.starts_with(['-', '@']) || value.contains("=@");
    if made.options.iter().any(is_misread) {
        made.reasons.push("az reads a name that starts with - or @ as an option or a file.".to_owned());
    }
    if made.reasons.is_empty() { Ok(made.options) } else { Err(made.reasons) }
}

#[derive(Default)]
struct Made {
    options: Vec<AzOption>,
    reasons: Vec<String>,
}

impl Made {
    fn option(&mut self, name: &'static str, value: impl Into<String>) {
        self.options.push((name, value.into()));
    }

    fn cannot(&mut self, when: bool, why: &str) {
        if when {
            self.reasons.push(why.to_owned());
        }
    }

    /// The recovery point, by the names that Azure has for its container and its item.
    fn source(&mut self, plan: &Plan) {
        let group = plan.vault.resource_group().unwrap_or_default();
        self.option("--subscription", plan.vault.subscription().unwrap_or_default());
        self.option("--resource-group", group);
        self.option("--vault-name", plan.vault.name());
        self.option("--container-name", plan.item.segment_after("protectionContainers").unwrap_or_default());
        self.option("--item-name", plan.item.name());
        self.cannot(
            plan.secondary.is_some(),
            "az backup takes the secondary region from its own list of region pairs.",
        );
    }

    fn request(&mut self, plan: &Plan) {
        // Each member is named, so that a new one does not compile until it is decided what becomes of it here.
        let IaasVmRestoreRequest {
            object_type: _,
            recovery_point_id,
            recovery_type,
            source_resource_id,
            target_virtual_machine_id,
            target_resource_group_id,
            storage_account_id: _,
            virtual_network_id: _,
            subnet_id,
            target_domain_name_id,
            region: _,
            affinity_group,
            create_new_cloud_service,
            original_storage_account_option,
            encryption_details,
            restore_disk_lun_list,
            restore_with_managed_disks,
            disk_encryption_set_id,
            zones,
            identity_info,
            identity_based_restore_details: _,
            extended_location,
            secured_vm_details,
            target_disk_network_access_settings,
            // az asks the vault for them.
            resource_guard_operation_requests: _,
            recovery_point_rehydration_info,
        } = &plan.request;
        let in_place = *recovery_type == RecoveryType::OriginalLocation;
        let origin = |name: &str| plan.origins.iter().find(|(of, _)| *of == name).map(|(_, origin)| origin);

        self.option("--rp-name", recovery_point_id.clone());
        if in_place {
            self.option("--restore-mode", "OriginalLocation");
        }
        let is_own_region = matches!(origin("region"), Some(Origin::Azure(_)));
        self.cannot(plan.secondary.is_none() && !is_own_region, "az backup always sends the region of the vault.");

        let vault = plan.vault.subscription();
        let target = target_resource_group_id.as_ref().map_or(vault, ArmId::subscription);
        self.group(target_resource_group_id.as_ref(), (vault, target));
        if let Some(vm) = target_virtual_machine_id {
            self.new_vm(vm, subnet_id.as_ref(), target_resource_group_id.as_ref());
        }
        let of_account = if in_place { source_resource_id.as_ref().and_then(ArmId::subscription) } else { target };
        self.account(plan.request.staging_account(), of_account);

        let is_offered =
            matches!(origin("originalStorageAccountOption"), Some(Origin::Chosen(Field::OriginalAccounts)));
        if is_offered && *original_storage_account_option == Some(false) {
            self.option("--restore-to-staging-storage-account", "true");
        }
        match restore_disk_lun_list.as_deref() {
            None => {}
            Some([]) => self.option("--restore-only-osdisk", "true"),
            Some(_) => self.cannot(true, "az backup sends the LUNs of data disks as text instead of numbers."),
        }
        if let Some(set) = disk_encryption_set_id {
            self.option("--disk-encryption-set-id", set.as_str());
        }
        match zones.as_deref() {
            None => {}
            Some([zone]) => self.option("--target-zone", zone.clone()),
            Some(_) => self.cannot(true, "az backup takes one zone."),
        }
        if let Some(identity) = identity_info {
            match &identity.managed_identity_resource_id {
                Some(id) => self.option("--mi-user-assigned", id.as_str()),
                None => self.option("--mi-system-assigned", ""),
            }
        }
        // In place, az takes the edge zone from the recovery point.
        if extended_location.is_some() && !in_place {
            self.option("--restore-to-edge-zone", "true");
        }
        if let Some(details) = secured_vm_details {
            self.cannot(
                details.data_disk_encryption_settings.is_some(),
                &without("securedVMDetails.dataDiskEncryptionSettings"),
            );
            if let Some(set) = &details.os_disk_encryption_set_id {
                self.option("--cvm-os-des-id", set.as_str());
            }
        }
        if let Some(access) = target_disk_network_access_settings {
            self.option("--disk-access-option", access.target_disk_network_access_option.as_str());
            if let Some(id) = &access.target_disk_access_id {
                self.option("--target-disk-access-id", id.as_str());
            }
        }
        if let Some(info) = recovery_point_rehydration_info {
            let days = info.rehydration_retention_duration.strip_prefix('P').and_then(|days| days.strip_suffix('D'));
            self.option("--rehydration-priority", info.rehydration_priority.as_str());
            self.option("--rehydration-duration", days.unwrap_or_default());
        }
        self.cannot(target_domain_name_id.is_some(), &without("targetDomainNameId"));
        self.cannot(affinity_group.is_some(), &without("affinityGroup"));
        self.cannot(*create_new_cloud_service == Some(true), &without("createNewCloudService"));
        self.cannot(encryption_details.is_some(), &without("encryptionDetails"));
        self.cannot(*restore_with_managed_disks == Some(true), &without("restoreWithManagedDisks"));
    }

    /// The target group, by its name: az looks for it in the target subscription.
    fn group(&mut self, group: Option<&ArmId>, (vault, target): (Option<&str>, Option<&str>)) {
        let Some(group) = group else { return };
        self.option("--target-resource-group", group.name());
        if !is_same(vault, target) {
            self.option("--target-subscription-id", target.unwrap_or_default());
        }
    }

    fn new_vm(&mut self, vm: &ArmId, subnet: Option<&ArmId>, group: Option<&ArmId>) {
        self.option("--target-vm-name", vm.name());
        self.cannot(vm.group_id().as_ref() != group, "az backup creates a VM only in the target resource group.");
        let Some(network) = subnet.and_then(|subnet| subnet.up_to("virtualNetworks")) else { return };
        self.option("--target-vnet-name", network.name());
        self.option("--target-vnet-resource-group", network.resource_group().unwrap_or_default());
        self.option("--target-subnet-name", subnet.map(ArmId::name).unwrap_or_default());
        let is_elsewhere = !is_same(network.subscription(), vm.subscription());
        self.cannot(is_elsewhere, "az backup searches for the virtual network only in the target subscription.");
    }

    /// The staging account, by its name: of an id, az takes only the name and the group.
    fn account(&mut self, account: Option<&ArmId>, searched: Option<&str>) {
        let Some(account) = account else { return };
        self.option("--storage-account", account.name());
        self.option("--storage-account-resource-group", account.resource_group().unwrap_or_default());
        let is_elsewhere = !is_same(account.subscription(), searched);
        self.cannot(is_elsewhere, "az backup searches for the storage account in another subscription.");
    }
}

fn is_same(one: Option<&str>, other: Option<&str>) -> bool {
    matches!((one, other), (Some(one), Some(other)) if one.eq_ignore_ascii_case(other))
}

fn without(member: &str) -> String {
    format!("az backup has no option for {member}.")
}
