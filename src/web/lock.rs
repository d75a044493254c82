//! Web Locks: of all tabs of this browser, one follows the restores of an identity, and one sends a restore.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Array, Function, Object, Promise, Reflect};
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
    /// Asks for the lead of an identity, by its key; `leading` is called when it is ours. A browser without locks, or one that refuses them to this page, has no
    /// other tab that could follow with what this one knows: then it is ours at once.
    pub(crate) fn ask(identity: &str, leading: impl Fn() + 'static) -> Option<Self> {
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
        let Ok(asked) = request(&lock_name(identity), None, granted.unchecked_ref()) else {
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

/// The right to send a restore. Dropping it gives it back; the browser does, when the tab is gone.
pub(crate) struct Claim {
    release: Function,
}

impl Claim {
    /// Asks for the right to send the restore `id`, if no other tab has it; `told` whether it is ours. A browser without locks, or one that
    /// refuses them to this page, gives it at once: there is no other tab that could be asked.
    pub(crate) fn ask(id: &str, told: impl Fn(bool) + 'static) -> Option<Self> {
        let mut release = None;
        let released = Promise::new(&mut |resolve, _| release = Some(resolve));
        let told = Rc::new(told);
        let is_answered = Rc::new(Cell::new(false));
        let answered = {
            let (told, is_answered) = (told.clone(), is_answered.clone());
            Closure::once_into_js(move |lock: JsValue| -> JsValue {
                is_answered.set(true);
                let held = !lock.is_null();
                told(held);
                // A lock is held until this promise is fulfilled.
                if held { released.into() } else { JsValue::UNDEFINED }
            })
        };
        let options = Object::new();
        // A fresh object takes every member.
        let _ = Reflect::set(&options, &"ifAvailable".into(), &JsValue::TRUE);
        let Ok(asked) = request(&format!("vm-restore/send/{id}"), Some(&options), answered.unchecked_ref()) else {
            told(true);
            return None;
        };
        spawn_local(async move {
            if JsFuture::from(asked).await.is_err() && !is_answered.get() {
                told(true);
            }
        });
        Some(Self { release: release? })
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        // Fulfilling a promise cannot fail.
        let _ = self.release.call0(&JsValue::NULL);
    }
}

fn lock_name(identity: &str) -> String {
    format!("vm-restore/lead/{identity}")
}

fn locks() -> Result<JsValue, JsValue> {
    let navigator = web_sys::window().ok_or(JsValue::NULL)?.navigator();
    Reflect::get(&navigator, &"locks".into())
}

fn request(name: &str, options: Option<&Object>, granted: &Function) -> Result<Promise, JsValue> {
    let locks = locks()?;
    let request: Function = Reflect::get(&locks, &"request".into())?.dyn_into()?;
    let asked = match options {
        Some(options) => request.call3(&locks, &name.into(), options, granted),
        None => request.call2(&locks, &name.into(), granted),
    };
    asked?.dyn_into()
}

/// Whether some tab leads for an identity at the time of the call: a wish that comes after it does not count. A browser that
/// cannot tell has none.
pub(crate) fn is_led(identity: &str) -> impl Future<Output = bool> + use<> {
    let name = lock_name(identity);
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
