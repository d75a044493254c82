//! What a restore can be checked against beforehand, and what happens to one that is started all the same.

use arm_sim::{Progress, Role};
use serde_json::{Value, json};

use crate::support::{Client, PRODUCTION, SANDBOX, VERSION, WEU, account, group as group_of, merge};

const AUTHORIZATION: &str = "providers/Microsoft.Authorization";

fn group(name: &str) -> String {
    group_of(PRODUCTION, name)
}

fn client(role: Role) -> Client {
    let mut client = Client::new(Progress::AtOnce);
    client.sim.set_role(role);
    client
}

#[test]
fn each_role_reads_its_own_permissions_and_is_refused_what_it_lacks() {
    let sizes = format!("/subscriptions/{PRODUCTION}/providers/Microsoft.Compute/skus?api-version=2021-07-01&$filter=location eq 'westeurope'").replace(' ', "%20");
    for (role, action, reads_sizes) in
        [(Role::Owner, "*", 200), (Role::BackupOperator, "Microsoft.Support/*", 403), (Role::Reader, "*/read", 200)]
    {
        let mut client = client(role);
        for scope in [group("rg-web"), account("contosostageweu")] {
            let heard = client.get(&format!("{scope}/{AUTHORIZATION}/permissions?api-version=2022-04-01"));
            let actions = heard.body["value"][0]["actions"].as_array().unwrap().clone();
            assert!(actions.contains(&json!(action)), "{role:?}: {actions:?}");
        }
        assert_eq!(client.get(&sizes).status, reads_sizes, "{role:?}");
        let denies = client.get(&format!("{}/{AUTHORIZATION}/denyAssignments?api-version=2022-04-01", group("rg-web")));
        assert_eq!(denies.body["value"], json!([]));
    }
}

#[test]
fn an_eligible_role_is_activated_once_by_the_rules_of_its_activation() {
    let name = "7d1f0a2c-0000-4000-8000-00000000000a";
    let url = format!(
        "/subscriptions/{PRODUCTION}/{AUTHORIZATION}/roleAssignmentScheduleRequests/{name}?api-version=2020-10-01"
    );
    let right = json!({"properties": {
        "principalId": "7d1f0a2c-0000-4000-8000-000000000002",
        "roleDefinitionId": format!("/subscriptions/{PRODUCTION}/{AUTHORIZATION}/roleDefinitions/b24988ac-6180-42a0-ab88-20f7382dd24c"),
        "requestType": "SelfActivate",
        "linkedRoleEligibilityScheduleId": "7d1f0a2c-0000-4000-8000-000000000003",
        "justification": "outage",
        "scheduleInfo": {"expiration": {"type": "AfterDuration", "duration": "PT8H"}},
    }});
    let with = |pointer: &str, value: &str| {
        let mut body = right.clone();
        *body.pointer_mut(pointer).unwrap() = value.into();
        body
    };
    let mut operator = client(Role::BackupOperator);
    assert_eq!(operator.send("PUT", &url, Some(&right)).unwrap().status, 400);
    let mut client = client(Role::Eligible);
    for (body, says) in [
        (with("/properties/principalId", "someone else"), "self-activation"),
        (with("/properties/linkedRoleEligibilityScheduleId", "another"), "does not exist"),
        (with("/properties/justification", " "), "JustificationRule"),
        (with("/properties/scheduleInfo/expiration/duration", "PT481M"), "ExpirationRule"),
    ] {
        let heard = client.send("PUT", &url, Some(&body)).unwrap();
        assert_eq!(heard.status, 400, "{says}");
        assert!(heard.body["error"]["message"].as_str().unwrap().contains(says), "{says}: {:?}", heard.body);
    }
    let heard = client.send("PUT", &url, Some(&right)).unwrap();
    assert_eq!((heard.status, &heard.body["properties"]["status"]), (201, &json!("Provisioned")));
    let permissions = format!("{}/{AUTHORIZATION}/permissions?api-version=2022-04-01", group("rg-web"));
    assert_eq!(client.get(&permissions).body["value"][0]["actions"], json!(["*"]));
    // The demo's page names the role with every call.
    client.sim.set_role(Role::Eligible);
    assert_eq!(client.get(&permissions).body["value"][0]["actions"], json!(["*"]));
    let again = client.send("PUT", &url, Some(&right)).unwrap();
    assert_eq!((again.status, &again.body["error"]["code"]), (400, &json!("RoleAssignmentExists")));
}

#[test]
fn only_whoever_may_activate_a_role_is_eligible_for_it() {
    for (role, eligible) in [(Role::Owner, 0), (Role::BackupOperator, 0), (Role::Contributor, 0), (Role::Eligible, 1)] {
        let mut client = client(role);
        for scope in [group("rg-web"), account("contosostageweu")] {
            let heard = client.get(&format!(
                "{scope}/{AUTHORIZATION}/roleEligibilityScheduleInstances?api-version=2020-10-01&$filter=asTarget%28%29"
            ));
            assert_eq!(heard.body["value"].as_array().unwrap().len(), eligible, "{role:?}");
        }
    }
    let mut client = client(Role::Eligible);
    let mut rules = |definition: &str| {
        let heard = client.get(&format!("/subscriptions/{PRODUCTION}/{AUTHORIZATION}/roleManagementPolicyAssignments?api-version=2020-10-01&$filter=roleDefinitionId%20eq%20%27{definition}%27"));
        heard.body["value"].clone()
    };
    let contributor = format!(
        "/subscriptions/{PRODUCTION}/providers/Microsoft.Authorization/roleDefinitions/b24988ac-6180-42a0-ab88-20f7382dd24c"
    );
    assert_eq!(rules(&contributor)[0]["properties"]["effectiveRules"][0]["maximumDuration"], "PT8H");
    assert_eq!(rules("/another"), json!([]));
}

#[test]
fn a_reader_of_one_group_finds_what_is_in_it_and_no_more() {
    let mut client = client(Role::GroupReader);
    let mut names = |path: &str| -> Vec<String> {
        let heard = client.get(path);
        assert_eq!(heard.status, 200, "{path}");
        let all = heard.body["value"].as_array().unwrap().iter();
        all.map(|one| one["name"].as_str().or(one["displayName"].as_str()).unwrap().to_owned()).collect()
    };
    let here = format!("/subscriptions/{PRODUCTION}");
    assert_eq!(names("/subscriptions?api-version=2022-12-01"), ["Contoso Production"]);
    assert_eq!(names(&format!("{here}/resourcegroups?api-version=2021-04-01")), ["rg-backup-weu"]);
    let vaults = names(&format!("{here}/providers/Microsoft.RecoveryServices/vaults?api-version=2025-02-01"));
    assert!(vaults.contains(&"contoso-vault-weu".to_owned()) && !vaults.contains(&"contoso-vault-neu".to_owned()));
    for kind in ["Microsoft.Network/virtualNetworks", "Microsoft.Compute/virtualMachines"] {
        assert_eq!(names(&format!("{here}/providers/{kind}?api-version=2024-01-01")), [""; 0], "{kind}");
    }
    let refused = client.get(&format!("{}?api-version=2021-04-01", group("rg-web")));
    assert_eq!((refused.status, refused.code()), (403, "AuthorizationFailed"));
    let body =
        json!({"query": "resources | where type =~ 'microsoft.recoveryservices/vaults' | project id, resourceGroup"});
    let heard = client
        .send("POST", "/providers/Microsoft.ResourceGraph/resources?api-version=2022-10-01", Some(&body))
        .unwrap();
    let rows = heard.body["data"].as_array().unwrap();
    assert!(!rows.is_empty() && rows.iter().all(|row| row["resourceGroup"] == "rg-backup-weu"), "{rows:?}");
}

#[test]
fn quotas_sizes_and_addresses_are_told_as_azure_writes_them() {
    let mut client = client(Role::Owner);
    client.sim.set_free_vcpus(Some(6));
    let usages = client.get(&format!(
        "/subscriptions/{PRODUCTION}/providers/Microsoft.Compute/locations/westeurope/usages?api-version=2024-07-01"
    ));
    let row = |name: &str| {
        usages.body["value"].as_array().unwrap().iter().find(|r| r["name"]["value"] == name).unwrap().clone()
    };
    let free = |row: Value| row["limit"].as_i64().unwrap() - row["currentValue"].as_i64().unwrap();
    assert_eq!((free(row("cores")), free(row("StandardDSv3Family"))), (6, 6));
    assert!(row("PremiumDiskCount")["currentValue"].as_i64().unwrap() > 0);
    let network = format!("{}/providers/Microsoft.Network/virtualNetworks/vnet-prod-weu", group("rg-network"));
    let heard = client.get(&format!("{network}/usages?api-version=2024-01-01"));
    let text = String::from_utf8(heard.raw.to_vec()).unwrap();
    assert!(text.contains("\"limit\":251.0") && text.contains("\"currentValue\":-1.0"), "{text}");
    let unfiltered =
        client.get(&format!("/subscriptions/{PRODUCTION}/providers/Microsoft.Compute/skus?api-version=2021-07-01"));
    assert_eq!(unfiltered.status, 400);
    let provider = |client: &mut Client, subscription: &str, namespace: &str| {
        let heard = client.get(&format!("/subscriptions/{subscription}/providers/{namespace}?api-version=2022-09-01"));
        heard.body["registrationState"].as_str().unwrap().to_owned()
    };
    assert_eq!(provider(&mut client, SANDBOX, "Microsoft.RecoveryServices"), "NotRegistered");
    assert_eq!(provider(&mut client, SANDBOX, "Microsoft.Compute"), "Registered");
}

#[test]
fn networks_say_what_they_are_peered_with_and_route_tables_where_packets_go() {
    let mut client = client(Role::Owner);
    let at = |kind: &str, name: &str| {
        format!("{}/providers/Microsoft.Network/{kind}/{name}?api-version=2024-01-01", group("rg-network"))
    };
    let peered = |client: &mut Client, name: &str| -> Vec<String> {
        let network = client.get(&at("virtualNetworks", name)).body;
        let peerings = network["properties"]["virtualNetworkPeerings"].as_array().unwrap().clone();
        let remote = |peering: &Value| peering["properties"]["remoteVirtualNetwork"]["id"].as_str().unwrap().to_owned();
        peerings.iter().map(|peering| remote(peering).rsplit('/').next().unwrap().to_owned()).collect()
    };
    assert_eq!(peered(&mut client, "vnet-prod-weu"), ["vnet-hub-weu"]);
    assert_eq!(peered(&mut client, "vnet-hub-weu"), ["vnet-prod-weu", "vnet-dr-neu"]);
    assert_eq!(peered(&mut client, "vnet-rehearsal-weu"), Vec::<&str>::new());
    let table = |client: &mut Client, network: &str| {
        let network = client.get(&at("virtualNetworks", network)).body;
        network["properties"]["subnets"][0]["properties"]["routeTable"]["id"].as_str().map(str::to_owned)
    };
    assert_eq!(table(&mut client, "vnet-rehearsal-weu"), None);
    let routed = table(&mut client, "vnet-prod-weu").unwrap();
    let routes = client.get(&format!("{routed}?api-version=2024-01-01"));
    assert_eq!(routes.body["properties"]["routes"][0]["properties"]["nextHopType"], "VirtualAppliance");
    assert_eq!(client.get(&at("routeTables", "another")).status, 404);
}

#[test]
fn locks_are_told_for_a_subscription_and_for_a_group() {
    let mut client = client(Role::Owner);
    let count = |client: &mut Client, scope: &str| {
        client.get(&format!("{scope}/{AUTHORIZATION}/locks?api-version=2020-05-01")).body["value"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!(count(&mut client, &format!("/subscriptions/{PRODUCTION}")), 2);
    assert_eq!(count(&mut client, &group("rg-frozen")), 1);
    assert_eq!(count(&mut client, &group("rg-web")), 0);
    let body = json!({ "resourceDetails": { "resourceContent": { "type": "Microsoft.Compute/disks" } } });
    let policies = |client: &mut Client, name: &str| {
        let url = format!(
            "{}/providers/Microsoft.PolicyInsights/checkPolicyRestrictions?api-version=2023-03-01",
            group(name)
        );
        client.send("POST", &url, Some(&body)).unwrap().body["fieldRestrictions"].as_array().unwrap().len()
    };
    assert_eq!((policies(&mut client, "rg-tagged"), policies(&mut client, "rg-web")), (1, 0));
}

/// Why a restore of disks to a group by a staging account fails, if it does.
fn restored(client: &mut Client, target: &str, staging: &str) -> Option<String> {
    let source = client.source(WEU, "web-01", 0);
    let mut body = source.disks();
    merge(&mut body, json!({ "targetResourceGroupId": group(target), "storageAccountId": account(staging) }));
    let heard = client.restore(&source, &body).unwrap();
    if heard.status != 202 {
        return Some(heard.code().to_owned());
    }
    let job = client.job_of(&heard);
    let end = client.end_of(&source.vault, &job);
    end["errorDetails"][0]["errorString"].as_str().map(str::to_owned)
}

#[test]
fn a_restore_that_is_started_all_the_same_fails_late_for_the_reason_that_was_told() {
    let usual = "contosostageweu";
    for (role, target, staging, reason) in [
        (Role::Owner, "rg-frozen", usual, "ScopeLocked"),
        (Role::Owner, "rg-tagged", usual, "RequestDisallowedByPolicy"),
        (Role::Owner, "rg-web", "contosovnetonly", "AuthorizationFailure:"),
        (Role::BackupOperator, "rg-web", usual, "AuthorizationFailed"),
        (Role::Reader, "rg-web", usual, "AuthorizationFailed"),
    ] {
        let mut client = client(role);
        let error =
            restored(&mut client, target, staging).unwrap_or_else(|| panic!("{role:?} {target}: it did not fail"));
        assert!(error.starts_with(reason), "{error}");
        assert_eq!(client.sim.created(), Vec::<&str>::new(), "{role:?} {target}");
    }
    let mut client = client(Role::Owner);
    assert_eq!(restored(&mut client, "rg-web", usual), None);
}

#[test]
fn what_a_rehydration_costs_is_told_later_and_for_archived_points_alone() {
    let mut client = Client::new(Progress::Timetable);
    let url = format!("{}/backupTieringCost/default/fetchTieringCost", WEU.id());
    let points = client.points(&WEU, "files-01");
    let is_archived = |point: &&Value| {
        let tiers = point["properties"]["recoveryPointTierDetails"].as_array().unwrap();
        tiers
            .iter()
            .all(|tier| tier["type"] == "ArchivedRP" && tier["status"] == "Valid" || tier["status"] == "Deleted")
    };
    let ask = |client: &mut Client, point: &Value, changed: Value, version: &str| {
        let id: Vec<&str> = point["id"].as_str().unwrap().split('/').collect();
        let mut body = json!({
            "objectType": "FetchTieringCostInfoForRehydrationRequest", "containerName": id[12], "protectedItemName": id[14],
            "recoveryPointId": id[16], "rehydrationPriority": "High", "sourceTierType": "ArchivedRP", "targetTierType": "HardenedRP"
        });
        merge(&mut body, changed);
        client.send("POST", &format!("{url}?api-version={version}"), Some(&body)).unwrap()
    };
    let point = points.iter().find(is_archived).unwrap();
    let accepted = ask(&mut client, point, json!({}), VERSION);
    assert_eq!((accepted.status, accepted.header("retry-after")), (202, "5"), "{}", accepted.body);
    let (status, result) = (accepted.header("azure-asyncoperation").to_owned(), accepted.header("location").to_owned());
    assert_eq!((client.get(&status).body["status"].as_str(), client.get(&result).status), (Some("InProgress"), 202));
    client.wait(6);
    assert_eq!(client.get(&status).body["status"], "Succeeded");
    let cost = client.get(&result).body;
    assert_eq!(
        (&cost["objectType"], &cost["retailRehydrationCostPerGBPerMonth"]),
        (&json!("TieringCostRehydrationInfo"), &json!(0.1))
    );
    assert!(cost["rehydrationSizeInBytes"].as_u64().unwrap() > 127 << 30);
    for (point, changed, target) in [
        (&points[0], json!({}), "recoveryPointId"),
        (point, json!({"rehydrationPriority": "Urgent"}), "rehydrationPriority"),
        (point, json!({"objectType": "FetchTieringCostSavingsInfoForVaultRequest"}), "objectType"),
        (point, json!({"targetTierType": "InstantRP"}), "sourceTierType"),
    ] {
        let refused = ask(&mut client, point, changed, VERSION);
        assert_eq!((refused.status, refused.target()), (400, target));
    }
    assert_eq!(ask(&mut client, point, json!({"recoveryPointId": "1"}), VERSION).status, 404);
    assert_eq!(ask(&mut client, point, json!({}), "2023-01-01").status, 404);
}
