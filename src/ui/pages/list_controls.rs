//! The controls of a list: search, filters, the order, and what is shown of how much.

use yew::prelude::*;

use crate::app::list_query::{ListQuery, Sort};
use crate::app::msg::Msg;
use crate::ui::kit::announced::Announced;
use crate::ui::kit::button;
use crate::ui::kit::dom::focus;
use crate::ui::kit::each;
use crate::ui::kit::field::{Field, Kind, field};
use crate::ui::kit::field_hints::FieldHints;
use crate::ui::kit::filter::{FilterValue, filter};
use crate::ui::kit::sort::sort_head;
use crate::ui::kit::virtual_rows::find_limit;
use crate::ui::pages::on_click;

/// A list, as its controls see it.
pub struct ListControls<'a> {
    /// What is wanted of it.
    pub query: &'a ListQuery,
    /// Its order without a choice.
    pub own: Sort,
    /// Where messages go.
    pub dispatch: &'a Callback<Msg>,
}

impl ListControls<'_> {
    /// A click that shows the list like this.
    fn shows(&self, query: ListQuery) -> Callback<MouseEvent> {
        on_click(self.dispatch, Msg::ShowList(query))
    }

    /// The heads of a list: those of `columns` sort by them, those that follow sort by nothing.
    pub fn heads(&self, columns: &'static [&'static str], heads: &'static [&'static str]) -> Html {
        let now = self.query.sort.unwrap_or(self.own);
        let head = |(at, name): (usize, &&'static str)| match columns.get(at) {
            None => html! { <th scope="col" role="columnheader">{ *name }</th> },
            Some(column) => {
                let descending = (now.column == *column).then_some(now.descending);
                sort_head(name, descending, self.shows(self.query.sorted_by(column, self.own)))
            }
        };
        each(heads.iter().enumerate().map(head))
    }

    /// The search field of a list of `all` rows.
    pub fn search(&self, label: &'static str, all: usize) -> Html {
        let query = self.query.clone();
        field(Field {
            id: "search".into(),
            label: label.into(),
            kind: Kind::Search,
            value: self.query.search.clone().into(),
            on: self.dispatch.reform(move |text| Msg::ShowList(query.searching(text))),
            notes: FieldHints { hint: find_limit(all), ..FieldHints::default() },
            ..Field::default()
        })
    }

    /// A filter of several values; `values` are their keys, names and counts.
    pub fn filter(&self, name: &'static str, label: &'static str, values: Vec<(String, String, usize)>) -> Html {
        let wanted = self.query.wanted(name);
        let known: Vec<String> = values.iter().map(|(value, ..)| value.clone()).collect();
        // A value of the address that no row has stays visible: it is why nothing is shown.
        let stray = wanted.iter().filter(|value| !known.iter().any(|known| known == *value));
        let stray = stray.map(|value| ((*value).to_owned(), (*value).to_owned(), 0));
        let shown: Vec<FilterValue> = values
            .into_iter()
            .chain(stray)
            .map(|(value, label, count)| FilterValue {
                wanted: wanted.contains(&value.as_str()),
                value,
                label: label.into(),
                count: Some(count),
            })
            .collect();
        let query = self.query.clone();
        let on = self.dispatch.reform(move |value: String| Msg::ShowList(query.toggled(name, &value)));
        filter(name, label, false, &shown, &on)
    }

    /// A filter of which one value is wanted, or all; `values` are their keys and names.
    pub fn filter_one(&self, name: &'static str, label: &'static str, values: &[(&'static str, &'static str)]) -> Html {
        let wanted = self.query.wanted(name).into_iter().next().unwrap_or_default();
        let value = |(value, label): &(&'static str, &'static str)| FilterValue {
            value: (*value).to_owned(),
            label: (*label).into(),
            count: None,
            wanted: *value == wanted,
        };
        let values: Vec<FilterValue> = [("", "Any time")].iter().chain(values).map(value).collect();
        let query = self.query.clone();
        let on = self.dispatch.reform(move |value: String| Msg::ShowList(query.only(name, &value)));
        filter(name, label, true, &values, &on)
    }

    /// The buttons after the filters: all rows again, and the rows as a file.
    pub fn actions(&self) -> Html {
        html! { <>{ each(self.clear()) }{ button("Download CSV", "vmr-subtle", on_click(self.dispatch, Msg::DownloadCsv)) }</> }
    }

    /// The button that shows all rows again.
    pub fn clear(&self) -> Option<Html> {
        self.query.narrows().then(|| {
            let (dispatch, query) = (self.dispatch.clone(), self.query.cleared());
            let on = Callback::from(move |event: MouseEvent| {
                // The button goes, so the focus has to.
                focus(&event, "search");
                dispatch.emit(Msg::ShowList(query.clone()));
            });
            button("Clear filters", "vmr-subtle", on)
        })
    }

    /// Tells a screen reader how many rows are shown, once typing has rested.
    pub fn announced(&self, found: usize, all: usize, rows: &str) -> Html {
        let text = if self.query.narrows() { format!("{found} of {all} {rows}") } else { format!("{all} {rows}") };
        html! { <Announced {text} /> }
    }
}
