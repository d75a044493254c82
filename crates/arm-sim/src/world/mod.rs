//! The world as plain data: what exists, and what requests have changed.

pub(crate) mod altered;
pub(crate) mod changes;
pub(crate) mod created;
pub(crate) mod item;
pub(crate) mod job;
pub(crate) mod operation;
pub(crate) mod place;
pub(crate) mod point;
pub(crate) mod resource;
pub(crate) mod vault;

use changes::Changes;
use item::{Item, State};
use job::Job;
use place::{Group, Subscription};
use resource::{Resource, name_of};
use vault::Vault;

use crate::errors::{ArmError, Refused};
use crate::moment::Millis;
use crate::seed::{
    grown::TenantSize,
    jobs, machines,
    places::{FIRST_SUBSCRIPTIONS, GROUPS, SUBSCRIPTIONS},
    resources::RESOURCES,
    vaults::VAULTS,
};
use crate::text::same;

/// Everything that exists. Vaults, groups and resources never change and are tables of [`crate::seed`].
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) seed: u64,
    pub(crate) size: TenantSize,
    /// The time at which the world was made: every generated date is before it.
    pub(crate) epoch: Millis,
    pub(crate) items: Vec<Item>,
    pub(crate) jobs: Vec<Job>,
    pub(crate) changes: Changes,
}

impl World {
    /// The world of a seed.
    pub(crate) fn new(seed: u64, epoch: Millis, size: TenantSize) -> Self {
        let (items, changes) = (machines::items(size), Changes::default());
        let mut world = Self { seed, size, epoch, items, jobs: Vec::new(), changes };
        world.jobs = jobs::jobs(&world);
        world
    }

    /// The subscriptions. What is in another one does not exist.
    pub(crate) fn subscriptions(&self) -> &'static [Subscription] {
        &SUBSCRIPTIONS[..FIRST_SUBSCRIPTIONS + self.size.subscriptions()]
    }

    /// The subscription with that id.
    pub(crate) fn subscription(&self, id: &str) -> Result<&'static Subscription, Refused> {
        self.subscriptions().iter().find(|s| same(s.id, id)).ok_or_else(|| ArmError::no_subscription(id))
    }

    /// The resource group with that name.
    pub(crate) fn group(&self, subscription: &str, name: &str) -> Result<&'static Group, Refused> {
        self.subscription(subscription)?;
        GROUPS
            .iter()
            .find(|g| same(g.subscription, subscription) && same(g.name, name))
            .ok_or_else(|| ArmError::no_group(name))
    }

    /// The index of the vault with that name.
    pub(crate) fn vault(&self, subscription: &str, group: &str, name: &str) -> Result<usize, Refused> {
        let group = self.group(subscription, group)?;
        VAULTS
            .iter()
            .enumerate()
            .position(|(index, v)| {
                self.vault_exists(index)
                    && same(v.subscription, subscription)
                    && same(v.group, group.name)
                    && same(v.name, name)
            })
            .ok_or_else(|| ArmError::no_resource("Microsoft.RecoveryServices/vaults", name, group.name))
    }

    /// Whether a vault exists: it was not deleted, or it was undeleted.
    pub(crate) fn vault_exists(&self, index: usize) -> bool {
        !VAULTS[index].deleted || self.changes.undeleted_vaults.contains(&index)
    }

    /// Undeletes an item; its protection stays stopped.
    pub(crate) fn undelete(&mut self, index: usize) {
        if self.items[index].state == State::SoftDeleted {
            self.items[index].state = State::Stopped;
            self.changes.undeleted.push(index);
        }
    }

    /// The resource with that ARM id.
    pub(crate) fn resource(&self, id: &str) -> Option<&'static Resource> {
        let found = RESOURCES.iter().filter(|r| same(r.name, name_of(id))).find(|r| same(&r.id(), id))?;
        self.subscription(found.subscription).is_ok().then_some(found)
    }

    /// Whether a virtual machine with that ARM id exists.
    pub(crate) fn machine_exists(&self, id: &str) -> bool {
        let name = name_of(id);
        self.items.iter().any(|i| same(&i.name, name) && i.machine_exists() && same(&i.machine_id(), id))
            || self.changes.machines.iter().any(|m| same(&m.id(), id))
    }

    /// The vault of an item.
    pub(crate) fn vault_of(&self, item: usize) -> &'static Vault {
        &VAULTS[self.items[item].vault]
    }

    /// A number that no other call gets: ids are made from it.
    pub(crate) fn next(&mut self) -> u64 {
        self.changes.count += 1;
        self.changes.count
    }

    /// A UUID that no other call has got.
    pub(crate) fn next_guid(&mut self) -> String {
        let n = self.next();
        crate::pseudo_random::guid(self.seed, &format!("made-{n}"))
    }
}
