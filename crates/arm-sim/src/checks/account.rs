//! The staging storage account.

use super::Case;
use crate::text::same;
use crate::world::item::Traits;
use crate::world::job::RestoreKind::OriginalLocation;
use crate::world::resource::{Kind, parts};

pub(super) fn check(case: &mut Case<'_>) {
    let by_identity = case.request.has("identityBasedRestoreDetails");
    if by_identity && case.request.text("storageAccountId").is_some() {
        case.refuse(
            "storageAccountId",
            "storageAccountId must be absent when identityBasedRestoreDetails names the account.",
        );
    }
    let property = if by_identity { "identityBasedRestoreDetails.targetStorageAccountId" } else { "storageAccountId" };
    let Some(id) = case.request.account() else {
        case.refuse(property, "A staging storage account is required.");
        return;
    };
    let found = case.world.resource(id).map(|r| (r, &r.kind));
    let Some((account, &Kind::Account { sku, kind, open, .. })) = found else {
        let message = "Storage Account specified for Restore operation doesn't exist.";
        case.refuse_as(
            "UserErrorBCMRestoreStorageAccountNotFound",
            property,
            message,
            "Please use a different storage account.",
        );
        return;
    };
    if account.region != case.region {
        case.refuse(property, format!("The storage account must be in {}.", case.place()));
    }
    let target = case.request.text("targetResourceGroupId").and_then(parts).map(|p| p.subscription);
    let (source, vault) = (case.item.subscription(), case.vault.subscription);
    if case.is(OriginalLocation) && !same(source, vault) {
        // Cross Subscription Backup: azure-cli and PowerShell look for the account where the virtual machine is.
        if !same(account.subscription, source) {
            case.refuse(property, "The storage account must be in the subscription of the virtual machine.");
        }
    } else if ![vault, target.unwrap_or(source)].iter().any(|s| same(s, account.subscription)) {
        case.refuse(property, "The storage account must be in the subscription of the vault or of the target.");
    }
    if !matches!(kind, "Storage" | "StorageV2") {
        case.refuse(property, format!("A storage account of kind '{kind}' is not supported."));
    }
    if sku.starts_with("Premium") {
        if !open && case.item.is_managed() {
            case.refuse(property, "A premium storage account with network rules is not supported for managed disks.");
        }
        if case.item.traits.has(Traits::STANDARD) {
            case.refuse(
                property,
                "A premium storage account is not supported for a virtual machine without premium disks.",
            );
        }
    }
    if by_identity && !open && case.request.inner("identityInfo", "managedIdentityResourceId").is_some() {
        case.refuse(
            "identityInfo",
            "A storage account with network rules can be used with the system-assigned identity only.",
        );
    }
}
