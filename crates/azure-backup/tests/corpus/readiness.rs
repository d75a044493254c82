//! What a restore is checked against beforehand: recorded answers, Azure's published examples, and the definitions of built-in roles.

use crate::shared::{self, Exchange, ok};
use azure_backup::{
    arm::{
        eligible_roles,
        id::{ArmId, Region, SubscriptionId},
        locks::{self, LockLevel},
        permissions::{self, Permission},
        policy, provider,
    },
    backup::lookups,
};
use serde_json::Value;
use std::path::{Path, PathBuf};

const GROUP: &str = "/subscriptions/s/resourceGroups/g";

pub(crate) fn data() -> Option<PathBuf> {
    Some(recorded::traffic("what a restore is checked against")?.join("data-2026"))
}

/// The answered GETs of a recording.
fn reads(dir: &Path, name: &str) -> Vec<Exchange> {
    let file = shared::json(&dir.join(format!("recordings/{name}.json")));
    let all = file["exchanges"].as_array().unwrap().iter().map(Exchange::new);
    all.filter(|exchange| exchange.method == "GET" && exchange.status == 200).collect()
}

/// The body of a published example.
pub(crate) fn example(dir: &Path, path: &str) -> Value {
    shared::json(&dir.join("spec").join(path))["responses"]["200"]["body"].clone()
}

fn id(text: &str) -> ArmId {
    ArmId::parse(text).unwrap()
}

fn subscription() -> SubscriptionId {
    SubscriptionId::parse("s").unwrap()
}

#[test]
fn recorded_permissions_are_evaluated_role_by_role() {
    let Some(dir) = data() else { return };
    let answers = reads(&dir, "permissions-vnet-aro");
    assert_eq!(answers.len(), 2);
    for exchange in answers {
        let roles = permissions::list(&id(GROUP)).read(&exchange.answer).unwrap().value;
        let allowed = |action: &str| roles.iter().any(|role| role.allows(action));
        assert_eq!(roles.len(), 2);
        // The second role leaves it out, the first one gives it.
        assert!(!roles[1].allows("Microsoft.Authorization/roleAssignments/write"));
        assert!(allowed("Microsoft.Authorization/roleAssignments/write"));
        assert!(allowed("microsoft.network/virtualnetworks/subnets/join/ACTION"));
        assert!(!allowed("Microsoft.Purview/consents/write"));
    }
    for name in ["GetPermissions", "GetResourcePermissions"] {
        let body = example(&dir, &format!("authorization/2022-04-01/examples/{name}.json"));
        let roles = permissions::list(&id(GROUP)).read(&ok(&body)).unwrap().value;
        assert!(!roles.is_empty(), "{name}");
    }
}

/// The matrix was computed by others from the same definitions.
#[test]
fn what_built_in_roles_allow_is_what_others_have_computed() {
    let Some(dir) = data() else { return };
    let definitions = shared::json(&dir.join("authorization/built-in-roles-subset.json"));
    let known = shared::json(&dir.join("authorization/role-action-matrix.json"));
    let mut compared = 0;
    for (action, roles) in known["matrix"].as_object().unwrap() {
        for (role, expected) in roles.as_object().unwrap() {
            let role = definitions.as_array().unwrap().iter().find(|of| of["roleName"] == role.as_str()).unwrap();
            let texts = |of: &Value, key: &str| -> Vec<String> {
                of[key].as_array().into_iter().flatten().map(|one| one.as_str().unwrap().to_owned()).collect()
            };
            let allowed = role["permissions"].as_array().unwrap().iter().any(|of| {
                let mut entry = Permission::default();
                (entry.actions, entry.not_actions) = (texts(of, "actions"), texts(of, "notActions"));
                entry.allows(action)
            });
            assert_eq!(Some(allowed), expected.as_bool(), "{action} by {}", role["roleName"]);
            compared += 1;
        }
    }
    println!("corpus roles: {compared} actions of roles, 0 mismatches");
    assert!(compared >= 45 * 13, "{compared}");
}

#[test]
fn recorded_locks_have_a_scope_and_a_level() {
    let Some(dir) = data() else { return };
    let (mut lists, mut levels) = (0, Vec::new());
    for exchange in reads(&dir, "locks-readonly-resource-group") {
        if !exchange.path().ends_with("/locks") {
            continue;
        }
        lists += 1;
        for lock in locks::list(&id(GROUP)).read(&exchange.answer).unwrap().value {
            assert!(!lock.scope().contains("/locks/") && lock.covers(&id(lock.scope())), "{}", lock.id);
            levels.push(lock.level);
        }
    }
    assert!(lists >= 2 && levels.contains(&LockLevel::ReadOnly), "{lists} {levels:?}");
    for level in ["ResourceGroupLevel", "ResourceLevel", "Scope", "SubscriptionLevel"] {
        let body = example(&dir, &format!("locks/2020-05-01/examples/ManagementLocks_ListAt{level}.json"));
        assert!(!locks::list(&id(GROUP)).read(&ok(&body)).unwrap().value.is_empty(), "{level}");
    }
}

#[test]
fn recorded_quotas_and_sizes() {
    let Some(dir) = data() else { return };
    let region = Region::new("westus");
    let [exchange] = &reads(&dir, "compute-usages-westus")[..] else { panic!("one answer was recorded") };
    let usages = lookups::compute_usages(&subscription(), &region).read(&exchange.answer).unwrap().value;
    assert_eq!(usages.len(), exchange.body["value"].as_array().unwrap().len());
    for name in ["cores", "standardDSv3Family", "PremiumDiskCount", "StandardSSDDiskCount", "StandardDiskCount"] {
        assert!(usages.iter().any(|usage| usage.name == name && usage.limit > 0), "{name}");
    }
    let call = lookups::vm_sizes(&subscription(), &region);
    let [exchange] = &reads(&dir, "compute-skus-2018")[..] else { panic!("one answer was recorded") };
    let sizes = call.read(&exchange.answer).unwrap().value;
    assert!(sizes.iter().any(|size| size.vcpus == Some(6) && size.restricted(None).is_some()), "{sizes:?}");
    for name in ["", "ForARegion", "WithExtendedLocations"] {
        let body = example(&dir, &format!("compute/2021-07-01/examples/ListAvailableResourceSkus{name}.json"));
        assert!(call.read(&ok(&body)).is_ok(), "{name}");
    }
}

#[test]
fn published_answers_on_addresses_policies_providers_and_deny_assignments() {
    let Some(dir) = data() else { return };
    let body = example(&dir, "network/2024-01-01/examples/VirtualNetworkListUsage.json");
    let usages = lookups::subnet_usages(&id(GROUP)).read(&ok(&body)).unwrap().value;
    assert_eq!(usages.iter().map(|usage| usage.free()).collect::<Vec<_>>(), [None, Some(1)]);
    let call = policy::restrictions(&id(GROUP), "Microsoft.Compute/virtualMachines", &Region::new("westus"));
    for scope in ["ResourceGroup", "Subscription"] {
        for audit in ["", "IncludeAuditEffect"] {
            let name = format!("policyinsights/2023-03-01/examples/PolicyRestrictions_CheckAt{scope}Scope{audit}.json");
            let found = call.read(&ok(&example(&dir, &name))).unwrap();
            assert!(found.iter().any(|one| one.result == "Required" && one.denies()), "{name}");
            assert!(found.iter().any(|one| one.field.is_none()), "{name}");
            assert_eq!(found.iter().any(|one| !one.denies()), !audit.is_empty(), "{name}");
        }
    }
    let body = example(&dir, "deployments/2024-03-01/examples/GetProvider.json");
    assert!(provider::registration(&subscription(), "Microsoft.Compute").read(&ok(&body)).is_ok());
    let body = example(&dir, "authorization/2020-10-01/examples/GetRoleEligibilityScheduleInstancesByScope.json");
    let found = eligible_roles::list(&id(GROUP)).read(&ok(&body)).unwrap().value.remove(0);
    assert_eq!((found.role.as_str(), found.scope_name.as_deref()), ("Contributor", Some("Pay-As-You-Go")));
    let body = example(&dir, "authorization/2020-10-01/examples/GetRoleManagementPolicyAssignmentByScope.json");
    let rules = eligible_roles::activation_rules(&id(GROUP), "d").read(&ok(&body)).unwrap().value.remove(0);
    assert_eq!(rules.longest, Some(time::Duration::hours(7)));
    assert!(rules.justification && rules.ticket && rules.strong_sign_in && rules.approval, "{rules:?}");
    for name in ["GetAllDenyAssignments", "GetDenyAssignmentByScope"] {
        let body = example(&dir, &format!("authorization/2022-04-01/examples/{name}.json"));
        let found = permissions::deny_assignments(&id(GROUP)).read(&ok(&body)).unwrap().value;
        assert!(found.iter().all(|one| one.refuses("action") && !one.applies_to_everyone()), "{name}");
    }
}
