//! The filters of the list of machines: a chip that opens to the values of a facet, and a chip for each wanted value.

use web_sys::HtmlDetailsElement;
use yew::prelude::*;

use crate::app::fleet::{Facet, Fleet, SOFT_DELETED, Value};
use crate::restore::visible::visible_name;
use crate::ui::kit::dom::{checked_of, text_of};
use crate::ui::kit::each;
use crate::ui::kit::filter::filter_chip;
use crate::ui::kit::icon::{Icon, icon};
use crate::ui::kit::name::name;
use crate::ui::shared::Shared;
use crate::ui::text;
use crate::ui::translatable::translatable;

/// So many values are listed; the field above them finds the others.
const LISTED: usize = 50;
/// A list of more values has a field to search them.
const SEARCHED: usize = 10;

/// What a facet is called.
pub(super) const fn facet_name(facet: Facet) -> &'static str {
    match facet {
        Facet::Subscription => "Subscription",
        Facet::Vault => "Vault",
        Facet::Group => "Resource group",
        Facet::Region => "Region",
        Facet::Health => "Health",
        Facet::Tag => "Tag",
    }
}

/// A value of a facet, in the page's words where it is one of Azure's codes.
pub(super) fn value_name(facet: Facet, label: &str) -> &str {
    match label {
        _ if facet != Facet::Health => label,
        SOFT_DELETED => "Soft-deleted",
        "Passed" => "Healthy",
        "ActionRequired" => "Action required",
        "ActionSuggested" => "Action suggested",
        other => other,
    }
}

/// A wanted value, and how it is wanted no longer.
pub(super) fn chip(facet: Facet, label: &str, on: Callback<MouseEvent>) -> Html {
    let value = value_name(facet, label);
    let what = format!("Remove filter {}: {}", facet_name(facet), visible_name(value));
    html! { <button key={what.clone()} type="button" class="vmr-chip" aria-label={what} onclick={on}>{ name(value) }{ icon(Icon::Remove) }</button> }
}

/// The properties of [`FacetFilter`].
#[derive(PartialEq, Properties)]
pub(super) struct FacetFilterProps {
    /// The facet.
    pub(super) facet: Facet,
    /// The machines.
    pub(super) fleet: Shared<Fleet>,
    /// The wanted values.
    pub(super) wanted: Vec<String>,
    /// Receives a value, and whether it is wanted from now on.
    pub(super) on: Callback<(String, bool)>,
}

/// The chip of a facet. Its values are alternatives.
#[component]
pub(super) fn FacetFilter(FacetFilterProps { facet, fleet, wanted, on }: &FacetFilterProps) -> Html {
    // While it is open: what was wanted when it was opened. Its values keep their order, since a control that is moved loses the focus.
    let (open, typed) = (use_state_eq(|| None::<Vec<String>>), use_state(String::new));
    let ontoggle = {
        let (open, wanted) = (open.setter(), wanted.clone());
        Callback::from(move |e: Event| {
            let is_open = e.target_dyn_into::<HtmlDetailsElement>().is_some_and(|details| details.open());
            open.set(is_open.then(|| wanted.clone()));
        })
    };
    let said = match wanted.as_slice() {
        [] => html! { "Any" },
        [one] => name(value_name(*facet, &fleet.label(*facet, one))),
        several => html! { several.len().to_string() },
    };
    let shown = (*open).as_ref().map(|first| values(*facet, fleet, wanted, first, &typed, on));
    translatable(filter_chip(facet_name(*facet), said, !wanted.is_empty(), ontoggle, each(shown)))
}

fn values(
    facet: Facet,
    fleet: &Fleet,
    wanted: &[String],
    first: &[String],
    typed: &UseStateHandle<String>,
    on: &Callback<(String, bool)>,
) -> Html {
    let all = fleet.values(facet);
    if all.is_empty() {
        return html! { <p class="vmr-hint">{ "No values" }</p> };
    }
    let text = typed.trim().to_lowercase();
    let is_wanted = |value: &Value| wanted.contains(&value.key);
    let fits = |value: &&Value| value_name(facet, &value.label).to_lowercase().contains(&text);
    // What was wanted comes first, so that it can be unchecked.
    let (first, rest): (Vec<&Value>, Vec<&Value>) = all.iter().copied().partition(|value| first.contains(&value.key));
    let fitting: Vec<&Value> = first.into_iter().chain(rest).filter(fits).collect();
    let id = format!("filter-{}", facet.name());
    let one = |(nth, value): (usize, &&Value)| {
        let id = format!("{id}-{nth}");
        let onchange = {
            let key = value.key.clone();
            on.reform(move |e: Event| (key.clone(), checked_of(&e)))
        };
        html! {
            <div class="vmr-choice" key={value.key.clone()}>
                <input type="checkbox" id={id.clone()} checked={is_wanted(value)} {onchange} />
                <label for={id}>{ name(value_name(facet, &value.label)) }<small>{ text::thousands(value.count) }</small></label>
            </div>
        }
    };
    let oninput = {
        let typed = typed.setter();
        Callback::from(move |e: InputEvent| typed.set(text_of(&e)))
    };
    let left = fitting.len().saturating_sub(LISTED);
    html! {
        <>
            if all.len() > SEARCHED {
                <label class="vmr-hidden" for={id.clone()}>{ format!("Search values of {}", facet_name(facet).to_lowercase()) }</label>
                <input type="search" id={id.clone()} value={(**typed).clone()} {oninput} placeholder="Search" autocomplete="off" spellcheck="false" />
            }
            { each(fitting.iter().take(LISTED).enumerate().map(one)) }
            if fitting.is_empty() { <p class="vmr-hint">{ "No matches" }</p> }
            if left > 0 { <p class="vmr-hint">{ format!("{} more. Search to narrow them down.", text::thousands(left)) }</p> }
        </>
    }
}
