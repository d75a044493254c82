//! The list of a plan's machines in its settings and in its review: searched by what is said of them; of its rows, those in sight are drawn.

use yew::prelude::*;

use crate::app::list_query::ListQuery;
use crate::app::msg::Msg;
use crate::ui::kit::announced::Announced;
use crate::ui::kit::each;
use crate::ui::kit::empty::empty;
use crate::ui::kit::field::{Field, Kind, field};
use crate::ui::kit::field_hints::FieldHints;
use crate::ui::kit::virtual_rows::{LongTable, find_limit};
use crate::ui::pages::PageContext;
use crate::ui::text;

/// A list.
pub(super) struct TallList {
    /// Its name.
    pub caption: &'static str,
    /// How many rows it has.
    pub all: usize,
    /// The heads of its columns.
    pub heads: &'static [&'static str],
    /// The label of its search.
    pub search: &'static str,
}

impl TallList {
    /// What the search finds; `said` is the text of a row.
    pub(super) fn found<T>(
        &self,
        view: &PageContext,
        all: impl Iterator<Item = T>,
        said: impl Fn(&T) -> String,
    ) -> Vec<T> {
        let query = ListQuery::default().searching(view.state.view.search.clone());
        all.filter(|one| !query.narrows() || query.finds(&said(one).to_lowercase())).collect()
    }

    /// The search and the table of the `count` rows that it has found.
    pub(super) fn table(
        &self,
        view: &PageContext,
        count: usize,
        id: Callback<usize, Option<String>>,
        row: Callback<usize, Option<Html>>,
    ) -> Html {
        let (search, all) = (&view.state.view.search, text::thousands(self.all));
        let is_searched = !search.is_empty();
        let limit = find_limit(self.all);
        let remark = if is_searched { format!("{} of {all}", text::thousands(count)) } else { all };
        let field = (is_searched || limit.is_some()).then(|| {
            field(Field {
                id: "search".into(),
                label: self.search.into(),
                kind: Kind::Search,
                value: search.clone().into(),
                on: view.dispatch.reform(Msg::Search),
                notes: FieldHints { hint: limit, ..FieldHints::default() },
                ..Field::default()
            })
        });
        let body = if is_searched && count == 0 {
            empty(
                "No VMs match your search",
                html! { <p>{ "Change the search. It covers names and what their rows say." }</p> },
            )
        } else {
            html! { <LongTable caption={self.caption} remark={html! { remark.clone() }} heads={heads_of(self.heads)} {count} {id} {row} tall={true} /> }
        };
        html! {
            <>
                if let Some(field) = field { <div class="vmr-filters">{ field }</div> }
                if is_searched { <Announced text={remark} /> }
                { body }
            </>
        }
    }
}

fn heads_of(names: &[&'static str]) -> Html {
    each(names.iter().map(|name| html! { <th scope="col" role="columnheader">{ *name }</th> }))
}
