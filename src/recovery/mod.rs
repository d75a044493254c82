//! Recovery plans: many machines restored as one decision.
//!
//! Pure: no I/O, no clock, no randomness. A machine of a plan is the facts, draft, rules and request of a single restore
//! ([`crate::restore`]); a plan supplies the drafts and decides which machine starts when.

pub mod across;
pub mod execution;
pub mod expansion;
pub mod file;
pub mod groups;
pub mod manifest;
pub mod mapping;
pub mod plan;
pub mod points;
pub mod rehearsal;
pub mod report;
pub mod staging;
pub mod summary;

#[cfg(test)]
pub(crate) mod sample;
