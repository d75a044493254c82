//! `localStorage`: settings, drafts and the records of restores. Never a token: MSAL.js keeps those of a sign-in in `sessionStorage`.

use wasm_bindgen::JsValue;
use web_sys::Storage;

fn storage() -> Result<Storage, JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    window.local_storage()?.ok_or(JsValue::NULL)
}

/// What is saved under `key`. A browser that forbids storage has nothing saved.
pub(crate) fn load(key: &str) -> Option<String> {
    storage().ok()?.get_item(key).ok()?
}

/// Saves `value`.
///
/// # Errors
/// The browser's words when storage is full or forbidden.
pub(crate) fn save(key: &str, value: &str) -> Result<(), String> {
    storage()
        .and_then(|s| s.set_item(key, value))
        .map_err(|error| super::dom::words(&error, "This browser does not allow the page to save anything."))
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
