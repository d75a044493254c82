//! Puts the machines of a plan into groups: by the pattern of their names, or by hand.

use super::plan::{Machine, MachineId, RecoveryPlan};

/// Whether a name fits a pattern in which `*` stands for any text, without case.
fn fits(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.trim().to_lowercase(), name.to_lowercase());
    let pieces: Vec<&str> = pattern.split('*').collect();
    let [first, middle @ .., last] = &pieces[..] else { return pattern == name };
    let inner = name.strip_prefix(first).and_then(|rest| rest.strip_suffix(last));
    let found = inner.and_then(|inner| {
        middle.iter().try_fold(inner, |rest, piece| rest.find(piece).map(|at| &rest[at + piece.len()..]))
    });
    found.is_some()
}

impl RecoveryPlan {
    /// Puts the machines whose names fit one of the patterns into the group of that index. Patterns such as `dc-*` are separated by commas.
    pub fn group_by_names(&mut self, group: usize, patterns: &str) {
        let patterns: Vec<&str> = patterns.split(',').filter(|pattern| !pattern.trim().is_empty()).collect();
        let is_wanted = |machine: &&Machine| patterns.iter().any(|pattern| fits(pattern, &machine.name));
        let ids: Vec<MachineId> =
            self.machines().map(|(_, machine)| machine).filter(is_wanted).map(Machine::id).collect();
        self.move_to(group, &ids);
    }

    /// Puts machines into the group of that index, behind those that are in it.
    pub fn move_to(&mut self, group: usize, ids: &[MachineId]) {
        if group >= self.groups.len() {
            return;
        }
        let mut moved = Vec::new();
        for (at, other) in self.groups.iter_mut().enumerate() {
            if at != group {
                moved.extend(other.machines.extract_if(.., |machine| ids.contains(&machine.id())));
            }
        }
        self.groups[group].machines.extend(moved);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recovery::plan::{Advance, Group};
    use crate::recovery::sample::{machine, plan};

    /// The names of the machines of each group.
    fn names(plan: &RecoveryPlan) -> Vec<(&str, Vec<&str>)> {
        plan.groups.iter().map(|g| (g.name.as_str(), g.machines.iter().map(|m| m.name.as_str()).collect())).collect()
    }

    #[test]
    fn a_star_stands_for_any_text() {
        for (pattern, name, expected) in [
            ("dc-*", "DC-01", true),
            ("dc-*", "adc-01", false),
            ("*sql*", "prod-sql-01", true),
            ("*-01", "web-01", true),
            ("*-01", "web-011", false),
            ("a*b*c", "axxbyyc", true),
            ("a*b*c", "acb", false),
            ("ab*ba", "aba", false),
            ("web-01", "web-01", true),
            ("web-01", "web-011", false),
            ("*", "", true),
        ] {
            assert_eq!(fits(pattern, name), expected, "{pattern} {name}");
        }
    }

    #[test]
    fn machines_move_by_pattern_and_none_is_lost() {
        let mut of = plan(&["web-01", "dc-01", "sql-01", "dc-02"]);
        of.groups.insert(0, Group { name: "First".to_owned(), advance: Advance::default(), machines: Vec::new() });
        of.group_by_names(0, "dc-*, sql-*,");
        assert_eq!(names(&of), [("First", vec!["dc-01", "sql-01", "dc-02"]), ("All", vec!["web-01"])]);
        of.group_by_names(0, "dc-*");
        assert_eq!(names(&of)[0].1, ["dc-01", "sql-01", "dc-02"], "they are there already");
        of.move_to(7, &[machine("web-01").id()]);
        of.move_to(1, &[machine("sql-01").id()]);
        assert_eq!(names(&of), [("First", vec!["dc-01", "dc-02"]), ("All", vec!["web-01", "sql-01"])]);
    }
}
