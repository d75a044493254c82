//! The world that every simulator starts with: tables, and loops over them.

pub(crate) mod jobs;
pub(crate) mod machines;
pub(crate) mod places;
pub(crate) mod resources;
pub(crate) mod vaults;
