//! The restore requests of Azure's article and of Microsoft's own clients, made again from the choices behind them.

use azure_backup::arm::call::{ApiVersion, Call};
use azure_backup::arm::id::{ArmId, SubscriptionId};
use azure_backup::backup::{item, recovery_point, vault};
use bytes::Bytes;
use serde_json::{Value, json};
use vm_restore::restore::draft::{DiskNetworkAccess, DiskTarget, Draft};
use vm_restore::restore::facts::{Facts, Lookups};
use vm_restore::restore::plan::plan;
use vm_restore::restore::scenario::Scenario;

use crate::justified::{Verdict, compare, shared};

fn read<T>(call: &Call<T>, body: &Value) -> T {
    let answer = http::Response::builder().status(200).body(Bytes::from(body.to_string())).unwrap();
    call.read(&answer).unwrap()
}

/// What Azure would have said around a request: a vault, an item and a point for which it makes sense.
fn facts(path: &str, properties: &Value, version: &str) -> Facts {
    let version: ApiVersion = version.parse().unwrap();
    let point_id = path.strip_suffix("/restore").unwrap();
    let (item_id, _) = point_id.rsplit_once("/recoveryPoints/").unwrap();
    let (vault_id, _) = item_id.split_once("/backupFabrics/").unwrap();
    let vault_id = ArmId::parse(vault_id).unwrap();
    let source = &properties["sourceResourceId"];
    let disks = properties["restoreDiskLunList"].as_array().map(|luns| {
        let data: Vec<Value> = luns.iter().chain([&json!(60)]).map(|l| json!({"lun": l, "name": format!("data-{l}")})).collect();
        json!({"numberOfDisksIncludedInBackup": data.len() + 1, "numberOfDisksAttachedToVm": data.len() + 2,
               "includedDiskList": ([json!({"lun": -1, "name": "os"})].into_iter().chain(data).collect::<Vec<Value>>())})
    });
    let vault = read(
        &vault::get(&vault_id),
        &json!({"id": vault_id.as_str(), "name": vault_id.name(), "location": properties["region"], "type": "Microsoft.RecoveryServices/vaults", "properties": {}}),
    );
    let item_id = ArmId::parse(item_id).unwrap();
    let item = read(
        &item::get(&item_id, &version),
        &json!({"id": item_id.as_str(), "name": item_id.name(), "properties": {
        "protectedItemType": "Microsoft.Compute/virtualMachines", "friendlyName": "vm", "sourceResourceId": source, "virtualMachineId": source, "protectionState": "Protected"}}),
    );
    let point = read(
        &recovery_point::get(&item_id, properties["recoveryPointId"].as_str().unwrap(), &version),
        &json!({
        "id": point_id, "name": properties["recoveryPointId"], "properties": {
            "objectType": "IaasVMRecoveryPoint", "recoveryPointType": "AppConsistent", "recoveryPointTime": "2024-05-14T08:49:45.1234567Z",
            "recoveryPointTierDetails": [{"type": "InstantRP", "status": "Valid"}, {"type": "HardenedRP", "status": "Valid"}],
            "isManagedVirtualMachine": true, "recoveryPointDiskConfiguration": disks,
            "originalStorageAccountOption": properties.get("originalStorageAccountOption").unwrap_or(&json!(false)),
            "isPrivateAccessEnabledOnAnyDisk": properties.get("targetDiskNetworkAccessSettings").is_some()}}),
    );
    Facts {
        version,
        vault: vault.into(),
        item: item.into(),
        point: point.into(),
        detailed: true,
        encryption_at_rest: None,
        guard_requests: Vec::new(),
        source_exists: Some(true),
        name_taken: Some(false),
        lookups: Lookups::default(),
    }
}

/// The choices behind a recorded request: which scenario, which disks, which resources.
fn choices(properties: &Value) -> Draft {
    let id = |key: &str| properties[key].as_str().filter(|s| !s.is_empty()).map(|s| ArmId::parse(s).unwrap());
    let luns = properties["restoreDiskLunList"].as_array();
    let target_group = id("targetResourceGroupId");
    let access = &properties["targetDiskNetworkAccessSettings"];
    Draft {
        scenario: Some(match (properties["recoveryType"].as_str().unwrap(), luns) {
            ("OriginalLocation", _) => Scenario::ReplaceDisks,
            ("AlternateLocation", _) => Scenario::AnotherVm,
            ("RestoreDisks", Some(_)) => Scenario::SelectedDisks,
            ("RestoreDisks", None) => Scenario::RestoreDisks,
            (other, _) => panic!("unknown recoveryType {other}"),
        }),
        disk_target: if target_group.is_some() { DiskTarget::ManagedDisks } else { DiskTarget::UnmanagedVhds },
        luns: luns.into_iter().flatten().map(|l| i32::try_from(l.as_i64().unwrap()).unwrap()).collect(),
        staging_account: id("storageAccountId"),
        target_subscription: target_group
            .as_ref()
            .and_then(|g| g.subscription())
            .map(|s| SubscriptionId::parse(s).unwrap()),
        target_group,
        vm_name: id("targetVirtualMachineId").map(|i| i.name().to_owned()).unwrap_or_default(),
        network: id("virtualNetworkId"),
        subnet: id("subnetId"),
        disk_network_access: access["targetDiskNetworkAccessOption"].as_str().map(|option| match option {
            "SameAsOnSourceDisks" => DiskNetworkAccess::SameAsSource,
            "EnablePublicAccessForAllDisks" => DiskNetworkAccess::Public,
            "EnablePrivateAccessForAllDisks" => DiskNetworkAccess::Private,
            other => panic!("unknown option {other}"),
        }),
        disk_access: access["targetDiskAccessId"].as_str().map(|s| ArmId::parse(s).unwrap()),
        ..Draft::default()
    }
}

/// The body that the plan makes of the choices behind `recorded`, compared with it.
fn verdict(path: &str, version: &str, recorded: &Value) -> Verdict {
    let properties = &recorded["properties"];
    let plan =
        plan(&facts(path, properties, version), &choices(properties)).unwrap_or_else(|why| panic!("{path}: {why:?}"));
    assert!(plan.warnings.iter().all(|w| !w.blocks()));
    compare(recorded, &serde_json::from_str(plan.text()).unwrap())
}

#[test]
fn the_articles_four_examples() {
    let Some(dir) = shared("the article's request bodies") else { return };
    let text = std::fs::read_to_string(dir.join("restore-rest-api.txt")).unwrap();
    let primary = text.split("Cross Region Restore").next().unwrap();
    let mut verdicts = Vec::new();
    for start in primary.match_indices("{\n").map(|(at, _)| at) {
        let mut stream = serde_json::Deserializer::from_str(&primary[start..]).into_iter::<Value>();
        let Some(Ok(body)) = stream.next() else { continue };
        if body["properties"]["recoveryType"].is_null() {
            continue;
        }
        let path = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/testVaultRG/providers/Microsoft.RecoveryServices/vaults/testVault/backupFabrics/Azure/protectionContainers/iaasvmcontainer;iaasvmcontainerv2;testRG;testVM/protectedItems/VM;testRG;testVM/recoveryPoints/20982486783671/restore";
        verdicts.push(verdict(path, "2019-05-13", &body));
    }
    println!("article's examples: {} of 4 equal but for justified differences: {verdicts:?}", verdicts.len());
    assert_eq!(verdicts.len(), 4);
    assert!(verdicts.iter().all(|v| matches!(v, Verdict::Justified(_))), "{verdicts:?}");
}

/// Recorded requests: equal, equal but for justified differences, unsupported.
pub(crate) fn recorded() -> Option<(usize, usize, usize)> {
    let dir = shared("recorded restore requests")?;
    let text = std::fs::read_to_string(dir.join("corpus/corpora/restore-requests-all.jsonl")).unwrap();
    let (mut equal, mut justified, mut unsupported) = (0, 0, 0);
    for line in text.lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        let (url, body) = (row["url"].as_str().unwrap(), &row["request_body"]);
        let (path, query) = url.split_once('?').unwrap();
        let path = path.strip_prefix("https://management.azure.com").unwrap().replace("%3B", ";");
        if !path.ends_with("/restore") {
            unsupported += 1; // cross-region: another API
            continue;
        }
        let version = query.split('&').find_map(|p| p.strip_prefix("api-version=")).unwrap();
        match verdict(&path, version, body) {
            Verdict::Equal => equal += 1,
            Verdict::Justified(_) => justified += 1,
            Verdict::Different(why) => panic!("{url}: {why:?}"),
        }
    }
    assert_eq!(equal + justified + unsupported, text.lines().count());
    Some((equal, justified, unsupported))
}

#[test]
fn every_recorded_request() {
    let Some((equal, justified, unsupported)) = recorded() else { return };
    let all = equal + justified + unsupported;
    println!(
        "recorded requests: {equal} equal, {justified} equal but for justified differences, {unsupported} unsupported (cross-region), of {all}"
    );
    assert!(equal >= 100 && unsupported < 20, "{equal} {justified} {unsupported}");
}
