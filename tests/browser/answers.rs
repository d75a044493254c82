//! Which headers of an answer reach the program through the browser's fetch, from a server of another origin (`xtask`).

use std::collections::BTreeSet;

use azure_backup::arm::headers;
use bytes::Bytes;
use http::{HeaderMap, Request};
use vm_restore::web::fetch;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::AbortController;

/// Headers that Azure also sends and that the program does not read.
const OTHERS: [&str; 4] = ["x-ms-routing-request-id", "x-content-type-options", "server", "content-type"];

/// Asks for an answer with every header that is read and some that are not, of which `exposed` may be read by other origins.
async fn answer(exposed: &str) -> HeaderMap {
    let names = headers::all().map(|name| name.as_str()).chain(OTHERS);
    let asked: Vec<String> = names.map(|name| format!("{name}=value-of-{name}")).collect();
    let url = format!("http://answers.test/?access-control-expose-headers={exposed}&{}", asked.join("&"));
    let request = Request::get(url).body(Bytes::new()).unwrap();
    fetch::send(request, "token", &AbortController::new().unwrap()).await.unwrap().headers().clone()
}

fn names(headers: &HeaderMap) -> BTreeSet<&str> {
    headers.keys().map(|name| name.as_str()).collect()
}

#[wasm_bindgen_test]
async fn every_header_that_is_read_arrives_where_it_is_exposed_and_no_other() {
    let read: BTreeSet<&str> = headers::all().map(|name| name.as_str()).collect();
    let all: Vec<&str> = read.iter().copied().chain(OTHERS).collect();
    let told = answer(&all.join(",")).await;
    assert_eq!(names(&told), read);
    for name in read {
        assert_eq!(told[name], format!("value-of-{name}"));
    }
}

#[wasm_bindgen_test]
async fn what_is_not_exposed_does_not_arrive() {
    for header in headers::all() {
        assert_eq!(names(&answer(header.as_str()).await), BTreeSet::from([header.as_str()]));
    }
    assert_eq!(names(&answer("").await), BTreeSet::new());
}
