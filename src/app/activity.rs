//! Every exchange with Azure, for the operator and for support. Nothing secret gets in: no token is known here, and signatures in queries are cut.

mod command;

use azure_backup::arm::headers;
use azure_backup::arm::id::ClientRequestId;
use bytes::Bytes;
use http::{Request, Response};
use time::OffsetDateTime;

use super::effect::CallId;
use super::msg::Transport;
use crate::restore::incident::machine_time;

/// So many exchanges are kept.
pub const MAX_EXCHANGES: usize = 500;
/// So much of a body is kept, in bytes.
const MAX_BODY: usize = 16 * 1024;
/// Query parameters of Azure's callback URLs that make up a signature.
const SIGNATURE: [&str; 4] = ["t", "c", "s", "h"];
/// A word of an error that is as long as this is a token: no identifier is, and a service that cannot read a value may quote it.
const MIN_TOKEN: usize = 150;

/// One exchange.
#[derive(Clone, Debug, PartialEq)]
pub struct Exchange {
    /// The call.
    pub id: CallId,
    /// What it was for.
    pub what: String,
    /// When it left.
    pub sent: OffsetDateTime,
    /// When the answer came.
    pub answered_at: Option<OffsetDateTime>,
    /// GET, POST.
    pub method: String,
    /// The URL, signatures cut.
    pub url: String,
    /// Request headers, without the token.
    pub headers: Vec<(String, String)>,
    /// The request's body, as sent.
    pub body: Option<String>,
    /// Status, or what happened instead.
    pub outcome: Option<Result<u16, String>>,
    /// `x-ms-request-id` of the answer.
    pub request_id: Option<String>,
    /// The beginning of the answer's body.
    pub answer: Option<String>,
    /// The restore that it belongs to.
    pub restore: Option<ClientRequestId>,
    /// What is kept instead of a good answer that is a secret.
    pub secret: Option<&'static str>,
}

impl Exchange {
    /// A request that leaves now.
    pub fn sent(id: CallId, what: &str, request: &Request<Bytes>, now: OffsetDateTime) -> Self {
        let headers = request.headers().iter().filter(|(name, _)| *name != http::header::AUTHORIZATION);
        Self {
            id,
            what: what.to_owned(),
            sent: now,
            answered_at: None,
            method: request.method().to_string(),
            url: redacted(&request.uri().to_string()),
            headers: headers.map(|(n, v)| (n.as_str().to_owned(), v.to_str().unwrap_or_default().to_owned())).collect(),
            body: (!request.body().is_empty()).then(|| String::from_utf8_lossy(request.body()).into_owned()),
            outcome: None,
            request_id: None,
            answer: None,
            restore: None,
            secret: None,
        }
    }

    /// Its answer.
    pub fn on_response(&mut self, result: &Result<Response<Bytes>, Transport>, now: OffsetDateTime) {
        self.answered_at = Some(now);
        match result {
            Ok(answer) => {
                self.outcome = Some(Ok(answer.status().as_u16()));
                self.request_id = headers::request_id(answer.headers());
                let body = &answer.body()[..answer.body().len().min(MAX_BODY)];
                self.answer = match (body, self.secret.filter(|_| answer.status().is_success())) {
                    ([], _) => None,
                    (_, Some(instead)) => Some(instead.to_owned()),
                    (body, None) => Some(String::from_utf8_lossy(body).into_owned()),
                };
            }
            Err(transport) => self.outcome = Some(Err(words(transport))),
        }
    }

    /// When, what, and what came of it, in a line.
    pub fn line(&self) -> String {
        let outcome = match &self.outcome {
            None => "no response yet".to_owned(),
            Some(Ok(status)) => status.to_string(),
            Some(Err(words)) => words.clone(),
        };
        let id = self.request_id.as_deref().unwrap_or("unknown");
        format!("{} {} {}: {outcome}, request ID {id}", machine_time(self.sent), self.method, self.url)
    }

    /// The path alone.
    pub fn path(&self) -> &str {
        let rest = self.url.split_once("://").map_or(self.url.as_str(), |(_, rest)| rest);
        let path = rest.find('/').map_or("/", |at| &rest[at..]);
        path.split_once('?').map_or(path, |(path, _)| path)
    }
}

/// What happened to a request that was not answered.
pub fn words(transport: &Transport) -> String {
    match transport {
        Transport::Network(why) => format!("no response: {why}"),
        Transport::TimedOut => "no response in time".to_owned(),
        Transport::Aborted => "given up".to_owned(),
        Transport::TooLarge => "response too large".to_owned(),
        Transport::Refused(why) => format!("not sent: {why}"),
        Transport::NoToken => "not sent: no token".to_owned(),
        Transport::SignIn(why) => format!("not sent: {why}"),
        Transport::TokenLate => "not sent: no token in time".to_owned(),
    }
}

/// `url` with the values of a signature replaced.
pub fn redacted(url: &str) -> String {
    let Some((path, query)) = url.split_once('?') else { return url.to_owned() };
    let pairs: Vec<String> = query
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((key, _)) if SIGNATURE.contains(&key.to_ascii_lowercase().as_str()) => format!("{key}=REDACTED"),
            _ => pair.to_owned(),
        })
        .collect();
    format!("{path}?{}", pairs.join("&"))
}

/// The body of an error without the tokens that it quotes.
pub fn without_tokens(body: &[u8]) -> Bytes {
    let of_word = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
    let mut kept = Vec::with_capacity(body.len());
    for word in body.chunk_by(|a, b| of_word(*a) && of_word(*b)) {
        kept.extend_from_slice(if word.len() < MIN_TOKEN { word } else { b"REDACTED" });
    }
    kept.into()
}

/// A body without the signatures of storage links that it quotes.
pub fn without_signatures(body: &[u8]) -> Bytes {
    const NAME: &[u8] = b"sig=";
    let mut kept = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some(at) = rest.windows(NAME.len()).position(|bytes| bytes.eq_ignore_ascii_case(NAME)) {
        let (before, after) = rest.split_at(at + NAME.len());
        kept.extend_from_slice(before);
        kept.extend_from_slice(b"REDACTED");
        let of_value = |b: &u8| b.is_ascii_alphanumeric() || b"%-_.~+/=".contains(b);
        rest = &after[after.iter().take_while(|b| of_value(b)).count()..];
    }
    kept.extend_from_slice(rest);
    kept.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An exchange to be changed.
    pub(super) fn exchange() -> Exchange {
        let request = Request::builder().uri("https://management.azure.com/x").body(Bytes::new()).unwrap();
        Exchange::sent(CallId(1), "Test", &request, OffsetDateTime::UNIX_EPOCH)
    }

    #[test]
    fn signatures_and_tokens_stay_out() {
        let request = Request::post("https://management.azure.com/x?api-version=2024-04-01&t=1&c=CERT&s=SIG&h=HASH")
            .header("Authorization", "Bearer SECRET")
            .header("x-ms-client-request-id", "id")
            .body(Bytes::from_static(b"{\"it's\": 1}"))
            .unwrap();
        let exchange = Exchange::sent(CallId(1), "Test", &request, OffsetDateTime::UNIX_EPOCH);
        let commands = exchange.curl() + &exchange.powershell();
        for secret in ["CERT", "SIG", "HASH", "SECRET"] {
            assert!(!commands.contains(secret) && !format!("{exchange:?}").contains(secret), "{secret}");
        }
        assert_eq!(commands.matches("Bearer $TOKEN").count(), 2);
        assert_eq!(commands.matches("api-version=2024-04-01").count(), 2);
        assert_eq!(exchange.path(), "/x");
    }

    #[test]
    fn an_error_that_quotes_a_token_loses_it() {
        let quoting = |word: &str| {
            format!(r#"{{"error": {{"message": "The value '{word}' of /a/{0}/b is no token."}}}}"#, "id".repeat(40))
        };
        let token = format!("{0}.{0}-_.{0}", "eyJ0".repeat(13));
        assert_eq!(without_tokens(quoting(&token).as_bytes()), quoting("REDACTED"));
        assert_eq!(without_tokens(quoting("x.y.z").as_bytes()), quoting("x.y.z"));
    }

    #[test]
    fn a_body_that_quotes_a_signed_link_loses_the_signature() {
        let quoting = |sig: &str| format!("can't download 'https://a/b?sv=1&sig={sig}&se=2'. SIG={sig}");
        let cut = without_signatures(quoting("aB%2b/+c%3D=").as_bytes());
        assert_eq!(cut, quoting("REDACTED"));
        assert_eq!(without_signatures(b"no design=er"), "no design=er".as_bytes());
    }
}
