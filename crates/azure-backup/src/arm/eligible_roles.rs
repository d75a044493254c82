//! Privileged Identity Management (PIM): roles that the caller doesn't have, but may activate, and what an activation asks for.

use time::Duration;

use crate::arm::{
    call::{ApiVersion, Call},
    id::{ArmId, percent_encoded},
    json::NodeRef,
    page::Page,
};

/// A role that the caller may activate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct EligibleRole {
    /// Its name, as the portal shows it.
    pub role: String,
    /// The id of its definition.
    pub definition: String,
    /// Where it would apply, as an id.
    pub scope: String,
    /// The name of that place, as the portal shows it.
    pub scope_name: Option<String>,
    /// The last segment of the id of the eligibility schedule, which an activation names; empty = Azure doesn't say.
    pub schedule: String,
    /// The caller's object id; none for a role that he has through a group.
    pub principal: Option<String>,
}

/// What the activation of a role requires. A rule that Azure's answer lacks counts as not required.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ActivationRules {
    /// The id of the role's definition.
    pub definition: String,
    /// For how long at most.
    pub longest: Option<Duration>,
    /// A reason has to be given.
    pub justification: bool,
    /// A ticket has to be named.
    pub ticket: bool,
    /// A second factor, or an authentication context of Conditional Access.
    pub strong_sign_in: bool,
    /// Somebody else has to approve.
    pub approval: bool,
}

impl EligibleRole {
    /// A role that may be activated at `scope`.
    #[must_use]
    pub fn new(role: &str, definition: &str, scope: &str) -> Self {
        let owned = |text: &str| text.to_owned();
        Self { role: owned(role), definition: owned(definition), scope: owned(scope), ..Self::default() }
    }

    /// Whether it would apply to `resource`. A scope above subscriptions always does, because Azure lists it only for resources below it.
    #[must_use]
    pub fn covers(&self, resource: &ArmId) -> bool {
        let (scope, id) =
            (self.scope.trim_end_matches('/').to_ascii_lowercase(), resource.as_str().to_ascii_lowercase());
        let rest = id.strip_prefix(&scope);
        !scope.starts_with("/subscriptions/") || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    fn read(node: &NodeRef<'_>) -> Self {
        let properties = node.at("properties");
        let shown = properties.at("expandedProperties");
        let schedule = properties.text("roleEligibilityScheduleId").unwrap_or_default();
        let is_direct = properties.text("memberType").is_some_and(|kind| kind.eq_ignore_ascii_case("Direct"));
        Self {
            schedule: schedule.rsplit('/').next().unwrap_or_default().to_owned(),
            principal: properties.text("principalId").filter(|_| is_direct),
            role: shown.at("roleDefinition").text("displayName").unwrap_or_default(),
            definition: properties.need_text("roleDefinitionId"),
            scope: properties.need_text("scope"),
            scope_name: shown.at("scope").text("displayName"),
        }
    }
}

impl ActivationRules {
    /// The rules for people who activate their own role; the answer also has rules for assignments by administrators.
    fn read(node: &NodeRef<'_>) -> Self {
        let properties = node.at("properties");
        let mut rules = Self { definition: properties.text("roleDefinitionId").unwrap_or_default(), ..Self::default() };
        let all = properties.list("effectiveRules", |rule| match rule.text("id").as_deref() {
            Some("Expiration_EndUser_Assignment") => {
                Self { longest: rule.duration("maximumDuration"), ..Self::default() }
            }
            Some("Enablement_EndUser_Assignment") => {
                let names = rule.texts("enabledRules");
                let has = |name: &str| names.iter().any(|one| one.eq_ignore_ascii_case(name));
                Self {
                    justification: has("Justification"),
                    ticket: has("Ticketing"),
                    strong_sign_in: has("MultiFactorAuthentication"),
                    ..Self::default()
                }
            }
            Some("Approval_EndUser_Assignment") => {
                Self { approval: rule.at("setting").flag("isApprovalRequired") == Some(true), ..Self::default() }
            }
            Some("AuthenticationContext_EndUser_Assignment") => {
                Self { strong_sign_in: rule.flag("isEnabled") == Some(true), ..Self::default() }
            }
            _ => Self::default(),
        });
        for one in all {
            rules.longest = rules.longest.or(one.longest);
            rules.justification |= one.justification;
            rules.ticket |= one.ticket;
            rules.strong_sign_in |= one.strong_sign_in;
            rules.approval |= one.approval;
        }
        rules
    }
}

/// The roles that the caller may activate for `scope`, including those of the caller's groups.
#[must_use]
pub fn list(scope: &ArmId) -> Call<Page<EligibleRole>> {
    // Raw parentheses were answered with 400.
    let path = path(&scope.path(), "roleEligibilityScheduleInstances", "asTarget()");
    Call::get("List eligible roles", "Microsoft.Authorization/roleEligibilityScheduleInstances/read", path, |node| {
        Page::read_listed(node, EligibleRole::read)
    })
}

/// What the activation of `role` asks for, at the scope at which it is eligible.
#[must_use]
pub fn activation_rules(scope: &ArmId, definition: &str) -> Call<Page<ActivationRules>> {
    let filter = format!("roleDefinitionId eq '{definition}'");
    let path = path(&scope.path(), "roleManagementPolicyAssignments", &filter);
    Call::get("List activation rules", "Microsoft.Authorization/roleManagementPolicyAssignments/read", path, |node| {
        Page::read_listed(node, ActivationRules::read)
    })
}

fn path(scope: &str, kind: &str, filter: &str) -> String {
    let version = ApiVersion::ELIGIBILITY;
    format!(
        "{scope}/providers/Microsoft.Authorization/{kind}?api-version={version}&$filter={}",
        percent_encoded(filter)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{VAULT, id, ok, survives};
    use serde_json::json;

    #[test]
    fn a_role_covers_its_scope_and_what_is_below() {
        let vault = id(VAULT);
        let group = vault.group_id().unwrap();
        let subscription = vault.up_to("subscriptions").unwrap();
        let of = |scope: &str| EligibleRole::new("Contributor", "d", scope);
        assert!(
            of(group.as_str()).covers(&vault)
                && of(&subscription.as_str().to_uppercase().replace("/SUBSCRIPTIONS/", "/subscriptions/"))
                    .covers(&vault)
        );
        assert!(of("/providers/Microsoft.Management/managementGroups/g").covers(&vault));
        assert!(!of(VAULT).covers(&group) && !of(&format!("{}x", group.as_str())).covers(&vault));
    }

    #[test]
    fn answers_of_every_shape() {
        let eligible = json!({ "value": [{ "properties": { "roleDefinitionId": "/d", "scope": VAULT,
            "expandedProperties": { "roleDefinition": { "displayName": "Contributor" }, "scope": { "displayName": "v" } } } }] });
        let call = list(&id(VAULT));
        let (read, refused) = survives(&call, &eligible);
        assert!(read > 5 && refused > 5, "{read} {refused}");
        let found = call.read(&ok(&eligible)).unwrap().value.remove(0);
        assert_eq!(
            (found.role.as_str(), found.scope_name.as_deref(), found.definition.as_str()),
            ("Contributor", Some("v"), "/d")
        );
        assert!(format!("{:?}", call.target).contains("$filter=asTarget%28%29"), "{:?}", call.target);

        let rule = |name: &str, more: serde_json::Value| {
            let mut rule = json!({ "id": format!("{name}_EndUser_Assignment") });
            rule.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            rule
        };
        let rules = json!({ "value": [{ "properties": { "roleDefinitionId": "/d", "effectiveRules": [
            rule("Expiration", json!({ "maximumDuration": "PT7H" })),
            rule("Enablement", json!({ "enabledRules": ["Justification"] })),
            rule("Approval", json!({ "setting": { "isApprovalRequired": true } })),
            { "id": "Enablement_Admin_Assignment", "enabledRules": ["Ticketing"] },
            rule("AuthenticationContext", json!({ "isEnabled": false, "claimValue": "" })),
        ] } }] });
        let call = activation_rules(&id(VAULT), "/d");
        let (read, refused) = survives(&call, &rules);
        assert!(read > 5 && refused > 5, "{read} {refused}");
        let expected = ActivationRules {
            definition: "/d".to_owned(),
            longest: Some(Duration::hours(7)),
            justification: true,
            ticket: false,
            strong_sign_in: false,
            approval: true,
        };
        assert_eq!(call.read(&ok(&rules)).unwrap().value, [expected]);
    }
}
