//! Jobs: the work that an accepted operation starts.

use super::{child_url, cross_region, filter_time, filtered};
use crate::{
    arm::open_enum::open_enum,
    arm::{
        call::{Accepted, ApiVersion, Call},
        id::{ArmId, JobId},
        json::NodeRef,
        page::Page,
    },
};
use ::time::{Duration, OffsetDateTime};

pub use super::job_tracker::{JobOutcome, JobTracker};

open_enum! {
    /// The state of a job.
    JobStatus {
        /// Under way.
        InProgress = "InProgress",
        /// Being stopped.
        Cancelling = "Cancelling",
        /// Done.
        Completed = "Completed",
        /// Done, but something needs attention.
        CompletedWithWarnings = "CompletedWithWarnings",
        /// Failed.
        Failed = "Failed",
        /// Stopped.
        Cancelled = "Cancelled",
    }
}

impl JobStatus {
    /// Whether it may still change. An unknown status counts as running, so that it is not mistaken for success.
    #[must_use]
    pub fn is_running(&self) -> bool {
        matches!(self, JobStatus::InProgress | JobStatus::Cancelling | JobStatus::Other(_))
    }
}

/// A job. What a list leaves out (tasks, properties, percent) is empty.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Job {
    /// Its id.
    pub id: ArmId,
    /// Its name.
    pub name: JobId,
    /// `Restore`, `Backup`, …
    pub operation: String,
    /// Its state.
    pub status: JobStatus,
    /// `AzureIaaSVMJob`, …
    pub job_type: String,
    /// The machine's name, which other machines of the vault may have, too.
    pub entity: Option<String>,
    /// The machine's container in the vault, `iaasvmcontainerv2;{group};{name}`: of one vault, one machine's alone. Some answers leave it out.
    pub container: Option<String>,
    /// When it began.
    pub start: Option<OffsetDateTime>,
    /// When it ended.
    pub end: Option<OffsetDateTime>,
    /// How long it has run.
    pub duration: Option<Duration>,
    /// The `x-ms-client-request-id` of the call that made it.
    pub activity_id: Option<String>,
    /// Whether it can be cancelled now: Azure keeps saying so for finished jobs and for those of cross-region restores, this does not.
    pub cancellable: bool,
    /// Why it failed.
    pub errors: Vec<JobError>,
    /// Its parts, in order. A part can be completed while the job still runs.
    pub tasks: Vec<Task>,
    /// The property bag in order, without the spaces that some keys end with.
    pub properties: Vec<(String, String)>,
    /// 0 to 100.
    pub percent: Option<u8>,
    /// How long it may still take.
    pub remaining: Option<Duration>,
    /// A message of its own.
    pub dynamic_error: Option<String>,
    /// Whether a person started it.
    pub user_triggered: Option<bool>,
}

/// The `operation` of the job of a cross-region restore.
pub const CROSS_REGION: &str = "CrossRegionRestore";

/// An error of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct JobError {
    /// A number such as 400048.
    pub code: Option<i64>,
    /// A short text, often the error's name.
    pub title: Option<String>,
    /// What happened.
    pub text: Option<String>,
    /// What to do about it.
    pub recommendations: Vec<String>,
}

/// A part of a job.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Task {
    /// `Transfer data from vault`.
    pub name: String,
    /// `NotStarted`, `InProgress`, `Completed`, …, verbatim.
    pub status: String,
    /// How long it ran.
    pub duration: Option<Duration>,
    /// 0 to 100.
    pub progress: Option<u8>,
    /// `63.5 GBs / 127 GBs Transferred`.
    pub details: Option<String>,
}

impl Job {
    /// A job as a list shows it when it has just begun. The fields can be set afterwards.
    #[must_use]
    pub fn new(id: ArmId, name: JobId, operation: &str, status: JobStatus) -> Self {
        Job {
            id,
            name,
            operation: operation.to_owned(),
            status,
            job_type: "AzureIaaSVMJob".to_owned(),
            entity: None,
            container: None,
            start: None,
            end: None,
            duration: None,
            activity_id: None,
            cancellable: false,
            errors: Vec::new(),
            tasks: Vec::new(),
            properties: Vec::new(),
            percent: None,
            remaining: None,
            dynamic_error: None,
            user_triggered: None,
        }
    }

    /// A value of the property bag.
    #[must_use]
    pub fn property(&self, key: &str) -> Option<&str> {
        self.properties.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, value)| value.as_str())
    }

    /// Whether it restores, in any of Azure's spellings: `Restore`, `CrossRegionRestore`, with rehydration.
    #[must_use]
    pub fn is_restore(&self) -> bool {
        self.operation.to_ascii_lowercase().contains("restore")
    }

    pub(crate) fn read(node: &NodeRef<'_>) -> Job {
        let properties = node.at("properties");
        let extended = properties.at("extendedInfo");
        let id = node.need_id("id");
        let status: JobStatus = properties.need_text("status").into();
        // 1 is Cancellable in Azure's enum; see TierStatus for the same habit.
        let cancellable = properties
            .texts("actionsInfo")
            .iter()
            .any(|action| action == "1" || action.eq_ignore_ascii_case("Cancellable"));
        let bag = extended.members("propertyBag");
        let name = node.text("name").unwrap_or_else(|| id.name().to_owned());
        let operation = properties.text("operation").unwrap_or_default();
        Job {
            name: JobId::parse(&name).unwrap_or_else(|_| {
                node.at("name").record_mismatch("a job ID");
                JobId::placeholder()
            }),
            // Azure also claims this for jobs of the secondary region, but does not cancel them.
            cancellable: cancellable && status == JobStatus::InProgress && operation != CROSS_REGION,
            operation,
            status,
            job_type: properties.text("jobType").unwrap_or_default(),
            entity: properties.text("entityFriendlyName"),
            container: properties.text("containerName"),
            start: properties.time("startTime"),
            end: properties.time("endTime"),
            duration: properties.duration("duration"),
            activity_id: properties.text("activityId"),
            errors: properties.list("errorDetails", JobError::read),
            tasks: extended.list("tasksList", Task::read),
            properties: bag.into_iter().filter_map(|(key, value)| Some((key.trim().to_owned(), value?))).collect(),
            percent: extended.percent("progressPercentage"),
            remaining: extended.duration("estimatedRemainingDuration"),
            dynamic_error: extended.text("dynamicErrorMessage"),
            user_triggered: properties.flag("isUserTriggered"),
            id,
        }
    }
}

/// Whether two names are of one container: paths say `IaasVMContainer;iaasvmcontainerv2;{group};{name}`, jobs leave out what stands before the
/// first semicolon, and Azure ignores case.
#[must_use]
pub fn same_container(one: &str, other: &str) -> bool {
    let bare = |name: &str| {
        let name = name.to_ascii_lowercase();
        name.strip_prefix("iaasvmcontainer;").map(str::to_owned).unwrap_or(name)
    };
    bare(one) == bare(other)
}

impl JobError {
    /// An error of which nothing but the code is known. The fields can be set afterwards.
    #[must_use]
    pub fn new(code: Option<i64>) -> Self {
        JobError { code, title: None, text: None, recommendations: Vec::new() }
    }

    fn read(node: &NodeRef<'_>) -> JobError {
        JobError {
            code: node.integer("errorCode"),
            title: node.text("errorTitle"),
            text: node.text("errorString"),
            recommendations: node.texts("recommendations"),
        }
    }
}

impl Task {
    /// A part of a job of which only the status is known. The fields can be set afterwards.
    #[must_use]
    pub fn new(name: &str, status: &str) -> Self {
        Task { name: name.to_owned(), status: status.to_owned(), duration: None, progress: None, details: None }
    }

    fn read(node: &NodeRef<'_>) -> Task {
        Task {
            name: node.text("taskId").unwrap_or_default(),
            status: node.text("status").unwrap_or_default(),
            duration: node.duration("duration"),
            progress: node.percent("progressPercentage"),
            details: node.text("taskExecutionDetails"),
        }
    }
}

/// Which jobs to list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct JobFilter {
    /// `Restore`.
    pub operation: Option<String>,
    /// Only in this state.
    pub status: Option<JobStatus>,
    /// Only those that began after this.
    pub since: Option<OffsetDateTime>,
    /// Only those that began before this.
    pub until: Option<OffsetDateTime>,
}

impl JobFilter {
    /// The terms of `$filter`.
    pub(super) fn terms(&self) -> String {
        let mut terms = vec!["backupManagementType eq 'AzureIaasVM'".to_owned()];
        // A quote in a filter is doubled.
        let mut add = |key: &str, value: Option<String>| {
            terms.extend(value.map(|value| format!("{key} eq '{}'", value.replace('\'', "''"))));
        };
        add("operation", self.operation.clone());
        add("status", self.status.as_ref().map(ToString::to_string));
        add("startTime", self.since.map(filter_time));
        add("endTime", self.until.map(filter_time));
        terms.join(" and ")
    }
}

/// Where the jobs of restores are read: at the vault, or in the secondary region.
#[derive(Clone, Debug, PartialEq)]
pub struct JobEndpoint {
    /// The vault.
    pub vault: ArmId,
    /// The secondary region, see [`cross_region::location`].
    pub location: Option<ArmId>,
    /// The api-version of the calls.
    pub version: ApiVersion,
}

impl JobEndpoint {
    /// One job with its tasks.
    #[must_use]
    pub fn get(&self, job: &JobId) -> Call<Job> {
        match &self.location {
            Some(location) => cross_region::job(location, &self.vault, job, &self.version),
            None => get(&self.vault, job, &self.version),
        }
    }

    /// The jobs, newest first.
    #[must_use]
    pub fn list(&self, filter: &JobFilter) -> Call<Page<Job>> {
        match &self.location {
            Some(location) => cross_region::jobs(location, &self.vault, &self.version, filter),
            None => list(&self.vault, &self.version, filter),
        }
    }
}

/// The vault's jobs of virtual machines, newest first.
#[must_use]
pub fn list(vault: &ArmId, version: &ApiVersion, filter: &JobFilter) -> Call<Page<Job>> {
    let path = filtered(child_url(vault, &["backupJobs"], version), &filter.terms());
    Call::get("List jobs", "Microsoft.RecoveryServices/vaults/backupJobs/read", path, |node| {
        Page::read_listed(node, Job::read)
    })
}

/// One job with its tasks.
#[must_use]
pub fn get(vault: &ArmId, job: &JobId, version: &ApiVersion) -> Call<Job> {
    let path = child_url(vault, &["backupJobs", job.as_str()], version);
    Call::get("Get job", "Microsoft.RecoveryServices/vaults/backupJobs/read", path, Job::read)
}

/// Asks Azure to stop a job. Accepted means that it will be tried; the job's status tells.
#[must_use]
pub fn cancel(vault: &ArmId, job: &JobId, version: &ApiVersion) -> Call<Accepted> {
    let path = child_url(vault, &["backupJobs", job.as_str(), "cancel"], version);
    Call::begin("Cancel job", "Microsoft.RecoveryServices/vaults/backupJobs/cancel/action", path, None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{VAULT, at, id, ok};
    use serde_json::{Value, json};

    fn job(properties: &Value) -> Job {
        let body = json!({ "id": format!("{VAULT}/backupJobs/j-1"), "name": "j-1", "properties": properties });
        get(&id(VAULT), &JobId::parse("j-1").unwrap(), &ApiVersion::BACKUP_DEFAULT).read(&ok(&body)).unwrap()
    }

    #[test]
    fn a_finished_job_cannot_be_cancelled_though_azure_says_so() {
        for (status, actions, expected) in [
            ("InProgress", json!(["Cancellable"]), true),
            ("InProgress", json!([1]), true),
            ("InProgress", json!([2, "Retriable"]), false),
            ("InProgress", json!(null), false),
            ("Completed", json!(["Cancellable"]), false),
            ("Cancelling", json!([1]), false),
        ] {
            assert_eq!(
                job(&json!({ "status": status, "actionsInfo": actions })).cancellable,
                expected,
                "{status} {actions}"
            );
        }
    }

    #[test]
    fn errors_tasks_and_properties_keep_azures_words_and_order() {
        let job = job(&json!({
            "status": "Failed", "duration": "PT1H41M", "endTime": "0001-01-01T00:00:00Z",
            "errorDetails": [{ "errorCode": 400_048, "errorTitle": "UserErrorX", "errorString": "Gone.", "recommendations": ["Make one.", "Retry."] }],
            "extendedInfo": {
                "propertyBag": { "Job Type": "Recover disks", "Recovery point time ": "5/14/2024 8:49:45 AM", "Target VM Name": null },
                "tasksList": [{ "taskId": "Transfer data from vault", "status": "InProgress", "progressPercentage": 50, "taskExecutionDetails": "63.5 GBs / 127 GBs Transferred" }]
            }
        }));
        assert_eq!((job.errors[0].code, job.errors[0].recommendations.len()), (Some(400_048), 2));
        assert_eq!((job.end, job.duration), (None, Some(Duration::minutes(101))));
        let keys: Vec<&str> = job.properties.iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(keys, ["Job Type", "Recovery point time"]);
        assert_eq!(job.property("recovery point time"), Some("5/14/2024 8:49:45 AM"));
        assert_eq!((job.tasks[0].progress, job.percent), (Some(50), None));
    }

    #[test]
    fn a_container_is_the_same_with_and_without_what_stands_before_it() {
        let job = job(&json!({ "status": "InProgress", "containerName": "iaasvmcontainerv2;RG;vm-a" }));
        let named = job.container.unwrap();
        assert!(same_container(&named, "IaasVMContainer;iaasvmcontainerv2;rg;vm-a"));
        for other in ["iaasvmcontainerv2;rg-b;vm-a", "iaasvmcontainer;rg;vm-a", "vm-a", ""] {
            assert!(!same_container(&named, other), "{other}");
        }
    }

    #[test]
    fn which_states_still_run() {
        for (word, running) in [
            ("InProgress", true),
            ("Cancelling", true),
            ("Paused", true),
            ("Completed", false),
            ("completedwithwarnings", false),
            ("Failed", false),
            ("Cancelled", false),
        ] {
            assert_eq!(JobStatus::from(word.to_owned()).is_running(), running, "{word}");
        }
    }

    #[test]
    fn calls() {
        let cloud = crate::arm::cloud::Cloud::public();
        let filter = JobFilter {
            operation: Some("Re'store".into()),
            status: Some(JobStatus::InProgress),
            since: Some(at(0)),
            until: None,
        };
        let url = list(&id(VAULT), &ApiVersion::TUTORIAL, &filter).url(&cloud).unwrap().to_string();
        let terms = "operation%20eq%20%27Re%27%27store%27%20and%20status%20eq%20%27InProgress%27%20and%20startTime%20eq%20%272023-11-14%2010%3A13%3A20%20PM%27";
        assert!(url.ends_with(terms), "{url}");
        let cancel = cancel(&id(VAULT), &JobId::parse("j").unwrap(), &ApiVersion::TUTORIAL);
        assert_eq!(
            (cancel.method.as_str(), cancel.line().as_str()),
            ("POST", format!("POST {VAULT}/backupJobs/j/cancel").as_str())
        );
    }
}
