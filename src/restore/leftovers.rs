//! What a restore leaves behind: in the staging account, in the target group, on the machine whose disks it has replaced. Only names that Azure has
//! given are listed. The page deletes nothing: it gives the commands.

use azure_backup::arm::id::ArmId;
use azure_backup::backup::lookups::{ManagedDisk, VirtualMachine};

use super::run::RestoreRun;
use super::scenario::Scenario;

/// Something that remains and costs money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leftover {
    /// What it is.
    pub what: &'static str,
    /// Its name.
    pub name: String,
    /// Its id, where it is a resource.
    pub id: Option<ArmId>,
    /// The storage account or resource group that it is in.
    pub place: String,
    /// Its size in GiB, where Azure tells it.
    pub size_gb: Option<i64>,
    /// When it may be deleted.
    pub when: &'static str,
    /// The command of the Azure CLI that deletes it; none where a shell could misread a name.
    pub command: Option<String>,
}

/// `words` as a command; none if a shell could interpret one of them. Azure's own names need no quotation marks.
fn command(words: &[&str]) -> Option<String> {
    let plain = |word: &&str| word.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._/".contains(&b));
    words.iter().all(plain).then(|| words.join(" "))
}

/// A resource that `az {kind} delete` deletes.
fn resource(what: &'static str, when: &'static str, kind: &[&str], id: &ArmId) -> Leftover {
    Leftover {
        what,
        name: id.name().to_owned(),
        place: id.resource_group().unwrap_or_default().to_owned(),
        size_gb: None,
        when,
        // Without `--yes`, the Azure CLI asks.
        command: command(&[&["az"][..], kind, &["delete", "--ids", id.as_str()]].concat()),
        id: Some(id.clone()),
    }
}

fn disk(what: &'static str, when: &'static str, disk: &ManagedDisk) -> Leftover {
    Leftover { size_gb: disk.size_gb, ..resource(what, when, &["disk"], &disk.id) }
}

const FIRST: &str = "When you have checked it";
const LATER: &str = "After the VM";

impl RestoreRun {
    /// What remains of a restore that has ended; `disks` are those of its target group that were read.
    pub fn leftovers(&self, disks: &[&ManagedDisk]) -> Vec<Leftover> {
        if self.job().is_none_or(|job| job.status.is_running()) {
            return Vec::new();
        }
        let mut found = self.staged();
        let unattached = disks.iter().copied().filter(|disk| disk.attached_to.is_none());
        let (made, others): (Vec<&ManagedDisk>, Vec<&ManagedDisk>) = unattached.partition(|disk| self.has_made(disk));
        let (what, when) = match self.is_completed() {
            true => ("Restored disk, not attached", "When you no longer need it"),
            false => ("Disk of a restore that didn't complete", "Now, unless you need it to find the cause"),
        };
        found.extend(made.into_iter().map(|made| disk(what, when, made)));
        if self.is_completed() && self.scenario() == Some(Scenario::ReplaceDisks) {
            let when = "When the VM works with the restored disks";
            let old = others.into_iter().filter_map(|other| Some(disk(self.replaced(other)?, when, other)));
            found.extend(old);
        }
        found
    }

    /// Everything that the restore of a rehearsal has made, in the order in which Azure lets it be deleted: the new machine, `machine` as it was
    /// read, the disks that the job has tagged among `disks`, attached or not, and what is in the staging account.
    pub fn rehearsed(&self, disks: &[&ManagedDisk], machine: Option<&VirtualMachine>) -> Vec<Leftover> {
        if self.job().is_none_or(|job| job.status.is_running()) {
            return Vec::new();
        }
        let mut found = Vec::new();
        if let Some(machine) = machine.filter(|_| self.scenario() == Some(Scenario::AnotherVm)) {
            found.push(resource("Virtual machine", FIRST, &["vm"], &machine.id));
            let interfaces = machine.interfaces.iter();
            found.extend(interfaces.map(|(id, _)| resource("Network interface", LATER, &["network", "nic"], id)));
        }
        let made = disks.iter().filter(|disk| self.has_made(disk));
        found.extend(made.map(|made| disk("Disk", LATER, made)));
        found.extend(self.staged());
        found
    }

    fn has_made(&self, disk: &ManagedDisk) -> bool {
        let job = self.job_id();
        job.zip(disk.restored_by.as_ref()).is_some_and(|(job, by)| by.eq_ignore_ascii_case(job.as_str()))
    }

    /// Whether an unattached disk is one that the restore has replaced. The job names its disks only if disks were selected; otherwise the disk
    /// is recognized by the machine's name in its own.
    fn replaced(&self, disk: &ManagedDisk) -> Option<&'static str> {
        let name = disk.id.name();
        let named = self.job().and_then(|job| job.property("Restored disk(s)")).unwrap_or_default();
        if named.split(';').any(|one| one.trim().eq_ignore_ascii_case(name)) {
            return Some("Replaced disk, kept by Azure");
        }
        let of_vm = name.to_ascii_lowercase().starts_with(&self.vm.to_ascii_lowercase());
        (of_vm && named.is_empty()).then_some("Unattached disk named after the VM, probably replaced")
    }

    /// The container in the staging account, and the files in it that the job names.
    fn staged(&self) -> Vec<Leftover> {
        let Some(job) = self.job() else { return Vec::new() };
        let Some(account) = job.property("Target Storage Account Name") else { return Vec::new() };
        let Some(container) = self.staging_container() else { return Vec::new() };
        let holds_disks = job.property("Target resource group").is_none();
        let login = ["--account-name", account, "--auth-mode", "login"];
        let blob = |what: &'static str, when: &'static str, name: &str| Leftover {
            what,
            name: name.to_owned(),
            id: None,
            place: format!("{account}/{container}"),
            size_gb: None,
            when,
            command: command(
                &[&["az", "storage", "blob", "delete", "--container-name", &container, "--name", name][..], &login]
                    .concat(),
            ),
        };
        let template = self.template_uri().map(blob_name).filter(|name| !name.is_empty());
        let mut found = Vec::new();
        found.extend(template.map(|name| blob("Template", "When the VM is created, or isn't needed", name)));
        let config = job.property("Config Blob Name");
        found.extend(config.map(|name| blob("VM configuration", "When the VM is created, or isn't needed", name)));
        let when = match holds_disks {
            true => "When you no longer need the restored disks in it: they're deleted with it",
            false => "When you no longer need anything in it: it's deleted as a whole",
        };
        found.push(Leftover {
            what: if holds_disks { "Container with the restored disks" } else { "Container" },
            name: container.clone(),
            id: None,
            place: account.to_owned(),
            size_gb: None,
            when,
            command: command(&[&["az", "storage", "container", "delete", "--name", &container][..], &login].concat()),
        });
        found
    }

    fn staging_container(&self) -> Option<String> {
        let job = self.job()?;
        if let Some(name) = job.property("Config Blob Container Name") {
            return Some(name.to_owned());
        }
        let url = self.template_uri()?;
        let path = url.split_once("://")?.1.split_once('/')?.1;
        Some(path.split_once('/')?.0.to_owned())
    }

    pub(super) fn template_uri(&self) -> Option<&str> {
        let job = self.job()?;
        job.property("Template Blob Uri").or_else(|| job.property("Create VM Template Blob Uri"))
    }
}

/// The name of the blob of a URL.
fn blob_name(url: &str) -> &str {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    path.rsplit('/').next().unwrap_or_default()
}

/// The commands of all of them, one a line.
pub fn commands(leftovers: &[Leftover]) -> String {
    leftovers.iter().filter_map(|one| one.command.as_deref()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use azure_backup::arm::id::{ArmId, Region};
    use serde_json::{Value, json};

    use super::*;
    use crate::restore::sample;

    const JOB: &str = sample::JOB;

    fn disk(name: &str, job: Option<&str>, attached: bool) -> ManagedDisk {
        let id = |kind: &str, name: &str| {
            let id = format!("/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/{kind}/{name}");
            ArmId::parse(&id).unwrap()
        };
        let mut disk = ManagedDisk::new(id("disks", name), Region::new("westeurope"));
        disk.restored_by = job.map(str::to_owned);
        disk.attached_to = attached.then(|| id("virtualMachines", "vm"));
        disk.size_gb = Some(64);
        disk
    }

    fn of(scenario: Scenario, status: &str, bag: &Value, disks: &[ManagedDisk]) -> Vec<Leftover> {
        sample::ended(scenario, status, bag).leftovers(&disks.iter().collect::<Vec<_>>())
    }

    fn names(all: &[Leftover]) -> Vec<(&str, &str)> {
        all.iter().map(|one| (one.what, one.name.as_str())).collect()
    }

    #[test]
    fn a_restore_of_disks_leaves_its_files_in_the_staging_account_and_what_nothing_is_attached_to() {
        let bag = json!({ "Target Storage Account Name": "staging", "Target resource group": "rg",
            "Config Blob Name": "config-vm.json", "Config Blob Container Name": "vm-0123", "Template Blob Uri":
            "https://staging.blob.core.windows.net/vm-0123/azuredeploy1.json" });
        let disks = [
            disk("web-01-osdisk-1", Some(JOB), false),
            disk("web-01-datadisk-000-1", Some(JOB), true),
            disk("other", None, false),
        ];
        let all = of(Scenario::RestoreDisks, "Completed", &bag, &disks);
        assert_eq!(
            names(&all),
            [
                ("Template", "azuredeploy1.json"),
                ("VM configuration", "config-vm.json"),
                ("Container", "vm-0123"),
                ("Restored disk, not attached", "web-01-osdisk-1"),
            ]
        );
        assert_eq!(
            commands(&all).lines().collect::<Vec<_>>(),
            [
                "az storage blob delete --container-name vm-0123 --name azuredeploy1.json --account-name staging --auth-mode login",
                "az storage blob delete --container-name vm-0123 --name config-vm.json --account-name staging --auth-mode login",
                "az storage container delete --name vm-0123 --account-name staging --auth-mode login",
                "az disk delete --ids /subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/disks/web-01-osdisk-1",
            ]
        );
    }

    #[test]
    fn a_container_that_holds_the_restored_disks_says_so() {
        let bag = json!({ "Target Storage Account Name": "staging", "Create VM Template Blob Uri": "https://staging.blob.core.windows.net/vm-9/a.json?x" });
        let all = of(Scenario::RestoreDisks, "Completed", &bag, &[]);
        assert_eq!(names(&all), [("Template", "a.json"), ("Container with the restored disks", "vm-9")]);
        assert!(all[1].when.contains("deleted with it"));
    }

    #[test]
    fn after_disks_were_replaced_the_old_ones_are_told() {
        let (old, data) = ("web-01_OsDisk_1", "data-of-web");
        let disks = [
            disk("web-01-osdisk-1", Some(JOB), true),
            disk(old, None, false),
            disk(data, None, false),
            disk("web-01-attached", None, true),
            disk("sql-01", None, false),
        ];
        let bag = json!({ "Target resource group": "rg" });
        let probably = of(Scenario::ReplaceDisks, "Completed", &bag, &disks);
        assert_eq!(names(&probably), [("Unattached disk named after the VM, probably replaced", old)]);
        let named = json!({ "Target resource group": "rg", "Restored disk(s)": format!("{old}; {data}") });
        let sure = of(Scenario::ReplaceDisks, "Completed", &named, &disks);
        assert_eq!(names(&sure), [("Replaced disk, kept by Azure", old), ("Replaced disk, kept by Azure", data)]);
        assert_eq!(of(Scenario::RestoreDisks, "Completed", &named, &disks).len(), 0, "they are nobody's otherwise");
    }

    #[test]
    fn after_a_failure_the_disks_are_told_that_are_there_all_the_same() {
        let disks = [disk("web-02-osdisk-1", Some(JOB), false), disk("web-02-osdisk-0", Some("another job"), false)];
        let all = of(Scenario::AnotherVm, "Failed", &json!({ "Target resource group": "rg" }), &disks);
        assert_eq!(names(&all), [("Disk of a restore that didn't complete", "web-02-osdisk-1")]);
        assert_eq!(of(Scenario::AnotherVm, "InProgress", &json!({ "Target resource group": "rg" }), &disks), []);
    }

    #[test]
    fn a_rehearsal_leaves_its_machine_interface_and_disks_attached_or_not() {
        let disks = [disk("web-01-osdisk-1", Some(JOB), true), disk("other", Some("another job"), true)];
        let id = |kind: &str| {
            ArmId::parse(&format!("/subscriptions/s/resourceGroups/rg/providers/Microsoft.{kind}/x")).unwrap()
        };
        let machine =
            VirtualMachine::new(id("Compute/virtualMachines"), vec![(id("Network/networkInterfaces"), false)]);
        let made = |scenario, status: &str| {
            let bag = json!({ "Target resource group": "rg" });
            let run = sample::ended(scenario, status, &bag);
            run.rehearsed(&disks.iter().collect::<Vec<_>>(), Some(&machine))
        };
        let all = made(Scenario::AnotherVm, "Completed");
        assert_eq!(names(&all), [("Virtual machine", "x"), ("Network interface", "x"), ("Disk", "web-01-osdisk-1")]);
        assert_eq!((all[2].size_gb, all[2].id.as_ref()), (Some(64), Some(&disks[0].id)));
        assert_eq!(
            commands(&all).lines().collect::<Vec<_>>(),
            [
                "az vm delete --ids /subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/x",
                "az network nic delete --ids /subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/networkInterfaces/x",
                "az disk delete --ids /subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/disks/web-01-osdisk-1",
            ]
        );
        assert_eq!(names(&made(Scenario::RestoreDisks, "Completed")), [("Disk", "web-01-osdisk-1")]);
        assert_eq!(made(Scenario::AnotherVm, "InProgress"), []);
    }

    #[test]
    fn a_name_that_a_shell_could_misread_gets_no_command() {
        let bag = json!({ "Target Storage Account Name": "staging", "Target resource group": "rg",
            "Config Blob Name": "c.json", "Config Blob Container Name": "$(reboot)" });
        let all = of(Scenario::RestoreDisks, "Completed", &bag, &[]);
        assert_eq!((all.len(), commands(&all).as_str()), (2, ""));
    }
}
