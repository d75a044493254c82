//! Groups points in time into columns of equal width: days, or longer spans if there are many.

use std::cmp::Reverse;

use time::{Date, Duration};

use super::{Lane, Mark};

/// Spans of a column in days, the shortest first: a day, a week, four weeks, a quarter, a year.
const SPANS: [i32; 5] = [1, 7, 28, 91, 364];
/// With more columns the timeline is not readable any more.
const MAX_COLUMNS: i32 = 62;

/// The columns of a timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Columns {
    /// First day of the first column.
    first: Date,
    /// Days in a column.
    pub span: i32,
    /// How many there are.
    pub count: i32,
}

/// The marks of one lane in one column.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// Index of the column.
    pub column: i32,
    /// The lane.
    pub lane: Lane,
    /// Indexes of the marks, newest first.
    pub marks: Vec<usize>,
}

impl Columns {
    /// Columns that hold all `marks`; `None` without marks.
    pub fn of(marks: &[Mark]) -> Option<Self> {
        let first = marks.iter().map(|m| m.at.date()).min()?;
        let last = marks.iter().map(|m| m.at.date()).max()?;
        let days = last.to_julian_day() - first.to_julian_day() + 1;
        let span = SPANS.into_iter().find(|span| days <= span * MAX_COLUMNS).unwrap_or(SPANS[SPANS.len() - 1]);
        let count = (days + span - 1) / span;
        // Columns are counted back from the newest day, so that the newest column is always complete.
        let first = last.checked_sub(Duration::days(i64::from(count * span - 1)))?;
        Some(Self { first, span, count })
    }

    /// The column of a day.
    pub fn index(&self, day: Date) -> i32 {
        (day.to_julian_day() - self.first.to_julian_day()).div_euclid(self.span)
    }

    /// First and last day of a column.
    pub fn days(&self, column: i32) -> (Date, Date) {
        let day = |offset: i32| self.first.checked_add(Duration::days(i64::from(offset))).unwrap_or(self.first);
        (day(column * self.span), day((column + 1) * self.span - 1))
    }

    /// The cells that hold marks, lane by lane from the oldest column to the newest.
    pub fn cells(&self, marks: &[Mark]) -> Vec<Cell> {
        let all = Lane::ALL.into_iter().flat_map(|lane| (0..self.count).map(move |column| (lane, column)));
        let mut cells: Vec<Cell> = all.map(|(lane, column)| Cell { column, lane, marks: Vec::new() }).collect();
        let mut newest_first: Vec<usize> = (0..marks.len()).collect();
        newest_first.sort_by_key(|&index| Reverse(marks[index].at));
        for index in newest_first {
            let Mark { at, lanes, .. } = marks[index];
            let column = self.index(at.date());
            for (nth, _) in Lane::ALL.into_iter().enumerate().filter(|(_, lane)| lanes.contains(*lane)) {
                cells[nth * self.count as usize + column as usize].marks.push(index);
            }
        }
        cells.retain(|cell| !cell.marks.is_empty());
        cells
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::OffsetDateTime;

    use super::super::Shape;
    use super::*;

    fn mark(hours: i64) -> Mark {
        let at = OffsetDateTime::UNIX_EPOCH + Duration::days(20_000) + Duration::hours(hours);
        Mark { at, lanes: [Lane::Vault].into_iter().collect(), shape: Shape::Filled, threat: false }
    }

    #[test]
    fn a_month_is_shown_by_day_and_a_year_by_week() {
        let month: Vec<Mark> = (0..30).map(|d| mark(d * 24)).collect();
        assert_eq!(Columns::of(&month).map(|c| (c.span, c.count)), Some((1, 30)));
        let year: Vec<Mark> = (0..365).map(|d| mark(d * 24)).collect();
        assert_eq!(Columns::of(&year).map(|c| (c.span, c.count)), Some((7, 53)));
        assert_eq!(Columns::of(&[]), None);
    }

    proptest! {
        #[test]
        fn every_mark_lies_in_its_column(hours in prop::collection::vec(0_i64..400_000, 1..60)) {
            let marks: Vec<Mark> = hours.into_iter().map(mark).collect();
            let columns = Columns::of(&marks).expect("there are marks");
            prop_assert!(columns.count <= MAX_COLUMNS);
            let cells = columns.cells(&marks);
            prop_assert_eq!(cells.iter().map(|c| c.marks.len()).sum::<usize>(), marks.len());
            for cell in cells {
                prop_assert!((0..columns.count).contains(&cell.column));
                let (from, to) = columns.days(cell.column);
                for index in cell.marks {
                    prop_assert!((from..=to).contains(&marks[index].at.date()));
                }
            }
        }
    }
}
