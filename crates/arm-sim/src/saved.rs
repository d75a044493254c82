//! A simulator as it is saved: the seed and what has changed.

use serde::{Deserialize, Serialize};

use crate::moment::Millis;
use crate::simulator::{Settings, Simulator};
use crate::world::World;
use crate::world::changes::Changes;
use crate::world::job::Job;

/// Grows whenever the tables of the world change: what was saved refers to them by index.
const WORLD: u32 = 1;

/// A saved simulator.
#[derive(Serialize, Deserialize)]
pub(crate) struct Saved {
    world: u32,
    seed: u64,
    epoch: Millis,
    clock: Millis,
    settings: Settings,
    changes: Changes,
    /// Jobs that are new or not as they were generated.
    jobs: Vec<Job>,
}

impl From<Simulator> for Saved {
    fn from(sim: Simulator) -> Self {
        let generated = World::new(sim.world.seed, sim.world.epoch).jobs;
        let jobs = sim
            .world
            .jobs
            .into_iter()
            .enumerate()
            .filter(|(i, job)| generated.get(*i) != Some(job))
            .map(|(_, job)| job)
            .collect();
        Self {
            world: WORLD,
            seed: sim.world.seed,
            epoch: sim.world.epoch,
            clock: sim.clock,
            settings: sim.settings,
            changes: sim.world.changes,
            jobs,
        }
    }
}

impl TryFrom<Saved> for Simulator {
    type Error = &'static str;

    fn try_from(saved: Saved) -> Result<Self, Self::Error> {
        let mut world = World::new(saved.seed, saved.epoch);
        let known = |index: usize| index < world.items.len();
        if saved.world != WORLD || !saved.jobs.iter().all(|j| known(j.item)) {
            return Err("saved by another version of the simulator");
        }
        for job in saved.jobs {
            match world.jobs.iter_mut().find(|j| j.id == job.id) {
                Some(old) => *old = job,
                None => world.jobs.push(job),
            }
        }
        world.changes = saved.changes;
        Ok(Self { world, settings: saved.settings, clock: saved.clock })
    }
}
