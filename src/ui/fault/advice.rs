//! What to do about a fault, by its code, which does not depend on Azure's language, and with the names in its message.

use azure_backup::arm::fault::{Fault, FaultKind};
use azure_backup::arm::json;
use serde_json::Value;
use yew::AttrValue;

use super::permission::MissingPermission;

/// What the operator can do about a fault, if anything.
pub fn advice(fault: &Fault) -> Option<AttrValue> {
    if fault.step_up().is_some() {
        return Some(
            "Your organization requires additional verification. Sign in again; your settings are saved.".into(),
        );
    }
    if fault.needs_sign_in() {
        return Some(
            "Your sign-in or token is missing, has expired or isn't accepted. Sign in again, or connect with a new token; your settings are saved.".into(),
        );
    }
    if fault.is_throttled() {
        return Some("Azure is limiting requests. Lists and status checks are repeated automatically, after the wait that Azure asks for.".into());
    }
    let missing = MissingPermission::of(fault).map(|missing| missing.advice().into());
    by_code(fault).or(missing).or_else(|| by_kind(fault).map(AttrValue::Static))
}

/// Codes of ARM itself, which mean the same for every service.
/// Source: <https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors>.
fn by_code(fault: &Fault) -> Option<AttrValue> {
    let code = fault.code.to_ascii_lowercase();
    let named = |name: Option<String>| name.map(|name| format!(" ({name})")).unwrap_or_default();
    Some(match code.as_str() {
        "scopelocked" => format!(
            "A lock{} blocks this, and waiting doesn't help. Ask an owner or user access administrator to remove the lock, then try again.",
            named(quoted(fault, |text| text.starts_with("/subscriptions/")))
        )
        .into(),
        "missingsubscriptionregistration" | "subscriptionnotregistered" => format!(
            "The subscription isn't registered for the resource provider{}. Ask a contributor to register it in the Azure portal under “Resource providers”. Registration takes a few minutes. Then try again.",
            named(quoted(fault, |text| text.contains('.') && !text.contains(['/', ' '])))
        )
        .into(),
        "readonlydisabledsubscription" | "subscriptiondisabled" => format!(
            "The subscription{} is disabled, so nothing in it can be changed. Ask its account administrator to enable it. Until then, you can't restore to it.",
            named(quoted(fault, |text| text.len() == 36 && text.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-')))
        )
        .into(),
        "requestdisallowedbypolicy" => match policy(fault) {
            Some(policy) => format!(
                "Azure Policy blocks this: {policy}. Use settings that the policy allows, or ask for an exemption. Your settings are saved."
            )
            .into(),
            None => "Azure Policy blocks this. If multi-factor authentication is missing, sign in again. Otherwise use settings that the policy allows, or ask for an exemption. Your settings are saved.".into(),
        },
        _ => return None,
    })
}

fn by_kind(fault: &Fault) -> Option<&'static str> {
    match (&fault.kind, fault.status) {
        (FaultKind::Network, _) => {
            Some("Check your connection. A proxy, firewall or browser extension may be blocking it.")
        }
        (FaultKind::TimedOut, _) => Some("Azure didn't respond in time. Try again."),
        (FaultKind::TokenLate, _) => {
            Some("The sign-in service or the embedding page didn't provide a token. Try again, or sign in again.")
        }
        (FaultKind::Refused, _) => Some("Blocked: this address isn't part of the configured cloud. Nothing was sent."),
        (FaultKind::NoUrl, _) => Some(
            "Blocked: Azure returned an address that can't be called. Nothing was sent. Copy the details for support.",
        ),
        (FaultKind::TooLarge | FaultKind::Body { .. } | FaultKind::Unexpected, _) => {
            Some("Azure sent an unexpected response. Copy the details for support.")
        }
        (_, Some(401)) => Some(
            "Azure rejects your account, and a new token doesn't change that. Azure reports some operations only to the account that started them.",
        ),
        (_, Some(403)) => Some(
            "You don't have permission for this. Ask a subscription owner for a role that allows it, or activate an eligible role in Privileged Identity Management (PIM).",
        ),
        (_, Some(404)) => Some("It was deleted or you don't have access."),
        (_, Some(409)) => Some(
            "The resource's current state doesn't allow this. If another operation is in progress on it, wait until it finishes. Otherwise, fix the problem described above. Then try again.",
        ),
        _ => None,
    }
}

/// The last text that matches, of those that Azure's message quotes or its details name as target.
fn quoted(fault: &Fault, wanted: impl Fn(&str) -> bool) -> Option<String> {
    let targets = fault.details.iter().filter_map(|detail| detail.target.as_deref());
    let texts = fault.message.split('\'').map(|text| text.trim_end_matches('.'));
    targets.chain(texts).filter(|text| wanted(text)).last().map(str::to_owned)
}

/// The names of policy and assignment from the additional information of the answer, else the identifiers in its message.
fn policy(fault: &Fault) -> Option<String> {
    let name = |value: &Value, keys: &[&str]| keys.iter().find_map(|key| value[*key].as_str()).map(str::to_owned);
    let told = fault.additional.as_deref().and_then(Value::as_array).into_iter().flatten().find_map(|member| {
        let info = &member["info"];
        let policy = name(info, &["policyDefinitionDisplayName", "policyDefinitionName", "policyDefinitionId"]);
        let assignment = name(info, &["policyAssignmentDisplayName", "policyAssignmentName", "policyAssignmentId"]);
        match (policy, assignment) {
            (Some(policy), Some(assignment)) => Some(format!("policy “{policy}”, assignment “{assignment}”")),
            (Some(policy), None) => Some(format!("policy “{policy}”")),
            (None, Some(assignment)) => Some(format!("assignment “{assignment}”")),
            (None, None) => None,
        }
    });
    told.or_else(|| {
        let (start, end) = (fault.message.find("[{")?, fault.message.rfind("}]")?);
        let all = json::value(fault.message.get(start..end + 2)?.as_bytes()).ok()?;
        let first = &all[0];
        let policy = name(&first["policyDefinition"], &["name", "id"]);
        let assignment = name(&first["policyAssignment"], &["name", "id"]);
        Some(match (policy, assignment) {
            (Some(policy), Some(assignment)) => format!("policy “{policy}”, assignment “{assignment}”"),
            (policy, assignment) => format!("“{}”", policy.or(assignment)?),
        })
    })
}

#[cfg(test)]
mod tests;
