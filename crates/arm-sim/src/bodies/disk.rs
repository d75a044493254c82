//! A managed disk, attached to a backed-up VM or restored.

use crate::moment;
use crate::pseudo_random;
use crate::simulator::Simulator;
use crate::text::{fill, member, quote};
use crate::world::created::Disk;
use crate::world::item::{Item, Traits};
use crate::world::place::resource_id;

const DISK: &str = r#"{"name":"$0","id":"$1","type":"Microsoft.Compute/disks","location":"$2","sku":{"name":"$G","tier":"$H"}@3,"tags":{@4}@5,"properties":{@6"creationData":{"createOption":"$7"},"diskSizeGB":@8,"timeCreated":"$9","provisioningState":"Succeeded","diskState":"$A","encryption":@B,"networkAccessPolicy":"$C"@D,"publicNetworkAccess":"$E","uniqueId":"$F"}}"#;

/// The current disks of a protected VM have these names unless they were replaced.
pub(crate) fn original(sim: &Simulator, index: usize, lun: i32) -> String {
    let item: &Item = &sim.world.items[index];
    let replaced = sim.world.changes.replaced.iter().any(|(i, _)| *i == index);
    let private = item.traits.has(Traits::PRIVATE);
    let disk = Disk {
        subscription: item.subscription().to_owned(),
        group: item.group.to_owned(),
        name: item.disk_name(lun),
        region: item.region().to_owned(),
        gigabytes: item.disk_size(lun),
        sku: item.disk_sku(lun).to_owned(),
        lun,
        os: item.os().to_owned(),
        zone: item.zone(),
        job: String::new(),
        made: sim.world.epoch - 500 * moment::DAY,
        machine: (item.machine_exists() && !replaced).then(|| item.name.clone()),
        access: (if private { "AllowPrivate" } else { "AllowAll" }.to_owned(), None),
        encryption_set: None,
    };
    json(sim, &disk)
}

/// Writes a disk.
pub(crate) fn json(sim: &Simulator, disk: &Disk) -> String {
    let id = disk.id();
    let own = disk.machine.as_ref();
    let own = own.map(|m| resource_id(&disk.subscription, &disk.group, "Microsoft.Compute/virtualMachines", m));
    let by_request = sim.world.changes.attached_by_request(&id).map(|machine| machine.map(str::to_owned));
    let owner = by_request.unwrap_or(own);
    let is_attached = owner.is_some();
    let machine = owner.map(|owner| quote(&owner));
    let encryption = match &disk.encryption_set {
        Some(set) => fill(r#"{"type":"EncryptionAtRestWithCustomerKey","diskEncryptionSetId":"$0"}"#, &[set]),
        None => r#"{"type":"EncryptionAtRestWithPlatformKey"}"#.to_owned(),
    };
    let tag = if disk.job.is_empty() { String::new() } else { fill(r#""RSVaultBackup":"$0""#, &[&disk.job]) };
    let os = if disk.lun < 0 { fill(r#""osType":"$0","#, &[&disk.os]) } else { String::new() };
    let private = disk.access.0 != "AllowAll";
    fill(
        DISK,
        &[
            &disk.name,
            &id,
            &disk.region,
            &member("zones", disk.zone.as_ref().map(|z| fill(r#"["$0"]"#, &[z]))),
            &tag,
            &member("managedBy", machine),
            &os,
            if disk.job.is_empty() { "FromImage" } else { "Restore" },
            &disk.gigabytes.to_string(),
            &moment::iso(disk.made),
            if is_attached { "Attached" } else { "Unattached" },
            &encryption,
            &disk.access.0,
            &member("diskAccessId", disk.access.1.as_ref().map(|a| quote(a))),
            if private { "Disabled" } else { "Enabled" },
            &pseudo_random::guid(sim.world.seed, &id),
            &disk.sku,
            disk.sku.split('_').next().unwrap_or_default(),
        ],
    )
}
