//! Manual entry of a resource that a list does not show, because a role may allow to read a resource but not to list it.

use yew::prelude::*;

use super::dom::text_of;

/// A text field in a closed `<details>`; `on` receives the text when the field loses the focus or Enter is pressed.
pub fn manual_entry(id: String, label: String, hint: String, pattern: &'static str, on: &Callback<String>) -> Html {
    let hint_id = format!("{id}-hint");
    let onchange = on.reform(|e: Event| text_of(&e).trim().to_owned());
    html! {
        <details class="vmr-more">
            <summary>{ "Not listed? Enter it manually" }</summary>
            <label for={id.clone()}>{ label }</label>
            <input type="text" {id} {onchange} {pattern} autocomplete="off" spellcheck="false" aria-describedby={hint_id.clone()} />
            <p class="vmr-hint" id={hint_id}>{ hint }</p>
        </details>
    }
}
