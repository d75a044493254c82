//! A filter of a list: a chip that shows what is wanted, and opens to the values.

use yew::prelude::*;

use super::dom::{close_on_escape, close_when_left};
use super::icon::{Icon, icon};
use crate::ui::kit::each;

/// A value of a filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterValue {
    /// What tells it from the others.
    pub value: String,
    /// What it is called.
    pub label: AttrValue,
    /// How many rows have it; none where it is not counted.
    pub count: Option<usize>,
    /// Whether it is wanted.
    pub wanted: bool,
}

/// The chip. `id` begins the ids of its controls. Values are alternatives; with `one`, the first of them stands for all rows, and one is wanted.
/// `on` receives the value that was chosen, or chosen no longer.
pub fn filter(id: &'static str, label: &'static str, one: bool, values: &[FilterValue], on: &Callback<String>) -> Html {
    let wanted: Vec<&str> = values.iter().filter(|value| value.wanted).map(|value| &*value.label).collect();
    let said = match wanted.as_slice() {
        [] => "All".to_owned(),
        [one, two, rest @ ..] if !rest.is_empty() => format!("{one}, {two} and {} more", rest.len()),
        some => some.join(", "),
    };
    let narrows = if one { !values.first().is_some_and(|all| all.wanted) } else { !wanted.is_empty() };
    let row = |(index, value): (usize, &FilterValue)| {
        let control = format!("{id}-{index}");
        let onchange = {
            let value = value.value.clone();
            on.reform(move |_: Event| value.clone())
        };
        let kind = if one { "radio" } else { "checkbox" };
        html! {
            <div class="vmr-choice" key={value.value.clone()}>
                <input type={kind} id={control.clone()} name={one.then_some(id)} checked={value.wanted} {onchange} />
                <label for={control}>{ &value.label }if let Some(count) = value.count { <small>{ count }</small> }</label>
            </div>
        }
    };
    filter_chip(label, html! { said }, narrows, Callback::noop(), each(values.iter().enumerate().map(row)))
}

/// The chip alone: `said` is what is wanted, `values` what it opens to.
pub fn filter_chip(label: &'static str, said: Html, narrows: bool, ontoggle: Callback<Event>, values: Html) -> Html {
    html! {
        <details class="vmr-filter" data-narrows={narrows.then_some("")} {ontoggle} onfocusout={|e: FocusEvent| close_when_left(&e)} onkeydown={|e: KeyboardEvent| close_on_escape(&e)}>
            <summary><span>{ format!("{label}: ") }</span><strong>{ said }</strong>{ icon(Icon::Open) }</summary>
            <div role="group" aria-label={label} tabindex="-1">{ values }</div>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use super::super::test::html_of;
    use super::*;

    fn shown(one: bool, wanted: &[usize]) -> String {
        let value = |index: usize| FilterValue {
            value: format!("v{index}"),
            label: format!("Value {index}").into(),
            count: Some(index * 10),
            wanted: wanted.contains(&index),
        };
        html_of(filter("state", "State", one, &[0, 1, 2, 3].map(value), &Callback::noop()))
    }

    #[test]
    fn the_chip_says_what_is_wanted() {
        assert!(shown(false, &[]).contains("<strong>All</strong>"));
        assert!(shown(false, &[1, 2]).contains("<strong>Value 1, Value 2</strong>"));
        assert!(shown(false, &[0, 1, 2, 3]).contains("Value 0, Value 1 and 2 more"));
        assert_eq!(shown(false, &[2]).matches(" checked").count(), 1);
        assert!(shown(false, &[0]).contains("data-narrows") && !shown(true, &[0]).contains("data-narrows"));
    }
}
