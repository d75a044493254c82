//! Answers made from the field tables of Microsoft's own SDK, at the newest api-version: every field present, absent, null, and every enum with
//! each of its words, as a number, in another case and with a word that nobody knows.
//!
//! Whether a field is read is told by whether the decoded model changes when it is taken away. So a field of the tables is either read or in
//! [`NOT_READ`]: a new version's field has to be put into one of the two.

use crate::shared::{self, ok};
use azure_backup::{
    arm::{call::ApiVersion, id::ArmId},
    backup::{item, recovery_point},
};
use serde_json::{Map, Value, json};
use std::{collections::BTreeSet, fmt::Debug, path::Path};

const VERSION: ApiVersion = ApiVersion::NEWEST;
const ID: &str = "/subscriptions/s/resourceGroups/g/providers/Microsoft.RecoveryServices/vaults/v/backupFabrics/Azure/protectionContainers/c/protectedItems/p";

/// Fields that the client has no use for. A field below one of them is none either.
const NOT_READ: &[&str] = &[
    // Of a recovery point: what its type says already, free text, keys that a restore names by the draft, and what says whether it could be archived.
    "point.objectType",
    "point.recoveryPointAdditionalInfo",
    "point.keyAndSecret",
    "point.recoveryPointMoveReadinessInfo",
    "point.dataDiskMetadata",
    // Of a recovery point: what a restore does not depend on.
    "point.recoveryPointProperties.ruleName",
    // Of an item: what the list's filter asked for, what only a request says, details of health that Azure's portal shows.
    "item.backupManagementType",
    "item.workloadType",
    "item.containerName",
    "item.backupSetName",
    "item.createMode",
    "item.isDeferredDeleteScheduleUpcoming",
    "item.isRehydrate",
    "item.resourceGuardOperationRequests",
    "item.isArchiveEnabled",
    "item.vaultId",
    "item.healthDetails",
    "item.kpisHealths",
    "item.protectedItemDataId",
    "item.extendedInfo",
    "item.extendedProperties",
    "item.existingBasicVMProtection",
    // Of an item: its policy and the scans of its machine, which say nothing of its recovery points.
    "item.policyId",
    "item.policyName",
    "item.policyType",
    "item.protectionStatus",
    "item.sourceSideScanInfo",
];

/// Fields without which nothing can be done: a point has a time, and a disk that is restored is named by its LUN.
const NEEDED: &[&str] = &[
    "point.recoveryPointTime",
    "point.recoveryPointDiskConfiguration.includedDiskList.lun",
    "point.recoveryPointDiskConfiguration.excludedDiskList.lun",
];

/// What the tables cannot say: ids, times that they call text, durations, and words that are more than text.
fn special(path: &str) -> Option<Value> {
    Some(match path {
        "item.sourceResourceId" | "item.virtualMachineId" | "item.policyId" => json!(ID),
        "item.deferredDeleteTimeRemaining" => json!("13.23:59:39.9639675"),
        "point.recoveryPointProperties.expiryTime" => json!("2026-09-13T07:47:15.8603080"),
        _ => return None,
    })
}

/// One field of an answer.
struct Field {
    /// `point.threatInfo.threatState`.
    path: String,
    /// Where it stands: `/properties/threatInfo/0/threatState`.
    pointer: String,
    /// The words of its enum.
    words: Vec<String>,
    time: bool,
}

struct Tables<'a> {
    models: &'a Map<String, Value>,
    enums: &'a Map<String, Value>,
    fields: Vec<Field>,
}

impl Tables<'_> {
    /// The fields of a model with those of the models that it extends.
    fn of(&self, model: &str) -> Vec<(String, String)> {
        // The table has the newer model of a tier without the one that it extends.
        if model == "RecoveryPointTierInformationV2" {
            let own = [
                ("type", "Union[str, 'RecoveryPointTierType']"),
                ("status", "Union[str, 'RecoveryPointTierStatus']"),
                ("extendedInfo", "dict[str, str]"),
            ];
            return own.map(|(name, kind)| (name.to_owned(), kind.to_owned())).into();
        }
        let Some(table) = self.models.get(model) else { return Vec::new() };
        let mut all: Vec<_> =
            table["bases"].as_array().unwrap().iter().flat_map(|b| self.of(b.as_str().unwrap())).collect();
        for (name, field) in table["fields"].as_object().unwrap() {
            all.retain(|(known, _)| known != name);
            all.push((name.clone(), field["type"].as_str().unwrap().to_owned()));
        }
        all
    }

    /// A value of this type, and a note of every field in it.
    fn sample(&mut self, kind: &str, path: &str, pointer: &str) -> Value {
        let inner = |start: &str| kind.strip_prefix(start).map(|rest| &rest[..rest.len() - 1]);
        if let Some(kind) = inner("Opt[") {
            return self.sample(kind, path, pointer);
        }
        if let Some(kind) = inner("list[") {
            return json!([self.sample(kind, path, &format!("{pointer}/0"))]);
        }
        if kind.starts_with("dict[") {
            return json!({ "RehydratedRPExpiryTime": "2026-09-13T07:47:15.8603080" });
        }
        if let Some(word) = inner("Literal[").or(inner("Union[str, ")) {
            let word = word.trim_matches('\'');
            let words = self.words(kind);
            // Not the first word: it often says as much as nothing.
            return words.last().map_or(json!(word), |last| json!(last));
        }
        match kind.trim_matches('\'') {
            "str" => json!(format!("text of {path}")),
            "int" => json!(7),
            "bool" => json!(true),
            "datetime.datetime" => json!("2026-08-13T07:47:15.8603080"),
            model => self.model(model, path, pointer),
        }
    }

    fn words(&self, kind: &str) -> Vec<String> {
        let name = kind.split("Union[str, '").nth(1).and_then(|rest| rest.split('\'').next());
        let words = name.and_then(|name| self.enums.get(name)).and_then(Value::as_array);
        words.into_iter().flatten().map(|word| word.as_str().unwrap().to_owned()).collect()
    }

    fn model(&mut self, model: &str, path: &str, pointer: &str) -> Value {
        let mut object = Map::new();
        for (name, kind) in self.of(model) {
            let (path, pointer) = (format!("{path}.{name}"), format!("{pointer}/{name}"));
            let value = self.sample(&kind, &path, &pointer);
            object.insert(name, special(&path).unwrap_or(value));
            let (words, time) = (self.words(&kind), kind.contains("datetime"));
            self.fields.push(Field { path, pointer, words, time });
        }
        Value::Object(object)
    }
}

/// The body with another value in a place, or without the place.
fn with(body: &Value, pointer: &str, value: Option<Value>) -> Value {
    let mut body = body.clone();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = body.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    match value {
        Some(value) => parent.insert(name.to_owned(), value),
        None => parent.remove(name),
    };
    body
}

/// Checks every field of `model` and says how many fields and words there were.
fn every_field<T: Clone + Debug + PartialEq>(
    dir: &Path,
    model: &str,
    name: &str,
    read: impl Fn(&Value) -> Result<T, String>,
) -> (usize, usize) {
    let tables = shared::json(&dir.join("data-2026/backup-2026-10-01-derived-models.json"));
    let (models, enums) = (tables["models"].as_object().unwrap(), tables["enums"].as_object().unwrap());
    let mut tables = Tables { models, enums, fields: Vec::new() };
    let properties = tables.model(model, name, "/properties");
    let full = json!({ "id": format!("{ID}/recoveryPoints/1"), "properties": properties });
    let whole = read(&full).unwrap_or_else(|fault| panic!("{fault}: {full}"));
    let (mut wrong, mut words) = (Vec::new(), 0);
    for field in &tables.fields {
        let Field { path, pointer, .. } = field;
        let read_with = |value| read(&with(&full, pointer, value));
        let ours = !NOT_READ.iter().any(|no| path == no || path.starts_with(&format!("{no}.")));
        if NEEDED.contains(&path.as_str()) {
            assert!(read_with(None).is_err() && read_with(Some(Value::Null)).is_err(), "{path}");
            continue;
        }
        let (absent, null) = (read_with(None), read_with(Some(Value::Null)));
        match &absent {
            Err(fault) => wrong.push(format!("{path} absent: {fault}")),
            Ok(without) if (*without != whole) != ours => {
                wrong.push(format!("{path} is {}read", if ours { "not " } else { "" }));
            }
            Ok(_) => {}
        }
        if absent != null {
            wrong.push(format!("{path}: null is not as absent"));
        }
        if ours && field.time {
            let zoned = read_with(Some(json!("2026-08-13T07:47:15.8603080Z")));
            if zoned != Ok(whole.clone()) {
                wrong.push(format!("{path}: a time without a zone is not UTC"));
            }
        }
        if !ours || field.words.is_empty() {
            continue;
        }
        for (place, word) in field.words.iter().enumerate() {
            words += 1;
            let as_word = read_with(Some(json!(word)));
            let known = as_word.clone().unwrap_or_else(|fault| panic!("{path} {word}: {fault}"));
            for other in [json!(place), json!(word.to_lowercase()), json!(word.to_uppercase())] {
                if read_with(Some(other.clone())) != as_word {
                    wrong.push(format!("{path}: {other} is not {word}"));
                }
            }
            if format!("{known:?}").contains(&format!("Other(\"{word}\")")) {
                wrong.push(format!("{path}: {word} is not known"));
            }
        }
        for strange in [json!("AddedLater"), json!(""), json!(99)] {
            match read_with(Some(strange.clone())) {
                Err(fault) => wrong.push(format!("{path} {strange}: {fault}")),
                Ok(read) if strange == "AddedLater" && !format!("{read:?}").contains("\"AddedLater\"") => {
                    wrong.push(format!("{path}: an unknown word is not kept"));
                }
                Ok(_) => {}
            }
        }
    }
    let paths: BTreeSet<&str> = tables.fields.iter().map(|f| f.path.as_str()).collect();
    for unused in NOT_READ.iter().filter(|no| no.starts_with(name) && !paths.contains(*no)) {
        wrong.push(format!("{unused} is in no table"));
    }
    assert_eq!(wrong, Vec::<String>::new());
    (tables.fields.len(), words)
}

#[test]
fn recovery_points() {
    let Some(dir) = recorded::traffic("recovery points by the SDK's tables") else { return };
    let call = recovery_point::get(&ArmId::parse(ID).unwrap(), "1", &VERSION);
    let (fields, words) =
        every_field(&dir, "IaasVMRecoveryPoint", "point", |body| call.read(&ok(body)).map_err(|fault| fault.message));
    println!("derived models: {fields} fields and {words} words of a recovery point");
    assert!(fields > 55 && words >= 23, "{fields} {words}");
}

#[test]
fn items() {
    let Some(dir) = recorded::traffic("items by the SDK's tables") else { return };
    let call = item::get(&ArmId::parse(ID).unwrap(), &VERSION);
    let (fields, words) = every_field(&dir, "AzureIaaSComputeVMProtectedItem", "item", |body| {
        call.read(&ok(body)).map_err(|fault| fault.message)
    });
    println!("derived models: {fields} fields and {words} words of an item");
    assert!(fields > 40 && words >= 11, "{fields} {words}");
}

/// Azure's example of the call writes `diskSizeInGB`, its SDK reads `diskSizeInGb`.
#[test]
fn sizes_of_disks_come_in_either_spelling() {
    let Some(dir) = recorded::traffic("sizes of disks") else { return };
    let example = shared::json(&dir.join("data-2026/spec/backup-2026-10-01/GetRPExtendedInfo.json"));
    let properties = &example["responses"]["200"]["body"]["value"][0]["properties"];
    let disks = json!([properties["osDisk"], properties["dataDisks"][0]]);
    let respelled: Value = serde_json::from_str(&disks.to_string().replace("diskSizeInGB", "diskSizeInGb")).unwrap();
    assert_ne!(disks, respelled);
    for disks in [disks, respelled] {
        let body = json!({ "id": ID, "properties": { "recoveryPointTime": "2026-08-13T07:47:15Z",
            "recoveryPointDiskConfiguration": { "includedDiskList": disks } } });
        let point = recovery_point::get(&ArmId::parse(ID).unwrap(), "1", &VERSION).read(&ok(&body)).unwrap();
        let disks = point.disks.unwrap().included.unwrap();
        let told: Vec<_> = disks.iter().map(|d| (d.lun, d.size_gb, d.storage_type.as_deref())).collect();
        assert_eq!(told, [(-1, Some(127), Some("Premium_LRS")), (0, Some(1024), Some("StandardSSD_LRS"))]);
    }
}
