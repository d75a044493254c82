//! What the commands need beside rustup and Node, and how it comes onto the machine.
//!
//! Each function looks first and says what it does, why and how long it takes before it changes anything.

pub(crate) mod browser;
pub(crate) mod cargo;
pub(crate) mod debian;
pub(crate) mod npm;
pub(crate) mod prebuilt;
pub(crate) mod python;
pub(crate) mod servers;
pub(crate) mod together;

use crate::failure::Failure;

/// Everything that building the page takes. What has to be built from its source is built at the same time, and with it `more`.
pub(crate) fn for_building(more: impl FnOnce() -> Result<Option<together::Work>, Failure>) -> Result<(), Failure> {
    cargo::wasm_target()?;
    npm::packages()?;
    let mut work: Vec<together::Work> = cargo::wasm_bindgen()?.into_iter().chain(cargo::trunk()).collect();
    if !work.is_empty() {
        work.extend(more()?);
        together::run(work)?;
    }
    Ok(())
}

/// What the tests in the browser are run by.
pub(crate) fn for_browser_tests() -> Result<(), Failure> {
    cargo::wasm_target()?;
    cargo::wasm_bindgen()?.map_or(Ok(()), |work| together::run(vec![work]))
}
