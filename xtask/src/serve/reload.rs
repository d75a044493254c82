//! Pages that reload themselves while they are developed, without an exception in their Content-Security-Policy.

use std::{path::Path, thread, time::Duration};

use super::Answer;
use crate::build;

const SCRIPT: &str = "/_dev/reload.js";
const CHANGED: &str = "/_dev/changed";
/// How often the file is looked at, and how many times before the page must ask again.
const LOOK: Duration = Duration::from_millis(300);
const LOOKS: u32 = 60;

const RELOAD: &str = "const wait = async () => {
  try {
    const answer = await fetch('/_dev/changed', { cache: 'no-store' });
    if (answer.status === 205) location.reload();
  } catch {
    await new Promise((done) => setTimeout(done, 2000));
  }
  wait();
};
wait();
";

/// The script, or word of a change: 205 as soon as there is one, 204 when there was none for a while.
pub(super) fn answer(path: &str, root: &Path) -> Option<Answer> {
    match path {
        SCRIPT => {
            Some(Answer { status: "200 OK", kind: "text/javascript; charset=utf-8", body: RELOAD.as_bytes().to_vec() })
        }
        CHANGED => {
            let status = if changes(&root.join("index.html")) { "205 Reset Content" } else { "204 No Content" };
            Some(Answer { status, kind: "text/plain; charset=utf-8", body: Vec::new() })
        }
        _ => None,
    }
}

/// The page with the script at its end.
pub(super) fn with_script(mut page: Vec<u8>) -> Vec<u8> {
    page.extend_from_slice(format!("<script type=module src={SCRIPT}></script>").as_bytes());
    page
}

fn changes(page: &Path) -> bool {
    let before = build::newest(page);
    (0..LOOKS).any(|_| {
        thread::sleep(LOOK);
        let now = build::newest(page);
        now.is_some() && now != before
    })
}
