//! Joins screen and shell.

#[cfg(target_arch = "wasm32")]
mod page {
    use std::rc::Rc;

    use vm_restore::app::msg::Msg;
    use vm_restore::app::state::State;
    use vm_restore::ui::{Window, face};
    use vm_restore::web::shell::Shell;
    use yew::prelude::*;

    /// Holds the state for the screen and hands its messages to the shell.
    struct Root {
        state: Option<Rc<State>>,
        dispatch: Callback<Msg>,
        window: Window,
    }

    impl Component for Root {
        type Message = Rc<State>;
        type Properties = ();

        fn create(context: &Context<Self>) -> Self {
            let link = context.link().clone();
            let shell = Shell::start(move |state| link.send_message(state));
            let dispatch = Callback::from(move |msg| shell.send(msg));
            Self { state: None, dispatch, window: Window::default() }
        }

        fn update(&mut self, _: &Context<Self>, state: Rc<State>) -> bool {
            self.state = Some(state);
            true
        }

        fn view(&self, _: &Context<Self>) -> Html {
            self.state.as_ref().map(|state| face(state, &self.dispatch)).unwrap_or_default()
        }

        fn rendered(&mut self, _: &Context<Self>, _: bool) {
            if let Some(state) = &self.state {
                self.window.shows(state);
            }
        }
    }

    pub(crate) fn open() {
        let root = web_sys::window().and_then(|w| w.document()).and_then(|d| d.get_element_by_id("app"));
        if let Some(root) = root {
            yew::Renderer::<Root>::with_root(root).render();
        }
    }
}

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

fn main() {
    #[cfg(target_arch = "wasm32")]
    {
        vm_restore::web::panic::install();
        page::open();
    }
}
