//! Protected items: VMs that a vault backs up.

use super::place::resource_id;
use crate::faults::Fault;
use crate::seed::vaults::VAULTS;

/// Facts about a VM, as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Traits(pub(crate) u16);

impl Traits {
    pub(crate) const LINUX: u16 = 1;
    /// Azure Disk Encryption.
    pub(crate) const ENCRYPTED: u16 = 2;
    pub(crate) const TRUSTED_LAUNCH: u16 = 4;
    pub(crate) const CONFIDENTIAL: u16 = 8;
    /// A disk can be reached only through a private endpoint.
    pub(crate) const PRIVATE: u16 = 16;
    /// The VM itself has been deleted.
    pub(crate) const GONE: u16 = 32;
    /// In an edge zone.
    pub(crate) const EDGE: u16 = 64;
    /// Pinned to an availability zone.
    pub(crate) const ZONAL: u16 = 128;
    /// Disks are page blobs.
    pub(crate) const UNMANAGED: u16 = 256;
    /// Microsoft.ClassicCompute.
    pub(crate) const CLASSIC: u16 = 512;
    /// Standard disks only.
    pub(crate) const STANDARD: u16 = 1024;
    /// The disk encryption set of a confidential VM is gone: the request has to name another one.
    pub(crate) const SET_GONE: u16 = 2048;
    /// Recent recovery points hold threats.
    pub(crate) const THREATS: u16 = 4096;

    /// Whether all of `bits` hold.
    pub(crate) fn has(self, bits: u16) -> bool {
        self.0 & bits == bits
    }

    /// Whether any of `bits` holds.
    pub(crate) fn any(self, bits: u16) -> bool {
        self.0 & bits != 0
    }
}

/// How an item fares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Protected,
    /// Protection stopped, data kept.
    Stopped,
    SoftDeleted,
    /// Never backed up yet.
    Pending,
    /// The VM agent does not answer.
    AgentSilent,
    /// Healthy, but something should be done.
    Warned,
}

/// The backup schedule of an item, and the tiers of its points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plan {
    /// Daily; a week of snapshots, all in the vault.
    Daily,
    /// Daily; the newest is still a snapshot only.
    Fresh,
    /// Daily; in the vault only.
    VaultOnly,
    /// Daily; snapshots only.
    SnapshotOnly,
    /// Weekly; old ones in archive, some rehydrated.
    Archive,
    /// Daily for years, over all tiers.
    Everything,
    /// Daily; the newest is an instant-access snapshot.
    Instant,
}

/// Which data disks are backed up: `Some((true, luns))` includes them, `Some((false, luns))` excludes them.
pub(crate) type DiskChoice = Option<(bool, &'static [i32])>;

/// A protected VM.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    /// Index of its vault.
    pub(crate) vault: usize,
    pub(crate) name: String,
    pub(crate) group: &'static str,
    pub(crate) traits: Traits,
    /// Data disks, at LUN 0 and up.
    pub(crate) data_disks: u8,
    pub(crate) disks: DiskChoice,
    pub(crate) state: State,
    pub(crate) plan: Plan,
    /// How many recovery points there are.
    pub(crate) points: u32,
    pub(crate) fault: Option<Fault>,
    /// Subscription and region of the VM, when they are not those of the vault.
    pub(crate) home: Option<(&'static str, &'static str)>,
    /// What it is used for, if its VM has tags: `production`.
    pub(crate) environment: Option<&'static str>,
}

impl Item {
    /// `Microsoft.Compute/virtualMachines`, or the classic type.
    pub(crate) fn machine_type(&self) -> &'static str {
        if self.traits.has(Traits::CLASSIC) {
            "Microsoft.ClassicCompute/virtualMachines"
        } else {
            "Microsoft.Compute/virtualMachines"
        }
    }

    /// The subscription of the VM.
    pub(crate) fn subscription(&self) -> &'static str {
        self.home.map_or(VAULTS[self.vault].subscription, |(subscription, _)| subscription)
    }

    /// The region of the VM.
    pub(crate) fn region(&self) -> &'static str {
        self.home.map_or(VAULTS[self.vault].region, |(_, region)| region)
    }

    /// The disk encryption set of a confidential VM's OS disk, if it still exists.
    pub(crate) fn os_set(&self) -> Option<&'static str> {
        let kept = self.traits.has(Traits::CONFIDENTIAL) && !self.traits.has(Traits::SET_GONE);
        kept.then_some("des-weu-confidential")
    }

    /// The name of the storage account that holds the unmanaged disk at a LUN.
    pub(crate) fn disk_account(&self, lun: i32) -> &'static str {
        if lun < 0 { "contosolegacy" } else { "contosolegacydata" }
    }

    /// The SKU of the disk at a LUN.
    pub(crate) fn disk_sku(&self, lun: i32) -> &'static str {
        match (self.traits.has(Traits::STANDARD), lun) {
            (true, _) => "Standard_LRS",
            (false, 3..) => "StandardSSD_LRS",
            (false, _) => "Premium_LRS",
        }
    }

    /// The ARM id of the VM.
    pub(crate) fn machine_id(&self) -> String {
        resource_id(self.subscription(), self.group, self.machine_type(), &self.name)
    }

    /// `iaasvmcontainerv2;group;vm`, in lower case like Azure's.
    pub(crate) fn container(&self) -> String {
        let kind = if self.traits.has(Traits::CLASSIC) { "iaasvmcontainer" } else { "iaasvmcontainerv2" };
        format!("{kind};{};{}", self.group, self.name).to_ascii_lowercase()
    }

    /// The ARM id of the protected item.
    pub(crate) fn id(&self) -> String {
        let (vault, container) = (VAULTS[self.vault].id(), self.container());
        format!(
            "{vault}/backupFabrics/Azure/protectionContainers/IaasVMContainer;{container}/protectedItems/VM;{container}"
        )
    }

    /// Azure Backup's number for the item.
    pub(crate) fn data_id(&self, seed: u64) -> String {
        (crate::pseudo_random::hash(seed, &self.id()) % 900_000_000_000_000).to_string()
    }

    /// Whether the VM (not only its backup) exists.
    pub(crate) fn machine_exists(&self) -> bool {
        !self.traits.has(Traits::GONE)
    }

    /// Whether its disks are managed disks.
    pub(crate) fn is_managed(&self) -> bool {
        !self.traits.any(Traits::UNMANAGED | Traits::CLASSIC)
    }

    /// `Windows` or `Linux`.
    pub(crate) fn os(&self) -> &'static str {
        if self.traits.has(Traits::LINUX) { "Linux" } else { "Windows" }
    }

    /// The LUNs of the disks that are backed up, the OS disk (-1) first.
    pub(crate) fn included_luns(&self) -> Vec<i32> {
        std::iter::once(-1).chain(self.luns(true)).collect()
    }

    /// The LUNs of the data disks that are backed up, or those that are not.
    pub(crate) fn luns(&self, backed_up: bool) -> impl Iterator<Item = i32> {
        let disks = self.disks;
        (0..i32::from(self.data_disks)).filter(move |lun| {
            let included = disks.is_none_or(|(include, luns)| include == luns.contains(lun));
            included == backed_up
        })
    }

    /// The name of the disk at a LUN; -1 is the OS disk.
    pub(crate) fn disk_name(&self, lun: i32) -> String {
        if lun < 0 {
            format!("{}_OsDisk_1_{}", self.name, crate::pseudo_random::hex(0, &self.name))
        } else {
            format!("{}_DataDisk_{lun}", self.name)
        }
    }

    /// The size of the disk at a LUN, in GB.
    pub(crate) fn disk_size(&self, lun: i32) -> u32 {
        match lun {
            -1 if self.traits.has(Traits::LINUX) => 30,
            -1 => 127,
            _ => 64 * (u32::try_from(lun).unwrap_or_default() % 4 + 1),
        }
    }

    /// The VM size.
    pub(crate) fn size(&self) -> &'static str {
        match (self.traits.has(Traits::CONFIDENTIAL), self.data_disks) {
            (true, _) => "Standard_DC2as_v6",
            (_, 0..=1) => "Standard_D2s_v3",
            _ => "Standard_E4s_v5",
        }
    }

    /// The tags of the VM.
    pub(crate) fn tags(&self) -> Vec<(&'static str, &'static str)> {
        let application = self.group.strip_prefix("rg-").unwrap_or(self.group);
        let tags = self.environment.map(|environment| [("application", application), ("environment", environment)]);
        tags.into_iter().flatten().collect()
    }

    /// The availability zone of the VM.
    pub(crate) fn zone(&self) -> Option<String> {
        self.traits.has(Traits::ZONAL).then(|| (crate::pseudo_random::hash(0, &self.name) % 3 + 1).to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::{Item, Plan, State, Traits};

    fn item(disks: super::DiskChoice) -> Item {
        Item {
            vault: 0,
            name: "VM-x".to_owned(),
            group: "RG",
            traits: Traits(0),
            data_disks: 3,
            disks,
            state: State::Protected,
            plan: Plan::Daily,
            points: 1,
            fault: None,
            home: None,
            environment: None,
        }
    }

    #[test]
    fn disks_are_included_or_excluded() {
        assert_eq!(item(None).included_luns(), [-1, 0, 1, 2]);
        assert_eq!(item(Some((false, &[1]))).included_luns(), [-1, 0, 2]);
        assert_eq!(item(Some((true, &[]))).included_luns(), [-1]);
        assert_eq!(item(Some((true, &[2]))).luns(false).collect::<Vec<_>>(), [0, 1]);
    }

    #[test]
    fn ids_are_as_on_the_wire() {
        let item = item(None);
        assert_eq!(item.container(), "iaasvmcontainerv2;rg;vm-x");
        assert!(item.id().ends_with("/protectionContainers/IaasVMContainer;iaasvmcontainerv2;rg;vm-x/protectedItems/VM;iaasvmcontainerv2;rg;vm-x"));
        assert!(item.machine_id().ends_with("/resourceGroups/RG/providers/Microsoft.Compute/virtualMachines/VM-x"));
    }
}
