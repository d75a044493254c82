//! Joins screen and shell.

#[cfg(target_arch = "wasm32")]
mod page {
    use std::rc::Rc;

    use vm_restore::app::msg::Msg;
    use vm_restore::app::state::State;
    use vm_restore::ui::App;
    use vm_restore::ui::markup::html;
    use vm_restore::web::shell::Shell;
    use yew::prelude::*;

    /// Holds the state for the screen and hands its messages to the shell.
    #[component]
    fn Root() -> Html {
        let state = use_state(|| None::<Rc<State>>);
        let shell = {
            let setter = state.setter();
            use_memo((), |()| Shell::start(move |state| setter.set(Some(state))))
        };
        let dispatch = use_callback((), move |msg: Msg, ()| shell.send(msg));
        match &*state {
            Some(state) => html! { <App state={state.clone()} {dispatch} /> },
            None => Html::default(),
        }
    }

    pub(crate) fn open() {
        let root = web_sys::window().and_then(|w| w.document()).and_then(|d| d.get_element_by_id("app"));
        if let Some(root) = root {
            yew::Renderer::<Root>::with_root(root).render();
        }
    }
}

fn main() {
    #[cfg(target_arch = "wasm32")]
    {
        vm_restore::web::panic::install();
        page::open();
    }
}
