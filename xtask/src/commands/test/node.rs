//! Node's own test runner: journeys in other browsers, and the tests of the scripts that finish a build.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::Tally;
use crate::{failure::Failure, process, tools, workspace};

/// The tests of what makes a release of a build.
const SCRIPTS: [&str; 2] = ["xtask/finalize-dist/page.test.mjs", "xtask/finalize-dist/finalize.test.mjs"];

/// Runs the tests of `xtask/finalize-dist`.
pub(super) fn scripts(more: &[String]) -> Result<Tally, Failure> {
    tools::npm::packages()?;
    let (mut node, report) = test("scripts")?;
    tally(node.args(more).args(SCRIPTS), &report)
}

/// `node --test`, to be given its files, and where it writes its report.
pub(super) fn test(name: &str) -> Result<(Command, PathBuf), Failure> {
    let report = workspace::scratch().join(format!("{name}.tap"));
    fs::create_dir_all(workspace::scratch()).map_err(Failure::io("Making the folder of the report"))?;
    let _ = fs::remove_file(&report); // that of the last run, if any
    let mut node = process::command("node");
    node.args(["--test", "--test-reporter=spec", "--test-reporter-destination=stdout", "--test-reporter=tap"]);
    node.arg(format!("--test-reporter-destination={}", report.display()));
    Ok((node, report))
}

/// Runs it and reads the report.
pub(super) fn tally(node: &mut Command, report: &Path) -> Result<Tally, Failure> {
    let well = process::listen(node, |_| ())?;
    let text = fs::read_to_string(report).map_err(Failure::io("Reading the report of node's tests"))?;
    Ok(sums(&text, well))
}

/// The sums at the end of node's report.
fn sums(report: &str, well: bool) -> Tally {
    let sum = |what: &str| {
        let last = |line: &str| line.strip_prefix("# ")?.strip_prefix(what)?.trim().parse().ok();
        report.lines().rev().find_map(last).unwrap_or(0)
    };
    let failed = sum("fail ") + sum("cancelled ");
    Tally { passed: sum("pass "), failed: failed.max(usize::from(!well)), skipped: sum("skipped ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sums_of_nodes_report() {
        let report = "TAP version 13\n# Subtest: WebKitGTK\n1..2\n# tests 8\n# suites 2\n# pass 2\n# fail 1\n# cancelled 1\n# skipped 4\n# todo 0\n# duration_ms 32.5\n";
        assert_eq!(sums(report, false), Tally { passed: 2, failed: 2, skipped: 4 });
        assert_eq!(sums("TAP version 13\n", false).failed, 1, "a run that ends before its sums");
    }

    #[test]
    fn every_test_file_of_the_scripts_is_run() {
        let folder = workspace::root().join("xtask/finalize-dist");
        let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut found: Vec<String> = names.filter(|name| name.ends_with(".test.mjs")).collect();
        found.sort();
        let mut run = SCRIPTS.map(|path| path.trim_start_matches("xtask/finalize-dist/"));
        run.sort_unstable();
        assert_eq!(found, run);
    }
}
