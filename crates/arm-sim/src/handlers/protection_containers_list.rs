//! `GET …/backupProtectionContainers`: how Azure's clients translate a virtual machine's name to the names in its URLs

use super::find;
use crate::answer::Answer;
use crate::errors::Refused;
use crate::filter::Filter;
use crate::paging;
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;
use crate::text::{fill, same};
use crate::world::item::{Item, State, Traits};

const KEYS: [&str; 5] = ["backupManagementType", "friendlyName", "status", "containerName", "fabricName"];
const CONTAINER: &str = r#"{"id":"$0/backupFabrics/Azure/protectionContainers/IaasVMContainer;$1","name":"IaasVMContainer;$1","type":"Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers","properties":{"virtualMachineId":"$2","virtualMachineVersion":"$3","resourceGroup":"$4","friendlyName":"$5","backupManagementType":"AzureIaasVM","registrationStatus":"$6","healthStatus":"Healthy","containerType":"$7","protectableObjectType":"$7"}}"#;

/// Recorded: the filter `status eq 'Registered'` also lists a container whose item is soft-deleted.
fn has_status(item: &Item, wanted: Option<&str>) -> bool {
    wanted.is_none_or(|w| same(w, "Registered") || item.state == State::SoftDeleted && same(w, "SoftDeleted"))
}

pub(super) fn handle(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let (vault, v) = find::inside(sim, ask)?;
    let filter = Filter::parse(ask.query("$filter"), &KEYS)?;
    let kind = filter.admits("backupManagementType", "AzureIaasVM") && filter.admits("fabricName", "Azure");
    let wanted = |i: &&Item| {
        let name = i.container();
        kind && i.vault == vault
            && filter.admits("friendlyName", &i.name)
            && (filter.admits("containerName", &name)
                || filter.admits("containerName", &format!("IaasVMContainer;{name}")))
            && has_status(i, filter.get("status"))
    };
    let containers = sim.world.items.iter().filter(wanted).map(|i| {
        let classic = i.traits.has(Traits::CLASSIC);
        fill(
            CONTAINER,
            &[
                &v.id(),
                &i.container(),
                &i.machine_id(),
                if classic { "ClassicCompute" } else { "Compute" },
                i.group,
                &i.name,
                if i.state == State::SoftDeleted { "SoftDeleted" } else { "Registered" },
                i.machine_type(),
            ],
        )
    });
    Ok(paging::whole(containers.collect::<Vec<_>>()))
}
