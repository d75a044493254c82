//! The world that every simulator starts with: tables, and loops over them. The tables hold what the largest tenant has; a smaller one has the
//! beginning of each.

pub(crate) mod grown;
pub(crate) mod jobs;
pub(crate) mod machines;
pub(crate) mod obstacles;
pub(crate) mod places;
pub(crate) mod resources;
pub(crate) mod vaults;
