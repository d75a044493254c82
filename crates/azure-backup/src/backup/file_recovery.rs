//! File recovery: mounting a recovery point's disks elsewhere by a script.

use super::below;
use crate::arm::{
    call::{Accepted, ApiVersion, Call},
    id::ArmId,
    json::{self, Node},
};
use serde::Serialize;
use serde_json::Value;

/// `IaasVMILRRegistrationRequest`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Registration {
    /// The point's name.
    pub recovery_point_id: String,
    /// The machine that was backed up.
    pub virtual_machine_id: ArmId,
    /// Who mounts, for the records.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initiator_name: Option<String>,
    /// Whether a running session is taken over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub renew_existing_registration: Option<bool>,
}

#[derive(Serialize)]
struct Body<'a> {
    properties: Properties<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Properties<'a> {
    object_type: &'static str,
    #[serde(flatten)]
    registration: &'a Registration,
}

/// A script that mounts the disks.
#[derive(Clone, PartialEq)]
pub struct ClientScript {
    /// `Windows`, `Linux`.
    pub os: Option<String>,
    /// The script, base64; it holds a password.
    pub content: Option<String>,
    /// `.py`, `.exe`.
    pub extension: Option<String>,
    /// Ends in what the password is made from.
    pub name_suffix: Option<String>,
    /// Where to get it instead, if given.
    pub url: Option<String>,
}

impl std::fmt::Debug for ClientScript {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("ClientScript")
            .field("os", &self.os)
            .field("extension", &self.extension)
            .finish_non_exhaustive()
    }
}

/// Begins to provide the scripts; the [`Operation`](crate::arm::operation::Operation) that follows ends with [`scripts`] in its properties.
#[must_use]
pub fn provision(point: &ArmId, registration: &Registration, version: &ApiVersion) -> Call<Accepted> {
    let body = Body { properties: Properties { object_type: "IaasVMILRRegistrationRequest", registration } };
    let bytes = serde_json::to_vec(&body).unwrap_or_default().into();
    let action = "Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems/recoveryPoints/provisionInstantItemRecovery/action";
    Call::begin(
        "Provision file recovery",
        action,
        below(point, &["provisionInstantItemRecovery"], version),
        Some(bytes),
    )
}

/// Ends the session.
#[must_use]
pub fn revoke(point: &ArmId, version: &ApiVersion) -> Call<Accepted> {
    let action = "Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems/recoveryPoints/revokeInstantItemRecovery/action";
    Call::begin("Revoke file recovery", action, below(point, &["revokeInstantItemRecovery"], version), None)
}

/// The scripts of a finished provisioning, by its operation's id: from api-version 2026-08-01 on they are no part of the operation's status any
/// more, and [`scripts`] finds none there. The right is its own too: not every role that may provision had it when it was new.
/// Source: `ItemLevelRecoveryConnections_ListInstantItemRecoveryOperationResult`, example of 2026-10-01.
#[must_use]
pub fn list_scripts(point: &ArmId, operation: &str, version: &ApiVersion) -> Call<Vec<ClientScript>> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Provisioned<'a> {
        provision_instant_item_recovery_operation_id: &'a str,
    }
    let body = Provisioned { provision_instant_item_recovery_operation_id: operation };
    Call::post(
        "List file recovery scripts",
        "Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems/recoveryPoints/listInstantItemRecoveryOperationResult/action",
        below(point, &["listInstantItemRecoveryOperationResult"], version),
        Some(serde_json::to_vec(&body).unwrap_or_default().into()),
        |node| client_scripts(node.present()),
    )
}

/// Whether the scripts of a file recovery that this version provisioned come by [`list_scripts`].
#[must_use]
pub fn scripts_come_apart(version: &ApiVersion) -> bool {
    *version >= ApiVersion::SCRIPTS_APART
}

/// The scripts in the properties of a finished provisioning, before api-version 2026-08-01.
#[must_use]
pub fn scripts(properties: &Value) -> Vec<ClientScript> {
    json::read(properties, read).unwrap_or_default()
}

fn read(node: &Node<'_>) -> Vec<ClientScript> {
    client_scripts(&node.at("recoveryTarget"))
}

fn client_scripts(node: &Node<'_>) -> Vec<ClientScript> {
    node.list("clientScripts", |node| ClientScript {
        os: node.text("osType"),
        content: node.text("scriptContent"),
        extension: node.text("scriptExtension"),
        name_suffix: node.text("scriptNameSuffix"),
        url: node.text("url"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{VAULT, id, ok};
    use serde_json::json;

    #[test]
    fn the_body_is_what_microsofts_clients_send() {
        let registration = Registration {
            recovery_point_id: "42".into(),
            virtual_machine_id: id(VAULT),
            initiator_name: None,
            renew_existing_registration: Some(true),
        };
        let call = provision(&id(VAULT), &registration, &ApiVersion::BACKUP_DEFAULT);
        let sent: Value = serde_json::from_slice(call.body.as_ref().unwrap()).unwrap();
        let expected = json!({ "properties": { "objectType": "IaasVMILRRegistrationRequest", "recoveryPointId": "42", "virtualMachineId": VAULT, "renewExistingRegistration": true } });
        assert_eq!(sent, expected);
        assert_eq!(revoke(&id(VAULT), &ApiVersion::BACKUP_DEFAULT).body, None);
    }

    #[test]
    fn since_2026_08_the_scripts_come_by_a_call_of_their_own() {
        let version = |text: &str| text.parse::<ApiVersion>().unwrap();
        for (text, apart) in [("2024-04-01", false), ("2026-07-01", false), ("2026-08-01", true), ("2026-10-01", true)]
        {
            assert_eq!(scripts_come_apart(&version(text)), apart, "{text}");
        }
        let call = list_scripts(&id(VAULT), "op", &ApiVersion::NEWEST);
        assert_eq!(call.body.as_deref(), Some(&br#"{"provisionInstantItemRecoveryOperationId":"op"}"#[..]));
        let script = json!({ "osType": "Windows", "scriptContent": "c2VjcmV0", "scriptExtension": ".ps1", "scriptNameSuffix": "1" });
        let read = call.read(&ok(&json!({ "clientScripts": [script] }))).unwrap();
        assert_eq!(read[0].content.as_deref(), Some("c2VjcmV0"));
        assert_eq!(call.read(&ok(&json!({}))).unwrap().len(), 0);
        assert!(call.read(&ok(&json!(null))).is_err(), "no answer is not an answer without scripts");
    }

    #[test]
    fn a_script_is_not_shown_by_accident() {
        let found = scripts(
            &json!({ "recoveryTarget": { "clientScripts": [{ "osType": "Linux", "scriptContent": "c2VjcmV0" }] } }),
        );
        assert_eq!(found[0].content.as_deref(), Some("c2VjcmV0"));
        assert!(!format!("{found:?}").contains("c2VjcmV0"));
    }
}
