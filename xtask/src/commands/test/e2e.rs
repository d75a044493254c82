//! Journeys through the built page in Chromium.

use std::{env, fs, path::PathBuf};

use serde::Deserialize;

use super::Tally;
use crate::{build, failure::Failure, output, process, tools, workspace};

#[derive(Deserialize)]
struct Report {
    stats: Stats,
}

/// Playwright's counts: as expected, not as expected, only at a second try, not run.
#[derive(Deserialize)]
struct Stats {
    expected: usize,
    unexpected: usize,
    flaky: usize,
    skipped: usize,
}

/// Builds what is not built yet and runs Playwright on it.
pub(super) fn run(more: &[String]) -> Result<Tally, Failure> {
    let chrome = tools::browser::chrome()?;
    let nginx = tools::servers::nginx();
    let simulator = prepare()?;
    let report = workspace::scratch().join("e2e.json");
    let _ = fs::remove_file(&report); // that of the last run, if any
    let mut playwright = process::command("playwright");
    playwright.args(["test", "--config", "tests/e2e/playwright.config.mjs"]).args(more);
    playwright.env("CHROME", chrome).env("REPORT", &report).env("SHARED_DIR", workspace::shared());
    playwright.env("ARM_SIM", simulator);
    if let Some(nginx) = nginx {
        playwright.env("NGINX", nginx);
    }
    let well = process::listen(&mut playwright, |_| ())?;
    let text = fs::read_to_string(&report).map_err(Failure::io("Reading Playwright's report"))?;
    let Report { stats } =
        serde_json::from_str(&text).map_err(|error| Failure::Content { path: report, problem: error.to_string() })?;
    Ok(tally(&stats, well))
}

/// Builds the page and the simulator's server unless they are there, and names the latter.
pub(super) fn prepare() -> Result<PathBuf, Failure> {
    tools::npm::packages()?;
    tools::servers::openssl()?;
    build::page_if_stale()?;
    output::step("Building the simulator's server.");
    let simulator = ["build", "--locked", "--package", "arm-sim", "--features", "server", "--bin", "arm-sim"];
    process::run(process::command("cargo").args(simulator), "Building the simulator's server")?;
    let simulator = workspace::target().join("debug").join("arm-sim");
    Ok(simulator.with_extension(env::consts::EXE_EXTENSION))
}

fn tally(stats: &Stats, well: bool) -> Tally {
    // A test that needs a second try is not to be relied on.
    let failed = stats.unexpected + stats.flaky;
    Tally { passed: stats.expected, failed: failed.max(usize::from(!well)), skipped: stats.skipped }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_ends_badly_without_a_failed_test_is_a_failure() {
        let stats = Stats { expected: 3, unexpected: 0, flaky: 0, skipped: 1 };
        assert_eq!(tally(&stats, true), Tally { passed: 3, failed: 0, skipped: 1 });
        assert_eq!(tally(&stats, false).failed, 1);
        assert_eq!(tally(&Stats { flaky: 2, ..stats }, true).failed, 2);
    }
}
