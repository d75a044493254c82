//! The response headers that matter.

use super::{bounds::bounded, timing};
use ::time::{Duration, OffsetDateTime};
use http::{HeaderMap, HeaderName};
use serde::{Deserialize, Serialize};
use std::time::UNIX_EPOCH;

/// The caller's own id of a request; Azure Backup keeps it as the job's `activityId`.
pub static CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static("x-ms-client-request-id");

/// A header of an answer that is read. Only the table below makes one, and [`all()`] lists the table, so code cannot read a header that the
/// transport does not pass on.
#[derive(Debug)]
pub struct ResponseHeader(HeaderName);

impl ResponseHeader {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &HeaderName {
        &self.0
    }
}

/// Makes a constant of each line, and the list of them all.
macro_rules! response_headers {
    ($($(#[$about:meta])* $name:ident $text:literal,)+) => {
        $($(#[$about])* pub static $name: ResponseHeader = ResponseHeader(HeaderName::from_static($text));)+

        /// The headers of an answer that are read. The transport may drop all others.
        pub fn all() -> impl Iterator<Item = &'static HeaderName> {
            [$(&$name),+].into_iter().map(ResponseHeader::name)
        }
    };
}

response_headers! {
    /// The URL at which a long-running operation is polled.
    ASYNC_OPERATION "azure-asyncoperation",
    /// The same in the older form; also the URL of a finished operation's result.
    LOCATION "location",
    /// How long to wait.
    RETRY_AFTER "retry-after",
    /// The id of the request that support asks for first.
    REQUEST_ID "x-ms-request-id",
    /// The id that related requests share.
    CORRELATION_ID "x-ms-correlation-request-id",
    /// Whether ARM's gateway or the service behind it refused.
    FAILURE_CAUSE "x-ms-failure-cause",
    /// How many calls of an action are left this hour; some resource providers keep their own count.
    REMAINING "x-ms-ratelimit-remaining-subscription-resource-requests",
    /// How many queries of Resource Graph the user has left.
    QUERIES_REMAINING "x-ms-user-quota-remaining",
    /// The time until that number is reset.
    QUERIES_RESET_AFTER "x-ms-user-quota-resets-after",
    /// `true` where the tenant has more subscriptions than a query of Resource Graph may have.
    SUBSCRIPTION_LIMIT_HIT "x-ms-tenant-subscription-limit-hit",
    /// The claims that a token must have, when one is refused.
    CHALLENGE "www-authenticate",
}

/// How long to wait before asking again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RetryAfter {
    /// This many seconds after the answer.
    #[serde(rename = "Seconds")]
    Seconds(u64),
    /// At a time.
    #[serde(rename = "At", with = "crate::arm::bounds::time")]
    At(OffsetDateTime),
}

impl RetryAfter {
    /// When the wait ends, if the answer came at `now`; after [`timing::MAX_THROTTLE`] at the latest.
    #[must_use]
    pub fn due(&self, now: OffsetDateTime) -> OffsetDateTime {
        let asked = match self {
            RetryAfter::Seconds(seconds) => {
                now.saturating_add(Duration::seconds(i64::try_from(*seconds).unwrap_or(i64::MAX)))
            }
            RetryAfter::At(time) => *time,
        };
        asked.min(now.saturating_add(timing::MAX_THROTTLE))
    }
}

/// `Retry-After`, in seconds or as an HTTP date.
#[must_use]
pub fn retry_after(headers: &HeaderMap) -> Option<RetryAfter> {
    let text = text(headers, &RETRY_AFTER)?;
    let seconds =
        text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten().map(RetryAfter::Seconds);
    seconds.or_else(|| http_date(text).map(RetryAfter::At))
}

/// `Tue, 14 Nov 2023 22:14:20 GMT` and the two older forms; none for a time that no record may hold.
/// Source: <https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7>.
fn http_date(text: &str) -> Option<OffsetDateTime> {
    let since = httpdate::parse_http_date(text).ok()?.duration_since(UNIX_EPOCH).ok()?;
    bounded(OffsetDateTime::UNIX_EPOCH.checked_add(since.try_into().ok()?)?)
}

/// `x-ms-request-id`: what support asks for first.
#[must_use]
pub fn request_id(headers: &HeaderMap) -> Option<String> {
    text(headers, &REQUEST_ID).map(str::to_owned)
}

/// `x-ms-correlation-request-id`.
#[must_use]
pub fn correlation_id(headers: &HeaderMap) -> Option<String> {
    text(headers, &CORRELATION_ID).map(str::to_owned)
}

/// `Azure-AsyncOperation`, verbatim.
#[must_use]
pub fn operation_url(headers: &HeaderMap) -> Option<&str> {
    text(headers, &ASYNC_OPERATION)
}

/// `Location`, verbatim.
#[must_use]
pub fn location(headers: &HeaderMap) -> Option<&str> {
    text(headers, &LOCATION)
}

/// `WWW-Authenticate`, several joined with `, `. Characters that are not ASCII, in a description, do not hide the rest.
#[must_use]
pub fn challenge(headers: &HeaderMap) -> Option<String> {
    let values = headers.get_all(CHALLENGE.name()).iter();
    let values: Vec<_> = values.map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
    Some(values.join(", ")).filter(|joined| !joined.is_empty())
}

/// The first value of a header, without the spaces around it; none when it is empty or not ASCII.
#[must_use]
pub fn text<'a>(headers: &'a HeaderMap, header: &ResponseHeader) -> Option<&'a str> {
    headers.get(header.name())?.to_str().ok().map(str::trim).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{answer, at};
    use proptest::prelude::*;

    fn all(value: &str) -> Option<RetryAfter> {
        retry_after(answer(202, &[("Retry-After", value)], "").headers())
    }

    #[test]
    fn retry_after_as_seconds_or_date() {
        assert_eq!(all("60"), Some(RetryAfter::Seconds(60)));
        assert_eq!(all(" 60 "), Some(RetryAfter::Seconds(60)));
        let date = all("Tue, 14 Nov 2023 22:14:20 GMT");
        assert_eq!(date.map(|wait| wait.due(at(0))), Some(at(60)));
        for none in [
            "",
            "soon",
            "-5",
            "1.5",
            "99999999999999999999",
            "Tue, 14 Foo 2023 22:14:20 GMT",
            "Fri, 31 Dec 9999 23:59:59 GMT",
        ] {
            assert_eq!(all(none), None, "{none}");
        }
        for far in [RetryAfter::Seconds(u64::MAX), RetryAfter::At(at(1_000_000))] {
            assert_eq!(far.due(at(0)), at(3_600), "a wait ends");
        }
    }

    #[test]
    fn what_the_budget_needs_is_among_the_headers_that_are_handed_on() {
        let remaining = "x-ms-ratelimit-remaining-subscription-resource-requests";
        assert!(super::all().any(|name| name == remaining), "without it the budget knows the least limit alone");
    }

    proptest! {
        #[test]
        fn never_panics(text in "[ -~]{0,40}") {
            if let Some(wait) = all(&text) {
                let _ = wait.due(at(0));
            }
        }
    }
}
