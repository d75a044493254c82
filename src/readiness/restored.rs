//! What a restore uses and makes, read from its request: what was reviewed is what is checked.

use azure_backup::arm::id::{ArmId, Region, SubscriptionId};
use azure_backup::backup::recovery_point::Disk;

use super::Machine;
use crate::restore::effect_sentence::{machine, quoted};
use crate::restore::field::Field;
use crate::restore::scenario::Scenario;

impl Machine<'_> {
    /// The name of the source, quoted.
    pub(super) fn name(&self) -> String {
        quoted(machine(self.request).unwrap_or_default())
    }

    /// Whether it becomes another machine.
    pub(super) fn makes_machine(&self) -> bool {
        self.scenario == Scenario::AnotherVm
    }

    /// The machine that was backed up, unless it is known to be gone. An account that may not read it can still be told what it lacks there.
    pub(super) fn source(&self) -> Option<&ArmId> {
        let source = self.request.source_resource_id.as_ref()?;
        (self.facts.source_exists != Some(false)).then_some(source)
    }

    /// The staging account.
    pub(super) fn account(&self) -> Option<&ArmId> {
        self.request.staging_account()
    }

    /// The resource group that disks and machine are made in; none where the disks become VHD blobs.
    pub(super) fn group(&self) -> Option<ArmId> {
        match self.scenario {
            Scenario::ReplaceDisks => self.request.source_resource_id.as_ref()?.group_id(),
            _ => self.request.target_resource_group_id.clone(),
        }
    }

    /// The subscription of that group.
    pub(super) fn subscription(&self) -> Option<SubscriptionId> {
        SubscriptionId::parse(self.group()?.subscription()?).ok()
    }

    /// The region that they are made in.
    pub(super) fn region(&self) -> Region {
        match &self.request.region {
            Some(region) => Region::new(region),
            None => self.facts.secondary.clone().unwrap_or_else(|| self.facts.vault.location.clone()),
        }
    }

    /// Subscription and region, where resources are made.
    pub(super) fn place(&self) -> Option<(SubscriptionId, Region)> {
        Some((self.subscription()?, self.region()))
    }

    /// The availability zone that is asked for.
    pub(super) fn zone(&self) -> Option<&str> {
        let zone = self.request.zones.as_ref()?.first()?;
        (!zone.eq_ignore_ascii_case("NoZone")).then_some(zone)
    }

    /// The disks that are made, if Azure lists those of the recovery point.
    pub(super) fn disks(&self) -> Option<Vec<&Disk>> {
        self.facts.restored_disks(self.request.restore_disk_lun_list.as_deref())
    }

    /// The field of the form in which this resource is chosen.
    pub fn field_of(&self, resource: &ArmId) -> Option<Field> {
        let request = self.request;
        let os_set = request.secured_vm_details.as_ref().and_then(|of| of.os_disk_encryption_set_id.as_ref());
        let access = request.target_disk_network_access_settings.as_ref();
        let chosen = [
            (request.target_resource_group_id.as_ref(), Field::TargetGroup),
            (request.staging_account(), Field::StagingAccount),
            (request.virtual_network_id.as_ref(), Field::Network),
            (request.subnet_id.as_ref(), Field::Subnet),
            (request.disk_encryption_set_id.as_ref(), Field::EncryptionSet),
            (os_set, Field::OsEncryptionSet),
            (access.and_then(|of| of.target_disk_access_id.as_ref()), Field::DiskAccess),
        ];
        chosen.into_iter().find(|(id, _)| *id == Some(resource)).map(|(_, field)| field)
    }
}
