//! What every service of Azure Resource Manager has in common: ids, clouds, calls, pages, faults, long-running operations.

pub mod bounds;
pub mod budget;
pub mod call;
pub mod challenge;
pub mod cloud;
pub mod fault;
pub mod headers;
pub mod id;
pub mod identity;
pub mod json;
pub mod operation;
pub(crate) mod operation_status;
pub mod pace;
pub mod page;
pub(crate) mod pulse;
pub(crate) mod time;
pub mod version;
pub(crate) mod word;
