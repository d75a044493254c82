//! The outcome of each mutant, stored from run to run.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
    time::Duration,
};

use serde::{Deserialize, Serialize};

use super::tree;
use crate::{failure::Failure, process, workspace};

/// The mutants of each file.
pub(super) type Lists = BTreeMap<String, Vec<Mutant>>;

/// One change.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Mutant {
    /// As cargo-mutants names it: `FILE:LINE:COLUMN: WHAT`.
    place: String,
    /// Without the place, which shifts; the second of two that read alike is followed by `(2)`.
    pub(super) name: String,
}

/// The outcome of a mutant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Outcome {
    /// A test failed.
    Caught,
    /// The tests came to no end in time.
    Timeout,
    /// The compiler refused it.
    Unviable,
    /// Every test passed.
    Missed,
}

/// Those of one file.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Outcomes {
    /// The content that was mutated.
    content: String,
    pub(super) commit: String,
    seconds: u64,
    pub(super) of: BTreeMap<String, Outcome>,
}

/// The files that cargo-mutants writes, and what stands in them.
const TOLD: [(&str, Outcome); 5] = [
    ("previously_caught.txt", Outcome::Caught),
    ("caught.txt", Outcome::Caught),
    ("unviable.txt", Outcome::Unviable),
    ("timeout.txt", Outcome::Timeout),
    ("missed.txt", Outcome::Missed),
];

/// Where cargo-mutants writes what it finds in a file.
pub(super) fn folder(file: &str) -> PathBuf {
    workspace::scratch().join("cargo-mutants").join("outcomes").join(file.replace(['/', '.'], "-"))
}

/// Every mutant of the files that these patterns match.
pub(super) fn list(patterns: &[&str]) -> Result<Lists, Failure> {
    let mut cargo = process::command("cargo");
    cargo.args(["mutants", "--list", "--workspace", "--no-config", "--colors", "never"]);
    cargo.args(patterns.iter().flat_map(|pattern| ["--file", pattern]));
    Ok(named(&process::capture(&mut cargo, "Listing the mutants")?))
}

fn named(list: &str) -> Lists {
    let mut lists = Lists::new();
    let mut alike: BTreeMap<String, usize> = BTreeMap::new();
    for line in list.lines() {
        let mut parts = line.splitn(4, ':');
        let (Some(file), Some(_), Some(_), Some(what)) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            continue;
        };
        let name = format!("{file}:{what}");
        let count = alike.entry(name.clone()).or_default();
        *count += 1;
        let name = if *count > 1 { format!("{name} ({count})") } else { name };
        lists.entry(file.to_owned()).or_default().push(Mutant { place: line.to_owned(), name });
    }
    lists
}

/// The mutants of a list that a test has written.
#[cfg(test)]
pub(super) fn tests_only(list: &str) -> Lists {
    named(list)
}

/// Forgets what cargo-mutants has written about other content of a file: its places have shifted.
pub(super) fn forget_if_changed(file: &str) -> Result<(), Failure> {
    let (folder, now) = (folder(file), super::digest(&tree::folder(), file)?);
    let mark = folder.join("content.txt");
    if fs::read_to_string(&mark).is_ok_and(|before| before == now) {
        return Ok(());
    }
    for old in ["mutants.out", "mutants.out.old"] {
        let _ = fs::remove_dir_all(folder.join(old)); // there may be none
    }
    fs::write(mark, now).map_err(Failure::io("Marking the outcomes"))
}

impl Outcomes {
    /// What is known of a file, unless it has changed since.
    pub(super) fn read(file: &str) -> Result<Option<Self>, Failure> {
        let Ok(text) = fs::read_to_string(folder(file).join("known.json")) else { return Ok(None) };
        let known: Self = serde_json::from_str(&text).unwrap_or_default();
        Ok(Some(known).filter(|known| super::digest(&workspace::root(), file).is_ok_and(|now| now == known.content)))
    }

    /// What is known of all files.
    pub(super) fn all(lists: &Lists) -> Result<BTreeMap<String, Self>, Failure> {
        let mut all = BTreeMap::new();
        for file in lists.keys() {
            all.extend(Self::read(file)?.map(|known| (file.clone(), known)));
        }
        Ok(all)
    }

    /// Adds what a run has written down to what was known.
    pub(super) fn collect(file: &str, mutants: &[Mutant], took: Duration) -> Result<Self, Failure> {
        // The checkout may have changed while the copy was mutated.
        let content = super::digest(&tree::folder(), file)?;
        let mut known = Self::read(file)?.filter(|known| known.content == content).unwrap_or_default();
        known.content = content;
        known.commit = process::capture(
            process::command("git").args(["rev-parse", "--short=9", "HEAD"]),
            "Asking for the commit",
        )?
        .trim()
        .to_owned();
        known.seconds += took.as_secs();
        let names: BTreeMap<&str, &str> = mutants.iter().map(|m| (m.place.as_str(), m.name.as_str())).collect();
        for (told, outcome) in TOLD {
            let text = fs::read_to_string(folder(file).join("mutants.out").join(told)).unwrap_or_default();
            known.heard(&text, outcome, told.starts_with("previously"), &names);
        }
        let text = serde_json::to_string_pretty(&known).unwrap_or_default();
        fs::write(folder(file).join("known.json"), text).map_err(Failure::io("Keeping the outcomes"))?;
        Ok(known)
    }

    /// The lines of one of the files. What was caught before need not be known more exactly.
    fn heard(&mut self, lines: &str, outcome: Outcome, before: bool, names: &BTreeMap<&str, &str>) {
        for name in lines.lines().filter_map(|line| names.get(line)) {
            if !before || !self.of.contains_key(*name) {
                self.of.insert((*name).to_owned(), outcome);
            }
        }
    }

    /// Whether a mutant need not be run again: it was caught, or is no program.
    pub(super) fn is_settled(&self, name: &str) -> bool {
        self.of.get(name).is_some_and(|outcome| *outcome != Outcome::Missed)
    }

    pub(super) fn count(&self, outcome: Outcome) -> usize {
        self.of.values().filter(|of| **of == outcome).count()
    }

    pub(super) fn survivors(&self) -> BTreeSet<&str> {
        self.of.iter().filter(|(_, outcome)| **outcome == Outcome::Missed).map(|(name, _)| name.as_str()).collect()
    }

    pub(super) fn minutes(&self) -> u64 {
        self.seconds.div_ceil(60)
    }

    /// In words.
    pub(super) fn summary(&self, mutants: &[Mutant]) -> String {
        let [caught, timeout, unviable, missed] =
            [Outcome::Caught, Outcome::Timeout, Outcome::Unviable, Outcome::Missed].map(|outcome| self.count(outcome));
        format!(
            "{caught} caught, {timeout} timed out, {unviable} do not compile, {missed} survived, {} not run yet",
            mutants.len().saturating_sub(self.of.len())
        )
    }
}

/// FNV-1a: tells contents apart, and is no secret.
pub(super) fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "src/a.rs:3:5: replace f -> bool with true\nsrc/a.rs:9:7: replace == with != in f\nsrc/a.rs:9:30: replace == with != in f\nsrc/b.rs:1:1: delete ! in g\n";

    #[test]
    fn mutants_are_named_without_their_places() {
        let lists = named(LIST);
        let names: Vec<&str> = lists["src/a.rs"].iter().map(|m| m.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "src/a.rs: replace f -> bool with true",
                "src/a.rs: replace == with != in f",
                "src/a.rs: replace == with != in f (2)"
            ]
        );
        assert_eq!(lists["src/b.rs"].len(), 1);
    }

    #[test]
    fn a_later_run_adds_to_what_is_known_and_settles_what_survived() {
        let lists = named(LIST);
        let names: BTreeMap<&str, &str> =
            lists["src/a.rs"].iter().map(|m| (m.place.as_str(), m.name.as_str())).collect();
        let mut known = Outcomes::default();
        let second = "src/a.rs: replace == with != in f (2)";
        known.heard("src/a.rs:3:5: replace f -> bool with true\n", Outcome::Unviable, false, &names);
        known.heard("src/a.rs:9:30: replace == with != in f\nsomething else\n", Outcome::Missed, false, &names);
        assert!(!known.is_settled(second) && !known.is_settled("src/a.rs: replace == with != in f"));
        assert_eq!(known.survivors(), [second].into());
        known.heard("src/a.rs:3:5: replace f -> bool with true\n", Outcome::Caught, true, &names);
        known.heard("src/a.rs:9:30: replace == with != in f\n", Outcome::Caught, false, &names);
        assert_eq!((known.count(Outcome::Unviable), known.survivors().len()), (1, 0));
        assert_eq!(
            known.summary(&lists["src/a.rs"]),
            "1 caught, 0 timed out, 1 do not compile, 0 survived, 1 not run yet"
        );
    }
}
