//! `localStorage`: settings, budgets of reads and the quarantine; restores and drafts are in [`super::database`]. Never a token: MSAL.js keeps
//! those of a sign-in in `sessionStorage`.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Storage;

use crate::app::records::{Change, Record};
use crate::app::saved::older_after;

fn storage() -> Result<Storage, JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    window.local_storage()?.ok_or(JsValue::NULL)
}

/// What is saved under `key`. A browser that forbids storage has nothing saved.
pub(crate) fn load(key: &str) -> Option<String> {
    storage().ok()?.get_item(key).ok()?
}

/// The sentence shown when the browser blocks storage, with the remedy.
pub(crate) const FORBIDDEN: &str = "This browser blocks this site's data, because of its settings or because the page is shown inside another site. Allow this site to store data, then reload the page.";

/// The sentence shown when the browser gives no reason.
pub(crate) const UNSAVED: &str = "This browser couldn't save it.";

/// Why the browser blocks storage; none = it does not.
pub(crate) fn forbidden() -> Option<String> {
    storage().err().map(|_| FORBIDDEN.to_owned())
}

/// Saves `value`.
///
/// # Errors
/// Why it failed, and what the operator can do.
pub(crate) fn save(key: &str, value: &str) -> Result<(), String> {
    let storage = storage().map_err(|_| FORBIDDEN.to_owned())?;
    storage.set_item(key, value).map_err(|error| why_unsaved(&error))
}

/// The browser's message for a failed save, with the remedy if storage is full.
pub(crate) fn why_unsaved(error: &JsValue) -> String {
    let words = super::dom::error_message(error, UNSAVED);
    let full = error.dyn_ref::<js_sys::Error>().is_some_and(|error| String::from(error.name()).contains("Quota"));
    if full { format!("{words} Free up space for this site.") } else { words }
}

fn remove(key: &str) {
    // If the browser blocks storage, there is nothing to remove.
    let _ = storage().and_then(|s| s.remove_item(key));
}

/// Removes what is saved under `key`, if it is still this text: another tab may have saved since it was read.
pub(crate) fn remove_unchanged(key: &str, value: &str) {
    if load(key).as_deref() == Some(value) {
        remove(key);
    }
}

/// The entries that versions before the database saved for a store: the entry with its name, and those below it. Empty if the browser blocks
/// storage.
pub(crate) fn legacy_entries(store: &str) -> Vec<Record> {
    let Ok(storage) = storage() else { return Vec::new() };
    let entry = |name: String| Some((name.clone(), storage.get_item(&name).ok()??));
    names(&storage, store).into_iter().filter_map(entry).collect()
}

/// Removes the entry of this name, and what older versions have saved below it.
pub(crate) fn remove_all(name: &str) {
    // If the browser blocks storage, there is nothing to remove.
    let Ok(storage) = storage() else { return };
    for name in names(&storage, name) {
        let _ = storage.remove_item(&name);
    }
}

/// Removes records that were deleted from the database also from the entries of older versions, so that they do not come back.
pub(crate) fn remove_from_legacy(store: &str, changes: &[Change]) {
    if changes.iter().all(|change| matches!(change, Change::Put(_))) {
        return;
    }
    for (name, text) in older_after(store, &legacy_entries(store), changes) {
        match text {
            // The text is shorter than the one before, so there is room for it.
            Some(text) => drop(save(&name, &text)),
            None => remove(&name),
        }
    }
}

/// The names of the entry `name` and of those below it.
fn names(storage: &Storage, name: &str) -> Vec<String> {
    let count = storage.length().unwrap_or_default();
    let all = (0..count).filter_map(|at| storage.key(at).ok().flatten());
    let below = |other: &String| other.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    all.filter(below).collect()
}

/// Asks the browser not to evict this site's data when space runs out. The browser may ask the operator or decide itself; the page works with either answer.
pub(crate) fn persist() {
    let Some(window) = web_sys::window() else { return };
    // Browsers before 2021 lack `persist`, and so do pages without TLS.
    let manager = Reflect::get(&window.navigator(), &"storage".into()).unwrap_or_default();
    let Ok(persist) = Reflect::get(&manager, &"persist".into()).and_then(|persist| persist.dyn_into::<Function>())
    else {
        return;
    };
    if let Ok(asked) = persist.call0(&manager) {
        let asked: Promise = asked.unchecked_into();
        spawn_local(async move { drop(JsFuture::from(asked).await) });
    }
}

/// Whether MSAL.js has left anything in this tab: an account, or a sign-in that the page comes back from.
pub(crate) fn has_signed_in() -> bool {
    let Some(storage) = web_sys::window().and_then(|w| w.session_storage().ok()?) else { return false };
    let count = storage.length().unwrap_or_default();
    (0..count).any(|at| storage.key(at).ok().flatten().is_some_and(|key| key.starts_with("msal.")))
}
