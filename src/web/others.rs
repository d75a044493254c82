//! The other tabs of this browser, and other programs of this page: what one saves, all hear. Also what could not be saved, which the browser's
//! storage tells nobody.

use gloo_events::EventListener;
use js_sys::Array;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{BroadcastChannel, MessageEvent};

const NAME: &str = "vm-restore";

/// What another has told.
pub(crate) struct Told {
    /// The key.
    pub(crate) key: String,
    /// The text; none = removed.
    pub(crate) value: Option<String>,
    /// Whether the browser has saved it.
    pub(crate) kept: bool,
}

/// The channel to the others. Dropping it closes it.
pub(crate) struct Others {
    channel: BroadcastChannel,
    _heard: EventListener,
}

impl Others {
    /// Hears the others from now on. None in a browser without channels: its tabs learn of each other when they are loaded.
    pub(crate) fn listen(heard: impl Fn(Told) + 'static) -> Option<Self> {
        let channel = BroadcastChannel::new(NAME).ok()?;
        let listener = EventListener::new(&channel, "message", move |event| {
            if let Some(told) = event.dyn_ref::<MessageEvent>().and_then(|event| read(&event.data())) {
                heard(told);
            }
        });
        Some(Self { channel, _heard: listener })
    }

    /// Tells the others; they hear it in the order in which it was told.
    pub(crate) fn tell(&self, key: &str, value: Option<&str>, kept: bool) {
        let told = Array::of3(&key.into(), &value.map_or(JsValue::NULL, JsValue::from_str), &kept.into());
        // Only what cannot be copied is refused, and text can.
        let _ = self.channel.post_message(&told);
    }
}

/// The page's other versions may tell anything.
fn read(told: &JsValue) -> Option<Told> {
    let told: &Array = told.dyn_ref()?;
    Some(Told { key: told.get(0).as_string()?, value: told.get(1).as_string(), kept: told.get(2).is_truthy() })
}

impl Drop for Others {
    fn drop(&mut self) {
        self.channel.close();
    }
}
