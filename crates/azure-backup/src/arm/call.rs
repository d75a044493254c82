//! One call of Azure as a value: the request, the statuses that mean success, and the decoder of the answer.
//!
//! Functions of [`backup`](crate::backup) make calls; [`Call::request`] makes the HTTP request, [`Call::read`] decodes the response.

use crate::arm::{
    cloud::{Cloud, RefusedUrl},
    fault::Fault,
    headers,
    identity::ClientRequestId,
    json::{self, Document, NodeRef, Read, WrongShape},
};
use bytes::Bytes;
use http::{
    Method, Request, Response, Uri,
    header::{ACCEPT, ACCEPT_LANGUAGE, CONTENT_TYPE, HeaderValue},
};
use std::{fmt, sync::Arc};

pub use crate::arm::version::ApiVersion;

/// The largest answer that is decoded, in bytes. The largest one that was recorded, a list of some 500 vaults, has 550 KB.
pub const MAX_ANSWER: usize = 8 * 1024 * 1024;

/// Where a call goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A path and query on the cloud's ARM origin, already percent-encoded.
    Path(String),
    /// An absolute URL from an answer of Azure, verbatim. The cloud has admitted it.
    Absolute(Uri),
}

/// A call that answers with a `T`: everything about one request but the token and the transport.
///
/// A clone costs one allocation (the path) and shares the rest, so the sender can keep the call and decode its answer with [`Call::read`].
/// A call is `Send + Sync` whatever `T` is.
pub struct Call<T> {
    /// What the call does, in Azure's words: `List recovery points`.
    pub name: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// Where the request goes.
    pub target: Target,
    /// The bytes of the body, exactly as they are sent: JSON.
    pub body: Option<Bytes>,
    /// The statuses that the service documents for success.
    pub accepts: &'static [u16],
    action: &'static str,
    /// Whether the body of the answer is parsed as JSON. If not, `decode` gets an absent root.
    parses: bool,
    decode: Decode<T>,
}

/// Decodes an answer. Shared, so that a clone of a call is cheap, and `Send + Sync`, so that a call can wait for its answer on any thread.
type Decode<T> = Arc<dyn Fn(&Response<Bytes>, &NodeRef<'_>) -> T + Send + Sync>;

impl Call<Accepted> {
    /// A POST that starts a long-running operation. Azure answers 202.
    pub(crate) fn begin(name: &'static str, action: &'static str, path: String, body: Option<Bytes>) -> Self {
        let call = Call { method: Method::POST, body, ..Call::get(name, action, path, |_| ()) };
        call.accepting(&[202]).map_response(Accepted::keep)
    }
}

impl<T: 'static> Call<T> {
    /// A GET that Azure answers with 200 and JSON.
    pub(crate) fn get(name: &'static str, action: &'static str, path: String, decode: fn(&NodeRef<'_>) -> T) -> Self {
        let (method, target) = (Method::GET, Target::Path(path));
        let decode: Decode<T> = Arc::new(move |_, node| decode(node));
        Call { name, method, target, body: None, accepts: &[200], action, parses: true, decode }
    }

    /// A POST that Azure answers with 200 and JSON.
    pub(crate) fn post(
        name: &'static str,
        action: &'static str,
        path: String,
        body: Option<Bytes>,
        decode: fn(&NodeRef<'_>) -> T,
    ) -> Self {
        Call { method: Method::POST, body, ..Call::get(name, action, path, decode) }
    }

    /// The same request; `make` converts what the answer decodes to.
    #[must_use]
    pub fn map<U: 'static>(self, make: impl Fn(T) -> U + Send + Sync + 'static) -> Call<U> {
        let Call { name, method, target, body, accepts, action, parses, decode } = self;
        let decode: Decode<U> = Arc::new(move |answer, node| make(decode(answer, node)));
        Call { name, method, target, body, accepts, action, parses, decode }
    }
}

impl<T> Call<T> {
    /// The same request; `decode` gets the whole answer, unparsed.
    pub(crate) fn map_response<U: 'static>(self, decode: fn(&Response<Bytes>) -> U) -> Call<U> {
        let Call { name, method, target, body, accepts, action, .. } = self;
        let decode: Decode<U> = Arc::new(move |answer, _| decode(answer));
        Call { name, method, target, body, accepts, action, parses: false, decode }
    }

    /// The same request; `decode` also gets the whole answer, to read its headers.
    pub(crate) fn with_headers<U: 'static>(
        self,
        decode: impl Fn(&Response<Bytes>, &NodeRef<'_>) -> U + Send + Sync + 'static,
    ) -> Call<U> {
        let Call { name, method, target, body, accepts, action, parses, .. } = self;
        Call { name, method, target, body, accepts, action, parses, decode: Arc::new(decode) }
    }

    /// The call for the next page. `next` is Azure's `nextLink`, which may name another api-version than this call.
    ///
    /// # Errors
    /// [`RefusedUrl`] when the link leaves the cloud.
    pub fn follow(&self, cloud: &Cloud, next: &str) -> Result<Self, RefusedUrl> {
        Ok(Call { target: Target::Absolute(cloud.link(next)?), ..self.clone() })
    }

    /// The call that reads the result of this one, for which Azure has given `url` in `Location`.
    ///
    /// # Errors
    /// [`RefusedUrl`] when the URL leaves the cloud.
    pub fn result(&self, cloud: &Cloud, url: &str) -> Result<Self, RefusedUrl> {
        let target = Target::Absolute(cloud.verbatim(url)?);
        Ok(Call { method: Method::GET, body: None, target, ..self.clone() })
    }

    /// The same call with other statuses that mean success.
    pub(crate) fn accepting(mut self, accepts: &'static [u16]) -> Self {
        self.accepts = accepts;
        self
    }

    /// The same call for a target that Azure gave: an absolute URL is checked against the cloud and kept verbatim.
    pub(crate) fn redirected(mut self, cloud: &Cloud) -> Result<Self, RefusedUrl> {
        if let Target::Path(url) = &self.target
            && !url.starts_with('/')
        {
            self.target = Target::Absolute(cloud.verbatim(url)?);
        }
        Ok(self)
    }

    /// The permission that the call needs, as Azure role definitions spell it: `Microsoft.RecoveryServices/vaults/read`.
    #[must_use]
    pub fn action(&self) -> &'static str {
        self.action
    }

    /// The absolute URL.
    ///
    /// # Errors
    /// [`RefusedUrl`] when the cloud does not admit it; nothing may then be sent.
    pub fn url(&self, cloud: &Cloud) -> Result<Uri, RefusedUrl> {
        url(&self.target, cloud)
    }

    /// The request without a token. The sender adds the header `Authorization` and checks the origin with [`Cloud::admits`] once more.
    ///
    /// `id` becomes the header `x-ms-client-request-id`. For a request that starts a job, Azure keeps it as the job's `activityId`.
    ///
    /// # Errors
    /// [`RefusedUrl`] when the cloud does not admit the URL.
    pub fn request(&self, cloud: &Cloud, id: &ClientRequestId) -> Result<Request<Bytes>, RefusedUrl> {
        Ok(request(&self.method, self.url(cloud)?, self.body.as_ref(), id))
    }

    /// Method and path, for logs and faults. The query is left out because it may hold a signature.
    #[must_use]
    pub fn line(&self) -> String {
        line(&self.method, &self.target)
    }

    /// Decodes the answer.
    ///
    /// # Errors
    /// A [`Fault`] for a status that the call does not accept, a body that does not have the expected shape, and a body above
    /// [`MAX_ANSWER`].
    #[inline(never)]
    pub fn read(&self, answer: &Response<Bytes>) -> Result<T, Fault> {
        let mut read = None;
        let line = || self.line();
        read_response(self.accepts, self.parses, answer, &line, &mut |node| read = Some((self.decode)(answer, node)))?;
        // `read_response` either has called the decoder or has returned a fault.
        read.ok_or_else(|| Fault::reported(self.name, "", "The response wasn't read."))
    }
}

// Functions that do not depend on `T` are not methods of `Call<T>`, so that they are compiled once and not once for each type.

fn url(target: &Target, cloud: &Cloud) -> Result<Uri, RefusedUrl> {
    match target {
        Target::Path(path) => cloud.absolute(path),
        Target::Absolute(uri) => cloud.admits(uri).map(|()| uri.clone()),
    }
}

fn line(method: &Method, target: &Target) -> String {
    let path = match target {
        Target::Path(path) => path.split('?').next().unwrap_or_default(),
        Target::Absolute(uri) => uri.path(),
    };
    format!("{method} {path}")
}

fn request(method: &Method, url: Uri, body: Option<&Bytes>, id: &ClientRequestId) -> Request<Bytes> {
    let mut request = Request::new(body.cloned().unwrap_or_default());
    *request.method_mut() = method.clone();
    *request.uri_mut() = url;
    let json = HeaderValue::from_static("application/json");
    request.headers_mut().insert(ACCEPT, json.clone());
    // English messages, because people and support read them, and because some waits are only in the message text (`timing::wait_in_message`).
    // Browsers allow the header across origins.
    request.headers_mut().insert(ACCEPT_LANGUAGE, HeaderValue::from_static("en-US"));
    if body.is_some() {
        request.headers_mut().insert(CONTENT_TYPE, json);
    }
    if let Ok(value) = HeaderValue::from_str(id.as_str()) {
        request.headers_mut().insert(&headers::CLIENT_REQUEST_ID, value);
    }
    request
}

fn acceptable(accepts: &[u16], answer: &Response<Bytes>, line: &dyn Fn() -> String) -> Result<(), Fault> {
    if answer.body().len() > MAX_ANSWER {
        return Err(Fault::too_large(&line(), answer.body().len()));
    }
    if accepts.contains(&answer.status().as_u16()) { Ok(()) } else { Err(Fault::from_answer(&line(), answer)) }
}

fn read_response(
    accepts: &[u16],
    parses: bool,
    answer: &Response<Bytes>,
    line: &dyn Fn() -> String,
    read: &mut dyn FnMut(&NodeRef<'_>),
) -> Result<(), Fault> {
    acceptable(accepts, answer, line)?;
    let value = if parses { parse(answer) } else { Ok(Document::null()) };
    value.and_then(|value| json::read_parsed(&value, read)).map_err(|wrong| Fault::wrong_shape(&line(), answer, &wrong))
}

/// Parses the body and hands it to `read`.
pub(crate) fn json<T>(answer: &Response<Bytes>, read: impl FnOnce(&NodeRef<'_>) -> T) -> Read<T> {
    json::read_parsed(&parse(answer)?, read)
}

fn parse(answer: &Response<Bytes>) -> Read<Document<'_>> {
    json::parse(answer.body()).map_err(|error| WrongShape {
        path: "$".to_owned(),
        expected: "JSON",
        found: error.to_string(),
    })
}

impl<T> Clone for Call<T> {
    fn clone(&self) -> Self {
        Call {
            name: self.name,
            method: self.method.clone(),
            target: self.target.clone(),
            body: self.body.clone(),
            accepts: self.accepts,
            action: self.action,
            parses: self.parses,
            decode: self.decode.clone(),
        }
    }
}

impl<T> fmt::Debug for Call<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Call({}: {})", self.name, self.line())
    }
}

impl<T> PartialEq for Call<T> {
    fn eq(&self, other: &Self) -> bool {
        (self.name, &self.method, &self.target, &self.body) == (other.name, &other.method, &other.target, &other.body)
    }
}

/// The answer 202 as a whole: its headers say where the operation can be followed.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// The answer.
    pub answer: Response<Bytes>,
}

impl Accepted {
    pub(crate) fn keep(answer: &Response<Bytes>) -> Self {
        Accepted { answer: answer.clone() }
    }
}

#[cfg(test)]
mod tests;
