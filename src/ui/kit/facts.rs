//! Names and values.

use crate::ui::kit::each;
use yew::prelude::*;

/// A list of names and values, several to a line where there is room.
pub fn facts(pairs: impl IntoIterator<Item = (AttrValue, Html)>) -> Html {
    list("vmr-facts", pairs)
}

/// The same with one pair a line, for long values such as ids.
pub fn facts_wide(pairs: impl IntoIterator<Item = (AttrValue, Html)>) -> Html {
    list("vmr-facts vmr-wide", pairs)
}

fn list(class: &'static str, pairs: impl IntoIterator<Item = (AttrValue, Html)>) -> Html {
    html! { <dl {class}>{ each(pairs.into_iter().map(|(name, value)| html! { <div><dt>{ name }</dt><dd>{ value }</dd></div> })) }</dl> }
}
