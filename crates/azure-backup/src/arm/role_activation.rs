//! Activating an eligible role in Privileged Identity Management (PIM), and ending that: the requests, and what Azure says of them.

use bytes::Bytes;
use http::{Method, Response};
use serde::Serialize;
use time::Duration;

use crate::arm::{
    call::{Accepted, ApiVersion, Call},
    eligible_roles::EligibleRole,
    id::{ArmId, ClientRequestId},
    json,
};

/// What an activation is asked for with.
#[derive(Clone, Copy, Debug)]
pub struct RoleActivation<'a> {
    /// The name of the request: a new GUID. Azure refuses a second request of the same name.
    pub name: &'a ClientRequestId,
    /// The object id of the caller.
    pub principal: &'a str,
    /// Why; empty = no reason is given.
    pub justification: &'a str,
    /// The number of a ticket; empty = none.
    pub ticket: &'a str,
    /// For how long, in whole minutes, from the moment that Azure activates it.
    pub duration: Duration,
}

#[derive(Serialize)]
struct Request<'a> {
    properties: Properties<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Properties<'a> {
    principal_id: &'a str,
    role_definition_id: &'a str,
    request_type: &'static str,
    linked_role_eligibility_schedule_id: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    justification: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    ticket_info: Option<TicketInfo<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    schedule_info: Option<ScheduleInfo>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TicketInfo<'a> {
    ticket_number: &'a str,
}

#[derive(Serialize)]
struct ScheduleInfo {
    expiration: Expiration,
}

#[derive(Serialize)]
struct Expiration {
    r#type: &'static str,
    duration: String,
}

impl RoleActivation<'_> {
    /// Activates `role` at `scope`, the scope at which it is eligible. Azure answers 201 with the [`status`] of the request.
    /// Source: `PUT {scope}/providers/Microsoft.Authorization/roleAssignmentScheduleRequests/{name}`, api-version 2020-10-01.
    #[must_use]
    pub fn call(&self, scope: &ArmId, role: &EligibleRole) -> Call<Accepted> {
        let properties = Properties {
            principal_id: self.principal,
            role_definition_id: &role.definition,
            request_type: "SelfActivate",
            linked_role_eligibility_schedule_id: &role.schedule,
            justification: self.justification,
            ticket_info: (!self.ticket.is_empty()).then_some(TicketInfo { ticket_number: self.ticket }),
            // Without a start it starts at once.
            schedule_info: Some(ScheduleInfo {
                expiration: Expiration {
                    r#type: "AfterDuration",
                    duration: format!("PT{}M", self.duration.whole_minutes()),
                },
            }),
        };
        put("Activate role", scope, self.name, properties)
    }
}

/// Ends the activation of `role` at `scope` by the caller, `principal`, before its time. Azure answers as for an activation.
#[must_use]
pub fn deactivate(name: &ClientRequestId, principal: &str, scope: &ArmId, role: &EligibleRole) -> Call<Accepted> {
    let properties = Properties {
        principal_id: principal,
        role_definition_id: &role.definition,
        request_type: "SelfDeactivate",
        linked_role_eligibility_schedule_id: &role.schedule,
        justification: "",
        ticket_info: None,
        schedule_info: None,
    };
    put("Deactivate role", scope, name, properties)
}

fn put(what: &'static str, scope: &ArmId, name: &ClientRequestId, properties: Properties<'_>) -> Call<Accepted> {
    let path = format!(
        "{}/providers/Microsoft.Authorization/roleAssignmentScheduleRequests/{name}?api-version={}",
        scope.path(),
        ApiVersion::ELIGIBILITY
    );
    let action = "Microsoft.Authorization/roleAssignmentScheduleRequests/write";
    let body = serde_json::to_vec(&Request { properties }).ok().map(Bytes::from);
    let mut call = Call::begin(what, action, path, body).accepting(&[200, 201]);
    call.method = Method::PUT;
    call
}

/// What has become of a request for an activation or its end, as far as the operator can act on it. Azure has 22 words for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ActivationStatus {
    /// The role is active, or no longer.
    Done,
    /// Somebody has to approve it.
    NeedsApproval,
    /// Azure is still working on it: its word.
    Pending(String),
    /// The request changes nothing: Azure's word.
    Refused(String),
}

/// What Azure says of the request in its answer; none if the answer does not say. `ends` says whether the request ends an activation.
#[must_use]
pub fn status(answer: &Response<Bytes>, ends: bool) -> Option<ActivationStatus> {
    let value = json::value(answer.body()).ok()?;
    let word = value.pointer("/properties/status")?.as_str()?;
    Some(match word {
        "Revoked" if ends => ActivationStatus::Done,
        "Provisioned" | "Granted" | "AdminApproved" => ActivationStatus::Done,
        "PendingApproval" | "PendingApprovalProvisioning" | "PendingAdminDecision" => ActivationStatus::NeedsApproval,
        "Denied"
        | "AdminDenied"
        | "Failed"
        | "FailedAsResourceIsLocked"
        | "Canceled"
        | "Revoked"
        | "TimedOut"
        | "Invalid" => ActivationStatus::Refused(word.to_owned()),
        _ => ActivationStatus::Pending(word.to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{VAULT, id, ok};
    use serde_json::{Value, json};

    #[test]
    fn the_request_has_the_members_of_the_definition_and_no_empty_ones() {
        let vault = id(VAULT);
        let mut role = EligibleRole::new("Contributor", "/subscriptions/s-1/d", VAULT);
        role.schedule = "e-1".to_owned();
        let name = ClientRequestId::parse("7d1f0a2c-0000-4000-8000-000000000009").unwrap();
        let bare =
            RoleActivation { name: &name, principal: "p", justification: "", ticket: "", duration: Duration::hours(4) };
        let call = bare.call(&vault, &role);
        assert!(call.line().starts_with("PUT ") && call.line().ends_with(&format!("/{name}")), "{}", call.line());
        let body = |call: &Call<Accepted>| serde_json::from_slice::<Value>(call.body.as_ref().unwrap()).unwrap();
        let mut expected = json!({ "properties": {
            "principalId": "p", "roleDefinitionId": "/subscriptions/s-1/d", "requestType": "SelfActivate",
            "linkedRoleEligibilityScheduleId": "e-1",
            "scheduleInfo": { "expiration": { "type": "AfterDuration", "duration": "PT240M" } },
        } });
        assert_eq!(body(&call), expected);
        expected["properties"]["justification"] = "outage".into();
        expected["properties"]["ticketInfo"] = json!({ "ticketNumber": "INC 7" });
        let full = RoleActivation { justification: "outage", ticket: "INC 7", ..bare };
        assert_eq!(body(&full.call(&vault, &role)), expected);
        let end = deactivate(&name, "p", &vault, &role);
        assert_eq!(end.line(), call.line());
        let expected = json!({ "properties": { "principalId": "p", "roleDefinitionId": "/subscriptions/s-1/d",
            "requestType": "SelfDeactivate", "linkedRoleEligibilityScheduleId": "e-1" } });
        assert_eq!(body(&end), expected);
    }

    #[test]
    fn a_word_that_is_not_known_counts_as_pending_and_an_answer_without_one_as_unknown() {
        let of = |word: Value| status(&ok(&json!({ "properties": { "status": word } })), false);
        assert_eq!(of("Provisioned".into()), Some(ActivationStatus::Done));
        assert_eq!(of("PendingApproval".into()), Some(ActivationStatus::NeedsApproval));
        assert_eq!(of("Denied".into()), Some(ActivationStatus::Refused("Denied".to_owned())));
        assert_eq!(of("Something new".into()), Some(ActivationStatus::Pending("Something new".to_owned())));
        assert_eq!((of(Value::Null), of(7.into()), status(&ok(&json!([])), false)), (None, None, None));
        assert_eq!(of("Revoked".into()), Some(ActivationStatus::Refused("Revoked".to_owned())));
        let revoked = ok(&json!({ "properties": { "status": "Revoked" } }));
        assert_eq!(status(&revoked, true), Some(ActivationStatus::Done), "it was asked for");
    }
}
