//! The newest answers against the models of azure-mgmt-recoveryservicesbackup 11.2.0, api-version 2026-10-01.

use std::collections::BTreeSet;

use arm_sim::Progress;
use serde_json::{Value, json};

use crate::support::{Client, NEU, NEWS, Vault, WEU, ZRS};

const NEWEST: &str = "2026-10-01";

/// Members that were recorded although the models lack them.
const RECORDED: &[&str] = &[
    "createdWithPolicyType is not in IaasVMRecoveryPoint",
    "threatSeverity is not one of ThreatSeverity: Medium",
    "softDeleteRetentionPeriod is not in AzureIaaSComputeVMProtectedItem",
    "taskType is not in AzureIaaSVMJobTaskDetails",
    // The official example writes it so.
    "diskSizeInGB is not in DiskInformation",
];

struct Models(Value);

impl Models {
    /// The type of a member, in a model or one of its base models.
    fn field(&self, model: &str, name: &str) -> Option<&str> {
        let model = &self.0["models"][model];
        let own = model["fields"][name]["type"].as_str();
        own.or_else(|| model["bases"].as_array()?.iter().filter_map(Value::as_str).find_map(|b| self.field(b, name)))
    }

    /// Whether a model has a base model that is not among the derived ones: then it may have other members.
    fn is_open(&self, model: &str) -> bool {
        let bases = self.0["models"][model]["bases"].as_array().into_iter().flatten().filter_map(Value::as_str);
        bases.into_iter().any(|b| b != "_Model" && (!self.0["models"][b].is_object() || self.is_open(b)))
    }

    /// Notes what in an object does not fit a model.
    fn check(&self, model: &str, value: &Value, wrong: &mut BTreeSet<String>) {
        assert!(self.0["models"][model].is_object(), "{model}");
        let Some(members) = value.as_object() else {
            wrong.insert(format!("{model} is not an object: {value}"));
            return;
        };
        for (name, member) in members {
            match self.field(model, name) {
                None if self.is_open(model) => {}
                None => drop(wrong.insert(format!("{name} is not in {model}"))),
                Some(kind) => self.fits(model, name, kind, member, wrong),
            }
        }
    }

    fn fits(&self, model: &str, name: &str, kind: &str, value: &Value, wrong: &mut BTreeSet<String>) {
        let kind = kind.strip_prefix("Opt[").and_then(|k| k.strip_suffix(']')).unwrap_or(kind);
        let inner = |prefix: &str| kind.strip_prefix(prefix).and_then(|k| k.strip_suffix(']'));
        if let Some(part) = inner("list[") {
            match value.as_array() {
                Some(values) => values.iter().for_each(|v| self.fits(model, name, part, v, wrong)),
                None => drop(wrong.insert(format!("{model}.{name} is not a list: {value}"))),
            }
            return;
        }
        if let Some(part) = inner("dict[str, ") {
            match value.as_object() {
                Some(values) => values.values().for_each(|v| self.fits(model, name, part, v, wrong)),
                None => drop(wrong.insert(format!("{model}.{name} is not a dictionary: {value}"))),
            }
            return;
        }
        if let Some(part) = inner("Union[str, ").map(|e| e.trim_matches('\'')) {
            let known = self.0["enums"][part].as_array();
            let text = value.as_str().unwrap_or_default();
            if known.is_some_and(|k| !k.iter().any(|n| n == text)) {
                wrong.insert(format!("{name} is not one of {part}: {text}"));
            }
            return;
        }
        let named = kind.trim_matches('\'');
        let fits = match kind {
            "str" | "datetime.datetime" | "datetime.timedelta" => value.is_string(),
            "bool" => value.is_boolean(),
            "int" => value.is_i64(),
            "float" => value.is_number(),
            _ if kind.starts_with("Literal[") => value.is_string(),
            // Some models are not among the derived ones.
            _ if kind.starts_with('\'') && self.0["models"][named].is_object() => {
                return self.check(named, value, wrong);
            }
            _ => true,
        };
        if !fits {
            wrong.insert(format!("{model}.{name} is not {kind}: {value}"));
        }
    }
}

fn models() -> Option<Models> {
    let path = recorded::traffic("the newest models")?.join("data-2026/backup-2026-10-01-derived-models.json");
    Some(Models(serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()))
}

#[test]
fn answers_fit_the_models_of_the_newest_sdk() {
    let Some(models) = models() else { return };
    let mut c = Client::new(Progress::Timetable);
    let (mut wrong, mut count, mut tiers) = (BTreeSet::new(), 0, BTreeSet::new());
    for vault in [NEWS, ZRS, WEU, NEU] {
        let v = |rest: &str| format!("{}{rest}?api-version={NEWEST}", Vault::id(&vault));
        for item in c.list(&v("/backupProtectedItems")) {
            models.check("AzureIaaSComputeVMProtectedItem", &item["properties"], &mut wrong);
            let id = item["id"].as_str().unwrap();
            for point in c.list(&format!("{id}/recoveryPoints?api-version={NEWEST}")).iter().take(40) {
                models.check("IaasVMRecoveryPoint", &point["properties"], &mut wrong);
                for tier in point["properties"]["recoveryPointTierDetails"].as_array().unwrap() {
                    tiers.insert(tier["type"].as_str().unwrap().to_owned());
                    let status = &tier["status"];
                    assert!(
                        models.0["enums"]["RecoveryPointTierStatus"].as_array().unwrap().contains(status),
                        "{tier}"
                    );
                }
                count += 1;
            }
        }
        for job in c.list(&v("/backupJobs")) {
            let job = c.get(&v(&format!("/backupJobs/{}", job["name"].as_str().unwrap()))).body;
            models.check("AzureIaaSVMJob", &job["properties"], &mut wrong);
            count += 1;
        }
    }
    let all: BTreeSet<_> =
        models.0["enums"]["RecoveryPointTierType"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!(tiers.iter().all(|t| all.contains(t.as_str())) && tiers.contains("IASnapshotRP"), "{tiers:?}");

    let point = c.source(NEWS, "instant-01", 0).point;
    let url = format!("{}/backupFabrics/Azure/getRPExtendedInfo?api-version={NEWEST}", NEWS.id());
    let info = c.send("POST", &url, Some(&json!({"properties": {"recoveryPointIds": [point["id"]]}}))).unwrap().body;
    models.check("IaasVMRPExtendedInfo", &info["value"][0]["properties"], &mut wrong);
    wrong.retain(|w| !RECORDED.iter().any(|known| w.starts_with(known)));
    assert!(wrong.is_empty(), "{}", wrong.into_iter().collect::<Vec<_>>().join("\n"));
    assert!(count > 1_000, "{count}");
}

#[test]
fn the_check_finds_what_does_not_fit() {
    let Some(models) = models() else { return };
    let mut c = Client::new(Progress::AtOnce);
    let source = c.source(WEU, "web-01", 2);
    let mut wrong = BTreeSet::new();
    for body in [source.disks(), source.blobs(), source.in_place(), source.another("copy-01")] {
        models.check("IaasVMRestoreRequest", &body, &mut wrong);
    }
    assert!(wrong.is_empty(), "{wrong:?}");
    for (name, value, what) in [
        ("colour", json!("red"), "colour is not in IaasVMRestoreRequest"),
        ("restoreDiskLunList", json!(["0"]), "IaasVMRestoreRequest.restoreDiskLunList is not int"),
        ("recoveryType", json!("Anywhere"), "recoveryType is not one of RecoveryType: Anywhere"),
        ("createNewCloudService", json!("no"), "IaasVMRestoreRequest.createNewCloudService is not bool"),
    ] {
        let mut body = source.disks();
        body[name] = value;
        let mut wrong = BTreeSet::new();
        models.check("IaasVMRestoreRequest", &body, &mut wrong);
        assert!(wrong.len() == 1 && wrong.iter().all(|w| w.starts_with(what)), "{wrong:?}");
    }
}
