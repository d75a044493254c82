//! The jobs that exist in a new world: of every kind and status.

use super::vaults::{FIRST_VAULTS, FLEET, VAULTS};
use crate::moment::{DAY, HOUR, MINUTE, Millis};
use crate::pseudo_random;
use crate::world::World;
use crate::world::job::{Job, JobKind, JobStatus, Restore, RestoreKind};
use JobKind::{Backup, ConfigureBackup, Restore as RestoreJob};
use JobStatus::{Cancelled, Cancelling, Completed, CompletedWithWarnings, Failed, InProgress};

/// VM, kind, status, start in minutes before the creation of the world, duration in minutes.
const ROWS: &[(&str, JobKind, JobStatus, Millis, Millis)] = &[
    ("app-linux-04", RestoreJob, InProgress, 20, 95),
    ("retired-01", RestoreJob, Cancelling, 7, 40),
    ("sql-01", Backup, InProgress, 25, 70),
    ("web-02", RestoreJob, Completed, 1_500, 2),
    ("sql-02", RestoreJob, Completed, 2_900, 21),
    ("gone-01", RestoreJob, Failed, 4_400, 101),
    ("unmanaged-01", RestoreJob, CompletedWithWarnings, 5_900, 30),
    ("files-01", RestoreJob, Cancelled, 7_200, 9),
    ("silent-01", Backup, Failed, 900, 12),
    ("gone-01", Backup, CompletedWithWarnings, 1_800, 91),
    ("web-03", ConfigureBackup, Completed, 20_300, 2),
    ("dc-01", RestoreJob, InProgress, 65, 180),
    ("erp-02", RestoreJob, Completed, 10_200, 19),
    ("zonal-01", RestoreJob, Completed, 11_000, 2),
    ("fab-web-01", ConfigureBackup, Completed, 40_000, 1),
];

/// The jobs of a new world, in no particular order.
pub(crate) fn jobs(world: &World) -> Vec<Job> {
    let mut jobs: Vec<_> = ROWS
        .iter()
        .filter_map(|&(name, kind, status, ago, minutes)| {
            let item = world.items.iter().position(|i| i.name == name)?;
            Some(job(world, item, kind, status, world.epoch - ago * MINUTE, minutes * MINUTE))
        })
        .collect();
    // Last night's backups. Those of the many machines would only be long lists.
    let listed = |vault: usize| vault != FLEET && vault < FIRST_VAULTS;
    for (item, it) in
        world.items.iter().enumerate().filter(|(_, i)| i.points > 0 && listed(i.vault) && i.machine_exists())
    {
        let last = world.points(item).next().map(|p| p.time).unwrap_or_default();
        if last > world.epoch - 3 * DAY {
            let minutes = i64::from(it.data_disks) * 7 + 34;
            jobs.push(job(world, item, Backup, Completed, last - 2 * MINUTE, minutes * MINUTE));
        }
    }
    jobs
}

fn job(world: &World, item: usize, kind: JobKind, status: JobStatus, started: Millis, length: Millis) -> Job {
    let name = format!("job-{item}-{kind:?}-{started}");
    let ended = (!status.is_running()).then_some((started + length).min(world.epoch));
    Job {
        id: pseudo_random::guid(world.seed, &name),
        item,
        kind,
        status,
        outcome: if status.is_running() { Completed } else { status },
        started,
        length,
        ended,
        done: if ended.is_some() { 1_000 } else { 0 },
        reads: 0,
        cancel_asked: (status == Cancelling).then_some((world.epoch, 0)),
        activity: pseudo_random::guid(world.seed, &format!("activity-{name}")),
        restore: (kind == RestoreJob).then(|| restore(world, item, length)),
        seeded: true,
    }
}

fn restore(world: &World, item: usize, length: Millis) -> Restore {
    let it = &world.items[item];
    let point = world.points(item).last();
    let quick = length < HOUR / 10;
    Restore {
        kind: RestoreKind::RestoreDisks,
        point: point.as_ref().map(|p| p.id.clone()).unwrap_or_default(),
        point_time: point.map(|p| p.time).unwrap_or_default(),
        quick,
        managed: it.is_managed() && quick,
        account: if VAULTS[it.vault].region == "northeurope" { "contosostageneu" } else { "contosostageweu" }
            .to_owned(),
        target_subscription: it.subscription().to_owned(),
        target_group: (it.is_managed() && quick).then(|| "rg-restore-weu".to_owned()),
        target_machine: None,
        target_network: None,
        luns: it.included_luns(),
        selective: it.disks.is_some(),
        zone: None,
        access: ("AllowAll".to_owned(), None),
        encryption_set: None,
        region: it.region().to_owned(),
        to_original: false,
        lacks_set: false,
        late: None,
        rehydrate: None,
    }
}

#[cfg(test)]
mod tests {
    use super::jobs;
    use crate::seed::grown::TenantSize;
    use crate::world::World;
    use crate::world::job::JobStatus::{Cancelled, Cancelling, Completed, CompletedWithWarnings, Failed, InProgress};

    #[test]
    fn every_status_occurs_and_nothing_is_in_the_future() {
        let world = World::new(3, 1_700_000_000_000, TenantSize::Small);
        let jobs = jobs(&world);
        for status in [InProgress, Cancelling, Completed, CompletedWithWarnings, Failed, Cancelled] {
            assert!(jobs.iter().any(|j| j.status == status && j.restore.is_some()), "{status:?}");
        }
        assert!(jobs.iter().all(|j| j.started < world.epoch && j.ended.is_none_or(|e| e <= world.epoch)));
        assert!(!jobs.iter().any(|j| world.items[j.item].name == "web-01" && j.status.is_running()));
    }
}
