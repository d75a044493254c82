//! The tests that need no browser.

use super::Tally;
use crate::{failure::Failure, process};

/// Every crate's, with the simulator's server.
pub(super) fn run(more: &[String]) -> Result<Tally, Failure> {
    let mut cargo = process::command("cargo");
    cargo.args(["test", "--locked", "--workspace", "--features", "arm-sim/server", "--no-fail-fast", "--"]);
    Tally::of_cargo(cargo.args(more))
}
