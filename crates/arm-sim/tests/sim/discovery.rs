//! Finding things: lists, gets, paths in every spelling, and things that do not exist.

use std::collections::BTreeSet;

use arm_sim::Progress;
use serde_json::{Value, json};

use crate::support::{Client, FABRIKAM, NEU, PRODUCTION, TEST, VERSION, WEU, ZRS, account, group};

#[test]
fn from_tenant_to_point() {
    let mut c = Client::new(Progress::Timetable);
    assert_eq!(c.list("/tenants?api-version=2022-12-01").len(), 2);
    let subscriptions = c.list("/subscriptions?api-version=2022-12-01");
    assert_eq!(subscriptions.len(), 4);
    assert_eq!(
        c.get(&format!("/subscriptions/{PRODUCTION}?api-version=2022-12-01")).body["displayName"],
        "Contoso Production"
    );
    assert_eq!(
        c.list(&format!("/subscriptions/{PRODUCTION}/locations?api-version=2022-12-01"))[0]["metadata"]["pairedRegion"]
            [0]["name"],
        "northeurope"
    );
    let first = c
        .get(&format!("/subscriptions/{PRODUCTION}/providers/Microsoft.RecoveryServices/vaults?api-version={VERSION}"));
    assert!(first.body["nextLink"].as_str().unwrap().contains("&%24skiptoken="), "{}", first.body["nextLink"]);
    assert_eq!(first.body["value"][0]["name"], "contoso-vault-weu");
    let items = c.list(&format!("{}/backupProtectedItems?api-version={VERSION}&$filter=backupManagementType eq 'AzureIaasVM' and itemType eq 'VM'", WEU.id()).replace(' ', "+"));
    assert_eq!((items.len(), &items[0]["properties"]["friendlyName"]), (30, &json!("web-01")));
    let health: BTreeSet<_> = items.iter().map(|i| i["properties"]["healthStatus"].as_str().unwrap()).collect();
    assert_eq!(health.len(), 3);
    let unhealthy = c.list(&format!(
        "{}/backupProtectedItems?api-version={VERSION}&$filter=healthState%20eq%20'ActionRequired'",
        WEU.id()
    ));
    assert_eq!(unhealthy.len(), 2);
    let counts: Vec<_> = ["ledger-01", "new-01", "db-linux-01"].map(|vm| c.points(&WEU, vm).len()).into();
    assert_eq!(counts, [1_000, 0, 400]);
    let fleet = format!(
        "/subscriptions/{FABRIKAM}/resourceGroups/rg-fabrikam-backup/providers/Microsoft.RecoveryServices/vaults/fabrikam-vault-fleet/backupProtectedItems?api-version={VERSION}"
    );
    assert_eq!(c.list(&fleet).len(), 1_000);
    let empty = format!(
        "/subscriptions/{TEST}/resourceGroups/rg-backup-swc/providers/Microsoft.RecoveryServices/vaults/contoso-vault-empty/backupProtectedItems?api-version={VERSION}"
    );
    assert!(c.list(&empty).is_empty());
}

#[test]
fn a_token_sees_the_subscriptions_of_its_tenant() {
    // {"tid": Contoso}, {"tid": Fabrikam}, {"tid": of nobody}
    let contoso = "Bearer h.eyJ0aWQiOiIzYzllMmYxMC03ZDQ0LTRjMWItOWEzNS01ZTBjMGY3YTEwMDEifQ.s";
    let fabrikam = "Bearer h.eyJ0aWQiOiI4YjUxZDdjMi0wMmZlLTRhOWQtYjFjNi02NGQyYWI5ZjIwMDIifQ.s";
    let stranger = "Bearer h.eyJ0aWQiOiIxMTExMTExMS0xMTExLTQxMTEtODExMS0xMTExMTExMTExMTEifQ.s";
    let mut c = Client::new(Progress::Timetable);
    let fleet = format!("/subscriptions/{FABRIKAM}/resourceGroups?api-version=2022-09-01");
    for (token, subscriptions, status) in [
        (None, 4, 200),
        (Some("Bearer opaque"), 4, 200),
        (Some(stranger), 4, 200),
        (Some(fabrikam), 1, 200),
        (Some(contoso), 3, 401),
    ] {
        c.token = token;
        assert_eq!(c.list("/tenants?api-version=2022-12-01").len(), 2, "{token:?}");
        assert_eq!(c.list("/subscriptions?api-version=2022-12-01").len(), subscriptions, "{token:?}");
        assert_eq!(c.get(&fleet).status, status, "{token:?}");
    }
    let refused = c.get(&fleet);
    assert_eq!(refused.code(), "InvalidAuthenticationTokenTenant");
    assert!(
        refused.body["error"]["message"].as_str().unwrap().contains("wrong issuer 'https://sts.windows.net/3c9e2f10")
    );
    let right = "Bearer authorization_uri=\"https://login.microsoftonline.com/8b51d7c2-02fe-4a9d-b1c6-64d2ab9f2002\", error=\"invalid_token\"";
    assert!(refused.header("www-authenticate").starts_with(right));
}

#[test]
fn only_the_get_lists_disks() {
    let mut c = Client::new(Progress::Timetable);
    let point = c.points(&WEU, "sql-02").swap_remove(0);
    let config = &point["properties"]["recoveryPointDiskConfiguration"];
    assert_eq!(*config, json!({"numberOfDisksIncludedInBackup": 3, "numberOfDisksAttachedToVm": 4}));
    let got = c.get(&format!("{}?api-version={VERSION}", point["id"].as_str().unwrap())).body;
    let luns = |key: &str| {
        got["properties"]["recoveryPointDiskConfiguration"][key]
            .as_array()
            .unwrap()
            .iter()
            .map(|d| d["lun"].as_i64().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!((luns("includedDiskList"), luns("excludedDiskList")), (vec![-1, 0, 2], vec![1]));
    let plain = c.points(&WEU, "web-02").swap_remove(0);
    assert!(plain["properties"]["recoveryPointDiskConfiguration"].is_null());
}

#[test]
fn points_by_date() {
    let mut c = Client::new(Progress::Timetable);
    let id = c.item(&WEU, "web-01")["id"].as_str().unwrap().to_owned();
    let filter =
        "$filter=startDate eq '2026-02-20 12:00:00 AM' and endDate eq '2026-02-27 11:59:59 PM'".replace(' ', "%20");
    let points = c.list(&format!("{id}/recoveryPoints?api-version={VERSION}&{filter}"));
    assert!((7..=8).contains(&points.len()), "{}", points.len());
    assert_eq!(c.get(&format!("{id}/recoveryPoints?api-version={VERSION}&$filter=startDate%20eq%20'x'")).status, 400);
    assert_eq!(c.get(&format!("{id}/recoveryPoints?api-version={VERSION}&$filter=colour%20eq%20'red'")).status, 400);
}

#[test]
fn vault_settings() {
    let mut c = Client::new(Progress::Timetable);
    for (vault, kind, flag, key) in [
        (WEU, "LocallyRedundant", false, "MicrosoftManaged"),
        (NEU, "GeoRedundant", true, "MicrosoftManaged"),
        (ZRS, "ZoneRedundant", false, "CustomerManaged"),
    ] {
        let got = c.get(&format!("{}?api-version={VERSION}", vault.id())).body;
        assert_eq!(got["properties"]["redundancySettings"]["standardTierStorageRedundancy"], kind);
        let config =
            c.get(&format!("{}/backupstorageconfig/vaultstorageconfig?api-version={VERSION}", vault.id())).body;
        assert_eq!(
            (&config["properties"]["storageType"], &config["properties"]["crossRegionRestoreFlag"]),
            (&json!(kind), &json!(flag))
        );
        let config = c
            .get(&format!(
                "{}/backupEncryptionConfigs/backupResourceEncryptionConfig?api-version={VERSION}",
                vault.id()
            ))
            .body;
        assert_eq!(config["properties"]["encryptionAtRestType"], key);
        assert!(c.list(&format!("{}/backupResourceGuardProxies?api-version={VERSION}", vault.id())).is_empty());
    }
}

#[test]
fn resources() {
    let mut c = Client::new(Progress::Timetable);
    let mut list = |kind: &str| c.list(&format!("/subscriptions/{PRODUCTION}/providers/{kind}?api-version=2024-01-01"));
    let accounts = list("Microsoft.Storage/storageAccounts");
    let kinds: BTreeSet<_> = accounts.iter().map(|a| a["kind"].as_str().unwrap()).collect();
    let skus: BTreeSet<_> = accounts.iter().map(|a| a["sku"]["name"].as_str().unwrap()).collect();
    assert!(kinds.len() == 5 && skus.len() >= 6, "{kinds:?} {skus:?}");
    for (kind, count) in [
        ("Microsoft.Network/virtualNetworks", 4),
        ("Microsoft.Compute/diskEncryptionSets", 3),
        ("Microsoft.Compute/diskAccesses", 2),
        ("Microsoft.ManagedIdentity/userAssignedIdentities", 3),
    ] {
        assert_eq!(list(kind).len(), count, "{kind}");
    }
    assert!(list("Microsoft.Compute/virtualMachines").len() > 40);
    let network =
        format!("{}/providers/Microsoft.Network/virtualNetworks/vnet-prod-weu", group(PRODUCTION, "rg-network"));
    assert_eq!(c.list(&format!("{network}/subnets?api-version=2023-11-01")).len(), 3);
    assert_eq!(c.get(&format!("{network}/subnets/APP?api-version=2023-11-01")).body["name"], "app");
    assert_eq!(c.get(&format!("{network}/subnets/nope?api-version=2023-11-01")).status, 404);
    assert_eq!(c.get(&format!("{}?api-version=2023-01-01", account("contosozrs"))).body["sku"]["name"], "Standard_ZRS");
    let groups = c.list(&format!("/subscriptions/{PRODUCTION}/resourcegroups?api-version=2022-09-01"));
    assert_eq!(groups.len(), 15);
    let head = |c: &mut Client, name: &str| {
        c.send("HEAD", &format!("{}?api-version=2022-09-01", group(PRODUCTION, name)), None).unwrap().status
    };
    assert_eq!((head(&mut c, "rg-web"), head(&mut c, "rg-nowhere")), (204, 404));
    let listed = c.list(&format!(
        "{}/providers/Microsoft.Storage/storageAccounts?api-version=2023-01-01",
        group(PRODUCTION, "rg-restore-weu")
    ));
    assert_eq!(listed.len(), 13);
}

#[test]
fn spellings() {
    let mut c = Client::new(Progress::Timetable);
    let id = c.item(&WEU, "web-01")["id"].as_str().unwrap().to_owned();
    for path in [
        id.clone(),
        id.to_ascii_uppercase(),
        id.replace(';', "%3B"),
        id.replace("/backupFabrics", "//backupFabrics"),
        format!("{id}/"),
    ] {
        let heard = c.get(&format!("{path}?api-version={VERSION}"));
        assert_eq!((heard.status, heard.body["id"].as_str()), (200, Some(id.as_str())), "{path}");
    }
}

#[test]
fn what_is_not_there() {
    let mut c = Client::new(Progress::Timetable);
    let vault = WEU.id();
    let v = |rest: &str| format!("{vault}{rest}?api-version={VERSION}");
    for (url, status, code) in [
        (
            "/subscriptions/00000000-0000-0000-0000-000000000000/resourcegroups?api-version=2022-09-01".to_owned(),
            404,
            "SubscriptionNotFound",
        ),
        (
            format!("/subscriptions//subscriptions/{PRODUCTION}/resourcegroups/x?api-version=2022-09-01"),
            404,
            "SubscriptionNotFound",
        ),
        (v("").replace("rg-backup-weu", "rg-x"), 404, "ResourceGroupNotFound"),
        (v("").replace("contoso-vault-weu", "x"), 404, "ResourceNotFound"),
        (v("/backupJobs/42"), 404, "ResourceNotFound"),
        (v("/backupOperations/42"), 404, "ResourceNotFound"),
        (v("/backupProtectableItems"), 501, "NotSimulated"),
        (v("/backupPolicies/x"), 404, "ResourceNotFound"),
        (v("/backupResourceGuardProxies/VaultProxy"), 404, "ResourceNotFound"),
        (
            format!("/subscriptions/{PRODUCTION}/providers/Microsoft.Web/sites?api-version=2022-09-01"),
            501,
            "NotSimulated",
        ),
        (
            format!(
                "{}/providers/Microsoft.ClassicStorage/storageAccounts/x?api-version=2015-12-01",
                group(PRODUCTION, "rg-web")
            ),
            404,
            "InvalidResourceNamespace",
        ),
        ("/tenants".to_owned(), 400, "MissingApiVersionParameter"),
        ("/tenants?api-version=latest".to_owned(), 400, "InvalidApiVersionParameter"),
        (v("/backupJobs").replace(VERSION, "2031-01-01"), 400, "NoRegisteredProviderFound"),
        (v("/backupProtectedItems").replace(VERSION, "2021-11-15"), 400, "BMSUserErrorInvalidInput"),
        (v("/backupPolicies").replace(VERSION, "2021-11-15"), 400, "NoRegisteredProviderFound"),
        (v("/backupProtectableItems").replace(VERSION, "2021-11-15"), 501, "NotSimulated"),
        (format!("{}&$skipToken=abc", v("/backupProtectedItems")), 400, "BMSUserErrorInvalidInput"),
    ] {
        let heard = c.get(&url);
        assert_eq!((heard.status, heard.code()), (status, code), "{url}");
        assert!(matches!(heard.header("x-ms-failure-cause"), "gateway" | "service"));
        assert!(!heard.body["error"]["message"].as_str().unwrap().is_empty());
    }
}

#[test]
fn every_answer_carries_arms_headers() {
    let mut c = Client::new(Progress::Timetable);
    let heard = c.get(&format!("{}/backupJobs?api-version={VERSION}", WEU.id()));
    let ids: BTreeSet<_> =
        ["x-ms-request-id", "x-ms-correlation-request-id"].iter().map(|n| heard.header(n).to_owned()).collect();
    assert_eq!(ids.len(), 1);
    assert_eq!(heard.headers.get_all("x-ms-client-request-id").iter().count(), 2);
    assert_eq!(heard.header("x-ms-ratelimit-remaining-subscription-resource-requests"), "449");
    assert_eq!(heard.header("x-ms-throttling-version"), "v1");
    assert!(heard.header("x-ms-routing-request-id").starts_with("WESTEUROPE:20260301T100000Z:"));
    let tenants = c.get("/tenants?api-version=2022-12-01");
    assert_eq!(tenants.header("x-ms-ratelimit-remaining-tenant-reads"), "11999");
    assert_eq!(tenants.header("x-ms-throttling-version"), "v2");
    assert_ne!(tenants.header("x-ms-request-id"), heard.header("x-ms-request-id"));
}

#[test]
fn dates_are_before_the_start() {
    let mut c = Client::new(Progress::Timetable);
    let now = Value::from("2026-03-01T10:00:00Z");
    for job in c.list(&format!("{}/backupJobs?api-version={VERSION}", WEU.id())) {
        assert!(job["properties"]["startTime"].as_str() < now.as_str(), "{job}");
    }
    for point in c.points(&WEU, "ledger-01") {
        assert!(point["properties"]["recoveryPointTime"].as_str() < now.as_str());
    }
}

#[test]
fn a_machine_names_its_network_interface_and_that_its_subnet() {
    let mut c = Client::new(Progress::Timetable);
    let version = "api-version=2024-03-01";
    for (group, vm, network, subnet) in
        [("rg-app", "app-linux-01", "vnet-prod-weu", "app"), ("rg-erp-neu", "erp-01", "vnet-dr-neu", "default")]
    {
        let group = format!("/subscriptions/{PRODUCTION}/resourceGroups/{group}");
        let machine = c.get(&format!("{group}/providers/Microsoft.Compute/virtualMachines/{vm}?{version}")).body;
        let id = machine["properties"]["networkProfile"]["networkInterfaces"][0]["id"].as_str().unwrap().to_owned();
        let interface = c.get(&format!("{id}?{version}")).body;
        let place = interface["properties"]["ipConfigurations"][0]["properties"]["subnet"]["id"].as_str().unwrap();
        assert!(place.ends_with(&format!("/virtualNetworks/{network}/subnets/{subnet}")), "{place}");
        assert_eq!(interface["properties"]["virtualMachine"]["id"], machine["id"]);
        assert_eq!(c.get(&format!("{place}?{version}")).status, 200, "it exists");
    }
    let gone =
        format!("/subscriptions/{PRODUCTION}/resourceGroups/rg-app/providers/Microsoft.Network/networkInterfaces/x");
    assert_eq!(c.get(&format!("{gone}?{version}")).status, 404);
}
