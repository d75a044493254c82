//! A request as it is shown before it leaves, and as it leaves.

use azure_backup::arm::call::{Accepted, Call};
use azure_backup::arm::cloud::Cloud;

use crate::restore::plan::sha256;

/// A request that a dialog asks about: what was confirmed names its hash, and another request than that does not leave.
#[derive(Clone, Debug)]
pub struct ShownRequest {
    /// The call.
    pub call: Call<Accepted>,
    /// The absolute URL, or why there is none.
    pub url: String,
    /// The body, word for word.
    pub body: String,
    /// SHA-256 of method, URL and body.
    pub sha256: String,
}

impl ShownRequest {
    /// What `call` sends in this cloud.
    pub fn of(call: Call<Accepted>, cloud: &Cloud) -> Self {
        let url = call.url(cloud).map_or_else(|refused| refused.to_string(), |url| url.to_string());
        let body = String::from_utf8_lossy(call.body.as_deref().unwrap_or_default()).into_owned();
        let sha256 = sha256(format!("{} {url}\n{body}", call.method).as_bytes());
        Self { call, url, body, sha256 }
    }
}
