//! How many tests did what.

use std::{collections::BTreeSet, fmt, ops::AddAssign, process::Command};

use crate::{failure::Failure, process};

/// How a test says that it needs recorded traffic which is declared absent: `tests/recorded`. The harness takes it for passed.
const SKIPPED: &str = "SKIPPED (CORPUS=absent): ";

/// Counts of one suite.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) passed: usize,
    pub(super) failed: usize,
    /// Told apart, never counted as passed.
    pub(super) skipped: usize,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

impl Tally {
    /// Runs `cargo test` and adds up its result lines. Not to build, or to end badly for another reason, is a failure.
    pub(super) fn of_cargo(cargo: &mut Command) -> Result<Self, Failure> {
        let mut tally = Self::default();
        let mut skipped = BTreeSet::new();
        let well = process::listen(cargo, |line| {
            skipped.extend(line.split_once(SKIPPED).map(|(_, which)| which.to_owned()));
            if let Some(one) = Self::of_line(line) {
                tally += one;
            }
        })?;
        tally.skip(skipped.len());
        if !well && tally.failed == 0 {
            tally.failed = 1;
        }
        Ok(tally)
    }

    /// Counts tests that have returned early as skipped.
    fn skip(&mut self, tests: usize) {
        self.passed = self.passed.saturating_sub(tests);
        self.skipped += tests;
    }

    /// `test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; …`, coloured or not.
    fn of_line(line: &str) -> Option<Self> {
        let counts = line.split_once("test result: ")?.1;
        let count = |what: &str| {
            let (before, _) = counts.split_once(what)?;
            before.rsplit([' ', ';', '.']).find(|word| !word.is_empty())?.parse().ok()
        };
        Some(Self { passed: count(" passed")?, failed: count(" failed")?, skipped: count(" ignored").unwrap_or(0) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn result_lines_of_cargo_and_of_the_browser_runner() {
        let plain =
            "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s";
        assert_eq!(Tally::of_line(plain), Some(Tally { passed: 12, failed: 3, skipped: 1 }));
        let coloured =
            "test result: \u{1b}[32mok\u{1b}(B\u{1b}[m. 7 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out";
        assert_eq!(Tally::of_line(coloured), Some(Tally { passed: 7, failed: 0, skipped: 0 }));
        assert_eq!(Tally::of_line("test rules::tests::result ... ok"), None);
        assert_eq!(Tally::of_line("running 3 tests"), None);
    }

    #[test]
    fn what_was_skipped_is_not_counted_as_passed_and_is_always_told() {
        let mut tally = Tally { passed: 12, failed: 0, skipped: 1 };
        tally.skip(2);
        assert_eq!(tally.to_string(), "10 passed, 0 failed, 3 skipped");
        assert_eq!(Tally::default().to_string(), "0 passed, 0 failed, 0 skipped");
        // The word is the one that the tests write.
        let helper = std::fs::read_to_string(crate::workspace::root().join("tests/recorded/src/lib.rs")).unwrap();
        assert!(helper.contains(SKIPPED));
    }
}
