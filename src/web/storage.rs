//! `localStorage`: settings, drafts and the records of restores. Never a token.

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
