//! The channel to other tabs of this browser and to other instances of the program in this page. Each broadcasts its saves, and also the values that it
//! could not save, which no storage event would carry.

use gloo_events::EventListener;
use js_sys::Array;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{BroadcastChannel, MessageEvent};

use crate::app::msg::Msg;
use crate::app::records::Change;

const NAME: &str = "vm-restore";

/// The channel to the others. Dropping it closes it.
pub(crate) struct TabChannel {
    channel: BroadcastChannel,
    _listener: EventListener,
}

impl TabChannel {
    /// Starts listening. None in a browser without `BroadcastChannel`: its tabs see each other's changes when they are loaded.
    pub(crate) fn listen(on_message: impl Fn(Msg) + 'static) -> Option<Self> {
        let channel = BroadcastChannel::new(NAME).ok()?;
        let listener = EventListener::new(&channel, "message", move |event| {
            if let Some(message) = event.dyn_ref::<MessageEvent>().and_then(|event| read(&event.data())) {
                on_message(message);
            }
        });
        Some(Self { channel, _listener: listener })
    }

    /// Broadcasts a text as `[key, text or null, whether it is saved]`. Messages arrive in the order in which they were sent.
    pub(crate) fn broadcast(&self, key: &str, value: Option<&str>, kept: bool) {
        self.post(&Array::of3(&key.into(), &text(value), &kept.into()));
    }

    /// Broadcasts changed records as `[[store, whether they are saved, whether the database holds them], [key, text or null], …]`; `[]` means that all
    /// are removed. Versions that saved all records in one text ignore the message; those that saved each record in `localStorage` send it
    /// without the third member of the head and do not read that member.
    pub(crate) fn broadcast_records(&self, store: &str, changes: &[Change], kept: bool) {
        let message = Array::of1(&Array::of3(&store.into(), &kept.into(), &kept.into()));
        for change in changes {
            let change = match change {
                Change::Put((key, value)) => Array::of2(&key.into(), &value.into()),
                Change::Delete(key) => Array::of2(&key.into(), &JsValue::NULL),
                Change::Clear => Array::new(),
            };
            message.push(&change);
        }
        self.post(&message);
    }

    fn post(&self, message: &Array) {
        // `postMessage` refuses only values that cannot be cloned, and strings can.
        let _ = self.channel.post_message(message);
    }
}

fn text(value: Option<&str>) -> JsValue {
    value.map_or(JsValue::NULL, JsValue::from_str)
}

/// Reads a message. Other versions of the page may send anything, so what does not fit is ignored.
fn read(message: &JsValue) -> Option<Msg> {
    let message: &Array = message.dyn_ref()?;
    if let Some(key) = message.get(0).as_string() {
        return Some(Msg::SavedElsewhere { key, value: message.get(1).as_string() });
    }
    let first: Array = message.get(0).dyn_into().ok()?;
    let changes = message.iter().skip(1).map(|change| {
        let change: Array = change.dyn_into().ok()?;
        if change.length() == 0 {
            return Some(Change::Clear);
        }
        let key = change.get(0).as_string()?;
        Some(match change.get(1).as_string() {
            Some(value) => Change::Put((key, value)),
            None => Change::Delete(key),
        })
    });
    let changes = changes.collect::<Option<Vec<Change>>>()?;
    Some(Msg::RecordsChanged { store: first.get(0).as_string()?, changes, kept: first.get(2).is_truthy() })
}

impl Drop for TabChannel {
    fn drop(&mut self) {
        self.channel.close();
    }
}
