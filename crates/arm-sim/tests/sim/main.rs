//! The simulator from outside: whole restores, every refusal, every fault, and its answers against Azure's own schemas.

mod determinism;
mod discovery;
mod faults;
mod files;
mod jobs;
mod refusals;
mod restores;
mod schema;
#[cfg(feature = "server")]
mod server;
mod support;
mod swagger;
mod validation;
mod versions;
