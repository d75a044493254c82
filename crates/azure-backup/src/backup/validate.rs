//! Asks Azure whether it would accept a restore, before the request is sent.

use super::{child_url, restore_request::IaasVmRestoreRequest};
use crate::arm::{
    call::{Accepted, ApiVersion, Call},
    id::ArmId,
    json::{self, NodeRef},
};
use bytes::Bytes;
use serde::Serialize;
use serde_json::Value;

/// A problem that Azure finds with a request. A call or operation that succeeds may still report some.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// `UserError…`.
    pub code: String,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub recommendations: Vec<String>,
}

impl Finding {
    /// A finding without advice.
    #[must_use]
    pub fn new(code: &str, message: &str) -> Self {
        Finding { code: code.to_owned(), message: message.to_owned(), recommendations: Vec::new() }
    }
}

/// `ValidateRestoreOperationRequestResource`.
#[derive(Serialize)]
struct Body<'a> {
    id: &'a str,
    properties: Properties<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Properties<'a> {
    object_type: &'static str,
    restore_request: &'a IaasVmRestoreRequest,
}

fn body(point: &ArmId, request: &IaasVmRestoreRequest) -> Bytes {
    let properties = Properties { object_type: "ValidateIaasVMRestoreOperationRequest", restore_request: request };
    // Writing it cannot fail: every key is a string, and nothing in it writes by code of its own that fails.
    serde_json::to_vec(&Body { id: point.as_str(), properties }).unwrap_or_default().into()
}

/// Validates the request in one call, without an operation to follow.
#[must_use]
pub fn run(vault: &ArmId, point: &ArmId, request: &IaasVmRestoreRequest, version: &ApiVersion) -> Call<Vec<Finding>> {
    let path = child_url(vault, &["backupValidateOperation"], version);
    let action = "Microsoft.RecoveryServices/vaults/backupValidateOperation/action";
    Call::post("Validate restore", action, path, Some(body(point, request)), read)
}

/// Begins a validation that an [`Operation`](crate::arm::operation::Operation) follows; its properties hold the [`findings`]. Since 2021-10-01.
#[must_use]
pub fn trigger(vault: &ArmId, point: &ArmId, request: &IaasVmRestoreRequest, version: &ApiVersion) -> Call<Accepted> {
    let path = child_url(vault, &["backupTriggerValidateOperation"], version);
    let action = "Microsoft.RecoveryServices/vaults/backupTriggerValidateOperation/action";
    Call::begin("Trigger restore validation", action, path, Some(body(point, request)))
}

/// The findings of a finished validation: of its answer's body, or of its operation's properties. None when there are none.
#[must_use]
pub fn findings(value: &Value) -> Vec<Finding> {
    json::read(value, read).unwrap_or_default()
}

fn read(node: &NodeRef<'_>) -> Vec<Finding> {
    let finding = |node: &NodeRef<'_>| Finding {
        code: node.text("code").unwrap_or_default(),
        message: node.text("message").unwrap_or_default(),
        recommendations: node.texts("recommendations"),
    };
    node.at("validateOperationResponse").list("validationResults", finding)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backup::restore_request::TriggerBody;
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
        let call = run(&id(VAULT), &point, &request, body.version());
        let sent: Value = serde_json::from_slice(call.body.as_ref().unwrap()).unwrap();
        let triggered: Value = serde_json::from_slice(body.bytes()).unwrap();
        assert_eq!(sent["properties"]["restoreRequest"], triggered["properties"]);
        assert_eq!(
            (sent["id"].as_str(), call.line().ends_with("/backupValidateOperation")),
            (Some(point.as_str()), true)
        );
        assert_eq!(sent["properties"]["objectType"], "ValidateIaasVMRestoreOperationRequest");
        assert_eq!(trigger(&id(VAULT), &point, &request, body.version()).body, call.body);
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
