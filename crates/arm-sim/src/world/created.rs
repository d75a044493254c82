//! What restores create.

use serde::{Deserialize, Serialize};

use super::place::resource_id;
use crate::moment::Millis;

/// A restored managed disk.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Disk {
    pub(crate) subscription: String,
    pub(crate) group: String,
    pub(crate) name: String,
    pub(crate) region: String,
    pub(crate) gigabytes: u32,
    /// As in `Premium_LRS`.
    pub(crate) sku: String,
    /// -1 for an OS disk.
    pub(crate) lun: i32,
    pub(crate) os: String,
    pub(crate) zone: Option<String>,
    /// The job that created it: the value of its tag `RSVaultBackup`.
    pub(crate) job: String,
    pub(crate) made: Millis,
    /// The VM that it is attached to.
    pub(crate) machine: Option<String>,
    /// `networkAccessPolicy`, and the disk access it names.
    pub(crate) access: (String, Option<String>),
    pub(crate) encryption_set: Option<String>,
}

impl Disk {
    /// Its ARM id.
    pub(crate) fn id(&self) -> String {
        resource_id(&self.subscription, &self.group, "Microsoft.Compute/disks", &self.name)
    }
}

/// A restored virtual machine.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Machine {
    pub(crate) subscription: String,
    pub(crate) group: String,
    pub(crate) name: String,
    pub(crate) region: String,
    /// Index of the item that it was restored from.
    pub(crate) item: usize,
    pub(crate) job: String,
    pub(crate) zone: Option<String>,
    /// LUN and name of its disks, which are in its resource group.
    pub(crate) disks: Vec<(i32, String)>,
}

impl Machine {
    /// Its ARM id.
    pub(crate) fn id(&self) -> String {
        resource_id(&self.subscription, &self.group, "Microsoft.Compute/virtualMachines", &self.name)
    }
}

/// A deployment of the template that a restore has written, or the preview of one.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Deployment {
    pub(crate) id: String,
    pub(crate) subscription: String,
    pub(crate) group: String,
    pub(crate) name: String,
    /// The job that has written the template.
    pub(crate) job: String,
    /// The name of the machine that it creates.
    pub(crate) machine: String,
    /// ARM id.
    pub(crate) network: String,
    pub(crate) subnet: String,
    pub(crate) is_what_if: bool,
    pub(crate) started: Millis,
    pub(crate) reads: u32,
    pub(crate) is_done: bool,
}

/// A blob in a storage account.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Blob {
    pub(crate) account: String,
    pub(crate) container: String,
    pub(crate) name: String,
    pub(crate) bytes: u64,
    pub(crate) made: Millis,
}
