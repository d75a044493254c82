//! A simulator of Azure Resource Manager with Azure Backup for virtual machines behind it.
//!
//! [`Simulator::handle`] takes an HTTP request and a time and gives a [`Reply`]. It does no I/O, reads no clock and rolls
//! no dice: the same seed and requests give the same replies. It shares no code with the client that it is used to try,
//! so that the two cannot make the same mistake. What it does not know it answers with 501, loudly; how it differs from
//! the real thing is in `docs/simulator-differences.md`.
//!
//! Faults are brought about from the front: VMs of the vault [`FAULTS_VAULT`] do what their names say ([`SENTINELS`]).
//!
//! With the feature `server` the same simulator stands behind HTTP (`server`, and the binary `arm-sim`).

mod answer;
mod ask;
mod base64;
mod checks;
mod dice;
mod errors;
mod faults;
mod filter;
mod forms;
mod handlers;
mod headers;
mod keep;
mod limits;
mod moment;
mod paging;
mod progress;
mod restore;
mod router;
mod saved;
mod seed;
#[cfg(all(feature = "server", not(target_arch = "wasm32")))]
pub mod server;
mod simulator;
mod text;
mod token;
mod version;
mod world;

pub use faults::{FAULTS_VAULT, SENTINELS, Sentinel};
pub use progress::Progress;
pub use simulator::{Reply, Simulator};
pub use world::changes::Trigger;
