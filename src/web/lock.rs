//! Web Locks: of all tabs of this browser, one follows the restores of an identity, and one sends a restore.

use std::cell::Cell;
use std::rc::Rc;

use azure_backup::arm::id::ClientRequestId;
use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::patience::within;

/// The browser knows who holds its locks; in seconds.
const LONGEST_QUERY: u32 = 5;

/// A lock that is wished for, or held. Dropping it lets another tab have it.
pub(crate) struct Lock {
    release: Function,
    wanted: Rc<Cell<bool>>,
}

/// How much a lock is wished for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wish {
    /// It is waited for, however long another tab holds it.
    Wait,
    /// Not at all if another tab holds it.
    IfFree,
}

impl Lock {
    /// Asks for a lock; `told` hears whether it is ours. A browser without locks, or one that refuses them to this page, has no other tab that
    /// could know what this one knows: then it is ours at once.
    pub(crate) fn ask(name: &str, wish: Wish, told: impl Fn(bool) + 'static) -> Option<Self> {
        let mut release = None;
        let released = Promise::new(&mut |resolve, _| release = Some(resolve));
        let told = Rc::new(told);
        let wanted = Rc::new(Cell::new(true));
        let is_told = Rc::new(Cell::new(false));
        // The browser may grant it long after nobody wants it any more, so this outlives us.
        let granted = {
            let (told, wanted, is_told) = (told.clone(), wanted.clone(), is_told.clone());
            Closure::once_into_js(move |lock: JsValue| -> Promise {
                is_told.set(true);
                if wanted.get() {
                    told(!lock.is_null());
                }
                // The lock is held until this promise is fulfilled.
                released
            })
        };
        let Ok(asked) = request(name, wish, granted.unchecked_ref()) else {
            told(true);
            return None;
        };
        let still = wanted.clone();
        // Where site data is blocked the browser does not throw: it rejects. By what it rejects later the lock is not lost.
        spawn_local(async move {
            if JsFuture::from(asked).await.is_err() && !is_told.get() && still.get() {
                told(true);
            }
        });
        Some(Self { release: release?, wanted })
    }
}

/// The lock of the tab that follows the restores of an identity.
pub(crate) fn lead_lock(identity: &str) -> String {
    format!("vm-restore/{identity}")
}

/// The lock of the tab that sends a restore.
pub(crate) fn send_lock(restore: &ClientRequestId) -> String {
    format!("vm-restore/send/{restore}")
}

fn locks() -> Result<JsValue, JsValue> {
    let navigator = web_sys::window().ok_or(JsValue::NULL)?.navigator();
    Reflect::get(&navigator, &"locks".into())
}

fn request(name: &str, wish: Wish, granted: &Function) -> Result<Promise, JsValue> {
    let locks = locks()?;
    let request: Function = Reflect::get(&locks, &"request".into())?.dyn_into()?;
    let options = Object::new();
    Reflect::set(&options, &"ifAvailable".into(), &(wish == Wish::IfFree).into())?;
    request.call3(&locks, &name.into(), &options, granted)?.dyn_into()
}

/// Whether some tab follows the restores of an identity at the time of the call: a wish that comes after it does not count. A browser that
/// cannot tell has none.
pub(crate) fn is_led(identity: &str) -> impl Future<Output = bool> + use<> {
    let name = lead_lock(identity);
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

impl Drop for Lock {
    fn drop(&mut self) {
        self.wanted.set(false);
        // Fulfilling a promise cannot fail.
        let _ = self.release.call0(&JsValue::NULL);
    }
}
