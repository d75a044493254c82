//! The face: components that render from the state and answer with messages. It knows nothing of how messages are
//! carried out.

pub mod causes;
pub mod fault;
pub mod kit;
pub mod pages;
pub mod shared;
pub mod shell;
pub mod signs;
pub mod text;
pub mod translatable;

use yew::prelude::*;

use pages::PageProps;
use translatable::translatable;

use crate::app::state::{ROWS, State};

/// The whole page.
#[component]
pub fn App(PageProps { view }: &PageProps) -> Html {
    translatable(shell::shell(view))
}

/// What a page does to its surroundings once it is there.
pub struct Window {
    root: web_sys::Element,
    /// Whether the window is ours: a part of somebody else's page leaves its title and icon alone.
    own: bool,
    signs: (String, kit::Tone),
    /// None until the page has been opened: then the browser decides about the focus.
    place: Option<(String, bool)>,
    /// The last field that took the focus, see [`crate::app::state::ToShow`].
    field: Option<u32>,
    /// How many rows of the page's list were shown.
    rows: usize,
}

impl Window {
    /// The surroundings of `root`, the element with the class `vm-restore` that the page is in.
    pub fn new(root: web_sys::Element, own: bool) -> Self {
        Self { root, own, signs: Default::default(), place: None, field: None, rows: ROWS }
    }

    /// After the page of `state` was rendered.
    pub fn shows(&mut self, state: &State) {
        kit::dom::show_chosen(&self.root);
        let signs = signs::signs(state);
        if self.own && self.signs != signs {
            kit::dom::set_title(&signs.0);
            kit::dom::set_icon(signs.1.name());
            self.signs = signs;
        }
        let place = place(state);
        // A portal's page keeps its focus when it connects us: nobody has asked for it.
        let asked = |before: &(String, bool)| before.1 || !state.hosted;
        if self.place.replace(place.clone()).is_some_and(|before| before != place && asked(&before)) {
            kit::dom::begin(&self.root, kit::heading::PAGE_TITLE);
        }
        // The button that asks for more rows may be gone: the first of them takes the focus.
        let before = std::mem::replace(&mut self.rows, state.view.rows);
        if state.view.rows > before {
            kit::dom::focus_row(&self.root, before);
        }
        if let Some(asked) = state.to_show.as_ref().filter(|asked| asked.on == state.route)
            && self.field.replace(asked.nth) != Some(asked.nth)
        {
            kit::dom::focus_control(&self.root, asked.field.id());
        }
    }
}

/// What makes a page another page. Choosing a vault changes the address too, and must not take the focus from the list.
fn place(state: &State) -> (String, bool) {
    let hash = state.route.hash();
    (hash.split('?').next().unwrap_or_default().to_owned(), state.connected())
}
