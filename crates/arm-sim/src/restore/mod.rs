//! Restores: what was asked for, the job that it becomes, and what exists when it is done.

pub(crate) mod advance;
pub(crate) mod effects;
pub(crate) mod plan;
pub(crate) mod request;
