//! Which rules speak in each world, exactly.

use super::breaks::BREAKS;
use super::holds::HOLDS;
use super::*;

/// A rule whose condition has lost one of its parts speaks in the world of another one: that changes a line of the file.
#[test]
fn in_each_world_exactly_the_listed_rules_speak() {
    let of = |scenario: Scenario, change: fn(&mut World)| {
        let mut world = World { facts: facts(), draft: draft(scenario) };
        change(&mut world);
        speaking(&world)
    };
    let line = |verb: &str, (rule, scenario, change): &Break| {
        let usual = of(*scenario, |_| ());
        let here = of(*scenario, *change);
        let new = here.difference(&usual).cloned();
        let gone = usual.difference(&here).map(|rule| format!("not {rule}"));
        format!("{rule} {verb}, {scenario:?}: {}", new.chain(gone).collect::<Vec<_>>().join(", "))
    };
    let broken = BREAKS.iter().map(|world| line("is broken", world));
    let lines: Vec<String> = broken.chain(HOLDS.iter().map(|world| line("holds", world))).collect();
    // `INSTA_UPDATE=always` writes the file anew; read what it changes.
    insta::assert_snapshot!(lines.join("\n"));
}
