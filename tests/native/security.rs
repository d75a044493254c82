//! The threat model of `docs/security.md` names tests that exist.

use std::fs;
use std::path::Path;

#[test]
fn every_promise_is_held_by_tests_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("docs/security.md")).unwrap();
    let table = text.split("| who | ").nth(1).unwrap().split("\n\n").next().unwrap();
    let mut tests = 0;
    for row in table.lines().skip(2) {
        let held = row.trim_end_matches([' ', '|']).rsplit('|').next().unwrap();
        let mut source = String::new();
        let mut named = 0;
        for word in held.split('`').skip(1).step_by(2) {
            if word.contains('/') {
                source = fs::read_to_string(root.join(word)).unwrap_or_else(|_| panic!("{word} is no file: {row}"));
            } else {
                let forms = [format!("fn {word}("), format!("test(\"{word}\""), format!("{word}(|")];
                assert!(forms.iter().any(|form| source.contains(form)), "{word}: {row}");
                named += 1;
            }
        }
        assert!(named > 0, "nothing holds this: {row}");
        tests += named;
    }
    assert!(tests > 15);
}
