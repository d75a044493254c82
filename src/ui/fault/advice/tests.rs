use bytes::Bytes;
use http::Response;
use serde_json::json;

use super::*;

fn told(status: u16, error: &Value) -> String {
    let body = Bytes::from(json!({ "error": error }).to_string());
    let answer = Response::builder().status(status).body(body).unwrap();
    advice(&Fault::from_answer("POST /restore", &answer)).unwrap_or_default().to_string()
}

/// No case says "wait" or speaks of permissions, which is what the status alone would say; each is told in German, too.
#[test]
fn what_forbids_it_is_named_by_code_whatever_the_language() {
    let group = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-a";
    let subscription = "00000000-0000-0000-0000-000000000000";
    let policy = json!([{ "type": "PolicyViolation", "info": { "policyDefinitionDisplayName": "Allowed locations", "policyAssignmentName": "regions" } }]);
    let cases = [
        (
            409,
            json!({ "code": "ScopeLocked", "message": format!("The scope '{group}/providers/x' cannot perform write operation because following scope(s) are locked: '{group}'. Please remove the lock.") }),
            vec!["A lock", group],
        ),
        (
            409,
            json!({ "code": "ScopeLocked", "message": format!("Der Bereich '{group}' ist gesperrt.") }),
            vec!["A lock", group],
        ),
        (
            409,
            json!({ "code": "MissingSubscriptionRegistration", "message": "The subscription is not registered to use namespace 'Microsoft.RecoveryServices'." }),
            vec!["resource provider", "Microsoft.RecoveryServices"],
        ),
        (
            409,
            json!({ "code": "MissingSubscriptionRegistration", "message": "Nicht registriert.", "details": [{ "code": "x", "message": "y", "target": "Microsoft.Compute" }] }),
            vec!["resource provider", "Microsoft.Compute"],
        ),
        (
            409,
            json!({ "code": "ReadOnlyDisabledSubscription", "message": format!("Das Abonnement '{subscription}' ist deaktiviert.") }),
            vec!["disabled", subscription],
        ),
        (
            403,
            json!({ "code": "RequestDisallowedByPolicy", "message": "Die Ressource 'vm-a' ist nicht zulässig.", "additionalInfo": policy }),
            vec!["Azure Policy", "Allowed locations", "regions"],
        ),
        (
            403,
            json!({ "code": "RequestDisallowedByPolicy", "message": "Nicht zulässig: '[{\"policyAssignment\":{\"name\":\"regions\",\"id\":\"/x\"}}]'." }),
            vec!["Azure Policy", "regions"],
        ),
        // Which policy it is, nobody says here: it may be that of the second factor.
        (
            403,
            json!({ "code": "RequestDisallowedByPolicy", "message": "Die Ressource 'vm-a' ist durch eine Richtlinie nicht zulässig." }),
            vec!["Azure Policy", "sign in again", "exemption"],
        ),
    ];
    for (status, error, names) in cases {
        let told = told(status, &error);
        for name in names {
            assert!(told.contains(name), "{name}: {told}");
        }
        assert!(!told.contains("permission") && !told.contains("Wait"), "{told}");
    }
}

#[test]
fn a_conflict_of_an_unknown_kind_is_not_said_to_pass_and_a_link_does_not_blame_the_cloud() {
    let conflict = told(409, &json!({ "code": "Whatever", "message": "No." }));
    assert!(conflict.contains("If another operation is in progress"), "{conflict}");
    let cloud = azure_backup::arm::cloud::Cloud::public();
    let no_url = Fault::refused("List jobs", &cloud.link("https://management.azure.com/a\nb").unwrap_err());
    let stranger = Fault::refused("List jobs", &cloud.link("https://evil.test/a b").unwrap_err());
    assert!(advice(&no_url).is_some_and(|a| !a.contains("configured cloud")));
    assert!(advice(&stranger).is_some_and(|a| a.contains("configured cloud")));
    let caller = told(401, &json!({ "code": "AuthorizationFailed", "message": "Unable to verify." }));
    assert!(caller.contains("started them") && !caller.contains("ign in again"), "{caller}");
}
