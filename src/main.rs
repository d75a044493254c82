//! Joins screen and shell, for `www/vm-restore.js` to mount.

#[cfg(target_arch = "wasm32")]
mod page {
    use std::rc::Rc;

    use vm_restore::app::config::bounds;
    use vm_restore::app::msg::Msg;
    use vm_restore::app::route::Route;
    use vm_restore::app::state::State;
    use vm_restore::ui::pages::PageContext;
    use vm_restore::ui::translatable::translatable;
    use vm_restore::ui::{App, Window};
    use vm_restore::web::host_page::HostPage;
    use vm_restore::web::shell::Shell;
    use wasm_bindgen::JsValue;
    use wasm_bindgen::prelude::wasm_bindgen;
    use yew::prelude::*;

    #[derive(PartialEq, Properties)]
    struct Props {
        host: HostPage,
    }

    /// Holds the state for the screen and hands its messages to the shell.
    struct Root {
        state: Option<Rc<State>>,
        shell: Shell,
        dispatch: Callback<Msg>,
        window: Window,
    }

    impl Component for Root {
        type Message = Rc<State>;
        type Properties = Props;

        fn create(context: &Context<Self>) -> Self {
            let link = context.link().clone();
            let host = &context.props().host;
            let shell = Shell::start(host.clone(), move |state| link.send_message(state));
            let sender = shell.clone();
            let dispatch = Callback::from(move |msg| sender.say(msg));
            let window = Window::new(host.root.clone(), host.address().is_none());
            Self { state: None, shell, dispatch, window }
        }

        fn update(&mut self, _: &Context<Self>, state: Rc<State>) -> bool {
            self.state = Some(state);
            true
        }

        fn view(&self, _: &Context<Self>) -> Html {
            translatable(html! {
                if let Some(state) = self.state.clone() {
                    <App view={PageContext { state: state.into(), dispatch: self.dispatch.clone() }} />
                }
            })
        }

        fn rendered(&mut self, _: &Context<Self>, _: bool) {
            if let Some(state) = &self.state {
                self.window.shows(state);
            }
        }

        fn destroy(&mut self, _: &Context<Self>) {
            self.shell.close();
        }
    }

    /// The program in an element.
    #[wasm_bindgen]
    pub struct Program {
        handle: AppHandle<Root>,
    }

    /// Begins the program in `root`, an element with the class `vm-restore`. `page` is what it lives on, see `www/vm-restore.js`.
    #[wasm_bindgen]
    #[must_use]
    #[expect(unreachable_pub, reason = "JavaScript reaches it")]
    pub fn begin(root: web_sys::Element, page: JsValue) -> Program {
        let props = Props { host: HostPage::new(root.clone(), page) };
        Program { handle: yew::Renderer::<Root>::with_root_and_props(root, props).render() }
    }

    /// What `config.json` says that the page may reach, and who may show it: `{connect, frame, parents, error}`, see `app::config::bounds`.
    #[wasm_bindgen(js_name = readConfig)]
    #[must_use]
    #[expect(unreachable_pub, reason = "JavaScript reaches it")]
    pub fn read_config(text: &str) -> JsValue {
        // It is JSON of our own making.
        js_sys::JSON::parse(&bounds(text)).unwrap_or_default()
    }

    #[wasm_bindgen]
    impl Program {
        /// After a crash: nothing is asked or sent any more, and nothing is saved but what was to be saved before. What stands on the screen stays.
        pub fn stop(&self) {
            if let Some(root) = self.handle.get_component() {
                root.shell.close();
            }
        }

        /// Goes to a place by its address, which begins with `#/`.
        pub fn go(&self, address: &str) {
            if let Some(root) = self.handle.get_component() {
                root.dispatch.emit(Msg::Go(Route::parse(address)));
            }
        }

        /// Ends the program; the element is empty again.
        pub fn end(self) {
            self.handle.destroy();
        }
    }
}

fn main() {
    // A panic becomes a JavaScript error with its message and its place in the source, which `www/crash.js` shows.
    // Without the hook WebAssembly would stop with no more than `unreachable`.
    #[cfg(target_arch = "wasm32")]
    yew::set_custom_panic_hook(Box::new(|panic| wasm_bindgen::throw_str(&panic.to_string())));
}
