//! What components ask of the page itself: the value of a control, and to set one.

use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlDialogElement, HtmlElement, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

/// The text in the input that `event` comes from.
pub fn text_of(event: &impl TargetCast) -> String {
    event.target_dyn_into::<HtmlInputElement>().map(|input| input.value()).unwrap_or_default()
}

/// The value of the select that `event` comes from.
pub fn chosen_of(event: &impl TargetCast) -> String {
    event.target_dyn_into::<HtmlSelectElement>().map(|select| select.value()).unwrap_or_default()
}

/// Whether the checkbox that `event` comes from is checked.
pub fn checked_of(event: &impl TargetCast) -> bool {
    event.target_dyn_into::<HtmlInputElement>().is_some_and(|input| input.checked())
}

/// What is written in the text area with this id.
pub fn written(id: &str) -> String {
    element(id).and_then(|e| e.dyn_into::<HtmlTextAreaElement>().ok()).map(|area| area.value()).unwrap_or_default()
}

/// Makes every select show what is chosen: its options' `selected` attributes count only until the operator has touched it.
pub fn show_chosen() {
    let Some(selects) = document().and_then(|d| d.query_selector_all("select").ok()) else { return };
    for index in 0..selects.length() {
        if let Some(select) = selects.get(index).and_then(|node| node.dyn_into::<HtmlSelectElement>().ok())
            && let Ok(Some(chosen)) = select.query_selector("option[selected]")
            && let Some(value) = chosen.get_attribute("value")
            && select.value() != value
        {
            select.set_value(&value);
        }
    }
}

fn document() -> Option<web_sys::Document> {
    web_sys::window()?.document()
}

fn element(id: &str) -> Option<Element> {
    document()?.get_element_by_id(id)
}

/// Focuses the element with this id. One that is gone cannot take it: then nothing happens.
pub fn focus(id: &str) {
    if let Some(element) = element(id) {
        // SVG elements have `focus` too, though they are no HTMLElement.
        let _ = element.unchecked_ref::<HtmlElement>().focus();
    }
}

/// Begins at the top of a new page, with the focus on the element with this id.
pub fn begin(id: &str) {
    if let Some(window) = web_sys::window() {
        window.scroll_to_with_x_and_y(0.0, 0.0);
    }
    focus(id);
}

/// Sets the window's title.
pub fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

fn dialog(id: &str) -> Option<HtmlDialogElement> {
    element(id)?.dyn_into().ok()
}

/// Opens a dialog over the page. One that is open stays so.
pub fn open_dialog(id: &str) {
    if let Some(dialog) = dialog(id) {
        let _ = dialog.show_modal();
    }
}

/// Closes a dialog; the browser gives the focus back.
pub fn close_dialog(id: &str) {
    if let Some(dialog) = dialog(id) {
        dialog.close();
    }
}
