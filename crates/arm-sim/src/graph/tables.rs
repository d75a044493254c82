//! The rows of the tables, and their columns.

use serde_json::Value;

use super::cell::Cell;
use super::index::Indexed;
use super::syntax::Table;
use crate::bodies;
use crate::faults::Fault;
use crate::moment::{self, SECOND};
use crate::seed::places::GROUPS;
use crate::seed::resources::RESOURCES;
use crate::seed::vaults::VAULTS;
use crate::simulator::Simulator;
use crate::text::same;
use crate::version::Version;
use crate::world::item::{State, Traits};
use crate::world::place::{group_id, resource_id};

/// The columns of every table, in the order of recorded rows.
pub(crate) const COLUMNS: [&str; 16] = [
    "id",
    "name",
    "type",
    "tenantId",
    "kind",
    "location",
    "resourceGroup",
    "subscriptionId",
    "managedBy",
    "sku",
    "plan",
    "properties",
    "tags",
    "identity",
    "zones",
    "extendedLocation",
];

const ITEM: &str = "microsoft.recoveryservices/vaults/backupfabrics/protectioncontainers/protecteditems";
const VM: &str = "Microsoft.Compute/virtualMachines";

/// What a row is about: an index into a list of the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Entity {
    Item(usize),
    /// The VM of a protected item.
    Machine(usize),
    Restored(usize),
    Vault(usize),
    Resource(usize),
    Subscription(usize),
    Group(usize),
}

/// The world as a query sees it.
pub(crate) struct View<'a> {
    pub(crate) sim: &'a Simulator,
    /// The subscriptions that the query is about.
    pub(crate) subscriptions: Vec<&'static str>,
    pub(crate) indexed: Indexed,
    /// What properties are written with.
    pub(crate) version: Version,
}

impl View<'_> {
    fn covers(&self, subscription: &str) -> bool {
        self.subscriptions.contains(&subscription)
    }

    /// The rows of a table that the caller may read.
    pub(crate) fn rows(&self, table: Table) -> Vec<Entity> {
        let world = &self.sim.world;
        let mut rows = Vec::new();
        match table {
            Table::Resources => {
                rows.extend((0..VAULTS.len()).filter(|&vault| self.shows_vault(vault)).map(Entity::Vault));
                for (index, item) in world.items.iter().enumerate() {
                    let exists = item.machine_exists() && !item.traits.has(Traits::CLASSIC);
                    if exists && self.covers(item.subscription()) {
                        rows.push(Entity::Machine(index));
                    }
                }
                for (index, machine) in world.changes.machines.iter().enumerate().take(self.indexed.machines) {
                    if self.subscriptions.iter().any(|id| same(id, &machine.subscription)) {
                        rows.push(Entity::Restored(index));
                    }
                }
                for (index, resource) in RESOURCES.iter().enumerate() {
                    if self.covers(resource.subscription) {
                        rows.push(Entity::Resource(index));
                    }
                }
            }
            Table::Containers => {
                for (index, subscription) in world.subscriptions().iter().enumerate() {
                    if self.covers(subscription.id) {
                        rows.push(Entity::Subscription(index));
                    }
                }
                for (index, group) in GROUPS.iter().enumerate() {
                    if self.covers(group.subscription) {
                        rows.push(Entity::Group(index));
                    }
                }
            }
            Table::RecoveryServices => {
                let shown = |vault| self.shows_vault(vault) && Fault::of(VAULTS[vault].name) != Some(Fault::Denied);
                let shown: Vec<bool> = (0..VAULTS.len()).map(shown).collect();
                for (index, item) in world.items.iter().enumerate() {
                    if shown[item.vault] {
                        rows.push(Entity::Item(index));
                    }
                }
            }
        }
        rows.retain(|row| self.is_readable(*row));
        rows
    }

    /// Whether the caller's role is given where a row is. Of subscriptions, that of his group is.
    fn is_readable(&self, entity: Entity) -> bool {
        let role = self.sim.settings.role;
        let [_, _, subscription, group, _] = self.place(entity);
        match (entity, role.only_group()) {
            (Entity::Subscription(index), Some((only, _))) => same(only, self.sim.world.subscriptions()[index].id),
            _ => role.is_given_in(subscription, group),
        }
    }

    /// Whether a vault exists, as far as is indexed, and may be read. A region that is down keeps nothing from being found.
    fn shows_vault(&self, index: usize) -> bool {
        let vault = &VAULTS[index];
        let undeleted = self.sim.world.changes.undeleted_vaults.iter().take(self.indexed.undeleted_vaults);
        self.covers(vault.subscription)
            && self.sim.shows_vault(vault.name)
            && (!vault.deleted || undeleted.into_iter().any(|known| *known == index))
    }

    /// The state of an item, as far as is indexed.
    fn state(&self, item: usize) -> State {
        let later = self.sim.world.changes.undeleted.get(self.indexed.undeleted..).unwrap_or_default();
        if later.contains(&item) { State::SoftDeleted } else { self.sim.world.items[item].state }
    }

    /// The whole resource, as other calls answer it.
    fn body(&self, entity: Entity) -> Value {
        let (sim, version) = (self.sim, &self.version);
        let text = match entity {
            Entity::Item(index) => bodies::item::json_in(sim, index, self.state(index), version),
            Entity::Machine(index) => bodies::machine::source(sim, index),
            Entity::Restored(index) => bodies::machine::restored(sim, &sim.world.changes.machines[index]),
            Entity::Vault(index) => bodies::vault::json(sim, &VAULTS[index], version),
            Entity::Resource(index) => bodies::resource::json(sim, &RESOURCES[index]),
            Entity::Subscription(_) | Entity::Group(_) => {
                r#"{"properties":{"provisioningState":"Succeeded"},"tags":{}}"#.to_owned()
            }
        };
        let mut body: Value = serde_json::from_str(&text).unwrap_or_default();
        if let Entity::Item(_) = entity {
            for name in ["dataSourceInfo", "currentProtectionState"] {
                body["properties"][name] = match self.property(entity, name) {
                    Cell::Text(text) => Value::String(text),
                    Cell::Json(value) => *value,
                    _ => Value::Null,
                };
            }
        }
        body
    }

    /// Its name, type, subscription, resource group and region.
    fn place(&self, entity: Entity) -> [&str; 5] {
        let world = &self.sim.world;
        match entity {
            Entity::Item(index) => {
                let vault = world.vault_of(index);
                ["", ITEM, vault.subscription, vault.group, vault.region]
            }
            Entity::Machine(index) => {
                let item = &world.items[index];
                [&item.name, item.machine_type(), item.subscription(), item.group, item.region()]
            }
            Entity::Restored(index) => {
                let machine = &world.changes.machines[index];
                [&machine.name, VM, &machine.subscription, &machine.group, &machine.region]
            }
            Entity::Vault(index) => {
                let vault = &VAULTS[index];
                [vault.name, "Microsoft.RecoveryServices/vaults", vault.subscription, vault.group, vault.region]
            }
            Entity::Resource(index) => {
                let resource = &RESOURCES[index];
                [resource.name, resource.type_name(), resource.subscription, resource.group, resource.region]
            }
            Entity::Subscription(index) => {
                let subscription = &world.subscriptions()[index];
                [subscription.name, "Microsoft.Resources/subscriptions", subscription.id, "", ""]
            }
            Entity::Group(index) => {
                let group = &GROUPS[index];
                let kind = "Microsoft.Resources/subscriptions/resourceGroups";
                [group.name, kind, group.subscription, group.name, group.region]
            }
        }
    }

    fn id(&self, entity: Entity) -> String {
        let [name, kind, subscription, group, _] = self.place(entity);
        match entity {
            Entity::Item(index) => self.sim.world.items[index].id(),
            Entity::Subscription(_) => format!("/subscriptions/{subscription}"),
            Entity::Group(_) => group_id(subscription, group),
            _ => resource_id(subscription, group, kind, name),
        }
    }

    /// The value of a column.
    pub(crate) fn column(&self, entity: Entity, column: &str) -> Cell {
        let [name, kind, subscription, group, region] = self.place(entity);
        match column {
            "id" => Cell::Text(self.id(entity)),
            "name" => match entity {
                Entity::Item(index) => Cell::Text(format!("VM;{}", self.sim.world.items[index].container())),
                _ => Cell::text(name),
            },
            "type" => Cell::Text(kind.to_ascii_lowercase()),
            "subscriptionId" => Cell::text(subscription),
            "resourceGroup" => Cell::Text(group.to_ascii_lowercase()),
            "location" => Cell::text(region),
            "tenantId" => {
                let known = self.sim.world.subscription(subscription);
                Cell::text(known.map_or("", |subscription| subscription.tenant.id))
            }
            "managedBy" => Cell::text(""),
            "kind" if !matches!(entity, Entity::Resource(_)) => Cell::text(""),
            // Of every machine, without writing the whole of it.
            "tags" => match entity {
                Entity::Machine(index) => self.tags(index),
                Entity::Item(_) => Cell::Null,
                _ => Cell::of(self.body(entity)[column].take()),
            },
            "properties" => Cell::of(self.body(entity)[column].take()),
            "sku" | "kind" | "identity" | "zones" if !matches!(entity, Entity::Item(_)) => {
                let cell = Cell::of(self.body(entity)[column].take());
                if column == "kind" && cell == Cell::Null { Cell::text("") } else { cell }
            }
            _ => Cell::Null,
        }
    }

    fn tags(&self, machine: usize) -> Cell {
        let tags = self.sim.world.items[machine].tags().into_iter();
        let tags = tags.map(|(name, value)| (name.to_owned(), Value::String(value.to_owned())));
        Cell::of(Value::Object(tags.collect()))
    }

    /// A member of `properties`. Those of items that queries ask for are known without writing the whole item.
    pub(crate) fn property(&self, entity: Entity, name: &str) -> Cell {
        let Entity::Item(index) = entity else {
            return Cell::of(self.body(entity)["properties"][name].take());
        };
        let item = &self.sim.world.items[index];
        let state = self.state(index);
        let standing = || bodies::item::standing(self.sim, index, state, &self.version);
        let time = |at: Option<moment::Millis>| at.map_or(Cell::Null, |at| Cell::Text(moment::iso(at)));
        match name {
            "backupManagementType" => Cell::text("AzureIaasVM"),
            "friendlyName" => Cell::text(&item.name),
            "sourceResourceId" | "virtualMachineId" => Cell::Text(item.machine_id()),
            "healthStatus" => Cell::text(standing().health),
            "protectionState" => Cell::text(standing().protection),
            "currentProtectionState" => Cell::text(match (state, standing().protection) {
                (State::SoftDeleted, _) => "SoftDeleted",
                (_, "ProtectionStopped") => "ProtectionStopped",
                (_, "ProtectionError") => "ProtectionError",
                _ => "ProtectionConfigured",
            }),
            "lastBackupStatus" => Cell::text(standing().backup),
            "lastBackupTime" => time(standing().last.map(|at| at - 4 * SECOND)),
            "lastRecoveryPoint" => time(standing().last),
            "isScheduledForDeferredDelete" if state == State::SoftDeleted => Cell::Flag(true),
            "deferredDeleteTimeInUTC" if state == State::SoftDeleted => time(Some(bodies::item::deleted_at(self.sim))),
            "isScheduledForDeferredDelete" | "deferredDeleteTimeInUTC" | "softDeleteRetentionPeriodInDays" => {
                Cell::Null
            }
            "softDeleteRetentionPeriod" => Cell::of(serde_json::json!(14)),
            "sourceLocation" => Cell::text(item.region()),
            // Only a vault with a secondary region has points there, and all points of an item take long to make.
            "latestRecoveryPointInSecondaryRegion" if self.sim.world.vault_of(index).secondary().is_some() => {
                let replicated = self.sim.world.points(index).find_map(|p| p.replicated(self.sim.clock));
                time(replicated.map(|p| p.time))
            }
            "latestRecoveryPointInSecondaryRegion" => Cell::Null,
            "dataSourceInfo" => Cell::of(serde_json::json!({
                "resourceID": item.machine_id(),
                "resourceLocation": item.region(),
                "resourceName": item.name,
                "resourceType": item.machine_type(),
                "datasourceType": item.machine_type(),
                "objectType": "Datasource",
            })),
            _ => Cell::of(self.body(entity)["properties"][name].take()),
        }
    }
}
