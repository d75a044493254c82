//! A parsed request.

use bytes::Bytes;
use http::{HeaderMap, Method, Request};
use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::errors::{ArmError, Refused};
use crate::text::same;
use crate::version::Version;

/// A request as the handlers see it.
#[derive(Debug)]
pub(crate) struct SimRequest {
    pub(crate) method: Method,
    /// The path as sent, percent-decoded.
    pub(crate) path: String,
    /// The segments of the path, percent-decoded; empty ones (from doubled and trailing slashes) are left out.
    pub(crate) segments: Vec<String>,
    /// The query as sent.
    pub(crate) raw_query: String,
    query: Vec<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
    pub(crate) version: Version,
    /// What stood in the route's `{}`.
    pub(crate) params: Vec<String>,
}

impl SimRequest {
    /// Parses a request; refuses one without a usable `api-version`, as ARM does.
    pub(crate) fn new(request: &Request<Bytes>) -> Result<Self, Refused> {
        let uri = request.uri();
        let raw_query = uri.query().unwrap_or_default().to_owned();
        let query: Vec<_> = raw_query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .map(|(k, v)| (decode(k, true), decode(v, true)))
            .collect();
        let path = decode(uri.path(), false);
        let text = query.iter().find(|(k, _)| same(k, "api-version")).map(|(_, v)| v.as_str()).unwrap_or_default();
        if text.is_empty() {
            let message = "The api-version query parameter (?api-version=) is required for all requests.";
            return Err(ArmError::gateway(400, "MissingApiVersionParameter", message));
        }
        let version = Version::parse(text).ok_or_else(|| {
            ArmError::gateway(
                400,
                "InvalidApiVersionParameter",
                "The api-version is invalid: it is not a date (yyyy-MM-dd).",
            )
        })?;
        Ok(Self {
            method: request.method().clone(),
            segments: uri.path().split('/').filter(|s| !s.is_empty()).map(|s| decode(s, false)).collect(),
            path,
            raw_query,
            query,
            headers: request.headers().clone(),
            body: request.body().clone(),
            version,
            params: Vec::new(),
        })
    }

    /// The segment that matched the `index`-th `{}` of the route.
    pub(crate) fn at(&self, index: usize) -> &str {
        self.params.get(index).map_or("", String::as_str)
    }

    /// A query parameter; names ignore case.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(k, _)| same(k, name)).map(|(_, v)| v.as_str())
    }

    /// A request header, when it is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body as text; empty if it is not text.
    pub(crate) fn text(&self) -> &str {
        str::from_utf8(&self.body).unwrap_or_default()
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> Result<Value, Refused> {
        let refused = |why: String| {
            ArmError::gateway(
                400,
                "InvalidRequestContent",
                format!("The request content was invalid and could not be deserialized: '{why}'."),
            )
        };
        let value: Value = serde_json::from_slice(&self.body).map_err(|e| refused(e.to_string()))?;
        if value.is_object() { Ok(value) } else { Err(refused("an object was expected".to_owned())) }
    }
}

/// Decodes percent-encoding (and `+` in a query). Invalid UTF-8 is replaced.
fn decode(text: &str, plus: bool) -> String {
    let text = if plus { text.replace('+', " ") } else { text.to_owned() };
    percent_decode_str(&text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::{SimRequest, decode};

    fn ask(uri: &str) -> SimRequest {
        SimRequest::new(&http::Request::get(uri).body(Bytes::from_static(b"{}")).unwrap()).unwrap()
    }

    #[test]
    fn decodes() {
        assert_eq!(decode("a%3Bb%3b%2", false), "a;b;%2");
        assert_eq!(decode("a+eq+%27b%27", true), "a eq 'b'");
        assert_eq!(decode("%ff", false), "\u{fffd}");
        assert_eq!(decode("%é", false), "%é");
    }

    #[test]
    fn takes_apart() {
        let a = ask("https://h/a//b%2Fc/?API-Version=2024-04-01&%24filter=x");
        assert_eq!(a.segments, ["a", "b/c"]);
        assert_eq!(a.query("$FILTER"), Some("x"));
        assert!(a.json().is_ok());
    }

    #[test]
    fn wants_an_api_version() {
        for uri in ["/x", "/x?api-version=", "/x?api-version=soon"] {
            assert_eq!(
                SimRequest::new(&http::Request::get(uri).body(Bytes::new()).unwrap()).unwrap_err().status,
                400,
                "{uri}"
            );
        }
    }
}
