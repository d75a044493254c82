//! `dst`: restores against chance, in virtual time; see tests/dst.

use std::process::{Command, Stdio};

use crate::{args::Args, failure::Failure, output, process, workspace};

mod mutants;
mod report;

/// Seeds that are played unless told.
const SEEDS: u64 = 2_000;

/// Plays seeds, or one of them again, or shows that planted bugs are found.
pub(super) fn run(mut args: Args) -> Result<(), Failure> {
    let writes = args.flag("--report");
    if args.flag("--mutants") {
        let words = args.option::<String>("--named")?.unwrap_or_default();
        args.nothing_left()?;
        let found = mutants::run(&words)?;
        output::result(&mutants::table(&found));
        if writes && words.is_empty() {
            report::planted(&found)?;
        }
        return match found.iter().filter(|m| m.found.is_none()).count() {
            0 => Ok(()),
            missed => Err(Failure::FellShort(format!("{missed} planted bugs were not found."))),
        };
    }
    if writes && args.flag("--reads") {
        args.nothing_left()?;
        return report::reads();
    }
    let played = args.option::<String>("--played")?;
    let mut rest = args.rest();
    if !rest.iter().any(|argument| argument == "--seeds" || argument == "--seed") {
        rest.extend(["--seeds".to_owned(), SEEDS.to_string()]);
    }
    build()?;
    if writes {
        return report::seeds(&rest, played.as_deref());
    }
    process::finish(Command::new(program()).args(rest).current_dir(workspace::root()), "Playing the seeds")
}

fn build() -> Result<(), Failure> {
    output::step("Building the simulation (2 minutes the first time).");
    let mut cargo = process::command("cargo");
    process::run(cargo.args(["build", "--quiet", "--profile", "dst", "--package", "dst"]), "Building the simulation")
}

/// How often Azure is asked and how late an end is known, in virtual time, as JSON.
pub(super) fn reads() -> Result<String, Failure> {
    build()?;
    printed(&["--reads"])
}

fn program() -> std::path::PathBuf {
    workspace::target().join("dst").join("dst")
}

/// What a run of the simulation prints.
fn printed(arguments: &[&str]) -> Result<String, Failure> {
    let mut command = Command::new(program());
    command.args(arguments).current_dir(workspace::root()).stderr(Stdio::inherit());
    let output = command.output().map_err(|error| process::start(&command, error))?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
