//! The face: components that render from the state and answer with messages. It knows nothing of how messages are
//! carried out.

pub mod fault;
pub mod kit;
pub mod markup;
pub mod pages;
pub mod shell;
pub mod text;

use std::rc::Rc;

use time::OffsetDateTime;
use yew::prelude::*;

use crate::app::msg::Msg;
use crate::app::state::State;

/// Properties of [`App`].
#[derive(Clone, Properties)]
pub struct Props {
    /// Everything the program knows.
    pub state: Rc<State>,
    /// The time for relative times; none = that of the last message.
    #[prop_or_default]
    pub now: Option<OffsetDateTime>,
    /// Where messages go.
    pub dispatch: Callback<Msg>,
}

impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.state, &other.state) && self.now == other.now && self.dispatch == other.dispatch
    }
}

/// The program's face.
#[component]
pub fn App(props: &Props) -> Html {
    let title = pages::title(&props.state);
    use_effect_with(title, |title| kit::dom::set_title(&format!("{title} - VM Restore")));
    let arrived = use_mut_ref(|| false);
    use_effect_with(place(&props.state), move |_| {
        // Where the page has just been opened, the browser decides about the focus.
        if arrived.replace(true) {
            kit::dom::begin(kit::heading::PAGE_TITLE);
        }
    });
    let view =
        pages::View { state: &props.state, now: props.now.unwrap_or(props.state.now), dispatch: &props.dispatch };
    shell::shell(&view)
}

/// What makes a page another page. Choosing a vault changes the address too, and must not take the focus from the list.
fn place(state: &State) -> (String, bool) {
    let hash = state.route.hash();
    (hash.split('?').next().unwrap_or_default().to_owned(), state.connected())
}
