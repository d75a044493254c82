//! VM Restore: restores Azure virtual machines from Azure Backup, in the browser.

pub mod app;
pub mod restore;
pub mod ui;
