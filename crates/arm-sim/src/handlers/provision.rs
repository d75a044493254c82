//! `POST …/provisionInstantItemRecovery`: mounts the disks of a recovery point

use super::{find, operation};
use crate::answer::Answer;
use crate::base64;
use crate::errors::{ArmError, Refused};
use crate::moment::SECOND;
use crate::pseudo_random;
use crate::restore::request::{RestoreRequest, object};
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;
use crate::text::{array, fill, same};
use crate::world::item::Traits;
use crate::world::operation::{Operation, Work};

const SCRIPT: &str = r#"{"scriptContent":"$0","scriptExtension":"$1","osType":"$2"@3,"scriptNameSuffix":"$4"}"#;
const URL: &str = r#","url":"https://download.microsoft.com/download/E/1/4/E145A033-2ED1-4001-9C86-22F1E73D53CD/IaaSVMILRExeForWindows.exe""#;

pub(super) fn handle(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let (item, point) = find::point(sim, ask)?;
    let body = ask.json()?;
    let request = RestoreRequest(object(&body, "properties")?);
    let it = &sim.world.items[item];
    let refuse =
        |message: &str, property: &str| Err(ArmError::invalid_input(message, &format!("properties.{property}")));
    if !request.text("objectType").is_some_and(|t| same(t, "IaasVMILRRegistrationRequest")) {
        return refuse("The objectType must be IaasVMILRRegistrationRequest.", "objectType");
    }
    if request.text("recoveryPointId") != Some(&point.id) {
        return refuse("The recoveryPointId is not that of the recovery point in the path.", "recoveryPointId");
    }
    if !request.text("virtualMachineId").is_some_and(|id| same(id, &it.machine_id())) {
        return refuse("The virtualMachineId is not that of the protected virtual machine.", "virtualMachineId");
    }
    if it.traits.any(Traits::ENCRYPTED | Traits::TRUSTED_LAUNCH | Traits::CONFIDENTIAL) {
        return refuse("File recovery is not supported for this virtual machine.", "virtualMachineId");
    }
    if point.needs_rehydration() || point.is_unreadable() {
        return refuse("File recovery is not supported for a recovery point in archive tier.", "recoveryPointId");
    }
    let (now, mounted) = (sim.clock, sim.world.changes.is_mounted(item, &point.id, sim.clock));
    if mounted && !request.flag("renewExistingRegistration") {
        return refuse(
            "The disks are mounted already: renewExistingRegistration must be true.",
            "renewExistingRegistration",
        );
    }
    sim.world.changes.mount(item, &point.id, Some(now));
    let (id, vault) = (sim.world.next_guid(), sim.world.items[item].vault);
    let work = Work::Provision { point: point.id };
    let operation = operation::start(sim, id, vault, Some(item), work, 45 * SECOND, &ask.version.to_string());
    let base = sim.world.items[item].id();
    Ok(operation::accepted(sim, ask, &operation, &base, ("operationsStatus", "operationResults"), 60))
}

/// The scripts that mount the disks: two for Windows (the second by URL), one for Linux.
pub(super) fn scripts(sim: &Simulator, operation: &Operation) -> String {
    let Some(item) = operation.item.map(|i| &sim.world.items[i]) else { return "[]".to_owned() };
    let linux = item.traits.has(Traits::LINUX);
    let digits = pseudo_random::hash(sim.world.seed, &operation.id).to_string();
    // After the last `_`, as recorded: 32 characters, then the password of 15, then 14 more.
    let secret = &pseudo_random::hex(sim.world.seed, &digits)[..29];
    let password = &secret[..15];
    let tail = pseudo_random::hex(sim.world.seed, &operation.id) + secret;
    let suffix = format!("{}_weu_{digits}_{}_{tail}", item.name, operation.started);
    let target = base64::encode(format!("User - {digits} , Target - {}", item.name).as_bytes());
    if linux {
        let script = format!(
            "#!/usr/bin/env python3\nTargetPassword=\"{password}\"\nprint('mounting disks of {}')\n",
            item.name
        );
        let script = base64::encode(script.as_bytes());
        return array([fill(SCRIPT, &[&script, ".py", "Linux", "", &suffix])]);
    }
    array([
        fill(SCRIPT, &[&target, ".txt", "Windows", "", &suffix]),
        fill(SCRIPT, &["TkE=", ".exe", "Windows", URL, &suffix]),
    ])
}
