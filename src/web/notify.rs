//! System notifications, if the operator has allowed them.

use js_sys::{Promise, Reflect};
use wasm_bindgen::{JsCast as _, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Notification, NotificationOptions, NotificationPermission};

use super::dom;

/// Whether notifications are allowed; none = the browser has none, or the operator has forbidden them.
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

/// Asks the operator for permission and returns the answer.
pub(crate) async fn ask() -> Option<bool> {
    // The operator may answer at any time, and nothing waits for it. Older browsers return no promise; then the permission stays as it is.
    if let Some(asked) = Notification::request_permission().ok().and_then(|asked| asked.dyn_into::<Promise>().ok()) {
        let _ = JsFuture::from(asked).await;
    }
    allowed()
}

/// Shows a notification if that is allowed and the page is hidden. A click on it leads to the page.
pub(crate) fn show(title: &str, body: &str, tag: &str) {
    if allowed() != Some(true) || !dom::document().is_some_and(|document| document.hidden()) {
        return;
    }
    let options = NotificationOptions::new();
    options.set_body(body);
    options.set_tag(tag);
    // Mobile browsers allow notifications only from service workers.
    if let Ok(shown) = Notification::new_with_options(title, &options) {
        let clicked = Closure::once_into_js(|| {
            if let Some(window) = dom::window() {
                // If the browser refuses to focus the page, nothing else can be done.
                let _ = window.focus();
            }
        });
        shown.set_onclick(Some(clicked.unchecked_ref()));
    }
}
