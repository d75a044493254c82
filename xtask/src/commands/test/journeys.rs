//! Journeys through the built page in Firefox and in WebKitGTK.

use std::{env, fs, path::PathBuf};

use super::{Tally, e2e};
use crate::{failure::Failure, process, say, tools, workspace};

/// The variables by which the journeys learn where a browser and what it needs are.
type Found = Vec<(&'static str, PathBuf)>;

type Browser = (&'static str, fn() -> Result<Found, Failure>);

const BROWSERS: [Browser; 2] = [
    ("Firefox", || Ok(vec![("FIREFOX", tools::browser::firefox()?), ("GECKODRIVER", tools::browser::geckodriver()?)])),
    ("WebKitGTK", || Ok(vec![("XVFB", tools::browser::xvfb()?), ("WEBKIT_DRIVER", tools::browser::webkit_driver()?)])),
];

/// Builds what is not built yet and runs the journeys in each browser that is there. Where all must be there, a missing one is a failure.
pub(super) fn run(more: &[String]) -> Result<Tally, Failure> {
    let (found, missing) = look(&BROWSERS, env::var_os("CI").is_some());
    let simulator = e2e::prepare()?;
    let report = workspace::scratch().join("journeys.tap");
    fs::create_dir_all(workspace::scratch()).map_err(Failure::io("Making the folder of the report"))?;
    let _ = fs::remove_file(&report); // that of the last run, if any
    let mut node = process::command("node");
    node.args(["--test", "--test-reporter=spec", "--test-reporter-destination=stdout", "--test-reporter=tap"]);
    node.arg(format!("--test-reporter-destination={}", report.display()));
    node.args(more).arg("tests/e2e/journeys/journeys.test.mjs").env("ARM_SIM", simulator);
    for variable in ["FIREFOX", "GECKODRIVER", "XVFB", "WEBKIT_DRIVER"] {
        node.env_remove(variable);
    }
    let well = process::listen(node.envs(found), |_| ())?;
    let text = fs::read_to_string(&report).map_err(Failure::io("Reading the report of the journeys"))?;
    let mut tally = tally(&text, well);
    tally.failed += missing;
    Ok(tally)
}

/// What of the browsers is there, and how many failures the others are.
fn look(browsers: &[Browser], all: bool) -> (Found, usize) {
    let (mut found, mut missing) = (Vec::new(), 0);
    for (name, find) in browsers {
        match find() {
            Ok(one) => found.extend(one),
            Err(failure) if all => {
                say::failed(&failure);
                missing += 1;
            }
            Err(failure) => say::step(&format!("SKIPPED: the journeys in {name}. {failure}")),
        }
    }
    (found, missing)
}

/// The sums at the end of node's report.
fn tally(report: &str, well: bool) -> Tally {
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
        assert_eq!(tally(report, false), Tally { passed: 2, failed: 2, skipped: 4 });
        assert_eq!(tally("TAP version 13\n", false).failed, 1, "a run that ends before its sums");
    }

    #[test]
    fn a_browser_that_is_not_there_is_a_failure_only_where_all_must_be() {
        let browsers: [Browser; 2] = [
            ("Here", || Ok(vec![("HERE", PathBuf::from("here"))])),
            ("Gone", || Err(Failure::Missing { what: "Gone", remedy: "install it".to_owned() })),
        ];
        let here = vec![("HERE", PathBuf::from("here"))];
        assert_eq!(look(&browsers, false), (here.clone(), 0));
        assert_eq!(look(&browsers, true), (here, 1), "and the other one is run all the same");
    }
}
