//! Checkboxes.

use yew::prelude::*;

use super::dom::checked_of;
use super::field_hints::FieldHints;

/// A checkbox.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Check {
    /// Id of the control.
    pub id: AttrValue,
    /// Its label.
    pub label: AttrValue,
    /// Whether it is checked.
    pub checked: bool,
    /// The notes below it.
    pub notes: FieldHints,
}

/// A checkbox; `on` receives the new state.
pub fn check(check: Check, on: &Callback<bool>) -> Html {
    let Check { id, label, checked, notes } = check;
    html! {
        <div class="vmr-choice">
            <input type="checkbox" id={id.clone()} {checked} disabled={notes.disabled()} aria-describedby={notes.ids(&id)}
                onchange={on.reform(|e: Event| checked_of(&e))} />
            <label for={id.clone()}>{ label }</label>
            { notes.below(&id) }
        </div>
    }
}

/// A group of controls with a common name and common notes.
pub fn group(id: &'static str, legend: &'static str, notes: &FieldHints, children: Html) -> Html {
    html! {
        <fieldset {id} tabindex="-1" aria-describedby={notes.ids(id)}>
            <legend>{ legend }</legend>
            { notes.below(id) }
            <div class="vmr-choices">{ children }</div>
        </fieldset>
    }
}
