//! Web Locks: of all tabs of this browser, one polls the restores of an identity, and one sends a given restore.

use std::cell::Cell;
use std::rc::Rc;

use azure_backup::arm::id::ClientRequestId;
use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::timeout::with_timeout;

/// Timeout of a question about held locks, in seconds.
const MAX_QUERY: u32 = 5;

/// A lock that is requested or held. Dropping it releases it.
pub(crate) struct Lock {
    release: Function,
    wanted: Rc<Cell<bool>>,
}

/// What to do while another tab holds the lock.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum LockMode {
    /// Wait for it, however long that takes.
    Wait,
    /// Give up at once.
    IfFree,
}

impl Lock {
    /// Requests a lock. `on_result` gets whether this tab has it, and a cell that turns false when the lock is dropped: a caller that waits before it
    /// uses the lock checks the cell again. If the browser has no locks, or refuses them to this page, no other tab can know about this restore,
    /// so the lock counts as ours at once.
    pub(crate) fn ask(name: &str, mode: LockMode, on_result: impl Fn(bool, Rc<Cell<bool>>) + 'static) -> Option<Self> {
        let mut release = None;
        let released = Promise::new(&mut |resolve, _| release = Some(resolve));
        let on_result = Rc::new(on_result);
        let wanted = Rc::new(Cell::new(true));
        let is_reported = Rc::new(Cell::new(false));
        // The browser may grant the lock long after this `Lock` was dropped, so the closure owns its state.
        let granted = {
            let (on_result, wanted, is_reported) = (on_result.clone(), wanted.clone(), is_reported.clone());
            Closure::once_into_js(move |lock: JsValue| -> Promise {
                is_reported.set(true);
                if wanted.get() {
                    on_result(!lock.is_null(), wanted);
                }
                // The lock is held until this promise is fulfilled.
                released
            })
        };
        let Ok(asked) = request(name, mode, granted.unchecked_ref()) else {
            on_result(true, wanted.clone());
            return Some(Self { release: release?, wanted });
        };
        let still = wanted.clone();
        // Where site data is blocked, the browser rejects the promise instead of throwing. A rejection after the lock was granted does not lose it.
        spawn_local(async move {
            if JsFuture::from(asked).await.is_err() && !is_reported.get() && still.get() {
                on_result(true, still);
            }
        });
        Some(Self { release: release?, wanted })
    }
}

/// Name of the lock of the tab that polls the restores of an identity. Versions of this page that save restores in `localStorage` use other names:
/// their tabs do not read the database of this version, so they cannot poll for it.
pub(crate) fn lead_lock(identity: &str) -> String {
    format!("vm-restore/leader/{identity}")
}

/// Name of the lock of the tab that sends a restore.
pub(crate) fn send_lock(restore: &ClientRequestId) -> String {
    format!("vm-restore/send/{restore}")
}

fn locks() -> Result<JsValue, JsValue> {
    let navigator = web_sys::window().ok_or(JsValue::NULL)?.navigator();
    Reflect::get(&navigator, &"locks".into())
}

fn request(name: &str, mode: LockMode, granted: &Function) -> Result<Promise, JsValue> {
    let locks = locks()?;
    let request: Function = Reflect::get(&locks, &"request".into())?.dyn_into()?;
    let options = Object::new();
    Reflect::set(&options, &"ifAvailable".into(), &(mode == LockMode::IfFree).into())?;
    request.call3(&locks, &name.into(), &options, granted)?.dyn_into()
}

/// Whether some tab holds the lead of an identity at the time of the call; later requests do not count. False where the browser
/// cannot tell.
pub(crate) fn is_led(identity: &str) -> impl Future<Output = bool> + use<> {
    let name = lead_lock(identity);
    let asked = query();
    async move {
        let Ok(asked) = asked else { return false };
        let Some(Ok(on_result)) = with_timeout(MAX_QUERY, JsFuture::from(asked)).await else { return false };
        let held = Reflect::get(&on_result, &"held".into()).map(|held| Array::from(&held)).unwrap_or_default();
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
