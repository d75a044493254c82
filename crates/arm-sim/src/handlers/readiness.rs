//! What a restore can be checked against beforehand: permissions, deny assignments, locks, policies, providers, quotas, sizes, addresses.

use serde_json::Value;

use super::resources::{self, Wanted};
use crate::answer::Answer;
use crate::bodies::interface;
use crate::errors::{ArmError, Refused};
use crate::paging;
use crate::restore::obstacles::vcpu_usage;
use crate::rights::Role;
use crate::seed::obstacles::{LOCKS, SIZES, TAG, TAGGED_GROUP};
use crate::seed::places::REGIONS;
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;
use crate::text::{array, fill, member, quote, same};
use crate::world::place::group_id;

const PERMISSION: &str = r#"{"actions":@0,"notActions":@1,"dataActions":[],"notDataActions":[]}"#;
/// The definition of Contributor.
const CONTRIBUTOR: &str = "b24988ac-6180-42a0-ab88-20f7382dd24c";
/// The object id of whoever may become Contributor.
const PRINCIPAL: &str = "7d1f0a2c-0000-4000-8000-000000000002";
/// The schedule by which he may.
const SCHEDULE: &str = "7d1f0a2c-0000-4000-8000-000000000003";
const ACTIVATED: &str = r#"{"id":"$0/providers/Microsoft.Authorization/RoleAssignmentScheduleRequests/$1","name":"$1","type":"Microsoft.Authorization/RoleAssignmentScheduleRequests","properties":{"scope":"$0","roleDefinitionId":"$2","principalId":"$3","principalType":"User","requestType":"$5","status":"$6","linkedRoleEligibilityScheduleId":"$4"}}"#;
const ELIGIBLE: &str = r#"{"id":"/subscriptions/$0/providers/Microsoft.Authorization/RoleEligibilityScheduleInstances/7d1f0a2c-0000-4000-8000-000000000001","name":"7d1f0a2c-0000-4000-8000-000000000001","type":"Microsoft.Authorization/RoleEligibilityScheduleInstances","properties":{"scope":"/subscriptions/$0","roleDefinitionId":"/subscriptions/$0/providers/Microsoft.Authorization/roleDefinitions/$1","principalId":"7d1f0a2c-0000-4000-8000-000000000002","principalType":"User","status":"Provisioned","roleEligibilityScheduleId":"/subscriptions/$0/providers/Microsoft.Authorization/RoleEligibilitySchedules/7d1f0a2c-0000-4000-8000-000000000003","memberType":"Direct","expandedProperties":{"scope":{"id":"/subscriptions/$0","displayName":"$2","type":"subscription"},"roleDefinition":{"id":"/subscriptions/$0/providers/Microsoft.Authorization/roleDefinitions/$1","displayName":"Contributor","type":"BuiltInRole"}}}}"#;
const RULES: &str = r#"{"properties":{"scope":"/subscriptions/$0","roleDefinitionId":"/subscriptions/$0/providers/Microsoft.Authorization/roleDefinitions/$1","effectiveRules":[{"isExpirationRequired":true,"maximumDuration":"PT8H","id":"Expiration_EndUser_Assignment","ruleType":"RoleManagementPolicyExpirationRule"},{"enabledRules":["Justification"],"id":"Enablement_EndUser_Assignment","ruleType":"RoleManagementPolicyEnablementRule"},{"setting":{"isApprovalRequired":false},"id":"Approval_EndUser_Assignment","ruleType":"RoleManagementPolicyApprovalRule"}]}}"#;
const LOCK: &str = r#"{"id":"$0/providers/Microsoft.Authorization/locks/$1","type":"Microsoft.Authorization/locks","name":"$1","properties":{"level":"$2"@3}}"#;
const PROVIDER: &str = r#"{"id":"/subscriptions/$0/providers/$1","namespace":"$1","registrationPolicy":"RegistrationRequired","resourceTypes":[],"registrationState":"$2"}"#;
const USAGE: &str = r#"{"limit":@0,"unit":"Count","currentValue":@1,"name":{"value":"$2","localizedValue":"$3"}}"#;
const SIZE: &str = r#"{"resourceType":"virtualMachines","name":"$0","tier":"Standard","size":"$1","family":"$2","locations":["$3"],"locationInfo":[{"location":"$3","zones":@4,"zoneDetails":[]}],"capabilities":[{"name":"vCPUs","value":"$5"},{"name":"PremiumIO","value":"True"}],"restrictions":@6}"#;
const RESTRICTION: &str = r#"{"type":"Location","values":["$0"],"restrictionInfo":{"locations":["$0"]},"reasonCode":"NotAvailableForSubscription"}"#;
const SUBNET: &str = r#"{"currentValue":@0.0,"id":"$1/subnets/$2","limit":@3.0,"name":{"localizedValue":"Subnet size and usage","value":"SubnetSpace"},"unit":"Count"}"#;
const TAG_REQUIRED: &str = r#"{"fieldRestrictions":[{"field":"$0","restrictions":[{"result":"Required","policy":{"policyDefinitionId":"$1/providers/Microsoft.Authorization/policyDefinitions/require-tag","policyAssignmentId":"$1/providers/Microsoft.Authorization/policyAssignments/require-cost-center"},"policyEffect":"Deny","reason":"Every resource needs a cost center."}]}],"contentEvaluationResult":{"policyEvaluations":[]}}"#;

/// `GET {group or resource}/providers/Microsoft.Authorization/permissions`
pub(super) fn permissions(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    scope(sim, ask)?;
    let patterns = |all: &[&str]| array(all.iter().map(|action| quote(action)));
    let role = sim.settings.role;
    Ok(paging::whole([fill(PERMISSION, &[&patterns(role.actions()), &patterns(role.not_actions())])]))
}

/// `GET {scope}/providers/Microsoft.Authorization/roleEligibilityScheduleInstances`: of whoever may become Contributor, that.
pub(super) fn eligible_roles(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    scope(sim, ask)?;
    let subscription = sim.world.subscription(ask.at(0))?;
    let is_eligible = sim.settings.role == Role::Eligible;
    let instance = fill(ELIGIBLE, &[subscription.id, CONTRIBUTOR, subscription.name]);
    Ok(paging::whole(is_eligible.then_some(instance)))
}

/// `GET {subscription}/providers/Microsoft.Authorization/roleManagementPolicyAssignments?$filter=roleDefinitionId eq '…'`
pub(super) fn activation_rules(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let subscription = sim.world.subscription(ask.at(0))?.id;
    let filter = ask.query("$filter").unwrap_or_default();
    let is_asked = filter.is_empty() || filter.to_lowercase().ends_with(&format!("{CONTRIBUTOR}'"));
    Ok(paging::whole(is_asked.then(|| fill(RULES, &[subscription, CONTRIBUTOR]))))
}

/// `PUT {subscription}/providers/Microsoft.Authorization/roleAssignmentScheduleRequests/{name}`: whoever may become Contributor becomes it, or
/// stops being it.
pub(super) fn activate_role(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let subscription = sim.world.subscription(ask.at(0))?.id;
    let body = ask.json()?;
    let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let refused = |code: &'static str, message: &str| Err(ArmError::service(400, code, message));
    let ends = text("/properties/requestType") == "SelfDeactivate";
    let is_known = ends || text("/properties/requestType") == "SelfActivate";
    if !is_known || text("/properties/principalId") != PRINCIPAL {
        let message = "The request must be a self-activation or self-deactivation by the caller.";
        return refused("InvalidRoleAssignmentScheduleRequest", message);
    }
    let is_eligible = text("/properties/linkedRoleEligibilityScheduleId") == SCHEDULE
        && text("/properties/roleDefinitionId").to_lowercase().ends_with(CONTRIBUTOR);
    let scope = format!("/subscriptions/{subscription}");
    let definition = format!("{scope}/providers/Microsoft.Authorization/roleDefinitions/{CONTRIBUTOR}");
    let accepted = |kind: &str, status: &str| {
        Ok(Answer::json(201, fill(ACTIVATED, &[&scope, ask.at(1), &definition, PRINCIPAL, SCHEDULE, kind, status])))
    };
    if ends && is_eligible && sim.activated {
        sim.activated = false;
        sim.set_role(Role::Eligible);
        return accepted("SelfDeactivate", "Revoked");
    }
    match sim.settings.role {
        Role::Eligible if is_eligible && !ends => {}
        Role::Contributor if is_eligible && !ends => {
            return refused("RoleAssignmentExists", "The Role assignment already exists.");
        }
        _ => return refused("RoleAssignmentDoesNotExist", "The Role assignment does not exist."),
    }
    if text("/properties/justification").trim().is_empty() {
        return policy_failed("JustificationRule");
    }
    if !lasts_at_most_eight_hours(text("/properties/scheduleInfo/expiration/duration")) {
        return policy_failed("ExpirationRule");
    }
    sim.activated = true;
    sim.set_role(Role::Eligible);
    accepted("SelfActivate", "Provisioned")
}

fn policy_failed(rule: &str) -> Result<Answer, Refused> {
    let message = format!("The following policy rules failed: [\"{rule}\"]");
    Err(ArmError::service(400, "RoleAssignmentRequestPolicyValidationFailed", message))
}

/// Of durations in hours or minutes, as `PT8H` or `PT480M`.
fn lasts_at_most_eight_hours(duration: &str) -> bool {
    let number = |unit: char| duration.strip_prefix("PT")?.strip_suffix(unit)?.parse::<u32>().ok();
    number('H').map(|hours| hours * 60).or_else(|| number('M')).is_some_and(|minutes| (1..=480).contains(&minutes))
}

/// `GET {scope}/providers/Microsoft.Authorization/denyAssignments`: there are none.
pub(super) fn deny_assignments(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    scope(sim, ask)?;
    Ok(paging::whole([]))
}

/// Refuses what is in no resource group that exists.
fn scope(sim: &Simulator, ask: &SimRequest) -> Result<(), Refused> {
    sim.world.group(ask.at(0), ask.at(1)).map(|_| ())
}

/// `GET {subscription or group}/providers/Microsoft.Authorization/locks`
pub(super) fn locks(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    sim.world.subscription(ask.at(0))?;
    let group = ask.params.get(1);
    let here = LOCKS.iter().filter(|l| same(l.subscription, ask.at(0)) && group.is_none_or(|g| same(g, l.group)));
    Ok(paging::whole(here.map(|lock| {
        let notes = (!lock.notes.is_empty()).then(|| quote(lock.notes));
        fill(LOCK, &[&lock.scope(), lock.name, lock.level, &member("notes", notes)])
    })))
}

/// `POST {group}/providers/Microsoft.PolicyInsights/checkPolicyRestrictions`
pub(super) fn policies(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let group = sim.world.group(ask.at(0), ask.at(1))?;
    let body = ask.json()?;
    let Some(Value::String(_)) = body.pointer("/resourceDetails/resourceContent/type") else {
        let message = "The resource content has no type.";
        return Err(ArmError::service(400, "InvalidResourceDetails", message));
    };
    let is_tagged = (group.subscription, group.name) == TAGGED_GROUP;
    let nothing = r#"{"fieldRestrictions":[],"contentEvaluationResult":{"policyEvaluations":[]}}"#;
    Ok(Answer::ok(if is_tagged { fill(TAG_REQUIRED, &[TAG, &group.id()]) } else { nothing.to_owned() }))
}

/// `GET /subscriptions/{id}/providers/{namespace}`
pub(super) fn provider(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let subscription = sim.world.subscription(ask.at(0))?;
    let missing = same(ask.at(1), "Microsoft.RecoveryServices") && !subscription.registered;
    let state = if missing { "NotRegistered" } else { "Registered" };
    Ok(Answer::ok(fill(PROVIDER, &[subscription.id, ask.at(1), state])))
}

/// `GET …/providers/Microsoft.Compute/locations/{region}/usages`
pub(super) fn compute_usages(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let subscription = sim.world.subscription(ask.at(0))?.id;
    let Some(region) = REGIONS.iter().find(|r| same(r.name, ask.at(1))) else {
        return Err(ArmError::no_provider(ask.at(1), &ask.version, "locations/usages"));
    };
    let row = |name: &str, label: &str, used: u32, limit: u32| {
        fill(USAGE, &[&limit.to_string(), &used.to_string(), name, label])
    };
    let vcpus = |family: Option<&str>| vcpu_usage(sim, subscription, region.name, family);
    let (used, limit) = vcpus(None);
    let mut rows = vec![row("cores", "Total Regional vCPUs", used, limit)];
    let mut families: Vec<&str> = SIZES.iter().map(|size| size.family).collect();
    families.dedup();
    for family in families {
        let (used, limit) = vcpus(Some(family));
        // Azure capitalizes the names of families as it likes.
        rows.push(row(&family.replace("standard", "Standard"), family, used, limit));
    }
    let disks = |sku: &str| {
        let here =
            sim.world.items.iter().filter(|i| {
                i.machine_exists() && same(i.subscription(), subscription) && same(i.region(), region.name)
            });
        here.map(|i| (-1..i32::from(i.data_disks)).filter(|lun| i.disk_sku(*lun) == sku).count())
            .sum::<usize>()
            .try_into()
            .unwrap_or(u32::MAX)
    };
    for (sku, name) in [
        ("Standard_LRS", "StandardDiskCount"),
        ("StandardSSD_LRS", "StandardSSDDiskCount"),
        ("Premium_LRS", "PremiumDiskCount"),
    ] {
        rows.push(row(name, name, disks(sku), 50_000));
    }
    Ok(paging::whole(rows))
}

/// `GET …/providers/Microsoft.Compute/skus?$filter=location eq '…'`
pub(super) fn sizes(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    sim.world.subscription(ask.at(0))?;
    let filter = ask.query("$filter").unwrap_or_default();
    let name = filter.strip_prefix("location eq '").and_then(|rest| rest.strip_suffix('\''));
    let Some(region) = REGIONS.iter().find(|r| name.is_some_and(|name| same(r.name, name))) else {
        let message = "Only the filter location eq '{region}' is simulated.";
        return Err(ArmError::service(400, "InvalidFilter", message));
    };
    Ok(paging::whole(SIZES.iter().map(|size| {
        let restricted = size.restricted == Some(region.name);
        let restrictions = array(restricted.then(|| fill(RESTRICTION, &[region.name])));
        let zones = if region.zones { r#"["1","2","3"]"# } else { "[]" };
        let short = size.name.strip_prefix("Standard_").unwrap_or(size.name);
        fill(SIZE, &[size.name, short, size.family, region.name, zones, &size.vcpus.to_string(), &restrictions])
    })))
}

/// `GET …/virtualNetworks/{name}/usages`. A subnet that Azure manages counts as -1.
pub(super) fn addresses(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    const USABLE: usize = 251;
    let group = sim.world.group(ask.at(0), ask.at(1))?;
    let kind = "Microsoft.Network/virtualNetworks".to_owned();
    let wanted = Wanted { kind, subscription: group.subscription, group: Some(group.name), name: Some(ask.at(2)) };
    if resources::find(sim, &wanted)?.is_empty() {
        return Err(ArmError::no_resource(&wanted.kind, ask.at(2), group.name));
    }
    let id = format!(
        "{}/providers/Microsoft.Network/virtualNetworks/{}",
        group_id(group.subscription, group.name),
        ask.at(2)
    );
    let mut rows = vec![fill(SUBNET, &["-1", &id, "GatewaySubnet", "-1"])];
    for (subnet, used) in interface::used_addresses(sim, &id) {
        rows.push(fill(SUBNET, &[&used.min(USABLE).to_string(), &id, subnet, &USABLE.to_string()]));
    }
    Ok(paging::whole(rows))
}
