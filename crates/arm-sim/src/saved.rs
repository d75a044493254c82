//! The serialized simulator: the seed and everything that has changed, as one string.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::keep::{Keep, Keeper};
use crate::moment::Millis;
use crate::seed::vaults::VAULTS;
use crate::simulator::{Settings, Simulator};
use crate::world::World;
use crate::world::changes::Changes;
use crate::world::item::State;
use crate::world::job::Job;

/// Incremented when the tables of the world or the order of the saved values change, since the saved text depends on both.
const FORM: u32 = 5;

/// What is saved.
#[derive(Default)]
struct Saved {
    form: u32,
    seed: u64,
    epoch: Millis,
    clock: Millis,
    settings: Settings,
    changes: Changes,
    /// Jobs that are new, or differ from how they were generated.
    jobs: Vec<Job>,
}

crate::keep::keep!(Saved: form seed epoch clock settings changes jobs);

impl Serialize for Simulator {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let generated = World::new(self.world.seed, self.world.epoch).jobs;
        let jobs = self.world.jobs.iter().enumerate().filter(|(i, job)| generated.get(*i) != Some(job));
        let mut saved = Saved {
            form: FORM,
            seed: self.world.seed,
            epoch: self.world.epoch,
            clock: self.clock,
            settings: self.settings.clone(),
            changes: self.world.changes.clone(),
            jobs: jobs.map(|(_, job)| job.clone()).collect(),
        };
        let mut keeper = Keeper::writer();
        saved.keep(&mut keeper);
        serializer.serialize_str(&keeper.written())
    }
}

impl<'de> Deserialize<'de> for Simulator {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        load(&text).ok_or_else(|| D::Error::custom("saved by another version of the simulator, or not by one"))
    }
}

fn load(text: &str) -> Option<Simulator> {
    let (mut saved, mut keeper) = (Saved::default(), Keeper::reader(text));
    // The text of another version is not parsed.
    if text.lines().next() != Some(FORM.to_string().as_str()) {
        return None;
    }
    saved.keep(&mut keeper);
    if !keeper.is_done() {
        return None;
    }
    let mut world = World::new(saved.seed, saved.epoch);
    let changes = &saved.changes;
    let items = (saved.jobs.iter().map(|j| j.item))
        .chain(changes.operations.iter().filter_map(|o| o.item))
        .chain(changes.machines.iter().map(|m| m.item))
        .chain(changes.issued.iter().map(|t| t.item))
        .chain(changes.sessions.iter().map(|s| s.0))
        .chain(changes.replaced.iter().map(|r| r.0))
        .chain(changes.rehydrated.iter().map(|r| r.0))
        .chain(changes.undeleted.iter().copied());
    let known = items.max().is_none_or(|item| item < world.items.len());
    let mut vaults = changes.operations.iter().map(|o| o.vault).chain(changes.undeleted_vaults.iter().copied());
    if !known || vaults.any(|vault| vault >= VAULTS.len()) {
        return None;
    }
    for &item in &changes.undeleted {
        world.items[item].state = State::Stopped;
    }
    for job in saved.jobs {
        match world.jobs.iter_mut().find(|j| j.id == job.id) {
            Some(old) => *old = job,
            None => world.jobs.push(job),
        }
    }
    world.changes = saved.changes;
    Some(Simulator { world, settings: saved.settings, clock: saved.clock })
}
