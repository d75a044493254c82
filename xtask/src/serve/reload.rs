//! Pages that reload themselves while they are developed, without an exception in their Content-Security-Policy.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use axum::{
    Router,
    extract::State,
    http::{StatusCode, header},
    response::{Html, IntoResponse},
    routing::get,
};

use crate::build;

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

/// The page with the script at its end, the script, and word of a change.
pub(super) fn routes(root: &Path) -> Router {
    let script = ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], RELOAD);
    Router::new()
        .route("/", get(page))
        .route("/index.html", get(page))
        .route("/_dev/reload.js", get(script))
        .route("/_dev/changed", get(changed))
        .with_state(root.join("index.html"))
}

async fn page(State(page): State<PathBuf>) -> impl IntoResponse {
    match tokio::fs::read_to_string(page).await {
        Ok(text) => Ok(Html(text + "<script type=module src=/_dev/reload.js></script>")),
        Err(_) => Err(StatusCode::NOT_FOUND),
    }
}

/// 205 as soon as the page has changed, 204 when it has not for a while.
async fn changed(State(page): State<PathBuf>) -> StatusCode {
    if changes(&page).await { StatusCode::RESET_CONTENT } else { StatusCode::NO_CONTENT }
}

async fn changes(page: &Path) -> bool {
    let before = build::newest(page);
    for _ in 0..LOOKS {
        tokio::time::sleep(LOOK).await;
        let now = build::newest(page);
        if now.is_some() && now != before {
            return true;
        }
    }
    false
}
