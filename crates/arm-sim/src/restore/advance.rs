//! The passage of time: jobs progress, end, and create their results.

use super::effects;
use crate::faults::Fault;
use crate::moment::{Millis, SECOND};
use crate::progress::Progress;
use crate::world::World;
use crate::world::job::JobStatus;

/// How long a job stays `Cancelling` with real durations.
const CANCEL: Millis = 20 * SECOND;

/// Brings all running jobs up to `now`.
pub(crate) fn settle(world: &mut World, pace: Progress, now: Millis) {
    for index in 0..world.jobs.len() {
        advance(world, index, pace, now);
    }
}

/// Called when a job is read: counts the read and updates the job to `now`.
pub(crate) fn read(world: &mut World, index: usize, pace: Progress, now: Millis) {
    world.jobs[index].reads += 1;
    advance(world, index, pace, now);
}

/// Brings a job up to `now`.
fn advance(world: &mut World, index: usize, pace: Progress, now: Millis) {
    let fault = world.items[world.jobs[index].item].fault;
    let job = &mut world.jobs[index];
    if !job.status.is_running() {
        return;
    }
    let pace = if job.seeded { Progress::Timetable } else { pace };
    if let Some((asked, reads)) = job.cancel_asked {
        if pace.done(now - asked, CANCEL, job.reads - reads) == 1_000 {
            job.status = JobStatus::Cancelled;
            job.ended = Some(now);
        }
        return;
    }
    let end = match job.outcome {
        JobStatus::Failed => 940,
        JobStatus::Cancelled => 500,
        _ => 1_000,
    };
    let done = pace.done(now - job.started, job.length, job.reads);
    if fault == Some(Fault::Stuck) {
        job.done = done.min(420);
    } else if done < end {
        job.done = done;
    } else {
        job.done = end;
        job.status = job.outcome;
        // With real durations a job ends on time, whether or not anybody reads it.
        job.ended =
            Some(if pace == Progress::Timetable { job.started + job.length * i64::from(end) / 1_000 } else { now });
        if matches!(job.status, JobStatus::Completed | JobStatus::CompletedWithWarnings) {
            effects::apply(world, index);
        } else {
            effects::export_keys(world, index);
            effects::leave_disks(world, index);
        }
    }
}
