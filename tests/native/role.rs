//! The custom roles in `docs` have exactly the actions of the calls that the program makes.
//! `UPDATE_ROLE=1 cargo test --test native role` writes it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use azure_backup::arm::call::{ApiVersion, Call};
use azure_backup::arm::graph::Scope;
use azure_backup::arm::id::{ArmId, JobId, Region, SubscriptionId};
use azure_backup::arm::{deployment, eligible_roles, locks, permissions, policy, provider};
use azure_backup::backup::restore_request::{
    self, IaasVmRestoreRequest, RecoveryType, RehydrationPriority, TriggerBody,
};
use azure_backup::backup::{
    cross_region, file_recovery, fleet, item, job, lookups, machine, recovery_point, tiering_cost, undelete, validate,
    vault,
};
use bytes::Bytes;
use serde_json::json;
use time::Duration;
use vm_restore::app::check::CheckStage;
use vm_restore::app::msg::Msg;
use vm_restore::readiness::roles::role_for;
use vm_restore::restore::scenario::Scenario;

use crate::architecture::sources;
use crate::operator::{choose, open, page, start};

const VAULT: &str = "/subscriptions/s/resourceGroups/g/providers/Microsoft.RecoveryServices/vaults/v";
const ITEM: &str = "backupFabrics/Azure/protectionContainers/c/protectedItems/i";

/// Functions that return a call to one of Azure's URLs, or repeat another call, and so are not constructors.
/// `operation::call` follows what [`FOLLOWED`] lists, `job_tracker::call` is `job::get`. `role_activation` needs no role: who may activate
/// one is decided by Privileged Identity Management.
const INDIRECT: [&str; 4] =
    ["job_tracker::call", "operation::call", "role_activation::call", "role_activation::deactivate"];

/// The paths on which operations of a restore and of its check are polled: `Azure-AsyncOperation`, `Location`, the vault's own list.
const FOLLOWED: [&str; 5] = [
    "backupFabrics/Azure/protectionContainers/c/protectedItems/i/operationsStatus/o",
    "backupFabrics/Azure/protectionContainers/c/protectedItems/i/operationResults/o",
    "backupValidateOperationsStatuses/o",
    "backupValidateOperationResults/o",
    "backupOperations/o",
];

/// The paths on which operations of a cross-region restore are polled, in the secondary region.
const FOLLOWED_THERE: [&str; 2] = ["backupCrrOperationsStatus/o", "backupCrrOperationResults/o"];

const LOCATION: &str = "/subscriptions/s/providers/Microsoft.RecoveryServices/locations/westus";

/// Reads of what may stand in the way of a restore, and of what a rehydration costs. Without them the page says that it could not check: they have a role of their own,
/// `docs/custom-role-readiness.json`.
const READINESS: [&str; 12] = [
    "locks::list",
    "eligible_roles::activation_rules",
    "eligible_roles::list",
    "network::route_table",
    "permissions::deny_assignments",
    "permissions::list",
    "policy::restrictions",
    "provider::registration",
    "sku::vm_sizes",
    "tiering_cost::of_rehydration",
    "usage::compute_usages",
    "usage::subnet_usages",
];

/// Actions beyond restoring that a person may additionally permit: the role omits them, and docs/security.md names them.
const OPTIONAL: [&str; 6] = [
    "file_recovery::provision",
    "file_recovery::revoke",
    "file_recovery::scripts",
    "undelete::item",
    "undelete::vault",
    "undelete::vaults",
];

/// What is done with restored disks on the page of the restore: it has a role of its own, `docs/custom-role-after.json`.
const AFTER: [&str; 9] = [
    "deployment::blob_sas",
    "deployment::deploy",
    "deployment::what_if",
    "machine::attach",
    "machine::deallocate",
    "machine::list",
    "machine::start",
    "machine::get",
    "machine::swap_os_disk",
];

fn deleted_item() -> item::ProtectedItem {
    let machine = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/m";
    let body = json!({ "id": format!("{VAULT}/{ITEM}"), "properties": { "sourceResourceId": machine } });
    let answer = http::Response::new(Bytes::from(body.to_string()));
    item::get(&ArmId::parse(VAULT).unwrap(), &ApiVersion::BACKUP_DEFAULT).read(&answer).unwrap()
}

fn deleted_vault() -> undelete::DeletedVault {
    let id = ArmId::parse(&format!("{LOCATION}/deletedVaults/v")).unwrap();
    undelete::DeletedVault::new(id)
}

fn signature(account: &ArmId) -> deployment::Sas {
    let answer = http::Response::new(Bytes::from(json!({ "serviceSasToken": "sig=s" }).to_string()));
    deployment::blob_sas(account, "c", "b", time::OffsetDateTime::UNIX_EPOCH).read(&answer).unwrap().unwrap()
}

/// One call of each constructor: its name, its line (method and path) and the action that it says it needs.
fn calls() -> BTreeMap<&'static str, (String, &'static str)> {
    fn of<T>(call: &Call<T>) -> (String, &'static str) {
        (call.line(), call.action())
    }
    let id = |text: &str| ArmId::parse(text).unwrap();
    let (vault, s, v) = (id(VAULT), SubscriptionId::parse("s").unwrap(), ApiVersion::BACKUP_DEFAULT);
    let (item, point) = (id(&format!("{VAULT}/{ITEM}")), id(&format!("{VAULT}/{ITEM}/recoveryPoints/p")));
    let job = JobId::parse("j").unwrap();
    let (there, crr) = (id(LOCATION), ApiVersion::CROSS_REGION_DEFAULT);
    let answer = http::Response::new(Bytes::from_static(b"{\"properties\":{}}"));
    let asked = cross_region::access_token(&point, Bytes::new(), &crr);
    let token = asked.read(&answer).unwrap().unwrap();
    let vm = id("/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/m");
    let disk = id("/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/disks/d");
    let interface = id("/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/networkInterfaces/i");
    let network = id("/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/n");
    let table = id("/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/routeTables/t");
    let region = Region::new("westus");
    let group = id("/subscriptions/s/resourceGroups/g");
    let account = id("/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a");
    let (template, sas) = (deployment::Deployment { uri: String::new(), parameters: Vec::new() }, signature(&account));
    let request = IaasVmRestoreRequest::new("p", RecoveryType::RestoreDisks);
    let body = TriggerBody::new(&request, &v).unwrap();
    BTreeMap::from([
        ("compute::disk_accesses", of(&lookups::disk_accesses(&s))),
        ("compute::disk_encryption_sets", of(&lookups::disk_encryption_sets(&s))),
        ("compute::virtual_machine", of(&lookups::virtual_machine(&vm))),
        ("cross_region::aad_properties", of(&cross_region::aad_properties(&there, &crr))),
        ("cross_region::access_token", of(&asked)),
        ("cross_region::job", of(&cross_region::job(&there, &vault, &job, &crr))),
        ("cross_region::jobs", of(&cross_region::jobs(&there, &vault, &crr, &Default::default()))),
        ("cross_region::trigger", of(&cross_region::trigger(&there, &body, &token))),
        ("graph::after", of(&fleet::machines(Scope::TENANT, "").after("t"))),
        ("graph::first", of(&fleet::machines(Scope::TENANT, "").first())),
        ("deployment::blob_sas", of(&deployment::blob_sas(&account, "c", "b", time::OffsetDateTime::UNIX_EPOCH))),
        ("deployment::deploy", of(&deployment::deploy(&group, "d", &template, &sas))),
        ("deployment::what_if", of(&deployment::what_if(&group, "d", &template, &sas))),
        ("disks::disks", of(&lookups::disks(&id("/subscriptions/s/resourceGroups/g")))),
        ("file_recovery::provision", of(&file_recovery::provision(&point, &vm, false, &v))),
        ("file_recovery::revoke", of(&file_recovery::revoke(&point, &v))),
        ("file_recovery::scripts", of(&file_recovery::scripts(&point, "o", &v))),
        ("generic::exists", of(&lookups::exists(&vm, &v))),
        ("item::get", of(&item::get(&item, &v))),
        ("item::list", of(&item::list(&vault, &v))),
        ("job::cancel", of(&job::cancel(&vault, &job, &v))),
        ("job::get", of(&job::get(&vault, &job, &v))),
        ("job::list", of(&job::list(&vault, &v, &Default::default()))),
        ("locks::list", of(&locks::list(&vault))),
        ("machine::attach", of(&machine::attach(&vm, &disk, 0))),
        ("machine::deallocate", of(&machine::deallocate(&vm))),
        ("machine::list", of(&machine::list(&s))),
        ("machine::start", of(&machine::start(&vm))),
        ("machine::get", of(&machine::get(&vm))),
        ("machine::swap_os_disk", of(&machine::swap_os_disk(&vm, &disk))),
        ("network::network_interface", of(&lookups::network_interface(&interface))),
        ("network::route_table", of(&lookups::route_table(&table))),
        ("network::virtual_networks", of(&lookups::virtual_networks(&s))),
        ("eligible_roles::activation_rules", of(&eligible_roles::activation_rules(&vault, "d"))),
        ("eligible_roles::list", of(&eligible_roles::list(&vault))),
        ("permissions::deny_assignments", of(&permissions::deny_assignments(&vault))),
        ("permissions::list", of(&permissions::list(&vault))),
        ("policy::restrictions", of(&policy::restrictions(&vault, "Microsoft.Compute/disks", &region))),
        ("provider::registration", of(&provider::registration(&s, "Microsoft.Compute"))),
        ("recovery_point::get", of(&recovery_point::get(&item, "p", &v))),
        ("recovery_point::list", of(&recovery_point::list(&item, &v))),
        ("restore_request::trigger", of(&restore_request::trigger(&point, &body))),
        ("scope::locations", of(&lookups::locations(&s))),
        ("scope::managed_identities", of(&lookups::managed_identities(&s))),
        ("scope::resource_groups", of(&lookups::resource_groups(&s))),
        ("scope::subscriptions", of(&lookups::subscriptions())),
        ("scope::tenants", of(&lookups::tenants())),
        ("sku::vm_sizes", of(&lookups::vm_sizes(&s, &region))),
        ("storage::storage_accounts", of(&lookups::storage_accounts(&s))),
        (
            "tiering_cost::of_rehydration",
            of(&tiering_cost::of_rehydration(&point, &RehydrationPriority::High, &v).unwrap()),
        ),
        ("undelete::item", of(&undelete::item(&deleted_item(), &v).unwrap())),
        ("undelete::vault", of(&undelete::vault(&deleted_vault(), &id("/subscriptions/s/resourceGroups/g")))),
        ("undelete::vaults", of(&undelete::vaults(&there))),
        ("usage::compute_usages", of(&lookups::compute_usages(&s, &region))),
        ("usage::subnet_usages", of(&lookups::subnet_usages(&network))),
        ("validate::run", of(&validate::run(&vault, &point, &request, &v))),
        ("validate::trigger", of(&validate::trigger(&vault, &point, &request, &v))),
        ("vault::encryption_config", of(&vault::encryption_config(&vault, &v))),
        ("vault::get", of(&vault::get(&vault))),
        ("vault::list", of(&vault::list(&s))),
        ("vault::resource_guard_proxies", of(&vault::resource_guard_proxies(&vault, &v))),
        ("vault::storage_config", of(&vault::storage_config(&vault, &v))),
    ])
}

/// Every public function of the client that returns a call, as `file::function`, read from its sources.
fn constructors() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (path, text) in sources("crates/azure-backup/src") {
        let file = path.file_stem().unwrap().to_str().unwrap().to_owned();
        for declaration in text.split("pub fn ").skip(1) {
            let signature = declaration.split(" {").next().unwrap();
            let gives = signature.split("->").nth(1).unwrap_or_default();
            if gives.contains("Call<") {
                found.insert(format!("{file}::{}", signature.split(['(', '<']).next().unwrap()));
            }
        }
    }
    found
}

/// Whether the program calls this constructor.
fn is_used(constructor: &str, program: &str) -> bool {
    let (file, function) = constructor.split_once("::").unwrap();
    // `JobEndpoint` calls these, wherever the jobs are.
    if ["get", "job", "jobs", "list"].contains(&function) && ["job", "cross_region"].contains(&file) {
        return program.contains("JobEndpoint");
    }
    let lookup = ["compute", "disks", "generic", "network", "scope", "sku", "storage", "usage"].contains(&file);
    program.contains(&format!("{}::{function}(", if lookup { "lookups" } else { file }))
}

/// Azure's action for a request: the resource types of its path, then `read`, or the last segment and `action` for a POST.
fn action(line: &str) -> String {
    let (method, path) = line.split_once(' ').unwrap();
    // A POST that only reads, and the registration of a provider, which belongs to the subscription.
    if path.ends_with("/Microsoft.PolicyInsights/checkPolicyRestrictions") {
        return "Microsoft.PolicyInsights/checkPolicyRestrictions/read".to_owned();
    }
    if method == "GET" && path.rsplit_once("/providers/").is_some_and(|(_, namespace)| !namespace.contains('/')) {
        return "Microsoft.Resources/subscriptions/providers/read".to_owned();
    }
    let (head, kind) = match path.rsplit_once("/providers/") {
        Some((_, below)) => below.split_once('/').unwrap(),
        None => ("Microsoft.Resources", path.trim_start_matches('/')),
    };
    let types: Vec<&str> = kind.split('/').step_by(2).collect();
    let verb = match method {
        "GET" => "read",
        "PUT" | "PATCH" => "write",
        _ => "action",
    };
    format!("{head}/{}/{verb}", types.join("/"))
}

/// The actions of the calls that the program makes of which `part` says so, in Azure's spelling.
fn used(part: fn(&str) -> bool) -> BTreeSet<String> {
    let program: String = sources("src").into_iter().map(|(_, text)| text).collect();
    let used = calls().into_iter().filter(|(name, _)| is_used(name, &program) && part(name));
    // Every user may list their own tenants, so no role in a subscription mentions it.
    let actions = used.map(|(_, (line, _))| line).filter(|l| l != "GET /tenants").map(|l| action(&l));
    // ARM ignores the case of a path; role definitions are read by people.
    actions.map(|a| a.replace("/resourcegroups/", "/resourceGroups/")).collect()
}

/// The actions of a restore.
fn needed() -> BTreeSet<String> {
    let mut actions = used(|name| ![&OPTIONAL[..], &READINESS, &AFTER].concat().contains(&name));
    actions.extend(FOLLOWED.map(|path| action(&format!("GET {VAULT}/{path}"))));
    actions.extend(FOLLOWED_THERE.map(|path| action(&format!("GET {LOCATION}/{path}"))));
    actions
}

/// The actions of what is read to find out what stands in the way of a restore.
fn checked() -> BTreeSet<String> {
    let mut actions = used(|name| READINESS.contains(&name));
    // The cost of a rehydration may be told later.
    actions.insert(action(&format!("GET {VAULT}/backupTieringCost/default/operationResults/o")));
    actions
}

/// The actions of what is done with restored disks.
fn done_after() -> BTreeSet<String> {
    let mut actions = used(|name| AFTER.contains(&name) || name == "disks::disks");
    actions.extend([
        // Azure also asks for these of whoever attaches a disk, and follows an operation.
        "Microsoft.Compute/disks/write".to_owned(),
        action("GET /subscriptions/s/providers/Microsoft.Compute/locations/westus/operations/o"),
        // A preview is followed at the first, a deployment at the second.
        "Microsoft.Resources/subscriptions/operationresults/read".to_owned(),
        "Microsoft.Resources/deployments/operationstatuses/read".to_owned(),
    ]);
    actions
}

#[test]
fn every_way_to_a_call_is_known_and_needs_what_it_says() {
    let known: BTreeSet<String> = calls().keys().copied().chain(INDIRECT).map(str::to_owned).collect();
    assert_eq!(constructors(), known, "a constructor is missing here, or is gone");
    for (name, (line, said)) in calls() {
        // Resource Graph names its query a read, and lets everybody make it: rows are what the roles in each subscription permit.
        if name != "generic::exists" && !name.starts_with("graph::") {
            assert!(action(&line).eq_ignore_ascii_case(said), "{name} says {said}, its path {}", action(&line));
        }
    }
}

/// Compares a role with its file, or writes it.
fn compare(file: &str, name: &str, description: &str, actions: &BTreeSet<String>) {
    let role = json!({
        "Name": name,
        "IsCustom": true,
        "Description": description,
        "Actions": actions,
        "NotActions": [],
        "DataActions": [],
        "NotDataActions": [],
        "AssignableScopes": ["/subscriptions/00000000-0000-0000-0000-000000000000"],
    });
    let text = format!("{}\n", serde_json::to_string_pretty(&role).unwrap());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(file);
    if std::env::var_os("UPDATE_ROLE").is_some() {
        fs::write(&path, text).unwrap();
    } else {
        assert_eq!(fs::read_to_string(&path).unwrap(), text, "the role is another one; UPDATE_ROLE=1 writes this");
    }
}

#[test]
fn the_roles_hold_what_the_calls_need_and_nothing_else() {
    let restore = "Everything that VM Restore itself asks Azure Resource Manager for. Restoring needs rights on the target as well: see docs/security.md.";
    compare("custom-role.json", "VM Restore operator", restore, &needed());
    let readiness = "What VM Restore reads to find out what stands in the way of a restore and what a rehydration costs. Without it, the page can't tell.";
    compare("custom-role-readiness.json", "VM Restore readiness reader", readiness, &checked());
    let after = "What VM Restore asks for to attach restored disks, swap an OS disk, deallocate and start VMs, deploy the template of a restore, and to follow that. What the template creates needs its own rights.";
    compare("custom-role-after.json", "VM Restore disk operator", after, &done_after());
}

#[test]
fn what_the_role_does_without_is_named() {
    let security = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/security.md")).unwrap();
    for (name, (line, _)) in calls().iter().filter(|(name, _)| OPTIONAL.contains(name)) {
        assert!(!needed().contains(&action(line)), "{name}");
        assert!(security.contains(&format!("`{}`", action(line))), "docs/security.md does not name {}", action(line));
    }
}

#[test]
fn whatever_the_program_sends_the_role_allows() {
    let mut page = page();
    let point = open(&mut page, "web-01");
    for scenario in Scenario::ALL {
        choose(&mut page, &point, scenario);
        page.say(Msg::Check);
        page.wait_until(Duration::minutes(30), |s| {
            s.check.as_ref().is_some_and(|c| matches!(c.stage, CheckStage::Done(_) | CheckStage::Failed(_)))
        });
    }
    for vm in ["web-02", "web-03", "fault-poll-errors", "fault-doubled-url", "fault-no-headers"] {
        start(&mut page, vm, Scenario::RestoreDisks);
    }
    page.wait_until(Duration::hours(1), |s| s.restores[0].can_cancel());
    page.say(Msg::CancelRestore(page.restore_id()));
    page.wait_until(Duration::hours(12), |s| s.restores.iter().all(|r| !r.is_running()));
    let allowed: BTreeSet<String> = needed().iter().chain(&checked()).map(|a| a.to_ascii_lowercase()).collect();
    let mut asked = BTreeSet::new();
    // Resource Graph lets everybody ask; its rows are what the roles in each subscription permit.
    let of_a_role = |path: &str| !path.ends_with("/Microsoft.ResourceGraph/resources");
    for (method, path) in page.sent.iter().filter(|(_, path)| of_a_role(path)) {
        let action = action(&format!("{method} {path}")).to_ascii_lowercase();
        assert!(allowed.contains(&action), "{method} {path} needs {action}");
        asked.insert(action);
    }
    // The other calls are made when the first source fails, or for another kind of machine.
    assert!(asked.len() >= 17, "{asked:?}");
}

/// Whether `pattern` of a role definition, in which `*` stands for any characters, fits an action.
fn allows(pattern: &str, action: &str) -> bool {
    let (pattern, action) = (pattern.to_ascii_lowercase(), action.to_ascii_lowercase());
    match pattern.split_once('*') {
        None => pattern == action,
        Some((start, end)) => {
            assert!(!end.contains('*'), "{pattern}");
            action.strip_prefix(start).is_some_and(|rest| rest.ends_with(end))
        }
    }
}

#[test]
fn the_built_in_role_that_a_refusal_names_allows_the_action() {
    let Some(shared) = recorded::traffic("the definitions of built-in roles") else { return };
    let text = fs::read_to_string(shared.join("data-2026/authorization/built-in-roles-subset.json")).unwrap();
    let roles: serde_json::Value = serde_json::from_str(&text).unwrap();
    let own = calls();
    let others = [
        "Microsoft.Compute/virtualMachines/write",
        "Microsoft.Compute/disks/write",
        "Microsoft.Network/networkInterfaces/write",
        "Microsoft.Network/virtualNetworks/subnets/join/action",
        "Microsoft.Storage/storageAccounts/write",
        "Microsoft.Resources/subscriptions/resourceGroups/write",
    ];
    let needed = own.iter().filter(|(name, _)| !OPTIONAL.contains(name)).map(|(_, (_, action))| *action);
    for action in needed.chain(others).filter(|action| !action.is_empty()) {
        let role = role_for(action).unwrap_or_else(|| panic!("no role is known for {action}"));
        let role = roles.as_array().unwrap().iter().find(|of| of["roleName"] == role).unwrap();
        let patterns = |of: &serde_json::Value, list: &str| -> Vec<String> {
            of[list].as_array().into_iter().flatten().map(|p| p.as_str().unwrap().to_owned()).collect()
        };
        let allowed = role["permissions"].as_array().unwrap().iter().any(|of| {
            patterns(of, "actions").iter().any(|p| allows(p, action))
                && !patterns(of, "notActions").iter().any(|p| allows(p, action))
        });
        assert!(allowed, "{} does not allow {action}", role["roleName"]);
    }
}
