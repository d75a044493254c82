//! `check`: everything that is judged without running the product.

use std::process::Command;

use crate::{args::Args, failure::Failure, output, process, tools};

mod dependencies;

type Step = (&'static str, fn() -> Result<(), Failure>);

const STEPS: [Step; 6] = [
    ("formatting", || {
        cargo(&["fmt", "--all", "--check"])?;
        cargo(&["fmt", "--manifest-path", "fuzz/Cargo.toml", "--check"])
    }),
    ("lints, native", || {
        cargo(&["clippy", "--locked", "--workspace", "--all-targets", "--all-features", "--", "--deny", "warnings"])
    }),
    ("lints, WebAssembly", || {
        tools::cargo::wasm_target()?;
        let packages = [
            "clippy",
            "--locked",
            "--package",
            "vm-restore",
            "--package",
            "arm-sim-page",
            "--package",
            "sign-in",
            "--lib",
            "--bins",
        ];
        cargo(&[&packages[..], &["--target", tools::cargo::WASM, "--", "--deny", "warnings"]].concat())
    }),
    ("documentation", || {
        let mut doc = process::command("cargo");
        doc.args(["doc", "--locked", "--workspace", "--all-features", "--no-deps", "--quiet"]);
        finish(doc.env("RUSTDOCFLAGS", "--deny warnings"))
    }),
    ("types of the embedding", || {
        tools::npm::packages()?;
        finish(process::command("tsc").args(["-p", "tests/types"]))
    }),
    ("licences and sources of dependencies", dependencies::check),
];

/// Every step is run, so that one look shows all that is wrong.
pub(super) fn run(mut args: Args) -> Result<(), Failure> {
    let advisories_alone = args.flag("--advisories");
    args.nothing_left()?;
    if advisories_alone {
        return match dependencies::advisories()? {
            Some(why) => Err(Failure::FellShort(not_checked(&why))),
            None => {
                output::result("check: no known fault of the dependencies");
                Ok(())
            }
        };
    }
    let mut failed = Vec::new();
    for (name, step) in STEPS {
        output::step(&format!("Checking {name}."));
        if let Err(failure) = step() {
            output::failed(&failure);
            failed.push(name);
        }
    }
    output::step("Checking known faults of dependencies.");
    let unchecked = dependencies::advisories().unwrap_or_else(|failure| {
        output::failed(&failure);
        failed.push("known faults of dependencies");
        None
    });
    // Said whatever else is wrong.
    if let Some(why) = &unchecked {
        output::step(&not_checked(why));
    }
    if !failed.is_empty() {
        return Err(Failure::FellShort(format!("Not in order: {}.", failed.join(", "))));
    }
    output::result("check: formatting, lints, documentation, types, licences and sources are in order");
    output::result(&match unchecked {
        Some(why) => not_checked(&why),
        None => "advisories: no known fault of the dependencies".to_owned(),
    });
    Ok(())
}

/// The warning that known vulnerabilities were not checked.
fn not_checked(why: &str) -> String {
    format!("advisories: not checked, the database could not be fetched: {why}")
}

fn cargo(arguments: &[&str]) -> Result<(), Failure> {
    finish(process::command("cargo").args(arguments))
}

fn finish(command: &mut Command) -> Result<(), Failure> {
    process::run(command, "This check")
}
