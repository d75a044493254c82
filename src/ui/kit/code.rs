//! Code to copy.

use yew::prelude::*;

/// Code with a button that copies it; `label` is part of the button's accessible name.
pub fn code(label: &'static str, text: impl Into<AttrValue>, copy: Callback<MouseEvent>) -> Html {
    let text: AttrValue = text.into();
    html! {
        <div class="vmr-code">
            <pre translate="no"><code>{ text }</code></pre>
            <button type="button" class="vmr-small" onclick={copy} aria-label={format!("Copy {label}")}>{ "Copy" }</button>
        </div>
    }
}
