//! A job as [`JobTracker`](super::JobTracker) keeps it. [`Job`] itself has no `Serialize`: this is not the form in which Azure writes one.

use crate::{
    arm::id::{ArmId, JobId},
    backup::job::{Job, JobError, JobStatus, Task},
};
use ::time::{Duration, OffsetDateTime};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Names the members that a [`Job`] is stored with.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Job")]
struct StoredJob {
    #[serde(rename = "id")]
    id: ArmId,
    #[serde(rename = "name")]
    name: JobId,
    #[serde(rename = "operation")]
    operation: String,
    #[serde(rename = "status")]
    status: JobStatus,
    #[serde(rename = "job_type")]
    job_type: String,
    #[serde(rename = "entity")]
    entity: Option<String>,
    #[serde(rename = "container")]
    container: Option<String>,
    #[serde(rename = "start", default, with = "crate::arm::bounds::optional_time")]
    start: Option<OffsetDateTime>,
    #[serde(rename = "end", default, with = "crate::arm::bounds::optional_time")]
    end: Option<OffsetDateTime>,
    #[serde(rename = "duration", default, with = "crate::arm::bounds::optional_duration")]
    duration: Option<Duration>,
    #[serde(rename = "activity_id")]
    activity_id: Option<String>,
    #[serde(rename = "cancellable")]
    cancellable: bool,
    #[serde(rename = "errors", with = "errors")]
    errors: Vec<JobError>,
    #[serde(rename = "tasks", with = "tasks")]
    tasks: Vec<Task>,
    #[serde(rename = "properties")]
    properties: Vec<(String, String)>,
    #[serde(rename = "percent")]
    percent: Option<u8>,
    #[serde(rename = "remaining", default, with = "crate::arm::bounds::optional_duration")]
    remaining: Option<Duration>,
    #[serde(rename = "dynamic_error")]
    dynamic_error: Option<String>,
    #[serde(rename = "user_triggered")]
    user_triggered: Option<bool>,
}

/// Names the members that a [`JobError`] is stored with.
#[derive(Serialize, Deserialize)]
#[serde(remote = "JobError")]
struct StoredJobError {
    #[serde(rename = "code")]
    code: Option<i64>,
    #[serde(rename = "title")]
    title: Option<String>,
    #[serde(rename = "text")]
    text: Option<String>,
    #[serde(rename = "recommendations")]
    recommendations: Vec<String>,
}

/// Names the members that a [`Task`] is stored with.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Task")]
struct StoredTask {
    #[serde(rename = "name")]
    name: String,
    #[serde(rename = "status")]
    status: String,
    #[serde(rename = "duration", default, with = "crate::arm::bounds::optional_duration")]
    duration: Option<Duration>,
    #[serde(rename = "progress")]
    progress: Option<u8>,
    #[serde(rename = "details")]
    details: Option<String>,
}

/// `with` for a job or none.
pub(super) mod optional_job {
    use super::{Deserialize, Deserializer, Job, Serialize, Serializer, StoredJob};

    #[derive(Serialize)]
    struct Lent<'a>(#[serde(with = "StoredJob")] &'a Job);
    #[derive(Deserialize)]
    struct Own(#[serde(with = "StoredJob")] Job);

    pub(in super::super) fn serialize<S: Serializer>(job: &Option<Job>, out: S) -> Result<S::Ok, S::Error> {
        job.as_ref().map(Lent).serialize(out)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Job>, D::Error> {
        Option::<Own>::deserialize(from).map(|read| read.map(|Own(job)| job))
    }
}

/// `with` for a list of errors.
mod errors {
    use super::{Deserialize, Deserializer, JobError, Serialize, Serializer, StoredJobError};

    #[derive(Serialize)]
    struct Lent<'a>(#[serde(with = "StoredJobError")] &'a JobError);
    #[derive(Deserialize)]
    struct Own(#[serde(with = "StoredJobError")] JobError);

    pub(super) fn serialize<S: Serializer>(all: &[JobError], out: S) -> Result<S::Ok, S::Error> {
        out.collect_seq(all.iter().map(Lent))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<JobError>, D::Error> {
        Vec::<Own>::deserialize(from).map(|all| all.into_iter().map(|Own(one)| one).collect())
    }
}

/// `with` for a list of tasks.
mod tasks {
    use super::{Deserialize, Deserializer, Serialize, Serializer, StoredTask, Task};

    #[derive(Serialize)]
    struct Lent<'a>(#[serde(with = "StoredTask")] &'a Task);
    #[derive(Deserialize)]
    struct Own(#[serde(with = "StoredTask")] Task);

    pub(super) fn serialize<S: Serializer>(all: &[Task], out: S) -> Result<S::Ok, S::Error> {
        out.collect_seq(all.iter().map(Lent))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Task>, D::Error> {
        Vec::<Own>::deserialize(from).map(|all| all.into_iter().map(|Own(one)| one).collect())
    }
}
