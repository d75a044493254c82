//! Access to the DOM for components: values of controls, focus, dialogs, the window's title and icon.

use wasm_bindgen::JsCast as _;
use web_sys::{
    Element, FocusOptions, HtmlDialogElement, HtmlElement, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement,
    Node, ScrollIntoViewOptions, ScrollLogicalPosition,
};
use yew::prelude::*;

/// The text of the input that `event` comes from.
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

/// Shows whether a checkbox stands for some of several things: no attribute says that.
pub fn show_mixed(checkbox: &NodeRef, mixed: bool) {
    if let Some(checkbox) = checkbox.cast::<HtmlInputElement>() {
        checkbox.set_indeterminate(mixed);
    }
}

/// The root of the instance of the program in which `event` happened. A page may contain several.
fn root_of(event: &Event) -> Option<Element> {
    event.target_dyn_into::<Element>()?.closest(".vm-restore").ok()?
}

fn element(root: &Element, id: &str) -> Option<Element> {
    root.query_selector(&format!("#{id}")).ok()?
}

/// The text in the text area with this id.
pub fn written(event: &Event, id: &str) -> String {
    let area = root_of(event).and_then(|root| element(&root, id)?.dyn_into::<HtmlTextAreaElement>().ok());
    area.map(|area| area.value()).unwrap_or_default()
}

/// Makes every select show the chosen option. The browser ignores the `selected` attributes after the operator has used the select.
pub fn show_chosen(root: &Element) {
    let Ok(selects) = root.query_selector_all("select") else { return };
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

/// Selects the text of the input that `event` comes from, so that typing replaces it.
pub fn select_text(event: &impl TargetCast) {
    if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
        input.select();
    }
}

/// Focuses an element that a component has rendered.
pub fn focus_node(node: &NodeRef) {
    if let Some(element) = node.cast::<HtmlElement>() {
        let _ = element.focus();
    }
}

/// How far a list is scrolled, in pixels.
pub fn scroll_of(list: &NodeRef) -> i32 {
    list.cast::<Element>().map_or(0, |list| list.scroll_top())
}

/// Scrolls a list to `top`, and the page so that all of the list is seen. Returns the height of one of its options.
pub fn show_list(list: &NodeRef, top: i32) -> Option<i32> {
    let list = list.cast::<Element>()?;
    if list.scroll_top() != top {
        list.set_scroll_top(top);
    }
    let nearest = ScrollIntoViewOptions::new();
    nearest.set_block(ScrollLogicalPosition::Nearest);
    list.scroll_into_view_with_scroll_into_view_options(&nearest);
    let option = list.query_selector("[role=option]").ok()??;
    Some(option.dyn_into::<HtmlElement>().ok()?.offset_height()).filter(|height| *height > 0)
}

/// Focuses the element with this id, if there is one.
pub fn focus(event: &Event, id: &str) {
    if let Some(root) = root_of(event) {
        focus_in(&root, id);
    }
}

fn focus_in(root: &Element, id: &str) {
    if let Some(element) = element(root, id) {
        // SVG elements have `focus` too, though they are not an `HTMLElement`.
        let _ = element.unchecked_ref::<HtmlElement>().focus();
    }
}

/// Focuses the element with this id, or the first control within it.
pub fn focus_control(root: &Element, id: &str) {
    let control = "is(input, select, button, textarea):not(:disabled)";
    let itself = format!("#{id}:is(a, [tabindex], :{control})");
    if let Ok(Some(target)) = root.query_selector(&format!("{itself}, #{id}:not({itself}) :{control}")) {
        open_around(&target);
        let _ = target.unchecked_ref::<HtmlElement>().focus();
    }
}

/// Opens what is folded around an element: what is not shown cannot take the focus.
fn open_around(element: &Element) {
    while let Ok(Some(folded)) = element.closest("details:not([open])") {
        if folded.set_attribute("open", "").is_err() {
            break;
        }
    }
}

/// Where the body of a table is in the window.
#[derive(Clone, Copy, Debug)]
pub struct TableInSight {
    /// How many pixels of it are above the window's upper edge.
    pub above: i32,
    /// How many are above its lower edge.
    pub below: i32,
    /// The height of a row.
    pub row: Option<i32>,
}

/// Where a table's body is in the window.
pub fn table_in_sight(body: &NodeRef) -> Option<TableInSight> {
    let body = body.cast::<Element>()?;
    let height = window()?.inner_height().ok()?.as_f64()?;
    let above = -body.get_bounding_client_rect().top();
    let row = body.query_selector("[aria-rowindex]").ok()?.and_then(|row| row.dyn_into::<HtmlElement>().ok());
    let pixels = |pixels: f64| pixels as i32;
    Some(TableInSight { above: pixels(above), below: pixels(above + height), row: row.map(|row| row.offset_height()) })
}

/// How high the rows are that are drawn of a table with this body, by their places in the list.
pub fn heights_of_rows(body: &NodeRef) -> Vec<(usize, i32)> {
    let Some(rows) = body.cast::<Element>().and_then(|body| body.query_selector_all("[aria-rowindex]").ok()) else {
        return Vec::new();
    };
    let rows = (0..rows.length()).filter_map(|at| rows.item(at)?.dyn_into::<HtmlElement>().ok());
    rows.filter_map(|row| {
        let index: usize = row.get_attribute("aria-rowindex")?.parse().ok()?;
        Some((index.checked_sub(2)?, row.offset_height()))
    })
    .collect()
}

/// The window, where there is one.
pub fn window() -> Option<web_sys::Window> {
    web_sys::window()
}

/// The `aria-rowindex` of the row in which `event` happened.
pub fn row_index(event: &Event) -> Option<usize> {
    let row = event.target_dyn_into::<Element>()?.closest("[aria-rowindex]").ok()??;
    row.get_attribute("aria-rowindex")?.parse().ok()
}

/// Whether nothing has the focus. An element that is removed or moved loses it.
fn nothing_has_focus() -> bool {
    let active = window().and_then(|window| window.document()).and_then(|document| document.active_element());
    active.is_none_or(|active| active.tag_name() == "BODY")
}

/// Whether the focus goes from one element in `node` to another.
pub fn focus_stays_in(node: &NodeRef, event: &FocusEvent) -> bool {
    let to = event.related_target().and_then(|to| to.dyn_into::<Node>().ok());
    node.get().is_some_and(|node| to.is_some() && node.contains(to.as_ref()))
}

/// Focuses without scrolling: the operator looks at something.
fn focus_still(element: &HtmlElement) {
    let still = FocusOptions::new();
    still.set_prevent_scroll(true);
    let _ = element.focus_with_options(&still);
}

/// Focuses what a component has rendered if nothing else has the focus.
pub fn focus_again(node: &NodeRef) {
    if nothing_has_focus()
        && let Some(element) = node.cast::<HtmlElement>()
    {
        focus_still(&element);
    }
}

/// The same with the control of the row with this `aria-rowindex` that had the focus; if that is gone, with the row's first link or button, or the row.
pub fn focus_row_again(body: &NodeRef, index: usize, control: Option<&HtmlElement>) {
    if !nothing_has_focus() {
        return;
    }
    // A row that is moved loses the focus, and keeps its elements.
    if let Some(control) = control.filter(|control| control.is_connected()) {
        return focus_still(control);
    }
    let Some(body) = body.cast::<Element>() else { return };
    let find = |selector: &str| body.query_selector(selector).ok().flatten();
    let row = format!("[aria-rowindex=\"{index}\"]");
    let Some(row) = find(&row) else { return };
    let control = row.query_selector(":is(a, button)").ok().flatten().unwrap_or_else(|| {
        // It takes the focus here, without being a stop of the Tab key.
        let _ = row.set_attribute("tabindex", "-1");
        row
    });
    focus_still(control.unchecked_ref());
}

/// Focuses the first link or button in the row after `before` rows; if it has none, the table's frame, or the row itself.
pub fn focus_row(root: &Element, before: usize) {
    // Rows that only name a group are not counted.
    let Ok(rows) = root.query_selector_all("main tbody > tr:not(.vmr-group)") else { return };
    let row = u32::try_from(before).ok().and_then(|at| rows.get(at)).and_then(|row| row.dyn_into::<Element>().ok());
    let Some(row) = row else { return };
    let control = row.query_selector(":is(a, button)").ok().flatten();
    let target = control.or_else(|| row.closest(".vmr-table[tabindex]").ok().flatten()).unwrap_or_else(|| {
        // It takes the focus here, without being a stop of the Tab key.
        let _ = row.set_attribute("tabindex", "-1");
        row
    });
    let _ = target.unchecked_ref::<HtmlElement>().focus();
}

/// Scrolls to the top of a new page and focuses the element with this id.
pub fn begin(root: &Element, id: &str) {
    root.scroll_into_view();
    focus_in(root, id);
}

/// Scrolls the element with this id into the middle of the window and focuses it, if there is one.
pub fn focus_in_the_middle(root: &Element, id: &str) -> bool {
    let Some(found) = element(root, id) else { return false };
    let middle = ScrollIntoViewOptions::new();
    middle.set_block(ScrollLogicalPosition::Center);
    found.scroll_into_view_with_scroll_into_view_options(&middle);
    focus_in(root, id);
    true
}

/// Sets the window's title.
pub fn set_title(title: &str) {
    if let Some(document) = web_sys::window().and_then(|window| window.document()) {
        document.set_title(title);
    }
}

/// Shows the window's icon of this tone. The build has put the file names into the page.
pub fn set_icon(tone: &str) {
    if let Some(document) = web_sys::window().and_then(|window| window.document())
        && let Ok(Some(icon)) = document.query_selector("link[rel=icon]")
        && let Some(file) = icon.get_attribute(&format!("data-{tone}"))
    {
        // Only an invalid attribute name could fail.
        let _ = icon.set_attribute("href", &file);
    }
}

fn dialog(event: &Event, id: &str) -> Option<HtmlDialogElement> {
    element(&root_of(event)?, id)?.dyn_into().ok()
}

/// Opens a modal dialog. An open one stays open.
pub fn open_dialog(event: &Event, id: &str) {
    if let Some(dialog) = dialog(event, id) {
        let _ = dialog.show_modal();
        // `autofocus` is not used: in a frame of another origin, Chromium reports it as an error.
        let safe = dialog.query_selector("[data-safe]").ok().flatten();
        if let Some(safe) = safe.and_then(|safe| safe.dyn_into::<HtmlElement>().ok()) {
            let _ = safe.focus();
        }
        // The dialog may start with a long request and be scrolled to it: show the question from the top.
        dialog.set_scroll_top(0);
    }
}

/// Closes a dialog; the browser gives the focus back.
pub fn close_dialog(event: &Event, id: &str) {
    if let Some(dialog) = dialog(event, id) {
        dialog.close();
    }
}

/// The `details` around the element that `event` comes from. Yew listens at the root, so the event's own current target is not it.
fn details_around(event: &impl TargetCast) -> Option<Element> {
    event.target_dyn_into::<Element>()?.closest("details").ok()?
}

/// Closes the `details` that the focus leaves.
pub fn close_when_left(event: &FocusEvent) {
    let Some(details) = details_around(event) else { return };
    let to = event.related_target().and_then(|to| to.dyn_into::<Node>().ok());
    if !details.contains(to.as_ref()) {
        let _ = details.remove_attribute("open");
    }
}

/// Closes the `details` in which Escape is pressed, and focuses its summary.
pub fn close_on_escape(event: &KeyboardEvent) {
    let Some(details) = details_around(event) else { return };
    if event.key() == "Escape"
        && details.remove_attribute("open").is_ok()
        && let Ok(Some(summary)) = details.query_selector("summary")
    {
        let _ = summary.unchecked_ref::<HtmlElement>().focus();
    }
}
