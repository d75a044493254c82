//! The serialized simulator: the seed and everything that has changed.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::graph::index::Index;
use crate::moment::Millis;
use crate::seed::grown::TenantSize;
use crate::seed::jobs;
use crate::seed::vaults::VAULTS;
use crate::simulator::{Settings, Simulator};
use crate::world::World;
use crate::world::changes::Changes;
use crate::world::item::State;
use crate::world::job::Job;

/// Incremented when the tables of the world or the saved members change, since a saved world depends on both.
const FORM: u32 = 8;

/// What is saved.
#[derive(Serialize, Deserialize)]
struct Saved {
    form: u32,
    seed: u64,
    size: TenantSize,
    epoch: Millis,
    clock: Millis,
    settings: Settings,
    changes: Changes,
    /// Jobs that are new, or differ from how they were generated.
    jobs: Vec<Job>,
}

impl Serialize for Simulator {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let generated = jobs::jobs(&self.world);
        let jobs = self.world.jobs.iter().enumerate().filter(|(i, job)| generated.get(*i) != Some(job));
        let saved = Saved {
            form: FORM,
            seed: self.world.seed,
            size: self.world.size,
            epoch: self.world.epoch,
            clock: self.clock,
            settings: self.settings.clone(),
            changes: self.world.changes.clone(),
            jobs: jobs.map(|(_, job)| job.clone()).collect(),
        };
        saved.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Simulator {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let saved = Saved::deserialize(deserializer)?;
        load(saved).ok_or_else(|| D::Error::custom("saved by another version of the simulator, or not by one"))
    }
}

fn load(saved: Saved) -> Option<Simulator> {
    if saved.form != FORM {
        return None;
    }
    let mut world = World::new(saved.seed, saved.epoch, saved.size);
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
    let index = Index::of(&world.changes);
    Some(Simulator { world, settings: saved.settings, clock: saved.clock, index, activated: false })
}
