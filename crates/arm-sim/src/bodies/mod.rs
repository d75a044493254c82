//! How things are written as JSON.

pub(crate) mod disk;
pub(crate) mod interface;
pub(crate) mod item;
pub(crate) mod job;
pub(crate) mod job_details;
pub(crate) mod machine;
pub(crate) mod point;
pub(crate) mod resource;
mod secondary_point;
mod threats;
pub(crate) mod token;
pub(crate) mod vault;
