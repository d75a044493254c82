//! The only place where a request leaves the browser: converts `http` types to `fetch` and back.

use azure_backup::arm::call::MAX_ANSWER;
use azure_backup::arm::headers;
use bytes::Bytes;
use gloo_net::http::{Headers, RequestBuilder, Response};
use gloo_timers::callback::Timeout;
use http::HeaderValue;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, ReadableStreamDefaultReader, ReferrerPolicy, RequestCredentials, RequestMode, RequestRedirect,
};

use crate::app::msg::Transport;

/// Timeout of an answer, in milliseconds. ARM's own gateway gives up after 60 s.
const MAX_ANSWER_MS: u32 = 100_000;

/// Sends `request` with `token`. Dropping the future does not stop the fetch: use `abort`.
///
/// # Errors
/// What the browser reports. It does not distinguish a refused connection, a lost answer and a missing CORS header.
pub async fn send(
    request: http::Request<Bytes>,
    token: &str,
    abort: &AbortController,
) -> Result<http::Response<Bytes>, Transport> {
    let late = std::rc::Rc::new(std::cell::Cell::new(false));
    let _timer = {
        let (late, abort) = (late.clone(), abort.clone());
        Timeout::new(MAX_ANSWER_MS, move || {
            late.set(true);
            abort.abort();
        })
    };
    fetch(request, token, abort).await.map_err(|failure| match failure {
        Transport::Network(_) if late.get() => Transport::TimedOut,
        Transport::Network(_) if abort.signal().aborted() => Transport::Aborted,
        other => other,
    })
}

async fn fetch(
    request: http::Request<Bytes>,
    token: &str,
    abort: &AbortController,
) -> Result<http::Response<Bytes>, Transport> {
    let (parts, body) = request.into_parts();
    let headers = headers_of(&parts.headers, token).map_err(|error| {
        Transport::Refused(super::dom::error_message(&error, "the browser doesn't accept its headers"))
    })?;
    let builder = RequestBuilder::new(&parts.uri.to_string())
        .method(parts.method)
        .headers(Headers::from_raw(headers))
        .mode(RequestMode::Cors)
        .credentials(RequestCredentials::Omit)
        .referrer_policy(ReferrerPolicy::NoReferrer)
        // A redirect could carry the token to another host.
        .redirect(RequestRedirect::Error)
        .abort_signal(Some(&abort.signal()));
    let request = if body.is_empty() { builder.build() } else { builder.body(js_sys::Uint8Array::from(&body[..])) };
    let request = request.map_err(|e| Transport::Refused(e.to_string()))?;
    let response = request.send().await.map_err(|e| Transport::Network(e.to_string()))?;
    read(&response, abort).await
}

/// The headers of a request. `gloo_net` is not used because it panics when the browser refuses a header.
fn headers_of(given: &http::HeaderMap, token: &str) -> Result<web_sys::Headers, JsValue> {
    let headers = web_sys::Headers::new()?;
    for (name, value) in given {
        if let Ok(value) = value.to_str() {
            headers.append(name.as_str(), value)?;
        }
    }
    headers.append("Authorization", &format!("Bearer {token}"))?;
    Ok(headers)
}

async fn read(response: &Response, abort: &AbortController) -> Result<http::Response<Bytes>, Transport> {
    let mut answer = http::Response::new(Bytes::new());
    *answer.status_mut() = response.status().try_into().map_err(|_| Transport::Network(String::new()))?;
    let received_headers = response.headers();
    for name in headers::all() {
        if let Some(value) = received_headers.get(name.as_str()).and_then(|value| HeaderValue::try_from(value).ok()) {
            answer.headers_mut().insert(name, value);
        }
    }
    let (mut parts, mut length) = (Vec::new(), 0);
    if let Some(stream) = response.body() {
        let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
        loop {
            let chunk = JsFuture::from(reader.read()).await.map_err(|e| lost(&e))?;
            let value = js_sys::Reflect::get(&chunk, &"value".into()).map_err(|e| lost(&e))?;
            let Ok(part) = value.dyn_into::<js_sys::Uint8Array>() else { break };
            length += part.length() as usize;
            if length > MAX_ANSWER {
                abort.abort();
                return Err(Transport::TooLarge);
            }
            parts.push(part);
        }
    }
    let mut bytes = vec![0; length];
    let mut rest = &mut bytes[..];
    for part in parts {
        let (here, behind) = rest.split_at_mut(part.length() as usize);
        part.copy_to(here);
        rest = behind;
    }
    *answer.body_mut() = bytes.into();
    Ok(answer)
}

fn lost(error: &JsValue) -> Transport {
    Transport::Network(super::dom::error_message(error, "The connection was lost while the response was being read."))
}
