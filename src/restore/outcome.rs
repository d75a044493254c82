//! The result of a restore in words: its state, what exists now, what to do next. "Accepted" never means "restored".

use azure_backup::arm::fault::Fault;
use azure_backup::arm::id::ArmId;
use azure_backup::backup::job::{Job, JobError, JobStatus};
use azure_backup::backup::job_tracker::JobOutcome;

use super::field::Field;
use super::run::{JobMatch, RestoreRun, Stage};
use super::scenario::Scenario;
use super::visible::visible_name;

/// The severity of a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutcomeTone {
    /// It goes on.
    Running,
    /// All is well.
    Good,
    /// It ended and needs the operator's attention.
    Attention,
    /// It failed.
    Bad,
    /// It was canceled or never started.
    Neutral,
}

impl RestoreRun {
    /// Azure's error, if it refused the request or the operation failed before there was a job.
    pub fn fault(&self) -> Option<&Fault> {
        match &self.stage {
            Stage::Refused { fault } | Stage::OperationFailed { fault } => Some(fault),
            Stage::NotSent { fault, .. } | Stage::Unknown { fault, .. } => fault.as_ref(),
            _ => None,
        }
    }

    /// The name of the error that Azure ended the restore with, for a row of a list.
    pub fn error_name(&self) -> Option<String> {
        let warned = matches!(self.tone(), OutcomeTone::Bad | OutcomeTone::Attention);
        let of_job = || self.job().and_then(|job| job.errors.first()?.title.as_deref());
        let name = self.fault().map(|fault| fault.code.as_str()).or_else(of_job);
        name.filter(|name| !name.is_empty() && warned && !self.is_running()).map(|name| visible_name(name).into_owned())
    }

    /// The error of the last poll, while the restore is running.
    pub fn last_error(&self) -> Option<&Fault> {
        match &self.stage {
            Stage::Unknown { search, .. } | Stage::Searching { search } | Stage::Preparing { search, .. } => {
                search.last_error.as_ref()
            }
            Stage::Operation { operation } => operation.last_error(),
            Stage::Job { tracker, .. } if self.is_running() => tracker.last_error(),
            _ => None,
        }
    }

    /// The state in a few words.
    pub fn state_text(&self) -> String {
        match &self.stage {
            Stage::Intent => "Waiting for a token".to_owned(),
            Stage::Sending => "Sending the request".to_owned(),
            Stage::Preparing { identified: false, .. } => "Preparing: contacting the secondary region".to_owned(),
            Stage::Preparing { .. } => "Preparing: getting the access token".to_owned(),
            Stage::Unknown { .. } => "Checking whether Azure received the request".to_owned(),
            Stage::Operation { .. } | Stage::Searching { .. } => {
                "Accepted. Waiting for Azure to create the job".to_owned()
            }
            Stage::Job { tracker, .. } if self.missing_job_fault().is_some() => match tracker.job() {
                Some(job) => format!("{}; the job is no longer in Azure", job_text(&job.status)),
                None => "The job is no longer in Azure".to_owned(),
            },
            Stage::Job { tracker, .. } => {
                tracker.job().map_or_else(|| "Accepted. Loading job details".to_owned(), |job| job_text(&job.status))
            }
            Stage::Refused { .. } => "Rejected by Azure".to_owned(),
            Stage::OperationFailed { .. } => "Failed".to_owned(),
            Stage::NotSent { .. } => "Not started".to_owned(),
        }
    }

    /// The severity of the state.
    pub fn tone(&self) -> OutcomeTone {
        match &self.stage {
            Stage::Intent
            | Stage::Sending
            | Stage::Preparing { .. }
            | Stage::Operation { .. }
            | Stage::Searching { .. } => OutcomeTone::Running,
            Stage::Unknown { .. } => OutcomeTone::Attention,
            Stage::Job { .. } if self.missing_job_fault().is_some() => OutcomeTone::Attention,
            Stage::Job { tracker, .. } => tracker.job().map_or(OutcomeTone::Running, |job| match job.status {
                JobStatus::Completed if self.wrong_disks().is_some() => OutcomeTone::Attention,
                JobStatus::Completed => OutcomeTone::Good,
                JobStatus::CompletedWithWarnings => OutcomeTone::Attention,
                JobStatus::Failed => OutcomeTone::Bad,
                JobStatus::Cancelled => OutcomeTone::Neutral,
                _ => OutcomeTone::Running,
            }),
            Stage::Refused { .. } | Stage::OperationFailed { .. } => OutcomeTone::Bad,
            Stage::NotSent { .. } => OutcomeTone::Neutral,
        }
    }

    /// Azure's error, if it repeatedly answered that the job does not exist.
    pub fn missing_job_fault(&self) -> Option<&Fault> {
        match &self.stage {
            Stage::Job { tracker, .. } => match tracker.ending() {
                Some(JobOutcome::Gone(fault)) => Some(fault),
                _ => None,
            },
            _ => None,
        }
    }

    /// How the job was found, if that needs an explanation.
    pub fn found_text(&self) -> Option<&'static str> {
        match &self.stage {
            Stage::Job { found: JobMatch::Activity, .. } => {
                Some("The job was found in the vault's list by this request's ID.")
            }
            Stage::Job { found: JobMatch::VmAndTime, .. } => Some(
                "Matched by VM and time. If someone else restored this VM at the same time, this may be their job.",
            ),
            Stage::Job { found: JobMatch::List, .. } => Some(
                "You opened this job from the vault's list. The original request is known only where it was started.",
            ),
            _ => None,
        }
    }

    /// What is restored, in a few words.
    pub fn what_is_restored(&self) -> &'static str {
        self.scenario().map_or("A restore", Scenario::title)
    }

    /// What it does, in a sentence.
    pub fn effect_sentence(&self) -> String {
        let Some(submitted) = &self.submitted else { return "Started outside this browser.".to_owned() };
        // Prefer the sentence made from the request; the stored one beside it may have been changed.
        submitted.text.read().map_or_else(|_| submitted.effect.clone(), |known| known.effect.clone())
    }

    /// What the job says exists now: label and value.
    pub fn created(&self) -> Vec<(String, String)> {
        // For restored disks "Target VM Name" is a literal placeholder, so it counts for virtual machines only.
        let new_vm = self.scenario() == Some(Scenario::AnotherVm);
        let shown = |key: &str| {
            let lower = key.to_ascii_lowercase();
            match lower.as_str() {
                "target vm name" => new_vm,
                "target resource group" | "target vnet name" | "restored disk(s)" | "target storage account name" => {
                    true
                }
                _ => lower.ends_with("uri") || lower.ends_with("blob name") || lower.ends_with("container name"),
            }
        };
        let ended = |job: &&Job| !job.status.is_running();
        let bag = self.job().filter(ended).map(|job| job.properties.as_slice()).unwrap_or_default();
        bag.iter().filter(|(key, value)| !value.is_empty() && shown(key)).cloned().collect()
    }

    /// The resource that an entry of [`RestoreRun::created`] refers to, if it can be determined.
    pub fn resource(&self, name: &str, value: &str) -> Option<ArmId> {
        let job = self.job()?;
        let subscription = job.property("Target Subscription ID").or_else(|| self.vault.subscription())?;
        let group = |group: &str| format!("/subscriptions/{subscription}/resourceGroups/{group}");
        let id = match name.to_ascii_lowercase().as_str() {
            "target resource group" => group(value),
            "target vm name" => {
                let group = group(job.property("Target resource group")?);
                format!("{group}/providers/Microsoft.Compute/virtualMachines/{value}")
            }
            // The job names only the account; its id is in the request.
            "target storage account name" => {
                let known = self.submitted.as_ref()?.text.read().ok()?;
                return known.request.storage_account_id.clone().filter(|id| id.name() == value);
            }
            _ => return None,
        };
        ArmId::parse(&id).ok()
    }

    /// The requested and the restored disks, if a finished job reports a difference.
    pub fn wrong_disks(&self) -> Option<(Vec<String>, Vec<String>)> {
        let wanted = self.submitted.as_ref()?.expected_disks.clone()?;
        let job = self.job().filter(|j| !j.status.is_running())?;
        let (_, list) = job.properties.iter().find(|(key, _)| key.eq_ignore_ascii_case("Restored disk(s)"))?;
        let restored: Vec<String> = list.split(';').map(|d| d.trim().to_owned()).filter(|d| !d.is_empty()).collect();
        let times = |name: &str, names: &[String]| names.iter().filter(|n| n.eq_ignore_ascii_case(name)).count();
        let same = wanted.len() == restored.len() && wanted.iter().all(|n| times(n, &wanted) == times(n, &restored));
        (!same).then_some((wanted, restored))
    }

    /// The field that an error of the job is most likely about, among the fields that this request sets.
    pub fn likely_field(&self, error: &JobError) -> Option<Field> {
        let request = self.submitted.as_ref()?.text.read().ok().map(|known| &known.request);
        let words = [error.title.as_deref(), error.text.as_deref()];
        let words = words.into_iter().flatten().chain(error.recommendations.iter().map(String::as_str));
        let is_set = |field: Field| request.is_some_and(|request| field.is_set_in(request));
        let filled = |field: &Field| field.property().is_empty() || is_set(*field);
        words.filter_map(Field::spoken_of).find(filled)
    }

    /// What the operator should do next.
    pub fn next_steps(&self) -> Vec<String> {
        let steps: &[&str] = match (&self.stage, self.status()) {
            (Stage::Refused { fault }, _) if fault.is_throttled() => &[
                "Azure is limiting requests. Nothing was changed. Wait as long as Azure asks, then start again; your settings are saved.",
            ],
            (Stage::Refused { .. }, _) => {
                &["Nothing was changed. Your settings are saved: fix the problem above and start again."]
            }
            (Stage::NotSent { search: None, .. }, _) if self.imported.is_some() => &[
                "The file says this restore wasn't started. The browser it comes from may have started it since. Check the vault's jobs before you start it again.",
            ],
            (Stage::NotSent { search: None, .. }, _) => {
                &["Nothing reached Azure. Your settings are saved: start again from the recovery point."]
            }
            (Stage::NotSent { .. }, _) => &[
                "Azure has no job for this restore: the request didn't arrive, or it failed before a job was created.",
                "Your settings are saved: review them and start again.",
            ],
            (Stage::Unknown { search, .. } | Stage::Searching { search }, _) if search.unclear == Some(true) => &[
                "Don't start this restore again: it may be running. A restore of a VM with this name started at that time, but its job doesn't say which VM it restores. Check it in the vault's jobs.",
            ],
            (Stage::Unknown { .. }, _) => {
                &["Don't start this restore again yet: it may be running. We're searching the vault's jobs for it."]
            }
            (Stage::OperationFailed { .. }, _) => &["No job was created. Fix the problem above and start again."],
            (_, Some(JobStatus::Completed | JobStatus::CompletedWithWarnings)) => match self.scenario() {
                None => &["Check the restored resources."],
                Some(Scenario::RestoreDisks | Scenario::SelectedDisks) => &[
                    "Deploy the template named above to create a VM, or attach the disks to an existing VM.",
                    "Verify the data before you retire the original VM.",
                ],
                Some(Scenario::ReplaceDisks) => &[
                    "Start the VM and check it.",
                    "The old disks are still in their resource group. Delete them when you no longer need them.",
                ],
                Some(Scenario::AnotherVm) => &[
                    "Check the new VM: network security groups, static IPs, availability sets and extensions aren't restored.",
                    "If you keep the VM, turn on backup for it.",
                ],
            },
            (_, Some(JobStatus::Failed)) => &[
                "Fix the cause described above, then restore again from the same recovery point.",
                "Check the target for disks that the failed restore has created, and delete them.",
            ],
            (_, Some(JobStatus::Cancelled)) => {
                &["Check the target for resources created before the cancellation, and delete them."]
            }
            _ => &[],
        };
        steps.iter().map(|s| (*s).to_owned()).collect()
    }
}

/// A job's status in words; an unknown status is shown as Azure spells it.
pub fn job_text(status: &JobStatus) -> String {
    match status {
        JobStatus::InProgress => "In progress".to_owned(),
        JobStatus::Cancelling => "Canceling".to_owned(),
        JobStatus::Completed => "Completed".to_owned(),
        JobStatus::CompletedWithWarnings => "Completed with warnings".to_owned(),
        JobStatus::Failed => "Failed".to_owned(),
        JobStatus::Cancelled => "Canceled".to_owned(),
        other => format!("Status: {other}"),
    }
}
