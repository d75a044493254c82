//! docs/mutants.md: what became of the mutants, written by the command that ran them.

use std::{collections::BTreeMap, fs};

use super::{
    known::Known,
    outcomes::{Lists, Outcome, Outcomes},
};
use crate::{failure::Failure, output, workspace};

const INTRO: &str = "\
# Mutants

Written by `cargo xtask mutants`; do not edit.

cargo-mutants changes one thing in the sources, such as `==` to `!=` or a function's result, and runs the tests: of `src`, its unit tests and
`tests/native`, of `crates/azure-backup`, its own. A change that no test notices survives. Each survivor needs a test, or a line in `tests/mutants.toml` that says why no test can or should
notice it; the command fails where one has none, and where such a line no longer holds. Changes that do not compile, or after which the tests come to no end, need no test.

The numbers of a file are those of its last run, at the commit that stands beside them. Nothing runs a file that has changed since then again
but this command, which takes hours: it is no part of `.ci/run`. Where the tests have grown since, fewer survive than stand here.
";

/// Writes the table. Of files that were not run here, it keeps the row that was there.
pub(super) fn write(lists: &Lists, results: &BTreeMap<String, Outcomes>, known: &[Known]) -> Result<(), Failure> {
    let path = workspace::root().join("docs").join("mutants.md");
    let before = fs::read_to_string(&path).unwrap_or_default();
    fs::write(&path, page(lists, results, known, &before)).map_err(Failure::io("Writing docs/mutants.md"))?;
    output::result(&path.display().to_string());
    Ok(())
}

fn page(lists: &Lists, results: &BTreeMap<String, Outcomes>, known: &[Known], before: &str) -> String {
    let mut rows = Vec::new();
    let mut never = Vec::new();
    for (file, mutants) in lists {
        let start = format!("| `{file}` |");
        match (results.get(file), before.lines().find(|line| line.starts_with(&start))) {
            (Some(outcomes), _) => rows.push(row(&start, outcomes, mutants.len())),
            (None, Some(kept)) => rows.push(kept.to_owned()),
            (None, None) => never.push(format!("`{file}` ({})", mutants.len())),
        }
    }
    let total: usize = lists.values().map(Vec::len).sum();
    let reasons: Vec<String> =
        known.iter().map(|line| format!("* `{}`: {}", line.mutant, line.reason.trim().replace('\n', " "))).collect();
    let mut text = format!(
        "{INTRO}\n| file | mutants | caught | timed out | do not compile | survive | not run | minutes | commit |\n|---|---:|---:|---:|---:|---:|---:|---:|---|\n{}\n\n{total} mutants in {} files.",
        rows.join("\n"),
        lists.len(),
    );
    if !never.is_empty() {
        text += &format!(" Never run: {}.", never.join(", "));
    }
    text += "\n\n## Why some survive\n\n";
    text += &if reasons.is_empty() { "None has a reason yet.".to_owned() } else { reasons.join("\n") };
    text.push('\n');
    text
}

fn row(start: &str, outcomes: &Outcomes, mutants: usize) -> String {
    let [caught, timeout, unviable, missed] =
        [Outcome::Caught, Outcome::Timeout, Outcome::Unviable, Outcome::Missed].map(|outcome| outcomes.count(outcome));
    format!(
        "{start} {mutants} | {caught} | {timeout} | {unviable} | {missed} | {} | {} | {} |",
        mutants.saturating_sub(outcomes.of.len()),
        outcomes.minutes(),
        outcomes.commit
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_run_now_keeps_its_row_and_what_never_ran_is_named() {
        let lists = super::super::outcomes::tests_only("src/a.rs:1:1: one\nsrc/b.rs:2:1: two\nsrc/c.rs:3:1: three\n");
        let mut outcomes = Outcomes::default();
        outcomes.commit.push_str("abc");
        outcomes.of.insert("src/a.rs: one".to_owned(), Outcome::Missed);
        let results = BTreeMap::from([("src/a.rs".to_owned(), outcomes)]);
        let known = [Known { mutant: "src/a.rs: one".to_owned(), reason: "It reads\nalike.".to_owned() }];
        let kept = "| `src/b.rs` | 1 | 1 | 0 | 0 | 0 | 0 | 3 | old |";
        let page = page(&lists, &results, &known, &format!("x\n{kept}\n| `src/a.rs` | gone |\n"));
        assert!(page.contains("| `src/a.rs` | 1 | 0 | 0 | 0 | 1 | 0 | 0 | abc |\n") && page.contains(kept), "{page}");
        assert!(page.contains("3 mutants in 3 files. Never run: `src/c.rs` (1)."), "{page}");
        assert!(page.contains("* `src/a.rs: one`: It reads alike.\n") && !page.contains("gone"), "{page}");
    }
}
