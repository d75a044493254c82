//! The other tabs of this browser, and other programs of this page: each hears what another one saves, and what another one could not save,
//! which the browser's storage tells nobody.

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
    _heard: EventListener,
}

impl TabChannel {
    /// Hears the others from now on. None in a browser without channels: its tabs learn of each other when they are loaded.
    pub(crate) fn listen(heard: impl Fn(Msg) + 'static) -> Option<Self> {
        let channel = BroadcastChannel::new(NAME).ok()?;
        let listener = EventListener::new(&channel, "message", move |event| {
            if let Some(told) = event.dyn_ref::<MessageEvent>().and_then(|event| read(&event.data())) {
                heard(told);
            }
        });
        Some(Self { channel, _heard: listener })
    }

    /// Tells the others of a saved text, `[key, text or null, whether it is saved]`; they hear everything in the order in which it was told.
    pub(crate) fn tell(&self, key: &str, value: Option<&str>, kept: bool) {
        self.post(&Array::of3(&key.into(), &text(value), &kept.into()));
    }

    /// Tells the others of changed records, `[[store, whether they are saved, whether the database holds them], [key, text or null], …]`; `[]`
    /// stands for the removal of all. Versions of this page that save all records in one text pass over it; those that save each record in
    /// `localStorage` tell the same without the third member of the head, which they do not look at.
    pub(crate) fn tell_records(&self, store: &str, changes: &[Change], kept: bool) {
        let told = Array::of1(&Array::of3(&store.into(), &kept.into(), &kept.into()));
        for change in changes {
            let change = match change {
                Change::Put((key, value)) => Array::of2(&key.into(), &value.into()),
                Change::Delete(key) => Array::of2(&key.into(), &JsValue::NULL),
                Change::Clear => Array::new(),
            };
            told.push(&change);
        }
        self.post(&told);
    }

    fn post(&self, told: &Array) {
        // Only what cannot be copied is refused, and text can.
        let _ = self.channel.post_message(told);
    }
}

fn text(value: Option<&str>) -> JsValue {
    value.map_or(JsValue::NULL, JsValue::from_str)
}

/// The page's other versions may tell anything.
fn read(told: &JsValue) -> Option<Msg> {
    let told: &Array = told.dyn_ref()?;
    if let Some(key) = told.get(0).as_string() {
        return Some(Msg::SavedElsewhere { key, value: told.get(1).as_string() });
    }
    let first: Array = told.get(0).dyn_into().ok()?;
    let changes = told.iter().skip(1).map(|change| {
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
