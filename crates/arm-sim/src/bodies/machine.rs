//! A virtual machine, backed up or restored.

use crate::bodies::interface;
use crate::pseudo_random;
use crate::simulator::Simulator;
use crate::text::{array, fill, member, same, when};
use crate::world::altered::OS;
use crate::world::created::Machine;
use crate::world::item::{Item, Traits};
use crate::world::place::resource_id;
use crate::world::resource::name_of;

const MACHINE: &str = r#"{"name":"$0","id":"$1","type":"Microsoft.Compute/virtualMachines","location":"$2"@3,"tags":{@4},"properties":{"hardwareProfile":{"vmSize":"$5"},"provisioningState":"Succeeded","vmId":"$6","storageProfile":{"osDisk":@7,"dataDisks":@8}@9,"networkProfile":{"networkInterfaces":[{"id":"$A"}]}}}"#;
const MANAGED: &str = r#"{"osType":"$0","name":"$1","createOption":"FromImage","caching":"ReadWrite","managedDisk":{"storageAccountType":"$5","id":"$2"},"deleteOption":"Detach","diskSizeGB":@3}"#;
const DATA: &str = r#"{"lun":@0,"name":"$1","createOption":"Attach","caching":"None","managedDisk":{"storageAccountType":"$5","id":"$2"},"diskSizeGB":@3}"#;
const BLOB: &str = r#"{"osType":"$0","name":"$1","createOption":"FromImage","caching":"ReadWrite","vhd":{"uri":"https://$4.blob.core.windows.net/vhds/$1.vhd"}}"#;
const DATA_BLOB: &str = r#"{"lun":@0,"name":"$1","createOption":"Attach","caching":"None","vhd":{"uri":"https://$4.blob.core.windows.net/vhds/$1.vhd"},"diskSizeGB":@3}"#;

/// Where a VM is, and what it is made of.
struct Body<'a> {
    item: &'a Item,
    subscription: &'a str,
    group: &'a str,
    name: &'a str,
    region: &'a str,
    zone: Option<String>,
    disks: Vec<(i32, String)>,
    job: Option<&'a str>,
}

/// The JSON of a protected item's VM, with its current disks.
pub(crate) fn source(sim: &Simulator, index: usize) -> String {
    let item = &sim.world.items[index];
    let replaced = sim.world.changes.replaced.iter().find(|(i, _)| *i == index);
    let disks = match replaced {
        Some((_, disks)) => disks.clone(),
        None => (-1..i32::from(item.data_disks)).map(|lun| (lun, item.disk_name(lun))).collect(),
    };
    let region = item.region();
    json(
        sim,
        Body {
            item,
            subscription: item.subscription(),
            group: item.group,
            name: &item.name,
            region,
            zone: item.zone(),
            disks,
            job: None,
        },
    )
}

/// Writes a restored VM.
pub(crate) fn restored(sim: &Simulator, machine: &Machine) -> String {
    json(
        sim,
        Body {
            item: &sim.world.items[machine.item],
            subscription: &machine.subscription,
            group: &machine.group,
            name: &machine.name,
            region: &machine.region,
            zone: machine.zone.clone(),
            disks: machine.disks.clone(),
            job: Some(&machine.job),
        },
    )
}

fn json(sim: &Simulator, b: Body<'_>) -> String {
    let id = resource_id(b.subscription, b.group, "Microsoft.Compute/virtualMachines", b.name);
    let disk = |name: &str| resource_id(b.subscription, b.group, "Microsoft.Compute/disks", name);
    let attached = sim.world.changes.altered(&id).map(|altered| altered.attached.as_slice()).unwrap_or_default();
    let unmanaged = b.item.traits.has(Traits::UNMANAGED) && b.job.is_none();
    let os = b.disks.iter().find(|(lun, _)| *lun < 0).map_or("", |(_, name)| name);
    let template = if unmanaged { BLOB } else { MANAGED };
    let size = |lun: i32| b.item.disk_size(lun).to_string();
    let swapped = attached.iter().find(|(lun, _)| *lun == OS).map(|(_, id)| id.clone());
    let os_id = swapped.unwrap_or_else(|| disk(os));
    let os = if os.is_empty() { os } else { name_of(&os_id) };
    let os = fill(template, &[b.item.os(), os, &os_id, &size(-1), b.item.disk_account(-1), b.item.disk_sku(-1)]);
    let data = b.disks.iter().filter(|(lun, _)| *lun >= 0);
    let template = if unmanaged { DATA_BLOB } else { DATA };
    let data = data.map(|(lun, name)| {
        fill(
            template,
            &[&lun.to_string(), name, &disk(name), &size(*lun), b.item.disk_account(*lun), b.item.disk_sku(*lun)],
        )
    });
    let later = attached.iter().filter(|(lun, _)| *lun != OS).map(|(lun, id)| {
        let made = sim.world.changes.disks.iter().find(|disk| same(&disk.id(), id));
        let (size, sku) = made.map_or((64, "Standard_LRS"), |disk| (disk.gigabytes, disk.sku.as_str()));
        fill(DATA, &[&lun.to_string(), name_of(id), id, &size.to_string(), "", sku])
    });
    let data = array(data.chain(later));
    let security = match b.item.traits {
        t if t.has(Traits::TRUSTED_LAUNCH) => "TrustedLaunch",
        t if t.has(Traits::CONFIDENTIAL) => "ConfidentialVM",
        _ => "",
    };
    let profile = fill(
        r#","securityProfile":{"securityType":"$0","uefiSettings":{"secureBootEnabled":true,"vTpmEnabled":true}}"#,
        &[security],
    );
    // A restored VM has the tags of its source.
    let tags = b.item.tags().into_iter().chain(b.job.map(|job| ("RSVaultBackup", job)));
    let tags: Vec<_> = tags.map(|(name, value)| fill(r#""$0":"$1""#, &[name, value])).collect();
    fill(
        MACHINE,
        &[
            b.name,
            &id,
            b.region,
            &member("zones", b.zone.map(|z| fill(r#"["$0"]"#, &[&z]))),
            &tags.join(","),
            b.item.size(),
            &pseudo_random::guid(sim.world.seed, &id),
            &os,
            &data,
            when(!security.is_empty(), &profile),
            &resource_id(b.subscription, b.group, "Microsoft.Network/networkInterfaces", &interface::name(b.name)),
        ],
    )
}
