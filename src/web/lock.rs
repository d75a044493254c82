//! Web Locks: of all tabs of this browser, one follows the restores of a cloud.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};

/// The wish to lead, or leading. Dropping it lets another tab lead.
pub(crate) struct Lead {
    release: Function,
    wanted: Rc<Cell<bool>>,
}

impl Lead {
    /// Asks for the lead of `cloud`; `leading` is called when it is ours. A browser without locks leads at once: there is nobody to ask.
    pub(crate) fn ask(cloud: &str, leading: impl Fn() + 'static) -> Option<Self> {
        let mut release = None;
        let released = Promise::new(&mut |resolve, _| release = Some(resolve));
        let leading = Rc::new(leading);
        let wanted = Rc::new(Cell::new(true));
        // The browser may grant it long after nobody wants it any more, so this outlives us.
        let granted = {
            let (leading, wanted) = (leading.clone(), wanted.clone());
            Closure::once_into_js(move |_: JsValue| -> Promise {
                if wanted.get() {
                    leading();
                }
                // The lock is held until this promise is fulfilled.
                released
            })
        };
        let name = format!("vm-restore/{cloud}");
        if request(&name, granted.unchecked_ref()).is_err() {
            leading();
            return None;
        }
        Some(Self { release: release?, wanted })
    }
}

fn request(name: &str, granted: &Function) -> Result<JsValue, JsValue> {
    let navigator = web_sys::window().ok_or(JsValue::NULL)?.navigator();
    let locks = Reflect::get(&navigator, &"locks".into())?;
    let request: Function = Reflect::get(&locks, &"request".into())?.dyn_into()?;
    request.call2(&locks, &name.into(), granted)
}

impl Drop for Lead {
    fn drop(&mut self) {
        self.wanted.set(false);
        // Fulfilling a promise cannot fail.
        let _ = self.release.call0(&JsValue::NULL);
    }
}
