//! Azure's published examples decode, and its published definitions agree with our table of versions.

use crate::{
    route::decoder,
    samples::{restore_request, without_blanks},
    shared,
};
use azure_backup::backup::restore_request::{FIELD_SINCE, IaasVmRestoreRequest};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

const DEFINITIONS: [&str; 7] = [
    "recoveryservicesbackup/stable/2019-05-13/bms.json",
    "recoveryservicesbackup/stable/2024-04-01/bms.json",
    "recoveryservicesbackup-passivestamp/stable/2018-12-20/bms.json",
    "recoveryservicesbackup-passivestamp/stable/2021-11-15/bms.json",
    "recoveryservicesbackup-passivestamp/stable/2023-01-15/bms.json",
    "recoveryservices/stable/2024-04-01/vaults.json",
    "resources/stable/2022-12-01/subscriptions.json",
];

/// (method, path, example) of every example that is there.
fn examples(spec: &Path) -> Vec<(String, String, PathBuf)> {
    let mut found = Vec::new();
    for file in DEFINITIONS {
        let definition = shared::json(&spec.join(file));
        for (path, methods) in definition["paths"].as_object().unwrap() {
            for (method, call) in methods.as_object().unwrap() {
                for example in call["x-ms-examples"].as_object().into_iter().flat_map(|examples| examples.values()) {
                    let place = spec.join(file).parent().unwrap().join(example["$ref"].as_str().unwrap());
                    if place.is_file() {
                        found.push((method.to_uppercase(), path.clone(), place));
                    }
                }
            }
        }
    }
    found
}

#[test]
fn published_examples_decode() {
    let Some(dir) = recorded::traffic("published examples") else { return };
    let all = examples(&dir.join("azure-spec"));
    let (mut decoded, mut requests, mut blanks, mut mismatches) = (BTreeMap::<&str, usize>::new(), 0, 0, Vec::new());
    let mut folder: Vec<PathBuf> = all.iter().map(|(_, _, path)| path.clone()).collect();
    let newest = dir.join("azure-spec/recoveryservicesbackup/stable/2026-07-01/examples/AzureIaasVm");
    folder.extend(std::fs::read_dir(newest).unwrap().map(|entry| entry.unwrap().path()));
    for (method, path, place) in &all {
        let Some((kind, read)) = decoder(method, path) else { continue };
        let example = shared::json(place);
        let body = &example["responses"]["200"]["body"];
        let other = body["properties"]["objectType"].as_str().is_some_and(|kind| !kind.starts_with("IaasVM"));
        // The definitions hold examples of other workloads, whose recovery points look otherwise.
        if body.is_null() || (other && kind.starts_with("recovery point")) {
            continue;
        }
        match read(&shared::ok(body)) {
            Ok(_) => *decoded.entry(kind).or_default() += 1,
            Err(fault) => mismatches.push(format!("{}: {}", place.display(), fault.message)),
        }
    }
    for place in folder {
        let example = shared::json(&place);
        let parameters = example["parameters"].as_object().unwrap();
        for body in parameters.values() {
            let raw = restore_request(body);
            if !raw["objectType"].as_str().is_some_and(|kind| kind.starts_with("IaasVMRestore")) {
                continue;
            }
            requests += 1;
            match serde_json::from_value::<IaasVmRestoreRequest>(raw.clone()).and_then(serde_json::to_value) {
                Ok(again) if again == *raw => {}
                Ok(again) if without_blanks(&again) == without_blanks(raw) => blanks += 1,
                Ok(again) => mismatches.push(format!("{}: {raw} became {again}", place.display())),
                Err(error) => mismatches.push(format!("{}: {error}", place.display())),
            }
        }
    }
    let total: usize = decoded.values().sum();
    println!(
        "published examples: {total} answers decoded {decoded:?}, {requests} restore bodies read and written ({blanks} but for null or \"\"), {} mismatches",
        mismatches.len()
    );
    assert_eq!(mismatches, Vec::<String>::new());
    assert!(total > 25 && requests > 10);
}

/// The fields of the restore request with its parent, as a definition declares them.
fn declared(definition: &Value) -> BTreeSet<String> {
    let names = ["RestoreRequest", "IaasVMRestoreRequest", "IaasVMRestoreWithRehydrationRequest"];
    let of = |name: &str| definition["definitions"][name].as_object().cloned().unwrap_or_default();
    let mut fields = BTreeSet::new();
    for model in names.map(of) {
        let all_of = model.get("allOf").and_then(Value::as_array).cloned().unwrap_or_default();
        for part in all_of.iter().chain([&Value::Object(model)]) {
            fields.extend(part["properties"].as_object().into_iter().flatten().map(|(name, _)| name.clone()));
        }
    }
    fields
}

/// The fields that we can send, by name: what a request with everything in it serializes to.
fn ours() -> BTreeSet<String> {
    let id = "/subscriptions/s";
    let all = json!({
        "objectType": "x", "recoveryPointId": "1", "recoveryType": "RestoreDisks", "sourceResourceId": id, "targetVirtualMachineId": id, "targetResourceGroupId": id,
        "storageAccountId": id, "virtualNetworkId": id, "subnetId": id, "targetDomainNameId": id, "region": "r", "affinityGroup": "a", "createNewCloudService": true,
        "originalStorageAccountOption": true, "encryptionDetails": {}, "restoreDiskLunList": [], "restoreWithManagedDisks": true, "diskEncryptionSetId": id, "zones": [],
        "identityInfo": {}, "identityBasedRestoreDetails": {}, "extendedLocation": { "name": "e", "type": "t" }, "securedVMDetails": {},
        "targetDiskNetworkAccessSettings": { "targetDiskNetworkAccessOption": "x" }, "resourceGuardOperationRequests": [],
        "recoveryPointRehydrationInfo": { "rehydrationRetentionDuration": "P15D", "rehydrationPriority": "High" }
    });
    let request: IaasVmRestoreRequest = serde_json::from_value(all).unwrap();
    serde_json::to_value(&request).unwrap().as_object().unwrap().keys().cloned().collect()
}

#[test]
fn the_table_of_versions_agrees_with_azures_definitions() {
    let Some(dir) = recorded::traffic("table of versions") else { return };
    let mut compared = 0;
    for (version, file) in [("2019-05-13", DEFINITIONS[0]), ("2024-04-01", DEFINITIONS[1])] {
        let declared = declared(&shared::json(&dir.join("azure-spec").join(file)));
        let unknown = |name: &String| FIELD_SINCE.iter().any(|field| field.json_name == name && version < field.since);
        let known: BTreeSet<String> = ours().into_iter().filter(|name| !unknown(name)).collect();
        assert_eq!(known, declared, "fields of {version}");
        compared += declared.len();
    }
    // The newest version has no definition at hand but tables of its models.
    let models = shared::json(&dir.join("azure-spec/recoveryservicesbackup/derived-2026-07-01/models.json"));
    let names = ["RestoreRequest", "IaasVMRestoreRequest", "IaasVMRestoreWithRehydrationRequest"];
    let fields =
        |name: &str| models["models"][name]["fields"].as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(names.map(fields).into_iter().flatten().collect::<BTreeSet<_>>(), ours(), "fields of 2026-07-01");
    println!(
        "published definitions: {} fields of 3 api-versions agree with the table of versions",
        compared + ours().len()
    );
    assert!(compared > 30);
}
