//! The parts of docs/reliability.md that are measured, each written by the command that measures it.

use std::fs;

use serde_json::{Deserializer, Value};

use super::{mutants, printed};
use crate::{document, failure::Failure, output};

/// Plays the seeds and writes down what was played.
/// `played` is a file with what earlier runs, of hours in all, have printed one after the other; then nothing is played now.
pub(super) fn seeds(arguments: &[String], played: Option<&str>) -> Result<(), Failure> {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let printed = match played {
        Some(file) => fs::read_to_string(file).map_err(Failure::io("Reading what was played"))?,
        None => {
            output::step("Playing the seeds.");
            printed(&arguments)?
        }
    };
    let seeds = sum(&printed)?;
    if seeds["broken"] != 0 {
        return Err(Failure::FellShort("A promise was broken: nothing is written.".to_owned()));
    }
    write("cargo xtask dst --report", &seeds_text(&seeds))
}

/// Counts how often Azure is asked and writes it down.
pub(super) fn reads() -> Result<(), Failure> {
    output::step("Counting how often Azure is asked.");
    write("cargo xtask dst --reads --report", &reads_table(&read(&super::reads()?)?))
}

/// Writes down by which seed each planted bug was found.
pub(super) fn planted(planted: &[mutants::Planted]) -> Result<(), Failure> {
    write("cargo xtask dst --mutants --report", &format!("{}\n", mutants::table(planted)))
}

fn write(command: &str, text: &str) -> Result<(), Failure> {
    let path = document::write_part("reliability.md", command, text)?;
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

fn seeds_text(seeds: &Value) -> String {
    let faults = seeds["faults"].as_object().into_iter().flatten();
    let faults: Vec<String> = faults.map(|(kind, count)| format!("| {kind} | {} |\n", number(count))).collect();
    format!(
        "{} seeds from {} on: {} restores accepted, {} steps, {} hours of virtual time, in {} s. Promises broken: {}.\n\n\
         | what went wrong | times |\n|---|---:|\n{}",
        number(&seeds["seeds"]),
        seeds["from"],
        number(&seeds["acceptedRestores"]),
        number(&seeds["steps"]),
        number(&seeds["virtualHours"]),
        number(&seeds["seconds"]),
        seeds["broken"],
        faults.concat(),
    )
}

fn reads_table(reads: &Value) -> String {
    let row = |row: &Value| {
        let side = |name: &str| {
            let side = &row[name];
            format!("{} | {} | {} s", number(&side["reads"]), number(&side["throttled"]), number(&side["latest"]))
        };
        format!("| {} | {} | {} |\n", row["restores"], side("here"), side("alone"))
    };
    let rows: Vec<String> = reads.as_array().into_iter().flatten().map(row).collect();
    format!(
        "| restores in flight | reads, here | refused | latest end | reads, one poller a job | refused | latest end |\n\
         |---:|---:|---:|---:|---:|---:|---:|\n{}",
        rows.concat()
    )
}

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
