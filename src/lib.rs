//! VM Restore: restores Azure virtual machines from Azure Backup, in the browser.

pub mod app;
pub mod export;
pub mod readiness;
pub mod recovery;
pub mod restore;
pub mod ui;
#[cfg(target_arch = "wasm32")]
pub mod web;
