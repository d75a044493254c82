//! The template that a restore of disks has written: `POST …/storageAccounts/{name}/ListServiceSas`, `POST …/deployments/{name}/whatIf`,
//! `PUT …/deployments/{name}`, and their operations. Microsoft doesn't publish the template: its parameters here are made up.

use serde_json::{Value, json};

use super::resources::{self, Wanted};
use crate::answer::Answer;
use crate::bodies::interface;
use crate::errors::{ArmError, Refused};
use crate::moment::{self, Millis, SECOND};
use crate::progress::Progress;
use crate::pseudo_random;
use crate::seed::resources::RESOURCES;
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;
use crate::text::same;
use crate::world::created::{Deployment, Disk, Machine};
use crate::world::place::{group_id, resource_id};
use crate::world::resource::Kind;

const ACCOUNTS: &str = "Microsoft.Storage/storageAccounts";
const PARAMETERS: [&str; 4] = ["VirtualMachineName", "VirtualNetwork", "VirtualNetworkResourceGroup", "Subnet"];
const LENGTH: Millis = 60 * SECOND;

fn signature(sim: &Simulator, resource: &str, expiry: &str) -> String {
    pseudo_random::hex(sim.world.seed, &format!("sas {resource} {expiry}"))
}

pub(super) fn list_service_sas(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let (group, body) = (sim.world.group(ask.at(0), ask.at(1))?, ask.json()?);
    let id = resource_id(group.subscription, group.name, ACCOUNTS, ask.at(2));
    let account = sim.world.resource(&id).ok_or_else(|| ArmError::no_resource(ACCOUNTS, ask.at(2), group.name))?;
    if matches!(account.kind, Kind::Account { keys: false, .. }) {
        let message = "Key based authentication is not permitted on this storage account.";
        return Err(ArmError::service(403, "KeyBasedAuthenticationNotPermitted", message));
    }
    let text = |name: &str| body[name].as_str().unwrap_or_default();
    let (resource, expiry) = (text("canonicalizedResource"), text("signedExpiry"));
    let of_account = resource.strip_prefix("/blob/").and_then(|rest| rest.split_once('/'));
    let is_asked = (text("signedResource"), text("signedPermission"), text("signedProtocol")) == ("b", "r", "https");
    if !is_asked || expiry.is_empty() || of_account.is_none_or(|(name, _)| !same(name, account.name)) {
        return Err(ArmError::not_simulated("any signature but one to read one blob over HTTPS"));
    }
    let signature = signature(sim, resource, expiry);
    let sas = format!("sv=2021-12-02&sr=b&se={expiry}&sp=r&spr=https&sig={signature}");
    Ok(Answer::ok(json!({ "serviceSasToken": sas }).to_string()))
}

/// The job whose template a request links to, if Resource Manager could read it.
fn template(sim: &Simulator, link: &Value) -> Result<String, Refused> {
    let text = |name: &str| link[name].as_str().unwrap_or_default();
    let (uri, query) = (text("uri"), text("queryString"));
    let unreadable = || {
        let message = format!(
            "Unable to download deployment content from '{uri}?{query}'. Please see https://aka.ms/arm-deploy for usage details."
        );
        ArmError::gateway(400, "InvalidContentLink", message)
    };
    let found =
        sim.world.changes.blobs.iter().find(|blob| {
            uri == format!("https://{}.blob.core.windows.net/{}/{}", blob.account, blob.container, blob.name)
        });
    let blob = found.ok_or_else(unreadable)?;
    let is_open =
        RESOURCES.iter().any(|one| one.name == blob.account && matches!(one.kind, Kind::Account { open: true, .. }));
    let expiry = query.split('&').find_map(|pair| pair.strip_prefix("se=")).unwrap_or_default();
    let resource = format!("/blob/{}/{}/{}", blob.account, blob.container, blob.name);
    let is_signed = query.ends_with(&format!("&sig={}", signature(sim, &resource, expiry)));
    // Both are in UTC and of one form.
    if !is_open || !is_signed || expiry <= moment::iso(sim.clock).as_str() {
        return Err(unreadable());
    }
    let job = blob.name.strip_prefix("azuredeploy").and_then(|rest| rest.strip_suffix(".json"));
    job.map(str::to_owned).ok_or_else(unreadable)
}

/// What a request asks to deploy.
fn wanted(sim: &mut Simulator, ask: &SimRequest, is_what_if: bool) -> Result<Deployment, Refused> {
    let (group, body) = (sim.world.group(ask.at(0), ask.at(1))?, ask.json()?);
    let (subscription, group) = (group.subscription.to_owned(), group.name.to_owned());
    let properties = &body["properties"];
    if properties["mode"] != "Incremental" || properties.get("template").is_some() {
        return Err(ArmError::not_simulated("any deployment but an incremental one of a linked template"));
    }
    let job = template(sim, &properties["templateLink"])?;
    let invalid = |why: String| {
        ArmError::gateway(400, "InvalidTemplate", format!("Deployment template validation failed: '{why}'."))
    };
    let given: Vec<String> =
        properties["parameters"].as_object().into_iter().flat_map(|all| all.keys().cloned()).collect();
    if let Some(unknown) = given.iter().find(|name| !PARAMETERS.iter().any(|known| same(known, name))) {
        return Err(invalid(format!(
            "The template parameters '{unknown}' in the parameters file are not valid; they are not present in the original template and can therefore not be provided at deployment time. The only supported parameters for this template are '{}'. Please see https://aka.ms/arm-pass-parameter-values for usage details.",
            PARAMETERS.join(", ")
        )));
    }
    let mut values = Vec::new();
    for name in PARAMETERS {
        let value =
            given.iter().find(|one| same(one, name)).and_then(|one| properties["parameters"][one]["value"].as_str());
        values.push(value.map(str::to_owned).ok_or_else(|| {
            invalid(format!(
                "The value for the template parameter '{name}' at line '1' and column '182' is not provided. Please see https://aka.ms/arm-create-parameter-file for usage details."
            ))
        })?);
    }
    let network = resource_id(&subscription, &values[2], "Microsoft.Network/virtualNetworks", &values[1]);
    let (id, name) = (sim.world.next_guid(), ask.at(2).to_owned());
    let deployment = Deployment {
        id,
        subscription,
        group,
        name,
        job,
        machine: values[0].clone(),
        network,
        subnet: values[3].clone(),
        is_what_if,
        started: sim.clock,
        reads: 0,
        is_done: false,
    };
    sim.world.changes.deployments.push(deployment.clone());
    Ok(deployment)
}

pub(super) fn what_if(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let one = wanted(sim, ask, true)?;
    let (origin, version) = (&sim.settings.origin, &ask.version);
    let url = format!("{origin}/subscriptions/{}/operationresults/{}?api-version={version}", one.subscription, one.id);
    Ok(Answer::empty(202).with("location", url).with("retry-after", sim.retry_after(15).to_string()))
}

pub(super) fn deploy(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let one = wanted(sim, ask, false)?;
    let id = resource_id(&one.subscription, &one.group, "Microsoft.Resources/deployments", &one.name);
    let url = format!("{}{id}/operationStatuses/{}?api-version={}", sim.settings.origin, one.id, ask.version);
    let body =
        json!({ "id": id, "name": one.name, "properties": { "mode": "Incremental", "provisioningState": "Accepted" } });
    Ok(Answer::json(201, body.to_string())
        .with("azure-asyncoperation", url)
        .with("retry-after", sim.retry_after(10).to_string()))
}

/// Counts a poll, and gives the deployment.
fn polled(sim: &mut Simulator, id: &str, is_what_if: bool) -> Result<Deployment, Refused> {
    let mut all = sim.world.changes.deployments.iter_mut();
    let found = all.find(|one| one.is_what_if == is_what_if && same(&one.id, id));
    found.ok_or_else(|| ArmError::gateway(404, "NotFound", "The operation was not found."))?.reads += 1;
    settle(sim);
    let one = sim.world.changes.deployments.iter().find(|one| same(&one.id, id)).cloned();
    one.ok_or_else(|| ArmError::gateway(404, "NotFound", "The operation was not found."))
}

/// `GET /subscriptions/{id}/operationresults/{id}`
pub(super) fn what_if_result(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let one = polled(sim, ask.at(1), true)?;
    if !one.is_done {
        let url = format!("{}{}?api-version={}", sim.settings.origin, ask.path, ask.version);
        return Ok(Answer::empty(202).with("location", url).with("retry-after", sim.retry_after(15).to_string()));
    }
    let properties = json!({ "correlationId": one.id, "changes": changes(sim, &one) });
    Ok(Answer::ok(json!({ "status": "Succeeded", "properties": properties }).to_string()))
}

/// `GET …/deployments/{name}/operationStatuses/{id}`
pub(super) fn status(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let one = polled(sim, ask.at(3), false)?;
    let body = match obstacle(sim, &one) {
        _ if !one.is_done => json!({ "status": "Running" }),
        None => json!({ "status": "Succeeded" }),
        Some((code, message)) => {
            let details = [json!({ "code": code, "message": message })];
            let text = "At least one resource deployment operation failed. Please list deployment operations for details. Please see https://aka.ms/arm-deployment-operations for usage details.";
            json!({ "status": "Failed", "error": { "code": "DeploymentFailed", "message": text, "details": details } })
        }
    };
    Ok(Answer::ok(body.to_string()).with("retry-after", sim.retry_after(10).to_string()))
}

/// Whether a machine has this name already, and was not made by this deployment.
fn is_taken(sim: &Simulator, one: &Deployment) -> bool {
    let kind = super::machine::KIND.to_owned();
    let (group, name) = (Some(one.group.as_str()), Some(one.machine.as_str()));
    let found = resources::find(sim, &Wanted { kind, subscription: &one.subscription, group, name });
    let own = sim.world.changes.machines.iter().any(|made| made.job == one.job && same(&made.name, &one.machine));
    !own && found.is_ok_and(|found| !found.is_empty())
}

/// Why it comes to nothing.
fn obstacle(sim: &Simulator, one: &Deployment) -> Option<(&'static str, String)> {
    let network = RESOURCES.iter().find(|known| same(&known.id(), &one.network)).map(|known| &known.kind);
    let has_subnet =
        matches!(network, Some(Kind::Network { subnets }) if subnets.iter().any(|name| same(name, &one.subnet)));
    if !has_subnet {
        let message = format!(
            "Resource {}/subnets/{} referenced by the network interface was not found.",
            one.network, one.subnet
        );
        return Some(("InvalidResourceReference", message));
    }
    is_taken(sim, one)
        .then(|| ("PropertyChangeNotAllowed", "Changing property 'osDisk.managedDisk.id' is not allowed.".to_owned()))
}

/// What it would change in its group.
fn changes(sim: &Simulator, one: &Deployment) -> Vec<Value> {
    let id = |kind: &str, name: &str| resource_id(&one.subscription, &one.group, kind, name);
    let vm = id("Microsoft.Compute/virtualMachines", &one.machine);
    let nic = id("Microsoft.Network/networkInterfaces", &interface::name(&one.machine));
    let disks = sim.world.changes.disks.iter().filter(|disk| disk.job == one.job);
    let mut changes = vec![json!({ "resourceId": nic, "changeType": "Create", "after": { "id": nic } })];
    changes.push(if is_taken(sim, one) {
        let os = sim.world.changes.disks.iter().find(|disk| disk.job == one.job && disk.lun < 0).map(Disk::id);
        let path = "properties.storageProfile.osDisk.managedDisk.id";
        let delta =
            json!([{ "path": path, "propertyChangeType": "Modify", "before": "(the current one)", "after": os }]);
        json!({ "resourceId": vm, "changeType": "Modify", "delta": delta })
    } else {
        json!({ "resourceId": vm, "changeType": "Create", "after": { "id": vm } })
    });
    changes.extend(disks.map(|disk| json!({ "resourceId": disk.id(), "changeType": "Ignore" })));
    changes
}

/// Creates what deployments create that are over.
pub(crate) fn settle(sim: &mut Simulator) {
    let pace = match sim.settings.progress {
        Progress::PerRead(n) => Progress::PerRead(n.min(2)),
        other => other,
    };
    for index in 0..sim.world.changes.deployments.len() {
        let one = sim.world.changes.deployments[index].clone();
        if one.is_done || pace.done(sim.clock - one.started, LENGTH, one.reads) != 1_000 {
            continue;
        }
        sim.world.changes.deployments[index].is_done = true;
        if !one.is_what_if && obstacle(sim, &one).is_none() {
            create(sim, &one);
        }
    }
}

fn create(sim: &mut Simulator, one: &Deployment) {
    let job = sim.world.jobs.iter().find(|job| job.id == one.job);
    let Some((item, restore)) = job.and_then(|job| Some((job.item, job.restore.clone()?))) else { return };
    let group = group_id(&one.subscription, &one.group);
    let mut disks = Vec::new();
    for disk in sim.world.changes.disks.iter_mut().filter(|disk| disk.job == one.job) {
        // A machine's disks are looked for in its own group.
        if same(&group_id(&disk.subscription, &disk.group), &group) && disk.machine.is_none() {
            disk.machine = Some(one.machine.clone());
            disks.push((disk.lun, disk.name.clone()));
        }
    }
    if disks.is_empty() {
        return;
    }
    sim.world.changes.machines.push(Machine {
        subscription: one.subscription.clone(),
        group: one.group.clone(),
        name: one.machine.clone(),
        region: restore.region,
        item,
        job: one.job.clone(),
        zone: restore.zone,
        disks,
    });
}
