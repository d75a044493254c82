//! The counts in the README match the tests. `UPDATE_COUNTS=1 cargo test --test native counts` writes them.

use std::fs;
use std::path::Path;

use vm_restore::restore::scenario::Scenario;

use crate::{answers, cross_region, matrix, wire};

const BEGIN: &str = "<!-- counts: written by the test run -->\n";
const END: &str = "<!-- /counts -->";

fn replays(root: &Path) -> usize {
    let spec = fs::read_to_string(root.join("tests/e2e/specs/recordings.spec.mjs")).unwrap();
    let cases = spec.split("const CASES = [").nth(1).unwrap().split("\n];").next().unwrap();
    cases.lines().filter(|line| line.trim_start().starts_with("[\"")).count()
}

#[test]
fn the_readme_tells_the_counts_of_this_run() {
    let Some((equal, justified, secondary)) = wire::recorded() else { return };
    let Some((answered, but_for)) = answers::rebuilt() else { return };
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = format!(
        "* {} restore requests that Microsoft's own clients sent, made again from the operator's choices and from what Azure had answered before in the same \
         recording: {answered} equal, {but_for} equal but for justified differences.\n\
         * {} restore requests of these clients, {secondary} of them cross-region, made again from the choices in them: {equal} equal, {justified} equal but for \
         justified differences. The request is all that is used of these recordings, so region and flags come from itself: this proves its form.\n\
         * The 4 examples of Azure's article, and its chain of a cross-region restore: equal but for justified differences.\n\
         * {} recorded restores driven through the built page in Chromium, by roles and labels, to their recorded ends.\n\
         * {} scenarios with {} outcomes each and {} further faults of Azure, in virtual time over the simulator, each also with the page closed and \
         opened again after every message: never sent twice.\n\
         * {} outcomes of a cross-region restore in the same way: never sent twice, and the access token kept nowhere.\n",
        answered + but_for,
        equal + justified,
        replays(root),
        Scenario::ALL.len(),
        matrix::OUTCOMES.len(),
        matrix::OTHERS.len(),
        cross_region::outcomes().len(),
    );
    let path = root.join("README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let (head, rest) = readme.split_once(BEGIN).unwrap();
    let (told, tail) = rest.split_once(END).unwrap();
    if std::env::var_os("UPDATE_COUNTS").is_some() {
        fs::write(&path, format!("{head}{BEGIN}{text}{END}{tail}")).unwrap();
    } else {
        assert_eq!(told, text, "the README tells other counts; UPDATE_COUNTS=1 writes these");
    }
}
