//! `GET …/backupJobs`: without tasks and properties

use super::{find, job_polls};
use crate::answer::Answer;
use crate::bodies;
use crate::errors::{ArmError, Refused};
use crate::filter::Filter;
use crate::moment::parse_filter_date;
use crate::paging;
use crate::restore::advance;
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;

const KEYS: [&str; 6] = ["status", "backupManagementType", "operation", "jobId", "startTime", "endTime"];
/// Small enough that the first vault has more than one page.
const PAGE: usize = 25;

pub(super) fn handle(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    let (vault, _) = find::inside(sim, ask)?;
    list(sim, ask, vault)
}

/// The jobs of a vault, in the region that the api-version refers to.
pub(super) fn list(sim: &mut Simulator, ask: &SimRequest, vault: usize) -> Result<Answer, Refused> {
    let filter = Filter::parse(ask.query("$filter"), &KEYS)?;
    let date = |key| match filter.get(key) {
        None => Ok(None),
        Some(text) => parse_filter_date(text).map(Some).ok_or_else(|| {
            ArmError::invalid_input(&format!("'{text}' is not a date of the form yyyy-MM-dd hh:mm:ss tt."), "$filter")
        }),
    };
    // `startTime eq` means after, `endTime eq` before.
    let (start, end) = (date("startTime")?, date("endTime")?);
    let mut wanted: Vec<_> = (0..sim.world.jobs.len())
        .filter(|&i| {
            let job = &sim.world.jobs[i];
            sim.world.items[job.item].vault == vault
                && job.is_secondary() == ask.version.is_secondary()
                && filter.admits("backupManagementType", "AzureIaasVM")
                && filter.admits("operation", job.kind.as_str())
                && filter.admits("jobId", &job.id)
                && start.is_none_or(|s| job.started >= s)
                && end.is_none_or(|e| job.started <= e)
        })
        .collect();
    for &job in &wanted {
        job_polls::before(sim, ask, job)?;
        advance::read(&mut sim.world, job, sim.settings.progress, sim.clock);
    }
    wanted.retain(|&i| filter.admits("status", sim.world.jobs[i].status.as_str()));
    let mut newest_first: Vec<usize> = Vec::with_capacity(wanted.len());
    for i in wanted {
        let at = newest_first.partition_point(|&j| sim.world.jobs[j].started >= sim.world.jobs[i].started);
        newest_first.insert(at, i);
    }
    let jobs =
        newest_first.into_iter().map(|i| bodies::job::json(sim, &sim.world.jobs[i], &ask.version, false)).collect();
    paging::page(ask, &sim.settings.origin, PAGE, jobs)
}
