//! The simulator from outside: whole restores, every refusal, every fault, and its answers against Azure's own schemas.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

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
