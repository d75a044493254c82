//! Writing down what a list lacks: a role may allow a resource and not the list that it is in.

use yew::prelude::*;

use super::dom::text_of;

/// A text field that is folded away under "Not in the list?"; `on` is told the text when it is finished.
pub fn by_hand(id: String, label: String, hint: String, pattern: &'static str, on: &Callback<String>) -> Html {
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
