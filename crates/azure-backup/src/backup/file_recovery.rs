//! File recovery: Azure attaches the disks of a recovery point by iSCSI to the machine that runs a script of Azure's.
//!
//! Azure's name for it is *instant item recovery* (ILR). Source of the shapes: `ItemLevelRecoveryConnections` of Azure's REST API,
//! <https://learn.microsoft.com/rest/api/backup/item-level-recovery-connections>.

use super::child_url;
use crate::arm::{
    call::{Accepted, ApiVersion, Call},
    id::ArmId,
    json::{self, NodeRef},
};
use bytes::Bytes;
use serde::Serialize;
use serde_json::Value;
use std::fmt;

/// A script as Azure hands it out. Its name and its content hold the password, so that `Debug` shows neither and there is no `Serialize`.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClientScript {
    /// `Windows`, `Linux`.
    pub os: String,
    /// Such as `.exe`, `.py`.
    pub extension: String,
    /// The name with the password in it, without the extension.
    pub name_suffix: String,
    /// The script itself: base64, or in some answers the text.
    pub content: Option<String>,
    /// Where the program is instead.
    pub url: Option<String>,
}

impl fmt::Debug for ClientScript {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "ClientScript({}{})", self.os, self.extension)
    }
}

impl ClientScript {
    /// A script of which nothing is known. The fields can be set afterwards.
    #[must_use]
    pub fn new(os: &str) -> Self {
        Self { os: os.to_owned(), extension: String::new(), name_suffix: String::new(), content: None, url: None }
    }

    fn read(node: &NodeRef<'_>) -> ClientScript {
        let filled = |key: &str| node.text(key).filter(|text| !text.is_empty());
        ClientScript {
            os: node.text("osType").unwrap_or_default(),
            extension: node.text("scriptExtension").unwrap_or_default(),
            name_suffix: node.text("scriptNameSuffix").unwrap_or_default(),
            content: filled("scriptContent"),
            url: filled("url"),
        }
    }
}

/// Whether the scripts come by [`scripts`] in this api-version, and no longer with the status of the operation.
#[must_use]
pub fn has_own_answer(version: &ApiVersion) -> bool {
    *version >= ApiVersion::FILE_RECOVERY_RESULT
}

/// Begins to attach the disks of a recovery point. `machine` is the item's `virtualMachineId`; `renew` asks for a new script for a point
/// whose disks are attached already. An [`Operation`](crate::arm::operation::Operation) follows, whose properties hold the [`scripts_of`]
/// it, unless they [come by a call](has_own_answer).
#[must_use]
pub fn provision(point: &ArmId, machine: &ArmId, renew: bool, version: &ApiVersion) -> Call<Accepted> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Properties<'a> {
        object_type: &'static str,
        recovery_point_id: &'a str,
        virtual_machine_id: &'a ArmId,
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        renew_existing_registration: bool,
    }
    #[derive(Serialize)]
    struct Body<'a> {
        properties: Properties<'a>,
    }
    let properties = Properties {
        object_type: "IaasVMILRRegistrationRequest",
        recovery_point_id: point.name(),
        virtual_machine_id: machine,
        renew_existing_registration: renew,
    };
    // Indented: the page shows these bytes before they are sent.
    let body: Bytes = serde_json::to_vec_pretty(&Body { properties }).unwrap_or_default().into();
    let action = "Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems/recoveryPoints/provisionInstantItemRecovery/action";
    let path = child_url(point, &["provisionInstantItemRecovery"], version);
    Call::begin("Provision file recovery", action, path, Some(body))
}

/// The scripts of an operation of [`provision`] that has succeeded. The POST changes nothing and may be repeated. Since 2026-08-01.
#[must_use]
pub fn scripts(point: &ArmId, operation: &str, version: &ApiVersion) -> Call<Vec<ClientScript>> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Body<'a> {
        provision_instant_item_recovery_operation_id: &'a str,
    }
    let body = Body { provision_instant_item_recovery_operation_id: operation };
    let body = serde_json::to_vec(&body).unwrap_or_default().into();
    let action = "Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems/recoveryPoints/listInstantItemRecoveryOperationResult/action";
    let path = child_url(point, &["listInstantItemRecoveryOperationResult"], version);
    Call::post("Get file recovery scripts", action, path, Some(body), listed)
}

/// Detaches the disks of a recovery point. Azure answers 202.
#[must_use]
pub fn revoke(point: &ArmId, version: &ApiVersion) -> Call<Accepted> {
    let action = "Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems/recoveryPoints/revokeInstantItemRecovery/action";
    let path = child_url(point, &["revokeInstantItemRecovery"], version);
    Call::begin("Revoke file recovery", action, path, None)
}

/// The scripts in the properties of an operation of [`provision`]; none where there are none.
#[must_use]
pub fn scripts_of(properties: &Value) -> Vec<ClientScript> {
    json::read(properties, |node| listed(&node.at("recoveryTarget"))).unwrap_or_default()
}

fn listed(node: &NodeRef<'_>) -> Vec<ClientScript> {
    node.list("clientScripts", ClientScript::read)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{VAULT, id, misshapen, ok};
    use serde_json::json;

    fn point() -> ArmId {
        id(VAULT).child("recoveryPoints", "42")
    }

    #[test]
    fn the_requests_are_those_of_microsofts_clients() {
        let machine = id("/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/m");
        let sent = |renew| -> Value {
            let call = provision(&point(), &machine, renew, &ApiVersion::BACKUP_DEFAULT);
            assert_eq!(call.line(), format!("POST {VAULT}/recoveryPoints/42/provisionInstantItemRecovery"));
            serde_json::from_slice(call.body.as_ref().unwrap()).unwrap()
        };
        let properties = json!({ "objectType": "IaasVMILRRegistrationRequest", "recoveryPointId": "42", "virtualMachineId": machine });
        assert_eq!(sent(false), json!({ "properties": properties }));
        assert_eq!(sent(true)["properties"]["renewExistingRegistration"], json!(true));
        let stop = revoke(&point(), &ApiVersion::BACKUP_DEFAULT);
        assert_eq!(stop.line(), format!("POST {VAULT}/recoveryPoints/42/revokeInstantItemRecovery"));
        assert_eq!(stop.body, None);
        let asked = scripts(&point(), "o-1", &ApiVersion::NEWEST);
        assert_eq!(asked.body.unwrap(), r#"{"provisionInstantItemRecoveryOperationId":"o-1"}"#);
    }

    #[test]
    fn both_ways_give_the_same_scripts_and_neither_prints_them() {
        let list = json!({ "clientScripts": [{ "osType": "Linux", "scriptExtension": ".py", "scriptNameSuffix": "vm_x_PASSWORD",
            "scriptContent": "UEFTU1dPUkQ=", "url": "" }] });
        let first =
            scripts_of(&json!({ "objectType": "OperationStatusProvisionILRExtendedInfo", "recoveryTarget": list }));
        let second = scripts(&point(), "o-1", &ApiVersion::NEWEST).read(&ok(&list)).unwrap();
        assert_eq!((&first, first.len()), (&second, 1));
        assert_eq!((first[0].name_suffix.as_str(), &first[0].url), ("vm_x_PASSWORD", &None));
        assert_eq!(format!("{first:?}"), "[ClientScript(Linux.py)]");
        for value in misshapen(&list) {
            let _ = scripts(&point(), "o-1", &ApiVersion::NEWEST).read(&ok(&value));
            let _ = scripts_of(&json!({ "recoveryTarget": value }));
        }
        assert!(!has_own_answer(&ApiVersion::BACKUP_DEFAULT) && !has_own_answer(&ApiVersion::THREATS));
        assert!(has_own_answer(&ApiVersion::FILE_RECOVERY_RESULT) && has_own_answer(&ApiVersion::NEWEST));
    }
}
