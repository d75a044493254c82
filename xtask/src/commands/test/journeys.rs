//! Journeys through the built page in Firefox and in WebKitGTK.

use std::{env, path::PathBuf};

use super::{Tally, e2e, node};
use crate::{failure::Failure, output, tools};

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
    let (mut node, report) = node::test("journeys")?;
    node.args(more).arg("tests/e2e/journeys/journeys.test.mjs").env("ARM_SIM", simulator);
    for variable in ["FIREFOX", "GECKODRIVER", "XVFB", "WEBKIT_DRIVER"] {
        node.env_remove(variable);
    }
    let mut tally = node::tally(node.envs(found), &report)?;
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
                output::failed(&failure);
                missing += 1;
            }
            Err(failure) => output::step(&format!("SKIPPED: the journeys in {name}. {failure}")),
        }
    }
    (found, missing)
}

#[cfg(test)]
mod tests {
    use super::*;

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
