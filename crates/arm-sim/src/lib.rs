//! A simulator of Azure Resource Manager and Azure Backup for virtual machines.
//!
//! [`Simulator::handle`] takes an HTTP request and a time and returns a [`Reply`]. It does no I/O and uses neither clock nor
//! randomness: the same seed and requests give the same replies. It shares no code with the client that is tested with it,
//! so the two cannot make the same mistake. It answers 501 to everything that it does not implement; its differences from
//! Azure are in `docs/simulator-differences.md`.
//!
//! Faults are triggered by choosing a VM: those of the vault [`FAULTS_VAULT`] do what their names say ([`SENTINELS`]).
//!
//! The feature `server` adds an HTTP server (`server`, and the binary `arm-sim`).

mod answer;
mod base64;
mod bodies;
mod checks;
mod errors;
mod faults;
mod filter;
mod graph;
mod handlers;
mod headers;
mod limits;
mod moment;
mod paging;
mod progress;
mod pseudo_random;
mod restore;
mod rights;
mod router;
mod saved;
mod seed;
#[cfg(all(feature = "server", not(target_arch = "wasm32")))]
pub mod server;
mod sim_request;
mod simulator;
mod text;
mod token;
mod version;
mod world;

pub use faults::{FAULTS_VAULT, SENTINELS, Sentinel};
pub use progress::Progress;
pub use rights::Role;
pub use seed::grown::TenantSize;
pub use simulator::{Reply, Simulator};
pub use world::changes::Trigger;
