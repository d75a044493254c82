//! The jobs of a vault as a list that is searched, filtered, sorted and saved as CSV.

use std::rc::Rc;

use azure_backup::arm::id::{ArmId, Region};
use azure_backup::backup::job::Job;
use time::{Duration, OffsetDateTime};

use super::csv::csv;
use super::key::Key;
use super::list_query::{ListColumn, ListQuery, Sort, by_number, by_text, heads, keys, sort_rows};
use super::state::State;
use crate::restore::incident::machine_time;
use crate::restore::outcome::job_text;

/// The latest job comes first.
pub const OWN_ORDER: Sort = Sort { column: "started", descending: true };

/// The columns that the list can be sorted by.
const COLUMNS: [ListColumn<Job>; 5] = [
    ListColumn { key: "vm", head: "Virtual machine", order: |job| by_text(job.entity.as_deref().unwrap_or_default()) },
    ListColumn { key: "operation", head: "Operation", order: |job| by_text(&job.operation) },
    ListColumn { key: "status", head: "Status", order: |job| by_text(&job_text(&job.status)) },
    ListColumn { key: "started", head: "Started", order: |job| by_number(job.start?.unix_timestamp()) },
    ListColumn { key: "duration", head: "Duration", order: |job| by_number(job.duration?.whole_seconds()) },
];
/// Their keys in an address.
pub const KEYS: [&str; COLUMNS.len()] = keys(&COLUMNS);
/// The heads of all columns.
pub const HEADS: [&str; COLUMNS.len() + 2] = heads(&COLUMNS, &["Job ID", "Actions"]);

/// The choices of a time: value, label, and the time.
pub const TIMES: [(&str, &str, Duration); 4] = [
    ("24h", "Last 24 hours", Duration::hours(24)),
    ("7d", "Last 7 days", Duration::days(7)),
    ("30d", "Last 30 days", Duration::days(30)),
    ("90d", "Last 90 days", Duration::days(90)),
];

/// A job, with the secondary region if it is there.
pub type ListedJob = (Rc<Job>, Option<Region>);

/// The jobs that the query asks for, in its order.
pub fn find(jobs: &[ListedJob], query: &ListQuery, now: OffsetDateTime) -> Vec<ListedJob> {
    let since = query.wanted("since").into_iter().next();
    let since = since.and_then(|said| TIMES.iter().find(|(value, ..)| *value == said)).map(|(.., span)| now - *span);
    let fits = |job: &Job| {
        query.fits("operation", &job.operation)
            && query.fits("status", &job_text(&job.status))
            // A job of an unknown time may be of the last day.
            && since.is_none_or(|since| job.start.is_none_or(|start| start >= since))
            && (query.search.trim().is_empty() || query.finds(&searched(job)))
    };
    let mut found: Vec<ListedJob> = jobs.iter().filter(|(job, _)| fits(job)).cloned().collect();
    sort_rows(&mut found, |(job, _)| &**job, &COLUMNS, query.sort.unwrap_or(OWN_ORDER));
    found
}

/// What the search looks in.
fn searched(job: &Job) -> String {
    format!("{}\n{}", job.entity.as_deref().unwrap_or_default(), job.name.as_str()).to_lowercase()
}

/// The values of a filter with how many jobs have them, by name.
pub fn values(jobs: &[ListedJob], of: impl Fn(&Job) -> String) -> Vec<(String, usize)> {
    let mut values: Vec<(String, usize)> = Vec::new();
    for (job, _) in jobs {
        let value = of(job);
        match values.iter_mut().find(|(known, _)| *known == value) {
            Some((_, count)) => *count += 1,
            None => values.push((value, 1)),
        }
    }
    values.sort_unstable();
    values
}

impl State {
    /// The jobs of a vault, as far as they have been read. Jobs of the secondary region are in the same list: it is the same vault, and the
    /// question is the same.
    pub fn listed_jobs(&self, vault: &ArmId) -> Vec<ListedJob> {
        let there = self.secondary_jobs(vault);
        let here = self.catalog.get::<[Rc<Job>]>(&Key::Jobs(vault.clone()));
        let mut jobs: Vec<ListedJob> =
            here.iter().flat_map(|list| list.iter()).map(|job| (job.clone(), None)).collect();
        if let Some((region, key)) = there {
            let there = self.catalog.get::<[Rc<Job>]>(&key);
            jobs.extend(there.iter().flat_map(|list| list.iter()).map(|job| (job.clone(), Some(region.clone()))));
        }
        jobs
    }

    /// The jobs that the page of jobs lists, as CSV.
    pub fn jobs_csv(&self, vault: &ArmId, query: &ListQuery) -> String {
        let head = [
            "Virtual machine",
            "Vault",
            "Secondary region",
            "Operation",
            "Status",
            "Started (UTC)",
            "Ended (UTC)",
            "Seconds",
            "Job ID",
        ];
        let row = |(job, region): ListedJob| {
            let time = |at: Option<OffsetDateTime>| at.map(machine_time).unwrap_or_default();
            vec![
                job.entity.clone().unwrap_or_default(),
                vault.to_string(),
                region.map(|region| region.to_string()).unwrap_or_default(),
                job.operation.clone(),
                job_text(&job.status),
                time(job.start),
                time(job.end),
                job.duration.map(|duration| duration.whole_seconds().to_string()).unwrap_or_default(),
                job.name.as_str().to_owned(),
            ]
        };
        csv(&head, find(&self.listed_jobs(vault), query, self.now).into_iter().map(row))
    }
}
