//! What a restore will do, in one sentence made from the body that will be sent: not from the form, so that
//! the sentence cannot promise what the request does not say.

use azure_backup::arm::id::{ArmId, Region};
use azure_backup::backup::restore_request::{IaasVmRestoreRequest, RecoveryType};

/// The effect of `request` on the virtual machine called `source`; `secondary` is the secondary region, where it is asked for there.
pub fn effect(request: &IaasVmRestoreRequest, source: &str, secondary: Option<&Region>) -> String {
    let name = |id: Option<&ArmId>| id.map(|i| format!("`{}`", i.name()));
    let staging = request
        .storage_account_id
        .as_ref()
        .or_else(|| request.identity_based_restore_details.as_ref()?.target_storage_account_id.as_ref());
    let mut sentence = match &request.recovery_type {
        RecoveryType::OriginalLocation => {
            format!(
                "Swaps the disks of the virtual machine `{source}` for those of the recovery point. Its present disks are kept, detached."
            )
        }
        RecoveryType::AlternateLocation => {
            let vm = name(request.target_virtual_machine_id.as_ref());
            let vm = vm.map_or_else(|| "a new virtual machine".to_owned(), |vm| format!("the virtual machine {vm}"));
            let mut text = format!("Creates {vm}");
            if let Some(group) = name(request.target_resource_group_id.as_ref()) {
                text += &format!(" in {group}");
            }
            if let Some(network) = name(request.virtual_network_id.as_ref()) {
                text += &format!(" on the network {network}");
            }
            text + &format!(" and leaves `{source}` untouched.")
        }
        RecoveryType::RestoreDisks => {
            let what = match request.restore_disk_lun_list.as_deref() {
                None => "all disks".to_owned(),
                Some([]) => "the OS disk only".to_owned(),
                Some([lun]) => format!("the OS disk and the data disk with LUN {lun}"),
                Some(luns) => {
                    let list: Vec<String> = luns.iter().map(ToString::to_string).collect();
                    format!("the OS disk and the data disks with LUN {}", list.join(", "))
                }
            };
            let place = match (name(request.target_resource_group_id.as_ref()), name(staging)) {
                (Some(group), _) => format!("as managed disks in {group}"),
                (None, Some(account)) => format!("as VHD blobs in the storage account {account}"),
                (None, None) => "as VHD blobs in the staging storage account".to_owned(),
            };
            format!("Restores {what} of `{source}` {place} and leaves `{source}` untouched.")
        }
        other => format!("Asks Azure for a restore of the kind {other}."),
    };
    if let Some(region) = secondary {
        sentence += &format!(" Everything is created in the secondary region, `{region}`.");
    }
    if let Some(info) = &request.recovery_point_rehydration_info {
        sentence +=
            &format!(" The archived recovery point is rehydrated first ({} priority).", info.rehydration_priority);
    }
    sentence
}
