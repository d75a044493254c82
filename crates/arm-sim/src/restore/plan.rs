//! From an accepted request to its job.

use super::request::RestoreRequest;
use crate::checks;
use crate::faults::Fault;
use crate::moment::{HOUR, Millis, SECOND};
use crate::version::Version;
use crate::world::World;
use crate::world::item::Traits;
use crate::world::job::{Job, JobKind, JobStatus, Restore, RestoreKind};
use crate::world::point::Point;
use crate::world::resource::{name_of, parts};

/// Median durations of recorded restores.
fn length(kind: RestoreKind, managed: bool, quick: bool, rehydrate: Option<&str>) -> Millis {
    let seconds = match (kind, managed, quick) {
        (RestoreKind::RestoreDisks, true, true) => 70,
        (RestoreKind::RestoreDisks, true, false) => 1_147,
        (RestoreKind::RestoreDisks, false, _) => 1_810,
        (RestoreKind::OriginalLocation, ..) => 1_243,
        (RestoreKind::AlternateLocation, _, true) => 137,
        (RestoreKind::AlternateLocation, _, false) => 1_333,
    };
    // Rehydration takes up to 15 hours, with high priority up to one.
    let wait = match rehydrate {
        None => 0,
        Some("High") => HOUR,
        Some(_) => 15 * HOUR,
    };
    seconds * SECOND + wait
}

/// What an accepted request asks for.
pub(crate) fn restore(
    world: &World,
    item: usize,
    point: &Point,
    request: RestoreRequest<'_>,
    version: &Version,
) -> Restore {
    let kind = request.kind().unwrap_or(RestoreKind::RestoreDisks);
    let it = &world.items[item];
    let group = request.text("targetResourceGroupId").and_then(parts);
    let in_place = kind == RestoreKind::OriginalLocation;
    let managed = in_place || group.is_some();
    let all = it.included_luns();
    let wanted = request.luns();
    let luns = match &wanted {
        None => all.clone(),
        Some(wanted) => all.iter().copied().filter(|lun| *lun < 0 || wanted.contains(&i64::from(*lun))).collect(),
    };
    let access = match request.inner("targetDiskNetworkAccessSettings", "targetDiskNetworkAccessOption") {
        Some("EnablePrivateAccessForAllDisks") | Some("SameAsOnSourceDisks") => "AllowPrivate",
        _ => "AllowAll",
    };
    // With another set than the original one a confidential VM is restored from the vault, even where there is a snapshot.
    let set = request.inner("securedVMDetails", "securedVMOsDiskEncryptionSetId").map(name_of);
    let rewrapped = set.is_some() && set != it.os_set();
    Restore {
        kind,
        point: point.id.clone(),
        point_time: point.time,
        quick: managed && point.has_snapshot() && !rewrapped,
        managed,
        account: name_of(request.account().unwrap_or_default()).to_owned(),
        target_subscription: group.map_or(it.subscription(), |g| g.subscription).to_owned(),
        target_group: if in_place { Some(it.group) } else { group.map(|g| g.group) }.map(str::to_owned),
        target_machine: request.text("targetVirtualMachineId").map(|id| name_of(id).to_owned()),
        target_network: request.text("virtualNetworkId").map(|id| name_of(id).to_owned()),
        luns,
        selective: it.disks.is_some(),
        zone: request.zone().map(str::to_owned).or_else(|| if in_place { it.zone() } else { None }),
        access: (
            access.to_owned(),
            request.inner("targetDiskNetworkAccessSettings", "targetDiskAccessId").map(str::to_owned),
        ),
        encryption_set: request.text("diskEncryptionSetId").map(str::to_owned),
        region: checks::region(world.vault_of(item), it, version, request).to_owned(),
        to_original: request.flag("originalStorageAccountOption"),
        lacks_set: it.traits.has(Traits::SET_GONE) && set.is_none(),
        late: None,
        rehydrate: request.rehydrates().then(|| {
            let info = |key| request.inner("recoveryPointRehydrationInfo", key);
            (
                info("rehydrationPriority").unwrap_or("Standard").to_owned(),
                info("rehydrationRetentionDuration").unwrap_or("P15D").to_owned(),
            )
        }),
    }
}

/// The job of a restore.
pub(crate) fn job(
    world: &World,
    id: String,
    item: usize,
    restore: Restore,
    secondary: bool,
    activity: String,
    now: Millis,
) -> Job {
    let rehydrate = restore.rehydrate.as_ref().map(|(priority, _)| priority.as_str());
    Job {
        id,
        item,
        kind: match rehydrate {
            _ if secondary => JobKind::CrossRegionRestore,
            Some(_) => JobKind::RestoreWithRehydrate,
            None => JobKind::Restore,
        },
        status: JobStatus::InProgress,
        outcome: match world.items[item].fault {
            _ if restore.lacks_set || restore.late.is_some() => JobStatus::Failed,
            Some(Fault::FailsLate) => JobStatus::Failed,
            Some(Fault::CompletesWithWarnings) => JobStatus::CompletedWithWarnings,
            Some(Fault::Cancelled) => JobStatus::Cancelled,
            Some(Fault::Stuck) => JobStatus::InProgress,
            _ => JobStatus::Completed,
        },
        started: now,
        length: length(restore.kind, restore.managed, restore.quick, rehydrate),
        ended: None,
        done: 0,
        reads: 0,
        cancel_asked: None,
        activity,
        restore: Some(restore),
        seeded: false,
    }
}

#[cfg(test)]
mod tests {
    use super::{RestoreKind, length};
    use crate::moment::{HOUR, SECOND};

    #[test]
    fn takes_as_long_as_recorded() {
        assert_eq!(length(RestoreKind::RestoreDisks, true, true, None), 70 * SECOND);
        assert!(length(RestoreKind::RestoreDisks, false, false, None) > 1_800 * SECOND);
        assert!(length(RestoreKind::RestoreDisks, true, false, Some("Standard")) > 15 * HOUR);
    }
}
