//! The demo: the simulator stands where the network would.

use arm_sim::{Reply, Simulator};
use bytes::Bytes;
use http::{Method, Request, Response};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::storage;
use crate::app::msg::Transport;
use crate::app::saved;

/// Where the demo's world is saved: restores of the demo survive a reload like real ones.
const KEY: &str = "vm-restore/demo-world";
/// One world for everybody: what is described in words can be found by name.
const SEED: u64 = 7;

/// The world, and how late it was when it was saved.
#[derive(Serialize, Deserialize)]
struct World {
    now: i64,
    simulator: Simulator,
}

/// The simulator in the page.
pub(crate) struct Demo {
    simulator: Simulator,
}

impl Demo {
    /// The world as an earlier visit left it, with the time it was then; else a fresh one.
    pub(crate) fn load() -> (Option<Self>, Option<OffsetDateTime>) {
        let world: Option<World> = storage::load(KEY).and_then(|text| saved::read(&text));
        match world {
            Some(world) => {
                (Some(Self { simulator: world.simulator }), OffsetDateTime::from_unix_timestamp(world.now).ok())
            }
            None => (None, None),
        }
    }

    /// A fresh world.
    pub(crate) fn new(now: OffsetDateTime) -> Self {
        Self { simulator: Simulator::new(SEED, now) }
    }

    /// Answers a request.
    pub(crate) fn answer(
        &mut self,
        request: &Request<Bytes>,
        now: OffsetDateTime,
    ) -> Result<Response<Bytes>, Transport> {
        let reply = self.simulator.handle(now, request);
        if request.method() != Method::GET {
            let world = World { now: now.unix_timestamp(), simulator: self.simulator.clone() };
            // A demo that cannot be saved still runs; it only forgets on reload.
            let _ = storage::save(KEY, &saved::write(&world));
        }
        match reply {
            Reply::Answer(answer) if answer.body().len() > azure_backup::arm::call::LARGEST_ANSWER => {
                Err(Transport::TooLarge)
            }
            Reply::Answer(answer) => Ok(answer),
            Reply::Dropped { .. } => Err(Transport::Network("Failed to fetch".to_owned())),
        }
    }
}
