//! `fuzz`: feeds the parsers of outside text with arbitrary bytes.

use std::{fs, process::Command, process::Stdio, time::Instant};

use crate::{args::Args, failure::Failure, output, process, tools, workspace};

/// How long each target runs, in seconds, unless told.
const SECONDS: u32 = 20;
/// What is long for a target's reading of one input, in seconds.
const TIMEOUT: u32 = 10;

/// Every target is run, so that one look shows all that is wrong.
pub(super) fn run(mut args: Args) -> Result<(), Failure> {
    let seconds = args.option("--seconds")?.unwrap_or(SECONDS);
    args.nothing_left()?;
    tools::cargo::fuzz()?;
    output::step("Building the fuzz targets (2 minutes the first time).");
    let begun = Instant::now();
    process::run(&mut fuzz("build"), "Building the fuzz targets")?;
    output::result(&format!("fuzz: built in {} s", begun.elapsed().as_secs()));
    let mut failed = Vec::new();
    for target in targets()? {
        output::step(&format!("Fuzzing {target} for {seconds} s."));
        match fed(&target, seconds)? {
            Ok(runs) => output::result(&format!("fuzz {target}: {runs} inputs, nothing found")),
            Err(words) => {
                output::result(&words);
                output::result(&format!("fuzz {target}: failed"));
                failed.push(target);
            }
        }
    }
    if failed.is_empty() {
        return Ok(());
    }
    let again = "the inputs are in fuzz/artifacts";
    Err(Failure::FellShort(format!("Fuzzing found something in {}; {again}.", failed.join(", "))))
}

/// The targets, by the names of their files.
fn targets() -> Result<Vec<String>, Failure> {
    let folder = workspace::root().join("fuzz").join("fuzz_targets");
    let mut found = Vec::new();
    for entry in fs::read_dir(&folder).map_err(Failure::io("Reading the fuzz targets"))? {
        let path = entry.map_err(Failure::io("Reading the fuzz targets"))?.path();
        found.extend(path.file_stem().and_then(|name| name.to_str()).map(str::to_owned));
    }
    found.sort();
    Ok(found)
}

/// Feeds one target. How many inputs it took, or what it said when it failed.
fn fed(target: &str, seconds: u32) -> Result<Result<u64, String>, Failure> {
    // What is found here goes on from run to run; the seeds stay as they were written.
    let corpus = workspace::scratch().join("fuzz").join(target);
    fs::create_dir_all(&corpus).map_err(Failure::io("Making room for the inputs"))?;
    let mut command = fuzz("run");
    command.arg(target).arg(corpus).arg(format!("fuzz/seeds/{target}")).arg("--");
    command.args([
        format!("-max_total_time={seconds}"),
        format!("-timeout={TIMEOUT}"),
        "-print_final_stats=1".to_owned(),
    ]);
    let output = command.stdout(Stdio::null()).output().map_err(|error| process::start(&command, error))?;
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    Ok(match executed(&words) {
        Some(runs) if output.status.success() => Ok(runs),
        _ => Err(complaint(&words).to_owned()),
    })
}

/// `cargo fuzz`, with the flags that the pinned compiler gives to nobody else. There is no unsafe code that a sanitizer would watch,
/// and without one inputs go through several times faster.
fn fuzz(verb: &str) -> Command {
    let mut command = process::command("cargo");
    command.args(["fuzz", verb, "--sanitizer", "none"]).env("RUSTC_BOOTSTRAP", "1");
    command.env("CARGO_TARGET_DIR", workspace::target().join("fuzz"));
    command
}

/// What a target says about what it found, without what libFuzzer says while it finds nothing.
fn complaint(words: &str) -> &str {
    let starts = ["panicked at", "ERROR: libFuzzer", "error: "].iter().filter_map(|mark| words.find(mark));
    words.get(starts.min().unwrap_or_default()..).unwrap_or(words)
}

/// How many inputs libFuzzer says that it tried.
fn executed(words: &str) -> Option<u64> {
    words.lines().find_map(|line| line.strip_prefix("stat::number_of_executed_units:"))?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_statistics_are_read() {
        let words = "Done 5 runs in 1 second(s)\nstat::number_of_executed_units: 566343\nstat::peak_rss_mb: 38\n";
        assert_eq!(executed(words), Some(566_343));
        assert_eq!(executed("error"), None);
        assert_eq!(
            complaint("#2 INITED\npanicked at x\n==1== ERROR: libFuzzer"),
            "panicked at x\n==1== ERROR: libFuzzer"
        );
        assert_eq!(complaint("gone"), "gone");
    }

    #[test]
    fn every_target_has_seeds_and_is_built() {
        let manifest = fs::read_to_string(workspace::root().join("fuzz/Cargo.toml")).unwrap();
        let targets = targets().unwrap();
        assert!(targets.len() >= 4);
        for target in targets {
            assert!(fs::read_dir(workspace::root().join("fuzz/seeds").join(&target)).unwrap().count() > 0, "{target}");
            assert!(manifest.contains(&format!("name = \"{target}\"\n")), "{target}");
        }
    }
}
