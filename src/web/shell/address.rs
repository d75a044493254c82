//! The address: the window's, or in a portal the portal's, which gets an event for each change of page.

use serde_json::Value;
use wasm_bindgen_futures::spawn_local;

use super::{Shell, dom};
use crate::app::msg::Msg;
use crate::app::route::Route;
use crate::web::timeout::with_timeout;

/// Timeout of the clipboard in seconds: it is written at once, unless the browser asks the operator first.
const MAX_COPY: u32 = 30;

impl Shell {
    /// Reports the current page to the surrounding page.
    pub(super) fn publish_route(&self, route: &Route) {
        self.0.host.dispatch_event("navigate", &Value::String(route.hash()).to_string());
    }

    /// Goes to another page; the window's history keeps the present one if the address is ours.
    pub(super) fn go(&self, route: Route) {
        if self.0.own_address {
            // Changing the address takes the browser milliseconds, so that a request of the same message leaves first.
            spawn_local(async move { dom::go(&route.hash()) });
        } else {
            self.publish_route(&route);
            self.send(Msg::Went(route));
        }
    }

    /// Shows another address of the same page; the history gets no entry.
    pub(super) fn replace(&self, route: &Route) {
        if self.0.own_address {
            dom::replace(&route.hash());
        } else {
            self.publish_route(route);
        }
    }

    /// Puts a text on the clipboard.
    pub(super) fn copy(&self, text: String) {
        let shell = self.clone();
        spawn_local(async move {
            let copied = with_timeout(MAX_COPY, dom::copy(&text)).await;
            let late = || Err(format!("The browser didn't confirm the copy within {MAX_COPY} seconds."));
            shell.send(Msg::Copied(copied.unwrap_or_else(late)));
        });
    }
}
