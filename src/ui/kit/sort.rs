//! The head of a column by which a list can be sorted.

use yew::prelude::*;

use super::icon::{Icon, icon};

/// The head: a button that sorts. `descending` is the present order, if the list is sorted by this column.
pub fn sort_head(name: &'static str, descending: Option<bool>, on: Callback<MouseEvent>) -> Html {
    let (sort, arrow) = match descending {
        None => (None, None),
        Some(false) => (Some("ascending"), Some(Icon::Ascending)),
        Some(true) => (Some("descending"), Some(Icon::Descending)),
    };
    html! {
        <th scope="col" role="columnheader" aria-sort={sort}>
            <button type="button" class="vmr-sort" onclick={on}>{ name }if let Some(arrow) = arrow { { icon(arrow) } }</button>
        </th>
    }
}

#[cfg(test)]
mod tests {
    use super::super::test::html_of;
    use super::*;

    #[test]
    fn a_head_tells_its_order_to_everybody() {
        let html = |descending| html_of(sort_head("Started", descending, Callback::noop()));
        assert!(!html(None).contains("aria-sort") && !html(None).contains("<svg"));
        for (descending, said) in [(false, "ascending"), (true, "descending")] {
            let html = html(Some(descending));
            assert!(html.contains(&format!("aria-sort=\"{said}\"")) && html.contains("<svg"), "{html}");
        }
    }
}
