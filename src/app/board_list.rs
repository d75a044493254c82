//! The machines on the board of a recovery plan as a list that is searched, filtered and sorted.

use super::list_query::{ListColumn, ListQuery, STATE, Sort, by_number, by_text, heads, keys, sort_rows};
use super::plans::board::{BoardRow, Stage};

/// What needs the operator comes first.
pub const OWN_ORDER: Sort = Sort { column: "state", descending: false };

/// The columns that the list can be sorted by. Rows of one state keep their order.
const COLUMNS: [ListColumn<BoardRow>; 3] = [
    ListColumn { key: "vm", head: "Virtual machine", order: |row| by_text(&row.name) },
    ListColumn { key: "state", head: "State", order: |row| by_number(row.stage as u8) },
    ListColumn { key: "since", head: "Since", order: |row| by_number(row.since?.unix_timestamp_nanos()) },
];
/// Their keys in an address.
pub const KEYS: [&str; COLUMNS.len()] = keys(&COLUMNS);
/// The heads of all columns.
pub const HEADS: [&str; COLUMNS.len() + 1] = heads(&COLUMNS, &["Actions"]);

/// The states by which machines are filtered: key, and name of the filter.
pub const STATES: [(Stage, &str, &str); 5] = [
    (Stage::Failed, "failed", "Not restored"),
    (Stage::Running, "running", "Running"),
    (Stage::Waiting, "waiting", "Waiting"),
    (Stage::Skipped, "skipped", "Skipped"),
    (Stage::Restored, "restored", "Restored"),
];

/// The rows that the query asks for, in its order.
pub fn find(mut rows: Vec<BoardRow>, query: &ListQuery) -> Vec<BoardRow> {
    if query.narrows() {
        let key = |row: &BoardRow| STATES.iter().find(|(stage, ..)| *stage == row.stage).map_or("", |(_, key, _)| key);
        let text = |row: &BoardRow| {
            format!("{}\n{}\n{}", row.name, row.state, row.error.as_deref().unwrap_or_default()).to_lowercase()
        };
        rows.retain(|row| query.fits(STATE, key(row)) && query.finds(&text(row)));
    }
    if let Some(sort) = query.sort {
        sort_rows(&mut rows, |row| row, &COLUMNS, sort);
    }
    rows
}

#[cfg(test)]
mod tests {
    use time::OffsetDateTime;

    use super::*;
    use crate::recovery::plan::MachineId;
    use crate::restore::outcome::OutcomeTone;
    use crate::restore::regional_id::RegionalId;
    use crate::restore::sample;

    fn rows() -> Vec<BoardRow> {
        let id = MachineId::of(&RegionalId::from(sample::facts().point.id.clone()));
        let row = |name: &str, stage, state: &str, seconds: Option<i64>| BoardRow {
            id: id.clone(),
            name: name.to_owned(),
            restore: None,
            stage,
            state: state.to_owned(),
            error: (stage == Stage::Failed).then(|| "UserErrorX".to_owned()),
            tone: OutcomeTone::Neutral,
            since: seconds.and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok()),
            can_retry: false,
            can_skip: false,
            needs_attention: false,
        };
        vec![
            row("sql-02", Stage::Failed, "Failed", Some(90)),
            row("Web-01", Stage::Running, "Restoring", Some(30)),
            row("web-02", Stage::Running, "Restoring", Some(60)),
            row("app-01", Stage::Waiting, "Waiting its turn", None),
        ]
    }

    fn names(query: &ListQuery) -> Vec<String> {
        find(rows(), query).into_iter().map(|row| row.name).collect()
    }

    #[test]
    fn machines_are_searched_filtered_and_sorted() {
        let all = ListQuery::default();
        assert_eq!(names(&all), ["sql-02", "Web-01", "web-02", "app-01"], "what needs the operator comes first");
        assert_eq!(names(&all.searching("WEB".to_owned())), ["Web-01", "web-02"]);
        assert_eq!(names(&all.searching("its turn".to_owned())), ["app-01"], "by its state");
        let two = all.toggled(STATE, "failed").toggled(STATE, "waiting");
        assert_eq!(names(&two), ["sql-02", "app-01"]);
        assert_eq!(names(&all.sorted_by("vm", OWN_ORDER)), ["app-01", "sql-02", "Web-01", "web-02"]);
        assert_eq!(names(&all.sorted_by("state", OWN_ORDER)), ["app-01", "web-02", "Web-01", "sql-02"]);
        let since = all.sorted_by("since", OWN_ORDER);
        assert_eq!(names(&since), ["Web-01", "web-02", "sql-02", "app-01"]);
        assert_eq!(names(&since.sorted_by("since", OWN_ORDER)), ["sql-02", "web-02", "Web-01", "app-01"]);
    }
}
