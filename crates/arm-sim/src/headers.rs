//! The headers of every answer of ARM.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode};

use crate::answer::Answer;
use crate::moment::{self, Millis};

/// Makes the HTTP answer to `request`; `id` is the request id that ARM gives it.
pub(crate) fn finish(answer: Answer, request: &Request<Bytes>, id: &str, now: Millis) -> Response<Bytes> {
    let mut headers = HeaderMap::new();
    let mut put = |name: &'static str, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.append(HeaderName::from_static(name), value);
        }
    };
    let sent = |name: &str| request.headers().get(name).and_then(|v| v.to_str().ok());
    put("cache-control", "no-cache");
    put("pragma", "no-cache");
    put("expires", "-1");
    // Set even on empty answers, as on the wire.
    put("content-type", answer.content_type);
    put("date", &moment::http_date(now));
    put("strict-transport-security", "max-age=31536000; includeSubDomains");
    put("x-content-type-options", "nosniff");
    put("x-cache", "CONFIG_NOCACHE");
    let reference = id.replace('-', "").to_ascii_uppercase();
    put("x-msedge-ref", &format!("Ref A: {reference} Ref B: AMS231020512017 Ref C: {}Z", &moment::bare(now)[..19]));
    put("x-ms-request-id", id);
    put("x-ms-correlation-request-id", sent("x-ms-correlation-request-id").unwrap_or(id));
    put("x-ms-routing-request-id", &format!("WESTEUROPE:{}:{id}", moment::compact(now)));
    if let Some(client) = sent("x-ms-client-request-id") {
        put("x-ms-client-request-id", client);
        put("x-ms-client-request-id", client);
    }
    for (name, value) in &answer.headers {
        put(name, value);
    }
    // Refusals of ARM itself have no version header; limits of a resource provider are still counted in the old way.
    let has = |name: &str, value: Option<&str>| {
        answer.headers.iter().any(|(n, v)| *n == name && value.is_none_or(|wanted| v == wanted))
    };
    if !has("x-ms-failure-cause", Some("gateway")) {
        let provider = has("x-ms-ratelimit-remaining-subscription-resource-requests", None);
        put("x-ms-throttling-version", if provider { "v1" } else { "v2" });
    }
    let mut response = Response::new(if request.method() == http::Method::HEAD { Bytes::new() } else { answer.body });
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    *response.headers_mut() = headers;
    response
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::finish;
    use crate::answer::Answer;

    #[test]
    fn echoes_the_client_request_id_twice() {
        let request = http::Request::head("/").header("x-ms-client-request-id", "me").body(Bytes::new()).unwrap();
        let response = finish(Answer::ok("{}".to_owned()).with("retry-after", "60"), &request, "id", 0);
        assert_eq!(response.headers().get_all("x-ms-client-request-id").iter().count(), 2);
        assert_eq!(response.headers()["x-ms-correlation-request-id"], "id");
        assert_eq!(response.headers()["retry-after"], "60");
        assert!(response.body().is_empty(), "HEAD has no body");
        assert_eq!(response.headers()["x-cache"], "CONFIG_NOCACHE");
        assert_eq!(response.headers()["x-ms-throttling-version"], "v2");
        assert!(response.headers()["x-msedge-ref"].to_str().unwrap().ends_with(" Ref C: 1970-01-01T00:00:00Z"));
    }
}
