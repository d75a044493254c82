//! Notifications of the system, where the operator has allowed them.

use js_sys::{Promise, Reflect};
use wasm_bindgen::{JsCast as _, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Notification, NotificationOptions, NotificationPermission};

use super::dom;

/// Whether they are allowed; none = they are not to be had, or the operator has forbidden them.
pub(crate) fn allowed() -> Option<bool> {
    if !Reflect::has(dom::window()?.as_ref(), &"Notification".into()).ok()? {
        return None;
    }
    match Notification::permission() {
        NotificationPermission::Granted => Some(true),
        NotificationPermission::Default => Some(false),
        _ => None,
    }
}

/// Has the browser ask the operator, and gives the answer.
pub(crate) async fn ask() -> Option<bool> {
    // The operator answers when he likes, and nothing waits for it. Older browsers give no promise. Without an answer it stays as it is.
    if let Some(asked) = Notification::request_permission().ok().and_then(|asked| asked.dyn_into::<Promise>().ok()) {
        let _ = JsFuture::from(asked).await;
    }
    allowed()
}

/// Notifies, if that is allowed and nobody sees the page. A click leads to the page.
pub(crate) fn show(title: &str, body: &str, tag: &str) {
    if allowed() != Some(true) || !dom::document().is_some_and(|document| document.hidden()) {
        return;
    }
    let options = NotificationOptions::new();
    options.set_body(body);
    options.set_tag(tag);
    // Browsers of phones allow them to service workers alone.
    if let Ok(shown) = Notification::new_with_options(title, &options) {
        let clicked = Closure::once_into_js(|| {
            if let Some(window) = dom::window() {
                // A browser that keeps the page where it is has its reasons.
                let _ = window.focus();
            }
        });
        shown.set_onclick(Some(clicked.unchecked_ref()));
    }
}
