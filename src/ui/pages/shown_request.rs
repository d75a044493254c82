//! A request in the dialog that asks whether to send it.

use yew::prelude::*;

use crate::app::shown_request::ShownRequest;
use crate::ui::kit::id_text;

/// Method, URL, body and hash, as they leave.
pub(super) fn shown_request(shown: &ShownRequest) -> Html {
    let ShownRequest { call, url, body, sha256 } = shown;
    html! {
        <>
            <p>{ "Only this request is sent:" }</p>
            <p><code translate="no">{ call.method.as_str().to_owned() }</code>{ " " }{ id_text(url.clone()) }</p>
            if body.is_empty() {
                <p>{ "It has no body." }</p>
            } else {
                <pre class="vmr-request" tabindex="0" translate="no" aria-label="Request body"><code>{ body.clone() }</code></pre>
            }
            <p class="vmr-hint">{ "SHA-256 of method, URL and body: " }{ id_text(sha256.clone()) }</p>
        </>
    }
}
