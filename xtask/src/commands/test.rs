//! `test`: the suites, one line each at the end, and their sum.

use crate::{args::Args, failure::Failure, say};

mod browser;
mod e2e;
mod native;
mod tally;

use tally::Tally;

type Suite = (&'static str, &'static str, fn(&[String]) -> Result<Tally, Failure>);

const SUITES: [Suite; 3] =
    [("--native", "native", native::run), ("--browser", "browser", browser::run), ("--e2e", "end to end", e2e::run)];

/// Runs the suites that are named, or all; a suite that fails does not keep the next from running.
pub(super) fn run(mut args: Args) -> Result<(), Failure> {
    let named: Vec<&Suite> = SUITES.iter().filter(|(flag, ..)| args.flag(flag)).collect();
    let chosen = if named.is_empty() { SUITES.iter().collect() } else { named };
    let more = args.only_after_dashes()?;
    let mut lines = Vec::new();
    let mut sum = Tally::default();
    for (_, name, run) in chosen {
        say::step(&format!("Running the {name} tests."));
        let tally = run(&more).unwrap_or_else(|failure| {
            say::failed(&failure);
            Tally { failed: 1, ..Tally::default() }
        });
        lines.push(format!("{name}: {tally}"));
        sum += tally;
    }
    say::result("");
    lines.iter().for_each(|line| say::result(line));
    say::result(&sum.to_string());
    if sum.failed == 0 { Ok(()) } else { Err(Failure::FellShort("Some tests failed.".to_owned())) }
}
