//! Where the tests find recorded traffic, and what becomes of them where there is none.
//!
//! The recordings are other people's data and no part of the repository. A test run without them proves less, so their absence fails the run
//! unless it is declared: `CORPUS=absent`. Then each test that needs them writes a line to the output, which `cargo xtask test` counts.

use std::env;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::thread;

/// How the line of a skipped test begins. `xtask` counts these lines.
pub const SKIPPED: &str = "SKIPPED (CORPUS=absent): ";

/// The folder of recorded traffic for the running test, which reads `what` there: the one that `SHARED_DIR` names, by default `../shared` beside the
/// checkout. `None` where it is absent and `CORPUS=absent` declares that; then the test returns, and the output says that it was skipped.
///
/// A test that asks more than once returns at the first answer `None`, so that it counts as one.
///
/// # Panics
/// Where it is absent and nobody has declared that.
pub fn traffic(what: &str) -> Option<PathBuf> {
    let declared_absent = env::var("CORPUS").is_ok_and(|word| word == "absent");
    let found = find(env::var_os("SHARED_DIR").map(PathBuf::from), declared_absent);
    #[expect(clippy::panic, reason = "a test that cannot prove what its name says has to fail")]
    let found = found.unwrap_or_else(|why| panic!("{what}: {why}"));
    if found.is_none() {
        let thread = thread::current();
        // Past the test harness, which shows what a test prints only where the test fails.
        let _ = writeln!(io::stdout(), "{SKIPPED}{} needs {what}", thread.name().unwrap_or("a test"));
    }
    found
}

/// The folder, or none where its absence is declared.
fn find(named: Option<PathBuf>, declared_absent: bool) -> Result<Option<PathBuf>, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = root.join(named.unwrap_or_else(|| PathBuf::from("../shared")));
    if folder.join("corpus").is_dir() {
        return Ok(Some(folder));
    }
    if declared_absent {
        return Ok(None);
    }
    Err(format!(
        "there is no recorded traffic at {}. Set SHARED_DIR to its folder, or CORPUS=absent to leave out the tests that need it",
        folder.display()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_absence_is_an_error_unless_it_is_declared() {
        let nowhere = || Some(PathBuf::from("/nowhere/at/all"));
        assert_eq!(find(nowhere(), true), Ok(None));
        let why = find(nowhere(), false).unwrap_err();
        assert!(why.contains("/nowhere/at/all") && why.contains("CORPUS=absent"), "{why}");
    }

    #[test]
    fn a_folder_counts_only_with_its_recordings_and_is_found_from_the_checkout() {
        // The client's tests against recordings lie in a folder of that name.
        let tests = || Some(PathBuf::from("crates/azure-backup/tests"));
        assert!(find(tests(), false).unwrap().is_some_and(|folder| folder.join("corpus/main.rs").is_file()));
        assert!(find(Some(PathBuf::from("crates/azure-backup")), false).is_err());
    }
}
