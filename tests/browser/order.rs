//! The order in which the shell performs effects.

use vm_restore::app::saved::{RESTORES, restores};
use vm_restore::app::state::State;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::operator::review;
use crate::stubs::{Log, Stubs, around, empty_storage, now};
use crate::{end, open_in, until};

#[wasm_bindgen_test]
async fn a_restore_is_saved_before_its_request_leaves_and_shown_after_that() {
    empty_storage().await;
    let (stubs, log) = (Stubs::new(), Log::default());
    stubs.simulate();
    stubs.watch_restores(&log);
    stubs.watch_saves(RESTORES, &log, |_, text| {
        restores(text, now()).read.first().map(|restore| restore.state_text()).unwrap_or_default()
    });
    let shown = log.clone();
    let (shell, seen) = open_in(around(Some("{}"), None, &Log::default()), move |state| {
        if let Some(restore) = state.restores.first() {
            shown.add(format!("shown {}", state.state_text(restore)));
        }
    })
    .await;
    let start = review(&shell, &seen).await;
    shell.say(start(false));
    let accepted = |s: &State| s.restores.first().is_some_and(|r| r.state_text().starts_with("Accepted"));
    until(&seen, |s| log.has("sent") && accepted(s)).await;
    let lines = log.lines();
    let sent = lines.iter().position(|line| line == "sent").unwrap();
    assert_eq!(lines.iter().filter(|line| *line == "sent").count(), 1, "{lines:?}");
    let saved = lines[..sent].iter().rfind(|line| line.starts_with("saved "));
    assert_eq!(saved.unwrap(), "saved Sending the request", "{lines:?}");
    assert!(!lines[..sent].iter().any(|line| line == "shown Sending the request"), "{lines:?}");
    assert!(lines[sent..].iter().any(|line| line.starts_with("shown ")), "{lines:?}");
    // What Azure answers is shown at once, and saved meanwhile.
    for (at, line) in lines[..sent].iter().enumerate() {
        if let Some(state) = line.strip_prefix("shown ").filter(|state| *state != "Saving in this browser") {
            assert!(lines[..at].contains(&format!("saved {state}")), "{line} before it was saved: {lines:?}");
        }
    }
    end(&shell, &seen).await;
    empty_storage().await;
}
