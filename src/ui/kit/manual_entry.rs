//! Manual entry of a resource that a list does not show, because a role may allow to read a resource but not to list it.

use yew::prelude::*;

use super::dom::text_of;
use super::field_hints::FieldHints;
use crate::ui::translatable::translatable;

/// The properties of [`ManualEntry`].
#[derive(PartialEq, Properties)]
pub struct ManualEntryProps {
    /// Id of the control.
    pub id: AttrValue,
    /// Its label.
    pub label: AttrValue,
    /// What to enter.
    pub hint: AttrValue,
    /// Receives the text when the field loses the focus or Enter is pressed, and returns what is wrong with it.
    pub on: Callback<String, Option<String>>,
}

/// A text field in a closed `<details>`.
#[component]
pub fn ManualEntry(ManualEntryProps { id, label, hint, on }: &ManualEntryProps) -> Html {
    let wrong = use_state(|| None::<String>);
    let notes = FieldHints { error: (*wrong).clone().map(Into::into), ..FieldHints::hint(hint.clone()) };
    let onchange = on.reform(|e: Event| text_of(&e).trim().to_owned());
    let onchange = Callback::from(move |e: Event| wrong.set(onchange.emit(e)));
    translatable(html! {
        <details class="vmr-more">
            <summary>{ "Not listed? Enter it manually" }</summary>
            <label for={id.clone()}>{ label }</label>
            <input type="text" id={id.clone()} {onchange} autocomplete="off" spellcheck="false"
                aria-describedby={notes.ids(id)} aria-invalid={notes.invalid()} />
            <div role="status">{ notes.below(id) }</div>
        </details>
    })
}
