//! A request in the dialog that asks whether to send it, and how far it is after that.

use yew::prelude::*;

use super::PageContext;
use crate::app::follower::{Followed, Follower};
use crate::app::shown_request::ShownRequest;
use crate::ui::kit::name::name;
use crate::ui::kit::{each, id_text};
use crate::ui::text;

/// Method, URL, body and hash, as they leave.
pub(super) fn shown_request(shown: &ShownRequest) -> Html {
    introduced_request("Only this request is sent:", shown)
}

/// The same after a sentence of its own.
pub(super) fn introduced_request(intro: &'static str, shown: &ShownRequest) -> Html {
    let ShownRequest { call, url, body, sha256 } = shown;
    html! {
        <>
            <p>{ intro }</p>
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

/// How far a request is that is followed.
pub(super) fn how_far(follower: &Follower) -> Html {
    let Some(operation) = &follower.operation else { return html! { <p>{ "The request is being sent." }</p> } };
    let status = Some(operation.status()).filter(|status| !status.is_empty()).unwrap_or("accepted");
    html! { <p>{ "Operation status: " }{ name(status) }</p> }
}

/// When a request that is stored was sent, and its hash.
pub(super) fn sent_at(view: &PageContext, of: &Followed) -> Html {
    each(view.state.sent_request(of).map(|one| {
        html! { <p class="vmr-hint">{ "Sent " }{ text::utc(one.sent) }{ ". SHA-256 of method, URL and body: " }{ id_text(one.sha256.clone()) }</p> }
    }))
}
