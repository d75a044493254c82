//! Cross-origin requests, as ARM permits them.

use axum::http::HeaderMap;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, Response, StatusCode};

use super::Expose;

fn put(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(HeaderName::from_static(name), value);
    }
}

/// Answers a preflight request.
pub(super) fn preflight(request: &Request<Bytes>) -> Response<Bytes> {
    let wanted =
        request.headers().get("access-control-request-headers").and_then(|v| v.to_str().ok()).unwrap_or_default();
    let admitted = |name: &&str| {
        let name = name.to_ascii_lowercase();
        matches!(name.as_str(), "authorization" | "content-type" | "accept") || name.starts_with("x-ms-")
    };
    let names: Vec<_> = wanted.split(',').map(str::trim).filter(admitted).collect();
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::OK;
    let headers = response.headers_mut();
    put(headers, "access-control-allow-methods", "GET,HEAD,POST,PUT,PATCH,DELETE");
    put(headers, "access-control-allow-headers", &names.join(","));
    put(headers, "access-control-max-age", "3600");
    response
}

/// Lets the requesting origin read an answer, and its exposed headers.
pub(super) fn allow(request: &Request<Bytes>, response: &mut Response<Bytes>, expose: &Expose) {
    if !request.headers().contains_key("origin") {
        return;
    }
    let names = match expose {
        Expose::None => String::new(),
        Expose::List(names) => names.clone(),
        Expose::All => {
            let names: Vec<_> = response.headers().keys().map(HeaderName::as_str).collect();
            names.join(",")
        }
    };
    let headers = response.headers_mut();
    put(headers, "access-control-allow-origin", "*");
    if !names.is_empty() {
        put(headers, "access-control-expose-headers", &names);
    }
}
