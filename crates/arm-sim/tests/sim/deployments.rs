//! The template of restored disks: the signature that reads it, what a deployment would change, and the machine that it creates.

use arm_sim::{Progress, Role};
use serde_json::{Value, json};

use crate::support::{Client, Heard, PRODUCTION, WEU, group};

const DEPLOYMENT: &str = "providers/Microsoft.Resources/deployments/restored";
const VERSION: &str = "?api-version=2024-03-01";

/// A client that has restored the disks of web-01, and the address of the template.
fn restored(progress: Progress) -> (Client, String) {
    let mut c = Client::new(progress);
    let source = c.source(WEU, "web-01", 0);
    let job = c.complete(&source, &source.disks());
    let bag = &job["extendedInfo"]["propertyBag"];
    let uri =
        bag["Template Blob Uri"].as_str().or_else(|| bag["Create VM Template Blob Uri"].as_str()).unwrap().to_owned();
    (c, uri)
}

fn sign(c: &mut Client, account: &str, resource: &str) -> Heard {
    let at = format!("{}/providers/Microsoft.Storage/storageAccounts/{account}", group(PRODUCTION, "rg-restore-weu"));
    let body = json!({ "canonicalizedResource": resource, "signedResource": "b", "signedPermission": "r",
        "signedProtocol": "https", "signedExpiry": "2099-01-01T00:00:00Z" });
    c.send("POST", &format!("{at}/ListServiceSas?api-version=2023-05-01"), Some(&body)).unwrap()
}

fn resource(uri: &str) -> String {
    format!("/blob/contosostageweu/{}", uri.split_once(".net/").unwrap().1)
}

fn parameters(machine: &str, subnet: &str) -> Value {
    json!({ "VirtualMachineName": { "value": machine }, "VirtualNetwork": { "value": "vnet-prod-weu" },
        "VirtualNetworkResourceGroup": { "value": "rg-network" }, "Subnet": { "value": subnet } })
}

fn ask(c: &mut Client, method: &str, last: &str, uri: &str, query: &str, parameters: &Value) -> Heard {
    let link = json!({ "uri": uri, "queryString": query });
    let body = json!({ "properties": { "mode": "Incremental", "templateLink": link, "parameters": parameters } });
    let at = group(PRODUCTION, "rg-restore-weu");
    c.send(method, &format!("{at}/{DEPLOYMENT}{last}{VERSION}"), Some(&body)).unwrap()
}

#[test]
fn a_deployment_is_previewed_and_creates_the_machine_of_the_restored_disks() {
    let (mut c, uri) = restored(Progress::AtOnce);
    let sas = sign(&mut c, "contosostageweu", &resource(&uri)).body["serviceSasToken"].as_str().unwrap().to_owned();
    let preview = ask(&mut c, "POST", "/whatIf", &uri, &sas, &parameters("web-copy", "app"));
    assert_eq!((preview.status, preview.body.is_null()), (202, true), "{}", preview.body);
    let result = c.get(preview.header("location")).body;
    let changes = result["properties"]["changes"].as_array().unwrap();
    let kinds: Vec<&str> = changes.iter().map(|change| change["changeType"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["Create", "Create", "Ignore", "Ignore", "Ignore"]);
    let vm = format!(
        "{}/providers/Microsoft.Compute/virtualMachines/web-copy?api-version=2024-07-01",
        group(PRODUCTION, "rg-restore-weu")
    );
    assert_eq!(c.get(&vm).status, 404, "a preview creates nothing");
    let begun = ask(&mut c, "PUT", "", &uri, &sas, &parameters("web-copy", "app"));
    assert_eq!(begun.status, 201);
    assert_eq!(c.get(begun.header("azure-asyncoperation")).body["status"], "Succeeded");
    assert_eq!(c.get(&vm).body["properties"]["storageProfile"]["dataDisks"].as_array().unwrap().len(), 2);
}

#[test]
fn what_a_template_lacks_and_a_link_that_cannot_be_read_are_refused() {
    let (mut c, uri) = restored(Progress::AtOnce);
    let sas = sign(&mut c, "contosostageweu", &resource(&uri)).body["serviceSasToken"].as_str().unwrap().to_owned();
    let missing = ask(&mut c, "POST", "/whatIf", &uri, &sas, &json!({}));
    assert_eq!((missing.status, missing.code()), (400, "InvalidTemplate"));
    assert!(missing.body.to_string().contains("template parameter 'VirtualMachineName'"), "{}", missing.body);
    let unknown = ask(&mut c, "PUT", "", &uri, &sas, &json!({ "Size": { "value": "x" } }));
    assert!(unknown.body.to_string().contains("VirtualMachineName, VirtualNetwork,"), "{}", unknown.body);
    for (uri, query) in [(uri.as_str(), ""), (uri.as_str(), "sig=x"), ("https://example.com/a/b", sas.as_str())] {
        let refused = ask(&mut c, "POST", "/whatIf", uri, query, &json!({}));
        assert_eq!((refused.status, refused.code()), (400, "InvalidContentLink"), "{uri} {query}");
    }
    let no_keys = sign(&mut c, "contosonokeys", "/blob/contosonokeys/a/b");
    assert_eq!((no_keys.status, no_keys.code()), (403, "KeyBasedAuthenticationNotPermitted"));
    // A subnet that does not exist is found out by the deployment itself.
    let begun = ask(&mut c, "PUT", "", &uri, &sas, &parameters("web-copy", "gone"));
    let status = c.get(begun.header("azure-asyncoperation")).body;
    assert_eq!(
        (&status["status"], &status["error"]["details"][0]["code"]),
        (&json!("Failed"), &json!("InvalidResourceReference"))
    );
    c.sim.set_role(Role::BackupOperator);
    assert_eq!(sign(&mut c, "contosostageweu", &resource(&uri)).code(), "AuthorizationFailed");
}
