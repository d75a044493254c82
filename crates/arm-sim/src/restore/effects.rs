//! The results of a finished restore: disks, a virtual machine, blobs.

use crate::moment::{self, DAY};
use crate::pseudo_random;
use crate::world::World;
use crate::world::created::{Blob, Disk, Machine};
use crate::world::job::{Job, JobKind, Restore, RestoreKind};

/// The names of a restore's blobs.
pub(crate) struct Blobs {
    pub(crate) container: String,
    pub(crate) config: String,
    pub(crate) template: String,
    /// The keys of a confidential VM.
    pub(crate) keys: String,
}

impl Blobs {
    /// The names for a job.
    pub(crate) fn of(world: &World, job: &Job) -> Self {
        let vm: String = world.items[job.item]
            .name
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect::<String>()
            .to_ascii_lowercase();
        Self {
            container: format!("{vm}-{}", pseudo_random::hex(world.seed, &job.id)),
            config: format!("config-{vm}-{}.json", job.id),
            template: format!("azuredeploy{}.json", job.id),
            keys: format!("securedencryptioninfo-{vm}-{}.json", job.id),
        }
    }
}

/// Creates what the job at `index` has restored.
pub(crate) fn apply(world: &mut World, index: usize) {
    let job = world.jobs[index].clone();
    if job.kind == JobKind::Undelete {
        world.undelete(job.item);
    }
    let Some(restore) = &job.restore else { return };
    if restore.managed {
        disks(world, &job, restore, true);
    }
    if restore.kind == RestoreKind::RestoreDisks {
        blobs(world, &job, restore);
    }
    if let Some((_, retention)) = &restore.rehydrate {
        let days = retention.trim_start_matches('P').trim_end_matches('D').parse().unwrap_or(15);
        world.changes.rehydrated.push((job.item, restore.point.clone(), job.ended.unwrap_or_default() + days * DAY));
    }
}

/// Creates what the job at `index` writes even though it has failed: the keys of a confidential VM whose set is gone.
pub(crate) fn export_keys(world: &mut World, index: usize) {
    let job = world.jobs[index].clone();
    let Some(restore) = job.restore.as_ref().filter(|r| r.lacks_set) else { return };
    let names = Blobs::of(world, &job);
    world.changes.blobs.push(Blob {
        account: restore.account.clone(),
        container: names.container,
        name: names.keys,
        bytes: 4_096,
        made: job.ended.unwrap_or_default(),
    });
}

/// Creates the disks of a job that has failed to create their machine.
pub(crate) fn leave_disks(world: &mut World, index: usize) {
    let job = world.jobs[index].clone();
    let has_disks = |restore: &&Restore| {
        restore.managed && restore.late.as_ref().is_some_and(|why| why.starts_with("QuotaExceeded"))
    };
    if let Some(restore) = job.restore.as_ref().filter(has_disks) {
        disks(world, &job, restore, false);
    }
}

fn disks(world: &mut World, job: &Job, restore: &Restore, to_machine: bool) {
    let (Some(group), Some(made)) = (&restore.target_group, job.ended) else { return };
    let item = &world.items[job.item];
    let machine = match restore.kind {
        RestoreKind::OriginalLocation => Some(item.name.clone()),
        _ => restore.target_machine.clone(),
    };
    let machine = machine.filter(|_| to_machine);
    let stem = restore.target_machine.as_ref().unwrap_or(&item.name);
    let name = |lun: i32| {
        let part = if lun < 0 { "osdisk".to_owned() } else { format!("datadisk-{lun:03}") };
        format!("{stem}-{part}-{}", moment::stamp(made))
    };
    let region = restore.region.clone();
    let disks: Vec<_> = restore
        .luns
        .iter()
        .map(|&lun| Disk {
            subscription: restore.target_subscription.clone(),
            group: group.clone(),
            name: name(lun),
            region: region.clone(),
            gigabytes: item.disk_size(lun),
            sku: item.disk_sku(lun).to_owned(),
            lun,
            os: item.os().to_owned(),
            zone: restore.zone.clone(),
            job: job.id.clone(),
            made,
            machine: machine.clone(),
            access: restore.access.clone(),
            encryption_set: restore.encryption_set.clone(),
        })
        .collect();
    let names: Vec<_> = disks.iter().map(|d| (d.lun, d.name.clone())).collect();
    world.changes.disks.extend(disks);
    if restore.kind == RestoreKind::OriginalLocation {
        world.changes.replaced.retain(|(i, _)| *i != job.item);
        world.changes.replaced.push((job.item, names));
    } else if let Some(name) = machine {
        world.changes.machines.push(Machine {
            subscription: restore.target_subscription.clone(),
            group: group.clone(),
            name,
            region,
            item: job.item,
            job: job.id.clone(),
            zone: restore.zone.clone(),
            disks: names,
        });
    }
}

fn blobs(world: &mut World, job: &Job, restore: &Restore) {
    let names = Blobs::of(world, job);
    let item = &world.items[job.item];
    let staging = restore.account.as_str();
    let mut files = vec![(staging, names.config, 5_120), (staging, names.template, 9_216)];
    if !restore.managed {
        let vhd = |lun: i32| format!("{}-{}.vhd", item.disk_name(lun), moment::stamp(job.started));
        let account = |lun: i32| if restore.to_original { item.disk_account(lun) } else { staging };
        files.extend(restore.luns.iter().map(|&lun| (account(lun), vhd(lun), u64::from(item.disk_size(lun)) << 30)));
    }
    let made = job.ended.unwrap_or_default();
    let blob = |(account, name, bytes): (&str, String, u64)| {
        let (account, container) = (account.to_owned(), names.container.clone());
        Blob { account, container, name, bytes, made }
    };
    let blobs: Vec<_> = files.into_iter().map(blob).collect();
    world.changes.blobs.extend(blobs);
}
