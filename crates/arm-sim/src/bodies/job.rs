//! A job.

use super::job_details;
use crate::faults::Fault;
use crate::moment;
use crate::simulator::Simulator;
use crate::text::{fill, member, quote};
use crate::version::Version;
use crate::world::item::Traits;
use crate::world::job::{Job, JobKind, JobStatus};
use crate::world::place::location_id;

const JOB: &str = r#"{"id":"$0/backupJobs/$1","name":"$1","type":"Microsoft.RecoveryServices/vaults/backupJobs","properties":{"jobType":"AzureIaaSVMJob"@2,"containerName":"$3","duration":"$4"@5,"virtualMachineVersion":"$6"@7,"entityFriendlyName":"$8","backupManagementType":"AzureIaasVM","operation":"$9","status":"$A","startTime":"$B"@C,"activityId":"$D"}}"#;

/// The JSON of a job; only the detailed form has tasks and properties.
pub(crate) fn json(sim: &Simulator, job: &Job, version: &Version, detail: bool) -> String {
    let world = &sim.world;
    let item = &world.items[job.item];
    let vault = world.vault_of(job.item);
    let secondary = vault.secondary().filter(|_| job.is_secondary());
    let scope = secondary.map_or_else(|| vault.id(), |region| location_id(vault.subscription, region));
    // Azure still lists this when the job is over.
    let actions = match job.kind {
        JobKind::ConfigureBackup | JobKind::Undelete => "",
        _ if version.since(if job.is_secondary() { 20_211_115 } else { 20_230_201 }) => {
            r#","actionsInfo":["Cancellable"]"#
        }
        _ => r#","actionsInfo":[1]"#,
    };
    let status = match item.fault {
        Some(Fault::UnknownStatus) if job.status == JobStatus::InProgress && job.done < 600 => "Verifying",
        _ => job.status.as_str(),
    };
    let errors = errors(job).map(|e| format!("[{e}]"));
    fill(
        JOB,
        &[
            &scope,
            &job.id,
            actions,
            &item.container(),
            &moment::duration(job.ended.unwrap_or(sim.clock) - job.started),
            &member("errorDetails", errors),
            if item.traits.has(Traits::CLASSIC) { "ClassicCompute" } else { "Compute" },
            &member("extendedInfo", detail.then(|| job_details::json(sim, job, version))),
            &item.name,
            job.kind.as_str(),
            status,
            &moment::iso(job.started),
            &member("endTime", job.ended.map(|at| quote(&moment::iso(at)))),
            &job.activity,
        ],
    )
}

/// An error that Azure's documentation does not show: only its code and words are like ARM's.
const LATE: &str = r#"{"errorCode":400500,"errorTitle":"SimulatedFailure","errorString":"$0","recommendations":["Remove the cause, and start another restore."]}"#;

fn errors(job: &Job) -> Option<String> {
    let late = job.restore.as_ref().and_then(|restore| restore.late.as_ref());
    if let Some(late) = late.filter(|_| job.status == JobStatus::Failed) {
        return Some(fill(LATE, &[late]));
    }
    Some(known_errors(job)?.to_owned())
}

fn known_errors(job: &Job) -> Option<&'static str> {
    Some(match (job.status, &job.restore) {
        (JobStatus::Failed, Some(restore)) if restore.lacks_set => {
            r#"{"errorCode":400501,"errorTitle":"UserErrorDiskEncryptionSetDoesNotExist","errorString":"The disk encryption set that the operating system disk was encrypted with doesn't exist.","recommendations":["Restore the key from the file that this job has left in the storage account, make a disk encryption set with it, and name that set in another restore."]}"#
        }
        (JobStatus::Failed, Some(_)) => {
            r#"{"errorCode":400048,"errorTitle":"UserErrorBCMRestoreStorageAccountNotFound","errorString":"Storage Account specified for Restore operation doesn't exist.","recommendations":["Make sure that the storage account specified in restore operation exists till restore operation is completed. If you have deleted the specified storage account, please use a different storage account and retry the operation. "]}"#
        }
        (JobStatus::Failed, None) => {
            r#"{"errorCode":400196,"errorTitle":"UserErrorGuestAgentStatusUnavailable","errorString":"VM agent is unable to communicate with the Azure Backup Service.","recommendations":["Ensure that the VM agent is up to date and running."]}"#
        }
        (JobStatus::CompletedWithWarnings, Some(_)) => {
            r#"{"errorCode":400500,"errorTitle":"SimulatedWarning","errorString":"The disks were restored, but the template to create a virtual machine from them could not be tested.","recommendations":["Check the template before you deploy it."]}"#
        }
        (JobStatus::CompletedWithWarnings, None) => {
            r#"{"errorCode":320001,"errorTitle":"ResourceNotFound","errorString":"Could not perform the operation as VM no longer exists.","recommendations":["Stop protecting virtual machine without deleting backup data. More details at http://go.microsoft.com/fwlink/?LinkId=808124 "]}"#
        }
        (JobStatus::Cancelled, _) => {
            r#"{"errorCode":400158,"errorTitle":"UserErrorJobSuccessfullyCancelled","errorString":"Job is cancelled.","recommendations":[]}"#
        }
        _ => return None,
    })
}
