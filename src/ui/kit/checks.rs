//! Any of a few.

use yew::prelude::*;

use super::described;
use super::dom::checked_of;
use super::field::below;

/// A checkbox.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Check {
    /// Id of the control.
    pub id: AttrValue,
    /// Its label.
    pub label: AttrValue,
    /// Whether it is checked.
    pub checked: bool,
    /// What it means.
    pub hint: Option<AttrValue>,
    /// Why it cannot be changed; it is then disabled.
    pub reason: Option<AttrValue>,
}

/// A checkbox; `on` is told the new state.
pub fn check(check: Check, on: &Callback<bool>) -> Html {
    let Check { id, label, checked, hint, reason } = check;
    let describedby =
        described(&[reason.is_some().then(|| format!("{id}-reason")), hint.is_some().then(|| format!("{id}-hint"))]);
    html! {
        <div class="vmr-choice">
            <input type="checkbox" id={id.clone()} {checked} disabled={reason.is_some()} aria-describedby={describedby}
                onchange={on.reform(|e: Event| checked_of(&e))} />
            <label for={id.clone()}>{ label }</label>
            { below(&id, hint, reason, None) }
        </div>
    }
}

/// Checkboxes or other controls under one name. `error` says what is wrong with them together.
pub fn group(
    id: &'static str,
    legend: &'static str,
    hint: Option<AttrValue>,
    error: Option<AttrValue>,
    children: Html,
) -> Html {
    let describedby = super::field::describe(id, hint.is_some(), false, error.is_some());
    html! {
        <fieldset {id} tabindex="-1" aria-describedby={describedby}>
            <legend>{ legend }</legend>
            { below(id, hint, None, error) }
            <div class="vmr-choices">{ children }</div>
        </fieldset>
    }
}
