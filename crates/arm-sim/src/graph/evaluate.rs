//! Runs a query.

use super::cell::Cell;
use super::syntax::{Comparison, Expression, Function, Named, Query, Step};
use super::tables::{COLUMNS, Entity, View};
use crate::text::same;

/// The rows of a result. All columns are computed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rows {
    pub(crate) columns: Vec<String>,
    pub(crate) cells: Vec<Vec<Cell>>,
}

/// A name that is no column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unresolved(pub(crate) String);

type Evaluated<T> = Result<T, Unresolved>;

/// Rows on the way. Those of a table compute their columns only where a step asks for one.
struct Frame {
    /// Whether rows still have the columns of their table.
    of_table: bool,
    columns: Vec<String>,
    rows: Vec<Row>,
}

#[derive(Clone)]
struct Row {
    entity: Entity,
    cells: Vec<Cell>,
}

/// Runs a query over what `view` shows.
///
/// # Errors
/// The first name that is no column.
pub(crate) fn run(query: &Query, view: &View<'_>) -> Evaluated<Rows> {
    let mut frame = steps(query, view)?;
    if frame.of_table {
        let all: Vec<_> = COLUMNS.iter().map(|name| (*name).to_owned()).chain(frame.columns.iter().cloned()).collect();
        let named = all.into_iter().map(|name| Named { value: Expression::Column(name.clone()), name });
        project(&mut frame, &named.collect::<Vec<_>>(), view)?;
    }
    Ok(Rows { columns: frame.columns, cells: frame.rows.into_iter().map(|row| row.cells).collect() })
}

fn steps(query: &Query, view: &View<'_>) -> Evaluated<Frame> {
    let rows = view.rows(query.table).into_iter().map(|entity| Row { entity, cells: Vec::new() }).collect();
    let mut frame = Frame { of_table: true, columns: Vec::new(), rows };
    for step in &query.steps {
        match step {
            Step::Where(condition) => {
                frame.check(condition)?;
                let Frame { of_table, columns, rows } = frame;
                let scope = Names { columns: &columns };
                let rows = rows.into_iter().filter(|row| scope.value(condition, row, view).is_true()).collect();
                frame = Frame { of_table, columns, rows };
            }
            Step::Extend(named) => {
                for one in named {
                    extend(&mut frame, one, view)?;
                }
            }
            Step::Project(named) => project(&mut frame, named, view)?,
            Step::Join(right, on) => join(&mut frame, right, on, view)?,
            Step::Order(by) => order(&mut frame, by, view)?,
            Step::Limit(limit) => frame.rows.truncate(*limit),
        }
    }
    Ok(frame)
}

fn extend(frame: &mut Frame, Named { name, value }: &Named, view: &View<'_>) -> Evaluated<()> {
    frame.check(value)?;
    let at = frame.columns.iter().position(|column| column == name);
    let scope = Names { columns: &frame.columns };
    for row in &mut frame.rows {
        let cell = scope.value(value, row, view);
        match at {
            Some(at) => row.cells[at] = cell,
            None => row.cells.push(cell),
        }
    }
    if at.is_none() {
        frame.columns.push(name.clone());
    }
    Ok(())
}

fn project(frame: &mut Frame, named: &[Named], view: &View<'_>) -> Evaluated<()> {
    for one in named {
        frame.check(&one.value)?;
        // A result has each name once.
        if named.iter().filter(|other| other.name == one.name).count() > 1 {
            return Err(Unresolved(one.name.clone()));
        }
    }
    let scope = Names { columns: &frame.columns };
    for row in &mut frame.rows {
        row.cells = named.iter().map(|one| scope.value(&one.value, row, view)).collect();
    }
    frame.columns = named.iter().map(|one| one.name.clone()).collect();
    frame.of_table = false;
    Ok(())
}

/// Each row on the left with each of its matches on the right, or with nothing where it has none. A column that both sides have gets a `1` on the right.
fn join(frame: &mut Frame, right: &Query, on: &[String], view: &View<'_>) -> Evaluated<()> {
    let right = run(right, view)?;
    let mut places = Vec::new();
    for name in on {
        frame.check(&Expression::Column(name.clone()))?;
        places.push(right.columns.iter().position(|column| column == name).ok_or_else(|| Unresolved(name.clone()))?);
    }
    let mut keys = Vec::new();
    for (index, cells) in right.cells.iter().enumerate() {
        keys.push((key(&mut places.iter().map(|at| cells[*at].clone())), index));
    }
    sort(&mut keys, false);
    let scope = Names { columns: &frame.columns };
    let mut rows = Vec::with_capacity(frame.rows.len());
    for mut row in std::mem::take(&mut frame.rows) {
        let wanted = key(&mut on.iter().map(|name| scope.column(name, &row, view)));
        let from = keys.partition_point(|(key, _)| *key < wanted);
        let mut found = false;
        for (_, index) in keys[from..].iter().take_while(|(key, _)| !wanted.is_empty() && *key == wanted) {
            found = true;
            let mut joined = row.clone();
            joined.cells.extend_from_slice(&right.cells[*index]);
            rows.push(joined);
        }
        if !found {
            row.cells.resize(row.cells.len() + right.columns.len(), Cell::Null);
            rows.push(row);
        }
    }
    frame.rows = rows;
    for mut name in right.columns {
        while frame.columns.contains(&name) || (frame.of_table && COLUMNS.contains(&name.as_str())) {
            name.push('1');
        }
        frame.columns.push(name);
    }
    Ok(())
}

/// What rows are joined by. It is empty where a part is missing: that matches nothing.
fn key(cells: &mut dyn Iterator<Item = Cell>) -> String {
    let mut key = String::new();
    for cell in cells {
        if cell.is_empty() {
            return String::new();
        }
        key.push_str(&cell.as_text());
        key.push('\n');
    }
    key
}

/// Sorts by text; equal ones stay as they were. Everything that is sorted is sorted here, since each type that is sorted adds to the demo's download.
fn sort(keys: &mut [(String, usize)], descending: bool) {
    keys.sort_by(|(a, _), (b, _)| if descending { b.cmp(a) } else { a.cmp(b) });
}

fn order(frame: &mut Frame, by: &[(String, bool)], view: &View<'_>) -> Evaluated<()> {
    // The last column first: what it has sorted stays so among equals of the others.
    for (name, descending) in by.iter().rev() {
        frame.check(&Expression::Column(name.clone()))?;
        let scope = Names { columns: &frame.columns };
        let mut keys = Vec::with_capacity(frame.rows.len());
        for (index, row) in frame.rows.iter().enumerate() {
            keys.push((scope.column(name, row, view).sort_text(), index));
        }
        sort(&mut keys, *descending);
        let mut rows: Vec<Option<Row>> = std::mem::take(&mut frame.rows).into_iter().map(Some).collect();
        frame.rows = keys.into_iter().filter_map(|(_, index)| rows[index].take()).collect();
    }
    Ok(())
}

impl Frame {
    /// Refuses an expression with a name that is no column.
    fn check(&self, expression: &Expression) -> Evaluated<()> {
        match expression {
            Expression::Constant(_) => Ok(()),
            Expression::Column(name) => {
                let known = self.columns.contains(name) || (self.of_table && COLUMNS.contains(&name.as_str()));
                if known { Ok(()) } else { Err(Unresolved(name.clone())) }
            }
            Expression::Member(of, _) => self.check(of),
            Expression::Call(_, list) | Expression::All(list) | Expression::Any(list) => {
                list.iter().try_for_each(|one| self.check(one))
            }
            Expression::Among { value, list, .. } => {
                self.check(value)?;
                list.iter().try_for_each(|one| self.check(one))
            }
            Expression::Compare(_, a, b) => {
                self.check(a)?;
                self.check(b)
            }
        }
    }
}

/// The names that expressions may use.
struct Names<'a> {
    columns: &'a [String],
}

impl Names<'_> {
    fn column(&self, name: &str, row: &Row, view: &View<'_>) -> Cell {
        match self.columns.iter().position(|column| column == name) {
            Some(at) => row.cells.get(at).cloned().unwrap_or(Cell::Null),
            None => view.column(row.entity, name),
        }
    }

    fn value(&self, expression: &Expression, row: &Row, view: &View<'_>) -> Cell {
        let value = |expression: &Expression| self.value(expression, row, view);
        match expression {
            Expression::Constant(cell) => cell.clone(),
            Expression::Column(name) => self.column(name, row, view),
            Expression::Member(of, name) => match of.as_ref() {
                // Most properties are known without writing the whole resource.
                Expression::Column(column) if column == "properties" && !self.columns.contains(column) => {
                    view.property(row.entity, name)
                }
                of => value(of).member(name),
            },
            Expression::Call(Function::Coalesce, arguments) => {
                arguments.iter().map(value).find(|cell| !cell.is_empty()).unwrap_or(Cell::Null)
            }
            Expression::Call(function, arguments) => {
                let argument = arguments.first().map_or(Cell::Null, value);
                match function {
                    Function::ToLower => Cell::Text(argument.as_text().to_ascii_lowercase()),
                    Function::ToText | Function::Coalesce => Cell::Text(argument.as_text().into_owned()),
                    Function::IsEmpty => Cell::Flag(argument.is_empty()),
                    Function::IsNotEmpty => Cell::Flag(!argument.is_empty()),
                    Function::IsNull => Cell::Flag(argument == Cell::Null),
                    Function::IsNotNull => Cell::Flag(argument != Cell::Null),
                    Function::Not => Cell::Flag(!argument.is_true()),
                }
            }
            Expression::Compare(how, a, b) => Cell::Flag(compare(*how, &value(a), &value(b))),
            Expression::Among { value: of, list, ignore_case, negated } => {
                let how = if *ignore_case { Comparison::Same } else { Comparison::Equal };
                let of = value(of);
                Cell::Flag(list.iter().any(|one| compare(how, &of, &value(one))) != *negated)
            }
            Expression::All(list) => Cell::Flag(list.iter().all(|one| value(one).is_true())),
            Expression::Any(list) => Cell::Flag(list.iter().any(|one| value(one).is_true())),
        }
    }
}

fn compare(how: Comparison, a: &Cell, b: &Cell) -> bool {
    let (a, b) = (a.as_text(), b.as_text());
    // Words of the language ignore case. All names of the simulated world are ASCII.
    let lower = || (a.to_ascii_lowercase(), b.to_ascii_lowercase());
    let contains = || {
        let (a, b) = lower();
        a.contains(&b)
    };
    let starts = || {
        let (a, b) = lower();
        a.starts_with(&b)
    };
    match how {
        Comparison::Equal => a == b,
        Comparison::NotEqual => a != b,
        Comparison::Same => same(&a, &b),
        Comparison::NotSame => !same(&a, &b),
        Comparison::Contains => contains(),
        Comparison::ContainsNot => !contains(),
        Comparison::StartsWith => starts(),
        Comparison::StartsWithNot => !starts(),
    }
}
