//! Changes of a virtual machine: `POST …/attachDetachDataDisks`, `PATCH …` of the OS disk, `POST …/deallocate` and `…/start`; and their operations

use serde_json::Value;

use super::resources::{self, Wanted};
use crate::answer::Answer;
use crate::errors::{ArmError, Refused};
use crate::moment::{self, SECOND};
use crate::progress::Progress;
use crate::seed::places::REGIONS;
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;
use crate::text::{fill, same};
use crate::world::altered::{MachineOperation, MachineWork};
use crate::world::place::resource_id;
use crate::world::resource::parts;

pub(super) const KIND: &str = "Microsoft.Compute/virtualMachines";
const DISKS: &str = "Microsoft.Compute/disks";
const LUNS: i64 = 64;
const LENGTH: i64 = 20 * SECOND;
const STATUS: &str = r#"{"startTime":"$0","status":"$1","name":"$2"}"#;

/// A machine or a disk of a path, as it is answered to a GET.
fn resource(sim: &Simulator, kind: &str, subscription: &str, group: &str, name: &str) -> Result<Value, Refused> {
    let group = sim.world.group(subscription, group)?;
    let wanted =
        Wanted { kind: kind.to_owned(), subscription: group.subscription, group: Some(group.name), name: Some(name) };
    let found = resources::find(sim, &wanted)?.into_iter().next();
    let text = found.ok_or_else(|| ArmError::no_resource(kind, name, group.name))?;
    Ok(serde_json::from_str(&text).unwrap_or_default())
}

fn machine(sim: &Simulator, ask: &SimRequest) -> Result<Value, Refused> {
    resource(sim, KIND, ask.at(0), ask.at(1), ask.at(2))
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

fn conflict(code: &'static str, message: String) -> Refused {
    ArmError::service(409, code, message)
}

/// The disk, if it can be attached to the machine.
fn disk(sim: &Simulator, machine: &Value, id: &str) -> Result<Value, Refused> {
    let named = parts(id).filter(|_| id.to_ascii_lowercase().contains("/providers/microsoft.compute/disks/"));
    let Some(at) = named else {
        return Err(ArmError::service(400, "InvalidParameter", format!("The disk id '{id}' is invalid.")));
    };
    let name = id.rsplit('/').next().unwrap_or_default();
    let disk = resource(sim, DISKS, at.subscription, at.group, name)
        .map_err(|_| ArmError::service(404, "NotFound", format!("Disk {name} is not found.")))?;
    let owner = text(&disk, "/managedBy");
    if !owner.is_empty() {
        let message = format!("Disk '{id}' cannot be attached as the disk is already owned by VM '{owner}'.");
        return Err(conflict("ConflictingUserInput", message));
    }
    let scope = |value: &Value| {
        (text(value, "/location").to_owned(), text(value, "/id").split('/').nth(2).map(str::to_lowercase))
    };
    if scope(&disk) != scope(machine) {
        let message = format!("Disk {name} is not in the region and subscription of the virtual machine.");
        return Err(ArmError::service(400, "BadRequest", message));
    }
    let zone = text(&disk, "/zones/0");
    if !zone.is_empty() && zone != text(machine, "/zones/0") {
        let message = format!("Disk {id} cannot be attached to the VM because it is not in the same zone as the VM.");
        return Err(ArmError::service(400, "BadRequest", message));
    }
    Ok(disk)
}

pub(super) fn attach(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let (machine, body) = (machine(sim, ask)?, ask.json()?);
    let wanted = body.pointer("/dataDisksToAttach/0");
    let (id, lun) =
        (wanted.map(|disk| text(disk, "/diskId")).unwrap_or_default(), wanted.and_then(|disk| disk["lun"].as_i64()));
    if body.get("dataDisksToDetach").is_some() || body.pointer("/dataDisksToAttach/1").is_some() {
        return Err(ArmError::not_simulated("how several disks are attached or detached"));
    }
    let invalid = |message: &str| {
        let mut refused = ArmError::service(400, "InvalidParameter", message);
        refused.target = Some("dataDisk.lun".to_owned());
        refused
    };
    let lun =
        lun.filter(|lun| (0..LUNS).contains(lun)).ok_or_else(|| invalid("The value of parameter lun is invalid."))?;
    let disks = machine.pointer("/properties/storageProfile/dataDisks").and_then(Value::as_array);
    if disks.into_iter().flatten().any(|disk| disk["lun"] == lun) {
        return Err(invalid(&format!("A disk at LUN {lun} already exists.")));
    }
    disk(sim, &machine, id)?;
    let work = MachineWork::Attach { lun: i32::try_from(lun).unwrap_or_default(), disk: id.to_owned() };
    start_operation(sim, ask, &machine, work)
}

pub(super) fn patch(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let (machine, body) = (machine(sim, ask)?, ask.json()?);
    let os_disk = "/properties/storageProfile/osDisk";
    let (id, name) = (text(&body, &format!("{os_disk}/managedDisk/id")), text(&body, &format!("{os_disk}/name")));
    if id.is_empty() || body.pointer("/properties/storageProfile/dataDisks").is_some() {
        return Err(ArmError::not_simulated("how anything but the OS disk of a virtual machine is changed"));
    }
    if !id.ends_with(&format!("/{name}")) {
        return Err(conflict("PropertyChangeNotAllowed", "Changing property 'osDisk.name' is not allowed.".to_owned()));
    }
    if !is_deallocated(sim, &machine) {
        let message = "The OS disk of a virtual machine can be swapped only while the virtual machine is deallocated.";
        return Err(conflict("OperationNotAllowed", message.to_owned()));
    }
    let disk = disk(sim, &machine, id)?;
    let os = |value: &Value, pointer: &str| text(value, pointer).to_owned();
    if os(&disk, "/properties/osType") != os(&machine, &format!("{os_disk}/osType")) {
        let message = "The disk has another operating system than the virtual machine.".to_owned();
        return Err(conflict("PropertyChangeNotAllowed", message));
    }
    let old = text(&machine, &format!("{os_disk}/managedDisk/id")).to_owned();
    start_operation(sim, ask, &machine, MachineWork::Swap { disk: id.to_owned(), old })
}

pub(super) fn deallocate(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let machine = machine(sim, ask)?;
    start_operation(sim, ask, &machine, MachineWork::Deallocate)
}

pub(super) fn start(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let machine = machine(sim, ask)?;
    start_operation(sim, ask, &machine, MachineWork::Start)
}

fn is_deallocated(sim: &Simulator, machine: &Value) -> bool {
    sim.world.changes.altered(text(machine, "/id")).is_some_and(|altered| altered.deallocated)
}

/// One operation of a machine at a time, as Azure has it.
fn start_operation(
    sim: &mut Simulator,
    ask: &SimRequest,
    machine: &Value,
    work: MachineWork,
) -> Result<Answer, Refused> {
    let id = text(machine, "/id").to_owned();
    if sim.world.changes.machine_operations.iter().any(|one| !one.is_done && same(&one.machine, &id)) {
        let message = "The request failed because another operation is in progress on the virtual machine.";
        return Err(conflict("Conflict", message.to_owned()));
    }
    let number = sim.world.next_guid();
    let location = text(machine, "/location");
    let url = format!(
        "{}/subscriptions/{}/providers/Microsoft.Compute/locations/{location}/operations/{number}?p={}&api-version={}",
        sim.settings.origin,
        ask.at(0),
        sim.world.next_guid(),
        ask.version,
    );
    let operation = MachineOperation { id: number, machine: id, work, started: sim.clock, reads: 0, is_done: false };
    sim.world.changes.machine_operations.push(operation);
    Ok(Answer::empty(202)
        .with("location", format!("{url}&monitor=true"))
        .with("azure-asyncoperation", url)
        .with("retry-after", sim.retry_after(10).to_string()))
}

/// `GET …/Microsoft.Compute/locations/{region}/operations/{id}`
pub(super) fn operation(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    sim.world.subscription(ask.at(0))?;
    if !REGIONS.iter().any(|region| same(region.name, ask.at(1))) {
        return Err(ArmError::no_provider(ask.at(1), &ask.version, "locations/operations"));
    }
    let found = sim.world.changes.machine_operations.iter().position(|one| same(&one.id, ask.at(2)));
    let index = found.ok_or_else(|| ArmError::service(404, "NotFound", "The operation was not found."))?;
    sim.world.changes.machine_operations[index].reads += 1;
    settle(sim);
    let operation = &sim.world.changes.machine_operations[index];
    if ask.query("monitor").is_some() {
        return Ok(Answer::empty(if operation.is_done { 200 } else { 202 }));
    }
    let status = if operation.is_done { "Succeeded" } else { "InProgress" };
    Ok(Answer::ok(fill(STATUS, &[&moment::iso(operation.started), status, &operation.id]))
        .with("retry-after", sim.retry_after(10).to_string()))
}

/// Does what the operations are for that are over.
pub(crate) fn settle(sim: &mut Simulator) {
    let (progress, clock) = (sim.settings.progress, sim.clock);
    let pace = match progress {
        Progress::PerRead(n) => Progress::PerRead(n.min(2)),
        other => other,
    };
    let changes = &mut sim.world.changes;
    for index in 0..changes.machine_operations.len() {
        let one = &mut changes.machine_operations[index];
        if !one.is_done && pace.done(clock - one.started, LENGTH, one.reads) == 1_000 {
            one.is_done = true;
            let (machine, work) = (one.machine.clone(), one.work.clone());
            changes.apply(&machine, work);
        }
    }
}

/// The ARM id of a machine.
pub(crate) fn id(subscription: &str, group: &str, name: &str) -> String {
    resource_id(subscription, group, KIND, name)
}
