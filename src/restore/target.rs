//! What a restore makes, how far it is, and when it ended: what a list of restores shows.

use azure_backup::arm::id::ArmId;
use azure_backup::backup::restore_request::IaasVmRestoreRequest;
use time::OffsetDateTime;

use super::run::RestoreRun;
use super::scenario::Scenario;

/// What a restore makes or changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// What it is.
    pub kind: &'static str,
    /// Name of the virtual machine, or of the resource group or storage account that the disks go to.
    pub name: String,
    /// Resource group of a new virtual machine, if it is known.
    pub group: Option<String>,
}

impl Target {
    const fn new(kind: &'static str, name: String) -> Self {
        Self { kind, name, group: None }
    }
}

const IN_PLACE: &str = "In place";
const NEW_VM: &str = "New VM";
const DISKS: &str = "Managed disks";
const BLOBS: &str = "VHD blobs";

impl RestoreRun {
    /// What is made or changed; none if neither request nor job says.
    pub fn target(&self) -> Option<Target> {
        match self.submitted.as_ref().and_then(|submitted| submitted.text.read().ok()) {
            Some(known) => of_request(&known.request, known.scenario, known.machine()),
            None => self.target_of_job(),
        }
    }

    /// The target by the job, for a restore whose request is unknown.
    fn target_of_job(&self) -> Option<Target> {
        let job = self.job()?;
        let of = |name: &str| job.property(name).filter(|value| !value.is_empty()).map(str::to_owned);
        let group = of("Target resource group");
        match (self.scenario()?, group) {
            (Scenario::ReplaceDisks, _) => Some(Target::new(IN_PLACE, self.vm.clone())),
            (Scenario::AnotherVm, group) => Some(Target { group, ..Target::new(NEW_VM, of("Target VM Name")?) }),
            (_, Some(group)) => Some(Target::new(DISKS, group)),
            (_, None) => Some(Target::new(BLOBS, of("Target Storage Account Name")?)),
        }
    }

    /// The job's progress in percent, while it runs and Azure reports it.
    pub fn percent(&self) -> Option<u8> {
        self.job().filter(|job| job.status.is_running())?.percent
    }

    /// When it ended; none while it runs, or if neither Azure nor this browser recorded it.
    pub fn ended(&self) -> Option<OffsetDateTime> {
        if self.is_running() {
            return None;
        }
        self.job().and_then(|job| job.end).or_else(|| Some(self.timeline.0.last()?.at))
    }
}

fn of_request(request: &IaasVmRestoreRequest, scenario: Scenario, machine: &str) -> Option<Target> {
    let name = |id: &Option<ArmId>| id.as_ref().map(|id| id.name().to_owned());
    let group = name(&request.target_resource_group_id);
    match (scenario, group) {
        (Scenario::ReplaceDisks, _) => Some(Target::new(IN_PLACE, machine.to_owned())),
        (Scenario::AnotherVm, group) => {
            Some(Target { group, ..Target::new(NEW_VM, name(&request.target_virtual_machine_id)?) })
        }
        (_, Some(group)) => Some(Target::new(DISKS, group)),
        (_, None) if request.original_storage_account_option == Some(true) => {
            Some(Target::new(BLOBS, "Original storage accounts".to_owned()))
        }
        (_, None) => Some(Target::new(BLOBS, name(&request.storage_account_id)?)),
    }
}
