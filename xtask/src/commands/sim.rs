//! `sim`: the simulator as a server.

use crate::{args::Args, failure::Failure, process};

/// Hands every argument on.
pub(super) fn run(args: Args) -> Result<(), Failure> {
    let mut cargo = process::command("cargo");
    cargo.args(["run", "--quiet", "--package", "arm-sim", "--features", "server", "--bin", "arm-sim", "--"]);
    process::finish(cargo.args(args.rest()), "Running the simulator")
}
