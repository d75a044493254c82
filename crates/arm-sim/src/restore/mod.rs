//! Restores: the request, its job, and the results.

pub(crate) mod advance;
pub(crate) mod effects;
pub(crate) mod obstacles;
pub(crate) mod plan;
pub(crate) mod request;
