//! Changes of a mapping that change something else with it.

use azure_backup::arm::id::SubscriptionId;

use crate::recovery::plan::{GroupRule, Mapping};
use crate::restore::draft::DiskNetworkAccess;

impl Mapping {
    /// Another target subscription. What was selected of the one before is none of it, so it goes.
    pub fn set_target_subscription(&mut self, id: Option<SubscriptionId>) {
        if self.target_subscription == id {
            return;
        }
        self.target_subscription = id;
        if matches!(self.resource_group, GroupRule::One(_)) {
            self.resource_group = GroupRule::Same;
        }
        self.networks.clear();
        (self.other_network, self.disk_access) = (None, None);
    }

    /// Another network access of the disks. Only private access has a disk access resource.
    pub fn set_disk_network_access(&mut self, access: Option<DiskNetworkAccess>) {
        self.disk_network_access = access;
        if access != Some(DiskNetworkAccess::Private) {
            self.disk_access = None;
        }
    }
}
