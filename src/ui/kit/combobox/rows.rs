//! The rows of a combobox's list: which options the typed text finds, in which groups, and where the keys lead.

use crate::ui::kit::select::Choice;

/// How many rows the list shows without scrolling; [`super::Combobox`] draws only these and a few around them.
pub(super) const VISIBLE: usize = 8;

/// The groups of options, in the order of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Group {
    /// The page suggests it.
    Suggested,
    /// Nothing speaks against it.
    Suitable,
    /// It can be chosen, with something to know about it.
    Warnings,
    /// It breaks a rule.
    NotSuitable,
}

impl Group {
    /// All groups, in the order of the list.
    pub(super) const ALL: [Self; 4] = [Self::Suggested, Self::Suitable, Self::Warnings, Self::NotSuitable];

    /// The group of an option.
    pub(super) fn of(choice: &Choice) -> Self {
        match (&choice.reason, &choice.suggested, &choice.warning) {
            (Some(_), ..) => Self::NotSuitable,
            (None, Some(_), _) => Self::Suggested,
            (None, None, Some(_)) => Self::Warnings,
            (None, None, None) => Self::Suitable,
        }
    }

    /// The heading: `Suitable (5)`. The number of suggestions says nothing.
    pub(super) fn heading(self, count: usize) -> String {
        match self {
            Self::Suggested => "Suggested".to_owned(),
            Self::Suitable => format!("Suitable ({count})"),
            Self::Warnings => format!("Warnings ({count})"),
            Self::NotSuitable => format!("Not suitable ({count})"),
        }
    }
}

/// One row of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Row {
    /// The option for no choice.
    Nothing,
    /// The heading of a group.
    Heading(Group),
    /// Opens and closes the unsuitable options.
    Unsuitable,
    /// The option with this index, and its group.
    Option(usize, Group),
}

/// The list for one typed text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Rows {
    /// The rows, from the top.
    pub(super) rows: Vec<Row>,
    /// How many options of each group are found, in the order of [`Group::ALL`].
    counts: [usize; 4],
}

/// Whether every word of `query`, in lower case, stands in the option.
pub(super) fn finds(query: &str, choice: &Choice) -> bool {
    if query.is_empty() {
        return true;
    }
    let text = format!("{} {} {}", choice.label, choice.also, choice.value).to_lowercase();
    query.split_whitespace().all(|word| text.contains(word))
}

impl Rows {
    /// The rows for `query`. The unsuitable options are listed when they are `opened`, or searched. `nothing`: there is an option for no choice.
    pub(super) fn find(choices: &[Choice], query: &str, opened: bool, nothing: bool) -> Self {
        let query = query.trim().to_lowercase();
        let found = || choices.iter().enumerate().filter(|(_, choice)| finds(&query, choice));
        let mut counts = [0; 4];
        for (_, choice) in found() {
            counts[Group::of(choice) as usize] += 1;
        }
        let headed = counts[Group::Suitable as usize] < counts.iter().sum();
        let mut rows = Vec::with_capacity(counts.iter().sum::<usize>() + Group::ALL.len() + 1);
        if nothing && query.is_empty() {
            rows.push(Row::Nothing);
        }
        for group in Group::ALL {
            let closes = group == Group::NotSuitable && query.is_empty();
            match group {
                _ if counts[group as usize] == 0 => continue,
                _ if closes => rows.push(Row::Unsuitable),
                _ if headed => rows.push(Row::Heading(group)),
                _ => {}
            }
            if opened || !closes {
                let members = found().filter(|(_, choice)| Group::of(choice) == group);
                rows.extend(members.map(|(index, _)| Row::Option(index, group)));
            }
        }
        Self { rows, counts }
    }

    /// The heading of a group, with the number of its options.
    pub(super) fn heading(&self, group: Group) -> String {
        group.heading(self.counts[group as usize])
    }

    /// The row that a move by `by` rows from `from` leads to. Headings are passed over; the ends of the list stop it.
    pub(super) fn step(&self, from: Option<usize>, by: isize) -> Option<usize> {
        let Some(from) = from else { return if by < 0 { self.last() } else { self.first() } };
        let stops = |at: &usize| !matches!(self.rows.get(*at), Some(Row::Heading(_)) | None);
        let to = from.saturating_add_signed(by).min(self.rows.len().saturating_sub(1));
        let (forward, back) = ((to..self.rows.len()).find(stops), (0..=to).rev().find(stops));
        if by < 0 { back.or(forward) } else { forward.or(back) }
    }

    /// The first row that can be reached.
    pub(super) fn first(&self) -> Option<usize> {
        self.rows.iter().position(|row| !matches!(row, Row::Heading(_)))
    }

    /// The last row.
    pub(super) const fn last(&self) -> Option<usize> {
        self.rows.len().checked_sub(1)
    }

    /// The row of an option.
    pub(super) fn row_of(&self, index: usize) -> Option<usize> {
        self.rows.iter().position(|row| matches!(row, Row::Option(at, _) if *at == index))
    }

    /// The place of a row among those that can be reached, from 1, and how many there are.
    pub(super) fn place(&self, at: usize) -> (usize, usize) {
        let reached = |rows: &[Row]| rows.iter().filter(|row| !matches!(row, Row::Heading(_))).count();
        (reached(self.rows.get(..=at).unwrap_or_default()), reached(&self.rows))
    }

    /// What was found, for the live region of screen readers.
    pub(super) fn summary(&self) -> String {
        let [usable @ .., unsuitable] = self.counts;
        let usable = match usable.iter().sum() {
            0 => "No results".to_owned(),
            1 => "1 result".to_owned(),
            n => format!("{n} results"),
        };
        if unsuitable == 0 { usable } else { format!("{usable}, {unsuitable} not suitable") }
    }
}

/// The scroll position, in pixels, at which row `at` is in sight; it changes as little as possible.
pub(super) fn scrolled_to(at: usize, top: i32, height: i32) -> i32 {
    let count = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    let (start, end) = (count(at).saturating_mul(height), count(at + 1).saturating_mul(height));
    if start < top { start } else { top.max(end.saturating_sub(count(VISIBLE) * height)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choices() -> Vec<Choice> {
        let named = |name: &'static str, also: &'static str| Choice { also: also.into(), ..Choice::new(name, name) };
        vec![
            named("alpha", "rg-app"),
            named("beta", "rg-db"),
            Choice { suggested: Some("used last".into()), ..named("gamma", "rg-app") },
            Choice { warning: Some("no keys".into()), ..named("delta", "rg-app") },
            Choice { reason: Some("elsewhere".into()), ..named("omega", "rg-app") },
        ]
    }

    fn shown(query: &str, opened: bool) -> Vec<String> {
        let all = choices();
        let rows = Rows::find(&all, query, opened, false);
        let row = |row: &Row| match row {
            Row::Nothing => "none".to_owned(),
            Row::Heading(group) => rows.heading(*group),
            Row::Unsuitable => rows.heading(Group::NotSuitable),
            Row::Option(index, _) => all[*index].label.to_string(),
        };
        rows.rows.iter().map(row).collect()
    }

    #[test]
    fn the_unsuitable_are_closed_until_they_are_opened_or_searched() {
        let usable =
            ["Suggested", "gamma", "Suitable (2)", "alpha", "beta", "Warnings (1)", "delta", "Not suitable (1)"];
        assert_eq!(shown("", false), usable);
        assert_eq!(shown("", true), [&usable[..], &["omega"]].concat());
        assert_eq!(shown("OMEGA", false), ["Not suitable (1)", "omega"]);
    }

    #[test]
    fn every_word_is_searched_in_name_and_group() {
        assert_eq!(shown("rg-app a", false).len(), 8);
        assert_eq!(shown(" Rg-Db  be ", false), ["beta"]);
        assert_eq!(shown("nothing", true), [""; 0]);
        assert_eq!(Rows::find(&choices(), "rg-app", false, false).summary(), "3 results, 1 not suitable");
        assert_eq!(Rows::find(&choices(), "nothing", false, false).summary(), "No results");
    }

    #[test]
    fn keys_pass_over_headings_and_stop_at_the_ends() {
        let rows = Rows::find(&choices(), "", false, false);
        assert_eq!((rows.step(None, 1), rows.step(None, -1)), (Some(1), Some(7)));
        assert_eq!((rows.step(Some(1), 1), rows.step(Some(3), -1)), (Some(3), Some(1)));
        assert_eq!((rows.step(Some(1), -1), rows.step(Some(7), 1)), (Some(1), Some(7)));
        assert_eq!((rows.step(Some(1), 8), rows.step(Some(7), -8)), (Some(7), Some(1)));
        assert_eq!((rows.place(1), rows.place(7)), ((1, 5), (5, 5)));
        assert_eq!(Rows::default().step(None, 1), None);
        assert_eq!(Rows::find(&choices(), "", false, true).first(), Some(0));
    }

    #[test]
    fn the_list_scrolls_no_further_than_needed() {
        assert_eq!(scrolled_to(0, 0, 40), 0);
        assert_eq!(scrolled_to(7, 0, 40), 0);
        assert_eq!(scrolled_to(8, 0, 40), 40);
        assert_eq!(scrolled_to(3, 200, 40), 120);
        assert_eq!(scrolled_to(6, 200, 40), 200);
    }
}
