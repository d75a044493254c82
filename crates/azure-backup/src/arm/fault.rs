//! What went wrong with a call, with Azure's code and message if it sent any.

use crate::arm::{
    challenge::Claims,
    cloud::RefusedUrl,
    graph::QueryQuota,
    headers::{self, RetryAfter},
    json::{self, FirstMismatch, NodeRef, WrongShape},
    timing,
};
use bytes::Bytes;
use http::Response;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{error::Error, fmt};

/// The kind of a fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum FaultKind {
    /// The URL is not one that the configured cloud admits; nothing was sent.
    #[serde(rename = "Refused")]
    Refused,
    /// Azure gave an address that is no URL, or cannot be called unchanged; nothing was sent.
    #[serde(rename = "NoUrl")]
    NoUrl,
    /// There was no token; nothing was sent.
    #[serde(rename = "NoToken")]
    NoToken,
    /// No token came in time; nothing was sent. The source of tokens may answer the next time.
    #[serde(rename = "TokenLate")]
    TokenLate,
    /// The transport failed. Whether the request arrived is unknown: a browser cannot tell.
    #[serde(rename = "Network")]
    Network,
    /// No answer in time. Whether the request arrived is unknown.
    #[serde(rename = "TimedOut")]
    TimedOut,
    /// We stopped waiting ourselves.
    #[serde(rename = "Aborted")]
    Aborted,
    /// An error that the service documents.
    #[serde(rename = "Status")]
    Status,
    /// An answer that is not Azure's: an HTML page, a proxy's.
    #[serde(rename = "Unexpected")]
    Unexpected,
    /// The status was fine and the body could not be read.
    #[serde(rename = "Body")]
    Body {
        /// Where in the JSON: `$.value[3].properties`.
        #[serde(rename = "path")]
        path: String,
    },
    /// The answer is larger than anything Azure sends.
    #[serde(rename = "TooLarge")]
    TooLarge,
}

/// Whether a request left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// Certainly no request left.
    No,
    /// It's unknown whether a request left.
    Maybe,
    /// A request left, because it was answered.
    Yes,
}

/// A fault with everything that support will ask for. The serialized form is this crate's own, for records that a program stores.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Fault {
    /// The kind.
    #[serde(rename = "kind")]
    pub kind: FaultKind,
    /// The HTTP status, if there was an answer.
    #[serde(rename = "status")]
    pub status: Option<u16>,
    /// Azure's code; empty if it gave none.
    #[serde(rename = "code")]
    pub code: String,
    /// Azure's message, or ours where Azure gave none.
    #[serde(rename = "message")]
    pub message: String,
    /// Which part of the request it concerns, if Azure says so.
    #[serde(rename = "target")]
    pub target: Option<String>,
    /// Further errors below this one.
    #[serde(rename = "details")]
    pub details: Vec<FaultDetail>,
    /// `x-ms-request-id`.
    #[serde(rename = "request_id")]
    pub request_id: Option<String>,
    /// `x-ms-correlation-request-id`.
    #[serde(rename = "correlation_id")]
    pub correlation_id: Option<String>,
    /// `x-ms-failure-cause`: `gateway` or `service`.
    #[serde(rename = "failure_cause")]
    pub failure_cause: Option<String>,
    /// The wait that Azure asks for, from the header or from the message.
    #[serde(rename = "retry_after")]
    pub retry_after: Option<RetryAfter>,
    /// Method and path, without the query.
    #[serde(rename = "call")]
    pub call: String,
    /// `WWW-Authenticate`, raw, several joined with `, `; [`Fault::step_up`] reads it.
    #[serde(rename = "claims")]
    pub challenge: Option<String>,
    /// The members of `additionalInfo` of the error and of those below it, as Azure wrote them: which policy has refused, for example.
    /// Source: <https://github.com/cloud-and-ai-microsoft/resource-provider-contract/blob/master/v1.0/common-api-details.md#error-response-content>.
    #[serde(rename = "additional")]
    pub additional: Option<Box<Value>>,
}

/// One of the errors below an error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FaultDetail {
    /// Azure's code.
    #[serde(rename = "code")]
    pub code: String,
    /// Azure's message.
    #[serde(rename = "message")]
    pub message: String,
    /// What it concerns.
    #[serde(rename = "target")]
    pub target: Option<String>,
}

impl Fault {
    fn new(kind: FaultKind, call: &str, message: impl Into<String>) -> Fault {
        Fault {
            kind,
            status: None,
            code: String::new(),
            message: message.into(),
            target: None,
            details: Vec::new(),
            additional: None,
            request_id: None,
            correlation_id: None,
            failure_cause: None,
            retry_after: None,
            call: call.to_owned(),
            challenge: None,
        }
    }

    /// The transport failed; `message` is what the browser said.
    #[must_use]
    pub fn network(call: &str, message: &str) -> Fault {
        Fault::new(FaultKind::Network, call, message)
    }

    /// The URL may not be called.
    #[must_use]
    pub fn refused(call: &str, why: &RefusedUrl) -> Fault {
        let kind = if matches!(why, RefusedUrl::NotAUrl(_)) { FaultKind::NoUrl } else { FaultKind::Refused };
        Fault::new(kind, call, why.to_string())
    }

    /// We stopped waiting.
    #[must_use]
    pub fn aborted(call: &str) -> Fault {
        Fault::new(FaultKind::Aborted, call, "The request was canceled before a response arrived.")
    }

    /// No answer came within `seconds`.
    #[must_use]
    pub fn timed_out(call: &str, seconds: u64) -> Fault {
        Fault::new(FaultKind::TimedOut, call, format!("No response within {seconds} seconds."))
    }

    /// The answer has `bytes` bytes, or more.
    #[must_use]
    pub fn too_large(call: &str, bytes: usize) -> Fault {
        Fault::new(FaultKind::TooLarge, call, format!("The response is too large: {bytes} bytes."))
    }

    /// No token could be had; `message` says why.
    #[must_use]
    pub fn no_token(call: &str, message: &str) -> Fault {
        Fault::new(FaultKind::NoToken, call, message)
    }

    /// No token came within `seconds`.
    #[must_use]
    pub fn token_late(call: &str, seconds: u64) -> Fault {
        let message = format!("No access token within {seconds} seconds. Nothing was sent to Azure.");
        Fault::new(FaultKind::TokenLate, call, message)
    }

    /// An error that came inside a successful answer, such as a failed operation's.
    #[must_use]
    pub fn reported(call: &str, code: &str, message: &str) -> Fault {
        Fault { code: code.to_owned(), ..Fault::new(FaultKind::Status, call, message) }
    }

    /// The same fault with this HTTP status.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Fault {
        self.status = Some(status);
        self
    }

    /// The error in the member `error` of an answer whose status is success.
    pub(crate) fn from_error_member(node: &NodeRef<'_>) -> Fault {
        let mut fault = Fault::reported("", "", "");
        fault.read_body(&node.lenient(&FirstMismatch::new()));
        fault
    }

    /// The fault for an answer whose status the call does not accept.
    #[must_use]
    pub fn from_answer(call: &str, answer: &Response<Bytes>) -> Fault {
        let mut fault = Fault::new(FaultKind::Unexpected, call, "").with_headers(answer);
        if let Ok(value) = json::parse(answer.body()) {
            fault.read_body(&NodeRef::root(&value, &FirstMismatch::new()));
        }
        if fault.kind == FaultKind::Unexpected {
            fault.message = unexpected_answer_message(answer);
        }
        if fault.retry_after.is_none() && fault.is_throttled() {
            fault.retry_after = timing::wait_in_message(&fault.message).map(RetryAfter::Seconds);
        }
        fault
    }

    /// The fault for an accepted status whose body could not be read.
    pub(crate) fn wrong_shape(call: &str, answer: &Response<Bytes>, wrong: &WrongShape) -> Fault {
        let html = answer.body().trim_ascii_start().starts_with(b"<");
        let kind = if html { FaultKind::Unexpected } else { FaultKind::Body { path: wrong.path.clone() } };
        let message = if html {
            unexpected_answer_message(answer)
        } else {
            format!("Azure's response couldn't be read: {wrong}.")
        };
        Fault::new(kind, call, message).with_headers(answer)
    }

    fn with_headers(mut self, answer: &Response<Bytes>) -> Fault {
        let map = answer.headers();
        self.status = Some(answer.status().as_u16());
        self.request_id = headers::request_id(map);
        self.correlation_id = headers::correlation_id(map);
        self.failure_cause = headers::text(map, &headers::FAILURE_CAUSE).map(str::to_owned);
        self.retry_after = headers::retry_after(map).or_else(|| self.graph_quota(map));
        self.challenge = headers::challenge(map);
        self
    }

    /// The wait that Resource Graph asks for in headers of its own. They come with every answer, but count only when no quota is left.
    fn graph_quota(&self, map: &http::HeaderMap) -> Option<RetryAfter> {
        let quota = QueryQuota::read(map).resets_after.filter(|_| self.is_throttled())?;
        quota.whole_seconds().try_into().ok().map(RetryAfter::Seconds)
    }

    /// `{error: {code, message}}`, `{code, message}` or `{ErrorCode, Message: {Value}}`; anything else leaves the fault `Unexpected`.
    fn read_body(&mut self, root: &NodeRef<'_>) {
        let error = root.at("error");
        let error = if error.is_absent() { *root } else { error };
        let code = error.text("code").or_else(|| root.text("ErrorCode"));
        let message = error.text("message").or_else(|| root.at("Message").text("Value"));
        if code.is_none() && message.is_none() {
            return;
        }
        self.kind = FaultKind::Status;
        self.target = error.text("target");
        self.message = message.unwrap_or_default().replace("\r\n", "\n");
        self.code = code.unwrap_or_default();
        let detail = |node: &NodeRef<'_>| FaultDetail {
            code: node.text("code").unwrap_or_default(),
            message: node.text("message").unwrap_or_default(),
            target: node.text("target").or_else(|| place_in_query(node)),
        };
        self.details = error.list("details", detail);
        let mut all = additional(&error);
        all.extend(error.list("details", additional).into_iter().flatten());
        let all: Vec<Value> = all.into_iter().flatten().collect();
        self.additional = (!all.is_empty()).then(|| Box::new(Value::Array(all)));
    }

    /// Whether the same GET may well succeed a little later.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self.kind {
            FaultKind::Network | FaultKind::TimedOut | FaultKind::TokenLate => true,
            FaultKind::Refused
            | FaultKind::NoUrl
            | FaultKind::NoToken
            | FaultKind::Aborted
            | FaultKind::TooLarge
            | FaultKind::Body { .. } => false,
            FaultKind::Status | FaultKind::Unexpected => matches!(self.status, Some(408 | 429 | 500 | 502 | 503 | 504)),
        }
    }

    /// Whether the request left.
    #[must_use]
    pub fn was_sent(&self) -> Sent {
        match self.kind {
            FaultKind::Refused | FaultKind::NoUrl | FaultKind::NoToken | FaultKind::TokenLate => Sent::No,
            FaultKind::Network | FaultKind::TimedOut | FaultKind::Aborted => Sent::Maybe,
            _ => Sent::Yes,
        }
    }

    /// Whether a request that changes something may have taken effect despite the fault: no answer, an answer that is not the service's, or a
    /// server error that came after the service may have begun.
    #[must_use]
    pub fn outcome_unknown(&self) -> bool {
        match self.was_sent() {
            Sent::No => false,
            Sent::Maybe => true,
            Sent::Yes => !matches!(self.status, Some(300..500)) || self.status == Some(408),
        }
    }

    /// Whether a fresh sign-in (or token) helps. A 401 whose code is about authorization concerns the account, so a new token of the same
    /// account does not help.
    #[must_use]
    pub fn needs_sign_in(&self) -> bool {
        let unauthorized = self.status == Some(401) && !self.blames_the_account();
        self.kind == FaultKind::NoToken || unauthorized || self.step_up().is_some()
    }

    /// Whether Azure has refused access, be it for the token or for the account.
    #[must_use]
    pub fn is_denied(&self) -> bool {
        matches!(self.status, Some(401 | 403))
    }

    /// The claims that the next token must have for the same request to succeed; none if any fresh token will do, or no token helps.
    ///
    /// A 401 names them in its challenge. They are those of a second factor if the message of a policy asks for one, which Azure sends
    /// to clients that it believes cannot read a challenge, and if the browser hides the challenge and Azure's code gives no other
    /// reason for refusing the token.
    #[must_use]
    pub fn step_up(&self) -> Option<Claims> {
        let unauthorized = self.status == Some(401);
        if !unauthorized && self.status != Some(403) {
            return None;
        }
        let asked = self.challenge.as_deref().filter(|_| unauthorized).and_then(Claims::from_challenge);
        let unread = unauthorized && self.challenge.is_none() && self.kind == FaultKind::Status;
        let unsaid = unread && !self.blames_the_token() && !self.blames_the_account();
        let second_factor = self.is_second_factor_policy() || unsaid;
        asked.or_else(|| second_factor.then(Claims::second_factor))
    }

    /// `RequestDisallowedByPolicy`: "Resource 'x' was disallowed by policy. Reasons: MFA is required. …".
    /// Source: <https://github.com/MicrosoftDocs/azure-docs-cli/pull/5403>.
    fn is_second_factor_policy(&self) -> bool {
        let policy = self.code.eq_ignore_ascii_case("RequestDisallowedByPolicy");
        let wanted = |message: &str| {
            let reasons = match message.split_once("disallowed by policy") {
                // Only the text after it counts: the resource's name comes before it and may contain anything.
                Some((_, after)) => after,
                None if policy => message,
                None => return false,
            };
            reasons.contains("MFA") || reasons.to_ascii_lowercase().contains("multi-factor")
        };
        wanted(&self.message) || self.details.iter().any(|detail| wanted(&detail.message))
    }

    /// `ExpiredAuthenticationToken`, `InvalidAuthenticationToken`, `InvalidAuthenticationTokenTenant`, `AuthenticationFailed` and the like.
    fn blames_the_token(&self) -> bool {
        let code = self.code.to_ascii_lowercase();
        code.contains("authenticationtoken") || code.starts_with("authenticationfailed")
    }

    /// `AuthorizationFailed`, `LinkedAuthorizationFailed` and the like: the account lacks permission, however fresh the token is. Azure also sends
    /// them with a 401, to an account that polls an operation of another account.
    #[must_use]
    pub fn blames_the_account(&self) -> bool {
        self.code.to_ascii_lowercase().contains("authorization")
    }

    /// Whether the resource does not exist.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.status == Some(404)
    }

    /// Whether Azure asks us to slow down.
    #[must_use]
    pub fn is_throttled(&self) -> bool {
        self.status == Some(429)
    }

    /// Whether the service does not have the api-version of the call, or does not have the resource's type in it: ARM's own refusals, before
    /// anything was done.
    #[must_use]
    pub fn refuses_version(&self) -> bool {
        const CODES: [&str; 5] = [
            "NoRegisteredProviderFound",
            "InvalidApiVersionParameter",
            "InvalidApiVersion",
            "UnsupportedApiVersion",
            "InvalidResourceType",
        ];
        matches!(self.status, Some(400 | 404)) && CODES.iter().any(|code| self.code.eq_ignore_ascii_case(code))
    }

    /// One sentence for the operator: code and message as Azure gave them. `Display` writes the same. Of Resource Graph it is the first of the details:
    /// its own message only has a time and an id for support.
    #[must_use]
    pub fn sentence(&self) -> String {
        if let Some(detail) = self.details.first().filter(|_| self.message.starts_with(GRAPH_MESSAGE)) {
            return detail.to_string();
        }
        let status = self.status.map(|status| format!("HTTP {status}"));
        match (self.code.as_str(), self.message.as_str()) {
            ("", "") => format!("{} without a message.", status.unwrap_or_else(|| "A fault".to_owned())),
            ("", message) => message.to_owned(),
            (code, "") => format!("{code} ({}).", status.unwrap_or_else(|| "no message".to_owned())),
            (code, message) => format!("{code}: {message}"),
        }
    }
}

/// How every error message of Resource Graph begins.
const GRAPH_MESSAGE: &str = "Please provide below info when asking for support";

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.sentence())
    }
}

/// The source is the first of [`Fault::details`]: the error that Azure reports below this one.
impl Error for Fault {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.details.first().map(|detail| detail as _)
    }
}

impl FaultDetail {
    /// An error without a target.
    #[must_use]
    pub fn new(code: &str, message: &str) -> FaultDetail {
        FaultDetail { code: code.to_owned(), message: message.to_owned(), target: None }
    }
}

impl fmt::Display for FaultDetail {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.code.as_str(), self.message.as_str()) {
            ("", message) => out.write_str(message),
            (code, "") => out.write_str(code),
            (code, message) => write!(out, "{code}: {message}"),
        }
    }
}

impl Error for FaultDetail {}

/// Where Resource Graph stopped understanding a query.
fn place_in_query(node: &NodeRef<'_>) -> Option<String> {
    let (line, character) = (node.text("line")?, node.text("characterPositionInLine")?);
    let token = node.text("token").map(|token| format!(" at \"{token}\"")).unwrap_or_default();
    Some(format!("line {line}, character {character}{token}"))
}

fn additional(node: &NodeRef<'_>) -> Vec<Option<Value>> {
    node.list("additionalInfo", |member| member.owned_value())
}

fn unexpected_answer_message(answer: &Response<Bytes>) -> String {
    let start: String = String::from_utf8_lossy(answer.body().trim_ascii_start()).chars().take(40).collect();
    let status = answer.status().as_u16();
    if start.is_empty() {
        format!("HTTP {status}: empty response.")
    } else if start.starts_with('<') {
        format!("HTTP {status}: got a web page instead of Azure's response. A proxy or sign-in page may be in the way.")
    } else {
        format!("HTTP {status}: unexpected response: {start}")
    }
}

#[cfg(test)]
mod tests;
