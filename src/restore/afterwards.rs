//! What is worth checking after a restore that Azure calls completed: restored does not mean usable.

use azure_backup::arm::id::ArmId;
use azure_backup::backup::job::JobStatus;
use azure_backup::backup::lookups::ManagedDisk;

use super::run::RestoreRun;
use super::scenario::Scenario;

/// Something to check, and the page of the portal that shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What to check.
    pub text: &'static str,
    /// The name and the last part of the address of the virtual machine's page in the portal.
    pub page: Option<(&'static str, &'static str)>,
}

const fn check(text: &'static str) -> Check {
    Check { text, page: None }
}

const BOOTS: Check = Check {
    text: "The VM starts: its screen shows the operating system, not a repair or an error.",
    page: Some(("Open boot diagnostics", "/bootDiagnostics")),
};
const AGENT: Check = Check {
    text: "The VM agent is ready. Azure needs it to run extensions and to back up the VM.",
    page: Some(("Open the VM's overview", "/overview")),
};
const DATA: Check =
    check("Applications work, and their data is as of the recovery point. Changes made later aren't in it.");

impl RestoreRun {
    /// Whether the restore ended well enough that there is something to check.
    pub fn is_completed(&self) -> bool {
        matches!(self.status(), Some(JobStatus::Completed | JobStatus::CompletedWithWarnings))
    }

    /// What to check, in order.
    pub fn checks(&self) -> &'static [Check] {
        const NEW_VM: &[Check] = &[
            BOOTS,
            AGENT,
            check(
                "The new VM has the computer name and the domain account of the original. Don't run both in the same network or domain: keep one of them off, or rename the new one and join it to the domain again.",
            ),
            check("Public IP, load balancer, network security group and extensions are set up as you need them."),
            DATA,
        ];
        const IN_PLACE: &[Check] = &[
            BOOTS,
            AGENT,
            check(
                "The VM still signs in to its domain. The disks hold an older password of its computer account, which the domain may no longer accept.",
            ),
            DATA,
        ];
        const DISKS: &[Check] = &[
            check("Each disk that you need is there, with the size that you expect."),
            check(
                "After a disk is attached, the operating system shows its volumes. Windows may leave a disk offline until you bring it online.",
            ),
            DATA,
        ];
        match self.scenario() {
            _ if !self.is_completed() => &[],
            Some(Scenario::AnotherVm) => NEW_VM,
            Some(Scenario::ReplaceDisks) => IN_PLACE,
            Some(Scenario::RestoreDisks | Scenario::SelectedDisks) => DISKS,
            None => &[],
        }
    }

    /// The virtual machine that the restore has created or changed, once it is completed.
    pub fn restored_machine(&self) -> Option<ArmId> {
        let known = self.submitted.as_ref().and_then(|submitted| submitted.text.read().ok());
        match self.scenario()? {
            _ if !self.is_completed() => None,
            Scenario::ReplaceDisks => Some(known?.source.clone()),
            Scenario::AnotherVm => {
                let submitted = known.and_then(|known| known.request.target_virtual_machine_id.clone());
                submitted.or_else(|| self.resource("Target VM Name", self.job()?.property("Target VM Name")?))
            }
            Scenario::RestoreDisks | Scenario::SelectedDisks => None,
        }
    }

    /// The resource group that the disks of a restore are in that has ended: one that has failed may have left some.
    pub fn group_of_disks(&self) -> Option<ArmId> {
        let name = self.job().filter(|job| !job.status.is_running())?.property("Target resource group")?;
        self.resource("Target resource group", name)
    }

    /// Commands of the Azure CLI that attach restored data disks to the original virtual machine.
    pub fn attach_commands(&self, disks: &[&ManagedDisk]) -> Option<String> {
        let known = self.submitted.as_ref()?.text.read().ok().filter(|known| known.scenario.makes_disks())?;
        let (vm, group) = (known.source.name(), known.source.resource_group()?);
        let data =
            disks.iter().filter(|disk| disk.attached_to.is_none() && disk.restored_lun().is_some_and(|lun| lun >= 0));
        let words: Vec<[&str; 3]> = data.map(|disk| [group, vm, disk.id.as_str()]).collect();
        // Azure's names need no quotation marks. Of any other name, a shell might make something else.
        let plain = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._/".contains(&b));
        if words.is_empty() || !words.iter().flatten().all(|word| plain(word)) {
            return None;
        }
        let command = |[group, vm, disk]: [&str; 3]| {
            format!("az vm disk attach --resource-group {group} --vm-name {vm} --name {disk}")
        };
        Some(words.into_iter().map(command).collect::<Vec<_>>().join("\n"))
    }
}
