//! A sans-IO client of Azure Resource Manager (ARM) and of `Microsoft.RecoveryServices` for restoring virtual machines.
//!
//! Nothing here opens a socket, reads a clock or makes an id: a [`Call`](arm::call::Call) becomes an [`http::Request`], an
//! [`http::Response`] is read back into Azure's nouns, and what lasts (an [`Operation`](arm::operation::Operation), a
//! [`JobTracker`](backup::job::JobTracker)) is a state machine that is told the time and the answers.

pub mod arm;
pub mod backup;

#[cfg(test)]
mod fixture;
