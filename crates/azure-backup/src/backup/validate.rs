//! Asking Azure whether a restore would be accepted, before it is sent.

use super::{below, restore_request::TriggerBody};
use crate::arm::{
    call::{Accepted, Call},
    id::ArmId,
    json::{self, Node},
};
use bytes::Bytes;
use serde_json::{Value, json};

/// Something that Azure finds wrong with a request. Success of the call or of the operation does not mean that there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// `UserError…`.
    pub code: String,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub recommendations: Vec<String>,
}

fn body(point: &ArmId, request: &TriggerBody) -> Bytes {
    // Ours: it is an object that holds `properties`.
    let restore = json::value(request.bytes()).unwrap_or_default();
    let request = restore.get("properties").cloned().unwrap_or_default();
    let properties = json!({"objectType": "ValidateIaasVMRestoreOperationRequest", "restoreRequest": request});
    json!({"id": point.as_str(), "properties": properties}).to_string().into()
}

/// Validates the request at once.
#[must_use]
pub fn now(vault: &ArmId, point: &ArmId, request: &TriggerBody) -> Call<Vec<Finding>> {
    let path = below(vault, &["backupValidateOperation"], request.version());
    let action = "Microsoft.RecoveryServices/vaults/backupValidateOperation/action";
    Call::post("Validate restore", action, path, Some(body(point, request)), read)
}

/// Begins a validation that an [`Operation`](crate::arm::operation::Operation) follows; its properties hold the [`findings`]. Since 2021-10-01.
#[must_use]
pub fn trigger(vault: &ArmId, point: &ArmId, request: &TriggerBody) -> Call<Accepted> {
    let path = below(vault, &["backupTriggerValidateOperation"], request.version());
    let action = "Microsoft.RecoveryServices/vaults/backupTriggerValidateOperation/action";
    Call::begin("Trigger restore validation", action, path, Some(body(point, request)))
}

/// The findings of a finished validation: of its answer's body, or of its operation's properties. None when there are none.
#[must_use]
pub fn findings(value: &Value) -> Vec<Finding> {
    json::read(value, read).unwrap_or_default()
}

fn read(node: &Node<'_>) -> Vec<Finding> {
    let finding = |node: &Node<'_>| Finding {
        code: node.text("code").unwrap_or_default(),
        message: node.text("message").unwrap_or_default(),
        recommendations: node.texts("recommendations"),
    };
    node.at("validateOperationResponse").list("validationResults", finding)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        arm::call::ApiVersion,
        backup::restore_request::{IaasVmRestoreRequest, RecoveryType},
        fixture::{VAULT, id, ok},
    };
    use serde_json::json;

    #[test]
    fn the_same_request_is_validated_and_success_may_hold_findings() {
        let request = IaasVmRestoreRequest::new("42", RecoveryType::RestoreDisks);
        let body = TriggerBody::new(&request, &ApiVersion::BACKUP_DEFAULT).unwrap();
        let point = id(VAULT).child("recoveryPoints", "42");
        let call = now(&id(VAULT), &point, &body);
        let sent: Value = serde_json::from_slice(call.body.as_ref().unwrap()).unwrap();
        let triggered: Value = serde_json::from_slice(body.bytes()).unwrap();
        assert_eq!(sent["properties"]["restoreRequest"], triggered["properties"]);
        assert_eq!(
            (sent["id"].as_str(), call.line().ends_with("/backupValidateOperation")),
            (Some(point.as_str()), true)
        );
        assert_eq!(sent["properties"]["objectType"], "ValidateIaasVMRestoreOperationRequest");
        assert_eq!(trigger(&id(VAULT), &point, &body).body, call.body);
        let answer = json!({ "validateOperationResponse": { "validationResults": [{ "code": "UserErrorX", "message": "m", "recommendations": ["r"] }] } });
        assert_eq!(call.read(&ok(&answer)).unwrap()[0].code, "UserErrorX");
        assert_eq!(
            findings(
                &json!({ "objectType": "OperationStatusValidateOperationExtendedInfo", "validateOperationResponse": null })
            ),
            []
        );
    }
}
