//! A minimal client of the secondary region.

use serde_json::{Value, json};

use crate::support::{Client, Heard, PRODUCTION, Vault, account, group};

pub(crate) const VERSIONS: [&str; 3] = ["2018-12-20", "2021-11-15", "2023-01-15"];

/// What is restored in the secondary region of a vault.
#[derive(Debug, Clone)]
pub(crate) struct Crossing {
    pub(crate) vault: Vault,
    pub(crate) version: &'static str,
    /// The secondary region.
    pub(crate) region: &'static str,
    pub(crate) item: Value,
    pub(crate) point: Value,
}

impl Crossing {
    /// The `n`-th newest point of a VM.
    pub(crate) fn new(c: &mut Client, vault: Vault, version: &'static str, vm: &str, n: usize) -> Self {
        let url =
            format!("{}/backupProtectedItems/?api-version={version}&$filter=friendlyName%20eq%20'{vm}'", vault.id());
        let item = c.list(&url).into_iter().next().unwrap_or_else(|| panic!("{vm} is not in {}", vault.name));
        let id = item["id"].as_str().unwrap();
        let point = c.list(&format!("{id}/recoveryPoints/?api-version={version}")).swap_remove(n);
        let region = if vault.region == "northeurope" { "westeurope" } else { "northeurope" };
        Self { vault, version, region, item, point }
    }

    /// A URL of the secondary region.
    pub(crate) fn location(&self, rest: &str) -> String {
        format!(
            "/subscriptions/{}/providers/Microsoft.RecoveryServices/locations/{}/{rest}?api-version={}",
            self.vault.subscription, self.region, self.version
        )
    }

    pub(crate) fn token_url(&self) -> String {
        format!("{}/accessToken?api-version={}", self.point["id"].as_str().unwrap(), self.version)
    }

    /// Whom the token is for.
    pub(crate) fn audience(&self, c: &mut Client) -> Value {
        let heard = c.get(&self.location("backupAadProperties"));
        assert_eq!(heard.status, 200, "{}", heard.body);
        heard.body
    }

    /// The text of the access details.
    pub(crate) fn token(&self, c: &mut Client) -> String {
        let audience = self.audience(c);
        let heard = c.send("POST", &self.token_url(), Some(&audience)).unwrap();
        assert_eq!(heard.status, 200, "{}", heard.body);
        let text = std::str::from_utf8(&heard.raw).unwrap();
        text.strip_prefix(r#"{"properties":"#).and_then(|t| t.strip_suffix('}')).unwrap().to_owned()
    }

    /// Disks into a resource group.
    pub(crate) fn disks(&self) -> Value {
        let short = if self.region == "westeurope" { "weu" } else { "neu" };
        json!({
            "objectType": "IaasVMRestoreRequest",
            "recoveryPointId": self.point["name"],
            "recoveryType": "RestoreDisks",
            "sourceResourceId": self.item["properties"]["sourceResourceId"],
            "targetResourceGroupId": group(PRODUCTION, &format!("rg-restore-{short}")),
            "storageAccountId": account(&format!("contosostage{short}")),
            "region": self.region,
            "createNewCloudService": false,
            "originalStorageAccountOption": false,
        })
    }

    /// Another virtual machine.
    pub(crate) fn another(&self, name: &str) -> Value {
        let mut body = self.disks();
        let network = if self.region == "westeurope" { "vnet-prod-weu" } else { "vnet-dr-neu" };
        let network =
            format!("{}/providers/Microsoft.Network/virtualNetworks/{network}", group(PRODUCTION, "rg-network"));
        let group = body["targetResourceGroupId"].as_str().unwrap().to_owned();
        body["recoveryType"] = json!("AlternateLocation");
        body["targetVirtualMachineId"] = json!(format!("{group}/providers/Microsoft.Compute/virtualMachines/{name}"));
        body["subnetId"] = json!(format!("{network}/subnets/app"));
        body["virtualNetworkId"] = json!(network);
        body
    }

    /// Sends a restore request with unchanged access details.
    pub(crate) fn send(&self, c: &mut Client, details: &str, request: &Value) -> Option<Heard> {
        let body = format!(r#"{{"crossRegionRestoreAccessDetails":{details},"restoreRequest":{request}}}"#);
        c.send_text("POST", &self.location("backupCrossRegionRestore"), Some(body))
    }

    /// Gets a token and sends a restore request.
    pub(crate) fn restore(&self, c: &mut Client, request: &Value) -> Option<Heard> {
        let details = self.token(c);
        self.send(c, &details, request)
    }

    /// One look at a job.
    pub(crate) fn job(&self, c: &mut Client, id: &str) -> Heard {
        let body = json!({"resourceId": self.vault.id(), "jobName": id});
        c.send("POST", &self.location("backupCrrJob"), Some(&body)).unwrap()
    }

    /// The jobs of the vault in the secondary region.
    pub(crate) fn jobs(&self, c: &mut Client, filter: &str) -> Heard {
        let url = format!("{}&$filter={}", self.location("backupCrrJobs"), filter.replace(' ', "%20"));
        c.send("POST", &url, Some(&json!({"resourceId": self.vault.id()}))).unwrap()
    }

    /// Follows a job to its end.
    pub(crate) fn end_of(&self, c: &mut Client, id: &str) -> Value {
        for _ in 0..500 {
            let heard = self.job(c, id);
            let status = heard.body["properties"]["status"].as_str().unwrap_or("InProgress");
            if !matches!(status, "InProgress" | "Verifying") {
                return heard.body["properties"].clone();
            }
            c.wait(30);
        }
        panic!("the job does not end");
    }

    /// Restores, polls, and returns the finished job.
    pub(crate) fn complete(&self, c: &mut Client, request: &Value) -> Value {
        let accepted = self.restore(c, request).unwrap();
        assert_eq!(accepted.status, 202, "{}", accepted.body);
        let job = c.job_of(&accepted);
        self.end_of(c, &job)
    }
}
