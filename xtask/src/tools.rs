//! What the commands need beside rustup and Node, and how it comes onto the machine.
//!
//! Each function looks first and says what it does, why and how long it takes before it changes anything.

pub(crate) mod browser;
pub(crate) mod cargo;
pub(crate) mod debian;
pub(crate) mod npm;
pub(crate) mod python;
pub(crate) mod servers;

use crate::failure::Failure;

/// Everything that building the page takes.
pub(crate) fn for_building() -> Result<(), Failure> {
    cargo::wasm_target()?;
    npm::packages()?;
    cargo::wasm_bindgen()?;
    cargo::trunk()
}
