//! Managed disks, among which are those that a restore has created.

use super::super::child_url;
use super::region;
use crate::arm::{
    call::{ApiVersion, Call},
    id::{ArmId, Region},
    page::Page,
};

/// The tag of a disk that Azure Backup has created. Its value is the job's id.
const TAG: &str = "RSVaultBackup";

/// A managed disk.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ManagedDisk {
    /// Its id.
    pub id: ArmId,
    /// Its size in GiB.
    pub size_gb: Option<i64>,
    /// The virtual machine that it is attached to.
    pub attached_to: Option<ArmId>,
    /// The job that has restored it, if one has.
    pub restored_by: Option<String>,
    /// Its region.
    pub location: Region,
    /// The availability zone that it is in, if it is in one.
    pub zone: Option<String>,
    /// The operating system on it, if Azure knows it for an OS disk.
    pub os: Option<String>,
    /// `V1` or `V2`.
    pub generation: Option<String>,
    /// `TrustedLaunch`, `ConfidentialVM_…`, …
    pub security: Option<String>,
}

impl ManagedDisk {
    /// A disk of which only this is known. The other fields can be set afterwards.
    #[must_use]
    pub fn new(id: ArmId, location: Region) -> Self {
        Self {
            id,
            size_gb: None,
            attached_to: None,
            restored_by: None,
            location,
            zone: None,
            os: None,
            generation: None,
            security: None,
        }
    }

    /// The LUN that it had on the machine that was backed up, -1 for an OS disk: Azure Backup names the disks that it creates
    /// `{machine}-osdisk-{time}` and `{machine}-datadisk-{LUN}-{time}`.
    #[must_use]
    pub fn restored_lun(&self) -> Option<i32> {
        self.restored_by.as_ref()?;
        let name = self.id.name().to_ascii_lowercase();
        if name.contains("-osdisk-") {
            return Some(-1);
        }
        let (_, after) = name.rsplit_once("-datadisk-")?;
        after.split('-').next()?.parse().ok()
    }
}

/// The disks of a resource group.
#[must_use]
pub fn disks(group: &ArmId) -> Call<Page<ManagedDisk>> {
    let url = child_url(group, &["providers", "Microsoft.Compute", "disks"], &ApiVersion::DISKS);
    Call::get("List disks", "Microsoft.Compute/disks/read", url, |node| {
        Page::read(node, |node| {
            let tags = node.members("tags");
            let tag = tags.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(TAG));
            let properties = node.at("properties");
            ManagedDisk {
                size_gb: properties.integer("diskSizeGB"),
                attached_to: node.id("managedBy"),
                restored_by: tag.and_then(|(_, value)| value),
                zone: node.texts("zones").into_iter().next(),
                os: properties.text("osType"),
                generation: properties.text("hyperVGeneration"),
                security: properties.at("securityProfile").text("securityType"),
                ..ManagedDisk::new(node.need_id("id"), region(node))
            }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_restored_disk_tells_its_job_and_its_lun() {
        let disk = |name: &str, job: Option<&str>| {
            let id = format!("/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/disks/{name}");
            let disk = ManagedDisk::new(ArmId::parse(&id).unwrap(), Region::new("westeurope"));
            ManagedDisk { restored_by: job.map(str::to_owned), ..disk }
        };
        for (name, job, lun) in [
            ("web-01-osdisk-20240514-084945", Some("j"), Some(-1)),
            ("web-datadisk-9-datadisk-002-20240514-084945", Some("j"), Some(2)),
            ("web-01-datadisk-002-20240514-084945", None, None),
            ("of-another-name", Some("j"), None),
        ] {
            assert_eq!(disk(name, job).restored_lun(), lun, "{name}");
        }
    }
}
