//! Why Azure would refuse an action.

use azure_backup::backup::lookups::ManagedDisk;
use azure_backup::backup::machine::{MAX_LUN, Machine, PowerState};

use super::{Action, power_text};
use crate::restore::effect_sentence::quoted;

/// The known obstacles, one sentence each.
pub(super) fn of(action: &Action, now: &Machine, disk: Option<&ManagedDisk>) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(disk) = disk {
        found.extend(of_disk(now, disk));
    }
    match action {
        Action::Attach { lun, .. } => {
            if !(0..=MAX_LUN).contains(lun) {
                found.push(format!("A LUN is a number from 0 to {MAX_LUN}."));
            } else if let Some(at) = now.at_lun(*lun) {
                found.push(format!("LUN {lun} is taken by {}. Choose another LUN.", quoted(&at.name)));
            }
        }
        Action::SwapOsDisk { .. } => {
            if let Some(disk) = disk {
                found.extend(of_os_disk(now, disk));
            }
            if now.power != Some(PowerState::Deallocated) {
                let power = power_text(now.power.as_ref()).to_lowercase();
                found.push(format!(
                    "Azure swaps the OS disk of a deallocated VM only. The power state of this VM is: {power}. Deallocate it first."
                ));
            }
        }
        Action::Deallocate { .. } if now.power == Some(PowerState::Deallocated) => {
            found.push("The VM is deallocated already.".to_owned());
        }
        Action::Start { .. } if now.power == Some(PowerState::Running) => {
            found.push("The VM is running already.".to_owned());
        }
        Action::Deallocate { .. } | Action::Start { .. } => {}
    }
    found
}

/// Obstacles for any disk that is attached.
fn of_disk(now: &Machine, disk: &ManagedDisk) -> Vec<String> {
    let mut found = Vec::new();
    let name = quoted(disk.id.name());
    if let Some(owner) = &disk.attached_to {
        found.push(format!("The disk {name} is attached to {}. Detach it there first.", quoted(owner.name())));
    }
    let same = |one: Option<&str>, other: Option<&str>| match (one, other) {
        (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
        (one, other) => one == other,
    };
    if !same(disk.id.subscription(), now.id.subscription()) {
        found.push(format!("The disk {name} is in another subscription than the VM."));
    }
    if disk.location.key() != now.location.key() {
        found.push(format!("The disk {name} is in {}, the VM in {}.", disk.location, now.location));
    }
    if let Some(zone) = disk.zone.as_ref().filter(|zone| now.zone.as_ref() != Some(zone)) {
        let of_vm = now.zone.as_ref().map_or_else(|| "in no zone".to_owned(), |zone| format!("in zone {zone}"));
        found.push(format!("The disk {name} is in zone {zone}, the VM {of_vm}."));
    }
    if now.is_unmanaged() {
        found.push("The VM's disks are page blobs. It takes no managed disks.".to_owned());
    }
    found
}

/// Obstacles for a disk that becomes the OS disk. Properties that Azure does not report are no obstacle.
fn of_os_disk(now: &Machine, disk: &ManagedDisk) -> Vec<String> {
    let name = quoted(disk.id.name());
    let differ = |what: &str, one: Option<&String>, other: Option<&String>| {
        let (one, other) = (one?, other?);
        let kind = |text: &str| text.split('_').next().unwrap_or_default().to_ascii_lowercase();
        (kind(one) != kind(other)).then(|| format!("{what} of the disk {name} is {one}, that of the VM {other}."))
    };
    let none = disk.os.is_none().then(|| format!("The disk {name} has no operating system that Azure knows of."));
    let os = differ("The operating system", disk.os.as_ref(), now.os.as_ref());
    let generation = differ("The generation", disk.generation.as_ref(), now.generation.as_ref());
    let security = differ("The security type", disk.security.as_ref(), now.security.as_ref());
    [none, os, generation, security].into_iter().flatten().collect()
}
