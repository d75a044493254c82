//! The client against recorded traffic and Azure's published examples.
//!
//! The data lies outside the repository: the folder that `SHARED_DIR` names, by default `../shared` beside the checkout. Where it is absent
//! these tests fail; with `CORPUS=absent` they say that they were skipped.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail and speak loudly, its helpers too")]

mod deployments;
mod derived;
mod graph;
mod polls;
mod readiness;
mod recordings;
mod route;
mod samples;
mod shared;
mod swagger;
