//! What Azure Policy would refuse, asked before a resource is created.

use crate::arm::{
    call::{ApiVersion, Call},
    id::{ArmId, Region},
    json::NodeRef,
};
use serde_json::json;

/// A restriction of policies for a resource that is to be created.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PolicyRestriction {
    /// The property that it is about; none where the resource as a whole does not comply.
    pub field: Option<String>,
    /// `Required`, `Removed`, `Deny`, `Audit`; `NonCompliant` for the resource as a whole.
    pub result: String,
    /// What the policy does: `Deny`, `Audit`, `Modify`, …
    pub effect: Option<String>,
    /// The value that the policy fills in.
    pub default_value: Option<String>,
    /// The denied values; for `Required`, the allowed ones.
    pub values: Vec<String>,
    /// The reason that Azure or the author of the policy gives.
    pub reason: Option<String>,
    /// The assignment of the policy.
    pub assignment: Option<ArmId>,
}

impl PolicyRestriction {
    /// A restriction of a property.
    #[must_use]
    pub fn new(field: &str, result: &str) -> Self {
        Self { field: Some(field.to_owned()), result: result.to_owned(), ..Self::default() }
    }

    /// Whether Azure would refuse a resource that violates it. A missing effect counts as a refusal.
    #[must_use]
    pub fn denies(&self) -> bool {
        let denying = |effect: &str| ["deny", "denyAction"].iter().any(|word| word.eq_ignore_ascii_case(effect));
        self.effect.as_deref().is_none_or(denying)
    }

    fn of_field(node: &NodeRef<'_>, field: Option<&str>) -> Self {
        Self {
            field: field.map(str::to_owned),
            result: node.text("result").unwrap_or_default(),
            effect: node.text("policyEffect"),
            default_value: node.text("defaultValue"),
            values: node.texts("values"),
            reason: node.text("reason"),
            assignment: node.at("policy").id("policyAssignmentId"),
        }
    }

    fn of_content(node: &NodeRef<'_>) -> Self {
        Self {
            result: node.text("evaluationResult").unwrap_or_default(),
            effect: node.at("effectDetails").text("policyEffect"),
            assignment: node.at("policyInfo").id("policyAssignmentId"),
            ..Self::default()
        }
    }
}

/// What policies restrict of a resource of the type `kind` that is to be made in `scope`, a resource group or a subscription, in `region`.
///
/// Its name and its tags are left open: Azure then says what policies want of them. It is a read, though it is sent as a POST.
#[must_use]
pub fn restrictions(scope: &ArmId, kind: &str, region: &Region) -> Call<Vec<PolicyRestriction>> {
    let path = format!(
        "{}/providers/Microsoft.PolicyInsights/checkPolicyRestrictions?api-version={}",
        scope.path(),
        ApiVersion::POLICY_RESTRICTIONS
    );
    let version =
        if kind.eq_ignore_ascii_case("Microsoft.Compute/disks") { ApiVersion::DISKS } else { ApiVersion::COMPUTE };
    let body = json!({
        "resourceDetails": {
            "resourceContent": { "type": kind, "location": region.key() },
            "apiVersion": version.as_str(),
        },
        "pendingFields": [{ "field": "name" }, { "field": "tags" }],
        "includeAuditEffect": false,
    });
    let body = Some(body.to_string().into());
    Call::post(
        "Check policy restrictions",
        "Microsoft.PolicyInsights/checkPolicyRestrictions/read",
        path,
        body,
        read_restrictions,
    )
}

fn read_restrictions(node: &NodeRef<'_>) -> Vec<PolicyRestriction> {
    node.present();
    let fields = node.list("fieldRestrictions", |node| {
        let field = node.text("field");
        node.list("restrictions", |node| PolicyRestriction::of_field(node, field.as_deref()))
    });
    let whole = node.at("contentEvaluationResult").list("policyEvaluations", PolicyRestriction::of_content);
    let whole = whole.into_iter().filter(|one| !one.result.eq_ignore_ascii_case("Compliant"));
    fields.into_iter().flatten().chain(whole).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{id, ok, survives};

    const GROUP: &str = "/subscriptions/s/resourceGroups/g";

    #[test]
    fn restrictions_of_fields_and_of_the_whole() {
        let call = restrictions(&id(GROUP), "Microsoft.Compute/virtualMachines", &Region::new("westus"));
        let policy = format!("{GROUP}/providers/Microsoft.Authorization/policyAssignments/a");
        let required = json!({ "result": "Required", "defaultValue": "d", "values": ["x"], "reason": "tag it", "policyEffect": "Deny",
            "policy": { "policyAssignmentId": policy } });
        let evaluated = |result: &str| json!({ "policyInfo": { "policyAssignmentId": policy }, "evaluationResult": result, "effectDetails": { "policyEffect": "audit" } });
        let body = json!({ "fieldRestrictions": [{ "field": "tags.owner", "restrictions": [required] }],
            "contentEvaluationResult": { "policyEvaluations": [evaluated("NonCompliant"), evaluated("Compliant")] } });
        let found = call.read(&ok(&body)).unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].field.as_deref(), found[0].default_value.as_deref()), (Some("tags.owner"), Some("d")));
        assert!(found[0].denies() && !found[1].denies() && found[1].field.is_none());
        let (read, refused) = survives(&call, &body);
        assert!(read > 20 && refused > 20, "{read} {refused}");
        let sent: serde_json::Value = serde_json::from_slice(call.body.as_deref().unwrap()).unwrap();
        assert_eq!(sent["resourceDetails"]["resourceContent"]["location"], "westus");
    }
}
