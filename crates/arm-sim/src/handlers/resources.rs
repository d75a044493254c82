//! What ARM lists for other resource providers.

use crate::bodies;
use crate::errors::{ArmError, Refused};
use crate::seed::resources::RESOURCES;
use crate::simulator::Simulator;
use crate::text::same;
use crate::world::item::Traits;

/// What a list or a get looks for.
pub(super) struct Wanted<'a> {
    /// As in `Microsoft.Compute/disks`.
    pub(super) kind: String,
    pub(super) subscription: &'a str,
    pub(super) group: Option<&'a str>,
    pub(super) name: Option<&'a str>,
}

impl Wanted<'_> {
    fn is(&self, subscription: &str, group: &str, name: &str) -> bool {
        same(self.subscription, subscription)
            && self.group.is_none_or(|g| same(g, group))
            && self.name.is_none_or(|n| same(n, name))
    }
}

/// What ARM no longer knows.
const GONE: &str = "Microsoft.ClassicStorage";

const KINDS: [&str; 9] = [
    "Microsoft.Compute/virtualMachines",
    "Microsoft.Compute/disks",
    "Microsoft.Compute/diskEncryptionSets",
    "Microsoft.Compute/diskAccesses",
    "Microsoft.Network/virtualNetworks",
    "Microsoft.Network/networkInterfaces",
    "Microsoft.Storage/storageAccounts",
    "Microsoft.ManagedIdentity/userAssignedIdentities",
    "Microsoft.ClassicCompute/virtualMachines",
];

/// The JSON of the requested resources. There are no classic ones.
pub(super) fn find(sim: &Simulator, wanted: &Wanted<'_>) -> Result<Vec<String>, Refused> {
    if wanted.kind.split('/').next().is_some_and(|namespace| same(namespace, GONE)) {
        let message = format!("The resource namespace '{GONE}' is invalid.");
        return Err(ArmError::gateway(404, "InvalidResourceNamespace", message));
    }
    let Some(kind) = KINDS.into_iter().find(|k| same(k, &wanted.kind)) else {
        return Err(ArmError::not_simulated(&format!("resources of type '{}'", wanted.kind)));
    };
    let items = || sim.world.items.iter().enumerate().filter(|(_, i)| !i.traits.has(Traits::CLASSIC));
    Ok(match kind {
        "Microsoft.Compute/virtualMachines" => {
            let machines = items().filter(|(_, i)| i.machine_exists() && wanted.is(i.subscription(), i.group, &i.name));
            let restored = sim.world.changes.machines.iter().filter(|m| wanted.is(&m.subscription, &m.group, &m.name));
            machines
                .map(|(index, _)| bodies::machine::source(sim, index))
                .chain(restored.map(|m| bodies::machine::restored(sim, m)))
                .collect()
        }
        "Microsoft.Compute/disks" => {
            let disks = items()
                .filter(|(_, i)| i.is_managed() && i.machine_exists() && same(i.subscription(), wanted.subscription))
                .flat_map(|(index, i)| (-1..i32::from(i.data_disks)).map(move |lun| (index, i, lun)))
                .filter(|(_, i, lun)| wanted.is(i.subscription(), i.group, &i.disk_name(*lun)));
            let restored = sim.world.changes.disks.iter().filter(|d| wanted.is(&d.subscription, &d.group, &d.name));
            disks
                .map(|(index, _, lun)| bodies::disk::original(sim, index, lun))
                .chain(restored.map(|d| bodies::disk::json(sim, d)))
                .collect()
        }
        "Microsoft.Network/networkInterfaces" => {
            let wanted = |subscription: &str, group: &str, machine: &str| {
                wanted.is(subscription, group, &bodies::interface::name(machine))
            };
            let interfaces = items().filter(|(_, i)| i.machine_exists() && wanted(i.subscription(), i.group, &i.name));
            interfaces.map(|(_, i)| bodies::interface::json(sim, i)).collect()
        }
        kind => RESOURCES
            .iter()
            .filter(|r| r.type_name() == kind && wanted.is(r.subscription, r.group, r.name))
            .map(|r| bodies::resource::json(sim, r))
            .collect(),
    })
}
