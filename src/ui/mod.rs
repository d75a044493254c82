//! Yew components that render the state and send messages. They do not know how messages are carried out.

pub mod causes;
pub mod document_title;
pub mod fault;
pub mod kit;
pub mod pages;
pub mod shared;
pub mod shell;
pub mod text;
pub mod translatable;

pub use shell::App;

use crate::app::route::Route;
use crate::app::state::{ROWS, State};

/// What happens outside of the rendered elements: title, icon, focus.
pub struct Window {
    root: web_sys::Element,
    /// Whether the window is ours. Inside another page, title and icon are left alone.
    own: bool,
    signs: (String, kit::Tone),
    /// `None` until the first page was rendered: the browser places the first focus.
    place: Option<(String, bool)>,
    /// The last field that took the focus, see [`crate::app::state::FocusRequest`].
    field: Option<u32>,
    /// How many rows the page's list showed.
    rows: usize,
}

impl Window {
    /// For `root`, the element with the class `vm-restore` that contains the page.
    pub fn new(root: web_sys::Element, own: bool) -> Self {
        Self { root, own, signs: Default::default(), place: None, field: None, rows: ROWS }
    }

    /// Call it after `state` was rendered.
    pub fn shows(&mut self, state: &State) {
        kit::dom::show_chosen(&self.root);
        let signs = document_title::title_and_icon(state);
        if self.own && self.signs != signs {
            kit::dom::set_title(&signs.0);
            kit::dom::set_icon(signs.1.name());
            self.signs = signs;
        }
        let place = place(state);
        // When a portal connects us, its page keeps the focus: the operator did not navigate.
        let asked = |before: &(String, bool)| before.1 || !state.hosted;
        if self.place.replace(place.clone()).is_some_and(|before| before != place && asked(&before)) {
            self.focus_page(state);
        }
        // The button "Show more" may be gone, so the first new row takes the focus.
        let before = std::mem::replace(&mut self.rows, state.view.rows);
        if state.view.rows > before {
            kit::dom::focus_row(&self.root, before);
        }
        if let Some(asked) = state.focus_request.as_ref().filter(|asked| asked.on == state.route)
            && self.field.replace(asked.nth) != Some(asked.nth)
        {
            kit::dom::focus_control(&self.root, asked.field.id());
        }
    }

    /// Focuses what is used first on a page: its title; of the machines, the one that was opened last, else the search field.
    fn focus_page(&self, state: &State) {
        if matches!(state.route, Route::Vms(_)) && state.connected() {
            if kit::dom::focus_in_the_middle(&self.root, pages::vms::table::OPENED) {
                return;
            }
            // A touch screen would show its keyboard over the list.
            if !state.touch {
                return kit::dom::begin(&self.root, pages::vms::SEARCH);
            }
        }
        kit::dom::begin(&self.root, kit::heading::PAGE_TITLE);
    }
}

/// Identifies a page. The query is left out: choosing a vault changes it, and must not take the focus from the list.
fn place(state: &State) -> (String, bool) {
    let hash = state.route.hash();
    if matches!(state.route, Route::Wall(_)) {
        return (hash, state.connected());
    }
    (hash.split('?').next().unwrap_or_default().to_owned(), state.connected())
}
