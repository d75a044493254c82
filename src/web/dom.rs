//! Small wrappers of browser functions: clipboard, downloads, random ids, the address bar.

use gloo_events::EventListener;
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, Document, HtmlAnchorElement, HtmlInputElement, MediaQueryList, Url, Window};

use super::timeout::{MAX_LOAD, with_timeout};

pub(crate) fn window() -> Option<Window> {
    web_sys::window()
}

pub(crate) fn document() -> Option<Document> {
    window()?.document()
}

/// The message of a JavaScript exception, or `otherwise` if it has none.
pub(crate) fn error_message(error: &JsValue, otherwise: &str) -> String {
    error.dyn_ref::<js_sys::Error>().map_or_else(|| otherwise.to_owned(), |e| String::from(e.message()))
}

/// The part of the address after `#`, or an empty string.
pub(crate) fn hash() -> String {
    window().and_then(|w| w.location().hash().ok()).unwrap_or_default().trim_start_matches('#').to_owned()
}

/// The whole address of another page of the app.
pub(crate) fn absolute(hash: &str) -> String {
    let address = window().and_then(|w| w.location().href().ok()).unwrap_or_default();
    format!("{}{hash}", address.split('#').next().unwrap_or_default())
}

/// Goes to another page of the app; the browser's history keeps the present one.
pub(crate) fn go(hash: &str) {
    if let Some(window) = window() {
        // The only refusal is a malformed URL, and a hash cannot be one.
        let _ = window.location().set_hash(hash);
    }
}

/// Changes the address of the present page of the app.
pub(crate) fn replace(hash: &str) {
    if let Some(history) = window().and_then(|window| window.history().ok()) {
        // Browsers refuse it when somebody types very fast for long; the next change brings the address up to date.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(hash));
    }
}

/// Whether the operator points with a finger.
pub(crate) fn coarse_pointer() -> Option<MediaQueryList> {
    window()?.match_media("(pointer: coarse)").ok()?
}

/// The system clock, in milliseconds since 1970.
pub(crate) fn now_ms() -> f64 {
    js_sys::Date::now()
}

/// A random UUID, version 4. `crypto.randomUUID` is not used because it is missing on pages that came over plain http.
pub(crate) fn uuid() -> Option<String> {
    let mut bytes = [0; 16];
    window()?.crypto().ok()?.get_random_values_with_u8_array(&mut bytes).ok()?;
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let mut text = String::new();
    for (at, byte) in bytes.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        text += &format!("{byte:02x}");
    }
    Some(text)
}

/// Sets a mark of the User Timing API, which profilers show and `cargo xtask bench` reads.
pub(crate) fn mark(what: &str) {
    if let Some(performance) = window().and_then(|window| window.performance()) {
        // If there is no room for the mark, nothing is lost.
        let _ = performance.mark(&format!("vm-restore: {what}"));
    }
}

/// Puts `text` on the clipboard. The promise is rejected where the browser forbids it; a page that came over plain http has no
/// clipboard at all.
pub(crate) async fn copy(text: &str) -> Result<(), String> {
    let forbidden = |error: JsValue| error_message(&error, "The browser didn't allow copying.");
    let asked = write_to_clipboard(text).map_err(forbidden)?;
    JsFuture::from(asked).await.map(drop).map_err(forbidden)
}

fn write_to_clipboard(text: &str) -> Result<Promise, JsValue> {
    let navigator = window().ok_or(JsValue::NULL)?.navigator();
    let clipboard = Reflect::get(&navigator, &"clipboard".into())?;
    let write: Function = Reflect::get(&clipboard, &"writeText".into())?.dyn_into().map_err(|_| JsValue::NULL)?;
    write.call1(&clipboard, &text.into())?.dyn_into().map_err(|_| JsValue::NULL)
}

/// Lets the operator choose a file; `then` receives its text.
pub(crate) fn choose_file(then: impl FnOnce(String) + 'static) {
    let input =
        document().and_then(|document| document.create_element("input").ok()?.dyn_into::<HtmlInputElement>().ok());
    let Some(input) = input else { return };
    input.set_type("file");
    input.set_accept("application/json,.json");
    let chosen = input.clone();
    EventListener::once(&input, "change", move |_| {
        let Some(file) = chosen.files().and_then(|files| files.get(0)) else { return };
        wasm_bindgen_futures::spawn_local(async move {
            // A file that cannot be read is reported like a file of another kind.
            let text = with_timeout(MAX_LOAD, JsFuture::from(file.text())).await;
            then(text.and_then(Result::ok).and_then(|text| text.as_string()).unwrap_or_default());
        });
    })
    .forget();
    input.click();
}

/// Offers `text` as a file.
pub(crate) fn download(name: &str, mime: &str, text: &str) -> Result<(), JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(mime);
    let blob = Blob::new_with_str_sequence_and_options(&js_sys::Array::of1(&text.into()), &options)?;
    let url = Url::create_object_url_with_blob(&blob)?;
    let document = document().ok_or(JsValue::NULL)?;
    let link: HtmlAnchorElement = document.create_element("a")?.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    Url::revoke_object_url(&url)
}
