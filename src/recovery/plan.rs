//! What the operator decides about a plan, as it is stored and as a file holds it.

mod values;

use std::num::NonZeroU16;

use azure_backup::arm::id::{ArmId, ClientRequestId, Region, SubscriptionId};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::restore::draft::{DiskNetworkAccess, Draft, RegionChoice, Rehydration, StagingAccess, ZoneChoice};
use crate::restore::owner::Owner;
use crate::restore::regional_id::RegionalId;
use crate::restore::scenario::Scenario;
pub use values::{FormatVersion, Percent};

/// The most machines of a plan: a vault protects no more, and the page stays fluid with them.
pub const MAX_MACHINES: usize = 1000;

/// Many machines that are restored as one decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecoveryPlan {
    /// The version of this format. A plan of another version is not read.
    pub version: FormatVersion,
    /// Names the plan in this browser.
    pub id: PlanId,
    /// Its name, which the operator types to confirm a plan that changes machines in place.
    pub name: String,
    /// Why machines are restored. It goes into the record of each restore, and never to Azure.
    pub reason: String,
    /// Whether it is a recovery or a rehearsal.
    pub mode: Mode,
    /// The account that made it, or brought it here.
    pub owner: Owner,
    /// The name of the cloud that its machines are in.
    pub cloud: String,
    /// When it was made.
    #[serde(with = "azure_backup::arm::bounds::text_time")]
    pub created: OffsetDateTime,
    /// Which recovery point of each machine.
    pub point_rule: PointRule,
    /// What is restored of each machine, and where to.
    pub mapping: Mapping,
    /// The networks that a rehearsal may use although they are not known to be isolated: the operator has said so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub connected_networks: Vec<ArmId>,
    /// The machines, in the order in which they start.
    pub groups: Vec<Group>,
    /// How many restores run at once.
    pub pacing: Pacing,
    /// How many failures stop further starts; none = failures stop nothing.
    pub stop_after_failures: Option<NonZeroU16>,
}

/// Names a plan.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PlanId(ClientRequestId);

/// Names a machine of a plan: [`RegionalId::key`] of its protected item.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MachineId(String);

/// Whether a plan is a recovery or a rehearsal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// The machines are needed.
    #[default]
    Recovery,
    /// Everything is deleted afterwards. It goes into an isolated network.
    Rehearsal,
}

/// Which recovery point is restored: the latest that all conditions allow.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PointRule {
    /// Taken at this time or before it; none = no limit.
    #[serde(with = "azure_backup::arm::bounds::optional_text_time")]
    pub at_or_before: Option<OffsetDateTime>,
    /// Application-consistent.
    pub app_consistent: bool,
    /// In the vault, not only a snapshot or in the archive.
    pub vault_tier: bool,
    /// Azure reports no threat on it. That says nothing about a point that Azure has not scanned.
    pub skip_threatened: bool,
}

/// What is restored of each machine, and where to. What is empty here is suggested for each machine as on its own form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Mapping {
    /// What is restored; none = not chosen yet. Of selected disks, a plan restores the OS disk only; data disks are an exception of a
    /// machine, because their numbers differ from machine to machine.
    pub scenario: Option<Scenario>,
    /// The subscription that receives the result; none = that of the vault.
    pub target_subscription: Option<SubscriptionId>,
    /// The resource group that receives it.
    pub resource_group: GroupRule,
    /// The name of a new machine, with [`NAME`] in place of that of its source.
    pub name_pattern: String,
    /// Which network takes the place of which.
    pub networks: Vec<NetworkRow>,
    /// The network of the machines that no row is about; none = that of the source.
    pub other_network: Option<ArmId>,
    /// The staging accounts over which the machines are spread; empty = as suggested for each machine.
    pub staging_accounts: Vec<ArmId>,
    /// How the service reaches them.
    pub staging_access: StagingAccess,
    /// Availability zone of the result.
    pub zone: ZoneChoice,
    /// Network access of the restored disks, where some of the source's are private.
    pub disk_network_access: Option<DiskNetworkAccess>,
    /// The disk access resource of private access.
    pub disk_access: Option<ArmId>,
    /// The region of the restore, where the source is not in the region of its vault.
    pub region: Option<RegionChoice>,
    /// How an archived point is brought back.
    pub rehydration: Rehydration,
}

/// Stands for the name of the source in [`Mapping::name_pattern`] and for that of its group in [`GroupRule::Pattern`].
pub const NAME: &str = "{name}";

/// The resource group that receives the result.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GroupRule {
    /// The group of the source.
    #[default]
    Same,
    /// One for all machines.
    One(ArmId),
    /// A group of the target subscription by the name of the group of the source, with [`NAME`] in its place.
    Pattern(String),
}

/// A network takes the place of another one. The subnet is the one of the same name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NetworkRow {
    /// The network of the source.
    pub source: ArmId,
    /// The network of the new machine.
    pub target: ArmId,
}

/// Machines that start together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// When it starts. The first group starts at once.
    pub advance: Advance,
    /// Its machines.
    pub machines: Vec<Machine>,
}

/// When a group starts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Advance {
    /// When all machines of the group before it are restored or skipped.
    #[default]
    WhenRestored,
    /// When this share of the group before it is restored or skipped.
    WhenShare(Percent),
    /// When the operator says so.
    Manually,
}

/// How many restores run at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Pacing {
    /// Of one vault.
    pub per_vault: NonZeroU16,
    /// Of all vaults.
    pub in_all: NonZeroU16,
}

impl Default for Pacing {
    /// Azure publishes no limit; ten and fifty are careful.
    fn default() -> Self {
        const TEN: NonZeroU16 = NonZeroU16::MIN.saturating_add(9);
        const FIFTY: NonZeroU16 = NonZeroU16::MIN.saturating_add(49);
        Self { per_vault: TEN, in_all: FIFTY }
    }
}

/// A machine of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Machine {
    /// The protected item.
    pub item: ArmId,
    /// The secondary region, when its restore is a cross-region one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secondary: Option<Region>,
    /// Its name, as lists show it.
    pub name: String,
    /// The recovery point that was chosen by hand: its name. None = the rule of the plan decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<String>,
    /// What differs from the mapping: its values count instead of those of the plan.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub exceptions: Draft,
    /// Why it is left out; none = it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skipped: Option<String>,
}

fn is_empty(draft: &Draft) -> bool {
    *draft == Draft::default()
}

impl From<ClientRequestId> for PlanId {
    /// A fresh id.
    fn from(id: ClientRequestId) -> Self {
        Self(id)
    }
}

impl PlanId {
    /// The id under which a tab holds the Web Lock to run the plan.
    pub const fn lock(&self) -> &ClientRequestId {
        &self.0
    }

    /// The text, verbatim.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl MachineId {
    /// Of a protected item.
    pub fn of(item: &RegionalId) -> Self {
        Self(item.key())
    }

    /// The text: [`RegionalId::key`].
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Machine {
    /// A machine that the plan decides everything about.
    pub fn new(item: RegionalId, name: &str) -> Self {
        let RegionalId { id, secondary } = item;
        Self { item: id, secondary, name: name.to_owned(), point: None, exceptions: Draft::default(), skipped: None }
    }

    /// The protected item and its region.
    pub fn place(&self) -> RegionalId {
        RegionalId { id: self.item.clone(), secondary: self.secondary.clone() }
    }

    /// Names it in its plan.
    pub fn id(&self) -> MachineId {
        MachineId::of(&self.place())
    }

    /// Whether this id names it. Looking for one machine of a thousand, it makes no id of the others.
    pub fn has_id(&self, id: &MachineId) -> bool {
        let region = self.secondary.as_ref().map(Region::key).unwrap_or_default();
        id.0.strip_prefix(&region).is_some_and(|rest| rest.eq_ignore_ascii_case(self.item.as_str()))
    }
}

impl RecoveryPlan {
    /// The machines in the order in which they start, each with the index of its group.
    pub fn machines(&self) -> impl Iterator<Item = (usize, &Machine)> {
        self.groups.iter().enumerate().flat_map(|(at, group)| group.machines.iter().map(move |machine| (at, machine)))
    }

    /// The machine of that id.
    pub fn machine(&self, id: &MachineId) -> Option<&Machine> {
        self.machines().map(|(_, machine)| machine).find(|machine| machine.has_id(id))
    }

    /// The machine of that id, to be changed.
    pub fn machine_mut(&mut self, id: &MachineId) -> Option<&mut Machine> {
        self.groups.iter_mut().flat_map(|group| &mut group.machines).find(|machine| machine.has_id(id))
    }

    /// Whether machines are changed in place, so that the start has to be confirmed by the name of the plan.
    pub fn is_in_place(&self) -> bool {
        let in_place = |scenario: Option<Scenario>| scenario.is_some_and(Scenario::is_in_place);
        self.machines().any(|(_, machine)| in_place(machine.exceptions.scenario.or(self.mapping.scenario)))
    }
}

#[cfg(test)]
mod tests;
