//! Builds the request from the choices, and records where each of its values comes from.

use azure_backup::arm::id::ArmId;
use azure_backup::backup::restore_request::{
    FIELD_SINCE, IaasVmRestoreRequest, IdentityBasedRestoreDetails, IdentityInfo, RehydrationInfo, SecuredVmDetails,
    TargetDiskNetworkAccessSettings,
};

use super::conditions::{converts_disks, makes_managed_disks};
use super::draft::{DiskNetworkAccess, Draft, StagingAccess, ZoneChoice};
use super::facts::Facts;
use super::field::Field;
use super::rules::{Reason, Weight, field_state};
use super::scenario::Scenario;
use super::suggest::Why;

/// The source of a value of the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The operator chose it.
    Chosen(Field),
    /// It was suggested, and the operator has not changed it.
    Suggested(Field, Why),
    /// From an answer of Azure.
    Azure(&'static str),
    /// A rule gives it.
    Rule(&'static str),
    /// A default that Microsoft's own clients send.
    Default(&'static str),
}

impl Origin {
    /// In words.
    pub fn sentence(&self) -> String {
        match self {
            Self::Chosen(field) => format!("Your selection: {}", field.label()),
            Self::Suggested(field, Why::Plan) => format!("Recovery plan: {}", field.label()),
            Self::Suggested(field, why) => format!("Suggested: {} ({})", field.label(), why.words()),
            Self::Azure(answer) => format!("From Azure: {answer}"),
            Self::Rule(rule) => format!("Set by VM Restore: {rule}"),
            Self::Default(why) => format!("Microsoft default: {why}"),
        }
    }
}

/// The request for the choices so far, complete or not, with the origin of each property (its name below
/// `properties`). Choices that the rules forbid are left out, because they do not take effect.
///
/// `None` until a scenario is chosen: without one there is no request.
pub fn build(facts: &Facts, draft: &Draft) -> Option<(IaasVmRestoreRequest, Vec<(&'static str, Origin)>)> {
    let scenario = draft.scenario?;
    let mut origins = Vec::new();
    let mut from = |name: &'static str, origin: Origin| {
        let origin = match origin {
            Origin::Chosen(field) => draft.suggestion(field).map_or(origin, |s| Origin::Suggested(field, s.why)),
            other => other,
        };
        origins.push((name, origin));
    };
    let usable = |field: Field| field_state(facts, draft, field).forbidden().is_none();
    let mut request = IaasVmRestoreRequest::new(&facts.point.name, scenario.recovery_type());

    from("objectType", Origin::Rule("rehydration is requested only for archived recovery points"));
    from("recoveryPointId", Origin::Azure("the recovery point's name"));
    from("recoveryType", Origin::Chosen(Field::Scenario));
    request.source_resource_id = facts.item.source_resource_id.clone();
    from("sourceResourceId", Origin::Azure("the protected item's source VM"));

    if scenario == Scenario::AnotherVm {
        request.target_virtual_machine_id = facts.target_vm(draft);
        from("targetVirtualMachineId", Origin::Chosen(Field::VmName));
    }
    if makes_managed_disks(facts, draft) {
        request.target_resource_group_id.clone_from(&draft.target_group);
        from("targetResourceGroupId", Origin::Chosen(Field::TargetGroup));
    }
    staging(draft, &mut request, &mut from);
    if scenario == Scenario::AnotherVm {
        request.virtual_network_id.clone_from(&draft.network);
        from("virtualNetworkId", Origin::Chosen(Field::Network));
        request.subnet_id.clone_from(&draft.subnet);
        from("subnetId", Origin::Chosen(Field::Subnet));
    }
    request.region = facts.region(draft).map(|region| region.as_str().to_owned());
    let region = match (&facts.secondary, facts.source_region_outside_vault()) {
        (Some(_), _) => Origin::Rule("the secondary region"),
        (None, Some(_)) => Origin::Chosen(Field::Region),
        (None, None) => Origin::Azure("the vault's location"),
    };
    from("region", region);
    request.create_new_cloud_service = Some(false);
    from("createNewCloudService", Origin::Default("only relevant for classic VMs"));
    let original = usable(Field::OriginalAccounts);
    request.original_storage_account_option = Some(original && draft.original_accounts);
    let by_rule = Origin::Rule("only VHD blobs of unmanaged disks can be restored to their original storage accounts");
    from("originalStorageAccountOption", if original { Origin::Chosen(Field::OriginalAccounts) } else { by_rule });

    if scenario == Scenario::SelectedDisks {
        // Absent means all disks, [] only the OS disk: sent only when disks were picked.
        request.restore_disk_lun_list = Some(draft.luns.iter().copied().collect());
        from("restoreDiskLunList", Origin::Chosen(Field::Disks));
    }
    if converts_disks(facts, draft) {
        request.restore_with_managed_disks = Some(true);
        let is_choice = scenario.makes_disks() && usable(Field::DiskTarget);
        let by_rule = Origin::Rule("the result has managed disks, and the original ones are unmanaged");
        from("restoreWithManagedDisks", if is_choice { Origin::Chosen(Field::DiskTarget) } else { by_rule });
    }
    if draft.encryption_set.is_some() && usable(Field::EncryptionSet) {
        request.disk_encryption_set_id.clone_from(&draft.encryption_set);
        from("diskEncryptionSetId", Origin::Chosen(Field::EncryptionSet));
    }
    if draft.os_encryption_set.is_some() && usable(Field::OsEncryptionSet) {
        request.secured_vm_details = Some(SecuredVmDetails {
            os_disk_encryption_set_id: draft.os_encryption_set.clone(),
            data_disk_encryption_settings: None,
        });
        from("securedVMDetails", Origin::Chosen(Field::OsEncryptionSet));
    }
    let zone = match &draft.zone {
        ZoneChoice::Unset => None,
        ZoneChoice::NoZone => Some("NoZone".to_owned()),
        ZoneChoice::Zone(zone) => Some(zone.clone()),
    };
    if zone.is_some() && usable(Field::Zone) {
        request.zones = zone.map(|z| vec![z]);
        from("zones", Origin::Chosen(Field::Zone));
    }
    if let Some(access) = draft.disk_network_access
        && usable(Field::DiskNetworkAccess)
    {
        request.target_disk_network_access_settings = Some(TargetDiskNetworkAccessSettings {
            target_disk_network_access_option: access.wire(),
            target_disk_access_id: draft.disk_access.clone().filter(|_| access == DiskNetworkAccess::Private),
        });
        from("targetDiskNetworkAccessSettings", Origin::Chosen(Field::DiskNetworkAccess));
    }
    if let Some(zone) = &facts.point.extended_location {
        if scenario == Scenario::ReplaceDisks {
            request.extended_location = Some(zone.clone());
            from("extendedLocation", Origin::Rule("replaced disks stay in the original VM's edge zone"));
        } else if draft.edge_zone && usable(Field::EdgeZone) {
            request.extended_location = Some(zone.clone());
            from("extendedLocation", Origin::Chosen(Field::EdgeZone));
        }
    }
    // Only primary-region requests can carry Resource Guard references.
    if !facts.guard_requests.is_empty() && facts.secondary.is_none() {
        request.resource_guard_operation_requests = Some(facts.guard_requests.clone());
        from("resourceGuardOperationRequests", Origin::Azure("the vault's Resource Guard"));
    }
    if facts.is_archived()
        && let Some(priority) = draft.rehydration.priority
    {
        let days = draft.rehydration.valid_days().map(|d| format!("P{d}D")).unwrap_or_default();
        request = request.rehydrating(RehydrationInfo {
            rehydration_retention_duration: days,
            rehydration_priority: priority.wire(),
        });
        from("recoveryPointRehydrationInfo", Origin::Chosen(Field::RehydrationPriority));
    }
    Some((request, origins))
}

fn staging(draft: &Draft, request: &mut IaasVmRestoreRequest, from: &mut impl FnMut(&'static str, Origin)) {
    // With an identity the account is sent in an object of its own, and the plain id must be absent.
    let identity = |managed_identity_resource_id: Option<ArmId>| IdentityInfo {
        is_system_assigned_identity: Some(managed_identity_resource_id.is_none()),
        managed_identity_resource_id,
    };
    request.identity_info = match &draft.staging_access {
        StagingAccess::Key => {
            request.storage_account_id.clone_from(&draft.staging_account);
            from("storageAccountId", Origin::Chosen(Field::StagingAccount));
            return;
        }
        StagingAccess::SystemAssigned => Some(identity(None)),
        StagingAccess::UserAssigned(id) => Some(identity(Some(id.clone()))),
    };
    from("identityInfo", Origin::Chosen(Field::StagingAccess));
    request.identity_based_restore_details = Some(IdentityBasedRestoreDetails {
        object_type: None,
        target_storage_account_id: draft.staging_account.clone(),
    });
    from("identityBasedRestoreDetails", Origin::Chosen(Field::StagingAccount));
}

/// Why the configured api-version does not support `field`; `None` if it does.
pub fn not_in_version(facts: &Facts, field: Field) -> Option<Reason> {
    let property = match field {
        Field::StagingAccess => "identityBasedRestoreDetails",
        // Without the property there are managed disks all the same: of managed ones.
        Field::DiskTarget => return None,
        Field::DiskAccess => "targetDiskNetworkAccessSettings",
        Field::RehydrationPriority | Field::RehydrationDays => "recoveryPointRehydrationInfo",
        other => other.property(),
    };
    let since = FIELD_SINCE.iter().find(|s| s.json_name == property)?;
    (!since.is_known_to(&facts.version)).then(|| Reason {
        rule: "field-in-version".to_owned(),
        field,
        sentence: match facts.secondary {
            Some(_) => "Not available in the secondary region.".to_owned(),
            None => format!(
                "Requires API version {} or later (you're using {}). Change it in Settings.",
                since.since,
                facts.version.as_str()
            ),
        },
        link: "https://learn.microsoft.com/rest/api/backup/restores/trigger".to_owned(),
        weight: Weight::Blocks,
    })
}
