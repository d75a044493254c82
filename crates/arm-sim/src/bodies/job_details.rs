//! Tasks, properties and progress of a job.

use crate::moment::{self, Millis, SECOND};
use crate::restore::effects::Blobs;
use crate::simulator::Simulator;
use crate::text::{array, fill, member, quote, when};
use crate::version::{RECORDED_2026, Version};
use crate::world::job::{Job, JobKind, JobStatus, Restore, RestoreKind};

/// Progress (in thousandths) from which the data of a quick restore exists, although its job is not over.
const QUICK_DATA: u16 = 450;
/// The same for data from the vault.
const DATA: u16 = 900;
/// Until here rehydration goes on.
const REHYDRATION: u16 = 700;

/// The trailing blank is Azure's.
const POINT_TIME: &str = "Recovery point time ";
/// How long a job of 2026 does not know the time of its recovery point.
const POINT_TIME_UNKNOWN: Millis = 5 * SECOND;

/// Writes the `extendedInfo` of a job.
pub(crate) fn json(sim: &Simulator, job: &Job, version: &Version) -> String {
    let newer = version.since(RECORDED_2026) && !version.is_secondary();
    match &job.restore {
        Some(restore) => of_restore(sim, job, restore, newer),
        None => of_backup(sim, job, newer),
    }
}

fn task(name: &str, status: &str, details: Option<String>) -> String {
    let details = member("taskExecutionDetails", details.map(|d| quote(&d)));
    fill(r#"{"taskId":"$0","duration":"PT0S","status":"$1"@2,"taskType":"Normal"}"#, &[name, status, &details])
}

fn of_backup(sim: &Simulator, job: &Job, newer: bool) -> String {
    let vm = &sim.world.items[job.item].name;
    if job.kind == JobKind::ConfigureBackup {
        return fill(r#"{"tasksList":[],"propertyBag":{"VM Name":"$0","Policy Name":"DefaultPolicy"}}"#, &[vm]);
    }
    if job.kind == JobKind::Undelete {
        return fill(r#"{"tasksList":[],"propertyBag":{"VM Name":"$0","Undelete flag":"True"}}"#, &[vm]);
    }
    let (snapshot, transfer, validation) = match job.status {
        JobStatus::Completed => ("Completed", "Completed", "Completed"),
        JobStatus::CompletedWithWarnings => ("Completed", "Failed", "NotStarted"),
        JobStatus::Failed => ("Failed", "NotStarted", "NotStarted"),
        _ if job.done < 200 => ("InProgress", "NotStarted", "NotStarted"),
        _ if newer && job.done >= DATA => ("Completed", "Completed", "InProgress"),
        _ => ("Completed", "InProgress", "NotStarted"),
    };
    let mut tasks = vec![task("Take Snapshot", snapshot, None), task("Transfer data to vault", transfer, None)];
    if newer {
        tasks.push(task("Validate Backup", validation, None));
    }
    let subscription = fill(r#","VM Subscription ID":"$0""#, &[sim.world.items[job.item].subscription()]);
    let expiry = moment::us(job.started + 30 * moment::DAY);
    let text = r#"{"tasksList":@0,"propertyBag":{"VM Name":"$1","Recovery Point Expiry Time in UTC":"$2","Backup Size":"$3 MB"@4},"internalPropertyBag":{"IsInstantRpJob":"True"}}"#;
    let megabytes = if job.status == JobStatus::Completed { 9_000 + job.started % 7_000 } else { 0 };
    fill(text, &[&array(tasks), vm, &expiry, &megabytes.to_string(), when(newer, &subscription)])
}

fn of_restore(sim: &Simulator, job: &Job, restore: &Restore, newer: bool) -> String {
    let item = &sim.world.items[job.item];
    let running = job.status == JobStatus::InProgress;
    let complete = matches!(job.status, JobStatus::Completed | JobStatus::CompletedWithWarnings);
    let data_at = if restore.quick { QUICK_DATA } else { DATA };
    let transferred = complete || job.done >= data_at;
    let state = |finished: bool, begun: bool| match job.status {
        _ if finished => "Completed",
        _ if !begun => "NotStarted",
        JobStatus::InProgress => "InProgress",
        other => other.as_str(),
    };
    let total: u32 = restore.luns.iter().map(|&lun| item.disk_size(lun)).sum();
    let amount = (!restore.quick && (job.done > 20 || complete)).then(|| {
        let all = total * 100;
        let moved = if transferred { all } else { all * u32::from(job.done) / u32::from(data_at) };
        let moved = format!("{}.{:02}", moved / 100, moved % 100);
        format!("{} GBs / {total} GBs Transferred", moved.trim_end_matches('0').trim_end_matches('.'))
    });
    let rehydrated = restore.rehydrate.is_none() || complete || job.done >= REHYDRATION;
    let mut tasks = Vec::new();
    if restore.rehydrate.is_some() {
        tasks.push(task("Rehydrate from Archive storage", state(rehydrated, true), None));
    }
    tasks.push(task("Transfer data from vault", state(transferred, rehydrated), amount.filter(|_| rehydrated)));
    match restore.kind {
        RestoreKind::OriginalLocation => {
            tasks.push(task("Update the virtual machine", state(complete, transferred), None));
        }
        RestoreKind::AlternateLocation => {
            tasks.push(task("Create the restored virtual machine", state(complete, transferred), None));
        }
        RestoreKind::RestoreDisks => {}
    }
    let left = job.length - job.length * i64::from(job.done) / 1_000;
    let progress = match (running, restore.quick, transferred) {
        _ if complete => r#","progressPercentage":100.0,"estimatedRemainingDuration":"PT0S""#.to_owned(),
        (false, ..) => r#","estimatedRemainingDuration":"PT0S""#.to_owned(),
        (true, true, _) => r#","progressPercentage":1.0,"dynamicErrorMessage":"""#.to_owned(),
        (true, false, true) => {
            r#","progressPercentage":99.0,"estimatedRemainingDuration":"PT2M","dynamicErrorMessage":"""#.to_owned()
        }
        (true, false, false) => fill(
            r#","progressPercentage":@0.0,"estimatedRemainingDuration":"$1","dynamicErrorMessage":"""#,
            &[&(job.done / 10).max(1).to_string(), &moment::duration(left)],
        ),
    };
    fill(
        r#"{"tasksList":@0,"propertyBag":@1,"internalPropertyBag":{@4"restoreLocationType":"$2"}@3}"#,
        &[
            &array(tasks),
            &bag(sim, job, restore, complete, newer),
            restore.kind.as_str(),
            &progress,
            when(job.is_secondary(), r#""AdHoc":"AdHoc","#),
        ],
    )
}

fn bag(sim: &Simulator, job: &Job, restore: &Restore, complete: bool, newer: bool) -> String {
    let item = &sim.world.items[job.item];
    let mut bag: Vec<(&str, String)> = Vec::new();
    let names = |luns: &[i32]| luns.iter().map(|&lun| item.disk_name(lun)).collect::<Vec<_>>().join("; ");
    let disks = restore.kind == RestoreKind::RestoreDisks;
    match restore.kind {
        RestoreKind::RestoreDisks => {
            bag.push(("Job Type", "Recover disks".to_owned()));
            if restore.zone.is_none() && !newer {
                // A literal placeholder, as on the wire.
                bag.push(("Target VM Name", "vmName".to_owned()));
            }
        }
        RestoreKind::OriginalLocation => {
            bag.push(("Job Type", "Replace disks".to_owned()));
            bag.push(("Target VM Name", item.name.clone()));
        }
        RestoreKind::AlternateLocation => {
            bag.push(("Job Type", "Recover VM to an alternate location".to_owned()));
            bag.push(("Original VM Name", item.name.clone()));
            bag.push(("Target VM Name", restore.target_machine.clone().unwrap_or_default()));
            if restore.target_subscription != item.subscription() {
                bag.push(("Target Subscription ID", restore.target_subscription.clone()));
            }
            bag.push(("Target VNet Name", restore.target_network.clone().unwrap_or_default()));
        }
    }
    bag.push(("Target Storage Account Name", restore.account.clone()));
    bag.push((POINT_TIME, moment::us(restore.point_time)));
    if let Some((priority, retention)) = &restore.rehydrate {
        bag.push(("Rehydration Priority", priority.clone()));
        bag.push(("Rehydrated Recovery Point Retention", retention.clone()));
    }
    let blobs = Blobs::of(&sim.world, job);
    let uri = |name: &str| format!("https://{}.blob.core.windows.net/{}/{name}", restore.account, blobs.container);
    if complete && disks {
        bag.push(("Config Blob Name", blobs.config.clone()));
        bag.push(("Config Blob Container Name", blobs.container.clone()));
        bag.push(("Config Blob Uri", uri(&blobs.config)));
    }
    if restore.lacks_set && job.status == JobStatus::Failed {
        bag.push(("Config Blob Container Name", blobs.container.clone()));
        bag.push(("Secured Encryption Info Blob Name", blobs.keys.clone()));
    }
    if let Some(group) = &restore.target_group {
        bag.push(("Target resource group", group.clone()));
    }
    if complete && disks {
        let key = if restore.zone.is_some() { "Create VM Template Blob Uri" } else { "Template Blob Uri" };
        bag.push((key, uri(&blobs.template)));
        if restore.selective {
            bag.push(("Restored disk(s)", names(&restore.luns)));
            bag.push(("Backed-up disk(s)", names(&item.included_luns())));
        }
    }
    if job.is_secondary() {
        let vault = sim.world.vault_of(job.item);
        bag.push(("Subscription Id of the vault", vault.subscription.to_owned()));
        bag.push(("Resource Group Name of the vault", vault.group.to_owned()));
        bag.push(("Vault name", vault.name.to_owned()));
    }
    if newer {
        bag.push(("VM Subscription ID", item.subscription().to_owned()));
    }
    let unknown_yet = newer && job.status == JobStatus::InProgress && sim.clock < job.started + POINT_TIME_UNKNOWN;
    let entries = bag.iter().map(|(key, value)| {
        let value = if unknown_yet && *key == POINT_TIME { "null".to_owned() } else { quote(value) };
        fill(r#""$0":@1"#, &[key, &value])
    });
    let entries: Vec<_> = entries.collect();
    format!("{{{}}}", entries.join(","))
}
