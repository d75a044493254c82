//! `localStorage`: settings, drafts and the records of restores. Never a token: MSAL.js keeps those of a sign-in in `sessionStorage`.

use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::Storage;

fn storage() -> Result<Storage, JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    window.local_storage()?.ok_or(JsValue::NULL)
}

/// What is saved under `key`. A browser that forbids storage has nothing saved.
pub(crate) fn load(key: &str) -> Option<String> {
    storage().ok()?.get_item(key).ok()?
}

/// What the browser says where it keeps nothing, and what to do about it.
const FORBIDDEN: &str = "This browser blocks this site's data, because of its settings or because the page is shown inside another site. Allow this site to store data, then reload the page.";

/// Why nothing can be kept at all; none = something can.
pub(crate) fn forbidden() -> Option<String> {
    storage().err().map(|_| FORBIDDEN.to_owned())
}

/// Saves `value`.
///
/// # Errors
/// What stands in the way, and what to do.
pub(crate) fn save(key: &str, value: &str) -> Result<(), String> {
    let storage = storage().map_err(|_| FORBIDDEN.to_owned())?;
    storage.set_item(key, value).map_err(|error| {
        let words = super::dom::words(&error, "This browser couldn't save it.");
        let full = error.dyn_ref::<js_sys::Error>().is_some_and(|error| String::from(error.name()).contains("Quota"));
        if full { format!("{words} Free up space for this site.") } else { words }
    })
}

/// Removes what is saved under `key`.
pub(crate) fn remove(key: &str) {
    // Nothing to do for a browser that forbids storage: nothing is there.
    let _ = storage().and_then(|s| s.remove_item(key));
}

/// Whether MSAL.js has left anything in this tab: an account, or a sign-in that the page comes back from.
pub(crate) fn has_signed_in() -> bool {
    let Some(storage) = web_sys::window().and_then(|w| w.session_storage().ok()?) else { return false };
    let count = storage.length().unwrap_or_default();
    (0..count).any(|at| storage.key(at).ok().flatten().is_some_and(|key| key.starts_with("msal.")))
}
