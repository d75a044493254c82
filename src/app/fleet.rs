//! The protected machines of all subscriptions as one list, searched and filtered as fast as somebody types.
//!
//! [`Fleet`] is the list with its index. [`Fleet::order`] sorts it, which takes a while and changes rarely; [`Fleet::find`] filters what was sorted, with
//! each key press. [`status`](status::FleetStatus) says where the rows come from and what is missing.

use std::cmp::Ordering;
use std::rc::Rc;

use azure_backup::arm::graph::Identified;
use azure_backup::arm::id::Region;
use azure_backup::backup::fleet::MachineRow;
use azure_backup::backup::item::Health;

pub mod cache;
pub mod handover;
pub mod selection;
pub mod status;
pub mod view;

/// What the list is filtered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Facet {
    /// The subscription of the vault.
    Subscription,
    /// The vault.
    Vault,
    /// The resource group of the machine.
    Group,
    /// The region of the machine.
    Region,
    /// The result of the last checks.
    Health,
    /// A tag of the machine, `name=value`.
    Tag,
}

impl Facet {
    /// All facets.
    pub const ALL: [Self; 6] = [Self::Subscription, Self::Vault, Self::Group, Self::Region, Self::Health, Self::Tag];

    /// Its name in an address.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Subscription => "subscription",
            Self::Vault => "vault",
            Self::Group => "group",
            Self::Region => "region",
            Self::Health => "health",
            Self::Tag => "tag",
        }
    }
}

/// What the list is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Column {
    /// The name.
    #[default]
    Name,
    /// A facet; a machine with several tags is sorted by the first.
    Facet(Facet),
    /// The latest recovery point. Machines without one come last in either direction.
    LatestPoint,
}

impl Column {
    /// All columns that the list can be sorted by.
    pub const ALL: [Self; 7] = [
        Self::Name,
        Self::Facet(Facet::Group),
        Self::Facet(Facet::Subscription),
        Self::Facet(Facet::Vault),
        Self::Facet(Facet::Region),
        Self::Facet(Facet::Health),
        Self::LatestPoint,
    ];

    /// Its name in an address.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Facet(facet) => facet.name(),
            Self::LatestPoint => "latest",
        }
    }
}

/// What is wanted of the list. Values of one facet are alternatives; text and facets all have to fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Words, each of which has to occur in the name, the subscription, the vault, the group, the region or a tag; or an id, or how it begins.
    pub text: String,
    /// The wanted values, by their [`Value::key`].
    pub values: Vec<(Facet, String)>,
}

impl Filter {
    /// Whether it asks for less than the whole list.
    pub fn narrows(&self) -> bool {
        !self.text.trim().is_empty() || !self.values.is_empty()
    }
}

/// A value that machines have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// What tells it from others: an id or a name, in lower case.
    pub key: String,
    /// Its name for people.
    pub label: String,
    /// How many machines have it.
    pub count: usize,
}

/// The value of [`Facet::Health`] of a soft-deleted machine.
pub const SOFT_DELETED: &str = "SoftDeleted";

/// The value of [`Facet::Health`] of a machine. A deletion is newer than the last health check.
pub fn health_code(row: &MachineRow) -> Option<&str> {
    if row.soft_deleted { Some(SOFT_DELETED) } else { row.health.as_ref().map(Health::as_str) }
}

/// The list, with its index.
#[derive(Clone, Debug, Default)]
pub struct Fleet {
    rows: Vec<Rc<MachineRow>>,
    indexed: Vec<Rc<Indexed>>,
    /// The values of each facet, in the order of [`Facet::ALL`], as they were met.
    values: [Vec<Value>; Facet::ALL.len()],
    /// The places in `values`, sorted by key.
    by_key: [Vec<u32>; Facet::ALL.len()],
}

/// What is searched of a row.
#[derive(Clone, Debug)]
struct Indexed {
    /// All that words are searched in, in lower case, the name first. A line for each part, so that no word is found across two.
    text: Box<str>,
    signature: Signature,
    /// The place of its value of each facet.
    values: [Option<u32>; Facet::ALL.len()],
    /// Its further tags.
    tags: Box<[u32]>,
}

/// Which pairs of letters a text holds, as bits. Most rows are told apart from a word by their bits alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Signature([u64; 4]);

impl Signature {
    fn of(text: &str) -> Self {
        let mut bits = [0; 4];
        for pair in text.as_bytes().windows(2) {
            let hash = usize::from(pair[0]).wrapping_mul(37).wrapping_add(usize::from(pair[1]).wrapping_mul(101)) % 256;
            bits[hash / 64] |= 1 << (hash % 64);
        }
        Self(bits)
    }

    fn has(&self, other: &Self) -> bool {
        self.0.iter().zip(other.0).all(|(own, other)| own & other == other)
    }
}

impl Fleet {
    /// The list of these machines.
    pub fn of(rows: &[Rc<MachineRow>]) -> Self {
        let mut fleet = Self::default();
        fleet.extend(rows);
        fleet
    }

    /// Adds machines.
    pub fn extend(&mut self, rows: &[Rc<MachineRow>]) {
        for row in rows {
            let indexed = self.index(row);
            self.indexed.push(Rc::new(indexed));
            self.rows.push(row.clone());
        }
    }

    /// The list of the same machines after they were read again, or nothing if machines came or went. What is searched of those that have not
    /// changed is kept: to index ten thousand takes longer than a task may.
    pub fn read_again(&self, rows: &[Rc<MachineRow>]) -> Option<Self> {
        let same = rows.len() == self.rows.len() && self.rows.iter().zip(rows).all(|(old, new)| old.id == new.id);
        let mut fleet = same.then(|| self.clone())?;
        for (at, row) in rows.iter().enumerate().filter(|(at, row)| !is_found_alike(&self.rows[*at], row)) {
            let old = fleet.indexed[at].clone();
            let further = old.tags.iter().map(|place| (Facet::Tag, *place));
            let first = Facet::ALL.into_iter().zip(old.values).filter_map(|(facet, place)| Some((facet, place?)));
            for (facet, place) in first.chain(further) {
                fleet.values[facet as usize][place as usize].count -= 1;
            }
            fleet.indexed[at] = Rc::new(fleet.index(row));
        }
        fleet.rows = rows.to_vec();
        Some(fleet)
    }

    /// The machines, in the order in which they came.
    pub fn rows(&self) -> &[Rc<MachineRow>] {
        &self.rows
    }

    /// The values of a facet, the most frequent first.
    pub fn values(&self, facet: Facet) -> Vec<&Value> {
        let mut values: Vec<&Value> = self.values[facet as usize].iter().filter(|value| value.count > 0).collect();
        values.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.label.cmp(&b.label)));
        values
    }

    /// The name of a value for people; of one that no machine has, the last part of the key.
    pub fn label(&self, facet: Facet, key: &str) -> String {
        let label = self.values[facet as usize].iter().find(|value| value.key == key).map(|value| value.label.clone());
        label.unwrap_or_else(|| key.rsplit('/').next().unwrap_or(key).to_owned())
    }

    fn index(&mut self, row: &MachineRow) -> Indexed {
        let lower = |text: &str| text.to_lowercase();
        let subscription = row.subscription().map(|id| id.to_string());
        let vault = row.vault_id().map(|id| lower(id.as_str()));
        let group = row.resource_group.as_deref();
        let name = row.subscription_name.as_deref().or(subscription.as_deref()).unwrap_or_default();
        let region = row.region.as_ref().map(Region::key);
        let health = health_code(row);
        let tags: Vec<String> = row.tags.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let one = |key: Option<&str>, label: Option<&str>| key.map(|key| (lower(key), label.unwrap_or(key).to_owned()));
        let first = tags.first().map(String::as_str);
        let values = [
            one(subscription.as_deref(), Some(name)),
            one(vault.as_deref(), row.vault_name()),
            one(group, None),
            one(region.as_deref(), None),
            one(health, None),
            one(first, None),
        ];
        let mut places = [None; Facet::ALL.len()];
        for ((facet, value), place) in Facet::ALL.into_iter().zip(values).zip(&mut places) {
            *place = value.map(|(key, label)| self.place(facet, key, label));
        }
        let further = tags.iter().skip(1).map(|tag| self.place(Facet::Tag, lower(tag), tag.clone())).collect();
        let parts = [row.name.as_str(), group.unwrap_or_default(), name, row.vault_name().unwrap_or_default()];
        let parts = parts.into_iter().chain(region.as_deref()).chain(tags.iter().map(String::as_str));
        let text = lower(&parts.collect::<Vec<_>>().join("\n"));
        Indexed { signature: Signature::of(&text), text: text.into(), values: places, tags: further }
    }

    /// The place of a value, counted once more.
    fn place(&mut self, facet: Facet, key: String, label: String) -> u32 {
        let (values, by_key) = (&mut self.values[facet as usize], &mut self.by_key[facet as usize]);
        let found = by_key.binary_search_by(|at| values[*at as usize].key.cmp(&key));
        match found {
            Ok(at) => {
                let place = by_key[at];
                values[place as usize].count += 1;
                place
            }
            Err(at) => {
                let place = u32::try_from(values.len()).unwrap_or(u32::MAX);
                values.push(Value { key, label, count: 1 });
                by_key.insert(at, place);
                place
            }
        }
    }

    /// The places of all machines in `rows`, sorted; equal ones by name.
    pub fn order(&self, by: Column, descending: bool) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.rows.len()).filter_map(|at| u32::try_from(at).ok()).collect();
        let turned = |order: Ordering| if descending { order.reverse() } else { order };
        // What is unknown comes last in either direction.
        let known_first = |a: bool, b: bool| b.cmp(&a);
        let text = |at: u32| &self.indexed[at as usize].text;
        match by {
            Column::Name => order.sort_by(|a, b| turned(text(*a).cmp(text(*b)))),
            Column::LatestPoint => order.sort_by(|a, b| {
                let (x, y) = (self.rows[*a as usize].last_recovery_point, self.rows[*b as usize].last_recovery_point);
                let by_time = known_first(x.is_some(), y.is_some()).then_with(|| turned(x.cmp(&y)));
                by_time.then_with(|| text(*a).cmp(text(*b)))
            }),
            Column::Facet(facet) => {
                // Each value has a rank, so that rows are compared by numbers.
                let values = &self.values[facet as usize];
                let mut by_label: Vec<usize> = (0..values.len()).collect();
                by_label.sort_by_cached_key(|at| (values[*at].label.to_lowercase(), values[*at].key.clone()));
                let mut ranks = vec![0_usize; values.len()];
                for (rank, at) in by_label.into_iter().enumerate() {
                    ranks[at] = rank;
                }
                let rank =
                    |at: u32| self.indexed[at as usize].values[facet as usize].map(|value| ranks[value as usize]);
                order.sort_by(|a, b| {
                    let (x, y) = (rank(*a), rank(*b));
                    let by_rank = known_first(x.is_some(), y.is_some()).then_with(|| turned(x.cmp(&y)));
                    by_rank.then_with(|| text(*a).cmp(text(*b)))
                });
            }
        }
        order
    }

    /// Those of `order` that fit, in that order.
    pub fn find(&self, filter: &Filter, order: &[u32]) -> Vec<u32> {
        let text = filter.text.trim().to_lowercase();
        let is_id = text.starts_with('/');
        let words: Vec<(&str, Signature)> =
            if is_id { Vec::new() } else { text.split_whitespace().map(|word| (word, Signature::of(word))).collect() };
        let wanted = self.wanted(filter);
        let fits = |at: &u32| {
            let indexed = &self.indexed[*at as usize];
            words.iter().all(|(word, bits)| indexed.signature.has(bits) && indexed.text.contains(word))
                && wanted.iter().all(|(facet, wanted)| indexed.has(*facet, wanted))
                && (!is_id || self.has_id(*at, &text))
        };
        order.iter().copied().filter(fits).collect()
    }

    /// Of `found`, which is in the order of names, puts the machines first whose name begins with the text: one whose whole name it is before all.
    pub fn best_first(&self, text: &str, found: &mut [u32]) {
        let text = text.trim().to_lowercase();
        // What is searched begins with the name, so that those machines are neighbors, and a whole name is the first of them.
        let searched = |at: &u32| &*self.indexed[*at as usize].text;
        let before = found.partition_point(|at| searched(at) < &*text);
        let count = found[before..].partition_point(|at| searched(at).starts_with(&*text));
        found[..before + count].rotate_right(count);
    }

    /// For each facet that is filtered by, which of its values are wanted.
    fn wanted(&self, filter: &Filter) -> Vec<(Facet, Vec<bool>)> {
        let facets = Facet::ALL.into_iter().filter(|facet| filter.values.iter().any(|(of, _)| of == facet));
        let is_wanted =
            |facet: Facet, value: &Value| filter.values.iter().any(|(of, key)| *of == facet && *key == value.key);
        let wanted = |facet: Facet| self.values[facet as usize].iter().map(|value| is_wanted(facet, value)).collect();
        facets.map(|facet| (facet, wanted(facet))).collect()
    }

    /// Whether the id of the machine or of its protected item begins so.
    fn has_id(&self, at: u32, text: &str) -> bool {
        let row = &self.rows[at as usize];
        let begins = |id: &str| id.get(..text.len()).is_some_and(|head| head.eq_ignore_ascii_case(text));
        begins(row.id().as_str()) || row.source.as_ref().is_some_and(|id| begins(id.as_str()))
    }
}

/// Whether the same searches and filters find both rows of a machine.
fn is_found_alike(old: &MachineRow, new: &MachineRow) -> bool {
    let of = |row: &MachineRow| (row.soft_deleted, row.health.clone(), row.region.clone());
    (&old.name, &old.resource_group, &old.subscription_name, &old.tags)
        == (&new.name, &new.resource_group, &new.subscription_name, &new.tags)
        && of(old) == of(new)
}

impl Indexed {
    fn has(&self, facet: Facet, wanted: &[bool]) -> bool {
        let is_wanted = |place: &u32| wanted.get(*place as usize).copied().unwrap_or(false);
        self.values[facet as usize].as_ref().is_some_and(is_wanted)
            || (facet == Facet::Tag && self.tags.iter().any(is_wanted))
    }
}

#[cfg(test)]
mod tests;
