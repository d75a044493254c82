//! Small things that only the page can do: focus, copy, download, ids, the address bar.

use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Blob, BlobPropertyBag, Element, HtmlAnchorElement, HtmlElement, Url, Window};

pub(crate) fn window() -> Option<Window> {
    web_sys::window()
}

/// What a JavaScript exception says, or `otherwise`.
pub(crate) fn words(error: &JsValue, otherwise: &str) -> String {
    error.dyn_ref::<js_sys::Error>().map_or_else(|| otherwise.to_owned(), |e| String::from(e.message()))
}

/// The part of the address after `#`, or nothing.
pub(crate) fn hash() -> String {
    window().and_then(|w| w.location().hash().ok()).unwrap_or_default().trim_start_matches('#').to_owned()
}

/// Goes to another place of the app; the browser's history remembers the present one.
pub(crate) fn go(hash: &str) {
    if let Some(window) = window() {
        // The only refusal is a malformed URL, and a hash cannot be one.
        let _ = window.location().set_hash(hash);
    }
}

/// The system's clock in milliseconds since 1970.
pub(crate) fn now_ms() -> f64 {
    js_sys::Date::now()
}

/// A fresh random UUID. Available in secure contexts and on loopback, where alone the app runs.
pub(crate) fn uuid() -> Option<String> {
    Some(window()?.crypto().ok()?.random_uuid())
}

/// Focuses the element with this id, or the first control within it.
pub(crate) fn focus(root: &Element, id: &str) {
    let Ok(Some(element)) = root.query_selector(&format!("#{id}")) else { return };
    let control =
        element.query_selector("input:not(:disabled), select:not(:disabled), button:not(:disabled)").ok().flatten();
    let focusable =
        element.has_attribute("tabindex") || element.matches("input, select, button, textarea, a").unwrap_or(false);
    let target = if focusable { element } else { control.unwrap_or(element) };
    if let Some(target) = target.dyn_ref::<HtmlElement>() {
        // An element that cannot take the focus leaves it where it is.
        let _ = target.focus();
    }
}

/// Puts `text` on the clipboard; the promise is rejected where the browser forbids it.
pub(crate) async fn copy(text: &str) -> Result<(), String> {
    let window = window().ok_or_else(String::new)?;
    wasm_bindgen_futures::JsFuture::from(window.navigator().clipboard().write_text(text))
        .await
        .map(drop)
        .map_err(|error| words(&error, "The browser did not allow copying."))
}

/// Offers `text` as a file.
pub(crate) fn download(name: &str, mime: &str, text: &str) -> Result<(), JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(mime);
    let blob = Blob::new_with_str_sequence_and_options(&js_sys::Array::of1(&text.into()), &options)?;
    let url = Url::create_object_url_with_blob(&blob)?;
    let document = window().and_then(|w| w.document()).ok_or(JsValue::NULL)?;
    let link: HtmlAnchorElement = document.create_element("a")?.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    Url::revoke_object_url(&url)
}
