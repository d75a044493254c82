//! How a list is searched, filtered and sorted. It is the query of the page's address, so that Back, a reload and a copied link show the same rows.

/// What is wanted of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListQuery {
    /// The text of the search field.
    pub search: String,
    /// The wanted values by the name of their filter. Values of one filter are alternatives; all filters have to fit.
    pub filters: Vec<(&'static str, String)>,
    /// The column that the list is sorted by; none = the list's own order.
    pub sort: Option<Sort>,
}

/// The order of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// The column.
    pub column: &'static str,
    /// Whether the largest value comes first.
    pub descending: bool,
}

/// The filter by state of restores and of the machines of a plan.
pub const STATE: &str = "state";
/// The filters of jobs.
pub const JOB_FILTERS: [&str; 3] = ["operation", "since", "status"];

/// What rows are compared by: a number, then a text. None where it is unknown.
pub type OrderKey = Option<(i128, String)>;

/// A column that a list can be sorted by.
#[derive(Clone, Copy, Debug)]
pub struct ListColumn<T: 'static> {
    /// Its key in an address.
    pub key: &'static str,
    /// Its head.
    pub head: &'static str,
    /// What it compares rows by.
    pub order: fn(&T) -> OrderKey,
}

/// The keys of columns.
pub const fn keys<T, const N: usize>(columns: &[ListColumn<T>; N]) -> [&'static str; N] {
    let mut keys = [""; N];
    let mut at = 0;
    while at < N {
        keys[at] = columns[at].key;
        at += 1;
    }
    keys
}

/// The heads of columns, and of those that follow, which nothing is sorted by.
pub const fn heads<T, const N: usize, const ALL: usize>(
    columns: &[ListColumn<T>; N],
    more: &[&'static str],
) -> [&'static str; ALL] {
    assert!(N + more.len() == ALL, "each column has a head");
    let mut heads = [""; ALL];
    let mut at = 0;
    while at < ALL {
        heads[at] = if at < N { columns[at].head } else { more[at - N] };
        at += 1;
    }
    heads
}

/// Compares by a text, whatever its case.
pub fn by_text(text: &str) -> OrderKey {
    Some((0, text.to_lowercase()))
}

/// Compares by a number.
pub fn by_number(number: impl Into<i128>) -> OrderKey {
    Some((number.into(), String::new()))
}

/// Sorts the rows of a list; `of` gives what the columns compare. What is unknown comes last in either direction.
pub fn sort_rows<T, R: Clone>(rows: &mut Vec<R>, of: impl Fn(&R) -> &T, columns: &[ListColumn<T>], sort: Sort) {
    if let Some(column) = columns.iter().find(|column| column.key == sort.column) {
        let order = in_order(rows.iter().map(|row| (column.order)(of(row))).collect(), sort.descending);
        *rows = order.into_iter().map(|at| rows[at].clone()).collect();
    }
}

/// The places of these keys in their order.
fn in_order(keys: Vec<OrderKey>, descending: bool) -> Vec<usize> {
    let mut order: Vec<(OrderKey, usize)> = keys.into_iter().zip(0..).collect();
    order.sort();
    if descending {
        order.reverse();
    }
    order.sort_by_key(|(key, _)| key.is_none());
    order.into_iter().map(|(_, at)| at).collect()
}

/// A column and its order as an address holds them: a `-` stands before a column whose largest value comes first.
pub(in crate::app) fn order_text(column: &str, descending: bool) -> String {
    format!("{}{column}", if descending { "-" } else { "" })
}

/// What [`order_text`] has written: whether the largest value comes first, and the column.
pub(in crate::app) fn read_order(said: &str) -> (bool, &str) {
    said.strip_prefix('-').map_or((false, said), |column| (true, column))
}

impl ListQuery {
    /// The query that the address holds. `value` gives the values of a name; other names and values than those of the list are ignored.
    pub fn parse(
        values: impl Fn(&str) -> Vec<String>,
        filters: &'static [&'static str],
        columns: &'static [&'static str],
    ) -> Self {
        let first = |name: &str| values(name).into_iter().next();
        let filter = |name: &'static str| values(name).into_iter().map(move |value| (name, value));
        let sort = first("sort").and_then(|said| {
            let (descending, name) = read_order(&said);
            columns.iter().find(|column| **column == name).map(|column| Sort { column, descending })
        });
        let mut filters: Vec<(&str, String)> = filters.iter().copied().flat_map(filter).collect();
        filters.sort_unstable();
        filters.dedup();
        Self { search: first("search").unwrap_or_default(), filters, sort }
    }

    /// Names and values for the address.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        if !self.search.is_empty() {
            pairs.push(("search", self.search.clone()));
        }
        pairs.extend(self.filters.iter().cloned());
        if let Some(Sort { column, descending }) = self.sort {
            pairs.push(("sort", order_text(column, descending)));
        }
        pairs
    }

    /// Whether it shows less than the whole list.
    pub fn narrows(&self) -> bool {
        !self.search.trim().is_empty() || !self.filters.is_empty()
    }

    /// The wanted values of a filter; none = all.
    pub fn wanted(&self, filter: &str) -> Vec<&str> {
        self.filters.iter().filter(|(name, _)| *name == filter).map(|(_, value)| value.as_str()).collect()
    }

    /// Whether a row with this value of a filter is wanted.
    pub fn fits(&self, filter: &str, value: &str) -> bool {
        let wanted = self.wanted(filter);
        wanted.is_empty() || wanted.contains(&value)
    }

    /// Whether each word of the search occurs in `text`, which is in lower case.
    pub fn finds(&self, text: &str) -> bool {
        self.search.to_lowercase().split_whitespace().all(|word| text.contains(word))
    }

    /// The same with another search text.
    #[must_use]
    pub fn searching(&self, search: String) -> Self {
        Self { search, ..self.clone() }
    }

    /// The same with a value of a filter wanted, or no longer wanted.
    #[must_use]
    pub fn toggled(&self, filter: &'static str, value: &str) -> Self {
        let mut filters = self.filters.clone();
        filters.retain(|(name, wanted)| (*name, wanted.as_str()) != (filter, value));
        if filters.len() == self.filters.len() {
            // In one order, so that the same rows have the same address.
            filters.push((filter, value.to_owned()));
            filters.sort_unstable();
        }
        Self { filters, ..self.clone() }
    }

    /// The same with this value of a filter alone wanted, or with all of its values.
    #[must_use]
    pub fn only(&self, filter: &'static str, value: &str) -> Self {
        let mut query = self.clone();
        query.filters.retain(|(name, _)| *name != filter);
        if value.is_empty() { query } else { query.toggled(filter, value) }
    }

    /// The same without search and filters.
    #[must_use]
    pub fn cleared(&self) -> Self {
        Self { sort: self.sort, ..Self::default() }
    }

    /// The same sorted by this column; the other way round if it already is. `own` is the order of the list without a choice.
    #[must_use]
    pub fn sorted_by(&self, column: &'static str, own: Sort) -> Self {
        let now = self.sort.unwrap_or(own);
        let sort = Sort { column, descending: now.column == column && !now.descending };
        Self { sort: Some(sort).filter(|sort| *sort != own), ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: Sort = Sort { column: "started", descending: true };

    #[test]
    fn a_click_on_a_head_sorts_and_the_next_one_turns_the_order_round() {
        let all = ListQuery::default();
        let oldest = all.sorted_by("started", OWN);
        assert_eq!(oldest.sort, Some(Sort { column: "started", descending: false }));
        assert_eq!(oldest.sorted_by("started", OWN), all, "the list's own order needs no words in the address");
        let named = all.sorted_by("name", OWN);
        assert_eq!(named.sort, Some(Sort { column: "name", descending: false }));
        assert_eq!(named.sorted_by("name", OWN).sort, Some(Sort { column: "name", descending: true }));
    }

    #[test]
    fn values_of_a_filter_are_alternatives_and_have_one_order() {
        let one = ListQuery::default().toggled("state", "running").toggled("state", "failed");
        assert_eq!(one, ListQuery::default().toggled("state", "failed").toggled("state", "running"));
        assert!(one.fits("state", "failed") && !one.fits("state", "completed") && one.fits("operation", "any"));
        assert_eq!(one.toggled("state", "failed").wanted("state"), ["running"]);
        assert_eq!(one.only("state", "completed").wanted("state"), ["completed"]);
        assert!(one.narrows() && !one.only("state", "").narrows() && !one.cleared().narrows());
    }

    #[test]
    fn rows_are_sorted_by_the_key_of_their_column_and_the_unknown_comes_last() {
        const COLUMNS: [ListColumn<&str>; 2] = [
            ListColumn { key: "name", head: "Name", order: |name| by_text(name) },
            ListColumn { key: "length", head: "Length", order: |name| by_number(name.parse::<i32>().ok()?) },
        ];
        const HEADS: [&str; 3] = heads(&COLUMNS, &["Actions"]);
        assert_eq!((keys(&COLUMNS), HEADS), (["name", "length"], ["Name", "Length", "Actions"]));
        let sorted = |column, descending| {
            let mut rows = vec!["b", "10", "A", "9"];
            sort_rows(&mut rows, |row| row, &COLUMNS, Sort { column, descending });
            rows
        };
        assert_eq!(sorted("name", false), ["10", "9", "A", "b"]);
        assert_eq!(sorted("length", false), ["9", "10", "b", "A"]);
        assert_eq!(sorted("length", true), ["10", "9", "A", "b"]);
        assert_eq!(sorted("size", true), ["b", "10", "A", "9"], "no such column");
    }

    #[test]
    fn each_word_of_the_search_has_to_occur() {
        let query = ListQuery::default().searching(" Web 01 ".to_owned());
        assert!(query.finds("web-01 in rg-01") && !query.finds("web-02"));
    }

    #[test]
    fn names_that_the_list_does_not_have_are_ignored() {
        let given = [("state", "failed"), ("other", "x"), ("sort", "-size"), ("search", "web")];
        let values = |name: &str| given.iter().filter(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned()).collect();
        let query = ListQuery::parse(values, &["state"], &["name"]);
        assert_eq!(query, ListQuery::default().toggled("state", "failed").searching("web".to_owned()));
        assert_eq!(ListQuery::parse(values, &[], &["size"]).sort, Some(Sort { column: "size", descending: true }));
    }
}
