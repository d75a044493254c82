//! The commands by name.

use crate::{args::Args, failure::Failure, output};

mod bench;
mod build;
mod check;
mod clients;
mod demo;
mod dev;
mod dst;
mod fuzz;
mod mutants;
mod pictures;
mod replay;
mod sbom;
mod sim;
mod size;
mod test;

/// Name, arguments, what it does, how.
type Command = (&'static str, &'static str, &'static str, fn(Args) -> Result<(), Failure>);

const COMMANDS: &[Command] = &[
    ("demo", "[--port N]", "build the app and serve the demo on loopback", demo::run),
    ("build", "[--twice]", "build the page into dist/, as it is published; or twice, to compare the bytes", build::run),
    (
        "test",
        "[--native] [--scripts] [--browser] [--e2e] [--journeys] [-- ARGS]",
        "run the tests, all suites unless some are named",
        test::run,
    ),
    (
        "check",
        "[--advisories]",
        "formatting, lints, documentation, licences, sources and known faults of dependencies; or the last alone",
        check::run,
    ),
    ("sbom", "", "print what the page is made of, as CycloneDX", sbom::run),
    ("fuzz", "[--seconds N]", "feed every reader of what comes from outside with anything, 20 s each", fuzz::run),
    (
        "dst",
        "[--seeds N] [--from S] [--seed S] [--only LIST] [--trace] [--mutants [--named WORDS]] [--report]",
        "play restores against everything that can go wrong, 2,000 seeds",
        dst::run,
    ),
    (
        "mutants",
        "[--file FILE]… [--shard K/N] [--list] [--check]",
        "change one thing after another to see whether a test notices; takes hours, and goes on where it ended",
        mutants::run,
    ),
    (
        "bench",
        "[--runs N] [--cases list,start,typing,tracking,records,trigger] [--quick]",
        "measure the built page beside other clients, into docs/performance.md",
        bench::run,
    ),
    (
        "clients",
        "[--only TEXT] [--exports]",
        "run azure-cli, the Python SDK and the page's exports over the simulator, and compare their requests with the page's",
        clients::run,
    ),
    ("size", "", "the page's weight against its budget", size::run),
    ("dev", "[--port N]", "serve the app and rebuild and reload it on every change", dev::run),
    ("sim", "[ARGS]", "run the simulator of Azure Resource Manager as a server", sim::run),
    (
        "replay",
        "FILE… [--restore N] [--expose WHICH] [--move-faults] [--retry-after S]",
        "drive the app against recorded traffic",
        replay::run,
    ),
    ("pictures", "", "take the screenshots of docs/", pictures::run),
];

/// Runs the command that the arguments name.
pub(crate) fn run(arguments: impl Iterator<Item = String>) -> Result<(), Failure> {
    let mut args = Args::new(arguments);
    let name = args.first();
    match name.as_deref() {
        None | Some("help" | "--help" | "-h") => {
            help();
            Ok(())
        }
        Some(name) => match COMMANDS.iter().find(|(known, ..)| *known == name) {
            Some((.., run)) => run(args),
            None => Err(Failure::Usage(format!("There is no command `{name}`."))),
        },
    }
}

fn help() {
    for (name, arguments, purpose, _) in COMMANDS {
        output::result(&format!("cargo xtask {name} {arguments}\n    {purpose}"));
    }
}
