//! `mutants`: cargo-mutants changes one thing after another where choices are made. For each change a test fails, or a line of `tests/mutants.toml` says why
//! none can.
//!
//! A whole run takes hours. What has become of each mutant is kept until its file changes, so that a run goes on where the last one ended.

use std::{fs, path::Path, time::Instant};

use crate::{args::Args, failure::Failure, output, process, tools};

mod doc;
mod known;
mod outcomes;
mod tree;

use outcomes::Outcomes;

/// The files that are mutated: those that decide what an operator may choose, what is sent and what the page says about it.
const FILES: [&str; 4] =
    ["src/restore/**", "src/app/update/**", "src/app/facts.rs", "crates/azure-backup/src/backup/**"];

/// Tests that play whole lives of restores over and over, by parts of their names: they take two thirds of the time of all.
const SLOW: [&str; 4] = [
    "a_reload_after_every_message",
    "at_any_moment",
    "in_the_middle_of_the_chain",
    "whatever_comes_instead_of_any_answer",
];

/// A package, the folder of its sources and the tests that concern it.
struct Package {
    name: &'static str,
    folder: &'static str,
    tests: [&'static str; 3],
}

const PACKAGES: [Package; 2] = [
    Package { name: "vm-restore", folder: "src/", tests: ["--lib", "--test", "native"] },
    Package { name: "azure-backup", folder: "crates/azure-backup/", tests: ["--lib", "--test", "corpus"] },
];

/// Runs mutants of the files that are named, or of all; then holds what survived against the lines that say why, and writes the result down.
pub(super) fn run(mut args: Args) -> Result<(), Failure> {
    let mut files = Vec::new();
    while let Some(file) = args.option::<String>("--file")? {
        files.push(file);
    }
    let shard = args.option::<String>("--shard")?;
    let (lists, checks) = (args.flag("--list"), args.flag("--check"));
    args.nothing_left()?;
    tools::cargo::mutants()?;
    let all = outcomes::list(&FILES)?;
    let chosen: Vec<&String> = all.keys().filter(|file| files.is_empty() || files.contains(file)).collect();
    if let Some(unknown) = files.iter().find(|file| !all.contains_key(*file)) {
        return Err(Failure::Usage(format!("{unknown} is no file whose mutants are run.")));
    }
    if lists {
        let of = |file: &String| all.get(file).map_or(0, Vec::len);
        chosen.iter().for_each(|file| output::result(&format!("{:5} {file}", of(file))));
        output::result(&format!("{:5} in all", chosen.iter().map(|file| of(file)).sum::<usize>()));
        return Ok(());
    }
    if !checks {
        tree::copy()?;
        for package in &PACKAGES {
            let of_package = chosen.iter().filter(|file| file.starts_with(package.folder));
            let files: Vec<&String> = of_package.copied().collect();
            play(package, &files, &all, shard.as_deref())?;
        }
    }
    let known = known::read()?;
    let results = Outcomes::all(&all)?;
    doc::write(&all, &results, &known)?;
    let wrong = known::compare(&all, &results, &known);
    wrong.iter().for_each(|line| output::result(line));
    match wrong.len() {
        0 => Ok(()),
        n => Err(Failure::FellShort(format!(
            "{n} mutants do not agree with tests/mutants.toml: write a test that fails, or a line that says why none can."
        ))),
    }
}

/// Runs the mutants of these files that have not been caught yet.
fn play(package: &Package, files: &[&String], all: &outcomes::Lists, shard: Option<&str>) -> Result<(), Failure> {
    let mut left = Vec::new();
    for file in files {
        let mutants = all.get(*file).map_or(&[][..], Vec::as_slice);
        if Outcomes::read(file)?.is_some_and(|known| mutants.iter().all(|m| known.is_settled(&m.name))) {
            output::step(&format!("{file}: nothing is left to run."));
        } else {
            left.push((*file, mutants));
        }
    }
    if left.is_empty() {
        return Ok(());
    }
    let longest = baseline(package)?;
    for (file, mutants) in left {
        output::step(&format!("{file}: {} mutants.", mutants.len()));
        // The cheapest tests first: what they catch, the others need not be built for.
        let rounds: [(&[&str], &[&str]); 3] =
            [(&package.tests[..1], &[]), (&package.tests, &SLOW), (&package.tests, &[])];
        let mut outcomes = Outcomes::default();
        for (tests, without) in rounds {
            let begun = Instant::now();
            mutate(package, file, longest, shard, tests, without)?;
            outcomes = Outcomes::collect(file, mutants, begun.elapsed())?;
            if outcomes.survivors().is_empty() {
                break;
            }
        }
        output::result(&format!("{file}: {}", outcomes.summary(mutants)));
    }
    Ok(())
}

/// Runs the tests without a mutant; they have to pass. Returns how many seconds the tests of a mutant may take.
fn baseline(package: &Package) -> Result<u64, Failure> {
    output::step(&format!("Building the tests of {} and running them without a mutant.", package.name));
    let mut cargo = tree::command();
    cargo.args(["test", "--quiet", "--locked", "--package", package.name]).args(package.tests);
    process::run(cargo.arg("--no-run"), "Building the tests")?;
    let begun = Instant::now();
    let mut cargo = tree::command();
    cargo.args(["test", "--quiet", "--locked", "--package", package.name]).args(package.tests);
    process::run(&mut cargo, "The tests without a mutant")?;
    // A machine that others use as well is slower at times; what takes five times as long hangs.
    Ok((begun.elapsed().as_secs() * 5).max(60))
}

/// Runs cargo-mutants over one file, but for the mutants that were caught before, with these tests but for some.
fn mutate(
    package: &Package,
    file: &str,
    longest: u64,
    shard: Option<&str>,
    tests: &[&str],
    without: &[&str],
) -> Result<(), Failure> {
    let output = outcomes::folder(file);
    fs::create_dir_all(&output).map_err(Failure::io("Making room for the outcomes"))?;
    outcomes::forget_if_changed(file)?;
    let mut cargo = tree::command();
    cargo.args(["mutants", "--in-place", "--no-config", "--baseline", "skip", "--iterate", "--colors", "never"]);
    cargo.args(["--timeout", &longest.to_string(), "--file", file, "--package", package.name, "--output"]).arg(&output);
    cargo.args(shard.iter().flat_map(|shard| ["--shard", shard, "--sharding", "round-robin"]));
    cargo.arg("--").arg("--locked").args(tests);
    // The first test that fails is enough; the harness has this behind a flag of its own.
    cargo.args(["--", "-Z", "unstable-options", "--fail-fast"]);
    cargo.args(without.iter().flat_map(|part| ["--skip", part]));
    let outcomes = output.join("mutants.out").join("outcomes.json");
    let written = || fs::metadata(&outcomes).and_then(|file| file.modified()).ok();
    let before = written();
    let well = process::listen(&mut cargo, |_| ())?;
    // It also ends badly where mutants have survived: what matters is whether it has written down what became of them.
    if well || written() != before {
        return Ok(());
    }
    Err(Failure::FellShort(format!("cargo-mutants did not run over {file}; its own words are above.")))
}

/// A file's content below a folder, by its hash.
fn digest(folder: &Path, file: &str) -> Result<String, Failure> {
    let text = fs::read(folder.join(file)).map_err(Failure::io(format!("Reading {file}")))?;
    Ok(format!("{:016x}", outcomes::fnv(&text)))
}
