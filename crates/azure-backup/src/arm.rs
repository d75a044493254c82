//! What every service of Azure Resource Manager has in common: ids, clouds, calls, pages, faults, long-running operations, Resource Graph.

pub mod bounds;
pub mod call;
pub mod challenge;
pub mod cloud;
pub mod deployment;
pub mod eligible_roles;
pub mod fault;
pub mod graph;
pub mod headers;
pub mod id;
pub mod identity;
pub mod json;
pub mod locks;
pub(crate) mod open_enum;
pub mod operation;
pub(crate) mod operation_status;
pub mod page;
pub mod permissions;
pub mod policy;
pub(crate) mod poll_schedule;
pub mod provider;
pub mod quota;
pub mod role_activation;
pub(crate) mod time;
pub mod timing;
pub mod version;
