//! `test`: the suites, one line each at the end, and their sum.

use crate::{args::Args, failure::Failure, output};

mod answers;
mod browser;
mod e2e;
mod journeys;
mod native;
mod node;
mod tally;

use tally::Tally;

struct Suite {
    name: &'static str,
    /// Chooses it.
    flag: &'static str,
    /// Chooses it as well, but only without further arguments, which belong to that suite's runner.
    after: Option<&'static str>,
    run: fn(&[String]) -> Result<Tally, Failure>,
}

const SUITES: [Suite; 5] = [
    Suite { name: "native", flag: "--native", after: None, run: native::run },
    Suite { name: "build script", flag: "--scripts", after: None, run: node::scripts },
    Suite { name: "browser", flag: "--browser", after: None, run: browser::run },
    Suite { name: "end to end", flag: "--e2e", after: None, run: e2e::run },
    Suite { name: "journeys in Firefox and WebKitGTK", flag: "--journeys", after: Some("--e2e"), run: journeys::run },
];

/// Whether these flags choose a suite; without any, all are run.
fn is_chosen(suite: &Suite, named: &[&str], further: bool) -> bool {
    named.contains(&suite.flag)
        || match suite.after {
            Some(before) => !further && (named.is_empty() || named.contains(&before)),
            None => named.is_empty(),
        }
}

/// Runs the suites that are named, or all; a suite that fails does not keep the next from running.
pub(super) fn run(mut args: Args) -> Result<(), Failure> {
    let named: Vec<&str> = SUITES.iter().map(|suite| suite.flag).filter(|flag| args.flag(flag)).collect();
    let more = args.only_after_dashes()?;
    let mut lines = Vec::new();
    let mut sum = Tally::default();
    for Suite { name, run, .. } in SUITES.iter().filter(|suite| is_chosen(suite, &named, !more.is_empty())) {
        output::step(&format!("Running the {name} tests."));
        let tally = run(&more).unwrap_or_else(|failure| {
            output::failed(&failure);
            Tally { failed: 1, ..Tally::default() }
        });
        lines.push(format!("{name}: {tally}"));
        sum += tally;
    }
    output::result("");
    lines.iter().for_each(|line| output::result(line));
    output::result(&sum.to_string());
    if sum.failed == 0 { Ok(()) } else { Err(Failure::FellShort("Some tests failed.".to_owned())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(named: &[&str], further: bool) -> Vec<&'static str> {
        SUITES.iter().filter(|suite| is_chosen(suite, named, further)).map(|suite| suite.flag).collect()
    }

    #[test]
    fn the_journeys_follow_the_end_to_end_tests_unless_these_get_arguments() {
        assert_eq!(chosen(&[], false), ["--native", "--scripts", "--browser", "--e2e", "--journeys"]);
        assert_eq!(chosen(&["--e2e"], false), ["--e2e", "--journeys"]);
        assert_eq!(chosen(&["--e2e"], true), ["--e2e"]);
        assert_eq!(chosen(&["--journeys"], true), ["--journeys"]);
        assert_eq!(chosen(&["--native"], false), ["--native"]);
    }
}
