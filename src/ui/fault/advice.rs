//! What to do about a fault: by its code, which is the same in every language, and with the names that Azure gives.

use azure_backup::arm::fault::{Fault, FaultKind};
use azure_backup::arm::json;
use serde_json::Value;
use yew::AttrValue;

/// What the operator can do about a fault, where there is something.
pub fn advice(fault: &Fault) -> Option<AttrValue> {
    if fault.step_up().is_some() {
        return Some(
            "Your organization wants to be sure that it is you before Azure does this: sign in again. Your choices are kept.".into(),
        );
    }
    if fault.needs_sign_in() {
        return Some(
            "The sign-in or token is missing, has expired or is not accepted. Sign in again, or connect again with a new token: your choices are kept.".into(),
        );
    }
    if fault.is_throttled() {
        return Some("Azure asks for fewer requests: wait as long as it says. What is read by itself waits that long, and longer each time where Azure does not say.".into());
    }
    by_code(fault).or_else(|| by_kind(fault).map(AttrValue::Static))
}

/// Codes of ARM itself, which mean the same for every service.
/// Source: <https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors>.
fn by_code(fault: &Fault) -> Option<AttrValue> {
    let code = fault.code.to_ascii_lowercase();
    let named = |name: Option<String>| name.map(|name| format!(" ({name})")).unwrap_or_default();
    Some(match code.as_str() {
        "scopelocked" => format!(
            "A lock{} forbids it, and waiting does not help. An owner or user access administrator there removes the lock; then try again.",
            named(quoted(fault, |text| text.starts_with("/subscriptions/")))
        )
        .into(),
        "missingsubscriptionregistration" | "subscriptionnotregistered" => format!(
            "The subscription is not registered for the resource provider{}. Whoever may register providers there, such as a contributor, does so in the portal under “Resource providers”; that takes some minutes. Then try again.",
            named(quoted(fault, |text| text.contains('.') && !text.contains(['/', ' '])))
        )
        .into(),
        "readonlydisabledsubscription" | "subscriptiondisabled" => format!(
            "The subscription{} is disabled, so that Azure changes nothing in it. Its account administrator enables it again; until then no restore into it is possible.",
            named(quoted(fault, |text| text.len() == 36 && text.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-')))
        )
        .into(),
        "requestdisallowedbypolicy" => match policy(fault) {
            Some(policy) => format!(
                "Azure Policy forbids it: {policy}. Choose what that policy allows, or ask whoever assigned it for an exemption. Your choices are kept."
            )
            .into(),
            None => "Azure Policy forbids it. If its reason is that you have signed in without a second proof, sign in again; else choose what the policy allows, or ask whoever assigned it for an exemption. Your choices are kept.".into(),
        },
        _ => return None,
    })
}

fn by_kind(fault: &Fault) -> Option<&'static str> {
    match (&fault.kind, fault.status) {
        (FaultKind::Network, _) => {
            Some("Check the connection. A proxy, an extension of the browser or a firewall may stand in between.")
        }
        (FaultKind::TimedOut, _) => Some("Azure did not answer in time. Try again."),
        (FaultKind::TokenLate, _) => Some(
            "Whoever gives the tokens does not answer: the sign-in service, or the page around this one. Try again, or sign in again.",
        ),
        (FaultKind::Refused, _) => Some("The address is not one of the configured cloud, so nothing was sent."),
        (FaultKind::NoUrl, _) => {
            Some("Azure has given an address that cannot be called, so nothing was sent. Copy the details for support.")
        }
        (FaultKind::TooLarge | FaultKind::Body { .. } | FaultKind::Unexpected, _) => {
            Some("The answer is not what Azure's documents describe. Copy the details for support.")
        }
        (_, Some(401)) => Some(
            "Azure refuses your account, and another token of it changes nothing. Some operations it tells to the account alone that began them.",
        ),
        (_, Some(403)) => Some(
            "Your account lacks the permission for this call. Ask an owner of the subscription for a role that has it.",
        ),
        (_, Some(404)) => Some("It is not there any more, or your account may not see it."),
        (_, Some(409)) => Some(
            "It does not fit the present state of the resource. If something else is being done to it, wait for that to end; else change what Azure names above. Then try again.",
        ),
        _ => None,
    }
}

/// The last of the texts that Azure's message puts between quotation marks, or its details name as their target, and that is what is looked for.
fn quoted(fault: &Fault, wanted: impl Fn(&str) -> bool) -> Option<String> {
    let targets = fault.details.iter().filter_map(|detail| detail.target.as_deref());
    let texts = fault.message.split('\'').map(|text| text.trim_end_matches('.'));
    targets.chain(texts).filter(|text| wanted(text)).last().map(str::to_owned)
}

/// The names of policy and assignment, as the answer's additional information tells them, or else the identifiers in its message.
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
