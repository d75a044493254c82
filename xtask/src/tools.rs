//! Finds and installs the tools that the commands need besides rustup and Node.
//!
//! Each function first looks for the tool. Before it installs something, it says what, why and how long it takes.

pub(crate) mod browser;
pub(crate) mod cargo;
pub(crate) mod debian;
pub(crate) mod npm;
pub(crate) mod prebuilt;
pub(crate) mod python;
pub(crate) mod servers;
pub(crate) mod together;

use crate::failure::Failure;

/// The tools for building the page. Those that must be built from source are built in parallel, together with `more`.
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

/// The tools for the tests in the browser.
pub(crate) fn for_browser_tests() -> Result<(), Failure> {
    cargo::wasm_target()?;
    cargo::wasm_bindgen()?.map_or(Ok(()), |work| together::run(vec![work]))
}
