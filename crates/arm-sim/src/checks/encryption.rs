//! Disk encryption sets.

use super::Case;
use crate::world::item::Traits;
use crate::world::job::RestoreKind::{OriginalLocation, RestoreDisks};
use crate::world::resource::{Kind, name_of};

const SET: &str = "diskEncryptionSetId";
const SECURED: &str = "securedVMDetails.securedVMOsDiskEncryptionSetId";

pub(super) fn check(case: &mut Case<'_>) {
    if let Some(id) = case.request.text(SET) {
        if !case.vault.customer_key {
            case.refuse(SET, "A disk encryption set needs a vault that is encrypted with the customer's key.");
        }
        if !case.item.is_managed() || case.item.traits.has(Traits::ENCRYPTED) {
            case.refuse(
                SET,
                "A disk encryption set is for managed disks that are not encrypted with Azure Disk Encryption.",
            );
        }
        if case.is(OriginalLocation) {
            case.refuse(SET, "A disk encryption set cannot be chosen when disks are replaced.");
        }
        if case.is(RestoreDisks) && case.request.text("targetResourceGroupId").is_none() {
            case.refuse(SET, "A disk encryption set is for managed disks: it needs a target resource group.");
        }
        exists(case, SET, id);
    }
    if case.request.has("securedVMDetails") {
        if !case.item.traits.has(Traits::CONFIDENTIAL) {
            case.refuse("securedVMDetails", "securedVMDetails is for confidential virtual machines.");
        }
        if let Some(id) = case.request.inner("securedVMDetails", "securedVMOsDiskEncryptionSetId") {
            exists(case, SECURED, id);
            let confidential = |kind: &Kind| matches!(kind, Kind::EncryptionSet { confidential: true });
            if case.world.resource(id).is_some_and(|r| !confidential(&r.kind)) {
                case.refuse(SECURED, "The disk encryption set must be one for confidential virtual machines.");
            }
            if case.point.is_snapshot_only() && case.item.os_set() != Some(name_of(id)) {
                case.refuse(SECURED, "A snapshot can be restored with its original disk encryption set only.");
            }
        }
    }
}

fn exists(case: &mut Case<'_>, property: &str, id: &str) {
    match case.world.resource(id).filter(|r| matches!(r.kind, Kind::EncryptionSet { .. })) {
        None => {
            let message = "The disk encryption set does not exist.";
            case.refuse_as(
                "UserErrorDiskEncryptionSetDoesNotExist",
                property,
                message,
                "Please select a different disk encryption set.",
            );
        }
        Some(set) if set.region != case.region => {
            case.refuse(property, format!("The disk encryption set must be in the region '{}'.", case.region));
        }
        Some(_) => {}
    }
}
