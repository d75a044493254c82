//! docs/reliability.md: what the simulation has played, written by the command that played it.

use std::fs;

use serde_json::{Deserializer, Value};

use super::{mutants, printed};
use crate::{failure::Failure, output, workspace};

/// Plays the seeds, plants the bugs, measures how often is asked, and writes it all down.
/// `played` is a file with what earlier runs, of hours in all, have printed one after the other; then nothing is played now.
pub(super) fn write(arguments: &[String], played: Option<&str>) -> Result<(), Failure> {
    // First the bugs that have to be found: without them, hours of playing would prove nothing.
    let planted = mutants::run("")?;
    output::step("Counting how often is asked.");
    let reads = read(&super::reads()?)?;
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let seeds = match played {
        Some(file) => fs::read_to_string(file).map_err(Failure::io("Reading what was played"))?,
        None => {
            output::step("Playing the seeds.");
            printed(&arguments)?
        }
    };
    let seeds = sum(&seeds)?;
    if seeds["broken"] != 0 {
        return Err(Failure::FellShort("A promise was broken: nothing is written.".to_owned()));
    }
    let path = workspace::root().join("docs").join("reliability.md");
    fs::write(&path, page(&seeds, &reads, &planted)).map_err(Failure::io("Writing docs/reliability.md"))?;
    output::result(&path.display().to_string());
    Ok(())
}

fn read(text: &str) -> Result<Value, Failure> {
    serde_json::from_str(text).map_err(|_| no_numbers())
}

fn no_numbers() -> Failure {
    Failure::FellShort("The simulation did not report its numbers.".to_owned())
}

/// What runs of seeds that follow one another have reported, as if it had been one run.
fn sum(text: &str) -> Result<Value, Failure> {
    let runs: Vec<Value> =
        Deserializer::from_str(text).into_iter().collect::<Result<_, _>>().map_err(|_| no_numbers())?;
    let mut runs = runs.into_iter();
    let mut all = runs.next().ok_or_else(no_numbers)?;
    for run in runs {
        let next = all["from"].as_u64().zip(all["seeds"].as_u64()).map(|(from, seeds)| from + seeds);
        if run["from"].as_u64() != next {
            return Err(Failure::FellShort(format!(
                "A run begins at seed {}, the one before ended elsewhere.",
                run["from"]
            )));
        }
        for name in ["seeds", "broken", "steps", "acceptedRestores", "virtualHours", "seconds"] {
            all[name] = added(&all[name], &run[name]);
        }
        for (kind, count) in run["faults"].as_object().into_iter().flatten() {
            all["faults"][kind] = added(&all["faults"][kind], count);
        }
    }
    Ok(all)
}

/// Whole numbers stay whole.
fn added(one: &Value, other: &Value) -> Value {
    match (one.as_u64(), other.as_u64()) {
        (Some(one), Some(other)) => (one + other).into(),
        _ => (one.as_f64().unwrap_or_default() + other.as_f64().unwrap_or_default()).round().into(),
    }
}

/// Thousands apart, as in 1,000,000.
fn number(value: &Value) -> String {
    let digits = value.to_string();
    let (whole, rest) = digits.split_once('.').map_or((digits.as_str(), ""), |(whole, rest)| (whole, rest));
    let mut text = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if rest.is_empty() { text } else { format!("{text}.{rest}") }
}

fn page(seeds: &Value, reads: &Value, planted: &[mutants::Planted]) -> String {
    let faults = seeds["faults"].as_object().into_iter().flatten();
    let faults: Vec<String> = faults.map(|(kind, count)| format!("| {kind} | {} |", number(count))).collect();
    let rows = reads.as_array().into_iter().flatten();
    let rows: Vec<String> = rows
        .map(|row| {
            let side = |name: &str| {
                let side = &row[name];
                format!("{} | {} | {} s", number(&side["reads"]), number(&side["throttled"]), number(&side["latest"]))
            };
            format!("| {} | {} | {} |", row["restores"], side("here"), side("alone"))
        })
        .collect();
    format!(
        "{INTRO}\n## Played\n\n{} seeds from {} on: {} restores accepted, {} steps, {} hours of virtual time, in {} s. Promises broken: {}.\n\n\
         | what went wrong | times |\n|---|---:|\n{}\n\n{FOUND}\n{PLANTED}\n{}\n\n{READS}\n\
         | restores in flight | reads, here | refused | latest end | reads, one poller a job | refused | latest end |\n|---:|---:|---:|---:|---:|---:|---:|\n{}\n",
        number(&seeds["seeds"]),
        seeds["from"],
        number(&seeds["acceptedRestores"]),
        number(&seeds["steps"]),
        number(&seeds["virtualHours"]),
        number(&seeds["seconds"]),
        seeds["broken"],
        faults.join("\n"),
        mutants::table(planted),
        rows.join("\n"),
    )
}

const INTRO: &str = "\
# Reliability

Written by `cargo xtask dst --seeds N --report`; do not edit.

A restore is triggered exactly as often as it was asked for, and never lost from sight. `tests/dst` plays that promise against chance: the
program's own state and rules, several tabs, their storage and the simulator of Azure, in virtual time, with everything below going wrong.
After every message of every tab it must hold that

* no restore is accepted twice, and none is sent that nobody asked for, that is not saved as leaving (unless the operator chose so) or for a second click;
* every request that restores follows from one click of the account whose token it bears, with the bytes that were on the screen before that click (their hash is
  kept then; of a cross-region restore without the access token) and of the recovery point that was there, whatever Azure answers between drawing and click, and
  whatever somebody else has written into the storage, the channel of the tabs or a file;
* a restore that was accepted is followed or searched for, and never said to be refused or not sent;
* no state, end or percentage is claimed that Azure has not told, and no other job is taken for one's own without saying so;
* one tab alone follows for each account; Azure is left alone for as long as it asks; no more than 150 reads of jobs leave within an hour;
* no call leaves without a connection, and no token is saved;

and that, once nothing goes wrong any more, everything comes to the end that it has in Azure, no call stays open and nothing accepted is missing.

What is taken for granted: a browser sends a POST once (RFC 9110, 9.2.2); a request that the page has given up arrives within 30 s or never; a
computer's clock is wrong by 14 hours at most. Where the storage was unusable or damaged in a run, what was lost with it is excused; that
it cannot lead to a second request is not. What a record says that somebody else has written is not held against the program; what leaves because of it is.

`cargo xtask dst --seed S --trace` plays one again, line by line. A seed that breaks a promise is made small by itself: `--only` names the faults
that suffice.
";

const FOUND: &str = "\
## Found

What the simulation has found in the program, each corrected and a test of its own since:

* a restore in the secondary region whose request left while nothing could be saved could be sent again by another tab;
* a restore that another tab had sent again was still held for refused, and saved so;
* a list of jobs answered by 404 counted as the absence of a job;
* a throttle held back one restore and not its neighbours, and of two throttles the shorter one counted;
* seed 579307: a tab read the next page of a list of jobs although the lead had gone to another tab meanwhile. Seeds up to 769,999
  were played before this was corrected (the ten thousand around it once more), the others after;
* seed 899250: a restore in the secondary region that was started without saving and refused for want of a sign-in, and that another tab then
  sent again, was sent by two tabs. The ten thousand seeds around it were played once more after the correction, the other seeds before;
* seed 2069118: a restore that was started without saving, and saved once by chance while it was prepared, was given up by the next visit
  although its request had left. The two thousand seeds from 0 on were played once more after the correction.

What has changed in the program since was played with 2,000 seeds before it was kept, as every change is (`.ci/run`).
";

const PLANTED: &str = "\
## Bugs planted to see whether they are found

Each was put into a copy of the sources; seeds were played from 0 on until one broke a promise (`cargo xtask dst --mutants`).
";

const READS: &str = "\
## How often Azure is asked

Restores of one vault, begun together and followed to their ends (jobs of one to two hours, in virtual time), with 150 reads of jobs allowed an
hour. Beside the program: one poller per job over the same jobs, which asks each 30 s and, when refused, waits as told. *Reads* are the most within an hour. *Latest
end* is the longest time between the end of a job and the moment that it is known.
";

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str = r#"{"from": 0, "seeds": 10, "broken": 0, "seconds": 1.5, "faults": {"tab killed": 3}}"#;

    #[test]
    fn runs_that_follow_one_another_are_summed_up() {
        let all = sum(&format!(
            r#"{FIRST}{{"from": 10, "seeds": 5, "broken": 1, "seconds": 2.6, "faults": {{"tab killed": 4}}}}"#
        ))
        .unwrap();
        assert_eq!((all["from"].as_u64(), all["seeds"].as_u64(), all["broken"].as_u64()), (Some(0), Some(15), Some(1)));
        assert_eq!((all["seconds"].as_f64(), all["faults"]["tab killed"].as_u64()), (Some(4.0), Some(7)));
        assert!(
            sum(&format!(r#"{FIRST}{{"from": 9, "seeds": 5}}"#)).is_err(),
            "a seed that was played twice counts once"
        );
        assert!(sum("").is_err());
    }
}
