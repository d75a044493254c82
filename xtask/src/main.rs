//! Every developer command of VM Restore: `cargo xtask COMMAND`.
//!
//! Progress goes to standard error, results to standard output. A command that cannot do its work ends in one sentence
//! and exit code 1.

use std::{env, process::ExitCode};

mod args;
mod build;
mod commands;
mod document;
mod failure;
mod output;
mod process;
mod serve;
mod shipped;
mod tools;
mod workspace;

fn main() -> ExitCode {
    match commands::run(env::args().skip(1)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output::failed(&failure);
            ExitCode::FAILURE
        }
    }
}
