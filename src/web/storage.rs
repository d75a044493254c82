//! `localStorage`: settings, and the drafts and restores, one entry each. Never a token: MSAL.js keeps those of a sign-in in `sessionStorage`.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Storage;

use crate::app::records::{Change, Record};

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

/// Removes what is saved under `key`, if it is still this text: another tab may have saved since it was read.
pub(crate) fn remove_unchanged(key: &str, value: &str) {
    if load(key).as_deref() == Some(value) {
        remove(key);
    }
}

/// The key of a record.
fn record_key(store: &str, key: &str) -> String {
    format!("{store}/{key}")
}

/// The records of a store. A browser that forbids storage has none.
pub(crate) fn records(store: &str) -> Vec<Record> {
    let Ok(storage) = storage() else { return Vec::new() };
    let prefix = record_key(store, "");
    let record = |name: String| {
        let text = storage.get_item(&name).ok().flatten()?;
        Some((name.strip_prefix(&prefix)?.to_owned(), text))
    };
    names(&storage, &prefix).into_iter().filter_map(record).collect()
}

fn names(storage: &Storage, prefix: &str) -> Vec<String> {
    let count = storage.length().unwrap_or_default();
    let names = (0..count).filter_map(|at| storage.key(at).ok().flatten());
    names.filter(|name| name.starts_with(prefix)).collect()
}

/// Changes records of a store: all of them, or none.
///
/// # Errors
/// What stands in the way, and what to do.
pub(crate) fn save_records(store: &str, changes: &[Change]) -> Result<(), String> {
    let storage = storage().map_err(|_| FORBIDDEN.to_owned())?;
    let mut wanted: Vec<(String, Option<&str>)> = Vec::new();
    for change in changes {
        match change {
            Change::Put((key, text)) => wanted.push((record_key(store, key), Some(text))),
            Change::Delete(key) => wanted.push((record_key(store, key), None)),
            Change::Clear => {
                let all = names(&storage, &record_key(store, ""));
                wanted.extend(all.into_iter().map(|name| (name, None)));
            }
        }
    }
    let mut before = Vec::new();
    for (name, value) in wanted {
        before.push((name.clone(), load(&name)));
        let Err(why) = put(&name, value) else { continue };
        for (name, value) in before.into_iter().rev() {
            // There was room for it before.
            let _ = put(&name, value.as_deref());
        }
        return Err(why);
    }
    Ok(())
}

fn put(name: &str, value: Option<&str>) -> Result<(), String> {
    match value {
        Some(value) => save(name, value),
        None => {
            remove(name);
            Ok(())
        }
    }
}

/// Asks the browser not to remove what is saved when it needs room. It may ask the person, or decide alone; either answer is right.
pub(crate) fn persist() {
    let Some(window) = web_sys::window() else { return };
    // Browsers before 2021, and pages without TLS, have no such request.
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
