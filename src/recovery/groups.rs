//! Puts the machines of a plan into groups: by the pattern of their names, or by hand.

use super::plan::{Advance, Group, Machine, MachineId, RecoveryPlan};

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
    /// The machines outside the group of that index whose names fit one of the patterns, such as `dc-*`, which are separated by commas.
    pub fn outside_by_names(&self, group: Option<usize>, patterns: &str) -> Vec<&Machine> {
        let patterns: Vec<&str> = patterns.split(',').filter(|pattern| !pattern.trim().is_empty()).collect();
        let is_wanted = |machine: &Machine| patterns.iter().any(|pattern| fits(pattern, &machine.name));
        let wanted = self.machines().filter(|(at, machine)| Some(*at) != group && is_wanted(machine));
        wanted.map(|(_, machine)| machine).collect()
    }

    /// Puts these machines into the group of that index.
    pub fn group_by_names(&mut self, group: usize, patterns: &str) {
        let ids: Vec<MachineId> = self.outside_by_names(Some(group), patterns).into_iter().map(Machine::id).collect();
        self.move_to(group, &ids);
    }

    /// Adds a group of the machines whose names fit the patterns, which name it; without patterns, an empty one.
    pub fn add_group(&mut self, patterns: &str) {
        let at = self.groups.len();
        let name = match patterns.trim() {
            "" => format!("Group {}", at + 1),
            patterns => patterns.to_owned(),
        };
        self.groups.push(Group { name, advance: Advance::default(), machines: Vec::new() });
        self.group_by_names(at, patterns);
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
    fn a_new_group_takes_what_its_pattern_fits_and_has_its_name() {
        let mut of = plan(&["web-01", "dc-01", "dc-02"]);
        let fitting = |of: &RecoveryPlan, group| {
            of.outside_by_names(group, "DC-*").into_iter().map(|machine| machine.name.clone()).collect::<Vec<_>>()
        };
        assert_eq!(fitting(&of, None), ["dc-01", "dc-02"]);
        assert_eq!((fitting(&of, Some(0)).len(), of.outside_by_names(None, " , ").len()), (0, 0));
        of.add_group(" dc-* ");
        of.add_group("");
        assert_eq!(names(&of), [("All", vec!["web-01"]), ("dc-*", vec!["dc-01", "dc-02"]), ("Group 3", vec![])]);
        assert_eq!((fitting(&of, Some(0)).len(), fitting(&of, Some(1)).len()), (2, 0));
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
