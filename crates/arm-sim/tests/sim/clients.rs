//! Calls that Microsoft's own clients make and this product's page does not: container names, policies, single proxies.

use arm_sim::Progress;
use serde_json::{Value, json};

use crate::support::{Client, FABRIKAM, GUARDED, Heard, NEU, PRODUCTION, VERSION, Vault, WEU, group};

/// The api-version of azure-cli 2.91.0.
const CLI: &str = "2026-08-01";
/// The api-version of azure-mgmt-recoveryservicesbackup 11.2.0.
const SDK: &str = "2026-10-01";

fn containers(c: &mut Client, vault: &Vault, filter: &str) -> Vec<Value> {
    let url = format!("{}/backupProtectionContainers?api-version={CLI}&$filter={filter}", vault.id());
    c.list(&url.replace(' ', "%20"))
}

#[test]
fn the_newest_versions_are_served_and_a_future_one_is_refused() {
    let mut c = Client::new(Progress::AtOnce);
    for version in [CLI, SDK] {
        let source = c.source(WEU, "web-01", 0);
        let accepted = c.send("POST", &source.url(version), Some(&json!({"properties": source.disks()}))).unwrap();
        assert_eq!(accepted.status, 202, "{version}: {}", accepted.body);
        let job = c.job_of(&accepted);
        assert_eq!(c.end_of(&WEU, &job)["status"], "Completed", "{version}");
    }
    let heard = c.get(&format!("{}/backupProtectedItems?api-version=2027-01-01", WEU.id()));
    assert_eq!((heard.status, heard.code()), (400, "NoRegisteredProviderFound"));
}

#[test]
fn a_friendly_name_leads_to_the_container() {
    let mut c = Client::new(Progress::AtOnce);
    let found = containers(
        &mut c,
        &WEU,
        "backupManagementType eq 'AzureIaasVM' and friendlyName eq 'web-01' and status eq 'Registered'",
    );
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["name"], "IaasVMContainer;iaasvmcontainerv2;rg-web;web-01");
    assert_eq!(
        found[0]["properties"],
        json!({
            "virtualMachineId": format!("{}/providers/Microsoft.Compute/virtualMachines/web-01", group(PRODUCTION, "rg-web")),
            "virtualMachineVersion": "Compute",
            "resourceGroup": "rg-web",
            "friendlyName": "web-01",
            "backupManagementType": "AzureIaasVM",
            "registrationStatus": "Registered",
            "healthStatus": "Healthy",
            "containerType": "Microsoft.Compute/virtualMachines",
            "protectableObjectType": "Microsoft.Compute/virtualMachines",
        })
    );
    let item = c.item(&WEU, "web-01");
    assert!(item["id"].as_str().unwrap().starts_with(&format!("{}/protectedItems/", found[0]["id"].as_str().unwrap())));
    // As recorded: a soft-deleted item is listed among the registered ones.
    let deleted = containers(&mut c, &WEU, "friendlyName eq 'deleted-01' and status eq 'Registered'");
    assert_eq!(deleted[0]["properties"]["registrationStatus"], "SoftDeleted");
    assert_eq!(containers(&mut c, &WEU, "status eq 'SoftDeleted'").len(), 1);
    assert_eq!(containers(&mut c, &WEU, "backupManagementType eq 'AzureIaasVM'").len(), 30);
    assert!(containers(&mut c, &WEU, "backupManagementType eq 'AzureStorage'").is_empty());
    assert!(containers(&mut c, &NEU, "friendlyName eq 'web-01'").is_empty());
}

#[test]
fn a_guarded_vault_has_one_proxy() {
    let mut c = Client::new(Progress::AtOnce);
    let one = c.get(&format!("{}/backupResourceGuardProxies/VaultProxy?api-version={CLI}", GUARDED.id())).body;
    let list = c.list(&format!("{}/backupResourceGuardProxies?api-version={CLI}", GUARDED.id()));
    assert_eq!(list, [one]);
    let heard = c.get(&format!("{}/backupResourceGuardProxies/other?api-version={CLI}", GUARDED.id()));
    assert_eq!(heard.status, 404);
}

#[test]
fn policies_and_settings() {
    let mut c = Client::new(Progress::AtOnce);
    let list = c.list(&format!(
        "{}/backupPolicies?api-version={CLI}&$filter=backupManagementType%20eq%20'AzureIaasVM'",
        WEU.id()
    ));
    let one = c.get(&format!("{}/backupPolicies/defaultpolicy?api-version={CLI}", WEU.id())).body;
    assert_eq!(list, std::slice::from_ref(&one));
    let item = c.item(&WEU, "web-01");
    assert_eq!(item["properties"]["policyId"], one["id"]);
    assert_eq!(one["properties"]["protectedItemsCount"], 28, "one is stopped, one is deleted");
    let config = c.get(&format!("{}/backupconfig/vaultconfig?api-version={CLI}", WEU.id())).body;
    assert_eq!(config["properties"]["softDeleteFeatureState"], "Enabled");
}

#[test]
fn which_vault_protects_a_machine() {
    let mut c = Client::new(Progress::AtOnce);
    let mut ask = |region: &str, vm: &str| {
        let id = format!("{}/providers/Microsoft.Compute/virtualMachines/{vm}", group(PRODUCTION, "rg-web"));
        let url = format!(
            "/Subscriptions/{PRODUCTION}/providers/Microsoft.RecoveryServices/locations/{region}/backupStatus?api-version={CLI}"
        );
        c.send("POST", &url, Some(&json!({"resourceType": "VM", "resourceId": id}))).unwrap()
    };
    let heard = ask("westeurope", "web-01");
    assert_eq!((heard.status, heard.body["vaultId"].as_str()), (200, Some(WEU.id().as_str())));
    assert_eq!(heard.body["protectedItemName"], "vm;iaasvmcontainerv2;rg-web;web-01");
    assert_eq!(ask("westeurope", "web-99").body["protectionStatus"], "NotProtected");
    assert_eq!(ask("northeurope", "web-01").body["protectionStatus"], "NotProtected");
    assert_eq!(ask("atlantis", "web-01").status, 400);
}

#[test]
fn points_that_are_recommended_for_archive() {
    let mut c = Client::new(Progress::AtOnce);
    let id = c.item(&WEU, "db-linux-01")["id"].as_str().unwrap().to_owned();
    let url = format!("{id}/recoveryPointsRecommendedForMove?api-version={CLI}");
    let mut post = |body: Value| c.send("POST", &url, Some(&body)).unwrap().body["value"].as_array().unwrap().clone();
    let all = post(json!({"objectType": "ListRecoveryPointsRecommendedForMoveRequest", "excludedRPList": []}));
    assert!(all.len() > 100);
    assert!(
        all.iter().all(|p| p["properties"]["recoveryPointMoveReadinessInfo"]["ArchivedRP"]["isReadyForMove"] == true)
    );
    assert_eq!(post(json!({"excludedRPList": [all[0]["name"]]})).len(), all.len() - 1);
}

#[test]
fn a_machine_with_its_instance_view() {
    let mut c = Client::new(Progress::AtOnce);
    let vm = format!("{}/providers/Microsoft.Compute/virtualMachines/web-01", group(PRODUCTION, "rg-web"));
    let view = c.get(&format!("{vm}/instanceView?api-version=2024-07-01")).body;
    assert_eq!(view["statuses"][1]["code"], "PowerState/running");
    let expanded = c.get(&format!("{vm}?$expand=instanceView&api-version=2024-07-01")).body;
    assert_eq!(expanded["properties"]["instanceView"], view);
    assert!(c.get(&format!("{vm}?api-version=2024-07-01")).body["properties"]["instanceView"].is_null());
    assert_eq!(c.get(&format!("{vm}x/instanceView?api-version=2024-07-01")).status, 404);
}

fn mount(c: &mut Client, vm: &str, version: &str) -> (String, Heard) {
    let source = c.source(WEU, vm, 0);
    let body = json!({"properties": {"objectType": "IaasVMILRRegistrationRequest", "recoveryPointId": source.point["name"], "virtualMachineId": source.vm_id}});
    let url = source.url(version).replace("/restore?", "/provisionInstantItemRecovery?");
    (source.point["id"].as_str().unwrap().to_owned(), c.send("POST", &url, Some(&body)).unwrap())
}

#[test]
fn scripts_of_file_recovery_come_by_a_call_of_their_own() {
    let mut c = Client::new(Progress::Timetable);
    let (point, accepted) = mount(&mut c, "web-01", CLI);
    let url = accepted.header("azure-asyncoperation").to_owned();
    let operation = url.split('?').next().unwrap().rsplit('/').next().unwrap().to_owned();
    let results = |version: &str| format!("{point}/listInstantItemRecoveryOperationResult?api-version={version}");
    let body = json!({"provisionInstantItemRecoveryOperationId": operation});
    assert_eq!(c.send("POST", &results(CLI), Some(&body)).unwrap().status, 400, "not yet");
    c.wait(60);
    let status = c.get(&url).body;
    assert_eq!(status["status"], "Succeeded");
    assert!(status["properties"]["recoveryTarget"].is_null(), "no longer with the status: {status}");
    let older = c.get(&format!("{}/backupOperations/{operation}?api-version={VERSION}", WEU.id())).body;
    let scripts = c.send("POST", &results(SDK), Some(&body)).unwrap();
    assert_eq!((scripts.status, scripts.body["clientScripts"].as_array().map(Vec::len)), (200, Some(2)));
    assert_eq!(older["properties"]["recoveryTarget"]["clientScripts"], scripts.body["clientScripts"]);
    assert_eq!(c.send("POST", &results("2026-07-01"), Some(&body)).unwrap().code(), "InvalidResourceType");
    let other = json!({"provisionInstantItemRecoveryOperationId": "0"});
    assert_eq!(c.send("POST", &results(CLI), Some(&other)).unwrap().status, 400);
}

#[test]
fn deleted_vaults_are_listed_by_region() {
    let mut c = Client::new(Progress::AtOnce);
    let url = format!(
        "/subscriptions/{FABRIKAM}/providers/Microsoft.RecoveryServices/locations/eastus/deletedVaults?api-version=2026-05-01"
    );
    assert!(c.list(&url).is_empty());
}
