//! `tests/mutants.toml`: the mutants that no test catches, each with the reason.

use std::{collections::BTreeMap, fs};

use serde::Deserialize;

use super::outcomes::{Lists, Outcome, Outcomes};
use crate::{failure::Failure, workspace};

/// A mutant that survives, and why no test can or should catch it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Known {
    pub(super) mutant: String,
    pub(super) reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    survivor: Vec<Known>,
}

/// Reads the file.
pub(super) fn read() -> Result<Vec<Known>, Failure> {
    let path = workspace::root().join("tests").join("mutants.toml");
    let text = fs::read_to_string(&path).map_err(Failure::io("Reading tests/mutants.toml"))?;
    let File { survivor } =
        toml::from_str(&text).map_err(|error| Failure::Content { path, problem: error.to_string() })?;
    Ok(survivor)
}

/// The disagreements: survivors without a reason, and reasons for mutants that do not survive.
pub(super) fn compare(lists: &Lists, results: &BTreeMap<String, Outcomes>, known: &[Known]) -> Vec<String> {
    let mut wrong = Vec::new();
    for survivor in results.values().flat_map(Outcomes::survivors) {
        if !known.iter().any(|line| line.mutant == survivor) {
            wrong.push(format!("survives: {survivor}"));
        }
    }
    for line in known {
        let file = line.mutant.split(':').next().unwrap_or_default();
        let exists = lists.get(file).is_some_and(|mutants| mutants.iter().any(|m| m.name == line.mutant));
        let outcome = results.get(file).and_then(|outcomes| outcomes.of.get(&line.mutant));
        if !exists {
            wrong.push(format!("there is no such mutant any more: {}", line.mutant));
        } else if outcome.is_some_and(|outcome| *outcome != Outcome::Missed) {
            wrong.push(format!("does not survive any more: {}", line.mutant));
        }
        if line.reason.trim().is_empty() {
            wrong.push(format!("has no reason: {}", line.mutant));
        }
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_survivor_has_a_reason_and_every_reason_a_survivor() {
        let lists = super::super::outcomes::tests_only("src/a.rs:1:1: one\nsrc/a.rs:2:1: two\nsrc/a.rs:3:1: three\n");
        let mut outcomes = Outcomes::default();
        outcomes.of.insert("src/a.rs: one".to_owned(), Outcome::Missed);
        outcomes.of.insert("src/a.rs: two".to_owned(), Outcome::Caught);
        let results = BTreeMap::from([("src/a.rs".to_owned(), outcomes)]);
        let line = |mutant: &str| Known { mutant: mutant.to_owned(), reason: "why".to_owned() };
        let wrong = |known: &[Known]| compare(&lists, &results, known);
        assert_eq!(wrong(&[]), ["survives: src/a.rs: one"]);
        assert_eq!(wrong(&[line("src/a.rs: one")]), Vec::<String>::new());
        let known = [line("src/a.rs: one"), line("src/a.rs: two"), line("src/a.rs: three"), line("src/a.rs: four")];
        assert_eq!(
            wrong(&known),
            ["does not survive any more: src/a.rs: two", "there is no such mutant any more: src/a.rs: four"],
            "what was not run is not judged"
        );
        let silent = Known { mutant: "src/a.rs: one".to_owned(), reason: " ".to_owned() };
        assert_eq!(wrong(&[silent]), ["has no reason: src/a.rs: one"]);
    }

    #[test]
    fn the_file_can_be_read() {
        read().unwrap();
    }
}
