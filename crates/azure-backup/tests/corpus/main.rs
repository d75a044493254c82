//! The client against recorded traffic and Azure's published examples.
//!
//! The data lies outside the repository: the folder that `SHARED_DIR` names, by default `../shared` beside the checkout. Where it is absent
//! these tests say so and check nothing.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test may fail and speak loudly, its helpers too"
)]

mod polls;
mod recordings;
mod route;
mod samples;
mod shared;
mod swagger;
