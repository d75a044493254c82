//! A table with a caption, in a frame that scrolls when the page is narrow.

use yew::prelude::*;

use crate::app::state::ROWS;
use crate::ui::kit::each;

/// A column's name and whether it holds numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// What the head shows.
    pub name: &'static str,
    /// Right-aligned.
    pub numeric: bool,
}

/// Columns of text.
pub const fn columns<const N: usize>(names: [&'static str; N]) -> [Column; N] {
    let mut all = [Column { name: "", numeric: false }; N];
    let mut index = 0;
    while index < N {
        all[index].name = names[index];
        index += 1;
    }
    all
}

/// The table. `caption` is its accessible name, with `remark` beside it. `rows` are `tr` elements.
///
/// Set `scroll` if the rows contain nothing that takes the focus: then the frame is focusable, so that the keyboard can scroll it.
pub fn table(caption: &'static str, remark: Html, columns: &[Column], scroll: bool, rows: Html) -> Html {
    let head = columns.iter().map(|c| html! { <th scope="col" class={c.numeric.then_some("vmr-num")}>{ c.name }</th> });
    framed(caption, remark, None, each(head), scroll, html! { <tbody>{ rows }</tbody> })
}

/// A list to work with: `heads` are `th` elements, see [`sort_head`](super::sort::sort_head), and `bodies` are `tbody` elements with
/// [`list_row`]s. Where the page is narrow, each row is a card, and the heads that sort are buttons above the cards.
pub fn list_table(caption: &'static str, remark: Html, heads: Html, bodies: Html) -> Html {
    framed(caption, remark, Some("vmr-cards-when-narrow"), heads, false, bodies)
}

/// Heads of a list that cannot be sorted by.
pub fn plain_heads(names: &[&'static str]) -> Html {
    each(names.iter().map(|name| html! { <th scope="col">{ *name }</th> }))
}

fn framed(
    caption: &'static str,
    remark: Html,
    class: Option<&'static str>,
    heads: Html,
    scroll: bool,
    bodies: Html,
) -> Html {
    let (tabindex, role, label) = if scroll { (Some("0"), Some("region"), Some(caption)) } else { (None, None, None) };
    html! {
        <div class="vmr-table" {tabindex} {role} aria-label={label}>
            <table {class} aria-label={caption}>
                <caption><strong>{ caption }</strong>{ " " }{ remark }</caption>
                <thead><tr>{ heads }</tr></thead>
                { bodies }
            </table>
        </div>
    }
}

/// A group of rows below its name, which spans all columns.
pub fn group(name: String, columns: usize, rows: Html) -> Html {
    html! {
        <tbody key={name.clone()}>
            <tr class="vmr-group"><th scope="rowgroup" colspan={columns.to_string()}>{ name }</th></tr>
            { rows }
        </tbody>
    }
}

/// A row: the header that names it, and its cells. `key` identifies it between renders.
pub fn row(key: &str, head: Html, cells: Vec<Html>) -> Html {
    let cells = cells.into_iter().map(|cell| html! { <td>{ cell }</td> });
    html! { <tr key={key}><th scope="row">{ head }</th>{ each(cells) }</tr> }
}

/// A row of a [`list_table`]: the header with the link that the whole row follows, and the cells, each with the name of its column. It can be
/// marked as the one that was looked for.
pub fn list_row(key: &str, marked: bool, head: Html, cells: Vec<(&'static str, Html)>) -> Html {
    let cells = cells.into_iter().map(|(name, cell)| html! { <td data-name={name}>{ cell }</td> });
    html! { <tr key={key} class={classes!("vmr-row-link", marked.then_some("vmr-marked"))}><th scope="row">{ head }</th>{ each(cells) }</tr> }
}

/// A secondary line in a cell.
pub fn small(text: impl Into<AttrValue>) -> Html {
    let text: AttrValue = text.into();
    html! { <small>{ text }</small> }
}

/// How many of `all` rows are shown, and a button for more.
pub fn more(shown: usize, all: usize, on: Callback<MouseEvent>) -> Html {
    if shown >= all {
        return Html::default();
    }
    html! {
        <div class="vmr-more">
            <button type="button" onclick={on}>{ format!("Show {} more", ROWS.min(all - shown)) }</button>
            <span>{ format!("{shown} of {all} shown") }</span>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::super::test::html_of;
    use super::*;

    #[test]
    fn a_table_has_a_name_and_column_heads() {
        let html = html_of(table(
            "Tasks",
            Html::default(),
            &columns(["Task", "State"]),
            true,
            html! { <tr><td>{ "x" }</td><td>{ "y" }</td></tr> },
        ));
        assert!(html.contains("<table aria-label=\"Tasks\">") && html.matches("scope=\"col\"").count() == 2, "{html}");
        assert!(html.contains("tabindex=\"0\""), "{html}");
    }

    #[test]
    fn more_is_offered_only_where_there_is_more() {
        assert_eq!(html_of(more(3, 3, Callback::noop())), "");
        assert!(html_of(more(100, 113, Callback::noop())).contains("Show 13 more"));
    }
}
