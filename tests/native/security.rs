//! Every test that the threat model of `docs/security.md` names exists and runs.

use std::fs;
use std::path::Path;

use crate::source::tests;

/// The tests of a JavaScript file, without lines that are comments or skipped.
fn javascript(text: &str) -> impl Fn(&str) -> bool {
    let lines: Vec<String> = text.lines().map(|line| line.trim().to_owned()).collect();
    move |name| lines.iter().any(|line| line.starts_with(&format!("test(\"{name}\"")))
}

#[test]
fn every_promise_is_held_by_tests_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("docs/security.md")).unwrap();
    let table = text.split("| who | ").nth(1).unwrap().split("\n\n").next().unwrap();
    let mut held_by = 0;
    for row in table.lines().skip(2) {
        let held = row.trim_end_matches([' ', '|']).rsplit('|').next().unwrap();
        let (mut source, mut rust) = (String::new(), false);
        let mut named = 0;
        for word in held.split('`').skip(1).step_by(2) {
            if word.contains('/') {
                rust = word.ends_with(".rs");
                source = fs::read_to_string(root.join(word)).unwrap_or_else(|_| panic!("{word} is no file: {row}"));
            } else {
                let runs = if rust { tests(&source).contains(word) } else { javascript(&source)(word) };
                assert!(runs, "no test “{word}” runs: {row}");
                named += 1;
            }
        }
        assert!(named > 0, "nothing holds this: {row}");
        held_by += named;
    }
    assert!(held_by > 15);
}
