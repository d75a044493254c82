//! The page around the program: `www/vm-restore.js`, which mounts it and fetches what it needs.

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::Element;

/// What the surrounding page gives the program.
#[derive(Clone, PartialEq)]
pub struct HostPage {
    /// The element with the class `vm-restore` that the program is rendered into.
    pub root: Element,
    /// `{config, cloud, simulation, signIn, event, hosted, address}`; see `www/vm-restore.js`.
    page: JsValue,
}

impl HostPage {
    /// `root` is the element to render into, `page` the functions that the surrounding page offers.
    pub const fn new(root: Element, page: JsValue) -> Self {
        Self { root, page }
    }

    /// Whether the program is embedded in another page, which supplies the tokens.
    pub fn is_hosted(&self) -> bool {
        self.member("hosted").is_truthy()
    }

    /// The hash to start with when the window's address is not ours; none when it is.
    pub fn address(&self) -> Option<String> {
        self.member("address").as_string()
    }

    /// The cloud that the surrounding page has chosen, as JSON; none = the configured one.
    pub(crate) fn cloud(&self) -> Option<String> {
        self.member("cloud").as_string()
    }

    /// A promise of the text of `config.json`.
    pub(crate) fn config(&self) -> Result<Promise, JsValue> {
        self.call("config", &Array::new())
    }

    /// Calls a function of the surrounding page that returns a promise.
    pub(crate) fn call(&self, name: &str, arguments: &Array) -> Result<Promise, JsValue> {
        self.member(name).dyn_into::<Function>()?.apply(&self.page, arguments)?.dyn_into()
    }

    /// Whether the surrounding page listens to events. Our own page does not, so no events are computed for it.
    pub(crate) fn hears_events(&self) -> bool {
        self.member("event").is_function()
    }

    /// Reports an event to the surrounding page; `detail` is JSON.
    pub(crate) fn dispatch_event(&self, event: &str, detail: &str) {
        if let Ok(handler) = self.member("event").dyn_into::<Function>() {
            // An error in the surrounding page's handler must not stop a restore.
            let _ = handler.call2(&self.page, &event.into(), &detail.into());
        }
    }

    fn member(&self, name: &str) -> JsValue {
        Reflect::get(&self.page, &name.into()).unwrap_or_default()
    }
}
