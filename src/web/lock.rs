//! Web Locks: of all tabs of this browser, one follows the restores of a cloud.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::patience::within;

/// The browser knows who holds its locks; in seconds.
const LONGEST_QUERY: u32 = 5;

/// The wish to lead, or leading. Dropping it lets another tab lead.
pub(crate) struct Lead {
    release: Function,
    wanted: Rc<Cell<bool>>,
}

impl Lead {
    /// Asks for the lead of `cloud`; `leading` is called when it is ours. A browser without locks, or one that refuses them to this page, has no
    /// other tab that could follow with what this one knows: then it is ours at once.
    pub(crate) fn ask(cloud: &str, leading: impl Fn() + 'static) -> Option<Self> {
        let mut release = None;
        let released = Promise::new(&mut |resolve, _| release = Some(resolve));
        let leading = Rc::new(leading);
        let wanted = Rc::new(Cell::new(true));
        // The browser may grant it long after nobody wants it any more, so this outlives us.
        let is_granted = Rc::new(Cell::new(false));
        let granted = {
            let (leading, wanted, is_granted) = (leading.clone(), wanted.clone(), is_granted.clone());
            Closure::once_into_js(move |_: JsValue| -> Promise {
                is_granted.set(true);
                if wanted.get() {
                    leading();
                }
                // The lock is held until this promise is fulfilled.
                released
            })
        };
        let Ok(asked) = request(&lock_name(cloud), granted.unchecked_ref()) else {
            leading();
            return None;
        };
        let still = wanted.clone();
        // Where site data is blocked the browser does not throw: it rejects. What it rejects later, the lead is not lost by.
        spawn_local(async move {
            if JsFuture::from(asked).await.is_err() && !is_granted.get() && still.get() {
                leading();
            }
        });
        Some(Self { release: release?, wanted })
    }
}

fn lock_name(cloud: &str) -> String {
    format!("vm-restore/{cloud}")
}

fn locks() -> Result<JsValue, JsValue> {
    let navigator = web_sys::window().ok_or(JsValue::NULL)?.navigator();
    Reflect::get(&navigator, &"locks".into())
}

fn request(name: &str, granted: &Function) -> Result<Promise, JsValue> {
    let locks = locks()?;
    let request: Function = Reflect::get(&locks, &"request".into())?.dyn_into()?;
    request.call2(&locks, &name.into(), granted)?.dyn_into()
}

/// Whether some tab leads `cloud` at the time of the call: a wish that comes after it does not count. A browser that
/// cannot tell has none.
pub(crate) fn is_led(cloud: &str) -> impl Future<Output = bool> + use<> {
    let name = lock_name(cloud);
    let asked = query();
    async move {
        let Ok(asked) = asked else { return false };
        let Some(Ok(told)) = within(LONGEST_QUERY, JsFuture::from(asked)).await else { return false };
        let held = Reflect::get(&told, &"held".into()).map(|held| Array::from(&held)).unwrap_or_default();
        held.iter().any(|lock| Reflect::get(&lock, &"name".into()).is_ok_and(|held| held == name.as_str()))
    }
}

fn query() -> Result<Promise, JsValue> {
    let locks = locks()?;
    Reflect::get(&locks, &"query".into())?.dyn_into::<Function>()?.call0(&locks)?.dyn_into()
}

impl Drop for Lead {
    fn drop(&mut self) {
        self.wanted.set(false);
        // Fulfilling a promise cannot fail.
        let _ = self.release.call0(&JsValue::NULL);
    }
}
