//! Checks the simulator's answers against Azure's own schemas.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use arm_sim::Progress;
use serde_json::{Value, json};

use crate::schema::Swagger;
use crate::secondary::{Crossing, VERSIONS};
use crate::support::{Client, DOWN, FABRIKAM, FAULTS, GUARDED, Heard, NEU, NEWS, PRODUCTION, TEST, Vault, WEU, ZRS};

/// Members that were recorded but are not in the schemas of the same version.
const EXTRAS: &[&str] = &[
    ".createdWithPolicyType is not in the schema",
    ".threatStatus is not in the schema",
    ".sourceSideScanning is not in the schema",
    ".taskType is not in the schema",
    ".backupStorageVersion is not in the schema",
    // Recorded with 2019-06-15.
    ".containerName is not in the schema",
    // Recorded with 2021-11-15 in the secondary region.
    ".crossRegionRestoreState is not in the schema",
    ".isPrivateAccessEnabledOnAnyDisk is not in the schema",
    // Unknown to the schema on purpose.
    ".rpReplicationLagInHours is not in the schema",
    ".rpSchemaRevision is not in the schema",
    // The last page of a list has none.
    " lacks nextLink",
];

fn shared() -> Option<PathBuf> {
    recorded::traffic("Azure's schemas").map(|folder| folder.join("azure-spec"))
}

struct Inspector {
    documents: Vec<(&'static str, Swagger)>,
    checked: BTreeMap<String, u32>,
    unknown: BTreeSet<String>,
    wrong: BTreeSet<String>,
}

impl Inspector {
    fn new(spec: &std::path::Path) -> Self {
        let documents = [
            ("backup 2024-04-01", "recoveryservicesbackup/stable/2024-04-01/bms.json"),
            ("backup 2019-05-13", "recoveryservicesbackup/stable/2019-05-13/bms.json"),
            ("secondary 2018-12-20", "recoveryservicesbackup-passivestamp/stable/2018-12-20/bms.json"),
            ("secondary 2021-11-15", "recoveryservicesbackup-passivestamp/stable/2021-11-15/bms.json"),
            ("secondary 2023-01-15", "recoveryservicesbackup-passivestamp/stable/2023-01-15/bms.json"),
            ("vaults 2024-04-01", "recoveryservices/stable/2024-04-01/vaults.json"),
            ("subscriptions 2022-12-01", "resources/stable/2022-12-01/subscriptions.json"),
        ];
        let read = |path: &str| Swagger(serde_json::from_slice(&std::fs::read(spec.join(path)).unwrap()).unwrap());
        Self {
            documents: documents.map(|(name, path)| (name, read(path))).into(),
            checked: BTreeMap::new(),
            unknown: BTreeSet::new(),
            wrong: BTreeSet::new(),
        }
    }

    /// Validates an answer against the schema of its version, or else of another one.
    fn inspect(&mut self, method: &str, url: &str, heard: &Heard) {
        let url = url.trim_start_matches("https://management.azure.com");
        let (path, query) = url.split_once('?').unwrap_or((url, ""));
        let path = path.replace("%3B", ";");
        let path = path.trim_end_matches('/');
        let version = query.split('&').find_map(|p| p.strip_prefix("api-version=")).unwrap_or_default();
        let (own, others): (Vec<_>, Vec<_>) = self.documents.iter().partition(|(name, _)| name.ends_with(version));
        let mut documents = own.into_iter().chain(others);
        let found = documents.find_map(|(name, s)| Some((*name, s, s.response(method, path, heard.status)?)));
        let mut words = path.split('/').filter(|p| p.len() > 3 && p.chars().all(|c| c.is_ascii_alphabetic()));
        let label = format!("{method} {version} {} {}", words.next_back().unwrap_or_default(), heard.status);
        let Some((name, swagger, schema)) = found else {
            self.unknown.insert(label);
            return;
        };
        let mut wrong = BTreeSet::new();
        match schema {
            Some(schema) => swagger.check(schema, &heard.body, &label, &mut wrong),
            None if !heard.raw.is_empty() => drop(wrong.insert(format!("{label} has a body where none is expected"))),
            None => {}
        }
        self.wrong.extend(wrong.into_iter().filter(|w| !EXTRAS.iter().any(|e| w.ends_with(e))));
        *self.checked.entry(name.to_owned()).or_default() += 1;
    }

    fn get(&mut self, c: &mut Client, url: &str) -> Heard {
        let heard = c.get(url);
        self.inspect("GET", url, &heard);
        heard
    }

    fn list(&mut self, c: &mut Client, url: &str) -> Vec<Value> {
        let (mut url, mut all) = (url.to_owned(), Vec::new());
        loop {
            let page = self.get(c, &url);
            all.extend(page.body["value"].as_array().cloned().unwrap_or_default());
            match page.body["nextLink"].as_str() {
                Some(next) => url = next.to_owned(),
                None => return all,
            }
        }
    }

    /// Everything there is to read in a vault.
    fn vault(&mut self, c: &mut Client, vault: &Vault, version: &str) {
        let v = |rest: &str| format!("{}{rest}?api-version={version}", vault.id());
        for rest in [
            "/backupstorageconfig/vaultstorageconfig",
            "/backupEncryptionConfigs/backupResourceEncryptionConfig",
            "/backupResourceGuardProxies",
            "/backupResourceGuardProxies/VaultProxy",
            "/backupProtectionContainers",
            "/backupJobs/42",
        ] {
            self.get(c, &v(rest));
        }
        // These were recorded in one version only.
        if version == "2024-04-01" {
            for rest in ["/backupPolicies", "/backupPolicies/DefaultPolicy", "/backupconfig/vaultconfig"] {
                self.get(c, &v(rest));
            }
        }
        for job in self.list(c, &v("/backupJobs")) {
            self.get(c, &v(&format!("/backupJobs/{}", job["name"].as_str().unwrap())));
        }
        for item in self.list(c, &v("/backupProtectedItems")) {
            let id = item["id"].as_str().unwrap().to_owned();
            self.get(c, &format!("{id}?api-version={version}"));
            if item["properties"]["friendlyName"].as_str().unwrap().starts_with("fault-") {
                continue;
            }
            for point in self.list(c, &format!("{id}/recoveryPoints?api-version={version}")).iter().step_by(13) {
                self.get(c, &format!("{}?api-version={version}", point["id"].as_str().unwrap()));
            }
        }
    }

    fn post(&mut self, c: &mut Client, url: &str, body: &Value) -> Heard {
        let heard = c.send("POST", url, Some(body)).unwrap();
        self.inspect("POST", url, &heard);
        heard
    }

    /// Follows a 202 by all its URLs.
    fn follow(&mut self, c: &mut Client, accepted: &Heard) {
        for _ in 0..3 {
            for name in ["azure-asyncoperation", "location"] {
                let url = accepted.header(name).to_owned();
                self.get(c, &url);
            }
            c.wait(60);
        }
    }

    /// Runs every kind of restore that a version supports, with all calls that follow.
    fn restores(&mut self, c: &mut Client, version: &str) {
        let source = c.source(WEU, "web-01", 2);
        for body in [source.disks(), source.blobs(), source.in_place(), source.another("copy-01")] {
            let url = source.url(version);
            let accepted = self.post(c, &url, &json!({"properties": body}));
            assert_eq!(accepted.status, 202, "{}", accepted.body);
            self.follow(c, &accepted);
            let operation = accepted
                .header("location")
                .split("/operationResults/")
                .nth(1)
                .unwrap()
                .split('?')
                .next()
                .unwrap()
                .to_owned();
            self.get(c, &format!("{}/backupOperations/{operation}?api-version={version}", WEU.id()));
            self.get(c, &format!("{}/backupOperationResults/{operation}?api-version={version}", WEU.id()));
            for _ in 0..12 {
                let jobs = self.list(
                    c,
                    &format!("{}/backupJobs?api-version={version}&$filter=operation%20eq%20'Restore'", WEU.id()),
                );
                self.get(
                    c,
                    &format!("{}/backupJobs/{}?api-version={version}", WEU.id(), jobs[0]["name"].as_str().unwrap()),
                );
                c.wait(200);
            }
            self.post(c, &url, &json!({"properties": {"objectType": "x"}}));
            let validate = json!({"id": source.point["id"], "properties": {"objectType": "ValidateIaasVMRestoreOperationRequest", "restoreRequest": body}});
            self.post(c, &format!("{}/backupValidateOperation?api-version={version}", WEU.id()), &validate);
            if version == "2024-04-01" {
                let accepted = self.post(
                    c,
                    &format!("{}/backupTriggerValidateOperation?api-version={version}", WEU.id()),
                    &validate,
                );
                self.follow(c, &accepted);
            }
        }
        let files = json!({"properties": {"objectType": "IaasVMILRRegistrationRequest", "recoveryPointId": source.point["name"], "virtualMachineId": source.vm_id}});
        for verb in ["provisionInstantItemRecovery", "revokeInstantItemRecovery"] {
            let accepted = self.post(c, &source.url(version).replace("/restore?", &format!("/{verb}?")), &files);
            self.follow(c, &accepted);
        }
        let accepted = self.post(c, &source.url(version), &json!({"properties": source.blobs()}));
        let operation =
            c.get(accepted.header("azure-asyncoperation")).body["id"].as_str().unwrap_or_default().to_owned();
        c.wait(60);
        let job = c.get(accepted.header("azure-asyncoperation")).body["properties"]["jobId"]
            .as_str()
            .unwrap_or(&operation)
            .to_owned();
        let cancelled =
            self.post(c, &format!("{}/backupJobs/{job}/cancel?api-version={version}", WEU.id()), &json!({}));
        assert_eq!(cancelled.status, 202);
        self.post(c, &format!("{}/backupJobs/{job}/cancel?api-version={version}", WEU.id()), &json!({}));
    }
}

#[test]
fn answers_fit_azures_schemas() {
    let Some(spec) = shared() else { return };
    let mut i = Inspector::new(&spec);
    let mut c = Client::new(Progress::Timetable);
    i.list(&mut c, "/tenants?api-version=2022-12-01");
    i.list(&mut c, "/subscriptions?api-version=2022-12-01");
    i.get(&mut c, "/subscriptions/none?api-version=2022-12-01");
    for subscription in [PRODUCTION, TEST, FABRIKAM] {
        i.get(&mut c, &format!("/subscriptions/{subscription}?api-version=2022-12-01"));
        i.list(&mut c, &format!("/subscriptions/{subscription}/locations?api-version=2022-12-01"));
        for vault in i.list(
            &mut c,
            &format!(
                "/subscriptions/{subscription}/providers/Microsoft.RecoveryServices/vaults?api-version=2024-04-01"
            ),
        ) {
            i.get(&mut c, &format!("{}?api-version=2024-04-01", vault["id"].as_str().unwrap()));
        }
    }
    i.list(&mut c, &format!("/subscriptions/{PRODUCTION}/resourceGroups/rg-backup-weu/providers/Microsoft.RecoveryServices/vaults?api-version=2024-04-01"));
    for version in ["2024-04-01", "2019-05-13"] {
        for vault in [WEU, NEU, ZRS, FAULTS, GUARDED, NEWS] {
            i.vault(&mut c, &vault, version);
        }
        let mut fresh = Client::new(Progress::Timetable);
        i.restores(&mut fresh, version);
    }
    let total: u32 = i.checked.values().sum();
    println!("{total} answers checked against Azure's schemas: {:?}", i.checked);
    println!("not in these schemas: {:?}", i.unknown);
    assert!(
        i.wrong.is_empty(),
        "{} differences:\n{}",
        i.wrong.len(),
        i.wrong.iter().cloned().collect::<Vec<_>>().join("\n")
    );
    assert!(total > 1_000, "{total}");
}

#[test]
fn the_secondary_region_fits_azures_schemas() {
    let Some(spec) = shared() else { return };
    let mut i = Inspector::new(&spec);
    for version in VERSIONS {
        let mut c = Client::new(Progress::Timetable);
        for vault in [NEU, FAULTS, DOWN] {
            for item in i.list(&mut c, &format!("{}/backupProtectedItems/?api-version={version}", vault.id())) {
                if item["properties"]["friendlyName"].as_str().unwrap().starts_with("fault-") {
                    continue;
                }
                let id = item["id"].as_str().unwrap();
                for point in i.list(&mut c, &format!("{id}/recoveryPoints/?api-version={version}")).iter().step_by(7) {
                    i.get(&mut c, &format!("{}?api-version={version}", point["id"].as_str().unwrap()));
                }
            }
        }
        i.get(&mut c, &format!("{}/backupProtectedItems/?api-version={version}", WEU.id()));
        let x = Crossing::new(&mut c, NEU, version, "erp-02", 0);
        for body in [x.disks(), x.another("copy-01")] {
            let audience = i.get(&mut c, &x.location("backupAadProperties")).body;
            let token = i.post(&mut c, &x.token_url(), &audience);
            let request = |restore: &Value| json!({"crossRegionRestoreAccessDetails": token.body["properties"], "restoreRequest": restore});
            let accepted = i.post(&mut c, &x.location("backupCrossRegionRestore"), &request(&body));
            assert_eq!(accepted.status, 202, "{}", accepted.body);
            i.follow(&mut c, &accepted);
            let job = c.job_of(&accepted);
            for _ in 0..12 {
                i.post(&mut c, &x.location("backupCrrJob"), &json!({"resourceId": NEU.id(), "jobName": job}));
                i.post(&mut c, &x.location("backupCrrJobs"), &json!({"resourceId": NEU.id()}));
                c.wait(200);
            }
            i.post(&mut c, &x.location("backupCrossRegionRestore"), &request(&json!({})));
        }
    }
    let total: u32 = i.checked.values().sum();
    println!("{total} answers checked against Azure's schemas: {:?}", i.checked);
    println!("not in these schemas: {:?}", i.unknown);
    assert!(i.wrong.is_empty(), "{}", i.wrong.iter().cloned().collect::<Vec<_>>().join("\n"));
    for version in VERSIONS {
        assert!(i.checked[&format!("secondary {version}")] > 60, "{:?}", i.checked);
    }
}

#[test]
fn the_inspector_finds_faults() {
    let Some(spec) = shared() else { return };
    let mut c = Client::new(Progress::Timetable);
    let url = format!("{}/backupJobs?api-version=2024-04-01", WEU.id());
    let good = c.get(&url);
    type Break = fn(&mut Value);
    let breaks: [(Break, &str); 4] = [
        (|v| v["value"][0]["properties"]["startTime"] = json!(7), "type"),
        (|v| v["value"][0]["properties"]["colour"] = json!("red"), "not in the schema"),
        (|v| v["value"] = json!({}), "type"),
        (|v| drop(v["value"][0]["properties"].as_object_mut().unwrap().shift_remove("jobType")), "lacks jobType"),
    ];
    for (spoil, what) in breaks {
        let mut i = Inspector::new(&spec);
        let mut heard = good.clone();
        spoil(&mut heard.body);
        i.inspect("GET", &url, &heard);
        assert!(i.wrong.iter().any(|w| w.contains(what)), "{what}: {:?}", i.wrong);
    }
}
