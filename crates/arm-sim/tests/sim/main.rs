//! Tests of the simulator through its interface: whole restores, every refusal, every fault, and its answers against Azure's schemas.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

mod clients;
mod cross_region;
mod cross_region_faults;
mod deleted;
mod deployments;
mod derived;
mod determinism;
mod discovery;
mod faults;
mod files;
mod graph;
mod jobs;
mod machines;
mod news;
mod readiness;
mod refusals;
mod restores;
mod schema;
mod secondary;
#[cfg(feature = "server")]
mod server;
mod support;
mod swagger;
mod validation;
mod versions;
