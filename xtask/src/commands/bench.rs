//! `bench`: how fast the built page is, beside what people would use instead; see tests/bench.

use std::{env, fs};

use serde_json::Value;

use super::dst;
use crate::{args::Args, build, failure::Failure, output, process, tools, workspace};

mod doc;
mod fleet;
mod goal;
mod list;
mod measurements;
mod plan;
mod records;
mod spread;
mod start;
mod tracking;
mod typing;

use measurements::Measurements;

/// What is measured, in this order.
const CASES: [&str; 8] = ["list", "start", "fleet", "plan", "typing", "tracking", "records", "trigger"];
/// Those that need the simulator's server.
const SIMULATED: [&str; 6] = ["fleet", "plan", "typing", "tracking", "records", "trigger"];
/// Runs of each, unless told.
const RUNS: u32 = 7;
/// Recovery points of the longest list; with `--quick`, which is for a look and proves nothing.
const POINTS: u32 = 100_000;
const QUICK_POINTS: u32 = 10_000;

/// Measures and prints the tables; all cases together, not quickly, become docs/performance.md.
pub(super) fn run(mut args: Args) -> Result<(), Failure> {
    let (runs, cases) = (args.option::<u32>("--runs")?, args.option::<String>("--cases")?);
    let quick = args.flag("--quick");
    args.nothing_left()?;
    let cases = chosen(cases.as_deref())?;
    let runs = runs.unwrap_or(if quick { 1 } else { RUNS });
    if runs == 0 {
        return Err(Failure::Usage("`--runs 0` measures nothing.".to_owned()));
    }
    let mut measurements = measured(runs, if quick { QUICK_POINTS } else { POINTS }, &cases)?;
    if cases.contains(&"tracking") {
        measurements["tracking"]["reads"] = json(&dst::reads()?)?;
    }
    keep(&measurements)?;
    let read = Measurements::deserialized(measurements)?;
    output::result(&doc::tables(&read));
    if quick || cases.len() < CASES.len() {
        return Ok(());
    }
    let path = workspace::root().join("docs").join("performance.md");
    fs::write(&path, doc::page(&read)).map_err(Failure::io("Writing docs/performance.md"))?;
    output::result(&path.display().to_string());
    Ok(())
}

/// The cases that are named, or all.
fn chosen(named: Option<&str>) -> Result<Vec<&'static str>, Failure> {
    let Some(named) = named else { return Ok(CASES.to_vec()) };
    if let Some(unknown) = named.split(',').find(|name| !CASES.contains(name)) {
        let known = CASES.join(", ");
        return Err(Failure::Usage(format!("`{unknown}` is not measured; there are {known}.")));
    }
    Ok(CASES.into_iter().filter(|case| named.split(',').any(|name| name == *case)).collect())
}

/// What the harness has told.
fn measured(runs: u32, points: u32, cases: &[&str]) -> Result<Value, Failure> {
    let chrome = tools::browser::chrome()?;
    tools::npm::packages()?;
    build::page_if_stale()?;
    let mut node = process::command("node");
    node.args(["tests/bench/bench.mjs", "--runs", &runs.to_string(), "--points", &points.to_string()]);
    node.args(["--cases", &cases.join(",")]).env("CHROME", chrome);
    if cases.iter().any(|case| SIMULATED.contains(case)) {
        output::step("Building the simulator's server.");
        let simulator = ["build", "--locked", "--package", "arm-sim", "--features", "server", "--bin", "arm-sim"];
        process::run(process::command("cargo").args(simulator), "Building the simulator's server")?;
        let simulator = workspace::target().join("debug").join("arm-sim");
        node.env("ARM_SIM", simulator.with_extension(env::consts::EXE_EXTENSION));
    }
    output::step("Measuring (about 20 minutes in all; leave the machine alone meanwhile).");
    json(&process::capture(&mut node, "Measuring")?)
}

fn json(text: &str) -> Result<Value, Failure> {
    serde_json::from_str(text)
        .map_err(|error| Failure::FellShort(format!("What was measured cannot be read: {error}.")))
}

/// Every number of every run stays for whoever wants to look.
fn keep(measurements: &Value) -> Result<(), Failure> {
    let file = workspace::scratch().join("bench.json");
    fs::create_dir_all(workspace::scratch())
        .and_then(|()| fs::write(&file, measurements.to_string()))
        .map_err(Failure::io("Writing what was measured"))?;
    output::step(&format!("Every run's numbers are in {}.", file.display()));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_come_in_their_order_and_unknown_ones_are_told() {
        assert_eq!(chosen(None).unwrap(), CASES);
        assert_eq!(chosen(Some("trigger,list")).unwrap(), ["list", "trigger"]);
        assert!(chosen(Some("list,speed")).is_err());
    }
}
