//! The target: resource group, VM name, network.

use super::Case;
use crate::text::same;
use crate::world::item::Traits;
use crate::world::job::RestoreKind::{AlternateLocation, OriginalLocation, RestoreDisks};
use crate::world::resource::{Kind, name_of, parts};

const GROUP: &str = "targetResourceGroupId";
const MACHINE: &str = "targetVirtualMachineId";
const NETWORK: &str = "virtualNetworkId";
const SUBNET: &str = "subnetId";

pub(super) fn check(case: &mut Case<'_>) {
    let allowed: &[&str] = match case.kind {
        OriginalLocation => &[],
        RestoreDisks => &[GROUP],
        AlternateLocation => &[GROUP, MACHINE, NETWORK, SUBNET],
    };
    for key in [GROUP, MACHINE, NETWORK, SUBNET] {
        match case.request.text(key) {
            Some(_) if !allowed.contains(&key) => {
                case.refuse(key, format!("{key} must be absent when recoveryType is {}.", case.kind.as_str()));
            }
            None if case.is(AlternateLocation) => {
                case.refuse(key, format!("{key} is required when recoveryType is AlternateLocation."));
            }
            _ => {}
        }
    }
    if case.is(OriginalLocation) {
        return;
    }
    group(case);
    if case.is(AlternateLocation) {
        machine(case);
        network(case);
    }
}

fn group(case: &mut Case<'_>) {
    let id = case.request.text(GROUP);
    if let Some(id) = id {
        let found =
            parts(id).filter(|p| p.rest.is_empty()).and_then(|p| case.world.group(p.subscription, p.group).ok());
        if found.is_none() {
            case.refuse(GROUP, "The target resource group could not be found.");
        }
    }
    if id.is_none() && case.is(RestoreDisks) && case.is_secondary() {
        case.refuse(GROUP, "A target resource group is required for a cross-region restore.");
    }
    let as_managed = case.request.flag("restoreWithManagedDisks");
    if as_managed {
        if case.item.is_managed() {
            case.refuse("restoreWithManagedDisks", "The virtual machine has managed disks already.");
        }
        if case.item.traits.any(Traits::ENCRYPTED | Traits::CLASSIC) || !case.point.is_vault_only() {
            let message = "Unmanaged disks can be restored as managed disks from the vault only, and when they are not encrypted.";
            case.refuse("restoreWithManagedDisks", message);
        }
        if id.is_none() {
            case.refuse(GROUP, "Managed disks need a target resource group.");
        }
    } else if id.is_some() && !case.item.is_managed() && case.is(RestoreDisks) {
        case.refuse(GROUP, "A target resource group is for managed disks only.");
    }
}

fn machine(case: &mut Case<'_>) {
    let (Some(id), Some(group)) = (case.request.text(MACHINE), case.request.text(GROUP)) else { return };
    let name = name_of(id);
    if !same(id, &format!("{group}/providers/Microsoft.Compute/virtualMachines/{name}")) {
        case.refuse(MACHINE, "The target virtual machine must be in the target resource group.");
    }
    if case.world.machine_exists(id) {
        case.refuse(MACHINE, format!("A virtual machine with the name '{name}' already exists."));
    }
    // 64 for Windows, too: restored disks keep their computer name, and recorded restores name Windows machines with more than 15.
    let fits = (1..=64).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    if !fits
        || name.starts_with(['-', '_', '.'])
        || name.ends_with(['-', '.'])
        || name.bytes().all(|b| b.is_ascii_digit())
    {
        case.refuse(MACHINE, format!("The name '{name}' is not a valid name of a virtual machine."));
    }
}

fn network(case: &mut Case<'_>) {
    let Some(id) = case.request.text(NETWORK) else { return };
    let Some((network, Kind::Network { subnets })) = case.world.resource(id).map(|r| (r, &r.kind)) else {
        case.refuse(NETWORK, "The virtual network could not be found.");
        return;
    };
    if network.region != case.region {
        case.refuse(NETWORK, format!("The virtual network must be in {}.", case.place()));
    }
    let target = case.request.text(GROUP).and_then(parts).map(|p| p.subscription);
    if target.is_some_and(|s| !same(s, network.subscription)) {
        case.refuse(NETWORK, "The virtual network must be in the subscription of the target resource group.");
    }
    if let Some(subnet) = case.request.text(SUBNET)
        && !subnets.iter().any(|s| same(subnet, &format!("{id}/subnets/{s}")))
    {
        case.refuse(SUBNET, "The subnet could not be found in the virtual network.");
    }
}
