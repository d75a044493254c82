//! A program error is shown, not swallowed: the page says so, accessibly, and what it would tell a developer can be copied.

use std::panic::PanicHookInfo;

/// Shows a panic in the page. Nothing is retried: the state can no longer be trusted, while what was saved can.
pub fn install() {
    std::panic::set_hook(Box::new(|info: &PanicHookInfo<'_>| show(&info.to_string())));
}

fn show(details: &str) {
    web_sys::console::error_1(&details.into());
    let Some(document) = web_sys::window().and_then(|w| w.document()) else { return };
    let text = format!(
        "VM Restore has stopped because of an error in the program. Restores that were started go on in Azure and are \
         remembered in this browser: reload the page to follow them. Details: {details}"
    );
    // All programs of the page share their memory, so all have stopped.
    for root in super::shell::roots() {
        let Ok(alert) = document.create_element("div") else { return };
        // An attribute that cannot be set leaves a plain, still readable text.
        let _ = alert.set_attribute("role", "alert");
        let _ = alert.set_attribute("class", "vm-restore-crash");
        alert.set_text_content(Some(&text));
        let _ = root.before_with_node_1(&alert);
    }
}
