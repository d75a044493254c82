//! A minimal client with a clock that tests advance.

use arm_sim::{Progress, Reply, Simulator};
use bytes::Bytes;
use http::{HeaderMap, Request};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

pub(crate) const ORIGIN: &str = "https://management.azure.com";
pub(crate) const PRODUCTION: &str = "5f1c0d3a-91b2-4e6f-8a77-0c0ffee00001";
pub(crate) const TEST: &str = "5f1c0d3a-91b2-4e6f-8a77-0c0ffee00002";
pub(crate) const SANDBOX: &str = "5f1c0d3a-91b2-4e6f-8a77-0c0ffee00003";
pub(crate) const FABRIKAM: &str = "a27e4b90-3d1f-4f58-9c0e-0fab1ca00001";
pub(crate) const VERSION: &str = "2024-04-01";

/// 2026-03-01T10:00:00Z
pub(crate) fn start() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_772_359_200).unwrap()
}

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Heard {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
    pub(crate) raw: Bytes,
}

impl Heard {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }

    pub(crate) fn code(&self) -> &str {
        self.body["error"]["code"].as_str().unwrap_or_default()
    }

    pub(crate) fn target(&self) -> &str {
        self.body["error"]["target"].as_str().unwrap_or_default()
    }
}

/// A simulator, a clock and a token.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    pub(crate) sim: Simulator,
    pub(crate) now: OffsetDateTime,
    pub(crate) token: Option<&'static str>,
}

impl Client {
    pub(crate) fn new(progress: Progress) -> Self {
        let mut sim = Simulator::new(1, start());
        sim.set_progress(progress);
        Self { sim, now: start(), token: None }
    }

    pub(crate) fn wait(&mut self, seconds: i64) {
        self.now += Duration::seconds(seconds);
    }

    /// Sends; `None` when the connection died.
    pub(crate) fn send(&mut self, method: &str, url: &str, body: Option<&Value>) -> Option<Heard> {
        self.send_text(method, url, body.map(Value::to_string))
    }

    /// Sends a body as it is.
    pub(crate) fn send_text(&mut self, method: &str, url: &str, body: Option<String>) -> Option<Heard> {
        let url = if url.starts_with('/') { format!("{ORIGIN}{url}") } else { url.to_owned() };
        let mut request = Request::builder()
            .method(method)
            .uri(url)
            .header("x-ms-client-request-id", "11111111-2222-4333-8444-555555555555");
        if let Some(token) = self.token {
            request = request.header("authorization", token);
        }
        let request = request.body(body.map(Bytes::from).unwrap_or_default()).unwrap();
        match self.sim.handle(self.now, &request) {
            Reply::Dropped { .. } => None,
            Reply::Answer(r) => {
                let (parts, raw) = r.into_parts();
                let body = serde_json::from_slice(&raw).unwrap_or(Value::Null);
                Some(Heard { status: parts.status.as_u16(), headers: parts.headers, body, raw })
            }
        }
    }

    pub(crate) fn get(&mut self, url: &str) -> Heard {
        self.send("GET", url, None).unwrap()
    }

    /// All pages of a list.
    pub(crate) fn list(&mut self, url: &str) -> Vec<Value> {
        let (mut url, mut all) = (url.to_owned(), Vec::new());
        loop {
            let page = self.get(&url);
            assert_eq!(page.status, 200, "{url}: {}", page.body);
            all.extend(page.body["value"].as_array().unwrap().iter().cloned());
            match page.body["nextLink"].as_str() {
                Some(next) => url = next.to_owned(),
                None => return all,
            }
        }
    }

    /// The protected item of a VM.
    pub(crate) fn item(&mut self, vault: &Vault, vm: &str) -> Value {
        let url =
            format!("{}/backupProtectedItems?api-version={VERSION}&$filter=friendlyName%20eq%20'{vm}'", vault.id());
        self.list(&url).into_iter().next().unwrap_or_else(|| panic!("{vm} is not in {}", vault.name))
    }

    /// The recovery points of a VM, the newest first.
    pub(crate) fn points(&mut self, vault: &Vault, vm: &str) -> Vec<Value> {
        let id = self.item(vault, vm)["id"].as_str().unwrap().to_owned();
        self.list(&format!("{id}/recoveryPoints?api-version={VERSION}"))
    }

    /// Everything that a restore of the `n`-th newest point of a VM needs to know.
    pub(crate) fn source(&mut self, vault: Vault, vm: &str, n: usize) -> Source {
        let vm_id = self.item(&vault, vm)["properties"]["sourceResourceId"].as_str().unwrap().to_owned();
        let point = self.points(&vault, vm).swap_remove(n);
        Source { vault, vm_id, point }
    }

    /// Sends a restore request.
    pub(crate) fn restore(&mut self, source: &Source, body: &Value) -> Option<Heard> {
        self.send("POST", &source.url(VERSION), Some(&json!({"properties": body})))
    }

    /// Follows a 202 to the job's id.
    pub(crate) fn job_of(&mut self, accepted: &Heard) -> String {
        let url = accepted.header("azure-asyncoperation").to_owned();
        for _ in 0..20 {
            let status = self.get(&url);
            match status.body["status"].as_str() {
                Some("Succeeded") => return status.body["properties"]["jobId"].as_str().unwrap().to_owned(),
                Some("Failed") => panic!("the operation failed: {}", status.body),
                _ => self.wait(60),
            }
        }
        panic!("the operation does not end");
    }

    /// One look at a job.
    pub(crate) fn job(&mut self, vault: &Vault, id: &str) -> Heard {
        self.get(&format!("{}/backupJobs/{id}?api-version={VERSION}", vault.id()))
    }

    /// Follows a job to its end.
    pub(crate) fn end_of(&mut self, vault: &Vault, id: &str) -> Value {
        for _ in 0..2_000 {
            let heard = self.job(vault, id);
            if heard.status == 200
                && !matches!(
                    heard.body["properties"]["status"].as_str(),
                    Some("InProgress" | "Cancelling" | "Verifying")
                )
            {
                return heard.body["properties"].clone();
            }
            self.wait(30);
        }
        panic!("the job does not end");
    }

    /// Restores, polls, and returns the finished job.
    pub(crate) fn complete(&mut self, source: &Source, body: &Value) -> Value {
        let accepted = self.restore(source, body).unwrap();
        assert_eq!(accepted.status, 202, "{}", accepted.body);
        let job = self.job_of(&accepted);
        self.end_of(&source.vault, &job)
    }
}

/// A vault's name and place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Vault {
    pub(crate) subscription: &'static str,
    pub(crate) group: &'static str,
    pub(crate) name: &'static str,
    pub(crate) region: &'static str,
}

impl Vault {
    pub(crate) fn id(&self) -> String {
        format!(
            "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.RecoveryServices/vaults/{}",
            self.subscription, self.group, self.name
        )
    }
}

pub(crate) const WEU: Vault =
    Vault { subscription: PRODUCTION, group: "rg-backup-weu", name: "contoso-vault-weu", region: "westeurope" };
pub(crate) const NEU: Vault =
    Vault { subscription: PRODUCTION, group: "rg-backup-neu", name: "contoso-vault-neu", region: "northeurope" };
pub(crate) const ZRS: Vault =
    Vault { subscription: PRODUCTION, group: "rg-backup-weu", name: "contoso-vault-zrs", region: "westeurope" };
pub(crate) const FAULTS: Vault =
    Vault { subscription: PRODUCTION, group: "rg-backup-weu", name: "contoso-vault-faults", region: "westeurope" };
/// What came in 2026.
pub(crate) const NEWS: Vault =
    Vault { subscription: PRODUCTION, group: "rg-backup-weu", name: "contoso-vault-2026", region: "westeurope" };
/// Its primary region is down.
pub(crate) const DOWN: Vault =
    Vault { subscription: TEST, group: "rg-shop", name: "fault-vault-region-down", region: "northeurope" };
pub(crate) const GUARDED: Vault =
    Vault { subscription: FABRIKAM, group: "rg-fabrikam-backup", name: "fabrikam-vault-guarded", region: "eastus" };

/// What is restored.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    pub(crate) vault: Vault,
    pub(crate) vm_id: String,
    pub(crate) point: Value,
}

impl Source {
    pub(crate) fn url(&self, version: &str) -> String {
        format!("{}/restore?api-version={version}", self.point["id"].as_str().unwrap())
    }

    fn with(&self, kind: &str, more: Value) -> Value {
        let mut body = json!({
            "objectType": "IaasVMRestoreRequest",
            "recoveryPointId": self.point["name"],
            "recoveryType": kind,
            "sourceResourceId": self.vm_id,
            "storageAccountId": account(if self.vault.region == "northeurope" { "contosostageneu" } else { "contosostageweu" }),
            "region": self.vault.region,
            "createNewCloudService": false,
            "originalStorageAccountOption": false,
        });
        merge(&mut body, more);
        body
    }

    /// Disks into a resource group.
    pub(crate) fn disks(&self) -> Value {
        self.with("RestoreDisks", json!({"targetResourceGroupId": group(PRODUCTION, "rg-restore-weu")}))
    }

    /// Disks as blobs.
    pub(crate) fn blobs(&self) -> Value {
        self.with("RestoreDisks", json!({}))
    }

    pub(crate) fn in_place(&self) -> Value {
        self.with("OriginalLocation", json!({}))
    }

    pub(crate) fn another(&self, name: &str) -> Value {
        let group = group(PRODUCTION, "rg-restore-weu");
        let network = format!(
            "{}/providers/Microsoft.Network/virtualNetworks/vnet-prod-weu",
            self::group(PRODUCTION, "rg-network")
        );
        self.with(
            "AlternateLocation",
            json!({
                "targetResourceGroupId": group,
                "targetVirtualMachineId": format!("{group}/providers/Microsoft.Compute/virtualMachines/{name}"),
                "virtualNetworkId": network,
                "subnetId": format!("{network}/subnets/app"),
            }),
        )
    }
}

/// Sets members of an object; null removes one.
pub(crate) fn merge(body: &mut Value, more: Value) {
    let Value::Object(more) = more else { panic!("an object is needed") };
    let body = body.as_object_mut().unwrap();
    for (key, value) in more {
        if value.is_null() {
            body.shift_remove(&key);
        } else {
            body.insert(key, value);
        }
    }
}

pub(crate) fn group(subscription: &str, name: &str) -> String {
    format!("/subscriptions/{subscription}/resourceGroups/{name}")
}

pub(crate) fn account(name: &str) -> String {
    let group = if name == "contosostageneu" { "rg-restore-neu" } else { "rg-restore-weu" };
    format!("{}/providers/Microsoft.Storage/storageAccounts/{name}", self::group(PRODUCTION, group))
}
